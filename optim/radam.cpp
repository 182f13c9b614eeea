#include "gradus/optim/radam.h"

#include <cmath>

#include "gradus/optim/moments.h"

namespace gradus::optim {

template class FieldedOptions<RAdamOptions>;
template class FieldedParamState<RAdamParamState>;

RAdam::RAdam(std::vector<Tensor> params, RAdamOptions defaults)
    : RAdam(std::vector{OptimizerParamGroup(std::move(params))}, defaults) {}

RAdam::RAdam(const std::vector<OptimizerParamGroup>& groups, RAdamOptions defaults)
    : Optimizer(groups, std::make_unique<RAdamOptions>(defaults)) {
  check_moments(defaults);
}

Tensor RAdam::step(LossClosure closure) {
  NoGradGuard no_grad;
  Tensor loss = evaluate(closure);
  run_rule<RAdamOptions, RAdamParamState>(
      param_groups_, state_, kernels::radam_step,
      [](const Tensor& p, const RAdamOptions& o, auto state, kernels::Update<kernels::RAdam>& u) {
        RAdamParamState& s = state();
        s.step(s.step() + 1);
        const double beta2 = std::get<1>(o.betas());
        const double t = static_cast<double>(s.step()), left2 = std::pow(beta2, t);
        const double r = 2 / (1 - beta2) - 1, q = r - 2 * t * left2 / (1 - left2);
        const kernels::Adam moments = moments_of(o, s.step());
        double rate = o.lr() / moments.correction1;
        if (q > 5) rate *= moments.root2 * std::sqrt((q - 4) * (q - 2) * r / ((r - 4) * (r - 2) * q));
        u.state[0] = state_tensor(s.exp_avg(), p);
        u.state[1] = state_tensor(s.exp_avg_sq(), p);
        u.c = {moments, rate, q > 5};
      });
  return loss;
}

std::unique_ptr<OptimizerParamState> RAdam::make_state() const { return std::make_unique<RAdamParamState>(); }

}  // namespace gradus::optim
