// Pointwise operations: a formula and its derivative, each written once as a generic lambda. The formula runs on SIMD
// vectors in one fused loop; so does the derivative, unless it must itself be differentiable: then it runs on tensors.
//
//   Tensor softsign(const Tensor& x) {
//     return unary("softsign", x, [](auto x) { return x / (1 + abs(x)); },
//                  from_input([](auto g, auto x) { auto d = 1 + abs(x); return g / (d * d); }));
//   }
//
// from_grad, from_input, from_output (and from_a, from_b, from_inputs of two operands) say which tensors backward
// needs, and so what is kept alive. Not part of gradus/gradus.h: include it where operations are defined.
#pragma once
#include "gradus/autograd/ops/ops.h"
#include "gradus/autograd/record.h"
#include "gradus/tensor/kernels/pointwise.h"
#include "gradus/tensor/promotion.h"

namespace gradus {

using kernels::Kinds;

/// Derivatives by what they need: g is the gradient of the result, x the input, y the result, a and b two inputs.
template <class F>
struct from_grad {  // f(g)
  explicit from_grad(F f) : f(std::move(f)) {}
  F f;
};
template <class F>
struct from_input {  // f(g, x)
  explicit from_input(F f) : f(std::move(f)) {}
  F f;
};
template <class F>
struct from_output {  // f(g, y)
  explicit from_output(F f) : f(std::move(f)) {}
  F f;
};
template <class F>
struct from_a {  // f(g, a)
  explicit from_a(F f) : f(std::move(f)) {}
  F f;
};
template <class F>
struct from_b {  // f(g, b)
  explicit from_b(F f) : f(std::move(f)) {}
  F f;
};
template <class F>
struct from_inputs {  // f(g, a, b)
  explicit from_inputs(F f) : f(std::move(f)) {}
  F f;
};
/// No derivative: a step function, whose gradient is zero where it has one, gives an undefined gradient.
struct no_gradient {};

/// The tensor an operation reads, and overwrites with the result if `in_place`.
struct Target {
  const Tensor& x;
  bool in_place = false;
  Target(const Tensor& t) : x(t) {}
  Target(const Tensor& t, bool in_place) : x(t), in_place(in_place) {}
};
inline Target overwriting(const Tensor& x) { return {x, true}; }

/// The formula of a gradient that passes unchanged, as that of a sum: no loop runs, and no copy is made.
struct Unchanged {
  template <class G>
  G operator()(const G& g) const {
    return g;
  }
};

namespace detail {

/// A derivative formula on its tensors: fused, or on tensors when the result shall be differentiable.
template <class F, class... X>
Tensor derive(const char* op, const F& f, const Tensor& g, const X&... x) {
  if constexpr (std::is_same_v<F, Unchanged>) return g;
  if (autograd::GradMode::is_enabled()) return f(g, x...);
  return kernels::map<Kinds::real>(op, g.scalar_type(), g.scalar_type(), f, g, x...);
}

template <class D>
inline constexpr bool needs_a = false;
template <class F>
inline constexpr bool needs_a<from_a<F>> = true;
template <class F>
inline constexpr bool needs_a<from_inputs<F>> = true;
template <class D>
inline constexpr bool needs_b = false;
template <class F>
inline constexpr bool needs_b<from_b<F>> = true;
template <class F>
inline constexpr bool needs_b<from_inputs<F>> = true;

template <class F>
Tensor derive_binary(const char* op, const from_grad<F>& d, const Tensor& g, const Tensor&, const Tensor&) {
  return derive(op, d.f, g);
}
template <class F>
Tensor derive_binary(const char* op, const from_a<F>& d, const Tensor& g, const Tensor& a, const Tensor&) {
  return derive(op, d.f, g, a);
}
template <class F>
Tensor derive_binary(const char* op, const from_b<F>& d, const Tensor& g, const Tensor&, const Tensor& b) {
  return derive(op, d.f, g, b);
}
template <class F>
Tensor derive_binary(const char* op, const from_inputs<F>& d, const Tensor& g, const Tensor& a, const Tensor& b) {
  return derive(op, d.f, g, a, b);
}
inline Tensor derive_binary(const char*, const no_gradient&, const Tensor&, const Tensor&, const Tensor&) { return {}; }

template <class F>
auto unary_backward(const char* op, const from_grad<F>& d, const Tensor&, const Tensor&) {
  return [op, f = d.f](const Tensor& g, Node&) { return derive(op, f, g); };
}
template <class F>
auto unary_backward(const char* op, const from_input<F>& d, const Tensor& x, const Tensor&) {
  return [op, f = d.f, x = Saved(x)](const Tensor& g, Node& self) { return derive(op, f, g, x.get(self)); };
}
template <class F>
auto unary_backward(const char* op, const from_output<F>& d, const Tensor&, const Tensor& y) {
  return [op, f = d.f, y = Saved::output(y)](const Tensor& g, Node& self) { return derive(op, f, g, y.get(self)); };
}
inline auto unary_backward(const char*, const no_gradient&, const Tensor&, const Tensor&) {
  return [](const Tensor&, Node&) { return Tensor(); };
}

/// Saved tensors enter the derivative in the type that the operation computed in.
inline Tensor in_type(const Tensor& t, ScalarType type) { return t.scalar_type() == type ? t : t.to(type); }

template <class D>
inline constexpr bool reads_input = false;
template <class F>
inline constexpr bool reads_input<from_input<F>> = true;

void check_in_place_result(const char* op, const Tensor& x, ScalarType result, IntArrayRef sizes);

template <Kinds K, class F, class D>
Tensor unary_in_place(const char* op, const Tensor& x, ScalarType compute, const F& f, const D& d) {
  check_in_place(op, x);
  check_in_place_result(op, x, compute, x.sizes());
  if (!recording({x})) {
    kernels::map_into<K>(op, x, compute, f, x);
    changed(x);
    return x;
  }
  const Tensor before = reads_input<D> ? kept_before_change(x) : Tensor();
  // The edge of x is taken before the change, the result is saved after it.
  InputEdges edges({x});
  kernels::map_into<K>(op, x, compute, f, x);
  changed(x);
  auto backward = unary_backward(op, d, before, x);
  auto node = make_intrusive<Recorded<decltype(backward)>>(op, std::move(backward));
  edges.connect(*node);
  rebase(x, node);
  return x;
}

}  // namespace detail

/// y = f(x) pointwise, with derivative d (from_grad, from_input, from_output or no_gradient). Kinds::real computes in
/// floating point (integers become the default float type), the other kinds in the input's own type.
template <Kinds K = Kinds::real, class F, class D>
Tensor unary(const char* op, Target target, const F& f, const D& d) {
  const Tensor& x = target.x;
  check(x.defined(), op, ": expected a tensor, but got an undefined one");
  const ScalarType own = x.scalar_type();
  const ScalarType compute = K != Kinds::real || is_floating(own) ? own : default_dtype();
  if (target.in_place) return detail::unary_in_place<K>(op, x, compute, f, d);
  Tensor y = kernels::map<K>(op, compute, compute, f, x);
  if (!recording({x})) return y;
  return record(op, y, {x}, detail::unary_backward(op, d, x, y));
}

/// y = f(a, b) pointwise on the common shape and type, with derivatives da and db (from_grad, from_a, from_b,
/// from_inputs or no_gradient), which receive g first: mul has from_b([](auto g, auto b) { return g * b; }).
template <Kinds K = Kinds::real, class F, class DA, class DB>
Tensor binary(const char* op, Target target, const Tensor& b, const F& f, const DA& da, const DB& db) {
  const Tensor& a = target.x;
  check(a.defined() && b.defined(), op, ": expected two tensors, but got an undefined one");
  ScalarType compute = result_type(a, b);
  if (K == Kinds::real && !is_floating(compute)) compute = default_dtype();
  const bool track = recording({a, b});
  const bool grad_a = track && a.requires_grad(), grad_b = track && b.requires_grad();
  const bool keep_a = (grad_a && detail::needs_a<DA>) || (grad_b && detail::needs_a<DB>);
  const bool keep_b = (grad_a && detail::needs_b<DA>) || (grad_b && detail::needs_b<DB>);
  if (target.in_place) {
    check_in_place(op, a);
    detail::check_in_place_result(op, a, compute, broadcast(op, a.sizes(), b.sizes()));
  }
  auto backward = [&, none = Tensor()](const Tensor& kept_a) {
    return [op, da, db, a = Saved(keep_a ? kept_a : none), b = Saved(keep_b ? b : none)](const Tensor& g, Node& self) {
      const Tensor x = a.defined() ? detail::in_type(a.get(self), g.scalar_type()) : Tensor();
      const Tensor y = b.defined() ? detail::in_type(b.get(self), g.scalar_type()) : Tensor();
      return std::array<Tensor, 2>{self.needs(0) ? detail::derive_binary(op, da, g, x, y) : Tensor(),
                                   self.needs(1) ? detail::derive_binary(op, db, g, x, y) : Tensor()};
    };
  };
  if (!target.in_place) {
    Tensor y = kernels::map<K>(op, compute, compute, f, a, b);
    return track ? record(op, std::move(y), {a, b}, backward(a)) : y;
  }
  Intrusive<Node> node;
  if (track) node = prepare_in_place(op, {a, b}, backward(keep_a ? kept_before_change(a) : Tensor()));
  kernels::map_into<K>(op, a, compute, f, a, b);
  finish_in_place(a, node);
  return a;
}

}  // namespace gradus
