// TensorMethods: the methods of Tensor beyond the everyday ones, which tensor.h has. An underscore at the end means in
// place; the free function of the same name, in autograd/ops/, tells the formula.
#pragma once
#include <string_view>
#include <tuple>
#include <vector>

#include "gradus/tensor/generator.h"
#include "gradus/tensor/options.h"
#include "gradus/tensor/scalar.h"
#include "gradus/tensor/shape.h"

namespace gradus {

class Tensor;

class TensorMethods {
 public:
  // ---- elementary functions (ops/elementary.cpp) ---------------------------------------------------------------
  Tensor exp2() const;
  Tensor& exp2_() const;
  Tensor& expm1_() const;
  Tensor& log2_() const;
  Tensor& log10_() const;
  Tensor& log1p_() const;
  Tensor& sin_() const;
  Tensor& cos_() const;
  Tensor& tan_() const;
  Tensor& asin_() const;
  Tensor& acos_() const;
  Tensor& atan_() const;
  Tensor& sinh_() const;
  Tensor& cosh_() const;
  Tensor asinh() const;
  Tensor& asinh_() const;
  Tensor acosh() const;
  Tensor& acosh_() const;
  Tensor atanh() const;
  Tensor& atanh_() const;
  Tensor& erf_() const;
  Tensor& erfc_() const;
  Tensor deg2rad() const;
  Tensor& deg2rad_() const;
  Tensor rad2deg() const;
  Tensor& rad2deg_() const;
  Tensor& floor_() const;
  Tensor& ceil_() const;
  Tensor& round_() const;
  Tensor& round_(int64_t decimals) const;
  Tensor& trunc_() const;
  Tensor& frac_() const;

  // ---- activations (ops/activation.cpp) ------------------------------------------------------------------------
  Tensor hardshrink(const Scalar& lambd = 0.5) const;
  Tensor prelu(const Tensor& weight) const;

  // ---- arithmetic (ops/arithmetic.cpp, ops/division.cpp) -------------------------------------------------------
  Tensor& sign_() const;
  Tensor sgn() const;
  Tensor& sgn_() const;
  Tensor& reciprocal_() const;
  Tensor& square_() const;
  Tensor& rsqrt_() const;
  Tensor floor_divide(const Tensor& other) const;
  Tensor floor_divide(const Scalar& other) const;
  Tensor& floor_divide_(const Tensor& other) const;
  Tensor& floor_divide_(const Scalar& other) const;
  Tensor float_power(const Tensor& exponent) const;
  Tensor float_power(const Scalar& exponent) const;
  Tensor& float_power_(const Scalar& exponent) const;
  Tensor& float_power_(const Tensor& exponent) const;
  Tensor& fmod_(const Scalar& other) const;
  Tensor& fmod_(const Tensor& other) const;
  Tensor& remainder_(const Scalar& other) const;
  Tensor& remainder_(const Tensor& other) const;

  // ---- special functions (ops/special.cpp) ---------------------------------------------------------------------
  Tensor erfinv() const;
  Tensor& erfinv_() const;
  Tensor lgamma() const;
  Tensor& lgamma_() const;
  Tensor digamma() const;
  Tensor& digamma_() const;
  Tensor polygamma(int64_t n) const;
  Tensor& polygamma_(int64_t n) const;
  Tensor sinc() const;
  Tensor& sinc_() const;
  Tensor i0() const;
  Tensor& i0_() const;
  Tensor mvlgamma(int64_t p) const;
  Tensor& mvlgamma_(int64_t p) const;
  std::tuple<Tensor, Tensor> frexp() const;
  Tensor logit(std::optional<double> eps = std::nullopt) const;
  Tensor& logit_(std::optional<double> eps = std::nullopt) const;
  Tensor nan_to_num(std::optional<double> nan = std::nullopt, std::optional<double> posinf = std::nullopt,
                    std::optional<double> neginf = std::nullopt) const;
  Tensor& nan_to_num_(std::optional<double> nan = std::nullopt, std::optional<double> posinf = std::nullopt,
                      std::optional<double> neginf = std::nullopt) const;
  Tensor xlogy(const Tensor& other) const;
  Tensor xlogy(const Scalar& other) const;
  Tensor& xlogy_(const Tensor& other) const;
  Tensor& xlogy_(const Scalar& other) const;
  Tensor logaddexp(const Tensor& other) const;
  Tensor logaddexp2(const Tensor& other) const;
  Tensor atan2(const Tensor& other) const;
  Tensor& atan2_(const Tensor& other) const;
  Tensor hypot(const Tensor& other) const;
  Tensor& hypot_(const Tensor& other) const;
  Tensor copysign(const Tensor& other) const;
  Tensor copysign(const Scalar& other) const;
  Tensor& copysign_(const Tensor& other) const;
  Tensor& copysign_(const Scalar& other) const;
  Tensor heaviside(const Tensor& values) const;
  Tensor& heaviside_(const Tensor& values) const;
  Tensor fmax(const Tensor& other) const;
  Tensor fmin(const Tensor& other) const;
  Tensor ldexp(const Tensor& other) const;
  Tensor& ldexp_(const Tensor& other) const;
  Tensor nextafter(const Tensor& other) const;
  Tensor& nextafter_(const Tensor& other) const;
  Tensor gcd(const Tensor& other) const;
  Tensor& gcd_(const Tensor& other) const;
  Tensor lcm(const Tensor& other) const;
  Tensor& lcm_(const Tensor& other) const;

