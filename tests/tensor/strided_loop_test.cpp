// Formulas over operands that are expanded, transposed or of another type, beside those on contiguous copies of them.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "gradus/gradus.h"

namespace gradus {
namespace {

/// Numbers of a shape of which some dimensions, a bit of `ones` each, are 1.
Tensor numbers(const std::vector<int64_t>& sizes, int ones, ScalarType type) {
  std::vector<int64_t> s = sizes;
  for (size_t d = 0; d < s.size(); ++d)
    if (ones >> d & 1) s[d] = 1;
  return type == kBool ? randint(0, 2, s).to(kBool) : randint(-9, 10, s).to(type);
}

/// x element by element, copied without a copy of more than one.
Tensor spelled_out(const Tensor& x, const std::vector<int64_t>& sizes) {
  Tensor y = empty(sizes, x.options());
  const Tensor from = x.expand(sizes).reshape({-1}), to = y.view({-1});
  for (int64_t i = 0; i < y.numel(); ++i) to[i].copy_(from[i]);
  return y;
}

TEST(StridedLoop, ExpandedOperandsAreTheirCopies) {
  for (int64_t inner : {2, 3, 16, 31, 48, 100, 130, 255, 257, 700})
    for (int64_t outer : {1, 5, 40})
      for (int a = 0; a < 8; ++a)
        for (int b = 0; b < 8; ++b) {
          const std::vector<int64_t> sizes = {3, outer, inner};
          const Tensor x = numbers(sizes, a, kFloat), y = numbers(sizes, b, (a + b) % 2 ? kFloat : kLong);
          const Tensor z = numbers(sizes, 0, kFloat);
          const Tensor expanded = x.expand(sizes).clone(MemoryFormat::Contiguous);
          const Tensor right = z + expanded * y.expand(sizes).to(kFloat).clone(MemoryFormat::Contiguous);
          ASSERT_TRUE(equal(addcmul(z, x, y.to(kFloat)), right)) << inner << ' ' << outer << ' ' << a << ' ' << b;
          ASSERT_TRUE(equal(x * y + z, right)) << inner << ' ' << outer << ' ' << a << ' ' << b;
        }
}

TEST(StridedLoop, AllTypes) {
  for (ScalarType type : {kBool, kByte, kShort, kInt, kLong, kHalf, kBFloat16, kFloat, kDouble})
    for (int64_t inner : {7, 64, 300})
      for (int a = 0; a < 4; ++a)
        for (int b = 0; b < 4; ++b) {
          const std::vector<int64_t> sizes = {9, inner};
          const Tensor x = numbers(sizes, a, type), y = numbers(sizes, b, type), m = numbers(sizes, b, kBool);
          const Tensor copied = spelled_out(x, sizes), other = spelled_out(y, sizes), mask = spelled_out(m, sizes);
          const std::string what = std::string(name(type)) + ' ' + std::to_string(inner);
          ASSERT_TRUE(equal((x + y).expand(sizes), copied + other)) << what;
          ASSERT_TRUE(equal((x > y).expand(sizes), copied > other)) << what;
          ASSERT_TRUE(equal(where(m, x, y).expand(sizes), where(mask, copied, other))) << what;
          ASSERT_TRUE(equal(x.expand(sizes).clone(MemoryFormat::Contiguous), copied)) << what;
          ASSERT_TRUE(equal(x.expand(sizes).to(kDouble) * 2, copied.to(kDouble) * 2)) << what;
        }
}

/// Threads begin inside rows, results lie apart, operands are transposed.
TEST(StridedLoop, ManyRowsOnTwoThreads) {
  const int before = get_num_threads();
  for (int threads : {1, 2}) {
    set_num_threads(threads);
    for (int64_t inner : {3, 33, 301}) {
      const int64_t rows = 200000 / inner;
      const Tensor x = randn({rows, inner}), column = randn({rows, 1}), row = randn({inner}),
                   turned = randn({inner, rows});
      const Tensor columns = column.expand({rows, inner}).clone(MemoryFormat::Contiguous);
      const Tensor all = row.expand({rows, inner}).clone(MemoryFormat::Contiguous);
      EXPECT_TRUE(equal(x * column, x * columns)) << inner;
      EXPECT_TRUE(equal(x + row, x + all)) << inner;
      EXPECT_TRUE(equal(column * row, columns * all)) << inner;
      EXPECT_TRUE(equal(turned.t() * column + row, turned.t().clone(MemoryFormat::Contiguous) * columns + all))
          << inner;
      Tensor wide = zeros({rows, inner + 5}), result = wide.slice(1, 2, inner + 2);
      mul_out(result, x, column);
      EXPECT_TRUE(equal(result, x * columns)) << inner;
      EXPECT_EQ(wide.slice(1, 0, 2).abs().sum().item<float>() + wide.slice(1, inner + 2).abs().sum().item<float>(), 0);
      Tensor across = zeros({inner, rows}).t();
      mul_out(across, x, row.to(kDouble).to(kFloat));
      EXPECT_TRUE(equal(across, x * all)) << inner;
    }
  }
  set_num_threads(before);
}

}  // namespace
}  // namespace gradus
