// Operations that write into a tensor of the caller, `out`: it is brought to the result's shape, must be of a type that
// can hold the result's (of the same type where elements are only multiplied or moved), and takes no part in a graph.
#pragma once
#include "gradus/autograd/ops/reduction.h"
#include "gradus/autograd/ops/upsample.h"
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

// ---- pointwise, other forms and names
Tensor& absolute_out(Tensor& out, const Tensor& x);
Tensor& negative_out(Tensor& out, const Tensor& x);
Tensor& arccos_out(Tensor& out, const Tensor& x);
Tensor& arcsin_out(Tensor& out, const Tensor& x);
Tensor& arctan_out(Tensor& out, const Tensor& x);
Tensor& arcsinh_out(Tensor& out, const Tensor& x);
Tensor& arctanh_out(Tensor& out, const Tensor& x);
Tensor& sgn_out(Tensor& out, const Tensor& x);
Tensor& signbit_out(Tensor& out, const Tensor& x);
Tensor& sinc_out(Tensor& out, const Tensor& x);
Tensor& deg2rad_out(Tensor& out, const Tensor& x);
Tensor& rad2deg_out(Tensor& out, const Tensor& x);
Tensor& isposinf_out(Tensor& out, const Tensor& x);
Tensor& isneginf_out(Tensor& out, const Tensor& x);
Tensor& fix_out(Tensor& out, const Tensor& x);
Tensor& i0_out(Tensor& out, const Tensor& x);
Tensor& special_i0e_out(Tensor& out, const Tensor& x);
Tensor& special_i1_out(Tensor& out, const Tensor& x);
Tensor& special_i1e_out(Tensor& out, const Tensor& x);
Tensor& special_ndtr_out(Tensor& out, const Tensor& x);
Tensor& special_ndtri_out(Tensor& out, const Tensor& x);
Tensor& special_log_ndtr_out(Tensor& out, const Tensor& x);
Tensor& special_erfcx_out(Tensor& out, const Tensor& x);
Tensor& special_entr_out(Tensor& out, const Tensor& x);
Tensor& special_expit_out(Tensor& out, const Tensor& x);
Tensor& special_exp2_out(Tensor& out, const Tensor& x);
Tensor& special_expm1_out(Tensor& out, const Tensor& x);
Tensor& special_log1p_out(Tensor& out, const Tensor& x);
Tensor& special_erf_out(Tensor& out, const Tensor& x);
Tensor& special_erfc_out(Tensor& out, const Tensor& x);
Tensor& special_erfinv_out(Tensor& out, const Tensor& x);
Tensor& special_gammaln_out(Tensor& out, const Tensor& x);
Tensor& special_digamma_out(Tensor& out, const Tensor& x);
Tensor& special_psi_out(Tensor& out, const Tensor& x);
Tensor& special_sinc_out(Tensor& out, const Tensor& x);
Tensor& arccosh_out(Tensor& out, const Tensor& x);
Tensor& logit_out(Tensor& out, const Tensor& x, std::optional<double> eps = std::nullopt);
Tensor& special_logit_out(Tensor& out, const Tensor& x, std::optional<double> eps = std::nullopt);
Tensor& nan_to_num_out(Tensor& out, const Tensor& x, std::optional<double> nan = std::nullopt,
                       std::optional<double> posinf = std::nullopt, std::optional<double> neginf = std::nullopt);
