// Losses as modules: forward(x, target). Formulas: autograd/ops/loss.h; shapes: nn/functional/loss.h.
#pragma once
#include "gradus/nn/functional/loss.h"
#include "gradus/nn/layer.h"

namespace gradus::nn {

class L1LossImpl : public Layer<L1LossImpl, L1LossOptions> {
 public:
  using Layer::Layer;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x, const Tensor& target);
};
GRADUS_MODULE(L1Loss);

class MSELossImpl : public Layer<MSELossImpl, MSELossOptions> {
 public:
  using Layer::Layer;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x, const Tensor& target);
};
GRADUS_MODULE(MSELoss);

class KLDivLossImpl : public Layer<KLDivLossImpl, KLDivLossOptions> {
 public:
  using Layer::Layer;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x, const Tensor& target);
};
GRADUS_MODULE(KLDivLoss);

class SmoothL1LossImpl : public Layer<SmoothL1LossImpl, SmoothL1LossOptions> {
 public:
  using Layer::Layer;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x, const Tensor& target);
};
GRADUS_MODULE(SmoothL1Loss);

class HuberLossImpl : public Layer<HuberLossImpl, HuberLossOptions> {
 public:
  using Layer::Layer;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x, const Tensor& target);
};
GRADUS_MODULE(HuberLoss);

class BCELossImpl : public Cloneable<BCELossImpl> {
 public:
  explicit BCELossImpl(const BCELossOptions& options = {});
  ~BCELossImpl() override;
  void reset() override;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x, const Tensor& target);

  BCELossOptions options;
  Tensor weight;  // a buffer, undefined if not given
};
GRADUS_MODULE(BCELoss);

class BCEWithLogitsLossImpl : public Cloneable<BCEWithLogitsLossImpl> {
 public:
  explicit BCEWithLogitsLossImpl(const BCEWithLogitsLossOptions& options = {});
  ~BCEWithLogitsLossImpl() override;
  void reset() override;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x, const Tensor& target);

  BCEWithLogitsLossOptions options;
  Tensor weight;      // a buffer, undefined if not given
  Tensor pos_weight;  // a buffer, undefined if not given
};
GRADUS_MODULE(BCEWithLogitsLoss);

class NLLLossImpl : public Cloneable<NLLLossImpl> {
 public:
  explicit NLLLossImpl(const NLLLossOptions& options = {});
  ~NLLLossImpl() override;
  void reset() override;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x, const Tensor& target);

  NLLLossOptions options;
  Tensor weight;  // a buffer, undefined if not given
};
GRADUS_MODULE(NLLLoss);

class CrossEntropyLossImpl : public Cloneable<CrossEntropyLossImpl> {
 public:
  explicit CrossEntropyLossImpl(const CrossEntropyLossOptions& options = {});
  ~CrossEntropyLossImpl() override;
  void reset() override;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x, const Tensor& target);

  CrossEntropyLossOptions options;
  Tensor weight;  // a buffer, undefined if not given
};
GRADUS_MODULE(CrossEntropyLoss);

}  // namespace gradus::nn
