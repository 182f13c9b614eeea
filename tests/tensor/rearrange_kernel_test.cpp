// What reverses, transposes, picks, adds up along rows or clears elements, beside loops.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "gradus/gradus.h"
#include "gradus/tensor/kernels/stream.h"

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

/// From the first element of a line and from the second one, into the caches and past them.
TEST(RearrangeKernel, TransposedCopies) {
  constexpr int64_t never = int64_t{1} << 62;
  for (int64_t streamed_above : {never, int64_t{0}}) {
    const int64_t before = kernels::set_streamed_above(streamed_above);
    for (ScalarType type : {kBool, kByte, kShort, kHalf, kBFloat16, kInt, kFloat, kLong, kDouble})
      for (int64_t rows : {1, 4, 15, 16, 33, 80})
        for (int64_t columns : {3, 4, 8, 16, 31, 32, 50, 100})
          for (int64_t first : {0, 1}) {
            const Tensor all = randint(0, type == kBool ? 2 : 100, {2 * rows * columns + first}).to(type);
            const Tensor x = all.slice(0, first).view({2, rows, columns}), y = x.transpose(1, 2).contiguous();
            const std::vector<int64_t> sizes = {2, columns, rows};
            ASSERT_EQ(y.sizes(), IntArrayRef(sizes));
            const Tensor from = x.to(kDouble), to = y.to(kDouble);
            const double *a = from.data_ptr<double>(), *b = to.data_ptr<double>();
            for (int64_t r = 0; r < rows; ++r)
              for (int64_t c = 0; c < columns; ++c)
                for (int64_t k : {int64_t{0}, rows * columns})
                  ASSERT_EQ(b[k + c * rows + r], a[k + r * columns + c])
                      << name(type) << ' ' << rows << ' ' << columns << ' ' << r << ' ' << c;
          }
    kernels::set_streamed_above(before);
  }
}

/// What lies beside the part of a tensor that is written stays.
TEST(RearrangeKernel, TransposedCopiesKeepWhatLiesBesideThem) {
  for (ScalarType type : {kByte, kShort, kFloat, kDouble}) {
    const Tensor x = randint(1, 100, {70, 50}).to(type);
    Tensor wide = zeros({60, 100}, type);
    wide.slice(0, 5, 55).slice(1, 16, 86).copy_(x.t());
    EXPECT_TRUE(equal(wide.slice(0, 5, 55).slice(1, 16, 86).t(), x)) << name(type);
    EXPECT_EQ(wide.to(kDouble).sum().item<double>(), x.to(kDouble).sum().item<double>()) << name(type);
  }
}

/// Out of wider rows and into them, whose other elements stay.
TEST(RearrangeKernel, CopiesOfRowsOfAnyWidth) {
  for (ScalarType type : {kBool, kByte, kShort, kBFloat16, kInt, kFloat, kLong, kDouble})
    for (int64_t n : {1, 2, 3, 5, 15, 16, 17, 33, 63, 64, 130, 255, 256, 300})
      for (int64_t first : {0, 1, 3}) {
        const Tensor x = randint(0, type == kBool ? 2 : 100, {2, 7, n + 4}).to(type);
        const Tensor narrow = x.slice(2, first, first + n), y = narrow.contiguous();
        Tensor into = zeros_like(x);
        into.slice(2, first, first + n).copy_(y);
        const Tensor from = x.to(kDouble), to = y.to(kDouble), wide = into.to(kDouble);
        const double *a = from.data_ptr<double>(), *b = to.data_ptr<double>(), *c = wide.data_ptr<double>();
        for (int64_t r = 0; r < 14; ++r)
          for (int64_t i = 0; i < n + 4; ++i) {
            const bool inside = i >= first && i < first + n;
            const double value = inside ? a[r * (n + 4) + i] : 0, copied = inside ? b[r * n + i - first] : 0;
            ASSERT_EQ(copied, value) << name(type) << ' ' << n << ' ' << i;
            ASSERT_EQ(c[r * (n + 4) + i], value) << name(type) << ' ' << n << ' ' << i;
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

/// Along lines that are consecutive and across them, of more lines than run side by side, NaN among them.
TEST(RearrangeKernel, RunningProductsAndExtremes) {
  for (int64_t rows : {1, 7, 8, 9, 17, 70})
    for (int64_t n : {1, 5, 70}) {
      Tensor x = 0.5 + rand({rows, n}, kDouble);
      if (n > 4) x[rows / 2][3] = std::numeric_limits<double>::quiet_NaN();
      for (bool across : {false, true}) {
        const Tensor in = across ? x.t().contiguous() : x;
        const auto line = [&](const Tensor& t) { return across ? t.t().contiguous() : t; };
        const auto [most, most_at] = cummax(in, across ? 0 : 1);
        const auto [least, least_at] = cummin(in, across ? 0 : 1);
        const Tensor product = line(cumprod(in, across ? 0 : 1)), high = line(most), low = line(least);
        const Tensor high_at = line(most_at), low_at = line(least_at);
        for (int64_t r = 0; r < rows; ++r) {
          const double* p = x.data_ptr<double>() + r * n;
          double so_far = 1;
          int64_t up = 0, down = 0;
          for (int64_t i = 0; i < n; ++i) {
            so_far *= p[i];
            if (std::isnan(p[i]) || p[i] >= p[up]) up = i;
            if (std::isnan(p[i]) || p[i] <= p[down]) down = i;
            const std::string where = std::to_string(rows) + " x " + std::to_string(n) + " at " + std::to_string(i);
            const double got = product.data_ptr<double>()[r * n + i];
            ASSERT_TRUE(got == so_far || (std::isnan(got) && std::isnan(so_far))) << where;
            ASSERT_EQ(high_at.data_ptr<int64_t>()[r * n + i], up) << where;
            ASSERT_EQ(low_at.data_ptr<int64_t>()[r * n + i], down) << where;
            const double top = high.data_ptr<double>()[r * n + i], bottom = low.data_ptr<double>()[r * n + i];
            ASSERT_TRUE(top == p[up] || (std::isnan(top) && std::isnan(p[up]))) << where;
            ASSERT_TRUE(bottom == p[down] || (std::isnan(bottom) && std::isnan(p[down]))) << where;
          }
        }
      }
    }
}

/// Single elements, rows of them, and indices that threads begin in the middle of.
TEST(RearrangeKernel, IndexSelectAlongEveryDimension) {
  const Tensor x = randn({3, 50, 40});
  for (int64_t dim : {0, 1, 2})
    for (int64_t count : {1, 17, 700}) {
      const Tensor at = randint(0, x.size(dim), {count}, kLong), y = index_select(x, dim, at);
      for (int64_t i = 0; i < count; ++i)
        ASSERT_TRUE(equal(y.select(dim, i), x.select(dim, at[i].item<int64_t>()))) << dim << ' ' << i;
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
