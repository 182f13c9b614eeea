// Sorted rows beside std::stable_sort, and what picks or reverses elements beside loops.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include "gradus/gradus.h"

namespace gradus {
namespace {

template <class T>
bool precedes(T a, T b, bool descending) {
  if (a != a || b != b) return descending ? a != a && b == b : a == a && b != b;  // NaN is the largest
  return descending ? a > b : a < b;
}

/// x with equal numbers, zeros of both signs, infinities and NaN.
template <class T>
Tensor mixed(int64_t rows, int64_t n, ScalarType type) {
  Tensor x = std::is_integral_v<T> ? randint(-50, 50, {rows, n}, kLong) : (randn({rows, n}, type) * 20).round();
  if constexpr (std::is_integral_v<T>) {
    x.index_put_({0, 0}, std::numeric_limits<T>::min());
    x.index_put_({0, n / 2}, std::numeric_limits<T>::max());
    return x;
  } else {
    const T inf = std::numeric_limits<T>::infinity();
    T* p = x.data_ptr<T>();
    const T odd[] = {T(-0.0), T(0), inf, -inf, T(NAN), -T(NAN), T(1e-40), T(-1e-40), T(3e38), T(-3e38)};
    for (int64_t i = 0; i < x.numel(); i += 7) p[i] = odd[i / 7 % 10];
    return x;
  }
}

template <class T>
void expect_sorted(int64_t rows, int64_t n, ScalarType type) {
  const Tensor x = mixed<T>(rows, n, type);
  for (bool descending : {false, true})
    for (int64_t k : {int64_t{1}, std::min<int64_t>(5, n), std::min<int64_t>(33, n), n}) {
      const auto [values, indices] = k == n ? sort(x, 1, descending) : topk(x, k, 1, descending, true);
      for (int64_t r = 0; r < rows; ++r) {
        const T* p = x.data_ptr<T>() + r * n;
        std::vector<int64_t> order(static_cast<size_t>(n));
        std::iota(order.begin(), order.end(), 0);
        std::stable_sort(order.begin(), order.end(),
                         [&](int64_t a, int64_t b) { return precedes(p[a], p[b], descending); });
        for (int64_t i = 0; i < k; ++i) {
          const int64_t at = indices.data_ptr<int64_t>()[r * k + i], want = order[static_cast<size_t>(i)];
          ASSERT_EQ(at, want) << rows << 'x' << n << " k " << k << (descending ? " down" : " up") << " at " << i;
          const T v = values.data_ptr<T>()[r * k + i];
          ASSERT_TRUE(std::memcmp(&v, p + want, sizeof v) == 0) << i;
        }
      }
    }
}

TEST(SortKernel, RowsAreInStableOrder) {
  for (int64_t n : {1, 2, 10, 32, 33, 64, 255, 300, 1000, 5000}) {
    expect_sorted<float>(3, n, kFloat);
    expect_sorted<double>(3, n, kDouble);
    expect_sorted<int64_t>(3, n, kLong);
  }
  expect_sorted<float>(1, 70001, kFloat);
}

TEST(SortKernel, NarrowTypesSortAsTheirNumbersDo) {
  for (ScalarType type : {kByte, kChar, kShort, kInt, kHalf, kBFloat16, kBool}) {
    const Tensor x = randint(0, 100, {4, 200}).to(type);
    const auto [values, at] = sort(x, 1, false);
    EXPECT_EQ(values.scalar_type(), type);
    EXPECT_TRUE(equal(values, gather(x, 1, at)));
    EXPECT_TRUE((values.slice(1, 1).to(kFloat) >= values.slice(1, 0, 199).to(kFloat)).all().item<bool>());
  }
}

TEST(SortKernel, FlippedRows) {
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

TEST(SortKernel, RunningSumsOfManyRows) {
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

TEST(SortKernel, PlacesOfWhatIsNotZero) {
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

TEST(SortKernel, IndicesOutsideAreFound) {
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

TEST(SortKernel, TrianglesForAnyDiagonal) {
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
