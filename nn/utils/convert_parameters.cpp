#include "gradus/nn/utils/convert_parameters.h"

#include "gradus/autograd/ops/join.h"
#include "gradus/autograd/ops/shape.h"

namespace gradus::nn::utils {

Tensor parameters_to_vector(const std::vector<Tensor>& parameters) {
  std::vector<Tensor> flat;
  for (const Tensor& p : parameters) flat.push_back(p.reshape({-1}));
  return cat(flat);
}

void vector_to_parameters(const Tensor& vector, const std::vector<Tensor>& parameters) {
  int64_t total = 0, at = 0;
  for (const Tensor& p : parameters) total += p.numel();
  check(vector.dim() == 1 && vector.numel() == total, "vector_to_parameters: expected a vector of ", total,
        " numbers, got ", vector.sizes());
  for (const Tensor& p : parameters) {
    p.set_data(vector.detach().narrow(0, at, p.numel()).view_as(p));
    at += p.numel();
  }
}

}  // namespace gradus::nn::utils
