// torch::special: names with the prefix special_, and in the namespace without it.
#pragma once
#include "gradus/autograd/ops/activation.h"
#include "gradus/autograd/ops/elementary.h"
#include "gradus/autograd/ops/reduce.h"
#include "gradus/autograd/ops/softmax.h"
#include "gradus/autograd/ops/special.h"
#include "gradus/autograd/ops/special_functions.h"

namespace gradus {

inline Tensor special_expit(const Tensor& x) { return sigmoid(x); }
inline Tensor special_exp2(const Tensor& x) { return exp2(x); }
inline Tensor special_expm1(const Tensor& x) { return expm1(x); }
inline Tensor special_log1p(const Tensor& x) { return log1p(x); }
inline Tensor special_erf(const Tensor& x) { return erf(x); }
inline Tensor special_erfc(const Tensor& x) { return erfc(x); }
inline Tensor special_erfinv(const Tensor& x) { return erfinv(x); }
inline Tensor special_gammaln(const Tensor& x) { return lgamma(x); }
inline Tensor special_digamma(const Tensor& x) { return digamma(x); }
inline Tensor special_psi(const Tensor& x) { return digamma(x); }
inline Tensor special_sinc(const Tensor& x) { return sinc(x); }
inline Tensor special_i0(const Tensor& x) { return i0(x); }
inline Tensor special_logit(const Tensor& x, std::optional<double> eps = std::nullopt) { return logit(x, eps); }
inline Tensor special_xlogy(const Tensor& a, const Tensor& b) { return xlogy(a, b); }
inline Tensor special_xlogy(const Tensor& a, const Scalar& b) { return xlogy(a, b); }
inline Tensor special_xlogy(const Scalar& a, const Tensor& b) { return xlogy(a, b); }
inline Tensor special_polygamma(int64_t n, const Tensor& x) { return polygamma(n, x); }
inline Tensor special_multigammaln(const Tensor& x, int64_t p) { return mvlgamma(x, p); }
inline Tensor special_round(const Tensor& x, int64_t decimals = 0) { return round(x, decimals); }
inline Tensor special_logsumexp(const Tensor& x, IntArrayRef dim, bool keepdim = false) {
  return logsumexp(x, dim, keepdim);
}
inline Tensor special_softmax(const Tensor& x, int64_t dim, std::optional<ScalarType> dtype = std::nullopt) {
  return softmax(x, dim, dtype);
}
inline Tensor special_log_softmax(const Tensor& x, int64_t dim, std::optional<ScalarType> dtype = std::nullopt) {
  return log_softmax(x, dim, dtype);
}

namespace special {

using gradus::digamma;
using gradus::erf;
using gradus::erfc;
using gradus::erfinv;
using gradus::exp2;
using gradus::expm1;
using gradus::i0;
using gradus::log1p;
using gradus::log_softmax;
using gradus::logit;
using gradus::logsumexp;
using gradus::polygamma;
using gradus::round;
using gradus::sinc;
using gradus::softmax;
using gradus::xlogy;

inline Tensor expit(const Tensor& x) { return sigmoid(x); }
inline Tensor gammaln(const Tensor& x) { return lgamma(x); }
inline Tensor psi(const Tensor& x) { return digamma(x); }
inline Tensor i0e(const Tensor& x) { return special_i0e(x); }
inline Tensor i1(const Tensor& x) { return special_i1(x); }
inline Tensor i1e(const Tensor& x) { return special_i1e(x); }
inline Tensor ndtr(const Tensor& x) { return special_ndtr(x); }
inline Tensor ndtri(const Tensor& x) { return special_ndtri(x); }
inline Tensor log_ndtr(const Tensor& x) { return special_log_ndtr(x); }
inline Tensor erfcx(const Tensor& x) { return special_erfcx(x); }
inline Tensor entr(const Tensor& x) { return special_entr(x); }
inline Tensor multigammaln(const Tensor& x, int64_t p) { return mvlgamma(x, p); }
inline Tensor xlog1py(const Tensor& a, const Tensor& b) { return special_xlog1py(a, b); }
inline Tensor xlog1py(const Tensor& a, const Scalar& b) { return special_xlog1py(a, b); }
inline Tensor xlog1py(const Scalar& a, const Tensor& b) { return special_xlog1py(a, b); }
inline Tensor zeta(const Tensor& a, const Tensor& b) { return special_zeta(a, b); }
inline Tensor zeta(const Tensor& a, const Scalar& b) { return special_zeta(a, b); }
inline Tensor zeta(const Scalar& a, const Tensor& b) { return special_zeta(a, b); }

}  // namespace special
}  // namespace gradus
