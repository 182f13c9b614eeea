// Neighbours in a Sequential that are one operation: nothing is decided in advance, so entries and options may change.
#pragma once
#include "gradus/nn/any.h"

namespace gradus::nn::detail {

/// How many of the `count` >= 1 layers from `first` on one operation computes together: y is then what they make of x.
/// 0, and nothing called, if there is no such operation. Linear and ReLU, Tanh or Sigmoid; BatchNorm and ReLU; ReLU and
/// MaxPool: to the same bits. Conv2d, perhaps ReLU, and MaxPool2d of 2 x 2: up to rounding. Not what is derived from
/// them.
int64_t forward_together(const AnyModule* first, int64_t count, const Tensor& x, Tensor& y);

}  // namespace gradus::nn::detail
