#include "gradus/data/samplers.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "gradus/autograd/ops/random.h"
#include "gradus/tensor/archive.h"
#include "gradus/tensor/error.h"
#include "gradus/tensor/factories.h"
#include "gradus/tensor/generator.h"
#include "gradus/tensor/kernels/random.h"

namespace gradus::data::samplers {
namespace {

void write_index(serialize::OutputArchive& archive, size_t index) {
  archive.write("index", scalar_tensor(static_cast<int64_t>(index), kLong), true);
}

/// The number of examples given so far, of `size`.
size_t read_index(serialize::InputArchive& archive, size_t size) {
  Tensor index;
  archive.read("index", index, true);
  check(index.numel() == 1 && index.scalar_type() == kLong, "sampler: 'index' is not an integer");
  const auto found = index.item<int64_t>();
  check(found >= 0 && static_cast<size_t>(found) <= size, "sampler: 'index' is ", found, " of ", size, " examples");
  return static_cast<size_t>(found);
}

}  // namespace

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

void SequentialSampler::save(serialize::OutputArchive& archive) const { write_index(archive, index_); }
void SequentialSampler::load(serialize::InputArchive& archive) { index_ = read_index(archive, size_); }

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

void RandomSampler::save(serialize::OutputArchive& archive) const {
  write_index(archive, index_);
  const auto size = static_cast<int64_t>(order_.size());
  Tensor indices = empty({size}, kLong);
  std::copy(order_.begin(), order_.end(), indices.data_ptr<int64_t>());
  archive.write("indices", indices, true);
}

void RandomSampler::load(serialize::InputArchive& archive) {
  Tensor indices;
  archive.read("indices", indices, true);
  check(indices.dim() == 1 && indices.scalar_type() == kLong, "sampler: 'indices' is not a list of integers");
  const int64_t* begin = indices.data_ptr<int64_t>();
  std::vector<int64_t> order(begin, begin + indices.numel());
  std::vector<bool> seen(order.size());
  for (const int64_t i : order) {
    check(i >= 0 && static_cast<size_t>(i) < order.size() && !seen[static_cast<size_t>(i)],
          "sampler: 'indices' is not a permutation");
    seen[static_cast<size_t>(i)] = true;
  }
  index_ = read_index(archive, order.size());
  order_ = std::move(order);
}

}  // namespace gradus::data::samplers
