// Order: sort, argsort, topk. NaN counts as the greatest, equal elements keep their order.
#pragma once
#include <concepts>

#include "gradus/tensor/tensor.h"

namespace gradus {

/// x sorted along dim, and where each element came from.  gx = g put back there.
std::tuple<Tensor, Tensor> sort(const Tensor& x, int64_t dim = -1, bool descending = false);
std::tuple<Tensor, Tensor> sort(const Tensor& x, std::optional<bool> stable, int64_t dim = -1, bool descending = false);
/// The indices that sort x along dim.
Tensor argsort(const Tensor& x, int64_t dim = -1, bool descending = false);
template <std::same_as<bool> Stable>
Tensor argsort(const Tensor& x, Stable, int64_t dim = -1, bool descending = false) {
  return argsort(x, dim, descending);
}
/// x sorted along its first dimension.
Tensor msort(const Tensor& x);
/// The k greatest (or least) elements along dim, in that order, and their indices.  gx = g put back there.
std::tuple<Tensor, Tensor> topk(const Tensor& x, int64_t k, int64_t dim = -1, bool largest = true, bool sorted = true);

}  // namespace gradus
