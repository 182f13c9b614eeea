// MLP 784-64-10, batch 64, SGD.
#include "workload.h"

namespace {

namespace nn = torch::nn;

bench::Workload make() {
  nn::Sequential net(nn::Linear(784, 64), nn::ReLU(), nn::Linear(64, 10));
  torch::optim::SGD optimizer(net->parameters(), torch::optim::SGDOptions(0.01));
  return bench::classifier(net, bench::classified({64, 784}), std::move(optimizer), 3,
                           bench::Cost().linear(64, 784, 64, 2).linear(64, 64, 10));
}

const bool added = bench::add("mlp_64", make);

}  // namespace
