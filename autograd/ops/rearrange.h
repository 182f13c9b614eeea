// Rearranging: dimensions moved and renamed, elements repeated, rolled and turned. Linear all.
#pragma once
#include <string_view>

#include "gradus/tensor/tensor.h"

namespace gradus {

/// Dimension source[i] of x becomes dimension destination[i]; the others keep their order.
Tensor movedim(const Tensor& x, IntArrayRef source, IntArrayRef destination);
Tensor movedim(const Tensor& x, int64_t source, int64_t destination);
Tensor moveaxis(const Tensor& x, IntArrayRef source, IntArrayRef destination);
Tensor moveaxis(const Tensor& x, int64_t source, int64_t destination);
/// transpose under NumPy's names.
Tensor swapaxes(const Tensor& x, int64_t axis0, int64_t axis1);
Tensor swapdims(const Tensor& x, int64_t dim0, int64_t dim1);
/// Matrices transposed: the last two dimensions exchanged.
Tensor adjoint(const Tensor& x);
/// x as a vector.
Tensor ravel(const Tensor& x);
/// Dimension `dim` taken apart into `sizes`, one of which may be -1.
Tensor unflatten(const Tensor& x, int64_t dim, IntArrayRef sizes);
/// expand under NumPy's name.
Tensor broadcast_to(const Tensor& x, IntArrayRef sizes);
/// All tensors expanded to their common shape.
std::vector<Tensor> broadcast_tensors(TensorList xs);
/// New leading (and for 3d trailing) dimensions of size 1 until there are 1, 2, 3.
Tensor atleast_1d(const Tensor& x);
std::vector<Tensor> atleast_1d(TensorList xs);
Tensor atleast_2d(const Tensor& x);
std::vector<Tensor> atleast_2d(TensorList xs);
Tensor atleast_3d(const Tensor& x);
std::vector<Tensor> atleast_3d(TensorList xs);

/// repeat with missing leading repeats taken as 1.
Tensor tile(const Tensor& x, IntArrayRef dims);
/// Each slice along dim (each element of x as a vector without one) repeated, `repeats` times or repeats[i] times.
Tensor repeat_interleave(const Tensor& x, int64_t repeats, std::optional<int64_t> dim = std::nullopt,
                         std::optional<int64_t> output_size = std::nullopt);
Tensor repeat_interleave(const Tensor& x, const Tensor& repeats, std::optional<int64_t> dim = std::nullopt,
                         std::optional<int64_t> output_size = std::nullopt);
/// i, repeats[i] times, for all i: the index that repeat_interleave selects by.
Tensor repeat_interleave(const Tensor& repeats, std::optional<int64_t> output_size = std::nullopt);
/// Elements shifted along dims, those that leave at the end coming back at the start; without dims x as a vector.
Tensor roll(const Tensor& x, IntArrayRef shifts, IntArrayRef dims = {});
/// x turned by k times 90 degrees in the plane of two dims, from the first towards the second.
Tensor rot90(const Tensor& x, int64_t k = 1, IntArrayRef dims = {0, 1});
/// flip of dimension 1, of dimension 0.
Tensor fliplr(const Tensor& x);
Tensor flipud(const Tensor& x);
/// Windows of `size` elements along dimension, `step` apart, as a new last dimension: a view.  gx = g added back.
Tensor unfold(const Tensor& x, int64_t dimension, int64_t size, int64_t step);

/// x with src in the place of x.slice(dim, start, end, step), x.select(dim, index), x.diagonal(offset, dim1, dim2).
Tensor slice_scatter(const Tensor& x, const Tensor& src, int64_t dim = 0, std::optional<int64_t> start = std::nullopt,
                     std::optional<int64_t> end = std::nullopt, int64_t step = 1);
Tensor select_scatter(const Tensor& x, const Tensor& src, int64_t dim, int64_t index);
Tensor diagonal_scatter(const Tensor& x, const Tensor& src, int64_t offset = 0, int64_t dim1 = 0, int64_t dim2 = 1);
/// narrow as a copy.
Tensor narrow_copy(const Tensor& x, int64_t dim, int64_t start, int64_t length);

}  // namespace gradus
