#include "gradus/data/samplers.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "gradus/autograd/ops/random.h"
#include "gradus/tensor/error.h"
#include "gradus/tensor/generator.h"
#include "gradus/tensor/kernels/random.h"

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

RandomSampler::RandomSampler(int64_t size, ScalarType index_dtype) : index_dtype_(index_dtype) {
  check(size >= 0, "RandomSampler: size must not be negative, got ", size);
  reset(static_cast<size_t>(size));
}

void RandomSampler::reset(std::optional<size_t> new_size) {
  const size_t size = new_size.value_or(order_.size());
  const int64_t last = static_cast<int64_t>(size) - 1;
  const bool fits = dispatch(index_dtype_, [&]<class T>() {
    return !std::is_integral_v<T> || std::is_same_v<T, bool> ||
           last <= static_cast<int64_t>(std::numeric_limits<T>::max());
  });
  check(fits, "RandomSampler: index_dtype ", index_dtype_, " is too narrow for ", size, " examples");
  std::vector<int64_t> order(size);
  kernels::randperm(default_generator(), order.data(), static_cast<int64_t>(size));
  order_ = std::move(order);
  index_ = 0;
}

std::optional<std::vector<size_t>> RandomSampler::next(size_t batch_size) {
  if (index_ >= order_.size()) return std::nullopt;
  const size_t end = index_ + std::min(batch_size, order_.size() - index_);
  std::vector<size_t> batch;
  batch.reserve(end - index_);
  for (; index_ < end; ++index_) batch.push_back(static_cast<size_t>(order_[index_]));
  return batch;
}

}  // namespace gradus::data::samplers
