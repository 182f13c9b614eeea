#include "gradus/nn/containers/fused.h"

#include "gradus/autograd/ops/matmul.h"
#include "gradus/autograd/ops/pool.h"
#include "gradus/nn/activation.h"
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

}  // namespace

bool detail::forward_both(const AnyModule& first, const AnyModule& second, const Tensor& x, Tensor& y) {
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

}  // namespace gradus::nn
