// Activations, pointwise. Derivatives at kinks are PyTorch's; NaN goes through; large |x| neither overflows nor gives
// inf * 0. A form with an underscore overwrites its input.
#pragma once
#include <string>

#include "gradus/tensor/generator.h"
#include "gradus/tensor/tensor.h"

namespace gradus {

/// y = 1 / (1 + e^-x);  gx = g y (1 - y).
Tensor sigmoid(const Tensor& x);
Tensor& sigmoid_(const Tensor& x);
/// y = max(x, 0);  gx = g where x > 0, else 0.
Tensor relu(const Tensor& x);
Tensor& relu_(const Tensor& x);
/// y = min(max(x, 0), 6);  gx = g where 0 < x < 6, else 0.
Tensor relu6(const Tensor& x);
Tensor& relu6_(const Tensor& x);
/// y = x where x > 0, else slope x;  gx = g where x > 0, else slope g.
Tensor leaky_relu(const Tensor& x, const Scalar& negative_slope = 0.01);
Tensor& leaky_relu_(const Tensor& x, const Scalar& negative_slope = 0.01);
/// y = x where x > 0, else r x, r uniform in [lower, upper) for each element while training, else (lower + upper) / 2;
/// gx = g where x > 0, else r g.  Xu et al. 2015, arXiv:1505.00853.
Tensor rrelu(const Tensor& x, const Scalar& lower = 1.0 / 8, const Scalar& upper = 1.0 / 3, bool training = false,
             std::optional<Generator> generator = std::nullopt);
Tensor& rrelu_(const Tensor& x, const Scalar& lower = 1.0 / 8, const Scalar& upper = 1.0 / 3, bool training = false,
               std::optional<Generator> generator = std::nullopt);
/// y = scale (x where x > 0, else alpha (e^(s x) - 1)), s = input_scale;
/// gx = g scale where x > 0, else g scale alpha s e^(s x).  Clevert et al. 2015, arXiv:1511.07289.
Tensor elu(const Tensor& x, const Scalar& alpha = 1, const Scalar& scale = 1, const Scalar& input_scale = 1);
Tensor& elu_(const Tensor& x, const Scalar& alpha = 1, const Scalar& scale = 1, const Scalar& input_scale = 1);
/// elu with alpha = 1.6732632423543772, scale = 1.0507009873554805.  Klambauer et al. 2017, arXiv:1706.02515.
Tensor selu(const Tensor& x);
Tensor& selu_(const Tensor& x);
/// y = x where x > 0, else alpha (e^(x / alpha) - 1);  gx = g where x > 0, else g e^(x / alpha).  arXiv:1704.07483.
Tensor celu(const Tensor& x, const Scalar& alpha = 1);
Tensor& celu_(const Tensor& x, const Scalar& alpha = 1);
/// y = x P(x), P the standard normal distribution and p its density;  gx = g (P + x p).
/// approximate "tanh": P(x) = (1 + tanh(k (x + 0.044715 x^3))) / 2, k = sqrt(2 / pi).  arXiv:1606.08415.
Tensor gelu(const Tensor& x, const std::string& approximate = "none");
Tensor& gelu_(const Tensor& x, const std::string& approximate = "none");
/// y = x s, s = sigmoid(x);  gx = g s (1 + x (1 - s)).
Tensor silu(const Tensor& x);
Tensor& silu_(const Tensor& x);
/// y = x t, t = tanh(ln(1 + e^x));  gx = g (t + x (1 - t^2) sigmoid(x)).  Misra 2019, arXiv:1908.08681.
Tensor mish(const Tensor& x);
Tensor& mish_(const Tensor& x);
/// y = ln(1 + e^(beta x)) / beta, x where beta x > threshold;  gx = g sigmoid(beta x), g above the threshold.
Tensor softplus(const Tensor& x, const Scalar& beta = 1, const Scalar& threshold = 20);
/// y = min(max(x, lo), hi);  gx = g where lo < x < hi, else 0.
Tensor hardtanh(const Tensor& x, const Scalar& min_val = -1, const Scalar& max_val = 1);
Tensor& hardtanh_(const Tensor& x, const Scalar& min_val = -1, const Scalar& max_val = 1);
/// y = min(max(x + 3, 0), 6) / 6;  gx = g / 6 where -3 < x < 3, else 0.
Tensor hardsigmoid(const Tensor& x);
Tensor& hardsigmoid_(const Tensor& x);
/// y = x min(max(x + 3, 0), 6) / 6;  gx = 0 where x <= -3, g where x >= 3, else g (x / 3 + 1/2).  arXiv:1905.02244.
Tensor hardswish(const Tensor& x);
Tensor& hardswish_(const Tensor& x);
/// y = x / (1 + |x|);  gx = g / (1 + |x|)^2.
Tensor softsign(const Tensor& x);
/// y = x - tanh(x);  gx = g tanh(x)^2.
Tensor tanhshrink(const Tensor& x);
/// y = 0 where |x| <= lambd, else x;  gx = 0 there, else g.
Tensor hardshrink(const Tensor& x, const Scalar& lambd = 0.5);
/// y = x - lambd where x > lambd, x + lambd where x < -lambd, else 0;  gx = g outside, 0 inside.
Tensor softshrink(const Tensor& x, const Scalar& lambd = 0.5);
/// y = value where x <= threshold, else x;  gx = 0 there, else g.
Tensor threshold(const Tensor& x, const Scalar& threshold, const Scalar& value);
Tensor& threshold_(const Tensor& x, const Scalar& threshold, const Scalar& value);
/// y = -ln(1 + e^-x);  gx = g sigmoid(-x).
Tensor log_sigmoid(const Tensor& x);
/// y = a sigmoid(b), a and b the halves of x along dim;  ga = g s, gb = g a s (1 - s), s = sigmoid(b).
/// Dauphin et al. 2016, arXiv:1612.08083.
Tensor glu(const Tensor& x, int64_t dim = -1);
/// y = x where x > 0, else w x, with one w, or one a channel: x [N, C, ...], w [C];
/// gx = g where x > 0, else w g;  gw = the sum of g x where x <= 0.  He et al. 2015, arXiv:1502.01852.
Tensor prelu(const Tensor& x, const Tensor& weight);

}  // namespace gradus
