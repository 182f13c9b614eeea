// Samplers: which examples make the next batch.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "gradus/tensor/dtype.h"
#include "gradus/tensor/error.h"

namespace gradus::serialize {
class OutputArchive;
class InputArchive;
}  // namespace gradus::serialize

namespace gradus::data::samplers {

template <class BatchRequest = std::vector<size_t>>
class Sampler {
 public:
  using BatchRequestType = BatchRequest;

  virtual ~Sampler() = default;
  /// Starts again, for `new_size` examples if given.
  virtual void reset(std::optional<size_t> new_size) = 0;
  /// The request for the next batch, at most batch_size examples; nothing when none is left.
  virtual std::optional<BatchRequest> next(size_t batch_size) = 0;
  /// Where the sampler stands, so that another one of its kind goes on from there.
  virtual void save(serialize::OutputArchive&) const { fail("save: this sampler has no save(); override it"); }
  virtual void load(serialize::InputArchive&) { fail("load: this sampler has no load(); override it"); }
};

template <class BatchRequest>
serialize::OutputArchive& operator<<(serialize::OutputArchive& archive, const Sampler<BatchRequest>& sampler) {
  sampler.save(archive);
  return archive;
}
template <class BatchRequest>
serialize::InputArchive& operator>>(serialize::InputArchive& archive, Sampler<BatchRequest>& sampler) {
  sampler.load(archive);
  return archive;
}

/// 0, 1, 2, ... in order.
class SequentialSampler : public Sampler<> {
 public:
  explicit SequentialSampler(size_t size) : size_(size) {}

  void reset(std::optional<size_t> new_size = std::nullopt) override;
  std::optional<std::vector<size_t>> next(size_t batch_size) override;
  void save(serialize::OutputArchive& archive) const override;
  void load(serialize::InputArchive& archive) override;
  /// Examples given so far.
  size_t index() const noexcept { return index_; }

 private:
  size_t size_, index_ = 0;
};

/// Every example once, in the order of a permutation drawn from the default generator when the sampler is made and at
/// every reset: the same seed gives the same order as LibTorch's.
class RandomSampler : public Sampler<> {
 public:
  /// The order does not depend on index_dtype; it only must be wide enough for the indices.
  explicit RandomSampler(int64_t size, ScalarType index_dtype = kLong);

  void reset(std::optional<size_t> new_size = std::nullopt) override;
  std::optional<std::vector<size_t>> next(size_t batch_size) override;
  void save(serialize::OutputArchive& archive) const override;
  void load(serialize::InputArchive& archive) override;
  /// Examples given so far.
  size_t index() const noexcept { return index_; }

 private:
  ScalarType index_dtype_;
  std::vector<int64_t> order_;
  size_t index_ = 0;
};

}  // namespace gradus::data::samplers
