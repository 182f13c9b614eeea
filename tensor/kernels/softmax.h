// Softmax and its logarithm along a dimension: each row is read while it is in the cache, in one call.
#pragma once
#include "gradus/tensor/tensor.h"

namespace gradus::kernels {

/// y = e^(x - m) / sum e^(x - m) along dim, m the largest; its logarithm (x - m) - ln sum if `log`. Float or double.
Tensor softmax(const Tensor& x, int64_t dim, bool log);
/// From y: gx = y (g - sum g y), or g - e^y sum g if `log`.
Tensor softmax_backward(const Tensor& g, const Tensor& y, int64_t dim, bool log);

}  // namespace gradus::kernels
