// Operations that write into a tensor of the caller, `out`: it is brought to the result's shape, must be of a type that
// can hold the result's (of the same type where elements are only multiplied or moved), and takes no part in a graph.
#pragma once
#include "gradus/tensor/tensor.h"

namespace gradus {

// ---- pointwise
Tensor& abs_out(Tensor& out, const Tensor& x);
Tensor& neg_out(Tensor& out, const Tensor& x);
Tensor& sign_out(Tensor& out, const Tensor& x);
Tensor& reciprocal_out(Tensor& out, const Tensor& x);
Tensor& square_out(Tensor& out, const Tensor& x);
Tensor& sqrt_out(Tensor& out, const Tensor& x);
Tensor& rsqrt_out(Tensor& out, const Tensor& x);
Tensor& exp_out(Tensor& out, const Tensor& x);
Tensor& exp2_out(Tensor& out, const Tensor& x);
Tensor& expm1_out(Tensor& out, const Tensor& x);
Tensor& log_out(Tensor& out, const Tensor& x);
Tensor& log2_out(Tensor& out, const Tensor& x);
Tensor& log10_out(Tensor& out, const Tensor& x);
Tensor& log1p_out(Tensor& out, const Tensor& x);
Tensor& sin_out(Tensor& out, const Tensor& x);
Tensor& cos_out(Tensor& out, const Tensor& x);
Tensor& tan_out(Tensor& out, const Tensor& x);
Tensor& asin_out(Tensor& out, const Tensor& x);
Tensor& acos_out(Tensor& out, const Tensor& x);
Tensor& atan_out(Tensor& out, const Tensor& x);
Tensor& sinh_out(Tensor& out, const Tensor& x);
Tensor& cosh_out(Tensor& out, const Tensor& x);
Tensor& tanh_out(Tensor& out, const Tensor& x);
Tensor& asinh_out(Tensor& out, const Tensor& x);
Tensor& acosh_out(Tensor& out, const Tensor& x);
Tensor& atanh_out(Tensor& out, const Tensor& x);
Tensor& erf_out(Tensor& out, const Tensor& x);
Tensor& erfc_out(Tensor& out, const Tensor& x);
Tensor& erfinv_out(Tensor& out, const Tensor& x);
Tensor& lgamma_out(Tensor& out, const Tensor& x);
Tensor& digamma_out(Tensor& out, const Tensor& x);
Tensor& floor_out(Tensor& out, const Tensor& x);
Tensor& ceil_out(Tensor& out, const Tensor& x);
Tensor& round_out(Tensor& out, const Tensor& x);
Tensor& trunc_out(Tensor& out, const Tensor& x);
Tensor& frac_out(Tensor& out, const Tensor& x);
Tensor& sigmoid_out(Tensor& out, const Tensor& x);
Tensor& logical_not_out(Tensor& out, const Tensor& x);
Tensor& bitwise_not_out(Tensor& out, const Tensor& x);
Tensor& add_out(Tensor& out, const Tensor& a, const Tensor& b, const Scalar& alpha = 1);
Tensor& sub_out(Tensor& out, const Tensor& a, const Tensor& b, const Scalar& alpha = 1);
Tensor& mul_out(Tensor& out, const Tensor& a, const Tensor& b);
Tensor& div_out(Tensor& out, const Tensor& a, const Tensor& b);
Tensor& pow_out(Tensor& out, const Tensor& a, const Tensor& b);
Tensor& maximum_out(Tensor& out, const Tensor& a, const Tensor& b);
Tensor& minimum_out(Tensor& out, const Tensor& a, const Tensor& b);
Tensor& fmax_out(Tensor& out, const Tensor& a, const Tensor& b);
Tensor& fmin_out(Tensor& out, const Tensor& a, const Tensor& b);
Tensor& atan2_out(Tensor& out, const Tensor& a, const Tensor& b);
Tensor& hypot_out(Tensor& out, const Tensor& a, const Tensor& b);
Tensor& fmod_out(Tensor& out, const Tensor& a, const Tensor& b);
Tensor& remainder_out(Tensor& out, const Tensor& a, const Tensor& b);
Tensor& floor_divide_out(Tensor& out, const Tensor& a, const Tensor& b);
Tensor& eq_out(Tensor& out, const Tensor& a, const Tensor& b);
Tensor& ne_out(Tensor& out, const Tensor& a, const Tensor& b);
Tensor& lt_out(Tensor& out, const Tensor& a, const Tensor& b);
Tensor& le_out(Tensor& out, const Tensor& a, const Tensor& b);
Tensor& gt_out(Tensor& out, const Tensor& a, const Tensor& b);
Tensor& ge_out(Tensor& out, const Tensor& a, const Tensor& b);
Tensor& logical_and_out(Tensor& out, const Tensor& a, const Tensor& b);
Tensor& logical_or_out(Tensor& out, const Tensor& a, const Tensor& b);
Tensor& logical_xor_out(Tensor& out, const Tensor& a, const Tensor& b);
Tensor& bitwise_and_out(Tensor& out, const Tensor& a, const Tensor& b);
Tensor& bitwise_or_out(Tensor& out, const Tensor& a, const Tensor& b);
Tensor& bitwise_xor_out(Tensor& out, const Tensor& a, const Tensor& b);
Tensor& pow_out(Tensor& out, const Tensor& a, const Scalar& b);
Tensor& fmod_out(Tensor& out, const Tensor& a, const Scalar& b);
Tensor& remainder_out(Tensor& out, const Tensor& a, const Scalar& b);
Tensor& eq_out(Tensor& out, const Tensor& a, const Scalar& b);
Tensor& ne_out(Tensor& out, const Tensor& a, const Scalar& b);
Tensor& lt_out(Tensor& out, const Tensor& a, const Scalar& b);
Tensor& le_out(Tensor& out, const Tensor& a, const Scalar& b);
Tensor& gt_out(Tensor& out, const Tensor& a, const Scalar& b);
Tensor& ge_out(Tensor& out, const Tensor& a, const Scalar& b);
Tensor& clamp_out(Tensor& out, const Tensor& x, const std::optional<Scalar>& min,
                  const std::optional<Scalar>& max = std::nullopt);
Tensor& where_out(Tensor& out, const Tensor& condition, const Tensor& a, const Tensor& b);
Tensor& lerp_out(Tensor& out, const Tensor& a, const Tensor& b, const Tensor& weight);
Tensor& addcmul_out(Tensor& out, const Tensor& x, const Tensor& a, const Tensor& b, const Scalar& value = 1);
Tensor& addcdiv_out(Tensor& out, const Tensor& x, const Tensor& a, const Tensor& b, const Scalar& value = 1);

// ---- products
Tensor& mm_out(Tensor& out, const Tensor& a, const Tensor& b);
Tensor& bmm_out(Tensor& out, const Tensor& a, const Tensor& b);
Tensor& mv_out(Tensor& out, const Tensor& a, const Tensor& b);
Tensor& dot_out(Tensor& out, const Tensor& a, const Tensor& b);
Tensor& outer_out(Tensor& out, const Tensor& a, const Tensor& b);
Tensor& matmul_out(Tensor& out, const Tensor& a, const Tensor& b);
Tensor& addmm_out(Tensor& out, const Tensor& x, const Tensor& a, const Tensor& b, const Scalar& beta = 1,
                  const Scalar& alpha = 1);
Tensor& addmv_out(Tensor& out, const Tensor& x, const Tensor& a, const Tensor& b, const Scalar& beta = 1,
                  const Scalar& alpha = 1);
Tensor& baddbmm_out(Tensor& out, const Tensor& x, const Tensor& a, const Tensor& b, const Scalar& beta = 1,
                    const Scalar& alpha = 1);

// ---- reductions
Tensor& sum_out(Tensor& out, const Tensor& x, OptionalIntArrayRef dim, bool keepdim = false,
                std::optional<ScalarType> dtype = std::nullopt);
Tensor& mean_out(Tensor& out, const Tensor& x, OptionalIntArrayRef dim, bool keepdim = false,
                 std::optional<ScalarType> dtype = std::nullopt);
Tensor& prod_out(Tensor& out, const Tensor& x, int64_t dim, bool keepdim = false,
                 std::optional<ScalarType> dtype = std::nullopt);
Tensor& amax_out(Tensor& out, const Tensor& x, IntArrayRef dim = {}, bool keepdim = false);
Tensor& amin_out(Tensor& out, const Tensor& x, IntArrayRef dim = {}, bool keepdim = false);
Tensor& argmax_out(Tensor& out, const Tensor& x, std::optional<int64_t> dim = std::nullopt, bool keepdim = false);
Tensor& argmin_out(Tensor& out, const Tensor& x, std::optional<int64_t> dim = std::nullopt, bool keepdim = false);
Tensor& logsumexp_out(Tensor& out, const Tensor& x, IntArrayRef dim, bool keepdim = false);
Tensor& cumsum_out(Tensor& out, const Tensor& x, int64_t dim, std::optional<ScalarType> dtype = std::nullopt);
Tensor& cumprod_out(Tensor& out, const Tensor& x, int64_t dim, std::optional<ScalarType> dtype = std::nullopt);

// ---- joined and picked
Tensor& cat_out(Tensor& out, TensorList xs, int64_t dim = 0);
Tensor& stack_out(Tensor& out, TensorList xs, int64_t dim = 0);
Tensor& index_select_out(Tensor& out, const Tensor& x, int64_t dim, const Tensor& index);
Tensor& gather_out(Tensor& out, const Tensor& x, int64_t dim, const Tensor& index, bool sparse_grad = false);
Tensor& masked_select_out(Tensor& out, const Tensor& x, const Tensor& mask);
Tensor& nonzero_out(Tensor& out, const Tensor& x);
Tensor& tril_out(Tensor& out, const Tensor& x, int64_t diagonal = 0);
Tensor& triu_out(Tensor& out, const Tensor& x, int64_t diagonal = 0);

}  // namespace gradus
