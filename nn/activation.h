// Activation layers. Formulas and derivatives: autograd/ops/activation.h and softmax.h.
#pragma once
#include "gradus/nn/functional/activation.h"
#include "gradus/nn/layer.h"

namespace gradus::nn {

class ELUImpl : public Layer<ELUImpl, ELUOptions> {
 public:
  using Layer::Layer;
  Tensor forward(const Tensor& x);
  void pretty_print(std::ostream& stream) const override;
};
GRADUS_MODULE(ELU);

class SELUImpl : public Layer<SELUImpl, SELUOptions> {
 public:
  using Layer::Layer;
  Tensor forward(const Tensor& x);
  void pretty_print(std::ostream& stream) const override;
};
GRADUS_MODULE(SELU);

class CELUImpl : public Layer<CELUImpl, CELUOptions> {
 public:
  using Layer::Layer;
  Tensor forward(const Tensor& x);
  void pretty_print(std::ostream& stream) const override;
};
GRADUS_MODULE(CELU);

class ReLUImpl : public Layer<ReLUImpl, ReLUOptions> {
 public:
  using Layer::Layer;
  Tensor forward(const Tensor& x);
  void pretty_print(std::ostream& stream) const override;
};
GRADUS_MODULE(ReLU);

class ReLU6Impl : public Layer<ReLU6Impl, ReLU6Options> {
 public:
  using Layer::Layer;
  Tensor forward(const Tensor& x);
  void pretty_print(std::ostream& stream) const override;
};
GRADUS_MODULE(ReLU6);

class LeakyReLUImpl : public Layer<LeakyReLUImpl, LeakyReLUOptions> {
 public:
  using Layer::Layer;
  Tensor forward(const Tensor& x);
  void pretty_print(std::ostream& stream) const override;
};
GRADUS_MODULE(LeakyReLU);

/// Slopes drawn anew for every element while training, their mean in evaluation.
class RReLUImpl : public Layer<RReLUImpl, RReLUOptions> {
 public:
  using Layer::Layer;
  Tensor forward(const Tensor& x);
  void pretty_print(std::ostream& stream) const override;
};
GRADUS_MODULE(RReLU);

class HardswishImpl : public Layer<HardswishImpl, HardswishOptions> {
 public:
  using Layer::Layer;
  Tensor forward(const Tensor& x);
  void pretty_print(std::ostream& stream) const override;
};
GRADUS_MODULE(Hardswish);

class HardsigmoidImpl : public Layer<HardsigmoidImpl, HardsigmoidOptions> {
 public:
  using Layer::Layer;
  Tensor forward(const Tensor& x);
  void pretty_print(std::ostream& stream) const override;
};
GRADUS_MODULE(Hardsigmoid);

class HardtanhImpl : public Layer<HardtanhImpl, HardtanhOptions> {
 public:
  using Layer::Layer;
  Tensor forward(const Tensor& x);
  void pretty_print(std::ostream& stream) const override;
};
GRADUS_MODULE(Hardtanh);

class HardshrinkImpl : public Layer<HardshrinkImpl, HardshrinkOptions> {
 public:
  using Layer::Layer;
  Tensor forward(const Tensor& x);
  void pretty_print(std::ostream& stream) const override;
};
GRADUS_MODULE(Hardshrink);

class SoftshrinkImpl : public Layer<SoftshrinkImpl, SoftshrinkOptions> {
 public:
  using Layer::Layer;
  Tensor forward(const Tensor& x);
  void pretty_print(std::ostream& stream) const override;
};
GRADUS_MODULE(Softshrink);

class SoftplusImpl : public Layer<SoftplusImpl, SoftplusOptions> {
 public:
  using Layer::Layer;
  Tensor forward(const Tensor& x);
  void pretty_print(std::ostream& stream) const override;
};
GRADUS_MODULE(Softplus);

class GLUImpl : public Layer<GLUImpl, GLUOptions> {
 public:
  using Layer::Layer;
  Tensor forward(const Tensor& x);
  void pretty_print(std::ostream& stream) const override;
};
GRADUS_MODULE(GLU);

class GELUImpl : public Layer<GELUImpl, GELUOptions> {
 public:
  using Layer::Layer;
  Tensor forward(const Tensor& x);
  void pretty_print(std::ostream& stream) const override;
};
GRADUS_MODULE(GELU);

class SiLUImpl : public Layer<SiLUImpl> {
 public:
  using Layer::Layer;
  Tensor forward(const Tensor& x);
  void pretty_print(std::ostream& stream) const override;
};
GRADUS_MODULE(SiLU);

class MishImpl : public Layer<MishImpl> {
 public:
  using Layer::Layer;
  Tensor forward(const Tensor& x);
  void pretty_print(std::ostream& stream) const override;
};
GRADUS_MODULE(Mish);

class SigmoidImpl : public Layer<SigmoidImpl> {
 public:
  using Layer::Layer;
  Tensor forward(const Tensor& x);
  void pretty_print(std::ostream& stream) const override;
};
GRADUS_MODULE(Sigmoid);

class LogSigmoidImpl : public Layer<LogSigmoidImpl> {
 public:
  using Layer::Layer;
  Tensor forward(const Tensor& x);
  void pretty_print(std::ostream& stream) const override;
};
GRADUS_MODULE(LogSigmoid);

class TanhImpl : public Layer<TanhImpl> {
 public:
  using Layer::Layer;
  Tensor forward(const Tensor& x);
  void pretty_print(std::ostream& stream) const override;
};
GRADUS_MODULE(Tanh);

class SoftsignImpl : public Layer<SoftsignImpl> {
 public:
  using Layer::Layer;
  Tensor forward(const Tensor& x);
  void pretty_print(std::ostream& stream) const override;
};
GRADUS_MODULE(Softsign);

class TanhshrinkImpl : public Layer<TanhshrinkImpl> {
 public:
  using Layer::Layer;
  Tensor forward(const Tensor& x);
  void pretty_print(std::ostream& stream) const override;
};
GRADUS_MODULE(Tanhshrink);

/// Softmax over the channels of [N, C, H, W] or [C, H, W].
class Softmax2dImpl : public Layer<Softmax2dImpl> {
 public:
  using Layer::Layer;
  Tensor forward(const Tensor& x);
  void pretty_print(std::ostream& stream) const override;
};
GRADUS_MODULE(Softmax2d);

/// Softmax along one dimension.
class SoftmaxImpl : public Layer<SoftmaxImpl, SoftmaxOptions> {
 public:
  explicit SoftmaxImpl(int64_t dim) : SoftmaxImpl(SoftmaxOptions(dim)) {}
  explicit SoftmaxImpl(const SoftmaxOptions& options) : Layer(options) {}
  Tensor forward(const Tensor& x);
  void pretty_print(std::ostream& stream) const override;
};
GRADUS_MODULE(Softmax);

/// Softmax of -x along one dimension.
class SoftminImpl : public Layer<SoftminImpl, SoftminOptions> {
 public:
  explicit SoftminImpl(int64_t dim) : SoftminImpl(SoftminOptions(dim)) {}
  explicit SoftminImpl(const SoftminOptions& options) : Layer(options) {}
  Tensor forward(const Tensor& x);
  void pretty_print(std::ostream& stream) const override;
};
GRADUS_MODULE(Softmin);

/// Logarithm of the softmax along one dimension.
class LogSoftmaxImpl : public Layer<LogSoftmaxImpl, LogSoftmaxOptions> {
 public:
  explicit LogSoftmaxImpl(int64_t dim) : LogSoftmaxImpl(LogSoftmaxOptions(dim)) {}
  explicit LogSoftmaxImpl(const LogSoftmaxOptions& options) : Layer(options) {}
  Tensor forward(const Tensor& x);
  void pretty_print(std::ostream& stream) const override;
};
GRADUS_MODULE(LogSoftmax);

class ThresholdImpl : public Layer<ThresholdImpl, ThresholdOptions> {
 public:
  ThresholdImpl(double threshold, double value) : ThresholdImpl(ThresholdOptions(threshold, value)) {}
  explicit ThresholdImpl(const ThresholdOptions& options) : Layer(options) {}
  Tensor forward(const Tensor& x);
  void pretty_print(std::ostream& stream) const override;
};
GRADUS_MODULE(Threshold);

/// x where x > 0, else weight x; weight is a parameter, one number or one a channel.
class PReLUImpl : public Cloneable<PReLUImpl> {
 public:
  explicit PReLUImpl(const PReLUOptions& options = {});
  ~PReLUImpl() override;
  void reset() override;
  Tensor forward(const Tensor& x);
  void pretty_print(std::ostream& stream) const override;

  PReLUOptions options;
  Tensor weight;
};
GRADUS_MODULE(PReLU);

}  // namespace gradus::nn
