#include "gradus/nn/utils/clip_grad.h"

#include <algorithm>
#include <cmath>

#include "gradus/autograd/grad_mode.h"
#include "gradus/autograd/ops/arithmetic.h"
#include "gradus/autograd/ops/reduce.h"
#include "gradus/tensor/inline_vector.h"

namespace gradus::nn::utils {
namespace {

using Gradients = InlineVector<Tensor, 16>;

double total_norm(const Gradients& gradients, double p) {
  const bool largest = p == INFINITY;
  double total = 0;
  for (const Tensor& g : gradients) {
    if (g.numel() == 0) continue;
    const double norm = g.norm(p).item<double>();
    if (largest)
      total = std::isnan(norm) || std::isnan(total) ? NAN : std::max(total, norm);
    else
      total += std::pow(norm, p);
  }
  return largest ? total : std::pow(total, 1 / p);
}

}  // namespace

double clip_grad_norm_(const std::vector<Tensor>& parameters, double max_norm, double norm_type,
                       bool error_if_nonfinite) {
  NoGradGuard no_grad;
  Gradients gradients;
  for (const Tensor& p : parameters)
    if (p.grad().defined()) gradients.push_back(p.grad());
  if (gradients.empty()) return 0;
  const double total = total_norm(gradients, norm_type);
  check(!error_if_nonfinite || std::isfinite(total), "The total norm of order ", norm_type,
        " for gradients from `parameters` is non-finite, so it cannot be clipped. To disable this error and scale the "
        "gradients with the non-finite norm anyway, set `error_if_nonfinite=false`");
  const double scale = max_norm / (total + 1e-6);
  if (scale < 1 || std::isnan(scale))
    for (const Tensor& g : gradients) g.mul_(scale);
  return total;
}

double clip_grad_norm_(std::initializer_list<Tensor> parameters, double max_norm, double norm_type,
                       bool error_if_nonfinite) {
  return clip_grad_norm_(std::vector<Tensor>(parameters), max_norm, norm_type, error_if_nonfinite);
}

double clip_grad_norm_(const Tensor& parameter, double max_norm, double norm_type, bool error_if_nonfinite) {
  return clip_grad_norm_(std::vector<Tensor>{parameter}, max_norm, norm_type, error_if_nonfinite);
}

void clip_grad_value_(const std::vector<Tensor>& parameters, double clip_value) {
  NoGradGuard no_grad;
  for (const Tensor& p : parameters)
    if (p.grad().defined()) p.grad().clamp_(-clip_value, clip_value);
}

void clip_grad_value_(std::initializer_list<Tensor> parameters, double clip_value) {
  clip_grad_value_(std::vector<Tensor>(parameters), clip_value);
}

void clip_grad_value_(const Tensor& parameter, double clip_value) {
  clip_grad_value_(std::vector<Tensor>{parameter}, clip_value);
}

}  // namespace gradus::nn::utils
