#include "gradus/optim/scheduler/warm_restarts.h"

#include <cmath>

namespace gradus::optim {

CosineAnnealingWarmRestarts::CosineAnnealingWarmRestarts(Optimizer& optimizer, int64_t T_0, int64_t T_mult,
                                                         double eta_min, int64_t last_epoch)
    : LRScheduler(optimizer, last_epoch),
      t_0_(T_0),
      t_mult_(T_mult),
      eta_min_(eta_min),
      t_i_(static_cast<double>(T_0)) {
  check(T_0 > 0, "Expected positive integer T_0, but got ", T_0);
  check(T_mult >= 1, "Expected integer T_mult >= 1, but got ", T_mult);
  if (last_epoch == -1) {
    start();
  } else {
    epoch_ = last_epoch;
    t_cur_ = static_cast<double>(last_epoch);
    CosineAnnealingWarmRestarts::step();
  }
}

std::vector<double> CosineAnnealingWarmRestarts::get_lrs() {
  const double share = (1 + std::cos(3.14159265358979323846 * t_cur_ / t_i_)) / 2;
  return for_each_lr([&](double, double base) { return eta_min_ + (base - eta_min_) * share; });
}

void CosineAnnealingWarmRestarts::step() {
  ++epoch_;
  ++t_cur_;
  if (t_cur_ >= t_i_) {
    t_cur_ = std::fmod(t_cur_, t_i_);
    t_i_ *= static_cast<double>(t_mult_);
  }
  set_optimizer_lrs(get_lrs());
}

void CosineAnnealingWarmRestarts::step(double epoch) {
  check(epoch >= 0, "Expected non-negative epoch, but got ", epoch);
  const double first = static_cast<double>(t_0_), mult = static_cast<double>(t_mult_);
  if (epoch < first || t_mult_ == 1) {
    t_i_ = first;
    t_cur_ = std::fmod(epoch, first);
  } else {
    // After n cycles, which together are as long as a geometric series.
    const double n = std::floor(std::log(epoch / first * (mult - 1) + 1) / std::log(mult));
    t_cur_ = epoch - first * (std::pow(mult, n) - 1) / (mult - 1);
    t_i_ = first * std::pow(mult, n);
  }
  epoch_ = static_cast<int64_t>(std::floor(epoch));
  set_optimizer_lrs(get_lrs());
}

void CosineAnnealingWarmRestarts::save(StateDict& state, const std::string& prefix) const {
  LRScheduler::save(state, prefix);
  detail::save_number(state, prefix + "T_cur", t_cur_);
  detail::save_number(state, prefix + "T_i", t_i_);
}

void CosineAnnealingWarmRestarts::load(const StateDict& state, const std::string& prefix) {
  LRScheduler::load(state, prefix);
  t_cur_ = detail::load_double(state, prefix + "T_cur");
  t_i_ = detail::load_double(state, prefix + "T_i");
}

}  // namespace gradus::optim
