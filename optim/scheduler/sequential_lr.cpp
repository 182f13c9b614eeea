#include "gradus/optim/scheduler/sequential_lr.h"

#include <algorithm>

#include "gradus/optim/scheduler/schedules.h"

namespace gradus::optim {

SequentialLR::SequentialLR(Optimizer& optimizer, std::vector<std::shared_ptr<LRScheduler>> schedulers,
                           std::vector<int64_t> milestones)
    : LRScheduler(optimizer), schedulers_(std::move(schedulers)), milestones_(std::move(milestones)) {
  check(!schedulers_.empty(), "SequentialLR expects at least one scheduler to be chained, but got no scheduler.");
  check(milestones_.size() + 1 == schedulers_.size(),
        "Sequential Schedulers expects number of schedulers provided to be one more than the number of milestone "
        "points, but got number of schedulers ",
        schedulers_.size(), " and the number of milestones to be equal to ", milestones_.size());
  check(std::is_sorted(milestones_.begin(), milestones_.end()), "SequentialLR: expected milestones in ascending order");
  for (const auto& s : schedulers_)
    check(s && &s->optimizer_ == &optimizer, "SequentialLR expects all schedulers to belong to the same optimizer");
  // Making the parts has set their first rates one over the other: begin anew with the first part only.
  set_optimizer_lrs(base_lrs_);
  schedulers_[0]->start();
  last_lrs_ = schedulers_[0]->get_last_lr();
}

void SequentialLR::step() {
  ++epoch_;
  const auto i =
      static_cast<size_t>(std::upper_bound(milestones_.begin(), milestones_.end(), epoch_) - milestones_.begin());
  LRScheduler& part = *schedulers_[i];
  if (i > 0 && milestones_[i - 1] == epoch_)
    part.jump(0);
  else
    part.step();
  last_lrs_ = part.get_last_lr();
}

void SequentialLR::jump(int64_t epoch) {
  epoch_ = epoch;
  const auto i =
      static_cast<size_t>(std::upper_bound(milestones_.begin(), milestones_.end(), epoch_) - milestones_.begin());
  schedulers_[i]->jump(i > 0 ? epoch - milestones_[i - 1] : epoch);
  last_lrs_ = schedulers_[i]->get_last_lr();
}

void SequentialLR::save(StateDict& state, const std::string& prefix) const {
  LRScheduler::save(state, prefix);
  for (size_t i = 0; i < schedulers_.size(); ++i)
    schedulers_[i]->save(state, prefix + "schedulers." + std::to_string(i) + ".");
}

void SequentialLR::load(const StateDict& state, const std::string& prefix) {
  LRScheduler::load(state, prefix);
  for (size_t i = 0; i < schedulers_.size(); ++i)
    schedulers_[i]->load(state, prefix + "schedulers." + std::to_string(i) + ".");
}

LinearWarmup::LinearWarmup(Optimizer& optimizer, int64_t steps, std::shared_ptr<LRScheduler> after, double start_factor)
    : SequentialLR(
          optimizer,
          {std::make_shared<LinearLR>(optimizer, steps > 0 ? start_factor : 1.0, 1.0, steps), std::move(after)},
          {steps}) {}

WarmupCosineLR::WarmupCosineLR(Optimizer& optimizer, int64_t warmup_steps, int64_t total_steps, double start_factor,
                               double eta_min)
    : LinearWarmup(optimizer, warmup_steps,
                   std::make_shared<CosineAnnealingLR>(optimizer, total_steps - warmup_steps, eta_min), start_factor) {}

}  // namespace gradus::optim
