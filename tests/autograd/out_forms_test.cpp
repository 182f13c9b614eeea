// Operations with an `out` argument, each against its form without: all but the commonest, which out_test.cpp has.
#include "out_forms.h"

#include <gtest/gtest.h>

#include "gradus/gradus.h"
#include "gradus/tests/misuse.h"

using namespace gradus;
using namespace out_forms;
using gradus_tests::error_of;

namespace {

TEST(OutForms, OtherPointwiseForms0) {
  const Inputs i;
  const Tensor& a = i.a;
  expect_all({
      {[&](Tensor& o) -> Tensor& { return absolute_out(o, a); }, absolute(a)},
      {[&](Tensor& o) -> Tensor& { return negative_out(o, a); }, negative(a)},
      {[&](Tensor& o) -> Tensor& { return arccos_out(o, a); }, arccos(a)},
      {[&](Tensor& o) -> Tensor& { return arcsin_out(o, a); }, arcsin(a)},
      {[&](Tensor& o) -> Tensor& { return arctan_out(o, a); }, arctan(a)},
      {[&](Tensor& o) -> Tensor& { return arcsinh_out(o, a); }, arcsinh(a)},
      {[&](Tensor& o) -> Tensor& { return arctanh_out(o, a); }, arctanh(a)},
      {[&](Tensor& o) -> Tensor& { return sgn_out(o, a); }, sgn(a)},
      {[&](Tensor& o) -> Tensor& { return signbit_out(o, a); }, signbit(a)},
      {[&](Tensor& o) -> Tensor& { return sinc_out(o, a); }, sinc(a)},
      {[&](Tensor& o) -> Tensor& { return deg2rad_out(o, a); }, deg2rad(a)},
      {[&](Tensor& o) -> Tensor& { return rad2deg_out(o, a); }, rad2deg(a)},
      {[&](Tensor& o) -> Tensor& { return isposinf_out(o, a); }, isposinf(a)},
      {[&](Tensor& o) -> Tensor& { return isneginf_out(o, a); }, isneginf(a)},
      {[&](Tensor& o) -> Tensor& { return fix_out(o, a); }, fix(a)},
      {[&](Tensor& o) -> Tensor& { return i0_out(o, a); }, i0(a)},
      {[&](Tensor& o) -> Tensor& { return special_i0e_out(o, a); }, special_i0e(a)},
      {[&](Tensor& o) -> Tensor& { return special_i1_out(o, a); }, special_i1(a)},
  });
}

TEST(OutForms, OtherPointwiseForms1) {
  const Inputs i;
  const Tensor& a = i.a;
  expect_all({
      {[&](Tensor& o) -> Tensor& { return special_i1e_out(o, a); }, special_i1e(a)},
      {[&](Tensor& o) -> Tensor& { return special_ndtr_out(o, a); }, special_ndtr(a)},
      {[&](Tensor& o) -> Tensor& { return special_ndtri_out(o, a); }, special_ndtri(a)},
      {[&](Tensor& o) -> Tensor& { return special_log_ndtr_out(o, a); }, special_log_ndtr(a)},
      {[&](Tensor& o) -> Tensor& { return special_erfcx_out(o, a); }, special_erfcx(a)},
      {[&](Tensor& o) -> Tensor& { return special_entr_out(o, a); }, special_entr(a)},
      {[&](Tensor& o) -> Tensor& { return special_expit_out(o, a); }, special_expit(a)},
      {[&](Tensor& o) -> Tensor& { return special_exp2_out(o, a); }, special_exp2(a)},
      {[&](Tensor& o) -> Tensor& { return special_expm1_out(o, a); }, special_expm1(a)},
      {[&](Tensor& o) -> Tensor& { return special_log1p_out(o, a); }, special_log1p(a)},
      {[&](Tensor& o) -> Tensor& { return special_erf_out(o, a); }, special_erf(a)},
      {[&](Tensor& o) -> Tensor& { return special_erfc_out(o, a); }, special_erfc(a)},
      {[&](Tensor& o) -> Tensor& { return special_erfinv_out(o, a); }, special_erfinv(a)},
      {[&](Tensor& o) -> Tensor& { return special_gammaln_out(o, a); }, special_gammaln(a)},
      {[&](Tensor& o) -> Tensor& { return special_digamma_out(o, a); }, special_digamma(a)},
      {[&](Tensor& o) -> Tensor& { return special_psi_out(o, a); }, special_psi(a)},
      {[&](Tensor& o) -> Tensor& { return special_sinc_out(o, a); }, special_sinc(a)},
      {[&](Tensor& o) -> Tensor& { return arccosh_out(o, a + 1); }, arccosh(a + 1)},
  });
}

TEST(OutForms, OtherPointwiseForms2) {
  const Inputs i;
  const Tensor& a = i.a;
  const Tensor& b = i.b;
  expect_all({
      {[&](Tensor& o) -> Tensor& { return logit_out(o, a, 0.3); }, logit(a, 0.3)},
      {[&](Tensor& o) -> Tensor& { return special_logit_out(o, a, 0.3); }, special_logit(a, 0.3)},
      {[&](Tensor& o) -> Tensor& { return nan_to_num_out(o, a, 1, 2, 3); }, nan_to_num(a, 1, 2, 3)},
      {[&](Tensor& o) -> Tensor& { return polygamma_out(o, 1, a); }, polygamma(1, a)},
      {[&](Tensor& o) -> Tensor& { return special_polygamma_out(o, 1, a); }, special_polygamma(1, a)},
      {[&](Tensor& o) -> Tensor& { return mvlgamma_out(o, a + 2, 3); }, mvlgamma(a + 2, 3)},
      {[&](Tensor& o) -> Tensor& { return special_multigammaln_out(o, a + 2, 3); }, special_multigammaln(a + 2, 3)},
      {[&](Tensor& o) -> Tensor& { return special_round_out(o, a * 9, 1); }, special_round(a * 9, 1)},
      {[&](Tensor& o) -> Tensor& { return multiply_out(o, a, b); }, multiply(a, b)},
      {[&](Tensor& o) -> Tensor& { return divide_out(o, a, b); }, divide(a, b)},
      {[&](Tensor& o) -> Tensor& { return true_divide_out(o, a, b); }, true_divide(a, b)},
      {[&](Tensor& o) -> Tensor& { return subtract_out(o, a, b); }, subtract(a, b)},
      {[&](Tensor& o) -> Tensor& { return arctan2_out(o, a, b); }, arctan2(a, b)},
      {[&](Tensor& o) -> Tensor& { return logaddexp_out(o, a, b); }, logaddexp(a, b)},
      {[&](Tensor& o) -> Tensor& { return logaddexp2_out(o, a, b); }, logaddexp2(a, b)},
      {[&](Tensor& o) -> Tensor& { return copysign_out(o, a, b); }, copysign(a, b)},
      {[&](Tensor& o) -> Tensor& { return nextafter_out(o, a, b); }, nextafter(a, b)},
      {[&](Tensor& o) -> Tensor& { return ldexp_out(o, a, b); }, ldexp(a, b)},
  });
}

TEST(OutForms, OtherPointwiseForms3) {
  const Inputs i;
  const Tensor& a = i.a;
  const Tensor& b = i.b;
  const Tensor& n = i.n;
  expect_all({
      {[&](Tensor& o) -> Tensor& { return xlogy_out(o, a, b); }, xlogy(a, b)},
      {[&](Tensor& o) -> Tensor& { return special_xlogy_out(o, a, b); }, special_xlogy(a, b)},
      {[&](Tensor& o) -> Tensor& { return special_xlog1py_out(o, a, b); }, special_xlog1py(a, b)},
      {[&](Tensor& o) -> Tensor& { return not_equal_out(o, a, b); }, not_equal(a, b)},
      {[&](Tensor& o) -> Tensor& { return less_out(o, a, b); }, less(a, b)},
      {[&](Tensor& o) -> Tensor& { return less_equal_out(o, a, b); }, less_equal(a, b)},
      {[&](Tensor& o) -> Tensor& { return greater_out(o, a, b); }, greater(a, b)},
      {[&](Tensor& o) -> Tensor& { return greater_equal_out(o, a, b); }, greater_equal(a, b)},
      {[&](Tensor& o) -> Tensor& { return heaviside_out(o, a, b); }, heaviside(a, b)},
      {[&](Tensor& o) -> Tensor& { return float_power_out(o, b, a); }, float_power(b, a)},
      {[&](Tensor& o) -> Tensor& { return special_zeta_out(o, a + 1, b); }, special_zeta(a + 1, b)},
      {[&](Tensor& o) -> Tensor& { return gcd_out(o, n, n + 2); }, gcd(n, n + 2)},
      {[&](Tensor& o) -> Tensor& { return lcm_out(o, n, n + 2); }, lcm(n, n + 2)},
      {[&](Tensor& o) -> Tensor& { return bitwise_left_shift_out(o, n, n - 2); }, bitwise_left_shift(n, n - 2)},
      {[&](Tensor& o) -> Tensor& { return bitwise_right_shift_out(o, n, n - 2); }, bitwise_right_shift(n, n - 2)},
      {[&](Tensor& o) -> Tensor& { return copysign_out(o, a, 0.5); }, copysign(a, 0.5)},
      {[&](Tensor& o) -> Tensor& { return xlogy_out(o, a, 0.5); }, xlogy(a, 0.5)},
      {[&](Tensor& o) -> Tensor& { return special_xlogy_out(o, a, 0.5); }, special_xlogy(a, 0.5)},
  });
}

TEST(OutForms, OtherPointwiseForms4) {
  const Inputs i;
  const Tensor& a = i.a;
  const Tensor& b = i.b;
  expect_all({
      {[&](Tensor& o) -> Tensor& { return special_xlog1py_out(o, a, 0.5); }, special_xlog1py(a, 0.5)},
      {[&](Tensor& o) -> Tensor& { return not_equal_out(o, a, 0.5); }, not_equal(a, 0.5)},
      {[&](Tensor& o) -> Tensor& { return less_out(o, a, 0.5); }, less(a, 0.5)},
      {[&](Tensor& o) -> Tensor& { return less_equal_out(o, a, 0.5); }, less_equal(a, 0.5)},
      {[&](Tensor& o) -> Tensor& { return greater_out(o, a, 0.5); }, greater(a, 0.5)},
      {[&](Tensor& o) -> Tensor& { return greater_equal_out(o, a, 0.5); }, greater_equal(a, 0.5)},
      {[&](Tensor& o) -> Tensor& { return xlogy_out(o, 0.5, a); }, xlogy(0.5, a)},
      {[&](Tensor& o) -> Tensor& { return special_xlogy_out(o, 0.5, a); }, special_xlogy(0.5, a)},
      {[&](Tensor& o) -> Tensor& { return special_xlog1py_out(o, 0.5, a); }, special_xlog1py(0.5, a)},
      {[&](Tensor& o) -> Tensor& { return special_zeta_out(o, 2.5, a); }, special_zeta(2.5, a)},
      {[&](Tensor& o) -> Tensor& { return special_zeta_out(o, a + 1, 0.5); }, special_zeta(a + 1, 0.5)},
      {[&](Tensor& o) -> Tensor& { return float_power_out(o, b, 2); }, float_power(b, 2)},
      {[&](Tensor& o) -> Tensor& { return float_power_out(o, 2, a); }, float_power(2, a)},
      {[&](Tensor& o) -> Tensor& { return clamp_max_out(o, a, 0.5); }, clamp_max(a, 0.5)},
      {[&](Tensor& o) -> Tensor& { return clamp_max_out(o, a, b); }, clamp_max(a, b)},
      {[&](Tensor& o) -> Tensor& { return clamp_min_out(o, a, 0.5); }, clamp_min(a, 0.5)},
      {[&](Tensor& o) -> Tensor& { return clamp_min_out(o, a, b); }, clamp_min(a, b)},
      {[&](Tensor& o) -> Tensor& { return clip_out(o, a, 0.3, 0.7); }, clip(a, 0.3, 0.7)},
  });
}

TEST(OutForms, OtherPointwiseForms5) {
  const Inputs i;
  const Tensor& a = i.a;
  const Tensor& b = i.b;
  expect_all({
      {[&](Tensor& o) -> Tensor& { return lerp_out(o, a, b, 0.3); }, lerp(a, b, 0.3)},
  });
}

TEST(OutForms, ActivationsAndLosses0) {
  const Inputs i;
  const Tensor& a = i.a;
  const Tensor& b = i.b;
  expect_all({
      {[&](Tensor& o) -> Tensor& { return elu_out(o, a, 0.5); }, elu(a, 0.5)},
      {[&](Tensor& o) -> Tensor& { return gelu_out(o, a, "tanh"); }, gelu(a, "tanh")},
      {[&](Tensor& o) -> Tensor& { return glu_out(o, b.t(), 1); }, glu(b.t(), 1)},
      {[&](Tensor& o) -> Tensor& { return silu_out(o, a); }, silu(a)},
      {[&](Tensor& o) -> Tensor& { return mish_out(o, a); }, mish(a)},
      {[&](Tensor& o) -> Tensor& { return softplus_out(o, a, 2, 4); }, softplus(a, 2, 4)},
      {[&](Tensor& o) -> Tensor& { return softshrink_out(o, a, 0.4); }, softshrink(a, 0.4)},
      {[&](Tensor& o) -> Tensor& { return hardshrink_out(o, a, 0.4); }, hardshrink(a, 0.4)},
      {[&](Tensor& o) -> Tensor& { return hardsigmoid_out(o, a); }, hardsigmoid(a)},
      {[&](Tensor& o) -> Tensor& { return hardswish_out(o, a); }, hardswish(a)},
      {[&](Tensor& o) -> Tensor& { return hardtanh_out(o, a, 0.3, 0.7); }, hardtanh(a, 0.3, 0.7)},
      {[&](Tensor& o) -> Tensor& { return leaky_relu_out(o, -a, 0.2); }, leaky_relu(-a, 0.2)},
      {[&](Tensor& o) -> Tensor& { return log_sigmoid_out(o, a); }, log_sigmoid(a)},
      {[&](Tensor& o) -> Tensor& { return threshold_out(o, a, 0.4, 9); }, threshold(a, 0.4, 9)},
      {[&](Tensor& o) -> Tensor& { return softmax_out(o, a, 1); }, softmax(a, 1)},
      {[&](Tensor& o) -> Tensor& { return log_softmax_out(o, a, 1); }, log_softmax(a, 1)},
      {[&](Tensor& o) -> Tensor& { return special_softmax_out(o, a, 1); }, special_softmax(a, 1)},
      {[&](Tensor& o) -> Tensor& { return special_log_softmax_out(o, a, 1); }, special_log_softmax(a, 1)},
  });
}

TEST(OutForms, ActivationsAndLosses1) {
  const Inputs i;
  const Tensor& a = i.a;
  const Tensor& b = i.b;
  expect_all({
      {[&](Tensor& o) -> Tensor& { return mse_loss_out(o, a, b, Reduction::Sum); }, mse_loss(a, b, Reduction::Sum)},
      {[&](Tensor& o) -> Tensor& { return smooth_l1_loss_out(o, a, b, Reduction::None, 0.1); },
       smooth_l1_loss(a, b, Reduction::None, 0.1)},
      {[&](Tensor& o) -> Tensor& { return huber_loss_out(o, a, b, Reduction::Sum, 0.1); },
       huber_loss(a, b, Reduction::Sum, 0.1)},
      {[&](Tensor& o) -> Tensor& { return soft_margin_loss_out(o, a, b, Reduction::None); },
       soft_margin_loss(a, b, Reduction::None)},
      {[&](Tensor& o) -> Tensor& { return binary_cross_entropy_out(o, a, b, {}, Reduction::None); },
       binary_cross_entropy(a, b, {}, Reduction::None)},
      {[&](Tensor& o) -> Tensor& { return nll_loss_out(o, a, i.at, {}, Reduction::None); },
       nll_loss(a, i.at, {}, Reduction::None)},
  });
}

TEST(OutForms, OtherProducts) {
  const Inputs i;
  const Tensor& a = i.a;
  const Tensor& b = i.b;
  const Tensor& gram = i.gram;
  const Tensor& v = i.v;
  expect_all({
      {[&](Tensor& o) -> Tensor& { return cross_out(o, outer(v, v), outer(v + 1, v * v), 0); },
       cross(outer(v, v), outer(v + 1, v * v), 0)},
      {[&](Tensor& o) -> Tensor& { return kron_out(o, a, b); }, kron(a, b)},
      {[&](Tensor& o) -> Tensor& { return inner_out(o, a, b); }, inner(a, b)},
      {[&](Tensor& o) -> Tensor& { return vdot_out(o, v, v); }, vdot(v, v)},
      {[&](Tensor& o) -> Tensor& { return ger_out(o, v, v); }, ger(v, v)},
      {[&](Tensor& o) -> Tensor& { return addr_out(o, i.square, v, v, 0.5, 2); }, addr(i.square, v, v, 0.5, 2)},
      {[&](Tensor& o) -> Tensor& { return addbmm_out(o, gram, a.unsqueeze(0), b.t().unsqueeze(0), 0.5, 2); },
       addbmm(gram, a.unsqueeze(0), b.t().unsqueeze(0), 0.5, 2)},
      {[&](Tensor& o) -> Tensor& { return tensordot_out(o, a, b, {1}, {1}); }, tensordot(a, b, {1}, {1})},
      {[&](Tensor& o) -> Tensor& {
         return chain_matmul_out(o, {a, b.t(), a});
       },
       chain_matmul({a, b.t(), a})},
      {[&](Tensor& o) -> Tensor& { return linear_out(o, a, b); }, linear(a, b)},
  });
}

TEST(OutForms, OtherReductions0) {
  const Inputs i;
  const Tensor& a = i.a;
  const Tensor& b = i.b;
  expect_all({
      {[&](Tensor& o) -> Tensor& { return norm_out(o, a, 3, 1); }, norm(a, 3, 1)},
      {[&](Tensor& o) -> Tensor& { return std_out(o, a, 1); }, gradus::std(a, 1)},
      {[&](Tensor& o) -> Tensor& { return std_out(o, a, 1, std::optional<Scalar>(0)); },
       gradus::std(a, 1, std::optional<Scalar>(0))},
      {[&](Tensor& o) -> Tensor& { return var_out(o, a, 1); }, var(a, 1)},
      {[&](Tensor& o) -> Tensor& { return var_out(o, a, 1, std::optional<Scalar>(0)); },
       var(a, 1, std::optional<Scalar>(0))},
      {[&](Tensor& o) -> Tensor& { return all_out(o, a > 0.4); }, all(a > 0.4)},
      {[&](Tensor& o) -> Tensor& { return all_out(o, a > 0.4, 1); }, all(a > 0.4, 1)},
      {[&](Tensor& o) -> Tensor& { return any_out(o, a > 0.4); }, any(a > 0.4)},
      {[&](Tensor& o) -> Tensor& { return any_out(o, a > 0.4, 1); }, any(a > 0.4, 1)},
      {[&](Tensor& o) -> Tensor& { return nansum_out(o, a, 1); }, nansum(a, 1)},
      {[&](Tensor& o) -> Tensor& { return nanmean_out(o, a, 1); }, nanmean(a, 1)},
      {[&](Tensor& o) -> Tensor& { return quantile_out(o, a, 0.4, 1); }, quantile(a, 0.4, 1)},
      {[&](Tensor& o) -> Tensor& { return nanquantile_out(o, a, 0.4, 1); }, nanquantile(a, 0.4, 1)},
      {[&](Tensor& o) -> Tensor& { return count_nonzero_out(o, a > 0.4, 1); }, count_nonzero(a > 0.4, 1)},
      {[&](Tensor& o) -> Tensor& { return special_logsumexp_out(o, a, 1); }, special_logsumexp(a, 1)},
      {[&](Tensor& o) -> Tensor& { return max_out(o, a, b); }, (max)(a, b)},
      {[&](Tensor& o) -> Tensor& { return min_out(o, a, b); }, (min)(a, b)},
      {[&](Tensor& o) -> Tensor& { return logcumsumexp_out(o, a, 1); }, logcumsumexp(a, 1)},
  });
}

TEST(OutForms, OtherReductions1) {
  const Inputs i;
  const Tensor& a = i.a;
  const Tensor& b = i.b;
  const Tensor& n = i.n;
  expect_all({
      {[&](Tensor& o) -> Tensor& { return dist_out(o, a, b, 3); }, dist(a, b, 3)},
      {[&](Tensor& o) -> Tensor& { return renorm_out(o, a, 2, 0, 0.5); }, renorm(a, 2, 0, 0.5)},
      {[&](Tensor& o) -> Tensor& { return histc_out(o, a, 4, 0, 1); }, histc(a, 4, 0, 1)},
      {[&](Tensor& o) -> Tensor& { return bincount_out(o, n); }, bincount(n)},
  });
}

TEST(OutForms, Moved0) {
  const Inputs i;
  const Tensor& a = i.a;
  const Tensor& b = i.b;
  const Tensor& v = i.v;
  expect_all({
      {[&](Tensor& o) -> Tensor& { return diff_out(o, a); }, diff(a)},
      {[&](Tensor& o) -> Tensor& { return argsort_out(o, a, 1); }, argsort(a, 1)},
      {[&](Tensor& o) -> Tensor& { return msort_out(o, a); }, msort(a)},
      {[&](Tensor& o) -> Tensor& { return diag_out(o, v); }, diag(v)},
      {[&](Tensor& o) -> Tensor& { return diag_embed_out(o, a); }, diag_embed(a)},
      {[&](Tensor& o) -> Tensor& { return flip_out(o, a, 1); }, flip(a, 1)},
      {[&](Tensor& o) -> Tensor& { return roll_out(o, a, 1, 1); }, roll(a, 1, 1)},
      {[&](Tensor& o) -> Tensor& {
         return repeat_out(o, a, {2, 1});
       },
       repeat(a, {2, 1})},
      {[&](Tensor& o) -> Tensor& { return narrow_copy_out(o, a, 1, 1, 2); }, narrow_copy(a, 1, 1, 2)},
      {[&](Tensor& o) -> Tensor& { return take_out(o, a, i.at); }, take(a, i.at)},
      {[&](Tensor& o) -> Tensor& { return take_along_dim_out(o, a, i.at.unsqueeze(1), 1); },
       take_along_dim(a, i.at.unsqueeze(1), 1)},
      {[&](Tensor& o) -> Tensor& { return index_add_out(o, a, 0, i.at, b, 2); }, index_add(a, 0, i.at, b, 2)},
      {[&](Tensor& o) -> Tensor& { return index_copy_out(o, a, 0, i.at, b); }, index_copy(a, 0, i.at, b)},
      {[&](Tensor& o) -> Tensor& { return index_reduce_out(o, a, 0, i.at, b, "prod"); },
       index_reduce(a, 0, i.at, b, "prod")},
      {[&](Tensor& o) -> Tensor& { return scatter_out(o, a, 0, i.at.unsqueeze(0), b); },
       scatter(a, 0, i.at.unsqueeze(0), b)},
      {[&](Tensor& o) -> Tensor& { return scatter_out(o, a, 0, i.at.unsqueeze(0), 5); },
       scatter(a, 0, i.at.unsqueeze(0), 5)},
      {[&](Tensor& o) -> Tensor& { return scatter_out(o, a, 0, i.at.unsqueeze(0), b, "add"); },
       scatter(a, 0, i.at.unsqueeze(0), b, "add")},
      {[&](Tensor& o) -> Tensor& { return scatter_add_out(o, a, 0, i.at.unsqueeze(0), b); },
       scatter_add(a, 0, i.at.unsqueeze(0), b)},
  });
}

TEST(OutForms, Moved1) {
  const Inputs i;
  const Tensor& a = i.a;
  const Tensor& b = i.b;
  const Tensor& v = i.v;
  expect_all({
      {[&](Tensor& o) -> Tensor& { return scatter_reduce_out(o, a, 0, i.at.unsqueeze(0), b, "amax"); },
       scatter_reduce(a, 0, i.at.unsqueeze(0), b, "amax")},
      {[&](Tensor& o) -> Tensor& { return masked_fill_out(o, a, a > 0.4, 2); }, masked_fill(a, a > 0.4, 2)},
      {[&](Tensor& o) -> Tensor& {
         return column_stack_out(o, {a, b});
       },
       column_stack({a, b})},
      {[&](Tensor& o) -> Tensor& {
         return hstack_out(o, {a, b});
       },
       hstack({a, b})},
      {[&](Tensor& o) -> Tensor& {
         return vstack_out(o, {a, b});
       },
       vstack({a, b})},
      {[&](Tensor& o) -> Tensor& {
         return dstack_out(o, {a, b});
       },
       dstack({a, b})},
      {[&](Tensor& o) -> Tensor& {
         return row_stack_out(o, {a, b});
       },
       row_stack({a, b})},
      {[&](Tensor& o) -> Tensor& {
         return concat_out(o, {a, b}, 1);
       },
       concat({a, b}, 1)},
      {[&](Tensor& o) -> Tensor& {
         return concatenate_out(o, {a, b}, 1);
       },
       concatenate({a, b}, 1)},
      {[&](Tensor& o) -> Tensor& { return isin_out(o, a, b); }, isin(a, b)},
      {[&](Tensor& o) -> Tensor& { return bucketize_out(o, a, v); }, bucketize(a, v)},
      {[&](Tensor& o) -> Tensor& {
         return constant_pad_nd_out(o, a, {1, 2}, 5);
       },
       constant_pad_nd(a, {1, 2}, 5)},
      {[&](Tensor& o) -> Tensor& {
         return reflection_pad1d_out(o, a, {1, 2});
       },
       reflection_pad1d(a, {1, 2})},
      {[&](Tensor& o) -> Tensor& { return poisson_out(o, a * 0); }, poisson(a * 0)},
  });
}

// The same of two results.
struct FormOfTwo {
  std::function<std::tuple<Tensor&, Tensor&>(Tensor&, Tensor&)> f;
  std::tuple<Tensor, Tensor> want;
};

TEST(OutForms, TwoResults) {
  const Inputs i;
  const Tensor& a = i.a;
  const std::vector<FormOfTwo> forms = {
      {[&](Tensor& o, Tensor& p) { return max_out(o, p, a, 1); }, (max)(a, 1)},
      {[&](Tensor& o, Tensor& p) { return min_out(o, p, a, 1); }, (min)(a, 1)},
      {[&](Tensor& o, Tensor& p) { return median_out(o, p, a, 1); }, median(a, 1)},
      {[&](Tensor& o, Tensor& p) { return nanmedian_out(o, p, a, 1); }, nanmedian(a, 1)},
      {[&](Tensor& o, Tensor& p) { return mode_out(o, p, a, 1); }, mode(a, 1)},
      {[&](Tensor& o, Tensor& p) { return kthvalue_out(o, p, a, 2, 1); }, kthvalue(a, 2, 1)},
      {[&](Tensor& o, Tensor& p) { return cummax_out(o, p, a, 1); }, cummax(a, 1)},
      {[&](Tensor& o, Tensor& p) { return cummin_out(o, p, a, 1); }, cummin(a, 1)},
      {[&](Tensor& o, Tensor& p) { return aminmax_out(o, p, a, 1); }, aminmax(a, 1)},
      {[&](Tensor& o, Tensor& p) { return sort_out(o, p, a, 1, true); }, sort(a, 1, true)},
      {[&](Tensor& o, Tensor& p) { return sort_out(o, p, a, true, 1, true); }, sort(a, true, 1, true)},
      {[&](Tensor& o, Tensor& p) { return topk_out(o, p, a, 2, 1); }, topk(a, 2, 1)},
      {[&](Tensor& o, Tensor& p) { return frexp_out(o, p, a); }, frexp(a)},
  };
  for (size_t k = 0; k < forms.size(); ++k) {
    const auto& [y, z] = forms[k].want;
    Tensor o = empty({0}, y.scalar_type()), p = empty({0}, z.scalar_type());
    const auto got = forms[k].f(o, p);
    EXPECT_TRUE(std::get<0>(got).is_same(o) && std::get<1>(got).is_same(p)) << k;
    EXPECT_TRUE(equal(o, y) && equal(p, z)) << "form " << k;
    Tensor wrong = empty({0}, kBool);
    EXPECT_NE(error_of([&] { forms[k].f(o, wrong); }).find("Expected out tensor to have dtype"), std::string::npos);
  }
}

TEST(OutForms, NewTensors) {
  Tensor out = empty({0}, kDouble);
  EXPECT_TRUE(equal(zeros_out(out, {2, 3}), zeros({2, 3}, kDouble)));
  EXPECT_TRUE(equal(ones_out(out, {2, 3}), ones({2, 3}, kDouble)));
  EXPECT_TRUE(equal(full_out(out, {2, 3}, 7), full({2, 3}, 7, kDouble)));
  EXPECT_TRUE(equal(eye_out(out, 3), eye(3, kDouble)));
  EXPECT_TRUE(equal(eye_out(out, 2, 4), eye(2, 4, kDouble)));
  EXPECT_TRUE(equal(arange_out(out, 4), arange(4, kDouble)));
  EXPECT_TRUE(equal(arange_out(out, 1, 4, 0.5), arange(1, 4, 0.5, kDouble)));
  EXPECT_TRUE(equal(range_out(out, 1, 4), range(1, 4, kDouble)));
  EXPECT_TRUE(equal(linspace_out(out, 1, 4, 7), linspace(1, 4, 7, kDouble)));
  EXPECT_TRUE(equal(logspace_out(out, 1, 4, 7, 2), logspace(1, 4, 7, 2, kDouble)));
  EXPECT_NE(error_of([] {
              Tensor none;
              zeros_out(none, {2});
            }).find("zeros: expected a tensor for out, but got an undefined one"),
            std::string::npos);
}

TEST(OutForms, RandomTensors) {
  Tensor out = empty({0}, kDouble), whole = empty({0}, kLong), p = full({4}, 0.5, kDouble);
  const Generator seven(7);
  EXPECT_TRUE(equal(rand_out(out, {5}, seven.clone()), rand({5}, seven.clone(), kDouble)));
  EXPECT_TRUE(equal(randn_out(out, {5}, seven.clone()), randn({5}, seven.clone(), kDouble)));
  EXPECT_TRUE(equal(randint_out(out, 3, 9, {5}, seven.clone()), randint(3, 9, {5}, seven.clone(), kDouble)));
  EXPECT_TRUE(equal(randperm_out(whole, 5, seven.clone()), randperm(5, seven.clone())));
  EXPECT_TRUE(equal(normal_out(out, 1, 2, {5}, seven.clone()), normal(1, 2, {5}, seven.clone(), kDouble)));
  EXPECT_TRUE(equal(normal_out(out, p, 2, seven.clone()), normal(p, 2, seven.clone())));
  EXPECT_TRUE(equal(normal_out(out, p, p, seven.clone()), normal(p, p, seven.clone())));
  EXPECT_TRUE(equal(bernoulli_out(out, p, seven.clone()), bernoulli(p, seven.clone())));
  EXPECT_TRUE(equal(multinomial_out(whole, p, 3, true, seven.clone()), multinomial(p, 3, true, seven.clone())));
  manual_seed(7);
  randint_out(out, 9, {5});
  manual_seed(7);
  EXPECT_TRUE(equal(out, randint(9, {5}, kDouble)));
}

}  // namespace
