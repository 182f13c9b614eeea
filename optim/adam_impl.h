// What Adam and AdamW share.
#pragma once
#include "gradus/optim/options_impl.h"
#include "gradus/optim/step.h"

namespace gradus::optim::detail {

template <class Options>
void check_adam_options(const Options& o) {
  check(o.lr() >= 0, "Invalid learning rate: ", o.lr());
  check(o.eps() >= 0, "Invalid epsilon value: ", o.eps());
  const auto [beta1, beta2] = o.betas();
  check(0 <= beta1 && beta1 < 1, "Invalid beta parameter at index 0: ", beta1);
  check(0 <= beta2 && beta2 < 1, "Invalid beta parameter at index 1: ", beta2);
  check(o.weight_decay() >= 0, "Invalid weight_decay value: ", o.weight_decay());
}

template <class Options, class State>
void adam(std::vector<OptimizerParamGroup>& groups, Optimizer::State& states, bool decoupled) {
  Step step;
  InlineVector<kernels::Update<kernels::Adam>, 8> updates;
  for_each_gradient<Options>(groups, step, [&](const Tensor& p, const Tensor& g, const Options& o) {
    bool fresh;
    State& s = state_of<State>(states, p, fresh);
    if (fresh) s.exp_avg(state_like(p)).exp_avg_sq(state_like(p));
    if (o.amsgrad() && !s.max_exp_avg_sq().defined()) s.max_exp_avg_sq(state_like(p));
    s.step(s.step() + 1);
    kernels::Update<kernels::Adam> u;
    u.p = step.parameter(p);
    u.g = g.unsafeGetTensorImpl();
    u.state[0] = s.exp_avg().unsafeGetTensorImpl();
    u.state[1] = s.exp_avg_sq().unsafeGetTensorImpl();
    u.state[2] = o.amsgrad() ? s.max_exp_avg_sq().unsafeGetTensorImpl() : nullptr;
    u.c = {o.lr(), std::get<0>(o.betas()), std::get<1>(o.betas()), o.eps(), o.weight_decay(), decoupled, s.step()};
    updates.push_back(u);
  });
  kernels::adam_step(updates);
  step.finish();
}

}  // namespace gradus::optim::detail
