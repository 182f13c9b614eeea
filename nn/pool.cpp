#include "gradus/nn/pool.h"

#include "gradus/autograd/ops/pool.h"
#include "gradus/nn/layer_impl.h"

namespace gradus::nn {
namespace F = functional;

template class Layer<MaxPool1dImpl, MaxPool1dOptions>;
template class Layer<MaxPool2dImpl, MaxPool2dOptions>;
template class Layer<MaxPool3dImpl, MaxPool3dOptions>;
template class Layer<AvgPool1dImpl, AvgPool1dOptions>;
template class Layer<AvgPool2dImpl, AvgPool2dOptions>;
template class Layer<AvgPool3dImpl, AvgPool3dOptions>;
template class Layer<AdaptiveAvgPool1dImpl, AdaptiveAvgPool1dOptions>;
template class Layer<AdaptiveAvgPool2dImpl, AdaptiveAvgPool2dOptions>;
template class Layer<AdaptiveAvgPool3dImpl, AdaptiveAvgPool3dOptions>;
template class Layer<AdaptiveMaxPool1dImpl, AdaptiveMaxPool1dOptions>;
template class Layer<AdaptiveMaxPool2dImpl, AdaptiveMaxPool2dOptions>;
template class Layer<AdaptiveMaxPool3dImpl, AdaptiveMaxPool3dOptions>;

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

template <class Options>
void print(std::ostream& stream, const char* name, const Options& o) {
  stream << "torch::nn::" << name << "(output_size=" << o.output_size() << ")";
}

// Missing sizes are those of x.
template <size_t D>
std::vector<int64_t> sizes_of(const Tensor& x, const ExpandingArrayWithOptionalElem<D>& wanted) {
  check(x.dim() >= static_cast<int64_t>(D) + 1, "Input dimension should be at least ", D + 1, ", got ", x.sizes());
  std::vector<int64_t> sizes;
  for (size_t i = 0; i < D; ++i)
    sizes.push_back(wanted[i].value_or(x.size(x.dim() - static_cast<int64_t>(D) + static_cast<int64_t>(i))));
  return sizes;
}
std::vector<int64_t> sizes_of(const Tensor&, const ExpandingArray<1>& wanted) { return {wanted[0]}; }

}  // namespace

std::tuple<Tensor, Tensor> F::max_pool1d_with_indices(const Tensor& x, const MaxPool1dFuncOptions& o) {
  return gradus::max_pool1d_with_indices(x, o.kernel_size(), o.stride(), o.padding(), o.dilation(), o.ceil_mode());
}
Tensor F::max_pool1d(const Tensor& x, const MaxPool1dFuncOptions& o) {
  return gradus::max_pool1d(x, o.kernel_size(), o.stride(), o.padding(), o.dilation(), o.ceil_mode());
}
std::tuple<Tensor, Tensor> F::adaptive_max_pool1d_with_indices(const Tensor& x, const AdaptiveMaxPool1dFuncOptions& o) {
  return gradus::adaptive_max_pool1d(x, sizes_of(x, o.output_size()));
}
Tensor F::adaptive_max_pool1d(const Tensor& x, const AdaptiveMaxPool1dFuncOptions& o) {
  return std::get<0>(F::adaptive_max_pool1d_with_indices(x, o));
}
Tensor F::adaptive_avg_pool1d(const Tensor& x, const AdaptiveAvgPool1dFuncOptions& o) {
  return gradus::adaptive_avg_pool1d(x, sizes_of(x, o.output_size()));
}
Tensor F::avg_pool1d(const Tensor& x, const AvgPool1dFuncOptions& o) {
  return gradus::avg_pool1d(x, o.kernel_size(), o.stride(), o.padding(), o.ceil_mode(), o.count_include_pad());
}

std::tuple<Tensor, Tensor> F::max_pool2d_with_indices(const Tensor& x, const MaxPool2dFuncOptions& o) {
  return gradus::max_pool2d_with_indices(x, o.kernel_size(), o.stride(), o.padding(), o.dilation(), o.ceil_mode());
}
Tensor F::max_pool2d(const Tensor& x, const MaxPool2dFuncOptions& o) {
  return gradus::max_pool2d(x, o.kernel_size(), o.stride(), o.padding(), o.dilation(), o.ceil_mode());
}
std::tuple<Tensor, Tensor> F::adaptive_max_pool2d_with_indices(const Tensor& x, const AdaptiveMaxPool2dFuncOptions& o) {
  return gradus::adaptive_max_pool2d(x, sizes_of(x, o.output_size()));
}
Tensor F::adaptive_max_pool2d(const Tensor& x, const AdaptiveMaxPool2dFuncOptions& o) {
  return std::get<0>(F::adaptive_max_pool2d_with_indices(x, o));
}
Tensor F::adaptive_avg_pool2d(const Tensor& x, const AdaptiveAvgPool2dFuncOptions& o) {
  return gradus::adaptive_avg_pool2d(x, sizes_of(x, o.output_size()));
}
Tensor F::avg_pool2d(const Tensor& x, const AvgPool2dFuncOptions& o) {
  return gradus::avg_pool2d(x, o.kernel_size(), o.stride(), o.padding(), o.ceil_mode(), o.count_include_pad(),
                            o.divisor_override());
}

