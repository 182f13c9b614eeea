// Distances between rows.
#pragma once
#include "gradus/tensor/tensor.h"

namespace gradus::kernels {

/// y[i][j] = the p-norm of a[i] - b[j], for each of `batch` pairs of contiguous matrices a [n, d], b [m, d]; float or
/// double. p = 0 counts the elements that differ, p = infinity is the greatest difference.
void distances(const TensorImpl& y, const TensorImpl& a, const TensorImpl& b, int64_t batch, int64_t n, int64_t m,
               int64_t d, double p);
/// ga[i] = sum over j of g[i][j] times the gradient of y[i][j] for a[i]; 0 where y is 0.
void distances_backward(const TensorImpl& ga, const TensorImpl& g, const TensorImpl& a, const TensorImpl& b,
                        const TensorImpl& y, int64_t batch, int64_t n, int64_t m, int64_t d, double p);

}  // namespace gradus::kernels
