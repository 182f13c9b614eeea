#include "gradus/optim/nadam.h"

#include <cmath>

#include "gradus/optim/moments.h"

namespace gradus::optim {

template class FieldedOptions<NAdamOptions>;
template class FieldedParamState<NAdamParamState>;

NAdam::NAdam(std::vector<Tensor> params, NAdamOptions defaults)
    : NAdam(std::vector{OptimizerParamGroup(std::move(params))}, defaults) {}

NAdam::NAdam(const std::vector<OptimizerParamGroup>& groups, NAdamOptions defaults)
    : Optimizer(groups, std::make_unique<NAdamOptions>(defaults)) {
  check_moments(defaults);
  check(defaults.momentum_decay() >= 0, "Invalid momentum_decay value: ", defaults.momentum_decay());
}

Tensor NAdam::step(LossClosure closure) {
  NoGradGuard no_grad;
  Tensor loss = evaluate(closure);
  run_rule<NAdamOptions, NAdamParamState>(
      param_groups_, state_, kernels::nadam_step,
      [](const Tensor& p, const NAdamOptions& o, auto state, kernels::Update<kernels::NAdam>& u) {
        NAdamParamState& s = state();
        s.step(s.step() + 1);
        const double t = static_cast<double>(s.step()), beta1 = std::get<0>(o.betas());
        const double mu = beta1 * (1 - 0.5 * std::pow(0.96, t * o.momentum_decay()));
        const double next = beta1 * (1 - 0.5 * std::pow(0.96, (t + 1) * o.momentum_decay()));
        s.mu_product(s.mu_product() * mu);
        u.state[0] = state_tensor(s.exp_avg(), p);
        u.state[1] = state_tensor(s.exp_avg_sq(), p);
        u.c = {moments_of(o, s.step()), o.lr() * (1 - mu) / (1 - s.mu_product()),
               o.lr() * next / (1 - s.mu_product() * next)};
      });
  return loss;
}

std::unique_ptr<OptimizerParamState> NAdam::make_state() const { return std::make_unique<NAdamParamState>(); }

}  // namespace gradus::optim
