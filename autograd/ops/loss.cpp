#include "gradus/autograd/ops/loss.h"

#include <cmath>

#include "gradus/autograd/pointwise_loss.h"

namespace gradus {

void check_reduction(const char* op, int64_t reduction) {
  check(reduction >= 0 && reduction < Reduction::END, op, ": ", reduction, " is not a valid value for reduction");
}

Tensor reduced(const Tensor& values, int64_t reduction) {
  if (reduction == Reduction::None) return values;
  return reduction == Reduction::Sum ? sum(values) : mean(values);
}

void detail::to_common(const char* op, Tensor* x, size_t count) {
  for (size_t i = 0; i < count; ++i)
    check(x[i].defined(), op, ": expected ",
          count == 2   ? "two"
          : count == 3 ? "three"
                       : "four",
          " tensors, but got an undefined one");
  ScalarType type = result_type(x[0], x[1]);
  Sizes sizes = broadcast(op, x[0].sizes(), x[1].sizes());
  for (size_t i = 2; i < count; ++i) {
    if (is_floating(x[i].scalar_type()) && (!is_floating(type) || x[i].dim() > 0))
      type = promote_types(type, x[i].scalar_type());
    sizes = broadcast(op, sizes, x[i].sizes());
  }
  check(is_floating(type), op, ": \"", op, "\" not implemented for '", name(type), "'");
  for (size_t i = 0; i < count; ++i) {
    x[i] = in_type(x[i], type);
    if (!(x[i].sizes() == sizes)) x[i] = expand(x[i], sizes);
  }
}

namespace {

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

// -(t ln x + (1 - t) ln(1 - x)).
template <class T>
GRADUS_INLINE auto bce_of(const T& x, const T& t) {
  return -(t * log_bounded(x) + (1 - t) * log1m_bounded(x));
}
template <class T>
GRADUS_INLINE auto bce_slope(const T& x, const T& t) {
  return (x - t) / at_least(x * (1 - x), 1e-12);
}

Tensor bce_values(const Tensor& x, const Tensor& target, int64_t reduction) {
  return pointwise_loss(
      "binary_cross_entropy", {x, target}, reduction, [](auto x, auto t) { return bce_of(x, t); },
      [](auto g, auto x, auto t) { return g * bce_slope(x, t); },
      [](auto g, auto x, auto) { return g * (log1m_bounded(x) - log_bounded(x)); });
}

Tensor weighted_bce(const Tensor& x, const Tensor& target, const Tensor& weight, int64_t reduction) {
  return pointwise_loss(
      "binary_cross_entropy", {x, target, weight}, reduction, [](auto x, auto t, auto w) { return w * bce_of(x, t); },
      [](auto g, auto x, auto t, auto w) { return g * w * bce_slope(x, t); },
      [](auto g, auto x, auto, auto w) { return g * w * (log1m_bounded(x) - log_bounded(x)); },
      [](auto g, auto x, auto t, auto) { return g * bce_of(x, t); });
}

// -ln sigmoid(x), without overflow.
template <class T, int N>
GRADUS_INLINE simd::Vec<T, N> rise(const simd::Vec<T, N>& x) {
  return softplus(-x);
}
Tensor rise(const Tensor& x) { return -log_sigmoid(x); }

// (1 - t) x + (1 + (p - 1) t) rise(x), and its derivatives by x and t.
template <class T>
GRADUS_INLINE auto logits_of(const T& x, const T& t, const T& p) {
  return (1 - t) * x + (1 + (p - 1) * t) * rise(x);
}
template <class T>
GRADUS_INLINE auto logits_by_x(const T& x, const T& t, const T& p) {
  return 1 - t - (1 + (p - 1) * t) * sigmoid(-x);
}
template <class T>
GRADUS_INLINE auto logits_by_t(const T& x, const T& p) {
  return (p - 1) * rise(x) - x;
}

constexpr const char* logits_op = "binary_cross_entropy_with_logits";

Tensor logits_values(const Tensor& x, const Tensor& target, int64_t reduction) {
  return pointwise_loss(
      logits_op, {x, target}, reduction, [](auto x, auto t) { return add_softplus_rest(maximum(x, 0) - x * t, x); },
      [](auto g, auto x, auto t) { return g * (sigmoid(x) - t); }, [](auto g, auto x, auto) { return -g * x; });
}

Tensor logits_with_weight(const Tensor& x, const Tensor& target, const Tensor& weight, int64_t reduction) {
  return pointwise_loss(
      logits_op, {x, target, weight}, reduction, [](auto x, auto t, auto w) { return w * ((1 - t) * x + rise(x)); },
      [](auto g, auto x, auto t, auto w) { return g * w * (sigmoid(x) - t); },
      [](auto g, auto x, auto, auto w) { return -g * w * x; },
      [](auto g, auto x, auto t, auto) { return g * ((1 - t) * x + rise(x)); });
}

Tensor logits_with_pos_weight(const Tensor& x, const Tensor& target, const Tensor& pos_weight, int64_t reduction) {
  return pointwise_loss(
      logits_op, {x, target, pos_weight}, reduction, [](auto x, auto t, auto p) { return logits_of(x, t, p); },
      [](auto g, auto x, auto t, auto p) { return g * logits_by_x(x, t, p); },
      [](auto g, auto x, auto, auto p) { return g * logits_by_t(x, p); },
      [](auto g, auto x, auto t, auto) { return g * t * rise(x); });
}

Tensor logits_with_both(const Tensor& x, const Tensor& target, const Tensor& weight, const Tensor& pos_weight,
                        int64_t reduction) {
  return pointwise_loss(
      logits_op, {x, target, weight, pos_weight}, reduction,
      [](auto x, auto t, auto w, auto p) { return w * logits_of(x, t, p); },
      [](auto g, auto x, auto t, auto w, auto p) { return g * w * logits_by_x(x, t, p); },
      [](auto g, auto x, auto, auto w, auto p) { return g * w * logits_by_t(x, p); },
      [](auto g, auto x, auto t, auto, auto p) { return g * logits_of(x, t, p); },
      [](auto g, auto x, auto t, auto w, auto) { return g * w * t * rise(x); });
}

}  // namespace

Tensor mse_loss(const Tensor& x, const Tensor& target, int64_t reduction) {
  return pointwise_loss(
      "mse_loss", {x, target}, reduction, [](auto x, auto t) { return (x - t) * (x - t); },
      [](auto g, auto x, auto t) { return 2 * g * (x - t); }, [](auto g, auto x, auto t) { return 2 * g * (t - x); });
}

Tensor l1_loss(const Tensor& x, const Tensor& target, int64_t reduction) {
  return pointwise_loss(
      "l1_loss", {x, target}, reduction, [](auto x, auto t) { return abs(x - t); },
      [](auto g, auto x, auto t) { return g * sign(x - t); }, [](auto g, auto x, auto t) { return g * sign(t - x); });
}

Tensor smooth_l1_loss(const Tensor& x, const Tensor& target, int64_t reduction, double beta) {
  check(beta >= 0, "smooth_l1_loss: smooth_l1_loss does not support negative values for beta, got ", beta);
  if (beta == 0) return l1_loss(x, target, reduction);
  auto slope = [beta](auto d) { return where(abs(d) < beta, d / beta, sign(d)); };
  return pointwise_loss(
      "smooth_l1_loss", {x, target}, reduction,
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
      "huber_loss", {x, target}, reduction,
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
  const Tensor y =
      given(weight) ? weighted_bce(x, target, expand(*weight, x.sizes()), reduction) : bce_values(x, target, reduction);
  check_probabilities("binary_cross_entropy", x, y, reduction);
  return y;
}

Tensor binary_cross_entropy_with_logits(const Tensor& x, const Tensor& target, const std::optional<Tensor>& weight,
                                        const std::optional<Tensor>& pos_weight, int64_t reduction) {
  constexpr const char* op = logits_op;
  check(x.defined() && target.defined(), op, ": expected two tensors, but got an undefined one");
  check(x.sizes() == target.sizes(), op, ": Target size (", target.sizes(), ") must be the same as input size (",
        x.sizes(), ")");
  const Tensor w = given(weight) ? expand(*weight, x.sizes()) : Tensor();
  const Tensor p = given(pos_weight) ? expand(*pos_weight, x.sizes()) : Tensor();
  if (w.defined() && p.defined()) return logits_with_both(x, target, w, p, reduction);
  if (w.defined()) return logits_with_weight(x, target, w, reduction);
  return p.defined() ? logits_with_pos_weight(x, target, p, reduction) : logits_values(x, target, reduction);
}

Tensor kl_div(const Tensor& x, const Tensor& target, int64_t reduction, bool log_target) {
  if (log_target)
    return pointwise_loss(
        "kl_div", {x, target}, reduction, [](auto x, auto t) { return exp(t) * (t - x); },
        [](auto g, auto, auto t) { return -g * exp(t); },
        [](auto g, auto x, auto t) { return g * exp(t) * (t - x + 1); });
  return pointwise_loss(
      "kl_div", {x, target}, reduction,
      [](auto x, auto t) { return where(t == 0, 0, t * log(where(t == 0, 1, t))) - t * x; },
      [](auto g, auto, auto t) { return -g * t; },
      [](auto g, auto x, auto t) { return g * (where(t == 0, 0, log(where(t == 0, 1, t)) + 1) - x); });
}

}  // namespace gradus
