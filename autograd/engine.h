// The engine: runs a graph backward, newest node first.
#pragma once
#include "gradus/autograd/node.h"

namespace gradus {

namespace autograd {

using Variable = Tensor;
using variable_list = std::vector<Tensor>;
using tensor_list = std::vector<Tensor>;

/// Sums the gradients of `tensors`, weighted by `grads` (1 for scalars), into the .grad of the leaves of their graph,
/// or of `inputs` only. The graph is freed unless `retain_graph` (default: `create_graph`).
/// https://pytorch.org/docs/stable/generated/torch.autograd.backward.html
void backward(const variable_list& tensors, const variable_list& grads = {},
              std::optional<bool> retain_graph = std::nullopt, bool create_graph = false,
              const variable_list& inputs = {});

/// The gradients of `outputs` with respect to `inputs`; an input that was not used gives an undefined tensor if
/// `allow_unused`, else an error.
/// https://pytorch.org/docs/stable/generated/torch.autograd.grad.html
variable_list grad(const variable_list& outputs, const variable_list& inputs, const variable_list& grad_outputs = {},
                   std::optional<bool> retain_graph = std::nullopt, bool create_graph = false,
                   bool allow_unused = false);

namespace detail {
void backward(TensorList tensors, TensorList grads, std::optional<bool> retain_graph, bool create_graph,
              TensorList inputs);
}

}  // namespace autograd

/// slot += g, in place where slot's buffer is nobody else's; an empty slot takes g over.
void accumulate_grad(Tensor& slot, Tensor g);

}  // namespace gradus
