// Indexing: elements read from, written to, or added to places that index tensors name. Every element is handled in the
// order of the indices, so results are the same on any number of threads.
#pragma once
#include "gradus/tensor/tensor.h"

namespace gradus::kernels {

/// The places of a tensor that an indexing reaches: (p, i, q) lies before[p] + index[i] + after[q] elements behind the
/// tensor's first. `consecutive`: after[q] = q.
struct Places {
  Tensor before, index, after;
  bool consecutive = false;
};

/// The offset of each element of a tensor with these sizes and strides, in row-major order; int64.
Tensor offsets(IntArrayRef sizes, IntArrayRef strides);
/// offsets[i] += (index[i], or index[i] + size where it is negative) * stride; both contiguous int64.
void add_offsets(const TensorImpl& offsets, const TensorImpl& index, int64_t size, int64_t stride);
/// The position of the first index (contiguous int64) outside of [low, high), or -1.
int64_t first_outside(const TensorImpl& index, int64_t low, int64_t high);

/// y, contiguous [p, i, q], = x at the places.
void take(const TensorImpl& y, const TensorImpl& x, const Places& places);
/// x at the places = v, or += v; v is contiguous [p, i, q] of x's type.
void put(const TensorImpl& x, const TensorImpl& v, const Places& places, bool accumulate);

/// y[i][j] = x[index[i][j]][j] for dim 0, and so on; y and index (int64) are contiguous and of one shape.
void gather(const TensorImpl& y, const TensorImpl& x, const TensorImpl& index, int64_t dim);
/// x[index[i][j]][j] = (or +=) src[i][j] for dim 0, and so on; index is contiguous, src at least as large.
void scatter(const TensorImpl& x, const TensorImpl& index, const TensorImpl& src, int64_t dim, bool accumulate);

/// The coordinates of the elements of a contiguous mask that are true, one row each: out is [count, rank], int64.
void nonzero(const TensorImpl& out, const TensorImpl& mask);

}  // namespace gradus::kernels
