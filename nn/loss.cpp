#include "gradus/nn/loss.h"

#include "gradus/nn/layer_impl.h"

namespace gradus::nn {
namespace F = functional;

namespace {

// The same elements under a handle of its own, so that a clone can let go of them.
Tensor own(const Tensor& t) { return t.defined() ? t.detach() : t; }

}  // namespace

template class Layer<L1LossImpl, L1LossOptions>;
template class Layer<MSELossImpl, MSELossOptions>;
template class Layer<KLDivLossImpl, KLDivLossOptions>;
template class Layer<SmoothL1LossImpl, SmoothL1LossOptions>;
template class Layer<HuberLossImpl, HuberLossOptions>;

Tensor L1LossImpl::forward(const Tensor& x, const Tensor& target) { return F::l1_loss(x, target, options); }
Tensor MSELossImpl::forward(const Tensor& x, const Tensor& target) { return F::mse_loss(x, target, options); }
Tensor KLDivLossImpl::forward(const Tensor& x, const Tensor& target) { return F::kl_div(x, target, options); }
Tensor SmoothL1LossImpl::forward(const Tensor& x, const Tensor& target) {
  return F::smooth_l1_loss(x, target, options);
}
Tensor HuberLossImpl::forward(const Tensor& x, const Tensor& target) { return F::huber_loss(x, target, options); }

BCELossImpl::BCELossImpl(const BCELossOptions& options) : options(options) { BCELossImpl::reset(); }
BCELossImpl::~BCELossImpl() = default;
void BCELossImpl::reset() { weight = register_buffer("weight", own(options.weight())); }
Tensor BCELossImpl::forward(const Tensor& x, const Tensor& target) {
  return F::binary_cross_entropy(x, target, BCELossOptions(options).weight(weight));
}

BCEWithLogitsLossImpl::BCEWithLogitsLossImpl(const BCEWithLogitsLossOptions& options) : options(options) {
  BCEWithLogitsLossImpl::reset();
}
BCEWithLogitsLossImpl::~BCEWithLogitsLossImpl() = default;
void BCEWithLogitsLossImpl::reset() {
  weight = register_buffer("weight", own(options.weight()));
  pos_weight = register_buffer("pos_weight", own(options.pos_weight()));
}
Tensor BCEWithLogitsLossImpl::forward(const Tensor& x, const Tensor& target) {
  return F::binary_cross_entropy_with_logits(x, target,
                                             BCEWithLogitsLossOptions(options).weight(weight).pos_weight(pos_weight));
}

NLLLossImpl::NLLLossImpl(const NLLLossOptions& options) : options(options) { NLLLossImpl::reset(); }
NLLLossImpl::~NLLLossImpl() = default;
void NLLLossImpl::reset() { weight = register_buffer("weight", own(options.weight())); }
Tensor NLLLossImpl::forward(const Tensor& x, const Tensor& target) {
  return F::nll_loss(x, target, NLLLossOptions(options).weight(weight));
}

CrossEntropyLossImpl::CrossEntropyLossImpl(const CrossEntropyLossOptions& options) : options(options) {
  CrossEntropyLossImpl::reset();
}
CrossEntropyLossImpl::~CrossEntropyLossImpl() = default;
void CrossEntropyLossImpl::reset() { weight = register_buffer("weight", own(options.weight())); }
Tensor CrossEntropyLossImpl::forward(const Tensor& x, const Tensor& target) {
  return F::cross_entropy(x, target, CrossEntropyLossOptions(options).weight(weight));
}

void L1LossImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::L1Loss()"; }
void MSELossImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::MSELoss()"; }
void KLDivLossImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::KLDivLoss()"; }
void SmoothL1LossImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::SmoothL1Loss"; }
void HuberLossImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::HuberLoss"; }
void BCELossImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::BCELoss()"; }
void BCEWithLogitsLossImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::BCEWithLogitsLoss()"; }
void NLLLossImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::NLLLoss()"; }
void CrossEntropyLossImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::CrossEntropyLoss()"; }

}  // namespace gradus::nn
