// Losses that are a formula of each element: values, mean or sum, in one pass forward and one backward.
//
//   Tensor mse_loss(const Tensor& x, const Tensor& target, int64_t reduction) {
//     return pointwise_loss("mse_loss", {x, target}, reduction, [](auto x, auto t) { return (x - t) * (x - t); },
//                           [](auto g, auto x, auto t) { return 2 * g * (x - t); },
//                           [](auto g, auto x, auto t) { return 2 * g * (t - x); });
//   }
//
// After the formula comes the derivative by each operand. Like the formula, they run on SIMD vectors, or on tensors
// when the derivative shall itself be differentiable. Not part of gradus/gradus.h: include it where losses are defined.
#pragma once
#include <array>

#include "gradus/autograd/ops/reduction.h"
#include "gradus/autograd/pointwise.h"
#include "gradus/tensor/kernels/map_sum.h"

namespace gradus {

/// Throws unless `reduction` is one of Reduction's.
void check_reduction(const char* op, int64_t reduction);
/// values as they are, or their mean or sum.
Tensor reduced(const Tensor& values, int64_t reduction);

namespace detail {

/// The operands in their common type and shape.
void to_common(const char* op, Tensor* operands, size_t count);

template <size_t N, class D, size_t... I>
Tensor loss_derivative(const char* op, double scale, const D& d, const Tensor& g, const std::array<Tensor, N>& x,
                       std::index_sequence<I...>) {
  const Tensor gx = derive(
      op, [d, scale](auto g, auto... x) { return d(g * scale, x...); }, g, x[I]...);
  // On tensors a formula of g alone has g's shape.
  return gx.sizes() == x[0].sizes() ? gx : expand(gx, x[0].sizes());
}

template <size_t N, class F, size_t... I>
Tensor loss_values(const char* op, int64_t reduction, double scale, const F& f, const std::array<Tensor, N>& x,
                   std::index_sequence<I...>) {
  const ScalarType type = x[0].scalar_type();
  if (reduction == Reduction::None) return kernels::map<Kinds::real>(op, type, type, f, x[I]...);
  return kernels::map_sum(op, type, scale, f, x[I]...);
}

template <size_t N, class F, class... D>
Tensor pointwise_loss(const char* op, std::array<Tensor, N> x, int64_t reduction, const F& f, const D&... d) {
  static_assert(sizeof...(D) == N, "a derivative by each operand");
  check_reduction(op, reduction);
  to_common(op, x.data(), N);
  const double scale = reduction == Reduction::Mean ? 1 / static_cast<double>(x[0].numel()) : 1;
  Tensor y = loss_values(op, reduction, scale, f, x, std::make_index_sequence<N>());
  if (!recording(TensorList(x.data(), N))) return y;
  std::array<Saved, N> saved;
  for (size_t i = 0; i < N; ++i) saved[i] = Saved(x[i]);
  auto backward = [op, scale, saved = std::move(saved), d...](const Tensor& g, Node& self) {
    std::array<Tensor, N> x, gx;
    for (size_t i = 0; i < N; ++i) x[i] = saved[i].get(self);
    size_t i = 0;
    (
        [&](const auto& derivative) {
          if (self.needs(i)) gx[i] = loss_derivative(op, scale, derivative, g, x, std::make_index_sequence<N>());
          ++i;
        }(d),
        ...);
    return gx;
  };
  return record(op, std::move(y), TensorList(x.data(), N), std::move(backward));
}

}  // namespace detail

/// Of two to four operands, which broadcast.
template <class F, class A, class B>
Tensor pointwise_loss(const char* op, std::array<Tensor, 2> x, int64_t reduction, const F& f, const A& a, const B& b) {
  return detail::pointwise_loss(op, std::move(x), reduction, f, a, b);
}
template <class F, class A, class B, class C>
Tensor pointwise_loss(const char* op, std::array<Tensor, 3> x, int64_t reduction, const F& f, const A& a, const B& b,
                      const C& c) {
  return detail::pointwise_loss(op, std::move(x), reduction, f, a, b, c);
}
template <class F, class A, class B, class C, class D>
Tensor pointwise_loss(const char* op, std::array<Tensor, 4> x, int64_t reduction, const F& f, const A& a, const B& b,
                      const C& c, const D& d) {
  return detail::pointwise_loss(op, std::move(x), reduction, f, a, b, c, d);
}

}  // namespace gradus
