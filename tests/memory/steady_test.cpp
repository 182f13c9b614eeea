// A training step that has run before asks for no memory: neither gradus's allocator the system, nor anything operator
// new. What oneDNN does inside its own calls is counted apart, and bounded.
#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "gradus/gradus.h"
#include "gradus/tensor/sanitizer.h"
#include "gradus/tests/memory/refusal.h"

using namespace gradus;
namespace nn = gradus::nn;

namespace {

nn::Sequential perceptron() { return nn::Sequential(nn::Linear(784, 64), nn::ReLU(), nn::Linear(64, 10)); }

nn::Sequential normalized() {
  return nn::Sequential(nn::Linear(784, 128), nn::BatchNorm1d(128), nn::ReLU(), nn::Dropout(0.2), nn::Linear(128, 64),
                        nn::LayerNorm(nn::LayerNormOptions({64})), nn::GELU(), nn::Linear(64, 10));
}

nn::Sequential lenet() {
  return nn::Sequential(nn::Unflatten(nn::UnflattenOptions(1, {1, 28, 28})),
                        nn::Conv2d(nn::Conv2dOptions(1, 6, 5).padding(2)), nn::ReLU(),
                        nn::MaxPool2d(nn::MaxPool2dOptions(2)), nn::Conv2d(nn::Conv2dOptions(6, 16, 5)), nn::ReLU(),
                        nn::MaxPool2d(nn::MaxPool2dOptions(2)), nn::Flatten(), nn::Linear(400, 10));
}

struct Made {
  int64_t of_system, of_new, of_libraries;
};

/// What 20 steps ask for, after as many as it takes to have compiled and cached everything.
template <class Optimizer>
Made twenty_steps(nn::Sequential net, Optimizer optimizer) {
  manual_seed(3);
  const Tensor x = randn({64, 784}), y = randint(0, 10, {64}, kLong);
  const std::vector<Tensor> parameters = net->parameters();
  const auto steps = [&](int n) {
    for (int i = 0; i < n; ++i) {
      optimizer.zero_grad();
      const Tensor loss = cross_entropy_loss(net->forward(x), y);
      loss.backward();
      nn::utils::clip_grad_norm_(parameters, 1.0);
      optimizer.step();
    }
  };
  steps(10);
  // How many threads have met inside a kernel, each with working memory and handles of its own, is a matter of time.
  Made made{};
  for (int round = 0; round < 10; ++round) {
    const int64_t before = memory_stats().system_calls;
    const memory_tests::CountedCalls calls;
    steps(20);
    made = {memory_stats().system_calls - before, calls.ours(), calls.of_libraries()};
    if (made.of_system == 0 && made.of_new == 0) break;
  }
  return made;
}

template <class Make>
void expect_none(const char* name, const Make& make) {
  for (auto model : {perceptron, normalized, lenet}) {
    nn::Sequential net = model();
    const Made made = twenty_steps(net, make(net->parameters()));
    if (!address_sanitizer) {  // which sees every block come and go
      EXPECT_EQ(made.of_system, 0) << name << " of " << net;
    }
    EXPECT_EQ(made.of_new, 0) << name << " of " << net;
    EXPECT_LE(made.of_libraries, 20 * 20) << name << " of " << net;
  }
}

using Parameters = std::vector<Tensor>;

TEST(Steady, StepsAskForNoMemory) {
  if (thread_sanitizer) GTEST_SKIP() << "whose operator new does not count";
  expect_none("SGD", [](const Parameters& p) { return optim::SGD(p, optim::SGDOptions(0.01).momentum(0.9)); });
  expect_none("AdamW", [](const Parameters& p) { return optim::AdamW(p, optim::AdamWOptions(1e-3)); });
  expect_none("Adam", [](const Parameters& p) { return optim::Adam(p, optim::AdamOptions(1e-3).amsgrad(true)); });
  expect_none("RMSprop", [](const Parameters& p) { return optim::RMSprop(p, optim::RMSpropOptions(1e-3)); });
}

TEST(Steady, CountingSeesWhatIsThere) {
  if (thread_sanitizer) GTEST_SKIP() << "whose operator new does not count";
  const memory_tests::CountedCalls calls;
  const auto p = std::make_unique<std::vector<int>>(100);
  EXPECT_EQ(calls.ours(), 2);
  EXPECT_EQ(p->size(), 100u);
}

}  // namespace
