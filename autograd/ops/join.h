// Joining tensors and taking them apart.
#pragma once
#include "gradus/tensor/tensor.h"

namespace gradus {

/// Consecutive parts of x along dim, as views.
std::vector<Tensor> split(const Tensor& x, int64_t size, int64_t dim = 0);
std::vector<Tensor> split_with_sizes(const Tensor& x, IntArrayRef sizes, int64_t dim = 0);
std::vector<Tensor> chunk(const Tensor& x, int64_t chunks, int64_t dim = 0);
std::vector<Tensor> unbind(const Tensor& x, int64_t dim = 0);
/// Tensors one after the other along dim, or along a new one.  Each gets its slice of g.
Tensor cat(TensorList xs, int64_t dim = 0);
Tensor stack(TensorList xs, int64_t dim = 0);
/// x repeated repeats[i] times along dimension i, as a copy.
Tensor repeat(const Tensor& x, IntArrayRef repeats);
/// x with the order of the elements reversed along dims.  gx = flip(g).
Tensor flip(const Tensor& x, IntArrayRef dims);

}  // namespace gradus
