// What the poolings share: planes dealt to threads, and windows of 2 x 2 side by side as vectors.
#pragma once
#include <algorithm>
#include <utility>

#include "gradus/tensor/kernels/pool.h"
#include "gradus/tensor/kernels/simd.h"
#include "gradus/tensor/parallel.h"

namespace gradus::kernels::detail {

/// f(plane) for every plane; a task reads about 32k elements.
template <class F>
void each_plane(const Pool2d& p, const F& f) {
  const int64_t grain = std::max<int64_t>(1, 32 * 1024 / std::max<int64_t>(1, p.h * p.w));
  parallel_for(p.planes, grain, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) f(i);
  });
}

/// True for windows of 2 x 2 side by side without padding, the most common ones.
inline bool pairs(const Pool2d& p) {
  for (int d = 0; d < 2; ++d)
    if (p.kernel[d] != 2 || p.stride[d] != 2 || p.pad[d] != 0 || p.dilation[d] != 1) return false;
  return 2 * p.oh <= p.h && 2 * p.ow <= p.w;
}

/// Calls f.template operator()<N>(j, n) so that [j, j + n) cover [0, count), with N lanes, of which the first n count.
/// As wide as the set allows where it moves lanes under a mask; else n = N, as wide as `count` and the set allow, and
/// the last vector overlaps the one before, so f must not depend on what it wrote.
template <class Arch, class T, int N = Arch::template vec<T>::size, class F>
GRADUS_INLINE void cover(int64_t count, const F& f) {
  if constexpr (Arch::isa == simd::Isa::avx512) {
    for (int64_t j = 0; j < count; j += N) f.template operator()<N>(j, std::min<int64_t>(N, count - j));
  } else {
    if constexpr (N > 1) {
      if (count < N) return cover < Arch, T, N == 2 ? 1 : N / 2 > (count, f);
    }
    for (int64_t j = 0; j + N <= count; j += N) f.template operator()<N>(j, int64_t{N});
    if (count % N) f.template operator()<N>(count - N, int64_t{N});
  }
}

/// The first n of N elements; n may be outside of 0 ... N. Where a mask does it, without a branch.
template <int N, class T>
GRADUS_INLINE simd::Vec<T, N> load_some(const T* p, int64_t n) {
  if constexpr (N * sizeof(T) == 64) return simd::Vec<T, N>::load(p, std::clamp<int64_t>(n, 0, N));
  return n >= N ? simd::Vec<T, N>::load(p) : simd::Vec<T, N>::load(p, std::max<int64_t>(0, n));
}
template <class T, int N>
GRADUS_INLINE void store_some(const simd::Vec<T, N>& x, T* p, int64_t n) {
  if constexpr (N * sizeof(T) == 64) return x.store(p, std::clamp<int64_t>(n, 0, N));
  n >= N ? x.store(p) : x.store(p, std::max<int64_t>(0, n));
}

/// Elements 0, 2, 4, … and 1, 3, 5, … of the 2 n <= 2 N at p.
template <class T, int N>
GRADUS_INLINE void split(const T* p, int64_t n, simd::Vec<T, N>& even, simd::Vec<T, N>& odd) {
  if constexpr (N == 1) {
    even = simd::Vec<T, 1>::load(p), odd = simd::Vec<T, 1>::load(p + 1);
  } else {
    [&]<int... I>(std::integer_sequence<int, I...>) __attribute__((always_inline)) {
      const auto a = load_some<N>(p, 2 * n), b = load_some<N>(p + N, 2 * n - N);
      even.v = __builtin_shufflevector(a.v, b.v, (2 * I)...);
      odd.v = __builtin_shufflevector(a.v, b.v, (2 * I + 1)...);
    }
    (std::make_integer_sequence<int, N>{});
  }
}

/// The opposite of split.
template <class T, int N>
GRADUS_INLINE void merge(const simd::Vec<T, N>& even, const simd::Vec<T, N>& odd, int64_t n, T* p) {
  if constexpr (N == 1) {
    even.store(p), odd.store(p + 1);
  } else {
    [&]<int... I>(std::integer_sequence<int, I...>) __attribute__((always_inline)) {
      simd::Vec<T, N> a, b;
      a.v = __builtin_shufflevector(even.v, odd.v, (I / 2 + I % 2 * N)...);
      b.v = __builtin_shufflevector(even.v, odd.v, (N / 2 + I / 2 + I % 2 * N)...);
      store_some(a, p, 2 * n), store_some(b, p + N, 2 * n - N);
    }
    (std::make_integer_sequence<int, N>{});
  }
}

/// Where value is greater than best or is no number, it becomes the best, and its place the one kept.
template <class V, class I>
struct Take {
  GRADUS_INLINE static void run(const V& value, const I& place, V& best, I& at) {
    const auto wins = (value > best) | (value != value);
    best = where(wins, value, best);
    at.v = wins.m ? place.v : at.v;
  }
};

// GCC 12 combines masks of 64-byte vectors by way of vectors.
template <class V, class I>
requires(sizeof(V) == 64 && sizeof(typename V::value_type) == 4) struct Take<V, I> {
  GRADUS_AVX512 static void run(const V& value, const I& place, V& best, I& at) {
    uint16_t wins, none;
    asm("vcmpps $30, %0, %4, %2\n\tvcmpps $3, %4, %4, %3\n\tkorw %3, %2, %2\n\t"
        "vmovaps %4, %0%{%2%}\n\tvmovdqa32 %5, %1%{%2%}"
        : "+v"(best.v), "+v"(at.v), "=&Yk"(wins), "=&Yk"(none)
        : "v"(value.v), "v"(place.v));
  }
};
template <class V, class I>
requires(sizeof(V) == 64 && sizeof(typename V::value_type) == 8) struct Take<V, I> {
  GRADUS_AVX512 static void run(const V& value, const I& place, V& best, I& at) {
    uint8_t wins, none;
    asm("vcmppd $30, %0, %4, %2\n\tvcmppd $3, %4, %4, %3\n\tkorb %3, %2, %2\n\t"
        "vmovapd %4, %0%{%2%}\n\tvmovdqa64 %5, %1%{%2%}"
        : "+v"(best.v), "+v"(at.v), "=&Yk"(wins), "=&Yk"(none)
        : "v"(value.v), "v"(place.v));
  }
};

}  // namespace gradus::kernels::detail
