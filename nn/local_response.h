// Normalization across neighbouring channels. "ImageNet Classification with Deep Convolutional Neural Networks",
// A. Krizhevsky et al., 2012.
#pragma once
#include "gradus/nn/layer.h"

namespace gradus::nn {

struct LocalResponseNormOptions {
  LocalResponseNormOptions(int64_t size) : size_(size) {}
  GRADUS_ARG(int64_t, size);
  GRADUS_ARG(double, alpha) = 1e-4;
  GRADUS_ARG(double, beta) = 0.75;
  GRADUS_ARG(double, k) = 1;
};

struct CrossMapLRN2dOptions {
  CrossMapLRN2dOptions(int64_t size) : size_(size) {}
  GRADUS_ARG(int64_t, size);
  GRADUS_ARG(double, alpha) = 1e-4;
  GRADUS_ARG(double, beta) = 0.75;
  GRADUS_ARG(int64_t, k) = 1;
};

namespace functional {

using LocalResponseNormFuncOptions = LocalResponseNormOptions;

/// y = x / (k + alpha / size * sum of x^2 over `size` channels around each)^beta, size / 2 of them before it; x
/// [N, C, ...].
Tensor local_response_norm(const Tensor& x, const LocalResponseNormFuncOptions& options);

}  // namespace functional

class LocalResponseNormImpl : public Layer<LocalResponseNormImpl, LocalResponseNormOptions> {
 public:
  LocalResponseNormImpl(int64_t size) : LocalResponseNormImpl(LocalResponseNormOptions(size)) {}
  explicit LocalResponseNormImpl(const LocalResponseNormOptions& options) : Layer(options) {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x);
};
GRADUS_MODULE(LocalResponseNorm);

/// The same for [N, C, H, W] with (size - 1) / 2 channels on each side. As in PyTorch, channel 0 stays in the sums of
/// all channels behind it.
class CrossMapLRN2dImpl : public Layer<CrossMapLRN2dImpl, CrossMapLRN2dOptions> {
 public:
  CrossMapLRN2dImpl(int64_t size) : CrossMapLRN2dImpl(CrossMapLRN2dOptions(size)) {}
  explicit CrossMapLRN2dImpl(const CrossMapLRN2dOptions& options) : Layer(options) {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x);
};
GRADUS_MODULE(CrossMapLRN2d);

}  // namespace gradus::nn