  // ---- bits (ops/bitwise.cpp) ----------------------------------------------------------------------------------
  Tensor bitwise_and(const Scalar& other) const;
  Tensor bitwise_and(const Tensor& other) const;
  Tensor& bitwise_and_(const Scalar& other) const;
  Tensor& bitwise_and_(const Tensor& other) const;
  Tensor bitwise_or(const Scalar& other) const;
  Tensor bitwise_or(const Tensor& other) const;
  Tensor& bitwise_or_(const Scalar& other) const;
  Tensor& bitwise_or_(const Tensor& other) const;
  Tensor bitwise_xor(const Scalar& other) const;
  Tensor bitwise_xor(const Tensor& other) const;
  Tensor& bitwise_xor_(const Scalar& other) const;
  Tensor& bitwise_xor_(const Tensor& other) const;
  Tensor bitwise_not() const;
  Tensor& bitwise_not_() const;
  Tensor& operator&=(const Tensor& other) const { return bitwise_and_(other); }
  Tensor& operator|=(const Tensor& other) const { return bitwise_or_(other); }
  Tensor& operator^=(const Tensor& other) const { return bitwise_xor_(other); }
  Tensor bitwise_left_shift(const Tensor& other) const;
  Tensor bitwise_left_shift(const Scalar& other) const;
  Tensor& bitwise_left_shift_(const Tensor& other) const;
  Tensor& bitwise_left_shift_(const Scalar& other) const;
  Tensor bitwise_right_shift(const Tensor& other) const;
  Tensor bitwise_right_shift(const Scalar& other) const;
  Tensor& bitwise_right_shift_(const Tensor& other) const;
  Tensor& bitwise_right_shift_(const Scalar& other) const;

  // ---- comparisons and logic (ops/compare.cpp) -----------------------------------------------------------------
  Tensor& eq_(const Scalar& other) const;
  Tensor& eq_(const Tensor& other) const;
  Tensor& ne_(const Scalar& other) const;
  Tensor& ne_(const Tensor& other) const;
  Tensor& lt_(const Scalar& other) const;
  Tensor& lt_(const Tensor& other) const;
  Tensor& le_(const Scalar& other) const;
  Tensor& le_(const Tensor& other) const;
  Tensor& gt_(const Scalar& other) const;
  Tensor& gt_(const Tensor& other) const;
  Tensor& ge_(const Scalar& other) const;
  Tensor& ge_(const Tensor& other) const;
  Tensor& logical_and_(const Tensor& other) const;
  Tensor& logical_or_(const Tensor& other) const;
  Tensor& logical_xor_(const Tensor& other) const;
  Tensor& logical_not_() const;
  Tensor isposinf() const;
  Tensor isneginf() const;
  Tensor isreal() const;
  Tensor signbit() const;
  Tensor isclose(const Tensor& other, double rtol = 1e-05, double atol = 1e-08, bool equal_nan = false) const;

