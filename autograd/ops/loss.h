// Losses: how far x is from a target. `reduction` is Reduction::None (a value for each element or row), Mean or Sum.
// Mean and Sum are one pass forward and one backward, without a tensor of the values between.
#pragma once
#include "gradus/autograd/ops/reduction.h"
#include "gradus/tensor/tensor.h"

namespace gradus {

/// (x - t)^2;  gx = 2 g (x - t), gt = -gx.
Tensor mse_loss(const Tensor& x, const Tensor& target, int64_t reduction = Reduction::Mean);
/// |x - t|;  gx = g sign(x - t), gt = -gx.
Tensor l1_loss(const Tensor& x, const Tensor& target, int64_t reduction = Reduction::Mean);
/// With d = x - t: d^2 / (2 beta) where |d| < beta, else |d| - beta / 2;  gx = g d / beta, or g sign(d), gt = -gx.
Tensor smooth_l1_loss(const Tensor& x, const Tensor& target, int64_t reduction = Reduction::Mean, double beta = 1.0);
/// With d = x - t: d^2 / 2 where |d| <= delta, else delta (|d| - delta / 2);  gx = g d, or g delta sign(d), gt = -gx.
Tensor huber_loss(const Tensor& x, const Tensor& target, int64_t reduction = Reduction::Mean, double delta = 1.0);

/// -w (t ln x + (1 - t) ln(1 - x)) of probabilities x, logarithms not below -100;
/// gx = g w (x - t) / max(x (1 - x), 1e-12), gt = g w (ln(1 - x) - ln x).
Tensor binary_cross_entropy(const Tensor& x, const Tensor& target, const std::optional<Tensor>& weight = {},
                            int64_t reduction = Reduction::Mean);
/// The same of logits: with s = sigmoid(x), -w (p t ln s + (1 - t) ln(1 - s)), p = pos_weight;
/// gx = g (s - t) for p = w = 1, gt = -g x.
Tensor binary_cross_entropy_with_logits(const Tensor& x, const Tensor& target, const std::optional<Tensor>& weight = {},
                                        const std::optional<Tensor>& pos_weight = {},
                                        int64_t reduction = Reduction::Mean);

/// t (ln t - x) of log-probabilities x and probabilities t, 0 where t = 0;  gx = -g t, gt = g (ln t + 1 - x).
/// With log_target, t holds logarithms: e^t (t - x);  gx = -g e^t, gt = g e^t (t - x + 1).
Tensor kl_div(const Tensor& x, const Tensor& target, int64_t reduction = Reduction::Mean, bool log_target = false);

/// -w[t] x[t] of log-probabilities x, [N, C], [C] or [N, C, d1, ...], and classes t, [N], [] or [N, d1, ...];
/// Mean divides by the sum of w[t]; rows of class ignore_index count nothing.  gx = -g w[t] at the class, else 0.
Tensor nll_loss(const Tensor& x, const Tensor& target, const std::optional<Tensor>& weight = {},
                int64_t reduction = Reduction::Mean, int64_t ignore_index = -100);
/// nll_loss of images: x [N, C, H, W], t [N, H, W].
Tensor nll_loss2d(const Tensor& x, const Tensor& target, const std::optional<Tensor>& weight = {},
                  int64_t reduction = Reduction::Mean, int64_t ignore_index = -100);
/// nll_loss of any number of dimensions.
Tensor nll_loss_nd(const Tensor& x, const Tensor& target, const std::optional<Tensor>& weight = {},
                   int64_t reduction = Reduction::Mean, int64_t ignore_index = -100);
/// nll_loss of log_softmax(x), straight from the logits; shapes as there. With label smoothing e, a share e of each
/// row's weight goes evenly to all classes. For classes t and p = softmax(x), e = 0:  gx = g w[t] (p - onehot(t)).
/// A target of x's shape holds probabilities: -sum_k q[k] ln p[k], q[k] = w[k] ((1 - e) t[k] + e / C), Mean over the
/// rows;  gx = g (p sum q - q), gt = -g (1 - e) w ln p.
Tensor cross_entropy_loss(const Tensor& x, const Tensor& target, const std::optional<Tensor>& weight = {},
                          int64_t reduction = Reduction::Mean, int64_t ignore_index = -100,
                          double label_smoothing = 0.0);

}  // namespace gradus
