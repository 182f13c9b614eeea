// Distance and likeness of vectors. Formulas: autograd/ops/distance.h.
#pragma once
#include "gradus/nn/layer.h"

namespace gradus::nn {

struct CosineSimilarityOptions {
  GRADUS_ARG(int64_t, dim) = 1;
  GRADUS_ARG(double, eps) = 1e-8;
};
struct PairwiseDistanceOptions {
  GRADUS_ARG(double, p) = 2.0;
  GRADUS_ARG(double, eps) = 1e-6;
  GRADUS_ARG(bool, keepdim) = false;
};

/// The cosine of the angle between vectors along one dimension.
class CosineSimilarityImpl : public Layer<CosineSimilarityImpl, CosineSimilarityOptions> {
 public:
  using Layer::Layer;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input1, const Tensor& input2);
};
GRADUS_MODULE(CosineSimilarity);

/// The p-norm of the difference of vectors [..., D].
class PairwiseDistanceImpl : public Layer<PairwiseDistanceImpl, PairwiseDistanceOptions> {
 public:
  using Layer::Layer;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input1, const Tensor& input2);
};
GRADUS_MODULE(PairwiseDistance);

namespace functional {

using CosineSimilarityFuncOptions = CosineSimilarityOptions;
using PairwiseDistanceFuncOptions = PairwiseDistanceOptions;

Tensor cosine_similarity(const Tensor& x1, const Tensor& x2, const CosineSimilarityFuncOptions& options = {});
Tensor pairwise_distance(const Tensor& x1, const Tensor& x2, const PairwiseDistanceFuncOptions& options = {});
/// The distances of all pairs of rows of x [N, D].
Tensor pdist(const Tensor& x, double p = 2.0);

}  // namespace functional
}  // namespace gradus::nn
