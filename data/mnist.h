// MNIST and what has its format (Fashion-MNIST, KMNIST, ...).
#pragma once
#include <cstddef>
#include <optional>
#include <string>

#include "gradus/data/dataset.h"

namespace gradus::data::datasets {

/// Images of 28 x 28 pixels in ten classes, from the four files of the distribution, plain or gzipped, in folder
/// `root`.
class MNIST : public Dataset<MNIST> {
 public:
  enum class Mode { kTrain, kTest };

  /// Throws Error naming the file that is missing or wrong.
  explicit MNIST(const std::string& root, Mode mode = Mode::kTrain);

  Example<> get(size_t index) override;
  Example<> get_stacked(ArrayRef<size_t> indices) const;
  std::optional<size_t> size() const override;

  bool is_train() const noexcept { return is_train_; }
  /// float32 [N, 1, 28, 28] within 0 ... 1.
  const Tensor& images() const { return images_; }
  /// int64 [N].
  const Tensor& targets() const { return targets_; }

 private:
  bool is_train_;
  Tensor images_, targets_;
};

}  // namespace gradus::data::datasets
