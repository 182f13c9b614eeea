// Reductions. `dim` is one dimension, a list, or nothing, which means all; with keepdim a reduced dimension stays with
// size 1. Integers sum to int64; max and min propagate NaN.
#pragma once
#include "gradus/tensor/tensor.h"

namespace gradus {

/// y = sum of x over `dim`;  gx = g expanded.
Tensor sum(const Tensor& x, std::optional<ScalarType> dtype = std::nullopt);
Tensor sum(const Tensor& x, OptionalIntArrayRef dim, bool keepdim = false,
           std::optional<ScalarType> dtype = std::nullopt);
/// y = sum(x) / n over `dim`;  gx = g / n expanded.
Tensor mean(const Tensor& x, std::optional<ScalarType> dtype = std::nullopt);
Tensor mean(const Tensor& x, OptionalIntArrayRef dim, bool keepdim = false,
            std::optional<ScalarType> dtype = std::nullopt);
/// y = product of x;  gx_i = g times the product of the other elements, so right where x is 0 too.
Tensor prod(const Tensor& x, std::optional<ScalarType> dtype = std::nullopt);
Tensor prod(const Tensor& x, int64_t dim, bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt);

/// y = sum (x - mean)^2 / (n - 1), or / n unless `unbiased`;  gx = 2 g (x - mean) / (n - 1).
Tensor var(const Tensor& x, bool unbiased = true);
Tensor var(const Tensor& x, OptionalIntArrayRef dim, bool unbiased = true, bool keepdim = false);
Tensor var(const Tensor& x, OptionalIntArrayRef dim, const std::optional<Scalar>& correction, bool keepdim = false);
inline Tensor var(const Tensor& x, int dim) { return var(x, OptionalIntArrayRef(dim)); }
/// y = var^(1/2);  gx = g (x - mean) / (y (n - 1)), 0 where y = 0.
Tensor std(const Tensor& x, bool unbiased = true);
Tensor std(const Tensor& x, OptionalIntArrayRef dim, bool unbiased = true, bool keepdim = false);
Tensor std(const Tensor& x, OptionalIntArrayRef dim, const std::optional<Scalar>& correction, bool keepdim = false);
inline Tensor std(const Tensor& x, int dim) { return std(x, OptionalIntArrayRef(dim)); }
/// (var, mean) and (std, mean).
std::tuple<Tensor, Tensor> var_mean(const Tensor& x, bool unbiased = true);
std::tuple<Tensor, Tensor> var_mean(const Tensor& x, OptionalIntArrayRef dim, bool unbiased = true,
                                    bool keepdim = false);
std::tuple<Tensor, Tensor> var_mean(const Tensor& x, OptionalIntArrayRef dim, const std::optional<Scalar>& correction,
                                    bool keepdim = false);
inline std::tuple<Tensor, Tensor> var_mean(const Tensor& x, int dim) { return var_mean(x, OptionalIntArrayRef(dim)); }
std::tuple<Tensor, Tensor> std_mean(const Tensor& x, bool unbiased = true);
std::tuple<Tensor, Tensor> std_mean(const Tensor& x, OptionalIntArrayRef dim, bool unbiased = true,
                                    bool keepdim = false);
std::tuple<Tensor, Tensor> std_mean(const Tensor& x, OptionalIntArrayRef dim, const std::optional<Scalar>& correction,
                                    bool keepdim = false);
inline std::tuple<Tensor, Tensor> std_mean(const Tensor& x, int dim) { return std_mean(x, OptionalIntArrayRef(dim)); }
/// y = (sum |x|^p)^(1/p); p = 0 counts elements other than 0, p = inf (-inf) is the greatest (least) |x|.
/// gx = g x |x|^(p-2) / y^(p-1), 0 where y = 0.
Tensor norm(const Tensor& x, const Scalar& p = 2);
Tensor norm(const Tensor& x, const std::optional<Scalar>& p, IntArrayRef dim, bool keepdim = false);
Tensor norm(const Tensor& x, const std::optional<Scalar>& p, ScalarType dtype);
Tensor norm(const Tensor& x, const std::optional<Scalar>& p, IntArrayRef dim, bool keepdim, ScalarType dtype);

/// The greatest (least) element;  g is shared evenly by all that equal it.
Tensor(max)(const Tensor& x);
Tensor(min)(const Tensor& x);
/// The greatest (least) elements along dim and their indices, the first among equals;  g goes to those.
std::tuple<Tensor, Tensor>(max)(const Tensor& x, int64_t dim, bool keepdim = false);
std::tuple<Tensor, Tensor>(min)(const Tensor& x, int64_t dim, bool keepdim = false);
/// The greatest (least) elements over a list of dimensions;  g is shared evenly by all that equal it.
Tensor amax(const Tensor& x, IntArrayRef dim = {}, bool keepdim = false);
Tensor amin(const Tensor& x, IntArrayRef dim = {}, bool keepdim = false);
/// The index of the first greatest (least) element, of x in row-major order without `dim`.
Tensor argmax(const Tensor& x, std::optional<int64_t> dim = std::nullopt, bool keepdim = false);
Tensor argmin(const Tensor& x, std::optional<int64_t> dim = std::nullopt, bool keepdim = false);

/// Is any element (are all) other than 0? As bool, for uint8 as uint8.
Tensor any(const Tensor& x);
Tensor any(const Tensor& x, int64_t dim, bool keepdim = false);
Tensor any(const Tensor& x, OptionalIntArrayRef dim, bool keepdim = false);
Tensor all(const Tensor& x);
Tensor all(const Tensor& x, int64_t dim, bool keepdim = false);
Tensor all(const Tensor& x, OptionalIntArrayRef dim, bool keepdim = false);
/// How many elements are other than 0.
Tensor count_nonzero(const Tensor& x, OptionalIntArrayRef dim = std::nullopt);

/// y = ln sum e^x, without overflow;  gx = g e^(x - y).
Tensor logsumexp(const Tensor& x, IntArrayRef dim, bool keepdim = false);
/// y_i = x_0 + … + x_i along dim;  gx_i = g_i + … + g_n.
Tensor cumsum(const Tensor& x, int64_t dim, std::optional<ScalarType> dtype = std::nullopt);

namespace detail {

/// What a reduction over `dim` leaves: sizes with 1 for what is reduced, the sizes of the result, and how many
/// elements make one.
struct Reduced {
  Sizes kept, result;
  int64_t count = 1;
  Reduced(const char* op, const Tensor& x, OptionalIntArrayRef dim, bool keepdim);
};

/// Throws PyTorch's error for an extreme of nothing.
void check_not_empty(const char* op, const Tensor& x, const Reduced& r);

/// x seen as [a, r, b] around dimension `dim`; a 0-dimensional tensor is [1, 1, 1].
struct Around {
  int64_t a = 1, r = 1, b = 1;
  Around(const Tensor& x, int64_t dim);
};

}  // namespace detail
}  // namespace gradus
