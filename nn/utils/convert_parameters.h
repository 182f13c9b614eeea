// All parameters as one vector, and back.
#pragma once
#include "gradus/tensor/tensor.h"

namespace gradus::nn::utils {

/// The elements of all parameters, one after the other; gradients flow back.
Tensor parameters_to_vector(const std::vector<Tensor>& parameters);
/// Makes each parameter a view of its piece of the vector (as `data`, so that handles stay valid).
void vector_to_parameters(const Tensor& vector, const std::vector<Tensor>& parameters);

}  // namespace gradus::nn::utils
