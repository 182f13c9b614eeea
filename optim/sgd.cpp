#include "gradus/optim/sgd.h"

#include "gradus/autograd/ops/compare.h"
#include "gradus/optim/options_impl.h"
#include "gradus/optim/step.h"

namespace gradus::optim {

template class FieldedOptions<SGDOptions>;
template class FieldedParamState<SGDParamState>;

bool operator==(const SGDOptions& a, const SGDOptions& b) { return detail::same_fields(a, b); }
bool operator==(const SGDParamState& a, const SGDParamState& b) { return detail::same_fields(a, b); }

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
  Step step;
  InlineVector<kernels::Update<kernels::Sgd>, 8> updates;
  for_each_gradient<SGDOptions>(groups_, step, [&](const Tensor& p, const Tensor& g, const SGDOptions& o) {
    kernels::Update<kernels::Sgd> u;
    u.p = step.parameter(p);
    u.g = g.unsafeGetTensorImpl();
    bool first = false;
    if (o.momentum() != 0) {
      bool fresh;
      auto& s = state_of<SGDParamState>(state_, p, fresh);
      first = !s.momentum_buffer().defined();
      if (first) s.momentum_buffer(empty(p.sizes(), p.options()));
      u.state[0] = s.momentum_buffer().unsafeGetTensorImpl();
    }
    u.c = {o.lr(), o.momentum(), o.dampening(), o.weight_decay(), o.nesterov(), first};
    updates.push_back(u);
  });
  kernels::sgd_step(updates);
  step.finish();
  return loss;
}

std::unique_ptr<OptimizerParamState> SGD::make_state() const { return std::make_unique<SGDParamState>(); }

}  // namespace gradus::optim
