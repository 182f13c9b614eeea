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

/// Calls f.template operator()<N>(j) so that [j, j + N) cover [0, n), with N lanes as wide as n and the set allow. The
/// last vector overlaps the one before, so f must not depend on what it wrote.
template <class Arch, class T, int N = Arch::template vec<T>::size, class F>
GRADUS_INLINE void cover(int64_t n, const F& f) {
  if constexpr (N > 1) {
    if (n < N) return cover < Arch, T, N == 2 ? 1 : N / 2 > (n, f);
  }
  for (int64_t j = 0; j + N <= n; j += N) f.template operator()<N>(j);
  if (n % N) f.template operator()<N>(n - N);
}

/// Elements 0, 2, 4, … and 1, 3, 5, … of the 2 N at p.
template <class T, int N>
GRADUS_INLINE void split(const T* p, simd::Vec<T, N>& even, simd::Vec<T, N>& odd) {
  if constexpr (N == 1) {
    even = simd::Vec<T, 1>::load(p), odd = simd::Vec<T, 1>::load(p + 1);
  } else {
    [&]<int... I>(std::integer_sequence<int, I...>) __attribute__((always_inline)) {
      const auto a = simd::Vec<T, N>::load(p), b = simd::Vec<T, N>::load(p + N);
      even.v = __builtin_shufflevector(a.v, b.v, (2 * I)...);
      odd.v = __builtin_shufflevector(a.v, b.v, (2 * I + 1)...);
    }
    (std::make_integer_sequence<int, N>{});
  }
}

/// The opposite of split.
template <class T, int N>
GRADUS_INLINE void merge(const simd::Vec<T, N>& even, const simd::Vec<T, N>& odd, T* p) {
  if constexpr (N == 1) {
    even.store(p), odd.store(p + 1);
  } else {
    [&]<int... I>(std::integer_sequence<int, I...>) __attribute__((always_inline)) {
      simd::Vec<T, N> a, b;
      a.v = __builtin_shufflevector(even.v, odd.v, (I / 2 + I % 2 * N)...);
      b.v = __builtin_shufflevector(even.v, odd.v, (N / 2 + I / 2 + I % 2 * N)...);
      a.store(p), b.store(p + N);
    }
    (std::make_integer_sequence<int, N>{});
  }
}

}  // namespace gradus::kernels::detail
