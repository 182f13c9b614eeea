#include "gradus/autograd/ops/compare.h"

#include <cmath>

#include "gradus/autograd/overwrite.h"
#include "gradus/autograd/pointwise.h"
#include "gradus/tensor/factories.h"

namespace gradus {
namespace {

Tensor operand(const Tensor& a, const Scalar& b) { return scalar_tensor(b, result_type(a, b)); }

// The number as the result's type has it: rounded to a 16-bit float, or cut off to the low bits of a narrow integer.
Scalar in_type_of(const Tensor& a, const Scalar& b) {
  return dispatch(result_type(a, b), [&]<class T>() { return Scalar(b.wrapped<T>()); });
}

template <class F>
Tensor compare(const char* op, const Tensor& a, const Tensor& b, const F& f) {
  check(a.defined() && b.defined(), op, ": expected two tensors, but got an undefined one");
  return kernels::map<Kinds::numeric>(op, result_type(a, b), kBool, f, a, b);
}

template <class F>
Tensor compare(const char* op, const Tensor& a, const Scalar& b, const F& f) {
  check(a.defined(), op, ": expected a tensor, but got an undefined one");
  const Scalar number = in_type_of(a, b);
  return kernels::map<Kinds::numeric>(
      op, result_type(a, b), kBool, [number, f](auto a) { return f(a, number); }, a);
}

template <class F>
Tensor test(const char* op, const Tensor& x, const F& f) {
  check(x.defined(), op, ": expected a tensor, but got an undefined one");
  return kernels::map<Kinds::numeric>(op, x.scalar_type(), kBool, f, x);
}

void check_bool(const char* op, const Tensor& mask) {
  check(mask.defined() && mask.scalar_type() == kBool, op, ": expected a mask of dtype bool, got ",
        mask.defined() ? name(mask.scalar_type()) : "an undefined tensor");
}

Tensor masked_fill_op(Target t, const Tensor& mask, const Scalar& value) {
  const Tensor& x = t.x;
  check_bool("masked_fill", mask);
  check(x.scalar_type() != kBool || !value.isFloatingPoint(),
        "masked_fill: value cannot be converted to type bool without overflow");
  const ScalarType type = x.scalar_type();
  const Scalar fits = dispatch(type, [&]<class T>() { return Scalar(value.to<T>()); });
  auto backward = [mask = Saved(mask)](const Tensor& g, Node& self) {
    return std::array<Tensor, 2>{masked_fill(g, mask.get(self), 0), Tensor()};
  };
  auto f = [fits](auto x, auto m) { return where(m != 0, fits, x); };
  if (!t.in_place)
    return record("masked_fill", kernels::map<Kinds::numeric, 1>("masked_fill", type, type, f, x, mask), {x, mask},
                  backward);
  check_in_place("masked_fill_", x);
  detail::check_in_place_result("masked_fill_", x, type, broadcast("masked_fill_", x.sizes(), mask.sizes()));
  auto node = prepare_in_place("masked_fill", {x, mask}, backward);
  kernels::map_into<Kinds::numeric, 1>("masked_fill", x, type, f, x, mask);
  finish_in_place(x, node);
  return x;
}

}  // namespace

Tensor eq(const Tensor& a, const Tensor& b) {
  return compare("eq", a, b, [](auto a, auto b) { return a == b; });
}
Tensor eq(const Tensor& a, const Scalar& b) {
  return compare("eq", a, b, [](auto a, auto b) { return a == b; });
}
Tensor ne(const Tensor& a, const Tensor& b) {
  return compare("ne", a, b, [](auto a, auto b) { return a != b; });
}
Tensor ne(const Tensor& a, const Scalar& b) {
  return compare("ne", a, b, [](auto a, auto b) { return a != b; });
}
Tensor lt(const Tensor& a, const Tensor& b) {
  return compare("lt", a, b, [](auto a, auto b) { return a < b; });
}
Tensor lt(const Tensor& a, const Scalar& b) {
  return compare("lt", a, b, [](auto a, auto b) { return a < b; });
}
Tensor le(const Tensor& a, const Tensor& b) {
  return compare("le", a, b, [](auto a, auto b) { return a <= b; });
}
Tensor le(const Tensor& a, const Scalar& b) {
  return compare("le", a, b, [](auto a, auto b) { return a <= b; });
}
Tensor gt(const Tensor& a, const Tensor& b) {
  return compare("gt", a, b, [](auto a, auto b) { return a > b; });
}
Tensor gt(const Tensor& a, const Scalar& b) {
  return compare("gt", a, b, [](auto a, auto b) { return a > b; });
}
Tensor ge(const Tensor& a, const Tensor& b) {
  return compare("ge", a, b, [](auto a, auto b) { return a >= b; });
}
Tensor ge(const Tensor& a, const Scalar& b) {
  return compare("ge", a, b, [](auto a, auto b) { return a >= b; });
}

Tensor logical_not(const Tensor& x) {
  return test("logical_not", x, [](auto x) { return x == 0; });
}
Tensor logical_and(const Tensor& a, const Tensor& b) {
  return compare("logical_and", a, b, [](auto a, auto b) { return (a != 0) & (b != 0); });
}
Tensor logical_or(const Tensor& a, const Tensor& b) {
  return compare("logical_or", a, b, [](auto a, auto b) { return (a != 0) | (b != 0); });
}
Tensor logical_xor(const Tensor& a, const Tensor& b) {
  return compare("logical_xor", a, b, [](auto a, auto b) { return (a != 0) ^ (b != 0); });
}

Tensor isnan(const Tensor& x) {
  return test("isnan", x, [](auto x) { return x != x; });
}
Tensor isinf(const Tensor& x) {
  if (!is_floating(x.scalar_type())) return zeros(x.sizes(), kBool);
  return kernels::map<Kinds::real>(
      "isinf", x.scalar_type(), kBool, [](auto x) { return abs(x) == INFINITY; }, x);
}
Tensor isfinite(const Tensor& x) {
  if (!is_floating(x.scalar_type())) return ones(x.sizes(), kBool);
  return kernels::map<Kinds::real>(
      "isfinite", x.scalar_type(), kBool, [](auto x) { return x - x == 0; }, x);
}

Tensor where(const Tensor& c, const Tensor& a, const Tensor& b) {
  check_bool("where", c);
  const ScalarType type = result_type(a, b);
  Tensor y = kernels::map<Kinds::numeric, 0>(
      "where", type, type, [](auto c, auto a, auto b) { return where(c != 0, a, b); }, c, a, b);
  return record("where", std::move(y), {c, a, b}, [c = Saved(c)](const Tensor& g, Node& self) {
    const Tensor m = c.get(self);
    return std::array<Tensor, 3>{Tensor(), self.needs(1) ? where(m, g, 0) : Tensor(),
                                 self.needs(2) ? where(m, 0, g) : Tensor()};
  });
}
Tensor where(const Tensor& c, const Tensor& a, const Scalar& b) { return where(c, a, operand(a, b)); }
Tensor where(const Tensor& c, const Scalar& a, const Tensor& b) { return where(c, operand(b, a), b); }
Tensor where(const Tensor& c, const Scalar& a, const Scalar& b) {
  auto number = [](const Scalar& s) { return scalar_tensor(s, s.isFloatingPoint() ? default_dtype() : s.type()); };
  return where(c, number(a), number(b));
}

Tensor masked_fill(const Tensor& x, const Tensor& mask, const Scalar& value) { return masked_fill_op(x, mask, value); }
Tensor masked_fill(const Tensor& x, const Tensor& mask, const Tensor& value) {
  check(value.dim() == 0, "masked_fill only supports a 0-dimensional value tensor, but got tensor with ", value.dim(),
        " dimension(s).");
  return where(mask, detail::in_type(value, x.scalar_type()), x);
}

Tensor isclose(const Tensor& a, const Tensor& b, double rtol, double atol, bool equal_nan) {
  check(a.scalar_type() == b.scalar_type(), "isclose: ", a.scalar_type(), " did not match ", b.scalar_type());
  if (!is_floating(a.scalar_type())) {  // equal, or near by what the tolerances allow in floating point
    const Tensor x = a.detach().to(kLong), y = b.detach().to(kLong);
    return logical_or(eq(x, y), le(abs(sub(x, y)).to(kDouble), add(mul(abs(y).to(kDouble), rtol), atol)));
  }
  return compare("isclose", a, b, [=](auto a, auto b) {
    const auto close = (a == b) | ((abs(b) < INFINITY) & (abs(a - b) <= atol + rtol * abs(b)));
    return equal_nan ? close | ((a != a) & (b != b)) : close;
  });
}

bool allclose(const Tensor& a, const Tensor& b, double rtol, double atol, bool equal_nan) {
  return isclose(a, b, rtol, atol, equal_nan).all().item<bool>();
}

bool equal(const Tensor& a, const Tensor& b) {
  if (a.sizes() != b.sizes()) return false;
  check(a.scalar_type() == b.scalar_type(), "Expected object of data type ", a.scalar_type(), " but got data type ",
        b.scalar_type(), " for argument 'other' in call to equal");
  return eq(a, b).all().item<bool>();
}

Tensor isposinf(const Tensor& x) {
  return test("isposinf", x, [](auto x) {
    if constexpr (std::is_floating_point_v<typename decltype(x)::value_type>)
      return x == INFINITY;
    else
      return x != x;
  });
}
Tensor isneginf(const Tensor& x) {
  return test("isneginf", x, [](auto x) {
    if constexpr (std::is_floating_point_v<typename decltype(x)::value_type>)
      return x == -INFINITY;
    else
      return x != x;
  });
}
Tensor isreal(const Tensor& x) { return ones(x.sizes(), kBool); }
Tensor signbit(const Tensor& x) {
  return test("signbit", x, [](auto x) {
    if constexpr (std::is_floating_point_v<typename decltype(x)::value_type>)
      return signbit(x);
    else
      return x < 0;
  });
}

std::vector<Tensor> where(const Tensor& condition) { return nonzero_numpy(condition); }

// ---- methods --------------------------------------------------------------------------------------------------------

Tensor Tensor::eq(const Tensor& o) const { return gradus::eq(*this, o); }
Tensor Tensor::eq(const Scalar& o) const { return gradus::eq(*this, o); }
Tensor Tensor::ne(const Tensor& o) const { return gradus::ne(*this, o); }
Tensor Tensor::ne(const Scalar& o) const { return gradus::ne(*this, o); }
Tensor Tensor::lt(const Tensor& o) const { return gradus::lt(*this, o); }
Tensor Tensor::lt(const Scalar& o) const { return gradus::lt(*this, o); }
Tensor Tensor::le(const Tensor& o) const { return gradus::le(*this, o); }
Tensor Tensor::le(const Scalar& o) const { return gradus::le(*this, o); }
Tensor Tensor::gt(const Tensor& o) const { return gradus::gt(*this, o); }
Tensor Tensor::gt(const Scalar& o) const { return gradus::gt(*this, o); }
Tensor Tensor::ge(const Tensor& o) const { return gradus::ge(*this, o); }
Tensor Tensor::ge(const Scalar& o) const { return gradus::ge(*this, o); }
Tensor Tensor::logical_and(const Tensor& o) const { return gradus::logical_and(*this, o); }
Tensor Tensor::logical_or(const Tensor& o) const { return gradus::logical_or(*this, o); }
Tensor Tensor::logical_xor(const Tensor& o) const { return gradus::logical_xor(*this, o); }
Tensor Tensor::logical_not() const { return gradus::logical_not(*this); }
Tensor Tensor::isnan() const { return gradus::isnan(*this); }
Tensor Tensor::isinf() const { return gradus::isinf(*this); }
Tensor Tensor::isfinite() const { return gradus::isfinite(*this); }
Tensor Tensor::where(const Tensor& condition, const Tensor& other) const {
  return gradus::where(condition, *this, other);
}
Tensor Tensor::masked_fill(const Tensor& mask, const Scalar& value) const { return masked_fill_op(*this, mask, value); }
Tensor& Tensor::masked_fill_(const Tensor& mask, const Scalar& value) const {
  masked_fill_op(overwriting(*this), mask, value);
  return const_cast<Tensor&>(*this);
}
bool Tensor::allclose(const Tensor& o, double rtol, double atol, bool equal_nan) const {
  return gradus::allclose(*this, o, rtol, atol, equal_nan);
}
bool Tensor::equal(const Tensor& o) const { return gradus::equal(*this, o); }
Tensor& TensorMethods::eq_(const Scalar& other) const {
  return detail::overwrite("eq_", itself(), {}, [&](const Tensor& x) { return gradus::eq(x, other); });
}
Tensor& TensorMethods::eq_(const Tensor& other) const {
  return detail::overwrite("eq_", itself(), {other}, [&](const Tensor& x) { return gradus::eq(x, other); });
}
Tensor& TensorMethods::ne_(const Scalar& other) const {
  return detail::overwrite("ne_", itself(), {}, [&](const Tensor& x) { return gradus::ne(x, other); });
}
Tensor& TensorMethods::ne_(const Tensor& other) const {
  return detail::overwrite("ne_", itself(), {other}, [&](const Tensor& x) { return gradus::ne(x, other); });
}
Tensor& TensorMethods::lt_(const Scalar& other) const {
  return detail::overwrite("lt_", itself(), {}, [&](const Tensor& x) { return gradus::lt(x, other); });
}
Tensor& TensorMethods::lt_(const Tensor& other) const {
  return detail::overwrite("lt_", itself(), {other}, [&](const Tensor& x) { return gradus::lt(x, other); });
}
Tensor& TensorMethods::le_(const Scalar& other) const {
  return detail::overwrite("le_", itself(), {}, [&](const Tensor& x) { return gradus::le(x, other); });
}
Tensor& TensorMethods::le_(const Tensor& other) const {
  return detail::overwrite("le_", itself(), {other}, [&](const Tensor& x) { return gradus::le(x, other); });
}
Tensor& TensorMethods::gt_(const Scalar& other) const {
  return detail::overwrite("gt_", itself(), {}, [&](const Tensor& x) { return gradus::gt(x, other); });
}
Tensor& TensorMethods::gt_(const Tensor& other) const {
  return detail::overwrite("gt_", itself(), {other}, [&](const Tensor& x) { return gradus::gt(x, other); });
}
Tensor& TensorMethods::ge_(const Scalar& other) const {
  return detail::overwrite("ge_", itself(), {}, [&](const Tensor& x) { return gradus::ge(x, other); });
}
Tensor& TensorMethods::ge_(const Tensor& other) const {
  return detail::overwrite("ge_", itself(), {other}, [&](const Tensor& x) { return gradus::ge(x, other); });
}
Tensor& TensorMethods::logical_and_(const Tensor& other) const {
  return detail::overwrite("logical_and_", itself(), {other},
                           [&](const Tensor& x) { return gradus::logical_and(x, other); });
}
Tensor& TensorMethods::logical_or_(const Tensor& other) const {
  return detail::overwrite("logical_or_", itself(), {other},
                           [&](const Tensor& x) { return gradus::logical_or(x, other); });
}
Tensor& TensorMethods::logical_xor_(const Tensor& other) const {
  return detail::overwrite("logical_xor_", itself(), {other},
                           [&](const Tensor& x) { return gradus::logical_xor(x, other); });
}
Tensor& TensorMethods::logical_not_() const {
  return detail::overwrite("logical_not_", itself(), {}, [&](const Tensor& x) { return gradus::logical_not(x); });
}
Tensor TensorMethods::isposinf() const { return gradus::isposinf(itself()); }
Tensor TensorMethods::isneginf() const { return gradus::isneginf(itself()); }
Tensor TensorMethods::isreal() const { return gradus::isreal(itself()); }
Tensor TensorMethods::signbit() const { return gradus::signbit(itself()); }
Tensor TensorMethods::isclose(const Tensor& other, double rtol, double atol, bool equal_nan) const {
  return gradus::isclose(itself(), other, rtol, atol, equal_nan);
}
Tensor Tensor::where(const Tensor& condition, const Scalar& other) const {
  return gradus::where(condition, *this, other);
}
Tensor Tensor::masked_fill(const Tensor& mask, const Tensor& value) const {
  return gradus::masked_fill(*this, mask, value);
}
Tensor& Tensor::masked_fill_(const Tensor& mask, const Tensor& value) const {
  return detail::overwrite("masked_fill_", *this, {mask, value},
                           [&](const Tensor& x) { return gradus::masked_fill(x, mask, value); });
}

}  // namespace gradus
