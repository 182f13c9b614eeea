// Schedules one after the other, and the warmups that are made of them.
#pragma once
#include "gradus/optim/scheduler/lr_scheduler.h"

namespace gradus::optim {

/// schedulers[i] from step milestones[i - 1] on, from its own step 0. All belong to one optimizer; they are shared with
/// the caller, who lets this one step them.
class SequentialLR : public LRScheduler {
 public:
  SequentialLR(Optimizer& optimizer, std::vector<std::shared_ptr<LRScheduler>> schedulers,
               std::vector<int64_t> milestones);
  void step() override;

 protected:
  std::vector<double> get_lrs() override { return get_current_lrs(); }
  void jump(int64_t epoch) override;
  void save(StateDict& state, const std::string& prefix) const override;
  void load(const StateDict& state, const std::string& prefix) override;

 private:
  std::vector<std::shared_ptr<LRScheduler>> schedulers_;
  std::vector<int64_t> milestones_;
};

/// The rate grows evenly from start_factor to 1 of its base in `steps` steps; then `after` takes over, from its step 0.
class LinearWarmup : public SequentialLR {
 public:
  LinearWarmup(Optimizer& optimizer, int64_t steps, std::shared_ptr<LRScheduler> after, double start_factor = 0.01);
};

/// A linear warmup, then half a cosine down to eta_min at step total_steps.
class WarmupCosineLR : public LinearWarmup {
 public:
  WarmupCosineLR(Optimizer& optimizer, int64_t warmup_steps, int64_t total_steps, double start_factor = 0.01,
                 double eta_min = 0);
};

}  // namespace gradus::optim
