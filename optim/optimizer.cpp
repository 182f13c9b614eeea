#include "gradus/optim/optimizer.h"

#include "gradus/autograd/grad_mode.h"
#include "gradus/autograd/ops/copy.h"
#include "gradus/tensor/archive.h"
#include "gradus/tensor/factories.h"

namespace gradus::optim {

std::unique_ptr<OptimizerParamState> OptimizerParamState::clone() const {
  fail(
      "clone() has not been implemented for torch::optim::OptimizerParamState. Subclass "
      "torch::optim::OptimizerCloneableParamState<YourOptimizerParamState> instead of "
      "torch::optim::OptimizerParamState to inherit the ability to clone.");
}
void OptimizerParamState::save(StateDict&, const std::string&) const {
  fail("Optimizer::state_dict: the optimizer's state has no save(); override it");
}
void OptimizerParamState::load(const StateDict&, const std::string&, const Tensor&) {
  fail("Optimizer::load_state_dict: the optimizer's state has no load(); override it");
}

void OptimizerParamState::serialize(serialize::OutputArchive&) const {
  fail(
      "void serialize(torch::serialize::OutputArchive& archive) const has not been implemented for "
      "torch::optim::OptimizerParamState. "
      "You must override it in your subclass of torch::optim::OptimizerCloneableParamState<YourOptimizerParamState>.");
}
void OptimizerParamState::serialize(serialize::InputArchive&) {
  fail(
      "void serialize(torch::serialize::InputArchive& archive) has not been implemented for "
      "torch::optim::OptimizerParamState. "
      "You must override it in your subclass of torch::optim::OptimizerCloneableParamState<YourOptimizerParamState>.");
}

std::unique_ptr<OptimizerOptions> OptimizerOptions::clone() const {
  fail(
      "clone() has not been implemented for torch::optim::OptimizerOptions. Subclass "
      "torch::optim::OptimizerCloneableOptions<YourOptimizerOptions> instead of torch::optim::OptimizerOptions to "
      "inherit the ability to clone.");
}
double OptimizerOptions::get_lr() const {
  fail(
      "double get_lr() has not been overridden and implemented in subclass of torch::optim::OptimizerOptions, you must "
      "override it in your subclass.");
}
void OptimizerOptions::set_lr(double) {
  fail(
      "double set_lr() has not been overridden and implemented in subclass of torch::optim::OptimizerOptions, you must "
      "override it in your subclass.");
}
std::optional<double> OptimizerOptions::get_momentum() const { return std::nullopt; }
void OptimizerOptions::set_momentum(double) { fail("set_momentum: these options have no momentum"); }
void OptimizerOptions::save(StateDict&, const std::string&) const {}
void OptimizerOptions::load(const StateDict&, const std::string&) {}
void OptimizerOptions::serialize(serialize::OutputArchive&) const {
  fail(
      "void serialize(torch::serialize::OutputArchive& archive) const has not been implemented for "
      "torch::optim::OptimizerOptions. "
      "You must override it in your subclass of torch::optim::OptimizerCloneableOptions<YourOptimizerOptions>.");
}
void OptimizerOptions::serialize(serialize::InputArchive&) {
  fail(
      "void serialize(torch::serialize::InputArchive& archive) has not been implemented for "
      "torch::optim::OptimizerOptions. "
      "You must override it in your subclass of torch::optim::OptimizerCloneableOptions<YourOptimizerOptions>.");
}
void OptimizerOptions::inherit(const OptimizerOptions&) {}

OptimizerParamGroup::OptimizerParamGroup(const OptimizerParamGroup& o)
    : params_(o.params_), options_(o.options_ ? o.options_->clone() : nullptr), initial_lr_(o.initial_lr_) {}

OptimizerOptions& OptimizerParamGroup::options() {
  check(has_options(), "Cannot call options() on an OptimizerParamGroup without options");
  return *options_;
}
const OptimizerOptions& OptimizerParamGroup::options() const {
  return const_cast<OptimizerParamGroup*>(this)->options();
}

Optimizer::Optimizer(const std::vector<OptimizerParamGroup>& groups, std::unique_ptr<OptimizerOptions> defaults)
    : defaults_(std::move(defaults)) {
  for (const OptimizerParamGroup& g : groups) add_param_group(g);
}
Optimizer::Optimizer(std::vector<Tensor> parameters, std::unique_ptr<OptimizerOptions> defaults)
    : Optimizer(std::vector{OptimizerParamGroup(std::move(parameters))}, std::move(defaults)) {}
Optimizer::~Optimizer() = default;

void Optimizer::add_param_group(const OptimizerParamGroup& group) {
  for (size_t i = 0; i < group.params().size(); ++i) {
    const Tensor& p = group.params()[i];
    check(p.defined(), "optimizer: expected defined parameters, got an undefined one");
    check(p.is_leaf(), "can't optimize a non-leaf Tensor");
    for (const OptimizerParamGroup& g : param_groups_)
      for (const Tensor& q : g.params())
        check(!p.is_same(q), "some parameters appear in more than one parameter group");
    for (size_t j = 0; j < i; ++j)
      check(!p.is_same(group.params()[j]), "some parameters appear in more than one parameter group");
  }
  OptimizerParamGroup own(group);
  if (own.has_options())
    own.options().inherit(*defaults_);
  else
    own.set_options(defaults_->clone());
  param_groups_.push_back(std::move(own));
}

void Optimizer::zero_grad(bool set_to_none) {
  for (OptimizerParamGroup& group : param_groups_) {
    for (const Tensor& p : group.params()) {
      if (!p.grad().defined()) continue;
      if (set_to_none) {
        p.mutable_grad().reset();
      } else {
        p.mutable_grad() = p.grad().detach();
        p.grad().zero_();
      }
    }
  }
}

size_t Optimizer::size() const noexcept {
  size_t n = 0;
  for (const OptimizerParamGroup& g : param_groups_) n += g.params().size();
  return n;
}

void Optimizer::add_parameters(const std::vector<Tensor>& parameters) {
  auto& own = param_groups_.at(0).params();
  own.insert(own.end(), parameters.begin(), parameters.end());
}

Tensor Optimizer::evaluate(const LossClosure& closure) {
  if (!closure) return {};
  EnableGradGuard recording;
  return closure();
}

std::unique_ptr<OptimizerParamState> Optimizer::make_state() const {
  fail("Optimizer::load_state_dict: the optimizer has no make_state(); override it");
}

StateDict Optimizer::state_dict() const {
  StateDict d;
  int64_t index = 0;
  for (size_t g = 0; g < param_groups_.size(); ++g) {
    const std::string group = "param_groups." + std::to_string(g) + ".";
    const auto count = static_cast<int64_t>(param_groups_[g].params().size());
    d.insert(group + "params", arange(index, index + count));
    param_groups_[g].options().save(d, group);
    if (const auto lr = param_groups_[g].initial_lr()) d.insert(group + "initial_lr", scalar_tensor(*lr, kDouble));
    for (const Tensor& p : param_groups_[g].params()) {
      const auto it = state_.find(p.unsafeGetTensorImpl());
      if (it != state_.end()) it->second->save(d, "state." + std::to_string(index) + ".");
      ++index;
    }
  }
  return d;
}

void Optimizer::load_state_dict(const StateDict& d) {
  const std::string count = "param_groups." + std::to_string(param_groups_.size()) + ".params";
  check(!d.contains(count) && (param_groups_.empty() ||
                               d.contains("param_groups." + std::to_string(param_groups_.size() - 1) + ".params")),
        "loaded state dict has a different number of parameter groups, expected ", param_groups_.size());
  std::vector<OptimizerParamGroup> groups = param_groups_;
  State state;
  int64_t index = 0;
  for (size_t g = 0; g < groups.size(); ++g) {
    const std::string group = "param_groups." + std::to_string(g) + ".";
    check(d[group + "params"].numel() == static_cast<int64_t>(groups[g].params().size()),
          "loaded state dict contains a parameter group that doesn't match the size of optimizer's group, got ",
          d[group + "params"].numel(), " and ", groups[g].params().size(), " parameters");
    groups[g].options().load(d, group);
    if (const Tensor* lr = d.find(group + "initial_lr")) groups[g].set_initial_lr(lr->item<double>());
    for (const Tensor& p : groups[g].params()) {
      const std::string prefix = "state." + std::to_string(index++) + ".";
      bool any = false;
      for (const auto& item : d) any = any || item.key().compare(0, prefix.size(), prefix) == 0;
      if (!any) continue;
      auto own = make_state();
      own->load(d, prefix, p);
      state[p.unsafeGetTensorImpl()] = std::move(own);
    }
  }
  param_groups_ = std::move(groups);
  state_ = std::move(state);
}

void Optimizer::save(serialize::OutputArchive& archive) const { write_state_dict(archive, state_dict()); }
void Optimizer::load(serialize::InputArchive& archive) { load_state_dict(read_state_dict(archive)); }

serialize::OutputArchive& operator<<(serialize::OutputArchive& archive, const Optimizer& optimizer) {
  optimizer.save(archive);
  return archive;
}
serialize::InputArchive& operator>>(serialize::InputArchive& archive, Optimizer& optimizer) {
  optimizer.load(archive);
  return archive;
}

}  // namespace gradus::optim
