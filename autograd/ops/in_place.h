// The free functions that change their first argument: sin_(x) is x.sin_(), whose free form without the underscore
// tells the formula. Activations and dropouts have theirs beside it.
#pragma once
#include "gradus/tensor/tensor.h"

namespace gradus {

inline Tensor& abs_(const Tensor& x) { return x.abs_(); }
inline Tensor& absolute_(const Tensor& x) { return x.absolute_(); }
inline Tensor& acos_(const Tensor& x) { return x.acos_(); }
inline Tensor& acosh_(const Tensor& x) { return x.acosh_(); }
inline Tensor& arccos_(const Tensor& x) { return x.arccos_(); }
inline Tensor& arccosh_(const Tensor& x) { return x.arccosh_(); }
inline Tensor& arcsin_(const Tensor& x) { return x.arcsin_(); }
inline Tensor& arcsinh_(const Tensor& x) { return x.arcsinh_(); }
inline Tensor& arctan_(const Tensor& x) { return x.arctan_(); }
inline Tensor& arctanh_(const Tensor& x) { return x.arctanh_(); }
inline Tensor& asin_(const Tensor& x) { return x.asin_(); }
inline Tensor& asinh_(const Tensor& x) { return x.asinh_(); }
inline Tensor& atan_(const Tensor& x) { return x.atan_(); }
inline Tensor& atanh_(const Tensor& x) { return x.atanh_(); }
inline Tensor& ceil_(const Tensor& x) { return x.ceil_(); }
inline Tensor& cos_(const Tensor& x) { return x.cos_(); }
inline Tensor& cosh_(const Tensor& x) { return x.cosh_(); }
inline Tensor& deg2rad_(const Tensor& x) { return x.deg2rad_(); }
inline Tensor& detach_(const Tensor& x) { return x.detach_(); }
inline Tensor& erf_(const Tensor& x) { return x.erf_(); }
inline Tensor& erfc_(const Tensor& x) { return x.erfc_(); }
inline Tensor& exp2_(const Tensor& x) { return x.exp2_(); }
inline Tensor& exp_(const Tensor& x) { return x.exp_(); }
inline Tensor& expm1_(const Tensor& x) { return x.expm1_(); }
inline Tensor& i0_(const Tensor& x) { return x.i0_(); }
inline Tensor& fix_(const Tensor& x) { return x.fix_(); }
inline Tensor& floor_(const Tensor& x) { return x.floor_(); }
inline Tensor& frac_(const Tensor& x) { return x.frac_(); }
inline Tensor& log10_(const Tensor& x) { return x.log10_(); }
inline Tensor& log1p_(const Tensor& x) { return x.log1p_(); }
inline Tensor& log2_(const Tensor& x) { return x.log2_(); }
inline Tensor& log_(const Tensor& x) { return x.log_(); }
inline Tensor& neg_(const Tensor& x) { return x.neg_(); }
inline Tensor& negative_(const Tensor& x) { return x.negative_(); }
inline Tensor& rad2deg_(const Tensor& x) { return x.rad2deg_(); }
inline Tensor& reciprocal_(const Tensor& x) { return x.reciprocal_(); }
inline Tensor& round_(const Tensor& x) { return x.round_(); }
inline Tensor& rsqrt_(const Tensor& x) { return x.rsqrt_(); }
inline Tensor& sin_(const Tensor& x) { return x.sin_(); }
inline Tensor& sinc_(const Tensor& x) { return x.sinc_(); }
inline Tensor& sinh_(const Tensor& x) { return x.sinh_(); }
inline Tensor& sqrt_(const Tensor& x) { return x.sqrt_(); }
inline Tensor& square_(const Tensor& x) { return x.square_(); }
inline Tensor& tan_(const Tensor& x) { return x.tan_(); }
inline Tensor& tanh_(const Tensor& x) { return x.tanh_(); }
inline Tensor& trunc_(const Tensor& x) { return x.trunc_(); }
inline Tensor& zero_(const Tensor& x) { return x.zero_(); }
inline Tensor& round_(const Tensor& x, int64_t decimals) { return x.round_(decimals); }
inline Tensor& fill_(const Tensor& x, const Scalar& v) { return x.fill_(v); }
inline Tensor& fill_(const Tensor& x, const Tensor& v) { return x.fill_(v); }
inline Tensor& resize_as_(const Tensor& x, const Tensor& like) { return x.resize_as_(like); }
inline Tensor& clamp_(const Tensor& x, const std::optional<Scalar>& min,
                      const std::optional<Scalar>& max = std::nullopt) {
  return x.clamp_(min, max);
}
inline Tensor& clamp_(const Tensor& x, const std::optional<Tensor>& min = {}, const std::optional<Tensor>& max = {}) {
  return x.clamp_(min, max);
}
inline Tensor& clip_(const Tensor& x, const std::optional<Scalar>& min,
                     const std::optional<Scalar>& max = std::nullopt) {
  return x.clip_(min, max);
}
inline Tensor& clip_(const Tensor& x, const std::optional<Tensor>& min = {}, const std::optional<Tensor>& max = {}) {
  return x.clip_(min, max);
}
inline Tensor& clamp_min_(const Tensor& x, const Scalar& min) { return x.clamp_min_(min); }
inline Tensor& clamp_min_(const Tensor& x, const Tensor& min) { return x.clamp_min_(min); }
inline Tensor& clamp_max_(const Tensor& x, const Scalar& max) { return x.clamp_max_(max); }
inline Tensor& clamp_max_(const Tensor& x, const Tensor& max) { return x.clamp_max_(max); }
inline Tensor& ldexp_(const Tensor& x, const Tensor& other) { return x.ldexp_(other); }
inline Tensor& gcd_(const Tensor& x, const Tensor& other) { return x.gcd_(other); }
inline Tensor& lcm_(const Tensor& x, const Tensor& other) { return x.lcm_(other); }
inline Tensor& xlogy_(const Tensor& x, const Tensor& other) { return x.xlogy_(other); }
inline Tensor& xlogy_(const Tensor& x, const Scalar& other) { return x.xlogy_(other); }
inline Tensor& logit_(const Tensor& x, std::optional<double> eps = std::nullopt) { return x.logit_(eps); }
inline Tensor& nan_to_num_(const Tensor& x, std::optional<double> nan = std::nullopt,
                           std::optional<double> posinf = std::nullopt, std::optional<double> neginf = std::nullopt) {
  return x.nan_to_num_(nan, posinf, neginf);
}
inline Tensor& as_strided_(const Tensor& x, IntArrayRef size, IntArrayRef stride,
                           std::optional<int64_t> storage_offset = std::nullopt) {
  return x.as_strided_(size, stride, storage_offset);
}
inline Tensor& addmv_(const Tensor& x, const Tensor& mat, const Tensor& vec, const Scalar& beta = 1,
                      const Scalar& alpha = 1) {
  return x.addmv_(mat, vec, beta, alpha);
}

}  // namespace gradus
