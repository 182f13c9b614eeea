// Convolutions of [N, C, L], [N, C, H, W] and [N, C, D, H, W], and their transposes.
#pragma once
#include <variant>

#include "gradus/nn/any.h"
#include "gradus/nn/expanding_array.h"
#include "gradus/nn/functional/padding.h"
#include "gradus/nn/layer.h"

namespace gradus::nn {

/// "valid" is no padding, "same" as much as keeps the size at stride 1.
template <size_t D>
using conv_padding_t = std::variant<ExpandingArray<D>, enumtype::kValid, enumtype::kSame>;
using conv_padding_mode_t =
    std::variant<enumtype::kZeros, enumtype::kReflect, enumtype::kReplicate, enumtype::kCircular>;

namespace detail {

/// What both kinds of convolutions hold: the `options` of the modules.
template <size_t D>
struct ConvNdOptions {
  using padding_t = conv_padding_t<D>;
  using padding_mode_t = conv_padding_mode_t;
  ConvNdOptions(int64_t in_channels, int64_t out_channels, ExpandingArray<D> kernel_size)
      : in_channels_(in_channels), out_channels_(out_channels), kernel_size_(kernel_size) {}
  GRADUS_ARG(int64_t, in_channels);
  GRADUS_ARG(int64_t, out_channels);
  GRADUS_ARG(ExpandingArray<D>, kernel_size);
  GRADUS_ARG(ExpandingArray<D>, stride) = 1;
  GRADUS_ARG(padding_t, padding) = ExpandingArray<D>(0);

 public:
  auto padding(std::initializer_list<int64_t> l) -> decltype(*this) { return padding(ExpandingArray<D>(l)); }
  GRADUS_ARG(ExpandingArray<D>, dilation) = 1;
  GRADUS_ARG(bool, transposed) = false;
  GRADUS_ARG(ExpandingArray<D>, output_padding) = 0;
  GRADUS_ARG(int64_t, groups) = 1;
  GRADUS_ARG(bool, bias) = true;
  GRADUS_ARG(padding_mode_t, padding_mode) = kZeros;
};

}  // namespace detail

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
using Conv3dOptions = ConvOptions<3>;

/// output_padding: elements added behind the result, where stride leaves its size open.
template <size_t D>
struct ConvTransposeOptions {
  using padding_mode_t = conv_padding_mode_t;
  ConvTransposeOptions(int64_t in_channels, int64_t out_channels, ExpandingArray<D> kernel_size)
      : in_channels_(in_channels), out_channels_(out_channels), kernel_size_(kernel_size) {}
  GRADUS_ARG(int64_t, in_channels);
  GRADUS_ARG(int64_t, out_channels);
  GRADUS_ARG(ExpandingArray<D>, kernel_size);
  GRADUS_ARG(ExpandingArray<D>, stride) = 1;
  GRADUS_ARG(ExpandingArray<D>, padding) = 0;
  GRADUS_ARG(ExpandingArray<D>, output_padding) = 0;
  GRADUS_ARG(int64_t, groups) = 1;
  GRADUS_ARG(bool, bias) = true;
  GRADUS_ARG(ExpandingArray<D>, dilation) = 1;
  GRADUS_ARG(padding_mode_t, padding_mode) = kZeros;
};
using ConvTranspose1dOptions = ConvTransposeOptions<1>;
using ConvTranspose2dOptions = ConvTransposeOptions<2>;
using ConvTranspose3dOptions = ConvTransposeOptions<3>;

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
using Conv3dFuncOptions = ConvFuncOptions<3>;

template <size_t D>
struct ConvTransposeFuncOptions {
  GRADUS_ARG(Tensor, bias) = {};
  GRADUS_ARG(ExpandingArray<D>, stride) = 1;
  GRADUS_ARG(ExpandingArray<D>, padding) = 0;
  GRADUS_ARG(ExpandingArray<D>, output_padding) = 0;
  GRADUS_ARG(int64_t, groups) = 1;
  GRADUS_ARG(ExpandingArray<D>, dilation) = 1;
};
using ConvTranspose1dFuncOptions = ConvTransposeFuncOptions<1>;
using ConvTranspose2dFuncOptions = ConvTransposeFuncOptions<2>;
using ConvTranspose3dFuncOptions = ConvTransposeFuncOptions<3>;

/// Formulas: autograd/ops/conv.h.
Tensor conv1d(const Tensor& x, const Tensor& weight, const Conv1dFuncOptions& options = {});
Tensor conv2d(const Tensor& x, const Tensor& weight, const Conv2dFuncOptions& options = {});
Tensor conv3d(const Tensor& x, const Tensor& weight, const Conv3dFuncOptions& options = {});
Tensor conv_transpose1d(const Tensor& x, const Tensor& weight, const ConvTranspose1dFuncOptions& options = {});
Tensor conv_transpose2d(const Tensor& x, const Tensor& weight, const ConvTranspose2dFuncOptions& options = {});
Tensor conv_transpose3d(const Tensor& x, const Tensor& weight, const ConvTranspose3dFuncOptions& options = {});

}  // namespace functional

