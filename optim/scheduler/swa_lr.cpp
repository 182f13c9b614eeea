#include "gradus/optim/scheduler/swa_lr.h"

#include <algorithm>
#include <cmath>

namespace gradus::optim {

SWALR::SWALR(Optimizer& optimizer, double swa_lr, int64_t anneal_epochs, const std::string& anneal_strategy,
             int64_t last_epoch)
    : SWALR(optimizer, std::vector<double>(optimizer.param_groups().size(), swa_lr), anneal_epochs, anneal_strategy,
            last_epoch) {}

SWALR::SWALR(Optimizer& optimizer, std::vector<double> swa_lrs, int64_t anneal_epochs,
             const std::string& anneal_strategy, int64_t last_epoch)
    : LRScheduler(optimizer, last_epoch),
      swa_lrs_(std::move(swa_lrs)),
      anneal_epochs_(anneal_epochs),
      linear_(anneal_strategy == "linear"),
      first_epoch_(epoch_) {
  const size_t groups = optimizer.param_groups().size();
  check(swa_lrs_.size() == groups, "SWALR: expected ", groups, " values for swa_lr, got ", swa_lrs_.size());
  check(linear_ || anneal_strategy == "cos", "anneal_strategy must be one of 'cos' or 'linear', instead got ",
        anneal_strategy);
  check(anneal_epochs >= 0, "anneal_epochs must be equal or greater than 0, got ", anneal_epochs);
  start();
}

double SWALR::share(int64_t step) const {
  const auto length = std::max<int64_t>(1, anneal_epochs_);
  const double t = static_cast<double>(std::clamp<int64_t>(step, 0, length)) / static_cast<double>(length);
  return linear_ ? t : (1 - std::cos(3.14159265358979323846 * t)) / 2;
}

std::vector<double> SWALR::get_lrs() {
  const int64_t made = epoch_ - first_epoch_, step = anneal_epochs_ == 0 ? std::max<int64_t>(1, made) : made;
  const double before = share(step - 1), now = share(step);
  std::vector<double> lrs = get_current_lrs();
  for (size_t i = 0; i < lrs.size(); ++i) {
    // The rate that would hold without this schedule, by which others can still move it.
    const double other = before == 1 ? swa_lrs_[i] : (lrs[i] - before * swa_lrs_[i]) / (1 - before);
    lrs[i] = swa_lrs_[i] * now + other * (1 - now);
  }
  return lrs;
}

void SWALR::save(StateDict& state, const std::string& prefix) const {
  LRScheduler::save(state, prefix);
  detail::save_number(state, prefix + "first_epoch", first_epoch_);
}

void SWALR::load(const StateDict& state, const std::string& prefix) {
  LRScheduler::load(state, prefix);
  first_epoch_ = detail::load_int(state, prefix + "first_epoch");
}

}  // namespace gradus::optim
