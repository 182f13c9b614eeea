// What Embedding and EmbeddingBag share, for their sources.
#pragma once
#include "gradus/tensor/tensor.h"

namespace gradus::nn::detail {

/// padding, in [-rows, rows), as a row's number.
int64_t wrap_padding(int64_t padding, int64_t rows);
/// Rows of weight that x looks up and whose p-norm exceeds `most` are scaled down to it, unseen by autograd.
void renormalize(const Tensor& weight, const Tensor& x, double most, double p);

}  // namespace gradus::nn::detail
