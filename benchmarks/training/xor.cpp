// XOR: 2-4-1, batch 4, binary cross-entropy, SGD.
#include "workload.h"

namespace {

namespace nn = torch::nn;

bench::Workload make() {
  nn::Sequential net(nn::Linear(2, 4), nn::Sigmoid(), nn::Linear(4, 1), nn::Sigmoid());
  auto optimizer = std::make_shared<torch::optim::SGD>(net->parameters(), torch::optim::SGDOptions(0.5));
  const auto x = torch::tensor({0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 1.0}, torch::kFloat).view({4, 2});
  const auto y = torch::tensor({0.0, 1.0, 1.0, 0.0}, torch::kFloat).view({4, 1});
  bench::Workload w;
  w.models = {net.ptr()};
  w.parameters = net->parameters();
  w.cost.linear(4, 2, 4, 2).linear(4, 4, 1).update(17, 3);
  w.step = [=]() mutable {
    optimizer->zero_grad();
    auto loss = torch::binary_cross_entropy(net->forward(x), y);
    loss.backward();
    optimizer->step();
    return loss;
  };
  return w;
}

const bool added = bench::add("xor", make);

}  // namespace
