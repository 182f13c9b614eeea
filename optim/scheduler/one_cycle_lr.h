// The 1cycle policy: up to a large rate, then far below where it began, in one cycle over the whole training.
#pragma once
#include "gradus/optim/scheduler/lr_scheduler.h"

namespace gradus::optim {

/// pct_start: the share of the cycle in which the rate rises. anneal_strategy: "cos" or "linear". cycle_momentum: the
/// momentum (beta1 of Adam) goes from max_momentum down to base_momentum and back. The first rate is
/// max_lr / div_factor, the last one that divided by final_div_factor. three_phase: first down to the first rate again.
/// epochs and steps_per_epoch: their product is how long the cycle takes, where total_steps is not given.
struct OneCycleLROptions {
  GRADUS_ARG(double, pct_start) = 0.3;
  GRADUS_ARG(std::string, anneal_strategy) = "cos";
  GRADUS_ARG(bool, cycle_momentum) = true;
  GRADUS_ARG(double, base_momentum) = 0.85;
  GRADUS_ARG(double, max_momentum) = 0.95;
  GRADUS_ARG(double, div_factor) = 25;
  GRADUS_ARG(double, final_div_factor) = 1e4;
  GRADUS_ARG(bool, three_phase) = false;
  GRADUS_ARG(std::optional<int64_t>, epochs) = std::nullopt;
  GRADUS_ARG(std::optional<int64_t>, steps_per_epoch) = std::nullopt;
  GRADUS_ARG(int64_t, last_epoch) = -1;
};

/// Throws when it is stepped more than total_steps times.  Smith, Topin 2017, arXiv:1708.07120.
/// https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.OneCycleLR.html
class OneCycleLR : public LRScheduler {
 public:
  OneCycleLR(Optimizer& optimizer, double max_lr, int64_t total_steps, const OneCycleLROptions& options = {});
  /// One largest rate for each group.
  OneCycleLR(Optimizer& optimizer, std::vector<double> max_lrs, int64_t total_steps,
             const OneCycleLROptions& options = {});
  /// As long as the options' epochs.
  OneCycleLR(Optimizer& optimizer, double max_lr, const OneCycleLROptions& options);
  OneCycleLR(Optimizer& optimizer, std::vector<double> max_lrs, const OneCycleLROptions& options);

 protected:
  std::vector<double> get_lrs() override;

 private:
  // Where a phase ends, and between which of {first, largest, last} rate and momenta it goes.
  enum class Rate { first, largest, last };
  struct Phase {
    double end;
    Rate from, to;
    bool momentum_from_max, momentum_to_max;
  };
  double rate(Rate which, size_t group) const;
  double anneal(double from, double to, double part) const;

  OneCycleLROptions options_;
  std::vector<double> max_lrs_;
  std::vector<Phase> phases_;
  int64_t total_;
};

}  // namespace gradus::optim
