#include "gradus/nn/init.h"

#include <cmath>

#include "gradus/autograd/grad_mode.h"
#include "gradus/autograd/ops/arithmetic.h"
#include "gradus/autograd/ops/compare.h"
#include "gradus/autograd/ops/elementary.h"
#include "gradus/autograd/ops/random.h"
#include "gradus/autograd/ops/reduce.h"
#include "gradus/tensor/factories.h"
#include "gradus/tensor/kernels/qr.h"
#include "gradus/tensor/literal.h"
#include "gradus/tensor/warning.h"

namespace gradus::nn::init {
namespace {

double kaiming_std(const Tensor& t, double a, const FanModeType& mode, const NonlinearityType& nonlinearity) {
  const auto [fan_in, fan_out] = _calculate_fan_in_and_fan_out(t);
  const auto fan = std::holds_alternative<enumtype::kFanIn>(mode) ? fan_in : fan_out;
  return calculate_gain(nonlinearity, a) / std::sqrt(static_cast<double>(fan));
}

}  // namespace

double calculate_gain(NonlinearityType nonlinearity, double param) {
  if (std::holds_alternative<enumtype::kTanh>(nonlinearity)) return 5.0 / 3.0;
  if (std::holds_alternative<enumtype::kReLU>(nonlinearity)) return std::sqrt(2.0);
  if (std::holds_alternative<enumtype::kLeakyReLU>(nonlinearity)) return std::sqrt(2.0 / (1 + param * param));
  return 1;
}

Tensor constant_(Tensor tensor, Scalar value) {
  NoGradGuard no_grad;
  return tensor.fill_(value);
}

Tensor ones_(Tensor tensor) { return constant_(std::move(tensor), 1); }
Tensor zeros_(Tensor tensor) { return constant_(std::move(tensor), 0); }

Tensor eye_(Tensor matrix) {
  NoGradGuard no_grad;
  check(matrix.dim() == 2, "Only tensors with 2 dimensions are supported, got ", matrix.sizes());
  return matrix.copy_(eye(matrix.size(0), matrix.size(1), matrix.options()));
}

Tensor dirac_(Tensor tensor) {
  NoGradGuard no_grad;
  check(tensor.dim() >= 3 && tensor.dim() <= 5, "Only tensors with 3, 4, or 5 dimensions are supported, got ",
        tensor.sizes());
  tensor.zero_();
  for (int64_t i = 0; i < std::min(tensor.size(0), tensor.size(1)); ++i) {
    Tensor kernel = tensor[i][i];
    while (kernel.dim() > 0) kernel = kernel[kernel.size(0) / 2];
    kernel.fill_(1);
  }
  return tensor;
}

Tensor uniform_(Tensor tensor, double low, double high) {
  NoGradGuard no_grad;
  return tensor.uniform_(low, high);
}

Tensor normal_(Tensor tensor, double mean, double std) {
  NoGradGuard no_grad;
  return tensor.normal_(mean, std);
}

Tensor xavier_normal_(Tensor tensor, double gain) {
  const auto [fan_in, fan_out] = _calculate_fan_in_and_fan_out(tensor);
  return normal_(std::move(tensor), 0, gain * std::sqrt(2.0 / static_cast<double>(fan_in + fan_out)));
}

Tensor xavier_uniform_(Tensor tensor, double gain) {
  const auto [fan_in, fan_out] = _calculate_fan_in_and_fan_out(tensor);
  const double std = gain * std::sqrt(2.0 / static_cast<double>(fan_in + fan_out));
  const double a = std::sqrt(3.0) * std;
  return uniform_(std::move(tensor), -a, a);
}

Tensor kaiming_normal_(Tensor tensor, double a, FanModeType mode, NonlinearityType nonlinearity) {
  const double std = kaiming_std(tensor, a, mode, nonlinearity);
  return normal_(std::move(tensor), 0, std);
}

Tensor kaiming_uniform_(Tensor tensor, double a, FanModeType mode, NonlinearityType nonlinearity) {
  const double bound = std::sqrt(3.0) * kaiming_std(tensor, a, mode, nonlinearity);
  return uniform_(std::move(tensor), -bound, bound);
}

namespace {

double normal_share_below(double x) { return (1 + std::erf(x / std::sqrt(2.0))) / 2; }

// Values outside are drawn again until there are none.
void redraw_normal(const Tensor& t, double mean, double std, double a, double b) {
  t.normal_(mean, std);
  // The bounds as the tensor's type has them.
  const Tensor bounds = gradus::tensor(std::vector<double>{a, b}, t.options());
  for (;;) {
    const Tensor outside = logical_or(t<bounds[0], t> bounds[1]);
    if (!any(outside).item<bool>()) return;
    t.copy_(where(outside, empty(t.sizes(), t.options()).normal_(mean, std), t));
  }
}

// Where [a, b] holds little of the distribution: uniform candidates, kept as often as their density says.
void redraw_uniform(const Tensor& t, double mean, double std, double a, double b) {
  const double mode = std::max(a, std::min(mean, b)), peak = -0.5 * std::pow((mode - mean) / std, 2);
  auto refused = [&](const Tensor& candidates) {
    const Tensor log_density = ((candidates - mean) / std).square() * -0.5 - peak;
    return empty(t.sizes(), t.options()).uniform_().log_() > log_density;
  };
  t.uniform_(a, b);
  Tensor pending = refused(t);
  while (any(pending).item<bool>()) {
    const Tensor candidates = empty(t.sizes(), t.options()).uniform_(a, b);
    t.copy_(where(pending, candidates, t));
    pending = logical_and(pending, refused(candidates));
  }
}

}  // namespace

Tensor trunc_normal_(Tensor tensor, double mean, double std, double a, double b) {
  NoGradGuard no_grad;
  check(a <= b && std > 0, "trunc_normal_: expected a <= b and a positive std, got a = ", a, ", b = ", b,
        " and std = ", std);
  if (mean < a - 2 * std || mean > b + 2 * std)
    gradus::detail::warn_at(__func__, __FILE__, __LINE__,
                            "mean is more than 2 std from [a, b] in nn.init.trunc_normal_. The distribution of values "
                            "may be incorrect.");
  const double inside = normal_share_below((b - mean) / std) - normal_share_below((a - mean) / std);
  inside > 0.3 ? redraw_normal(tensor, mean, std, a, b) : redraw_uniform(tensor, mean, std, a, b);
  return tensor;
}

Tensor orthogonal_(Tensor tensor, double gain) {
  NoGradGuard no_grad;
  check(tensor.dim() >= 2, "Only tensors with 2 or more dimensions are supported, got ", tensor.sizes());
  const int64_t rows = tensor.size(0), columns = rows ? tensor.numel() / rows : 0;
  Tensor flat = empty({rows, columns}, tensor.options());
  flat.normal_(0, 1);
  if (flat.numel() == 0) return tensor;
  // Signs make the decomposition one: that whose R has a positive diagonal.
  const auto [q, r] = kernels::qr((rows < columns ? flat.t() : flat).to(kDouble));
  const Tensor signed_q = q * sign((r * eye(r.size(0), kDouble)).sum(0));
  return tensor.copy_((rows < columns ? signed_q.t() : signed_q).mul(gain).reshape(tensor.sizes()));
}

Tensor sparse_(Tensor tensor, double sparsity, double std) {
  NoGradGuard no_grad;
  check(tensor.dim() == 2, "Only tensors with 2 dimensions are supported, got ", tensor.sizes());
  const int64_t rows = tensor.size(0);
  const auto zeros = static_cast<int64_t>(std::ceil(sparsity * static_cast<double>(rows)));
  tensor.normal_(0, std);
  for (int64_t column = 0; column < tensor.size(1); ++column) {
    const Tensor chosen = randperm(rows, kLong).narrow(0, 0, zeros);
    for (int64_t i = 0; i < zeros; ++i) tensor[chosen[i].item<int64_t>()][column].fill_(0);
  }
  return tensor;
}

std::tuple<int64_t, int64_t> _calculate_fan_in_and_fan_out(const Tensor& tensor) {
  check(tensor.dim() >= 2, "Fan in and fan out can not be computed for tensor with fewer than 2 dimensions, got ",
        tensor.sizes());
  int64_t kernel = 1;
  for (int64_t d = 2; d < tensor.dim(); ++d) kernel *= tensor.size(d);
  return {tensor.size(1) * kernel, tensor.size(0) * kernel};
}

}  // namespace gradus::nn::init
