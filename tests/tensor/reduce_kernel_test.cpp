#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <random>

#include "gradus/gradus.h"
#include "gradus/tensor/kernels/reduce.h"
#include "gradus/tensor/parallel.h"

using namespace gradus;

namespace {

using Shape = std::vector<int64_t>;

std::mt19937 rng(7);

Tensor random(const Shape& shape, ScalarType t, double lo = -1, double hi = 1) {
  Tensor x = empty(shape, kDouble);
  std::uniform_real_distribution<double> u(lo, hi);
  double* p = x.data_ptr<double>();
  for (int64_t i = 0; i < x.numel(); ++i) p[i] = u(rng);
  return x.to(t);
}

double start(kernels::Reduction r) {
  if (r == kernels::Reduction::max) return -INFINITY;
  if (r == kernels::Reduction::min) return INFINITY;
  return r == kernels::Reduction::prod ? 1 : 0;
}

double join(kernels::Reduction r, double a, double x) {
  switch (r) {
    case kernels::Reduction::sum:
      return a + x;
    case kernels::Reduction::sum_abs:
      return a + std::abs(x);
    case kernels::Reduction::sum_squares:
      return a + x * x;
    case kernels::Reduction::prod:
      return a * x;
    case kernels::Reduction::max:
      return std::max(a, x);
    default:
      return std::min(a, x);
  }
}

// Element by element in row-major order, in double.
std::vector<double> naive(kernels::Reduction r, const Tensor& x, const Shape& kept) {
  const Tensor d = x.to(kDouble).contiguous();
  const Sizes strides = contiguous_strides(kept);
  std::vector<double> y(static_cast<size_t>(count_elements(kept)), start(r));
  const double* p = d.data_ptr<double>();
  for (int64_t i = 0; i < d.numel(); ++i) {
    int64_t left = i, at = 0;
    for (size_t k = kept.size(); k-- > 0;) {
      if (kept[k] != 1) at += left % d.sizes()[k] * strides[k];
      left /= d.sizes()[k];
    }
    double& to = y[static_cast<size_t>(at)];
    to = join(r, to, p[i]);
  }
  return y;
}

Shape without(const Shape& shape, uint32_t mask) {
  Shape kept = shape;
  for (size_t k = 0; k < kept.size(); ++k)
    if (mask >> k & 1) kept[k] = 1;
  return kept;
}

void expect_reduced(kernels::Reduction r, const Tensor& x, const Shape& kept, double tolerance) {
  const Tensor y = empty({count_elements(kept)}, is_floating(x.scalar_type()) ? x.scalar_type() : kLong);
  kernels::reduce(r, *y.unsafeGetTensorImpl(), *x.unsafeGetTensorImpl(), kept);
  const std::vector<double> want = naive(r, x, kept);
  const Tensor got = y.to(kDouble);
  for (size_t i = 0; i < want.size(); ++i)
    ASSERT_NEAR(got.data_ptr<double>()[i], want[i], tolerance * std::max(1.0, std::abs(want[i])))
        << "reduction " << static_cast<int>(r) << " of " << x.sizes() << " strides " << x.strides() << " to "
        << IntArrayRef(kept) << " at " << i;
}

constexpr kernels::Reduction all_reductions[] = {kernels::Reduction::sum,         kernels::Reduction::sum_abs,
                                                 kernels::Reduction::sum_squares, kernels::Reduction::prod,
                                                 kernels::Reduction::max,         kernels::Reduction::min};

// Rows and columns of every length around a vector, an unrolled step, a block, a tile. Whole numbers: exact in any
// order.
TEST(ReduceKernel, RowsAndColumnsOfEverySize) {
  for (int64_t n : {1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65, 127, 129, 511, 512, 513, 2047, 2049})
    for (int64_t m : {1, 3, 17, 65, 130})
      for (kernels::Reduction r : {kernels::Reduction::sum, kernels::Reduction::max, kernels::Reduction::sum_squares}) {
        const Tensor x = random({m, n}, kFloat, -9, 9).floor();
        expect_reduced(r, x, {m, 1}, 0);
        expect_reduced(r, x, {1, n}, 0);
        expect_reduced(r, x, {1, 1}, 0);
      }
}

TEST(ReduceKernel, EveryReductionTypeAndSubsetOfDimensions) {
  for (const Shape& shape : {Shape{3, 4, 5}, Shape{2, 3, 4, 5}, Shape{9, 1, 70}, Shape{2, 67, 3}})
    for (ScalarType t : {kFloat, kDouble, kLong, kInt, kUInt8, kBool})
      for (kernels::Reduction r : all_reductions) {
        if (!is_floating(t) && (r == kernels::Reduction::sum_abs || r == kernels::Reduction::sum_squares)) continue;
        const Tensor x = is_floating(t) ? random(shape, t) : random(shape, t, 0, 3);
        for (uint32_t mask = 0; mask < 1u << shape.size(); ++mask)
          expect_reduced(r, x, without(shape, mask), t == kFloat ? 1e-5 : 1e-12);
      }
}

TEST(ReduceKernel, EveryLayout) {
  for (uint32_t mask = 0; mask < 16; ++mask) {
    const Tensor x = random({3, 8, 5, 6}, kDouble);
    const Shape kept = without({3, 8, 5, 6}, mask);
    expect_reduced(kernels::Reduction::sum, x.permute({1, 3, 0, 2}).contiguous().permute({2, 0, 3, 1}), kept, 1e-12);
    expect_reduced(kernels::Reduction::sum, x.slice(3, 0, 5, 2), without({3, 8, 5, 3}, mask), 1e-12);
    expect_reduced(kernels::Reduction::sum, x.slice(1, 1, 8, 3), without({3, 3, 5, 6}, mask), 1e-12);
    expect_reduced(kernels::Reduction::max, x.select(1, 2).unsqueeze(1).expand({3, 8, 5, 6}), kept, 1e-12);
    expect_reduced(kernels::Reduction::sum, x.select(3, 2).unsqueeze(3).expand({3, 8, 5, 6}), kept, 1e-12);
  }
}

// Sizes at which a reduction is cut into chunks that threads share.
TEST(ReduceKernel, LongReductions) {
  for (int64_t n : {32767, 32768, 32769, 65536, 65537, 300000}) {
    expect_reduced(kernels::Reduction::sum, random({n}, kDouble), {1}, 1e-11);
    expect_reduced(kernels::Reduction::min, random({n}, kFloat), {1}, 0);
    expect_reduced(kernels::Reduction::sum, random({2, n}, kDouble), {2, 1}, 1e-11);
    expect_reduced(kernels::Reduction::sum, random({n, 3}, kDouble), {1, 3}, 1e-11);
  }
  expect_reduced(kernels::Reduction::sum, random({1500, 600}, kDouble), {1, 600}, 1e-11);
  expect_reduced(kernels::Reduction::sum, random({70, 1000}, kDouble), {1, 1000}, 1e-11);
  expect_reduced(kernels::Reduction::max, random({3, 40000, 2}, kDouble), {3, 1, 2}, 0);
  expect_reduced(kernels::Reduction::sum, random({16, 32, 28, 28}, kDouble), {1, 32, 1, 1}, 1e-11);
}

TEST(ReduceKernel, SameBitsOnAnyNumberOfThreads) {
  const int threads = get_num_threads();
  const Tensor x = random({500, 999}, kFloat);
  for (const Shape& kept : {Shape{1, 1}, Shape{500, 1}, Shape{1, 999}}) {
    std::vector<Tensor> got;
    for (int n : {1, 2, 5}) {
      set_num_threads(n);
      got.push_back(empty({count_elements(kept)}, kFloat));
      kernels::reduce(kernels::Reduction::sum, *got.back().unsafeGetTensorImpl(), *x.unsafeGetTensorImpl(), kept);
    }
    EXPECT_TRUE(got[0].equal(got[1]));
    EXPECT_TRUE(got[0].equal(got[2]));
  }
  set_num_threads(threads);
}

TEST(ReduceKernel, MeanOfTenMillionLikeFloatsIsRight) {
  const Tensor x = random({10000000}, kFloat, 999, 1001);
  const double want = x.to(kDouble).sum().item<double>() / 1e7;
  EXPECT_NEAR(x.mean().item<double>() / want, 1, 1e-6);
  EXPECT_NEAR(x.reshape({1000000, 10}).sum(0).sum().item<double>() / 1e7 / want, 1, 1e-6);
  EXPECT_NEAR(x.reshape({-1, 1}).expand({-1, 2}).mean(0)[1].item<double>() / want, 1, 1e-6);
}

TEST(ReduceKernel, NanPropagatesFromEveryPlace) {
  for (int64_t n : {1, 3, 15, 16, 17, 70, 600})
    for (int64_t at = 0; at < n; at += 1 + n / 7) {
      const Tensor x = random({n}, kFloat);
      x[at].fill_(NAN);
      EXPECT_TRUE(std::isnan(x.max().item<float>())) << n << " " << at;
      EXPECT_TRUE(std::isnan(x.min().item<float>())) << n << " " << at;
      EXPECT_EQ(x.argmax().item<int64_t>(), at);
      EXPECT_EQ(x.argmin().item<int64_t>(), at);
      const Tensor wide = x.unsqueeze(1).repeat({1, 20});
      EXPECT_TRUE(std::isnan(wide.amax(0)[19].item<float>()));
      EXPECT_EQ(wide.argmax(0)[19].item<int64_t>(), at);
    }
}

TEST(ReduceKernel, TheFirstOfEqualExtremes) {
  for (int64_t n : {2, 16, 17, 40, 1000, 70000}) {
    const Tensor x = zeros({n});
    x[n - 1].fill_(1);
    x[n / 2].fill_(1);
    EXPECT_EQ(x.argmax().item<int64_t>(), n / 2);
    EXPECT_EQ(x.argmin().item<int64_t>(), 0);
    const Tensor columns = x.unsqueeze(1).repeat({1, 3});
    EXPECT_EQ(std::get<1>(columns.max(0))[2].item<int64_t>(), n / 2);
    EXPECT_EQ(std::get<0>(columns.max(0))[2].item<float>(), 1);
    EXPECT_EQ(std::get<1>(columns.min(0))[2].item<int64_t>(), 0);
    EXPECT_EQ(std::get<1>(columns.t().contiguous().max(1))[2].item<int64_t>(), n / 2);
  }
}

TEST(ReduceKernel, ArgumentsAlongEveryDimension) {
  for (ScalarType t : {kFloat, kDouble, kLong, kInt, kUInt8}) {
    const Tensor x = random({5, 70, 9}, t, 0, 100);
    for (int64_t d = 0; d < 3; ++d) {
      const auto [v, i] = x.max(d, true);
      EXPECT_TRUE(x.gather(d, i).equal(v)) << t << " " << d;
      EXPECT_TRUE(x.amax({d}, true).equal(v)) << t << " " << d;
      EXPECT_TRUE(std::get<0>(x.min(d)).equal(x.amin({d}))) << t << " " << d;
    }
  }
}

TEST(ReduceKernel, RunningSums) {
  for (const Shape& shape : {Shape{7}, Shape{3, 100}, Shape{100, 3}, Shape{4, 5, 130}}) {
    const Tensor x = random(shape, kDouble);
    for (int64_t d = 0; d < x.dim(); ++d) {
      const Tensor y = x.cumsum(d);
      for (int64_t k = 0; k < x.size(d); ++k)
        EXPECT_TRUE(y.select(d, k).allclose(x.slice(d, 0, k + 1).sum(d), 1e-12, 1e-12));
    }
  }
}

TEST(SortKernel, SortsStablyWithNanLast) {
  for (int64_t n : {1, 2, 17, 300}) {
    const Tensor x = random({4, n}, kFloat, 0, 5).floor();
    if (n > 2) x[1][n / 2].fill_(NAN);
    for (bool descending : {false, true}) {
      const auto [v, i] = x.sort(1, descending);
      for (int64_t r = 0; r < 4; ++r)
        for (int64_t k = 1; k < n; ++k) {
          const float a = v[r][k - 1].item<float>(), b = v[r][k].item<float>();
          const bool ordered = descending ? (std::isnan(a) || a >= b) : (std::isnan(b) || a <= b);
          EXPECT_TRUE(ordered) << a << " before " << b;
          EXPECT_TRUE(a != b || i[r][k - 1].item<int64_t>() < i[r][k].item<int64_t>());
        }
      EXPECT_TRUE(x.gather(1, i).masked_fill(x.gather(1, i).isnan(), -1).equal(v.masked_fill(v.isnan(), -1))) << n;
    }
  }
}

}  // namespace