  // ---- shape (ops/rearrange.cpp, ops/shape.cpp, ops/join.cpp) --------------------------------------------------
  Tensor movedim(IntArrayRef source, IntArrayRef destination) const;
  Tensor movedim(int64_t source, int64_t destination) const;
  Tensor moveaxis(IntArrayRef source, IntArrayRef destination) const;
  Tensor moveaxis(int64_t source, int64_t destination) const;
  Tensor swapaxes(int64_t axis0, int64_t axis1) const;
  Tensor& swapaxes_(int64_t axis0, int64_t axis1) const;
  Tensor swapdims(int64_t dim0, int64_t dim1) const;
  Tensor& swapdims_(int64_t dim0, int64_t dim1) const;
  Tensor adjoint() const;
  Tensor mT() const;
  Tensor numpy_T() const;
  Tensor ravel() const;
  Tensor broadcast_to(IntArrayRef size) const;
  Tensor tile(IntArrayRef dims) const;
  Tensor repeat_interleave(const Tensor& repeats, std::optional<int64_t> dim = std::nullopt,
                           std::optional<int64_t> output_size = std::nullopt) const;
  Tensor repeat_interleave(int64_t repeats, std::optional<int64_t> dim = std::nullopt,
                           std::optional<int64_t> output_size = std::nullopt) const;
  Tensor roll(IntArrayRef shifts, IntArrayRef dims = {}) const;
  Tensor rot90(int64_t k = 1, IntArrayRef dims = {0, 1}) const;
  Tensor fliplr() const;
  Tensor flipud() const;
  Tensor unfold(int64_t dimension, int64_t size, int64_t step) const;
  Tensor slice_scatter(const Tensor& src, int64_t dim = 0, std::optional<int64_t> start = std::nullopt,
                       std::optional<int64_t> end = std::nullopt, int64_t step = 1) const;
  Tensor select_scatter(const Tensor& src, int64_t dim, int64_t index) const;
  Tensor diagonal_scatter(const Tensor& src, int64_t offset = 0, int64_t dim1 = 0, int64_t dim2 = 1) const;
  Tensor narrow_copy(int64_t dim, int64_t start, int64_t length) const;

  Tensor& t_() const;
  Tensor& as_strided_(IntArrayRef size, IntArrayRef stride, std::optional<int64_t> storage_offset = std::nullopt) const;

  std::vector<Tensor> tensor_split(int64_t sections, int64_t dim = 0) const;
  std::vector<Tensor> tensor_split(IntArrayRef indices, int64_t dim = 0) const;
  std::vector<Tensor> tensor_split(const Tensor& tensor_indices_or_sections, int64_t dim = 0) const;
  std::vector<Tensor> hsplit(int64_t sections) const;
  std::vector<Tensor> hsplit(IntArrayRef indices) const;
  std::vector<Tensor> vsplit(int64_t sections) const;
  std::vector<Tensor> vsplit(IntArrayRef indices) const;
  std::vector<Tensor> dsplit(int64_t sections) const;
  std::vector<Tensor> dsplit(IntArrayRef indices) const;

  // ---- diagonals (ops/diagonal.cpp) ----------------------------------------------------------------------------
  Tensor diagonal(int64_t offset = 0, int64_t dim1 = 0, int64_t dim2 = 1) const;
  Tensor diag_embed(int64_t offset = 0, int64_t dim1 = -2, int64_t dim2 = -1) const;
  Tensor diag(int64_t diagonal = 0) const;
  Tensor diagflat(int64_t offset = 0) const;
  Tensor trace() const;
  Tensor tril(int64_t diagonal = 0) const;
  Tensor& tril_(int64_t diagonal = 0) const;
  Tensor triu(int64_t diagonal = 0) const;
  Tensor& triu_(int64_t diagonal = 0) const;
  Tensor& fill_diagonal_(const Scalar& fill_value, bool wrap = false) const;

  // ---- reductions (ops/reduce.cpp) -----------------------------------------------------------------------------
  Tensor count_nonzero(OptionalIntArrayRef dim = std::nullopt) const;

  // ---- running values (ops/scan.cpp) ---------------------------------------------------------------------------
  Tensor& cumsum_(int64_t dim, std::optional<ScalarType> dtype = std::nullopt) const;
  Tensor cumprod(int64_t dim, std::optional<ScalarType> dtype = std::nullopt) const;
  Tensor& cumprod_(int64_t dim, std::optional<ScalarType> dtype = std::nullopt) const;
  std::tuple<Tensor, Tensor> cummax(int64_t dim) const;
  std::tuple<Tensor, Tensor> cummin(int64_t dim) const;
  Tensor logcumsumexp(int64_t dim) const;

