// Averages of a model's weights over the training: stochastic weight averaging, and exponential moving averages.
//
//   optim::swa_utils::AveragedModel<Net> average(net, {.multi_avg_fn = optim::swa_utils::get_ema_multi_avg_fn(0.99)});
//   for (...) { ...; optimizer.step(); average.update_parameters(net); }
//   average->eval();
//   average->forward(x);
//
// For the statistics of batch norm see nn/utils/update_bn.h.
#pragma once
#include <functional>
#include <memory>
#include <type_traits>

#include "gradus/optim/scheduler/swa_lr.h"
#include "gradus/tensor/state_dict.h"

namespace gradus::optim::swa_utils {

using optim::SWALR;

/// The new average of one tensor: of the average so far, the model's value, and how many values are in the average.
using AvgFn = std::function<Tensor(const Tensor& averaged, const Tensor& current, int64_t num_averaged)>;
/// The same for all tensors at once, in place.
using MultiAvgFn =
    std::function<void(const std::vector<Tensor>& averaged, const std::vector<Tensor>& current, int64_t num_averaged)>;

/// averaged + (current - averaged) / (num_averaged + 1): the plain mean.
AvgFn get_swa_avg_fn();
MultiAvgFn get_swa_multi_avg_fn();
/// decay averaged + (1 - decay) current; throws unless 0 <= decay <= 1.
AvgFn get_ema_avg_fn(double decay = 0.999);
MultiAvgFn get_ema_multi_avg_fn(double decay = 0.999);

/// How to average; the plain mean if neither function is given, an error if both are. use_buffers: buffers are averaged
/// too, instead of copied.
struct AveragedModelOptions {
  AvgFn avg_fn = nullptr;
  MultiAvgFn multi_avg_fn = nullptr;
  bool use_buffers = false;
};

/// One update of `averaged`, the average of num_averaged values so far, by `current`; without any it copies. Floating
/// point tensors are averaged in one pass over memory unless there is a function for it.
void update_average(const AveragedModelOptions& options, int64_t num_averaged, const std::vector<Tensor>& averaged,
                    const std::vector<Tensor>& current);

/// A copy of a model whose weights are the average of those it has been given. Model is a module holder (Net) or a
/// shared_ptr; the module must be able to clone itself. The first update copies.
/// https://pytorch.org/docs/stable/generated/torch.optim.swa_utils.AveragedModel.html
template <class Model>
class AveragedModel {
  using Impl = std::remove_cvref_t<decltype(*std::declval<Model&>())>;

 public:
  explicit AveragedModel(const Model& model, AveragedModelOptions options = {})
      : module_(std::dynamic_pointer_cast<Impl>(model->clone())), options_(std::move(options)) {
    check(!options_.avg_fn || !options_.multi_avg_fn, "Only one of avg_fn and multi_avg_fn should be provided");
  }

  void update_parameters(const Model& model) {
    std::vector<Tensor> averaged = module_->parameters(), current = model->parameters();
    const std::vector<Tensor> buffers = module_->buffers(), from = model->buffers();
    if (options_.use_buffers) {
      averaged.insert(averaged.end(), buffers.begin(), buffers.end());
      current.insert(current.end(), from.begin(), from.end());
    }
    update_average(options_, n_averaged_, averaged, current);
    if (!options_.use_buffers) update_average(options_, 0, buffers, from);
    ++n_averaged_;
  }
  /// How many models are in the average.
  int64_t n_averaged() const { return n_averaged_; }

  Model& module() { return module_; }
  const Model& module() const { return module_; }
  Impl* operator->() { return &*module_; }
  Impl& operator*() { return *module_; }
  template <class... Args>
  auto forward(Args&&... args) {
    return module_->forward(std::forward<Args>(args)...);
  }

  /// "n_averaged", and the state of the module under "module.".
  StateDict state_dict() const {
    StateDict state;
    optim::detail::save_number(state, "n_averaged", n_averaged_);
    for (const auto& item : module_->state_dict()) state.insert("module." + item.key(), item.value());
    return state;
  }
  /// Throws, and changes nothing, if it does not fit.
  void load_state_dict(const StateDict& state) {
    const int64_t n = optim::detail::load_int(state, "n_averaged");
    StateDict inner;
    const std::string prefix = "module.";
    for (const auto& item : state)
      if (item.key().starts_with(prefix)) inner.insert(item.key().substr(prefix.size()), item.value());
    module_->load_state_dict(inner);
    n_averaged_ = n;
  }

 private:
  Model module_;
  AveragedModelOptions options_;
  int64_t n_averaged_ = 0;
};

}  // namespace gradus::optim::swa_utils
