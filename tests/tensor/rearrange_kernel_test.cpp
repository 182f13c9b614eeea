// What reverses, picks, adds up along rows or clears elements, beside loops.
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "gradus/gradus.h"

namespace gradus {
namespace {

TEST(RearrangeKernel, FlippedRows) {
  for (ScalarType type : {kBool, kByte, kShort, kHalf, kInt, kFloat, kLong, kDouble})
    for (int64_t n : {1, 2, 15, 16, 17, 33, 200}) {
      const Tensor x = randint(0, 100, {3, n}).to(type), y = flip(x, {1}), z = flip(x, {0, 1});
      for (int64_t r = 0; r < 3; ++r)
        for (int64_t i = 0; i < n; ++i) {
          ASSERT_EQ(y[r][i].item<double>(), x[r][n - 1 - i].item<double>()) << name(type) << ' ' << n;
          ASSERT_EQ(z[r][i].item<double>(), x[2 - r][n - 1 - i].item<double>()) << name(type) << ' ' << n;
        }
    }
}

TEST(RearrangeKernel, RunningSumsOfManyRows) {
  for (int64_t rows : {1, 3, 4, 5, 11})
    for (int64_t n : {1, 7, 500}) {
      const Tensor x = randn({rows, n}), y = cumsum(x, 1);
      for (int64_t r = 0; r < rows; ++r) {
        double sum = 0;
        for (int64_t i = 0; i < n; ++i) {
          sum += static_cast<double>(x.data_ptr<float>()[r * n + i]);
          ASSERT_EQ(y.data_ptr<float>()[r * n + i], static_cast<float>(sum)) << rows << ' ' << n << ' ' << i;
        }
      }
    }
}

TEST(RearrangeKernel, PlacesOfWhatIsNotZero) {
  for (int64_t n : {1, 3, 1023, 1024, 1025, 3000}) {
    const Tensor m = randint(0, 2, {2, 3, n}).to(kBool), at = nonzero(m), x = randn({2, 3, n});
    int64_t k = 0;
    for (int64_t i = 0; i < m.numel(); ++i) {
      if (!m.data_ptr<bool>()[i]) continue;
      const int64_t* p = at.data_ptr<int64_t>() + 3 * k++;
      ASSERT_EQ(p[0] * 3 * n + p[1] * n + p[2], i);
      ASSERT_TRUE(p[1] < 3 && p[2] < n);
    }
    ASSERT_EQ(at.size(0), k);
    ASSERT_TRUE(equal(masked_select(x, m), x.index({m})));
  }
}

TEST(RearrangeKernel, IndicesOutsideAreFound) {
  const Tensor x = randn({10, 5});
  for (int64_t n : {1, 7, 8, 9, 100})
    for (int64_t bad :
         {int64_t{10}, int64_t{-1}, std::numeric_limits<int64_t>::max(), std::numeric_limits<int64_t>::min()}) {
      Tensor i = randint(0, 10, {n});
      EXPECT_NO_THROW(index_select(x, 0, i));
      i.index_put_({n - 1}, Scalar(bad));
      EXPECT_ANY_THROW(index_select(x, 0, i)) << n << ' ' << bad;
      EXPECT_ANY_THROW(gather(x, 0, i.view({n, 1}))) << n << ' ' << bad;
    }
}

TEST(RearrangeKernel, TrianglesForAnyDiagonal) {
  const Tensor x = randn({2, 4, 6}), rows = arange(4).view({4, 1}), columns = arange(6);
  for (int64_t k : {std::numeric_limits<int64_t>::min(), int64_t{-9}, int64_t{-2}, int64_t{0}, int64_t{1}, int64_t{5},
                    int64_t{9}, std::numeric_limits<int64_t>::max()}) {
    const int64_t near = std::clamp<int64_t>(k, -100, 100);
    EXPECT_TRUE(equal(triu(x, k), x * (columns - rows >= near))) << k;
    EXPECT_TRUE(equal(tril(x, k), x * (columns - rows <= near))) << k;
    EXPECT_TRUE(equal(triu(x.transpose(1, 2), k), triu(x.transpose(1, 2).contiguous(), k))) << k;
  }
}

}  // namespace
}  // namespace gradus