Tensor& polygamma_out(Tensor& out, int64_t n, const Tensor& x);
Tensor& special_polygamma_out(Tensor& out, int64_t n, const Tensor& x);
Tensor& mvlgamma_out(Tensor& out, const Tensor& x, int64_t p);
Tensor& special_multigammaln_out(Tensor& out, const Tensor& x, int64_t p);
Tensor& special_round_out(Tensor& out, const Tensor& x, int64_t decimals = 0);
Tensor& multiply_out(Tensor& out, const Tensor& a, const Tensor& b);
Tensor& divide_out(Tensor& out, const Tensor& a, const Tensor& b);
Tensor& true_divide_out(Tensor& out, const Tensor& a, const Tensor& b);
Tensor& subtract_out(Tensor& out, const Tensor& a, const Tensor& b, const Scalar& alpha = 1);
Tensor& arctan2_out(Tensor& out, const Tensor& a, const Tensor& b);
Tensor& logaddexp_out(Tensor& out, const Tensor& a, const Tensor& b);
Tensor& logaddexp2_out(Tensor& out, const Tensor& a, const Tensor& b);
Tensor& copysign_out(Tensor& out, const Tensor& a, const Tensor& b);
Tensor& nextafter_out(Tensor& out, const Tensor& a, const Tensor& b);
Tensor& ldexp_out(Tensor& out, const Tensor& a, const Tensor& b);
Tensor& xlogy_out(Tensor& out, const Tensor& a, const Tensor& b);
Tensor& special_xlogy_out(Tensor& out, const Tensor& a, const Tensor& b);
Tensor& special_xlog1py_out(Tensor& out, const Tensor& a, const Tensor& b);
Tensor& not_equal_out(Tensor& out, const Tensor& a, const Tensor& b);
Tensor& less_out(Tensor& out, const Tensor& a, const Tensor& b);
Tensor& less_equal_out(Tensor& out, const Tensor& a, const Tensor& b);
Tensor& greater_out(Tensor& out, const Tensor& a, const Tensor& b);
Tensor& greater_equal_out(Tensor& out, const Tensor& a, const Tensor& b);
Tensor& heaviside_out(Tensor& out, const Tensor& a, const Tensor& values);
Tensor& float_power_out(Tensor& out, const Tensor& x, const Tensor& e);
Tensor& special_zeta_out(Tensor& out, const Tensor& a, const Tensor& b);
Tensor& gcd_out(Tensor& out, const Tensor& a, const Tensor& b);
Tensor& lcm_out(Tensor& out, const Tensor& a, const Tensor& b);
Tensor& bitwise_left_shift_out(Tensor& out, const Tensor& a, const Tensor& b);
Tensor& bitwise_right_shift_out(Tensor& out, const Tensor& a, const Tensor& b);
Tensor& copysign_out(Tensor& out, const Tensor& a, const Scalar& b);
Tensor& xlogy_out(Tensor& out, const Tensor& a, const Scalar& b);
Tensor& special_xlogy_out(Tensor& out, const Tensor& a, const Scalar& b);
Tensor& special_xlog1py_out(Tensor& out, const Tensor& a, const Scalar& b);
Tensor& not_equal_out(Tensor& out, const Tensor& a, const Scalar& b);
Tensor& less_out(Tensor& out, const Tensor& a, const Scalar& b);
Tensor& less_equal_out(Tensor& out, const Tensor& a, const Scalar& b);
Tensor& greater_out(Tensor& out, const Tensor& a, const Scalar& b);
Tensor& greater_equal_out(Tensor& out, const Tensor& a, const Scalar& b);
Tensor& xlogy_out(Tensor& out, const Scalar& a, const Tensor& b);
Tensor& special_xlogy_out(Tensor& out, const Scalar& a, const Tensor& b);
Tensor& special_xlog1py_out(Tensor& out, const Scalar& a, const Tensor& b);
Tensor& special_zeta_out(Tensor& out, const Scalar& a, const Tensor& b);
Tensor& special_zeta_out(Tensor& out, const Tensor& a, const Scalar& b);
Tensor& float_power_out(Tensor& out, const Tensor& x, const Scalar& e);
Tensor& float_power_out(Tensor& out, const Scalar& x, const Tensor& e);
Tensor& clamp_max_out(Tensor& out, const Tensor& x, const Scalar& max);
Tensor& clamp_max_out(Tensor& out, const Tensor& x, const Tensor& max);
Tensor& clamp_min_out(Tensor& out, const Tensor& x, const Scalar& min);
Tensor& clamp_min_out(Tensor& out, const Tensor& x, const Tensor& min);
Tensor& clip_out(Tensor& out, const Tensor& x, const std::optional<Scalar>& min,
                 const std::optional<Scalar>& max = std::nullopt);
Tensor& lerp_out(Tensor& out, const Tensor& a, const Tensor& b, const Scalar& weight);
Tensor& rsub_out(Tensor& out, const Tensor& a, const Tensor& b, const Scalar& alpha = 1);
Tensor& rsub_out(Tensor& out, const Tensor& a, const Scalar& b, const Scalar& alpha = 1);
Tensor& isnan_out(Tensor& out, const Tensor& x);
Tensor& isinf_out(Tensor& out, const Tensor& x);
Tensor& special_i0_out(Tensor& out, const Tensor& x);

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
Tensor& cross_out(Tensor& out, const Tensor& a, const Tensor& b, std::optional<int64_t> dim = std::nullopt);
Tensor& kron_out(Tensor& out, const Tensor& a, const Tensor& b);
Tensor& inner_out(Tensor& out, const Tensor& a, const Tensor& b);
Tensor& vdot_out(Tensor& out, const Tensor& a, const Tensor& b);
Tensor& ger_out(Tensor& out, const Tensor& a, const Tensor& b);
Tensor& addr_out(Tensor& out, const Tensor& x, const Tensor& a, const Tensor& b, const Scalar& beta = 1,
                 const Scalar& alpha = 1);
Tensor& addbmm_out(Tensor& out, const Tensor& x, const Tensor& a, const Tensor& b, const Scalar& beta = 1,
                   const Scalar& alpha = 1);
Tensor& tensordot_out(Tensor& out, const Tensor& a, const Tensor& b, IntArrayRef dims_a, IntArrayRef dims_b);
Tensor& chain_matmul_out(Tensor& out, TensorList matrices);
Tensor& linear_out(Tensor& out, const Tensor& x, const Tensor& weight, const Tensor& bias = {});

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
Tensor& norm_out(Tensor& out, const Tensor& x, const std::optional<Scalar>& p, IntArrayRef dim, bool keepdim = false);
Tensor& std_out(Tensor& out, const Tensor& x, OptionalIntArrayRef dim, bool unbiased = true, bool keepdim = false);
Tensor& std_out(Tensor& out, const Tensor& x, OptionalIntArrayRef dim, const std::optional<Scalar>& correction,
                bool keepdim = false);
