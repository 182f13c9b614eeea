// Constant sparse matrices applied along one dimension. Resizing, padding by copies and means of windows are such maps,
// one dimension after the other, and so are their derivatives.
#pragma once
#include <memory>

#include "gradus/tensor/kernels/resample.h"
#include "gradus/tensor/tensor.h"

namespace gradus {

using kernels::Taps;

/// y[…, i, …] = sum over k of taps(i, k) x[…, k, …] along dim.  gx = resample(g) with the matrix transposed.
Tensor resample(const Tensor& x, int64_t dim, const std::shared_ptr<const Taps>& taps);

}  // namespace gradus
