// mt19937 as PyTorch steps it, a block of 624 numbers at a time; what a Generator holds.
#pragma once
#include <array>
#include <cstdint>
#include <mutex>
#include <optional>

#include "gradus/tensor/generator.h"
#include "gradus/tensor/kernels/simd.h"

namespace gradus::kernels {

/// The Mersenne Twister (Matsumoto, Nishimura: "Mersenne Twister", ACM TOMACS 8, 1998), seeded by init_genrand.
/// `left - 1` numbers of the block remain, from index `next` on; these two count as PyTorch's do.
struct Mt19937 {
  static constexpr int64_t size = 624;
  uint64_t seed = 0;
  int32_t left = 1;
  uint32_t next = 0;
  std::array<uint32_t, size> state;
  std::array<uint32_t, size> output;  // the state, tempered

  explicit Mt19937(uint64_t s);
  uint32_t operator()() {
    if (--left == 0) refill();
    return output[next++];
  }
  /// The next n numbers.
  void draw(uint32_t* y, int64_t n);
  void temper();

 private:
  void refill();
};

/// One rounding of a b + c in every lane on every instruction set (the base set asks the C library).
template <class V>
GRADUS_INLINE V fused(const V& a, const V& b, const V& c) {
  V r;
  for (int i = 0; i < V::size; ++i) {
    if constexpr (sizeof(typename V::value_type) == 4)
      r.v[i] = __builtin_fmaf(a.v[i], b.v[i], c.v[i]);
    else
      r.v[i] = __builtin_fma(a.v[i], b.v[i], c.v[i]);
  }
  return r;
}

}  // namespace gradus::kernels

namespace gradus::detail {

struct GeneratorImpl {
  explicit GeneratorImpl(uint64_t seed);
  GeneratorImpl(const GeneratorImpl& o)
      : engine(o.engine),
        next_float_normal(o.next_float_normal),
        next_double_normal(o.next_double_normal),
        stream(o.stream) {}

  uint64_t random64() {
    const uint64_t high = engine();
    return high << 32 | engine();
  }

  kernels::Mt19937 engine;
  // Box-Muller makes two numbers; the second waits here.
  std::optional<float> next_float_normal;
  std::optional<double> next_double_normal;
  RandomStream stream;
  std::mutex mutex;
};

}  // namespace gradus::detail