Tensor& var_out(Tensor& out, const Tensor& x, OptionalIntArrayRef dim, bool unbiased = true, bool keepdim = false);
Tensor& var_out(Tensor& out, const Tensor& x, OptionalIntArrayRef dim, const std::optional<Scalar>& correction,
                bool keepdim = false);
Tensor& all_out(Tensor& out, const Tensor& x);
Tensor& all_out(Tensor& out, const Tensor& x, int64_t dim, bool keepdim = false);
Tensor& any_out(Tensor& out, const Tensor& x);
Tensor& any_out(Tensor& out, const Tensor& x, int64_t dim, bool keepdim = false);
Tensor& nansum_out(Tensor& out, const Tensor& x, OptionalIntArrayRef dim = std::nullopt, bool keepdim = false,
                   std::optional<ScalarType> dtype = std::nullopt);
Tensor& nanmean_out(Tensor& out, const Tensor& x, OptionalIntArrayRef dim = std::nullopt, bool keepdim = false,
                    std::optional<ScalarType> dtype = std::nullopt);
Tensor& quantile_out(Tensor& out, const Tensor& x, double q, std::optional<int64_t> dim = std::nullopt,
                     bool keepdim = false, std::string_view interpolation = "linear");
Tensor& nanquantile_out(Tensor& out, const Tensor& x, double q, std::optional<int64_t> dim = std::nullopt,
                        bool keepdim = false, std::string_view interpolation = "linear");
Tensor& count_nonzero_out(Tensor& out, const Tensor& x, OptionalIntArrayRef dim = std::nullopt);
Tensor& special_logsumexp_out(Tensor& out, const Tensor& x, IntArrayRef dim, bool keepdim = false);
Tensor& max_out(Tensor& out, const Tensor& a, const Tensor& b);
Tensor& min_out(Tensor& out, const Tensor& a, const Tensor& b);
std::tuple<Tensor&, Tensor&> max_out(Tensor& values, Tensor& indices, const Tensor& x, int64_t dim,
                                     bool keepdim = false);
std::tuple<Tensor&, Tensor&> min_out(Tensor& values, Tensor& indices, const Tensor& x, int64_t dim,
                                     bool keepdim = false);
std::tuple<Tensor&, Tensor&> median_out(Tensor& values, Tensor& indices, const Tensor& x, int64_t dim,
                                        bool keepdim = false);
std::tuple<Tensor&, Tensor&> nanmedian_out(Tensor& values, Tensor& indices, const Tensor& x, int64_t dim,
                                           bool keepdim = false);
std::tuple<Tensor&, Tensor&> mode_out(Tensor& values, Tensor& indices, const Tensor& x, int64_t dim = -1,
                                      bool keepdim = false);
std::tuple<Tensor&, Tensor&> kthvalue_out(Tensor& values, Tensor& indices, const Tensor& x, int64_t k, int64_t dim = -1,
                                          bool keepdim = false);
std::tuple<Tensor&, Tensor&> cummax_out(Tensor& values, Tensor& indices, const Tensor& x, int64_t dim);
std::tuple<Tensor&, Tensor&> cummin_out(Tensor& values, Tensor& indices, const Tensor& x, int64_t dim);
std::tuple<Tensor&, Tensor&> aminmax_out(Tensor& min, Tensor& max, const Tensor& x,
                                         std::optional<int64_t> dim = std::nullopt, bool keepdim = false);
std::tuple<Tensor&, Tensor&> sort_out(Tensor& values, Tensor& indices, const Tensor& x, int64_t dim = -1,
                                      bool descending = false);
std::tuple<Tensor&, Tensor&> sort_out(Tensor& values, Tensor& indices, const Tensor& x, std::optional<bool> stable,
                                      int64_t dim = -1, bool descending = false);
std::tuple<Tensor&, Tensor&> topk_out(Tensor& values, Tensor& indices, const Tensor& x, int64_t k, int64_t dim = -1,
                                      bool largest = true, bool sorted = true);
std::tuple<Tensor&, Tensor&> var_mean_out(Tensor& var, Tensor& mean, const Tensor& x, OptionalIntArrayRef dim,
                                          const std::optional<Scalar>& correction, bool keepdim = false);
std::tuple<Tensor&, Tensor&> std_mean_out(Tensor& std, Tensor& mean, const Tensor& x, OptionalIntArrayRef dim,
                                          const std::optional<Scalar>& correction, bool keepdim = false);
