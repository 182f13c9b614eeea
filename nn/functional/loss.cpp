#include "gradus/nn/functional/loss.h"

#include "gradus/autograd/ops/arithmetic.h"
#include "gradus/autograd/ops/loss.h"

namespace gradus::nn::functional {
namespace {

// PyTorch's numbers: none 0, mean 1, sum 2.
int64_t number(const reduction_t& r) { return static_cast<int64_t>(r.index()); }

}  // namespace

Tensor l1_loss(const Tensor& x, const Tensor& target, const L1LossFuncOptions& o) {
  return gradus::l1_loss(x, target, number(o.reduction()));
}

Tensor mse_loss(const Tensor& x, const Tensor& target, const MSELossFuncOptions& o) {
  return gradus::mse_loss(x, target, number(o.reduction()));
}

Tensor kl_div(const Tensor& x, const Tensor& target, const KLDivFuncOptions& o) {
  if (std::holds_alternative<enumtype::kBatchMean>(o.reduction())) {
    const Tensor sum = gradus::kl_div(x, target, number(reduction_t(kSum)), o.log_target());
    return x.dim() == 0 ? sum : sum / x.size(0);
  }
  const bool mean = std::holds_alternative<enumtype::kMean>(o.reduction());
  const bool none = std::holds_alternative<enumtype::kNone>(o.reduction());
  const reduction_t r = mean ? reduction_t(kMean) : none ? reduction_t(kNone) : reduction_t(kSum);
  return gradus::kl_div(x, target, number(r), o.log_target());
}

Tensor binary_cross_entropy(const Tensor& x, const Tensor& target, const BinaryCrossEntropyFuncOptions& o) {
  return gradus::binary_cross_entropy(x, target, o.weight(), number(o.reduction()));
}

Tensor binary_cross_entropy_with_logits(const Tensor& x, const Tensor& target,
                                        const BinaryCrossEntropyWithLogitsFuncOptions& o) {
  return gradus::binary_cross_entropy_with_logits(x, target, o.weight(), o.pos_weight(), number(o.reduction()));
}

Tensor nll_loss(const Tensor& x, const Tensor& target, const NLLLossFuncOptions& o) {
  return gradus::nll_loss(x, target, o.weight(), number(o.reduction()), o.ignore_index());
}

Tensor cross_entropy(const Tensor& x, const Tensor& target, const CrossEntropyFuncOptions& o) {
  return gradus::cross_entropy_loss(x, target, o.weight(), number(o.reduction()), o.ignore_index(),
                                    o.label_smoothing());
}

Tensor smooth_l1_loss(const Tensor& x, const Tensor& target, const SmoothL1LossFuncOptions& o) {
  return gradus::smooth_l1_loss(x, target, number(o.reduction()), o.beta().value_or(1.0));
}

Tensor smooth_l1_loss(const Tensor& x, const Tensor& target, const SmoothL1LossFuncOptions& o, double beta) {
  check(!o.beta().has_value(), "expected beta not to be provided in 'options', but got ", o.beta().value_or(0));
  return gradus::smooth_l1_loss(x, target, number(o.reduction()), beta);
}

Tensor huber_loss(const Tensor& x, const Tensor& target, const HuberLossFuncOptions& o) {
  return gradus::huber_loss(x, target, number(o.reduction()), o.delta());
}

}  // namespace gradus::nn::functional
