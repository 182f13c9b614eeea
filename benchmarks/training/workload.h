// A workload: a model with its data, and a step over them. The sources say torch:: and are built twice, against gradus
// and against LibTorch.
#pragma once
#include <torch/torch.h>

#include <functional>
#include <string>
#include <vector>

#include "cost.h"

namespace bench {

struct Workload {
  std::function<torch::Tensor()> step;  // one whole step; gives its loss (or, in inference, its output)
  std::vector<std::shared_ptr<torch::nn::Module>> models;
  std::vector<torch::Tensor> parameters;
  Cost cost;
  int check_steps = 5;      // steps whose losses both sides must agree on
  int steps = 0;            // exactly so many timed steps; 0: as many as the time allows
  double tolerance = 1e-4;  // relative, on the last of these losses
};

using Make = std::function<Workload()>;

/// Called before main: makes a workload known under `name`.
bool add(const std::string& name, Make make);

/// Several batches made once and given in turn, so that no batch is learnt by heart.
class Batches {
 public:
  explicit Batches(const std::function<torch::data::Example<>()>& make, int count = 4) {
    for (int i = 0; i < count; ++i) batches_.push_back(make());
  }
  const torch::data::Example<>& next() { return batches_[at_++ % batches_.size()]; }

 private:
  std::vector<torch::data::Example<>> batches_;
  size_t at_ = 0;
};

/// Normal inputs of `shape` with classes 0 ... classes - 1.
inline Batches classified(std::vector<int64_t> shape, int64_t classes = 10) {
  return Batches([&] {
    auto x = torch::randn(shape);
    auto y = torch::randint(classes, {shape[0]}, torch::kLong);
    return torch::data::Example<>(x, y);
  });
}

/// Trains a classifier: forward, cross-entropy, backward, update. `floats`: see Cost::update.
template <class Net, class Optimizer>
Workload classifier(Net net, Batches batches, Optimizer optimizer, int floats, Cost cost) {
  Workload w;
  w.models = {net.ptr()};
  w.parameters = net->parameters();
  for (const auto& p : w.parameters) cost.update(p.numel(), floats);
  w.cost = cost;
  w.step = [net, data = std::make_shared<Batches>(std::move(batches)),
            optimizer = std::make_shared<Optimizer>(std::move(optimizer))]() mutable {
    const auto& batch = data->next();
    optimizer->zero_grad();
    auto loss = torch::nn::functional::cross_entropy(net->forward(batch.data), batch.target);
    loss.backward();
    optimizer->step();
    return loss;
  };
  return w;
}

}  // namespace bench