/// weight [out_channels, in_channels / groups, kernel...] and bias [out_channels], uniform in (-b, b) at first,
/// b = 1 / sqrt(in_channels / groups * size of the kernel). Transposed: weight [in_channels, out_channels / groups,
/// kernel...], and out_channels in the place of in_channels in b.
template <size_t D, class Derived>
class ConvNdImpl : public Cloneable<Derived> {
 public:
  explicit ConvNdImpl(const detail::ConvNdOptions<D>& options);
  ~ConvNdImpl() override;
  void reset() override;
  void reset_parameters();
  void pretty_print(std::ostream& stream) const override;

  detail::ConvNdOptions<D> options;
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

class Conv3dImpl : public ConvNdImpl<3, Conv3dImpl> {
 public:
  Conv3dImpl(int64_t in, int64_t out, ExpandingArray<3> kernel) : Conv3dImpl(Conv3dOptions(in, out, kernel)) {}
  explicit Conv3dImpl(const Conv3dOptions& options);
  Tensor forward(const Tensor& x);
};
GRADUS_MODULE(Conv3d);

template <size_t D, class Derived>
class ConvTransposeNdImpl : public ConvNdImpl<D, Derived> {
 public:
  explicit ConvTransposeNdImpl(const ConvTransposeOptions<D>& options);
  ~ConvTransposeNdImpl() override;
  void pretty_print(std::ostream& stream) const override;

 protected:
  /// What must be added behind the result to make it `output_size`, [N, C, ...] or only its last D sizes.
  std::vector<int64_t> _output_padding(const Tensor& x, const std::optional<IntArrayRef>& output_size,
                                       const ExpandingArray<D>& stride, const ExpandingArray<D>& padding,
                                       const ExpandingArray<D>& kernel_size) const;
  ExpandingArray<D> padding() const { return std::get<ExpandingArray<D>>(this->options.padding()); }
  FORWARD_HAS_DEFAULT_ARGS({1, AnyValue(std::optional<IntArrayRef>())})
};

class ConvTranspose1dImpl : public ConvTransposeNdImpl<1, ConvTranspose1dImpl> {
 public:
  ConvTranspose1dImpl(int64_t in, int64_t out, ExpandingArray<1> kernel)
      : ConvTranspose1dImpl(ConvTranspose1dOptions(in, out, kernel)) {}
  explicit ConvTranspose1dImpl(const ConvTranspose1dOptions& options);
  Tensor forward(const Tensor& x, const std::optional<IntArrayRef>& output_size = std::nullopt);
};
GRADUS_MODULE(ConvTranspose1d);

class ConvTranspose2dImpl : public ConvTransposeNdImpl<2, ConvTranspose2dImpl> {
 public:
  ConvTranspose2dImpl(int64_t in, int64_t out, ExpandingArray<2> kernel)
      : ConvTranspose2dImpl(ConvTranspose2dOptions(in, out, kernel)) {}
  explicit ConvTranspose2dImpl(const ConvTranspose2dOptions& options);
  Tensor forward(const Tensor& x, const std::optional<IntArrayRef>& output_size = std::nullopt);
};
GRADUS_MODULE(ConvTranspose2d);

class ConvTranspose3dImpl : public ConvTransposeNdImpl<3, ConvTranspose3dImpl> {
 public:
  ConvTranspose3dImpl(int64_t in, int64_t out, ExpandingArray<3> kernel)
      : ConvTranspose3dImpl(ConvTranspose3dOptions(in, out, kernel)) {}
  explicit ConvTranspose3dImpl(const ConvTranspose3dOptions& options);
  Tensor forward(const Tensor& x, const std::optional<IntArrayRef>& output_size = std::nullopt);
};
GRADUS_MODULE(ConvTranspose3d);

}  // namespace gradus::nn
