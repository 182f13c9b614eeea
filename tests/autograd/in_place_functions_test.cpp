// The free functions that end with an underscore: each overwrites its first argument with what the form without it
// returns, and returns that argument.
#include <gtest/gtest.h>

#include <cmath>

#include "gradus/gradus.h"

using namespace gradus;

namespace {

struct Pair {
  const char* name;
  std::function<Tensor(const Tensor&)> plain;
  std::function<Tensor&(Tensor&)> in_place;
};

#define PAIR(f, ...)                                                                              \
  {                                                                                               \
#f, [](const Tensor& x) { return f(x __VA_OPT__(, ) __VA_ARGS__); }, [](Tensor& x) -> Tensor& { \
     return f##_(x __VA_OPT__(, ) __VA_ARGS__);                                               \
   } \
  }

const Pair pairs[] = {
    PAIR(abs),
    PAIR(absolute),
    PAIR(acos),
    PAIR(acosh),
    PAIR(arccos),
    PAIR(arccosh),
    PAIR(arcsin),
    PAIR(arcsinh),
    PAIR(arctan),
    PAIR(arctanh),
    PAIR(asin),
    PAIR(asinh),
    PAIR(atan),
    PAIR(atanh),
    PAIR(ceil),
    PAIR(cos),
    PAIR(cosh),
    PAIR(deg2rad),
    PAIR(erf),
    PAIR(erfc),
    PAIR(exp2),
    PAIR(exp),
    PAIR(expm1),
    PAIR(fix),
    PAIR(i0),
    PAIR(floor),
    PAIR(frac),
    PAIR(log10),
    PAIR(log1p),
    PAIR(log2),
    PAIR(log),
    PAIR(neg),
    PAIR(negative),
    PAIR(rad2deg),
    PAIR(reciprocal),
    PAIR(round),
    PAIR(rsqrt),
    PAIR(sin),
    PAIR(sinc),
    PAIR(sinh),
    PAIR(sqrt),
    PAIR(square),
    PAIR(tan),
    PAIR(tanh),
    PAIR(trunc),
    PAIR(round, 1),
    PAIR(clamp, 0.2, 0.7),
    PAIR(clamp, 0.2),
    PAIR(clamp, tensor({0.3, 0.2, 0.5, 0.6}), tensor({0.4, 0.9, 0.5, 0.8})),
    PAIR(clip, 0.2, 0.7),
    PAIR(clip, tensor({0.3, 0.2, 0.5, 0.6}), tensor({0.4, 0.9, 0.5, 0.8})),
    PAIR(clamp_min, 0.5),
    PAIR(clamp_min, tensor({0.3, 0.2, 0.5, 0.6})),
    PAIR(clamp_max, 0.5),
    PAIR(clamp_max, tensor({0.3, 0.2, 0.5, 0.6})),
    PAIR(ldexp, tensor({1.0, 2.0, 3.0, -1.0})),
    PAIR(xlogy, tensor({1.0, 2.0, 3.0, 0.5})),
    PAIR(xlogy, 3.0),
    PAIR(logit),
    PAIR(logit, 0.3),
    PAIR(nan_to_num, 0.5, 1.0, 2.0),
    PAIR(addmv, ones({4, 2}), tensor({0.5, 2.0}), 2, 3),
};

TEST(InPlaceFunctions, OverwriteWithWhatThePlainOnesReturn) {
  for (const ScalarType type : {kFloat, kDouble})
    for (const Pair& p : pairs) {
      const Tensor start = tensor({0.15, 0.35, 0.62, 0.95}, type);
      Tensor x = start.clone();
      const Tensor want = p.plain(start);
      Tensor& y = p.in_place(x);
      EXPECT_EQ(&y, &x) << p.name;
      EXPECT_TRUE(equal(x, want) || (x.isnan().logical_and(want.isnan())).all().item<bool>()) << p.name;
    }
}

TEST(InPlaceFunctions, AreRecorded) {
  const Tensor x = tensor({0.5, 0.25}, requires_grad());
  Tensor y = x * 2;
  exp_(sin_(y));
  y.backward(ones({2}));
  const Tensor twice = x.detach() * 2;
  EXPECT_TRUE(allclose(x.grad(), twice.sin().exp() * twice.cos() * 2));
}

TEST(InPlaceFunctions, OfIntegersAndFills) {
  Tensor x = tensor({12, 18, 7});
  EXPECT_TRUE(equal(gcd_(x, tensor({8, 27, 3})), tensor({4, 9, 1})));
  EXPECT_TRUE(equal(lcm_(x, tensor({6, 6, 5})), tensor({12, 18, 5})));
  EXPECT_TRUE(equal(fill_(x, 3), full({3}, 3, kLong)));
  EXPECT_TRUE(equal(fill_(x, tensor(5)), full({3}, 5, kLong)));
  EXPECT_TRUE(equal(zero_(x), zeros({3}, kLong)));
  EXPECT_EQ(resize_as_(x, ones({2, 3})).sizes(), IntArrayRef({2, 3}));
  const Tensor leaf = ones({2}, requires_grad());
  Tensor y = leaf * 2;
  EXPECT_FALSE(detach_(y).requires_grad());
}

TEST(InPlaceFunctions, MethodsThatOnlyPassOn) {
  const Tensor x = tensor({-2.0, -0.3, 0.3, 2.0}), w = tensor({0.1});
  EXPECT_TRUE(equal(x.hardshrink(), hardshrink(x)));
  EXPECT_TRUE(equal(x.hardshrink(0.1), hardshrink(x, 0.1)));
  EXPECT_TRUE(equal(x.prelu(w), prelu(x, w)));
  EXPECT_TRUE(x.pin_memory().is_same(x));
  EXPECT_FALSE(x.is_pinned());
  EXPECT_TRUE(is_nonzero(tensor(2.0)));
  EXPECT_FALSE(is_nonzero(tensor(0)));
}

}  // namespace
