#include "gradus/nn/functional/loss.h"

#include "gradus/autograd/ops/arithmetic.h"
#include "gradus/autograd/ops/loss.h"
#include "gradus/tensor/warning.h"

namespace gradus::nn::functional {
namespace {

// PyTorch's numbers: none 0, mean 1, sum 2.
int64_t number(const reduction_t& r) { return static_cast<int64_t>(r.index()); }

void warn_of_sizes(const char* function, const Tensor& x, const Tensor& target) {
  if (target.sizes() == x.sizes()) return;
  gradus::detail::warn_at(function, __FILE__, __LINE__, "Using a target size (", target.sizes(),
                          ") that is different to the input size (", x.sizes(),
                          "). This will likely lead to incorrect results due to broadcasting. Please ensure they have "
                          "the same size.");
}

}  // namespace

Tensor l1_loss(const Tensor& x, const Tensor& target, const L1LossFuncOptions& o) {
  return gradus::l1_loss(x, target, number(o.reduction()));
}

Tensor mse_loss(const Tensor& x, const Tensor& target, const MSELossFuncOptions& o) {
  warn_of_sizes(__func__, x, target);
  return gradus::mse_loss(x, target, number(o.reduction()));
}

Tensor kl_div(const Tensor& x, const Tensor& target, const KLDivFuncOptions& o) {
  if (std::holds_alternative<enumtype::kBatchMean>(o.reduction())) {
    const Tensor sum = gradus::kl_div(x, target, number(reduction_t(kSum)), o.log_target());
    return x.dim() == 0 ? sum : sum / x.size(0);
  }
  const bool mean = std::holds_alternative<enumtype::kMean>(o.reduction());
  if (mean)
    gradus::detail::warn_at(
        __func__, __FILE__, __LINE__,
        "reduction: 'mean' divides the total loss by both the batch size and the support size.'batchmean' divides only "
        "by the batch size, and aligns with the KL div math definition.'mean' will be changed to behave the same as "
        "'batchmean' in the next major release.");
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
  warn_of_sizes(__func__, x, target);
  return gradus::smooth_l1_loss(x, target, number(o.reduction()), o.beta().value_or(1.0));
}

Tensor smooth_l1_loss(const Tensor& x, const Tensor& target, const SmoothL1LossFuncOptions& o, double beta) {
  check(!o.beta().has_value(), "expected beta not to be provided in 'options', but got ", o.beta().value_or(0));
  warn_of_sizes(__func__, x, target);
  return gradus::smooth_l1_loss(x, target, number(o.reduction()), beta);
}

Tensor huber_loss(const Tensor& x, const Tensor& target, const HuberLossFuncOptions& o) {
  warn_of_sizes(__func__, x, target);
  return gradus::huber_loss(x, target, number(o.reduction()), o.delta());
}

}  // namespace gradus::nn::functional
