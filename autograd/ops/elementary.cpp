#include "gradus/autograd/ops/elementary.h"

#include <numbers>

#include "gradus/autograd/pointwise.h"

namespace gradus {
namespace {

Tensor& self(const Tensor& t) { return const_cast<Tensor&>(t); }

// Integers are whole already.
template <class F>
Tensor rounded(const char* op, const Tensor& x, const F& f) {
  check(x.defined(), op, ": expected a tensor, but got an undefined one");
  if (!is_floating(x.scalar_type())) return x.clone();
  return unary(op, x, f, from_grad([](auto g) { return g * 0; }));
}

Tensor exp_op(Target x) {
  return unary(
      "exp", x, [](auto x) { return exp(x); }, from_output([](auto g, auto y) { return g * y; }));
}

Tensor log_op(Target x) {
  return unary(
      "log", x, [](auto x) { return log(x); }, from_input([](auto g, auto x) { return g / x; }));
}

Tensor tanh_op(Target x) {
  return unary(
      "tanh", x, [](auto x) { return tanh(x); }, from_output([](auto g, auto y) { return g * (1 - y * y); }));
}

}  // namespace

Tensor exp(const Tensor& x) { return exp_op(x); }

Tensor exp2(const Tensor& x) {
  return unary(
      "exp2", x, [](auto x) { return exp2(x); }, from_output([](auto g, auto y) { return g * y * std::numbers::ln2; }));
}

Tensor expm1(const Tensor& x) {
  return unary(
      "expm1", x, [](auto x) { return expm1(x); }, from_output([](auto g, auto y) { return g * (y + 1); }));
}

Tensor log(const Tensor& x) { return log_op(x); }

Tensor log2(const Tensor& x) {
  return unary(
      "log2", x, [](auto x) { return log2(x); },
      from_input([](auto g, auto x) { return g / (x * std::numbers::ln2); }));
}

Tensor log10(const Tensor& x) {
  return unary(
      "log10", x, [](auto x) { return log10(x); },
      from_input([](auto g, auto x) { return g / (x * std::numbers::ln10); }));
}

Tensor log1p(const Tensor& x) {
  return unary(
      "log1p", x, [](auto x) { return log1p(x); }, from_input([](auto g, auto x) { return g / (1 + x); }));
}

Tensor sin(const Tensor& x) {
  return unary(
      "sin", x, [](auto x) { return sin(x); }, from_input([](auto g, auto x) { return g * cos(x); }));
}

Tensor cos(const Tensor& x) {
  return unary(
      "cos", x, [](auto x) { return cos(x); }, from_input([](auto g, auto x) { return -g * sin(x); }));
}

Tensor tan(const Tensor& x) {
  return unary(
      "tan", x, [](auto x) { return tan(x); }, from_output([](auto g, auto y) { return g * (1 + y * y); }));
}

Tensor asin(const Tensor& x) {
  return unary(
      "asin", x, [](auto x) { return asin(x); }, from_input([](auto g, auto x) { return g / sqrt(1 - x * x); }));
}

Tensor acos(const Tensor& x) {
  return unary(
      "acos", x, [](auto x) { return acos(x); }, from_input([](auto g, auto x) { return -g / sqrt(1 - x * x); }));
}

Tensor atan(const Tensor& x) {
  return unary(
      "atan", x, [](auto x) { return atan(x); }, from_input([](auto g, auto x) { return g / (1 + x * x); }));
}

Tensor sinh(const Tensor& x) {
  return unary(
      "sinh", x, [](auto x) { return sinh(x); }, from_input([](auto g, auto x) { return g * cosh(x); }));
}

Tensor cosh(const Tensor& x) {
  return unary(
      "cosh", x, [](auto x) { return cosh(x); }, from_input([](auto g, auto x) { return g * sinh(x); }));
}

Tensor tanh(const Tensor& x) { return tanh_op(x); }

Tensor erf(const Tensor& x) {
  return unary(
      "erf", x, [](auto x) { return erf(x); },
      from_input([](auto g, auto x) { return g * (2 * std::numbers::inv_sqrtpi) * exp(-x * x); }));
}

Tensor erfc(const Tensor& x) {
  return unary(
      "erfc", x, [](auto x) { return erfc(x); },
      from_input([](auto g, auto x) { return -g * (2 * std::numbers::inv_sqrtpi) * exp(-x * x); }));
}

Tensor floor(const Tensor& x) {
  return rounded("floor", x, [](auto x) { return floor(x); });
}

Tensor ceil(const Tensor& x) {
  return rounded("ceil", x, [](auto x) { return ceil(x); });
}

Tensor round(const Tensor& x) {
  return rounded("round", x, [](auto x) { return round(x); });
}

Tensor trunc(const Tensor& x) {
  return rounded("trunc", x, [](auto x) { return trunc(x); });
}

Tensor frac(const Tensor& x) {
  return unary(
      "frac", x, [](auto x) { return x - trunc(x); }, from_grad(Unchanged{}));
}

// ---- methods --------------------------------------------------------------------------------------------------------

Tensor Tensor::exp() const { return gradus::exp(*this); }
Tensor& Tensor::exp_() const {
  exp_op(overwriting(*this));
  return self(*this);
}
Tensor Tensor::expm1() const { return gradus::expm1(*this); }
Tensor Tensor::log() const { return gradus::log(*this); }
Tensor& Tensor::log_() const {
  log_op(overwriting(*this));
  return self(*this);
}
Tensor Tensor::log2() const { return gradus::log2(*this); }
Tensor Tensor::log10() const { return gradus::log10(*this); }
Tensor Tensor::log1p() const { return gradus::log1p(*this); }
Tensor Tensor::sin() const { return gradus::sin(*this); }
Tensor Tensor::cos() const { return gradus::cos(*this); }
Tensor Tensor::tan() const { return gradus::tan(*this); }
Tensor Tensor::asin() const { return gradus::asin(*this); }
Tensor Tensor::acos() const { return gradus::acos(*this); }
Tensor Tensor::atan() const { return gradus::atan(*this); }
Tensor Tensor::sinh() const { return gradus::sinh(*this); }
Tensor Tensor::cosh() const { return gradus::cosh(*this); }
Tensor Tensor::tanh() const { return gradus::tanh(*this); }
Tensor& Tensor::tanh_() const {
  tanh_op(overwriting(*this));
  return self(*this);
}
Tensor Tensor::erf() const { return gradus::erf(*this); }
Tensor Tensor::erfc() const { return gradus::erfc(*this); }
Tensor Tensor::floor() const { return gradus::floor(*this); }
Tensor Tensor::ceil() const { return gradus::ceil(*this); }
Tensor Tensor::round() const { return gradus::round(*this); }
Tensor Tensor::trunc() const { return gradus::trunc(*this); }
Tensor Tensor::frac() const { return gradus::frac(*this); }

}  // namespace gradus
