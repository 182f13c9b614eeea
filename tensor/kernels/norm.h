// Normalization of a batch by channels (norm.cpp), of rows (norm_rows.cpp) and of groups of channels (norm_groups.cpp),
// forward and backward.
#pragma once
#include "gradus/tensor/tensor.h"

namespace gradus::kernels {

/// Of x, [N, C, ...] contiguous, by channel: mean and inverse_std = 1 / sqrt(biased variance + eps), both [C] and
/// written here, and y = (x - mean) inverse_std w + b. Running statistics, if defined, move by `momentum` to the mean
/// and the unbiased variance.
struct BatchNorm {
  Tensor weight, bias;               // [C] or undefined
  Tensor running_mean, running_var;  // [C] or undefined; updated when `training`
  Tensor mean, inverse_std;          // [C]; read when not `training`
  bool training = true;
  bool relu = false;  // y = max(0, the above), and backward g = 0 where y <= 0; not for 16-bit floats
  double momentum = 0.1, eps = 1e-5;
};
Tensor batch_norm(const Tensor& x, BatchNorm& norm);

/// The gradients that are wanted; with m elements a channel and d = x - mean, i = inverse_std:
/// gb = sum g;  gw = sum g d i;  gx = w i (g - gb / m - d i gw / m), or w i g when not `training`. With a ReLU, y is
/// computed again from x, weight and bias, which must be those of the forward pass.
struct NormGradients {
  bool want_x = false, want_weight = false, want_bias = false;
  Tensor x, weight, bias;
};
/// The gradients rounded to `type`.
void narrow(NormGradients& out, ScalarType type);
/// 16-bit floats are computed, and their statistics kept, in float32.
void batch_norm_backward(const Tensor& g, const Tensor& x, const BatchNorm& norm, NormGradients& out);

/// Of x, contiguous, whose last elements form rows of k: y = (x - mean) r w + b, r = 1 / sqrt(variance + eps), both of
/// the row; not `centered`, y = x r w, r = 1 / sqrt(mean of x^2 + eps).
struct RowNorm {
  int64_t k = 1;
  Tensor weight, bias;  // k elements, contiguous, or undefined
  Tensor mean, scale;   // of each row, written here: mean (undefined if not centered) and r
  bool centered = true;
  double eps = 1e-5;
};
Tensor row_norm(const Tensor& x, RowNorm& norm);

/// With d = (x - mean) r and h = g w:  gx = r (h - mean h - d mean(h d)), without mean h if not centered;
/// gw = sum g d and gb = sum g over the rows.
void row_norm_backward(const Tensor& g, const Tensor& x, const RowNorm& norm, NormGradients& out);

/// Of x, [N, C, ...] contiguous, in groups of neighbouring channels of a sample: y = (x - mean) r w + b with
/// r = 1 / sqrt(variance + eps), mean and variance those of the group.
struct GroupNorm {
  int64_t groups = 1;
  Tensor weight, bias;  // [C], contiguous, or undefined
  Tensor mean, scale;   // of each group of each sample, written here: mean and r
  double eps = 1e-5;
};
Tensor group_norm(const Tensor& x, GroupNorm& norm);

/// As for rows, with means over the group; gw = sum g d and gb = sum g over the samples and their planes.
void group_norm_backward(const Tensor& g, const Tensor& x, const GroupNorm& norm, NormGradients& out);

}  // namespace gradus::kernels
