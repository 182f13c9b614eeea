// The parts of simd_math.h that go lane by lane, or that few arguments need.
#include "gradus/tensor/kernels/simd_math.h"

#include <cmath>
#include <initializer_list>

#include "gradus/tensor/kernels/simd_lanes.h"

namespace gradus::simd::detail {
namespace {

// 2/pi after the binary point, 64 digits a word: enough for the largest double.
constexpr uint64_t two_over_pi[] = {
    0xa2f9836e4e441529, 0xfc2757d1f534ddc0, 0xdb6295993c439041, 0xfe5163abdebbc561, 0xb7246e3a424dd2e0,
    0x06492eea09d1921c, 0xfe1deb1cb129a73e, 0xe88235f52ebb4484, 0xe99c7026b45f7e41, 0x3991d639835339f4,
    0x9c845f8bbdf9283b, 0x1ff897ffde05980f, 0xef2f118b5a0a6d1f, 0x6d367ecf27cb09b7, 0x4f463f669e5fea2d,
    0x7527bac7ebe5f17b, 0x3d0739f78a5292ea, 0x6bfb5fb11f8d5d08, 0x56033046fc7b6bab, 0xf0cfbc209af4361d,
};

uint64_t digits_at(int first) {  // 64 digits of 2/pi from the first-th on; those before the point are zeros
  if (first < 0) return first <= -64 ? 0 : two_over_pi[0] >> -first;
  const int word = first / 64, bit = first % 64;
  return bit == 0 ? two_over_pi[word] : two_over_pi[word] << bit | two_over_pi[word + 1] >> (64 - bit);
}

/// Payne and Hanek, Radian reduction for trigonometric functions, 1983: of x 2/pi only the digits around the point
/// matter, so x's 53-digit fraction is multiplied with the 192 digits of 2/pi that yield them.
double reduce_lane(double x, double* n) {
  if (!std::isfinite(x)) return std::numeric_limits<double>::quiet_NaN();
  int exponent;
  const auto fraction = static_cast<uint64_t>(std::ldexp(std::frexp(x, &exponent), 53));
  // x = fraction 2^(exponent - 53); digits of 2/pi before `first` contribute multiples of 4 turns only.
  const int first = exponent - 53 - 2;
  using Wide = unsigned __int128;
  const Wide low = Wide(fraction) * digits_at(first + 128);
  const Wide middle = Wide(fraction) * digits_at(first + 64) + static_cast<uint64_t>(low >> 64);
  const uint64_t high = fraction * digits_at(first) + static_cast<uint64_t>(middle >> 64);
  // x 2/pi mod 4 = (high, middle) / 2^126, two digits before the point; rounded to the nearest integer.
  Wide turns = Wide(high) << 64 | static_cast<uint64_t>(middle);
  int quadrant = static_cast<int>(turns >> 126);
  turns <<= 2;
  const bool above_half = turns >> 127;
  if (above_half) turns = -turns, quadrant = (quadrant + 1) & 3;
  const long double rest = std::ldexp(static_cast<long double>(static_cast<uint64_t>(turns >> 64)), -64) +
                           std::ldexp(static_cast<long double>(static_cast<uint64_t>(turns)), -128);
  const auto r = static_cast<double>(rest * 1.57079632679489661923132169163975144L);
  *n = quadrant;
  return above_half ? -r : r;
}

}  // namespace

void reduce_large(const double* x, double* r, double* n, int count, double limit) {
  for (int i = 0; i < count; ++i)
    if (x[i] > limit) r[i] = reduce_lane(x[i], &n[i]);
}

double fmod_lane(double a, double b) { return std::fmod(a, b); }

namespace {

double lgamma_lane(double x) {
#if defined(__GLIBC__)
  int sign;  // lgamma would write it to a global
  return ::lgamma_r(x, &sign);
#else
  return std::lgamma(x);
#endif
}

/// psi(1 - x) - pi / tan(pi x) for x < 0; psi(x + 1) = psi(x) + 1 / x up to 12; from there Stirling's series.
/// In long double, as terms cancel around the roots.
double digamma_lane(double x) {
  if (x == std::floor(x)) return nan<double>;
  constexpr long double pi = 3.14159265358979323846264338327950288L;
  long double r = -pi / std::tan(pi * (x - std::round(x))), y = 1.0L - x;
  for (; y < 12; ++y) r -= 1 / y;
  const long double z = 1 / (y * y);
  long double series = 0;
  for (long double c :
       {3617.0L / 8160, -1.0L / 12, 691.0L / 32760, -1.0L / 132, 1.0L / 240, -1.0L / 252, 1.0L / 120, -1.0L / 12})
    series = (series + c) * z;
  return static_cast<double>(r + (std::log(y) - 0.5L / y + series));
}

void lanes_below_0(double (*f)(double), const double* x, double* y, int count) {
  for (int i = 0; i < count; ++i)
    if (x[i] < 0) y[i] = f(x[i]);
}

/// x less the nearest integer, and 0 where that is x, be it infinite.
template <int N>
GRADUS_INLINE Vec<double, N> off_integer(const Vec<double, N>& x) {
  const Vec<double, N> whole = round(x);
  return where(x == whole, 0, x - whole);
}

constexpr double pi = 3.141592653589793;

// Of all x < 0 at once.
struct Lgamma {
  template <int N>
  GRADUS_INLINE static Vec<double, N> at(const Vec<double, N>& x) {
    const Vec<double, N> d = off_integer(x);
    return where(d == 0, inf<double>, log(pi / abs(x * sin(pi * d))) - lgamma(-x));
  }
};
struct Digamma {
  template <int N>
  GRADUS_INLINE static Vec<double, N> at(const Vec<double, N>& x) {
    const Vec<double, N> d = off_integer(x);
    return where(d == 0, nan<double>, digamma(1 - x) - pi / tan(pi * d));
  }
};
struct Trigamma {
  template <int N>
  GRADUS_INLINE static Vec<double, N> at(const Vec<double, N>& x) {
    const Vec<double, N> q = pi / sin(pi * off_integer(x));
    return q * q - trigamma(1 - x);
  }
};

struct Sin {
  template <int N>
  GRADUS_INLINE static Vec<double, N> at(const Vec<double, N>& x) {
    return sin(x);
  }
};
struct Cos {
  template <int N>
  GRADUS_INLINE static Vec<double, N> at(const Vec<double, N>& x) {
    return cos(x);
  }
};
struct Tan {
  template <int N>
  GRADUS_INLINE static Vec<double, N> at(const Vec<double, N>& x) {
    return tan(x);
  }
};

constexpr int kMost = 16;

struct PowLanes {
  template <class A>
  GRADUS_RUNS_FORMULA static void run(const float* x, float* y) {
    using V = typename A::template vec<float>;
    if constexpr (V::size == kMost) V(pow_any(V::load(x), V::load(y))).store(y);
  }
};
struct Atan2Lanes {
  template <class A>
  GRADUS_RUNS_FORMULA static void run(float* y, const float* x) {
    using V = typename A::template vec<float>;
    if constexpr (V::size == kMost) V(atan2_any(V::load(y), V::load(x))).store(y);
  }
};
struct TanLanes {
  template <class A>
  GRADUS_RUNS_FORMULA static void run(const float* x, float* y) {
    using V = typename A::template vec<float>;
    if constexpr (V::size == kMost) V(tan_in_parts(V::load(x))).store(y);
  }
};
struct LgammaLanes {
  template <class A>
  GRADUS_RUNS_FORMULA static void run(const float* x, float* y) {
    using V = typename A::template vec<float>;
    if constexpr (V::size == kMost) V(lgamma_any(V::load(x))).store(y);
  }
};
template <class F>
struct InDouble {
  template <class A>
  GRADUS_RUNS_FORMULA static void run(const double* x, double* y, int count) {
    using V = typename A::template vec<double>;
    for (int i = 0; i < count; i += V::size) V(F::at(V::load(x + i))).store(y + i);
  }
};

/// y = F(x) in the lanes that are `wanted`; the others compute F of -1/2.
template <class F, class T, class Wanted>
void some_lanes(const T* x, T* y, int count, const Wanted& wanted) {
  double from[kMost], to[kMost];
  for (int i = 0; i < kMost; ++i) from[i] = i < count && wanted(i) ? x[i] : T(-0.5);
  call<InDouble<F>>(static_cast<const double*>(from), static_cast<double*>(to), count);
  for (int i = 0; i < count; ++i)
    if (wanted(i)) y[i] = static_cast<T>(to[i]);
}

template <class F, class T>
void reflect(const T* x, T* y, int count) {
  some_lanes<F>(x, y, count, [x](int i) { return x[i] < 0; });
}

template <class F>
void far_lanes(const float* x, const float* n, float* y, int count) {
  some_lanes<F>(x, y, count, [n](int i) { return !(std::fabs(n[i]) < 2); });
}

}  // namespace

void sin_far(const float* x, const float* n, float* y, int count) { far_lanes<Sin>(x, n, y, count); }
void cos_far(const float* x, const float* n, float* y, int count) { far_lanes<Cos>(x, n, y, count); }
void tan_far(const float* x, const float* n, float* y, int count) { far_lanes<Tan>(x, n, y, count); }

void pow_lanes(const float* x, float* y) { call<PowLanes>(x, y); }
void atan2_lanes(float* y, const float* x) { call<Atan2Lanes>(y, x); }
void tan_lanes(const float* x, float* y) { call<TanLanes>(x, y); }
void lgamma_lanes(const float* x, float* y) { call<LgammaLanes>(x, y); }

void lgamma_below_0(const float* x, float* y, int count) { reflect<Lgamma>(x, y, count); }
void lgamma_below_0(const double* x, double* y, int count) { lanes_below_0(lgamma_lane, x, y, count); }
void digamma_below_0(const float* x, float* y, int count) { reflect<Digamma>(x, y, count); }
void digamma_below_0(const double* x, double* y, int count) { lanes_below_0(digamma_lane, x, y, count); }
void trigamma_below_0(const float* x, float* y, int count) { reflect<Trigamma>(x, y, count); }
void trigamma_below_0(const double* x, double* y, int count) { reflect<Trigamma>(x, y, count); }

}  // namespace gradus::simd::detail
