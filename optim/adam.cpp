#include "gradus/optim/adam.h"

#include "gradus/optim/adam_impl.h"

namespace gradus::optim {

template class FieldedOptions<AdamOptions>;
template class FieldedParamState<AdamParamState>;

bool operator==(const AdamOptions& a, const AdamOptions& b) { return detail::same_fields(a, b); }
bool operator==(const AdamParamState& a, const AdamParamState& b) { return detail::same_fields(a, b); }

Adam::Adam(std::vector<Tensor> params, AdamOptions defaults)
    : Adam(std::vector{OptimizerParamGroup(std::move(params))}, defaults) {}

Adam::Adam(const std::vector<OptimizerParamGroup>& groups, AdamOptions defaults)
    : Optimizer(groups, std::make_unique<AdamOptions>(defaults)) {
  detail::check_adam_options(defaults);
}

Tensor Adam::step(LossClosure closure) {
  NoGradGuard no_grad;
  Tensor loss = evaluate(closure);
  detail::adam<AdamOptions, AdamParamState>(groups_, state_, false);
  return loss;
}

std::unique_ptr<OptimizerParamState> Adam::make_state() const { return std::make_unique<AdamParamState>(); }

}  // namespace gradus::optim
