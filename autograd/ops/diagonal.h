// Diagonals and triangles. An offset k > 0 means the diagonal that begins k columns to the right, k < 0 that far below.
#pragma once
#include "gradus/tensor/tensor.h"

namespace gradus {

/// The diagonal of each matrix that dim1 and dim2 span, as a new last dimension: a view.  gx = g there, 0 elsewhere.
Tensor diagonal(const Tensor& x, int64_t offset = 0, int64_t dim1 = 0, int64_t dim2 = 1);
/// Matrices in dim1 and dim2 with x's last dimension on their diagonal, 0 elsewhere.  gx = diagonal(g).
Tensor diag_embed(const Tensor& x, int64_t offset = 0, int64_t dim1 = -2, int64_t dim2 = -1);
/// Of a vector the matrix with this diagonal, of a matrix its diagonal as a copy.
Tensor diag(const Tensor& x, int64_t diagonal = 0);
/// diag_embed of x as a vector.
Tensor diagflat(const Tensor& x, int64_t offset = 0);
/// The sum of a matrix' diagonal.  gx = g on the diagonal.
Tensor trace(const Tensor& x);
/// The lower (upper) triangle of each matrix, the diagonal included, 0 elsewhere.  gx = tril(g), triu(g).
Tensor tril(const Tensor& x, int64_t diagonal = 0);
Tensor triu(const Tensor& x, int64_t diagonal = 0);
/// The coordinates of a row x col matrix' lower (upper) triangle, row by row: [2, n].
Tensor tril_indices(int64_t row, int64_t col, int64_t offset = 0, const TensorOptions& o = kLong);
Tensor triu_indices(int64_t row, int64_t col, int64_t offset = 0, const TensorOptions& o = kLong);

}  // namespace gradus
