// The same weights, bit for bit: on any number of threads where that was asked for, and with the same number in any
// mode.
#include <gtest/gtest.h>

#include "gradus/gradus.h"
#include "gradus/tensor/platform.h"

using namespace gradus;

namespace {

/// Sets the number of threads and the mode while it lives.
struct Setting {
  int threads = get_num_threads();
  Setting(int n, bool deterministic) {
    set_num_threads(n);
    use_deterministic_algorithms(deterministic);
  }
  ~Setting() {
    set_num_threads(threads);
    use_deterministic_algorithms(false);
  }
};

nn::Sequential perceptron() {
  return nn::Sequential(nn::Flatten(), nn::Linear(784, 512), nn::BatchNorm1d(512), nn::ReLU(), nn::Dropout(0.2),
                        nn::Linear(512, 64), nn::ReLU(), nn::Linear(64, 10));
}

nn::Sequential lenet() {
  return nn::Sequential(nn::Conv2d(nn::Conv2dOptions(1, 6, 5).padding(2)), nn::ReLU(),
                        nn::MaxPool2d(nn::MaxPool2dOptions(2)), nn::Conv2d(nn::Conv2dOptions(6, 16, 5)), nn::ReLU(),
                        nn::MaxPool2d(nn::MaxPool2dOptions(2)), nn::Conv2d(nn::Conv2dOptions(16, 24, 3).stride(2)),
                        nn::ReLU(), nn::Flatten(), nn::Linear(96, 84), nn::ReLU(), nn::Linear(84, 10));
}

std::vector<Tensor> trained(nn::Sequential (*make)(), int64_t steps) {
  manual_seed(11);
  nn::Sequential net = make();
  const Tensor x = randn({64, 1, 28, 28}), y = randint(0, 10, {64}, kLong);
  optim::SGD optimizer(net->parameters(), optim::SGDOptions(0.01).momentum(0.9));
  for (int64_t i = 0; i < steps; ++i) {
    optimizer.zero_grad();
    cross_entropy_loss(net->forward(x), y).backward();
    optimizer.step();
  }
  return net->parameters();
}

std::vector<Tensor> trained(nn::Sequential (*make)(), int64_t steps, int threads, bool deterministic) {
  const Setting setting(threads, deterministic);
  return trained(make, steps);
}

void expect_equal(const std::vector<Tensor>& a, const std::vector<Tensor>& b, const char* what) {
  ASSERT_EQ(a.size(), b.size());
  for (size_t i = 0; i < a.size(); ++i) EXPECT_TRUE(equal(a[i], b[i])) << what << ", parameter " << i;
}

void expect_one_result(int64_t steps) {
  for (auto make : {perceptron, lenet}) {
    const auto one = trained(make, steps, 1, true);
    expect_equal(trained(make, steps, 2, true), one, "two threads");
    expect_equal(trained(make, steps, 3, true), one, "three threads");
    const auto first = trained(make, steps, 2, false);
    expect_equal(trained(make, steps, 2, false), first, "again in any mode");
  }
}

TEST(Deterministic, FewSteps) { expect_one_result(3); }

TEST(DeterministicLong, TwoHundredSteps) { expect_one_result(200); }

TEST(Deterministic, IsSetByAllNames) {
  EXPECT_FALSE(are_deterministic_algorithms_enabled());
  globalContext().setDeterministicAlgorithms(true, true);
  EXPECT_TRUE(are_deterministic_algorithms_enabled());
  EXPECT_TRUE(is_deterministic_algorithms_warn_only_enabled());
  use_deterministic_algorithms(false);
  EXPECT_FALSE(globalContext().deterministicAlgorithms());
  EXPECT_FALSE(globalContext().deterministicAlgorithmsWarnOnly());
}

// Products and convolutions that are cut into pieces are still what they are.
TEST(Deterministic, PiecesMakeTheWhole) {
  manual_seed(5);
  const Tensor a = randn({1000, 300}), b = randn({300, 500}), bias = randn({500});
  const Tensor tall = randn({3, 700, 40}), wide = randn({3, 40, 900});
  const Tensor x = randn({33, 16, 20, 20}), w = randn({24, 8, 3, 3}), shift = randn({24});
  const auto results = [&] {
    std::vector<Tensor> r = {matmul(a, b), matmul(b.t(), a.t()), addmm(bias, a, b), matmul(tall, wide),
                             matmul(tall.transpose(1, 2), tall)};
    const Tensor in = x.detach().requires_grad_(), weight = w.detach().requires_grad_(),
                 off = shift.detach().requires_grad_();
    const Tensor y = conv2d(in, weight, off, 1, 1, 1, 2);
    r.push_back(y.detach());
    for (const Tensor& g : autograd::grad({y}, {in, weight, off}, {y.detach().sin()})) r.push_back(g);
    return r;
  };
  std::vector<Tensor> plain, one, three;
  {
    const Setting setting(2, false);
    plain = results();
  }
  {
    const Setting setting(1, true);
    one = results();
  }
  {
    const Setting setting(3, true);
    three = results();
  }
  expect_equal(three, one, "three threads");
  for (size_t i = 0; i < one.size(); ++i) EXPECT_TRUE(allclose(one[i], plain[i], 1e-4, 1e-3)) << i;
}

}  // namespace
