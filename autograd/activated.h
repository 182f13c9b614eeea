// Activations whose derivative needs their result alone: what operations that end in one share with the activation.
#pragma once
#include "gradus/tensor/tensor.h"

namespace gradus::detail {

enum class Activation { relu, tanh, sigmoid };

/// y, a fresh tensor, overwritten with its activation.
void activate(Activation activation, const Tensor& y);
/// g through the activation whose result was y: one pass, or a part of the graph where that is recorded.
Tensor through_activation(Activation activation, const Tensor& g, const Tensor& y);
/// The same of tanh, whose formula stands with the elementary functions.
void activate_by_tanh(const Tensor& y);
Tensor through_tanh(const Tensor& g, const Tensor& y);
/// relu(x), for a fresh x that nobody else has: the derivative keeps x and not the result, which may so be changed.
Tensor relu_of_own(const Tensor& x);

}  // namespace gradus::detail
