// Indexing: what index tensors pick, put and add. A picked element's gradient returns to where it came from.
#pragma once
#include <string_view>

#include "gradus/tensor/tensor.h"

namespace gradus {

/// x[i, j, …] with tensors of integers or bools, broadcast with each other, none for a whole dimension. The dimensions
/// they pick stand where they stood, or in front if others lie between them.  gx = g added at the indices.
Tensor index(const Tensor& x, ArrayRef<std::optional<Tensor>> indices);
Tensor index(const Tensor& x, ArrayRef<indexing::TensorIndex> indices);
/// x with `v`, broadcast, put (or added) there.  gx = g, 0 where it was replaced; gv = g[indices].
Tensor index_put(const Tensor& x, ArrayRef<std::optional<Tensor>> indices, const Tensor& v, bool accumulate = false);
Tensor& index_put_(const Tensor& x, ArrayRef<std::optional<Tensor>> indices, const Tensor& v, bool accumulate = false);
/// A tensor of `sizes`, 0 but for g added at the indices: the derivative of `index`.
Tensor index_backward(const Tensor& g, IntArrayRef sizes, ArrayRef<std::optional<Tensor>> indices);

/// The slices of x along dim that a vector of indices names.  gx = index_add of g to 0.
Tensor index_select(const Tensor& x, int64_t dim, const Tensor& index);
/// x with alpha times the slices of `source` added to those that the index names.  gsource = alpha g[index].
Tensor index_add(const Tensor& x, int64_t dim, const Tensor& index, const Tensor& source, const Scalar& alpha = 1);
/// x with the slices that the index names replaced by those of `source`.  gx = g, 0 where it was replaced;
/// gsource = g[index].
Tensor index_copy(const Tensor& x, int64_t dim, const Tensor& index, const Tensor& source);
/// x with the slices that the index names filled with a number.  gx = g, 0 there; gvalue = the sum of g there.
Tensor index_fill(const Tensor& x, int64_t dim, const Tensor& index, const Scalar& value);
Tensor index_fill(const Tensor& x, int64_t dim, const Tensor& index, const Tensor& value);
/// x with the slices of `source` combined with those that the index names: "prod", "mean", "amax" or "amin" of both, or
/// of the new ones alone without `include_self`.
Tensor index_reduce(const Tensor& x, int64_t dim, const Tensor& index, const Tensor& source, std::string_view reduce,
                    bool include_self = true);
/// y[i][j] = x[index[i][j]][j] for dim 0, y[i][j] = x[i][index[i][j]] for dim 1.  gx = scatter_add of g to 0.
Tensor gather(const Tensor& x, int64_t dim, const Tensor& index, bool sparse_grad = false);
/// x with y[index[i][j]][j] = src[i][j] for dim 0, and so on.  gx = g, 0 where it was replaced; gsrc = gather(g).
Tensor scatter(const Tensor& x, int64_t dim, const Tensor& index, const Tensor& src);
Tensor scatter(const Tensor& x, int64_t dim, const Tensor& index, const Scalar& value);
/// The same with "add" or "multiply" in place of replacing; no derivative.
Tensor scatter(const Tensor& x, int64_t dim, const Tensor& index, const Tensor& src, std::string_view reduce);
Tensor scatter(const Tensor& x, int64_t dim, const Tensor& index, const Scalar& value, std::string_view reduce);
/// The same with "sum", "prod", "mean", "amax" or "amin" of all that meets in a place; without `include_self` of src
/// alone.  g goes to what was taken: evenly to equal extremes, to the factors by the product of the others.
Tensor scatter_reduce(const Tensor& x, int64_t dim, const Tensor& index, const Tensor& src, std::string_view reduce,
                      bool include_self = true);
/// The same with +=.  gx = g, gsrc = gather(g).
Tensor scatter_add(const Tensor& x, int64_t dim, const Tensor& index, const Tensor& src);
/// The elements where the mask (bool, broadcast with x) holds, as a vector.
Tensor masked_select(const Tensor& x, const Tensor& mask);
/// Elements of x in row-major order, by index; a result of the index's shape.
Tensor take(const Tensor& x, const Tensor& index);
/// x with the elements that the index names, in row-major order, replaced by (or increased by) those of `source`.
Tensor put(const Tensor& x, const Tensor& index, const Tensor& source, bool accumulate = false);
/// gather whose index broadcasts with x but for dim; without dim of x as a vector.
Tensor take_along_dim(const Tensor& x, const Tensor& indices, std::optional<int64_t> dim = std::nullopt);
/// x with the elements where the mask holds replaced, in order, by the first of `source`.
Tensor masked_scatter(const Tensor& x, const Tensor& mask, const Tensor& source);
/// The coordinates of the elements other than 0, one row each: [count, rank].
Tensor nonzero(const Tensor& x);
Tensor argwhere(const Tensor& x);
/// nonzero, a tensor for each dimension.
std::vector<Tensor> nonzero_numpy(const Tensor& x);

/// weight [n, d] at indices of any shape: [..., d].  gweight = g added to the rows named, except for row `padding_idx`,
/// and divided by how often each is named if `scale_grad_by_freq`.
Tensor embedding(const Tensor& weight, const Tensor& indices, int64_t padding_idx = -1, bool scale_grad_by_freq = false,
                 bool sparse = false);
/// int64 [..., classes]: 1 at the class, else 0. classes = -1: one more than the greatest.
Tensor one_hot(const Tensor& x, int64_t num_classes = -1);

}  // namespace gradus
