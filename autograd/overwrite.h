// Results where the caller says: the generic in-place form, and the forms with an `out` argument.
#pragma once
#include "gradus/autograd/ops/ops.h"
#include "gradus/autograd/record.h"

namespace gradus {
namespace detail {

void check_in_place_result(const char* op, const Tensor& x, ScalarType result, IntArrayRef sizes);

/// x overwritten with f(x), recorded: the in-place form of an operation that has no kernel for it. `others` are the
/// further tensors that f reads.
template <class F>
Tensor& overwrite(const char* op, const Tensor& x, Inputs others, const F& f) {
  check_in_place(op, x);
  const Tensor y = f(recording({x}) || recording(others) ? kept_before_change(x) : x);
  check_in_place_result(op, x, y.scalar_type(), y.sizes());
  return x.copy_(y);
}

/// Brings `out` to y's shape and puts y into it. Throws where its type cannot hold y's.
Tensor& put_out(const char* op, Tensor& out, const Tensor& y);
/// Throws if the graph would miss what is written into `out`.
void check_out(const char* op, const Tensor& out, TensorList inputs);

/// Throws if out is not of y's type.
void check_same_type(const char* op, const Tensor& out, const Tensor& y);

/// The form with an `out` argument of an operation: f() computes it.
template <class F>
Tensor& write_out(const char* op, Tensor& out, TensorList inputs, const F& f) {
  check_out(op, out, inputs);
  NoGradGuard off;
  return put_out(op, out, f());
}

/// The same where elements are only multiplied or moved: there PyTorch converts none.
Tensor& put_same_type(const char* op, Tensor& out, const Tensor& y);
template <class F>
Tensor& same_type_out(const char* op, Tensor& out, TensorList inputs, const F& f) {
  check_out(op, out, inputs);
  NoGradGuard off;
  return put_same_type(op, out, f());
}

/// The same of two results, the second of which (an index, mostly) is not converted.
template <class F>
std::tuple<Tensor&, Tensor&> two_out(const char* op, Tensor& a, Tensor& b, TensorList inputs, const F& f) {
  check_out(op, a, inputs);
  check_out(op, b, inputs);
  NoGradGuard off;
  const auto [y, z] = f();
  check_same_type(op, b, z);
  return {put_out(op, a, y), put_out(op, b, z)};
}

/// The same of several results, none of which is converted.
template <class... T, class F>
std::tuple<T&...> several_out(const char* op, std::tuple<T&...> outs, TensorList inputs, const F& f) {
  std::apply([&](T&... out) { (check_out(op, out, inputs), ...); }, outs);
  NoGradGuard off;
  const auto results = f();
  [&]<size_t... I>(std::index_sequence<I...>) {
    (check_same_type(op, std::get<I>(outs), std::get<I>(results)), ...);
    (put_out(op, std::get<I>(outs), std::get<I>(results)), ...);
  }
  (std::index_sequence_for<T...>());
  return outs;
}

}  // namespace detail
}  // namespace gradus
