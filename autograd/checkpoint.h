// Checkpoints: trade time for memory. What a part of a program saves for backward is not kept, but computed again when
// backward needs it.
#pragma once
#include "gradus/autograd/engine.h"

namespace gradus::autograd {

/// f(inputs...), saving nothing of what f's operations would: backward runs f once more to get it. Gradients, of f's
/// parameters and of every order too, are those of a plain call. f must compute the same again: it is given the random
/// numbers of the first run (unless `preserve_rng_state` is false), and must save the same tensors in the same order,
/// else backward throws. T. Chen et al., "Training Deep Nets with Sublinear Memory Cost", 2016;
/// https://pytorch.org/docs/stable/checkpoint.html (use_reentrant=False)
variable_list checkpoint(std::function<variable_list(const variable_list&)> f, variable_list inputs,
                         bool preserve_rng_state = true);
Tensor checkpoint(std::function<Tensor(const Tensor&)> f, const Tensor& input, bool preserve_rng_state = true);

}  // namespace gradus::autograd
