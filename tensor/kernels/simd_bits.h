// What the mathematical functions of simd::Vec are made of, and the functions that need no approximation.
//
// fma() may round once or twice: products that an error term is taken of are exact, so that contraction, which
// compilers may do or not, changes no more than the last bit of a small term. What relies on one rounding says
// detail::fused.
#pragma once
#include <limits>

#include "gradus/tensor/kernels/simd.h"

namespace gradus::simd {

/// The second argument of a function: a vector, or a number that becomes one.
template <class T, int N>
using Other = std::type_identity_t<Vec<T, N>>;

namespace detail {

template <class T>
inline constexpr bool is_f32 = std::is_same_v<T, float>;
template <class T>
inline constexpr T inf = std::numeric_limits<T>::infinity();
template <class T>
inline constexpr T nan = std::numeric_limits<T>::quiet_NaN();

/// The layout of a floating-point type.
template <class T>
struct Format {
  using Int = int_of<T>;
  static constexpr int digits = is_f32<T> ? 23 : 52;  // stored ones
  static constexpr int bias = is_f32<T> ? 127 : 1023;
  static constexpr Int sign = (std::numeric_limits<Int>::min)();
  /// Added to a number smaller than 2^(digits - 1), it leaves the nearest integer, ties to even, in the low bits.
  static constexpr T magic = T(3) * T(Int(1) << (digits - 1));
  static constexpr Int magic_bits = (Int(bias + digits) << digits) | (Int(1) << (digits - 1));
};

template <class T, int N>
using IntVec = Vec<int_of<T>, N>;
template <class T, int N>
using UnsignedRaw = typename raw<std::make_unsigned_t<int_of<T>>, N>::type;

/// Bits moved up or down; down fills with zeros.
template <class I, int N>
GRADUS_INLINE Vec<I, N> shift_up(const Vec<I, N>& x, int by) {
  return Vec<I, N>(x.v << by);
}
template <class I, int N>
GRADUS_INLINE Vec<I, N> shift_down(const Vec<I, N>& x, int by) {
  using U = typename raw<std::make_unsigned_t<I>, N>::type;
  return Vec<I, N>((typename Vec<I, N>::R)((U)x.v >> by));
}

template <class T, int N>
GRADUS_INLINE Vec<T, N> bit_and(const Vec<T, N>& a, int_of<T> b) {
  return as_float<T>(IntVec<T, N>(as_int(a).v & IntVec<T, N>(b).v));
}
template <class T, int N>
GRADUS_INLINE Vec<T, N> bit_xor(const Vec<T, N>& a, const Vec<T, N>& b) {
  return as_float<T>(IntVec<T, N>(as_int(a).v ^ as_int(b).v));
}
/// The sign bit alone: zero with the sign of x.
template <class T, int N>
GRADUS_INLINE Vec<T, N> sign_bit(const Vec<T, N>& x) {
  return bit_and(x, Format<T>::sign);
}

/// where() as the compiler's own select: the cheapest, but not to be nested with another of these that shares an
/// operand, which GCC 12 would merge into a combined mask, and that it takes apart into lanes.
template <class T, int N>
GRADUS_INLINE Vec<T, N> select(const Mask<T, N>& m, const Vec<T, N>& a, const Vec<T, N>& b) {
  return Vec<T, N>(m.m ? a.v : b.v);
}

/// Does any lane hold? Through a select, which is one instruction where a compare kept as a vector is many.
template <class T, int N>
GRADUS_INLINE bool any(const Mask<T, N>& m) {
  int64_t lanes[sizeof(m) / 8], all = 0;
  where(m, 1, 0).store(reinterpret_cast<T*>(lanes));
  for (int64_t bits : lanes) all |= bits;
  return all != 0;
}

/// What AVX-512 has an instruction for and no formula says. Not GRADUS_INLINE: formulas are also compiled, though never
/// called, for the base set, where these stay calls.
template <class T, int N>
struct Wide512 {
  static constexpr bool value = sizeof(T) * N == 64;
  using V = Vec<T, N>;
  /// p 2^n for a whole n, rounded once.
  GRADUS_AVX512 static V scale(const V& p, const V& n) {
    V r;
    if constexpr (is_f32<T>)
      asm("vscalefps %2, %1, %0" : "=v"(r.v) : "v"(p.v), "v"(n.v));
    else
      asm("vscalefpd %2, %1, %0" : "=v"(r.v) : "v"(p.v), "v"(n.v));
    return r;
  }
  /// The larger and the smaller of a and x; x where one of both is NaN or both are zeros.
  GRADUS_AVX512 static V larger(const V& a, const V& x) {
    V r;
    if constexpr (is_f32<T>)
      asm("vmaxps %2, %1, %0" : "=v"(r.v) : "v"(a.v), "v"(x.v));
    else
      asm("vmaxpd %2, %1, %0" : "=v"(r.v) : "v"(a.v), "v"(x.v));
    return r;
  }
  GRADUS_AVX512 static V smaller(const V& a, const V& x) {
    V r;
    if constexpr (is_f32<T>)
      asm("vminps %2, %1, %0" : "=v"(r.v) : "v"(a.v), "v"(x.v));
    else
      asm("vminpd %2, %1, %0" : "=v"(r.v) : "v"(a.v), "v"(x.v));
    return r;
  }
  /// Towards zero.
  GRADUS_AVX512 static V truncated(const V& x) {
    V r;
    if constexpr (is_f32<T>)
      asm("vrndscaleps $3, %1, %0" : "=v"(r.v) : "v"(x.v));
    else
      asm("vrndscalepd $3, %1, %0" : "=v"(r.v) : "v"(x.v));
    return r;
  }
  /// The m from 3/4 to 3/2 of |x| = 2^e m, denormal or not; 1 for inf and 0.
  GRADUS_AVX512 static V mantissa(const V& x) {
    V r;
    asm("vgetmantps $7, %1, %0" : "=v"(r.v) : "v"(x.v));
    return r;
  }
  /// The m from 1 to 2 of x = 2^e m, 1 for 0; NaN below 0.
  GRADUS_AVX512 static V mantissa_from_1(const V& x) {
    V r;
    asm("vgetmantps $8, %1, %0" : "=v"(r.v) : "v"(x.v));
    return r;
  }
  /// The e of |x| = 2^e m with m from 1 to 2; inf for inf, -inf for 0.
  GRADUS_AVX512 static V exponent(const V& x) {
    V r;
    asm("vgetexpps %1, %0" : "=v"(r.v) : "v"(x.v));
    return r;
  }
  /// y, or what `Table` has for x, one digit a class of numbers: positive ones, negative ones, inf, -inf, 1, 0 and
  /// twice NaN. The digits: 0 is y, 2 NaN x, 3 NaN, 4 -inf, 5 inf, 7 -0, 10 1.
  template <int Table>
  GRADUS_AVX512 static V special(const V& x, const V& y) {
    V r = y;
    asm("vfixupimmps $0, %2, %1, %0" : "+v"(r.v) : "v"(x.v), "v"(IntVec<T, N>(Table).v));
    return r;
  }
  /// The nearest integer, ties to even.
  GRADUS_AVX512 static V nearest(const V& x) {
    V r;
    asm("vrndscaleps $8, %1, %0" : "=v"(r.v) : "v"(x.v));
    return r;
  }
  /// 1 / x and 1 / sqrt(x) with a relative error of 2^-14; inf of 0.
  GRADUS_AVX512 static V reciprocal(const V& x) {
    V r;
    asm("vrcp14ps %1, %0" : "=v"(r.v) : "v"(x.v));
    return r;
  }
  GRADUS_AVX512 static V reciprocal_root(const V& x) {
    V r;
    asm("vrsqrt14ps %1, %0" : "=v"(r.v) : "v"(x.v));
    return r;
  }
  /// Of 32 numbers the one that the lowest 5 bits of i count, in each lane.
  GRADUS_AVX512 static V entry(const T* numbers, const IntVec<T, N>& i) {
    typename V::R r = as_float<T>(i).v;
    using Row [[gnu::may_alias]] = typename V::R;
    const Row* rows = reinterpret_cast<const Row*>(numbers);
    asm("vpermi2ps %2, %1, %0" : "+v"(r) : "v"(rows[0]), "v"(rows[1]));
    return V(r);
  }
  /// a - b where both have only zeros in their lower halves; 0 where that is below 0.
  GRADUS_AVX512 static IntVec<T, N> less_or_0(const IntVec<T, N>& a, const IntVec<T, N>& b) {
    IntVec<T, N> r;
    asm("vpsubusw %2, %1, %0" : "=v"(r.v) : "v"(a.v), "v"(b.v));
    return r;
  }
  /// x - Least, or a number below 2^16 where that is below 0; the lower 16 bits of Least are 0.
  using Int = IntVec<T, N>;
  template <int32_t Least>
  GRADUS_AVX512 static Int above(const Int& x) {
    typename Int::R r;
    asm("vpsubusw %2, %1, %0" : "=v"(r) : "v"(x.v), "v"(Int(Least).v));
    return Int(r);
  }
  /// a + b, rounded down.
  GRADUS_AVX512 static V sum_below(const V& a, const V& b) {
    typename V::R r;
    asm("vaddps %{rd-sae%}, %2, %1, %0" : "=v"(r) : "v"(a.v), "v"(b.v));
    return V(r);
  }
  /// An integer as a number.
  GRADUS_AVX512 static V whole(const Int& x) {
    typename V::R r;
    asm("vcvtdq2ps %1, %0" : "=v"(r) : "v"(x.v));
    return V(r);
  }
  /// Is any lane below 0?
  GRADUS_AVX512 static bool any_below_0(const V& x) {
    bool r;
    if constexpr (is_f32<T>)
      asm("vcmpltps %2, %1, %%k1; kortestw %%k1, %%k1" : "=@ccnz"(r) : "v"(x.v), "v"(V(0).v) : "k1");
    else
      asm("vcmpltpd %2, %1, %%k1; kortestb %%k1, %%k1" : "=@ccnz"(r) : "v"(x.v), "v"(V(0).v) : "k1");
    return r;
  }
  /// Is any lane NaN?
  GRADUS_AVX512 static bool any_nan(const V& x) {
    bool r;
    asm("vcmpunordps %1, %1, %%k1\n\tkortestw %%k1, %%k1" : "=@ccnz"(r) : "v"(x.v) : "k1");
    return r;
  }
  /// Is any lane infinite, NaN, a zero or below 0?
  GRADUS_AVX512 static bool any_special(const V& x) {
    bool r;
    asm("vfpclassps $0xdf, %1, %%k1\n\tkortestw %%k1, %%k1" : "=@ccnz"(r) : "v"(x.v) : "k1");
    return r;
  }
  /// The same or denormal?
  GRADUS_AVX512 static bool any_unusual(const V& x) {
    bool r;
    asm("vfpclassps $0xff, %1, %%k1\n\tkortestw %%k1, %%k1" : "=@ccnz"(r) : "v"(x.v) : "k1");
    return r;
  }
  /// Is any of these bits set in any lane?
  GRADUS_AVX512 static bool any_bit(const IntVec<T, N>& x, int_of<T> bits) {
    const IntVec<T, N> all(bits);
    bool r;
    asm("vptestmd %2, %1, %%k1\n\tkortestw %%k1, %%k1" : "=@ccnz"(r) : "v"(x.v), "v"(all.v) : "k1");
    return r;
  }
  /// The lanes, a bit each, where |y| is not below `limit`.
  GRADUS_AVX512 static uint16_t beyond(const V& y, T limit) {
    const V most(limit), size(as_float<T>(IntVec<T, N>(as_int(y).v & 0x7fffffff)));
    uint16_t r;
    asm("vcmpps $5, %2, %1, %0" : "=k"(r) : "v"(size.v), "v"(most.v));
    return r;
  }
  /// Is any x not above 0, denormal, infinite or NaN, or any of these lanes' bits set?
  GRADUS_AVX512 static bool any_unusual(const V& x, uint16_t lanes) {
    bool r;
    asm("vfpclassps $0xff, %1, %%k1\n\tkortestw %%k1, %2" : "=@ccnz"(r) : "v"(x.v), "k"(lanes) : "k1");
    return r;
  }
  /// Is any x not from 2^Low to 2^High? Low = -127 stands for +0.
  template <int Low, int High>
  GRADUS_AVX512 static bool any_outside(const V& x) {
    const IntVec<T, N> from_lowest(as_int(x).v - ((Low + 127) << 23)), count((High - Low) << 23);
    bool r;
    asm("vpcmpnltud %2, %1, %%k1\n\tkortestw %%k1, %%k1" : "=@ccnz"(r) : "v"(from_lowest.v), "v"(count.v) : "k1");
    return r;
  }
  /// a b - c rounded once. a is no constant: those that an asm reads and writes GCC makes lane by lane.
  GRADUS_AVX512 static V fused_minus(const V& a, const V& b, const V& c) {
    V r = a;
    asm("vfmsub213ps %2, %1, %0" : "+v"(r.v) : "v"(b.v), "v"(c.v));
    return r;
  }
};

/// a b + c rounded once, whatever compilers contract, on the sets that have an instruction for it.
template <int N>
struct Fused {
  static constexpr bool value = N > 4;
  using V = Vec<float, N>;
  GRADUS_AVX512 static V wide(const V& a, const V& b, const V& c) {
    V r = c;
    asm("vfmadd231ps %2, %1, %0" : "+v"(r.v) : "v"(a.v), "v"(b.v));
    return r;
  }
  [[gnu::target("avx2,fma")]] static V half(const V& a, const V& b, const V& c) {
    V r = c;
    asm("vfmadd231ps %2, %1, %0" : "+x"(r.v) : "x"(a.v), "x"(b.v));
    return r;
  }
};
template <int N>
GRADUS_INLINE Vec<float, N> fused(const Vec<float, N>& a, const Vec<float, N>& b, const Vec<float, N>& c) {
  static_assert(Fused<N>::value);
  if constexpr (Wide512<float, N>::value)
    return Fused<N>::wide(a, b, c);
  else
    return Fused<N>::half(a, b, c);
}

/// Wide512::entry of copies: GCC stores what it passes or returns by reference, if there is a call it may be read by.
template <int N>
GRADUS_INLINE Vec<float, N> entry(const float* numbers, const IntVec<float, N>& i) {
  return Vec<float, N>(Wide512<float, N>::entry(numbers, IntVec<float, N>(i.v)).v);
}

/// Is any |n| >= 2, or NaN? Those are the numbers whose bit 30 is set.
template <int N>
GRADUS_INLINE bool any_from_2(const Vec<float, N>& n) {
  constexpr int32_t bit = 0x40000000;
  if constexpr (Wide512<float, N>::value) {
    return Wide512<float, N>::any_bit(as_int(n), bit);
  } else {
    int64_t lanes[sizeof(n) / 8], all = 0;
    n.store(reinterpret_cast<float*>(lanes));
    for (int64_t bits : lanes) all |= bits;
    return (all & (int64_t(bit) << 32 | bit)) != 0;
  }
}

/// f of the lanes, out of line.
template <int N>
GRADUS_INLINE Vec<float, N> out_of_line(void (*f)(const float*, float*), const Vec<float, N>& x) {
  float from[N], to[N];
  x.store(from);
  f(from, to);
  return Vec<float, N>::load(to);
}

/// c0 x^n + c1 x^(n-1) + ... + cn by Horner's rule; coefficients from the highest power down.
template <class T, int N, class... C>
GRADUS_INLINE Vec<T, N> horner(const Vec<T, N>& x, double c0, C... rest) {
  Vec<T, N> r(c0);
  ((r = fma(r, x, Vec<T, N>(rest))), ...);
  return r;
}

/// Has Wide512 all of its instructions for it?
template <class T, int N>
inline constexpr bool is_wide = is_f32<T>&& Wide512<T, N>::value;

/// f computed in double: float lanes are widened to two vectors and the results rounded once. f is to be a lambda that
/// is always inlined: on its own it would be compiled for the base instruction set.
template <int N, class F, class... X>
GRADUS_INLINE Vec<float, N> in_double(const F& f, const Vec<float, N>& x, const X&... more) {
  constexpr int H = N / 2;
  using D = Vec<double, H>;
  const auto widen = [](const Vec<float, N>& v, double* to) __attribute__((always_inline)) {
    float lanes[N];
    v.store(lanes);
    for (int i = 0; i < N; ++i) to[i] = lanes[i];
  };
  double in[1 + sizeof...(X)][N], out[N];
  widen(x, in[0]);
  int row = 0;
  (widen(more, in[++row]), ...);
  if constexpr (sizeof...(X) == 0) {
    D(f(D::load(in[0]))).store(out);
    D(f(D::load(in[0] + H))).store(out + H);
  } else {
    D(f(D::load(in[0]), D::load(in[1]))).store(out);
    D(f(D::load(in[0] + H), D::load(in[1] + H))).store(out + H);
  }
  float lanes[N];
  for (int i = 0; i < N; ++i) lanes[i] = static_cast<float>(out[i]);
  return Vec<float, N>::load(lanes);
}

}  // namespace detail

// ---- sign, comparison, classification -------------------------------------------------------------------------

/// |x|, exact. The smallest integer stays, as it has no opposite.
template <class T, int N>
GRADUS_INLINE Vec<T, N> abs(const Vec<T, N>& x) {
  if constexpr (std::is_floating_point_v<T>)
    return detail::bit_and(x, (std::numeric_limits<int_of<T>>::max)());
  else
    return where(x < 0, -x, x);
}

/// The magnitude of a with the sign of b (that of -0 and NaN too).
template <class T, int N>
GRADUS_INLINE Vec<T, N> copysign(const Vec<T, N>& a, const Other<T, N>& b) {
  return detail::bit_xor(abs(a), detail::sign_bit(b));
}
template <class T, int N, Number<T> A>
GRADUS_INLINE Vec<T, N> copysign(A a, const Vec<T, N>& b) {
  return copysign(Vec<T, N>(a), b);
}

/// -1, 0 or 1; of NaN 0, as in PyTorch.
template <class T, int N>
GRADUS_INLINE Vec<T, N> sign(const Vec<T, N>& x) {
  return where(x > 0, 1, where(x < 0, -1, Vec<T, N>(0)));
}

/// Is the sign bit set? -0 and NaN included.
template <class T, int N>
GRADUS_INLINE Mask<T, N> signbit(const Vec<T, N>& x) {
  return Mask<T, N>(as_int(x).v < 0);
}

template <class T, int N>
GRADUS_INLINE Mask<T, N> isnan(const Vec<T, N>& x) {
  return x != x;
}
template <class T, int N>
GRADUS_INLINE Mask<T, N> isinf(const Vec<T, N>& x) {
  if constexpr (std::is_floating_point_v<T>)
    return abs(x) == detail::inf<T>;
  else
    return x != x;
}
template <class T, int N>
GRADUS_INLINE Mask<T, N> isfinite(const Vec<T, N>& x) {
  if constexpr (std::is_floating_point_v<T>)
    return abs(x) < detail::inf<T>;
  else
    return x == x;
}

/// The larger of a and b; NaN if either is, as in PyTorch.
template <class T, int N>
GRADUS_INLINE Vec<T, N> maximum(const Vec<T, N>& a, const Other<T, N>& b) {
  using Wide = detail::Wide512<T, N>;
  if constexpr (!std::is_floating_point_v<T>)
    return where(a > b, a, b);
  else if constexpr (Wide::value)
    return detail::select(a == a, Wide::larger(a, b), a);
  else
    return where(a == a, where(a > b, a, b), a);
}
template <class T, int N, Number<T> A>
GRADUS_INLINE Vec<T, N> maximum(A a, const Vec<T, N>& b) {
  return maximum(Vec<T, N>(a), b);
}

/// The smaller of a and b; NaN if either is, as in PyTorch.
template <class T, int N>
GRADUS_INLINE Vec<T, N> minimum(const Vec<T, N>& a, const Other<T, N>& b) {
  using Wide = detail::Wide512<T, N>;
  if constexpr (!std::is_floating_point_v<T>)
    return where(a < b, a, b);
  else if constexpr (Wide::value)
    return detail::select(a == a, Wide::smaller(a, b), a);
  else
    return where(a == a, where(a < b, a, b), a);
}
template <class T, int N, Number<T> A>
GRADUS_INLINE Vec<T, N> minimum(A a, const Vec<T, N>& b) {
  return minimum(Vec<T, N>(a), b);
}

// ---- rounding -------------------------------------------------------------------------------------------------

namespace detail {
/// The nearest integer of x >= 0, ties to even: adding 2^digits leaves no room for a fraction.
template <class T, int N>
GRADUS_INLINE Vec<T, N> round_positive(const Vec<T, N>& x) {
  constexpr T whole = T(int_of<T>(1) << Format<T>::digits);
  return where(x < whole, (x + whole) - whole, x);
}
}  // namespace detail

/// The nearest integer, ties to even. Exact; integers, infinities, NaN and -0 stay.
template <class T, int N>
GRADUS_INLINE Vec<T, N> round(const Vec<T, N>& x) {
  if constexpr (std::is_floating_point_v<T>)
    return copysign(detail::round_positive(abs(x)), x);
  else
    return x;
}

/// Towards zero.
template <class T, int N>
GRADUS_INLINE Vec<T, N> trunc(const Vec<T, N>& x) {
  if constexpr (std::is_floating_point_v<T>) {
    const Vec<T, N> a = abs(x), r = detail::round_positive(a);
    return copysign(where(r > a, r - 1, r), x);
  } else {
    return x;
  }
}

/// The largest integer that is not above x.
template <class T, int N>
GRADUS_INLINE Vec<T, N> floor(const Vec<T, N>& x) {
  const Vec<T, N> r = round(x);
  return where(r > x, r - 1, r);
}

/// The smallest integer that is not below x.
template <class T, int N>
GRADUS_INLINE Vec<T, N> ceil(const Vec<T, N>& x) {
  const Vec<T, N> r = round(x);
  if constexpr (std::is_floating_point_v<T>)
    return copysign(where(r < x, r + 1, r), x);
  else
    return r;
}

// ---- roots ----------------------------------------------------------------------------------------------------

/// sqrt(x), correctly rounded: a loop over lanes that compilers turn into the one instruction.
template <class T, int N>
GRADUS_INLINE Vec<T, N> sqrt(const Vec<T, N>& x) {
  T lanes[N];
  x.store(lanes);
  for (int i = 0; i < N; ++i) {
    if constexpr (detail::is_f32<T>)
      lanes[i] = __builtin_sqrtf(lanes[i]);
    else
      lanes[i] = __builtin_sqrt(lanes[i]);
  }
  return Vec<T, N>::load(lanes);
}

/// 1 / sqrt(x); AVX-512 takes three times as long for it as for an estimate and a step of Newton's, which 0 and inf
/// fail.
/// Error: float 1.50 (AVX-512: 1.04), double 1.50 ulp.
template <class T, int N>
GRADUS_INLINE Vec<T, N> rsqrt(const Vec<T, N>& x) {
  using Wide = detail::Wide512<T, N>;
  if constexpr (Wide::value && detail::is_f32<T>) {
    const Vec<T, N> y = Wide::reciprocal_root(x), rest = fma(-(x * y), y, Vec<T, N>(1));
    return detail::select(rest == rest, fma(rest * 0.5, y, y), y);
  } else {
    return 1 / sqrt(x);
  }
}

/// 1 / x.
template <class T, int N>
GRADUS_INLINE Vec<T, N> reciprocal(const Vec<T, N>& x) {
  return 1 / x;
}

/// N consecutive lanes of two vectors side by side, on the set that has an instruction for it.
template <class T, int N>
struct Turned {
  static constexpr bool value = sizeof(T) * N == 64;
  using V = Vec<T, N>;
  Vec<int_of<T>, N> from;
  /// Those from lane `first` on, which is below N.
  GRADUS_INLINE void by(int64_t first) {
    int_of<T> lanes[N];
    for (int i = 0; i < N; ++i) lanes[i] = static_cast<int_of<T>>(i);
    from = Vec<int_of<T>, N>::load(lanes) + Vec<int_of<T>, N>(static_cast<int_of<T>>(first));
  }
  GRADUS_AVX512 V operator()(const V& a, const V& b) const {
    V r = a;
    if constexpr (std::is_same_v<T, float>)
      asm("vpermt2ps %2, %1, %0" : "+v"(r.v) : "v"(from.v), "v"(b.v));
    else
      asm("vpermt2pd %2, %1, %0" : "+v"(r.v) : "v"(from.v), "v"(b.v));
    return r;
  }
};

}  // namespace gradus::simd
