// log and its family for simd::Vec: log, log2, log10, log1p, asinh, acosh, atanh.
//
// x = 2^e m. float: m in [3/4, 3/2), then a polynomial in f = m - 1. double: m in [sqrt(1/2), sqrt(2)), then a series
// in s = f / (2 + f), as log(1 + f) = 2 atanh(s), which converges faster where a division is cheaper than terms
// (fdlibm).
#pragma once
#include "gradus/tensor/kernels/simd_exp.h"

namespace gradus::simd {
namespace detail {

/// Has Wide512 all of its instructions for it?
template <class T, int N>
inline constexpr bool is_wide = is_f32<T>&& Wide512<T, N>::value;

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

/// e ln 2 + log(1 + f). float: f + f^2 P(f) with P minimax (Remez) for the relative error, 2^-27, and ln 2 in two parts
/// above 0, so that an infinite e stays what it is.
template <class T, int N>
GRADUS_INLINE Vec<T, N> log_sum(const Vec<T, N>& e, const Vec<T, N>& f) {
  if constexpr (is_f32<T>) {
    const Vec<T, N> z = f * f, even = horner(z, -0.0449094, -0.13162230, -0.16647768, -0.25000055, -0.5);
    const Vec<T, N> p = fma(horner(z, 0.10448310, 0.14482065, 0.19990607, 0.33333453), f, even);
    return fma(e, Vec<T, N>(0.693145751953125), fma(e, Vec<T, N>(1.428606765330187e-06), fma(z, p, f)));
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
    // Two thirds have the exponent e - 1. Signs are such that -0 stays -0.
    constexpr T third = T(1) / 3;
    const Vec<T, N> minus_e = -1 - Wide512<T, N>::exponent(u * (2 * third));
    const Vec<T, N> down = Wide512<T, N>::scale(Vec<T, N>(1), minus_e);
    return log_ends(u, log_sum(Vec<T, N>(-minus_e), Vec<T, N>(x * down - (1 - down))));
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

}  // namespace detail

/// m + log(1 + e^-|x|); m = max(x, 0) makes it softplus(x).
template <class T, int N>
GRADUS_INLINE Vec<T, N> add_softplus_rest(const Vec<T, N>& m, const Vec<T, N>& x) {
  return detail::log1p_onto<1>(m, detail::exp_minus_abs(x));
}

/// log(1 + e^x).
/// Error: float 1.96, double 1.65 ulp.
template <class T, int N>
GRADUS_INLINE Vec<T, N> softplus(const Vec<T, N>& x) {
  return add_softplus_rest(detail::at_least<T>(x, 0), x);
}

/// -log(1 + e^-x).
/// Error: float 1.96, double 1.61 ulp.
template <class T, int N>
GRADUS_INLINE Vec<T, N> log_sigmoid(const Vec<T, N>& x) {
  return detail::log1p_onto<-1>(detail::at_most<T>(x, 0), detail::exp_minus_abs(x));
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

/// sqrt(1 + z) - 1 in float: an estimate with 13 digits, and a step of Newton's for t (2 + t) = z.
template <int N>
GRADUS_INLINE Vec<float, N> root_above_1(const Vec<float, N>& z) {
  using V = Vec<float, N>;
  const V q = 1 + z;
  if constexpr (is_wide<float, N>) {
    using W = Wide512<float, N>;
    const V y = W::reciprocal_root(q), t = z * W::reciprocal(fma(q, y, V(1)));
    return fma(fma(-t, 2 + t, z), 0.5 * y, t);
  } else {
    return z / (1 + sqrt(q));
  }
}

/// x = 2^e m with m from about 3/4 to 3/2 for floats x from 1/2 to 2^126; `down` is 2^-e.
template <int N>
struct Exponent {
  Vec<float, N> minus_e, down;
  /// From 2 x / 3, whose exponent is e - 1.
  GRADUS_INLINE explicit Exponent(const Vec<float, N>& less) {
    const IntVec<float, N> part = as_int(bit_and(less, 0x7f800000));
    down = as_float<float>(IntVec<float, N>(0x7e800000 - part));
    if constexpr (is_wide<float, N>)
      minus_e = -1 - Wide512<float, N>::exponent(less);
    else
      minus_e = (8388608 + 126) - as_float<float>(IntVec<float, N>(shift_down(part, 23) + 0x4b000000));
  }
};

/// Above 2^60 a float x has an infinite square; 2 x = 8 (x / 4), where that quotient has an Exponent.
inline constexpr float large_float = 1152921504606846976.0f;

template <int N>
GRADUS_INLINE Vec<float, N> asinh_positive(const Vec<float, N>& a) {
  using V = Vec<float, N>;
  const auto large = a > large_float;
  const V w = select(large, V(a * 0.25), V(a + root_above_1(V(a * a))));
  const Exponent<N> u(fma(w, V(2.0 / 3), V(2.0 / 3)));
  return log_sum(V(select(large, V(3), V(0)) - u.minus_e), V(w * u.down - (1 - u.down)));
}

/// log(x + s + rest) with s + rest = sqrt(2 t + t^2), whose parts are not rounded to one number: s is an estimate, and
/// rest the step of Newton's after it. An addition too small for other numbers makes no infinite estimate of 0.
template <int N>
GRADUS_INLINE Vec<float, N> acosh_wide(const Vec<float, N>& x, const Vec<float, N>& t) {
  using V = Vec<float, N>;
  const auto large = x > large_float;
  const V g = fma(t, t, t + t), y = Wide512<float, N>::reciprocal_root(g + 1e-30);
  const V root = g * y, s = select(large, V(0), root), rest = select(large, V(0), fma(-root, root, g) * (0.5 * y));
  const V scaled = select(large, V(x * 0.25), x);
  const Exponent<N> u(V((scaled + s) * (2.0 / 3)));
  const V f = fma(s, u.down, fma(rest, u.down, fma(scaled, u.down, V(-1))));
  return log_sum(V(select(large, V(3), V(0)) - u.minus_e), f);
}

/// atanh(a) = e ln 2 / 2 + atanh(s) with n = 2^e from 3/4 to 3/2 over 1 - a, which is `rest`, and
/// s = (1 + a - n (1 - a)) / (1 + a + n (1 - a)); atanh(s) is s + s^3 P(s^2), P minimax for the relative error, 2^-27.
template <int N>
GRADUS_INLINE Vec<float, N> atanh_positive(const Vec<float, N>& a, const Vec<float, N>& rest) {
  using V = Vec<float, N>;
  const V more = rest * (4.0 / 3);
  const IntVec<float, N> part = as_int(bit_and(more, 0x7f800000));
  const V n = as_float<float>(IntVec<float, N>(0x7f000000 - part));
  V e;
  if constexpr (is_wide<float, N>)
    e = Wide512<float, N>::exponent(more);
  else
    e = as_float<float>(IntVec<float, N>(shift_down(part, 23) + 0x4b000000)) - (8388608 + 127);
  const V s = over(V(fma(a, n, 1 - n) + a), fma(n, rest, 1 + a)), z = s * s;
  const V tail = fma(s * z, horner(z, 0.15940557, 0.09367595, 0.14475939, 0.19991148, 0.33333465), s);
  return fma(e, V(-0.3465728759765625), fma(e, V(-7.143033826650935e-07), tail));
}

}  // namespace detail

/// asinh(x) = log1p(|x| + x^2 / (1 + sqrt(x^2 + 1))) with the sign of x, or log(|x|) + ln 2 for large |x|.
/// Error: float 1.86, double 1.70 ulp.
template <class T, int N>
GRADUS_INLINE Vec<T, N> asinh(const Vec<T, N>& x) {
  using namespace detail;
  const Vec<T, N> a = abs(x);
  if constexpr (is_wide<T, N>) {
    return bit_xor(Wide512<T, N>::template special<0x00500022>(a, asinh_positive(a)), sign_bit(x));
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
/// Error: float 1.87, double 2.08 ulp.
template <class T, int N>
GRADUS_INLINE Vec<T, N> acosh(const Vec<T, N>& x) {
  using namespace detail;
  const Vec<T, N> t = x - 1;
  if constexpr (is_wide<T, N>) {
    return Wide512<T, N>::template special<0x03530022>(t, acosh_wide(x, t));
  } else if constexpr (is_f32<T>) {
    return in_double(
        [](const auto& v) __attribute__((always_inline)) { return acosh(v); }, x);
  } else {
    const auto large = x > 268435456.0;
    const Vec<T, N> y = log1p(where(large, t, t + sqrt(2 * t + t * t)));
    return where(x < 1, nan<T>, y + where(large, 0.6931471805599453, Vec<T, N>(0)));
  }
}

/// atanh(x) = log1p(2 |x| / (1 - |x|)) / 2 with the sign of x.
/// Error: float 1.61, double 1.96 ulp.
template <class T, int N>
GRADUS_INLINE Vec<T, N> atanh(const Vec<T, N>& x) {
  using namespace detail;
  const Vec<T, N> a = abs(x), rest = 1 - a;
  if constexpr (is_wide<T, N>) {
    return bit_xor(Wide512<T, N>::template special<0x03030522>(rest, atanh_positive(a, rest)), sign_bit(x));
  } else if constexpr (is_f32<T>) {
    const Vec<T, N> beyond = where(rest == 0, inf<T>, Vec<T, N>(nan<T>));
    return bit_xor(where(rest > 0, atanh_positive(a, rest), beyond), sign_bit(x));
  } else {
    return copysign(0.5 * log1p((a + a) / rest), x);
  }
}

}  // namespace gradus::simd
