// The error function and its relatives for simd::Vec: erf, erfc, erfinv, the normal distribution.
#pragma once
#include "gradus/tensor/kernels/simd_erf_tables.h"
#include "gradus/tensor/kernels/simd_log.h"

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

/// erf(x): a polynomial up to 1, above it 1 - erfc(x), in float with erfc(x) = 2^P(x); with AVX-512 from a table.
/// Error: float 1.19 (AVX-512: 1.53), double 1.04 ulp.
template <class T, int N>
GRADUS_INLINE Vec<T, N> erf(const Vec<T, N>& x) {
  using namespace detail;
  using V = Vec<T, N>;
  const V a = abs(x);
  V tail;
  if constexpr (is_wide<T, N>) {
    const Cell<N> cell(at_most<T>(a, 3.925f), 1.0f / 8);
    return bit_xor(piecewise_plus_x(erf_pieces, cell.index, cell.rest), sign_bit(x));
  }
  if constexpr (is_f32<T>) {
    const V c = select(a > 3.95f, V(3.95f), a);
    tail = exp2_rough<false>(
        horner(c, 0.00026772666, -0.0042409566, 0.031458423, -0.1486515, -0.92076504, -1.625975, -0.0005103097));
  } else {
    tail = erfc_tail(a);
  }
  return select(a <= 1, erf_small(x), copysign(1 - tail, x));
}

/// The standard normal distribution (1 + erf(x / 2^(1/2))) / 2; in float, for x <= 0, 2^P(|x|), with AVX-512 from
/// a table, and for x > 0, 1 less that.
/// Error: float 9.5e-8 (AVX-512: 6.8e-8), double 2e-16, absolute.
template <class T, int N>
GRADUS_INLINE Vec<T, N> normal_cdf(const Vec<T, N>& x) {
  using namespace detail;
  using V = Vec<T, N>;
  if constexpr (is_wide<T, N>) {
    const Cell<N> cell(at_most<T>(abs(x), 6), 1.0f / 4);
    const V tail = piecewise(normal_tail_pieces, cell.index, cell.rest);
    return select(x > 0, V(1 - tail), tail);
  } else if constexpr (is_f32<T>) {
    const V a = abs(x);
    const V tail = exp2_rough<true>(horner(a, -1.6150691e-06, 2.58446798e-05, -0.000127503066, -0.000264304719,
                                           0.00721060717, -0.0525849909, -0.459182769, -1.15110791, -0.99999994));
    const V below = select(a > 5.7f, V(0), tail);
    return select(x > 0, V(1 - below), below);
  } else {
    return 0.5 * (1 + erf(x * 0.7071067811865476));
  }
}

namespace detail {
/// e^(-x^2) / (1 + x S(x)) for x >= 0, where S goes from 1.13 to 1.77: a quotient of polynomials, minimax, 2^-27.
template <int N>
GRADUS_INLINE Vec<float, N> erfc_tail(const Vec<float, N>& x) {
  using V = Vec<float, N>;
  const V a = at_most<float>(x, 10.2f);
  const V top = horner(a, 0.008909894938090182, 0.0296727283226323, -0.0011612663319754911, -0.18676657674491026,
                       -0.3716204212703223);
  const V bottom = horner(a, 0.0327049546194138, 0.22885090270667224, 0.7309020778752044, 1.2378169934434973, 1.0);
  // The rounding of x^2 would be multiplied by x^2. NaN stays in n, but may be infinite in h.
  const Nearest<float, N> n(a * a, -log2e, 2 * Format<float>::bias);
  V r;
  if constexpr (Fused<N>::value) {
    r = fma(n.n, V(2.12194440e-4), fused(V(-a), a, V(n.n * -0.693359375)));
  } else {
    // x^2 = h^2 + (x - h)(x + h), where h^2 is exact.
    const V h = bit_and(a, ~((1 << 12) - 1));
    r = minus_ln2(V(-(h * h)), n.n) - (a - h) * (a + h);
  }
  return scale<float, N>(over(V(1 + fma(r * r, exp_tail(r), r)), fma(a, 1.5 + over(top, bottom), V(1))), n);
}
}  // namespace detail

