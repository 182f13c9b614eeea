// How far a formula on simd::Vec is from a reference in a wider type: rows of formulas, the numbers they are tried on,
// and the largest error found, in units of the last place.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "gradus/tensor/kernels/simd_math.h"

namespace gradus::simd::accuracy {

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
inline uint64_t exhaustive() {
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

/// The floats beside m 2^e and beside 1 - m 2^e, with m in steps of 1/32: where intervals of tables begin and end.
inline std::vector<float> floats_at_edges() {
  std::vector<float> x;
  const auto beside = [&x](float edge) {
    for (int k = -2; k <= 2; ++k)
      for (float sign : {1.0f, -1.0f})
        x.push_back(sign * std::bit_cast<float>(std::bit_cast<int32_t>(std::fabs(edge)) + k));
  };
  for (int e = -140; e <= 127; ++e)
    for (int m = 32; m < 64; ++m) {
      const float edge = std::ldexp(static_cast<float>(m), e - 5);
      beside(edge);
      if (e >= -24 && e < 0) beside(1 - edge);
    }
  x.resize((x.size() + kBlock - 1) / kBlock * kBlock, 1.0f);
  return x;
}

/// Every stride-th float, and those where tables have edges.
inline void check_floats(const Unary<float>& row) {
  Worst<float> worst;
  std::vector<float> x(kBlock);
  const std::vector<float> edges = floats_at_edges();
  for (auto at = edges.begin(); at != edges.end(); at += kBlock) {
    std::copy_n(at, kBlock, x.begin());
    see_block(worst, row, x);
  }
  for (uint64_t bits = 0; bits < (uint64_t(1) << 32);) {
    for (float& v : x) v = std::bit_cast<float>(static_cast<uint32_t>(bits)), bits += row.stride * kSparse;
    see_block(worst, row, x);
  }
  finish(worst, row.name, row.limit);
}

/// Every float, or every exhaustive_step-th.
inline void check_all_floats(const Unary<float>& row, uint64_t exhaustive_step) {
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

inline constexpr double points[] = {0,
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

}  // namespace gradus::simd::accuracy
