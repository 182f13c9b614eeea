// Dropout: elements, or whole channels, set to zero at random.
#pragma once
#include "gradus/tensor/generator.h"
#include "gradus/tensor/tensor.h"

namespace gradus {

/// y = x m / (1 - p), m = 1 with probability 1 - p, else 0, when training; else x.  gx = g m / (1 - p).
/// The mask comes from a counter-based stream keyed by the default generator's seed, and is drawn again for the
/// gradient rather than kept. Srivastava et al. 2014.
/// https://pytorch.org/docs/stable/generated/torch.nn.functional.dropout.html
Tensor dropout(const Tensor& x, double p, bool train);
Tensor& dropout_(const Tensor& x, double p, bool train);
/// The same mask for a whole channel: x [N, C, ...].
Tensor feature_dropout(const Tensor& x, double p, bool train);
Tensor& feature_dropout_(const Tensor& x, double p, bool train);
/// y = a (m x + (1 - m) s) + c, m = 1 with probability 1 - p, s = -1.7580993408473766 what selu becomes for very
/// negative x, and a = 1 / sqrt((1 - p) (1 + p s^2)), c = -a p s: mean 0 and variance 1 stay.  gx = g a m. Klambauer et
/// al. 2017, arXiv:1706.02515.
Tensor alpha_dropout(const Tensor& x, double p, bool train);
Tensor& alpha_dropout_(const Tensor& x, double p, bool train);
/// The same mask for a whole channel: x [N, C, ...].
Tensor feature_alpha_dropout(const Tensor& x, double p, bool train);
Tensor& feature_alpha_dropout_(const Tensor& x, double p, bool train);
/// dropout with the part of the random stream that it shall use. Linear, and its own derivative.
Tensor dropout_with(const Tensor& x, double p, RandomStream stream);

}  // namespace gradus
