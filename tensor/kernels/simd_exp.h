// exp and its family for simd::Vec: exp, exp2, expm1, sigmoid, tanh, sinh, cosh.
//
// All share one reduction (Cody and Waite, Software Manual for the Elementary Functions, 1980): x = n ln 2 + r with
// |r| <= ln 2 / 2, a minimax polynomial in r, and a scaling by 2^n that rounds once, so denormal results are right too.
// With AVX-512 n is a multiple of 1/32 in float, its powers come from tables in registers, and degree 3 suffices.
#pragma once
#include "gradus/tensor/kernels/simd_exp_tables.h"

namespace gradus::simd {
namespace detail {

/// n: the nearest integer to x factor; `bits` is n + offset as an integer, above which lies Format::magic_bits.
template <class T, int N>
struct Nearest {
  Vec<T, N> n;
  IntVec<T, N> bits;
  GRADUS_INLINE Nearest(const Vec<T, N>& x, double factor, int offset) {
    const T magic = Format<T>::magic + offset;
    const Vec<T, N> sum = fma(x, Vec<T, N>(factor), Vec<T, N>(magic));
    n = sum - magic;
    bits = as_int(sum);
  }
};
inline constexpr double log2e = 1.4426950408889634;

/// x - n ln 2, with ln 2 in two parts, the first of which times n is exact.
template <class T, int N>
GRADUS_INLINE Vec<T, N> minus_ln2(const Vec<T, N>& x, const Vec<T, N>& n) {
  constexpr T high = is_f32<T> ? 0.693359375 : 0.6931471805598903;
  constexpr T low = is_f32<T> ? -2.12194440e-4 : 5.497923018708371e-14;
  return fma(n, Vec<T, N>(-low), fma(n, Vec<T, N>(-high), x));
}

/// (e^r - 1 - r) / r^2 for |r| <= ln 2 / 2.
template <class T, int N>
GRADUS_INLINE Vec<T, N> exp_tail(const Vec<T, N>& r) {
  if constexpr (is_f32<T>)
    return horner(r, 0.0013783636, 0.008368857, 0.041668955, 0.1666652, 0.4999999);
  else
    return horner(r, 2.5054701590048017e-08, 2.7626580941021876e-07, 2.7557405951595727e-06, 2.480150389377084e-05,
                  0.00019841269719407978, 0.0013888888932745164, 0.008333333333389923, 0.041666666666572906,
                  0.16666666666666588, 0.5000000000000006);
}

/// The same with its error measured against e^r - 1, which is small where r is.
template <class T, int N>
GRADUS_INLINE Vec<T, N> expm1_tail(const Vec<T, N>& r) {
  if constexpr (is_f32<T>)
    return horner(r, 0.0013865173, 0.008366732, 0.0416675, 0.16666542, 0.49999997);
  else
    return horner(r, 2.0889668033648072e-09, 2.5109328612365512e-08, 2.755735265554263e-07, 2.7557243441382776e-06,
                  2.4801587237544672e-05, 0.00019841269886816768, 0.0013888888888923855, 0.008333333333321388,
                  0.04166666666666661, 0.16666666666666677, 0.5);
}

/// 2^n for n + bias > 0, from the bits of Nearest(y, bias).
template <class T, int N>
GRADUS_INLINE Vec<T, N> power_of_2(const IntVec<T, N>& bits) {
  return as_float<T>(shift_up(bits, Format<T>::digits));
}

/// p 2^(n + shift), n being Nearest(y, 2 bias): two factors, as 2^n alone may be no number.
template <class T, int N>
GRADUS_INLINE Vec<T, N> scale(const Vec<T, N>& p, const Nearest<T, N>& n, int shift = 0) {
  if constexpr (Wide512<T, N>::value) {
    return Wide512<T, N>::scale(p, shift == 0 ? n.n : Vec<T, N>(n.n + shift));
  } else {
    const IntVec<T, N> twice = n.bits + (shift - Format<T>::magic_bits), half = shift_down(twice, 1);
    return p * power_of_2<T>(half) * power_of_2<T>(twice - half);
  }
}

/// a / b where neither 1 / b nor the quotient is denormal or infinite; AVX-512 divides in 10 cycles, and in 4 by an
/// estimate of 1 / b and a step of Newton's, which pays unless there is much else to do meanwhile.
/// Error: float 0.6 ulp.
template <class T, int N>
GRADUS_INLINE Vec<T, N> over(const Vec<T, N>& a, const Vec<T, N>& b) {
  if constexpr (Wide512<T, N>::value && is_f32<T>) {
    const Vec<T, N> estimate = Wide512<T, N>::reciprocal(b), q = a * estimate;
    return fma(fma(-b, q, a), estimate, q);
  } else {
    return a / b;
  }
}

/// The larger of x and low, the smaller of x and high; NaN stays.
template <class T, int N>
GRADUS_INLINE Vec<T, N> at_least(const Vec<T, N>& x, T low) {
  if constexpr (Wide512<T, N>::value)
    return Wide512<T, N>::larger(low, x);
  else
    return select(x < low, Vec<T, N>(low), x);
}
template <class T, int N>
GRADUS_INLINE Vec<T, N> at_most(const Vec<T, N>& x, T high) {
  if constexpr (Wide512<T, N>::value)
    return Wide512<T, N>::smaller(high, x);
  else
    return select(x > high, Vec<T, N>(high), x);
}

template <class T, int N>
GRADUS_INLINE Vec<T, N> clamp(const Vec<T, N>& x, T low, T high) {
  return at_most(at_least(x, low), high);
}

/// What logarithms of exp_powers are less than i ln 2 / 32.
inline constexpr double exp_powers_less = 5.32372e-4;

/// p e^r 2^(floor(n) + Shift), p being the power that the lowest bits of `index` count: a polynomial of degree 3, as r
/// is so small.
template <int Shift = 0, int N>
GRADUS_INLINE Vec<float, N> exp_sum(const Vec<float, N>& n, const IntVec<float, N>& index, const Vec<float, N>& r) {
  using V = Vec<float, N>;
  const V p = Wide512<float, N>::entry(exp_powers, index), pr = p * r;
  return Wide512<float, N>::scale(V(fma(pr, horner(r, 0.166720659, 0.500003934, 1.0), p)),
                                  Shift == 0 ? n : V(n + Shift));
}

/// e^x 2^Shift and 2^x, where x is not so large that the result is far from all numbers.
template <int Shift = 0, int N>
GRADUS_INLINE Vec<float, N> exp_from_powers(const Vec<float, N>& x) {
  using V = Vec<float, N>;
  const V magic(Format<float>::magic / 32), sum = fma(x, V(log2e), magic), n = sum - magic;
  const V r = fma(n, V(-0.693359375), x) + fma(n, V(2.12194440e-4), V(exp_powers_less));
  return exp_sum<Shift>(n, as_int(sum), r);
}
template <int N>
GRADUS_INLINE Vec<float, N> exp2_from_powers(const Vec<float, N>& x) {
  using V = Vec<float, N>;
  const V magic(Format<float>::magic / 32), sum = x + magic, n = sum - magic;
  return exp_sum(n, as_int(sum), V(fma(V(x - n), V(0.6931471805599453), V(exp_powers_less))));
}

/// e^x 2^Shift, where e^x alone may overflow; of `high` if x is larger.
template <int Shift, class T, int N>
GRADUS_INLINE Vec<T, N> exp_shifted(const Vec<T, N>& x, T high = is_f32<T> ? 90 : 711) {
  const Vec<T, N> c = clamp<T>(x, is_f32<T> ? -105 : -747, high);
  if constexpr (is_wide<T, N>) return exp_from_powers<Shift>(c);
  const Nearest<T, N> y(c, log2e, 2 * Format<T>::bias);
  const Vec<T, N> r = minus_ln2(c, y.n);
  return scale<T, N>(1 + fma(r * r, exp_tail(r), r), y, Shift);
}

/// e^-x for x >= 0, in float a multiplication shorter than exp.
template <class T, int N>
GRADUS_INLINE Vec<T, N> exp_minus(const Vec<T, N>& x) {
  if constexpr (is_wide<T, N>) return exp_from_powers(Vec<T, N>(-at_most<T>(x, 105)));
  const Vec<T, N> a = at_most<T>(x, is_f32<T> ? 105 : 747);
  const Nearest<T, N> y(a, -log2e, 2 * Format<T>::bias);
  const Vec<T, N> r = minus_ln2(Vec<T, N>(-a), y.n);
  return scale<T, N>(fma(fma(exp_tail(r), r, Vec<T, N>(1)), r, Vec<T, N>(1)), y);
}
template <class T, int N>
GRADUS_INLINE Vec<T, N> exp_minus_abs(const Vec<T, N>& x) {
  return exp_minus(abs(x));
}

/// x = ln p + r with p = 2^n close to a power of 2^(1/32), 1 for the smallest x. `up` is p / 4, and p that of a smaller
/// n if x is large: of the largest n it would be infinite before e^x is.
template <int N>
struct TwoWayPowers {
  using V = Vec<float, N>;
  IntVec<float, N> index, exponent;
  V up, r;
  GRADUS_INLINE TwoWayPowers(const V& x, float shift) {
    const V magic(Format<float>::magic / 32 + (2 + shift)), sum = fma(x, V(log2e * (1 - 2.1e-4)), magic);
    index = as_int(sum), exponent = shift_up(index, 18);
    const V n = sum - magic;
    r = fma(n, V(-9.0580006e-6f), fma(n, V(-0.69313812f), x)) - Wide512<float, N>::entry(two_way_powers_rests, index);
    up = as_float<float>(as_int(Wide512<float, N>::entry(two_way_powers_up, index)) + exponent);
  }
  /// 1 / (4 p) for x >= 0 and shift = -2; 0 or so where it is denormal.
  GRADUS_INLINE V down() const {
    return as_float<float>(
        Wide512<float, N>::less_or_0(as_int(Wide512<float, N>::entry(two_way_powers_down, index)), exponent));
  }
};

/// e^x - 1 for x from -18 to 88.73. What is subtracted last is 0, not -0, if x is so small, and -0 stays.
template <int N>
GRADUS_INLINE Vec<float, N> expm1_from_powers(const Vec<float, N>& x) {
  using V = Vec<float, N>;
  const TwoWayPowers<N> p(x, 0);
  return fma(V(p.up * p.r), horner(p.r, 0.16671501, 0.5000041, 1.0), V(-(1 - p.up)));
}

/// sinh(x) for x >= 0, that of ln p and of r put together.
template <int N>
GRADUS_INLINE Vec<float, N> sinh_from_powers(const Vec<float, N>& x) {
  using V = Vec<float, N>;
  const TwoWayPowers<N> p(at_most<float>(x, 89.42f), -2);
  const V down = p.down(), c = p.up + down, s = p.up - down, z = p.r * p.r, line = (c + c) * p.r;
  return (s + s) + fma(z, fma(line, V(1.0 / 6), s), line);
}

}  // namespace detail

/// e^x; with AVX-512 in float from a table of powers of 2.
/// Error: float 1.01, double 1.01 ulp.
template <class T, int N>
GRADUS_INLINE Vec<T, N> exp(const Vec<T, N>& x) {
  return detail::exp_shifted<0>(x);
}

/// 2^x: as exp, with a reduction that is exact.
/// Error: float 1.02 (AVX-512: 1.01), double 1.08 ulp.
template <class T, int N>
GRADUS_INLINE Vec<T, N> exp2(const Vec<T, N>& x) {
  using namespace detail;
  const Vec<T, N> c = clamp<T>(x, is_f32<T> ? -152 : -1077, is_f32<T> ? 130 : 1026);
  if constexpr (is_wide<T, N>) return exp2_from_powers(c);
  const Nearest<T, N> y(c, 1, 2 * Format<T>::bias);
  const Vec<T, N> r = (c - y.n) * 0.6931471805599453;
  return scale<T, N>(1 + fma(r * r, exp_tail(r), r), y);
}

/// e^x - 1, accurate near 0: 2^n (e^r - 1) + (2^n - 1), halved before the last step lest 2^n overflow.
/// With AVX-512 in float from a table of powers of 2. Error: float 1.51 (AVX-512: 1.75), double 1.81 ulp.
template <class T, int N>
GRADUS_INLINE Vec<T, N> expm1(const Vec<T, N>& x) {
  using namespace detail;
  if constexpr (is_wide<T, N>) return expm1_from_powers(clamp<T>(x, -18, 88.73f));
  const Vec<T, N> c = clamp<T>(x, is_f32<T> ? -18 : -38, is_f32<T> ? 89 : 710);
  const Nearest<T, N> y(c, log2e, Format<T>::bias - 1);
  const Vec<T, N> r = minus_ln2(c, y.n), half = power_of_2<T>(y.bits);
  const Vec<T, N> result = 2 * fma(half, fma(r * r, expm1_tail(r), r), half - 0.5);
  return where(abs(x) < (is_f32<T> ? 1e-8 : 1e-17), x, result);
}

/// Logistic sigmoid 1 / (1 + e^-x) as u - u w with w = e / (1 + e), e = e^-|x| and u = 1 or, for x < 0, e:
/// nothing overflows, and the rounding of w counts only as far as w does.
/// Error: float 1.61 (AVX-512: 1.82), double 1.55 ulp.
template <class T, int N>
GRADUS_INLINE Vec<T, N> sigmoid(const Vec<T, N>& x) {
  const Vec<T, N> e = detail::exp_minus_abs(x), w = e / (1 + e), u = detail::select(x < 0, e, Vec<T, N>(1));
  return fma(-u, w, u);
}

namespace detail {
/// tanh(a + n ln 2 / 2) where that is at most ln 2 / 4 from 0: r + r^3 P(r^2), P minimax (Remez) for the relative
/// error, 2^-32 and 2^-66. The float next to ln 2 / 2 is so near, 1e-9, that r needs no second part.
template <int N>
GRADUS_INLINE Vec<float, N> tanh_near(const Vec<float, N>& a, const Vec<float, N>& n) {
  const Vec<float, N> r = fma(n, Vec<float, N>(0.34657359), a), z = r * r;
  return fma(r * z, horner(z, -0.052727028, 0.13331184, -0.33333323), r);
}
template <int N>
GRADUS_INLINE Vec<double, N> tanh_near(const Vec<double, N>& a, const Vec<double, N>& n) {
  using V = Vec<double, N>;
  const V high = fma(n, V(0.34657359027994517), a), low = n * 2.7489615093541854e-14, r = high + low, z = r * r;
  const V p = horner(z, -0.0013876119102296885, 0.003588871754628603, -0.008863154592798114, 0.02186948742844212,
                     -0.053968253960138116, 0.13333333333330513, -0.3333333333333333);
  return high + fma(r * z, p, low);
}
}  // namespace detail

/// tanh(|x|) = (u + v t) / (v + u t) with s = 2^-n, n ln 2 / 2 nearest to |x|, u = 1 - s, v = 1 + s and t the tanh of
/// the rest. From that u^2 is split off, which lies near it and hardly rounds, so that what rounds is small. With
/// AVX-512 in float from a table of polynomials. Error: float 1.88 (AVX-512: 1.31), double 1.58 ulp.
template <class T, int N>
GRADUS_INLINE Vec<T, N> tanh(const Vec<T, N>& x) {
  using namespace detail;
  using V = Vec<T, N>;
  if constexpr (is_wide<T, N>) {
    const Cell<N> cell(at_most<T>(abs(x), 9.3f), 0.625f, 20, tanh_pieces_centers);
    return bit_xor(piecewise(tanh_pieces, cell.index, cell.rest), sign_bit(x));
  }
  const V a = at_most<T>(abs(x), is_f32<T> ? 10 : 20);
  const Nearest<T, N> y(a, -2 * log2e, Format<T>::bias);
  const V s = power_of_2<T>(y.bits), u = 1 - s, v = 1 + s, t = tanh_near(a, y.n), square = u * u;
  const V rest = over(fma(t, fma(-square, u, v), s * s * u), fma(t, u, v));
  return bit_xor(square + rest, sign_bit(x));
}

namespace detail {
/// sinh(x) for |x| <= 1: x + x^3 P(x^2).
template <class T, int N>
GRADUS_INLINE Vec<T, N> sinh_small(const Vec<T, N>& x) {
  const Vec<T, N> z = x * x;
  if constexpr (is_f32<T>)
    return fma(x * z, horner(z, 2.789984e-06, 0.00019841666, 0.008333315, 0.16666667), x);
  else
    return fma(x * z,
               horner(z, 7.765922744743056e-13, 1.605699978759089e-10, 2.5052126863862455e-08, 2.7557319130344088e-06,
                      0.0001984126984153126, 0.00833333333333297, 0.16666666666666669),
               x);
}
}  // namespace detail

/// sinh(x) = h - 1 / (4 h) with h = e^|x| / 2; a polynomial for |x| <= 1.
/// With AVX-512 in float from tables of powers of 2. Error: float 1.59 (AVX-512: 1.14), double 1.60 ulp.
template <class T, int N>
GRADUS_INLINE Vec<T, N> sinh(const Vec<T, N>& x) {
  using namespace detail;
  const Vec<T, N> a = abs(x);
  if constexpr (is_wide<T, N>) return bit_xor(sinh_from_powers(a), sign_bit(x));
  const Vec<T, N> h = exp_shifted<-1>(a);
  return bit_xor(select(a < 1, sinh_small(a), Vec<T, N>(h - 0.25 / h)), sign_bit(x));
}

/// cosh(x) = h + 1 / (4 h) with h = e^|x| / 2.
/// Error: float 1.43 (AVX-512: 1.49), double 1.41 ulp.
template <class T, int N>
GRADUS_INLINE Vec<T, N> cosh(const Vec<T, N>& x) {
  const Vec<T, N> h = detail::exp_shifted<-1>(abs(x));
  return h + 0.25 / h;
}

}  // namespace gradus::simd
