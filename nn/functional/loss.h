// Losses as functions with options. Formulas and derivatives: autograd/ops/loss.h. `reduction` is kMean, kSum or kNone.
#pragma once
#include <optional>
#include <type_traits>
#include <variant>

#include "gradus/nn/enums.h"
#include "gradus/tensor/arg.h"
#include "gradus/tensor/tensor.h"

namespace gradus::nn {

using reduction_t = std::variant<enumtype::kNone, enumtype::kMean, enumtype::kSum>;

namespace detail {
// A reduction_t, or one of its kinds: `MSELoss(kSum)` needs no more than one conversion.
template <class R, class Reduction>
using if_reduction = std::enable_if_t<std::is_convertible_v<const R&, Reduction>>;
}  // namespace detail

struct L1LossOptions {
  L1LossOptions() = default;
  template <class R, class = detail::if_reduction<R, reduction_t>>
  L1LossOptions(const R& reduction) : reduction_(reduction) {}
  GRADUS_ARG(reduction_t, reduction) = kMean;
};
struct MSELossOptions {
  MSELossOptions() = default;
  template <class R, class = detail::if_reduction<R, reduction_t>>
  MSELossOptions(const R& reduction) : reduction_(reduction) {}
  GRADUS_ARG(reduction_t, reduction) = kMean;
};
/// reduction may also be kBatchMean: the sum divided by the size of the batch. log_target: the target is a logarithm.
struct KLDivLossOptions {
  using reduction_t = std::variant<enumtype::kNone, enumtype::kBatchMean, enumtype::kSum, enumtype::kMean>;
  KLDivLossOptions() = default;
  template <class R, class = detail::if_reduction<R, reduction_t>>
  KLDivLossOptions(const R& reduction) : reduction_(reduction) {}
  GRADUS_ARG(reduction_t, reduction) = kMean;
  GRADUS_ARG(bool, log_target) = false;
};
/// weight: a factor for each element, broadcast.
struct BCELossOptions {
  GRADUS_ARG(Tensor, weight) = {};
  GRADUS_ARG(reduction_t, reduction) = kMean;
};
/// pos_weight: a factor for the positive part of each class.
struct BCEWithLogitsLossOptions {
  GRADUS_ARG(Tensor, weight) = {};
  GRADUS_ARG(reduction_t, reduction) = kMean;
  GRADUS_ARG(Tensor, pos_weight) = {};
};
/// weight: a factor for each class [C]. Targets equal to ignore_index count for nothing.
struct NLLLossOptions {
  GRADUS_ARG(Tensor, weight) = {};
  GRADUS_ARG(int64_t, ignore_index) = -100;
  GRADUS_ARG(reduction_t, reduction) = kMean;
};
struct CrossEntropyLossOptions {
  GRADUS_ARG(Tensor, weight) = {};
  GRADUS_ARG(int64_t, ignore_index) = -100;
  GRADUS_ARG(reduction_t, reduction) = kMean;
  GRADUS_ARG(double, label_smoothing) = 0.0;
};
struct SmoothL1LossOptions {
  SmoothL1LossOptions() = default;
  template <class R, class = detail::if_reduction<R, reduction_t>>
  SmoothL1LossOptions(const R& reduction) : reduction_(reduction) {}
  GRADUS_ARG(reduction_t, reduction) = kMean;
  GRADUS_ARG(std::optional<double>, beta) = std::nullopt;
};
struct HuberLossOptions {
  HuberLossOptions() = default;
  template <class R, class = detail::if_reduction<R, reduction_t>>
  HuberLossOptions(const R& reduction) : reduction_(reduction) {}
  GRADUS_ARG(reduction_t, reduction) = kMean;
  GRADUS_ARG(double, delta) = 1.0;
};

namespace functional {

using L1LossFuncOptions = L1LossOptions;
using MSELossFuncOptions = MSELossOptions;
using KLDivFuncOptions = KLDivLossOptions;
using BinaryCrossEntropyFuncOptions = BCELossOptions;
using BinaryCrossEntropyWithLogitsFuncOptions = BCEWithLogitsLossOptions;
using NLLLossFuncOptions = NLLLossOptions;
using CrossEntropyFuncOptions = CrossEntropyLossOptions;
using SmoothL1LossFuncOptions = SmoothL1LossOptions;
using HuberLossFuncOptions = HuberLossOptions;

Tensor l1_loss(const Tensor& x, const Tensor& target, const L1LossFuncOptions& options = {});
Tensor mse_loss(const Tensor& x, const Tensor& target, const MSELossFuncOptions& options = {});
/// x holds log-probabilities.
Tensor kl_div(const Tensor& x, const Tensor& target, const KLDivFuncOptions& options = {});
/// x holds probabilities.
Tensor binary_cross_entropy(const Tensor& x, const Tensor& target, const BinaryCrossEntropyFuncOptions& options = {});
Tensor binary_cross_entropy_with_logits(const Tensor& x, const Tensor& target,
                                        const BinaryCrossEntropyWithLogitsFuncOptions& options = {});
/// x holds log-probabilities [N, C, ...], target classes [N, ...].
Tensor nll_loss(const Tensor& x, const Tensor& target, const NLLLossFuncOptions& options = {});
/// x holds logits [N, C, ...], target classes [N, ...] or probabilities [N, C, ...].
Tensor cross_entropy(const Tensor& x, const Tensor& target, const CrossEntropyFuncOptions& options = {});
Tensor smooth_l1_loss(const Tensor& x, const Tensor& target, const SmoothL1LossFuncOptions& options = {});
Tensor smooth_l1_loss(const Tensor& x, const Tensor& target, const SmoothL1LossFuncOptions& options, double beta);
Tensor huber_loss(const Tensor& x, const Tensor& target, const HuberLossFuncOptions& options = {});

}  // namespace functional
}  // namespace gradus::nn
