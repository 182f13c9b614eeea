#include "gradus/nn/functional/margin_loss.h"

#include "gradus/autograd/ops/arithmetic.h"
#include "gradus/autograd/ops/distance.h"
#include "gradus/autograd/ops/margin_loss.h"
#include "gradus/autograd/ops/reduce.h"

namespace gradus::nn::functional {
namespace {

// PyTorch's numbers: none 0, mean 1, sum 2.
int64_t number(const reduction_t& r) { return static_cast<int64_t>(r.index()); }

}  // namespace

Tensor hinge_embedding_loss(const Tensor& x, const Tensor& target, const HingeEmbeddingLossFuncOptions& o) {
  return gradus::hinge_embedding_loss(x, target, o.margin(), number(o.reduction()));
}

Tensor multi_margin_loss(const Tensor& x, const Tensor& target, const MultiMarginLossFuncOptions& o) {
  check(o.p() == 1 || o.p() == 2, "multi_margin_loss: only p == 1 and p == 2 supported");
  check(!o.weight().defined() || o.weight().dim() == 1, "multi_margin_loss: weight must be one-dimensional");
  return gradus::multi_margin_loss(x, target, o.p(), o.margin(), o.weight(), number(o.reduction()));
}

Tensor cosine_embedding_loss(const Tensor& input1, const Tensor& input2, const Tensor& target,
                             const CosineEmbeddingLossFuncOptions& o) {
  return gradus::cosine_embedding_loss(input1, input2, target, o.margin(), number(o.reduction()));
}

Tensor multilabel_margin_loss(const Tensor& x, const Tensor& target, const MultilabelMarginLossFuncOptions& o) {
  return gradus::multilabel_margin_loss(x, target, number(o.reduction()));
}

Tensor soft_margin_loss(const Tensor& x, const Tensor& target, const SoftMarginLossFuncOptions& o) {
  return gradus::soft_margin_loss(x, target, number(o.reduction()));
}

Tensor multilabel_soft_margin_loss(const Tensor& x, const Tensor& target,
                                   const MultilabelSoftMarginLossFuncOptions& o) {
  return gradus::multilabel_soft_margin_loss(x, target, o.weight(), number(o.reduction()));
}

Tensor triplet_margin_loss(const Tensor& anchor, const Tensor& positive, const Tensor& negative,
                           const TripletMarginLossFuncOptions& o) {
  return gradus::triplet_margin_loss(anchor, positive, negative, o.margin(), o.p(), o.eps(), o.swap(),
                                     number(o.reduction()));
}

Tensor triplet_margin_with_distance_loss(const Tensor& anchor, const Tensor& positive, const Tensor& negative,
                                         const TripletMarginWithDistanceLossFuncOptions& o) {
  auto distance = [&](const Tensor& a, const Tensor& b) {
    return o.distance_function() ? (*o.distance_function())(a, b) : gradus::pairwise_distance(a, b);
  };
  const Tensor to_positive = distance(anchor, positive);
  Tensor to_negative = distance(anchor, negative);
  if (o.swap()) to_negative = minimum(to_negative, distance(positive, negative));
  const Tensor values = clamp_min(to_positive - to_negative + o.margin(), 0);
  if (std::holds_alternative<enumtype::kNone>(o.reduction())) return values;
  return std::holds_alternative<enumtype::kMean>(o.reduction()) ? mean(values) : sum(values);
}

Tensor poisson_nll_loss(const Tensor& x, const Tensor& target, const PoissonNLLLossFuncOptions& o) {
  return gradus::poisson_nll_loss(x, target, o.log_input(), o.full(), o.eps(), number(o.reduction()));
}

Tensor margin_ranking_loss(const Tensor& input1, const Tensor& input2, const Tensor& target,
                           const MarginRankingLossFuncOptions& o) {
  return gradus::margin_ranking_loss(input1, input2, target, o.margin(), number(o.reduction()));
}

Tensor gaussian_nll_loss(const Tensor& x, const Tensor& target, const Tensor& var,
                         const GaussianNLLLossFuncOptions& o) {
  return gradus::gaussian_nll_loss(x, target, var, o.full(), o.eps(), number(o.reduction()));
}

}  // namespace gradus::nn::functional
