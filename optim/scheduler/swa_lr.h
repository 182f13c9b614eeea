// The rate of stochastic weight averaging: from what it is to a constant one.
#pragma once
#include "gradus/optim/scheduler/lr_scheduler.h"

namespace gradus::optim {

/// lr (1 - a) + swa_lr a, a going from 0 to 1 in anneal_epochs steps, along half a cosine ("cos") or evenly ("linear");
/// at once without any. Begins at any time of a training, from the rate that holds then.
/// Izmailov et al. 2018, arXiv:1803.05407.
/// https://pytorch.org/docs/stable/generated/torch.optim.swa_utils.SWALR.html
class SWALR : public LRScheduler {
 public:
  SWALR(Optimizer& optimizer, double swa_lr, int64_t anneal_epochs = 10, const std::string& anneal_strategy = "cos",
        int64_t last_epoch = -1);
  /// One rate for each group.
  SWALR(Optimizer& optimizer, std::vector<double> swa_lrs, int64_t anneal_epochs = 10,
        const std::string& anneal_strategy = "cos", int64_t last_epoch = -1);

 protected:
  std::vector<double> get_lrs() override;
  void save(StateDict& state, const std::string& prefix) const override;
  void load(const StateDict& state, const std::string& prefix) override;

 private:
  // The share of swa_lr at a step.
  double share(int64_t step) const;

  std::vector<double> swa_lrs_;
  int64_t anneal_epochs_;
  bool linear_;
  int64_t first_epoch_;  // the annealing begins with this schedule, whatever its last_epoch
};

}  // namespace gradus::optim
