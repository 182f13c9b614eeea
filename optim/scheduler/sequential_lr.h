// Schedules made of others: one after the other, the warmups of that kind, or all together.
#pragma once
#include "gradus/optim/scheduler/lr_scheduler.h"

namespace gradus::optim {

/// What schedules of others share: their state is that of all parts.
class CompositeLR : public LRScheduler {
 protected:
  CompositeLR(Optimizer& optimizer, std::vector<std::shared_ptr<LRScheduler>> schedulers, const char* name);
  std::vector<double> get_lrs() override { return get_current_lrs(); }
  void save(StateDict& state, const std::string& prefix) const override;
  void load(const StateDict& state, const std::string& prefix) override;
  static void start(LRScheduler& part) { part.start(); }
  static void jump(LRScheduler& part, int64_t epoch) { part.jump(epoch); }
  using LRScheduler::jump;

  std::vector<std::shared_ptr<LRScheduler>> schedulers_;
};

/// schedulers[i] from step milestones[i - 1] on, from its own step 0. All belong to one optimizer; they are shared with
/// the caller, who lets this one step them. last_epoch is that of the whole; the parts have their own.
class SequentialLR : public CompositeLR {
 public:
  SequentialLR(Optimizer& optimizer, std::vector<std::shared_ptr<LRScheduler>> schedulers,
               std::vector<int64_t> milestones, int64_t last_epoch = -1);
  void step() override;

 protected:
  using CompositeLR::jump;
  void jump(int64_t epoch) override;

 private:
  // The part to which a step belongs.
  size_t part_of(int64_t epoch) const;
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

/// All schedulers at once: each step of this one is a step of each, in order. All belong to one optimizer.
class ChainedScheduler : public CompositeLR {
 public:
  explicit ChainedScheduler(std::vector<std::shared_ptr<LRScheduler>> schedulers);
  void step() override;

 protected:
  using CompositeLR::jump;
  void jump(int64_t epoch) override;
};

}  // namespace gradus::optim
