// Sorted rows, whole or their beginnings, beside std::stable_sort.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>
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

}  // namespace
}  // namespace gradus
