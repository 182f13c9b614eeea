#include "gradus/autograd/ops/dropout.h"

#include "gradus/autograd/ops/arithmetic.h"
#include "gradus/autograd/record.h"
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
  check_arguments("feature_dropout", x, p);
  check(x.dim() >= 2, "feature_dropout: Feature dropout requires at least 2 dimensions in the input, got ", x.sizes());
  if (!train || p == 0) return x;
  Sizes channels(static_cast<size_t>(x.dim()), 1);
  channels[0] = x.size(0);
  channels[1] = x.size(1);
  const Tensor noise = empty(channels, x.scalar_type());
  const RandomStream stream = kernels::next_stream(default_generator(), noise.numel());
  kernels::with_floating(
      "feature_dropout", [&](auto* y) { kernels::dropout_noise(y, noise.numel(), stream, p); },
      kernels::written(noise));
  return mul(x, noise);
}

}  // namespace gradus
