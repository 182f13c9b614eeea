// The gamma function's logarithm and its derivative for simd::Vec.
#pragma once
#include "gradus/tensor/kernels/simd_gamma_tables.h"
#include "gradus/tensor/kernels/simd_log.h"
#include "gradus/tensor/kernels/simd_pow_tables.h"

namespace gradus::simd {
namespace detail {

/// y = lgamma(x) and digamma(x) where x < 0, for at most 16 lanes: in float by reflection in double. In double that
/// would lose all digits near the roots: lane by lane.
void lgamma_below_0(const float* x, float* y, int count);
void lgamma_below_0(const double* x, double* y, int count);
void digamma_below_0(const float* x, float* y, int count);
void digamma_below_0(const double* x, double* y, int count);

/// y, and what f makes of it where x < 0.
template <class T, int N>
GRADUS_INLINE Vec<T, N> with_negative(void (*f)(const T*, T*, int), const Vec<T, N>& x, const Vec<T, N>& y) {
  bool negative;
  if constexpr (Wide512<T, N>::value)
    negative = Wide512<T, N>::any_below_0(x);
  else
    negative = any(x < 0);
  if (!negative) [[likely]]
    return y;
  T from[N], to[N];
  x.store(from);
  y.store(to);
  f(from, to, N);
  return Vec<T, N>::load(to);
}

/// log(x) + c without the rounding of the logarithm where that is cancelled by c = -1.
template <int N>
GRADUS_INLINE Vec<double, N> log_plus(const Vec<double, N>& x, const Vec<double, N>& c) {
  using V = Vec<double, N>;
  const auto s = split_any(x);
  const V more = fma(s.e, V(5.497923018708371e-14), log_sum(V(0), V(s.m - 1)));
  return log_ends(x, V(fma(s.e, V(0.6931471805598903), c) + more));
}

/// For x >= 0: from 2.5 on Stirling's formula, (x - 1/2)(log x - 1) + (log(2 pi) - 1) / 2 and a function of 1 / x^2
/// over x. From 0.7 to 2.5 with s = x - 1, s (s - 1) R(s); below, lgamma(x + 1) - log x. The functions are quotients of
/// polynomials, minimax.
template <int N>
GRADUS_INLINE Vec<double, N> lgamma_above_0(const Vec<double, N>& x) {
  using V = Vec<double, N>;
  const auto large = x >= 2.5, below = x < 0.7;
  const V s = select(below, x, V(x - 1)), r = 1 / x, z = r * r, l = log_plus(x, select(large, V(-1), V(0)));
  const V top =
      horner(s, -4.841535002065331e-05, -0.002266502727005273, -0.0303670270340423, -0.17194760556624683,
             -0.47152232385260073, -0.6284649027047382, -0.3222744796997454, 0.05542033172287897, 0.07721566490153287);
  const V bottom = horner(s, 9.851059566012061e-05, 0.005299348716815402, 0.0864031429600484, 0.6303969902741454,
                          2.408276157051636, 5.146177792722691, 6.1811384113153105, 3.8939210149764634, 1.0);
  const V series =
      horner(z, 0.028461310479770092, 0.4938366656249407, 1.0973813791451783, 0.6076827621463305, 0.08333333333330746);
  const V series_bottom = horner(z, 0.4664597024722347, 6.310190155493, 13.403236963153725, 7.325526479013035, 1.0);
  const V q = select(large, V(r * series), top) / select(large, series_bottom, bottom);
  const V near_0 = s * (s - 1) * (0.5 + q) + select(below, V(-l), V(0));
  return select(large, V(fma(V(x - 0.5), l, V(0.4189385332046727)) + q), near_0);
}

/// For x >= 0: from 2 on log x - 1 / (2 x) less a function of 1 / x^2; from 1 to 2, with t = x - 1, (t - root) R(t), so
/// that the root is exact; below, digamma(x + 1) - 1 / x. The functions are quotients of polynomials, minimax.
template <int N>
GRADUS_INLINE Vec<double, N> digamma_above_0(const Vec<double, N>& x) {
  using V = Vec<double, N>;
  constexpr double root = 0.46163214496836234126, root_low = -1.5522348162858677e-17;
  const auto large = x >= 2, below = x < 1;
  const V t = select(below, x, V(x - 1)), r = 1 / x, z = r * r;
  const V top = horner(t, -5.439447320190582e-07, -0.0015552676009507487, -0.031976225766951506, -0.18214468256200653,
                       -0.29158245034166785, 0.18447549337934208, 0.5003801375034054);
  const V bottom = horner(t, 0.0021403372518879944, 0.05422164112406282, 0.43609435272612557, 1.4607718825054465,
                          2.076758800151328, 1.0);
  const V series = horner(z, 0.07299612180216511, 1.5532521213940143, 4.4369720704058455, 3.6537578827095047,
                          1.0192022815799202, 0.08333333333329915);
  const V series_bottom =
      horner(z, 1.8087901737549963, 22.741310812531275, 57.20955268950545, 45.030518296214616, 12.33042737883627, 1.0);
  const V q = select(large, V(z * series), top) / select(large, series_bottom, bottom);
  const V near_root = ((t - root) - root_low) * (0.75 + q) - select(below, r, V(0));
  return select(large, V(log(x) - (0.5 * r + q)), near_root);
}

/// y = lgamma(x) for 16 floats of any kind.
void lgamma_lanes(const float* x, float* y);

/// Any floats, in double.
template <int N>
GRADUS_INLINE Vec<float, N> lgamma_any(const Vec<float, N>& x) {
  return with_negative<float, N>(
      lgamma_below_0, x,
      in_double(
          [](const auto& v) __attribute__((always_inline)) { return lgamma_above_0(v); }, x));
}
template <int N>
GRADUS_INLINE Vec<float, N> digamma_any(const Vec<float, N>& x) {
  return with_negative<float, N>(
      digamma_below_0, x,
      in_double(
          [](const auto& v) __attribute__((always_inline)) { return digamma_above_0(v); }, x));
}

// On AVX-512 from tables up to 8; numbers above, which need a logarithm and Stirling's series, cost a branch.

/// lgamma(x) from 8 on: Stirling's formula, (x - 1/2) (log x - 1) + log(2 pi) / 2 - 1/2 and a series in 1 / x, here a
/// polynomial. log x = -(a b + c + d e), with d e the smallest.
template <int N>
GRADUS_INLINE Vec<float, N> lgamma_large(const Vec<float, N>& x, const Vec<float, N>& a, const Vec<float, N>& b,
                                         const Vec<float, N>& c, const Vec<float, N>& d, const Vec<float, N>& e) {
  using V = Vec<float, N>;
  using W = Wide512<float, N>;
  const V product = a * b, high = product + c, v = 0.5 - x;
  const V low = (c - (high - product)) + W::fused_minus(a, b, product);
  const V series = fma(W::reciprocal(x), V(0.083255702), V(0.41894312));
  return fused(v, V(high + 1), fma(d, V(v * e), fma(v, low, series)));
}
/// lgamma(x): the table's, or for x = 2^k m below 1/16 -log(m) from there, less k log 2, and lgamma(1 + x), a
/// polynomial. If Beyond, that is the logarithm for Stirling's formula where x is 8 or more.
template <bool Beyond, int N>
GRADUS_INLINE Vec<float, N> lgamma_wide(const Vec<float, N>& x, const IntVec<float, N>& column) {
  using V = Vec<float, N>;
  using W = Wide512<float, N>;
  const IntVec<float, N> index = shift_down(column, 21);
  const V rest = as_float<float>(column) - entry(lgamma_pieces_centers, index);
  const V k(W::exponent(x).v), unit(-0.69314718), constant = entry(lgamma_pieces[6], index);
  const V near_0 = fma(x, horner(x, -0.3689554, 0.82127094, -0.5772022), constant);
  const V slope = paired_slope(lgamma_pieces, index, rest);
  const V y = fma(slope, rest, select(x < 0.0625, V(fused(k, unit, near_0).v), constant));
  if constexpr (Beyond)
    return select(x < 8, y, lgamma_large(x, k, unit, constant, slope, rest));
  else
    return y;
}
template <int N>
GRADUS_INLINE Vec<float, N> lgamma_wide(const Vec<float, N>& x) {
  using I = IntVec<float, N>;
  using W = Wide512<float, N>;
  const I bits(as_int(x).v), scaled((bits.v & 0x7fffff) | 0x3d000000);
  const I column((bits.v > scaled.v) ? bits.v : scaled.v);
  if (!W::template any_outside<-126, 3>(x)) [[likely]]
    return lgamma_wide<false>(x, column);
  if (W::any_unusual(x)) return out_of_line(lgamma_lanes, x);
  return lgamma_wide<true>(x, I(as_int(select(x < 8, as_float<float>(column), as_float<float>(scaled)))));
}

/// digamma(x) from 8 on: log v + 1 / (24 v^2) - 7 / (960 v^4) with v = x - 1/2. log2(v) = high + log2(1 + z / log2(e)),
/// where high is exact and |z| < 0.023.
template <int N>
GRADUS_INLINE Vec<float, N> digamma_large(const Vec<float, N>& x) {
  using V = Vec<float, N>;
  using W = Wide512<float, N>;
  const V v = x - 0.5, m(W::mantissa_from_1(v).v), r = W::reciprocal(v), s = r * r;
  const IntVec<float, N> index = shift_down(as_int(m), 18);
  const V high = W::exponent(v) + entry(pow_logs, index);
  const V z = W::fused_minus(entry(pow_logs_reciprocals, index), m, V(1.442695));
  const V series = s * fma(s, V(-7.0 / 960), V(1.0 / 24));
  return fma(high, V(0.69314718), fma(z, horner(z, 0.11104277, -0.24025494, 0.6931472), series));
}
/// digamma(x): from the table; below 1/2 from there at x + 1, less 1 / x.
template <int N>
GRADUS_INLINE Vec<float, N> digamma_wide(const Vec<float, N>& x) {
  using V = Vec<float, N>;
  using W = Wide512<float, N>;
  const auto below = x < 0.5;
  const V inner = select(below, V(x + 1), x);
  const IntVec<float, N> index = shift_down(as_int(inner), 20);
  const V center = entry(digamma_pieces_centers, index);
  const V rest = x - select(below, V(center - 1), center), slope = paired_slope(digamma_pieces, index, rest);
  const V y = fma(slope, rest, entry(digamma_pieces[5], index));
  const V low = select(below, V(y - 1 / x), y);
  if (W::template any_outside<-127, 3>(x)) [[unlikely]]
    return with_negative<float, N>(digamma_below_0, x, select(x < 8, low, digamma_large(x)));
  return low;
}

}  // namespace detail

/// log |gamma(x)|; infinite at 0, -1, -2, ... float in double, on AVX-512 above 0 from tables; below 0 by reflection,
/// double lane by lane.
/// Error: float 0.50 (AVX-512: 1.81), double 4.58 ulp.
template <class T, int N>
GRADUS_INLINE Vec<T, N> lgamma(const Vec<T, N>& x) {
  using namespace detail;
  if constexpr (is_wide<T, N>)
    return lgamma_wide(x);
  else if constexpr (is_f32<T>)
    return lgamma_any(x);
  else
    return with_negative<T, N>(lgamma_below_0, x, lgamma_above_0(x));
}

/// The derivative of log gamma(x); NaN at -1, -2, ..., infinite at 0 with the opposite sign. float in double, on
/// AVX-512 above 0 from tables; below 0 by reflection, double lane by lane.
/// Error: float 0.50 (AVX-512: 1.57) ulp, double 2.38 above 0.
template <class T, int N>
GRADUS_INLINE Vec<T, N> digamma(const Vec<T, N>& x) {
  using namespace detail;
  if constexpr (is_wide<T, N>)
    return digamma_wide(x);
  else if constexpr (is_f32<T>)
    return digamma_any(x);
  else
    return with_negative<T, N>(digamma_below_0, x, digamma_above_0(x));
}

}  // namespace gradus::simd
