// Inference of the MLP 784-512-256-10 at batch 1.
#include "workload.h"

namespace {

namespace nn = torch::nn;

bench::Workload make() {
  nn::Sequential net(nn::Linear(784, 512), nn::ReLU(), nn::Linear(512, 256), nn::ReLU(), nn::Linear(256, 10));
  net->eval();
  const auto x = torch::randn({1, 784});
  bench::Workload w;
  w.parameters = net->parameters();
  w.cost.linear(1, 784, 512, 1).linear(1, 512, 256, 1).linear(1, 256, 10, 1);
  w.step = [=]() mutable {
    torch::NoGradGuard no_grad;
    return net->forward(x);
  };
  return w;
}

const bool added = bench::add("infer_mlp_1", make);

}  // namespace
