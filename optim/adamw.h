// AdamW: Adam whose weight decay does not pass through the moments.
#pragma once
#include "gradus/optim/adam.h"

namespace gradus::optim {

using AdamWOptions = AdamOptionsOf<true>;
using AdamWParamState = AdamParamState;

/// p *= 1 - lr weight_decay, and then as Adam without weight decay.  Loshchilov, Hutter 2017, arXiv:1711.05101.
/// https://pytorch.org/docs/stable/generated/torch.optim.AdamW.html
class AdamW : public Adam {
 public:
  explicit AdamW(const std::vector<OptimizerParamGroup>& groups, AdamWOptions defaults = {});
  explicit AdamW(std::vector<Tensor> params, AdamWOptions defaults = {});
  Tensor step(LossClosure closure = nullptr) override;
};

}  // namespace gradus::optim
