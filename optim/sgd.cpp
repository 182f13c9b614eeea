#include "gradus/optim/sgd.h"

#include "gradus/optim/options_impl.h"
#include "gradus/optim/step.h"

namespace gradus::optim {

template class FieldedOptions<SGDOptions>;
template class FieldedParamState<SGDParamState>;

SGD::SGD(std::vector<Tensor> params, SGDOptions defaults)
    : SGD(std::vector{OptimizerParamGroup(std::move(params))}, defaults) {}

SGD::SGD(const std::vector<OptimizerParamGroup>& groups, SGDOptions defaults)
    : Optimizer(groups, std::make_unique<SGDOptions>(defaults)) {
  check(defaults.lr() >= 0, "Invalid learning rate: ", defaults.lr());
  check(defaults.momentum() >= 0, "Invalid momentum value: ", defaults.momentum());
  check(defaults.weight_decay() >= 0, "Invalid weight_decay value: ", defaults.weight_decay());
  check(!defaults.nesterov() || (defaults.momentum() > 0 && defaults.dampening() == 0),
        "Nesterov momentum requires a momentum and zero dampening");
}

Tensor SGD::step(LossClosure closure) {
  NoGradGuard no_grad;
  Tensor loss = evaluate(closure);
  run_rule<SGDOptions, SGDParamState>(
      param_groups_, state_, kernels::sgd_step,
      [](const Tensor& p, const SGDOptions& o, auto state, kernels::Update<kernels::Sgd>& u) {
        bool first = false;
        if (o.momentum() != 0) {
          Tensor& buffer = state().momentum_buffer();
          first = !buffer.defined();
          if (first) buffer = empty(p.sizes(), p.options());
          u.state[0] = buffer.unsafeGetTensorImpl();
        }
        u.c = {rule_of(o), o.momentum(), o.dampening(), o.nesterov(), first};
      });
  return loss;
}

std::unique_ptr<OptimizerParamState> SGD::make_state() const { return std::make_unique<SGDParamState>(); }

}  // namespace gradus::optim
