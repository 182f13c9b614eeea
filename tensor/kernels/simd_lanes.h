// Functions of simd::Vec that few formulas need; most are computed lane by lane, as no vector instruction helps.
#pragma once
#include <limits>

#include "gradus/tensor/kernels/simd_gamma.h"

namespace gradus::simd {
namespace detail {

double polygamma_lane(int64_t n, double x);
/// y = trigamma(x) where x < 0, for at most 16 lanes.
void trigamma_below_0(const float* x, float* y, int count);
void trigamma_below_0(const double* x, double* y, int count);
double zeta_lane(double s, double q);
float next_lane(float a, float b);
double next_lane(double a, double b);
int64_t gcd_lane(int64_t a, int64_t b);

template <class T, int N, class F>
GRADUS_INLINE Vec<T, N> each_lane(const F& f, const Vec<T, N>& a, const Vec<T, N>& b) {
  T x[N], y[N];
  a.store(x);
  b.store(y);
  for (int i = 0; i < N; ++i) x[i] = f(x[i], y[i]);
  return Vec<T, N>::load(x);
}

/// The derivative of digamma for x >= 0: 1 / y + 1 / y^2 S(1 / y) with y = x from 1 on, where S goes from 1/2 to 0.645:
/// a quotient of polynomials, minimax, 2^-60; below with y = x + 1, and 1 / x^2 is added.
template <int N>
GRADUS_INLINE Vec<double, N> trigamma_above_0(const Vec<double, N>& x) {
  using V = Vec<double, N>;
  const auto below = x < 1;
  const V i = 1 / x, r = select(below, V(1 / (1 + x)), i);
  const V top =
      horner(r, 19.908715540004312, 50.266495826341234, 55.19171887503477, 31.101534625344495, 6.849202458548331,
             -2.0971390800794585, -1.890697177062362, -0.5355403309927614, -0.062499999999999285);
  const V bottom = horner(r, 45.50563935240175, 218.90769231516683, 455.4188576354874, 539.0444815396687,
                          400.6504347133973, 193.58618988163244, 60.211986733525976, 11.235311962547199, 1.0);
  return fma(r * r, 0.5625 + top / bottom, r) + select(below, V(i * i), V(0));
}

/// Below 0 by reflection; float in double.
/// Error: float 0.50, double 5.63 ulp.
template <class T, int N>
GRADUS_INLINE Vec<T, N> trigamma(const Vec<T, N>& x) {
  if constexpr (is_f32<T>)
    return with_negative<T, N>(
        trigamma_below_0, x,
        in_double(
            [](const auto& v) __attribute__((always_inline)) { return trigamma_above_0(v); }, x));
  else
    return with_negative<T, N>(trigamma_below_0, x, trigamma_above_0(x));
}

}  // namespace detail

/// The n-th derivative of digamma, for n >= 1.
template <class T, int N>
GRADUS_INLINE Vec<T, N> polygamma(int64_t n, const Vec<T, N>& x) {
  if (n == 1) return detail::trigamma(x);
  T lanes[N];
  x.store(lanes);
  for (T& lane : lanes) lane = static_cast<T>(detail::polygamma_lane(n, lane));
  return Vec<T, N>::load(lanes);
}

/// Hurwitz' zeta function: the sum of (q + k)^-s over k >= 0, for s > 1.
template <class T, int N>
GRADUS_INLINE Vec<T, N> special_zeta(const Vec<T, N>& s, const Vec<T, N>& q) {
  return detail::each_lane([](T a, T b) { return static_cast<T>(detail::zeta_lane(a, b)); }, s, q);
}

/// The number next to a on the way to b.
template <class T, int N>
GRADUS_INLINE Vec<T, N> nextafter(const Vec<T, N>& a, const Vec<T, N>& b) {
  return detail::each_lane([](T x, T y) { return detail::next_lane(x, y); }, a, b);
}

/// (a^2 + b^2)^(1/2) without overflow; infinite if one is.
template <class T, int N>
GRADUS_INLINE Vec<T, N> hypot(const Vec<T, N>& a, const Vec<T, N>& b) {
  constexpr T inf = std::numeric_limits<T>::infinity();
  const Vec<T, N> p = abs(a), q = abs(b), most = maximum(p, q), share = minimum(p, q) / most;
  return where(p == inf, inf, where(q == inf, inf, where(most == 0, most, most * sqrt(1 + share * share))));
}

/// The greatest common divisor, 0 of two zeros.
template <int N>
GRADUS_INLINE Vec<int64_t, N> gcd(const Vec<int64_t, N>& a, const Vec<int64_t, N>& b) {
  return detail::each_lane(detail::gcd_lane, a, b);
}

/// a shifted to the left (right) by b bits of numbers `bits` wide.
template <int N>
GRADUS_INLINE Vec<int64_t, N> shift_left(const Vec<int64_t, N>& a, const Vec<int64_t, N>& b, int64_t bits) {
  const auto f = [bits](int64_t x, int64_t n) {
    return n < 0 || n >= bits ? 0 : static_cast<int64_t>(static_cast<uint64_t>(x) << n);
  };
  return detail::each_lane(f, a, b);
}
template <int N>
GRADUS_INLINE Vec<int64_t, N> shift_right(const Vec<int64_t, N>& a, const Vec<int64_t, N>& b, int64_t bits) {
  const auto f = [bits](int64_t x, int64_t n) { return x >> (n < 0 || n >= bits ? 63 : n); };
  return detail::each_lane(f, a, b);
}

}  // namespace gradus::simd
