// Data made rather than read: digits, two moons, the truth tables. Each depends on its arguments alone, not on the
// library's generator nor on threads.
#pragma once
#include <cstdint>
#include <optional>

#include "gradus/data/dataset.h"
#include "gradus/data/glyphs.h"

namespace gradus::data {

namespace datasets {

/// Handwritten digits drawn by draw_digit, in the form of MNIST.
class Digits : public Dataset<Digits> {
 public:
  /// `size` digits of classes drawn at random; other seeds give other digits (use another one for the test set).
  explicit Digits(int64_t size, uint64_t seed = 0, const DigitStyle& style = {});

  Example<> get(size_t index) override;
  Example<> get_stacked(ArrayRef<size_t> indices) const;
  std::optional<size_t> size() const override;

  /// float32 [N, 1, 28, 28] within 0 ... 1.
  const Tensor& images() const { return images_; }
  /// int64 [N].
  const Tensor& targets() const { return targets_; }

 private:
  Tensor images_, targets_;
};

}  // namespace datasets

/// `size` digits as uint8 [size, 1, 28, 28] with their classes as int64 [size].
Example<> draw_digits(int64_t size, uint64_t seed, const DigitStyle& style = {});

/// Two half circles that reach into each other: float32 [n, 2] with classes int64 [n], in random order. The first is
/// (cos a, sin a), the second (1 - cos a, 1/2 - sin a), a evenly over 0 ... pi, plus normal noise of that deviation.
Example<> moons(int64_t n, double noise, uint64_t seed);

/// The four inputs [4, 2] of a gate of two inputs with its outputs [4, 1], both float32 0 or 1.
Example<> xor_gate();
Example<> and_gate();

}  // namespace gradus::data