std::tuple<Tensor&, Tensor&> frexp_out(Tensor& mantissa, Tensor& exponent, const Tensor& x);
Tensor& logcumsumexp_out(Tensor& out, const Tensor& x, int64_t dim);
Tensor& dist_out(Tensor& out, const Tensor& a, const Tensor& b, const Scalar& p = 2);
Tensor& renorm_out(Tensor& out, const Tensor& x, const Scalar& p, int64_t dim, const Scalar& maxnorm);
Tensor& histc_out(Tensor& out, const Tensor& x, int64_t bins = 100, const Scalar& min = 0, const Scalar& max = 0);
Tensor& bincount_out(Tensor& out, const Tensor& x, const std::optional<Tensor>& weights = {}, int64_t minlength = 0);

// ---- joined and picked
Tensor& cat_out(Tensor& out, TensorList xs, int64_t dim = 0);
Tensor& stack_out(Tensor& out, TensorList xs, int64_t dim = 0);
Tensor& index_select_out(Tensor& out, const Tensor& x, int64_t dim, const Tensor& index);
Tensor& gather_out(Tensor& out, const Tensor& x, int64_t dim, const Tensor& index, bool sparse_grad = false);
Tensor& masked_select_out(Tensor& out, const Tensor& x, const Tensor& mask);
Tensor& nonzero_out(Tensor& out, const Tensor& x);
Tensor& tril_out(Tensor& out, const Tensor& x, int64_t diagonal = 0);
Tensor& triu_out(Tensor& out, const Tensor& x, int64_t diagonal = 0);

// ---- moved and picked
Tensor& diff_out(Tensor& out, const Tensor& x, int64_t n = 1, int64_t dim = -1,
                 const std::optional<Tensor>& prepend = {}, const std::optional<Tensor>& append = {});
Tensor& argsort_out(Tensor& out, const Tensor& x, int64_t dim = -1, bool descending = false);
Tensor& msort_out(Tensor& out, const Tensor& x);
Tensor& diag_out(Tensor& out, const Tensor& x, int64_t diagonal = 0);
Tensor& diag_embed_out(Tensor& out, const Tensor& x, int64_t offset = 0, int64_t dim1 = -2, int64_t dim2 = -1);
Tensor& flip_out(Tensor& out, const Tensor& x, IntArrayRef dims);
Tensor& roll_out(Tensor& out, const Tensor& x, IntArrayRef shifts, IntArrayRef dims = {});
Tensor& repeat_out(Tensor& out, const Tensor& x, IntArrayRef repeats);
Tensor& narrow_copy_out(Tensor& out, const Tensor& x, int64_t dim, int64_t start, int64_t length);
Tensor& take_out(Tensor& out, const Tensor& x, const Tensor& index);
Tensor& take_along_dim_out(Tensor& out, const Tensor& x, const Tensor& indices,
                           std::optional<int64_t> dim = std::nullopt);
Tensor& index_add_out(Tensor& out, const Tensor& x, int64_t dim, const Tensor& index, const Tensor& source,
                      const Scalar& alpha = 1);
Tensor& index_copy_out(Tensor& out, const Tensor& x, int64_t dim, const Tensor& index, const Tensor& source);
Tensor& index_reduce_out(Tensor& out, const Tensor& x, int64_t dim, const Tensor& index, const Tensor& source,
                         std::string_view reduce, bool include_self = true);
Tensor& scatter_out(Tensor& out, const Tensor& x, int64_t dim, const Tensor& index, const Tensor& src);
Tensor& scatter_out(Tensor& out, const Tensor& x, int64_t dim, const Tensor& index, const Scalar& value);
Tensor& scatter_out(Tensor& out, const Tensor& x, int64_t dim, const Tensor& index, const Tensor& src,
                    std::string_view reduce);
Tensor& scatter_add_out(Tensor& out, const Tensor& x, int64_t dim, const Tensor& index, const Tensor& src);
Tensor& scatter_reduce_out(Tensor& out, const Tensor& x, int64_t dim, const Tensor& index, const Tensor& src,
                           std::string_view reduce, bool include_self = true);
Tensor& masked_fill_out(Tensor& out, const Tensor& x, const Tensor& mask, const Scalar& value);
Tensor& column_stack_out(Tensor& out, TensorList xs);
Tensor& hstack_out(Tensor& out, TensorList xs);
Tensor& vstack_out(Tensor& out, TensorList xs);
Tensor& dstack_out(Tensor& out, TensorList xs);
Tensor& row_stack_out(Tensor& out, TensorList xs);
Tensor& concat_out(Tensor& out, TensorList xs, int64_t dim = 0);
Tensor& concatenate_out(Tensor& out, TensorList xs, int64_t dim = 0);
Tensor& clone_out(Tensor& out, const Tensor& x, std::optional<MemoryFormat> format = std::nullopt);
Tensor& rot90_out(Tensor& out, const Tensor& x, int64_t k = 1, IntArrayRef dims = {0, 1});
Tensor& trace_out(Tensor& out, const Tensor& x);
Tensor& slice_scatter_out(Tensor& out, const Tensor& x, const Tensor& src, int64_t dim = 0,
                          std::optional<int64_t> start = std::nullopt, std::optional<int64_t> end = std::nullopt,
                          int64_t step = 1);
