// Losses with a margin, of pairs and triplets, of counts and of normal distributions, as modules. Formulas:
// autograd/ops/margin_loss.h; shapes: nn/functional/margin_loss.h.
#pragma once
#include "gradus/nn/functional/margin_loss.h"
#include "gradus/nn/layer.h"

namespace gradus::nn {

class HingeEmbeddingLossImpl : public Layer<HingeEmbeddingLossImpl, HingeEmbeddingLossOptions> {
 public:
  using Layer::Layer;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x, const Tensor& target);
};
GRADUS_MODULE(HingeEmbeddingLoss);

class CosineEmbeddingLossImpl : public Layer<CosineEmbeddingLossImpl, CosineEmbeddingLossOptions> {
 public:
  using Layer::Layer;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input1, const Tensor& input2, const Tensor& target);
};
GRADUS_MODULE(CosineEmbeddingLoss);

class MultiLabelMarginLossImpl : public Layer<MultiLabelMarginLossImpl, MultiLabelMarginLossOptions> {
 public:
  using Layer::Layer;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x, const Tensor& target);
};
GRADUS_MODULE(MultiLabelMarginLoss);

class SoftMarginLossImpl : public Layer<SoftMarginLossImpl, SoftMarginLossOptions> {
 public:
  using Layer::Layer;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x, const Tensor& target);
};
GRADUS_MODULE(SoftMarginLoss);

class TripletMarginLossImpl : public Layer<TripletMarginLossImpl, TripletMarginLossOptions> {
 public:
  using Layer::Layer;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& anchor, const Tensor& positive, const Tensor& negative);
};
GRADUS_MODULE(TripletMarginLoss);

class TripletMarginWithDistanceLossImpl
    : public Layer<TripletMarginWithDistanceLossImpl, TripletMarginWithDistanceLossOptions> {
 public:
  using Layer::Layer;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& anchor, const Tensor& positive, const Tensor& negative);
};
GRADUS_MODULE(TripletMarginWithDistanceLoss);

class PoissonNLLLossImpl : public Layer<PoissonNLLLossImpl, PoissonNLLLossOptions> {
 public:
  using Layer::Layer;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x, const Tensor& target);
};
GRADUS_MODULE(PoissonNLLLoss);

class MarginRankingLossImpl : public Layer<MarginRankingLossImpl, MarginRankingLossOptions> {
 public:
  using Layer::Layer;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input1, const Tensor& input2, const Tensor& target);
};
GRADUS_MODULE(MarginRankingLoss);

class GaussianNLLLossImpl : public Layer<GaussianNLLLossImpl, GaussianNLLLossOptions> {
 public:
  using Layer::Layer;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x, const Tensor& target, const Tensor& var);
};
GRADUS_MODULE(GaussianNLLLoss);

class MultiMarginLossImpl : public Cloneable<MultiMarginLossImpl> {
 public:
  explicit MultiMarginLossImpl(const MultiMarginLossOptions& options = {});
  ~MultiMarginLossImpl() override;
  void reset() override;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x, const Tensor& target);

  MultiMarginLossOptions options;
  Tensor weight;  // a buffer, undefined if not given
};
GRADUS_MODULE(MultiMarginLoss);

class MultiLabelSoftMarginLossImpl : public Cloneable<MultiLabelSoftMarginLossImpl> {
 public:
  explicit MultiLabelSoftMarginLossImpl(const MultiLabelSoftMarginLossOptions& options = {});
  ~MultiLabelSoftMarginLossImpl() override;
  void reset() override;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x, const Tensor& target);

  MultiLabelSoftMarginLossOptions options;
  Tensor weight;  // a buffer, undefined if not given
};
GRADUS_MODULE(MultiLabelSoftMarginLoss);

}  // namespace gradus::nn
