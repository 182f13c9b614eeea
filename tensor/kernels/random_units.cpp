#include "gradus/tensor/kernels/random_units.h"

namespace gradus::kernels {

namespace {

template <class T>
struct Scale {
  T* y;
  int64_t n;
  T from, to;
};

template <class V>
GRADUS_INLINE V scaled(const V& u, const V& from, const V& range, const V& to) {
  const V y = fused(u, range, from);
  return where(y == to, from, y);
}

struct UniformFloat {
  template <class Arch>
  GRADUS_INLINE static void run(const uint32_t* r, Scale<float> s) {
    using V = typename Arch::template vec<float>;
    using U = typename Arch::template vec<uint32_t>;
    const V from(s.from), to(s.to), range(s.to - s.from);
    const auto unit = [](const U& x) {
      const auto low = reinterpret_cast<typename V::I>(x.v & 0xffffffU);
      return V(__builtin_convertvector(low, typename V::R)) * 0x1p-24F;
    };
    int64_t i = 0;
    for (; i + V::size <= s.n; i += V::size) scaled(unit(U::load(r + i)), from, range, to).store(s.y + i);
    if (i < s.n) scaled(unit(U::load(r + i, s.n - i)), from, range, to).store(s.y + i, s.n - i);
  }
};

struct UniformDouble {
  // Integers below 2^52 are the low bits of 2^52 + x, so x needs no 64-bit conversion; every step here is exact.
  template <class V, class U>
  GRADUS_INLINE static V below_2_52(const U& x) {
    return V(reinterpret_cast<typename V::R>(x.v | 0x4330000000000000U)) - 0x1p52;
  }
  // Memory holds the high number first: 21 bits of it, then the 32 of the second.
  template <class V, class U>
  GRADUS_INLINE static V unit(const U& x) {
    return below_2_52<V>(U(x.v & 0x1fffffU)) * 0x1p-21 + below_2_52<V>(U(x.v >> 32)) * 0x1p-53;
  }
  template <class Arch>
  GRADUS_INLINE static void run(const uint32_t* pairs, Scale<double> s) {
    using V = typename Arch::template vec<double>;
    using U = typename Arch::template vec<uint64_t>;
    const auto* r = reinterpret_cast<const uint64_t*>(pairs);
    const V from(s.from), to(s.to), range(s.to - s.from);
    int64_t i = 0;
    for (; i + V::size <= s.n; i += V::size) scaled(unit<V>(U::load(r + i)), from, range, to).store(s.y + i);
    if (i < s.n) scaled(unit<V>(U::load(r + i, s.n - i)), from, range, to).store(s.y + i, s.n - i);
  }
};

}  // namespace

void draw_uniform(Mt19937& engine, float* y, int64_t n, float from, float to) {
  alignas(64) uint32_t r[unit_run];
  engine.draw(r, n);
  simd::call<UniformFloat>(static_cast<const uint32_t*>(r), Scale<float>{y, n, from, to});
}

void draw_uniform(Mt19937& engine, double* y, int64_t n, double from, double to) {
  alignas(64) uint32_t r[2 * unit_run];
  engine.draw(r, 2 * n);
  simd::call<UniformDouble>(static_cast<const uint32_t*>(r), Scale<double>{y, n, from, to});
}

}  // namespace gradus::kernels
