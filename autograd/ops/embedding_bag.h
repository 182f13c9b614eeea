// Bags of rows of a table: what embedding gives, reduced.
#pragma once
#include "gradus/tensor/tensor.h"

namespace gradus {

/// y[b] = the sum (mode 0), mean (1) or maximum (2) of weight[indices[i]] over the i of bag b, from offsets[b] to
/// before offsets[b + 1], or to the end; 0 of an empty bag. weight [n, D], indices [L], offsets [B], y [B, D]. Sums may
/// have weights of their own, per_sample_weights [L]. With include_last_offset the last offset ends the last bag and
/// begins none. Indices equal to padding_idx do not count. sparse: accepted, gradients are dense. Also gives the bag of
/// each index, the number of indices in each bag, and for a maximum the row of each element, -1 of an empty bag. With f
/// = per_sample_weights, or 1 / the number in the bag:  gw[indices[i]] += f[i] g[b], divided by how often the index
/// occurs with scale_grad_by_freq (where PyTorch 2.13 takes another index's count); gf[i] = g[b] . weight[indices[i]];
/// g of a maximum goes to the row it came from.
std::tuple<Tensor, Tensor, Tensor, Tensor> embedding_bag(const Tensor& weight, const Tensor& indices,
                                                         const Tensor& offsets, bool scale_grad_by_freq = false,
                                                         int64_t mode = 0, bool sparse = false,
                                                         const std::optional<Tensor>& per_sample_weights = {},
                                                         bool include_last_offset = false,
                                                         std::optional<int64_t> padding_idx = std::nullopt);
/// Rows of weight [n, D] that indices look up and whose norm_type-norm exceeds max_norm are scaled down to it, in
/// place.
Tensor& embedding_renorm_(const Tensor& weight, const Tensor& indices, double max_norm, double norm_type);

}  // namespace gradus
