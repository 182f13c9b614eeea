// Reading out: the elements of any tensor as plain numbers.
#pragma once
#include <vector>

#include "gradus/tensor/impl.h"

namespace gradus::kernels {

/// The elements of t, of any type and layout, in row-major order.
std::vector<double> doubles(const TensorImpl& t);

}  // namespace gradus::kernels
