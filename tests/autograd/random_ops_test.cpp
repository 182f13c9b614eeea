// The operations of ops/random.h, each against numbers that PyTorch 2.13.0 gave after torch.manual_seed(0). They have
// no derivative; the table's test of completeness looks for their names here.
#include <gtest/gtest.h>

#include <cmath>

#include "gradus/gradus.h"
#include "gradus/tests/misuse.h"

using namespace gradus;

namespace {

void expect_numbers(const Tensor& t, IntArrayRef sizes, const std::vector<double>& want, double tolerance = 0) {
  EXPECT_EQ(t.sizes(), sizes);
  ASSERT_EQ(t.numel(), static_cast<int64_t>(want.size()));
  const Tensor flat = t.to(kDouble).reshape(-1);
  for (int64_t i = 0; i < t.numel(); ++i)
    EXPECT_NEAR(flat[i].item<double>(), want[static_cast<size_t>(i)], tolerance) << i;
  EXPECT_FALSE(t.requires_grad());
}

using gradus_tests::error_of;

constexpr double ulps = 1e-6;  // normal numbers pass through cos and log

class RandomOps : public testing::Test {
 protected:
  void SetUp() override { manual_seed(0); }
};

TEST_F(RandomOps, Rand) {
  const std::vector<double> six = {0.49625658988952637, 0.7682217955589294,  0.08847743272781372,
                                   0.13203048706054688, 0.30742281675338745, 0.6340786814689636};
  expect_numbers(rand({2, 3}), {2, 3}, six);
  expect_numbers(rand({2, 3}, Generator(0)), {2, 3}, six);
  manual_seed(0);
  expect_numbers(rand_like(zeros({3, 2})), {3, 2}, six);
  manual_seed(0);
  expect_numbers(rand({3}, kDouble), {3}, {0.9700530018065531, 0.707819864399788, 0.45938294312745087});
}

TEST_F(RandomOps, Randn) {
  const std::vector<double> six = {1.5409960746765137, -0.293428897857666,  -2.1787893772125244,
                                   0.5684312582015991, -1.0845223665237427, -1.3985954523086548};
  expect_numbers(randn({2, 3}), {2, 3}, six, ulps);
  expect_numbers(randn({2, 3}, Generator(0)), {2, 3}, six, ulps);
  manual_seed(0);
  expect_numbers(randn_like(zeros({6})), {6}, six, ulps);
  manual_seed(0);
  expect_numbers(randn({20}).slice(0, 15), {5},
                 {-0.843676745891571, 0.9318265914916992, 1.2590092420578003, 2.0049805641174316, 0.05373690277338028},
                 ulps);
}

TEST_F(RandomOps, Normal) {
  expect_numbers(normal(2, 3, {4}), {4}, {6.622988224029541, 1.119713306427002, -4.536368370056152, 3.705293893814087},
                 10 * ulps);
  manual_seed(0);
  const Tensor mean = tensor({1., 10., 100.});
  expect_numbers(normal(mean, 0.5), {3}, {1.7704980373382568, 9.853285789489746, 98.91060638427734}, 10 * ulps);
  manual_seed(0);
  expect_numbers(normal(mean, tensor({{0.5}, {2.}})), {2, 3},
                 {1.7704980373382568, 9.853285789489746, 98.91060638427734, 2.1368625164031982, 7.830955505371094,
                  97.20281219482422},
                 10 * ulps);
}

TEST_F(RandomOps, Randint) {
  const Tensor t = randint(10, {6});
  EXPECT_EQ(t.scalar_type(), kLong);
  expect_numbers(t, {6}, {4, 9, 3, 0, 3, 9});
  manual_seed(0);
  expect_numbers(randint(-5, 5, {2, 3}, kFloat), {2, 3}, {-1, 4, -2, -5, -2, 4});
  expect_numbers(randint(0, 10, {6}, Generator(0)), {6}, {4, 9, 3, 0, 3, 9});
}

TEST_F(RandomOps, RandintLike) {
  const std::vector<double> four = {44, 39, 33, 60};
  const Tensor t = randint_like(zeros({2, 2}), 100);
  EXPECT_EQ(t.scalar_type(), kFloat);
  expect_numbers(t, {2, 2}, four);
  manual_seed(0);
  expect_numbers(randint_like(zeros({4}, kInt), -3, 100), {4}, {96, 68, 5, 78});
  manual_seed(0);
  EXPECT_EQ(randint_like(zeros({4}), 100, kLong).scalar_type(), kLong);
  EXPECT_TRUE(randint_like(zeros({4}), 100, requires_grad()).requires_grad());
}

TEST_F(RandomOps, Randperm) {
  expect_numbers(randperm(7), {7}, {4, 0, 5, 3, 2, 6, 1});
  EXPECT_EQ(randperm(3).scalar_type(), kLong);
  expect_numbers(randperm(7, Generator(0)), {7}, {4, 0, 5, 3, 2, 6, 1});
  expect_numbers(randperm(0), {0}, {});
}

TEST_F(RandomOps, Bernoulli) {
  expect_numbers(bernoulli(tensor({.1, .5, .9, .5, .5, .5, 0., 1.})), {8}, {0, 0, 1, 1, 1, 0, 0, 1});
}

TEST_F(RandomOps, BernoulliAsAMethod) {
  const Tensor p = tensor({.1, .5, .9, .5, .5, .5, 0., 1.});
  expect_numbers(p.bernoulli(), {8}, {0, 0, 1, 1, 1, 0, 0, 1});
  expect_numbers(p.bernoulli(Generator(0)), {8}, {0, 0, 1, 1, 1, 0, 0, 1});
  manual_seed(0);
  const Tensor one = bernoulli(p, 0.5);
  manual_seed(0);
  EXPECT_TRUE(equal(p.bernoulli(0.5), one));
}

TEST_F(RandomOps, BernoulliOfOneProbabilityIsFair) {
  const Tensor t = bernoulli(zeros({100, 100}), 0.3);
  EXPECT_TRUE(((t == 0) | (t == 1)).all().item<bool>());
  EXPECT_NEAR(t.mean().item<double>(), 0.3, 0.02);
  manual_seed(0);
  EXPECT_TRUE(equal(t, bernoulli(zeros({100, 100}), 0.3)));
}

TEST_F(RandomOps, Multinomial) {
  const Tensor weights = tensor({1., 2., 3., 4.});
  expect_numbers(multinomial(weights, 6, true), {6}, {3, 3, 2, 3, 3, 3});
  manual_seed(0);
  expect_numbers(multinomial(tensor({{1., 2., 3., 4.}, {0., 0., 1., 1.}}), 2), {2, 2}, {2, 1, 2, 3});
}

TEST_F(RandomOps, InPlace) {
  expect_numbers(empty({4}).uniform_(-1, 1), {4},
                 {-0.007486820220947266, 0.5364435911178589, -0.8230451345443726, -0.7359390258789062}, 1e-7);
  manual_seed(0);
  expect_numbers(empty({4}).normal_(1, 2), {4},
                 {4.081992149353027, 0.4131421744823456, -3.357578754425049, 2.1368625164031982}, 10 * ulps);
  manual_seed(0);
  Tensor whole = empty({4}, kLong);
  whole.random_();
  const std::vector<int64_t> want = {900450186894289455, 3969543146641149120, 1895649597198586619, 827948490035658087};
  for (int64_t i = 0; i < 4; ++i) EXPECT_EQ(whole[i].item<int64_t>(), want[static_cast<size_t>(i)]);
  manual_seed(0);
  expect_numbers(empty({4}).random_(7), {4}, {4, 3, 0, 2});
  manual_seed(0);
  expect_numbers(empty({4}).random_(-3, 3), {4}, {-1, 0, 2, -3});
  const Tensor coins = empty({100, 100}).bernoulli_(0.7);
  EXPECT_NEAR(coins.mean().item<double>(), 0.7, 0.02);
}

TEST_F(RandomOps, Poisson) {
  const Tensor rate = tensor({0.5, 3.0, 0.0, 20.0, 100.0, 9.5});
  expect_numbers(poisson(rate), {6}, {2.0, 4.0, 0.0, 21.0, 99.0, 10.0});
  expect_numbers(poisson(rate, Generator(0)), {6}, {2.0, 4.0, 0.0, 21.0, 99.0, 10.0});
  manual_seed(0);
  EXPECT_EQ(poisson(rate.to(kHalf)).scalar_type(), kHalf);
  // What is drawn does not move with its rate.
  const Tensor x = rate.clone().requires_grad_();
  (poisson(x) * 3).sum().backward();
  EXPECT_TRUE(equal(x.grad(), zeros({6})));
}

TEST_F(RandomOps, InPlaceByOtherDistributions) {
  expect_numbers(empty({3}).exponential_(), {3}, {3.508326292037964, 1.2303847074508667, 0.615044116973877}, ulps);
  manual_seed(0);
  expect_numbers(empty({3}, kDouble).exponential_(2.5), {3},
                 {1.4033304746830568, 0.49215390567187073, 0.2460176375576046}, 1e-15);
  manual_seed(0);
  expect_numbers(empty({3}).cauchy_(), {3}, {10.597729682922363, 0.7647672891616821, -0.12829934060573578}, ulps);
  manual_seed(0);
  expect_numbers(empty({3}, kDouble).cauchy_(1, 2), {3}, {22.195458653364593, 2.5295345192117997, 0.7434013158336519},
                 1e-14);
  manual_seed(0);
  expect_numbers(empty({3}).log_normal_(), {3}, {59.2634162902832, 1.5115599632263184, 0.03481946140527725},
                 100 * ulps);
  manual_seed(0);
  expect_numbers(empty({3}, kDouble).log_normal_(0.5, 0.25), {3},
                 {2.4235878553037287, 1.5321052554493706, 0.9562868625441218}, 1e-14);
  manual_seed(0);
  expect_numbers(empty({4}).geometric_(0.25), {4}, {1.0, 2.0, 3.0, 1.0});
  manual_seed(0);
  expect_numbers(empty({4}, kInt).geometric_(0.25), {4}, {1.0, 2.0, 3.0, 1.0});
  expect_numbers(empty({3}).exponential_(1, Generator(0)), {3},
                 {3.508326292037964, 1.2303847074508667, 0.615044116973877}, ulps);
  expect_numbers(empty({4}).geometric_(0.25, Generator(0)), {4}, {1.0, 2.0, 3.0, 1.0});
  expect_numbers(empty({3}).cauchy_(0, 1, Generator(0)), {3},
                 {10.597729682922363, 0.7647672891616821, -0.12829934060573578}, ulps);
  expect_numbers(empty({3}).log_normal_(1, 2, Generator(0)), {3},
                 {59.2634162902832, 1.5115599632263184, 0.03481946140527725}, 100 * ulps);
}

TEST_F(RandomOps, InPlaceOfAViewDrawsForTheViewAlone) {
  Tensor base = zeros({3, 2});
  base.select(1, 0).exponential_();
  expect_numbers(base.select(1, 0).contiguous(), {3}, {3.508326292037964, 1.2303847074508667, 0.615044116973877}, ulps);
  EXPECT_TRUE(equal(base.select(1, 1), zeros({3})));
}

TEST_F(RandomOps, ALayoutIsNumberedAsPyTorchDoes) {
  expect_numbers(empty({3, 2}).t().uniform_(), {2, 3},
                 {0.49625658988952637, 0.08847743272781372, 0.30742281675338745, 0.7682217955589294,
                  0.13203048706054688, 0.6340786814689636});
}

TEST_F(RandomOps, LeavesThatRequireGrad) {
  EXPECT_TRUE(rand({2}, requires_grad()).requires_grad());
  EXPECT_TRUE(randn({2}, requires_grad()).is_leaf());
  EXPECT_FALSE(rand_like(ones({2}, requires_grad())).requires_grad());
  // What is overwritten no longer matters: its gradient is zero.
  const Tensor x = ones({3}, requires_grad());
  Tensor y = x * 2;
  y.normal_();
  (y * 3 + x).backward(ones({3}));
  EXPECT_TRUE(equal(x.grad(), ones({3})));
}

TEST_F(RandomOps, Misuse) {
  EXPECT_NE(error_of([] { randint(3, 3, {2}); }).find("random_ expects 'from' to be less than 'to'"),
            std::string::npos);
  EXPECT_NE(error_of([] { randperm(-1); }).find("n must be non-negative"), std::string::npos);
  EXPECT_NE(error_of([] { normal(0, -1, {2}); }).find("expects std >= 0.0, but found std -1"), std::string::npos);
  EXPECT_NE(error_of([] { bernoulli(ones({2}), 1.5); }).find("p to be in [0, 1], but got p=1.5"), std::string::npos);
  EXPECT_NE(error_of([] { multinomial(ones({2}), 3); }).find("without replacement"), std::string::npos);
  EXPECT_NE(error_of([] { ones({2}, requires_grad()).uniform_(); }).find("a leaf Variable that requires grad"),
            std::string::npos);
  gradus_tests::expect_words({
      {[] { ones({2}).exponential_(0); }, "exponential_ expects lambda > 0.0, but found lambda=0"},
      {[] { ones({2}).cauchy_(0, -1); }, "cauchy_ expects sigma > 0.0, but found sigma=-1"},
      {[] { ones({2}).log_normal_(0, 0); }, "log_normal_ expects std > 0.0, but found std=0"},
      {[] { ones({2}).geometric_(1); }, "geometric_ expects p to be in (0, 1), but got p=1"},
      {[] { ones({2}, kLong).exponential_(); },
       "Exponential distribution is a continuous probability distribution. dtype must be a floating point but you "
       "specified Long"},
      {[] { ones({2}, kLong).cauchy_(); }, "Cauchy distribution is a continuous probability distribution"},
      {[] { ones({2}, kBool).log_normal_(); }, "dtype must be a floating point but you specified Bool"},
      {[] { ones({2}, kBool).geometric_(0.5); }, "\"geometric_cpu\" not implemented for 'Bool'"},
      {[] { Tensor().exponential_(); }, "exponential_: expected a tensor, but got an undefined one"},
      {[] { Tensor().geometric_(0.5); }, "not implemented for 'an undefined tensor'"},
      {[] { poisson(tensor({-1.0})); }, "invalid Poisson rate, expected rate to be non-negative"},
      {[] { poisson(tensor({1})); }, "\"poisson_cpu\" not implemented for 'Long'"},
      {[] { poisson(Tensor()); }, "not implemented for 'an undefined tensor'"},
  });
  EXPECT_NE(error_of([] { rand({-1}); }).find("-1"), std::string::npos);
}

}  // namespace
