// Neighbours in a Sequential that are one operation: nothing is decided in advance, so entries and options may change.
#pragma once
#include "gradus/nn/any.h"

namespace gradus::nn::detail {

/// y = second(first(x)), to the same bits, if one operation computes both; false, and nothing called, if not.
/// Linear and ReLU, Tanh or Sigmoid; BatchNorm and ReLU; ReLU and MaxPool. Not what is derived from them.
bool forward_both(const AnyModule& first, const AnyModule& second, const Tensor& x, Tensor& y);

}  // namespace gradus::nn::detail
