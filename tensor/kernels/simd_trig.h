// sin, cos, tan and their inverses for simd::Vec.
#pragma once
#include "gradus/tensor/kernels/simd_bits.h"

namespace gradus::simd {
namespace detail {

/// For lanes with x above `limit`: r = x - n pi/2 with |r| <= pi/4, and n mod 4 (0 to 3). NaN for infinite x.
void reduce_large(const double* x, double* r, double* n, int count, double limit);
void reduce_large(const float* x, float* r, float* n, int count, float limit);

/// x = n pi/2 + r with |r| <= pi/4, for x >= 0; the low bits of `quadrant` are those of n. Cody and Waite's reduction,
/// whose parts of pi/2 are so short that their products with n are exact; larger arguments go lane by lane.
template <class T, int N>
struct Reduced {
  Vec<T, N> r;
  IntVec<T, N> quadrant;
  GRADUS_INLINE explicit Reduced(const Vec<T, N>& x) {
    using V = Vec<T, N>;
    constexpr T limit = is_f32<T> ? 6000 : 1.6e6;
    V sum = fma(x, V(0.6366197723675814), V(Format<T>::magic)), n = sum - Format<T>::magic;
    if constexpr (is_f32<T>) {
      // The third difference is rounded; what it loses joins the fourth part, so that r is rounded once.
      const V d = fma(n, V(-0.0004837512969970703125), fma(n, V(-1.5703125), x));
      const V part = fma(n, V(-7.5495336204767227e-8), d), lost = fma(n, V(-7.5495336204767227e-8), d - part);
      r = part + fma(n, V(-2.563344068257089603e-12), lost);
    } else {
      r = fma(n, V(-2.0222662487959506e-21), fma(n, V(-6.077100506303966e-11), fma(n, V(-1.5707963267341256), x)));
    }
    if (any(x > limit)) [[unlikely]] {
      T lanes[N], rest[N], turns[N];
      x.store(lanes);
      r.store(rest);
      n.store(turns);
      reduce_large(lanes, rest, turns, N, limit);
      r = V::load(rest);
      sum = V::load(turns) + Format<T>::magic;
    }
    quadrant = as_int(sum);
  }
};

/// sin(r) for |r| <= pi/4: r + r^3 P(r^2).
template <class T, int N>
GRADUS_INLINE Vec<T, N> sin_small(const Vec<T, N>& r) {
  const Vec<T, N> z = r * r;
  if constexpr (is_f32<T>)
    return fma(r * z, horner(z, -0.00019508234, 0.008332108, -0.16666654), r);
  else
    return fma(r * z,
               horner(z, 1.5893121984965777e-10, -2.5050695644868575e-08, 2.755731329975328e-06,
                      -0.00019841269828701618, 0.008333333333321072, -0.16666666666666627),
               r);
}

/// cos(r) for |r| <= pi/4: 1 - r^2 / 2 + r^4 P(r^2).
template <class T, int N>
GRADUS_INLINE Vec<T, N> cos_small(const Vec<T, N>& r) {
  const Vec<T, N> z = r * r;
  if constexpr (is_f32<T>)
    return fma(z * z, horner(z, 2.4430285e-05, -0.0013887299, 0.041666646), fma(z, Vec<T, N>(-0.5), Vec<T, N>(1)));
  else
    return fma(z * z,
               horner(z, -1.1356031133899454e-11, 2.08756524757965e-09, -2.755731382292429e-07, 2.480158728761202e-05,
                      -0.001388888888887105, 0.04166666666666658),
               fma(z, Vec<T, N>(-0.5), Vec<T, N>(1)));
}

/// sin(x + shift pi/2) from the reduced x.
template <class T, int N>
GRADUS_INLINE Vec<T, N> sin_quadrant(const Reduced<T, N>& x, int shift) {
  const IntVec<T, N> q = x.quadrant + shift;
  const Mask<T, N> odd((q.v & 1) != 0);
  const Vec<T, N> y = where(odd, cos_small(x.r), sin_small(x.r));
  return bit_xor(y, sign_bit(as_float<T>(shift_up(q, static_cast<int>(8 * sizeof(T)) - 2))));
}

}  // namespace detail

/// sin(x).
/// Error: float 1.57, double 1.63 ulp.
template <class T, int N>
GRADUS_INLINE Vec<T, N> sin(const Vec<T, N>& x) {
  return detail::bit_xor(detail::sin_quadrant(detail::Reduced<T, N>(abs(x)), 0), detail::sign_bit(x));
}

/// cos(x).
/// Error: float 1.57, double 1.76 ulp.
template <class T, int N>
GRADUS_INLINE Vec<T, N> cos(const Vec<T, N>& x) {
  return detail::sin_quadrant(detail::Reduced<T, N>(abs(x)), 1);
}

/// tan(x) = sin(r) / cos(r), or -cos(r) / sin(r) in odd quadrants; float in double.
/// Error: float 0.50, double 3.63 ulp.
template <class T, int N>
GRADUS_INLINE Vec<T, N> tan(const Vec<T, N>& x) {
  using namespace detail;
  if constexpr (is_f32<T>) {
    return in_double(
        [](const auto& v) __attribute__((always_inline)) { return tan(v); }, x);
  } else {
    const Reduced<T, N> a(abs(x));
    const Mask<T, N> odd((a.quadrant.v & 1) != 0);
    const Vec<T, N> s = sin_small(a.r), c = cos_small(a.r);
    return bit_xor(where(odd, -c, s) / where(odd, s, c), sign_bit(x));
  }
}

// ---- inverse functions ----------------------------------------------------------------------------------------

namespace detail {

template <class T>
inline constexpr double half_pi_low = is_f32<T> ? -4.371139e-8 : 6.123233995736766e-17;

/// asin(s) - s for 0 <= s <= 1/2 and z = s^2: s^3 P(s^2).
template <class T, int N>
GRADUS_INLINE Vec<T, N> asin_tail(const Vec<T, N>& s, const Vec<T, N>& z) {
  if constexpr (is_f32<T>)
    return s * z * horner(z, 0.03757677, 0.014391219, 0.031821825, 0.044514995, 0.075005166, 0.1666666);
  else
    return s * z *
           horner(z, 0.03262611099587174, -0.020994857763275972, 0.021704324805170254, 0.0037077638035500266,
                  0.010779871806947304, 0.011398984899684607, 0.013980810970569996, 0.017351612884649172,
                  0.022372214933961018, 0.03038194270993964, 0.04464285717455937, 0.07499999999970867,
                  0.1666666666666676);
}

/// s = |x| up to 1/2, and s = sqrt((1 - |x|) / 2) above, where asin(|x|) = pi/2 - 2 asin(s).
template <class T, int N>
struct AsinParts {
  Vec<T, N> s, tail;
  GRADUS_INLINE explicit AsinParts(const Vec<T, N>& a) {
    const auto large = a > 0.5;
    const Vec<T, N> z = where(large, 0.5 * (1 - a), a * a);
    s = where(large, sqrt(z), a);
    tail = asin_tail(s, z);
  }
};

/// atan(q) for 0 <= q <= 1: q + q^3 P(q^2).
template <class T, int N>
GRADUS_INLINE Vec<T, N> atan_small(const Vec<T, N>& q) {
  const Vec<T, N> z = q * q;
  if constexpr (is_f32<T>)
    return fma(q * z,
               horner(z, -0.001791502, 0.010904537, -0.031157766, 0.0579358, -0.08402056, 0.109516546, -0.14264126,
                      0.19998536, -0.333333),
               q);
  else
    return fma(q * z,
               horner(z, -2.025947403467809e-05, 0.00022303137642163816, -0.0011641121149972172, 0.0038560859001869198,
                      -0.00918476808701628, 0.016978320831449678, -0.025827088137107615, 0.034068038453586434,
                      -0.040926519263460144, 0.046739559901746504, -0.052392352925892574, 0.05877308400017244,
                      -0.06665860493139242, 0.07692212950326437, -0.09090901237534449, 0.1111111067890512,
                      -0.1428571427134188, 0.1999999999975519, -0.3333333333333186),
               q);
}

/// atan of num / den, both >= 0: the quotient is taken the way that stays below 1; pi/2 - atan(1 / q) = atan(q).
template <class T, int N>
GRADUS_INLINE Vec<T, N> atan_quotient(const Vec<T, N>& num, const Vec<T, N>& den) {
  const auto steep = num > den;
  const Vec<T, N> near_zero = atan_small(Vec<T, N>(where(steep, den, num) / where(steep, num, den)));
  return where(steep, T(1.5707963267948966) - (near_zero - half_pi_low<T>), near_zero);
}

}  // namespace detail

/// asin(x); NaN beyond [-1, 1].
/// Error: float 1.10, double 1.10 ulp.
template <class T, int N>
GRADUS_INLINE Vec<T, N> asin(const Vec<T, N>& x) {
  using namespace detail;
  const Vec<T, N> a = abs(x);
  const AsinParts<T, N> p(a);
  const Vec<T, N> half_pi(T(1.5707963267948966)), h = half_pi - 2 * p.s, lost = (half_pi - h) - 2 * p.s;
  const Vec<T, N> outer = h + (lost - (2 * p.tail - half_pi_low<T>));
  return copysign(where(a > 0.5, outer, p.s + p.tail), x);
}

/// acos(x) = pi/2 - asin(x) up to 1/2, 2 asin(s) above, pi - 2 asin(s) below -1/2; NaN beyond [-1, 1].
/// Error: float 1.04, double 1.11 ulp.
template <class T, int N>
GRADUS_INLINE Vec<T, N> acos(const Vec<T, N>& x) {
  using namespace detail;
  const Vec<T, N> a = abs(x);
  const AsinParts<T, N> p(a);
  const Vec<T, N> twice = 2 * (p.s + p.tail);
  const Vec<T, N> outer = where(x < 0, T(3.141592653589793) - (twice - 2 * half_pi_low<T>), twice);
  const Vec<T, N> inner = copysign(p.s + p.tail, x) - half_pi_low<T>;
  return where(a > 0.5, outer, T(1.5707963267948966) - inner);
}

/// atan(x).
/// Error: float 1.31, double 1.66 ulp.
template <class T, int N>
GRADUS_INLINE Vec<T, N> atan(const Vec<T, N>& x) {
  return copysign(detail::atan_quotient(abs(x), Vec<T, N>(1)), x);
}

/// The angle of the point (x, y), in [-pi, pi]; C's special values.
/// Error: float 1.49, double 1.67 ulp.
template <class T, int N>
GRADUS_INLINE Vec<T, N> atan2(const Vec<T, N>& y, const Other<T, N>& x) {
  using namespace detail;
  using V = Vec<T, N>;
  // Of two infinities or zeros only the kind counts: (1, 1) and (0, 1) have the same quotients.
  const V ay = abs(y), ax = abs(x), larger = where(ay > ax, ay, ax);
  const V num = where(larger == inf<T>, where(ay == inf<T>, V(1), V(0)), ay);
  const V den = where(larger == inf<T>, where(ax == inf<T>, V(1), V(0)), where(larger == 0, V(1), ax));
  const V angle = atan_quotient(num, den);
  const V turned = where(signbit(x), T(3.141592653589793) - (angle - 2 * half_pi_low<T>), angle);
  return where(x == x, where(y == y, copysign(turned, y), y), x);
}
template <class T, int N, Number<T> A>
GRADUS_INLINE Vec<T, N> atan2(const A& y, const Vec<T, N>& x) {
  return atan2(Vec<T, N>(y), x);
}

}  // namespace gradus::simd
