#include "gradus/optim/adam.h"

#include "gradus/optim/adamw.h"
#include "gradus/optim/moments.h"

namespace gradus::optim {

template class FieldedOptions<AdamOptions>;
template class FieldedOptions<AdamWOptions>;
template class FieldedParamState<AdamParamState>;

namespace {

template <class Options>
void run(std::vector<OptimizerParamGroup>& groups, Optimizer::State& states) {
  run_rule<Options, AdamParamState>(
      groups, states, kernels::adam_step,
      [](const Tensor& p, const Options& o, auto state, kernels::Update<kernels::Adam>& u) {
        AdamParamState& s = state();
        s.step(s.step() + 1);
        u.state[0] = state_tensor(s.exp_avg(), p);
        u.state[1] = state_tensor(s.exp_avg_sq(), p);
        if (o.amsgrad()) u.state[2] = state_tensor(s.max_exp_avg_sq(), p);
        u.c = moments_of(o, s.step());
      });
}

}  // namespace

Adam::Adam(std::unique_ptr<OptimizerOptions> defaults, const std::vector<OptimizerParamGroup>& groups)
    : Optimizer(groups, std::move(defaults)) {}

Adam::Adam(std::vector<Tensor> params, AdamOptions defaults)
    : Adam(std::vector{OptimizerParamGroup(std::move(params))}, defaults) {}

Adam::Adam(const std::vector<OptimizerParamGroup>& groups, AdamOptions defaults)
    : Adam(std::make_unique<AdamOptions>(defaults), groups) {
  check_moments(defaults);
}

Tensor Adam::step(LossClosure closure) {
  NoGradGuard no_grad;
  Tensor loss = evaluate(closure);
  run<AdamOptions>(param_groups_, state_);
  return loss;
}

std::unique_ptr<OptimizerParamState> Adam::make_state() const { return std::make_unique<AdamParamState>(); }

AdamW::AdamW(std::vector<Tensor> params, AdamWOptions defaults)
    : AdamW(std::vector{OptimizerParamGroup(std::move(params))}, defaults) {}

AdamW::AdamW(const std::vector<OptimizerParamGroup>& groups, AdamWOptions defaults)
    : Adam(std::make_unique<AdamWOptions>(defaults), groups) {
  check_moments(defaults);
}

Tensor AdamW::step(LossClosure closure) {
  NoGradGuard no_grad;
  Tensor loss = evaluate(closure);
  run<AdamWOptions>(param_groups_, state_);
  return loss;
}

}  // namespace gradus::optim
