// Functions of one float that AVX-512 computes from tables: a polynomial for each of 32 intervals, its coefficients
// looked up in registers. That is half of the instructions of one polynomial, or quotient, for all numbers.
#pragma once
#include "gradus/tensor/kernels/simd_bits.h"

namespace gradus::simd::detail {

/// The integer nearest to x / step, a power of 2, in the lowest bits, and x less `step` times that. Or x less what a
/// table has for the integer: a number nearby, at which a function is almost a float.
template <int N>
struct Cell {
  IntVec<float, N> index;
  Vec<float, N> rest;
  GRADUS_INLINE Cell(const Vec<float, N>& x, float step) {
    const Vec<float, N> magic(Format<float>::magic * step), sum = x + magic;
    index = as_int(sum);
    rest = x - (sum - magic);
  }
  /// `sum`: the magic number and what tells the interval, which need not be proportional to x.
  GRADUS_INLINE Cell(const Vec<float, N>& x, const Vec<float, N>& sum, const float* centers) {
    index = as_int(sum);
    rest = x - Wide512<float, N>::entry(centers, index);
  }
  /// Of x >= 0: not the integer, but the bits of x + offset without the lowest `drop`, so that steps grow with x.
  GRADUS_INLINE Cell(const Vec<float, N>& x, float offset, int drop, const float* centers) {
    index = shift_down(as_int(Vec<float, N>(x + offset)), drop);
    rest = x - Wide512<float, N>::entry(centers, index);
  }
};

/// The largest integer below x / step in the lowest bits, and x less the number at which a table has that interval's
/// polynomial.
template <int N>
struct CellBelow {
  IntVec<float, N> index;
  Vec<float, N> rest;
  GRADUS_INLINE CellBelow(const Vec<float, N>& x, float step, const float* centers) {
    index = as_int(Wide512<float, N>::sum_below(x, Format<float>::magic * step));
    rest = x - Wide512<float, N>::entry(centers, index);
  }
};

/// The polynomials of the 32 intervals, a column each, from the highest power down (scripts/pieces.py).
template <size_t Rows>
using Pieces = float[Rows][32];

template <int N, size_t Rows>
GRADUS_INLINE Vec<float, N> piecewise(const Pieces<Rows>& table, const IntVec<float, N>& index,
                                      const Vec<float, N>& x) {
  using W = Wide512<float, N>;
  Vec<float, N> r = W::entry(table[0], index);
#pragma GCC unroll 16
  for (size_t k = 1; k < Rows; ++k) r = fma(r, x, W::entry(table[k], index));
  return r;
}
/// The polynomial of the first Count rows, an even number, from pairs of coefficients and powers of x^2: a shorter
/// chain of dependent instructions.
template <size_t Count, int N, size_t Rows>
GRADUS_INLINE Vec<float, N> from_pairs(const Pieces<Rows>& table, const IntVec<float, N>& index,
                                       const Vec<float, N>& x) {
  using W = Wide512<float, N>;
  static_assert(Count % 2 == 0);
  const Vec<float, N> square = x * x;
  Vec<float, N> r = fma(W::entry(table[0], index), x, W::entry(table[1], index));
#pragma GCC unroll 16
  for (size_t k = 2; k < Count; k += 2)
    r = fma(r, square, fma(W::entry(table[k], index), x, W::entry(table[k + 1], index)));
  return r;
}
/// piecewise() by from_pairs(), and Q(x) of a polynomial c0 + x Q(x).
template <int N, size_t Rows>
GRADUS_INLINE Vec<float, N> piecewise_pairs(const Pieces<Rows>& table, const IntVec<float, N>& index,
                                            const Vec<float, N>& x) {
  return from_pairs<Rows>(table, index, x);
}
template <int N, size_t Rows>
GRADUS_INLINE Vec<float, N> piecewise_slope(const Pieces<Rows>& table, const IntVec<float, N>& index,
                                            const Vec<float, N>& x) {
  return from_pairs<Rows - 1>(table, index, x);
}
/// The same with pairs of the first four coefficients only, which rounds less.
template <int N, size_t Rows>
GRADUS_INLINE Vec<float, N> paired_slope(const Pieces<Rows>& table, const IntVec<float, N>& index,
                                         const Vec<float, N>& x) {
  using W = Wide512<float, N>;
  const Vec<float, N> top = fma(W::entry(table[0], index), x, W::entry(table[1], index));
  Vec<float, N> r = fma(top, x * x, fma(W::entry(table[2], index), x, W::entry(table[3], index)));
#pragma GCC unroll 16
  for (size_t k = 4; k + 1 < Rows; ++k) r = fma(r, x, W::entry(table[k], index));
  return r;
}
/// piecewise() and x, added before the constant, so that at a root, where that is 0, x is rounded once.
template <int N, size_t Rows>
GRADUS_INLINE Vec<float, N> piecewise_plus_x(const Pieces<Rows>& table, const IntVec<float, N>& index,
                                             const Vec<float, N>& x) {
  using W = Wide512<float, N>;
  Vec<float, N> r = W::entry(table[0], index);
#pragma GCC unroll 16
  for (size_t k = 1; k + 1 < Rows; ++k) r = fma(r, x, W::entry(table[k], index));
  return fma(r, x, x) + W::entry(table[Rows - 1], index);
}

}  // namespace gradus::simd::detail