  // ---- statistics (ops/statistics.cpp) -------------------------------------------------------------------------
  Tensor nansum(OptionalIntArrayRef dim = std::nullopt, bool keepdim = false,
                std::optional<ScalarType> dtype = std::nullopt) const;
  Tensor nanmean(OptionalIntArrayRef dim = std::nullopt, bool keepdim = false,
                 std::optional<ScalarType> dtype = std::nullopt) const;
  Tensor median() const;
  std::tuple<Tensor, Tensor> median(int64_t dim, bool keepdim = false) const;
  Tensor nanmedian() const;
  std::tuple<Tensor, Tensor> nanmedian(int64_t dim, bool keepdim = false) const;
  std::tuple<Tensor, Tensor> mode(int64_t dim = -1, bool keepdim = false) const;
  std::tuple<Tensor, Tensor> kthvalue(int64_t k, int64_t dim = -1, bool keepdim = false) const;
  Tensor quantile(const Tensor& q, std::optional<int64_t> dim = std::nullopt, bool keepdim = false,
                  std::string_view interpolation = "linear") const;
  Tensor quantile(double q, std::optional<int64_t> dim = std::nullopt, bool keepdim = false,
                  std::string_view interpolation = "linear") const;
  Tensor nanquantile(const Tensor& q, std::optional<int64_t> dim = std::nullopt, bool keepdim = false,
                     std::string_view interpolation = "linear") const;
  Tensor nanquantile(double q, std::optional<int64_t> dim = std::nullopt, bool keepdim = false,
                     std::string_view interpolation = "linear") const;
  std::tuple<Tensor, Tensor> aminmax(std::optional<int64_t> dim = std::nullopt, bool keepdim = false) const;
  Tensor histc(int64_t bins = 100, const Scalar& min = 0, const Scalar& max = 0) const;
  Tensor dist(const Tensor& other, const Scalar& p = 2) const;
  Tensor renorm(const Scalar& p, int64_t dim, const Scalar& maxnorm) const;
  Tensor& renorm_(const Scalar& p, int64_t dim, const Scalar& maxnorm) const;

  Tensor corrcoef() const;

  // ---- random (ops/random.cpp) ---------------------------------------------------------------------------------
  Tensor& exponential_(double lambd = 1, std::optional<Generator> g = std::nullopt) const;
  Tensor& geometric_(double p, std::optional<Generator> g = std::nullopt) const;
  Tensor& cauchy_(double median = 0, double sigma = 1, std::optional<Generator> g = std::nullopt) const;
  Tensor& log_normal_(double mean = 1, double std = 2, std::optional<Generator> g = std::nullopt) const;

  // ---- indexing (ops/index_along.cpp, ops/index_pick.cpp) ------------------------------------------------------
  Tensor index_copy(int64_t dim, const Tensor& index, const Tensor& source) const;
  Tensor& index_copy_(int64_t dim, const Tensor& index, const Tensor& source) const;
  Tensor index_fill(int64_t dim, const Tensor& index, const Scalar& value) const;
  Tensor index_fill(int64_t dim, const Tensor& index, const Tensor& value) const;
  Tensor& index_fill_(int64_t dim, const Tensor& index, const Scalar& value) const;
  Tensor& index_fill_(int64_t dim, const Tensor& index, const Tensor& value) const;
  Tensor index_reduce(int64_t dim, const Tensor& index, const Tensor& source, std::string_view reduce,
                      bool include_self = true) const;
  Tensor& index_reduce_(int64_t dim, const Tensor& index, const Tensor& source, std::string_view reduce,
                        bool include_self = true) const;
  Tensor scatter_reduce(int64_t dim, const Tensor& index, const Tensor& src, std::string_view reduce,
                        bool include_self = true) const;
  Tensor& scatter_reduce_(int64_t dim, const Tensor& index, const Tensor& src, std::string_view reduce,
                          bool include_self = true) const;
  Tensor take(const Tensor& index) const;
  Tensor put(const Tensor& index, const Tensor& source, bool accumulate = false) const;
  Tensor& put_(const Tensor& index, const Tensor& source, bool accumulate = false) const;
  Tensor take_along_dim(const Tensor& indices, std::optional<int64_t> dim = std::nullopt) const;
  Tensor masked_scatter(const Tensor& mask, const Tensor& source) const;
  Tensor& masked_scatter_(const Tensor& mask, const Tensor& source) const;
  Tensor argwhere() const;

  Tensor msort() const;

