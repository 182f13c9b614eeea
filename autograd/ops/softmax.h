// Softmax: numbers to probabilities along a dimension.
#pragma once
#include "gradus/tensor/tensor.h"

namespace gradus {

/// y = e^x / sum e^x along dim, without overflow;  gx = y (g - sum g y). A row of -inf alone gives NaN.
/// With `dtype`, x is converted first.
Tensor softmax(const Tensor& x, int64_t dim, std::optional<ScalarType> dtype = std::nullopt);
/// y = x - ln sum e^x along dim, without overflow;  gx = g - e^y sum g.
Tensor log_softmax(const Tensor& x, int64_t dim, std::optional<ScalarType> dtype = std::nullopt);
/// softmax of -x.
Tensor softmin(const Tensor& x, int64_t dim, std::optional<ScalarType> dtype = std::nullopt);

}  // namespace gradus
