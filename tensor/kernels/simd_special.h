// Bessel's functions, those of the normal distribution, and parts of floating point numbers: lane by lane, in double.
#pragma once
#include "gradus/tensor/kernels/simd_lanes.h"

namespace gradus::simd {
namespace detail {

double bessel_i_lane(int order, double x, bool scaled);
double erfcx_lane(double x);
double ndtri_lane(double p);
double mantissa_lane(double x);
double exponent_lane(double x);

template <class T, int N, class F>
GRADUS_INLINE Vec<T, N> lanes_in_double(const F& f, const Vec<T, N>& x) {
  T lanes[N];
  x.store(lanes);
  for (T& lane : lanes) lane = static_cast<T>(f(static_cast<double>(lane)));
  return Vec<T, N>::load(lanes);
}

}  // namespace detail

/// The modified Bessel functions of the first kind, of order 0 and 1; with an e at the end times e^-|x|.
template <class T, int N>
GRADUS_INLINE Vec<T, N> i0(const Vec<T, N>& x) {
  return detail::lanes_in_double([](double v) { return detail::bessel_i_lane(0, v, false); }, x);
}
template <class T, int N>
GRADUS_INLINE Vec<T, N> special_i0e(const Vec<T, N>& x) {
  return detail::lanes_in_double([](double v) { return detail::bessel_i_lane(0, v, true); }, x);
}
template <class T, int N>
GRADUS_INLINE Vec<T, N> special_i1(const Vec<T, N>& x) {
  return detail::lanes_in_double([](double v) { return detail::bessel_i_lane(1, v, false); }, x);
}
template <class T, int N>
GRADUS_INLINE Vec<T, N> special_i1e(const Vec<T, N>& x) {
  return detail::lanes_in_double([](double v) { return detail::bessel_i_lane(1, v, true); }, x);
}

/// e^(x^2) erfc(x) without overflow for positive x.
template <class T, int N>
GRADUS_INLINE Vec<T, N> special_erfcx(const Vec<T, N>& x) {
  return detail::lanes_in_double(detail::erfcx_lane, x);
}

/// The x at which the standard normal distribution function is p.
template <class T, int N>
GRADUS_INLINE Vec<T, N> special_ndtri(const Vec<T, N>& p) {
  return detail::lanes_in_double(detail::ndtri_lane, p);
}

/// x = mantissa 2^exponent with 1/2 <= |mantissa| < 1; of 0, infinity and NaN the number itself and 0.
template <class T, int N>
GRADUS_INLINE Vec<T, N> mantissa(const Vec<T, N>& x) {
  return detail::lanes_in_double(detail::mantissa_lane, x);
}
template <class T, int N>
GRADUS_INLINE Vec<T, N> exponent(const Vec<T, N>& x) {
  return detail::lanes_in_double(detail::exponent_lane, x);
}

}  // namespace gradus::simd
