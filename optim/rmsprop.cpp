#include "gradus/optim/rmsprop.h"

#include "gradus/optim/options_impl.h"
#include "gradus/optim/step.h"

namespace gradus::optim {

template class FieldedOptions<RMSpropOptions>;
template class FieldedParamState<RMSpropParamState>;

RMSprop::RMSprop(std::vector<Tensor> params, RMSpropOptions defaults)
    : RMSprop(std::vector{OptimizerParamGroup(std::move(params))}, defaults) {}

RMSprop::RMSprop(const std::vector<OptimizerParamGroup>& groups, RMSpropOptions defaults)
    : Optimizer(groups, std::make_unique<RMSpropOptions>(defaults)) {
  check(defaults.lr() >= 0, "Invalid learning rate: ", defaults.lr());
  check(defaults.eps() >= 0, "Invalid epsilon value: ", defaults.eps());
  check(defaults.momentum() >= 0, "Invalid momentum value: ", defaults.momentum());
  check(defaults.weight_decay() >= 0, "Invalid weight_decay value: ", defaults.weight_decay());
  check(defaults.alpha() >= 0, "Invalid alpha value: ", defaults.alpha());
}

Tensor RMSprop::step(LossClosure closure) {
  NoGradGuard no_grad;
  Tensor loss = evaluate(closure);
  run_rule<RMSpropOptions, RMSpropParamState>(
      param_groups_, state_, kernels::rmsprop_step,
      [](const Tensor& p, const RMSpropOptions& o, auto state, kernels::Update<kernels::RmsProp>& u) {
        RMSpropParamState& s = state();
        s.step(s.step() + 1);
        u.state[0] = state_tensor(s.square_avg(), p);
        if (o.centered()) u.state[1] = state_tensor(s.grad_avg(), p);
        if (o.momentum() > 0) u.state[2] = state_tensor(s.momentum_buffer(), p);
        u.c = {rule_of(o), o.alpha(), o.eps(), o.momentum()};
      });
  return loss;
}

std::unique_ptr<OptimizerParamState> RMSprop::make_state() const { return std::make_unique<RMSpropParamState>(); }

}  // namespace gradus::optim
