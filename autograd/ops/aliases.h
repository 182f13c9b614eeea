// Second names that PyTorch has for some operations.
#pragma once
#include "gradus/autograd/ops/arithmetic.h"
#include "gradus/autograd/ops/compare.h"
#include "gradus/autograd/ops/elementary.h"
#include "gradus/autograd/ops/special.h"

namespace gradus {

inline Tensor absolute(const Tensor& x) { return abs(x); }
inline Tensor negative(const Tensor& x) { return neg(x); }
inline Tensor fix(const Tensor& x) { return trunc(x); }
inline Tensor arccos(const Tensor& x) { return acos(x); }
inline Tensor arcsin(const Tensor& x) { return asin(x); }
inline Tensor arctan(const Tensor& x) { return atan(x); }
inline Tensor arccosh(const Tensor& x) { return acosh(x); }
inline Tensor arcsinh(const Tensor& x) { return asinh(x); }
inline Tensor arctanh(const Tensor& x) { return atanh(x); }
inline Tensor multiply(const Tensor& a, const Tensor& b) { return mul(a, b); }
inline Tensor multiply(const Tensor& a, const Scalar& b) { return mul(a, b); }
inline Tensor true_divide(const Tensor& a, const Tensor& b) { return div(a, b); }
inline Tensor true_divide(const Tensor& a, const Scalar& b) { return div(a, b); }
inline Tensor not_equal(const Tensor& a, const Tensor& b) { return ne(a, b); }
inline Tensor not_equal(const Tensor& a, const Scalar& b) { return ne(a, b); }
inline Tensor less(const Tensor& a, const Tensor& b) { return lt(a, b); }
inline Tensor less(const Tensor& a, const Scalar& b) { return lt(a, b); }
inline Tensor less_equal(const Tensor& a, const Tensor& b) { return le(a, b); }
inline Tensor less_equal(const Tensor& a, const Scalar& b) { return le(a, b); }
inline Tensor greater(const Tensor& a, const Tensor& b) { return gt(a, b); }
inline Tensor greater(const Tensor& a, const Scalar& b) { return gt(a, b); }
inline Tensor greater_equal(const Tensor& a, const Tensor& b) { return ge(a, b); }
inline Tensor greater_equal(const Tensor& a, const Scalar& b) { return ge(a, b); }
inline Tensor subtract(const Tensor& a, const Tensor& b, const Scalar& alpha = 1) { return sub(a, b, alpha); }
inline Tensor divide(const Tensor& a, const Tensor& b) { return div(a, b); }
inline Tensor divide(const Tensor& a, const Tensor& b, std::optional<std::string_view> rounding_mode) {
  return div(a, b, rounding_mode);
}
inline Tensor subtract(const Tensor& a, const Scalar& b, const Scalar& alpha = 1) { return sub(a, b, alpha); }
inline Tensor divide(const Tensor& a, const Scalar& b) { return div(a, b); }
inline Tensor divide(const Tensor& a, const Scalar& b, std::optional<std::string_view> rounding_mode) {
  return div(a, b, rounding_mode);
}
inline Tensor arctan2(const Tensor& a, const Tensor& b) { return atan2(a, b); }
inline Tensor clip(const Tensor& x, const std::optional<Scalar>& min, const std::optional<Scalar>& max = std::nullopt) {
  return clamp(x, min, max);
}
inline Tensor clip(const Tensor& x, const std::optional<Tensor>& min = {}, const std::optional<Tensor>& max = {}) {
  return clamp(x, min, max);
}
inline bool is_floating_point(const Tensor& x) { return x.is_floating_point(); }
inline bool is_complex(const Tensor& x) { return x.is_complex(); }
inline bool is_signed(const Tensor& x) { return x.is_signed(); }
inline bool is_same_size(const Tensor& x, const Tensor& other) { return x.is_same_size(other); }
inline bool is_nonzero(const Tensor& x) { return x.is_nonzero(); }
/// x itself.
inline Tensor positive(const Tensor& x) {
  check(x.scalar_type() != kBool, "The `+` operator, on a bool tensor is not supported.");
  return x;
}

}  // namespace gradus
