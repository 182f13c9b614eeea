// Division with remainder for simd::Vec: fmod, remainder, floor_divide.
//
// Integers: a divisor of 0 gives 0 rather than a trap, as the lanes that pad a vector are 0; whoever must refuse zeros
// does so beforehand. The smallest integer divided by -1 wraps around.
#pragma once
#include "gradus/tensor/kernels/simd_bits.h"

namespace gradus::simd {
namespace detail {

double fmod_lane(double a, double b);

/// a / b towards zero.
template <class T, int N>
GRADUS_INLINE Vec<T, N> quotient(const Vec<T, N>& a, const Vec<T, N>& b) {
  const Vec<T, N> plain = a / where(b == 0, 1, where(b == -1, 1, b));
  return where(b == 0, 0, where(b == -1, -plain, plain));
}

/// fmod for a, b >= 0 in double. Up to 2^23 the quotient times either half of b is exact, and so are the differences;
/// a quotient rounded up to the next integer leaves a remainder below 0, which b sets right.
template <int N>
GRADUS_INLINE Vec<double, N> fmod_positive(const Vec<double, N>& a, const Vec<double, N>& b) {
  using V = Vec<double, N>;
  const V q = trunc(a / b), high = bit_and(b, ~((int64_t(1) << 27) - 1));
  const V r = (a - q * high) - q * (b - high);
  const V exact = where(a < b, a, where(r < 0, r + b, r));
  if (any(q > 8388608.0)) [[unlikely]] {
    double x[N], y[N];
    a.store(x);
    b.store(y);
    for (int i = 0; i < N; ++i) x[i] = fmod_lane(x[i], y[i]);
    return V::load(x);
  }
  return exact;
}

/// a = q b + r for a, b >= 0 and a whole q, exact where q is below 2^23; else, and for what is not finite, `sure` is
/// false. A fused multiply-add of a quotient that is right, or one too large, rounds nothing.
template <int N>
struct Divided {
  using V = Vec<float, N>;
  V q, r;
  bool sure;
  GRADUS_INLINE Divided(const V& a, const V& b) {
    V up;
    if constexpr (Wide512<float, N>::value)
      up = Wide512<float, N>::truncated(a / b);
    else
      up = trunc(V(a / b));
    const V rest = fused(-up, b, a);
    q = select(rest < 0, V(up - 1), up);
    r = select(rest < 0, V(rest + b), rest);
    sure = !any_from_2(V(up * 2.384185791015625e-07));
  }
};

}  // namespace detail

/// a - b trunc(a / b), exact, with the sign of a; float in double where there is no fused multiply-add or the quotient
/// is large.
template <class T, int N>
GRADUS_INLINE Vec<T, N> fmod(const Vec<T, N>& a, const Other<T, N>& b) {
  using namespace detail;
  if constexpr (!std::is_floating_point_v<T>)
    return where(b == 0, 0, a - quotient(a, b) * b);
  else if constexpr (is_f32<T>) {
    if constexpr (Fused<N>::value) {
      const Divided<N> d(abs(a), abs(b));
      if (d.sure) [[likely]]
        return bit_xor(d.r, sign_bit(a));
    }
    return in_double(
        [](const auto& x, const auto& y) __attribute__((always_inline)) { return fmod(x, y); }, a, b);
  } else {
    return copysign(fmod_positive(abs(a), abs(b)), a);
  }
}
template <class T, int N, Number<T> A>
GRADUS_INLINE Vec<T, N> fmod(const A& a, const Vec<T, N>& b) {
  return fmod(Vec<T, N>(a), b);
}

/// Python's a % b: a - b floor(a / b), with the sign of b.
template <class T, int N>
GRADUS_INLINE Vec<T, N> remainder(const Vec<T, N>& a, const Other<T, N>& b) {
  const Vec<T, N> r = fmod(a, b);
  // The signs differ where r and b are on opposite sides of 0; a remainder of 0 stays.
  const Vec<T, N> moved = r + b;
  if constexpr (std::is_floating_point_v<T>)
    return detail::select(detail::bit_xor(r, detail::sign_bit(b)) < 0, moved, r);
  else
    return where(r > 0, where(b < 0, moved, r), where(r < 0, where(b > 0, moved, r), r));
}
template <class T, int N, Number<T> A>
GRADUS_INLINE Vec<T, N> remainder(const A& a, const Vec<T, N>& b) {
  return remainder(Vec<T, N>(a), b);
}

/// Python's a // b: floor(a / b) as it follows from the exact remainder; a / 0 as floats divide. float in double.
template <class T, int N>
GRADUS_INLINE Vec<T, N> floor_divide(const Vec<T, N>& a, const Other<T, N>& b) {
  using namespace detail;
  using V = Vec<T, N>;
  if constexpr (is_f32<T>) {
    if constexpr (Fused<N>::value) {
      const Divided<N> d(abs(a), abs(b));
      // Of opposite signs the quotient is below 0, and a remainder takes it one further down.
      const V sign = sign_bit(bit_xor(a, V(b))), further = select(bit_xor(d.r, sign) < 0, V(d.q + 1), d.q);
      if (d.sure) [[likely]]
        return bit_xor(further, sign);
    }
    return in_double(
        [](const auto& x, const auto& y) __attribute__((always_inline)) { return floor_divide(x, y); }, a, b);
  } else {
    const V r = fmod(a, b), one(1), zero(0);
    const V below = where(r > 0, where(b < 0, one, zero), where(r < 0, where(b > 0, one, zero), zero));
    if constexpr (!std::is_floating_point_v<T>) {
      return quotient(a, V(b)) - below;
    } else {
      // (a - r) / b is an integer but for rounding, which may leave it just below.
      const V q = (a - r) / b - below, whole = floor(q);
      const V nearest = where(q - whole > 0.5, whole + 1, whole);
      return where(b == 0, a / b, where(q == 0, copysign(zero, a / b), nearest));
    }
  }
}
template <class T, int N, Number<T> A>
GRADUS_INLINE Vec<T, N> floor_divide(const A& a, const Vec<T, N>& b) {
  return floor_divide(Vec<T, N>(a), b);
}

}  // namespace gradus::simd
