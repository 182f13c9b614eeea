#include "gradus/autograd/ops/ops.h"
#include "gradus/autograd/wide.h"
#include "gradus/tensor/factories.h"
#include "gradus/tensor/warning.h"

namespace gradus {
namespace {

void check_weights(const char* which, const Tensor& w, bool right_type, const char* kind, int64_t observations) {
  check(w.dim() <= 1, "cov(): expected ", which, " to have one or fewer dimensions but got ", which, " with ", w.dim(),
        " dimensions");
  check(right_type, "cov(): expected ", which, " to have ", kind, " dtype but got ", which, " with ", w.scalar_type(),
        " dtype");
  check(w.numel() == observations, "cov(): expected ", which,
        " to have the same numel as there are observations in the input but got ", w.numel(), " != ", observations);
  check(w.numel() == 0 || !any(lt(w, 0)).item<bool>(), "cov(): ", which, " cannot be negative");
}

// The weight of each observation; undefined where all are 1.
Tensor weights_of(const Tensor& f, const Tensor& a, int64_t observations) {
  if (f.defined()) check_weights("fweights", f, is_integral(f.scalar_type(), false), "integral", observations);
  if (a.defined()) check_weights("aweights", a, is_floating(a.scalar_type()), "floating point", observations);
  return f.defined() && a.defined() ? f * a : f.defined() ? f : a;
}

}  // namespace

Tensor cov(const Tensor& x, int64_t correction, const std::optional<Tensor>& fweights,
           const std::optional<Tensor>& aweights) {
  check(x.defined(), "cov(): expected a tensor, but got an undefined one");
  check(x.dim() <= 2, "cov(): expected input to have two or fewer dimensions but got an input with ", x.dim(),
        " dimensions");
  check(x.scalar_type() != kBool, "cov(): bool dtype is not supported for input");
  if (is_float16(x.scalar_type())) return cov(wide(x), correction, fweights, wide(aweights)).to(x.scalar_type());
  const Tensor in = x.dim() < 2 ? reshape(x, {1, -1}) : x;
  const int64_t n = in.size(1);
  const Tensor a = aweights.value_or(Tensor()), w = weights_of(fweights.value_or(Tensor()), a, n);
  const Tensor total = w.defined() ? sum(w) : scalar_tensor(n);
  check(!w.defined() || n == 0 || total.item<double>() != 0, "cov(): weights sum to zero, can't be normalized");
  Tensor freedom = total - correction;
  if (a.defined() && correction != 0) freedom = total - correction * sum(w * a) / total;
  if (freedom.item<double>() <= 0) {
    detail::warn_at(
        "cov", __FILE__, __LINE__,
        "cov(): degrees of freedom is <= 0. Correction should be strictly less than the number of observations.");
    freedom = zeros_like(freedom);
  }
  const Tensor mean = sum(w.defined() ? in * w : in, 1) / total;
  const Tensor rest = in - unsqueeze(mean, 1);
  const Tensor weighted = w.defined() ? rest * w : rest;
  return squeeze(matmul(rest, t(weighted)) / freedom);
}

Tensor corrcoef(const Tensor& x) {
  check(x.defined(), "corrcoef(): expected a tensor, but got an undefined one");
  check(x.dim() <= 2, "corrcoef(): expected input to have two or fewer dimensions but got an input with ", x.dim(),
        " dimensions");
  const Tensor c = cov(x);
  if (c.dim() == 0) return c / c;
  const Tensor spread = sqrt(diagonal(c));
  return clamp(c / unsqueeze(spread, 1) / unsqueeze(spread, 0), -1, 1);
}

Tensor Tensor::cov(int64_t correction, const std::optional<Tensor>& fweights,
                   const std::optional<Tensor>& aweights) const {
  return gradus::cov(*this, correction, fweights, aweights);
}
Tensor TensorMethods::corrcoef() const { return gradus::corrcoef(itself()); }

}  // namespace gradus
