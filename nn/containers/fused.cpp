#include "gradus/nn/containers/fused.h"

#include "gradus/autograd/ops/conv.h"
#include "gradus/autograd/ops/matmul.h"
#include "gradus/autograd/ops/pool.h"
#include "gradus/nn/activation.h"
#include "gradus/nn/conv.h"
#include "gradus/nn/linear.h"
#include "gradus/nn/norm.h"
#include "gradus/nn/pool.h"

namespace gradus::nn {
namespace {

using detail::LayerKind;
using gradus::detail::Activation;

Tensor activated(const LinearImpl& layer, const Tensor& x, Activation activation) {
  return linear_activated(x, layer.weight, layer.bias, activation);
}

bool after_linear(const LinearImpl& layer, LayerKind second, const Tensor& x, Tensor& y) {
  switch (second) {
    case LayerKind::relu:
      y = activated(layer, x, Activation::relu);
      return true;
    case LayerKind::tanh:
      y = activated(layer, x, Activation::tanh);
      return true;
    case LayerKind::sigmoid:
      y = activated(layer, x, Activation::sigmoid);
      return true;
    default:
      return false;
  }
}

template <size_t D, class Pool>
void pool_after_relu(const MaxPoolOptions<D>& o, Pool pool, const Tensor& x, Tensor& y) {
  y = pool(x, o.kernel_size(), o.stride(), o.padding(), o.dilation(), o.ceil_mode());
}

bool after_relu(const AnyModule& second, const Tensor& x, Tensor& y) {
  switch (second.layer_kind()) {
    case LayerKind::max_pool1d:
      pool_after_relu(second.get<MaxPool1dImpl>().options, relu_max_pool1d, x, y);
      return true;
    case LayerKind::max_pool2d:
      pool_after_relu(second.get<MaxPool2dImpl>().options, relu_max_pool2d, x, y);
      return true;
    case LayerKind::max_pool3d:
      pool_after_relu(second.get<MaxPool3dImpl>().options, relu_max_pool3d, x, y);
      return true;
    default:
      return false;
  }
}

template <class Norm>
bool after_norm(const AnyModule& first, LayerKind second, const Tensor& x, Tensor& y) {
  if (second != LayerKind::relu) return false;
  y = first.get<Norm>().forward_relu(x);
  return true;
}

// The windows of the operation: 2 x 2 side by side.
bool of_pairs(const MaxPool2dOptions& o) {
  return o.kernel_size().all(2) && o.stride().all(2) && o.padding().all(0) && o.dilation().all(1) && !o.ceil_mode();
}

int64_t after_conv(const AnyModule* layers, int64_t count, const Tensor& x, Tensor& y) {
  const bool relu = layers[1].layer_kind() == LayerKind::relu;
  const int64_t pool = relu ? 2 : 1;
  if (pool >= count || layers[pool].layer_kind() != LayerKind::max_pool2d) return 0;
  const Conv2dImpl& conv = layers[0].get<Conv2dImpl>();
  const auto* padding = std::get_if<ExpandingArray<2>>(&conv.options.padding());
  const bool zeros = std::holds_alternative<enumtype::kZeros>(conv.options.padding_mode());
  if (!padding || !zeros || !of_pairs(layers[pool].get<MaxPool2dImpl>().options)) return 0;
  y = conv2d_max_pool2d(x, conv.weight, conv.bias, conv.options.stride(), *padding, conv.options.dilation(),
                        conv.options.groups(), relu);
  return pool + 1;
}

bool forward_both(const AnyModule& first, const AnyModule& second, const Tensor& x, Tensor& y) {
  switch (first.layer_kind()) {
    case LayerKind::linear:
      return after_linear(first.get<LinearImpl>(), second.layer_kind(), x, y);
    case LayerKind::batch_norm1d:
      return after_norm<BatchNorm1dImpl>(first, second.layer_kind(), x, y);
    case LayerKind::batch_norm2d:
      return after_norm<BatchNorm2dImpl>(first, second.layer_kind(), x, y);
    case LayerKind::batch_norm3d:
      return after_norm<BatchNorm3dImpl>(first, second.layer_kind(), x, y);
    case LayerKind::relu:  // in place it changes what others may see
      return !first.get<ReLUImpl>().options.inplace() && after_relu(second, x, y);
    default:
      return false;
  }
}

}  // namespace

int64_t detail::forward_together(const AnyModule* first, int64_t count, const Tensor& x, Tensor& y) {
  const LayerKind kind = first->layer_kind();
  if (count < 2 || kind == LayerKind::other) return 0;
  if (kind == LayerKind::conv2d) return after_conv(first, count, x, y);
  return forward_both(first[0], first[1], x, y) ? 2 : 0;
}

}  // namespace gradus::nn
