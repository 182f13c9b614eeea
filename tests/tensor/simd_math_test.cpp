// Accuracy of the mathematical functions of simd::Vec on the instruction set in use (GRADUS_ISA lowers it).
//
// One row a function: name, formula, reference in a wider type, permitted error in ulp. float is compared with double
// on every 997th bit pattern and around every special value; double with long double on random and special values.
// GRADUS_EXHAUSTIVE=1 prints the errors, takes more samples, and compares all 2^32 floats (=n: every n-th) with the
// formula in double, which the other tests hold to long double; libm is too slow for it. GRADUS_ONLY=name picks a row.
#include "gradus/tensor/kernels/simd_math.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "gradus/tensor/kernels/simd_lanes.h"
#include "gradus/tests/tensor/simd_accuracy.h"

namespace gradus::simd {
namespace {

using namespace accuracy;

#define GRADUS_ROW(T, f, limit) \
  unary<T>(                     \
      #f, [](const auto& x) { return f(x); }, [](Wide<T> x) { return static_cast<Wide<T>>(std::f(x)); }, limit)
#define GRADUS_ROW2(T, f, limit)                                \
  binary<T>(                                                    \
      #f, [](const auto& x, const auto& y) { return f(x, y); }, \
      [](Wide<T> x, Wide<T> y) { return static_cast<Wide<T>>(std::f(x, y)); }, limit)

template <class W>
W sigmoid_reference(W x) {
  const W e = std::exp(-std::fabs(x));
  return (x < 0 ? e : 1) / (1 + e);
}

template <class W>
W softplus_reference(W x) {
  return (x > 0 ? x : 0) + std::log1p(std::exp(-std::fabs(x)));
}

/// log(b^p + b^q) / log(b) of p = |x| and q = |y|, where nothing cancels.
template <class W>
W logaddexp_reference(W x, W y, W log_b) {
  const W p = std::fabs(x), q = std::fabs(y);
  return std::max(p, q) + std::log1p(std::exp(p == q ? 0 : -std::fabs(p - q) * log_b)) / log_b;
}

/// Newton's steps in the wider type for erfc(y) = 1 - |x|.
template <class W>
W erfinv_reference(W x) {
  const W rest = 1 - std::fabs(x);
  if (!(rest > 0)) return rest == 0 ? std::copysign(std::numeric_limits<W>::infinity(), x) : std::nan("");
  if (std::fabs(x) < W(1e-10)) return x * W(0.886226925452758013649L);
  long double y = rest > 0.5L ? std::fabs(x) * 0.9L : std::sqrt(-std::log(static_cast<long double>(rest)));
  for (int i = 0; i < 60; ++i) {
    const long double miss = rest > 0.5L ? std::erf(y) - std::fabs(x) : rest - std::erfc(y);
    const long double newton = miss * 0.886226925452758013649L * std::exp(y * y);
    y -= newton / (1 + y * newton);
    if (std::fabs(newton) < 1e-14L * y) break;
  }
  return static_cast<W>(std::copysign(y, static_cast<long double>(x)));
}

/// psi(|x|): the series around the root, psi(x) = psi(x + 1) - 1 / x, and Stirling's series.
template <class W>
W digamma_reference(W at) {
  long double x = std::fabs(at), r = 0, sum = 0;
  const long double d = (x - 1.4616321449683622) - 9.549995429965697715e-17L;
  if (std::fabs(d) < 0.01L) {
    for (long double c : {0.02259764823221810466L, -0.0331611264728473593L, 0.04880428816414310723L,
                          -0.07219956125645471091L, 0.1078240506912623658L, -0.1639427054424065275L,
                          0.2584997609556510106L, -0.4427631689835921061L, 0.9676722454476211704L})
      sum = sum * d + c;
    return static_cast<W>(sum * d);
  }
  for (; x < 40; ++x) r -= 1 / x;
  const long double z = 1 / (x * x);
  for (long double c : {-1.0L / 240, 1.0L / 252, -1.0L / 120, 1.0L / 12}) sum = sum * z + c;
  return static_cast<W>(r + (std::log(x) - 0.5L / x - sum * z));
}

template <class T>
std::vector<Unary<T>> unary_rows() {
  return {
      GRADUS_ROW(T, exp, 1.1),
      GRADUS_ROW(T, exp2, 1.1),
      GRADUS_ROW(T, expm1, 1.9),
      GRADUS_ROW(T, log, 2),
      GRADUS_ROW(T, log1p, 2),
      GRADUS_ROW(T, log2, 2),
      GRADUS_ROW(T, log10, 2),
      GRADUS_ROW(T, sin, 2),
      GRADUS_ROW(T, cos, sizeof(T) == 4 ? 2 : 2.2),
      GRADUS_ROW(T, tan, sizeof(T) == 4 ? 2 : 4),
      GRADUS_ROW(T, asin, 2),
      GRADUS_ROW(T, acos, 2),
      GRADUS_ROW(T, atan, 2),
      GRADUS_ROW(T, tanh, 1.9),
      GRADUS_ROW(T, sinh, 1.7),
      GRADUS_ROW(T, cosh, 1.5),
      GRADUS_ROW(T, asinh, sizeof(T) == 4 ? 1.9 : 4),
      GRADUS_ROW(T, acosh, sizeof(T) == 4 ? 2 : 4),
      GRADUS_ROW(T, atanh, sizeof(T) == 4 ? 1.7 : 4),
      GRADUS_ROW(T, erf, sizeof(T) == 4 ? 1.6 : 1.3),
      GRADUS_ROW(T, erfc, sizeof(T) == 4 ? 3.1 : 3.5),
      unary<T>(
          "erfinv", [](const auto& x) { return erfinv(x); }, &erfinv_reference<Wide<T>>, 2.4),
      GRADUS_ROW(T, lgamma, sizeof(T) == 4 ? 1.9 : 5),
      unary<T>(
          "digamma", [](const auto& x) { return digamma(abs(x)); }, &digamma_reference<Wide<T>>,
          sizeof(T) == 4 ? 1.6 : 3),
      unary<T>(
          "sigmoid", [](const auto& x) { return sigmoid(x); }, &sigmoid_reference<Wide<T>>, 1.9),
      unary<T>(
          "softplus", [](const auto& x) { return softplus(x); }, &softplus_reference<Wide<T>>, 2),
      unary<T>(
          "log_sigmoid", [](const auto& x) { return log_sigmoid(minimum(x, 103)); },
          [](Wide<T> x) { return -softplus_reference(std::max<Wide<T>>(-x, -103)); }, 2),
      GRADUS_ROW(T, sqrt, 0.5),
      unary<T>(
          "rsqrt", [](const auto& x) { return rsqrt(x); }, [](Wide<T> x) { return 1 / std::sqrt(x); }, 2),
      GRADUS_ROW(T, floor, 0),
      GRADUS_ROW(T, ceil, 0),
      GRADUS_ROW(T, trunc, 0),
      unary<T>(
          "round", [](const auto& x) { return round(x); }, [](Wide<T> x) { return std::nearbyint(x); }, 0),
      unary<T>(
          "abs", [](const auto& x) { return abs(x); }, [](Wide<T> x) { return std::fabs(x); }, 0),
  };
}

template <class W>
W remainder_reference(W a, W b) {
  const W r = std::fmod(a, b);
  return r != 0 && (r < 0) != (b < 0) ? r + b : r;
}

/// PyTorch's algorithm.
template <class W>
W floor_divide_reference(W a, W b) {
  if (b == 0) return a / b;
  const W r = std::fmod(a, b);
  const W q = (a - r) / b - (r != 0 && (r < 0) != (b < 0) ? 1 : 0);
  if (q == 0) return std::copysign(W(0), a / b);
  return q - std::floor(q) > W(0.5) ? std::floor(q) + 1 : std::floor(q);
}

template <class W>
W maximum_reference(W a, W b) {
  return std::isnan(a) || a > b ? a : b;
}
template <class W>
W minimum_reference(W a, W b) {
  return std::isnan(a) || a < b ? a : b;
}

template <class T>
std::vector<Binary<T>> binary_rows() {
  return {
      GRADUS_ROW2(T, pow, sizeof(T) == 4 ? 1.4 : 1.1),
      GRADUS_ROW2(T, atan2, 2),
      binary<T>(
          "logaddexp", [](const auto& x, const auto& y) { return logaddexp(abs(x), abs(y)); },
          [](Wide<T> x, Wide<T> y) { return logaddexp_reference<Wide<T>>(x, y, 1); }, 2),
      binary<T>(
          "logaddexp2", [](const auto& x, const auto& y) { return logaddexp2(abs(x), abs(y)); },
          [](Wide<T> x, Wide<T> y) { return logaddexp_reference<Wide<T>>(x, y, 0.693147180559945309417232L); }, 2),
      GRADUS_ROW2(T, fmod, 0),
      binary<T>(
          "remainder", [](const auto& x, const auto& y) { return remainder(x, y); }, &remainder_reference<Wide<T>>,
          0.5),
      binary<T>(
          "floor_divide", [](const auto& x, const auto& y) { return floor_divide(x, y); },
          &floor_divide_reference<Wide<T>>, 2),
      binary<T>(
          "maximum", [](const auto& x, const auto& y) { return maximum(x, y); }, &maximum_reference<Wide<T>>, 0),
      binary<T>(
          "minimum", [](const auto& x, const auto& y) { return minimum(x, y); }, &minimum_reference<Wide<T>>, 0),
      GRADUS_ROW2(T, copysign, 0),
  };
}

bool selected(const char* name) {
  const char* only = std::getenv("GRADUS_ONLY");
  return !only || std::string(only) == name;
}

TEST(SimdMath, Float) {
  for (const auto& row : unary_rows<float>()) {
    if (!selected(row.name)) continue;
    check_samples(row, 8);
    check_floats(row);
    if (exhaustive()) check_all_floats(row, exhaustive());
  }
  for (const auto& row : binary_rows<float>())
    if (selected(row.name)) check_samples(row, exhaustive() ? 20000 : 200);
}

TEST(SimdMath, Double) {
  for (const auto& row : unary_rows<double>())
    if (selected(row.name)) check_samples(row, exhaustive() ? 4000 : 200);
  for (const auto& row : binary_rows<double>())
    if (selected(row.name)) check_samples(row, exhaustive() ? 4000 : 200);
}

/// f at one point, at the base width.
template <class T, class F, class... X>
T lane(F f, X... x) {
  using V = Vec<T, 16 / sizeof(T)>;
  const auto fill = [](auto value) {
    T lanes[V::size];
    std::fill(lanes, lanes + V::size, static_cast<T>(value));
    return V::load(lanes);
  };
  T out[V::size];
  V(f(fill(x)...)).store(out);
  return out[0];
}
template <class T, class F>
bool holds(F f, T x) {
  return lane<T>([&](const auto& v) { return where(f(v), 1, 0); }, x) == 1;
}

constexpr float kNan = std::numeric_limits<float>::quiet_NaN(), kInf = std::numeric_limits<float>::infinity();

/// The largest absolute error of normal_cdf between -15 and 15.
template <class T>
double normal_cdf_error() {
  const auto cdf = [](const auto& v) { return normal_cdf(v); };
  const Compute<T> compute = entry<Loop<decltype(cdf), T, 0>, T*, const T* const*, int64_t>();
  std::vector<T> x(1 << 20), y(x.size());
  for (size_t i = 0; i < x.size(); ++i)
    x[i] = static_cast<T>(30 * static_cast<double>(i) / static_cast<double>(x.size()) - 15);
  const T* const in[] = {x.data()};
  compute(y.data(), in, static_cast<int64_t>(x.size()));
  double worst = 0;
  for (size_t i = 0; i < x.size(); ++i)
    worst = std::max(
        worst, std::fabs(static_cast<double>(y[i]) - 0.5 * std::erfc(-static_cast<double>(x[i]) * std::sqrt(0.5))));
  return worst;
}

TEST(SimdMath, NormalCdf) {
  EXPECT_LT(normal_cdf_error<float>(), 9e-8);
  EXPECT_LT(normal_cdf_error<double>(), 2.3e-16);
  const auto f = [](const auto& v) { return normal_cdf(v); };
  for (const float far_off : {6.0f, 100.0f, 1e20f, 3e38f, kInf}) {
    EXPECT_EQ(lane<float>(f, far_off), 1);
    EXPECT_EQ(lane<float>(f, -far_off), 0);
  }
  EXPECT_NEAR(lane<float>(f, 0.0f), 0.5f, 6e-8f);
  EXPECT_TRUE(std::isnan(lane<float>(f, kNan)));
}

TEST(SimdMath, Digamma) {
  const auto f = [](const auto& v) { return digamma(v); };
  for (const double zero : {0.0, -0.0}) EXPECT_EQ(lane<double>(f, zero), std::copysign(kInf, -zero));
  EXPECT_TRUE(std::isnan(lane<double>(f, -3.0)));
  const auto near = [f](double x, double right, double error) {
    EXPECT_NEAR(lane<double>(f, x), right, error);
    EXPECT_NEAR(lane<float>(f, static_cast<float>(x)), right, 2e-7 * std::fabs(right) + 2e-9);
  };
  near(1.0, -0.57721566490153286061, 2.56e-16);
  near(0.5, -1.9635100260214234794, 8.72e-16);
  near(0.001, -1000.5755719318102797, 4.44e-13);
  near(-0.5, 0.036489973978576520559, 2.22e-16);
  near(-7.25, 5.1899772149562878875, 2.3e-15);
  near(2.0, 0.42278433509846713939, 2.22e-16);
  near(9.75, 2.225109535044576012, 9.88e-16);
  near(123.5, 4.8121871094331430726, 2.14e-15);
  near(10000000000.0, 23.02585092989045684, 1.02e-14);
  const auto derivative = [](const auto& v) { return polygamma(1, v); };
  EXPECT_NEAR(lane<double>(derivative, 0.25), 17.197329154507110735, 1.1e-14);
  EXPECT_NEAR(lane<double>(derivative, 1e200), 1e-200, 3e-216);
}

TEST(SimdMath, Classification) {
  for (float x : {0.0f, -0.0f, 1.0f, -2.5f, 1e-42f, kInf, -kInf, kNan, -kNan}) {
    EXPECT_EQ(holds([](const auto& v) { return isnan(v); }, x), std::isnan(x)) << x;
    EXPECT_EQ(holds([](const auto& v) { return isinf(v); }, x), std::isinf(x)) << x;
    EXPECT_EQ(holds([](const auto& v) { return isfinite(v); }, x), std::isfinite(x)) << x;
    EXPECT_EQ(holds([](const auto& v) { return signbit(v); }, x), std::signbit(x)) << x;
    EXPECT_EQ(lane<float>([](const auto& v) { return sign(v); }, x), x > 0 ? 1 : x < 0 ? -1 : 0) << x;
  }
  EXPECT_TRUE(holds([](const auto& v) { return isfinite(v); }, int64_t(3)));
  EXPECT_FALSE(holds([](const auto& v) { return isinf(v); }, int64_t(3)));
}

TEST(SimdMath, Integers) {
  using L = std::numeric_limits<int64_t>;
  const auto floor_of = [](int64_t a, int64_t b) { return a / b - (a % b != 0 && (a % b < 0) != (b < 0)); };
  for (int64_t a : {int64_t(0), int64_t(7), int64_t(-7), int64_t(8), L::max(), L::min() + 1}) {
    for (int64_t b : {int64_t(1), int64_t(2), int64_t(-2), int64_t(7), int64_t(-7), L::max(), L::min()}) {
      const int64_t q = lane<int64_t>([](const auto& x, const auto& y) { return floor_divide(x, y); }, a, b);
      EXPECT_EQ(q, floor_of(a, b)) << a << " // " << b;
      EXPECT_EQ(lane<int64_t>([](const auto& x, const auto& y) { return remainder(x, y); }, a, b),
                static_cast<int64_t>(static_cast<uint64_t>(a) - static_cast<uint64_t>(q) * static_cast<uint64_t>(b)));
      EXPECT_EQ(lane<int64_t>([](const auto& x, const auto& y) { return fmod(x, y); }, a, b), a % b);
      EXPECT_EQ(lane<int64_t>([](const auto& x, const auto& y) { return maximum(x, y); }, a, b), std::max(a, b));
      EXPECT_EQ(lane<int64_t>([](const auto& x, const auto& y) { return minimum(x, y); }, a, b), std::min(a, b));
    }
    EXPECT_EQ(lane<int64_t>([](const auto& x) { return floor_divide(x, 0); }, a), 0);
    EXPECT_EQ(lane<int64_t>([](const auto& x) { return abs(x); }, a), std::abs(a));
    EXPECT_EQ(lane<int64_t>([](const auto& x) { return sign(x); }, a), (a > 0) - (a < 0));
    EXPECT_EQ(lane<int64_t>([](const auto& x) { return floor(ceil(round(trunc(x)))); }, a), a);
  }
  EXPECT_EQ(lane<int64_t>([](const auto& x) { return floor_divide(x, -1); }, L::min()), L::min());
  EXPECT_EQ(lane<int64_t>([](const auto& x) { return remainder(x, -1); }, L::min()), 0);
  const auto power = [](const auto& x, const auto& y) { return pow(x, y); };
  EXPECT_EQ(lane<int64_t>(power, -3, 5), -243);
  EXPECT_EQ(lane<int64_t>(power, 2, 62), int64_t(1) << 62);
  EXPECT_EQ(lane<int64_t>(power, 5, 0), 1);
  EXPECT_EQ(lane<int64_t>(power, 2, -1), 0);
  EXPECT_EQ(lane<int64_t>(power, -1, -3), -1);
}

/// Every function of two arguments takes a number on either side.
TEST(SimdMath, Numbers) {
  const double x = 2.5;
  EXPECT_DOUBLE_EQ(lane<double>([](const auto& v) { return pow(v, 3) + pow(3, v); }, x), 15.625 + std::pow(3, x));
  EXPECT_DOUBLE_EQ(lane<double>([](const auto& v) { return atan2(v, 2) - atan2(2.0, v); }, x),
                   std::atan2(x, 2) - std::atan2(2, x));
  EXPECT_EQ(lane<double>([](const auto& v) { return maximum(v, 3) + maximum(0, v); }, x), 5.5);
  EXPECT_EQ(lane<double>([](const auto& v) { return minimum(v, 3) + minimum(0, v); }, x), 2.5);
  EXPECT_EQ(lane<double>([](const auto& v) { return fmod(v, 2) + fmod(-7, v); }, x), 0.5 - 2);
  EXPECT_EQ(lane<double>([](const auto& v) { return remainder(v, -2) + remainder(-7, v); }, x), -1.5 + 0.5);
  EXPECT_EQ(lane<double>([](const auto& v) { return floor_divide(v, -2) + floor_divide(-7, v); }, x), -2. - 3);
  EXPECT_EQ(lane<double>([](const auto& v) { return copysign(v, -1) + copysign(1, v); }, x), -1.5);
}

}  // namespace
}  // namespace gradus::simd
