// AdamW alone, on 10 and on 100 million parameters in tensors of many sizes.
#include "workload.h"

namespace {

bench::Workload make(int64_t total) {
  std::vector<torch::Tensor> parameters;
  const std::vector<int64_t> sizes = {64, 64, 1000, 4096, 36'864, 262'144, 64, 589'824, 1'048'576, 10, 2'359'296};
  int64_t left = total;
  for (size_t i = 0; left > 0; ++i) {
    const int64_t n = std::min(left, sizes[i % sizes.size()]);
    parameters.push_back(torch::randn({n}).requires_grad_());
    parameters.back().mutable_grad() = torch::randn({n});
    left -= n;
  }
  auto optimizer = std::make_shared<torch::optim::AdamW>(parameters, torch::optim::AdamWOptions(1e-3));
  bench::Workload w;
  w.parameters = parameters;
  w.cost.update(total, 7);
  w.step = [=]() mutable {
    optimizer->step();
    return parameters[5];
  };
  return w;
}

const bool added = bench::add("adamw_10m", [] { return make(10'000'000); }) &&
                   bench::add("adamw_100m", [] { return make(100'000'000); });

}  // namespace
