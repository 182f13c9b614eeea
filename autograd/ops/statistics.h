// Statistics: what order, frequency and counting say about elements.
#pragma once
#include <string_view>

#include "gradus/tensor/tensor.h"

namespace gradus {

/// sum and mean of the elements other than NaN;  gx = g there, 0 at NaN.
Tensor nansum(const Tensor& x, OptionalIntArrayRef dim = std::nullopt, bool keepdim = false,
              std::optional<ScalarType> dtype = std::nullopt);
Tensor nanmean(const Tensor& x, OptionalIntArrayRef dim = std::nullopt, bool keepdim = false,
               std::optional<ScalarType> dtype = std::nullopt);
/// The middle element, the lower one of two, NaN if there is one;  g is shared evenly by all that equal it.
Tensor median(const Tensor& x);
/// Along dim, with its index;  g goes to the one taken.
std::tuple<Tensor, Tensor> median(const Tensor& x, int64_t dim, bool keepdim = false);
/// The same of the elements other than NaN.
Tensor nanmedian(const Tensor& x);
std::tuple<Tensor, Tensor> nanmedian(const Tensor& x, int64_t dim, bool keepdim = false);
/// The most frequent element along dim, the least of several, and the index of its last occurrence.
std::tuple<Tensor, Tensor> mode(const Tensor& x, int64_t dim = -1, bool keepdim = false);
/// The k-th smallest element along dim, k = 1 the smallest, and its index.
std::tuple<Tensor, Tensor> kthvalue(const Tensor& x, int64_t k, int64_t dim = -1, bool keepdim = false);
/// The element below which a share q of the others lies, between two by `interpolation`: linear, lower, higher,
/// midpoint or nearest. A vector q gives a new first dimension.  g goes to the elements taken, by their weights.
Tensor quantile(const Tensor& x, const Tensor& q, std::optional<int64_t> dim = std::nullopt, bool keepdim = false,
                std::string_view interpolation = "linear");
Tensor quantile(const Tensor& x, double q, std::optional<int64_t> dim = std::nullopt, bool keepdim = false,
                std::string_view interpolation = "linear");
/// The same of the elements other than NaN.
Tensor nanquantile(const Tensor& x, const Tensor& q, std::optional<int64_t> dim = std::nullopt, bool keepdim = false,
                   std::string_view interpolation = "linear");
Tensor nanquantile(const Tensor& x, double q, std::optional<int64_t> dim = std::nullopt, bool keepdim = false,
                   std::string_view interpolation = "linear");
/// amin and amax.
std::tuple<Tensor, Tensor> aminmax(const Tensor& x, std::optional<int64_t> dim = std::nullopt, bool keepdim = false);
/// How many elements fall into each of `bins` equal parts of [min, max], of x's own range if both are 0.
Tensor histc(const Tensor& x, int64_t bins = 100, const Scalar& min = 0, const Scalar& max = 0);
/// How often each number occurs in a vector of integers, or the sum of its weights; at least `minlength` counts.
Tensor bincount(const Tensor& x, const std::optional<Tensor>& weights = {}, int64_t minlength = 0);
/// Covariances of the rows of x [variables, observations] (a vector is one variable): the weighted sum of
/// (x_i - mean_i) (x_j - mean_j), over the number of observations less `correction`. `fweights` (integers) say how
/// often an observation was made, `aweights` (floats) how much it counts.
Tensor cov(const Tensor& x, int64_t correction = 1, const std::optional<Tensor>& fweights = {},
           const std::optional<Tensor>& aweights = {});
/// cov_ij / (cov_ii cov_jj)^(1/2), in [-1, 1].
Tensor corrcoef(const Tensor& x);
/// The p-norm of a - b.
Tensor dist(const Tensor& a, const Tensor& b, const Scalar& p = 2);
/// Slices along dim scaled down to p-norm `maxnorm` where they are longer.
Tensor renorm(const Tensor& x, const Scalar& p, int64_t dim, const Scalar& maxnorm);

/// The distinct elements in ascending order; with return_inverse where each element of x went; with return_counts how
/// many there are of each. No derivative.
std::tuple<Tensor, Tensor> _unique(const Tensor& x, bool sorted = true, bool return_inverse = false);
std::tuple<Tensor, Tensor, Tensor> _unique2(const Tensor& x, bool sorted = true, bool return_inverse = false,
                                            bool return_counts = false);
/// The distinct slices along dim in lexicographic order.
std::tuple<Tensor, Tensor, Tensor> unique_dim(const Tensor& x, int64_t dim, bool sorted = true,
                                              bool return_inverse = false, bool return_counts = false);
/// Runs of equal elements (slices along dim) as one.
std::tuple<Tensor, Tensor, Tensor> unique_consecutive(const Tensor& x, bool return_inverse = false,
                                                      bool return_counts = false,
                                                      std::optional<int64_t> dim = std::nullopt);
std::tuple<Tensor, Tensor, Tensor> unique_dim_consecutive(const Tensor& x, int64_t dim, bool return_inverse = false,
                                                          bool return_counts = false);

}  // namespace gradus
