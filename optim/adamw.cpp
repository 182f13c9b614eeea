#include "gradus/optim/adamw.h"

#include "gradus/optim/adam_impl.h"

namespace gradus::optim {

template class FieldedOptions<AdamWOptions>;
template class FieldedParamState<AdamWParamState>;

bool operator==(const AdamWOptions& a, const AdamWOptions& b) { return detail::same_fields(a, b); }
bool operator==(const AdamWParamState& a, const AdamWParamState& b) { return detail::same_fields(a, b); }

AdamW::AdamW(std::vector<Tensor> params, AdamWOptions defaults)
    : AdamW(std::vector{OptimizerParamGroup(std::move(params))}, defaults) {}

AdamW::AdamW(const std::vector<OptimizerParamGroup>& groups, AdamWOptions defaults)
    : Optimizer(groups, std::make_unique<AdamWOptions>(defaults)) {
  detail::check_adam_options(defaults);
}

Tensor AdamW::step(LossClosure closure) {
  NoGradGuard no_grad;
  Tensor loss = evaluate(closure);
  detail::adam<AdamWOptions, AdamWParamState>(groups_, state_, true);
  return loss;
}

std::unique_ptr<OptimizerParamState> AdamW::make_state() const { return std::make_unique<AdamWParamState>(); }

}  // namespace gradus::optim
