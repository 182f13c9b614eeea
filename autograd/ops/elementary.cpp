#include "gradus/autograd/ops/elementary.h"

#include <cmath>
#include <numbers>

#include "gradus/autograd/activated.h"
#include "gradus/autograd/overwrite.h"
#include "gradus/autograd/pointwise.h"

namespace gradus {
namespace {

// x overwritten, as the methods with an underscore return it.
Tensor& in_place(Tensor (*op)(Target), const Tensor& x) {
  op(overwriting(x));
  return const_cast<Tensor&>(x);
}

// Integers are whole already.
template <class F>
Tensor rounded(const char* op, Target t, const F& f) {
  check(t.x.defined(), op, ": expected a tensor, but got an undefined one");
  if (!is_floating(t.x.scalar_type())) return t.in_place ? t.x : t.x.clone();
  return unary(op, t, f, from_grad([](auto g) { return g * 0; }));
}

Tensor exp_op(Target x) {
  return unary(
      "exp", x, [](auto x) { return exp(x); }, from_output([](auto g, auto y) { return g * y; }));
}

Tensor exp2_op(Target x) {
  return unary(
      "exp2", x, [](auto x) { return exp2(x); }, from_output([](auto g, auto y) { return g * y * std::numbers::ln2; }));
}

Tensor expm1_op(Target x) {
  return unary(
      "expm1", x, [](auto x) { return expm1(x); }, from_output([](auto g, auto y) { return g * (y + 1); }));
}

Tensor log_op(Target x) {
  return unary(
      "log", x, [](auto x) { return log(x); }, from_input([](auto g, auto x) { return g / x; }));
}

Tensor log2_op(Target x) {
  return unary(
      "log2", x, [](auto x) { return log2(x); },
      from_input([](auto g, auto x) { return g / (x * std::numbers::ln2); }));
}

Tensor log10_op(Target x) {
  return unary(
      "log10", x, [](auto x) { return log10(x); },
      from_input([](auto g, auto x) { return g / (x * std::numbers::ln10); }));
}

Tensor log1p_op(Target x) {
  return unary(
      "log1p", x, [](auto x) { return log1p(x); }, from_input([](auto g, auto x) { return g / (1 + x); }));
}

Tensor sin_op(Target x) {
  return unary(
      "sin", x, [](auto x) { return sin(x); }, from_input([](auto g, auto x) { return g * cos(x); }));
}

Tensor cos_op(Target x) {
  return unary(
      "cos", x, [](auto x) { return cos(x); }, from_input([](auto g, auto x) { return -g * sin(x); }));
}

Tensor tan_op(Target x) {
  return unary(
      "tan", x, [](auto x) { return tan(x); }, from_output([](auto g, auto y) { return g * (1 + y * y); }));
}

Tensor asin_op(Target x) {
  return unary(
      "asin", x, [](auto x) { return asin(x); }, from_input([](auto g, auto x) { return g / sqrt(1 - x * x); }));
}

Tensor acos_op(Target x) {
  return unary(
      "acos", x, [](auto x) { return acos(x); }, from_input([](auto g, auto x) { return -g / sqrt(1 - x * x); }));
}

Tensor atan_op(Target x) {
  return unary(
      "atan", x, [](auto x) { return atan(x); }, from_input([](auto g, auto x) { return g / (1 + x * x); }));
}

Tensor sinh_op(Target x) {
  return unary(
      "sinh", x, [](auto x) { return sinh(x); }, from_input([](auto g, auto x) { return g * cosh(x); }));
}

Tensor cosh_op(Target x) {
  return unary(
      "cosh", x, [](auto x) { return cosh(x); }, from_input([](auto g, auto x) { return g * sinh(x); }));
}

constexpr auto tanh_of = [](auto x) { return tanh(x); };
constexpr auto through_tanh_of = [](auto g, auto y) { return g * (1 - y * y); };

Tensor tanh_op(Target x) { return unary("tanh", x, tanh_of, from_output(through_tanh_of)); }

Tensor asinh_op(Target x) {
  return unary(
      "asinh", x, [](auto x) { return asinh(x); }, from_input([](auto g, auto x) { return g / sqrt(x * x + 1); }));
}

Tensor acosh_op(Target x) {
  return unary(
      "acosh", x, [](auto x) { return acosh(x); }, from_input([](auto g, auto x) { return g / sqrt(x * x - 1); }));
}

Tensor atanh_op(Target x) {
  return unary(
      "atanh", x, [](auto x) { return atanh(x); }, from_input([](auto g, auto x) { return g / (1 - x * x); }));
}

Tensor erf_op(Target x) {
  return unary(
      "erf", x, [](auto x) { return erf(x); },
      from_input([](auto g, auto x) { return g * (2 * std::numbers::inv_sqrtpi) * exp(-x * x); }));
}

Tensor erfc_op(Target x) {
  return unary(
      "erfc", x, [](auto x) { return erfc(x); },
      from_input([](auto g, auto x) { return -g * (2 * std::numbers::inv_sqrtpi) * exp(-x * x); }));
}

Tensor deg2rad_op(Target x) {
  return unary(
      "deg2rad", x, [](auto x) { return x * (std::numbers::pi / 180); },
      from_grad([](auto g) { return g * (std::numbers::pi / 180); }));
}

Tensor rad2deg_op(Target x) {
  return unary(
      "rad2deg", x, [](auto x) { return x * (180 / std::numbers::pi); },
      from_grad([](auto g) { return g * (180 / std::numbers::pi); }));
}

Tensor floor_op(Target x) {
  return rounded("floor", x, [](auto x) { return floor(x); });
}

Tensor ceil_op(Target x) {
  return rounded("ceil", x, [](auto x) { return ceil(x); });
}

Tensor round_op(Target x) {
  return rounded("round", x, [](auto x) { return round(x); });
}

Tensor trunc_op(Target x) {
  return rounded("trunc", x, [](auto x) { return trunc(x); });
}

Tensor frac_op(Target x) {
  return unary(
      "frac", x, [](auto x) { return x - trunc(x); }, from_grad(Unchanged{}));
}

}  // namespace

Tensor exp(const Tensor& x) { return exp_op(x); }
Tensor exp2(const Tensor& x) { return exp2_op(x); }
Tensor expm1(const Tensor& x) { return expm1_op(x); }
Tensor log(const Tensor& x) { return log_op(x); }
Tensor log2(const Tensor& x) { return log2_op(x); }
Tensor log10(const Tensor& x) { return log10_op(x); }
Tensor log1p(const Tensor& x) { return log1p_op(x); }
Tensor sin(const Tensor& x) { return sin_op(x); }
Tensor cos(const Tensor& x) { return cos_op(x); }
Tensor tan(const Tensor& x) { return tan_op(x); }
Tensor asin(const Tensor& x) { return asin_op(x); }
Tensor acos(const Tensor& x) { return acos_op(x); }
Tensor atan(const Tensor& x) { return atan_op(x); }
Tensor sinh(const Tensor& x) { return sinh_op(x); }
Tensor cosh(const Tensor& x) { return cosh_op(x); }
Tensor tanh(const Tensor& x) { return tanh_op(x); }
void detail::activate_by_tanh(const Tensor& y) {
  kernels::map_into<Kinds::real>("tanh", y, y.scalar_type(), tanh_of, y);
}
Tensor detail::through_tanh(const Tensor& g, const Tensor& y) { return derive("tanh", through_tanh_of, g, y); }
Tensor asinh(const Tensor& x) { return asinh_op(x); }
Tensor acosh(const Tensor& x) { return acosh_op(x); }
Tensor atanh(const Tensor& x) { return atanh_op(x); }
Tensor erf(const Tensor& x) { return erf_op(x); }
Tensor erfc(const Tensor& x) { return erfc_op(x); }
Tensor deg2rad(const Tensor& x) { return deg2rad_op(x); }
Tensor rad2deg(const Tensor& x) { return rad2deg_op(x); }
Tensor floor(const Tensor& x) { return floor_op(x); }
Tensor ceil(const Tensor& x) { return ceil_op(x); }
Tensor round(const Tensor& x) { return round_op(x); }
Tensor trunc(const Tensor& x) { return trunc_op(x); }
Tensor frac(const Tensor& x) { return frac_op(x); }

Tensor round(const Tensor& x, int64_t decimals) {
  const double scale = std::pow(10.0, static_cast<double>(decimals < 0 ? -decimals : decimals));
  return rounded("round", x, [scale, up = decimals >= 0](auto x) {
    return up ? round(x * scale) / scale : round(x / scale) * scale;
  });
}

// ---- methods --------------------------------------------------------------------------------------------------------

Tensor Tensor::exp() const { return exp_op(*this); }
Tensor TensorMethods::exp2() const { return exp2_op(itself()); }
Tensor Tensor::expm1() const { return expm1_op(*this); }
Tensor Tensor::log() const { return log_op(*this); }
Tensor Tensor::log2() const { return log2_op(*this); }
Tensor Tensor::log10() const { return log10_op(*this); }
Tensor Tensor::log1p() const { return log1p_op(*this); }
Tensor Tensor::sin() const { return sin_op(*this); }
Tensor Tensor::cos() const { return cos_op(*this); }
Tensor Tensor::tan() const { return tan_op(*this); }
Tensor Tensor::asin() const { return asin_op(*this); }
Tensor Tensor::acos() const { return acos_op(*this); }
Tensor Tensor::atan() const { return atan_op(*this); }
Tensor Tensor::sinh() const { return sinh_op(*this); }
Tensor Tensor::cosh() const { return cosh_op(*this); }
Tensor Tensor::tanh() const { return tanh_op(*this); }
Tensor TensorMethods::asinh() const { return asinh_op(itself()); }
Tensor TensorMethods::acosh() const { return acosh_op(itself()); }
Tensor TensorMethods::atanh() const { return atanh_op(itself()); }
Tensor Tensor::erf() const { return erf_op(*this); }
Tensor Tensor::erfc() const { return erfc_op(*this); }
Tensor TensorMethods::deg2rad() const { return deg2rad_op(itself()); }
Tensor TensorMethods::rad2deg() const { return rad2deg_op(itself()); }
Tensor Tensor::floor() const { return floor_op(*this); }
Tensor Tensor::ceil() const { return ceil_op(*this); }
Tensor Tensor::round() const { return round_op(*this); }
Tensor Tensor::round(int64_t decimals) const { return gradus::round(*this, decimals); }
Tensor& TensorMethods::round_(int64_t decimals) const {
  return detail::overwrite("round_", itself(), {}, [&](const Tensor& x) { return gradus::round(x, decimals); });
}
Tensor Tensor::trunc() const { return trunc_op(*this); }
Tensor Tensor::frac() const { return frac_op(*this); }
Tensor& Tensor::exp_() const { return in_place(exp_op, *this); }
Tensor& TensorMethods::exp2_() const { return in_place(exp2_op, itself()); }
Tensor& TensorMethods::expm1_() const { return in_place(expm1_op, itself()); }
Tensor& Tensor::log_() const { return in_place(log_op, *this); }
Tensor& TensorMethods::log2_() const { return in_place(log2_op, itself()); }
Tensor& TensorMethods::log10_() const { return in_place(log10_op, itself()); }
Tensor& TensorMethods::log1p_() const { return in_place(log1p_op, itself()); }
Tensor& TensorMethods::sin_() const { return in_place(sin_op, itself()); }
Tensor& TensorMethods::cos_() const { return in_place(cos_op, itself()); }
Tensor& TensorMethods::tan_() const { return in_place(tan_op, itself()); }
Tensor& TensorMethods::asin_() const { return in_place(asin_op, itself()); }
Tensor& TensorMethods::acos_() const { return in_place(acos_op, itself()); }
Tensor& TensorMethods::atan_() const { return in_place(atan_op, itself()); }
Tensor& TensorMethods::sinh_() const { return in_place(sinh_op, itself()); }
Tensor& TensorMethods::cosh_() const { return in_place(cosh_op, itself()); }
Tensor& Tensor::tanh_() const { return in_place(tanh_op, *this); }
Tensor& TensorMethods::asinh_() const { return in_place(asinh_op, itself()); }
Tensor& TensorMethods::acosh_() const { return in_place(acosh_op, itself()); }
Tensor& TensorMethods::atanh_() const { return in_place(atanh_op, itself()); }
Tensor& TensorMethods::erf_() const { return in_place(erf_op, itself()); }
Tensor& TensorMethods::erfc_() const { return in_place(erfc_op, itself()); }
Tensor& TensorMethods::deg2rad_() const { return in_place(deg2rad_op, itself()); }
Tensor& TensorMethods::rad2deg_() const { return in_place(rad2deg_op, itself()); }
Tensor& TensorMethods::floor_() const { return in_place(floor_op, itself()); }
Tensor& TensorMethods::ceil_() const { return in_place(ceil_op, itself()); }
Tensor& TensorMethods::round_() const { return in_place(round_op, itself()); }
Tensor& TensorMethods::trunc_() const { return in_place(trunc_op, itself()); }
Tensor& TensorMethods::frac_() const { return in_place(frac_op, itself()); }

}  // namespace gradus
