// Convolutions of [N, C, L] and [N, C, H, W].
#pragma once
#include <variant>

#include "gradus/nn/expanding_array.h"
#include "gradus/nn/functional/padding.h"
#include "gradus/nn/layer.h"

namespace gradus::nn {

/// "valid" is no padding, "same" as much as keeps the size at stride 1.
template <size_t D>
using conv_padding_t = std::variant<ExpandingArray<D>, enumtype::kValid, enumtype::kSame>;
using conv_padding_mode_t =
    std::variant<enumtype::kZeros, enumtype::kReflect, enumtype::kReplicate, enumtype::kCircular>;

template <size_t D>
struct ConvOptions {
  using padding_t = conv_padding_t<D>;
  using padding_mode_t = conv_padding_mode_t;
  ConvOptions(int64_t in_channels, int64_t out_channels, ExpandingArray<D> kernel_size)
      : in_channels_(in_channels), out_channels_(out_channels), kernel_size_(kernel_size) {}
  GRADUS_ARG(int64_t, in_channels);
  GRADUS_ARG(int64_t, out_channels);
  GRADUS_ARG(ExpandingArray<D>, kernel_size);
  GRADUS_ARG(ExpandingArray<D>, stride) = 1;
  GRADUS_ARG(padding_t, padding) = ExpandingArray<D>(0);

 public:
  auto padding(std::initializer_list<int64_t> l) -> decltype(*this) { return padding(ExpandingArray<D>(l)); }
  GRADUS_ARG(ExpandingArray<D>, dilation) = 1;
  GRADUS_ARG(int64_t, groups) = 1;
  GRADUS_ARG(bool, bias) = true;
  GRADUS_ARG(padding_mode_t, padding_mode) = kZeros;
};
using Conv1dOptions = ConvOptions<1>;
using Conv2dOptions = ConvOptions<2>;

namespace functional {

template <size_t D>
struct ConvFuncOptions {
  using padding_t = conv_padding_t<D>;
  GRADUS_ARG(Tensor, bias) = {};
  GRADUS_ARG(ExpandingArray<D>, stride) = 1;
  GRADUS_ARG(padding_t, padding) = ExpandingArray<D>(0);

 public:
  auto padding(std::initializer_list<int64_t> l) -> decltype(*this) { return padding(ExpandingArray<D>(l)); }
  GRADUS_ARG(ExpandingArray<D>, dilation) = 1;
  GRADUS_ARG(int64_t, groups) = 1;
};
using Conv1dFuncOptions = ConvFuncOptions<1>;
using Conv2dFuncOptions = ConvFuncOptions<2>;

/// Formulas: autograd/ops/conv.h.
Tensor conv1d(const Tensor& x, const Tensor& weight, const Conv1dFuncOptions& options = {});
Tensor conv2d(const Tensor& x, const Tensor& weight, const Conv2dFuncOptions& options = {});

}  // namespace functional

/// weight [out_channels, in_channels / groups, kernel...] and bias [out_channels], uniform in (-b, b) at first,
/// b = 1 / sqrt(in_channels / groups * size of the kernel).
template <size_t D, class Derived>
class ConvNdImpl : public Cloneable<Derived> {
 public:
  explicit ConvNdImpl(const ConvOptions<D>& options);
  ~ConvNdImpl() override;
  void reset() override;
  void reset_parameters();
  void pretty_print(std::ostream& stream) const override;

  ConvOptions<D> options;
  Tensor weight;
  Tensor bias;

 protected:
  /// x padded as padding_mode says, and true if the convolution shall not pad any more.
  bool padded(Tensor& x) const;
};

class Conv1dImpl : public ConvNdImpl<1, Conv1dImpl> {
 public:
  Conv1dImpl(int64_t in, int64_t out, ExpandingArray<1> kernel) : Conv1dImpl(Conv1dOptions(in, out, kernel)) {}
  explicit Conv1dImpl(const Conv1dOptions& options);
  Tensor forward(const Tensor& x);
};
GRADUS_MODULE(Conv1d);

class Conv2dImpl : public ConvNdImpl<2, Conv2dImpl> {
 public:
  Conv2dImpl(int64_t in, int64_t out, ExpandingArray<2> kernel) : Conv2dImpl(Conv2dOptions(in, out, kernel)) {}
  explicit Conv2dImpl(const Conv2dOptions& options);
  Tensor forward(const Tensor& x);
};
GRADUS_MODULE(Conv2d);

}  // namespace gradus::nn
