// Normalization: of a batch by channels, of rows, of groups of channels. Weights and biases may be missing.
#pragma once
#include "gradus/tensor/tensor.h"

namespace gradus {

/// y = (x - m) / sqrt(v + eps) w + b for each channel of x, [N, C, ...]; w, b and the running statistics are [C].
/// Training: m and v are the batch's mean and biased variance, and the running statistics become
/// (1 - momentum) running + momentum (m, unbiased v). Otherwise m and v are the running statistics.
/// With d = (x - m) / sqrt(v + eps), k elements a channel:  gb = sum g, gw = sum g d,
/// gx = w / sqrt(v + eps) (g - gb / k - d gw / k), without the last two terms when not training.
/// Ioffe and Szegedy 2015, arXiv:1502.03167.
Tensor batch_norm(const Tensor& x, const std::optional<Tensor>& weight, const std::optional<Tensor>& bias,
                  const std::optional<Tensor>& running_mean, const std::optional<Tensor>& running_var, bool training,
                  double momentum, double eps, bool cudnn_enabled = false);
/// y = max(0, batch_norm(x)) in the passes of batch_norm: with h = g where y > 0 and 0 elsewhere, its derivatives for
/// h. Where that is, is computed again from x: y is not kept. What nn::Sequential makes of a BatchNorm and a ReLU.
Tensor batch_norm_relu(const Tensor& x, const std::optional<Tensor>& weight, const std::optional<Tensor>& bias,
                       const std::optional<Tensor>& running_mean, const std::optional<Tensor>& running_var,
                       bool training, double momentum, double eps);
/// y = (x - m) / sqrt(v + eps) w + b, m and v over the last dimensions, which have `normalized_shape`, as w and b have.
/// With d = (x - m) / sqrt(v + eps), h = g w:  gx = (h - mean h - d mean(h d)) / sqrt(v + eps), gw = sum g d,
/// gb = sum g.  Ba et al. 2016, arXiv:1607.06450.
Tensor layer_norm(const Tensor& x, IntArrayRef normalized_shape, const std::optional<Tensor>& weight = {},
                  const std::optional<Tensor>& bias = {}, double eps = 1e-5, bool cudnn_enable = false);
/// layer_norm of each of `num_groups` groups of neighbouring channels of x, [N, C, ...]; w and b are [C]. gx as there,
/// with means over the group; gw and gb are summed over samples and planes.
/// Wu and He 2018, arXiv:1803.08494.
Tensor group_norm(const Tensor& x, int64_t num_groups, const std::optional<Tensor>& weight = {},
                  const std::optional<Tensor>& bias = {}, double eps = 1e-5, bool cudnn_enabled = false);
/// batch_norm of each sample of x, [N, C, ...], by itself; running statistics are the mean over the samples'.
/// Ulyanov et al. 2016, arXiv:1607.08022.
Tensor instance_norm(const Tensor& x, const std::optional<Tensor>& weight, const std::optional<Tensor>& bias,
                     const std::optional<Tensor>& running_mean, const std::optional<Tensor>& running_var,
                     bool use_input_stats, double momentum, double eps, bool cudnn_enabled = false);
/// y = x w / sqrt(mean(x^2) + eps) over the last dimensions, which have `normalized_shape`; eps is the type's epsilon
/// unless given. With r = 1 / sqrt(mean(x^2) + eps), h = g w:  gx = r (h - x r mean(h x r)), gw = sum g x r.
/// Zhang and Sennrich 2019, arXiv:1910.07467.
Tensor rms_norm(const Tensor& x, IntArrayRef normalized_shape, const std::optional<Tensor>& weight = {},
                std::optional<double> eps = std::nullopt);

}  // namespace gradus
