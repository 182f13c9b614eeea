// The schedules that are a formula of the step e. base is the rate before any schedule.
// https://pytorch.org/docs/stable/optim.html#how-to-adjust-learning-rate
#pragma once
#include "gradus/optim/scheduler/lr_scheduler.h"

namespace gradus::optim {

/// base gamma^floor(e / step_size).
class StepLR : public LRScheduler {
 public:
  StepLR(Optimizer& optimizer, int64_t step_size, double gamma = 0.1, int64_t last_epoch = -1);

 protected:
  std::vector<double> get_lrs() override;
  std::vector<double> get_closed_form_lrs() override;

 private:
  int64_t step_size_;
  double gamma_;
};

/// base gamma^(number of milestones <= e); a milestone may be named twice.
class MultiStepLR : public LRScheduler {
 public:
  MultiStepLR(Optimizer& optimizer, std::vector<int64_t> milestones, double gamma = 0.1, int64_t last_epoch = -1);

 protected:
  std::vector<double> get_lrs() override;
  std::vector<double> get_closed_form_lrs() override;

 private:
  std::vector<int64_t> milestones_;
  double gamma_;
};

/// base gamma^e.
class ExponentialLR : public LRScheduler {
 public:
  ExponentialLR(Optimizer& optimizer, double gamma, int64_t last_epoch = -1);

 protected:
  std::vector<double> get_lrs() override;
  std::vector<double> get_closed_form_lrs() override;

 private:
  double gamma_;
};

/// eta_min + (base - eta_min) (1 + cos(pi e / T_max)) / 2.  Loshchilov, Hutter 2016, arXiv:1608.03983.
class CosineAnnealingLR : public LRScheduler {
 public:
  CosineAnnealingLR(Optimizer& optimizer, int64_t T_max, double eta_min = 0, int64_t last_epoch = -1);

 protected:
  std::vector<double> get_lrs() override;
  std::vector<double> get_closed_form_lrs() override;

 private:
  int64_t t_max_;
  double eta_min_;
};

/// base f, f going evenly from start_factor to end_factor in total_iters steps, then staying.
class LinearLR : public LRScheduler {
 public:
  LinearLR(Optimizer& optimizer, double start_factor = 1.0 / 3, double end_factor = 1.0, int64_t total_iters = 5,
           int64_t last_epoch = -1);

 protected:
  std::vector<double> get_lrs() override;
  std::vector<double> get_closed_form_lrs() override;

 private:
  double start_, end_;
  int64_t total_;
};

/// base factor for the first total_iters steps, then base.
class ConstantLR : public LRScheduler {
 public:
  ConstantLR(Optimizer& optimizer, double factor = 1.0 / 3, int64_t total_iters = 5, int64_t last_epoch = -1);

 protected:
  std::vector<double> get_lrs() override;
  std::vector<double> get_closed_form_lrs() override;

 private:
  double factor_;
  int64_t total_;
};

/// base (1 - min(e, total_iters) / total_iters)^power.
class PolynomialLR : public LRScheduler {
 public:
  PolynomialLR(Optimizer& optimizer, int64_t total_iters = 5, double power = 1.0, int64_t last_epoch = -1);

 protected:
  std::vector<double> get_lrs() override;
  std::vector<double> get_closed_form_lrs() override;

 private:
  int64_t total_;
  double power_;
};

/// base f(e), one function for all groups or one for each.
class LambdaLR : public LRScheduler {
 public:
  using Function = std::function<double(int64_t)>;
  LambdaLR(Optimizer& optimizer, Function f, int64_t last_epoch = -1);
  LambdaLR(Optimizer& optimizer, std::vector<Function> f, int64_t last_epoch = -1);

 protected:
  std::vector<double> get_lrs() override;

 private:
  std::vector<Function> f_;
};

/// The present rate times f(e) at each step, one function for all groups or one for each.
class MultiplicativeLR : public LRScheduler {
 public:
  using Function = std::function<double(int64_t)>;
  MultiplicativeLR(Optimizer& optimizer, Function f, int64_t last_epoch = -1);
  MultiplicativeLR(Optimizer& optimizer, std::vector<Function> f, int64_t last_epoch = -1);

 protected:
  std::vector<double> get_lrs() override;
  std::vector<double> get_closed_form_lrs() override;

 private:
  std::vector<Function> f_;
};

}  // namespace gradus::optim