/// erfc(x) = 1 - erf(x), accurate where erf(x) is near 1; with AVX-512, if no lane is beyond 4, from a table.
/// Error: float 3.05, double 3.43 ulp.
template <class T, int N>
GRADUS_INLINE Vec<T, N> erfc(const Vec<T, N>& x) {
  using namespace detail;
  using V = Vec<T, N>;
  const V a = abs(x);
  if constexpr (is_wide<T, N>) {
    if (!Wide512<T, N>::any_below_0(V(4 - a))) [[likely]] {
      const Cell<N> cell(a, fma(a, fma(a, V(1.1625f), V(3.2f)), V(Format<T>::magic)), erfc_pieces_centers);
      const V slope = paired_slope(erfc_pieces, cell.index, cell.rest);
      const V y = fma(slope, cell.rest, Wide512<T, N>::entry(erfc_pieces[5], cell.index));
      return select(x < 0, V(2 - y), y);
    }
  }
  const V tail = erfc_tail(a);
  if constexpr (is_f32<T>)
    return select(x < 0, Vec<T, N>(2 - tail), tail);
  else
    return where(a < 0.5, 1 - erf_small(x), where(x < 0, 2 - tail, tail));
}

/// The y with erf(y) = x; infinite at -1 and 1, NaN beyond. x R(w) with w = -log(1 - x^2) (M. Giles, Approximating the
/// erfinv function, GPU Computing Gems, 2011), R a quotient of polynomials; in double above 0.95 one of polynomials in
/// (-log(1 - |x|))^(1/2) (M. Wichura, Algorithm AS 241, Applied Statistics 37, 1988). All are minimax, 2^-29 and 2^-59.
/// With AVX-512 float has x + x P(m), a polynomial for each exponent of 1 - |x|, whose mantissa is m.
/// Error: float 2.30 (AVX-512: 1.68), double 2.29 ulp.
template <class T, int N>
GRADUS_INLINE Vec<T, N> erfinv(const Vec<T, N>& x) {
  using namespace detail;
  using V = Vec<T, N>;
  if constexpr (is_wide<T, N>) {
    const V a = abs(x), rest = 1 - a;
    const V q = piecewise_pairs(erfinv_pieces, shift_down(as_int(rest), Format<T>::digits),
                                V(Wide512<T, N>::mantissa_from_1(rest) - 1.5f));
    return bit_xor(fma(a, q, a), sign_bit(x));
  } else if constexpr (is_f32<T>) {
    const V w = log(V((1 - x) * (1 + x))) * -log2e, v = at_most<T>(w, 24);
    const V top = horner(v, -6.155332285272764e-08, -2.7740858370552647e-06, 1.4435444530205878e-05,
                         -0.0003524521383593624, 0.005837869099090269, 0.004569640174861147);
    const V bottom = horner(v, 4.550741902502195e-07, 5.1488901777560854e-05, 0.0007176402829107165,
                            0.016215302889980014, 0.06325219254255264, 1.0);
    return x * fma(w, 0.15625 + over(top, bottom), V(0.8862269254527580));
  } else {
    const V a = abs(x), rest = 1 - a;
    const auto central = a < 0.95;
    const V w = -log(select(central, V(rest * (1 + a)), rest)), s = sqrt(w);
    const V top = horner(w, -2.568034054753872e-07, 7.978334620954839e-07, -5.4277594267093714e-05,
                         0.00021538533960247216, -0.002437865138210035, 0.01043833558333485, -0.01798633346534553);
    const V bottom = horner(w, 1.6536427551102233e-06, 1.3381716929506656e-05, 0.000578023516980068,
                            0.002023998274455701, 0.04537669356474106, 0.061769479425989135, 1.0);
    const V tail_top =
        horner(s, -3.804233846092618e-08, 1.0271114735029822e-05, 0.005428897896824977, 0.1667711886809425,
               1.1748192835991118, 2.0105385267172426, 1.2750794858661825, 0.9945420832168931, 0.0003391997194416503);
    const V tail_bottom = horner(s, 0.002032747267019284, 0.09263501367997316, 1.0016678132066357, 3.262053782146194,
                                 3.9779516705194466, 4.028989060789757, 2.1253907431359416, 1.0);
    const V q = select(central, top, tail_top) / select(central, bottom, tail_bottom);
    const V y = select(central, V(a * fma(w, 0.25 + q, V(0.8862269254527580))), V(s - q));
    return select(a < 1, copysign(y, x), V(x * w));
  }
}

}  // namespace gradus::simd
