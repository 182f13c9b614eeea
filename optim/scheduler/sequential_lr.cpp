#include "gradus/optim/scheduler/sequential_lr.h"

#include <algorithm>

#include "gradus/optim/scheduler/schedules.h"

namespace gradus::optim {

CompositeLR::CompositeLR(Optimizer& optimizer, std::vector<std::shared_ptr<LRScheduler>> schedulers, const char* name)
    : LRScheduler(optimizer), schedulers_(std::move(schedulers)) {
  for (const auto& s : schedulers_)
    check(s && &s->optimizer_ == &optimizer, name, " expects all schedulers to belong to the same optimizer");
}

void CompositeLR::save(StateDict& state, const std::string& prefix) const {
  LRScheduler::save(state, prefix);
  for (size_t i = 0; i < schedulers_.size(); ++i)
    schedulers_[i]->save(state, prefix + "schedulers." + std::to_string(i) + ".");
}

void CompositeLR::load(const StateDict& state, const std::string& prefix) {
  LRScheduler::load(state, prefix);
  for (size_t i = 0; i < schedulers_.size(); ++i)
    schedulers_[i]->load(state, prefix + "schedulers." + std::to_string(i) + ".");
}

SequentialLR::SequentialLR(Optimizer& optimizer, std::vector<std::shared_ptr<LRScheduler>> schedulers,
                           std::vector<int64_t> milestones, int64_t last_epoch)
    : CompositeLR(optimizer, std::move(schedulers), "SequentialLR"), milestones_(std::move(milestones)) {
  check(!schedulers_.empty(), "SequentialLR expects at least one scheduler to be chained, but got no scheduler.");
  check(milestones_.size() + 1 == schedulers_.size(),
        "Sequential Schedulers expects number of schedulers provided to be one more than the number of milestone "
        "points, but got number of schedulers ",
        schedulers_.size(), " and the number of milestones to be equal to ", milestones_.size());
  check(std::is_sorted(milestones_.begin(), milestones_.end()), "SequentialLR: expected milestones in ascending order");
  epoch_ = last_epoch + 1;
  // Making the parts has set their first rates one over the other: begin anew with the first part only.
  set_optimizer_lrs(base_lrs_);
  start(*schedulers_[0]);
  last_lrs_ = schedulers_[0]->get_last_lr();
}

size_t SequentialLR::part_of(int64_t epoch) const {
  return static_cast<size_t>(std::upper_bound(milestones_.begin(), milestones_.end(), epoch) - milestones_.begin());
}

void SequentialLR::step() {
  ++epoch_;
  const size_t i = part_of(epoch_);
  if (i > 0 && milestones_[i - 1] == epoch_)
    jump(*schedulers_[i], 0);
  else
    schedulers_[i]->step();
  last_lrs_ = schedulers_[i]->get_last_lr();
}

void SequentialLR::jump(int64_t epoch) {
  epoch_ = epoch;
  const size_t i = part_of(epoch_);
  jump(*schedulers_[i], i > 0 ? epoch - milestones_[i - 1] : epoch);
  last_lrs_ = schedulers_[i]->get_last_lr();
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

namespace {

Optimizer& optimizer_of(const std::vector<std::shared_ptr<LRScheduler>>& schedulers) {
  check(!schedulers.empty() && schedulers[0],
        "ChainedScheduler expects at least one scheduler to be chained, but got no scheduler.");
  return schedulers[0]->optimizer();
}

}  // namespace

ChainedScheduler::ChainedScheduler(std::vector<std::shared_ptr<LRScheduler>> schedulers)
    : CompositeLR(optimizer_of(schedulers), schedulers, "ChainedScheduler") {
  last_lrs_ = get_current_lrs();
}

void ChainedScheduler::step() {
  ++epoch_;
  for (const auto& s : schedulers_) s->step();
  last_lrs_ = get_current_lrs();
}

void ChainedScheduler::jump(int64_t epoch) {
  epoch_ = epoch;
  for (const auto& s : schedulers_) jump(*s, epoch);
  last_lrs_ = get_current_lrs();
}

}  // namespace gradus::optim
