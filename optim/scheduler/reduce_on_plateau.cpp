#include "gradus/optim/scheduler/reduce_on_plateau.h"

#include <algorithm>
#include <cmath>
#include <iostream>

namespace gradus::optim {

ReduceLROnPlateauScheduler::ReduceLROnPlateauScheduler(Optimizer& optimizer, SchedulerMode mode, double factor,
                                                       int64_t patience, double threshold, ThresholdMode threshold_mode,
                                                       int64_t cooldown, std::vector<double> min_lr, double eps,
                                                       bool verbose)
    : optimizer_(optimizer),
      mode_(mode),
      factor_(factor),
      patience_(patience),
      threshold_(threshold),
      threshold_mode_(threshold_mode),
      cooldown_(cooldown),
      min_lrs_(std::move(min_lr)),
      eps_(eps),
      verbose_(verbose),
      best_(mode == min ? INFINITY : -INFINITY) {
  check(factor < 1.0, "Factor should be < 1.0.");
  const size_t groups = optimizer.param_groups().size();
  if (min_lrs_.size() <= 1) min_lrs_.resize(groups, min_lrs_.empty() ? 0.0 : min_lrs_[0]);
  check(min_lrs_.size() == groups, "Number of learning rates not equal to the number of param groups, got ",
        min_lrs_.size(), " and ", groups);
}

bool ReduceLROnPlateauScheduler::is_better(double a) const {
  const double margin = threshold_mode_ == rel ? best_ * threshold_ : threshold_;
  if (std::isinf(best_)) return mode_ == min ? a < best_ : a > best_;
  return mode_ == min ? a < best_ - margin : a > best_ + margin;
}

void ReduceLROnPlateauScheduler::step(double metric) {
  ++epoch_;
  if (is_better(metric)) {
    best_ = metric;
    bad_epochs_ = 0;
  } else {
    ++bad_epochs_;
  }
  if (cooldown_counter_ > 0) {
    --cooldown_counter_;
    bad_epochs_ = 0;
  }
  if (bad_epochs_ <= patience_) return;
  reduce_lr();
  cooldown_counter_ = cooldown_;
  bad_epochs_ = 0;
}

void ReduceLROnPlateauScheduler::reduce_lr() {
  for (size_t i = 0; i < min_lrs_.size(); ++i) {
    OptimizerOptions& o = optimizer_.param_groups()[i].options();
    const double before = o.get_lr(), after = std::max(before * factor_, min_lrs_[i]);
    if (before - after <= eps_) continue;
    o.set_lr(after);
    if (verbose_)
      std::cout << "Epoch " << epoch_ << ": reducing learning rate of group " << i << " to " << after << "\n";
  }
}

std::vector<double> ReduceLROnPlateauScheduler::get_last_lr() const {
  std::vector<double> lrs;
  for (const OptimizerParamGroup& g : optimizer_.param_groups()) lrs.push_back(g.options().get_lr());
  return lrs;
}

StateDict ReduceLROnPlateauScheduler::state_dict() const {
  StateDict state;
  detail::save_number(state, "best", best_);
  detail::save_number(state, "num_bad_epochs", bad_epochs_);
  detail::save_number(state, "cooldown_counter", cooldown_counter_);
  detail::save_number(state, "last_epoch", epoch_);
  return state;
}

void ReduceLROnPlateauScheduler::load_state_dict(const StateDict& state) {
  const double best = detail::load_double(state, "best");
  const int64_t bad = detail::load_int(state, "num_bad_epochs"), cool = detail::load_int(state, "cooldown_counter");
  epoch_ = detail::load_int(state, "last_epoch");
  best_ = best;
  bad_epochs_ = bad;
  cooldown_counter_ = cool;
}

}  // namespace gradus::optim
