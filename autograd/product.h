// What the operations that multiply matrices share.
#pragma once
#include "gradus/tensor/tensor.h"

namespace gradus::detail {

/// op(a) op(b) + bias, not recorded, into a fresh tensor of `sizes`, whose elements are those of the product.
Tensor product(const Tensor& a, bool transpose_a, const Tensor& b, bool transpose_b, const Tensor& bias,
               IntArrayRef sizes);
/// Throws unless both are there, of one type, and not bools.
void check_factors(const char* op, const Tensor& a, const Tensor& b);

}  // namespace gradus::detail
