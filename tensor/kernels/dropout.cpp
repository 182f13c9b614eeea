#include "gradus/tensor/kernels/dropout.h"

#include <algorithm>
#include <cmath>

#include "gradus/tensor/error.h"
#include "gradus/tensor/kernels/philox.h"
#include "gradus/tensor/kernels/simd.h"
#include "gradus/tensor/parallel.h"

namespace gradus::kernels {

namespace {

// A multiple of the group, so that every chunk starts one, and of what pays for a thread.
constexpr int64_t chunk = 32768;
static_assert(chunk % philox_group == 0);

// How many groups of random words are made at a time: they stay in the first cache.
constexpr int64_t groups = 4, run_length = groups * philox_group, group_words = philox_group / 2;

// 16 random bits keep an element if they are below this.
int32_t threshold(double keep) { return static_cast<int32_t>(std::lround(65536 * keep)); }

// Calls body(begin, m, words) over [begin, end) in runs of groups.
template <class F>
void each_run(RandomStream stream, int64_t begin, int64_t end, const F& body) {
  alignas(64) uint32_t words[groups * group_words];
  for (int64_t i = begin; i < end; i += run_length) {
    const int64_t m = std::min(end - i, run_length);
    const uint64_t group = stream.offset + static_cast<uint64_t>(i / philox_group);
    philox_words(words, stream.key, group, (m + philox_group - 1) / philox_group);
    body(i, m, static_cast<const uint32_t*>(words));
  }
}

template <class T>
T scale(double keep) {
  return keep > 0 ? static_cast<T>(1 / keep) : T(0);
}

template <class Lanes, int N>
using packed = typename simd::raw<Lanes, N>::type;

// Calls body(e, kept) for e = 0, N, ... of one group, kept the integers -1 or 0 for N lanes of T.
template <class T, int N, class F>
GRADUS_INLINE void each_kept(const uint32_t* words, int32_t below, const F& body) {
  using Int = simd::int_of<T>;
  const packed<Int, N> limit = packed<Int, N>{} + static_cast<Int>(below);
  // The sign of a difference: masks of comparisons that live across branches are too much for g++ 12.
  const auto kept = [&](const packed<uint32_t, N>& bits) {
    return simd::Vec<Int, N>((__builtin_convertvector(bits, packed<Int, N>) - limit) >> (8 * sizeof(Int) - 1));
  };
  for (int64_t e = 0; e < philox_group / 2; e += N) {
    const auto w = simd::Vec<uint32_t, N>::load(words + e);
    body(e, kept(w.v & 0xffffU));
    body(e + philox_group / 2, kept(w.v >> 16));
  }
}

// The first n bits of a group, 8 a byte: eight bytes of 0 or 1 become eight bits, the first the lowest.
GRADUS_INLINE void store_bits(uint8_t* mask, int64_t n, const uint32_t* words, int32_t limit) {
  constexpr int64_t half = philox_group / 2;
  alignas(64) uint8_t kept[philox_group];
  for (int64_t e = 0; e < half; ++e) kept[e] = static_cast<int32_t>(words[e] & 0xffffU) < limit;
  for (int64_t e = 0; e < half; ++e) kept[half + e] = static_cast<int32_t>(words[e] >> 16) < limit;
  for (int64_t e = n; e < philox_group; ++e) kept[e] = 0;
  for (int64_t j = 0; 8 * j < n && 8 * j < philox_group; ++j) {
    uint64_t eight;
    std::memcpy(&eight, kept + 8 * j, sizeof eight);
    mask[j] = static_cast<uint8_t>(eight * 0x0102040810204080U >> 56);
  }
}

template <class T, int N>
GRADUS_INLINE simd::Vec<T, N> masked(const simd::Vec<T, N>& x, const simd::Vec<simd::int_of<T>, N>& kept) {
  return simd::as_float<T>(simd::Vec<simd::int_of<T>, N>(simd::as_int(x).v & kept.v));
}

template <class V>
GRADUS_INLINE V load_up_to(const typename V::value_type* p, int64_t n) {
  return n >= V::size ? V::load(p) : V::load(p, n);
}
template <class V>
GRADUS_INLINE void store_up_to(const V& x, typename V::value_type* p, int64_t n) {
  n >= V::size ? x.store(p) : x.store(p, n);
}

template <class T>
struct Drop {
  template <class Arch>
  GRADUS_INLINE static void group(T* y, const T* x, int64_t n, const uint32_t* words, int32_t limit, T factor) {
    using V = typename Arch::template vec<T>;
    each_kept<T, V::size>(words, limit, [&](int64_t e, const auto& kept) {
      if (e >= n) return;
      const V in = x ? load_up_to<V>(x + e, n - e) : V(1);
      store_up_to(masked(in * factor, kept), y + e, n - e);
    });
  }