std::tuple<Tensor, Tensor> F::max_pool3d_with_indices(const Tensor& x, const MaxPool3dFuncOptions& o) {
  return gradus::max_pool3d_with_indices(x, o.kernel_size(), o.stride(), o.padding(), o.dilation(), o.ceil_mode());
}
Tensor F::max_pool3d(const Tensor& x, const MaxPool3dFuncOptions& o) {
  return gradus::max_pool3d(x, o.kernel_size(), o.stride(), o.padding(), o.dilation(), o.ceil_mode());
}
std::tuple<Tensor, Tensor> F::adaptive_max_pool3d_with_indices(const Tensor& x, const AdaptiveMaxPool3dFuncOptions& o) {
  return gradus::adaptive_max_pool3d(x, sizes_of(x, o.output_size()));
}
Tensor F::adaptive_max_pool3d(const Tensor& x, const AdaptiveMaxPool3dFuncOptions& o) {
  return std::get<0>(F::adaptive_max_pool3d_with_indices(x, o));
}
Tensor F::adaptive_avg_pool3d(const Tensor& x, const AdaptiveAvgPool3dFuncOptions& o) {
  return gradus::adaptive_avg_pool3d(x, sizes_of(x, o.output_size()));
}
Tensor F::avg_pool3d(const Tensor& x, const AvgPool3dFuncOptions& o) {
  return gradus::avg_pool3d(x, o.kernel_size(), o.stride(), o.padding(), o.ceil_mode(), o.count_include_pad(),
                            o.divisor_override());
}

Tensor MaxPool1dImpl::forward(const Tensor& x) { return F::max_pool1d(x, options); }
std::tuple<Tensor, Tensor> MaxPool1dImpl::forward_with_indices(const Tensor& x) {
  return F::max_pool1d_with_indices(x, options);
}
void MaxPool1dImpl::pretty_print(std::ostream& stream) const { print(stream, options); }
Tensor MaxPool2dImpl::forward(const Tensor& x) { return F::max_pool2d(x, options); }
std::tuple<Tensor, Tensor> MaxPool2dImpl::forward_with_indices(const Tensor& x) {
  return F::max_pool2d_with_indices(x, options);
}
void MaxPool2dImpl::pretty_print(std::ostream& stream) const { print(stream, options); }
Tensor MaxPool3dImpl::forward(const Tensor& x) { return F::max_pool3d(x, options); }
std::tuple<Tensor, Tensor> MaxPool3dImpl::forward_with_indices(const Tensor& x) {
  return F::max_pool3d_with_indices(x, options);
}
void MaxPool3dImpl::pretty_print(std::ostream& stream) const { print(stream, options); }
Tensor AvgPool1dImpl::forward(const Tensor& x) { return F::avg_pool1d(x, options); }
void AvgPool1dImpl::pretty_print(std::ostream& stream) const { print(stream, options); }
Tensor AvgPool2dImpl::forward(const Tensor& x) { return F::avg_pool2d(x, options); }
void AvgPool2dImpl::pretty_print(std::ostream& stream) const { print(stream, options); }
Tensor AvgPool3dImpl::forward(const Tensor& x) { return F::avg_pool3d(x, options); }
void AvgPool3dImpl::pretty_print(std::ostream& stream) const { print(stream, options); }
Tensor AdaptiveAvgPool1dImpl::forward(const Tensor& x) { return F::adaptive_avg_pool1d(x, options); }
void AdaptiveAvgPool1dImpl::pretty_print(std::ostream& stream) const { print(stream, "AdaptiveAvgPool1d", options); }
Tensor AdaptiveAvgPool2dImpl::forward(const Tensor& x) { return F::adaptive_avg_pool2d(x, options); }
void AdaptiveAvgPool2dImpl::pretty_print(std::ostream& stream) const { print(stream, "AdaptiveAvgPool2d", options); }
Tensor AdaptiveAvgPool3dImpl::forward(const Tensor& x) { return F::adaptive_avg_pool3d(x, options); }
void AdaptiveAvgPool3dImpl::pretty_print(std::ostream& stream) const { print(stream, "AdaptiveAvgPool3d", options); }
Tensor AdaptiveMaxPool1dImpl::forward(const Tensor& x) { return F::adaptive_max_pool1d(x, options); }
std::tuple<Tensor, Tensor> AdaptiveMaxPool1dImpl::forward_with_indices(const Tensor& x) {
  return F::adaptive_max_pool1d_with_indices(x, options);
}
void AdaptiveMaxPool1dImpl::pretty_print(std::ostream& stream) const { print(stream, "AdaptiveMaxPool1d", options); }
Tensor AdaptiveMaxPool2dImpl::forward(const Tensor& x) { return F::adaptive_max_pool2d(x, options); }
std::tuple<Tensor, Tensor> AdaptiveMaxPool2dImpl::forward_with_indices(const Tensor& x) {
  return F::adaptive_max_pool2d_with_indices(x, options);
}
void AdaptiveMaxPool2dImpl::pretty_print(std::ostream& stream) const { print(stream, "AdaptiveMaxPool2d", options); }
Tensor AdaptiveMaxPool3dImpl::forward(const Tensor& x) { return F::adaptive_max_pool3d(x, options); }
std::tuple<Tensor, Tensor> AdaptiveMaxPool3dImpl::forward_with_indices(const Tensor& x) {
  return F::adaptive_max_pool3d_with_indices(x, options);
}
void AdaptiveMaxPool3dImpl::pretty_print(std::ostream& stream) const { print(stream, "AdaptiveMaxPool3d", options); }

}  // namespace gradus::nn
