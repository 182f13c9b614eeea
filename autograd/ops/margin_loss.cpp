#include "gradus/autograd/ops/margin_loss.h"

#include <cmath>
#include <numbers>

#include "gradus/autograd/pointwise_loss.h"
#include "gradus/autograd/wide.h"

namespace gradus {
namespace {

// The bounds of logarithms, on vectors and on tensors; a bound that holds does not stop the gradient.
template <class T, int N>
GRADUS_INLINE simd::Vec<T, N> at_least(const simd::Vec<T, N>& x, double lo) {
  return maximum(x, lo);
}
Tensor at_least(const Tensor& x, double lo) { return x + (clamp_min(x, lo) - x).detach(); }

template <class T, int N>
GRADUS_INLINE simd::Vec<T, N> positive(const simd::Vec<T, N>& x) {
  return maximum(x, 0);
}

}  // namespace

Tensor soft_margin_loss(const Tensor& x, const Tensor& target, int64_t reduction) {
  return pointwise_loss(
      "soft_margin_loss", {x, target}, reduction, [](auto x, auto t) { return softplus(-t * x); },
      [](auto g, auto x, auto t) { return -g * t * sigmoid(-t * x); },
      [](auto g, auto x, auto t) { return -g * x * sigmoid(-t * x); });
}

Tensor hinge_embedding_loss(const Tensor& x, const Tensor& target, double margin, int64_t reduction) {
  auto value = [margin](auto x, auto t) { return where(t != -1, x, 0) + where(t != 1, positive(margin - x), 0); };
  return pointwise_loss(
      "hinge_embedding_loss", {x, target}, reduction, value,
      [margin](auto g, auto x, auto t) { return where(t != -1, g, 0) - where((t != 1) & (x <= margin), g, 0); },
      [](auto g, auto, auto) { return 0 * g; });
}

Tensor margin_ranking_loss(const Tensor& input1, const Tensor& input2, const Tensor& target, double margin,
                           int64_t reduction) {
  check(input1.defined() && input2.defined() && target.defined(),
        "margin_ranking_loss: expected three tensors, but got an undefined one");
  check(input1.dim() == input2.dim() && input1.dim() == target.dim(),
        "margin_ranking_loss : All input tensors should have same dimension but got sizes: input1: ", input1.sizes(),
        ", input2: ", input2.sizes(), ", target: ", target.sizes());
  return pointwise_loss(
      "margin_ranking_loss", {input1, input2, target}, reduction,
      [margin](auto a, auto b, auto t) { return positive(margin - t * (a - b)); },
      [margin](auto g, auto a, auto b, auto t) { return where(t * (a - b) <= margin, -g * t, 0); },
      [margin](auto g, auto a, auto b, auto t) { return where(t * (a - b) <= margin, g * t, 0); },
      [margin](auto g, auto a, auto b, auto t) { return where(t * (a - b) <= margin, g * (b - a), 0); });
}

Tensor multilabel_soft_margin_loss(const Tensor& x, const Tensor& target, const std::optional<Tensor>& weight,
                                   int64_t reduction) {
  constexpr const char* op = "multilabel_soft_margin_loss";
  check(x.defined() && target.defined(), op, ": expected two tensors, but got an undefined one");
  check(x.dim() > 0, op, ": Expected 1 or more dimensions (got 0)");
  check_reduction(op, reduction);
  ScalarType type = promote_types(x.scalar_type(), target.scalar_type());
  if (weight && weight->defined()) type = promote_types(type, weight->scalar_type());
  if (is_float16(type)) return multilabel_soft_margin_loss(wide(x), wide(target), wide(weight), reduction).to(type);
  if (reduction == Reduction::None)
    return mean(binary_cross_entropy_with_logits(x, target, weight, {}, Reduction::None), {-1}, false);
  const Tensor y = binary_cross_entropy_with_logits(x, target, weight, {}, reduction);
  return reduction == Reduction::Mean ? y : y / x.size(-1);
}

Tensor poisson_nll_loss(const Tensor& x, const Tensor& target, bool log_input, bool full, double eps,
                        int64_t reduction) {
  constexpr const char* op = "poisson_nll_loss";
  auto stirling = [](auto t) {
    auto n = where(t > 1, t, 1);
    return where(t > 1, n * log(n) - n + 0.5 * log(2 * std::numbers::pi * n), 0);
  };
  auto by_target = [](auto t) {
    auto n = where(t > 1, t, 1);
    return where(t > 1, log(n) + 0.5 / n, 0);
  };
  const double extra = full ? 1 : 0;
  if (log_input)
    return pointwise_loss(
        op, {x, target}, reduction, [=](auto x, auto t) { return exp(x) - t * x + extra * stirling(t); },
        [](auto g, auto x, auto t) { return g * (exp(x) - t); },
        [=](auto g, auto x, auto t) { return g * (extra * by_target(t) - x); });
  return pointwise_loss(
      op, {x, target}, reduction, [=](auto x, auto t) { return x - t * log(x + eps) + extra * stirling(t); },
      [=](auto g, auto x, auto t) { return g * (1 - t / (x + eps)); },
      [=](auto g, auto x, auto t) { return g * (extra * by_target(t) - log(x + eps)); });
}

Tensor gaussian_nll_loss(const Tensor& x, const Tensor& target, const Tensor& variance, bool full, double eps,
                         int64_t reduction) {
  constexpr const char* op = "gaussian_nll_loss";
  check(x.defined() && target.defined() && variance.defined(), op,
        ": expected three tensors, but got an undefined one");
  Tensor var = variance;
  if (!(var.sizes() == x.sizes())) {
    Sizes rows = x.sizes();
    if (!rows.empty()) rows.erase(rows.size() - 1);
    if (x.dim() > 0 && var.sizes() == rows) var = unsqueeze(var, -1);
    bool fits = x.dim() > 0 && var.dim() == x.dim() && var.size(-1) == 1;
    for (size_t i = 0; fits && i < rows.size(); ++i) fits = var.sizes()[i] == rows[i];
    check(fits, op, ": var is of incorrect size, got ", variance.sizes(), " for an input ", x.sizes());
  }
  check(!any(var < 0).item<bool>(), op, ": var has negative entry/entries");
  const double constant = full ? 0.5 * std::log(2 * std::numbers::pi) : 0;
  return pointwise_loss(
      op, {x, target, var}, reduction,
      [=](auto x, auto t, auto v) {
        auto u = at_least(v, eps);
        return 0.5 * (log(u) + (x - t) * (x - t) / u) + constant;
      },
      [=](auto g, auto x, auto t, auto v) { return g * (x - t) / at_least(v, eps); },
      [=](auto g, auto x, auto t, auto v) { return g * (t - x) / at_least(v, eps); },
      [=](auto g, auto x, auto t, auto v) {
        auto u = at_least(v, eps);
        return 0.5 * g * (1 - (x - t) * (x - t) / u) / u;
      });
}

}  // namespace gradus
