#include "gradus/autograd/ops/aliases.h"

namespace gradus {

Tensor TensorMethods::absolute() const { return itself().abs(); }
Tensor& TensorMethods::absolute_() const { return itself().abs_(); }
Tensor TensorMethods::negative() const { return itself().neg(); }
Tensor& TensorMethods::negative_() const { return itself().neg_(); }
Tensor TensorMethods::multiply(const Tensor& other) const { return itself().mul(other); }
Tensor TensorMethods::multiply(const Scalar& other) const { return itself().mul(other); }
Tensor& TensorMethods::multiply_(const Tensor& other) const { return itself().mul_(other); }
Tensor& TensorMethods::multiply_(const Scalar& other) const { return itself().mul_(other); }
Tensor TensorMethods::subtract(const Tensor& other, const Scalar& alpha) const { return itself().sub(other, alpha); }
Tensor TensorMethods::subtract(const Scalar& other, const Scalar& alpha) const { return itself().sub(other, alpha); }
Tensor& TensorMethods::subtract_(const Tensor& other, const Scalar& alpha) const { return itself().sub_(other, alpha); }
Tensor& TensorMethods::subtract_(const Scalar& other, const Scalar& alpha) const { return itself().sub_(other, alpha); }
Tensor TensorMethods::divide(const Tensor& other) const { return itself().div(other); }
Tensor TensorMethods::divide(const Scalar& other) const { return itself().div(other); }
Tensor TensorMethods::divide(const Tensor& other, std::optional<std::string_view> rounding_mode) const {
  return itself().div(other, rounding_mode);
}
Tensor TensorMethods::divide(const Scalar& other, std::optional<std::string_view> rounding_mode) const {
  return itself().div(other, rounding_mode);
}
Tensor& TensorMethods::divide_(const Tensor& other) const { return itself().div_(other); }
Tensor& TensorMethods::divide_(const Scalar& other) const { return itself().div_(other); }
Tensor& TensorMethods::divide_(const Tensor& other, std::optional<std::string_view> rounding_mode) const {
  return itself().div_(other, rounding_mode);
}
Tensor& TensorMethods::divide_(const Scalar& other, std::optional<std::string_view> rounding_mode) const {
  return itself().div_(other, rounding_mode);
}
Tensor TensorMethods::true_divide(const Tensor& other) const { return itself().div(other); }
Tensor TensorMethods::true_divide(const Scalar& other) const { return itself().div(other); }
Tensor& TensorMethods::true_divide_(const Tensor& other) const { return itself().div_(other); }
Tensor& TensorMethods::true_divide_(const Scalar& other) const { return itself().div_(other); }
Tensor TensorMethods::not_equal(const Scalar& other) const { return itself().ne(other); }
Tensor TensorMethods::not_equal(const Tensor& other) const { return itself().ne(other); }
Tensor& TensorMethods::not_equal_(const Scalar& other) const { return itself().ne_(other); }
Tensor& TensorMethods::not_equal_(const Tensor& other) const { return itself().ne_(other); }
Tensor TensorMethods::less(const Scalar& other) const { return itself().lt(other); }
Tensor TensorMethods::less(const Tensor& other) const { return itself().lt(other); }
Tensor& TensorMethods::less_(const Scalar& other) const { return itself().lt_(other); }
Tensor& TensorMethods::less_(const Tensor& other) const { return itself().lt_(other); }
Tensor TensorMethods::less_equal(const Scalar& other) const { return itself().le(other); }
Tensor TensorMethods::less_equal(const Tensor& other) const { return itself().le(other); }
Tensor& TensorMethods::less_equal_(const Scalar& other) const { return itself().le_(other); }
Tensor& TensorMethods::less_equal_(const Tensor& other) const { return itself().le_(other); }
Tensor TensorMethods::greater(const Scalar& other) const { return itself().gt(other); }
Tensor TensorMethods::greater(const Tensor& other) const { return itself().gt(other); }
Tensor& TensorMethods::greater_(const Scalar& other) const { return itself().gt_(other); }
Tensor& TensorMethods::greater_(const Tensor& other) const { return itself().gt_(other); }
Tensor TensorMethods::greater_equal(const Scalar& other) const { return itself().ge(other); }
Tensor TensorMethods::greater_equal(const Tensor& other) const { return itself().ge(other); }
Tensor& TensorMethods::greater_equal_(const Scalar& other) const { return itself().ge_(other); }
Tensor& TensorMethods::greater_equal_(const Tensor& other) const { return itself().ge_(other); }
Tensor Tensor::clip(const std::optional<Scalar>& min, const std::optional<Scalar>& max) const {
  return clamp(min, max);
}
Tensor Tensor::clip(const std::optional<Tensor>& min, const std::optional<Tensor>& max) const {
  return clamp(min, max);
}
Tensor& Tensor::clip_(const std::optional<Scalar>& min, const std::optional<Scalar>& max) const {
  return clamp_(min, max);
}
Tensor& Tensor::clip_(const std::optional<Tensor>& min, const std::optional<Tensor>& max) const {
  return clamp_(min, max);
}
Tensor TensorMethods::fix() const { return itself().trunc(); }
Tensor& TensorMethods::fix_() const { return itself().trunc_(); }
Tensor TensorMethods::arccos() const { return itself().acos(); }
Tensor& TensorMethods::arccos_() const { return itself().acos_(); }
Tensor TensorMethods::arcsin() const { return itself().asin(); }
Tensor& TensorMethods::arcsin_() const { return itself().asin_(); }
Tensor TensorMethods::arctan() const { return itself().atan(); }
Tensor& TensorMethods::arctan_() const { return itself().atan_(); }
Tensor TensorMethods::arccosh() const { return itself().acosh(); }
Tensor& TensorMethods::arccosh_() const { return itself().acosh_(); }
Tensor TensorMethods::arcsinh() const { return itself().asinh(); }
Tensor& TensorMethods::arcsinh_() const { return itself().asinh_(); }
Tensor TensorMethods::arctanh() const { return itself().atanh(); }
Tensor& TensorMethods::arctanh_() const { return itself().atanh_(); }
Tensor TensorMethods::arctan2(const Tensor& other) const { return itself().atan2(other); }
Tensor& TensorMethods::arctan2_(const Tensor& other) const { return itself().atan2_(other); }
Tensor TensorMethods::positive() const { return gradus::positive(itself()); }

}  // namespace gradus