Tensor& select_scatter_out(Tensor& out, const Tensor& x, const Tensor& src, int64_t dim, int64_t index);
Tensor& diagonal_scatter_out(Tensor& out, const Tensor& x, const Tensor& src, int64_t offset = 0, int64_t dim1 = 0,
                             int64_t dim2 = 1);
Tensor& block_diag_out(Tensor& out, TensorList xs);
Tensor& repeat_interleave_out(Tensor& out, const Tensor& repeats, std::optional<int64_t> output_size = std::nullopt);
Tensor& index_out(Tensor& out, const Tensor& x, ArrayRef<std::optional<Tensor>> indices);
Tensor& index_put_out(Tensor& out, const Tensor& x, ArrayRef<std::optional<Tensor>> indices, const Tensor& v,
                      bool accumulate = false);
Tensor& index_fill_out(Tensor& out, const Tensor& x, int64_t dim, const Tensor& index, const Scalar& value);
Tensor& index_fill_out(Tensor& out, const Tensor& x, int64_t dim, const Tensor& index, const Tensor& value);
Tensor& put_out(Tensor& out, const Tensor& x, const Tensor& index, const Tensor& source, bool accumulate = false);
Tensor& masked_scatter_out(Tensor& out, const Tensor& x, const Tensor& mask, const Tensor& source);
Tensor& embedding_out(Tensor& out, const Tensor& weight, const Tensor& indices, int64_t padding_idx = -1,
                      bool scale_grad_by_freq = false, bool sparse = false);
Tensor& searchsorted_out(Tensor& out, const Tensor& sorted_sequence, const Tensor& x, bool out_int32 = false,
                         bool right = false, std::optional<std::string_view> side = std::nullopt,
                         const std::optional<Tensor>& sorter = {});
Tensor& searchsorted_out(Tensor& out, const Tensor& sorted_sequence, const Scalar& x, bool out_int32 = false,
                         bool right = false, std::optional<std::string_view> side = std::nullopt,
                         const std::optional<Tensor>& sorter = {});
std::tuple<Tensor&, Tensor&> _unique_out(Tensor& values, Tensor& inverse, const Tensor& x, bool sorted = true,
                                         bool return_inverse = false);
std::tuple<Tensor&, Tensor&, Tensor&> _unique2_out(Tensor& values, Tensor& inverse, Tensor& counts, const Tensor& x,
                                                   bool sorted = true, bool return_inverse = false,
                                                   bool return_counts = false);
std::tuple<Tensor&, Tensor&, Tensor&> unique_dim_out(Tensor& values, Tensor& inverse, Tensor& counts, const Tensor& x,
                                                     int64_t dim, bool sorted = true, bool return_inverse = false,
                                                     bool return_counts = false);
std::tuple<Tensor&, Tensor&, Tensor&> unique_consecutive_out(Tensor& values, Tensor& inverse, Tensor& counts,
                                                             const Tensor& x, bool return_inverse = false,
                                                             bool return_counts = false,
                                                             std::optional<int64_t> dim = std::nullopt);
std::tuple<Tensor&, Tensor&, Tensor&> unique_dim_consecutive_out(Tensor& values, Tensor& inverse, Tensor& counts,
                                                                 const Tensor& x, int64_t dim,
                                                                 bool return_inverse = false,
                                                                 bool return_counts = false);
Tensor& isin_out(Tensor& out, const Tensor& elements, const Tensor& test_elements, bool assume_unique = false,
                 bool invert = false);
Tensor& bucketize_out(Tensor& out, const Tensor& x, const Tensor& boundaries, bool out_int32 = false,
                      bool right = false);
Tensor& constant_pad_nd_out(Tensor& out, const Tensor& x, IntArrayRef padding, const Scalar& value = 0);
Tensor& reflection_pad1d_out(Tensor& out, const Tensor& x, IntArrayRef padding);
Tensor& poisson_out(Tensor& out, const Tensor& x, std::optional<Generator> g = std::nullopt);

// ---- convolved, pooled, padded and resized images
Tensor& convolution_out(Tensor& out, const Tensor& x, const Tensor& weight, const Tensor& bias, IntArrayRef stride,
                        IntArrayRef padding, IntArrayRef dilation, bool transposed, IntArrayRef output_padding,
                        int64_t groups);
std::tuple<Tensor&, Tensor&> max_pool2d_with_indices_out(Tensor& values, Tensor& indices, const Tensor& x,
                                                         IntArrayRef kernel_size, IntArrayRef stride = {},
                                                         IntArrayRef padding = 0, IntArrayRef dilation = 1,
                                                         bool ceil_mode = false);
std::tuple<Tensor&, Tensor&> max_pool3d_with_indices_out(Tensor& values, Tensor& indices, const Tensor& x,
                                                         IntArrayRef kernel_size, IntArrayRef stride = {},
                                                         IntArrayRef padding = 0, IntArrayRef dilation = 1,
                                                         bool ceil_mode = false);
std::tuple<Tensor&, Tensor&> adaptive_max_pool2d_out(Tensor& values, Tensor& indices, const Tensor& x,
                                                     IntArrayRef output_size);
