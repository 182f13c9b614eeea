#include "gradus/autograd/ops/special.h"

#include <cmath>
#include <limits>
#include <numbers>

#include "gradus/autograd/overwrite.h"
#include "gradus/autograd/pointwise.h"
#include "gradus/tensor/factories.h"
#include "gradus/tensor/kernels/simd_lanes.h"

namespace gradus {
namespace {

// A number where an operation takes a second tensor.
Tensor operand(const Tensor& a, const Scalar& b) { return scalar_tensor(b, result_type(a, b)); }

// x / (a^2 + b^2), and as in PyTorch 0 where the squares vanish.
template <class X>
X over_square(const X& x, const X& a, const X& b) {
  const X s = a * a + b * b;
  return where(s == 0, 0, x / s);
}

}  // namespace

Tensor erfinv(const Tensor& x) {
  return unary(
      "erfinv", x, [](auto x) { return erfinv(x); },
      from_output([](auto g, auto y) { return g * exp(y * y) * (0.5 / std::numbers::inv_sqrtpi); }));
}

Tensor lgamma(const Tensor& x) {
  return unary(
      "lgamma", x, [](auto x) { return lgamma(x); }, from_input([](auto g, auto x) { return g * digamma(x); }));
}

Tensor digamma(const Tensor& x) {
  return unary(
      "digamma", x, [](auto x) { return digamma(x); }, from_input([](auto g, auto x) { return g * polygamma(1, x); }));
}

Tensor polygamma(int64_t n, const Tensor& x) {
  check(n >= 0, "polygamma(n, x) does not support negative n.");
  if (n == 0) return digamma(x);
  return unary(
      "polygamma", x, [n](auto x) { return polygamma(n, x); },
      from_input([n](auto g, auto x) { return g * polygamma(n + 1, x); }));
}

Tensor sinc(const Tensor& x) {
  return unary(
      "sinc", x,
      [](auto x) {
        const auto t = where(x == 0, 1, x) * std::numbers::pi;
        return where(x == 0, 1, sin(t) / t);
      },
      from_input([](auto g, auto x) {
        const auto some = where(x == 0, 1, x);
        const auto t = some * std::numbers::pi;
        return where(x == 0, 0, g * (cos(t) - sin(t) / t) / some);
      }));
}

Tensor logit(const Tensor& x, std::optional<double> eps) {
  if (!eps)
    return unary(
        "logit", x, [](auto x) { return log(x / (1 - x)); },
        from_input([](auto g, auto x) { return where((x < 0) | (x > 1), NAN, g / (x * (1 - x))); }));
  return unary(
      "logit", x,
      [lo = *eps, hi = 1 - *eps](auto x) {
        const auto p = where(x < lo, lo, where(x > hi, hi, x));
        return log(p / (1 - p));
      },
      from_input(
          [lo = *eps, hi = 1 - *eps](auto g, auto x) { return where((x < lo) | (x > hi), 0, g / (x * (1 - x))); }));
}

Tensor nan_to_num(const Tensor& x, std::optional<double> nan, std::optional<double> posinf,
                  std::optional<double> neginf) {
  check(x.defined(), "nan_to_num: expected a tensor, but got an undefined one");
  if (!is_floating(x.scalar_type())) return x.clone();
  const double most =
      x.scalar_type() == kFloat ? std::numeric_limits<float>::max() : std::numeric_limits<double>::max();
  return unary(
      "nan_to_num", x,
      [n = nan.value_or(0), hi = posinf.value_or(most), lo = neginf.value_or(-most)](auto x) {
        return where(x != x, n, where(x == INFINITY, hi, where(x == -INFINITY, lo, x)));
      },
      from_input([](auto g, auto x) { return where(isfinite(x), g, 0); }));
}

Tensor xlogy(const Tensor& a, const Tensor& b) {
  return binary(
      "xlogy", a, b, [](auto a, auto b) { return where(b != b, b, where(a == 0, 0, a * log(b))); },
      from_inputs([](auto g, auto a, auto b) {
        const auto flat = (a == 0) & (b <= 0);
        return where(flat, 0, g * log(where(flat, 1, b)));
      }),
      from_inputs([](auto g, auto a, auto b) { return g * a / b; }));
}
Tensor xlogy(const Tensor& a, const Scalar& b) { return xlogy(a, operand(a, b)); }
Tensor xlogy(const Scalar& a, const Tensor& b) { return xlogy(operand(b, a), b); }

Tensor logaddexp(const Tensor& a, const Tensor& b) {
  return binary(
      "logaddexp", a, b, [](auto a, auto b) { return logaddexp(a, b); },
      from_inputs([](auto g, auto a, auto b) { return g / (1 + exp(b - a)); }),
      from_inputs([](auto g, auto a, auto b) { return g / (1 + exp(a - b)); }));
}

Tensor logaddexp2(const Tensor& a, const Tensor& b) {
  return binary(
      "logaddexp2", a, b, [](auto a, auto b) { return logaddexp2(a, b); },
      from_inputs([](auto g, auto a, auto b) { return g / (1 + exp2(b - a)); }),
      from_inputs([](auto g, auto a, auto b) { return g / (1 + exp2(a - b)); }));
}

Tensor atan2(const Tensor& a, const Tensor& b) {
  return binary(
      "atan2", a, b, [](auto a, auto b) { return atan2(a, b); },
      from_inputs([](auto g, auto a, auto b) { return g * over_square(b, a, b); }),
      from_inputs([](auto g, auto a, auto b) { return -g * over_square(a, a, b); }));
}

Tensor hypot(const Tensor& a, const Tensor& b) {
  return binary(
      "hypot", a, b, [](auto a, auto b) { return hypot(a, b); },
      from_inputs([](auto g, auto a, auto b) { return g * (a / hypot(a, b)); }),
      from_inputs([](auto g, auto a, auto b) { return g * (b / hypot(a, b)); }));
}

Tensor copysign(const Tensor& a, const Tensor& b) {
  return binary(
      "copysign", a, b, [](auto a, auto b) { return copysign(a, b); },
      from_inputs([](auto g, auto a, auto b) { return where(signbit(b), -g, g) * sign(a); }),
      from_grad([](auto g) { return g * 0; }));
}
Tensor copysign(const Tensor& a, const Scalar& b) { return copysign(a, operand(a, b)); }

Tensor heaviside(const Tensor& a, const Tensor& values) {
  check(a.scalar_type() == values.scalar_type(), "heaviside is not yet implemented for tensors with different dtypes.");
  const ScalarType type = a.scalar_type();
  Tensor y = kernels::map<Kinds::numeric>(
      "heaviside", type, type, [](auto a, auto v) { return where(a == 0, v, where(a > 0, 1, 0)); }, a, values);
  return record_not_differentiable("heaviside", std::move(y), {a, values});
}

Tensor fmax(const Tensor& a, const Tensor& b) {
  return binary<Kinds::numeric>(
      "fmax", a, b, [](auto a, auto b) { return where(b != b, a, where(a != a, b, maximum(a, b))); },
      from_inputs([](auto g, auto a, auto b) { return where((a >= b) | (b != b), g, 0); }),
      from_inputs([](auto g, auto a, auto b) { return where((a >= b) | (b != b), 0, g); }));
}

Tensor fmin(const Tensor& a, const Tensor& b) {
  return binary<Kinds::numeric>(
      "fmin", a, b, [](auto a, auto b) { return where(b != b, a, where(a != a, b, minimum(a, b))); },
      from_inputs([](auto g, auto a, auto b) { return where((a <= b) | (b != b), g, 0); }),
      from_inputs([](auto g, auto a, auto b) { return where((a <= b) | (b != b), 0, g); }));
}

Tensor ldexp(const Tensor& a, const Tensor& b) {
  return binary(
      "ldexp", a, b, [](auto a, auto b) { return a * exp2(b); }, from_b([](auto g, auto b) { return g * exp2(b); }),
      from_inputs([](auto g, auto a, auto b) { return g * (a * exp2(b)) * std::numbers::ln2; }));
}

Tensor nextafter(const Tensor& a, const Tensor& b) {
  check(is_floating(result_type(a, b)), "nextafter: \"nextafter\" not implemented for '", name(result_type(a, b)), "'");
  return binary(
      "nextafter", a, b, [](auto a, auto b) { return nextafter(a, b); },
      from_inputs([](auto g, auto a, auto b) { return where(a == b, 0, g); }), from_grad([](auto g) { return g * 0; }));
}

Tensor gcd(const Tensor& a, const Tensor& b) {
  return binary<Kinds::integer>(
      "gcd", a, b, [](auto a, auto b) { return gcd(a, b); }, no_gradient(), no_gradient());
}

Tensor lcm(const Tensor& a, const Tensor& b) {
  return binary<Kinds::integer>(
      "lcm", a, b,
      [](auto a, auto b) {
        const auto d = gcd(a, b);
        return where(d == 0, 0, abs(a / where(d == 0, 1, d) * b));
      },
      no_gradient(), no_gradient());
}

// ---- methods --------------------------------------------------------------------------------------------------------

Tensor TensorMethods::erfinv() const { return gradus::erfinv(itself()); }
Tensor& TensorMethods::erfinv_() const {
  return detail::overwrite("erfinv_", itself(), {}, [&](const Tensor& x) { return gradus::erfinv(x); });
}
Tensor TensorMethods::lgamma() const { return gradus::lgamma(itself()); }
Tensor& TensorMethods::lgamma_() const {
  return detail::overwrite("lgamma_", itself(), {}, [&](const Tensor& x) { return gradus::lgamma(x); });
}
Tensor TensorMethods::digamma() const { return gradus::digamma(itself()); }
Tensor& TensorMethods::digamma_() const {
  return detail::overwrite("digamma_", itself(), {}, [&](const Tensor& x) { return gradus::digamma(x); });
}
Tensor TensorMethods::polygamma(int64_t n) const { return gradus::polygamma(n, itself()); }
Tensor& TensorMethods::polygamma_(int64_t n) const {
  return detail::overwrite("polygamma_", itself(), {}, [&](const Tensor& x) { return gradus::polygamma(n, x); });
}
Tensor TensorMethods::sinc() const { return gradus::sinc(itself()); }
Tensor& TensorMethods::sinc_() const {
  return detail::overwrite("sinc_", itself(), {}, [&](const Tensor& x) { return gradus::sinc(x); });
}
Tensor TensorMethods::logit(std::optional<double> eps) const { return gradus::logit(itself(), eps); }
Tensor& TensorMethods::logit_(std::optional<double> eps) const {
  return detail::overwrite("logit_", itself(), {}, [&](const Tensor& x) { return gradus::logit(x, eps); });
}
Tensor TensorMethods::nan_to_num(std::optional<double> nan, std::optional<double> posinf,
                                 std::optional<double> neginf) const {
  return gradus::nan_to_num(itself(), nan, posinf, neginf);
}
Tensor& TensorMethods::nan_to_num_(std::optional<double> nan, std::optional<double> posinf,
                                   std::optional<double> neginf) const {
  return detail::overwrite("nan_to_num_", itself(), {},
                           [&](const Tensor& x) { return gradus::nan_to_num(x, nan, posinf, neginf); });
}
Tensor TensorMethods::xlogy(const Tensor& other) const { return gradus::xlogy(itself(), other); }
Tensor TensorMethods::xlogy(const Scalar& other) const { return gradus::xlogy(itself(), other); }
Tensor& TensorMethods::xlogy_(const Tensor& other) const {
  return detail::overwrite("xlogy_", itself(), {other}, [&](const Tensor& x) { return gradus::xlogy(x, other); });
}
Tensor& TensorMethods::xlogy_(const Scalar& other) const {
  return detail::overwrite("xlogy_", itself(), {}, [&](const Tensor& x) { return gradus::xlogy(x, other); });
}
Tensor TensorMethods::logaddexp(const Tensor& other) const { return gradus::logaddexp(itself(), other); }
Tensor TensorMethods::logaddexp2(const Tensor& other) const { return gradus::logaddexp2(itself(), other); }
Tensor TensorMethods::atan2(const Tensor& other) const { return gradus::atan2(itself(), other); }
Tensor& TensorMethods::atan2_(const Tensor& other) const {
  return detail::overwrite("atan2_", itself(), {other}, [&](const Tensor& x) { return gradus::atan2(x, other); });
}
Tensor TensorMethods::hypot(const Tensor& other) const { return gradus::hypot(itself(), other); }
Tensor& TensorMethods::hypot_(const Tensor& other) const {
  return detail::overwrite("hypot_", itself(), {other}, [&](const Tensor& x) { return gradus::hypot(x, other); });
}
Tensor TensorMethods::copysign(const Tensor& other) const { return gradus::copysign(itself(), other); }
Tensor TensorMethods::copysign(const Scalar& other) const { return gradus::copysign(itself(), other); }
Tensor& TensorMethods::copysign_(const Tensor& other) const {
  return detail::overwrite("copysign_", itself(), {other}, [&](const Tensor& x) { return gradus::copysign(x, other); });
}
Tensor& TensorMethods::copysign_(const Scalar& other) const {
  return detail::overwrite("copysign_", itself(), {}, [&](const Tensor& x) { return gradus::copysign(x, other); });
}
Tensor TensorMethods::heaviside(const Tensor& values) const { return gradus::heaviside(itself(), values); }
Tensor& TensorMethods::heaviside_(const Tensor& values) const {
  return detail::overwrite("heaviside_", itself(), {values},
                           [&](const Tensor& x) { return gradus::heaviside(x, values); });
}
Tensor TensorMethods::fmax(const Tensor& other) const { return gradus::fmax(itself(), other); }
Tensor TensorMethods::fmin(const Tensor& other) const { return gradus::fmin(itself(), other); }
Tensor TensorMethods::ldexp(const Tensor& other) const { return gradus::ldexp(itself(), other); }
Tensor& TensorMethods::ldexp_(const Tensor& other) const {
  return detail::overwrite("ldexp_", itself(), {other}, [&](const Tensor& x) { return gradus::ldexp(x, other); });
}
Tensor TensorMethods::nextafter(const Tensor& other) const { return gradus::nextafter(itself(), other); }
Tensor& TensorMethods::nextafter_(const Tensor& other) const {
  return detail::overwrite("nextafter_", itself(), {other},
                           [&](const Tensor& x) { return gradus::nextafter(x, other); });
}
Tensor TensorMethods::gcd(const Tensor& other) const { return gradus::gcd(itself(), other); }
Tensor& TensorMethods::gcd_(const Tensor& other) const {
  return detail::overwrite("gcd_", itself(), {other}, [&](const Tensor& x) { return gradus::gcd(x, other); });
}
Tensor TensorMethods::lcm(const Tensor& other) const { return gradus::lcm(itself(), other); }
Tensor& TensorMethods::lcm_(const Tensor& other) const {
  return detail::overwrite("lcm_", itself(), {other}, [&](const Tensor& x) { return gradus::lcm(x, other); });
}

}  // namespace gradus
