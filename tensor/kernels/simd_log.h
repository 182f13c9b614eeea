// log and its family for simd::Vec: log, log2, log10, log1p, asinh, acosh, atanh.
//
// x = 2^e m. float: m in [3/4, 3/2), then a polynomial in f = m - 1. double: m in [sqrt(1/2), sqrt(2)), then a series
// in s = f / (2 + f), as log(1 + f) = 2 atanh(s), which converges faster where a division is cheaper than terms
// (fdlibm).
#pragma once
#include "gradus/tensor/kernels/simd_exp.h"
#include "gradus/tensor/kernels/simd_log_tables.h"

namespace gradus::simd {
namespace detail {

/// x = 2^e m for x > 0; `biased` is e + bias as an integer.
template <class T, int N>
struct Split {
  Vec<T, N> m, e;
  IntVec<T, N> biased;
  GRADUS_INLINE explicit Split(const Vec<T, N>& x) {
    using F = Format<T>;
    using I = int_of<T>;
    constexpr I one = I(F::bias) << F::digits;
    constexpr I lowest = is_f32<T> ? I(0x3f400000) : I(0x3fe6a09e667f3bcd);
    biased = shift_down(IntVec<T, N>(as_int(x) + (one - lowest)), F::digits);
    m = as_float<T>(IntVec<T, N>(as_int(x) - shift_up(biased, F::digits) + one));
    // An integer below 2^digits is the fraction of the number 2^digits + integer.
    constexpr I whole = I(F::bias + F::digits) << F::digits;
    e = as_float<T>(IntVec<T, N>(biased + whole)) - T((I(1) << F::digits) + F::bias);
  }
};

/// The same where x may be denormal: scaled up before, corrected after.
template <class T, int N>
GRADUS_INLINE Split<T, N> split_any(const Vec<T, N>& x) {
  constexpr int up = Format<T>::digits + 1;
  const Mask<T, N> tiny = x < (std::numeric_limits<T>::min)();
  Split<T, N> s(where(tiny, x * T(int_of<T>(1) << up), x));
  s.e = where(tiny, s.e - up, s.e);
  return s;
}

/// (2 atanh(s) / s - 2) / s^2 in z = s^2.
template <int N>
GRADUS_INLINE Vec<double, N> atanh_tail(const Vec<double, N>& z) {
  return horner(z, 0.1328806990369011, 0.13246551505086915, 0.15387220106163513, 0.18181773615729138,
                0.2222222265662696, 0.2857142856916838, 0.40000000000005326, 0.6666666666666666);
}

/// log(1 + f) in float: f + f^2 P(f) with P minimax (Remez) for the relative error, 2^-27.
template <int N>
GRADUS_INLINE Vec<float, N> log_near_1(const Vec<float, N>& f) {
  using V = Vec<float, N>;
  const V z = f * f, even = horner(z, -0.0449094, -0.13162230, -0.16647768, -0.25000055, -0.5);
  return fma(z, fma(horner(z, 0.10448310, 0.14482065, 0.19990607, 0.33333453), f, even), f);
}

/// e ln 2 + log(1 + f). float: with ln 2 in two parts above 0, so that an infinite e stays what it is.
template <class T, int N>
GRADUS_INLINE Vec<T, N> log_sum(const Vec<T, N>& e, const Vec<T, N>& f) {
  if constexpr (is_f32<T>) {
    return fma(e, Vec<T, N>(0.693145751953125), fma(e, Vec<T, N>(1.428606765330187e-06), log_near_1(f)));
  } else {
    const Vec<T, N> s = f / (2 + f), z = s * s, half = 0.5 * f * f;
    const Vec<T, N> low = fma(s, fma(z, atanh_tail(z), half), e * 5.497923018708371e-14);
    return fma(e, Vec<T, N>(0.6931471805598903), f - (half - low));
  }
}

/// The values where y, a logarithm of x, is not computed: x = inf, 0, below 0 and NaN.
template <class T, int N>
GRADUS_INLINE Vec<T, N> log_ends(const Vec<T, N>& x, const Vec<T, N>& y) {
  if constexpr (is_wide<T, N>) {
    return Wide512<T, N>::template special<0x03530422>(x, y);
  } else {
    const Vec<T, N> low = where(x == 0, -inf<T>, Vec<T, N>(nan<T>));
    return where(x > 0, where(x == inf<T>, x, y), low);
  }
}

}  // namespace detail

/// Natural logarithm.
/// Error: float 1.09, double 0.80 ulp.
template <class T, int N>
GRADUS_INLINE Vec<T, N> log(const Vec<T, N>& x) {
  using namespace detail;
  if constexpr (is_wide<T, N>) {
    const Vec<T, N> m = Wide512<T, N>::mantissa(x), e = Wide512<T, N>::exponent(x) - Wide512<T, N>::exponent(m);
    return log_ends(x, log_sum(e, Vec<T, N>(m - 1)));
  } else {
    const auto s = split_any(x);
    return log_ends(x, log_sum(s.e, Vec<T, N>(s.m - 1)));
  }
}

/// log(1 + x), accurate near 0: with 1 + x = 2^e m, f = x 2^-e + (2^-e - 1) loses nothing that 1 + x would.
/// Error: float 1.27, double 0.95 ulp.
template <class T, int N>
GRADUS_INLINE Vec<T, N> log1p(const Vec<T, N>& x) {
  using namespace detail;
  using F = Format<T>;
  const Vec<T, N> u = 1 + x;
  if constexpr (is_wide<T, N>) {
    // Signs are such that -0 stays -0.
    const IntVec<T, N> minus_e((0x3fbfffff - as_int(u).v) & ~0x7fffff);
    const Vec<T, N> down = as_float<T>(IntVec<T, N>(minus_e + 0x3f800000)), f = x * down - (1 - down), twice = u + u;
    const Vec<T, N> y = fma(Wide512<T, N>::whole(minus_e), Vec<T, N>(-0.6931471805599453 / (1 << 23)), log_near_1(f));
    if (Wide512<T, N>::any_special(twice + twice)) [[unlikely]]
      return where(u > 0, where(u < 8e37f, y, log(u)), log(u));
    return y;
  } else {
    const Split<T, N> s(u);
    const Vec<T, N> down = power_of_2<T>(IntVec<T, N>(2 * F::bias - s.biased));
    const Vec<T, N> f = where(x > T(int_of<T>(1) << (F::digits + 2)), s.m - 1, fma(x, down, down - 1));
    return where(x == 0, x, log_ends(u, log_sum(s.e, f)));
  }
}

namespace detail {

/// log(1 + f) as a sum whose first part has 21 digits, so that its product with a 32-digit constant is exact.
template <int N>
struct LogParts {
  Vec<double, N> high, low;
  GRADUS_INLINE explicit LogParts(const Vec<double, N>& f) {
    const Vec<double, N> s = f / (2 + f), z = s * s, half = 0.5 * f * f;
    high = bit_and(f - half, ~((int64_t(1) << 32) - 1));
    low = ((f - high) - half) + s * fma(z, atanh_tail(z), half);
  }
};

/// (log(1 + f) + e ln 2) / ln b, from 1 / ln b and log_b 2 in two parts each.
template <int N>
GRADUS_INLINE Vec<double, N> log_base(const Vec<double, N>& x, double unit, double unit_low, double two,
                                      double two_low) {
  using V = Vec<double, N>;
  const Split<double, N> s = split_any(x);
  const LogParts<N> l(V(s.m - 1));
  const V e = s.e * two, high = l.high * unit, sum = e + high;
  const V low = fma(s.e, V(two_low), fma(l.low + l.high, V(unit_low), l.low * unit));
  return log_ends(x, V(sum + (low + ((e - sum) + high))));
}

/// Both logarithms of m 2^e in float: the leading terms of f = m - 1 and e have few digits, so that their sum hardly
/// rounds, and the rest is small. P is minimax (Remez) for the relative error, 2^-27.
template <int N>
GRADUS_INLINE Vec<float, N> log2_sum(const Vec<float, N>& e, const Vec<float, N>& f) {
  const Vec<float, N> p = horner(f, -0.06661425, 0.15128058, -0.1886388, 0.20833586, -0.24025632, 0.2884654,
                                 -0.36067423, 0.48089823, -0.7213475, 0.44269505);
  return fma(f, p, e + f);
}
template <int N>
GRADUS_INLINE Vec<float, N> log10_sum(const Vec<float, N>& e, const Vec<float, N>& f) {
  using V = Vec<float, N>;
  const V p = horner(f, -0.019812446, 0.04538572, -0.05686274, 0.062778704, -0.072324134, 0.08683136, -0.10857342,
                     0.14476493, -0.21714725, -0.065705515);
  return fma(e, V(0.30078125), 0.5 * f) + fma(f, p, e * 0.00024874567);
}

/// The sum of x = m 2^e for any x.
template <int N, class F>
GRADUS_INLINE Vec<float, N> log_of(const Vec<float, N>& x, const F& sum) {
  using V = Vec<float, N>;
  if constexpr (is_wide<float, N>) {
    // 0 and inf come out right by themselves: e is -inf and inf.
    const V m = Wide512<float, N>::mantissa(x), e = Wide512<float, N>::exponent(x) - Wide512<float, N>::exponent(m);
    return log_ends(x, sum(e, V(m - 1)));
  } else {
    const auto s = split_any(x);
    return log_ends(x, V(sum(s.e, V(s.m - 1))));
  }
}

}  // namespace detail

/// Binary logarithm.
/// Error: float 1.23, double 0.77 ulp.
template <class T, int N>
GRADUS_INLINE Vec<T, N> log2(const Vec<T, N>& x) {
  using namespace detail;
  if constexpr (is_f32<T>)
    return log_of(
        x, [](const auto& e, const auto& f) __attribute__((always_inline)) { return log2_sum(e, f); });
  else
    return log_base(x, 1.4426950407214463, 1.6751713164886512e-10, 1, 0);
}

/// Decimal logarithm.
/// Error: float 1.61, double 0.63 ulp.
template <class T, int N>
GRADUS_INLINE Vec<T, N> log10(const Vec<T, N>& x) {
  using namespace detail;
  if constexpr (is_f32<T>)
    return log_of(
        x, [](const auto& e, const auto& f) __attribute__((always_inline)) { return log10_sum(e, f); });
  else
    return log_base(x, 0.43429448176175356, 1.414982685385801e-10, 0.3010299955494702, 1.1451100898021838e-10);
}

// ---- log(1 + e^x) and what is made of it ------------------------------------------------------------------------

namespace detail {

/// m + log(1 + e), or m - log(1 + e), for e from 0 to 1. float: the logarithm is e + e^2 P(e) with P minimax (Remez)
/// for the relative error, 2^-27; its curved part is added first, as it rounds least.
template <int Sign, class T, int N>
GRADUS_INLINE Vec<T, N> log1p_onto(const Vec<T, N>& m, const Vec<T, N>& e) {
  if constexpr (is_f32<T>) {
    const Vec<T, N> z = e * e;
    const Vec<T, N> p = horner(e, -0.0033065376, 0.020150332, -0.057561528, 0.10670013, -0.15349098, 0.19693193,
                               -0.24958156, 0.3333047, -0.4999993);
    return fma(Sign * z, p, m) + Sign * e;
  } else {
    return m + Sign * log1p(e);
  }
}

/// The last float in the table of log(1 + e^-x).
inline constexpr float softplus_limit = 15.749999f;

/// log(1 + e^-a) for a >= 0 on AVX-512, by a table up to that. Beyond, where it is e - e^2 / 2 with e = e^-a, only if
/// any of `inside`, a number that is below 0 where it matters there, is.
template <int N>
GRADUS_INLINE Vec<float, N> log1p_exp_minus(const Vec<float, N>& a, const Vec<float, N>& inside) {
  using V = Vec<float, N>;
  const Cell<N> cell(at_most<float>(a, softplus_limit), 0.5f);
  const V y = piecewise(softplus_pieces, cell.index, cell.rest);
  if (Wide512<float, N>::any_below_0(inside)) [[unlikely]] {
    const V e = exp_minus_abs(a);
    return select(a > softplus_limit, V(fma(e * e, V(-0.5), e)), y);
  }
  return y;
}

}  // namespace detail

/// m + log(1 + e^-|x|); m = max(x, 0) makes it softplus(x).
template <class T, int N>
GRADUS_INLINE Vec<T, N> add_softplus_rest(const Vec<T, N>& m, const Vec<T, N>& x) {
  using namespace detail;
  if constexpr (is_wide<T, N>) {
    const Vec<T, N> a = abs(x);
    return m + log1p_exp_minus(a, Vec<T, N>(softplus_limit - a));
  } else {
    return log1p_onto<1>(m, exp_minus_abs(x));
  }
}

/// log(1 + e^x).
/// Error: float 1.96 (AVX-512: 1.22), double 1.65 ulp.
template <class T, int N>
GRADUS_INLINE Vec<T, N> softplus(const Vec<T, N>& x) {
  using namespace detail;
  if constexpr (is_wide<T, N>)
    return at_least<T>(x, 0) + log1p_exp_minus(abs(x), Vec<T, N>(softplus_limit + x));
  else
    return add_softplus_rest(at_least<T>(x, 0), x);
}

/// -log(1 + e^-x).
/// Error: float 1.96 (AVX-512: 1.22), double 1.61 ulp.
template <class T, int N>
GRADUS_INLINE Vec<T, N> log_sigmoid(const Vec<T, N>& x) {
  using namespace detail;
  if constexpr (is_wide<T, N>)
    return at_most<T>(x, 0) - log1p_exp_minus(abs(x), Vec<T, N>(softplus_limit - x));
  else
    return log1p_onto<-1>(at_most<T>(x, 0), exp_minus_abs(x));
}

namespace detail {
/// a - b, but 0 of equal infinities.
template <class T, int N>
GRADUS_INLINE Vec<T, N> apart(const Vec<T, N>& a, const Vec<T, N>& b) {
  return select(a == b, Vec<T, N>(0), Vec<T, N>(a - b));
}
}  // namespace detail

/// log(e^a + e^b) without overflow.
/// Error where a, b >= 0: float 1.9, double 1.6 ulp.
template <class T, int N>
GRADUS_INLINE Vec<T, N> logaddexp(const Vec<T, N>& a, const Vec<T, N>& b) {
  return add_softplus_rest(detail::select(a > b, a, b), detail::apart(a, b));
}

/// log2(2^a + 2^b) without overflow.
/// Error where a, b >= 0: float 1.92, double 1.53 ulp.
template <class T, int N>
GRADUS_INLINE Vec<T, N> logaddexp2(const Vec<T, N>& a, const Vec<T, N>& b) {
  const Vec<T, N> rest = detail::log1p_onto<1>(Vec<T, N>(0), exp2(-abs(detail::apart(a, b))));
  return fma(rest, Vec<T, N>(detail::log2e), detail::select(a > b, a, b));
}

// ---- inverse hyperbolic functions -----------------------------------------------------------------------------

namespace detail {

/// Above 2^60 a float x has an infinite square; 2 x = 8 (x / 4), where that quotient has an exponent.
inline constexpr float large_float = 1152921504606846976.0f;

template <int N>
GRADUS_INLINE Vec<float, N> asinh_positive(const Vec<float, N>& a) {
  using V = Vec<float, N>;
  const auto large = a > large_float;
  const V z = a * a, w = select(large, V(a * 0.25), V(a + z / (1 + sqrt(1 + z))));
  // 1 + w = 2^e m with m from about 3/4 to 3/2; 2/3 of it have the exponent e - 1.
  const IntVec<float, N> part = as_int(bit_and(fma(w, V(2.0 / 3), V(2.0 / 3)), 0x7f800000));
  const V down = as_float<float>(IntVec<float, N>(0x7e800000 - part));
  const V minus_e = (8388608 + 126) - as_float<float>(IntVec<float, N>(shift_down(part, 23) + 0x4b000000));
  return log_sum(V(select(large, V(3), V(0)) - minus_e), V(w * down - (1 - down)));
}

/// Which half of an octave from 2^-4 up.
template <int N>
GRADUS_INLINE IntVec<float, N> half_octave(const Vec<float, N>& x) {
  return shift_down(Wide512<float, N>::template above<0x3d800000>(as_int(x)), 22);
}

/// asinh(a) for a >= 0 from a table up to 2^12, log(a) + ln 2 above.
template <int N>
GRADUS_INLINE Vec<float, N> asinh_wide(const Vec<float, N>& a) {
  using V = Vec<float, N>;
  using W = Wide512<float, N>;
  const IntVec<float, N> index = half_octave(a);
  const V rest = a - W::entry(asinh_pieces_centers, index), slope = paired_slope(asinh_pieces, index, rest);
  const V y = fma(rest, slope, W::entry(asinh_pieces[6], index));
  constexpr float last = 4095.9998f;
  if (W::any_below_0(last - a)) [[unlikely]]
    return select(a > last, V(log(a) + 0.6931471805599453), y);
  return y;
}

/// acosh(x) = t^(1/2) P(t) with t = x - 1 up to 2^12, log(x) + ln 2 above. The unit of roots works beside the others.
template <int N>
GRADUS_INLINE Vec<float, N> acosh_wide(const Vec<float, N>& x) {
  using V = Vec<float, N>;
  using W = Wide512<float, N>;
  const V t = x - 1;
  const IntVec<float, N> index = half_octave(t);
  const V rest = t - W::entry(acosh_pieces_centers, index), slope = piecewise_slope(acosh_pieces, index, rest);
  // P is not rounded: its constant, exact, and the rest are multiplied by the root apart.
  const V root = sqrt(t), r = fused(root, W::entry(acosh_pieces[6], index), V(V(root * rest) * slope));
  if (W::any_below_0(4096 - x)) [[unlikely]]
    return select(x > 4096.0f, V(log(x) + 0.6931471805599453), r);
  return r;
}

/// atanh(a) = e ln 2 / 2 + atanh(s) with n = 2^e from 3/4 to 3/2 over 1 - a, which is `rest`, and
/// s = (1 + a - n (1 - a)) / (1 + a + n (1 - a)); atanh(s) is s + s^3 P(s^2), P minimax for the relative error, 2^-27.
template <int N>
GRADUS_INLINE Vec<float, N> atanh_positive(const Vec<float, N>& a, const Vec<float, N>& rest) {
  using V = Vec<float, N>;
  const V more = rest * (4.0 / 3);
  const IntVec<float, N> part = as_int(bit_and(more, 0x7f800000));
  const V n = as_float<float>(IntVec<float, N>(0x7f000000 - part));
  const V e = as_float<float>(IntVec<float, N>(shift_down(part, 23) + 0x4b000000)) - (8388608 + 127);
  const V s = over(V(fma(a, n, 1 - n) + a), fma(n, rest, 1 + a)), z = s * s;
  const V tail = fma(s * z, horner(z, 0.15940557, 0.09367595, 0.14475939, 0.19991148, 0.33333465), s);
  return fma(e, V(-0.3465728759765625), fma(e, V(-7.143033826650935e-07), tail));
}

/// atanh(a) = atanh(c) + atanh(s) for a >= 0 with c from a table and s = (a - c) / (1 - a c); atanh(s) is s + s^3
/// P(s^2), P minimax for its part of the last place. Beyond the table (log(2 - u) - log(u)) / 2 with u = 1 - a.
template <int N>
GRADUS_INLINE Vec<float, N> atanh_wide(const Vec<float, N>& a) {
  using V = Vec<float, N>;
  using W = Wide512<float, N>;
  const V u = 1 - a;
  const IntVec<float, N> index = shift_down(IntVec<float, N>(as_int(u) + (1 << 21)), 22);
  const V minus_c = W::entry(atanh_minus_centers, index), s = (a + minus_c) / fused(minus_c, a, V(1)), z = s * s;
  const V y = fma(s * z, fma(z, V(0.2037), V(0.333312)), s) + W::entry(atanh_at_centers, index);
  constexpr float last = 0.99998f;
  if (W::any_below_0(last - a)) [[unlikely]]
    return select(a > last, V(fma(u, fma(u, V(-0.0625), V(-0.25)), 0.34657359 - 0.5 * log(u))), y);
  return y;
}

}  // namespace detail

/// asinh(x) = log1p(|x| + x^2 / (1 + sqrt(x^2 + 1))) with the sign of x, or log(|x|) + ln 2 for large |x|; on AVX-512 a
/// polynomial for each half of an octave.
/// Error: float 1.86 (AVX-512: 1.05), double 1.70 ulp.
template <class T, int N>
GRADUS_INLINE Vec<T, N> asinh(const Vec<T, N>& x) {
  using namespace detail;
  const Vec<T, N> a = abs(x);
  if constexpr (is_wide<T, N>) {
    return bit_xor(asinh_wide(a), sign_bit(x));
  } else if constexpr (is_f32<T>) {
    return bit_xor(where(a < inf<T>, asinh_positive(a), a), sign_bit(x));
  } else {
    const Vec<T, N> z = a * a;
    const auto large = a > 268435456.0;
    const Vec<T, N> y = log1p(where(large, a - 1, a + z / (1 + sqrt(z + 1))));
    return copysign(y + where(large, 0.6931471805599453, Vec<T, N>(0)), x);
  }
}

/// acosh(x) = log1p(t + sqrt(2 t + t^2)) with t = x - 1, or log(x) + ln 2 for large x; float in double, but on AVX-512.
/// Error: float 1.87 (AVX-512: 1.95), double 2.08 ulp.
template <class T, int N>
GRADUS_INLINE Vec<T, N> acosh(const Vec<T, N>& x) {
  using namespace detail;
  if constexpr (is_wide<T, N>) {
    return acosh_wide(x);
  } else if constexpr (is_f32<T>) {
    return in_double(
        [](const auto& v) __attribute__((always_inline)) { return acosh(v); }, x);
  } else {
    const auto large = x > 268435456.0;
    const Vec<T, N> t = x - 1, y = log1p(where(large, t, t + sqrt(2 * t + t * t)));
    return where(x < 1, nan<T>, y + where(large, 0.6931471805599453, Vec<T, N>(0)));
  }
}

/// atanh(x) = log1p(2 |x| / (1 - |x|)) / 2 with the sign of x.
/// Error: float 1.61 (AVX-512: 1.64), double 1.96 ulp.
template <class T, int N>
GRADUS_INLINE Vec<T, N> atanh(const Vec<T, N>& x) {
  using namespace detail;
  const Vec<T, N> a = abs(x), rest = 1 - a;
  if constexpr (is_wide<T, N>) {
    return bit_xor(atanh_wide(a), sign_bit(x));
  } else if constexpr (is_f32<T>) {
    const Vec<T, N> beyond = where(rest == 0, inf<T>, Vec<T, N>(nan<T>));
    return bit_xor(where(rest > 0, atanh_positive(a, rest), beyond), sign_bit(x));
  } else {
    return copysign(0.5 * log1p((a + a) / rest), x);
  }
}

}  // namespace gradus::simd
