#include "gradus/nn/margin_loss.h"

#include "gradus/nn/layer_impl.h"

namespace gradus::nn {
namespace F = functional;

template class Layer<HingeEmbeddingLossImpl, HingeEmbeddingLossOptions>;
template class Layer<CosineEmbeddingLossImpl, CosineEmbeddingLossOptions>;
template class Layer<MultiLabelMarginLossImpl, MultiLabelMarginLossOptions>;
template class Layer<SoftMarginLossImpl, SoftMarginLossOptions>;
template class Layer<TripletMarginLossImpl, TripletMarginLossOptions>;
template class Layer<TripletMarginWithDistanceLossImpl, TripletMarginWithDistanceLossOptions>;
template class Layer<PoissonNLLLossImpl, PoissonNLLLossOptions>;
template class Layer<MarginRankingLossImpl, MarginRankingLossOptions>;
template class Layer<GaussianNLLLossImpl, GaussianNLLLossOptions>;

Tensor HingeEmbeddingLossImpl::forward(const Tensor& x, const Tensor& target) {
  return F::hinge_embedding_loss(x, target, options);
}
Tensor CosineEmbeddingLossImpl::forward(const Tensor& input1, const Tensor& input2, const Tensor& target) {
  return F::cosine_embedding_loss(input1, input2, target, options);
}
Tensor MultiLabelMarginLossImpl::forward(const Tensor& x, const Tensor& target) {
  return F::multilabel_margin_loss(x, target, options);
}
Tensor SoftMarginLossImpl::forward(const Tensor& x, const Tensor& target) {
  return F::soft_margin_loss(x, target, options);
}
Tensor TripletMarginLossImpl::forward(const Tensor& anchor, const Tensor& positive, const Tensor& negative) {
  return F::triplet_margin_loss(anchor, positive, negative, options);
}
Tensor TripletMarginWithDistanceLossImpl::forward(const Tensor& anchor, const Tensor& positive,
                                                  const Tensor& negative) {
  return F::triplet_margin_with_distance_loss(anchor, positive, negative, options);
}
Tensor PoissonNLLLossImpl::forward(const Tensor& x, const Tensor& target) {
  return F::poisson_nll_loss(x, target, options);
}
Tensor MarginRankingLossImpl::forward(const Tensor& input1, const Tensor& input2, const Tensor& target) {
  return F::margin_ranking_loss(input1, input2, target, options);
}
Tensor GaussianNLLLossImpl::forward(const Tensor& x, const Tensor& target, const Tensor& var) {
  return F::gaussian_nll_loss(x, target, var, options);
}

namespace {

// The same elements under a handle of its own, so that a clone can let go of them.
Tensor own(const Tensor& t) { return t.defined() ? t.detach() : t; }

const char* text_of(bool b) { return b ? "true" : "false"; }

}  // namespace

MultiMarginLossImpl::MultiMarginLossImpl(const MultiMarginLossOptions& options) : options(options) {
  MultiMarginLossImpl::reset();
}
MultiMarginLossImpl::~MultiMarginLossImpl() = default;
void MultiMarginLossImpl::reset() {
  check(options.p() == 1 || options.p() == 2, "MultiMarginLoss: only p == 1 and p == 2 supported");
  check(!options.weight().defined() || options.weight().dim() == 1, "MultiMarginLoss: weight must be one-dimensional");
  weight = register_buffer("weight", own(options.weight()));
}
Tensor MultiMarginLossImpl::forward(const Tensor& x, const Tensor& target) {
  return F::multi_margin_loss(x, target, MultiMarginLossOptions(options).weight(weight));
}

MultiLabelSoftMarginLossImpl::MultiLabelSoftMarginLossImpl(const MultiLabelSoftMarginLossOptions& options)
    : options(options) {
  MultiLabelSoftMarginLossImpl::reset();
}
MultiLabelSoftMarginLossImpl::~MultiLabelSoftMarginLossImpl() = default;
void MultiLabelSoftMarginLossImpl::reset() { weight = register_buffer("weight", own(options.weight())); }
Tensor MultiLabelSoftMarginLossImpl::forward(const Tensor& x, const Tensor& target) {
  return F::multilabel_soft_margin_loss(x, target, MultiLabelSoftMarginLossOptions(options).weight(weight));
}

// ---- printing -------------------------------------------------------------------------------------------------------

void HingeEmbeddingLossImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::HingeEmbeddingLoss(margin=" << options.margin() << ")";
}
void CosineEmbeddingLossImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::CosineEmbeddingLoss(margin=" << options.margin() << ")";
}
void MultiLabelMarginLossImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::MultiLabelMarginLoss()";
}
void SoftMarginLossImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::SoftMarginLoss()"; }
void TripletMarginLossImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::TripletMarginLoss(margin=" << options.margin() << ", p=" << options.p()
         << ", eps=" << options.eps() << ", swap=" << text_of(options.swap()) << ")";
}
void TripletMarginWithDistanceLossImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::TripletMarginWithDistanceLoss(margin=" << options.margin()
         << ", swap=" << text_of(options.swap()) << ")";
}
void PoissonNLLLossImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::PoissonNLLLoss()"; }
void MarginRankingLossImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::MarginRankingLoss()"; }
void GaussianNLLLossImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::GaussianNLLLoss()"; }
void MultiMarginLossImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::MultiMarginLoss(p=" << options.p() << ", margin=" << options.margin()
         << ", weight=" << options.weight() << ", reduction=" << enumtype::get_enum_name(options.reduction()) << ")";
}
void MultiLabelSoftMarginLossImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::MultiLabelSoftMarginLoss()";
}

}  // namespace gradus::nn
