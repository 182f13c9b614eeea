// Cyclical rates: up and down between two bounds.
#pragma once
#include "gradus/optim/scheduler/lr_scheduler.h"

namespace gradus::optim {

/// step_size_up, step_size_down: the steps of the two halves of a cycle; without the second both are as long.
/// mode: how the height of cycles changes: "triangular": not, "triangular2": halved each cycle, "exp_range":
/// gamma^step. scale_fn replaces the mode: the height as a function of the cycle (from 1) or, with scale_mode
/// "iterations", of the step. cycle_momentum: the momentum (beta1 of Adam) goes the other way, between max_momentum and
/// base_momentum.
struct CyclicLROptions {
  GRADUS_ARG(int64_t, step_size_up) = 2000;
  GRADUS_ARG(std::optional<int64_t>, step_size_down) = std::nullopt;
  GRADUS_ARG(std::string, mode) = "triangular";
  GRADUS_ARG(double, gamma) = 1.0;
  GRADUS_ARG(std::function<double(double)>, scale_fn) = nullptr;
  GRADUS_ARG(std::string, scale_mode) = "cycle";
  GRADUS_ARG(bool, cycle_momentum) = true;
  GRADUS_ARG(double, base_momentum) = 0.8;
  GRADUS_ARG(double, max_momentum) = 0.9;
  GRADUS_ARG(int64_t, last_epoch) = -1;
};

/// base_lr + (max_lr - base_lr) h s: h goes evenly from 0 to 1 and back each cycle, s is the scale of `mode`.
/// Smith 2015, arXiv:1506.01186.
/// https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.CyclicLR.html
class CyclicLR : public LRScheduler {
 public:
  CyclicLR(Optimizer& optimizer, double base_lr, double max_lr, const CyclicLROptions& options = {});
  /// One pair of bounds for each group.
  CyclicLR(Optimizer& optimizer, std::vector<double> base_lrs, std::vector<double> max_lrs,
           const CyclicLROptions& options = {});

 protected:
  std::vector<double> get_lrs() override;

 private:
  // s of the formula, at a cycle counted from 1.
  double scale(double cycle) const;

  CyclicLROptions options_;
  std::vector<double> max_lrs_;
  double total_, up_share_;
};

}  // namespace gradus::optim
