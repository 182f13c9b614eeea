// where and masked_fill read their masks as bools: every type, layout and length of them, held to one element at a
// time.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "gradus/gradus.h"

namespace gradus {
namespace {

/// c ? a : b element by element, through indices.
Tensor chosen(const Tensor& c, const Tensor& a, const Tensor& b) {
  const Tensor mask = c.expand(a.sizes()).contiguous().view({-1});
  const Tensor x = a.contiguous().view({-1}), y = b.expand(a.sizes()).contiguous().view({-1});
  const Tensor both = stack({y, x}, 1).view({-1});
  return both.index_select(0, arange(mask.numel()) * 2 + mask.to(kLong)).view(a.sizes());
}

void expect_chosen(const Tensor& c, const Tensor& a, const Tensor& b, const std::string& what) {
  const Tensor right = chosen(c, a, b);
  EXPECT_TRUE(equal(where(c, a, b), right)) << "where of " << what;
  EXPECT_TRUE(equal(where(c.logical_not(), b.expand(a.sizes()), a), right)) << "the reverse of " << what;
  const Tensor filled = chosen(c, ones_like(a), a);
  EXPECT_TRUE(equal(a.masked_fill(c, 1), filled)) << "masked_fill of " << what;
  EXPECT_TRUE(equal(a.clone().masked_fill_(c, 1), filled)) << "masked_fill_ of " << what;
}

const ScalarType types[] = {kBool, kByte, kChar, kShort, kInt, kLong, kHalf, kBFloat16, kFloat, kDouble};

TEST(Masks, OfAnyLength) {
  for (int64_t n : {0, 1, 3, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65, 511, 512, 513, 65535, 65537, 100003})
    for (ScalarType type : types) {
      const Tensor a = randint(0, 100, {n}).to(type), b = randint(0, 100, {n}).to(type);
      expect_chosen(rand({n}) > 0.5, a, b, std::to_string(n) + " of type " + name(type));
    }
}

TEST(Masks, ThatBeginAnywhere) {
  const Tensor mask = rand({100}) > 0.5, a = randn({100}), b = randn({100});
  for (int64_t first = 0; first < 20; ++first)
    for (int64_t other : {0, 1, 5})
      expect_chosen(mask.slice(0, first, first + 70), a.slice(0, other, other + 70), b.slice(0, 0, 70),
                    std::to_string(first) + " and " + std::to_string(other));
}

TEST(Masks, OfAnyLayout) {
  const std::vector<std::pair<std::string, Tensor>> masks = {
      {"a transposed mask", (rand({300, 70}) > 0.5).t()},
      {"every second element", (rand({70, 600}) > 0.5).slice(1, 0, 600, 2)},
      {"one row for all", rand({300}) > 0.5},
      {"one column for all", rand({70, 1}) > 0.5},
      {"one number, true", ones({}, kBool)},
      {"one number, false", zeros({}, kBool)},
  };
  for (const auto& [what, c] : masks)
    for (ScalarType type : types) {
      const Tensor a = randint(0, 100, {70, 300}).to(type), b = randint(0, 100, {70, 300}).to(type);
      const std::string both = what + ", " + name(type);
      expect_chosen(c, a, b, both);
      expect_chosen(c, randint(0, 100, {300, 70}).to(type).t(), b, both + ", transposed");
      expect_chosen(c, a, randint(0, 100, {300}).to(type), both + ", a row");
    }
}

TEST(Masks, KeepNanAndItsBits) {
  const double nan = std::numeric_limits<double>::quiet_NaN(), inf = std::numeric_limits<double>::infinity();
  const Tensor a = tensor({nan, -0.0, inf, 1e-42}), c = tensor({1, 1, 1, 1, 0, 0, 0, 0}).to(kBool).slice(0, 0, 4);
  const Tensor y = where(c, a, full({4}, 5, a.options())), no = where(c.logical_not(), a, full({4}, 5, a.options()));
  EXPECT_TRUE(y.isnan()[0].item<bool>());
  EXPECT_TRUE(y.signbit()[1].item<bool>());
  EXPECT_EQ(y[2].item<double>(), inf);
  EXPECT_EQ(y[3].item<double>(), a[3].item<double>());
  EXPECT_TRUE(equal(no, full({4}, 5, a.options())));  // what is not chosen leaves no trace
}

}  // namespace
}  // namespace gradus
