#include "gradus/autograd/ops/special_functions.h"

#include <cmath>
#include <numbers>

#include "gradus/autograd/overwrite.h"
#include "gradus/autograd/pointwise.h"
#include "gradus/autograd/wide.h"
#include "gradus/tensor/factories.h"
#include "gradus/tensor/kernels/simd_special.h"

namespace gradus {
namespace {

constexpr double root_half = std::numbers::sqrt2 / 2;             // 2^(-1/2)
constexpr double density = root_half * std::numbers::inv_sqrtpi;  // (2 pi)^(-1/2)
constexpr double tiny = 1e-30;  // up to here i1(x) / x is 1/2, but a quotient of denormal numbers may be anything

// A number where an operation takes a second tensor.
Tensor operand(const Tensor& a, const Scalar& b) { return scalar_tensor(b, result_type(a, b)); }

}  // namespace

Tensor i0(const Tensor& x) {
  return unary(
      "i0", x, [](auto x) { return i0(x); }, from_input([](auto g, auto x) { return g * special_i1(x); }));
}

Tensor special_i0e(const Tensor& x) {
  return unary(
      "special_i0e", x, [](auto x) { return special_i0e(x); },
      from_input([](auto g, auto x) { return g * (special_i1e(x) - sign(x) * special_i0e(x)); }));
}

Tensor special_i1(const Tensor& x) {
  return unary(
      "special_i1", x, [](auto x) { return special_i1(x); }, from_input([](auto g, auto x) {
        return g * where(abs(x) > tiny, i0(x) - special_i1(x) / where(abs(x) > tiny, x, 1), 0.5);
      }));
}

Tensor special_i1e(const Tensor& x) {
  return unary(
      "special_i1e", x, [](auto x) { return special_i1e(x); }, from_input([](auto g, auto x) {
        return g *
               where(abs(x) > tiny, special_i0e(x) - special_i1e(x) * (sign(x) + 1 / where(abs(x) > tiny, x, 1)), 0.5);
      }));
}

Tensor special_ndtr(const Tensor& x) {
  return unary(
      "special_ndtr", x, [](auto x) { return 0.5 * erfc(x * -root_half); },
      from_input([](auto g, auto x) { return g * density * exp(-0.5 * x * x); }));
}

Tensor special_ndtri(const Tensor& x) {
  return unary(
      "special_ndtri", x, [](auto x) { return special_ndtri(x); },
      from_output([](auto g, auto y) { return g * exp(0.5 * y * y) * (1 / density); }));
}

Tensor special_log_ndtr(const Tensor& x) {
  return unary(
      "special_log_ndtr", x,
      [](auto x) {
        const auto t = x * -root_half;
        return where(x < -1, log(0.5 * special_erfcx(t)) - t * t, log1p(-0.5 * erfc(-t)));
      },
      from_input([](auto g, auto x) { return g * (2 * density) / special_erfcx(x * -root_half); }));
}

Tensor special_erfcx(const Tensor& x) {
  return unary(
      "special_erfcx", x, [](auto x) { return special_erfcx(x); },
      from_input([](auto g, auto x) { return g * 2 * (x * special_erfcx(x) - std::numbers::inv_sqrtpi); }));
}

Tensor special_entr(const Tensor& x) {
  return unary(
      "special_entr", x, [](auto x) { return where(x > 0, -x * log(x), where(x == 0, 0, where(x < 0, -INFINITY, x))); },
      from_input([](auto g, auto x) { return -g * (1 + log(x)); }));
}

Tensor special_xlog1py(const Tensor& a, const Tensor& b) {
  return binary(
      "special_xlog1py", a, b, [](auto a, auto b) { return where(b != b, b, where(a == 0, 0, a * log1p(b))); },
      from_inputs([](auto g, auto a, auto b) {
        const auto flat = (a == 0) & (b <= -1);
        return where(flat, 0, g * log1p(where(flat, 1, b)));
      }),
      from_inputs([](auto g, auto a, auto b) { return g * a / (b + 1); }));
}
Tensor special_xlog1py(const Tensor& a, const Scalar& b) { return special_xlog1py(a, operand(a, b)); }
Tensor special_xlog1py(const Scalar& a, const Tensor& b) { return special_xlog1py(operand(b, a), b); }

Tensor special_zeta(const Tensor& a, const Tensor& b) {
  check(a.defined(), "special_zeta: expected two tensors, but got an undefined one");
  // What a zero gradient would hide: the first argument has none.
  const Tensor order = recording({a}) ? record_not_differentiable("special_zeta", a.detach(), {a}) : a;
  return binary(
      "special_zeta", order, b, [](auto a, auto b) { return special_zeta(a, b); }, from_grad(Unchanged{}),
      from_inputs([](auto g, auto a, auto b) { return -g * a * special_zeta(a + 1, b); }));
}
Tensor special_zeta(const Tensor& a, const Scalar& b) { return special_zeta(a, operand(a, b)); }
Tensor special_zeta(const Scalar& a, const Tensor& b) { return special_zeta(operand(b, a), b); }

Tensor mvlgamma(const Tensor& x, int64_t p) {
  check(p >= 1, "mvlgamma: p has to be greater than or equal to 1, got ", p);
  check(x.defined(), "mvlgamma: expected a tensor, but got an undefined one");
  if (is_float16(x.scalar_type())) return mvlgamma(wide(x), p).to(x.scalar_type());
  const ScalarType type = is_floating(x.scalar_type()) ? x.scalar_type() : default_dtype();
  const Tensor steps = arange(0, p, 1, type) * -0.5;
  const auto n = static_cast<double>(p);
  return sum(lgamma(unsqueeze(x, -1) + steps), -1) + n * (n - 1) / 4 * std::log(std::numbers::pi);
}

std::tuple<Tensor, Tensor> frexp(const Tensor& x) {
  check(x.defined() && is_floating(x.scalar_type()), "torch.frexp() only supports floating-point dtypes, got ",
        x.defined() ? name(x.scalar_type()) : "an undefined tensor");
  const ScalarType type = x.scalar_type();
  const Tensor e = kernels::map<Kinds::real>(
      "frexp", type, type, [](auto x) { return exponent(x); }, x);
  Tensor m = kernels::map<Kinds::real>(
      "frexp", type, type, [](auto x) { return mantissa(x); }, x);
  m = record("frexp", std::move(m), {x}, [e](const Tensor& g, Node&) { return g / exp2(e); });
  return {m, e.to(kInt)};
}

// ---- methods --------------------------------------------------------------------------------------------------------

Tensor TensorMethods::i0() const { return gradus::i0(itself()); }
Tensor& TensorMethods::i0_() const {
  return detail::overwrite("i0_", itself(), {}, [](const Tensor& x) { return gradus::i0(x); });
}
Tensor TensorMethods::mvlgamma(int64_t p) const { return gradus::mvlgamma(itself(), p); }
Tensor& TensorMethods::mvlgamma_(int64_t p) const {
  return detail::overwrite("mvlgamma_", itself(), {}, [&](const Tensor& x) { return gradus::mvlgamma(x, p); });
}
std::tuple<Tensor, Tensor> TensorMethods::frexp() const { return gradus::frexp(itself()); }

}  // namespace gradus
