#include "gradus/autograd/ops/dropout.h"

#include <cmath>

#include "gradus/autograd/ops/arithmetic.h"
#include "gradus/autograd/record.h"
#include "gradus/autograd/wide.h"
#include "gradus/tensor/factories.h"
#include "gradus/tensor/kernels/dropout.h"
#include "gradus/tensor/kernels/typed.h"

namespace gradus {
namespace {

void check_arguments(const char* op, const Tensor& x, double p) {
  check(x.defined(), op, ": expected a tensor, but got an undefined one");
  check(p >= 0 && p <= 1, op, ": dropout probability has to be between 0 and 1, but got ", p);
  check(is_floating(x.scalar_type()), op, ": result type Float can't be cast to the desired output type ",
        x.scalar_type());
}

void check_features(const char* op, const Tensor& x, double p) {
  check_arguments(op, x, p);
  check(x.dim() >= 2, op, ": Feature dropout requires at least 2 dimensions in the input, got ", x.sizes());
}

/// One number a channel of x, [N, C, 1, ...].
Sizes channels_of(const Tensor& x) {
  Sizes channels(static_cast<size_t>(x.dim()), 1);
  channels[0] = x.size(0);
  channels[1] = x.size(1);
  return channels;
}

/// 1 / (1 - p) with probability 1 - p, else 0.
Tensor noise_of(const Sizes& sizes, ScalarType type, double p) {
  const Tensor noise = empty(sizes, type);
  const RandomStream stream = kernels::next_stream(default_generator(), noise.numel());
  kernels::with_floating(
      "dropout", [&](auto* y) { kernels::dropout_noise(y, noise.numel(), stream, p); }, kernels::written(noise));
  return noise;
}

/// What alpha dropout makes of x: x factor + shift. Of nothing kept it makes 0, as PyTorch does.
struct Alpha {
  Tensor factor, shift;

  Tensor of(const Tensor& x) const { return add(mul(wide(x), factor), shift).to(x.scalar_type()); }
  Tensor& in_place_of(const Tensor& x) const {
    return is_float16(x.scalar_type()) ? x.copy_(of(x)) : x.mul_(factor).add_(shift);
  }
};

Alpha alpha_of(const Sizes& sizes, const Tensor& x, double p) {
  const ScalarType type = compute_type(x.scalar_type());
  if (p == 1) return {zeros(sizes, type), zeros(sizes, type)};
  constexpr double alpha = 1.7580993408473766;
  const double a = 1 / std::sqrt((alpha * alpha * p + 1) * (1 - p));
  const Tensor kept = noise_of(sizes, type, p) * (1 - p);
  return {kept * a, (kept - (1 - p)) * (alpha * a)};
}

}  // namespace

Tensor dropout_with(const Tensor& x, double p, RandomStream stream) {
  check_arguments("dropout", x, p);
  const Tensor y = empty(x.sizes(), x.scalar_type());
  const int64_t n = x.numel();
  kernels::with_floating(
      "dropout", [&](auto* x, auto* y) { kernels::dropout(y, nullptr, x, n, stream, p); }, x.detach().contiguous(),
      kernels::written(y));
  return record("dropout", y, {x}, [p, stream](const Tensor& g, Node&) { return dropout_with(g, p, stream); });
}

Tensor dropout(const Tensor& x, double p, bool train) {
  check_arguments("dropout", x, p);
  if (!train || p == 0) return x;
  return dropout_with(x, p, kernels::next_stream(default_generator(), x.numel()));
}

Tensor feature_dropout(const Tensor& x, double p, bool train) {
  check_features("feature_dropout", x, p);
  return !train || p == 0 ? x : mul(x, noise_of(channels_of(x), x.scalar_type(), p));
}

Tensor alpha_dropout(const Tensor& x, double p, bool train) {
  check_arguments("alpha_dropout", x, p);
  if (!train || p == 0) return x;
  return alpha_of(x.sizes(), x, p).of(x);
}

Tensor feature_alpha_dropout(const Tensor& x, double p, bool train) {
  check_features("feature_alpha_dropout", x, p);
  if (!train || p == 0) return x;
  return alpha_of(channels_of(x), x, p).of(x);
}

// ---- in place -------------------------------------------------------------------------------------------------------

Tensor& dropout_(const Tensor& x, double p, bool train) {
  check_arguments("dropout", x, p);
  if (train && p != 0) x.mul_(noise_of(x.sizes(), x.scalar_type(), p));
  return const_cast<Tensor&>(x);
}

Tensor& feature_dropout_(const Tensor& x, double p, bool train) {
  check_features("feature_dropout", x, p);
  if (train && p != 0) x.mul_(noise_of(channels_of(x), x.scalar_type(), p));
  return const_cast<Tensor&>(x);
}

Tensor& alpha_dropout_(const Tensor& x, double p, bool train) {
  check_arguments("alpha_dropout", x, p);
  if (!train || p == 0) return const_cast<Tensor&>(x);
  return alpha_of(x.sizes(), x, p).in_place_of(x);
}

Tensor& feature_alpha_dropout_(const Tensor& x, double p, bool train) {
  check_features("feature_alpha_dropout", x, p);
  if (!train || p == 0) return const_cast<Tensor&>(x);
  return alpha_of(channels_of(x), x, p).in_place_of(x);
}

}  // namespace gradus
