// gradcheck: is a gradient right? Anyone who writes an operation checks it with this.
#pragma once
#include <functional>

#include "gradus/tensor/tensor.h"

namespace gradus::autograd {

/// A function of tensors to be checked. What it returns may have any shape.
using TensorFn = std::function<Tensor(const std::vector<Tensor>&)>;

struct GradcheckOptions {
  double eps = 1e-6;   ///< step of the central difference
  double atol = 1e-5;  ///< tolerances on |numerical - analytical|, as allclose
  double rtol = 1e-3;
  bool raise_exception = true;  ///< throw Error with the worst element, or return false
  bool create_graph = false;    ///< check the derivative as it runs when it is itself recorded
};

/// Compares the gradients of f at `inputs` (float64, requires_grad where to be checked) with central differences,
/// element by element, for every element of the output under a random cotangent.
/// https://pytorch.org/docs/stable/generated/torch.autograd.gradcheck.gradcheck.html
bool gradcheck(const TensorFn& f, const std::vector<Tensor>& inputs, const GradcheckOptions& options = {});

/// The same for the gradient of the gradient, with random cotangents.
bool gradgradcheck(const TensorFn& f, const std::vector<Tensor>& inputs, const GradcheckOptions& options = {});

/// Along one random direction u and cotangent v: |<v, J u> numerical - analytical| / max(1, |numerical|).
/// `order` 1 or 2; cheap enough for big inputs, and blind to nothing, since every element takes part.
double directional_error(const TensorFn& f, const std::vector<Tensor>& inputs, int order = 1, bool create_graph = false,
                         double eps = 1e-6);

}  // namespace gradus::autograd
