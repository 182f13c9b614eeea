#include "gradus/autograd/ops/loss.h"

#include <cmath>

#include "gradus/autograd/pointwise.h"
#include "gradus/tensor/factories.h"
#include "gradus/tensor/kernels/map_sum.h"

namespace gradus {
namespace {

void check_reduction(const char* op, int64_t reduction) {
  check(reduction >= 0 && reduction < Reduction::END, op, ": ", reduction, " is not a valid value for reduction");
}

Tensor reduced(const Tensor& values, int64_t reduction) {
  if (reduction == Reduction::None) return values;
  return reduction == Reduction::Sum ? sum(values) : mean(values);
}

// f(x, t) pointwise with derivatives dx(g, x, t) and dt, reduced in the same pass that computes it.
template <class F, class DX, class DT>
Tensor pointwise_loss(const char* op, const Tensor& x, const Tensor& t, int64_t reduction, const F& f, const DX& dx,
                      const DT& dt) {
  check(x.defined() && t.defined(), op, ": expected two tensors, but got an undefined one");
  check_reduction(op, reduction);
  const ScalarType type = result_type(x, t);
  check(is_floating(type), op, ": \"", op, "\" not implemented for '", name(type), "'");
  if (reduction == Reduction::None) return binary(op, x, t, f, from_inputs(dx), from_inputs(dt));
  const Sizes sizes = broadcast(op, x.sizes(), t.sizes());
  auto operand = [&](const Tensor& v) {
    const Tensor u = detail::in_type(v, type);
    return u.sizes() == sizes ? u : expand(u, sizes);
  };
  const Tensor a = operand(x), b = operand(t);
  const double scale = reduction == Reduction::Mean ? 1 / static_cast<double>(a.numel()) : 1;
  Tensor y = kernels::map_sum(op, type, scale, f, a, b);
  if (!recording({a, b})) return y;
  return record(op, y, {a, b}, [op, scale, dx, dt, a = Saved(a), b = Saved(b)](const Tensor& g, Node& self) {
    const Tensor x = a.get(self), t = b.get(self);
    auto derivative = [&](size_t input, const auto& d) {
      if (!self.needs(input)) return Tensor();
      return detail::derive(
          op, [&](auto g, auto x, auto t) { return d(g * scale, x, t); }, g, x, t);
    };
    return std::array<Tensor, 2>{derivative(0, dx), derivative(1, dt)};
  });
}

bool given(const std::optional<Tensor>& t) { return t && t->defined(); }

// The bounds below which logarithms and divisors are not let, on vectors and on tensors.
template <class T, int N>
GRADUS_INLINE simd::Vec<T, N> at_least(const simd::Vec<T, N>& x, double lo) {
  return maximum(x, lo);
}
Tensor at_least(const Tensor& x, double lo) { return clamp_min(x, lo); }

template <class T>
GRADUS_INLINE auto log_bounded(const T& x) {
  return at_least(log(x), -100);
}
template <class T>
GRADUS_INLINE auto log1m_bounded(const T& x) {
  return at_least(log1p(-x), -100);
}

// Probabilities outside of [0, 1] give NaN, so a sound sum needs no look at them.
void check_probabilities(const char* op, const Tensor& x, const Tensor& y, int64_t reduction) {
  if (reduction != Reduction::None && !std::isnan(y.item<double>())) return;
  const Tensor outside = kernels::map_sum(
      op, x.scalar_type(), 1, [](auto x) { return where((x >= 0) & (x <= 1), 0, 1 + 0 * where(x == x, 0, 1)); }, x);
  check(outside.item<double>() == 0, op, ": all elements of input should be between 0 and 1");
}

Tensor bce_values(const Tensor& x, const Tensor& target, int64_t reduction) {
  return pointwise_loss(
      "binary_cross_entropy", x, target, reduction,
      [](auto x, auto t) { return -(t * log_bounded(x) + (1 - t) * log1m_bounded(x)); },
      [](auto g, auto x, auto t) { return g * (x - t) / at_least(x * (1 - x), 1e-12); },
      [](auto g, auto x, auto) { return g * (log1m_bounded(x) - log_bounded(x)); });
}

}  // namespace

Tensor mse_loss(const Tensor& x, const Tensor& target, int64_t reduction) {
  return pointwise_loss(
      "mse_loss", x, target, reduction, [](auto x, auto t) { return (x - t) * (x - t); },
      [](auto g, auto x, auto t) { return 2 * g * (x - t); }, [](auto g, auto x, auto t) { return 2 * g * (t - x); });
}

Tensor l1_loss(const Tensor& x, const Tensor& target, int64_t reduction) {
  return pointwise_loss(
      "l1_loss", x, target, reduction, [](auto x, auto t) { return abs(x - t); },
      [](auto g, auto x, auto t) { return g * sign(x - t); }, [](auto g, auto x, auto t) { return g * sign(t - x); });
}

Tensor smooth_l1_loss(const Tensor& x, const Tensor& target, int64_t reduction, double beta) {
  check(beta >= 0, "smooth_l1_loss: smooth_l1_loss does not support negative values for beta, got ", beta);
  if (beta == 0) return l1_loss(x, target, reduction);
  auto slope = [beta](auto d) { return where(abs(d) < beta, d / beta, sign(d)); };
  return pointwise_loss(
      "smooth_l1_loss", x, target, reduction,
      [beta](auto x, auto t) {
        auto z = abs(x - t);
        return where(z < beta, 0.5 / beta * z * z, z - 0.5 * beta);
      },
      [slope](auto g, auto x, auto t) { return g * slope(x - t); },
      [slope](auto g, auto x, auto t) { return g * slope(t - x); });
}

Tensor huber_loss(const Tensor& x, const Tensor& target, int64_t reduction, double delta) {
  check(delta > 0, "huber_loss: huber_loss does not support non-positive values for delta, got ", delta);
  auto slope = [delta](auto d) { return where(abs(d) <= delta, d, sign(d) * delta); };
  return pointwise_loss(
      "huber_loss", x, target, reduction,
      [delta](auto x, auto t) {
        auto z = abs(x - t);
        return where(z <= delta, 0.5 * z * z, delta * (z - 0.5 * delta));
      },
      [slope](auto g, auto x, auto t) { return g * slope(x - t); },
      [slope](auto g, auto x, auto t) { return g * slope(t - x); });
}

Tensor binary_cross_entropy(const Tensor& x, const Tensor& target, const std::optional<Tensor>& weight,
                            int64_t reduction) {
  check(x.defined() && target.defined(), "binary_cross_entropy: expected two tensors, but got an undefined one");
  check(x.sizes() == target.sizes(), "binary_cross_entropy: Using a target size (", target.sizes(),
        ") that is different to the input size (", x.sizes(),
        ") is deprecated. Please ensure they have the same size.");
  check_reduction("binary_cross_entropy", reduction);
  const int64_t inner = given(weight) ? static_cast<int64_t>(Reduction::None) : reduction;
  const Tensor y = bce_values(x, target, inner);
  check_probabilities("binary_cross_entropy", x, y, inner);
  return given(weight) ? reduced(y * expand(*weight, y.sizes()), reduction) : y;
}

Tensor binary_cross_entropy_with_logits(const Tensor& x, const Tensor& target, const std::optional<Tensor>& weight,
                                        const std::optional<Tensor>& pos_weight, int64_t reduction) {
  constexpr const char* op = "binary_cross_entropy_with_logits";
  check(x.defined() && target.defined(), op, ": expected two tensors, but got an undefined one");
  check(x.sizes() == target.sizes(), op, ": Target size (", target.sizes(), ") must be the same as input size (",
        x.sizes(), ")");
  check_reduction(op, reduction);
  if (given(pos_weight)) {
    const Tensor falls = (1 - target) * x, rises = -log_sigmoid(x) * (1 + (*pos_weight - 1) * target);
    return reduced(given(weight) ? (falls + rises) * *weight : falls + rises, reduction);
  }
  const Tensor y = pointwise_loss(
      op, x, target, given(weight) ? static_cast<int64_t>(Reduction::None) : reduction,
      [](auto x, auto t) { return maximum(x, 0) - x * t + log1p(exp(-abs(x))); },
      [](auto g, auto x, auto t) { return g * (sigmoid(x) - t); }, [](auto g, auto x, auto) { return -g * x; });
  return given(weight) ? reduced(y * *weight, reduction) : y;
}

Tensor kl_div(const Tensor& x, const Tensor& target, int64_t reduction, bool log_target) {
  if (log_target)
    return pointwise_loss(
        "kl_div", x, target, reduction, [](auto x, auto t) { return exp(t) * (t - x); },
        [](auto g, auto, auto t) { return -g * exp(t); },
        [](auto g, auto x, auto t) { return g * exp(t) * (t - x + 1); });
  return pointwise_loss(
      "kl_div", x, target, reduction,
      [](auto x, auto t) { return where(t == 0, 0, t * log(where(t == 0, 1, t))) - t * x; },
      [](auto g, auto, auto t) { return -g * t; },
      [](auto g, auto x, auto t) { return g * (where(t == 0, 0, log(where(t == 0, 1, t)) + 1) - x); });
}

}  // namespace gradus
