#include "gradus/data/samplers.h"

#include "gradus/autograd/ops/random.h"

#include <algorithm>
#include <numeric>

namespace gradus::data::samplers {

void SequentialSampler::reset(std::optional<size_t> new_size) {
  size_ = new_size.value_or(size_);
  index_ = 0;
}

std::optional<std::vector<size_t>> SequentialSampler::next(size_t batch_size) {
  if (index_ >= size_) return std::nullopt;
  std::vector<size_t> batch(std::min(batch_size, size_ - index_));
  std::iota(batch.begin(), batch.end(), index_);
  index_ += batch.size();
  return batch;
}

RandomSampler::RandomSampler(int64_t size, ScalarType index_dtype) : indices_(randperm(size, index_dtype)) {}

void RandomSampler::reset(std::optional<size_t> new_size) {
  const int64_t size = new_size ? static_cast<int64_t>(*new_size) : indices_.numel();
  indices_ = randperm(size, indices_.scalar_type());
  index_ = 0;
}

std::optional<std::vector<size_t>> RandomSampler::next(size_t batch_size) {
  const auto size = static_cast<size_t>(indices_.numel());
  if (index_ >= size) return std::nullopt;
  const size_t end = std::min(size, index_ + std::min(batch_size, size));
  const Tensor slice = indices_.slice(0, static_cast<int64_t>(index_), static_cast<int64_t>(end)).to(kLong);
  const int64_t* first = slice.data_ptr<int64_t>();
  index_ = end;
  return std::vector<size_t>(first, first + slice.numel());
}

}  // namespace gradus::data::samplers
