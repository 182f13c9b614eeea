// Division rounded, powers in float64, bounds and weights that are tensors, and the in-place forms of arithmetic that
// has no kernel for them.
#include "gradus/autograd/overwrite.h"
#include "gradus/autograd/pointwise.h"
#include "gradus/tensor/factories.h"

namespace gradus {
namespace {

// A number where an operation takes a second tensor.
Tensor operand(const Tensor& a, const Scalar& b) { return scalar_tensor(b, result_type(a, b)); }

void check_no_zero(const Tensor& a, const Tensor& b) {
  check(a.defined() && b.defined(), "div: expected two tensors, but got an undefined one");
  if (!is_floating(result_type(a, b))) check(!b.eq(0).any().item<bool>(), "div: ZeroDivisionError");
}

Tensor div_floor(const Tensor& a, const Tensor& b) {
  check_no_zero(a, b);
  const from_grad none([](auto g) { return g * 0; });
  return binary<Kinds::numeric>(
      "div", a, b, [](auto a, auto b) { return floor_divide(a, b); }, none, none);
}

Tensor div_trunc(const Tensor& a, const Tensor& b) {
  check_no_zero(a, b);
  const from_grad none([](auto g) { return g * 0; });
  return binary<Kinds::numeric>(
      "div", a, b,
      [](auto a, auto b) {
        if constexpr (std::is_floating_point_v<typename decltype(a)::value_type>)
          return trunc(a / b);
        else
          return simd::detail::quotient(a, b);
      },
      none, none);
}

}  // namespace

Tensor div(const Tensor& a, const Tensor& b, std::optional<std::string_view> mode) {
  if (!mode) return div(a, b);
  check(*mode == "trunc" || *mode == "floor",
        "div expected rounding_mode to be one of None, 'trunc', or 'floor' but found '", *mode, "'");
  return *mode == "floor" ? div_floor(a, b) : div_trunc(a, b);
}
Tensor div(const Tensor& a, const Scalar& b, std::optional<std::string_view> mode) {
  return mode ? div(a, operand(a, b), mode) : div(a, b);
}

Tensor floor_divide(const Tensor& a, const Tensor& b) {
  return record_not_differentiable("floor_divide", div_floor(a.detach(), b.detach()), {a, b});
}
Tensor floor_divide(const Tensor& a, const Scalar& b) { return floor_divide(a, operand(a, b)); }

Tensor rsub(const Tensor& a, const Tensor& b, const Scalar& alpha) { return sub(b, a, alpha); }
Tensor rsub(const Tensor& a, const Scalar& b, const Scalar& alpha) { return sub(operand(a, b), a, alpha); }

Tensor sgn(const Tensor& x) { return sign(x); }

Tensor float_power(const Tensor& x, const Scalar& e) { return pow(x.to(kDouble), e); }
Tensor float_power(const Tensor& x, const Tensor& e) { return pow(x.to(kDouble), e.to(kDouble)); }
Tensor float_power(const Scalar& x, const Tensor& e) { return pow(Scalar(x.toDouble()), e.to(kDouble)); }

// ---- bounds and weights that are tensors ----------------------------------------------------------------------------

Tensor clamp_min(const Tensor& x, const Tensor& min) {
  return binary<Kinds::numeric>(
      "clamp_min", x, min, [](auto x, auto lo) { return maximum(x, lo); },
      from_inputs([](auto g, auto x, auto lo) { return where(x >= lo, g, 0); }),
      from_inputs([](auto g, auto x, auto lo) { return where(x < lo, g, 0); }));
}

Tensor clamp_max(const Tensor& x, const Tensor& max) {
  return binary<Kinds::numeric>(
      "clamp_max", x, max, [](auto x, auto hi) { return minimum(x, hi); },
      from_inputs([](auto g, auto x, auto hi) { return where(x <= hi, g, 0); }),
      from_inputs([](auto g, auto x, auto hi) { return where(x > hi, g, 0); }));
}

Tensor clamp(const Tensor& x, const std::optional<Tensor>& min, const std::optional<Tensor>& max) {
  const bool below = min && min->defined(), above = max && max->defined();
  check(below || above, "clamp: At least one of 'min' or 'max' must not be None");
  const Tensor y = below ? clamp_min(x, *min) : x;
  return above ? clamp_max(y, *max) : y;
}

Tensor lerp(const Tensor& a, const Tensor& b, const Tensor& w) {
  check(a.defined() && b.defined() && w.defined(), "lerp: expected three tensors, but got an undefined one");
  check(a.scalar_type() == b.scalar_type(), "lerp: expected dtype ", a.scalar_type(), " for `end` but got dtype ",
        b.scalar_type());
  check(a.scalar_type() == w.scalar_type(), "expected dtype ", a.scalar_type(), " for `weight` but got dtype ",
        w.scalar_type());
  const ScalarType type = a.scalar_type();
  // From the nearer end, so that a weight of 1 gives b exactly.
  Tensor y = kernels::map<Kinds::real>(
      "lerp", type, type,
      [](auto a, auto b, auto w) { return where(abs(w) < 0.5, a + w * (b - a), b - (b - a) * (1 - w)); }, a, b, w);
  if (!recording({a, b, w})) return y;
  return record("lerp", std::move(y), {a, b, w},
                [a = saved_for(w, a), b = saved_for(w, b), w = Saved(w)](const Tensor& g, Node& n) {
                  const Tensor weight = w.get(n);
                  return std::array<Tensor, 3>{n.needs(0) ? mul(g, 1 - weight) : Tensor(),
                                               n.needs(1) ? mul(g, weight) : Tensor(),
                                               n.needs(2) ? mul(g, sub(b.get(n), a.get(n))) : Tensor()};
                });
}

// ---- methods --------------------------------------------------------------------------------------------------------

Tensor& TensorMethods::sign_() const {
  return detail::overwrite("sign_", itself(), {}, [&](const Tensor& x) { return gradus::sign(x); });
}
Tensor TensorMethods::sgn() const { return gradus::sgn(itself()); }
Tensor& TensorMethods::sgn_() const {
  return detail::overwrite("sgn_", itself(), {}, [&](const Tensor& x) { return gradus::sgn(x); });
}
Tensor& TensorMethods::reciprocal_() const {
  return detail::overwrite("reciprocal_", itself(), {}, [&](const Tensor& x) { return gradus::reciprocal(x); });
}
Tensor& TensorMethods::square_() const {
  return detail::overwrite("square_", itself(), {}, [&](const Tensor& x) { return gradus::square(x); });
}
Tensor& TensorMethods::rsqrt_() const {
  return detail::overwrite("rsqrt_", itself(), {}, [&](const Tensor& x) { return gradus::rsqrt(x); });
}
Tensor Tensor::div(const Tensor& other, std::optional<std::string_view> rounding_mode) const {
  return gradus::div(*this, other, rounding_mode);
}
Tensor Tensor::div(const Scalar& other, std::optional<std::string_view> rounding_mode) const {
  return gradus::div(*this, other, rounding_mode);
}
Tensor& Tensor::div_(const Tensor& other, std::optional<std::string_view> rounding_mode) const {
  return detail::overwrite("div_", *this, {other},
                           [&](const Tensor& x) { return gradus::div(x, other, rounding_mode); });
}
Tensor& Tensor::div_(const Scalar& other, std::optional<std::string_view> rounding_mode) const {
  return detail::overwrite("div_", *this, {}, [&](const Tensor& x) { return gradus::div(x, other, rounding_mode); });
}
Tensor TensorMethods::floor_divide(const Tensor& other) const { return gradus::floor_divide(itself(), other); }
Tensor TensorMethods::floor_divide(const Scalar& other) const { return gradus::floor_divide(itself(), other); }
Tensor& TensorMethods::floor_divide_(const Tensor& other) const {
  return detail::overwrite("floor_divide_", itself(), {other},
                           [&](const Tensor& x) { return gradus::floor_divide(x, other); });
}
Tensor& TensorMethods::floor_divide_(const Scalar& other) const {
  return detail::overwrite("floor_divide_", itself(), {},
                           [&](const Tensor& x) { return gradus::floor_divide(x, other); });
}
Tensor TensorMethods::float_power(const Tensor& exponent) const { return gradus::float_power(itself(), exponent); }
Tensor TensorMethods::float_power(const Scalar& exponent) const { return gradus::float_power(itself(), exponent); }
Tensor& TensorMethods::float_power_(const Scalar& exponent) const {
  return detail::overwrite("float_power_", itself(), {},
                           [&](const Tensor& x) { return gradus::float_power(x, exponent); });
}
Tensor& TensorMethods::float_power_(const Tensor& exponent) const {
  return detail::overwrite("float_power_", itself(), {exponent},
                           [&](const Tensor& x) { return gradus::float_power(x, exponent); });
}
Tensor& TensorMethods::fmod_(const Scalar& other) const {
  return detail::overwrite("fmod_", itself(), {}, [&](const Tensor& x) { return gradus::fmod(x, other); });
}
Tensor& TensorMethods::fmod_(const Tensor& other) const {
  return detail::overwrite("fmod_", itself(), {other}, [&](const Tensor& x) { return gradus::fmod(x, other); });
}
Tensor& TensorMethods::remainder_(const Scalar& other) const {
  return detail::overwrite("remainder_", itself(), {}, [&](const Tensor& x) { return gradus::remainder(x, other); });
}
Tensor& TensorMethods::remainder_(const Tensor& other) const {
  return detail::overwrite("remainder_", itself(), {other},
                           [&](const Tensor& x) { return gradus::remainder(x, other); });
}
Tensor& Tensor::pow_(const Tensor& exponent) const {
  return detail::overwrite("pow_", *this, {exponent}, [&](const Tensor& x) { return gradus::pow(x, exponent); });
}
Tensor Tensor::clamp(const std::optional<Tensor>& min, const std::optional<Tensor>& max) const {
  return gradus::clamp(*this, min, max);
}
Tensor& Tensor::clamp_(const std::optional<Tensor>& min, const std::optional<Tensor>& max) const {
  return detail::overwrite("clamp_", *this, {}, [&](const Tensor& x) { return gradus::clamp(x, min, max); });
}
Tensor Tensor::clamp_min(const Tensor& min) const { return gradus::clamp_min(*this, min); }
Tensor& Tensor::clamp_min_(const Tensor& min) const {
  return detail::overwrite("clamp_min_", *this, {min}, [&](const Tensor& x) { return gradus::clamp_min(x, min); });
}
Tensor Tensor::clamp_max(const Tensor& max) const { return gradus::clamp_max(*this, max); }
Tensor& Tensor::clamp_max_(const Tensor& max) const {
  return detail::overwrite("clamp_max_", *this, {max}, [&](const Tensor& x) { return gradus::clamp_max(x, max); });
}
Tensor Tensor::lerp(const Tensor& end, const Tensor& weight) const { return gradus::lerp(*this, end, weight); }
Tensor& Tensor::lerp_(const Tensor& end, const Tensor& weight) const {
  return detail::overwrite("lerp_", *this, {end, weight},
                           [&](const Tensor& x) { return gradus::lerp(x, end, weight); });
}

}  // namespace gradus
