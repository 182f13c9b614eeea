// Memory over 100 epochs in which every batch has another size: a step is one epoch, over 2048 samples cut at random.
// The network is LeNet's first half with an MLP behind, so that convolutions, pooling and products all see new sizes.
#include "workload.h"

namespace {

namespace nn = torch::nn;

bench::Workload make() {
  constexpr int64_t samples = 2048;
  nn::Sequential net(nn::Conv2d(nn::Conv2dOptions(1, 6, 5).padding(2)), nn::ReLU(),
                     nn::MaxPool2d(nn::MaxPool2dOptions(2)), nn::Flatten(), nn::Linear(1176, 64), nn::ReLU(),
                     nn::Linear(64, 10));
  auto optimizer = std::make_shared<torch::optim::SGD>(net->parameters(), torch::optim::SGDOptions(0.01));
  const auto x = torch::randn({samples, 1, 28, 28});
  const auto y = torch::randint(10, {samples}, torch::kLong);
  bench::Workload w;
  w.models = {net.ptr()};
  w.parameters = net->parameters();
  w.cost.conv(samples, 1, 6, 5, 28, 28, 2).linear(samples, 1176, 64).linear(samples, 64, 10);
  w.check_steps = 1;
  w.tolerance = 1e-3;
  w.steps = 100;
  w.step = [=]() mutable {
    torch::Tensor loss;
    for (int64_t at = 0; at < samples;) {
      const int64_t n = std::min(samples - at, torch::randint(1, 257, {1}, torch::kLong).item<int64_t>());
      optimizer->zero_grad();
      loss = nn::functional::cross_entropy(net->forward(x.narrow(0, at, n)), y.narrow(0, at, n));
      loss.backward();
      optimizer->step();
      at += n;
    }
    return loss;
  };
  return w;
}

const bool added = bench::add("epochs", make);

}  // namespace