std::tuple<Tensor&, Tensor&> adaptive_max_pool3d_out(Tensor& values, Tensor& indices, const Tensor& x,
                                                     IntArrayRef output_size);
std::tuple<Tensor&, Tensor&> fractional_max_pool2d_out(Tensor& values, Tensor& indices, const Tensor& x,
                                                       IntArrayRef kernel_size, IntArrayRef output_size,
                                                       const Tensor& random_samples);
std::tuple<Tensor&, Tensor&> fractional_max_pool3d_out(Tensor& values, Tensor& indices, const Tensor& x,
                                                       IntArrayRef kernel_size, IntArrayRef output_size,
                                                       const Tensor& random_samples);
Tensor& avg_pool1d_out(Tensor& out, const Tensor& x, IntArrayRef kernel_size, IntArrayRef stride = {},
                       IntArrayRef padding = 0, bool ceil_mode = false, bool count_include_pad = true);
Tensor& avg_pool2d_out(Tensor& out, const Tensor& x, IntArrayRef kernel_size, IntArrayRef stride = {},
                       IntArrayRef padding = 0, bool ceil_mode = false, bool count_include_pad = true,
                       std::optional<int64_t> divisor_override = std::nullopt);
Tensor& avg_pool3d_out(Tensor& out, const Tensor& x, IntArrayRef kernel_size, IntArrayRef stride = {},
                       IntArrayRef padding = 0, bool ceil_mode = false, bool count_include_pad = true,
                       std::optional<int64_t> divisor_override = std::nullopt);
Tensor& adaptive_avg_pool1d_out(Tensor& out, const Tensor& x, IntArrayRef output_size);
Tensor& adaptive_avg_pool2d_out(Tensor& out, const Tensor& x, IntArrayRef output_size);
Tensor& adaptive_avg_pool3d_out(Tensor& out, const Tensor& x, IntArrayRef output_size);
Tensor& max_unpool2d_out(Tensor& out, const Tensor& x, const Tensor& indices, IntArrayRef output_size);
Tensor& max_unpool3d_out(Tensor& out, const Tensor& x, const Tensor& indices, IntArrayRef output_size,
                         IntArrayRef stride, IntArrayRef padding);
Tensor& reflection_pad2d_out(Tensor& out, const Tensor& x, IntArrayRef padding);
Tensor& reflection_pad3d_out(Tensor& out, const Tensor& x, IntArrayRef padding);
Tensor& replication_pad1d_out(Tensor& out, const Tensor& x, IntArrayRef padding);
Tensor& replication_pad2d_out(Tensor& out, const Tensor& x, IntArrayRef padding);
Tensor& replication_pad3d_out(Tensor& out, const Tensor& x, IntArrayRef padding);
Tensor& upsample_nearest1d_out(Tensor& out, const Tensor& x, IntArrayRef output_size,
                               OptionalScale scales = std::nullopt);
Tensor& upsample_nearest2d_out(Tensor& out, const Tensor& x, IntArrayRef output_size,
                               OptionalScale scales_h = std::nullopt, OptionalScale scales_w = std::nullopt);
Tensor& upsample_nearest3d_out(Tensor& out, const Tensor& x, IntArrayRef output_size,
                               OptionalScale scales_d = std::nullopt, OptionalScale scales_h = std::nullopt,
                               OptionalScale scales_w = std::nullopt);
Tensor& _upsample_nearest_exact1d_out(Tensor& out, const Tensor& x, IntArrayRef output_size,
                                      OptionalScale scales = std::nullopt);
Tensor& _upsample_nearest_exact2d_out(Tensor& out, const Tensor& x, IntArrayRef output_size,
                                      OptionalScale scales_h = std::nullopt, OptionalScale scales_w = std::nullopt);
Tensor& _upsample_nearest_exact3d_out(Tensor& out, const Tensor& x, IntArrayRef output_size,
                                      OptionalScale scales_d = std::nullopt, OptionalScale scales_h = std::nullopt,
                                      OptionalScale scales_w = std::nullopt);
Tensor& upsample_linear1d_out(Tensor& out, const Tensor& x, IntArrayRef output_size, bool align_corners,
                              OptionalScale scales = std::nullopt);
Tensor& upsample_bilinear2d_out(Tensor& out, const Tensor& x, IntArrayRef output_size, bool align_corners,
                                OptionalScale scales_h = std::nullopt, OptionalScale scales_w = std::nullopt);
Tensor& upsample_trilinear3d_out(Tensor& out, const Tensor& x, IntArrayRef output_size, bool align_corners,
                                 OptionalScale scales_d = std::nullopt, OptionalScale scales_h = std::nullopt,
                                 OptionalScale scales_w = std::nullopt);
Tensor& upsample_bicubic2d_out(Tensor& out, const Tensor& x, IntArrayRef output_size, bool align_corners,
                               OptionalScale scales_h = std::nullopt, OptionalScale scales_w = std::nullopt);
