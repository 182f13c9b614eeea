// LeNet on 28 x 28 images, batch 64, SGD with momentum.
#include "workload.h"

namespace {

namespace nn = torch::nn;

nn::Sequential lenet() {
  return nn::Sequential(nn::Conv2d(nn::Conv2dOptions(1, 6, 5).padding(2)), nn::ReLU(),
                        nn::MaxPool2d(nn::MaxPool2dOptions(2)),  //
                        nn::Conv2d(nn::Conv2dOptions(6, 16, 5)), nn::ReLU(),
                        nn::MaxPool2d(nn::MaxPool2dOptions(2)),  //
                        nn::Flatten(), nn::Linear(400, 120), nn::ReLU(), nn::Linear(120, 84), nn::ReLU(),
                        nn::Linear(84, 10));
}

bench::Cost cost(int64_t n, int first, int times) {
  return bench::Cost()
      .conv(n, 1, 6, 5, 28, 28, first)
      .conv(n, 6, 16, 5, 10, 10, times)
      .linear(n, 400, 120, times)
      .linear(n, 120, 84, times)
      .linear(n, 84, 10, times);
}

bench::Workload train() {
  auto net = lenet();
  torch::optim::SGD optimizer(net->parameters(), torch::optim::SGDOptions(0.01).momentum(0.9));
  return bench::classifier(net, bench::classified({64, 1, 28, 28}), std::move(optimizer), 5, cost(64, 2, 3));
}

bench::Workload infer() {
  auto net = lenet();
  net->eval();
  const auto x = torch::randn({1, 1, 28, 28});
  bench::Workload w;
  w.parameters = net->parameters();
  w.cost = cost(1, 1, 1);
  w.step = [=]() mutable {
    torch::NoGradGuard no_grad;
    return net->forward(x);
  };
  return w;
}

const bool added = bench::add("lenet_64", train) && bench::add("infer_lenet_1", infer);

}  // namespace
