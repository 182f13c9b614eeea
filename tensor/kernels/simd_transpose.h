// Squares of lanes turned over.
#pragma once
#include <utility>

#include "gradus/tensor/kernels/simd.h"

namespace gradus::simd {

/// The lower and the upper halves of a and b, lane by lane in turn.
template <class T, int N>
GRADUS_INLINE void zip(const Vec<T, N>& a, const Vec<T, N>& b, Vec<T, N>& low, Vec<T, N>& high) {
  [&]<int... I>(std::integer_sequence<int, I...>) __attribute__((always_inline)) {
    low.v = __builtin_shufflevector(a.v, b.v, (I / 2 + I % 2 * N)...);
    high.v = __builtin_shufflevector(a.v, b.v, (N / 2 + I / 2 + I % 2 * N)...);
  }
  (std::make_integer_sequence<int, N>{});
}

/// Lane j of vector i becomes lane i of vector j. A zip of the vectors i and i + N / 2 turns the digits of (vector,
/// lane), written one after the other in base 2, by one place; so many as a lane has turn them all.
template <class T, int N>
GRADUS_INLINE void transpose(Vec<T, N> (&a)[N]) {
#pragma GCC unroll 8
  for (int digits = 1; digits < N; digits *= 2) {
    Vec<T, N> b[N];
#pragma GCC unroll 16
    for (int i = 0; i < N / 2; ++i) zip(a[i], a[i + N / 2], b[2 * i], b[2 * i + 1]);
#pragma GCC unroll 16
    for (int i = 0; i < N; ++i) a[i] = b[i];
  }
}

}  // namespace gradus::simd
