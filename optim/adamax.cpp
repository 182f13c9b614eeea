#include "gradus/optim/adamax.h"

#include "gradus/optim/moments.h"

namespace gradus::optim {

template class FieldedOptions<AdamaxOptions>;
template class FieldedParamState<AdamaxParamState>;

Adamax::Adamax(std::vector<Tensor> params, AdamaxOptions defaults)
    : Adamax(std::vector{OptimizerParamGroup(std::move(params))}, defaults) {}

Adamax::Adamax(const std::vector<OptimizerParamGroup>& groups, AdamaxOptions defaults)
    : Optimizer(groups, std::make_unique<AdamaxOptions>(defaults)) {
  check_moments(defaults);
}

Tensor Adamax::step(LossClosure closure) {
  NoGradGuard no_grad;
  Tensor loss = evaluate(closure);
  run_rule<AdamaxOptions, AdamaxParamState>(
      param_groups_, state_, kernels::adamax_step,
      [](const Tensor& p, const AdamaxOptions& o, auto state, kernels::Update<kernels::Adamax>& u) {
        AdamaxParamState& s = state();
        s.step(s.step() + 1);
        u.state[0] = state_tensor(s.exp_avg(), p);
        u.state[1] = state_tensor(s.exp_inf(), p);
        u.c = {moments_of(o, s.step())};
      });
  return loss;
}

std::unique_ptr<OptimizerParamState> Adamax::make_state() const { return std::make_unique<AdamaxParamState>(); }

}  // namespace gradus::optim
