#include "gradus/optim/adagrad.h"

#include "gradus/optim/options_impl.h"
#include "gradus/optim/step.h"

namespace gradus::optim {

template class FieldedOptions<AdagradOptions>;
template class FieldedParamState<AdagradParamState>;

bool operator==(const AdagradOptions& a, const AdagradOptions& b) { return detail::same_fields(a, b); }
bool operator==(const AdagradParamState& a, const AdagradParamState& b) { return detail::same_fields(a, b); }

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
  Step step;
  InlineVector<kernels::Update<kernels::Adagrad>, 8> updates;
  for_each_gradient<AdagradOptions>(groups_, step, [&](const Tensor& p, const Tensor& g, const AdagradOptions& o) {
    bool fresh;
    auto& s = state_of<AdagradParamState>(state_, p, fresh);
    if (fresh) s.sum(state_like(p, o.initial_accumulator_value()));
    s.step(s.step() + 1);
    kernels::Update<kernels::Adagrad> u;
    u.p = step.parameter(p);
    u.g = g.unsafeGetTensorImpl();
    u.state[0] = s.sum().unsafeGetTensorImpl();
    u.c = {o.lr() / (1 + static_cast<double>(s.step() - 1) * o.lr_decay()), o.eps(), o.weight_decay()};
    updates.push_back(u);
  });
  kernels::adagrad_step(updates);
  step.finish();
  return loss;
}

std::unique_ptr<OptimizerParamState> Adagrad::make_state() const { return std::make_unique<AdagradParamState>(); }

}  // namespace gradus::optim
