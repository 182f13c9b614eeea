#include "gradus/optim/scheduler/cyclic_lr.h"

#include <cmath>

namespace gradus::optim {

CyclicLR::CyclicLR(Optimizer& optimizer, double base_lr, double max_lr, const CyclicLROptions& options)
    : CyclicLR(optimizer, std::vector<double>(optimizer.param_groups().size(), base_lr),
               std::vector<double>(optimizer.param_groups().size(), max_lr), options) {}

CyclicLR::CyclicLR(Optimizer& optimizer, std::vector<double> base_lrs, std::vector<double> max_lrs,
                   const CyclicLROptions& options)
    : LRScheduler(optimizer, options.last_epoch()), options_(options), max_lrs_(std::move(max_lrs)) {
  auto& groups = optimizer.param_groups();
  check(base_lrs.size() == groups.size(), "CyclicLR: expected ", groups.size(), " values for base_lr, got ",
        base_lrs.size());
  check(max_lrs_.size() == groups.size(), "CyclicLR: expected ", groups.size(), " values for max_lr, got ",
        max_lrs_.size());
  const std::string& mode = options.mode();
  check(options.scale_fn() || mode == "triangular" || mode == "triangular2" || mode == "exp_range",
        "mode is invalid and scale_fn is None");
  check(options.scale_mode() == "cycle" || options.scale_mode() == "iterations",
        "CyclicLR: expected scale_mode 'cycle' or 'iterations', got ", options.scale_mode());
  const auto up = options.step_size_up(), down = options.step_size_down().value_or(up);
  check(up > 0 && down > 0, "CyclicLR: expected step sizes of at least 1, got ", up, " and ", down);
  total_ = static_cast<double>(up + down);
  up_share_ = static_cast<double>(up) / total_;
  base_lrs_ = std::move(base_lrs);
  for (size_t i = 0; i < groups.size(); ++i) {
    check(!options.cycle_momentum() || groups[i].options().get_momentum().has_value(),
          "optimizer must support momentum or beta1 with `cycle_momentum` option enabled");
    if (options.last_epoch() == -1) groups[i].set_initial_lr(base_lrs_[i]);
  }
  start();
}

double CyclicLR::scale(double cycle) const {
  const double step = static_cast<double>(epoch_);
  if (options_.scale_fn()) return options_.scale_fn()(options_.scale_mode() == "cycle" ? cycle : step);
  if (options_.mode() == "exp_range") return std::pow(options_.gamma(), step);
  return options_.mode() == "triangular" ? 1 : 1 / std::pow(2.0, cycle - 1);
}

std::vector<double> CyclicLR::get_lrs() {
  const double turns = static_cast<double>(epoch_) / total_, cycle = std::floor(1 + turns), x = 1 + turns - cycle;
  const double height = (x <= up_share_ ? x / up_share_ : (x - 1) / (up_share_ - 1)) * scale(cycle);
  if (options_.cycle_momentum()) {
    const double momentum = options_.max_momentum() - (options_.max_momentum() - options_.base_momentum()) * height;
    for (OptimizerParamGroup& g : optimizer_.param_groups()) g.options().set_momentum(momentum);
  }
  std::vector<double> lrs = base_lrs_;
  for (size_t i = 0; i < lrs.size(); ++i) lrs[i] += (max_lrs_[i] - base_lrs_[i]) * height;
  return lrs;
}

}  // namespace gradus::optim
