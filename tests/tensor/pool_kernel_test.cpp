// Pooling against plain loops over every window.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "gradus/tensor/error.h"
#include "gradus/tensor/kernels/pool.h"

namespace gradus::kernels {
namespace {

std::string text(const Pool2d& p) {
  return str(p.planes, " planes of ", p.h, " x ", p.w, " to ", p.oh, " x ", p.ow, ", kernel ", p.kernel[0], " ",
             p.kernel[1], " stride ", p.stride[0], " ", p.stride[1], " pad ", p.pad[0], " ", p.pad[1], " dilation ",
             p.dilation[0], " ", p.dilation[1], " include ", p.count_include_pad, " override ", p.divisor_override);
}

/// Output size as PyTorch computes it: the last window begins inside of the plane or its left padding.
int64_t outputs(int64_t size, int64_t kernel, int64_t stride, int64_t pad, int64_t dilation, bool ceil_mode) {
  const int64_t room = size + 2 * pad - dilation * (kernel - 1) - 1;
  int64_t n = (room + (ceil_mode ? stride - 1 : 0)) / stride + 1;
  if (ceil_mode && (n - 1) * stride >= size + pad) --n;
  return n;
}

Pool2d pool(int64_t planes, int64_t h, int64_t w, int64_t k, int64_t stride, int64_t pad = 0, int64_t dilation = 1,
            bool ceil_mode = false) {
  Pool2d p{planes, h, w, outputs(h, k, stride, pad, dilation, ceil_mode),
           outputs(w, k, stride, pad, dilation, ceil_mode)};
  for (int d = 0; d < 2; ++d) p.kernel[d] = k, p.stride[d] = stride, p.pad[d] = pad, p.dilation[d] = dilation;
  return p;
}

template <class T>
std::vector<T> random_values(int64_t n, std::mt19937& rng) {
  std::vector<T> v(static_cast<size_t>(n));
  // Few different values, so that windows hold equal ones.
  for (T& x : v) x = static_cast<T>(std::uniform_int_distribution<int>(-6, 6)(rng)) / 4;
  return v;
}

template <class T>
class PoolKernel : public testing::Test {};
using Types = testing::Types<float, double>;
TYPED_TEST_SUITE(PoolKernel, Types);

template <class T>
void check_max(const Pool2d& p, const std::vector<T>& x, std::mt19937& rng) {
  const size_t count = static_cast<size_t>(p.planes * p.oh * p.ow);
  std::vector<T> y(count, 77), gx(x.size(), 77), expected(x.size());
  std::vector<int64_t> index(count, -77);
  max_pool2d_forward(p, x.data(), y.data(), index.data());
  const std::vector<T> gy = random_values<T>(static_cast<int64_t>(count), rng);
  max_pool2d_backward(p, gy.data(), index.data(), gx.data());
  std::vector<T> same(count, 77), gx_same(x.size(), 77);
  std::vector<int32_t> narrow(count, -77);
  max_pool2d_forward(p, x.data(), same.data(), narrow.data());
  max_pool2d_backward(p, gy.data(), narrow.data(), gx_same.data());
  EXPECT_TRUE(std::equal(index.begin(), index.end(), narrow.begin()));
  EXPECT_EQ(gx, gx_same);
  size_t out = 0;
  for (int64_t q = 0; q < p.planes; ++q)
    for (int64_t i = 0; i < p.oh; ++i)
      for (int64_t j = 0; j < p.ow; ++j, ++out) {
        int64_t where = -1;
        const T* plane = x.data() + q * p.h * p.w;
        for (int64_t u = 0; u < p.kernel[0]; ++u)
          for (int64_t v = 0; v < p.kernel[1]; ++v) {
            const int64_t r = i * p.stride[0] - p.pad[0] + u * p.dilation[0];
            const int64_t c = j * p.stride[1] - p.pad[1] + v * p.dilation[1];
            if (r < 0 || r >= p.h || c < 0 || c >= p.w) continue;
            const T value = plane[r * p.w + c];
            if (where < 0 || value > plane[where] || std::isnan(value)) where = r * p.w + c;
          }
        ASSERT_GE(where, 0);
        ASSERT_EQ(index[out], where) << text(p) << " output " << out;
        if (std::isnan(plane[where]))
          ASSERT_TRUE(std::isnan(y[out])) << text(p);
        else
          ASSERT_EQ(y[out], plane[where]) << text(p);
        expected[static_cast<size_t>(q * p.h * p.w + where)] += gy[out];
      }
  ASSERT_EQ(gx, expected) << text(p);
}

TYPED_TEST(PoolKernel, Greatest) {
  std::mt19937 rng(1);
  for (int64_t size : {2, 3, 7, 16, 33, 70})
    for (int64_t k : {1, 2, 3, 5})
      for (int64_t stride : {1, 2, 3})
        for (int64_t pad = 0; pad <= k / 2; ++pad)
          for (int64_t dilation : {1, 2})
            for (bool ceil_mode : {false, true}) {
              if (size + 2 * pad < dilation * (k - 1) + 1) continue;
              const Pool2d p = pool(3, size, size + 1, k, stride, pad, dilation, ceil_mode);
              check_max<TypeParam>(p, random_values<TypeParam>(p.planes * p.h * p.w, rng), rng);
            }
  const Pool2d many = pool(130, 28, 28, 2, 2), wide = pool(2, 4, 2100, 2, 2), none = pool(0, 4, 4, 2, 2);
  const Pool2d strips = pool(2, 5, 1025, 3, 2, 1), dense = pool(2, 5, 513, 3, 1, 1, 2);
  for (const Pool2d& p : {many, wide, none, strips, dense})
    check_max<TypeParam>(p, random_values<TypeParam>(p.planes * p.h * p.w, rng), rng);
}

TYPED_TEST(PoolKernel, GreatestOfSpecialValues) {
  std::mt19937 rng(2);
  const TypeParam inf = std::numeric_limits<TypeParam>::infinity(), nan = std::numeric_limits<TypeParam>::quiet_NaN();
  for (const Pool2d& p : {pool(2, 20, 40, 2, 2), pool(2, 20, 40, 3, 2, 1), pool(2, 20, 40, 3, 1, 1, 2)}) {
    std::vector<TypeParam> x = random_values<TypeParam>(p.planes * p.h * p.w, rng);
    for (TypeParam& v : x) {
      const int kind = std::uniform_int_distribution<int>(0, 9)(rng);
      v = kind == 0 ? nan : kind == 1 ? inf : kind < 6 ? -inf : v;
    }
    check_max<TypeParam>(p, x, rng);
    check_max<TypeParam>(p, std::vector<TypeParam>(x.size(), -inf), rng);
  }
}

template <class T>
void check_average(const Pool2d& p, std::mt19937& rng) {
  const size_t count = static_cast<size_t>(p.planes * p.oh * p.ow);
  const std::vector<T> x = random_values<T>(p.planes * p.h * p.w, rng), gy = random_values<T>(count, rng);
  std::vector<T> y(count, 77), gx(x.size(), 77);
  std::vector<double> expected(x.size());
  avg_pool2d_forward(p, x.data(), y.data());
  avg_pool2d_backward(p, gy.data(), gx.data());
  size_t out = 0;
  for (int64_t q = 0; q < p.planes; ++q)
    for (int64_t i = 0; i < p.oh; ++i)
      for (int64_t j = 0; j < p.ow; ++j, ++out) {
        double sum = 0;
        int64_t real = 0, padded = 0;
        std::vector<size_t> members;
        for (int64_t u = 0; u < p.kernel[0]; ++u)
          for (int64_t v = 0; v < p.kernel[1]; ++v) {
            const int64_t r = i * p.stride[0] - p.pad[0] + u, c = j * p.stride[1] - p.pad[1] + v;
            padded += r < p.h + p.pad[0] && c < p.w + p.pad[1];
            if (r < 0 || r >= p.h || c < 0 || c >= p.w) continue;
            ++real;
            members.push_back(static_cast<size_t>((q * p.h + r) * p.w + c));
            sum += x[members.back()];
          }
        const double divisor = p.divisor_override ? p.divisor_override : p.count_include_pad ? padded : real;
        ASSERT_NEAR(y[out], sum / divisor, 1e-6) << text(p);
        for (size_t m : members) expected[m] += gy[out] / divisor;
      }
  for (size_t i = 0; i < x.size(); ++i) ASSERT_NEAR(gx[i], expected[i], 2e-5) << text(p);
}

TYPED_TEST(PoolKernel, Averages) {
  std::mt19937 rng(3);
  for (int64_t size : {2, 3, 7, 16, 35})
    for (int64_t k : {1, 2, 3, 4})
      for (int64_t stride : {1, 2, 3})
        for (int64_t pad = 0; pad <= k / 2; ++pad)
          for (int flags = 0; flags < 6; ++flags) {
            if (size + 2 * pad < k) continue;
            Pool2d p = pool(3, size, size + 2, k, stride, pad, 1, flags & 1);
            p.count_include_pad = flags < 2;
            p.divisor_override = flags >= 4 ? 5 : 0;
            check_average<TypeParam>(p, rng);
          }
  check_average<TypeParam>(pool(90, 28, 28, 2, 2), rng);
}

TYPED_TEST(PoolKernel, AdaptiveAverages) {
  std::mt19937 rng(4);
  const int64_t sizes[][4] = {{7, 7, 1, 1}, {7, 9, 3, 4}, {5, 6, 5, 6}, {3, 2, 7, 5}, {1, 1, 1, 1}, {64, 65, 1, 1}};
  for (const auto& s : sizes) {
    Pool2d p{5, s[0], s[1], s[2], s[3]};
    const std::vector<TypeParam> x = random_values<TypeParam>(p.planes * p.h * p.w, rng);
    const std::vector<TypeParam> gy = random_values<TypeParam>(p.planes * p.oh * p.ow, rng);
    std::vector<TypeParam> y(gy.size(), 77), gx(x.size(), 77);
    std::vector<double> expected(x.size());
    adaptive_avg_pool2d_forward(p, x.data(), y.data());
    adaptive_avg_pool2d_backward(p, gy.data(), gx.data());
    for (size_t out = 0; out < y.size(); ++out) {
      const int64_t j = static_cast<int64_t>(out) % p.ow, i = static_cast<int64_t>(out) / p.ow % p.oh;
      const int64_t plane = static_cast<int64_t>(out) / (p.ow * p.oh);
      // An element belongs to part i if the half-open intervals [r, r + 1) oh and [i, i + 1) h overlap.
      std::vector<size_t> members;
      double sum = 0;
      for (int64_t r = 0; r < p.h; ++r)
        for (int64_t c = 0; c < p.w; ++c)
          if ((r + 1) * p.oh > i * p.h && r * p.oh < (i + 1) * p.h && (c + 1) * p.ow > j * p.w &&
              c * p.ow < (j + 1) * p.w) {
            members.push_back(static_cast<size_t>((plane * p.h + r) * p.w + c));
            sum += x[members.back()];
          }
      ASSERT_NEAR(y[out], sum / members.size(), 1e-6) << text(p);
      for (size_t m : members) expected[m] += gy[out] / members.size();
    }
    for (size_t i = 0; i < x.size(); ++i) ASSERT_NEAR(gx[i], expected[i], 1e-5) << text(p);
  }
}

}  // namespace
}  // namespace gradus::kernels
