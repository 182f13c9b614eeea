// From tensors to the kernels that take plain pointers.
#pragma once
#include <utility>

#include "gradus/tensor/factories.h"
#include "gradus/tensor/kernels/convert.h"

namespace gradus::kernels {

/// Marks a tensor that a kernel fills without reading it; every other it only reads.
struct Written {
  const Tensor& t;
};
inline Written written(const Tensor& t) { return {t}; }

/// t in the type that it is computed in, if it is a 16-bit float: a contiguous float32 copy. Else t itself.
inline Tensor widened(const Tensor& t) {
  if (!t.defined() || !is_float16(t.scalar_type())) return t;
  const Tensor y = empty(t.sizes(), kFloat);
  copy(*y.unsafeGetTensorImpl(), *t.unsafeGetTensorImpl());
  return y;
}
/// t rounded to `type`; t itself if it has that type.
inline Tensor narrowed(const Tensor& t, ScalarType type) {
  if (!t.defined() || t.scalar_type() == type) return t;
  const Tensor y = empty(t.sizes(), type);
  copy(*y.unsafeGetTensorImpl(), *t.unsafeGetTensorImpl());
  return y;
}

namespace detail {

inline const Tensor& tensor_of(const Tensor& t) { return t; }
inline const Tensor& tensor_of(const Written& w) { return w.t; }

inline void check_argument(const char* op, const Tensor& t, ScalarType type) {
  if (!t.defined()) return;
  check(t.scalar_type() == type, op, ": expected scalar type ", gradus::name(type), " but found ",
        gradus::name(t.scalar_type()));
  check(t.is_contiguous(), op, ": expected a contiguous tensor, got sizes ", t.sizes(), " and strides ", t.strides());
}

template <class T>
T* data_of(const Tensor& t) {
  return t.defined() ? reinterpret_cast<T*>(t.unsafeGetTensorImpl()->data()) : nullptr;
}
template <class T>
const T* address(const Tensor&, const Tensor& staged) {
  return data_of<const T>(staged);
}
template <class T>
T* address(const Written&, const Tensor& staged) {
  return data_of<T>(staged);
}

// What stands for an argument while the kernel runs, and what becomes of it afterwards.
inline Tensor stage(const Tensor& t) { return widened(t); }
inline Tensor stage(const Written& w) {
  return w.t.defined() && is_float16(w.t.scalar_type()) ? empty(w.t.sizes(), kFloat) : w.t;
}
inline void unstage(const Tensor&, const Tensor&) {}
inline void unstage(const Written& w, const Tensor& staged) {
  if (w.t.defined() && !staged.is_same(w.t)) copy(*w.t.unsafeGetTensorImpl(), *staged.unsafeGetTensorImpl());
}

}  // namespace detail

/// Calls f with the addresses of contiguous tensors of one floating type, float* or double* for those that are
/// `written`, pointers to const for the others; 16-bit floats are staged as float32. An undefined tensor becomes a null
/// pointer.
template <class F, class... X>
void with_floating(const char* op, const F& f, const X&... x) {
  const Tensor* all[] = {&detail::tensor_of(x)...};
  const ScalarType type = all[0]->scalar_type();
  for (const Tensor* t : all) detail::check_argument(op, *t, type);
  const Tensor staged[] = {detail::stage(x)...};
  dispatch_floating(op, staged[0].scalar_type(), [&]<class T>() {
    [&]<size_t... I>(std::index_sequence<I...>) { f(detail::address<T>(x, staged[I])...); }
    (std::index_sequence_for<X...>());
  });
  size_t i = 0;
  (detail::unstage(x, staged[i++]), ...);
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
  detail::check_argument(op, t, dtype_of<T>);
  return detail::data_of<T>(t);
}

}  // namespace gradus::kernels
