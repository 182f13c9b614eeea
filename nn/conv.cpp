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

}  // namespace

template <size_t D, class Derived>
ConvNdImpl<D, Derived>::ConvNdImpl(const ConvOptions<D>& options) : options(options) {
  ConvNdImpl::reset();
}
template <size_t D, class Derived>
ConvNdImpl<D, Derived>::~ConvNdImpl() = default;

template <size_t D, class Derived>
void ConvNdImpl<D, Derived>::reset() {
  const int64_t in = options.in_channels(), out = options.out_channels(), groups = options.groups();
  check(in > 0 && groups > 0 && out > 0, "in_channels, groups and out_channels must be a positive integer.");
  check(in % groups == 0, "in_channels must be divisible by groups");
  check(out % groups == 0, "out_channels must be divisible by groups");
  check(!std::holds_alternative<enumtype::kSame>(options.padding()) || options.stride().all(1),
        "padding='same' is not supported for strided convolutions");
  std::vector<int64_t> sizes = {out, in / groups};
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

template class ConvNdImpl<1, Conv1dImpl>;
template class ConvNdImpl<2, Conv2dImpl>;

Conv1dImpl::Conv1dImpl(const Conv1dOptions& options) : ConvNdImpl(options) {}
Conv2dImpl::Conv2dImpl(const Conv2dOptions& options) : ConvNdImpl(options) {}

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

}  // namespace gradus::nn
