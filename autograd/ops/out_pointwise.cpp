// Pointwise operations with an `out` argument that are second forms or second names.
#include "gradus/autograd/ops/out.h"
#include "gradus/autograd/overwrite.h"

namespace gradus {

Tensor& absolute_out(Tensor& out, const Tensor& x) {
  return detail::write_out("absolute", out, {x}, [&] { return absolute(x); });
}
Tensor& negative_out(Tensor& out, const Tensor& x) {
  return detail::write_out("negative", out, {x}, [&] { return negative(x); });
}
Tensor& arccos_out(Tensor& out, const Tensor& x) {
  return detail::write_out("arccos", out, {x}, [&] { return arccos(x); });
}
Tensor& arcsin_out(Tensor& out, const Tensor& x) {
  return detail::write_out("arcsin", out, {x}, [&] { return arcsin(x); });
}
Tensor& arctan_out(Tensor& out, const Tensor& x) {
  return detail::write_out("arctan", out, {x}, [&] { return arctan(x); });
}
Tensor& arcsinh_out(Tensor& out, const Tensor& x) {
  return detail::write_out("arcsinh", out, {x}, [&] { return arcsinh(x); });
}
Tensor& arctanh_out(Tensor& out, const Tensor& x) {
  return detail::write_out("arctanh", out, {x}, [&] { return arctanh(x); });
}
Tensor& sgn_out(Tensor& out, const Tensor& x) {
  return detail::write_out("sgn", out, {x}, [&] { return sgn(x); });
}
Tensor& signbit_out(Tensor& out, const Tensor& x) {
  return detail::write_out("signbit", out, {x}, [&] { return signbit(x); });
}
Tensor& sinc_out(Tensor& out, const Tensor& x) {
  return detail::write_out("sinc", out, {x}, [&] { return sinc(x); });
}
Tensor& deg2rad_out(Tensor& out, const Tensor& x) {
  return detail::write_out("deg2rad", out, {x}, [&] { return deg2rad(x); });
}
Tensor& rad2deg_out(Tensor& out, const Tensor& x) {
  return detail::write_out("rad2deg", out, {x}, [&] { return rad2deg(x); });
}
Tensor& isposinf_out(Tensor& out, const Tensor& x) {
  return detail::write_out("isposinf", out, {x}, [&] { return isposinf(x); });
}
Tensor& isneginf_out(Tensor& out, const Tensor& x) {
  return detail::write_out("isneginf", out, {x}, [&] { return isneginf(x); });
}
Tensor& fix_out(Tensor& out, const Tensor& x) {
  return detail::write_out("fix", out, {x}, [&] { return fix(x); });
}
Tensor& i0_out(Tensor& out, const Tensor& x) {
  return detail::write_out("i0", out, {x}, [&] { return i0(x); });
}
Tensor& special_i0e_out(Tensor& out, const Tensor& x) {
  return detail::write_out("special_i0e", out, {x}, [&] { return special_i0e(x); });
}
Tensor& special_i1_out(Tensor& out, const Tensor& x) {
  return detail::write_out("special_i1", out, {x}, [&] { return special_i1(x); });
}
Tensor& special_i1e_out(Tensor& out, const Tensor& x) {
  return detail::write_out("special_i1e", out, {x}, [&] { return special_i1e(x); });
}
Tensor& special_ndtr_out(Tensor& out, const Tensor& x) {
  return detail::write_out("special_ndtr", out, {x}, [&] { return special_ndtr(x); });
}
Tensor& special_ndtri_out(Tensor& out, const Tensor& x) {
  return detail::write_out("special_ndtri", out, {x}, [&] { return special_ndtri(x); });
}
Tensor& special_log_ndtr_out(Tensor& out, const Tensor& x) {
  return detail::write_out("special_log_ndtr", out, {x}, [&] { return special_log_ndtr(x); });
}
Tensor& special_erfcx_out(Tensor& out, const Tensor& x) {
  return detail::write_out("special_erfcx", out, {x}, [&] { return special_erfcx(x); });
}
Tensor& special_entr_out(Tensor& out, const Tensor& x) {
  return detail::write_out("special_entr", out, {x}, [&] { return special_entr(x); });
}
Tensor& special_expit_out(Tensor& out, const Tensor& x) {
  return detail::write_out("special_expit", out, {x}, [&] { return special_expit(x); });
}
Tensor& special_exp2_out(Tensor& out, const Tensor& x) {
  return detail::write_out("special_exp2", out, {x}, [&] { return special_exp2(x); });
}
Tensor& special_expm1_out(Tensor& out, const Tensor& x) {
  return detail::write_out("special_expm1", out, {x}, [&] { return special_expm1(x); });
}
Tensor& special_log1p_out(Tensor& out, const Tensor& x) {
  return detail::write_out("special_log1p", out, {x}, [&] { return special_log1p(x); });
}
Tensor& special_erf_out(Tensor& out, const Tensor& x) {
  return detail::write_out("special_erf", out, {x}, [&] { return special_erf(x); });
}
Tensor& special_erfc_out(Tensor& out, const Tensor& x) {
  return detail::write_out("special_erfc", out, {x}, [&] { return special_erfc(x); });
}
Tensor& special_erfinv_out(Tensor& out, const Tensor& x) {
  return detail::write_out("special_erfinv", out, {x}, [&] { return special_erfinv(x); });
}
Tensor& special_gammaln_out(Tensor& out, const Tensor& x) {
  return detail::write_out("special_gammaln", out, {x}, [&] { return special_gammaln(x); });
}
Tensor& special_digamma_out(Tensor& out, const Tensor& x) {
  return detail::write_out("special_digamma", out, {x}, [&] { return special_digamma(x); });
}
Tensor& special_psi_out(Tensor& out, const Tensor& x) {
  return detail::write_out("special_psi", out, {x}, [&] { return special_psi(x); });
}
Tensor& special_sinc_out(Tensor& out, const Tensor& x) {
  return detail::write_out("special_sinc", out, {x}, [&] { return special_sinc(x); });
}
Tensor& arccosh_out(Tensor& out, const Tensor& x) {
  return detail::write_out("arccosh", out, {x}, [&] { return arccosh(x); });
}
Tensor& logit_out(Tensor& out, const Tensor& x, std::optional<double> eps) {
  return detail::write_out("logit", out, {x}, [&] { return logit(x, eps); });
}
Tensor& special_logit_out(Tensor& out, const Tensor& x, std::optional<double> eps) {
  return detail::write_out("special_logit", out, {x}, [&] { return special_logit(x, eps); });
}
Tensor& nan_to_num_out(Tensor& out, const Tensor& x, std::optional<double> nan, std::optional<double> posinf,
                       std::optional<double> neginf) {
  return detail::write_out("nan_to_num", out, {x}, [&] { return nan_to_num(x, nan, posinf, neginf); });
}
Tensor& polygamma_out(Tensor& out, int64_t n, const Tensor& x) {
  return detail::write_out("polygamma", out, {x}, [&] { return polygamma(n, x); });
}
Tensor& special_polygamma_out(Tensor& out, int64_t n, const Tensor& x) {
  return detail::write_out("special_polygamma", out, {x}, [&] { return special_polygamma(n, x); });
}
Tensor& mvlgamma_out(Tensor& out, const Tensor& x, int64_t p) {
  return detail::write_out("mvlgamma", out, {x}, [&] { return mvlgamma(x, p); });
}
Tensor& special_multigammaln_out(Tensor& out, const Tensor& x, int64_t p) {
  return detail::write_out("special_multigammaln", out, {x}, [&] { return special_multigammaln(x, p); });
}
Tensor& special_round_out(Tensor& out, const Tensor& x, int64_t decimals) {
  return detail::write_out("special_round", out, {x}, [&] { return special_round(x, decimals); });
}
Tensor& multiply_out(Tensor& out, const Tensor& a, const Tensor& b) {
  return detail::write_out("multiply", out, {a, b}, [&] { return multiply(a, b); });
}
Tensor& divide_out(Tensor& out, const Tensor& a, const Tensor& b) {
  return detail::write_out("divide", out, {a, b}, [&] { return divide(a, b); });
}
Tensor& true_divide_out(Tensor& out, const Tensor& a, const Tensor& b) {
  return detail::write_out("true_divide", out, {a, b}, [&] { return true_divide(a, b); });
}
Tensor& subtract_out(Tensor& out, const Tensor& a, const Tensor& b, const Scalar& alpha) {
  return detail::write_out("subtract", out, {a, b}, [&] { return subtract(a, b, alpha); });
}
Tensor& arctan2_out(Tensor& out, const Tensor& a, const Tensor& b) {
  return detail::write_out("arctan2", out, {a, b}, [&] { return arctan2(a, b); });
}
Tensor& logaddexp_out(Tensor& out, const Tensor& a, const Tensor& b) {
  return detail::write_out("logaddexp", out, {a, b}, [&] { return logaddexp(a, b); });
}
Tensor& logaddexp2_out(Tensor& out, const Tensor& a, const Tensor& b) {
  return detail::write_out("logaddexp2", out, {a, b}, [&] { return logaddexp2(a, b); });
}
Tensor& copysign_out(Tensor& out, const Tensor& a, const Tensor& b) {
  return detail::write_out("copysign", out, {a, b}, [&] { return copysign(a, b); });
}
Tensor& nextafter_out(Tensor& out, const Tensor& a, const Tensor& b) {
  return detail::write_out("nextafter", out, {a, b}, [&] { return nextafter(a, b); });
}
Tensor& ldexp_out(Tensor& out, const Tensor& a, const Tensor& b) {
  return detail::write_out("ldexp", out, {a, b}, [&] { return ldexp(a, b); });
}
Tensor& xlogy_out(Tensor& out, const Tensor& a, const Tensor& b) {
  return detail::write_out("xlogy", out, {a, b}, [&] { return xlogy(a, b); });
}
Tensor& special_xlogy_out(Tensor& out, const Tensor& a, const Tensor& b) {
  return detail::write_out("special_xlogy", out, {a, b}, [&] { return special_xlogy(a, b); });
}
Tensor& special_xlog1py_out(Tensor& out, const Tensor& a, const Tensor& b) {
  return detail::write_out("special_xlog1py", out, {a, b}, [&] { return special_xlog1py(a, b); });
}
Tensor& not_equal_out(Tensor& out, const Tensor& a, const Tensor& b) {
  return detail::write_out("not_equal", out, {a, b}, [&] { return not_equal(a, b); });
}
Tensor& less_out(Tensor& out, const Tensor& a, const Tensor& b) {
  return detail::write_out("less", out, {a, b}, [&] { return less(a, b); });
}
Tensor& less_equal_out(Tensor& out, const Tensor& a, const Tensor& b) {
  return detail::write_out("less_equal", out, {a, b}, [&] { return less_equal(a, b); });
}
Tensor& greater_out(Tensor& out, const Tensor& a, const Tensor& b) {
  return detail::write_out("greater", out, {a, b}, [&] { return greater(a, b); });
}
Tensor& greater_equal_out(Tensor& out, const Tensor& a, const Tensor& b) {
  return detail::write_out("greater_equal", out, {a, b}, [&] { return greater_equal(a, b); });
}
Tensor& heaviside_out(Tensor& out, const Tensor& a, const Tensor& values) {
  return detail::write_out("heaviside", out, {a, values}, [&] { return heaviside(a, values); });
}
Tensor& float_power_out(Tensor& out, const Tensor& x, const Tensor& e) {
  return detail::write_out("float_power", out, {x, e}, [&] { return float_power(x, e); });
}
Tensor& special_zeta_out(Tensor& out, const Tensor& a, const Tensor& b) {
  return detail::write_out("special_zeta", out, {a, b}, [&] { return special_zeta(a, b); });
}
Tensor& gcd_out(Tensor& out, const Tensor& a, const Tensor& b) {
  return detail::write_out("gcd", out, {a, b}, [&] { return gcd(a, b); });
}
Tensor& lcm_out(Tensor& out, const Tensor& a, const Tensor& b) {
  return detail::write_out("lcm", out, {a, b}, [&] { return lcm(a, b); });
}
Tensor& bitwise_left_shift_out(Tensor& out, const Tensor& a, const Tensor& b) {
  return detail::write_out("bitwise_left_shift", out, {a, b}, [&] { return bitwise_left_shift(a, b); });
}
Tensor& bitwise_right_shift_out(Tensor& out, const Tensor& a, const Tensor& b) {
  return detail::write_out("bitwise_right_shift", out, {a, b}, [&] { return bitwise_right_shift(a, b); });
}
Tensor& copysign_out(Tensor& out, const Tensor& a, const Scalar& b) {
  return detail::write_out("copysign", out, {a}, [&] { return copysign(a, b); });
}
Tensor& xlogy_out(Tensor& out, const Tensor& a, const Scalar& b) {
  return detail::write_out("xlogy", out, {a}, [&] { return xlogy(a, b); });
}
Tensor& special_xlogy_out(Tensor& out, const Tensor& a, const Scalar& b) {
  return detail::write_out("special_xlogy", out, {a}, [&] { return special_xlogy(a, b); });
}
Tensor& special_xlog1py_out(Tensor& out, const Tensor& a, const Scalar& b) {
  return detail::write_out("special_xlog1py", out, {a}, [&] { return special_xlog1py(a, b); });
}
Tensor& not_equal_out(Tensor& out, const Tensor& a, const Scalar& b) {
  return detail::write_out("not_equal", out, {a}, [&] { return not_equal(a, b); });
}
Tensor& less_out(Tensor& out, const Tensor& a, const Scalar& b) {
  return detail::write_out("less", out, {a}, [&] { return less(a, b); });
}
Tensor& less_equal_out(Tensor& out, const Tensor& a, const Scalar& b) {
  return detail::write_out("less_equal", out, {a}, [&] { return less_equal(a, b); });
}
Tensor& greater_out(Tensor& out, const Tensor& a, const Scalar& b) {
  return detail::write_out("greater", out, {a}, [&] { return greater(a, b); });
}
Tensor& greater_equal_out(Tensor& out, const Tensor& a, const Scalar& b) {
  return detail::write_out("greater_equal", out, {a}, [&] { return greater_equal(a, b); });
}
Tensor& xlogy_out(Tensor& out, const Scalar& a, const Tensor& b) {
  return detail::write_out("xlogy", out, {b}, [&] { return xlogy(a, b); });
}
Tensor& special_xlogy_out(Tensor& out, const Scalar& a, const Tensor& b) {
  return detail::write_out("special_xlogy", out, {b}, [&] { return special_xlogy(a, b); });
}
Tensor& special_xlog1py_out(Tensor& out, const Scalar& a, const Tensor& b) {
  return detail::write_out("special_xlog1py", out, {b}, [&] { return special_xlog1py(a, b); });
}
Tensor& special_zeta_out(Tensor& out, const Scalar& a, const Tensor& b) {
  return detail::write_out("special_zeta", out, {b}, [&] { return special_zeta(a, b); });
}
Tensor& special_zeta_out(Tensor& out, const Tensor& a, const Scalar& b) {
  return detail::write_out("special_zeta", out, {a}, [&] { return special_zeta(a, b); });
}
Tensor& float_power_out(Tensor& out, const Tensor& x, const Scalar& e) {
  return detail::write_out("float_power", out, {x}, [&] { return float_power(x, e); });
}
Tensor& float_power_out(Tensor& out, const Scalar& x, const Tensor& e) {
  return detail::write_out("float_power", out, {e}, [&] { return float_power(x, e); });
}
Tensor& clamp_max_out(Tensor& out, const Tensor& x, const Scalar& max) {
  return detail::write_out("clamp_max", out, {x}, [&] { return clamp_max(x, max); });
}
Tensor& clamp_max_out(Tensor& out, const Tensor& x, const Tensor& max) {
  return detail::write_out("clamp_max", out, {x, max}, [&] { return clamp_max(x, max); });
}
Tensor& clamp_min_out(Tensor& out, const Tensor& x, const Scalar& min) {
  return detail::write_out("clamp_min", out, {x}, [&] { return clamp_min(x, min); });
}
Tensor& clamp_min_out(Tensor& out, const Tensor& x, const Tensor& min) {
  return detail::write_out("clamp_min", out, {x, min}, [&] { return clamp_min(x, min); });
}
Tensor& clip_out(Tensor& out, const Tensor& x, const std::optional<Scalar>& min, const std::optional<Scalar>& max) {
  return detail::write_out("clip", out, {x}, [&] { return clip(x, min, max); });
}
Tensor& lerp_out(Tensor& out, const Tensor& a, const Tensor& b, const Scalar& weight) {
  return detail::write_out("lerp", out, {a, b}, [&] { return lerp(a, b, weight); });
}
Tensor& rsub_out(Tensor& out, const Tensor& a, const Tensor& b, const Scalar& alpha) {
  return detail::same_type_out("rsub", out, {a, b}, [&] { return rsub(a, b, alpha); });
}
Tensor& rsub_out(Tensor& out, const Tensor& a, const Scalar& b, const Scalar& alpha) {
  return detail::same_type_out("rsub", out, {a}, [&] { return rsub(a, b, alpha); });
}
Tensor& isnan_out(Tensor& out, const Tensor& x) {
  return detail::write_out("isnan", out, {x}, [&] { return isnan(x); });
}
Tensor& isinf_out(Tensor& out, const Tensor& x) {
  return detail::write_out("isinf", out, {x}, [&] { return isinf(x); });
}
Tensor& special_i0_out(Tensor& out, const Tensor& x) {
  return detail::write_out("special_i0", out, {x}, [&] { return special_i0(x); });
}

}  // namespace gradus
