// The error function and its relatives for simd::Vec.
#pragma once
#include "gradus/tensor/kernels/simd_exp.h"

namespace gradus::simd {
namespace detail {

/// erf(x) for |x| <= 1: x + x P(x^2).
template <class T, int N>
GRADUS_INLINE Vec<T, N> erf_small(const Vec<T, N>& x) {
  const Vec<T, N> z = x * x;
  if constexpr (is_f32<T>)
    return fma(
        x, horner(z, 7.846173e-05, -0.0008007889, 0.0051880744, -0.026853692, 0.11283583, -0.37612626, 0.12837917), x);
  else
    return fma(
        x,
        horner(z, -7.768631602971649e-10, 1.3704705812355987e-08, -1.6204733000643181e-07, 1.6446904371859973e-06,
               -1.492469177660154e-05, 0.000120552923664167, -0.000854832588244731, 0.0052239776049508215,
               -0.026866170642933267, 0.11283791670942668, -0.3761263890318346, 0.12837916709551256),
        x);
}

/// erfc(x) for x >= 1/2: e^(-x^2) g(t) / (1 + 2 x), g a polynomial in t = (x - 4) / (x + 4)
/// (Shepherd and Laframboise, Mathematics of Computation 36, 1981).
template <int N>
GRADUS_INLINE Vec<double, N> erfc_tail(const Vec<double, N>& x) {
  using V = Vec<double, N>;
  const V a = where(x > 28, 28, x), t = (a - 4) / (a + 4);
  const V g =
      horner(t, -8.346360103209202e-09, 7.435146877758197e-08, 5.628926079828811e-08, -7.823482869108609e-07,
             3.1218698108540035e-07, 5.679711285047578e-06, -1.123295996513206e-05, -2.438620066842811e-05,
             0.00015062573801019147, -0.0001992602858033281, -0.0007577742419021716, 0.005031970602412793,
             -0.016197733919445255, 0.037167515471965375, -0.0663303658239623, 0.09373283500214027,
             -0.10103906603578146, 0.06809705425459182, 0.015379652102609925, -0.13962111684056172, 1.2329951186255526);
  // x^2 = h^2 + (x - h)(x + h), where h^2 is exact: its rounding would be multiplied by x^2.
  const V h = bit_and(a, ~((int64_t(1) << 27) - 1)), square = h * h;
  const Nearest<double, N> n(square, -log2e, 2 * Format<double>::bias);
  const V r = fma(n.n, V(-0.6931471805598903), -square) - fma(n.n, V(5.497923018708371e-14), (a - h) * (a + h));
  const V scaled = 1 + fma(r * r, exp_tail(r), r);
  return scale<double, N>(scaled * (g / (1 + 2 * a)), n);
}

/// 2^y for y <= 0 with a relative error of 1e-7, which suffices for what is subtracted from 1; of 2e-9, before it is
/// rounded, if `Finer`.
template <bool Finer, int N>
GRADUS_INLINE Vec<float, N> exp2_rough(const Vec<float, N>& y) {
  const Nearest<float, N> n(y, 1, Format<float>::bias);
  const Vec<float, N> f = y - n.n;
  const Vec<float, N> p =
      Finer ? horner(f, 0.000153458124, 0.00133999309, 0.00961848907, 0.0555032864, 0.240226462, 0.693147182, 1.0)
            : horner(f, 0.0013275106, 0.009671765, 0.055506993, 0.24022238, 0.693147, 1.0);
  return power_of_2<float>(n.bits) * p;
}

}  // namespace detail

/// erf(x): a polynomial up to 1, above it 1 - erfc(x), in float with erfc(x) = 2^P(x).
/// Error: float 1.19, double 1.04 ulp.
template <class T, int N>
GRADUS_INLINE Vec<T, N> erf(const Vec<T, N>& x) {
  using namespace detail;
  using V = Vec<T, N>;
  const V a = abs(x);
  V tail;
  if constexpr (is_f32<T>) {
    const V c = select(a > 3.95f, V(3.95f), a);
    tail = exp2_rough<false>(
        horner(c, 0.00026772666, -0.0042409566, 0.031458423, -0.1486515, -0.92076504, -1.625975, -0.0005103097));
  } else {
    tail = erfc_tail(a);
  }
  return select(a <= 1, erf_small(x), copysign(1 - tail, x));
}

/// The standard normal distribution (1 + erf(x / 2^(1/2))) / 2; in float 2^P(|x|) or, for x > 0, 1 less that.
/// Error: float 9e-8, double 2e-16, absolute.
template <class T, int N>
GRADUS_INLINE Vec<T, N> normal_cdf(const Vec<T, N>& x) {
  using namespace detail;
  using V = Vec<T, N>;
  if constexpr (is_f32<T>) {
    const V a = abs(x);
    const V tail = exp2_rough<true>(horner(a, -1.6150691e-06, 2.58446798e-05, -0.000127503066, -0.000264304719,
                                           0.00721060717, -0.0525849909, -0.459182769, -1.15110791, -0.99999994));
    const V below = select(a > 5.7f, V(0), tail);
    return select(x > 0, V(1 - below), below);
  } else {
    return 0.5 * (1 + erf(x * 0.7071067811865476));
  }
}

/// erfc(x) = 1 - erf(x), accurate where erf(x) is near 1; float in double.
/// Error: float 0.50, double 3.43 ulp.
template <class T, int N>
GRADUS_INLINE Vec<T, N> erfc(const Vec<T, N>& x) {
  using namespace detail;
  if constexpr (is_f32<T>) {
    return in_double(
        [](const auto& v) __attribute__((always_inline)) { return erfc(v); }, x);
  } else {
    const Vec<T, N> a = abs(x), tail = erfc_tail(a);
    return where(a < 0.5, 1 - erf_small(x), where(x < 0, 2 - tail, tail));
  }
}

// ---- lane by lane ---------------------------------------------------------------------------------------------

namespace detail {

double erfinv_lane(double x);
double lgamma_lane(double x);
double digamma_lane(double x);

template <class T, int N>
GRADUS_INLINE Vec<T, N> by_lane(double (*f)(double), const Vec<T, N>& x) {
  T lanes[N];
  x.store(lanes);
  for (T& lane : lanes) lane = static_cast<T>(f(lane));
  return Vec<T, N>::load(lanes);
}

}  // namespace detail

/// The y with erf(y) = x; infinite at -1 and 1, NaN beyond.
template <class T, int N>
GRADUS_INLINE Vec<T, N> erfinv(const Vec<T, N>& x) {
  return detail::by_lane(detail::erfinv_lane, x);
}

/// log |gamma(x)|; infinite at 0, -1, -2, ...
template <class T, int N>
GRADUS_INLINE Vec<T, N> lgamma(const Vec<T, N>& x) {
  return detail::by_lane(detail::lgamma_lane, x);
}

/// The derivative of log gamma(x); NaN at -1, -2, ..., infinite at 0 with the opposite sign.
template <class T, int N>
GRADUS_INLINE Vec<T, N> digamma(const Vec<T, N>& x) {
  return detail::by_lane(detail::digamma_lane, x);
}

}  // namespace gradus::simd
