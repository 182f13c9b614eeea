#include "gradus/optim/scheduler/schedules.h"

#include <algorithm>
#include <cmath>

namespace gradus::optim {
namespace {

constexpr double pi = 3.14159265358979323846;
double number(int64_t e) { return static_cast<double>(e); }

}  // namespace

StepLR::StepLR(Optimizer& optimizer, int64_t step_size, double gamma, int64_t last_epoch)
    : LRScheduler(optimizer, last_epoch), step_size_(step_size), gamma_(gamma) {
  check(step_size > 0, "StepLR: expected a step_size of at least 1, got ", step_size);
  start();
}
std::vector<double> StepLR::get_lrs() {
  const bool now = epoch_ > 0 && epoch_ % step_size_ == 0;
  return for_each_lr([&](double lr, double) { return now ? lr * gamma_ : lr; });
}
std::vector<double> StepLR::get_closed_form_lrs() {
  return for_each_lr([&](double, double base) { return base * std::pow(gamma_, number(epoch_ / step_size_)); });
}

MultiStepLR::MultiStepLR(Optimizer& optimizer, std::vector<int64_t> milestones, double gamma, int64_t last_epoch)
    : LRScheduler(optimizer, last_epoch), milestones_(std::move(milestones)), gamma_(gamma) {
  std::sort(milestones_.begin(), milestones_.end());
  start();
}
std::vector<double> MultiStepLR::get_lrs() {
  const auto count = std::count(milestones_.begin(), milestones_.end(), epoch_);
  return for_each_lr([&](double lr, double) { return count ? lr * std::pow(gamma_, number(count)) : lr; });
}
std::vector<double> MultiStepLR::get_closed_form_lrs() {
  const auto passed = std::upper_bound(milestones_.begin(), milestones_.end(), epoch_) - milestones_.begin();
  return for_each_lr([&](double, double base) { return base * std::pow(gamma_, number(passed)); });
}

ExponentialLR::ExponentialLR(Optimizer& optimizer, double gamma, int64_t last_epoch)
    : LRScheduler(optimizer, last_epoch), gamma_(gamma) {
  start();
}
std::vector<double> ExponentialLR::get_lrs() {
  return for_each_lr([&](double lr, double) { return is_initial_ ? lr : lr * gamma_; });
}
std::vector<double> ExponentialLR::get_closed_form_lrs() {
  return for_each_lr([&](double, double base) { return base * std::pow(gamma_, number(epoch_)); });
}

CosineAnnealingLR::CosineAnnealingLR(Optimizer& optimizer, int64_t T_max, double eta_min, int64_t last_epoch)
    : LRScheduler(optimizer, last_epoch), t_max_(T_max), eta_min_(eta_min) {
  check(T_max > 0, "CosineAnnealingLR: expected a T_max of at least 1, got ", T_max);
  start();
}
std::vector<double> CosineAnnealingLR::get_lrs() {
  const double t = number(t_max_), e = number(epoch_);
  return for_each_lr([&](double lr, double base) {
    if (is_initial_) return lr;
    // At the bottom the quotient of neighbours has no meaning: the next rate follows from the base alone.
    if ((epoch_ - 1 - t_max_) % (2 * t_max_) == 0) return lr + (base - eta_min_) * (1 - std::cos(pi / t)) / 2;
    return (1 + std::cos(pi * e / t)) / (1 + std::cos(pi * (e - 1) / t)) * (lr - eta_min_) + eta_min_;
  });
}
std::vector<double> CosineAnnealingLR::get_closed_form_lrs() {
  return for_each_lr([&](double, double base) {
    return eta_min_ + (base - eta_min_) * (1 + std::cos(pi * number(epoch_) / number(t_max_))) / 2;
  });
}

LinearLR::LinearLR(Optimizer& optimizer, double start_factor, double end_factor, int64_t total_iters,
                   int64_t last_epoch)
    : LRScheduler(optimizer, last_epoch), start_(start_factor), end_(end_factor), total_(total_iters) {
  check(start_ > 0 && start_ <= 1,
        "Starting multiplicative factor expected to be greater than 0 and less or equal to "
        "1, got ",
        start_);
  check(end_ >= 0 && end_ <= 1, "Ending multiplicative factor expected to be between 0 and 1, got ", end_);
  start();
}
std::vector<double> LinearLR::get_lrs() {
  return for_each_lr([&](double lr, double) {
    if (epoch_ == 0) return lr * start_;
    if (is_initial_ || epoch_ > total_) return lr;
    return lr * (1 + (end_ - start_) / (number(total_) * start_ + number(epoch_ - 1) * (end_ - start_)));
  });
}
std::vector<double> LinearLR::get_closed_form_lrs() {
  // Without steps to go the schedule is at its end.
  const double part = total_ > 0 ? number(std::min(total_, epoch_)) / number(total_) : 1;
  return for_each_lr([&](double, double base) { return base * (start_ + (end_ - start_) * part); });
}

ConstantLR::ConstantLR(Optimizer& optimizer, double factor, int64_t total_iters, int64_t last_epoch)
    : LRScheduler(optimizer, last_epoch), factor_(factor), total_(total_iters) {
  check(factor >= 0 && factor <= 1, "Constant multiplicative factor expected to be between 0 and 1, got ", factor);
  start();
}
std::vector<double> ConstantLR::get_lrs() {
  return for_each_lr([&](double lr, double) {
    if (epoch_ == 0) return lr * factor_;
    return epoch_ == total_ ? lr * (1 / factor_) : lr;
  });
}
std::vector<double> ConstantLR::get_closed_form_lrs() {
  return for_each_lr([&](double, double base) { return base * (epoch_ >= total_ ? 1 : factor_); });
}

PolynomialLR::PolynomialLR(Optimizer& optimizer, int64_t total_iters, double power, int64_t last_epoch)
    : LRScheduler(optimizer, last_epoch), total_(total_iters), power_(power) {
  check(total_iters > 0, "PolynomialLR: expected total_iters of at least 1, got ", total_iters);
  start();
}
std::vector<double> PolynomialLR::get_lrs() {
  const double t = number(total_), e = number(epoch_);
  return for_each_lr([&](double lr, double) {
    if (is_initial_ || epoch_ > total_) return lr;
    return lr * std::pow((1 - e / t) / (1 - (e - 1) / t), power_);
  });
}
std::vector<double> PolynomialLR::get_closed_form_lrs() {
  return for_each_lr([&](double, double base) {
    return base * std::pow(1 - number(std::min(total_, epoch_)) / number(total_), power_);
  });
}

LambdaLR::LambdaLR(Optimizer& optimizer, Function f, int64_t last_epoch)
    : LambdaLR(optimizer, std::vector<Function>(optimizer.param_groups().size(), std::move(f)), last_epoch) {}
LambdaLR::LambdaLR(Optimizer& optimizer, std::vector<Function> f, int64_t last_epoch)
    : LRScheduler(optimizer, last_epoch), f_(std::move(f)) {
  check(f_.size() == base_lrs_.size(), "Expected ", base_lrs_.size(), " lr_lambdas, but got ", f_.size());
  start();
}
std::vector<double> LambdaLR::get_lrs() {
  std::vector<double> lrs;
  for (size_t i = 0; i < f_.size(); ++i) lrs.push_back(base_lrs_[i] * f_[i](epoch_));
  return lrs;
}

MultiplicativeLR::MultiplicativeLR(Optimizer& optimizer, Function f, int64_t last_epoch)
    : MultiplicativeLR(optimizer, std::vector<Function>(optimizer.param_groups().size(), std::move(f)), last_epoch) {}
MultiplicativeLR::MultiplicativeLR(Optimizer& optimizer, std::vector<Function> f, int64_t last_epoch)
    : LRScheduler(optimizer, last_epoch), f_(std::move(f)) {
  check(f_.size() == base_lrs_.size(), "Expected ", base_lrs_.size(), " lr_lambdas, but got ", f_.size());
  start();
}
std::vector<double> MultiplicativeLR::get_lrs() { return is_initial_ ? get_current_lrs() : get_closed_form_lrs(); }
std::vector<double> MultiplicativeLR::get_closed_form_lrs() {
  std::vector<double> lrs = get_current_lrs();
  for (size_t i = 0; i < f_.size(); ++i) lrs[i] *= f_[i](epoch_);
  return lrs;
}

}  // namespace gradus::optim
