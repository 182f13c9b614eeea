// The type of a result, by PyTorch's rule: tensors with dimensions decide; a 0-dimensional tensor or a number only
// counts if it is of a higher kind (bool < integer < floating point).
#pragma once
#include "gradus/tensor/tensor.h"

namespace gradus {

ScalarType result_type(const Tensor& a, const Tensor& b);
ScalarType result_type(const Tensor& a, const Scalar& b);
inline ScalarType result_type(const Scalar& a, const Tensor& b) { return result_type(b, a); }

}  // namespace gradus
