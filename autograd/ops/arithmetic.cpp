#include "gradus/autograd/ops/arithmetic.h"

#include <cmath>
#include <numbers>

#include "gradus/autograd/pointwise.h"
#include "gradus/tensor/factories.h"

namespace gradus {
namespace {

// x in the type that an operation with the number s has.
Tensor promoted(const Tensor& x, const Scalar& s) { return detail::in_type(x, result_type(x, s)); }

// A number as second operand: as `x` itself if the type stays, so that in-place forms write where they should.
template <class Op>
Tensor with_number(const char* name, Target t, const Scalar& s, const Op& op) {
  const ScalarType result = result_type(t.x, s);
  if (t.in_place) detail::check_in_place_result(name, t.x, result, t.x.sizes());
  return t.in_place || result == t.x.scalar_type() ? op(t) : op(Target(promoted(t.x, s)));
}

// A number where an operation takes a second tensor; an integer too large for its type loses its high bits.
Tensor operand(const Tensor& a, const Scalar& b) { return scalar_tensor(b).to(result_type(a, b)); }

void check_no_bool(const char* op, const Tensor& x) {
  check(x.scalar_type() != kBool, op,
        ": Subtraction, the `-` operator, with a bool tensor is not supported. If you are trying to invert a mask, use "
        "the `~` or `logical_not()` operator instead.");
}

void check_no_bool(const char* op, const Tensor& a, const Tensor& b) {
  check(a.scalar_type() != kBool || b.scalar_type() != kBool, op,
        ": Subtraction, the `-` operator, with two bool tensors is not supported. Use the `^` or `logical_xor()` "
        "operator "
        "instead.");
  check_no_bool(op, a);
  check_no_bool(op, b);
}

void check_alpha(const char* op, ScalarType result, const Scalar& alpha) {
  check(is_floating(result) || !alpha.isFloatingPoint(), op,
        ": For integral input tensors, argument alpha must not be a floating point number.");
}

Tensor add_op(Target a, const Tensor& b, const Scalar& alpha) {
  constexpr Unchanged same;
  if (alpha.equal(1))
    return binary<Kinds::numeric>(
        "add", a, b, [](auto a, auto b) { return a + b; }, from_grad(same), from_grad(same));
  check_alpha("add", result_type(a.x, b), alpha);
  return binary<Kinds::numeric>(
      "add", a, b, [alpha](auto a, auto b) { return a + b * alpha; }, from_grad(same),
      from_grad([alpha](auto g) { return g * alpha; }));
}

Tensor sub_op(Target a, const Tensor& b, const Scalar& alpha) {
  check_no_bool("sub", a.x, b);
  constexpr Unchanged same;
  if (alpha.equal(1))
    return binary<Kinds::numeric>(
        "sub", a, b, [](auto a, auto b) { return a - b; }, from_grad(same), from_grad([](auto g) { return -g; }));
  check_alpha("sub", result_type(a.x, b), alpha);
  return binary<Kinds::numeric>(
      "sub", a, b, [alpha](auto a, auto b) { return a - b * alpha; }, from_grad(same),
      from_grad([alpha](auto g) { return -(g * alpha); }));
}

Tensor mul_op(Target a, const Tensor& b) {
  return binary<Kinds::numeric>(
      "mul", a, b, [](auto a, auto b) { return a * b; }, from_b([](auto g, auto b) { return g * b; }),
      from_a([](auto g, auto a) { return g * a; }));
}

Tensor div_op(Target a, const Tensor& b) {
  return binary(
      "div", a, b, [](auto a, auto b) { return a / b; }, from_b([](auto g, auto b) { return g / b; }),
      from_inputs([](auto g, auto a, auto b) { return -g * (a / b / b); }));
}

Tensor add_number(Target t, const Scalar& b, const Scalar& alpha) {
  check_alpha("add", result_type(t.x, b), alpha);
  const Scalar s = alpha.equal(1)                                   ? b
                   : b.isFloatingPoint() || alpha.isFloatingPoint() ? Scalar(b.toDouble() * alpha.toDouble())
                                                                    : Scalar(b.toLong() * alpha.toLong());
  return with_number("add", t, b, [&](Target x) {
    return unary<Kinds::numeric>(
        "add", x, [s](auto x) { return x + s; }, from_grad(Unchanged{}));
  });
}

Tensor sub_number(Target t, const Scalar& b, const Scalar& alpha) {
  check_no_bool("sub", t.x);
  return add_number(t, -b, alpha);
}

Tensor mul_number(Target t, const Scalar& s) {
  return with_number("mul", t, s, [&](Target x) {
    return unary<Kinds::numeric>(
        "mul", x, [s](auto x) { return x * s; }, from_grad([s](auto g) { return g * s; }));
  });
}

Tensor div_number(Target t, const Scalar& s) {
  return unary(
      "div", t, [s](auto x) { return x / s; }, from_grad([s](auto g) { return g / s; }));
}

Tensor neg_op(Target x) {
  check(x.x.scalar_type() != kBool,
        "neg: Negation, the `-` operator, on a bool tensor is not supported. If you are trying to invert a mask, use "
        "the `~` "
        "or `logical_not()` operator instead.");
  return unary<Kinds::numeric>(
      "neg", x, [](auto x) { return -x; }, from_grad([](auto g) { return -g; }));
}

Tensor abs_op(Target x) {
  return unary<Kinds::numeric>(
      "abs", x, [](auto x) { return abs(x); }, from_input([](auto g, auto x) { return g * sign(x); }));
}

Tensor sqrt_op(Target x) {
  return unary(
      "sqrt", x, [](auto x) { return sqrt(x); }, from_output([](auto g, auto y) { return g / (2 * y); }));
}

// The exponents of most programs take no logarithm; that is PyTorch's choice too, down to the values at 0 and infinity.
Tensor pow_by_products(Target x, double p) {
  if (p == 2)
    return unary(
        "pow", x, [](auto x) { return x * x; }, from_input([](auto g, auto x) { return 2 * g * x; }));
  if (p == 3)
    return unary(
        "pow", x, [](auto x) { return x * x * x; }, from_input([](auto g, auto x) { return 3 * g * (x * x); }));
  if (p == -1)
    return unary(
        "pow", x, [](auto x) { return 1 / x; }, from_input([](auto g, auto x) { return -g / (x * x); }));
  return unary(
      "pow", x, [](auto x) { return 1 / (x * x); }, from_input([](auto g, auto x) { return -2 * g / (x * x * x); }));
}
Tensor pow_by_roots(Target x, double p) {
  if (p == 0.5)
    return unary(
        "pow", x, [](auto x) { return sqrt(x); }, from_input([](auto g, auto x) { return g * (0.5 * rsqrt(x)); }));
  return unary(
      "pow", x, [](auto x) { return rsqrt(x); }, from_input([](auto g, auto x) { return g * (-0.5 * pow(x, -1.5)); }));
}

// Whole powers of integers stay integers; every other exponent computes in floating point.
Tensor pow_number(Target t, const Scalar& e) {
  const double p = e.toDouble();
  if (!is_floating(result_type(t.x, e))) {
    check(p >= 0, "pow: Integers to negative integer powers are not allowed.");
    return with_number("pow", t, e, [n = e.toLong()](Target x) {
      return unary<Kinds::integer>(
          "pow", x, [n](auto x) { return integer_power(x, n); }, no_gradient());
    });
  }
  return with_number("pow", t, e, [p](Target x) {
    if (p == 0)
      return unary(
          "pow", x, [](auto x) { return decltype(x)(1); }, from_grad([](auto g) { return g * 0; }));
    if (p == 2 || p == 3 || p == -1 || p == -2) return pow_by_products(x, p);
    if (p == 0.5 || p == -0.5) return pow_by_roots(x, p);
    return unary(
        "pow", x, [p](auto x) { return pow(x, p); },
        from_input([p](auto g, auto x) { return g * (pow(x, p - 1) * p); }));
  });
}

Tensor clamp_min_op(Target t, const Scalar& lo) {
  return with_number("clamp_min", t, lo, [&](Target x) {
    return unary<Kinds::numeric>(
        "clamp_min", x, [lo](auto x) { return maximum(x, lo); },
        from_input([lo](auto g, auto x) { return where(x >= lo, g, 0); }));
  });
}

Tensor clamp_max_op(Target t, const Scalar& hi) {
  return with_number("clamp_max", t, hi, [&](Target x) {
    return unary<Kinds::numeric>(
        "clamp_max", x, [hi](auto x) { return minimum(x, hi); },
        from_input([hi](auto g, auto x) { return where(x <= hi, g, 0); }));
  });
}

Tensor clamp_op(Target t, const std::optional<Scalar>& min, const std::optional<Scalar>& max) {
  check(min || max, "clamp: At least one of 'min' or 'max' must not be None");
  if (!max) return clamp_min_op(t, *min);
  if (!min) return clamp_max_op(t, *max);
  return with_number("clamp", t, *min, [&](Target u) {
    return with_number("clamp", u, *max, [lo = *min, hi = *max](Target x) {
      return unary<Kinds::numeric>(
          "clamp", x, [lo, hi](auto x) { return minimum(maximum(x, lo), hi); },
          from_input([lo, hi](auto g, auto x) { return where((x >= lo) & (x <= hi), g, 0); }));
    });
  });
}

Tensor lerp_op(Target a, const Tensor& b, const Scalar& w) {
  check(a.x.scalar_type() == b.scalar_type(), "lerp: expected dtype ", a.x.scalar_type(), " for `end` but got dtype ",
        b.scalar_type());
  return binary(
      "lerp", a, b, [w](auto a, auto b) { return a + (b - a) * w; }, from_grad([w](auto g) { return g - g * w; }),
      from_grad([w](auto g) { return g * w; }));
}

void check_no_zero(const char* op, const Tensor& b, ScalarType compute) {
  if (!is_floating(compute)) check(!b.eq(0).any().item<bool>(), op, ": ZeroDivisionError");
}

// Of one floating type.
bool are_alike(const Tensor& x, const Tensor& a, const Tensor& b) {
  if (!x.defined() || !a.defined() || !b.defined() || !is_floating(x.scalar_type())) return false;
  return a.scalar_type() == x.scalar_type() && b.scalar_type() == x.scalar_type();
}

Tensor& self(const Tensor& t) { return const_cast<Tensor&>(t); }

}  // namespace

void detail::check_in_place_result(const char* op, const Tensor& x, ScalarType result, IntArrayRef sizes) {
  check(can_cast(result, x.scalar_type()), op, ": result type ", result, " can't be cast to the desired output type ",
        x.scalar_type());
  check(x.sizes() == sizes, op, ": output with shape ", x.sizes(), " doesn't match the broadcast shape ", sizes);
}

Tensor add(const Tensor& a, const Tensor& b, const Scalar& alpha) { return add_op(a, b, alpha); }
Tensor add(const Tensor& a, const Scalar& b, const Scalar& alpha) { return add_number(a, b, alpha); }
Tensor sub(const Tensor& a, const Tensor& b, const Scalar& alpha) { return sub_op(a, b, alpha); }
Tensor sub(const Tensor& a, const Scalar& b, const Scalar& alpha) { return sub_number(a, b, alpha); }
Tensor mul(const Tensor& a, const Tensor& b) { return mul_op(a, b); }
Tensor mul(const Tensor& a, const Scalar& b) { return mul_number(a, b); }
Tensor div(const Tensor& a, const Tensor& b) { return div_op(a, b); }
Tensor div(const Tensor& a, const Scalar& b) { return div_number(a, b); }
Tensor neg(const Tensor& x) { return neg_op(x); }
Tensor abs(const Tensor& x) { return abs_op(x); }

Tensor sign(const Tensor& x) {
  return unary<Kinds::numeric>(
      "sign", x, [](auto x) { return sign(x); }, from_grad([](auto g) { return g * 0; }));
}

Tensor reciprocal(const Tensor& x) {
  return unary(
      "reciprocal", x, [](auto x) { return 1 / x; }, from_output([](auto g, auto y) { return -g * y * y; }));
}

Tensor square(const Tensor& x) {
  return unary<Kinds::numeric>(
      "square", promoted(x, 2), [](auto x) { return x * x; }, from_input([](auto g, auto x) { return 2 * g * x; }));
}

Tensor sqrt(const Tensor& x) { return sqrt_op(x); }

Tensor rsqrt(const Tensor& x) {
  return unary(
      "rsqrt", x, [](auto x) { return rsqrt(x); }, from_output([](auto g, auto y) { return -0.5 * g * y * y * y; }));
}

Tensor pow(const Tensor& x, const Scalar& e) { return pow_number(x, e); }

Tensor pow(const Tensor& x, const Tensor& e) {
  if (!is_floating(result_type(x, e))) {
    check(!e.lt(0).any().item<bool>(), "pow: Integers to negative integer powers are not allowed.");
    return binary<Kinds::integer>(
        "pow", x, e, [](auto x, auto e) { return integer_power(x, e); }, no_gradient(), no_gradient());
  }
  return binary(
      "pow", x, e, [](auto x, auto e) { return pow(x, e); },
      from_inputs([](auto g, auto x, auto e) { return where(e == 0, 0, g * (e * pow(x, e - 1))); }),
      from_inputs([](auto g, auto x, auto e) {
        auto flat = (x == 0) & (e >= 0);
        return where(flat, 0, g * pow(x, e) * log(where(flat, 1, x)));
      }));
}

Tensor pow(const Scalar& x, const Tensor& e) {
  const Tensor exponent = detail::in_type(e, result_type(e, x));
  if (!is_floating(exponent.scalar_type()))
    return unary<Kinds::integer>(
        "pow", exponent, [n = x.toLong()](auto e) { return pow(decltype(e)(n), e); }, no_gradient());
  if (x.toDouble() == 2)
    return unary(
        "pow", exponent, [](auto e) { return exp2(e); },
        from_output([](auto g, auto y) { return g * y * std::numbers::ln2; }));
  return unary(
      "pow", exponent, [x](auto e) { return pow(decltype(e)(x), e); },
      from_output([l = x.toDouble() == 0 ? 0.0 : std::log(x.toDouble())](auto g, auto y) { return g * y * l; }));
}

Tensor maximum(const Tensor& a, const Tensor& b) {
  return binary<Kinds::numeric>(
      "maximum", a, b, [](auto a, auto b) { return maximum(a, b); },
      from_inputs([](auto g, auto a, auto b) { return where(a == b, g * 0.5, where(a < b, 0, g)); }),
      from_inputs([](auto g, auto a, auto b) { return where(a == b, g * 0.5, where(b < a, 0, g)); }));
}

Tensor minimum(const Tensor& a, const Tensor& b) {
  return binary<Kinds::numeric>(
      "minimum", a, b, [](auto a, auto b) { return minimum(a, b); },
      from_inputs([](auto g, auto a, auto b) { return where(a == b, g * 0.5, where(a > b, 0, g)); }),
      from_inputs([](auto g, auto a, auto b) { return where(a == b, g * 0.5, where(b > a, 0, g)); }));
}

Tensor clamp(const Tensor& x, const std::optional<Scalar>& min, const std::optional<Scalar>& max) {
  return clamp_op(x, min, max);
}
Tensor clamp_min(const Tensor& x, const Scalar& min) { return clamp_min_op(x, min); }
Tensor clamp_max(const Tensor& x, const Scalar& max) { return clamp_max_op(x, max); }
Tensor lerp(const Tensor& a, const Tensor& b, const Scalar& w) { return lerp_op(a, b, w); }

// Of one floating type the three are one pass; else types are promoted, and texts given, as those of mul and add.
Tensor addcmul(const Tensor& x, const Tensor& a, const Tensor& b, const Scalar& value) {
  if (!are_alike(x, a, b)) return add(x, mul(a, b), value);
  const double v = value.toDouble();
  Tensor y = kernels::map<Kinds::real>(
      "addcmul", x.scalar_type(), x.scalar_type(), [v](auto x, auto a, auto b) { return x + a * b * v; }, x, a, b);
  if (!recording({x, a, b})) return y;
  return record("addcmul", std::move(y), {x, a, b},
                [a = saved_for(b, a), b = saved_for(a, b), v](const Tensor& g, Node& n) {
                  return std::array<Tensor, 3>{n.needs(0) ? g : Tensor(), n.needs(1) ? g * b.get(n) * v : Tensor(),
                                               n.needs(2) ? g * a.get(n) * v : Tensor()};
                });
}
Tensor addcdiv(const Tensor& x, const Tensor& a, const Tensor& b, const Scalar& value) {
  if (!are_alike(x, a, b)) return add(x, div(a, b), value);
  const double v = value.toDouble();
  Tensor y = kernels::map<Kinds::real>(
      "addcdiv", x.scalar_type(), x.scalar_type(), [v](auto x, auto a, auto b) { return x + a / b * v; }, x, a, b);
  if (!recording({x, a, b})) return y;
  return record("addcdiv", std::move(y), {x, a, b}, [a = saved_for(b, a), b = Saved(b), v](const Tensor& g, Node& n) {
    const Tensor rest = n.needs(1) || n.needs(2) ? g / b.get(n) * v : Tensor();
    return std::array<Tensor, 3>{n.needs(0) ? g : Tensor(), n.needs(1) ? rest : Tensor(),
                                 n.needs(2) ? -rest * a.get(n) / b.get(n) : Tensor()};
  });
}

Tensor fmod(const Tensor& a, const Tensor& b) {
  check_no_zero("fmod", b, result_type(a, b));
  return binary<Kinds::numeric>(
      "fmod", a, b, [](auto a, auto b) { return fmod(a, b); }, from_grad(Unchanged{}),
      from_inputs([](auto g, auto a, auto b) { return -g * trunc(a / b); }));
}
Tensor fmod(const Tensor& a, const Scalar& b) { return fmod(a, operand(a, b)); }

Tensor remainder(const Tensor& a, const Tensor& b) {
  check_no_zero("remainder", b, result_type(a, b));
  return binary<Kinds::numeric>(
      "remainder", a, b, [](auto a, auto b) { return remainder(a, b); }, from_grad(Unchanged{}),
      from_inputs([](auto g, auto a, auto b) {
        const auto q = a / b;  // which rounds to -0 where the quotient rounded down is -1
        return -g * where((q == 0) & signbit(q) & (a != 0), -1, floor(q));
      }));
}
Tensor remainder(const Tensor& a, const Scalar& b) { return remainder(a, operand(a, b)); }

Tensor operator-(const Scalar& a, const Tensor& b) {
  check_no_bool("rsub", b);
  return unary<Kinds::numeric>(
      "rsub", detail::in_type(b, result_type(b, a)), [a](auto x) { return a - x; },
      from_grad([](auto g) { return -g; }));
}

Tensor operator/(const Scalar& a, const Tensor& b) {
  return unary(
      "rdiv", b, [a](auto x) { return a / x; }, from_input([a](auto g, auto x) { return -g * a / (x * x); }));
}

void add_into(const Tensor& a, const Tensor& b) {
  kernels::map_into<Kinds::numeric>(
      "add", a, a.scalar_type(), [](auto a, auto b) { return a + b; }, a, b);
}

// ---- methods --------------------------------------------------------------------------------------------------------

Tensor Tensor::add(const Tensor& o, const Scalar& alpha) const { return add_op(*this, o, alpha); }
Tensor Tensor::add(const Scalar& o, const Scalar& alpha) const { return add_number(*this, o, alpha); }
Tensor& Tensor::add_(const Tensor& o, const Scalar& alpha) const {
  add_op(overwriting(*this), o, alpha);
  return self(*this);
}
Tensor& Tensor::add_(const Scalar& o, const Scalar& alpha) const {
  add_number(overwriting(*this), o, alpha);
  return self(*this);
}
Tensor Tensor::sub(const Tensor& o, const Scalar& alpha) const { return sub_op(*this, o, alpha); }
Tensor Tensor::sub(const Scalar& o, const Scalar& alpha) const { return sub_number(*this, o, alpha); }
Tensor& Tensor::sub_(const Tensor& o, const Scalar& alpha) const {
  sub_op(overwriting(*this), o, alpha);
  return self(*this);
}
Tensor& Tensor::sub_(const Scalar& o, const Scalar& alpha) const {
  sub_number(overwriting(*this), o, alpha);
  return self(*this);
}
Tensor Tensor::mul(const Tensor& o) const { return mul_op(*this, o); }
Tensor Tensor::mul(const Scalar& o) const { return mul_number(*this, o); }
Tensor& Tensor::mul_(const Tensor& o) const {
  mul_op(overwriting(*this), o);
  return self(*this);
}
Tensor& Tensor::mul_(const Scalar& o) const {
  mul_number(overwriting(*this), o);
  return self(*this);
}
Tensor Tensor::div(const Tensor& o) const { return div_op(*this, o); }
Tensor Tensor::div(const Scalar& o) const { return div_number(*this, o); }
Tensor& Tensor::div_(const Tensor& o) const {
  div_op(overwriting(*this), o);
  return self(*this);
}
Tensor& Tensor::div_(const Scalar& o) const {
  div_number(overwriting(*this), o);
  return self(*this);
}
Tensor Tensor::neg() const { return neg_op(*this); }
Tensor& Tensor::neg_() const {
  neg_op(overwriting(*this));
  return self(*this);
}
Tensor Tensor::abs() const { return abs_op(*this); }
Tensor& Tensor::abs_() const {
  abs_op(overwriting(*this));
  return self(*this);
}
Tensor Tensor::sign() const { return gradus::sign(*this); }
Tensor Tensor::reciprocal() const { return gradus::reciprocal(*this); }
Tensor Tensor::square() const { return gradus::square(*this); }
Tensor Tensor::sqrt() const { return sqrt_op(*this); }
Tensor& Tensor::sqrt_() const {
  sqrt_op(overwriting(*this));
  return self(*this);
}
Tensor Tensor::rsqrt() const { return gradus::rsqrt(*this); }
Tensor Tensor::pow(const Scalar& e) const { return pow_number(*this, e); }
Tensor Tensor::pow(const Tensor& e) const { return gradus::pow(*this, e); }
Tensor& Tensor::pow_(const Scalar& e) const {
  pow_number(overwriting(*this), e);
  return self(*this);
}
Tensor Tensor::maximum(const Tensor& o) const { return gradus::maximum(*this, o); }
Tensor Tensor::minimum(const Tensor& o) const { return gradus::minimum(*this, o); }
Tensor Tensor::clamp(const std::optional<Scalar>& min, const std::optional<Scalar>& max) const {
  return clamp_op(*this, min, max);
}
Tensor& Tensor::clamp_(const std::optional<Scalar>& min, const std::optional<Scalar>& max) const {
  clamp_op(overwriting(*this), min, max);
  return self(*this);
}
Tensor Tensor::clamp_min(const Scalar& min) const { return clamp_min_op(*this, min); }
Tensor& Tensor::clamp_min_(const Scalar& min) const {
  clamp_min_op(overwriting(*this), min);
  return self(*this);
}
Tensor Tensor::clamp_max(const Scalar& max) const { return clamp_max_op(*this, max); }
Tensor& Tensor::clamp_max_(const Scalar& max) const {
  clamp_max_op(overwriting(*this), max);
  return self(*this);
}
Tensor Tensor::lerp(const Tensor& end, const Scalar& w) const { return lerp_op(*this, end, w); }
Tensor& Tensor::lerp_(const Tensor& end, const Scalar& w) const {
  lerp_op(overwriting(*this), end, w);
  return self(*this);
}
Tensor Tensor::addcmul(const Tensor& a, const Tensor& b, const Scalar& v) const {
  return gradus::addcmul(*this, a, b, v);
}
Tensor& Tensor::addcmul_(const Tensor& a, const Tensor& b, const Scalar& v) const { return add_(gradus::mul(a, b), v); }
Tensor Tensor::addcdiv(const Tensor& a, const Tensor& b, const Scalar& v) const {
  return gradus::addcdiv(*this, a, b, v);
}
Tensor& Tensor::addcdiv_(const Tensor& a, const Tensor& b, const Scalar& v) const { return add_(gradus::div(a, b), v); }
Tensor Tensor::fmod(const Scalar& o) const { return gradus::fmod(*this, o); }
Tensor Tensor::fmod(const Tensor& o) const { return gradus::fmod(*this, o); }
Tensor Tensor::remainder(const Scalar& o) const { return gradus::remainder(*this, o); }
Tensor Tensor::remainder(const Tensor& o) const { return gradus::remainder(*this, o); }

}  // namespace gradus
