// Reductions.
#pragma once
#include "gradus/tensor/tensor.h"

namespace gradus {

/// y = sum of x over `dim` (all when not given);  gx = g expanded.
Tensor sum(const Tensor& x, OptionalIntArrayRef dim, bool keepdim = false,
           std::optional<ScalarType> dtype = std::nullopt);

}  // namespace gradus