Tensor& _upsample_bilinear2d_aa_out(Tensor& out, const Tensor& x, IntArrayRef output_size, bool align_corners,
                                    OptionalScale scales_h = std::nullopt, OptionalScale scales_w = std::nullopt);
Tensor& _upsample_bicubic2d_aa_out(Tensor& out, const Tensor& x, IntArrayRef output_size, bool align_corners,
                                   OptionalScale scales_h = std::nullopt, OptionalScale scales_w = std::nullopt);
Tensor& im2col_out(Tensor& out, const Tensor& x, IntArrayRef kernel_size, IntArrayRef dilation = 1,
                   IntArrayRef padding = 0, IntArrayRef stride = 1);
Tensor& col2im_out(Tensor& out, const Tensor& x, IntArrayRef output_size, IntArrayRef kernel_size,
                   IntArrayRef dilation = 1, IntArrayRef padding = 0, IntArrayRef stride = 1);
Tensor& pixel_shuffle_out(Tensor& out, const Tensor& x, int64_t upscale_factor);
Tensor& pixel_unshuffle_out(Tensor& out, const Tensor& x, int64_t downscale_factor);
Tensor& channel_shuffle_out(Tensor& out, const Tensor& x, int64_t groups);
Tensor& affine_grid_generator_out(Tensor& out, const Tensor& theta, IntArrayRef size, bool align_corners);

// ---- activations and losses
Tensor& relu_out(Tensor& out, const Tensor& x);
Tensor& celu_out(Tensor& out, const Tensor& x, const Scalar& alpha = 1);
Tensor& binary_cross_entropy_with_logits_out(Tensor& out, const Tensor& x, const Tensor& target,
                                             const std::optional<Tensor>& weight = {},
                                             const std::optional<Tensor>& pos_weight = {},
                                             int64_t reduction = Reduction::Mean);
Tensor& multi_margin_loss_out(Tensor& out, const Tensor& x, const Tensor& target, const Scalar& p = 1,
                              const Scalar& margin = 1, const std::optional<Tensor>& weight = {},
                              int64_t reduction = Reduction::Mean);
Tensor& multilabel_margin_loss_out(Tensor& out, const Tensor& x, const Tensor& target,
                                   int64_t reduction = Reduction::Mean);
Tensor& nll_loss2d_out(Tensor& out, const Tensor& x, const Tensor& target, const std::optional<Tensor>& weight = {},
                       int64_t reduction = Reduction::Mean, int64_t ignore_index = -100);
Tensor& elu_out(Tensor& out, const Tensor& x, const Scalar& alpha = 1, const Scalar& scale = 1,
                const Scalar& input_scale = 1);
Tensor& gelu_out(Tensor& out, const Tensor& x, const std::string& approximate = "none");
Tensor& glu_out(Tensor& out, const Tensor& x, int64_t dim = -1);
Tensor& silu_out(Tensor& out, const Tensor& x);
Tensor& mish_out(Tensor& out, const Tensor& x);
Tensor& softplus_out(Tensor& out, const Tensor& x, const Scalar& beta = 1, const Scalar& threshold = 20);
Tensor& softshrink_out(Tensor& out, const Tensor& x, const Scalar& lambd = 0.5);
Tensor& hardshrink_out(Tensor& out, const Tensor& x, const Scalar& lambd = 0.5);
Tensor& hardsigmoid_out(Tensor& out, const Tensor& x);
Tensor& hardswish_out(Tensor& out, const Tensor& x);
Tensor& hardtanh_out(Tensor& out, const Tensor& x, const Scalar& min_val = -1, const Scalar& max_val = 1);
Tensor& leaky_relu_out(Tensor& out, const Tensor& x, const Scalar& negative_slope = 0.01);
Tensor& log_sigmoid_out(Tensor& out, const Tensor& x);
Tensor& threshold_out(Tensor& out, const Tensor& x, const Scalar& threshold, const Scalar& value);
Tensor& softmax_out(Tensor& out, const Tensor& x, int64_t dim, std::optional<ScalarType> dtype = std::nullopt);
Tensor& log_softmax_out(Tensor& out, const Tensor& x, int64_t dim, std::optional<ScalarType> dtype = std::nullopt);
Tensor& special_softmax_out(Tensor& out, const Tensor& x, int64_t dim, std::optional<ScalarType> dtype = std::nullopt);
Tensor& special_log_softmax_out(Tensor& out, const Tensor& x, int64_t dim,
                                std::optional<ScalarType> dtype = std::nullopt);
Tensor& mse_loss_out(Tensor& out, const Tensor& x, const Tensor& target, int64_t reduction = Reduction::Mean);
Tensor& smooth_l1_loss_out(Tensor& out, const Tensor& x, const Tensor& target, int64_t reduction = Reduction::Mean,
                           double beta = 1.0);
Tensor& huber_loss_out(Tensor& out, const Tensor& x, const Tensor& target, int64_t reduction = Reduction::Mean,
                       double delta = 1.0);
