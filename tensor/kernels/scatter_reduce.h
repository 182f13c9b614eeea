// Scatter with a combination other than the last one or the sum.
#pragma once
#include "gradus/tensor/tensor.h"

namespace gradus::kernels {

enum class Combine { sum, prod, amax, amin };

/// x[index[i][j]][j] = that combined with src[i][j] for dim 0, and so on; NaN wins extremes. index is contiguous int64
/// and within range, src of its shape and of x's type. In the order of the indices.
void scatter_reduce(const TensorImpl& x, const TensorImpl& index, const TensorImpl& src, int64_t dim, Combine how);

}  // namespace gradus::kernels
