#include "gradus/nn/distance.h"

#include "gradus/autograd/ops/distance.h"
#include "gradus/nn/layer_impl.h"

namespace gradus::nn {

template class Layer<CosineSimilarityImpl, CosineSimilarityOptions>;
template class Layer<PairwiseDistanceImpl, PairwiseDistanceOptions>;

Tensor CosineSimilarityImpl::forward(const Tensor& a, const Tensor& b) {
  return functional::cosine_similarity(a, b, options);
}
Tensor PairwiseDistanceImpl::forward(const Tensor& a, const Tensor& b) {
  return functional::pairwise_distance(a, b, options);
}
void CosineSimilarityImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::CosineSimilarity(dim=" << options.dim() << ", eps=" << options.eps() << ")";
}
void PairwiseDistanceImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::PairwiseDistance(p=" << options.p() << ", eps=" << options.eps()
         << ", keepdim=" << (options.keepdim() ? "true" : "false") << ")";
}

Tensor functional::cosine_similarity(const Tensor& x1, const Tensor& x2, const CosineSimilarityFuncOptions& o) {
  return gradus::cosine_similarity(x1, x2, o.dim(), o.eps());
}
Tensor functional::pairwise_distance(const Tensor& x1, const Tensor& x2, const PairwiseDistanceFuncOptions& o) {
  return gradus::pairwise_distance(x1, x2, o.p(), o.eps(), o.keepdim());
}
Tensor functional::pdist(const Tensor& x, double p) { return gradus::pdist(x, p); }

}  // namespace gradus::nn