Tensor& soft_margin_loss_out(Tensor& out, const Tensor& x, const Tensor& target, int64_t reduction = Reduction::Mean);
Tensor& binary_cross_entropy_out(Tensor& out, const Tensor& x, const Tensor& target,
                                 const std::optional<Tensor>& weight = {}, int64_t reduction = Reduction::Mean);
Tensor& nll_loss_out(Tensor& out, const Tensor& x, const Tensor& target, const std::optional<Tensor>& weight = {},
                     int64_t reduction = Reduction::Mean, int64_t ignore_index = -100);

// ---- new ones, of out's type
Tensor& zeros_out(Tensor& out, IntArrayRef sizes);
Tensor& ones_out(Tensor& out, IntArrayRef sizes);
Tensor& full_out(Tensor& out, IntArrayRef sizes, const Scalar& value);
Tensor& arange_out(Tensor& out, const Scalar& end);
Tensor& arange_out(Tensor& out, const Scalar& start, const Scalar& end, const Scalar& step = 1);
Tensor& range_out(Tensor& out, const Scalar& start, const Scalar& end, const Scalar& step = 1);
Tensor& linspace_out(Tensor& out, const Scalar& start, const Scalar& end, int64_t steps);
Tensor& logspace_out(Tensor& out, const Scalar& start, const Scalar& end, int64_t steps, double base = 10);
Tensor& eye_out(Tensor& out, int64_t n);
Tensor& eye_out(Tensor& out, int64_t n, int64_t m);
Tensor& rand_out(Tensor& out, IntArrayRef sizes, std::optional<Generator> g = std::nullopt);
Tensor& randn_out(Tensor& out, IntArrayRef sizes, std::optional<Generator> g = std::nullopt);
Tensor& randint_out(Tensor& out, int64_t high, IntArrayRef sizes);
Tensor& randint_out(Tensor& out, int64_t low, int64_t high, IntArrayRef sizes,
                    std::optional<Generator> g = std::nullopt);
Tensor& randperm_out(Tensor& out, int64_t n, std::optional<Generator> g = std::nullopt);
Tensor& normal_out(Tensor& out, double mean, double std, IntArrayRef sizes, std::optional<Generator> g = std::nullopt);
Tensor& normal_out(Tensor& out, const Tensor& mean, double std = 1, std::optional<Generator> g = std::nullopt);
Tensor& normal_out(Tensor& out, const Tensor& mean, const Tensor& std, std::optional<Generator> g = std::nullopt);
Tensor& bernoulli_out(Tensor& out, const Tensor& p, std::optional<Generator> g = std::nullopt);
Tensor& multinomial_out(Tensor& out, const Tensor& weights, int64_t samples, bool replacement = false,
                        std::optional<Generator> g = std::nullopt);
Tensor& scalar_tensor_out(Tensor& out, const Scalar& value);
Tensor& empty_out(Tensor& out, IntArrayRef sizes);
Tensor& empty_strided_out(Tensor& out, IntArrayRef sizes, IntArrayRef strides);
Tensor& empty_like_out(Tensor& out, const Tensor& x);
Tensor& zeros_like_out(Tensor& out, const Tensor& x);
Tensor& ones_like_out(Tensor& out, const Tensor& x);
Tensor& full_like_out(Tensor& out, const Tensor& x, const Scalar& value);
Tensor& rand_like_out(Tensor& out, const Tensor& x, std::optional<Generator> g = std::nullopt);
Tensor& randn_like_out(Tensor& out, const Tensor& x, std::optional<Generator> g = std::nullopt);
Tensor& randint_like_out(Tensor& out, const Tensor& x, int64_t high, std::optional<Generator> g = std::nullopt);
Tensor& randint_like_out(Tensor& out, const Tensor& x, int64_t low, int64_t high,
                         std::optional<Generator> g = std::nullopt);
Tensor& tril_indices_out(Tensor& out, int64_t row, int64_t col, int64_t offset = 0);
Tensor& triu_indices_out(Tensor& out, int64_t row, int64_t col, int64_t offset = 0);
Tensor& hann_window_out(Tensor& out, int64_t window_length);
Tensor& hann_window_out(Tensor& out, int64_t window_length, bool periodic);
Tensor& hamming_window_out(Tensor& out, int64_t window_length);
Tensor& hamming_window_out(Tensor& out, int64_t window_length, bool periodic);
Tensor& hamming_window_out(Tensor& out, int64_t window_length, bool periodic, double alpha);
Tensor& hamming_window_out(Tensor& out, int64_t window_length, bool periodic, double alpha, double beta);
Tensor& blackman_window_out(Tensor& out, int64_t window_length);
Tensor& blackman_window_out(Tensor& out, int64_t window_length, bool periodic);
Tensor& bartlett_window_out(Tensor& out, int64_t window_length);
Tensor& bartlett_window_out(Tensor& out, int64_t window_length, bool periodic);
Tensor& kaiser_window_out(Tensor& out, int64_t window_length);
Tensor& kaiser_window_out(Tensor& out, int64_t window_length, bool periodic);
Tensor& kaiser_window_out(Tensor& out, int64_t window_length, bool periodic, double beta);

}  // namespace gradus
