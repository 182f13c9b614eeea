// Distance and likeness of vectors.
#pragma once
#include "gradus/tensor/tensor.h"

namespace gradus {

/// The cosine of the angle between a and b along dim, which broadcast: sum(a b) / (max(|a|, eps) max(|b|, eps)).
/// With u = a / |a|, v = b / |b|:  ga = g (v - u (u . v)) / |a|, gb likewise.
Tensor cosine_similarity(const Tensor& x1, const Tensor& x2, int64_t dim = 1, double eps = 1e-8);
/// The p-norm of x1 - x2 + eps over the last dimension: x1 and x2 [..., D], which broadcast.
/// For p = 2 and d = x1 - x2 + eps:  gx1 = g d / |d|, gx2 = -gx1.
Tensor pairwise_distance(const Tensor& x1, const Tensor& x2, double p = 2, double eps = 1e-6, bool keepdim = false);
/// The p-norms of the differences of all pairs of rows of x, [N, D], in the order (0, 1), (0, 2) ... (1, 2) ...:
/// [N (N - 1) / 2].  For p = 2 and d = x[i] - x[j]:  gx[i] += g d / |d|, gx[j] -= g d / |d|.
Tensor pdist(const Tensor& x, double p = 2);

}  // namespace gradus
