// Bags of rows of a table: sums and maxima without the rows between.
#pragma once
#include "gradus/tensor/tensor.h"

namespace gradus::kernels {

/// Bag b holds indices[offsets[b]] to before indices[offsets[b + 1]]; indices int64 [L], offsets int64 [B + 1], both
/// contiguous and in range. Indices equal to `padding` do not count.
struct Bags {
  Tensor indices, offsets;
  int64_t padding = -1;
};

/// y[b] = sum factors[i] weight[indices[i]] over the bag; factors [L] of weight's type, or undefined for ones. [B, D].
Tensor bag_sum(const Bags& bags, const Tensor& weight, const Tensor& factors);
/// y[b, j] = the largest weight[indices[i], j] of the bag, 0 of an empty one; `rows`, int64 [B, D], receives the row
/// that it came from, -1 of an empty bag. The first NaN is taken as the largest.
Tensor bag_max(const Bags& bags, const Tensor& weight, Tensor& rows);
/// gw[indices[i]] += factors[i] g[b] for every i of every bag b; gw [n, D] starts as zeros.
Tensor bag_sum_backward(const Bags& bags, const Tensor& g, const Tensor& factors, int64_t n);

}  // namespace gradus::kernels
