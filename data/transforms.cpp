#include "gradus/data/transforms.h"

#include "gradus/autograd/ops/join.h"
#include "gradus/tensor/factories.h"

namespace gradus::data::transforms {

Example<> Stack<Example<>>::apply_batch(std::vector<Example<>> examples) {
  std::vector<Tensor> data, targets;
  data.reserve(examples.size());
  targets.reserve(examples.size());
  for (Example<>& example : examples) {
    data.push_back(std::move(example.data));
    targets.push_back(std::move(example.target));
  }
  return {stack(data), stack(targets)};
}

TensorExample Stack<TensorExample>::apply_batch(std::vector<TensorExample> examples) {
  std::vector<Tensor> data;
  data.reserve(examples.size());
  for (TensorExample& example : examples) data.push_back(std::move(example.data));
  return stack(data);
}

namespace detail {

Tensor per_channel(ArrayRef<double> values) {
  Tensor result = empty({static_cast<int64_t>(values.size()), 1, 1}, kFloat);
  float* out = result.data_ptr<float>();
  for (const double value : values) *out++ = static_cast<float>(value);
  return result;
}

Tensor normalize(const Tensor& input, const Tensor& mean, const Tensor& stddev) { return input.sub(mean).div(stddev); }

}  // namespace detail
}  // namespace gradus::data::transforms
