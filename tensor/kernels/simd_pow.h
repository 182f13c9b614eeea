// Powers of simd::Vec.
#pragma once
#include "gradus/tensor/kernels/simd_log.h"
#include "gradus/tensor/kernels/simd_pow_tables.h"

namespace gradus::simd {
namespace detail {

/// The upper 26 of 53 digits: products of two such numbers are exact.
template <int N>
GRADUS_INLINE Vec<double, N> upper(const Vec<double, N>& x) {
  return bit_and(x, ~((int64_t(1) << 27) - 1));
}

template <int N>
struct Double2 {
  Vec<double, N> high, low;
};

/// log(x) for finite x > 0 with some 65 digits, the upper part with 26.
template <int N>
GRADUS_INLINE Double2<N> log_exact(const Vec<double, N>& x) {
  using V = Vec<double, N>;
  const auto [m, e, biased] = split_any(x);
  // s = (m - 1) / (m + 1) in two parts, from the exact remainder of the division.
  const V f = m - 1, d = 1 + m, dh = upper(d), dl = m - (dh - 1);
  const V sh = upper(V(f / d)), sl = ((f - sh * dh) - sh * dl) / d;
  // z = s^2; p = 2/3 + z Q(z); w = z p: each as a short upper part, whose products are exact, and a rest.
  const V zh = upper(V(sh * sh)), zl = (sh * sh - zh) + sl * (2 * sh + sl), z = zh + zl;
  const V t = z * horner(z, 0.11856291862278483, 0.11691303931399029, 0.1333547729168557, 0.15384579451553257,
                         0.18181818528451965, 0.22222222220407606, 0.28571428571432994, 0.39999999999999997);
  constexpr double third = 0.6666666666666666, third_low = 3.700743415417188e-17;
  const V ph = upper(V(third + t)), pl = (t - (ph - third)) + third_low;
  const V w = ph * zh, wh = upper(w), wl = (ph * zh - wh) + fma(ph, zl, pl * z);
  // e ln 2 + 2 s + s w, from large to small.
  const V a = e * 0.6931471805598903, b = a + 2 * sh, c = sh * wh, sum = b + c;
  const V low = ((2 * sh - (b - a)) + (c - (sum - b))) + fma(sh, wl, fma(sl, 2 + (wh + wl), e * 5.497923018708371e-14));
  const V high = upper(V(sum + low));
  return {high, (sum - high) + low};
}

/// x^y for x >= 0.
template <int N>
GRADUS_INLINE Vec<double, N> pow_positive(const Vec<double, N>& x, const Vec<double, N>& y) {
  using V = Vec<double, N>;
  const Double2<N> l = log_exact(x);
  const V k = clamp<double>(y, -1e30, 1e30), kh = upper(k), kl = k - kh;
  const V product = kh * l.high, t = clamp<double>(product, -760, 720);
  const V rest = where(t == product, fma(kl, l.high, k * l.low), 0);
  const Nearest<double, N> n(t, log2e, 2 * Format<double>::bias);
  const V r = fma(n.n, V(-0.6931471805598903), t) + fma(n.n, V(-5.497923018708371e-14), rest);
  const V result = scale<double, N>(1 + fma(r * r, exp_tail(r), r), n);
  const V at_0 = where(y < 0, inf<double>, V(0)), at_inf = where(y < 0, 0, V(inf<double>));
  return where(x == x, where(y == y, where(x == 0, at_0, where(x == inf<double>, at_inf, result)), y), x);
}
template <int N>
GRADUS_INLINE Vec<float, N> pow_positive(const Vec<float, N>& x, const Vec<float, N>& y) {
  return in_double(
      [](const auto& a, const auto& b) __attribute__((always_inline)) { return exp(b * log(a)); }, x, y);
}

/// 2^(n + r) for a whole multiple n of 1/32, `sum` less a magic number, and |r| < 1/29.
template <int N>
GRADUS_INLINE Vec<float, N> exp2_sum(const Vec<float, N>& sum, const Vec<float, N>& n, const Vec<float, N>& r) {
  using W = Wide512<float, N>;
  const Vec<float, N> p = entry(pow_powers, as_int(sum));
  return W::scale(fma(p * r, horner(r, 0.055506237, 0.24023551, 0.6931472), p), Vec<float, N>(n.v));
}

/// |x|^y of floats on AVX-512 but for special values. log2(x) = high + low with a relative error of 2^-32: an exponent
/// and a table's logarithm, both exact, and c + c_rest, which are C z (1 - z / 2) for C = log2(e), and a polynomial.
template <int N>
GRADUS_INLINE Vec<float, N> pow_size(const Vec<float, N>& x, const Vec<float, N>& y) {
  using V = Vec<float, N>;
  using W = Wide512<float, N>;
  const V m = W::mantissa_from_1(abs(x)), log2e_high(1.442695), log2e_low(1.925963e-08);
  const IntVec<float, N> k = shift_down(as_int(m), 18);
  const V z = W::fused_minus(entry(pow_exact_logs_reciprocals, k), m, V(1)), h = -0.5 * z, s = z * log2e_high;
  const V c = fused(s, h, s), c_rest = fused(s, h, s - c);
  const V s_rest = fma(z, log2e_low, W::fused_minus(z, log2e_high, s));
  const V cube = z * z * z;
  const V tail = fma(cube, horner(z, -0.2358288, 0.28867656, -0.36067572, 0.48089832), fma(s_rest, h, s_rest));
  const V whole = W::exponent(x) + entry(pow_exact_logs, k), high = whole + c;
  const V low = (c - (high - whole)) + (c_rest + (tail + entry(pow_exact_logs_rests, k)));
  // Where y log2(x) is beyond that, it is the same as 160, and r may be anything.
  const V near_log = fma(cube, V(0.48), high), magic(Format<float>::magic / 32);
  const V sum = clamp<float>(y * near_log, -160, 160) + magic, n = sum - magic;
  const V r = W::fused_minus(V(high.v), y, V(n.v)) + fma(y, low, entry(pow_powers_rests, as_int(sum)));
  return exp2_sum(sum, n, V(W::larger(W::smaller(r, V(1)), V(-1))));
}

/// x^y of any floats on AVX-512: of those that pow_wide leaves.
template <int N>
GRADUS_INLINE Vec<float, N> pow_any(const Vec<float, N>& x, const Vec<float, N>& y) {
  using V = Vec<float, N>;
  using W = Wide512<float, N>;
  // 1 where |x| is 1 or y is 0, whatever the other is, but for NaN, which only x = 1 makes a number of.
  const V known = W::template special<0x0000a000>(abs(x), pow_size(x, y));
  const V size = W::template special<0x0000a000>(x, W::template special<0x00000a22>(y, known));
  // |y| less the nearest even number is 1 where y is odd; x below 0 (not -0, not -inf) wants a whole y.
  const V part = abs(y - 2 * W::nearest(0.5 * y)), none(0);
  const IntVec<float, N> minus = as_int(W::template special<0x00007000>(part, none));
  const IntVec<float, N> broken = as_int(W::template special<0x30000000>(part, none));
  const IntVec<float, N> below = as_int(W::template special<0x03000000>(x, none));
  return as_float<float>(IntVec<float, N>((as_int(size).v ^ (minus.v & as_int(x).v)) | (broken.v & below.v)));
}

/// y = x^y for 16 floats of any kind.
void pow_lanes(const float* x, float* y);

/// x^y of floats on AVX-512, here for normal x > 0 and |y| < 8, which magnifies the error of log2(x), 2^-28. That is
/// `high`, an exponent and a table's logarithm, exact, and log2(1 + z / C) = z + z^2 P(z) for C = log2(e). n, in steps
/// of 1/32, is near y log2(x). What depends on y alone is outside of loops where y is a number.
template <int N>
GRADUS_INLINE Vec<float, N> pow_wide(const Vec<float, N>& x, const Vec<float, N>& y) {
  using V = Vec<float, N>;
  using W = Wide512<float, N>;
  if (W::any_unusual(V(x.v), W::beyond(V(y.v), 8))) [[unlikely]] {
    float from[N], to[N];
    x.store(from);
    y.store(to);
    pow_lanes(from, to);
    return V::load(to);
  }
  const IntVec<float, N> k = shift_down(as_int(x), 18);
  const V z(W::fused_minus(entry(pow_logs_reciprocals, k), V(W::mantissa_from_1(V(x.v)).v), V(1.442695)).v);
  const V high = V(W::exponent(V(x.v)).v) + entry(pow_logs, k), magic(Format<float>::magic / 32);
  // Rounding twice is worth an instruction: r is no more than twice as large for it.
  const V sum = fma(y, z, fma(y, high, magic)), n = sum - magic;
  const V low = fma(z * z, fma(z, V(0.16020086), V(-0.34661462)), z);
  return exp2_sum(sum, n, fma(y, low, V(W::fused_minus(V(high.v), V(y.v), V(n.v)).v)));
}

/// x^y by squaring; 1 / x^-y towards zero for y < 0, as in PyTorch (0 where x is 0).
inline int64_t pow_lane(int64_t x, int64_t y) {
  if (y < 0) return x == 1 ? 1 : x == -1 ? (y % 2 ? -1 : 1) : 0;
  uint64_t r = 1, base = static_cast<uint64_t>(x);
  for (; y > 0; y >>= 1, base *= base)
    if (y & 1) r *= base;
  return static_cast<int64_t>(r);
}

}  // namespace detail

/// x^y with the special values of C's pow. float: by log x in double, on AVX-512 in float by tables; double: log x as
/// an unevaluated sum of two numbers, so that y log x keeps the digits that the exponential shifts up. Error: float
/// 0.90 (AVX-512: 1.38), double 1.00 ulp.
template <class T, int N>
GRADUS_INLINE Vec<T, N> pow(const Vec<T, N>& x, const Other<T, N>& y) {
  using V = Vec<T, N>;
  if constexpr (detail::is_wide<T, N>) {
    return detail::pow_wide(x, y);
  } else if constexpr (std::is_floating_point_v<T>) {
    const V a = abs(x), half = 0.5 * y;
    V r = where(a == 1, a, detail::pow_positive(a, y));
    const V whole = where(trunc(y) == y, V(1), V(0));
    const V odd = where(trunc(half) == half, V(0), whole);
    r = where(odd == 1, copysign(r, x), r);
    const V negative = where(whole == 1, r, where(x == -detail::inf<T>, r, detail::nan<T>));
    return where(y == 0, 1, where(x == 1, 1, where(x < 0, negative, r)));
  } else {
    T base[N], exponent[N];
    x.store(base);
    y.store(exponent);
    for (int i = 0; i < N; ++i) base[i] = static_cast<T>(detail::pow_lane(base[i], exponent[i]));
    return V::load(base);
  }
}
template <class T, int N, Number<T> A>
GRADUS_INLINE Vec<T, N> pow(A x, const Vec<T, N>& y) {
  return pow(Vec<T, N>(x), y);
}

}  // namespace gradus::simd
