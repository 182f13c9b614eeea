#include "gradus/tensor/kernels/random_engine.h"

#include <algorithm>
#include <cstring>

namespace gradus::kernels {

namespace {

constexpr int64_t distance = 397;
constexpr uint32_t upper_bit = 0x80000000U, lower_bits = 0x7fffffffU, matrix = 0x9908b0dfU;

uint32_t twist(uint32_t far, uint32_t u, uint32_t v) {
  return far ^ ((u & upper_bit) | (v & lower_bits)) >> 1 ^ (v & 1U ? matrix : 0U);
}

template <class V>
GRADUS_INLINE V twist(const V& far, const V& u, const V& v) {
  const auto mixed = (u.v & upper_bit) | (v.v & lower_bits);
  return V(far.v ^ (mixed >> 1) ^ (-(v.v & 1U) & matrix));
}

struct Refill {
  template <class V, int64_t count>
  GRADUS_INLINE static void steps(uint32_t* p, const uint32_t* far) {
    constexpr int64_t whole = count / V::size * V::size;
    for (int64_t j = 0; j < whole; j += V::size)
      twist(V::load(far + j), V::load(p + j), V::load(p + j + 1)).store(p + j);
    if constexpr (whole < count)
      for (int64_t j = whole; j < count; ++j) p[j] = twist(far[j], p[j], p[j + 1]);
  }
  // State j is made of j, j + 1 and j + 397 (mod 624), all at least a vector away from what the loop writes.
  template <class Arch>
  GRADUS_INLINE static void run(uint32_t* p) {
    using V = typename Arch::template vec<uint32_t>;
    constexpr int64_t n = Mt19937::size;
    steps<V, n - distance>(p, p + distance);
    steps<V, distance - 1>(p + n - distance, p);
    p[n - 1] = twist(p[distance - 1], p[n - 1], p[0]);
  }
};

struct Temper {
  template <class Arch>
  GRADUS_INLINE static void run(const uint32_t* p, uint32_t* out) {
    using V = typename Arch::template vec<uint32_t>;
    static_assert(Mt19937::size % V::size == 0);
    for (int64_t i = 0; i < Mt19937::size; i += V::size) {
      auto y = V::load(p + i).v;
      y ^= y >> 11;
      y ^= (y << 7) & 0x9d2c5680U;
      y ^= (y << 15) & 0xefc60000U;
      y ^= y >> 18;
      V(y).store(out + i);
    }
  }
};

}  // namespace

Mt19937::Mt19937(uint64_t s) : seed(s) {
  state[0] = static_cast<uint32_t>(s);
  for (uint32_t j = 1; j < size; ++j) state[j] = 1812433253U * (state[j - 1] ^ (state[j - 1] >> 30)) + j;
  output.fill(0);
}

void Mt19937::temper() { simd::call<Temper>(static_cast<const uint32_t*>(state.data()), output.data()); }

void Mt19937::refill() {
  simd::call<Refill>(state.data());
  temper();
  left = static_cast<int32_t>(size);
  next = 0;
}

void Mt19937::draw(uint32_t* y, int64_t n) {
  while (n > 0) {
    if (left == 1) {
      refill();
      ++left;  // the number that operator() would take along
    }
    const int64_t m = std::min<int64_t>(n, left - 1);
    std::memcpy(y, output.data() + next, static_cast<size_t>(m) * sizeof(uint32_t));
    next += static_cast<uint32_t>(m);
    left -= static_cast<int32_t>(m);
    y += m;
    n -= m;
  }
}

}  // namespace gradus::kernels
