#include "gradus/autograd/ops/bitwise.h"

#include "gradus/autograd/overwrite.h"
#include "gradus/autograd/pointwise.h"
#include "gradus/tensor/factories.h"
#include "gradus/tensor/kernels/simd_lanes.h"

namespace gradus {
namespace {

// A number where an operation takes a second tensor.
Tensor operand(const Tensor& a, const Scalar& b) { return scalar_tensor(b, result_type(a, b)); }

// On bools a product; integers are combined bit by bit.
template <class F>
Tensor bits(const char* op, const Tensor& a, const Tensor& b, const F& f) {
  check(a.defined() && b.defined(), op, ": expected two tensors, but got an undefined one");
  const ScalarType type = result_type(a, b);
  check(!is_floating(type), op, ": \"", op, "_cpu\" not implemented for '", name(type), "'");
  return kernels::map<Kinds::integer>(op, type, type, f, a, b);
}

template <class F>
Tensor shifted(const char* op, const Tensor& a, const Tensor& b, const F& f) {
  check(a.defined() && b.defined(), op, ": expected two tensors, but got an undefined one");
  const ScalarType type = result_type(a, b);
  check(!is_floating(type) && type != kBool, op, ": \"", op, "_cpu\" not implemented for '", name(type), "'");
  const auto width = static_cast<int64_t>(8 * element_size(type));
  return kernels::map<Kinds::integer>(
      op, type, type, [f, width](auto a, auto b) { return f(a, b, width); }, a, b);
}

}  // namespace

Tensor bitwise_and(const Tensor& a, const Tensor& b) {
  return bits("bitwise_and", a, b, [](auto a, auto b) { return decltype(a)(typename decltype(a)::R(a.v & b.v)); });
}
Tensor bitwise_or(const Tensor& a, const Tensor& b) {
  return bits("bitwise_or", a, b, [](auto a, auto b) { return decltype(a)(typename decltype(a)::R(a.v | b.v)); });
}
Tensor bitwise_xor(const Tensor& a, const Tensor& b) {
  return bits("bitwise_xor", a, b, [](auto a, auto b) { return decltype(a)(typename decltype(a)::R(a.v ^ b.v)); });
}
Tensor bitwise_and(const Tensor& a, const Scalar& b) { return bitwise_and(a, operand(a, b)); }
Tensor bitwise_and(const Scalar& a, const Tensor& b) { return bitwise_and(operand(b, a), b); }
Tensor bitwise_or(const Tensor& a, const Scalar& b) { return bitwise_or(a, operand(a, b)); }
Tensor bitwise_or(const Scalar& a, const Tensor& b) { return bitwise_or(operand(b, a), b); }
Tensor bitwise_xor(const Tensor& a, const Scalar& b) { return bitwise_xor(a, operand(a, b)); }
Tensor bitwise_xor(const Scalar& a, const Tensor& b) { return bitwise_xor(operand(b, a), b); }

Tensor bitwise_not(const Tensor& x) {
  check(x.defined(), "bitwise_not: expected a tensor, but got an undefined one");
  const ScalarType type = x.scalar_type();
  if (type == kBool) return logical_not(x);
  check(!is_floating(type), "bitwise_not: \"bitwise_not_cpu\" not implemented for '", name(type), "'");
  return kernels::map<Kinds::integer>(
      "bitwise_not", type, type, [](auto x) { return decltype(x)(typename decltype(x)::R(~x.v)); }, x);
}

Tensor bitwise_left_shift(const Tensor& a, const Tensor& b) {
  return shifted("lshift", a, b, [](auto a, auto b, int64_t width) { return shift_left(a, b, width); });
}
Tensor bitwise_left_shift(const Tensor& a, const Scalar& b) { return bitwise_left_shift(a, operand(a, b)); }
Tensor bitwise_left_shift(const Scalar& a, const Tensor& b) { return bitwise_left_shift(operand(b, a), b); }
Tensor bitwise_right_shift(const Tensor& a, const Tensor& b) {
  return shifted("rshift", a, b, [](auto a, auto b, int64_t width) { return shift_right(a, b, width); });
}
Tensor bitwise_right_shift(const Tensor& a, const Scalar& b) { return bitwise_right_shift(a, operand(a, b)); }
Tensor bitwise_right_shift(const Scalar& a, const Tensor& b) { return bitwise_right_shift(operand(b, a), b); }

// ---- methods --------------------------------------------------------------------------------------------------------

Tensor TensorMethods::bitwise_and(const Scalar& other) const { return gradus::bitwise_and(itself(), other); }
Tensor TensorMethods::bitwise_and(const Tensor& other) const { return gradus::bitwise_and(itself(), other); }
Tensor& TensorMethods::bitwise_and_(const Scalar& other) const {
  return detail::overwrite("bitwise_and_", itself(), {},
                           [&](const Tensor& x) { return gradus::bitwise_and(x, other); });
}
Tensor& TensorMethods::bitwise_and_(const Tensor& other) const {
  return detail::overwrite("bitwise_and_", itself(), {other},
                           [&](const Tensor& x) { return gradus::bitwise_and(x, other); });
}
Tensor TensorMethods::bitwise_or(const Scalar& other) const { return gradus::bitwise_or(itself(), other); }
Tensor TensorMethods::bitwise_or(const Tensor& other) const { return gradus::bitwise_or(itself(), other); }
Tensor& TensorMethods::bitwise_or_(const Scalar& other) const {
  return detail::overwrite("bitwise_or_", itself(), {}, [&](const Tensor& x) { return gradus::bitwise_or(x, other); });
}
Tensor& TensorMethods::bitwise_or_(const Tensor& other) const {
  return detail::overwrite("bitwise_or_", itself(), {other},
                           [&](const Tensor& x) { return gradus::bitwise_or(x, other); });
}
Tensor TensorMethods::bitwise_xor(const Scalar& other) const { return gradus::bitwise_xor(itself(), other); }
Tensor TensorMethods::bitwise_xor(const Tensor& other) const { return gradus::bitwise_xor(itself(), other); }
Tensor& TensorMethods::bitwise_xor_(const Scalar& other) const {
  return detail::overwrite("bitwise_xor_", itself(), {},
                           [&](const Tensor& x) { return gradus::bitwise_xor(x, other); });
}
Tensor& TensorMethods::bitwise_xor_(const Tensor& other) const {
  return detail::overwrite("bitwise_xor_", itself(), {other},
                           [&](const Tensor& x) { return gradus::bitwise_xor(x, other); });
}
Tensor TensorMethods::bitwise_not() const { return gradus::bitwise_not(itself()); }
Tensor& TensorMethods::bitwise_not_() const {
  return detail::overwrite("bitwise_not_", itself(), {}, [&](const Tensor& x) { return gradus::bitwise_not(x); });
}
Tensor TensorMethods::bitwise_left_shift(const Tensor& other) const {
  return gradus::bitwise_left_shift(itself(), other);
}
Tensor TensorMethods::bitwise_left_shift(const Scalar& other) const {
  return gradus::bitwise_left_shift(itself(), other);
}
Tensor& TensorMethods::bitwise_left_shift_(const Tensor& other) const {
  return detail::overwrite("bitwise_left_shift_", itself(), {other},
                           [&](const Tensor& x) { return gradus::bitwise_left_shift(x, other); });
}
Tensor& TensorMethods::bitwise_left_shift_(const Scalar& other) const {
  return detail::overwrite("bitwise_left_shift_", itself(), {},
                           [&](const Tensor& x) { return gradus::bitwise_left_shift(x, other); });
}
Tensor TensorMethods::bitwise_right_shift(const Tensor& other) const {
  return gradus::bitwise_right_shift(itself(), other);
}
Tensor TensorMethods::bitwise_right_shift(const Scalar& other) const {
  return gradus::bitwise_right_shift(itself(), other);
}
Tensor& TensorMethods::bitwise_right_shift_(const Tensor& other) const {
  return detail::overwrite("bitwise_right_shift_", itself(), {other},
                           [&](const Tensor& x) { return gradus::bitwise_right_shift(x, other); });
}
Tensor& TensorMethods::bitwise_right_shift_(const Scalar& other) const {
  return detail::overwrite("bitwise_right_shift_", itself(), {},
                           [&](const Tensor& x) { return gradus::bitwise_right_shift(x, other); });
}

}  // namespace gradus
