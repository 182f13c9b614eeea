#include "gradus/data/dataset.h"

#include <algorithm>

#include "gradus/autograd/ops/join.h"
#include "gradus/tensor/error.h"
#include "gradus/tensor/factories.h"

namespace gradus::data::datasets {

namespace detail {

Tensor gather_rows(const Tensor& tensor, ArrayRef<size_t> indices) {
  Tensor rows = empty({static_cast<int64_t>(indices.size())}, kLong);
  const auto n = static_cast<size_t>(tensor.size(0));
  int64_t* row = rows.data_ptr<int64_t>();
  for (const size_t index : indices) {
    check_index(index < n, "dataset: index ", index, " is out of range for ", n, " examples");
    *row++ = static_cast<int64_t>(index);
  }
  return tensor.index_select(0, rows);
}

}  // namespace detail

TensorDataset::TensorDataset(const std::vector<Tensor>& tensors) : TensorDataset(stack(tensors)) {}

TensorExample TensorDataset::get(size_t index) { return tensor[static_cast<int64_t>(index)]; }

TensorExample TensorDataset::get_stacked(ArrayRef<size_t> indices) const {
  return detail::gather_rows(tensor, indices);
}

std::optional<size_t> TensorDataset::size() const { return static_cast<size_t>(tensor.size(0)); }

PairDataset::PairDataset(Tensor data, Tensor targets) : data_(std::move(data)), targets_(std::move(targets)) {
  check(data_.dim() > 0 && targets_.dim() > 0 && data_.size(0) == targets_.size(0),
        "PairDataset: data and targets must have as many rows, got ", data_.sizes(), " and ", targets_.sizes());
}

Example<> PairDataset::get(size_t index) {
  const auto row = static_cast<int64_t>(index);
  return {data_[row], targets_[row]};
}

Example<> PairDataset::get_stacked(ArrayRef<size_t> indices) const {
  return {detail::gather_rows(data_, indices), detail::gather_rows(targets_, indices)};
}

std::optional<size_t> PairDataset::size() const { return static_cast<size_t>(data_.size(0)); }

}  // namespace gradus::data::datasets