  // ---- products (ops/matmul.cpp, ops/products.cpp) -------------------------------------------------------------
  Tensor vdot(const Tensor& other) const;
  Tensor inner(const Tensor& other) const;
  Tensor outer(const Tensor& vec2) const;
  Tensor ger(const Tensor& vec2) const;
  Tensor cross(const Tensor& other, std::optional<int64_t> dim = std::nullopt) const;
  Tensor kron(const Tensor& other) const;
  Tensor addmm(const Tensor& mat1, const Tensor& mat2, const Scalar& beta = 1, const Scalar& alpha = 1) const;
  Tensor& addmm_(const Tensor& mat1, const Tensor& mat2, const Scalar& beta = 1, const Scalar& alpha = 1) const;
  Tensor addmv(const Tensor& mat, const Tensor& vec, const Scalar& beta = 1, const Scalar& alpha = 1) const;
  Tensor& addmv_(const Tensor& mat, const Tensor& vec, const Scalar& beta = 1, const Scalar& alpha = 1) const;
  Tensor addbmm(const Tensor& batch1, const Tensor& batch2, const Scalar& beta = 1, const Scalar& alpha = 1) const;
  Tensor& addbmm_(const Tensor& batch1, const Tensor& batch2, const Scalar& beta = 1, const Scalar& alpha = 1) const;
  Tensor addr(const Tensor& vec1, const Tensor& vec2, const Scalar& beta = 1, const Scalar& alpha = 1) const;
  Tensor& addr_(const Tensor& vec1, const Tensor& vec2, const Scalar& beta = 1, const Scalar& alpha = 1) const;
  Tensor baddbmm(const Tensor& batch1, const Tensor& batch2, const Scalar& beta = 1, const Scalar& alpha = 1) const;
  Tensor& baddbmm_(const Tensor& batch1, const Tensor& batch2, const Scalar& beta = 1, const Scalar& alpha = 1) const;

  // ---- second names (ops/aliases.cpp)
  // --------------------------------------------------------------------------------
  Tensor absolute() const;
  Tensor& absolute_() const;
  Tensor negative() const;
  Tensor& negative_() const;
  Tensor multiply(const Tensor& other) const;
  Tensor multiply(const Scalar& other) const;
  Tensor& multiply_(const Tensor& other) const;
  Tensor& multiply_(const Scalar& other) const;
  Tensor subtract(const Tensor& other, const Scalar& alpha = 1) const;
  Tensor subtract(const Scalar& other, const Scalar& alpha = 1) const;
  Tensor& subtract_(const Tensor& other, const Scalar& alpha = 1) const;
  Tensor& subtract_(const Scalar& other, const Scalar& alpha = 1) const;
  Tensor divide(const Tensor& other) const;
  Tensor divide(const Scalar& other) const;
  Tensor divide(const Tensor& other, std::optional<std::string_view> rounding_mode) const;
  Tensor divide(const Scalar& other, std::optional<std::string_view> rounding_mode) const;
  Tensor& divide_(const Tensor& other) const;
  Tensor& divide_(const Scalar& other) const;
  Tensor& divide_(const Tensor& other, std::optional<std::string_view> rounding_mode) const;
  Tensor& divide_(const Scalar& other, std::optional<std::string_view> rounding_mode) const;
  Tensor true_divide(const Tensor& other) const;
  Tensor true_divide(const Scalar& other) const;
  Tensor& true_divide_(const Tensor& other) const;
  Tensor& true_divide_(const Scalar& other) const;
  Tensor not_equal(const Scalar& other) const;
  Tensor not_equal(const Tensor& other) const;
  Tensor& not_equal_(const Scalar& other) const;
  Tensor& not_equal_(const Tensor& other) const;
  Tensor less(const Scalar& other) const;
  Tensor less(const Tensor& other) const;
  Tensor& less_(const Scalar& other) const;
  Tensor& less_(const Tensor& other) const;
  Tensor less_equal(const Scalar& other) const;
  Tensor less_equal(const Tensor& other) const;
  Tensor& less_equal_(const Scalar& other) const;
  Tensor& less_equal_(const Tensor& other) const;
  Tensor greater(const Scalar& other) const;
  Tensor greater(const Tensor& other) const;
  Tensor& greater_(const Scalar& other) const;
  Tensor& greater_(const Tensor& other) const;
  Tensor greater_equal(const Scalar& other) const;
  Tensor greater_equal(const Tensor& other) const;
  Tensor& greater_equal_(const Scalar& other) const;
  Tensor& greater_equal_(const Tensor& other) const;
  Tensor fix() const;
  Tensor& fix_() const;
  Tensor arccos() const;
  Tensor& arccos_() const;
  Tensor arcsin() const;
  Tensor& arcsin_() const;
  Tensor arctan() const;
  Tensor& arctan_() const;
  Tensor arccosh() const;
  Tensor& arccosh_() const;
  Tensor arcsinh() const;
  Tensor& arcsinh_() const;
  Tensor arctanh() const;
  Tensor& arctanh_() const;
  Tensor arctan2(const Tensor& other) const;
  Tensor& arctan2_(const Tensor& other) const;
  Tensor positive() const;

 private:
  const Tensor& itself() const;
};

}  // namespace gradus
