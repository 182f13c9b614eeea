#include "gradus/tensor/kernels/philox.h"

#include "gradus/tensor/kernels/simd.h"

namespace gradus::kernels {

namespace {

constexpr uint32_t multiplier0 = 0xD2511F53U, multiplier1 = 0xCD9E8D57U;
constexpr uint32_t weyl0 = 0x9E3779B9U, weyl1 = 0xBB67AE85U;
constexpr int rounds = 10;
constexpr int lanes = 16;
constexpr uint64_t lane_numbers[] = {0, 1, 2, 3, 4, 5, 6, 7};

// Words in 64-bit lanes, for compilers and instruction sets that multiply those at once; the upper halves hold what a
// product left.
template <class V>
GRADUS_INLINE void wide(uint32_t* out, const V& counter, uint32_t k0, uint32_t k1) {
  using Low = typename simd::raw<uint32_t, V::size>::type;
  V a = counter, b(counter.v >> 32), c, d;
  for (int r = 0; r < rounds; ++r, k0 += weyl0, k1 += weyl1) {
    const auto p = (a.v & 0xffffffffU) * uint64_t{multiplier0}, q = (c.v & 0xffffffffU) * uint64_t{multiplier1};
    a.v = (q >> 32) ^ b.v ^ uint64_t { k0 };
    c.v = (p >> 32) ^ d.v ^ uint64_t { k1 };
    b.v = q;
    d.v = p;
  }
  const auto store = [](const V& x, uint32_t* to) {
    const Low low = __builtin_convertvector(x.v, Low);
    std::memcpy(to, &low, sizeof low);
  };
  store(a, out), store(b, out + lanes), store(c, out + 2 * lanes), store(d, out + 3 * lanes);
}

#ifndef __clang__
// Words in arrays: g++ then makes widening products of the even and odd lanes, if both loops stay loops.
template <class Arch>
GRADUS_INLINE void narrow(uint32_t* out, uint64_t counter, uint32_t k0, uint32_t k1) {
  alignas(64) uint32_t a[lanes], b[lanes], c[lanes], d[lanes];
  for (int i = 0; i < lanes; ++i) {
    a[i] = static_cast<uint32_t>(counter) + static_cast<uint32_t>(i);
    b[i] = static_cast<uint32_t>(counter >> 32);
    c[i] = d[i] = 0;
  }
#pragma GCC unroll 1
  for (int r = 0; r < rounds; ++r, k0 += weyl0, k1 += weyl1)
#pragma GCC unroll 1
    for (int i = 0; i < lanes; ++i) {
      const uint64_t p = uint64_t{a[i]} * multiplier0, q = uint64_t{c[i]} * multiplier1;
      const bool direct = Arch::isa != simd::Isa::base;  // has a product of 32-bit lanes
      const uint32_t p_low = direct ? a[i] * multiplier0 : static_cast<uint32_t>(p);
      const uint32_t q_low = direct ? c[i] * multiplier1 : static_cast<uint32_t>(q);
      a[i] = static_cast<uint32_t>(q >> 32) ^ b[i] ^ k0;
      c[i] = static_cast<uint32_t>(p >> 32) ^ d[i] ^ k1;
      b[i] = q_low;
      d[i] = p_low;
    }
  for (int i = 0; i < lanes; ++i) {
    out[i] = a[i];
    out[lanes + i] = b[i];
    out[2 * lanes + i] = c[i];
    out[3 * lanes + i] = d[i];
  }
}
#endif

struct Words {
  template <class Arch>
  GRADUS_INLINE static void run(uint32_t* out, uint64_t key, uint64_t group, int64_t count) {
    const auto k0 = static_cast<uint32_t>(key), k1 = static_cast<uint32_t>(key >> 32);
    using V = typename Arch::template vec<uint64_t>;
    V counter = V::load(lane_numbers) + lanes * group;
    for (int64_t g = 0; g < count; ++g, ++group, out += philox_group / 2) {
#ifndef __clang__  // which sees that upper halves are zero, so that its 64-bit products are short
      if constexpr (Arch::isa != simd::Isa::avx512) {
        narrow<Arch>(out, lanes * group, k0, k1);
        continue;
      }
#endif
      for (int lane = 0; lane < lanes; lane += V::size, counter += V(V::size)) wide(out + lane, counter, k0, k1);
    }
  }
};

}  // namespace

void philox_words(uint32_t* out, uint64_t key, uint64_t group, int64_t count) {
  simd::call<Words>(out, key, group, count);
}

}  // namespace gradus::kernels
