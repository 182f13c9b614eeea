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

namespace gradus::simd {
namespace {

template <class F, class T, size_t... I>
struct Loop {
  template <class A>
  GRADUS_INLINE static void run(T* out, const T* const* in, int64_t n) {
    using V = typename A::template vec<T>;
    const F f;
    for (int64_t i = 0; i + V::size <= n; i += V::size) V(f(V::load(in[I] + i)...)).store(out + i);
  }
};

template <class T>
using Compute = void (*)(T* out, const T* const* in, int64_t n);

template <class T>
using Wide = std::conditional_t<sizeof(T) == 4, double, long double>;

template <class T>
struct Unary {
  const char* name;
  Compute<T> compute;
  Compute<double> in_double;
  Wide<T> (*reference)(Wide<T>);
  double limit;
  uint64_t stride;
};
template <class T>
struct Binary {
  const char* name;
  Compute<T> compute;
  Wide<T> (*reference)(Wide<T>, Wide<T>);
  double limit;
};

template <class T, class F>
Unary<T> unary(const char* name, F, Wide<T> (*reference)(Wide<T>), double limit, uint64_t stride = 997) {
  return {name,
          entry<Loop<F, T, 0>, T*, const T* const*, int64_t>(),
          entry<Loop<F, double, 0>, double*, const double* const*, int64_t>(),
          reference,
          limit,
          stride};
}
template <class T, class F>
Binary<T> binary(const char* name, F, Wide<T> (*reference)(Wide<T>, Wide<T>), double limit) {
  return {name, entry<Loop<F, T, 0, 1>, T*, const T* const*, int64_t>(), reference, limit};
}

/// How far apart the floats are that an exhaustive run takes; 0: no such run.
uint64_t exhaustive() {
  const char* step = std::getenv("GRADUS_EXHAUSTIVE");
  return step ? std::strtoull(step, nullptr, 10) : 0;
}

// Builds that are to find other things than wrong digits are many times slower.
#if defined(__OPTIMIZE__)
constexpr uint64_t kSparse = address_sanitizer || thread_sanitizer ? 37 : 1;
#else
constexpr uint64_t kSparse = 37;
#endif

/// |got - right| in units of the last place of T at `right`; infinity where kind or sign of zero differ.
template <class T>
double ulp_error(T got, Wide<T> right) {
  using L = std::numeric_limits<T>;
  constexpr double wrong = std::numeric_limits<double>::infinity();
  if (std::isnan(right) || std::isnan(got)) return std::isnan(right) && std::isnan(got) ? 0 : wrong;
  if ((got == 0 || right == 0) && std::signbit(got) != std::signbit(right)) return wrong;
  const Wide<T> beyond = std::ldexp(Wide<T>(1), L::max_exponent);
  const auto finite = [beyond](Wide<T> v) { return v > beyond ? beyond : v < -beyond ? -beyond : v; };
  const Wide<T> r = finite(right), g = finite(got);
  if (g == r) return 0;
  const int exponent = std::max(r == 0 ? L::min_exponent : std::ilogb(r) + 1, L::min_exponent);
  return static_cast<double>(std::ldexp(std::fabs(g - r), L::digits - std::min(exponent, L::max_exponent)));
}

constexpr int64_t kBlock = 1024;

/// The largest error so far and where.
template <class T>
struct Worst {
  double ulp = 0;
  T x = 0, y = 0, got = 0;
  void see(double e, T at, T second, T result) {
    if (e > ulp) ulp = e, x = at, y = second, got = result;
  }
  std::string text(const char* name) const {
    char buffer[200];
    std::snprintf(buffer, sizeof buffer, "%s<%s>: %.3f ulp at (%.17g, %.17g), got %.17g", name,
                  sizeof(T) == 4 ? "float" : "double", ulp, double(x), double(y), double(got));
    return buffer;
  }
};

template <class T>
void see_block(Worst<T>& worst, const Unary<T>& row, const std::vector<T>& x) {
  std::vector<T> out(kBlock);
  const T* in[] = {x.data()};
  row.compute(out.data(), in, kBlock);
  for (int64_t i = 0; i < kBlock; ++i) worst.see(ulp_error<T>(out[i], row.reference(x[i])), x[i], 0, out[i]);
}

template <class T>
void finish(const Worst<T>& worst, const char* name, double limit) {
  if (exhaustive()) std::printf("%s\n", worst.text(name).c_str()), std::fflush(stdout);
  EXPECT_LE(worst.ulp, limit) << worst.text(name);
}

/// Every stride-th float.
void check_floats(const Unary<float>& row) {
  Worst<float> worst;
  std::vector<float> x(kBlock);
  for (uint64_t bits = 0; bits < (uint64_t(1) << 32);) {
    for (float& v : x) v = std::bit_cast<float>(static_cast<uint32_t>(bits)), bits += row.stride * kSparse;
    see_block(worst, row, x);
  }
  finish(worst, row.name, row.limit);
}

/// Every float, or every exhaustive_step-th.
void check_all_floats(const Unary<float>& row, uint64_t exhaustive_step) {
  Worst<float> worst;
  std::vector<float> x(kBlock), out(kBlock);
  std::vector<double> wide(kBlock), right(kBlock);
  for (uint64_t bits = 0; bits < (uint64_t(1) << 32);) {
    for (int64_t i = 0; i < kBlock; ++i, bits += exhaustive_step)
      x[i] = std::bit_cast<float>(static_cast<uint32_t>(bits)), wide[i] = x[i];
    const float* in[] = {x.data()};
    const double* wide_in[] = {wide.data()};
    row.compute(out.data(), in, kBlock);
    row.in_double(right.data(), wide_in, kBlock);
    for (int64_t i = 0; i < kBlock; ++i)
      if (std::bit_cast<int32_t>(out[i]) != std::bit_cast<int32_t>(static_cast<float>(right[i])) ||
          std::fabs(static_cast<double>(out[i]) - right[i]) > 0.45 * std::fabs(right[i]) * 1.2e-7)
        worst.see(ulp_error<float>(out[i], right[i]), x[i], 0, out[i]);
  }
  finish(worst, row.name, row.limit);
}

constexpr double points[] = {0,
                             1,
                             0.5,
                             2,
                             3,
                             4,
                             0.25,
                             0.125,
                             0.75,
                             1.5,
                             0.7071067811865476,
                             1.4142135623730951,
                             1.5707963267948966,
                             3.141592653589793,
                             0.7853981633974483,
                             6.283185307179586,
                             0.34657359027997264,
                             0.6931471805599453,
                             2.718281828459045,
                             10,
                             17.5,
                             18,
                             20,
                             28,
                             37.5,
                             87.33654,
                             88.72284,
                             88.722839,
                             89.41599,
                             103.97208,
                             104,
                             126,
                             127,
                             128,
                             149,
                             150,
                             151,
                             708.3964185322641,
                             709.782712893384,
                             710.4758600739439,
                             745.1332191019411,
                             745.2,
                             1022,
                             1023,
                             1024,
                             1074,
                             1075,
                             1076,
                             3.8325,
                             3.92,
                             3.95,
                             5.9,
                             9.19,
                             9.3,
                             10.06,
                             26.5,
                             27.2,
                             27.3,
                             6000,
                             1.6e6,
                             8388608,
                             16777216,
                             33554432,
                             1e10,
                             4503599627370496,
                             9007199254740992,
                             1.8e16,
                             1e18,
                             1e30,
                             1e-8,
                             1e-17,
                             1e-30};

/// Values where functions change their branch or leave the range, each with its neighbours, of both signs.
template <class T>
std::vector<T> edges() {
  using L = std::numeric_limits<T>;
  std::vector<T> out = {0, L::infinity(), L::quiet_NaN(), L::max(), L::min(), L::denorm_min(), L::epsilon()};
  for (double point : points) {
    T low = static_cast<T>(point), high = low;
    out.push_back(low);
    for (int k = 0; k < 4; ++k) {
      out.push_back(low = std::nextafter(low, -L::infinity()));
      out.push_back(high = std::nextafter(high, L::infinity()));
    }
  }
  for (size_t i = 0, n = out.size(); i < n; ++i) out.push_back(-out[i]);
  while (out.size() % kBlock) out.push_back(1);
  return out;
}

/// Of any magnitude, of ordinary ones, near 1, and near small integers.
template <class T>
T random_value(std::mt19937_64& g) {
  using L = std::numeric_limits<T>;
  const uint64_t bits = g();
  const double unit = std::uniform_real_distribution<double>(-1, 1)(g);
  switch (bits & 3) {
    case 0:
      return std::bit_cast<T>(static_cast<std::make_unsigned_t<int_of<T>>>(bits >> (64 - 8 * sizeof(T))));
    case 1:
      return static_cast<T>(unit * std::ldexp(1.0, static_cast<int>(bits >> 2 & 15) - 4));
    case 2:
      return static_cast<T>(1 + unit * std::ldexp(1.0, -static_cast<int>((bits >> 2) % L::digits)));
    default:
      return static_cast<T>(unit * 800);
  }
}

template <class T>
void check_samples(const Unary<T>& row, int64_t blocks) {
  Worst<T> worst;
  const std::vector<T> special = edges<T>();
  std::vector<T> x(kBlock);
  for (size_t i = 0; i < special.size(); i += kBlock) {
    std::copy_n(special.begin() + static_cast<int64_t>(i), kBlock, x.begin());
    see_block(worst, row, x);
  }
  std::mt19937_64 g(7);
  for (int64_t block = 0; block < blocks; ++block) {
    for (T& v : x) v = random_value<T>(g);
    see_block(worst, row, x);
  }
  finish(worst, row.name, row.limit);
}

/// All pairs of special values, then random pairs.
template <class T>
void check_samples(const Binary<T>& row, int64_t blocks) {
  Worst<T> worst;
  std::vector<T> x(kBlock), y(kBlock), out(kBlock);
  const auto see = [&] {
    const T* in[] = {x.data(), y.data()};
    row.compute(out.data(), in, kBlock);
    for (int64_t i = 0; i < kBlock; ++i) worst.see(ulp_error<T>(out[i], row.reference(x[i], y[i])), x[i], y[i], out[i]);
  };
  const std::vector<T> special = edges<T>();
  for (T first : special) {
    if (!exhaustive() && std::bit_cast<int_of<T>>(first) % 5 == 1) continue;
    std::fill(x.begin(), x.end(), first);
    std::copy_n(special.begin(), kBlock, y.begin());
    see();
  }
  std::mt19937_64 g(7);
  for (int64_t block = 0; block < blocks; ++block) {
    for (T& v : x) v = random_value<T>(g);
    for (T& v : y) v = random_value<T>(g);
    see();
  }
  finish(worst, row.name, row.limit);
}

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
      GRADUS_ROW(T, exp, 2),
      GRADUS_ROW(T, exp2, 2),
      GRADUS_ROW(T, expm1, 2),
      GRADUS_ROW(T, log, 2),
      GRADUS_ROW(T, log1p, 2),
      GRADUS_ROW(T, log2, 2),
      GRADUS_ROW(T, log10, 2),
      GRADUS_ROW(T, sin, 2),
      GRADUS_ROW(T, cos, 2),
      GRADUS_ROW(T, tan, sizeof(T) == 4 ? 2 : 4),
      GRADUS_ROW(T, asin, 2),
      GRADUS_ROW(T, acos, 2),
      GRADUS_ROW(T, atan, 2),
      GRADUS_ROW(T, tanh, 2),
      GRADUS_ROW(T, sinh, 2),
      GRADUS_ROW(T, cosh, 2),
      GRADUS_ROW(T, asinh, sizeof(T) == 4 ? 2 : 4),
      GRADUS_ROW(T, acosh, sizeof(T) == 4 ? 2 : 4),
      GRADUS_ROW(T, atanh, sizeof(T) == 4 ? 2 : 4),
      GRADUS_ROW(T, erf, sizeof(T) == 4 ? 4 : 2),
      GRADUS_ROW(T, erfc, 4),
      unary<T>(
          "erfinv", [](const auto& x) { return erfinv(x); }, &erfinv_reference<Wide<T>>, 3),
      GRADUS_ROW(T, lgamma, sizeof(T) == 4 ? 4 : 5),
      unary<T>(
          "digamma", [](const auto& x) { return digamma(abs(x)); }, &digamma_reference<Wide<T>>, 3),
      unary<T>(
          "sigmoid", [](const auto& x) { return sigmoid(x); }, &sigmoid_reference<Wide<T>>, 2),
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
      GRADUS_ROW2(T, pow, 2),
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
