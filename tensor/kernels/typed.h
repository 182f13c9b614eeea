// From tensors to the kernels that take plain pointers.
#pragma once
#include "gradus/tensor/tensor.h"

namespace gradus::kernels {

namespace detail {

template <class T>
T* address(const char* op, const Tensor& t, ScalarType type) {
  if (!t.defined()) return nullptr;
  check(t.scalar_type() == type, op, ": expected scalar type ", gradus::name(type), " but found ",
        gradus::name(t.scalar_type()));
  check(t.is_contiguous(), op, ": expected a contiguous tensor, got sizes ", t.sizes(), " and strides ", t.strides());
  return reinterpret_cast<T*>(t.unsafeGetTensorImpl()->data());
}

}  // namespace detail

/// Calls f(T*...) with the addresses of contiguous float or double tensors of the first one's type; an undefined tensor
/// becomes a null pointer.
template <class F, class... X>
void with_floating(const char* op, const F& f, const Tensor& first, const X&... rest) {
  dispatch_floating(op, first.scalar_type(), [&]<class T>() {
    f(detail::address<T>(op, first, dtype_of<T>), detail::address<T>(op, rest, dtype_of<T>)...);
  });
}

/// As above for tensors of any layout, whose element type is one of `Types`: the kernel knows the strides.
template <class... Types, class F, class... X>
void with_addresses(const char* op, const F& f, const Tensor& first, const X&... rest) {
  auto at = [&]<class T>(const Tensor& t) {
    if (t.defined())
      check(t.scalar_type() == dtype_of<T>, op, ": expected scalar type ", gradus::name(dtype_of<T>), " but found ",
            gradus::name(t.scalar_type()));
    return t.defined() ? reinterpret_cast<T*>(t.unsafeGetTensorImpl()->data()) : nullptr;
  };
  bool done = false;
  auto attempt = [&]<class T>() {
    if (first.scalar_type() != dtype_of<T>) return;
    f(at.template operator()<T>(first), at.template operator()<T>(rest)...);
    done = true;
  };
  (attempt.template operator()<Types>(), ...);
  check(done, op, ": \"", op, "\" not implemented for '", gradus::name(first.scalar_type()), "'");
}

/// The address of a contiguous tensor whose type the caller knows.
template <class T>
T* pointer(const char* op, const Tensor& t) {
  return detail::address<T>(op, t, dtype_of<T>);
}

}  // namespace gradus::kernels
