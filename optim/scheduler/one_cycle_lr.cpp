#include "gradus/optim/scheduler/one_cycle_lr.h"

#include <cmath>

namespace gradus::optim {
namespace {

int64_t total_of(const OneCycleLROptions& options) {
  const auto epochs = options.epochs(), steps = options.steps_per_epoch();
  check(epochs && steps, "You must define either total_steps OR (epochs AND steps_per_epoch)");
  check(*epochs > 0, "Expected positive integer epochs, but got ", *epochs);
  check(*steps > 0, "Expected positive integer steps_per_epoch, but got ", *steps);
  return *epochs * *steps;
}

}  // namespace

OneCycleLR::OneCycleLR(Optimizer& optimizer, double max_lr, const OneCycleLROptions& options)
    : OneCycleLR(optimizer, max_lr, total_of(options), options) {}
OneCycleLR::OneCycleLR(Optimizer& optimizer, std::vector<double> max_lrs, const OneCycleLROptions& options)
    : OneCycleLR(optimizer, std::move(max_lrs), total_of(options), options) {}
OneCycleLR::OneCycleLR(Optimizer& optimizer, double max_lr, int64_t total_steps, const OneCycleLROptions& options)
    : OneCycleLR(optimizer, std::vector<double>(optimizer.param_groups().size(), max_lr), total_steps, options) {}

OneCycleLR::OneCycleLR(Optimizer& optimizer, std::vector<double> max_lrs, int64_t total_steps,
                       const OneCycleLROptions& options)
    : LRScheduler(optimizer, options.last_epoch()),
      options_(options),
      max_lrs_(std::move(max_lrs)),
      total_(total_steps) {
  auto& groups = optimizer.param_groups();
  check(total_ > 0, "Expected positive integer total_steps, but got ", total_);
  check(options.pct_start() >= 0 && options.pct_start() <= 1, "Expected float between 0 and 1 pct_start, but got ",
        options.pct_start());
  check(options.anneal_strategy() == "cos" || options.anneal_strategy() == "linear",
        "anneal_strategy must be one of 'cos' or 'linear', instead got ", options.anneal_strategy());
  check(max_lrs_.size() == groups.size(), "OneCycleLR: expected ", groups.size(), " values for max_lr, got ",
        max_lrs_.size());
  const double total = static_cast<double>(total_), up = options.pct_start() * total - 1;
  phases_.push_back({up, Rate::first, Rate::largest, true, false});
  if (options.three_phase()) {
    phases_.push_back({2 * options.pct_start() * total - 2, Rate::largest, Rate::first, false, true});
    phases_.push_back({total - 1, Rate::first, Rate::last, true, true});
  } else {
    phases_.push_back({total - 1, Rate::largest, Rate::last, false, true});
  }
  for (size_t i = 0; i < groups.size(); ++i) {
    check(!options.cycle_momentum() || groups[i].options().get_momentum().has_value(),
          "optimizer must support momentum or beta1 with `cycle_momentum` option enabled");
    if (options.last_epoch() == -1) groups[i].set_initial_lr(rate(Rate::first, i));
    base_lrs_[i] = rate(Rate::first, i);
  }
  start();
}

double OneCycleLR::rate(Rate which, size_t group) const {
  const double first = max_lrs_[group] / options_.div_factor();
  if (which == Rate::largest) return max_lrs_[group];
  return which == Rate::first ? first : first / options_.final_div_factor();
}

double OneCycleLR::anneal(double from, double to, double part) const {
  if (options_.anneal_strategy() == "linear") return (to - from) * part + from;
  return to + (from - to) / 2 * (1 + std::cos(3.14159265358979323846 * part));
}

std::vector<double> OneCycleLR::get_lrs() {
  check(epoch_ <= total_, "Tried to step ", epoch_, " times. The specified number of total steps is ", total_);
  const double e = static_cast<double>(epoch_);
  size_t p = 0;
  while (p + 1 < phases_.size() && e > phases_[p].end) ++p;
  const Phase& phase = phases_[p];
  const double begin = p > 0 ? phases_[p - 1].end : 0, part = (e - begin) / (phase.end - begin);
  std::vector<double> lrs;
  for (size_t i = 0; i < max_lrs_.size(); ++i) {
    lrs.push_back(anneal(rate(phase.from, i), rate(phase.to, i), part));
    if (!options_.cycle_momentum()) continue;
    auto momentum = [&](bool max) { return max ? options_.max_momentum() : options_.base_momentum(); };
    optimizer_.param_groups()[i].options().set_momentum(
        anneal(momentum(phase.momentum_from_max), momentum(phase.momentum_to_max), part));
  }
  return lrs;
}

}  // namespace gradus::optim
