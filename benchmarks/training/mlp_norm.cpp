// MLP 784-512-256-10 with BatchNorm and Dropout, batch 64 and 512, AdamW.
#include "workload.h"

namespace {

namespace nn = torch::nn;

bench::Workload make(int64_t n) {
  nn::Sequential net(nn::Linear(784, 512), nn::BatchNorm1d(512), nn::ReLU(), nn::Dropout(0.2),  //
                     nn::Linear(512, 256), nn::BatchNorm1d(256), nn::ReLU(), nn::Dropout(0.2),  //
                     nn::Linear(256, 10));
  torch::optim::AdamW optimizer(net->parameters(), torch::optim::AdamWOptions(1e-3));
  return bench::classifier(net, bench::classified({n, 784}), std::move(optimizer), 7,
                           bench::Cost().linear(n, 784, 512, 2).linear(n, 512, 256).linear(n, 256, 10));
}

const bool added = bench::add("mlp_norm_64", [] { return make(64); }) &&  //
                   bench::add("mlp_norm_512", [] { return make(512); });

}  // namespace
