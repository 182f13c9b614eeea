// Sorting along the last dimension. Stable: equal elements keep their order. NaN counts as the greatest.
#pragma once
#include "gradus/tensor/tensor.h"

namespace gradus::kernels {

/// values and indices (int64), [rows, k]: the first k of each row of x, contiguous [rows, n], in ascending or
/// descending order. With k < n only those are found and sorted.
void sort(const TensorImpl& values, const TensorImpl& indices, const TensorImpl& x, int64_t rows, int64_t n, int64_t k,
          bool descending);

}  // namespace gradus::kernels
