// Smaller rates when a metric stops to improve.
#pragma once
#include <concepts>

#include "gradus/optim/scheduler/lr_scheduler.h"

namespace gradus::optim {

/// After more than `patience` steps without improvement the rates are multiplied by `factor`, not below min_lr, and the
/// next `cooldown` steps do not count. An improvement is a metric below (mode max: above) the best one by more than
/// `threshold`, as a share of it (rel) or by itself (abs). Changes smaller than eps are not made.
/// https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ReduceLROnPlateau.html
class ReduceLROnPlateauScheduler {
 public:
  enum SchedulerMode { min, max };
  enum ThresholdMode { rel, abs };

  explicit ReduceLROnPlateauScheduler(Optimizer& optimizer, SchedulerMode mode = min, double factor = 0.1,
                                      int64_t patience = 10, double threshold = 1e-4,
                                      ThresholdMode threshold_mode = rel, int64_t cooldown = 0,
                                      std::vector<double> min_lr = {}, double eps = 1e-8, bool verbose = false);
  /// With the floats of LibTorch.
  template <std::same_as<float> Float>
  ReduceLROnPlateauScheduler(Optimizer& optimizer, SchedulerMode mode, double factor, int64_t patience,
                             double threshold, ThresholdMode threshold_mode, int64_t cooldown,
                             const std::vector<Float>& min_lr, double eps = 1e-8, bool verbose = false)
      : ReduceLROnPlateauScheduler(optimizer, mode, factor, patience, threshold, threshold_mode, cooldown,
                                   std::vector<double>(min_lr.begin(), min_lr.end()), eps, verbose) {}
  virtual ~ReduceLROnPlateauScheduler() = default;

  void step(double metric);
  std::vector<double> get_last_lr() const;
  int64_t last_epoch() const { return epoch_; }
  StateDict state_dict() const;
  void load_state_dict(const StateDict& state);

 private:
  bool is_better(double a) const;
  void reduce_lr();

  Optimizer& optimizer_;
  SchedulerMode mode_;
  double factor_;
  int64_t patience_;
  double threshold_;
  ThresholdMode threshold_mode_;
  int64_t cooldown_;
  std::vector<double> min_lrs_;
  double eps_;
  bool verbose_;
  double best_;
  int64_t bad_epochs_ = 0, cooldown_counter_ = 0, epoch_ = 0;
};
using ReduceLROnPlateau = ReduceLROnPlateauScheduler;

}  // namespace gradus::optim
