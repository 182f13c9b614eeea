// Datasets: what can be asked for batches, and how one becomes another by a transform.
#pragma once
#include <concepts>
#include <cstddef>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include "gradus/data/example.h"
#include "gradus/tensor/tensor.h"

namespace gradus::data::datasets {

template <class SourceDataset, class AppliedTransform>
class MapDataset;

/// A dataset that gives a Batch for a request (indices, or any other value that a sampler makes).
template <class Self, class Batch = std::vector<Example<>>, class BatchRequest = ArrayRef<size_t>>
class BatchDataset {
 public:
  using SelfType = Self;
  using BatchType = Batch;
  using BatchRequestType = BatchRequest;

  virtual ~BatchDataset() = default;
  virtual Batch get_batch(BatchRequest request) = 0;
  /// Number of examples, or nothing if it is not known.
  virtual std::optional<size_t> size() const = 0;

  /// This dataset with `transform` applied to every batch.
  template <class TransformType>
  MapDataset<Self, TransformType> map(TransformType transform) & {
    return {static_cast<Self&>(*this), std::move(transform)};
  }
  template <class TransformType>
  MapDataset<Self, TransformType> map(TransformType transform) && {
    return {std::move(static_cast<Self&>(*this)), std::move(transform)};
  }
};

/// A dataset of numbered examples.
template <class Self, class SingleExample = Example<>>
class Dataset : public BatchDataset<Self, std::vector<SingleExample>> {
 public:
  using ExampleType = SingleExample;

  virtual ExampleType get(size_t index) = 0;

  std::vector<ExampleType> get_batch(ArrayRef<size_t> indices) override {
    std::vector<ExampleType> batch;
    batch.reserve(indices.size());
    for (const size_t index : indices) batch.push_back(get(index));
    return batch;
  }
};

/// A dataset that is asked for a number of examples, whichever come next.
template <class Self, class Batch = std::vector<Example<>>>
using StreamDataset = BatchDataset<Self, Batch, size_t>;

namespace detail {

/// A dataset that can gather a whole batch at once: get_stacked(indices) is the stack of get(i). A class derived from
/// such a dataset may override get(), so only the very type that promised it counts.
template <class D>
concept Gathers = std::same_as<typename D::SelfType, D> && requires(D& dataset, ArrayRef<size_t> indices) {
  dataset.get_stacked(indices);
};

/// A transform that does to a stack of examples, apply_stacked(batch), what it does to each. Here too a derived class
/// may do something else, hence the name of the very type.
template <class T, class D>
concept AppliesToStacksOf = std::same_as<typename T::Exactly, T> && Gathers<D> &&
    requires(T& transform, D& dataset, ArrayRef<size_t> indices) {
  transform.apply_stacked(dataset.get_stacked(indices));
};

/// A transform that is nothing but the stacking of examples.
template <class T>
concept Stacks = std::same_as<typename T::StackExactly, T>;

}  // namespace detail

/// `dataset.map(transform)`. If the source gathers whole batches and the transforms allow it, so does the result: MNIST
/// mapped by Normalize and Stack makes a batch with one index_select and two pointwise operations.
template <class SourceDataset, class AppliedTransform>
class MapDataset
    : public BatchDataset<MapDataset<SourceDataset, AppliedTransform>, typename AppliedTransform::OutputBatchType,
                          typename SourceDataset::BatchRequestType> {
  static_assert(std::is_same_v<typename SourceDataset::BatchType, typename AppliedTransform::InputBatchType>,
                "BatchType type of dataset does not match input type of transform");

 public:
  using DatasetType = SourceDataset;
  using TransformType = AppliedTransform;
  using BatchRequestType = typename SourceDataset::BatchRequestType;
  using OutputBatchType = typename AppliedTransform::OutputBatchType;

  MapDataset(DatasetType dataset, TransformType transform)
      : dataset_(std::move(dataset)), transform_(std::move(transform)) {}

  OutputBatchType get_batch(BatchRequestType request) override {
    if constexpr (detail::Gathers<SourceDataset> && detail::Stacks<AppliedTransform>)
      return dataset_.get_stacked(request);
    else
      return transform_.apply_batch(dataset_.get_batch(std::move(request)));
  }

  auto get_stacked(ArrayRef<size_t> indices) requires detail::AppliesToStacksOf<AppliedTransform, SourceDataset> {
    return transform_.apply_stacked(dataset_.get_stacked(indices));
  }

  std::optional<size_t> size() const noexcept override { return dataset_.size(); }

  const SourceDataset& dataset() noexcept { return dataset_; }
  const AppliedTransform& transform() noexcept { return transform_; }

 private:
  SourceDataset dataset_;
  AppliedTransform transform_;
};

/// The examples are the rows of one tensor [N, ...].
struct TensorDataset : public Dataset<TensorDataset, TensorExample> {
  explicit TensorDataset(const std::vector<Tensor>& tensors);
  explicit TensorDataset(Tensor tensor) : tensor(std::move(tensor)) {}

  TensorExample get(size_t index) override;
  /// Rows [B, ...] of the indices in one gather.
  TensorExample get_stacked(ArrayRef<size_t> indices) const;
  std::optional<size_t> size() const override;

  Tensor tensor;
};

/// Examples whose data and targets are the rows of two tensors [N, ...] and [N, ...].
class PairDataset : public Dataset<PairDataset> {
 public:
  PairDataset(Tensor data, Tensor targets);

  Example<> get(size_t index) override;
  Example<> get_stacked(ArrayRef<size_t> indices) const;
  std::optional<size_t> size() const override;

  const Tensor& data() const { return data_; }
  const Tensor& targets() const { return targets_; }

 private:
  Tensor data_, targets_;
};

/// One dataset that several loaders or workers share, without copies.
template <class UnderlyingDataset>
class SharedBatchDataset
    : public BatchDataset<SharedBatchDataset<UnderlyingDataset>, typename UnderlyingDataset::BatchType,
                          typename UnderlyingDataset::BatchRequestType> {
 public:
  using BatchType = typename UnderlyingDataset::BatchType;
  using BatchRequestType = typename UnderlyingDataset::BatchRequestType;

  /* implicit */ SharedBatchDataset(std::shared_ptr<UnderlyingDataset> dataset) : dataset_(std::move(dataset)) {}

  BatchType get_batch(BatchRequestType request) override { return dataset_->get_batch(std::move(request)); }
  std::optional<size_t> size() const override { return dataset_->size(); }

  UnderlyingDataset& operator*() { return *dataset_; }
  const UnderlyingDataset& operator*() const { return *dataset_; }
  UnderlyingDataset* operator->() { return dataset_.get(); }
  const UnderlyingDataset* operator->() const { return dataset_.get(); }

 private:
  std::shared_ptr<UnderlyingDataset> dataset_;
};

template <class UnderlyingDataset, class... Args>
SharedBatchDataset<UnderlyingDataset> make_shared_dataset(Args&&... args) {
  return std::make_shared<UnderlyingDataset>(std::forward<Args>(args)...);
}

namespace detail {
/// Rows of `tensor` [N, ...] at the indices: [B, ...]; throws IndexError for one that is out of range.
Tensor gather_rows(const Tensor& tensor, ArrayRef<size_t> indices);
}  // namespace detail

}  // namespace gradus::data::datasets
