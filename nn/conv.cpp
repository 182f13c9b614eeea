#include "gradus/nn/conv.h"

#include <cmath>
#include <ostream>

#include "gradus/autograd/ops/conv.h"
#include "gradus/nn/init.h"
#include "gradus/tensor/factories.h"

namespace gradus::nn {
namespace {

// Calls conv(padding) with the numbers or the word that the option holds.
template <size_t D, class Conv>
Tensor with_padding(const conv_padding_t<D>& padding, const Conv& conv) {
  if (const auto* numbers = std::get_if<ExpandingArray<D>>(&padding)) return conv(IntArrayRef(*numbers));
  return conv(std::string(std::holds_alternative<enumtype::kSame>(padding) ? "same" : "valid"));
}

template <size_t D>
detail::ConvNdOptions<D> all_options(const ConvOptions<D>& o) {
  return detail::ConvNdOptions<D>(o.in_channels(), o.out_channels(), o.kernel_size())
      .stride(o.stride())
      .padding(o.padding())
      .dilation(o.dilation())
      .groups(o.groups())
      .bias(o.bias())
      .padding_mode(o.padding_mode());
}

template <size_t D>
detail::ConvNdOptions<D> all_options(const ConvTransposeOptions<D>& o) {
  return detail::ConvNdOptions<D>(o.in_channels(), o.out_channels(), o.kernel_size())
      .stride(o.stride())
      .padding(o.padding())
      .dilation(o.dilation())
      .transposed(true)
      .output_padding(o.output_padding())
      .groups(o.groups())
      .bias(o.bias())
      .padding_mode(o.padding_mode());
}

}  // namespace

template <size_t D, class Derived>
ConvNdImpl<D, Derived>::ConvNdImpl(const detail::ConvNdOptions<D>& options) : options(options) {
  ConvNdImpl::reset();
}
template <size_t D, class Derived>
ConvNdImpl<D, Derived>::~ConvNdImpl() = default;

template <size_t D, class Derived>
void ConvNdImpl<D, Derived>::reset() {
  const int64_t in = options.in_channels(), out = options.out_channels(), groups = options.groups();
  check(in > 0 && groups > 0 && out > 0, "Conv", D,
        "d: in_channels, groups and out_channels must be a positive integer, got ", in, ", ", groups, " and ", out);
  check(in % groups == 0, "in_channels must be divisible by groups");
  check(out % groups == 0, "out_channels must be divisible by groups");
  check(!std::holds_alternative<enumtype::kSame>(options.padding()) || options.stride().all(1),
        "padding='same' is not supported for strided convolutions");
  std::vector<int64_t> sizes = {out, in / groups};
  if (options.transposed()) sizes = {in, out / groups};
  sizes.insert(sizes.end(), options.kernel_size()->begin(), options.kernel_size()->end());
  weight = this->register_parameter("weight", empty(IntArrayRef(sizes)));
  bias = this->register_parameter("bias", options.bias() ? empty({out}) : Tensor(), options.bias());
  reset_parameters();
}

template <size_t D, class Derived>
void ConvNdImpl<D, Derived>::reset_parameters() {
  init::kaiming_uniform_(weight, std::sqrt(5));
  if (!bias.defined()) return;
  const auto [fan_in, fan_out] = init::_calculate_fan_in_and_fan_out(weight);
  const double bound = 1 / std::sqrt(static_cast<double>(fan_in));
  init::uniform_(bias, -bound, bound);
}

template <size_t D, class Derived>
void ConvNdImpl<D, Derived>::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::Conv" << D << "d(" << options.in_channels() << ", " << options.out_channels()
         << ", kernel_size=" << options.kernel_size() << ", stride=" << options.stride();
  if (const auto* numbers = std::get_if<ExpandingArray<D>>(&options.padding())) {
    if (!numbers->all(0)) stream << ", padding=" << *numbers;
  } else {
    stream << ", padding=" << (std::holds_alternative<enumtype::kSame>(options.padding()) ? "'same'" : "'valid'");
  }
  if (!options.dilation().all(1)) stream << ", dilation=" << options.dilation();
  if (options.groups() != 1) stream << ", groups=" << options.groups();
  if (!options.bias()) stream << ", bias=false";
  if (!std::holds_alternative<enumtype::kZeros>(options.padding_mode()))
    stream << ", padding_mode=" << enumtype::get_enum_name(options.padding_mode());
  stream << ")";
}

template <size_t D, class Derived>
bool ConvNdImpl<D, Derived>::padded(Tensor& x) const {
  if (std::holds_alternative<enumtype::kZeros>(options.padding_mode())) return false;
  std::vector<int64_t> pad;
  for (size_t i = D; i-- > 0;) {
    const auto* numbers = std::get_if<ExpandingArray<D>>(&options.padding());
    const int64_t same = options.dilation()[i] * (options.kernel_size()[i] - 1);
    const bool is_same = std::holds_alternative<enumtype::kSame>(options.padding());
    const int64_t before = numbers ? (*numbers)[i] : is_same ? same / 2 : 0;
    pad.push_back(before);
    pad.push_back(is_same ? same - before : before);
  }
  functional::PadFuncOptions o(pad);
  if (std::holds_alternative<enumtype::kReflect>(options.padding_mode())) o.mode(kReflect);
  if (std::holds_alternative<enumtype::kReplicate>(options.padding_mode())) o.mode(kReplicate);
  if (std::holds_alternative<enumtype::kCircular>(options.padding_mode())) o.mode(kCircular);
  x = functional::pad(x, o);
  return true;
}

template <size_t D, class Derived>
ConvTransposeNdImpl<D, Derived>::ConvTransposeNdImpl(const ConvTransposeOptions<D>& options)
    : ConvNdImpl<D, Derived>(all_options(options)) {}
template <size_t D, class Derived>
ConvTransposeNdImpl<D, Derived>::~ConvTransposeNdImpl() = default;

template <size_t D, class Derived>
void ConvTransposeNdImpl<D, Derived>::pretty_print(std::ostream& stream) const {
  const auto& o = this->options;
  stream << "torch::nn::ConvTranspose" << D << "d(" << o.in_channels() << ", " << o.out_channels()
         << ", kernel_size=" << o.kernel_size() << ", stride=" << o.stride();
  if (!padding().all(0)) stream << ", padding=" << padding();
  if (!o.dilation().all(1)) stream << ", dilation=" << o.dilation();
  if (!o.output_padding().all(0)) stream << ", output_padding=" << o.output_padding();
  if (o.groups() != 1) stream << ", groups=" << o.groups();
  if (!o.bias()) stream << ", bias=false";
  if (!std::holds_alternative<enumtype::kZeros>(o.padding_mode()))
    stream << ", padding_mode=" << enumtype::get_enum_name(o.padding_mode());
  stream << ")";
}

template <size_t D, class Derived>
std::vector<int64_t> ConvTransposeNdImpl<D, Derived>::_output_padding(const Tensor& x,
                                                                      const std::optional<IntArrayRef>& output_size,
                                                                      const ExpandingArray<D>& stride,
                                                                      const ExpandingArray<D>& padding,
                                                                      const ExpandingArray<D>& kernel_size) const {
  check(std::holds_alternative<enumtype::kZeros>(this->options.padding_mode()),
        "Only `zeros` padding mode is supported for ConvTranspose", D, "d");
  if (!output_size) return {this->options.output_padding()->begin(), this->options.output_padding()->end()};
  IntArrayRef wanted = *output_size;
  if (wanted.size() == D + 2) wanted = wanted.slice(2);
  check(wanted.size() == D, "output_size must have ", D, " or ", D + 2, " elements (got ", wanted.size(), ")");
  const int64_t first = x.dim() - static_cast<int64_t>(D);
  check(first >= 1, "ConvTranspose", D, "d: Expected ", D + 1, "D (unbatched) or ", D + 2, "D (batched) input, got ",
        x.sizes());
  std::vector<int64_t> least, most, extra;
  bool possible = true;
  for (size_t i = 0; i < D; ++i) {
    const int64_t window = this->options.dilation()[i] * (kernel_size[i] - 1) + 1;
    least.push_back((x.size(first + static_cast<int64_t>(i)) - 1) * stride[i] - 2 * padding[i] + window);
    most.push_back(least[i] + stride[i] - 1);
    extra.push_back(wanted[i] - least[i]);
    possible &= wanted[i] >= least[i] && wanted[i] <= most[i];
  }
  check(possible, "requested an output size of ", wanted, ", but valid sizes range from ", IntArrayRef(least), " to ",
        IntArrayRef(most), " (for an input of ", x.sizes().slice(static_cast<size_t>(first)), ")");
  return extra;
}

template class ConvNdImpl<1, Conv1dImpl>;
template class ConvNdImpl<2, Conv2dImpl>;
template class ConvNdImpl<3, Conv3dImpl>;
template class ConvNdImpl<1, ConvTranspose1dImpl>;
template class ConvTransposeNdImpl<1, ConvTranspose1dImpl>;
template class ConvNdImpl<2, ConvTranspose2dImpl>;
template class ConvTransposeNdImpl<2, ConvTranspose2dImpl>;
template class ConvNdImpl<3, ConvTranspose3dImpl>;
template class ConvTransposeNdImpl<3, ConvTranspose3dImpl>;

Conv1dImpl::Conv1dImpl(const Conv1dOptions& options) : ConvNdImpl(all_options(options)) {}
Conv2dImpl::Conv2dImpl(const Conv2dOptions& options) : ConvNdImpl(all_options(options)) {}
Conv3dImpl::Conv3dImpl(const Conv3dOptions& options) : ConvNdImpl(all_options(options)) {}
ConvTranspose1dImpl::ConvTranspose1dImpl(const ConvTranspose1dOptions& options) : ConvTransposeNdImpl(options) {}
ConvTranspose2dImpl::ConvTranspose2dImpl(const ConvTranspose2dOptions& options) : ConvTransposeNdImpl(options) {}
ConvTranspose3dImpl::ConvTranspose3dImpl(const ConvTranspose3dOptions& options) : ConvTransposeNdImpl(options) {}

Tensor Conv1dImpl::forward(const Tensor& x) {
  Tensor in = x;
  const conv_padding_t<1> padding = padded(in) ? conv_padding_t<1>(ExpandingArray<1>(0)) : options.padding();
  return with_padding<1>(padding, [&](const auto& p) {
    return gradus::conv1d(in, weight, bias, options.stride(), p, options.dilation(), options.groups());
  });
}
Tensor Conv2dImpl::forward(const Tensor& x) {
  Tensor in = x;
  const conv_padding_t<2> padding = padded(in) ? conv_padding_t<2>(ExpandingArray<2>(0)) : options.padding();
  return with_padding<2>(padding, [&](const auto& p) {
    return gradus::conv2d(in, weight, bias, options.stride(), p, options.dilation(), options.groups());
  });
}
Tensor Conv3dImpl::forward(const Tensor& x) {
  Tensor in = x;
  const conv_padding_t<3> padding = padded(in) ? conv_padding_t<3>(ExpandingArray<3>(0)) : options.padding();
  return with_padding<3>(padding, [&](const auto& p) {
    return gradus::conv3d(in, weight, bias, options.stride(), p, options.dilation(), options.groups());
  });
}
Tensor ConvTranspose1dImpl::forward(const Tensor& x, const std::optional<IntArrayRef>& output_size) {
  const auto extra = _output_padding(x, output_size, options.stride(), padding(), options.kernel_size());
  return gradus::conv_transpose1d(x, weight, bias, options.stride(), padding(), extra, options.groups(),
                                  options.dilation());
}
Tensor ConvTranspose2dImpl::forward(const Tensor& x, const std::optional<IntArrayRef>& output_size) {
  const auto extra = _output_padding(x, output_size, options.stride(), padding(), options.kernel_size());
  return gradus::conv_transpose2d(x, weight, bias, options.stride(), padding(), extra, options.groups(),
                                  options.dilation());
}
Tensor ConvTranspose3dImpl::forward(const Tensor& x, const std::optional<IntArrayRef>& output_size) {
  const auto extra = _output_padding(x, output_size, options.stride(), padding(), options.kernel_size());
  return gradus::conv_transpose3d(x, weight, bias, options.stride(), padding(), extra, options.groups(),
                                  options.dilation());
}

Tensor functional::conv1d(const Tensor& x, const Tensor& weight, const Conv1dFuncOptions& o) {
  return with_padding<1>(o.padding(), [&](const auto& p) {
    return gradus::conv1d(x, weight, o.bias(), o.stride(), p, o.dilation(), o.groups());
  });
}

Tensor functional::conv2d(const Tensor& x, const Tensor& weight, const Conv2dFuncOptions& o) {
  return with_padding<2>(o.padding(), [&](const auto& p) {
    return gradus::conv2d(x, weight, o.bias(), o.stride(), p, o.dilation(), o.groups());
  });
}

Tensor functional::conv3d(const Tensor& x, const Tensor& weight, const Conv3dFuncOptions& o) {
  return with_padding<3>(o.padding(), [&](const auto& p) {
    return gradus::conv3d(x, weight, o.bias(), o.stride(), p, o.dilation(), o.groups());
  });
}

Tensor functional::conv_transpose1d(const Tensor& x, const Tensor& weight, const ConvTranspose1dFuncOptions& o) {
  return gradus::conv_transpose1d(x, weight, o.bias(), o.stride(), o.padding(), o.output_padding(), o.groups(),
                                  o.dilation());
}

Tensor functional::conv_transpose2d(const Tensor& x, const Tensor& weight, const ConvTranspose2dFuncOptions& o) {
  return gradus::conv_transpose2d(x, weight, o.bias(), o.stride(), o.padding(), o.output_padding(), o.groups(),
                                  o.dilation());
}

Tensor functional::conv_transpose3d(const Tensor& x, const Tensor& weight, const ConvTranspose3dFuncOptions& o) {
  return gradus::conv_transpose3d(x, weight, o.bias(), o.stride(), o.padding(), o.output_padding(), o.groups(),
                                  o.dilation());
}

}  // namespace gradus::nn
