// Joining tensors and taking them apart.
#pragma once
#include <string_view>

#include "gradus/tensor/tensor.h"

namespace gradus {

/// Consecutive parts of x along dim, as views.
std::vector<Tensor> split(const Tensor& x, int64_t size, int64_t dim = 0);
std::vector<Tensor> split(const Tensor& x, IntArrayRef sizes, int64_t dim = 0);
std::vector<Tensor> split_with_sizes(const Tensor& x, IntArrayRef sizes, int64_t dim = 0);
std::vector<Tensor> chunk(const Tensor& x, int64_t chunks, int64_t dim = 0);
/// Parts that differ by at most one in size, the larger ones first; or parts that begin at these indices.
std::vector<Tensor> tensor_split(const Tensor& x, int64_t sections, int64_t dim = 0);
std::vector<Tensor> tensor_split(const Tensor& x, IntArrayRef indices, int64_t dim = 0);
std::vector<Tensor> tensor_split(const Tensor& x, const Tensor& indices_or_sections, int64_t dim = 0);
/// tensor_split along dimension 1 (0 of a vector), 0, and 2.
std::vector<Tensor> hsplit(const Tensor& x, int64_t sections);
std::vector<Tensor> hsplit(const Tensor& x, IntArrayRef indices);
std::vector<Tensor> vsplit(const Tensor& x, int64_t sections);
std::vector<Tensor> vsplit(const Tensor& x, IntArrayRef indices);
std::vector<Tensor> dsplit(const Tensor& x, int64_t sections);
std::vector<Tensor> dsplit(const Tensor& x, IntArrayRef indices);
std::vector<Tensor> unbind(const Tensor& x, int64_t dim = 0);
/// Tensors one after the other along dim, or along a new one.  Each gets its slice of g.
Tensor cat(TensorList xs, int64_t dim = 0);
Tensor stack(TensorList xs, int64_t dim = 0);
Tensor concat(TensorList xs, int64_t dim = 0);
Tensor concatenate(TensorList xs, int64_t dim = 0);
/// cat along dimension 1 (0 for vectors), along 0 of at least matrices, along 2 of at least 3 dimensions.
Tensor hstack(TensorList xs);
Tensor vstack(TensorList xs);
Tensor dstack(TensorList xs);
Tensor row_stack(TensorList xs);
/// hstack that takes vectors as columns.
Tensor column_stack(TensorList xs);
/// The matrices one behind the other on the diagonal, 0 elsewhere.
Tensor block_diag(TensorList xs);
/// Grids of coordinates: result k holds xs[k] along dimension k ("ij"), or the first two exchanged ("xy"); views.
std::vector<Tensor> meshgrid(TensorList xs);
std::vector<Tensor> meshgrid(TensorList xs, std::string_view indexing);
/// All tuples of one element from each vector, a row each.
Tensor cartesian_prod(TensorList xs);
/// All choices of r elements of a vector, a row each.
Tensor combinations(const Tensor& x, int64_t r = 2, bool with_replacement = false);
/// x repeated repeats[i] times along dimension i, as a copy.
Tensor repeat(const Tensor& x, IntArrayRef repeats);
/// x with the order of the elements reversed along dims.  gx = flip(g).
Tensor flip(const Tensor& x, IntArrayRef dims);

}  // namespace gradus
