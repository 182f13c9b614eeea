// The running statistics of batch norm for weights that no training has seen, such as averages.
#pragma once
#include <optional>
#include <utility>
#include <vector>

#include "gradus/autograd/grad_mode.h"
#include "gradus/nn/norm.h"

namespace gradus::nn::utils {

/// Sets the running statistics of every batch norm in `model` to their plain mean over one pass through `loader`. The
/// model is a holder or a pointer; a batch is a tensor, or has the input as its `data`. Whether the model trains and
/// the momenta stay as they are. https://pytorch.org/docs/stable/generated/torch.optim.swa_utils.update_bn.html
template <class Loader, class Model>
void update_bn(Loader&& loader, Model&& model) {
  NoGradGuard no_grad;
  struct Restore {
    Model& model;
    bool training;
    std::vector<std::pair<BatchNormOptions*, std::optional<double>>> momenta;
    ~Restore() {
      for (auto& [options, momentum] : momenta) options->momentum(momentum);
      model->train(training);
    }
  } before{model, model->is_training(), {}};
  auto begin = [&](auto* norm) {
    if (!norm) return;
    norm->reset_running_stats();
    before.momenta.emplace_back(&norm->options, norm->options.momentum());
    norm->options.momentum(std::nullopt);
  };
  for (const auto& m : model->modules()) {
    begin(m->template as<BatchNorm1dImpl>());
    begin(m->template as<BatchNorm2dImpl>());
  }
  if (before.momenta.empty()) return;
  model->train();
  for (auto& batch : loader) {
    if constexpr (requires { batch.data.sizes(); })
      model->forward(batch.data);
    else
      model->forward(batch);
  }
}

}  // namespace gradus::nn::utils
