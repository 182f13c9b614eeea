#include "gradus/optim/adagrad.h"

#include "gradus/optim/options_impl.h"
#include "gradus/optim/step.h"

namespace gradus::optim {

template class FieldedOptions<AdagradOptions>;
template class FieldedParamState<AdagradParamState>;

Adagrad::Adagrad(std::vector<Tensor> params, AdagradOptions defaults)
    : Adagrad(std::vector{OptimizerParamGroup(std::move(params))}, defaults) {}

Adagrad::Adagrad(const std::vector<OptimizerParamGroup>& groups, AdagradOptions defaults)
    : Optimizer(groups, std::make_unique<AdagradOptions>(defaults)) {
  check(defaults.lr() >= 0, "Invalid learning rate: ", defaults.lr());
  check(defaults.lr_decay() >= 0, "Invalid lr_decay value: ", defaults.lr_decay());
  check(defaults.weight_decay() >= 0, "Invalid weight_decay value: ", defaults.weight_decay());
  check(defaults.initial_accumulator_value() >= 0,
        "Invalid initial_accumulator_value value: ", defaults.initial_accumulator_value());
  check(defaults.eps() >= 0, "Invalid epsilon value: ", defaults.eps());
}

Tensor Adagrad::step(LossClosure closure) {
  NoGradGuard no_grad;
  Tensor loss = evaluate(closure);
  run_rule<AdagradOptions, AdagradParamState>(
      param_groups_, state_, kernels::adagrad_step,
      [](const Tensor& p, const AdagradOptions& o, auto state, kernels::Update<kernels::Adagrad>& u) {
        AdagradParamState& s = state();
        s.step(s.step() + 1);
        u.state[0] = state_tensor(s.sum(), p, o.initial_accumulator_value());
        u.c = {rule_of(o), o.eps()};
        u.c.lr /= 1 + static_cast<double>(s.step() - 1) * o.lr_decay();
      });
  return loss;
}

std::unique_ptr<OptimizerParamState> Adagrad::make_state() const { return std::make_unique<AdagradParamState>(); }

}  // namespace gradus::optim
