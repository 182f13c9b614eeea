// What the rules share that keep running moments of the gradient.
#pragma once
#include <cmath>

#include "gradus/optim/options_impl.h"
#include "gradus/optim/step.h"

namespace gradus::optim {

template <class Options>
void check_moments(const Options& o) {
  check(o.lr() >= 0, "Invalid learning rate: ", o.lr());
  check(o.eps() >= 0, "Invalid epsilon value: ", o.eps());
  const auto [beta1, beta2] = o.betas();
  check(0 <= beta1 && beta1 < 1, "Invalid beta parameter at index 0: ", beta1);
  check(0 <= beta2 && beta2 < 1, "Invalid beta parameter at index 1: ", beta2);
  check(o.weight_decay() >= 0, "Invalid weight_decay value: ", o.weight_decay());
}

template <class Options>
kernels::Adam moments_of(const Options& o, int64_t step) {
  const auto [beta1, beta2] = o.betas();
  const double t = static_cast<double>(step);
  return {rule_of(o), beta1, beta2, o.eps(), 1 - std::pow(beta1, t), std::sqrt(1 - std::pow(beta2, t))};
}

}  // namespace gradus::optim