  template <class Arch>
  GRADUS_INLINE static void run(T* y, const T* x, int64_t n, const uint32_t* words, int32_t limit, T factor) {
    for (int64_t i = 0; i < n; i += philox_group, words += group_words)
      group<Arch>(y + i, x ? x + i : nullptr, n - i, words, limit, factor);
  }
};

struct Bits {
  template <class Arch>
  GRADUS_INLINE static void run(uint8_t* bits, int64_t n, const uint32_t* words, int32_t limit) {
    for (int64_t i = 0; i < n; i += philox_group, words += group_words) store_bits(bits + i / 8, n - i, words, limit);
  }
};

template <class T>
struct Backward {
  template <class Arch>
  GRADUS_INLINE static void run(T* gx, const T* g, const uint8_t* mask, int64_t n, T factor) {
    using V = typename Arch::template vec<T>;
    using Int = simd::int_of<T>;
    constexpr int N = V::size;
    packed<Int, N> lane{};
    for (int i = 0; i < N; ++i) lane[i] = Int{1} << i;
    const auto step = [&](int64_t i, int64_t m) {
      uint32_t bits = 0;
      std::memcpy(&bits, mask + i / 8, static_cast<size_t>(m + i % 8 + 7) / 8);
      const auto own = packed<Int, N>{} + static_cast<Int>(bits >> i % 8);
      const simd::Vec<Int, N> kept((own & lane) == lane);
      store_up_to(masked(load_up_to<V>(g + i, m) * factor, kept), gx + i, m);
    };
    int64_t i = 0;
    for (; i + N <= n; i += N) step(i, N);
    if (i < n) step(i, n - i);
  }
};

template <class T>
void drop(T* y, uint8_t* mask, const T* x, int64_t n, RandomStream stream, double p) {
  check(p >= 0 && p <= 1, "dropout: dropout probability has to be between 0 and 1, but got ", p);
  parallel_for(n, chunk, [=](int64_t begin, int64_t end) {
    each_run(stream, begin, end, [=](int64_t i, int64_t m, const uint32_t* words) {
      simd::call<Drop<T>>(y + i, x ? x + i : x, m, words, threshold(1 - p), scale<T>(1 - p));
      if (mask) simd::call<Bits>(mask + i / 8, m, words, threshold(1 - p));
    });
  });
}

}  // namespace

RandomStream next_stream(Generator& g, int64_t n) {
  const std::lock_guard lock(g.mutex());
  return g.next_stream(n);
}

template <class T>
void dropout(T* y, uint8_t* mask, const T* x, int64_t n, RandomStream stream, double p) {
  drop(y, mask, x, n, stream, p);
}

template <class T>
void dropout_noise(T* y, int64_t n, RandomStream stream, double p) {
  drop<T>(y, nullptr, nullptr, n, stream, p);
}

template <class T>
void dropout_backward(T* gx, const T* g, const uint8_t* mask, int64_t n, double p) {
  check(p >= 0 && p <= 1, "dropout: dropout probability has to be between 0 and 1, but got ", p);
  parallel_for(n, chunk, [=](int64_t begin, int64_t end) {
    simd::call<Backward<T>>(gx + begin, g + begin, mask + begin / 8, end - begin, scale<T>(1 - p));
  });
}

void bernoulli_bits(uint8_t* bits, int64_t n, RandomStream stream, double keep) {
  check(keep >= 0 && keep <= 1, "bernoulli_bits: keep probability has to be between 0 and 1, but got ", keep);
  parallel_for(n, chunk, [=](int64_t begin, int64_t end) {
    each_run(stream, begin, end, [=](int64_t i, int64_t m, const uint32_t* words) {
      simd::call<Bits>(bits + i / 8, m, words, threshold(keep));
    });
  });
}

template void dropout(float*, uint8_t*, const float*, int64_t, RandomStream, double);
template void dropout(double*, uint8_t*, const double*, int64_t, RandomStream, double);
template void dropout_noise(float*, int64_t, RandomStream, double);
template void dropout_noise(double*, int64_t, RandomStream, double);
template void dropout_backward(float*, const float*, const uint8_t*, int64_t, double);
template void dropout_backward(double*, const double*, const uint8_t*, int64_t, double);

}  // namespace gradus::kernels
