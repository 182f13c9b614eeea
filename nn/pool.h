// Pooling over windows of [N, C, L], [N, C, H, W] and [N, C, D, H, W]. Formulas: autograd/ops/pool.h.
#pragma once
#include <optional>
#include <tuple>

#include "gradus/nn/expanding_array.h"
#include "gradus/nn/layer.h"

namespace gradus::nn {

/// stride is the kernel size unless set.
template <size_t D>
struct MaxPoolOptions {
  MaxPoolOptions(ExpandingArray<D> kernel_size) : kernel_size_(kernel_size), stride_(kernel_size) {}
  GRADUS_ARG(ExpandingArray<D>, kernel_size);
  GRADUS_ARG(ExpandingArray<D>, stride);
  GRADUS_ARG(ExpandingArray<D>, padding) = 0;
  GRADUS_ARG(ExpandingArray<D>, dilation) = 1;
  GRADUS_ARG(bool, ceil_mode) = false;
};
using MaxPool1dOptions = MaxPoolOptions<1>;
using MaxPool2dOptions = MaxPoolOptions<2>;
using MaxPool3dOptions = MaxPoolOptions<3>;

template <size_t D>
struct AvgPoolOptions {
  AvgPoolOptions(ExpandingArray<D> kernel_size) : kernel_size_(kernel_size), stride_(kernel_size) {}
  GRADUS_ARG(ExpandingArray<D>, kernel_size);
  GRADUS_ARG(ExpandingArray<D>, stride);
  GRADUS_ARG(ExpandingArray<D>, padding) = 0;
  GRADUS_ARG(bool, ceil_mode) = false;
  GRADUS_ARG(bool, count_include_pad) = true;
  GRADUS_ARG(std::optional<int64_t>, divisor_override) = std::nullopt;
};
using AvgPool1dOptions = AvgPoolOptions<1>;
using AvgPool2dOptions = AvgPoolOptions<2>;
using AvgPool3dOptions = AvgPoolOptions<3>;

/// std::nullopt keeps the input's size.
template <class Size>
struct AdaptivePoolOptions {
  AdaptivePoolOptions(Size output_size) : output_size_(output_size) {}
  GRADUS_ARG(Size, output_size);
};
using AdaptiveAvgPool1dOptions = AdaptivePoolOptions<ExpandingArray<1>>;
using AdaptiveAvgPool2dOptions = AdaptivePoolOptions<ExpandingArrayWithOptionalElem<2>>;
using AdaptiveAvgPool3dOptions = AdaptivePoolOptions<ExpandingArrayWithOptionalElem<3>>;
using AdaptiveMaxPool1dOptions = AdaptivePoolOptions<ExpandingArray<1>>;
using AdaptiveMaxPool2dOptions = AdaptivePoolOptions<ExpandingArrayWithOptionalElem<2>>;
using AdaptiveMaxPool3dOptions = AdaptivePoolOptions<ExpandingArrayWithOptionalElem<3>>;

namespace functional {

using MaxPool1dFuncOptions = MaxPool1dOptions;
using MaxPool2dFuncOptions = MaxPool2dOptions;
using MaxPool3dFuncOptions = MaxPool3dOptions;
using AvgPool1dFuncOptions = AvgPool1dOptions;
using AvgPool2dFuncOptions = AvgPool2dOptions;
using AvgPool3dFuncOptions = AvgPool3dOptions;
using AdaptiveAvgPool1dFuncOptions = AdaptiveAvgPool1dOptions;
using AdaptiveAvgPool2dFuncOptions = AdaptiveAvgPool2dOptions;
using AdaptiveAvgPool3dFuncOptions = AdaptiveAvgPool3dOptions;
using AdaptiveMaxPool1dFuncOptions = AdaptiveMaxPool1dOptions;
using AdaptiveMaxPool2dFuncOptions = AdaptiveMaxPool2dOptions;
using AdaptiveMaxPool3dFuncOptions = AdaptiveMaxPool3dOptions;

Tensor max_pool1d(const Tensor& x, const MaxPool1dFuncOptions& options);
Tensor max_pool2d(const Tensor& x, const MaxPool2dFuncOptions& options);
Tensor max_pool3d(const Tensor& x, const MaxPool3dFuncOptions& options);
Tensor avg_pool1d(const Tensor& x, const AvgPool1dFuncOptions& options);
Tensor avg_pool2d(const Tensor& x, const AvgPool2dFuncOptions& options);
Tensor avg_pool3d(const Tensor& x, const AvgPool3dFuncOptions& options);
Tensor adaptive_avg_pool1d(const Tensor& x, const AdaptiveAvgPool1dFuncOptions& options);
Tensor adaptive_avg_pool2d(const Tensor& x, const AdaptiveAvgPool2dFuncOptions& options);
Tensor adaptive_avg_pool3d(const Tensor& x, const AdaptiveAvgPool3dFuncOptions& options);
Tensor adaptive_max_pool1d(const Tensor& x, const AdaptiveMaxPool1dFuncOptions& options);
Tensor adaptive_max_pool2d(const Tensor& x, const AdaptiveMaxPool2dFuncOptions& options);
Tensor adaptive_max_pool3d(const Tensor& x, const AdaptiveMaxPool3dFuncOptions& options);
/// The maxima, and where in its plane each stands.
std::tuple<Tensor, Tensor> max_pool1d_with_indices(const Tensor& x, const MaxPool1dFuncOptions& options);
std::tuple<Tensor, Tensor> max_pool2d_with_indices(const Tensor& x, const MaxPool2dFuncOptions& options);
std::tuple<Tensor, Tensor> max_pool3d_with_indices(const Tensor& x, const MaxPool3dFuncOptions& options);
std::tuple<Tensor, Tensor> adaptive_max_pool1d_with_indices(const Tensor& x,
                                                            const AdaptiveMaxPool1dFuncOptions& options);
std::tuple<Tensor, Tensor> adaptive_max_pool2d_with_indices(const Tensor& x,
                                                            const AdaptiveMaxPool2dFuncOptions& options);
std::tuple<Tensor, Tensor> adaptive_max_pool3d_with_indices(const Tensor& x,
                                                            const AdaptiveMaxPool3dFuncOptions& options);

}  // namespace functional

class MaxPool1dImpl : public Layer<MaxPool1dImpl, MaxPool1dOptions> {
 public:
  MaxPool1dImpl(ExpandingArray<1> kernel_size) : MaxPool1dImpl(MaxPool1dOptions(kernel_size)) {}
  explicit MaxPool1dImpl(const MaxPool1dOptions& options) : Layer(options) {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x);
  std::tuple<Tensor, Tensor> forward_with_indices(const Tensor& x);
};
GRADUS_MODULE(MaxPool1d);

class MaxPool2dImpl : public Layer<MaxPool2dImpl, MaxPool2dOptions> {
 public:
  MaxPool2dImpl(ExpandingArray<2> kernel_size) : MaxPool2dImpl(MaxPool2dOptions(kernel_size)) {}
  explicit MaxPool2dImpl(const MaxPool2dOptions& options) : Layer(options) {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x);
  std::tuple<Tensor, Tensor> forward_with_indices(const Tensor& x);
};
GRADUS_MODULE(MaxPool2d);

class MaxPool3dImpl : public Layer<MaxPool3dImpl, MaxPool3dOptions> {
 public:
  MaxPool3dImpl(ExpandingArray<3> kernel_size) : MaxPool3dImpl(MaxPool3dOptions(kernel_size)) {}
  explicit MaxPool3dImpl(const MaxPool3dOptions& options) : Layer(options) {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x);
  std::tuple<Tensor, Tensor> forward_with_indices(const Tensor& x);
};
GRADUS_MODULE(MaxPool3d);

class AvgPool1dImpl : public Layer<AvgPool1dImpl, AvgPool1dOptions> {
 public:
  AvgPool1dImpl(ExpandingArray<1> kernel_size) : AvgPool1dImpl(AvgPool1dOptions(kernel_size)) {}
  explicit AvgPool1dImpl(const AvgPool1dOptions& options) : Layer(options) {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x);
};
GRADUS_MODULE(AvgPool1d);

class AvgPool2dImpl : public Layer<AvgPool2dImpl, AvgPool2dOptions> {
 public:
  AvgPool2dImpl(ExpandingArray<2> kernel_size) : AvgPool2dImpl(AvgPool2dOptions(kernel_size)) {}
  explicit AvgPool2dImpl(const AvgPool2dOptions& options) : Layer(options) {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x);
};
GRADUS_MODULE(AvgPool2d);

class AvgPool3dImpl : public Layer<AvgPool3dImpl, AvgPool3dOptions> {
 public:
  AvgPool3dImpl(ExpandingArray<3> kernel_size) : AvgPool3dImpl(AvgPool3dOptions(kernel_size)) {}
  explicit AvgPool3dImpl(const AvgPool3dOptions& options) : Layer(options) {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x);
};
GRADUS_MODULE(AvgPool3d);

class AdaptiveAvgPool1dImpl : public Layer<AdaptiveAvgPool1dImpl, AdaptiveAvgPool1dOptions> {
 public:
  AdaptiveAvgPool1dImpl(ExpandingArray<1> size) : AdaptiveAvgPool1dImpl(AdaptiveAvgPool1dOptions(size)) {}
  explicit AdaptiveAvgPool1dImpl(const AdaptiveAvgPool1dOptions& options) : Layer(options) {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x);
};
GRADUS_MODULE(AdaptiveAvgPool1d);

class AdaptiveAvgPool2dImpl : public Layer<AdaptiveAvgPool2dImpl, AdaptiveAvgPool2dOptions> {
 public:
  AdaptiveAvgPool2dImpl(ExpandingArrayWithOptionalElem<2> size)
      : AdaptiveAvgPool2dImpl(AdaptiveAvgPool2dOptions(size)) {}
  explicit AdaptiveAvgPool2dImpl(const AdaptiveAvgPool2dOptions& options) : Layer(options) {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x);
};
GRADUS_MODULE(AdaptiveAvgPool2d);

class AdaptiveAvgPool3dImpl : public Layer<AdaptiveAvgPool3dImpl, AdaptiveAvgPool3dOptions> {
 public:
  AdaptiveAvgPool3dImpl(ExpandingArrayWithOptionalElem<3> size)
      : AdaptiveAvgPool3dImpl(AdaptiveAvgPool3dOptions(size)) {}
  explicit AdaptiveAvgPool3dImpl(const AdaptiveAvgPool3dOptions& options) : Layer(options) {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x);
};
GRADUS_MODULE(AdaptiveAvgPool3d);

class AdaptiveMaxPool1dImpl : public Layer<AdaptiveMaxPool1dImpl, AdaptiveMaxPool1dOptions> {
 public:
  AdaptiveMaxPool1dImpl(ExpandingArray<1> size) : AdaptiveMaxPool1dImpl(AdaptiveMaxPool1dOptions(size)) {}
  explicit AdaptiveMaxPool1dImpl(const AdaptiveMaxPool1dOptions& options) : Layer(options) {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x);
  std::tuple<Tensor, Tensor> forward_with_indices(const Tensor& x);
};
GRADUS_MODULE(AdaptiveMaxPool1d);

class AdaptiveMaxPool2dImpl : public Layer<AdaptiveMaxPool2dImpl, AdaptiveMaxPool2dOptions> {
 public:
  AdaptiveMaxPool2dImpl(ExpandingArrayWithOptionalElem<2> size)
      : AdaptiveMaxPool2dImpl(AdaptiveMaxPool2dOptions(size)) {}
  explicit AdaptiveMaxPool2dImpl(const AdaptiveMaxPool2dOptions& options) : Layer(options) {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x);
  std::tuple<Tensor, Tensor> forward_with_indices(const Tensor& x);
};
GRADUS_MODULE(AdaptiveMaxPool2d);

class AdaptiveMaxPool3dImpl : public Layer<AdaptiveMaxPool3dImpl, AdaptiveMaxPool3dOptions> {
 public:
  AdaptiveMaxPool3dImpl(ExpandingArrayWithOptionalElem<3> size)
      : AdaptiveMaxPool3dImpl(AdaptiveMaxPool3dOptions(size)) {}
  explicit AdaptiveMaxPool3dImpl(const AdaptiveMaxPool3dOptions& options) : Layer(options) {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x);
  std::tuple<Tensor, Tensor> forward_with_indices(const Tensor& x);
};
GRADUS_MODULE(AdaptiveMaxPool3d);

}  // namespace gradus::nn
