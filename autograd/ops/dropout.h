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
/// The same mask for a whole channel: x [N, C, ...].
Tensor feature_dropout(const Tensor& x, double p, bool train);
/// dropout with the part of the random stream that it shall use. Linear, and its own derivative.
Tensor dropout_with(const Tensor& x, double p, RandomStream stream);

}  // namespace gradus
