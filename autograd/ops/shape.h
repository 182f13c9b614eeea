// Shape: views of the same elements, and operations that rearrange them. Linear all: each one's derivative is another.
#pragma once
#include "gradus/tensor/tensor.h"

namespace gradus {

/// True if `from` broadcasts to `to`.
bool expands(IntArrayRef from, IntArrayRef to);
/// x summed to `sizes`, which must expand to x's shape: undoes broadcasting. Its derivative is `expand`.
Tensor sum_to(const Tensor& x, IntArrayRef sizes);

/// x with dimensions of size 1 (and new leading ones) repeated without a copy; -1 keeps a size.  gx = sum_to(g).
Tensor expand(const Tensor& x, IntArrayRef sizes);
/// The same elements, in row-major order, under other sizes; one may be -1. `view` never copies, `reshape` may.
Tensor reshape(const Tensor& x, IntArrayRef sizes);
Tensor flatten(const Tensor& x, int64_t start_dim = 0, int64_t end_dim = -1);
/// Drops dimensions of size 1, or adds one.
Tensor squeeze(const Tensor& x);
Tensor squeeze(const Tensor& x, int64_t dim);
Tensor squeeze(const Tensor& x, IntArrayRef dims);
Tensor unsqueeze(const Tensor& x, int64_t dim);
/// Dimension i of the result is dims[i] of x.  gx = g permuted back.
Tensor permute(const Tensor& x, IntArrayRef dims);
Tensor transpose(const Tensor& x, int64_t a, int64_t b);
Tensor t(const Tensor& x);
/// Elements of storage by sizes, strides and offset.
Tensor as_strided(const Tensor& x, IntArrayRef sizes, IntArrayRef strides,
                  std::optional<int64_t> offset = std::nullopt);
/// x[…, start:end:step, …] along dim; step is positive.  gx = g there, 0 elsewhere.
Tensor slice(const Tensor& x, int64_t dim = 0, std::optional<int64_t> start = std::nullopt,
             std::optional<int64_t> end = std::nullopt, int64_t step = 1);
Tensor narrow(const Tensor& x, int64_t dim, int64_t start, int64_t length);
Tensor narrow(const Tensor& x, int64_t dim, const Tensor& start, int64_t length);
Tensor select(const Tensor& x, int64_t dim, int64_t index);

/// A tensor of `sizes`, g in the place that slice(dim, start, …, step) reads, 0 elsewhere: the derivative of `slice`.
Tensor slice_backward(const Tensor& g, IntArrayRef sizes, int64_t dim, int64_t start, int64_t step);

}  // namespace gradus
