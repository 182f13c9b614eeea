// Losses with a margin, of pairs and triplets, and of counts and normal distributions. `reduction` as in loss.h.
#pragma once
#include "gradus/autograd/ops/reduction.h"
#include "gradus/tensor/tensor.h"

namespace gradus {

/// ln(1 + e^(-t x)) of targets t = 1 or -1;  gx = -g t sigmoid(-t x), gt = -g x sigmoid(-t x).
Tensor soft_margin_loss(const Tensor& x, const Tensor& target, int64_t reduction = Reduction::Mean);
/// x where t = 1, max(margin - x, 0) where t = -1, of distances x;  gx = g where t = 1, -g where t = -1 and
/// x <= margin, else 0.
Tensor hinge_embedding_loss(const Tensor& x, const Tensor& target, double margin = 1.0,
                            int64_t reduction = Reduction::Mean);
/// max(margin - t (a - b), 0): t = 1 where a shall be larger than b, -1 where smaller;  ga = -g t, gb = g t,
/// gt = -g (a - b) where margin >= t (a - b), else 0.
Tensor margin_ranking_loss(const Tensor& input1, const Tensor& input2, const Tensor& target, double margin = 0.0,
                           int64_t reduction = Reduction::Mean);
/// Of [N, D] and targets [N], or [D] and []: 1 - cos(x1, x2) where t = 1, max(cos(x1, x2) - margin, 0) where t = -1.
/// With u = x1 / |x1|, v = x2 / |x2|, cos = u . v:  gx1 = -g (v - u cos) / |x1| where t = 1, its negative where t = -1
/// and cos >= margin.
Tensor cosine_embedding_loss(const Tensor& input1, const Tensor& input2, const Tensor& target, double margin = 0.0,
                             int64_t reduction = Reduction::Mean);
/// max(d(a, p) - d(a, n) + margin, 0), d = pairwise_distance with p and eps; with `swap` d(p, n) takes the place of
/// d(a, n) where it is smaller. a, p, n [N, D].  Balntas et al. 2016.
Tensor triplet_margin_loss(const Tensor& anchor, const Tensor& positive, const Tensor& negative, double margin = 1.0,
                           double p = 2.0, double eps = 1e-6, bool swap = false, int64_t reduction = Reduction::Mean);
/// w[t] / C sum_(k != t) max(margin - x[t] + x[k], 0)^p of x [N, C] or [C] and classes t [N] or [], p = 1 or 2.
/// With m_k = p max(margin - x[t] + x[k], 0)^(p - 1), 0 where that is not positive:  gx[k] = g w[t] m_k / C, gx[t] =
/// minus their sum.
Tensor multi_margin_loss(const Tensor& x, const Tensor& target, const Scalar& p = 1, const Scalar& margin = 1,
                         const std::optional<Tensor>& weight = {}, int64_t reduction = Reduction::Mean);
/// sum_(j in T, k not in T) max(1 - x[j] + x[k], 0) / C of x [N, C] or [C]; T are the classes that a row of the target,
/// of x's shape, names up to its first -1.  gx[k] += g / C, gx[j] -= g / C for every pair with 1 - x[j] + x[k] > 0.
Tensor multilabel_margin_loss(const Tensor& x, const Tensor& target, int64_t reduction = Reduction::Mean);
/// The mean over the last dimension of binary_cross_entropy_with_logits(x, t, w), one value a row.
Tensor multilabel_soft_margin_loss(const Tensor& x, const Tensor& target, const std::optional<Tensor>& weight = {},
                                   int64_t reduction = Reduction::Mean);
/// Of counts t and an expected count: e^x - t x with log_input, else x - t ln(x + eps). `full` adds Stirling's
/// t ln t - t + ln(2 pi t) / 2 where t > 1.  gx = g (e^x - t), or g (1 - t / (x + eps)).
Tensor poisson_nll_loss(const Tensor& x, const Tensor& target, bool log_input, bool full, double eps,
                        int64_t reduction);
/// (ln v + (x - t)^2 / v) / 2, v = max(var, eps), of x's shape or broadcasting to it; `full` adds ln(2 pi) / 2.
/// gx = g (x - t) / v, gt = -gx, gv = g (1 / v - (x - t)^2 / v^2) / 2.  Nix and Weigend 1994.
Tensor gaussian_nll_loss(const Tensor& x, const Tensor& target, const Tensor& var, bool full = false, double eps = 1e-6,
                         int64_t reduction = Reduction::Mean);

}  // namespace gradus
