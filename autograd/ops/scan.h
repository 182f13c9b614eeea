// Running products, extremes and logarithms of sums along a dimension. (Running sums: cumsum in reduce.h.)
#pragma once
#include "gradus/tensor/tensor.h"

namespace gradus {

/// y_i = x_0 ... x_i;  gx_i = sum over j >= i of g_j times the product of the others, so right where x is 0 too.
Tensor cumprod(const Tensor& x, int64_t dim, std::optional<ScalarType> dtype = std::nullopt);
/// The greatest (least) of x_0 ... x_i and its index, the last among equals; NaN stays.  g goes to the one taken.
std::tuple<Tensor, Tensor> cummax(const Tensor& x, int64_t dim);
std::tuple<Tensor, Tensor> cummin(const Tensor& x, int64_t dim);
/// y_i = ln(e^x_0 + ... + e^x_i);  gx_i = sum over j >= i of g_j e^(x_i - y_j).
Tensor logcumsumexp(const Tensor& x, int64_t dim);
/// y_i = the area under the polygon through (x_0, y_0) ... (x_i+1, y_i+1); points dx apart without x.
Tensor cumulative_trapezoid(const Tensor& y, const Tensor& x, int64_t dim = -1);
Tensor cumulative_trapezoid(const Tensor& y, const Scalar& dx = 1, int64_t dim = -1);
/// The whole area.
Tensor trapezoid(const Tensor& y, const Tensor& x, int64_t dim = -1);
Tensor trapezoid(const Tensor& y, const Scalar& dx = 1, int64_t dim = -1);
Tensor trapz(const Tensor& y, const Tensor& x, int64_t dim = -1);
Tensor trapz(const Tensor& y, double dx = 1, int64_t dim = -1);
/// x_(i+1) - x_i along dim, n times; `prepend` and `append` stand before and behind x.
Tensor diff(const Tensor& x, int64_t n = 1, int64_t dim = -1, const std::optional<Tensor>& prepend = {},
            const std::optional<Tensor>& append = {});
/// The powers of a vector [R] as columns, [R, N]: x^(N-1) ... x^0, in ascending order if `increasing`; N is R unless
/// told.  gx = sum of k x^(k-1) g_k.
Tensor vander(const Tensor& x, std::optional<int64_t> N = std::nullopt, bool increasing = false);

}  // namespace gradus
