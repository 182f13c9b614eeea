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
    if constexpr (is_f32<T>)
      r = fma(n, V(-2.563344068257089603e-12),
              fma(n, V(-7.5495336204767227e-8), fma(n, V(-0.0004837512969970703125), fma(n, V(-1.5703125), x))));
    else
      r = fma(n, V(-2.0222662487959506e-21), fma(n, V(-6.077100506303966e-11), fma(n, V(-1.5707963267341256), x)));
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
template <class T, int N>
GRADUS_INLINE Vec<T, N> sin(const Vec<T, N>& x) {
  return detail::bit_xor(detail::sin_quadrant(detail::Reduced<T, N>(abs(x)), 0), detail::sign_bit(x));
}

/// cos(x).
template <class T, int N>
GRADUS_INLINE Vec<T, N> cos(const Vec<T, N>& x) {
  return detail::sin_quadrant(detail::Reduced<T, N>(abs(x)), 1);
}

}  // namespace gradus::simd
