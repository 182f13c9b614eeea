// Running values along a dimension. All tensors are contiguous and seen as [a, r, b]; the scan runs along r.
#pragma once
#include "gradus/tensor/tensor.h"

namespace gradus::kernels {

/// y = running products of x; both of one type (float, double, int64). Floats accumulate in double.
void cumprod(const TensorImpl& y, const TensorImpl& x, int64_t a, int64_t r, int64_t b);
/// The greatest (least) element so far and its place, the last among equals; NaN stays once it came.
void cumulative_extreme(bool max, const TensorImpl& values, const TensorImpl& indices, const TensorImpl& x, int64_t a,
                        int64_t r, int64_t b);
/// y = ln of the running sums of e^x, in float or double.
void logcumsumexp(const TensorImpl& y, const TensorImpl& x, int64_t a, int64_t r, int64_t b);
/// y_i = g_i + x_(i+1) y_(i+1), from the end: what the gradient of a running product consists of. In float or double.
void linear_recurrence(const TensorImpl& y, const TensorImpl& g, const TensorImpl& x, int64_t a, int64_t r, int64_t b);

}  // namespace gradus::kernels
