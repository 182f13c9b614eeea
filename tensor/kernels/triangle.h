// Matrices of which one side of a diagonal is zero.
#pragma once
#include "gradus/tensor/impl.h"

namespace gradus::kernels {

/// y = x on and above (or below, if not `upper`) diagonal k of each matrix of the last two dimensions, elsewhere 0.
/// Both of the same sizes and type, contiguous.
void triangle(const TensorImpl& y, const TensorImpl& x, int64_t k, bool upper);

}  // namespace gradus::kernels
