#include "gradus/autograd/ops/out.h"

#include "gradus/autograd/overwrite.h"

namespace gradus {
Tensor& abs_out(Tensor& out, const Tensor& x) {
  return detail::write_out("abs", out, {x}, [&] { return abs(x); });
}
Tensor& neg_out(Tensor& out, const Tensor& x) {
  return detail::write_out("neg", out, {x}, [&] { return neg(x); });
}
Tensor& sign_out(Tensor& out, const Tensor& x) {
  return detail::write_out("sign", out, {x}, [&] { return sign(x); });
}
Tensor& reciprocal_out(Tensor& out, const Tensor& x) {
  return detail::write_out("reciprocal", out, {x}, [&] { return reciprocal(x); });
}
Tensor& square_out(Tensor& out, const Tensor& x) {
  return detail::write_out("square", out, {x}, [&] { return square(x); });
}
Tensor& sqrt_out(Tensor& out, const Tensor& x) {
  return detail::write_out("sqrt", out, {x}, [&] { return sqrt(x); });
}
Tensor& rsqrt_out(Tensor& out, const Tensor& x) {
  return detail::write_out("rsqrt", out, {x}, [&] { return rsqrt(x); });
}
Tensor& exp_out(Tensor& out, const Tensor& x) {
  return detail::write_out("exp", out, {x}, [&] { return exp(x); });
}
Tensor& exp2_out(Tensor& out, const Tensor& x) {
  return detail::write_out("exp2", out, {x}, [&] { return exp2(x); });
}
Tensor& expm1_out(Tensor& out, const Tensor& x) {
  return detail::write_out("expm1", out, {x}, [&] { return expm1(x); });
}
Tensor& log_out(Tensor& out, const Tensor& x) {
  return detail::write_out("log", out, {x}, [&] { return log(x); });
}
Tensor& log2_out(Tensor& out, const Tensor& x) {
  return detail::write_out("log2", out, {x}, [&] { return log2(x); });
}
Tensor& log10_out(Tensor& out, const Tensor& x) {
  return detail::write_out("log10", out, {x}, [&] { return log10(x); });
}
Tensor& log1p_out(Tensor& out, const Tensor& x) {
  return detail::write_out("log1p", out, {x}, [&] { return log1p(x); });
}
Tensor& sin_out(Tensor& out, const Tensor& x) {
  return detail::write_out("sin", out, {x}, [&] { return sin(x); });
}
Tensor& cos_out(Tensor& out, const Tensor& x) {
  return detail::write_out("cos", out, {x}, [&] { return cos(x); });
}
Tensor& tan_out(Tensor& out, const Tensor& x) {
  return detail::write_out("tan", out, {x}, [&] { return tan(x); });
}
Tensor& asin_out(Tensor& out, const Tensor& x) {
  return detail::write_out("asin", out, {x}, [&] { return asin(x); });
}
Tensor& acos_out(Tensor& out, const Tensor& x) {
  return detail::write_out("acos", out, {x}, [&] { return acos(x); });
}
Tensor& atan_out(Tensor& out, const Tensor& x) {
  return detail::write_out("atan", out, {x}, [&] { return atan(x); });
}
Tensor& sinh_out(Tensor& out, const Tensor& x) {
  return detail::write_out("sinh", out, {x}, [&] { return sinh(x); });
}
Tensor& cosh_out(Tensor& out, const Tensor& x) {
  return detail::write_out("cosh", out, {x}, [&] { return cosh(x); });
}
Tensor& tanh_out(Tensor& out, const Tensor& x) {
  return detail::write_out("tanh", out, {x}, [&] { return tanh(x); });
}
Tensor& asinh_out(Tensor& out, const Tensor& x) {
  return detail::write_out("asinh", out, {x}, [&] { return asinh(x); });
}
Tensor& acosh_out(Tensor& out, const Tensor& x) {
  return detail::write_out("acosh", out, {x}, [&] { return acosh(x); });
}
Tensor& atanh_out(Tensor& out, const Tensor& x) {
  return detail::write_out("atanh", out, {x}, [&] { return atanh(x); });
}
Tensor& erf_out(Tensor& out, const Tensor& x) {
  return detail::write_out("erf", out, {x}, [&] { return erf(x); });
}
Tensor& erfc_out(Tensor& out, const Tensor& x) {
  return detail::write_out("erfc", out, {x}, [&] { return erfc(x); });
}
Tensor& erfinv_out(Tensor& out, const Tensor& x) {
  return detail::write_out("erfinv", out, {x}, [&] { return erfinv(x); });
}
Tensor& lgamma_out(Tensor& out, const Tensor& x) {
  return detail::write_out("lgamma", out, {x}, [&] { return lgamma(x); });
}
Tensor& digamma_out(Tensor& out, const Tensor& x) {
  return detail::write_out("digamma", out, {x}, [&] { return digamma(x); });
}
Tensor& floor_out(Tensor& out, const Tensor& x) {
  return detail::write_out("floor", out, {x}, [&] { return floor(x); });
}
Tensor& ceil_out(Tensor& out, const Tensor& x) {
  return detail::write_out("ceil", out, {x}, [&] { return ceil(x); });
}
Tensor& round_out(Tensor& out, const Tensor& x) {
  return detail::write_out("round", out, {x}, [&] { return round(x); });
}
Tensor& trunc_out(Tensor& out, const Tensor& x) {
  return detail::write_out("trunc", out, {x}, [&] { return trunc(x); });
}
Tensor& frac_out(Tensor& out, const Tensor& x) {
  return detail::write_out("frac", out, {x}, [&] { return frac(x); });
}
Tensor& sigmoid_out(Tensor& out, const Tensor& x) {
  return detail::write_out("sigmoid", out, {x}, [&] { return sigmoid(x); });
}
Tensor& logical_not_out(Tensor& out, const Tensor& x) {
  return detail::write_out("logical_not", out, {x}, [&] { return logical_not(x); });
}
Tensor& bitwise_not_out(Tensor& out, const Tensor& x) {
  return detail::write_out("bitwise_not", out, {x}, [&] { return bitwise_not(x); });
}
Tensor& add_out(Tensor& out, const Tensor& a, const Tensor& b, const Scalar& alpha) {
  return detail::write_out("add", out, {a, b}, [&] { return add(a, b, alpha); });
}
Tensor& sub_out(Tensor& out, const Tensor& a, const Tensor& b, const Scalar& alpha) {
  return detail::write_out("sub", out, {a, b}, [&] { return sub(a, b, alpha); });
}
Tensor& mul_out(Tensor& out, const Tensor& a, const Tensor& b) {
  return detail::write_out("mul", out, {a, b}, [&] { return mul(a, b); });
}
Tensor& div_out(Tensor& out, const Tensor& a, const Tensor& b) {
  return detail::write_out("div", out, {a, b}, [&] { return div(a, b); });
}
Tensor& pow_out(Tensor& out, const Tensor& a, const Tensor& b) {
  return detail::write_out("pow", out, {a, b}, [&] { return pow(a, b); });
}
Tensor& maximum_out(Tensor& out, const Tensor& a, const Tensor& b) {
  return detail::write_out("maximum", out, {a, b}, [&] { return maximum(a, b); });
}
Tensor& minimum_out(Tensor& out, const Tensor& a, const Tensor& b) {
  return detail::write_out("minimum", out, {a, b}, [&] { return minimum(a, b); });
}
Tensor& fmax_out(Tensor& out, const Tensor& a, const Tensor& b) {
  return detail::write_out("fmax", out, {a, b}, [&] { return fmax(a, b); });
}
Tensor& fmin_out(Tensor& out, const Tensor& a, const Tensor& b) {
  return detail::write_out("fmin", out, {a, b}, [&] { return fmin(a, b); });
}
Tensor& atan2_out(Tensor& out, const Tensor& a, const Tensor& b) {
  return detail::write_out("atan2", out, {a, b}, [&] { return atan2(a, b); });
}
Tensor& hypot_out(Tensor& out, const Tensor& a, const Tensor& b) {
  return detail::write_out("hypot", out, {a, b}, [&] { return hypot(a, b); });
}
Tensor& fmod_out(Tensor& out, const Tensor& a, const Tensor& b) {
  return detail::write_out("fmod", out, {a, b}, [&] { return fmod(a, b); });
}
Tensor& remainder_out(Tensor& out, const Tensor& a, const Tensor& b) {
  return detail::write_out("remainder", out, {a, b}, [&] { return remainder(a, b); });
}
Tensor& floor_divide_out(Tensor& out, const Tensor& a, const Tensor& b) {
  return detail::write_out("floor_divide", out, {a, b}, [&] { return floor_divide(a, b); });
}
Tensor& eq_out(Tensor& out, const Tensor& a, const Tensor& b) {
  return detail::write_out("eq", out, {a, b}, [&] { return eq(a, b); });
}
Tensor& ne_out(Tensor& out, const Tensor& a, const Tensor& b) {
  return detail::write_out("ne", out, {a, b}, [&] { return ne(a, b); });
}
Tensor& lt_out(Tensor& out, const Tensor& a, const Tensor& b) {
  return detail::write_out("lt", out, {a, b}, [&] { return lt(a, b); });
}
Tensor& le_out(Tensor& out, const Tensor& a, const Tensor& b) {
  return detail::write_out("le", out, {a, b}, [&] { return le(a, b); });
}
Tensor& gt_out(Tensor& out, const Tensor& a, const Tensor& b) {
  return detail::write_out("gt", out, {a, b}, [&] { return gt(a, b); });
}
Tensor& ge_out(Tensor& out, const Tensor& a, const Tensor& b) {
  return detail::write_out("ge", out, {a, b}, [&] { return ge(a, b); });
}
Tensor& logical_and_out(Tensor& out, const Tensor& a, const Tensor& b) {
  return detail::write_out("logical_and", out, {a, b}, [&] { return logical_and(a, b); });
}
Tensor& logical_or_out(Tensor& out, const Tensor& a, const Tensor& b) {
  return detail::write_out("logical_or", out, {a, b}, [&] { return logical_or(a, b); });
}
Tensor& logical_xor_out(Tensor& out, const Tensor& a, const Tensor& b) {
  return detail::write_out("logical_xor", out, {a, b}, [&] { return logical_xor(a, b); });
}
Tensor& bitwise_and_out(Tensor& out, const Tensor& a, const Tensor& b) {
  return detail::write_out("bitwise_and", out, {a, b}, [&] { return bitwise_and(a, b); });
}
Tensor& bitwise_or_out(Tensor& out, const Tensor& a, const Tensor& b) {
  return detail::write_out("bitwise_or", out, {a, b}, [&] { return bitwise_or(a, b); });
}
Tensor& bitwise_xor_out(Tensor& out, const Tensor& a, const Tensor& b) {
  return detail::write_out("bitwise_xor", out, {a, b}, [&] { return bitwise_xor(a, b); });
}
Tensor& pow_out(Tensor& out, const Tensor& a, const Scalar& b) {
  return detail::write_out("pow", out, {a}, [&] { return pow(a, b); });
}
Tensor& fmod_out(Tensor& out, const Tensor& a, const Scalar& b) {
  return detail::write_out("fmod", out, {a}, [&] { return fmod(a, b); });
}
Tensor& remainder_out(Tensor& out, const Tensor& a, const Scalar& b) {
  return detail::write_out("remainder", out, {a}, [&] { return remainder(a, b); });
}
Tensor& eq_out(Tensor& out, const Tensor& a, const Scalar& b) {
  return detail::write_out("eq", out, {a}, [&] { return eq(a, b); });
}
Tensor& ne_out(Tensor& out, const Tensor& a, const Scalar& b) {
  return detail::write_out("ne", out, {a}, [&] { return ne(a, b); });
}
Tensor& lt_out(Tensor& out, const Tensor& a, const Scalar& b) {
  return detail::write_out("lt", out, {a}, [&] { return lt(a, b); });
}
Tensor& le_out(Tensor& out, const Tensor& a, const Scalar& b) {
  return detail::write_out("le", out, {a}, [&] { return le(a, b); });
}
Tensor& gt_out(Tensor& out, const Tensor& a, const Scalar& b) {
  return detail::write_out("gt", out, {a}, [&] { return gt(a, b); });
}
Tensor& ge_out(Tensor& out, const Tensor& a, const Scalar& b) {
  return detail::write_out("ge", out, {a}, [&] { return ge(a, b); });
}
Tensor& clamp_out(Tensor& out, const Tensor& x, const std::optional<Scalar>& min, const std::optional<Scalar>& max) {
  return detail::write_out("clamp", out, {x}, [&] { return clamp(x, min, max); });
}
Tensor& where_out(Tensor& out, const Tensor& condition, const Tensor& a, const Tensor& b) {
  return detail::write_out("where", out, {a, b}, [&] { return where(condition, a, b); });
}
Tensor& lerp_out(Tensor& out, const Tensor& a, const Tensor& b, const Tensor& weight) {
  return detail::write_out("lerp", out, {a, b, weight}, [&] { return lerp(a, b, weight); });
}
Tensor& addcmul_out(Tensor& out, const Tensor& x, const Tensor& a, const Tensor& b, const Scalar& value) {
  return detail::write_out("addcmul", out, {x, a, b}, [&] { return addcmul(x, a, b, value); });
}
Tensor& addcdiv_out(Tensor& out, const Tensor& x, const Tensor& a, const Tensor& b, const Scalar& value) {
  return detail::write_out("addcdiv", out, {x, a, b}, [&] { return addcdiv(x, a, b, value); });
}
Tensor& mm_out(Tensor& out, const Tensor& a, const Tensor& b) {
  return detail::same_type_out("mm", out, {a, b}, [&] { return mm(a, b); });
}
Tensor& bmm_out(Tensor& out, const Tensor& a, const Tensor& b) {
  return detail::same_type_out("bmm", out, {a, b}, [&] { return bmm(a, b); });
}
Tensor& mv_out(Tensor& out, const Tensor& a, const Tensor& b) {
  return detail::same_type_out("mv", out, {a, b}, [&] { return mv(a, b); });
}
Tensor& dot_out(Tensor& out, const Tensor& a, const Tensor& b) {
  return detail::same_type_out("dot", out, {a, b}, [&] { return dot(a, b); });
}
Tensor& outer_out(Tensor& out, const Tensor& a, const Tensor& b) {
  return detail::same_type_out("outer", out, {a, b}, [&] { return outer(a, b); });
}
Tensor& matmul_out(Tensor& out, const Tensor& a, const Tensor& b) {
  return detail::same_type_out("matmul", out, {a, b}, [&] { return matmul(a, b); });
}
Tensor& addmm_out(Tensor& out, const Tensor& x, const Tensor& a, const Tensor& b, const Scalar& beta,
                  const Scalar& alpha) {
  return detail::same_type_out("addmm", out, {x, a, b}, [&] { return addmm(x, a, b, beta, alpha); });
}
Tensor& addmv_out(Tensor& out, const Tensor& x, const Tensor& a, const Tensor& b, const Scalar& beta,
                  const Scalar& alpha) {
  return detail::same_type_out("addmv", out, {x, a, b}, [&] { return addmv(x, a, b, beta, alpha); });
}
Tensor& baddbmm_out(Tensor& out, const Tensor& x, const Tensor& a, const Tensor& b, const Scalar& beta,
                    const Scalar& alpha) {
  return detail::same_type_out("baddbmm", out, {x, a, b}, [&] { return baddbmm(x, a, b, beta, alpha); });
}
Tensor& sum_out(Tensor& out, const Tensor& x, OptionalIntArrayRef dim, bool keepdim, std::optional<ScalarType> dtype) {
  return detail::write_out("sum", out, {x}, [&] { return sum(x, dim, keepdim, dtype.value_or(out.scalar_type())); });
}
Tensor& mean_out(Tensor& out, const Tensor& x, OptionalIntArrayRef dim, bool keepdim, std::optional<ScalarType> dtype) {
  return detail::write_out("mean", out, {x}, [&] { return mean(x, dim, keepdim, dtype.value_or(out.scalar_type())); });
}
Tensor& prod_out(Tensor& out, const Tensor& x, int64_t dim, bool keepdim, std::optional<ScalarType> dtype) {
  return detail::write_out("prod", out, {x}, [&] { return prod(x, dim, keepdim, dtype.value_or(out.scalar_type())); });
}
Tensor& amax_out(Tensor& out, const Tensor& x, IntArrayRef dim, bool keepdim) {
  return detail::write_out("amax", out, {x}, [&] { return amax(x, dim, keepdim); });
}
Tensor& amin_out(Tensor& out, const Tensor& x, IntArrayRef dim, bool keepdim) {
  return detail::write_out("amin", out, {x}, [&] { return amin(x, dim, keepdim); });
}
Tensor& argmax_out(Tensor& out, const Tensor& x, std::optional<int64_t> dim, bool keepdim) {
  return detail::write_out("argmax", out, {x}, [&] { return argmax(x, dim, keepdim); });
}
Tensor& argmin_out(Tensor& out, const Tensor& x, std::optional<int64_t> dim, bool keepdim) {
  return detail::write_out("argmin", out, {x}, [&] { return argmin(x, dim, keepdim); });
}
Tensor& logsumexp_out(Tensor& out, const Tensor& x, IntArrayRef dim, bool keepdim) {
  return detail::write_out("logsumexp", out, {x}, [&] { return logsumexp(x, dim, keepdim); });
}
Tensor& cumsum_out(Tensor& out, const Tensor& x, int64_t dim, std::optional<ScalarType> dtype) {
  return detail::write_out("cumsum", out, {x}, [&] { return cumsum(x, dim, dtype.value_or(out.scalar_type())); });
}
Tensor& cumprod_out(Tensor& out, const Tensor& x, int64_t dim, std::optional<ScalarType> dtype) {
  return detail::write_out("cumprod", out, {x}, [&] { return cumprod(x, dim, dtype.value_or(out.scalar_type())); });
}
Tensor& cat_out(Tensor& out, TensorList xs, int64_t dim) {
  return detail::write_out("cat", out, xs, [&] { return cat(xs, dim); });
}
Tensor& stack_out(Tensor& out, TensorList xs, int64_t dim) {
  return detail::write_out("stack", out, xs, [&] { return stack(xs, dim); });
}
Tensor& index_select_out(Tensor& out, const Tensor& x, int64_t dim, const Tensor& index) {
  return detail::same_type_out("index_select", out, {x}, [&] { return index_select(x, dim, index); });
}
Tensor& gather_out(Tensor& out, const Tensor& x, int64_t dim, const Tensor& index, bool sparse_grad) {
  return detail::same_type_out("gather", out, {x}, [&] { return gather(x, dim, index, sparse_grad); });
}
Tensor& masked_select_out(Tensor& out, const Tensor& x, const Tensor& mask) {
  return detail::same_type_out("masked_select", out, {x}, [&] { return masked_select(x, mask); });
}
Tensor& nonzero_out(Tensor& out, const Tensor& x) {
  return detail::same_type_out("nonzero", out, {x}, [&] { return nonzero(x); });
}
Tensor& tril_out(Tensor& out, const Tensor& x, int64_t diagonal) {
  return detail::same_type_out("tril", out, {x}, [&] { return tril(x, diagonal); });
}
Tensor& triu_out(Tensor& out, const Tensor& x, int64_t diagonal) {
  return detail::same_type_out("triu", out, {x}, [&] { return triu(x, diagonal); });
}

}  // namespace gradus
