// Modules and optimizers in float16 and bfloat16: a network trains, what it has takes the type, and a step is
// float32's, rounded.
#include <gtest/gtest.h>

#include "gradus/gradus.h"

using namespace gradus;

namespace {

nn::Sequential network() {
  manual_seed(3);
  return nn::Sequential(nn::Conv2d(1, 4, 3), nn::BatchNorm2d(4), nn::ReLU(), nn::MaxPool2d(2), nn::Flatten(),
                        nn::LayerNorm(nn::LayerNormOptions({36})), nn::Linear(36, 10));
}

// The same values in float32.
std::vector<Tensor> wide(const std::vector<Tensor>& from) {
  std::vector<Tensor> r;
  for (const Tensor& t : from) r.push_back(t.detach().to(kFloat).requires_grad_());
  return r;
}

class NarrowTypes : public testing::TestWithParam<ScalarType> {};

TEST_P(NarrowTypes, ANetworkTrains) {
  const ScalarType type = GetParam();
  nn::Sequential net = network();
  net->to(type);
  for (const Tensor& p : net->parameters()) EXPECT_EQ(p.scalar_type(), type);
  for (const auto& b : net->named_buffers())
    EXPECT_EQ(b.value().scalar_type(), b.key().ends_with("tracked") ? kLong : type) << b.key();
  const Tensor x = randn({16, 1, 8, 8}).to(type), target = randint(0, 10, {16});
  optim::Adam optimizer(net->parameters(), optim::AdamOptions(0.01).eps(1e-4));
  double first = 0, last = 0;
  for (int step = 0; step < 15; ++step) {
    optimizer.zero_grad();
    const Tensor y = net->forward(x);
    EXPECT_EQ(y.scalar_type(), type);
    const Tensor loss = nn::functional::cross_entropy(y, target);
    EXPECT_EQ(loss.scalar_type(), type);
    loss.backward();
    optimizer.step();
    last = loss.item<double>();
    if (step == 0) first = last;
  }
  for (const Tensor& p : net->parameters()) {
    EXPECT_EQ(p.scalar_type(), type);
    EXPECT_EQ(p.grad().scalar_type(), type);
  }
  EXPECT_LT(last, 0.5 * first);
}

TEST_P(NarrowTypes, ALossAndItsGradientsAreThoseOfFloat32) {
  const ScalarType type = GetParam();
  nn::Sequential narrow = network(), full = network();
  narrow->to(type);
  {
    NoGradGuard off;
    for (size_t i = 0; i < full->parameters().size(); ++i) full->parameters()[i].copy_(narrow->parameters()[i]);
  }
  const Tensor x = randn({16, 1, 8, 8}).to(type), target = randint(0, 10, {16});
  auto loss = [&](nn::Sequential& net, const Tensor& in) {
    Tensor l = nn::functional::cross_entropy(net->forward(in), target);
    l.backward();
    return l.item<double>();
  };
  const double unit = type == kHalf ? 0x1p-10 : 0x1p-7;
  EXPECT_NEAR(loss(narrow, x), loss(full, x.to(kFloat)), 4 * unit);
  for (size_t i = 0; i < full->parameters().size(); ++i) {
    const Tensor want = full->parameters()[i].grad(), got = narrow->parameters()[i].grad().to(kFloat);
    // What the layers between round adds up; a wrong formula would be off by the whole. The gradient of the bias before
    // batch_norm is zero.
    EXPECT_LT((got - want).norm().item<double>(), 24 * unit * want.norm().item<double>() + unit / 4) << i;
  }
  const Tensor want = full->named_buffers()["1.running_var"], got = narrow->named_buffers()["1.running_var"];
  EXPECT_LT((got.to(kFloat) - want).abs().max().item<double>(), 2 * unit);
}

template <class O, class Options>
void expect_rounded_steps(ScalarType type, const Options& options) {
  for (int64_t n : {1, 37, 5000}) {
    std::vector<Tensor> narrow{(sin(arange(n)) * 2).to(type).requires_grad_(), tensor({0.5}, type).requires_grad_()};
    O optimizer(narrow, options);
    for (int step = 0; step < 3; ++step) {
      // The first step has no history: float32 from the same numbers must round to the same ones.
      std::vector<Tensor> full = wide(narrow);
      O exact(full, options);
      for (size_t i = 0; i < 2; ++i) {
        narrow[i].mutable_grad() = cos(arange(narrow[i].numel()) + step).to(type);
        full[i].mutable_grad() = narrow[i].grad().to(kFloat);
      }
      optimizer.step();
      exact.step();
      for (size_t i = 0; i < 2; ++i) {
        EXPECT_EQ(narrow[i].scalar_type(), type);
        if (step == 0) {
          EXPECT_TRUE(equal(narrow[i], full[i].to(type))) << n;
        }
        EXPECT_TRUE(narrow[i].isfinite().all().item<bool>());
      }
    }
  }
}

TEST_P(NarrowTypes, OptimizersStepInFloat32AndRoundOnce) {
  const ScalarType type = GetParam();
  expect_rounded_steps<optim::SGD>(type, optim::SGDOptions(0.1));
  expect_rounded_steps<optim::SGD>(type, optim::SGDOptions(0.1).momentum(0.9).weight_decay(0.01).nesterov(true));
  expect_rounded_steps<optim::Adam>(type, optim::AdamOptions(0.05).amsgrad(true));
  expect_rounded_steps<optim::AdamW>(type, optim::AdamWOptions(0.05));
  expect_rounded_steps<optim::RMSprop>(type, optim::RMSpropOptions(0.05).centered(true).momentum(0.5));
  expect_rounded_steps<optim::Adagrad>(type, optim::AdagradOptions(0.05));
}

INSTANTIATE_TEST_SUITE_P(Types, NarrowTypes, testing::Values(kHalf, kBFloat16),
                         [](const auto& info) { return std::string(name(info.param)); });

}  // namespace
