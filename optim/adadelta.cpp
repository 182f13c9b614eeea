#include "gradus/optim/adadelta.h"

#include "gradus/optim/options_impl.h"
#include "gradus/optim/step.h"

namespace gradus::optim {

template class FieldedOptions<AdadeltaOptions>;
template class FieldedParamState<AdadeltaParamState>;

Adadelta::Adadelta(std::vector<Tensor> params, AdadeltaOptions defaults)
    : Adadelta(std::vector{OptimizerParamGroup(std::move(params))}, defaults) {}

Adadelta::Adadelta(const std::vector<OptimizerParamGroup>& groups, AdadeltaOptions defaults)
    : Optimizer(groups, std::make_unique<AdadeltaOptions>(defaults)) {
  check(defaults.lr() >= 0, "Invalid learning rate: ", defaults.lr());
  check(0 <= defaults.rho() && defaults.rho() <= 1, "Invalid rho value: ", defaults.rho());
  check(defaults.eps() >= 0, "Invalid epsilon value: ", defaults.eps());
  check(defaults.weight_decay() >= 0, "Invalid weight_decay value: ", defaults.weight_decay());
}

Tensor Adadelta::step(LossClosure closure) {
  NoGradGuard no_grad;
  Tensor loss = evaluate(closure);
  run_rule<AdadeltaOptions, AdadeltaParamState>(
      param_groups_, state_, kernels::adadelta_step,
      [](const Tensor& p, const AdadeltaOptions& o, auto state, kernels::Update<kernels::Adadelta>& u) {
        AdadeltaParamState& s = state();
        s.step(s.step() + 1);
        u.state[0] = state_tensor(s.square_avg(), p);
        u.state[1] = state_tensor(s.acc_delta(), p);
        u.c = {rule_of(o), o.rho(), o.eps()};
      });
  return loss;
}

std::unique_ptr<OptimizerParamState> Adadelta::make_state() const { return std::make_unique<AdadeltaParamState>(); }

}  // namespace gradus::optim
