// Products, reductions, order and running values with an `out` argument.
#include "gradus/autograd/ops/out.h"
#include "gradus/autograd/overwrite.h"

namespace gradus {

Tensor& cross_out(Tensor& out, const Tensor& a, const Tensor& b, std::optional<int64_t> dim) {
  return detail::same_type_out("cross", out, {a, b}, [&] { return cross(a, b, dim); });
}
Tensor& kron_out(Tensor& out, const Tensor& a, const Tensor& b) {
  return detail::same_type_out("kron", out, {a, b}, [&] { return kron(a, b); });
}
Tensor& inner_out(Tensor& out, const Tensor& a, const Tensor& b) {
  return detail::same_type_out("inner", out, {a, b}, [&] { return inner(a, b); });
}
Tensor& vdot_out(Tensor& out, const Tensor& a, const Tensor& b) {
  return detail::same_type_out("vdot", out, {a, b}, [&] { return vdot(a, b); });
}
Tensor& ger_out(Tensor& out, const Tensor& a, const Tensor& b) {
  return detail::same_type_out("ger", out, {a, b}, [&] { return ger(a, b); });
}
Tensor& addr_out(Tensor& out, const Tensor& x, const Tensor& a, const Tensor& b, const Scalar& beta,
                 const Scalar& alpha) {
  return detail::same_type_out("addr", out, {x, a, b}, [&] { return addr(x, a, b, beta, alpha); });
}
Tensor& addbmm_out(Tensor& out, const Tensor& x, const Tensor& a, const Tensor& b, const Scalar& beta,
                   const Scalar& alpha) {
  return detail::same_type_out("addbmm", out, {x, a, b}, [&] { return addbmm(x, a, b, beta, alpha); });
}
Tensor& tensordot_out(Tensor& out, const Tensor& a, const Tensor& b, IntArrayRef dims_a, IntArrayRef dims_b) {
  return detail::same_type_out("tensordot", out, {a, b}, [&] { return tensordot(a, b, dims_a, dims_b); });
}
Tensor& chain_matmul_out(Tensor& out, TensorList matrices) {
  return detail::same_type_out("chain_matmul", out, matrices, [&] { return chain_matmul(matrices); });
}
Tensor& linear_out(Tensor& out, const Tensor& x, const Tensor& weight, const Tensor& bias) {
  return detail::same_type_out("linear", out, {x, weight, bias}, [&] { return linear(x, weight, bias); });
}
Tensor& norm_out(Tensor& out, const Tensor& x, const std::optional<Scalar>& p, IntArrayRef dim, bool keepdim) {
  return detail::write_out("norm", out, {x}, [&] { return norm(x, p, dim, keepdim); });
}
Tensor& std_out(Tensor& out, const Tensor& x, OptionalIntArrayRef dim, bool unbiased, bool keepdim) {
  return detail::write_out("std", out, {x}, [&] { return gradus::std(x, dim, unbiased, keepdim); });
}
Tensor& std_out(Tensor& out, const Tensor& x, OptionalIntArrayRef dim, const std::optional<Scalar>& correction,
                bool keepdim) {
  return detail::write_out("std", out, {x}, [&] { return gradus::std(x, dim, correction, keepdim); });
}
Tensor& var_out(Tensor& out, const Tensor& x, OptionalIntArrayRef dim, bool unbiased, bool keepdim) {
  return detail::write_out("var", out, {x}, [&] { return var(x, dim, unbiased, keepdim); });
}
Tensor& var_out(Tensor& out, const Tensor& x, OptionalIntArrayRef dim, const std::optional<Scalar>& correction,
                bool keepdim) {
  return detail::write_out("var", out, {x}, [&] { return var(x, dim, correction, keepdim); });
}
Tensor& all_out(Tensor& out, const Tensor& x) {
  return detail::write_out("all", out, {x}, [&] { return all(x); });
}
Tensor& all_out(Tensor& out, const Tensor& x, int64_t dim, bool keepdim) {
  return detail::write_out("all", out, {x}, [&] { return all(x, dim, keepdim); });
}
Tensor& any_out(Tensor& out, const Tensor& x) {
  return detail::write_out("any", out, {x}, [&] { return any(x); });
}
Tensor& any_out(Tensor& out, const Tensor& x, int64_t dim, bool keepdim) {
  return detail::write_out("any", out, {x}, [&] { return any(x, dim, keepdim); });
}
Tensor& nansum_out(Tensor& out, const Tensor& x, OptionalIntArrayRef dim, bool keepdim,
                   std::optional<ScalarType> dtype) {
  return detail::write_out("nansum", out, {x}, [&] { return nansum(x, dim, keepdim, dtype); });
}
Tensor& nanmean_out(Tensor& out, const Tensor& x, OptionalIntArrayRef dim, bool keepdim,
                    std::optional<ScalarType> dtype) {
  return detail::write_out("nanmean", out, {x}, [&] { return nanmean(x, dim, keepdim, dtype); });
}
Tensor& quantile_out(Tensor& out, const Tensor& x, double q, std::optional<int64_t> dim, bool keepdim,
                     std::string_view interpolation) {
  return detail::write_out("quantile", out, {x}, [&] { return quantile(x, q, dim, keepdim, interpolation); });
}
Tensor& nanquantile_out(Tensor& out, const Tensor& x, double q, std::optional<int64_t> dim, bool keepdim,
                        std::string_view interpolation) {
  return detail::write_out("nanquantile", out, {x}, [&] { return nanquantile(x, q, dim, keepdim, interpolation); });
}
Tensor& count_nonzero_out(Tensor& out, const Tensor& x, OptionalIntArrayRef dim) {
  return detail::write_out("count_nonzero", out, {x}, [&] { return count_nonzero(x, dim); });
}
Tensor& special_logsumexp_out(Tensor& out, const Tensor& x, IntArrayRef dim, bool keepdim) {
  return detail::write_out("special_logsumexp", out, {x}, [&] { return special_logsumexp(x, dim, keepdim); });
}
Tensor& max_out(Tensor& out, const Tensor& a, const Tensor& b) {
  return detail::write_out("max", out, {a, b}, [&] { return (gradus::max)(a, b); });
}
Tensor& min_out(Tensor& out, const Tensor& a, const Tensor& b) {
  return detail::write_out("min", out, {a, b}, [&] { return (gradus::min)(a, b); });
}
std::tuple<Tensor&, Tensor&> max_out(Tensor& values, Tensor& indices, const Tensor& x, int64_t dim, bool keepdim) {
  return detail::two_out("max", values, indices, {x}, [&] { return (gradus::max)(x, dim, keepdim); });
}
std::tuple<Tensor&, Tensor&> min_out(Tensor& values, Tensor& indices, const Tensor& x, int64_t dim, bool keepdim) {
  return detail::two_out("min", values, indices, {x}, [&] { return (gradus::min)(x, dim, keepdim); });
}
std::tuple<Tensor&, Tensor&> median_out(Tensor& values, Tensor& indices, const Tensor& x, int64_t dim, bool keepdim) {
  return detail::two_out("median", values, indices, {x}, [&] { return median(x, dim, keepdim); });
}
std::tuple<Tensor&, Tensor&> nanmedian_out(Tensor& values, Tensor& indices, const Tensor& x, int64_t dim,
                                           bool keepdim) {
  return detail::two_out("nanmedian", values, indices, {x}, [&] { return nanmedian(x, dim, keepdim); });
}
std::tuple<Tensor&, Tensor&> mode_out(Tensor& values, Tensor& indices, const Tensor& x, int64_t dim, bool keepdim) {
  return detail::two_out("mode", values, indices, {x}, [&] { return mode(x, dim, keepdim); });
}
std::tuple<Tensor&, Tensor&> kthvalue_out(Tensor& values, Tensor& indices, const Tensor& x, int64_t k, int64_t dim,
                                          bool keepdim) {
  return detail::two_out("kthvalue", values, indices, {x}, [&] { return kthvalue(x, k, dim, keepdim); });
}
std::tuple<Tensor&, Tensor&> cummax_out(Tensor& values, Tensor& indices, const Tensor& x, int64_t dim) {
  return detail::two_out("cummax", values, indices, {x}, [&] { return cummax(x, dim); });
}
std::tuple<Tensor&, Tensor&> cummin_out(Tensor& values, Tensor& indices, const Tensor& x, int64_t dim) {
  return detail::two_out("cummin", values, indices, {x}, [&] { return cummin(x, dim); });
}
std::tuple<Tensor&, Tensor&> aminmax_out(Tensor& min, Tensor& max, const Tensor& x, std::optional<int64_t> dim,
                                         bool keepdim) {
  return detail::two_out("aminmax", min, max, {x}, [&] { return aminmax(x, dim, keepdim); });
}
std::tuple<Tensor&, Tensor&> sort_out(Tensor& values, Tensor& indices, const Tensor& x, int64_t dim, bool descending) {
  return detail::two_out("sort", values, indices, {x}, [&] { return sort(x, dim, descending); });
}
std::tuple<Tensor&, Tensor&> sort_out(Tensor& values, Tensor& indices, const Tensor& x, std::optional<bool> stable,
                                      int64_t dim, bool descending) {
  return detail::two_out("sort", values, indices, {x}, [&] { return sort(x, stable, dim, descending); });
}
std::tuple<Tensor&, Tensor&> topk_out(Tensor& values, Tensor& indices, const Tensor& x, int64_t k, int64_t dim,
                                      bool largest, bool sorted) {
  return detail::two_out("topk", values, indices, {x}, [&] { return topk(x, k, dim, largest, sorted); });
}
std::tuple<Tensor&, Tensor&> frexp_out(Tensor& mantissa, Tensor& exponent, const Tensor& x) {
  return detail::two_out("frexp", mantissa, exponent, {x}, [&] { return frexp(x); });
}
Tensor& logcumsumexp_out(Tensor& out, const Tensor& x, int64_t dim) {
  return detail::write_out("logcumsumexp", out, {x}, [&] { return logcumsumexp(x, dim); });
}
Tensor& dist_out(Tensor& out, const Tensor& a, const Tensor& b, const Scalar& p) {
  return detail::write_out("dist", out, {a, b}, [&] { return dist(a, b, p); });
}
Tensor& renorm_out(Tensor& out, const Tensor& x, const Scalar& p, int64_t dim, const Scalar& maxnorm) {
  return detail::write_out("renorm", out, {x}, [&] { return renorm(x, p, dim, maxnorm); });
}
Tensor& histc_out(Tensor& out, const Tensor& x, int64_t bins, const Scalar& min, const Scalar& max) {
  return detail::write_out("histc", out, {x}, [&] { return histc(x, bins, min, max); });
}
Tensor& bincount_out(Tensor& out, const Tensor& x, const std::optional<Tensor>& weights, int64_t minlength) {
  return detail::write_out("bincount", out, {x, weights.value_or(Tensor())},
                           [&] { return bincount(x, weights, minlength); });
}
std::tuple<Tensor&, Tensor&> var_mean_out(Tensor& var, Tensor& mean, const Tensor& x, OptionalIntArrayRef dim,
                                          const std::optional<Scalar>& correction, bool keepdim) {
  return detail::several_out("var_mean", std::tie(var, mean), {x},
                             [&] { return var_mean(x, dim, correction, keepdim); });
}
std::tuple<Tensor&, Tensor&> std_mean_out(Tensor& std, Tensor& mean, const Tensor& x, OptionalIntArrayRef dim,
                                          const std::optional<Scalar>& correction, bool keepdim) {
  return detail::several_out("std_mean", std::tie(std, mean), {x},
                             [&] { return std_mean(x, dim, correction, keepdim); });
}

}  // namespace gradus
