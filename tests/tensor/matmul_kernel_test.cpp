// Matrix products against three plain loops.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "gradus/tensor/error.h"
#include "gradus/tensor/kernels/matmul.h"
#include "gradus/tensor/parallel.h"

namespace gradus::kernels {
namespace {

using Run = enum { chosen, ours };

template <class T>
struct Case {
  Gemm g;
  std::vector<T> a, b, c, bias;
};

template <class T>
std::vector<T> random_values(int64_t n, std::mt19937& rng) {
  std::vector<T> v(static_cast<size_t>(n));
  for (T& x : v) {
    if constexpr (std::is_integral_v<T>)
      x = std::uniform_int_distribution<T>(-(T(1) << 33), T(1) << 33)(rng);
    else
      x = std::uniform_real_distribution<T>(-1, 1)(rng);
  }
  return v;
}

template <class T>
Case<T> make(const Gemm& g, bool bias, std::mt19937& rng) {
  const int64_t rows_a = g.trans_a ? g.k : g.m, rows_b = g.trans_b ? g.n : g.k;
  const int64_t last = g.batch - 1;
  Case<T> x{g,
            random_values<T>(rows_a * g.lda + last * g.stride_a, rng),
            random_values<T>(rows_b * g.ldb + last * g.stride_b, rng),
            random_values<T>(g.m * g.ldc + last * g.stride_c, rng),
            {}};
  if (bias) x.bias = random_values<T>(g.n, rng);
  return x;
}

/// The product as defined; every element that is not of C stays.
template <class T>
std::vector<T> naive(const Case<T>& x) {
  using Sum =
      std::conditional_t<std::is_integral_v<T>, uint64_t,
                         std::conditional_t<sizeof(T) == 8, long double, double>>;  // wraps without being undefined
  const Gemm& g = x.g;
  std::vector<T> out = x.c;
  for (int64_t q = 0; q < g.batch; ++q)
    for (int64_t i = 0; i < g.m; ++i)
      for (int64_t j = 0; j < g.n; ++j) {
        Sum sum = 0;
        for (int64_t p = 0; p < g.k; ++p)
          sum += static_cast<Sum>(x.a[q * g.stride_a + (g.trans_a ? p * g.lda + i : i * g.lda + p)]) *
                 static_cast<Sum>(x.b[q * g.stride_b + (g.trans_b ? j * g.ldb + p : p * g.ldb + j)]);
        T& c = out[q * g.stride_c + i * g.ldc + j];
        const Sum alpha = static_cast<Sum>(static_cast<T>(g.alpha)), beta = static_cast<Sum>(static_cast<T>(g.beta));
        c = static_cast<T>(alpha * sum + (g.beta == 0 ? Sum(0) : beta * static_cast<Sum>(c)) +
                           (x.bias.empty() ? Sum(0) : static_cast<Sum>(x.bias[j])));
      }
  return out;
}

template <class T>
std::string text(const Gemm& g) {
  return str("m ", g.m, " n ", g.n, " k ", g.k, " trans ", g.trans_a, g.trans_b, " ld ", g.lda, " ", g.ldb, " ", g.ldc,
             " alpha ", g.alpha, " beta ", g.beta, " batch ", g.batch, " of ", sizeof(T), " bytes");
}

template <class T>
void compare(Case<T> x, const std::vector<T>& expected, Run run) {
  const T* bias = x.bias.empty() ? nullptr : x.bias.data();
  if (run == ours)
    own::matmul(x.g, x.a.data(), x.b.data(), x.c.data(), bias);
  else
    matmul(x.g, x.a.data(), x.b.data(), x.c.data(), bias);
  for (size_t i = 0; i < expected.size(); ++i) {
    if constexpr (std::is_integral_v<T>) {
      ASSERT_EQ(x.c[i], expected[i]) << text<T>(x.g) << " element " << i;
    } else {
      // k roundings of a sum that grows like sqrt(k), which add up like a random walk.
      const T limit = std::numeric_limits<T>::epsilon() * T(8 + x.g.k) * std::max(T(1), T(std::abs(x.g.alpha)));
      ASSERT_NEAR(x.c[i], expected[i], limit) << text<T>(x.g) << " element " << i;
    }
  }
}

template <class T>
void everywhere(const Gemm& g, bool bias, std::mt19937& rng) {
  const Case<T> x = make<T>(g, bias, rng);
  const std::vector<T> expected = naive(x);
  compare(x, expected, ours);
  compare(x, expected, chosen);
}

template <class T>
class MatmulKernel : public testing::Test {};
using Types = testing::Types<float, double, int64_t>;
TYPED_TEST_SUITE(MatmulKernel, Types);

// One below, at and above the vectors, tiles and blocks of every instruction set.
const int64_t edges[] = {1, 2, 3, 4, 5, 7, 8, 9, 11, 12, 13, 15, 16, 17, 23, 24, 25, 31, 32, 33, 47, 48, 49};

TYPED_TEST(MatmulKernel, SmallSizesInEveryTransposition) {
  std::mt19937 rng(1);
  for (int64_t m : edges)
    for (int64_t n : edges)
      for (int64_t k : {1, 2, 8, 9, 31}) everywhere<TypeParam>(dense(m, n, k, (m + n) % 2, (n + k) % 2), false, rng);
}

TYPED_TEST(MatmulKernel, BlocksAndTheirNeighbours) {
  std::mt19937 rng(2);
  const int64_t sizes[][3] = {{63, 65, 67},    {64, 64, 64},    {65, 64, 64},    {97, 96, 96},   {95, 96, 96},
                              {127, 129, 131}, {48, 257, 255},  {49, 256, 256},  {47, 255, 257}, {193, 40, 513},
                              {12, 300, 300},  {13, 4099, 9},   {2017, 17, 18},  {5, 33, 1025},  {4, 1000, 100},
                              {9001, 33, 8},   {3, 30001, 9},   {193, 140, 513}, {400, 257, 65}, {64, 100, 784},
                              {530, 50, 70},   {17, 100, 1030}, {521, 70, 801},  {70, 1024, 80}, {100, 1030, 12}};
  for (const auto& s : sizes)
    for (int trans = 0; trans < 4; ++trans)
      everywhere<TypeParam>(dense(s[0], s[1], s[2], trans & 1, trans & 2), trans == 3, rng);
}

// Columns of A that lie pages apart are packed.
TYPED_TEST(MatmulKernel, CrowdedColumns) {
  std::mt19937 rng(10);
  Gemm g = dense(1024, 540, 250, true);
  const int64_t element = sizeof(TypeParam);
  g.lda = 8192 / element;
  everywhere<TypeParam>(g, true, rng);
}

TYPED_TEST(MatmulKernel, VectorsTimesMatrices) {
  std::mt19937 rng(3);
  for (int64_t size : {1, 7, 64, 65, 129, 1000, 2049})
    for (int64_t k : {1, 3, 8, 17, 255, 257, 1031})
      for (int trans = 0; trans < 4; ++trans) {
        Gemm row = dense(1, size, k, trans & 1, trans & 2), column = dense(size, 1, k, trans & 1, trans & 2);
        column.ldc += trans;
        column.beta = row.beta = trans % 2;
        everywhere<TypeParam>(row, trans > 1, rng);
        everywhere<TypeParam>(column, trans > 1, rng);
      }
  everywhere<TypeParam>(dense(1, 1, 300001), false, rng);
  everywhere<TypeParam>(dense(1, 5, 60001, false, true), false, rng);
  everywhere<TypeParam>(dense(3, 1, 100001, true), false, rng);
}

// Every second time the tasks of the same matrix come in the opposite order.
TYPED_TEST(MatmulKernel, MatricesReadBackAndForthGiveTheSameBits) {
  std::mt19937 rng(13);
  const int before = get_num_threads();
  for (const int threads : {1, 2, 3}) {
    set_num_threads(threads);
    for (const bool trans : {false, true})
      for (const auto& [n, k] : {std::array<int64_t, 2>{2000, 300}, {300, 2000}, {50, 20000}}) {
        Case<TypeParam> x = make<TypeParam>(dense(1, n, k, false, trans), false, rng);
        own::matmul(x.g, x.a.data(), x.b.data(), x.c.data());
        const std::vector<TypeParam> first = x.c;
        for (int again = 0; again < 4; ++again) {
          x.c.assign(x.c.size(), TypeParam(7));
          own::matmul(x.g, x.a.data(), x.b.data(), x.c.data());
          ASSERT_EQ(x.c, first) << n << " columns, " << k << " rows, " << threads << " threads, time " << again;
        }
      }
  }
  set_num_threads(before);
}

TYPED_TEST(MatmulKernel, LeadingDimensionsAlphaBetaBias) {
  std::mt19937 rng(4);
  const int64_t sizes[][3] = {{3, 5, 7}, {17, 33, 40}, {70, 90, 300}, {20, 50, 1000}};
  for (const auto& s : sizes)
    for (int flags = 0; flags < 32; ++flags) {
      Gemm g = dense(s[0], s[1], s[2], flags & 1, flags & 2);
      g.lda += 3, g.ldb += 1, g.ldc += 5;
      g.alpha = flags & 4 ? 1 : 2;
      g.beta = flags & 8 ? 1 : -1;
      everywhere<TypeParam>(g, flags & 16, rng);
    }
}

TYPED_TEST(MatmulKernel, Batches) {
  std::mt19937 rng(5);
  const int64_t sizes[][3] = {{4, 4, 2}, {16, 9, 33}, {70, 80, 90}, {1, 40, 30}};
  for (const auto& s : sizes)
    for (int64_t batch : {0, 1, 2, 37})
      for (int flags = 0; flags < 8; ++flags) {
        Gemm g = dense(s[0], s[1], s[2], flags & 4, flags & 2);
        g.batch = batch;
        g.stride_a = flags & 1 ? s[0] * s[2] : 0;
        g.stride_b = flags & 2 ? s[1] * s[2] + 3 : 0;
        g.stride_c = s[0] * s[1];
        g.beta = flags & 4 ? 1 : 0;
        if (batch == 0) {
          const TypeParam none{};
          matmul(g, &none, &none, static_cast<TypeParam*>(nullptr));
          continue;
        }
        everywhere<TypeParam>(g, flags & 1, rng);
      }
}

TYPED_TEST(MatmulKernel, ZeroSizes) {
  std::mt19937 rng(6);
  for (double beta : {0.0, 1.0, 3.0}) {
    Gemm g = dense(5, 6, 0);
    g.lda = 1;
    g.beta = beta;
    everywhere<TypeParam>(g, beta == 1, rng);
  }
  everywhere<TypeParam>(dense(0, 6, 5), false, rng);
  everywhere<TypeParam>(dense(6, 0, 5), true, rng);
}

TYPED_TEST(MatmulKernel, AnyNumberOfThreadsGivesTheSameBits) {
  std::mt19937 rng(7);
  const int before = get_num_threads();
  const int64_t sizes[][3] = {{301, 203, 517}, {1, 3000, 400}, {2, 1, 400000}, {540, 530, 810}, {700, 60, 1024}};
  for (const auto& s : sizes)
    for (int trans = 0; trans < 4; ++trans) {
      Case<TypeParam> x = make<TypeParam>(dense(s[0], s[1], s[2], trans & 1, trans & 2), false, rng), y = x;
      set_num_threads(1);
      own::matmul(x.g, x.a.data(), x.b.data(), x.c.data());
      set_num_threads(3);
      own::matmul(y.g, y.a.data(), y.b.data(), y.c.data());
      EXPECT_EQ(x.c, y.c) << text<TypeParam>(x.g);
    }
  set_num_threads(before);
}

// A product is cut into bands of rows or columns, one for each thread, whose sizes are multiples of something.
TYPED_TEST(MatmulKernel, BandsOfAnyNumberOfThreads) {
  std::mt19937 rng(9);
  const int before = get_num_threads();
  for (int threads : {2, 3, 5}) {
    set_num_threads(threads);
    for (const auto& [m, n, k] : std::vector<std::array<int64_t, 3>>{{64, 64, 300},
                                                                     {130, 61, 200},
                                                                     {61, 130, 200},
                                                                     {97, 1000, 17},
                                                                     {9, 700, 300},
                                                                     {700, 9, 300},
                                                                     {200, 200, 200}})
      for (const bool trans : {false, true}) everywhere<TypeParam>(dense(m, n, k, trans, !trans), trans, rng);
    Gemm batch = dense(70, 90, 100);
    batch.batch = 3;
    batch.stride_a = 7000, batch.stride_b = 9000, batch.stride_c = 6300;
    everywhere<TypeParam>(batch, true, rng);
  }
  set_num_threads(before);
}

TYPED_TEST(MatmulKernel, CIsNotReadWhenBetaIsZero) {
  if constexpr (std::is_floating_point_v<TypeParam>) {
    std::mt19937 rng(8);
    for (int64_t size : {1, 3, 40, 130}) {
      Case<TypeParam> x = make<TypeParam>(dense(size, size, size), false, rng);
      const std::vector<TypeParam> expected = naive(x);
      x.c.assign(x.c.size(), std::numeric_limits<TypeParam>::quiet_NaN());
      matmul(x.g, x.a.data(), x.b.data(), x.c.data());
      for (size_t i = 0; i < expected.size(); ++i) ASSERT_NEAR(x.c[i], expected[i], 1e-4) << size;
    }
  }
}

TYPED_TEST(MatmulKernel, NotANumberSpreads) {
  if constexpr (std::is_floating_point_v<TypeParam>) {
    std::mt19937 rng(9);
    for (int64_t size : {2, 5, 70, 130}) {
      Case<TypeParam> x = make<TypeParam>(dense(size, size, size), false, rng);
      x.a[static_cast<size_t>(size + 1)] = std::numeric_limits<TypeParam>::quiet_NaN();
      matmul(x.g, x.a.data(), x.b.data(), x.c.data());
      for (int64_t i = 0; i < size * size; ++i) ASSERT_EQ(std::isnan(x.c[static_cast<size_t>(i)]), i / size == 1) << i;
    }
  }
}

}  // namespace
}  // namespace gradus::kernels
