// The parts of simd_math.h that go lane by lane.
#include "gradus/tensor/kernels/simd_math.h"

#include <cmath>
#include <initializer_list>

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

template <class T>
void reduce_lanes(const T* x, T* r, T* n, int count, T limit) {
  for (int i = 0; i < count; ++i) {
    if (!(x[i] > limit)) continue;
    double turns = 0;
    r[i] = static_cast<T>(reduce_lane(x[i], &turns));
    n[i] = static_cast<T>(turns);
  }
}

}  // namespace

void reduce_large(const double* x, double* r, double* n, int count, double limit) {
  reduce_lanes(x, r, n, count, limit);
}
void reduce_large(const float* x, float* r, float* n, int count, float limit) { reduce_lanes(x, r, n, count, limit); }

double fmod_lane(double a, double b) { return std::fmod(a, b); }

/// A start by M. Giles, Approximating the erfinv function (GPU Computing Gems, 2011), good to 1e-7, then Halley's steps
/// for erf(y) = x, or for erfc(y) = 1 - x where 1 - x has more digits.
double erfinv_lane(double x) {
  const double a = std::fabs(x), rest = 1 - a;
  if (!(rest > 0)) return rest == 0 ? std::copysign(inf<double>, x) : nan<double>;
  const auto poly = [](double t, std::initializer_list<double> c) {
    double r = 0;
    for (double k : c) r = r * t + k;
    return r;
  };
  const double w = -std::log(rest * (1 + a));
  double y =
      a * (w < 5 ? poly(w - 2.5, {2.81022636e-08, 3.43273939e-07, -3.5233877e-06, -4.39150654e-06, 0.00021858087,
                                  -0.00125372503, -0.00417768164, 0.246640727, 1.50140941})
                 : poly(std::sqrt(w) - 3, {-0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844,
                                           0.00573950773, -0.0076224613, 0.00943887047, 1.00167406, 2.83297682}));
  for (int step = 0; step < 2; ++step) {
    const double miss = a < 0.5 ? std::erf(y) - a : rest - std::erfc(y);
    const double newton = miss * 0.8862269254527580 * std::exp(y * y);
    y -= newton / (1 + y * newton);
  }
  return std::copysign(y, x);
}

double lgamma_lane(double x) {
#if defined(__GLIBC__)
  int sign;  // lgamma would write it to a global
  return ::lgamma_r(x, &sign);
#else
  return std::lgamma(x);
#endif
}

/// psi(1 - x) - pi / tan(pi x) below 0; psi(x + 1) = psi(x) + 1 / x up to 10; from there Stirling's series.
/// In long double, as terms cancel around the root at 1.46.
double digamma_lane(double x) {
  if (x == 0) return std::copysign(inf<double>, -x);
  if (x < 0 && x == std::floor(x)) return nan<double>;
  constexpr long double pi = 3.14159265358979323846264338327950288L;
  long double r = x < 0 ? -pi / std::tan(pi * (x - std::round(x))) : 0, y = x < 0 ? 1.0L - x : x;
  for (; y < 10; ++y) r -= 1 / y;
  const long double z = 1 / (y * y);
  const long double series =
      z * (1.0L / 12 -
           z * (1.0L / 120 - z * (1.0L / 252 - z * (1.0L / 240 - z * (1.0L / 132 - z * (691.0L / 32760 - z / 12))))));
  return static_cast<double>(r + (std::log(y) - 0.5L / y - series));
}

}  // namespace gradus::simd::detail
