#include "gradus/optim/scheduler/lr_scheduler.h"

#include "gradus/autograd/ops/copy.h"
#include "gradus/autograd/ops/shape.h"
#include "gradus/tensor/factories.h"
#include "gradus/tensor/literal.h"

namespace gradus::optim {

LRScheduler::LRScheduler(Optimizer& optimizer, int64_t last_epoch) : optimizer_(optimizer), epoch_(last_epoch + 1) {
  check(last_epoch >= -1, "LRScheduler: expected a last_epoch of at least -1, got ", last_epoch);
  auto& groups = optimizer.param_groups();
  for (size_t i = 0; i < groups.size(); ++i) {
    check(last_epoch == -1 || groups[i].initial_lr(), "param 'initial_lr' is not specified in param_groups[", i,
          "] when resuming scheduler with last_epoch >= 0; load the optimizer's state first");
    if (!groups[i].initial_lr()) groups[i].set_initial_lr(groups[i].options().get_lr());
    base_lrs_.push_back(*groups[i].initial_lr());
  }
}

void LRScheduler::start() {
  is_initial_ = true;
  set_optimizer_lrs(get_lrs());
  is_initial_ = false;
}

void LRScheduler::step() {
  ++epoch_;
  set_optimizer_lrs(get_lrs());
}

void LRScheduler::jump(int64_t epoch) {
  epoch_ = epoch;
  set_optimizer_lrs(get_closed_form_lrs());
}

std::vector<double> LRScheduler::get_current_lrs() const {
  std::vector<double> lrs;
  for (const OptimizerParamGroup& g : optimizer_.param_groups()) lrs.push_back(g.options().get_lr());
  return lrs;
}

void LRScheduler::set_optimizer_lrs(const std::vector<double>& lrs) {
  auto& groups = optimizer_.param_groups();
  check(lrs.size() == groups.size() && lrs.size() == base_lrs_.size(),
        "Number of learning rates not equal to the number of param groups, got ", lrs.size(), " and ", groups.size());
  for (size_t i = 0; i < lrs.size(); ++i) groups[i].options().set_lr(lrs[i]);
  last_lrs_ = lrs;
}

StateDict LRScheduler::state_dict() const {
  StateDict state;
  save(state, "");
  return state;
}

void LRScheduler::load_state_dict(const StateDict& state) {
  const StateDict before = state_dict();
  try {
    load(state, "");
  } catch (...) {
    load(before, "");
    throw;
  }
}

void LRScheduler::save(StateDict& state, const std::string& prefix) const {
  detail::save_number(state, prefix + "last_epoch", epoch_);
  detail::save_numbers(state, prefix + "base_lrs", base_lrs_);
  detail::save_numbers(state, prefix + "last_lr", last_lrs_);
}

void LRScheduler::load(const StateDict& state, const std::string& prefix) {
  epoch_ = detail::load_int(state, prefix + "last_epoch");
  base_lrs_ = detail::load_numbers(state, prefix + "base_lrs", base_lrs_.size());
  last_lrs_ = detail::load_numbers(state, prefix + "last_lr", last_lrs_.size());
}

namespace detail {
namespace {

const Tensor& number_at(const StateDict& state, const std::string& key, size_t count) {
  const Tensor* t = state.find(key);
  check(t && t->defined(), "LRScheduler::load_state_dict: missing key \"", key, "\"");
  check(t->numel() == static_cast<int64_t>(count), "LRScheduler::load_state_dict: expected ", count, " number(s) in \"",
        key, "\", got ", t->sizes());
  return *t;
}

}  // namespace

void save_number(StateDict& state, const std::string& key, double v) { state.insert(key, scalar_tensor(v, kDouble)); }
void save_number(StateDict& state, const std::string& key, int64_t v) { state.insert(key, scalar_tensor(v, kLong)); }
void save_numbers(StateDict& state, const std::string& key, const std::vector<double>& v) {
  state.insert(key, tensor(v, kDouble));
}
double load_double(const StateDict& state, const std::string& key) { return number_at(state, key, 1).item<double>(); }
int64_t load_int(const StateDict& state, const std::string& key) { return number_at(state, key, 1).item<int64_t>(); }
std::vector<double> load_numbers(const StateDict& state, const std::string& key, size_t count) {
  const Tensor all = number_at(state, key, count).reshape({-1});
  std::vector<double> v;
  for (size_t i = 0; i < count; ++i) v.push_back(all[static_cast<int64_t>(i)].item<double>());
  return v;
}

}  // namespace detail
}  // namespace gradus::optim
