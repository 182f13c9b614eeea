#include "gradus/optim/rmsprop.h"

#include "gradus/optim/options_impl.h"
#include "gradus/optim/step.h"

namespace gradus::optim {

template class FieldedOptions<RMSpropOptions>;
template class FieldedParamState<RMSpropParamState>;

bool operator==(const RMSpropOptions& a, const RMSpropOptions& b) { return detail::same_fields(a, b); }
bool operator==(const RMSpropParamState& a, const RMSpropParamState& b) { return detail::same_fields(a, b); }

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
  Step step;
  InlineVector<kernels::Update<kernels::RmsProp>, 8> updates;
  for_each_gradient<RMSpropOptions>(groups_, step, [&](const Tensor& p, const Tensor& g, const RMSpropOptions& o) {
    bool fresh;
    auto& s = state_of<RMSpropParamState>(state_, p, fresh);
    if (fresh) s.square_avg(state_like(p));
    if (o.momentum() > 0 && !s.momentum_buffer().defined()) s.momentum_buffer(state_like(p));
    if (o.centered() && !s.grad_avg().defined()) s.grad_avg(state_like(p));
    s.step(s.step() + 1);
    kernels::Update<kernels::RmsProp> u;
    u.p = step.parameter(p);
    u.g = g.unsafeGetTensorImpl();
    u.state[0] = s.square_avg().unsafeGetTensorImpl();
    u.state[1] = o.centered() ? s.grad_avg().unsafeGetTensorImpl() : nullptr;
    u.state[2] = o.momentum() > 0 ? s.momentum_buffer().unsafeGetTensorImpl() : nullptr;
    u.c = {o.lr(), o.alpha(), o.eps(), o.weight_decay(), o.momentum()};
    updates.push_back(u);
  });
  kernels::rmsprop_step(updates);
  step.finish();
  return loss;
}

std::unique_ptr<OptimizerParamState> RMSprop::make_state() const { return std::make_unique<RMSpropParamState>(); }

}  // namespace gradus::optim
