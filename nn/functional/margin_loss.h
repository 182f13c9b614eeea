// Losses with a margin, of pairs and triplets, of counts and of normal distributions, as functions with options.
// Formulas and derivatives: autograd/ops/margin_loss.h.
#pragma once
#include <functional>
#include <optional>

#include "gradus/nn/functional/loss.h"

namespace gradus::nn {

struct HingeEmbeddingLossOptions {
  GRADUS_ARG(double, margin) = 1.0;
  GRADUS_ARG(reduction_t, reduction) = kMean;
};
/// p: 1 or 2. weight: a factor for each class [C].
struct MultiMarginLossOptions {
  GRADUS_ARG(int64_t, p) = 1;
  GRADUS_ARG(double, margin) = 1.0;
  GRADUS_ARG(Tensor, weight) = {};
  GRADUS_ARG(reduction_t, reduction) = kMean;
};
struct CosineEmbeddingLossOptions {
  GRADUS_ARG(double, margin) = 0.0;
  GRADUS_ARG(reduction_t, reduction) = kMean;
};
struct MultiLabelMarginLossOptions {
  MultiLabelMarginLossOptions() = default;
  template <class R, class = detail::if_reduction<R, reduction_t>>
  MultiLabelMarginLossOptions(const R& reduction) : reduction_(reduction) {}
  GRADUS_ARG(reduction_t, reduction) = kMean;
};
struct SoftMarginLossOptions {
  SoftMarginLossOptions() = default;
  template <class R, class = detail::if_reduction<R, reduction_t>>
  SoftMarginLossOptions(const R& reduction) : reduction_(reduction) {}
  GRADUS_ARG(reduction_t, reduction) = kMean;
};
/// weight: a factor for each class [C].
struct MultiLabelSoftMarginLossOptions {
  GRADUS_ARG(Tensor, weight) = {};
  GRADUS_ARG(reduction_t, reduction) = kMean;
};
/// p: of the distance's norm. swap: also look at the distance from positive to negative.
struct TripletMarginLossOptions {
  GRADUS_ARG(double, margin) = 1.0;
  GRADUS_ARG(double, p) = 2.0;
  GRADUS_ARG(double, eps) = 1e-6;
  GRADUS_ARG(bool, swap) = false;
  GRADUS_ARG(reduction_t, reduction) = kMean;
};
/// distance_function: pairwise_distance unless given.
struct TripletMarginWithDistanceLossOptions {
  using distance_function_t = std::function<Tensor(const Tensor&, const Tensor&)>;
  GRADUS_ARG(std::optional<distance_function_t>, distance_function) = std::nullopt;
  GRADUS_ARG(double, margin) = 1.0;
  GRADUS_ARG(bool, swap) = false;
  GRADUS_ARG(reduction_t, reduction) = kMean;
};
/// log_input: x is a logarithm. full: add Stirling's approximation of the target's part.
struct PoissonNLLLossOptions {
  GRADUS_ARG(bool, log_input) = true;
  GRADUS_ARG(bool, full) = false;
  GRADUS_ARG(double, eps) = 1e-8;
  GRADUS_ARG(reduction_t, reduction) = kMean;
};
struct MarginRankingLossOptions {
  GRADUS_ARG(double, margin) = 0.0;
  GRADUS_ARG(reduction_t, reduction) = kMean;
};
/// full: add the constant. eps: the least variance.
struct GaussianNLLLossOptions {
  GRADUS_ARG(bool, full) = false;
  GRADUS_ARG(double, eps) = 1e-6;
  GRADUS_ARG(reduction_t, reduction) = kMean;
};

namespace functional {

using HingeEmbeddingLossFuncOptions = HingeEmbeddingLossOptions;
using MultiMarginLossFuncOptions = MultiMarginLossOptions;
using CosineEmbeddingLossFuncOptions = CosineEmbeddingLossOptions;
using MultilabelMarginLossFuncOptions = MultiLabelMarginLossOptions;
using SoftMarginLossFuncOptions = SoftMarginLossOptions;
using MultilabelSoftMarginLossFuncOptions = MultiLabelSoftMarginLossOptions;
using TripletMarginLossFuncOptions = TripletMarginLossOptions;
using TripletMarginWithDistanceLossFuncOptions = TripletMarginWithDistanceLossOptions;
using PoissonNLLLossFuncOptions = PoissonNLLLossOptions;
using MarginRankingLossFuncOptions = MarginRankingLossOptions;
using GaussianNLLLossFuncOptions = GaussianNLLLossOptions;

Tensor hinge_embedding_loss(const Tensor& x, const Tensor& target, const HingeEmbeddingLossFuncOptions& options = {});
/// x [N, C] or [C], target classes [N] or [].
Tensor multi_margin_loss(const Tensor& x, const Tensor& target, const MultiMarginLossFuncOptions& options = {});
/// input1 and input2 [N, D], target [N] of 1 and -1.
Tensor cosine_embedding_loss(const Tensor& input1, const Tensor& input2, const Tensor& target,
                             const CosineEmbeddingLossFuncOptions& options = {});
/// x [N, C] or [C], target of this shape: the classes of each row, up to the first -1.
Tensor multilabel_margin_loss(const Tensor& x, const Tensor& target,
                              const MultilabelMarginLossFuncOptions& options = {});
Tensor soft_margin_loss(const Tensor& x, const Tensor& target, const SoftMarginLossFuncOptions& options = {});
/// x and target [N, C]; values [N].
Tensor multilabel_soft_margin_loss(const Tensor& x, const Tensor& target,
                                   const MultilabelSoftMarginLossFuncOptions& options = {});
/// anchor, positive and negative [N, D].
Tensor triplet_margin_loss(const Tensor& anchor, const Tensor& positive, const Tensor& negative,
                           const TripletMarginLossFuncOptions& options = {});
Tensor triplet_margin_with_distance_loss(const Tensor& anchor, const Tensor& positive, const Tensor& negative,
                                         const TripletMarginWithDistanceLossFuncOptions& options = {});
Tensor poisson_nll_loss(const Tensor& x, const Tensor& target, const PoissonNLLLossFuncOptions& options = {});
Tensor margin_ranking_loss(const Tensor& input1, const Tensor& input2, const Tensor& target,
                           const MarginRankingLossFuncOptions& options = {});
/// var of x's shape, or without or with size 1 of its last dimension.
Tensor gaussian_nll_loss(const Tensor& x, const Tensor& target, const Tensor& var,
                         const GaussianNLLLossFuncOptions& options = {});

}  // namespace functional
}  // namespace gradus::nn
