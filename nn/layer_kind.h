// Which layers Sequential computes together with the one behind them (containers/fused.h), known by their names alone.
#pragma once
#include <type_traits>

namespace gradus::nn {

class Conv2dImpl;
class LinearImpl;
class BatchNorm1dImpl;
class BatchNorm2dImpl;
class BatchNorm3dImpl;
class ReLUImpl;
class TanhImpl;
class SigmoidImpl;
class MaxPool1dImpl;
class MaxPool2dImpl;
class MaxPool3dImpl;

namespace detail {

enum class LayerKind : unsigned char {
  other,
  conv2d,
  linear,
  batch_norm1d,
  batch_norm2d,
  batch_norm3d,
  relu,
  tanh,
  sigmoid,
  max_pool1d,
  max_pool2d,
  max_pool3d,
};

template <class M>
constexpr LayerKind layer_kind() {
  using Kind = LayerKind;
  if (std::is_same_v<M, Conv2dImpl>) return Kind::conv2d;
  if (std::is_same_v<M, LinearImpl>) return Kind::linear;
  if (std::is_same_v<M, BatchNorm1dImpl>) return Kind::batch_norm1d;
  if (std::is_same_v<M, BatchNorm2dImpl>) return Kind::batch_norm2d;
  if (std::is_same_v<M, BatchNorm3dImpl>) return Kind::batch_norm3d;
  if (std::is_same_v<M, ReLUImpl>) return Kind::relu;
  if (std::is_same_v<M, TanhImpl>) return Kind::tanh;
  if (std::is_same_v<M, SigmoidImpl>) return Kind::sigmoid;
  if (std::is_same_v<M, MaxPool1dImpl>) return Kind::max_pool1d;
  if (std::is_same_v<M, MaxPool2dImpl>) return Kind::max_pool2d;
  if (std::is_same_v<M, MaxPool3dImpl>) return Kind::max_pool3d;
  return Kind::other;
}

}  // namespace detail
}  // namespace gradus::nn
