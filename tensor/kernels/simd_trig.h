// sin, cos, tan and their inverses for simd::Vec.
#pragma once
#include "gradus/tensor/kernels/simd_exp.h"
#include "gradus/tensor/kernels/simd_trig_tables.h"

namespace gradus::simd {
namespace detail {

/// f(x) in the lanes with |n| >= 2.
void sin_far(const float* x, const float* n, float* y, int count);
void cos_far(const float* x, const float* n, float* y, int count);
void tan_far(const float* x, const float* n, float* y, int count);

/// x = scale n P + r with P = pi / Parts; scale n is whole or, if Half, a whole number and a half; |r| is P/2 or a
/// little more. Such is the scale that |n| < 2 where this holds.
template <int Parts, bool Half, int N>
struct Turns {
  using V = Vec<float, N>;
  static constexpr double scale = (Fused<N>::value ? 4096 : 1024) * (Parts > 2 ? Parts / 4 : 1), unit = scale / Parts;
  static constexpr double last = 1.078060505991553e-14 * unit;
  V n, most, r;
  IntVec<float, N> bits;

  GRADUS_INLINE explicit Turns(const V& x) {
    // Either the nearest whole number or, after it, 8 digits of a fraction, which all are set to 1 and then to 0.1
    // (binary). 1 more is added to the latter, as odd ones count the other way there.
    constexpr double magic = Half ? 49153 : 12582912, rest = Half ? 255. / 256 - 0.5 : 0;
    bits = as_int(V(fma(x, V(0.3183098861837907 / unit), V(magic / scale))));
    if constexpr (Half) bits = IntVec<float, N>(bits.v | 255);
    n = as_float<float>(bits) - (magic + rest) / scale;
    if constexpr (Fused<N>::value) {
      // The first difference is exact, the second rounds as r must. All parts of P are above 0, so that -0 stays.
      most = fused(n, V(-1.5099578831723193e-07 * unit), fused(n, V(-3.141592502593994 * unit), x));
      r = fused(n, V(-last), most);
    } else {
      // Products with the first three parts are exact. What the third difference loses joins the fourth part.
      const V d = fma(n, V(-0.0009675025939941406 * unit), fma(n, V(-3.140625 * unit), x));
      const V part = fma(n, V(-1.5099067240953445e-07 * unit), d);
      const V lost = fma(n, V(1.5099067240953445e-07 * unit), part - d);
      r = part - fma(n, V(5.126688136514179e-12 * unit), lost);
    }
  }
  /// (r + r w) - y for a y near both, r before its last rounding.
  GRADUS_INLINE V rest(const V& w, const V& y) const { return fused(n, V(-last), V(fma(r, w, V(most - y)))); }
  /// y with its sign turned where the whole number is odd.
  GRADUS_INLINE V signed_by_turns(const V& y) const {
    return bit_xor(y, sign_bit(as_float<float>(shift_up(bits, Half ? 23 : 31))));
  }
};

/// sin(r) for |r| <= pi/2 and a little beyond: r + r P(s) with s = r^2 - 5/4, which lies where the floats are close; P
/// minimax for the relative error, 2^-27, and above 0 for r = 0, so that -0 stays.
template <int N>
GRADUS_INLINE Vec<float, N> sin_half_turn(const Vec<float, N>& r) {
  using V = Vec<float, N>;
  const auto p = [](const V& s) __attribute__((always_inline)) {
    return horner(s, 2.600506e-06, -0.00018506433, 0.0076146415, -0.14674215, -0.19569337);
  };
  if constexpr (Fused<N>::value) {
    return fused(r, p(fused(r, r, V(-1.25))), r);
  } else {
    const V high = bit_and(r, ~0xfff), s = (high * high - 1.25) + (r - high) * (r + high);
    return fma(r, p(s), r);
  }
}

/// y with the lanes set right where x was too large for n.
template <class F, int N>
GRADUS_INLINE Vec<float, N> with_far(const Vec<float, N>& x, const Vec<float, N>& n, const Vec<float, N>& y, F f) {
  if (any_from_2(n)) [[unlikely]] {
    float lanes[N], turns[N], out[N];
    x.store(lanes);
    n.store(turns);
    y.store(out);
    f(lanes, turns, out, N);
    return Vec<float, N>::load(out);
  }
  return y;
}

/// For lanes with x above `limit`: r = x - n pi/2 with |r| <= pi/4, and n mod 4 (0 to 3). NaN for infinite x.
void reduce_large(const double* x, double* r, double* n, int count, double limit);

/// x = n pi/2 + r with |r| <= pi/4, for x >= 0; the low bits of `quadrant` are those of n. Cody and Waite's reduction,
/// whose parts of pi/2 are so short that their products with n are exact; larger arguments go lane by lane.
template <int N>
struct Reduced {
  using V = Vec<double, N>;
  V r;
  IntVec<double, N> quadrant;
  GRADUS_INLINE explicit Reduced(const V& x) {
    constexpr double limit = 1.6e6, magic = Format<double>::magic;
    V sum = fma(x, V(0.6366197723675814), V(magic)), n = sum - magic;
    r = fma(n, V(-2.0222662487959506e-21), fma(n, V(-6.077100506303966e-11), fma(n, V(-1.5707963267341256), x)));
    if (any(x > limit)) [[unlikely]] {
      double lanes[N], rest[N], turns[N];
      x.store(lanes);
      r.store(rest);
      n.store(turns);
      reduce_large(lanes, rest, turns, N, limit);
      r = V::load(rest);
      sum = V::load(turns) + magic;
    }
    quadrant = as_int(sum);
  }
};

/// sin(r) for |r| <= pi/4: r + r^3 P(r^2).
template <int N>
GRADUS_INLINE Vec<double, N> sin_small(const Vec<double, N>& r) {
  const Vec<double, N> z = r * r;
  return fma(r * z,
             horner(z, 1.5893121984965777e-10, -2.5050695644868575e-08, 2.755731329975328e-06, -0.00019841269828701618,
                    0.008333333333321072, -0.16666666666666627),
             r);
}

/// cos(r) for |r| <= pi/4: 1 - r^2 / 2 + r^4 P(r^2).
template <int N>
GRADUS_INLINE Vec<double, N> cos_small(const Vec<double, N>& r) {
  const Vec<double, N> z = r * r;
  return fma(z * z,
             horner(z, -1.1356031133899454e-11, 2.08756524757965e-09, -2.755731382292429e-07, 2.480158728761202e-05,
                    -0.001388888888887105, 0.04166666666666658),
             fma(z, Vec<double, N>(-0.5), Vec<double, N>(1)));
}

/// sin(x + shift pi/2) from the reduced x.
template <int N>
GRADUS_INLINE Vec<double, N> sin_quadrant(const Reduced<N>& x, int shift) {
  const IntVec<double, N> q = x.quadrant + shift;
  const Mask<double, N> odd((q.v & 1) != 0);
  const Vec<double, N> y = where(odd, cos_small(x.r), sin_small(x.r));
  return bit_xor(y, sign_bit(as_float<double>(shift_up(q, 62))));
}

}  // namespace detail

/// sin(x).
/// Error: float 1.83, double 1.63 ulp.
template <class T, int N>
GRADUS_INLINE Vec<T, N> sin(const Vec<T, N>& x) {
  using namespace detail;
  if constexpr (is_f32<T>) {
    const Turns<1, false, N> t(x);
    return with_far(x, t.n, t.signed_by_turns(sin_half_turn(t.r)), sin_far);
  } else {
    return bit_xor(sin_quadrant(Reduced<N>(abs(x)), 0), sign_bit(x));
  }
}

/// cos(x).
/// Error: float 1.77, double 1.76 (without fused multiply-add 2.12) ulp.
template <class T, int N>
GRADUS_INLINE Vec<T, N> cos(const Vec<T, N>& x) {
  using namespace detail;
  if constexpr (is_f32<T>) {
    const Turns<1, true, N> t(x);
    return with_far(x, t.n, t.signed_by_turns(sin_half_turn(t.r)), cos_far);
  } else {
    return sin_quadrant(Reduced<N>(abs(x)), 1);
  }
}

namespace detail {
/// tan(r) = y = r + r P(r^2 - 5/16) for x = n pi/2 + r, and -1 / y for odd n; P minimax for the relative error, 2^-28,
/// and above 0 for r = 0. What y lost by rounding joins the step of Newton's from an estimate of 1 / y.
template <int N>
GRADUS_INLINE Vec<float, N> tan_fused(const Vec<float, N>& x) {
  using V = Vec<float, N>;
  const Turns<2, false, N> t(x);
  const V p = horner(fused(t.r, t.r, V(-0.3125)), 0.004474702, 0.009730835, 0.01996559, 0.04300988, 0.09276033,
                     0.20007163, 0.43564525, 0.11907329);
  const V y = fused(t.r, p, t.r), lost = t.rest(p, y);
  V e;
  if constexpr (Wide512<float, N>::value)
    e = Wide512<float, N>::reciprocal(y);
  else
    e = 1 / y;
  const V excess = fma(lost, e, fused(y, e, V(-1)));
  const Mask<float, N> odd((t.bits.v & 1) != 0);
  return with_far(x, t.n, select(odd, V(fma(excess, e, -e)), y), tan_far);
}

/// tan(x) from a table of y = tan(c + r) for x = n pi/64 + r, c being from -pi/4 to pi/4 and n pi/64 but for a multiple
/// of pi/2; -1 / y where that is odd, by an estimate and a step of Newton's, for which y is a sum of two parts,
/// unrounded.
template <int N>
GRADUS_INLINE Vec<float, N> tan_in_parts(const Vec<float, N>& x) {
  using V = Vec<float, N>;
  using W = Wide512<float, N>;
  const Turns<64, false, N> t(x);
  // Copies, for GCC stores what it passes or returns by reference, as there may be a call.
  const auto once = [](const V& a, const V& b, const V& c) __attribute__((always_inline)) {
    return V(fused(V(a.v), V(b.v), V(c.v)).v);
  };
  const IntVec<float, N> bits(t.bits.v);
  const V n(t.n.v), r(t.most.v), center = entry(tan_centers, bits), most = center + r;
  const V low = once(n, V(-Turns<64, false, N>::last), entry(tan_pieces[4], bits));
  const V rest =
      fma(r, V(piecewise_slope(tan_pieces, IntVec<float, N>(bits.v), V(r.v)).v), low + (r - (most - center)));
  const V y = most + rest, e(W::reciprocal(V(y.v)).v);
  const Mask<float, N> odd(((bits.v + 16) & 32) != 0);
  const V turned = fma(fma(rest, e, once(most, e, V(-1))), e, -e);
  return with_far(x, V(n.v), select(odd, V(turned.v), V(y.v)), tan_far);
}

/// The same for 16 floats of any size.
void tan_lanes(const float* x, float* y);

/// tan(x) = (S C + K r) / (K C - S r) for x = n pi/32 + r, with S / K = tan(n pi/32) from tables and r / C = tan(r).
/// Next to multiples of pi/2 n is the one of that: n pi/32 has no rounded tangent there, and S r and K r are exact.
/// Beyond 200 some floats are so close to a pole that r, rounded twice, is not close enough.
template <int N>
GRADUS_INLINE Vec<float, N> tan_wide(const Vec<float, N>& x) {
  using V = Vec<float, N>;
  constexpr double scale = 1024, unit = scale / 32;  // |n| < 2 up to 201
  const IntVec<float, N> bits(as_int(V(fma(x, V(0.3183098861837907 / unit), V(12582912 / scale)))).v);
  const V n(V(as_float<float>(bits) - entry(tan_magic, bits)).v);
  if (any_from_2(n)) [[unlikely]]
    return out_of_line(tan_lanes, x);
  const V most(fused(n, V(-1.5099578831723193e-07 * unit), fused(n, V(-3.141592502593994 * unit), x)).v);
  const V r(fused(n, V(-1.078060505991553e-14 * unit), V(most.v)).v);
  const V sine = entry(tan_sines, bits), cosine = entry(tan_cosines, bits);
  const V square = most * most, c = fma(square, fma(square, V(0.022287294), V(0.33333287)), V(-1));  // -C
  return Wide512<float, N>::fused_minus(sine, c, V(cosine * r)) / fused(cosine, c, V(sine * r));
}
}  // namespace detail

/// tan(x). double: sin(r) / cos(r), or -cos(r) / sin(r) in odd quadrants.
/// Error: float 1.90 (AVX-512: 1.92), double 3.63 ulp.
template <class T, int N>
GRADUS_INLINE Vec<T, N> tan(const Vec<T, N>& x) {
  using namespace detail;
  if constexpr (is_f32<T>) {
    if constexpr (is_wide<T, N>)
      return tan_wide(x);
    else if constexpr (Fused<N>::value)
      return tan_fused(x);
    else
      return in_double(
          [](const auto& v) __attribute__((always_inline)) { return tan(v); }, x);
  } else {
    const Reduced<N> a(abs(x));
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

/// atan(q) from the atan of 1 / q where `steep`: pi/2 - atan(1 / q).
template <class T, int N>
GRADUS_INLINE Vec<T, N> atan_turned(const Mask<T, N>& steep, const Vec<T, N>& inverse) {
  return select(steep, Vec<T, N>(T(1.5707963267948966) - (inverse - half_pi_low<T>)), inverse);
}

/// u^(1/2) for 0 <= u <= 1: an estimate, and what a step of Newton's adds to it. An addition too small for other
/// numbers makes no infinite estimate of 0.
template <int N>
struct Root {
  Vec<float, N> most, rest;
  GRADUS_INLINE explicit Root(const Vec<float, N>& u) {
    const Vec<float, N> half(Wide512<float, N>::reciprocal_root(fma(u, Vec<float, N>(4), Vec<float, N>(1e-30))).v);
    most = (u + u) * half;
    rest = fma(-most, most, u) * half;
  }
};

/// asin(a) for a >= 0: a + a P(a) below 1/2, pi/2 + u^(1/2) P(a) from 1/2 up, with u = 1 - a.
template <int N>
GRADUS_INLINE Vec<float, N> asin_wide(const Vec<float, N>& a) {
  using V = Vec<float, N>;
  const Root<N> root(V(1 - a));
  const CellBelow<N> cell(V(a.v), 1.0f / 32, asin_pieces_centers);
  const V p = piecewise(asin_pieces, cell.index, cell.rest), zero = 0;
  const auto inner = a < 0.5;
  const V rest = fma(select(inner, zero, root.rest), p, select(inner, zero, V(half_pi_low<float>)));
  return fma(select(inner, a, root.most), p, select(inner, a, V(1.5707963267948966))) + rest;
}

/// acos(x) = u^(1/2) P(|x|), or pi less that for x < 0, with u = 1 - |x|.
template <int N>
GRADUS_INLINE Vec<float, N> acos_wide(const Vec<float, N>& x) {
  using V = Vec<float, N>;
  const V a = abs(x), zero = 0;
  const Root<N> root(V(1 - a));
  const CellBelow<N> cell(V(a.v), 1.0f / 32, acos_pieces_centers);
  const V p = bit_xor(piecewise(acos_pieces, cell.index, cell.rest), sign_bit(x));
  const auto negative = signbit(x);
  const V rest = fma(root.rest, p, select(negative, V(2 * half_pi_low<float>), zero));
  return fma(root.most, p, select(negative, V(3.141592653589793), zero)) + rest;
}

/// atan(a) for a >= 0 from a table of atan(a) below 1 and of pi/2 - atan(1 / a) from 1 up.
template <int N>
GRADUS_INLINE Vec<float, N> atan_wide(const Vec<float, N>& a) {
  using V = Vec<float, N>;
  const V y = Wide512<float, N>::reciprocal(a), error = fma(at_most<float>(a, 1e30f), y, V(-1));
  const CellBelow<N> cell(select(a < 1, a, fma(error, y, V(-1e-30) - y)), 1.0f / 16, atan_pieces_centers);
  return piecewise(atan_pieces, cell.index, cell.rest);
}

}  // namespace detail

/// asin(x); NaN beyond [-1, 1].
/// Error: float 1.10 (AVX-512: 1.69), double 1.10 ulp.
template <class T, int N>
GRADUS_INLINE Vec<T, N> asin(const Vec<T, N>& x) {
  using namespace detail;
  const Vec<T, N> a = abs(x);
  if constexpr (is_wide<T, N>) return bit_xor(asin_wide(a), sign_bit(x));
  const AsinParts<T, N> p(a);
  const Vec<T, N> half_pi(T(1.5707963267948966)), h = half_pi - 2 * p.s, lost = (half_pi - h) - 2 * p.s;
  const Vec<T, N> outer = h + (lost - (2 * p.tail - half_pi_low<T>));
  return copysign(where(a > 0.5, outer, p.s + p.tail), x);
}

/// acos(x) = pi/2 - asin(x) up to 1/2, 2 asin(s) above, pi - 2 asin(s) below -1/2; NaN beyond [-1, 1].
/// Error: float 1.04 (AVX-512: 1.94), double 1.11 ulp.
template <class T, int N>
GRADUS_INLINE Vec<T, N> acos(const Vec<T, N>& x) {
  using namespace detail;
  const Vec<T, N> a = abs(x);
  if constexpr (is_wide<T, N>) return acos_wide(x);
  const AsinParts<T, N> p(a);
  const Vec<T, N> twice = 2 * (p.s + p.tail);
  const Vec<T, N> outer = where(x < 0, T(3.141592653589793) - (twice - 2 * half_pi_low<T>), twice);
  const Vec<T, N> inner = copysign(p.s + p.tail, x) - half_pi_low<T>;
  return where(a > 0.5, outer, T(1.5707963267948966) - inner);
}

/// atan(x).
/// Error: float 1.31 (AVX-512: 1.45), double 1.66 ulp.
template <class T, int N>
GRADUS_INLINE Vec<T, N> atan(const Vec<T, N>& x) {
  using namespace detail;
  const Vec<T, N> a = abs(x);
  if constexpr (is_wide<T, N>) return bit_xor(atan_wide(a), sign_bit(x));
  const Mask<T, N> steep = a > 1;
  const Vec<T, N> below_1 = select(steep, Vec<T, N>(1 / a), a);
  return bit_xor(atan_turned(steep, atan_small(below_1)), sign_bit(x));
}

namespace detail {
/// atan2(y, x) from the quotient of their sizes, at most 1.
template <class T, int N>
GRADUS_INLINE Vec<T, N> atan2_any(const Vec<T, N>& y, const Vec<T, N>& x) {
  using V = Vec<T, N>;
  const V ay = abs(y), ax = abs(x), either = ay + ax;
  const Mask<T, N> steep = ay > ax;
  const V less = select(steep, ax, ay), more = at_least<T>(select(steep, ay, ax), std::numeric_limits<T>::denorm_min());
  // The quotient of two infinities is 1, that of two zeros 0.
  const V quotient = select(less == inf<T>, V(1), V(less / more)), angle = atan_turned(steep, atan_small(quotient));
  const V turned = select(signbit(x), V(T(3.141592653589793) - (angle - 2 * half_pi_low<T>)), angle);
  return select(either == either, V(bit_xor(turned, sign_bit(y))), either);
}

/// y = atan2(y, x) for 16 floats of any kind.
void atan2_lanes(float* y, const float* x);

/// The same with a table of atan for the quotient; NaN, two zeros and two infinities out of line.
template <int N>
GRADUS_INLINE Vec<float, N> atan2_wide(const Vec<float, N>& y, const Vec<float, N>& x) {
  using V = Vec<float, N>;
  using W = Wide512<float, N>;
  const V ay = abs(y), ax = abs(x), q(V(W::smaller(ax, ay) / W::larger(ay, ax)).v);  // NaN of each
  if (W::any_nan(q)) [[unlikely]] {
    float from[N], to[N];
    x.store(from);
    y.store(to);
    atan2_lanes(to, from);
    return V::load(to);
  }
  // atan(q), or pi / 2 less that, or pi less that: the sign turns once for a steep line and once for x below 0.
  const IntVec<float, N> index = as_int(V(fma(q, V(31), V(Format<float>::magic))));
  const V a = piecewise(atan2_pieces, index, V(q - entry(atan2_pieces_centers, index)));
  const V off = ax - ay, half_turn = bit_and(as_float<float>(IntVec<float, N>(as_int(x).v >> 31)), 0x40490fdb);
  const V turn = select(off < 0, V(1.5707963267948966), half_turn);
  return bit_xor(V(bit_xor(bit_xor(a, sign_bit(x)), sign_bit(off)) + turn), sign_bit(y));
}
}  // namespace detail

/// The angle of the point (x, y), in [-pi, pi], with the special values of C.
/// Error: float 1.49 (AVX-512: 1.60), double 1.67 ulp.
template <class T, int N>
GRADUS_INLINE Vec<T, N> atan2(const Vec<T, N>& y, const Other<T, N>& x) {
  if constexpr (detail::is_wide<T, N>)
    return detail::atan2_wide(y, x);
  else
    return detail::atan2_any<T, N>(y, x);
}
template <class T, int N, Number<T> A>
GRADUS_INLINE Vec<T, N> atan2(const A& y, const Vec<T, N>& x) {
  return atan2(Vec<T, N>(y), x);
}

}  // namespace gradus::simd
