#include "gradus/nn/pool.h"

#include "gradus/autograd/ops/pool.h"
#include "gradus/autograd/ops/shape.h"
#include "gradus/nn/layer_impl.h"

namespace gradus::nn {
namespace F = functional;

template class Layer<MaxPool1dImpl, MaxPool1dOptions>;
template class Layer<MaxPool2dImpl, MaxPool2dOptions>;
template class Layer<AvgPool1dImpl, AvgPool1dOptions>;
template class Layer<AvgPool2dImpl, AvgPool2dOptions>;
template class Layer<AdaptiveAvgPool1dImpl, AdaptiveAvgPool1dOptions>;
template class Layer<AdaptiveAvgPool2dImpl, AdaptiveAvgPool2dOptions>;

namespace {

template <size_t D>
void print(std::ostream& stream, const MaxPoolOptions<D>& o) {
  stream << "torch::nn::MaxPool" << D << "d(kernel_size=" << o.kernel_size() << ", stride=" << o.stride()
         << ", padding=" << o.padding() << ", dilation=" << o.dilation()
         << ", ceil_mode=" << (o.ceil_mode() ? "true" : "false") << ")";
}

template <size_t D>
void print(std::ostream& stream, const AvgPoolOptions<D>& o) {
  stream << "torch::nn::AvgPool" << D << "d(kernel_size=" << o.kernel_size() << ", stride=" << o.stride()
         << ", padding=" << o.padding() << ")";
}

// [.., L] as [.., 1, L], pooled in two dimensions.
template <class Pool>
Tensor in_two_dimensions(const char* op, const Tensor& x, const Pool& pool) {
  check(x.dim() == 2 || x.dim() == 3, op, ": Expected 2D or 3D (batch mode) tensor, got ", x.sizes());
  return pool(x.unsqueeze(-2)).squeeze(-2);
}

}  // namespace

Tensor F::max_pool1d(const Tensor& x, const MaxPool1dFuncOptions& o) {
  return gradus::max_pool1d(x, o.kernel_size(), o.stride(), o.padding(), o.dilation(), o.ceil_mode());
}

Tensor F::max_pool2d(const Tensor& x, const MaxPool2dFuncOptions& o) {
  return gradus::max_pool2d(x, o.kernel_size(), o.stride(), o.padding(), o.dilation(), o.ceil_mode());
}

std::tuple<Tensor, Tensor> F::max_pool2d_with_indices(const Tensor& x, const MaxPool2dFuncOptions& o) {
  return gradus::max_pool2d_with_indices(x, o.kernel_size(), o.stride(), o.padding(), o.dilation(), o.ceil_mode());
}

Tensor F::avg_pool1d(const Tensor& x, const AvgPool1dFuncOptions& o) {
  return in_two_dimensions("avg_pool1d", x, [&](const Tensor& plane) {
    return gradus::avg_pool2d(plane, {1, o.kernel_size()[0]}, {1, o.stride()[0]}, {0, o.padding()[0]}, o.ceil_mode(),
                              o.count_include_pad());
  });
}

Tensor F::avg_pool2d(const Tensor& x, const AvgPool2dFuncOptions& o) {
  return gradus::avg_pool2d(x, o.kernel_size(), o.stride(), o.padding(), o.ceil_mode(), o.count_include_pad(),
                            o.divisor_override());
}

Tensor F::adaptive_avg_pool1d(const Tensor& x, const AdaptiveAvgPool1dFuncOptions& o) {
  return in_two_dimensions("adaptive_avg_pool1d", x, [&](const Tensor& plane) {
    return gradus::adaptive_avg_pool2d(plane, {1, o.output_size()[0]});
  });
}

Tensor F::adaptive_avg_pool2d(const Tensor& x, const AdaptiveAvgPool2dFuncOptions& o) {
  check(x.dim() == 3 || x.dim() == 4, "adaptive_avg_pool2d: Expected 3D or 4D tensor, but got ", x.sizes());
  int64_t size[2];
  for (size_t i = 0; i < 2; ++i) size[i] = o.output_size()[i].value_or(x.size(static_cast<int64_t>(i) - 2));
  return gradus::adaptive_avg_pool2d(x, size);
}

Tensor MaxPool1dImpl::forward(const Tensor& x) { return F::max_pool1d(x, options); }
Tensor MaxPool2dImpl::forward(const Tensor& x) { return F::max_pool2d(x, options); }
std::tuple<Tensor, Tensor> MaxPool2dImpl::forward_with_indices(const Tensor& x) {
  return F::max_pool2d_with_indices(x, options);
}
Tensor AvgPool1dImpl::forward(const Tensor& x) { return F::avg_pool1d(x, options); }
Tensor AvgPool2dImpl::forward(const Tensor& x) { return F::avg_pool2d(x, options); }
Tensor AdaptiveAvgPool1dImpl::forward(const Tensor& x) { return F::adaptive_avg_pool1d(x, options); }
Tensor AdaptiveAvgPool2dImpl::forward(const Tensor& x) { return F::adaptive_avg_pool2d(x, options); }

void MaxPool1dImpl::pretty_print(std::ostream& stream) const { print(stream, options); }
void MaxPool2dImpl::pretty_print(std::ostream& stream) const { print(stream, options); }
void AvgPool1dImpl::pretty_print(std::ostream& stream) const { print(stream, options); }
void AvgPool2dImpl::pretty_print(std::ostream& stream) const { print(stream, options); }
void AdaptiveAvgPool1dImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::AdaptiveAvgPool1d(output_size=" << options.output_size() << ")";
}
void AdaptiveAvgPool2dImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::AdaptiveAvgPool2d(output_size=" << options.output_size() << ")";
}

}  // namespace gradus::nn
