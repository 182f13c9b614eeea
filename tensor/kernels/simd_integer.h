// Integer arithmetic lane by lane, where no vector instruction exists.
#pragma once
#include "gradus/tensor/kernels/simd.h"

namespace gradus::simd {

/// b^e for e >= 0 by repeated squaring, modulo 2^64.
template <int N>
GRADUS_INLINE Vec<int64_t, N> integer_power(const Vec<int64_t, N>& b, const Vec<int64_t, N>& e) {
  int64_t base[N], exponent[N];
  b.store(base);
  e.store(exponent);
  for (int i = 0; i < N; ++i) {
    uint64_t r = 1, s = static_cast<uint64_t>(base[i]);
    for (int64_t n = exponent[i]; n > 0; n /= 2, s *= s)
      if (n % 2 == 1) r *= s;
    base[i] = static_cast<int64_t>(r);
  }
  return Vec<int64_t, N>::load(base);
}
template <int N>
GRADUS_INLINE Vec<int64_t, N> integer_power(const Vec<int64_t, N>& b, int64_t e) {
  return integer_power(b, Vec<int64_t, N>(e));
}

}  // namespace gradus::simd
