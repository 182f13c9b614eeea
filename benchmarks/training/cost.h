// What a step costs at least: the floating-point operations of its products, and the bytes that must move through
// memory.
#pragma once
#include <cstdint>

namespace bench {

/// Counted by hand beside each layer, so that a step that computes less cannot look faster. A product is counted
/// `times`: forward, gradient of the weight, gradient of the input (3); 2 where the input needs no gradient; 1 without
/// training.
class Cost {
 public:
  /// y = x W^T + b: x [n, in], W [out, in].
  Cost& linear(int64_t n, int64_t in, int64_t out, int times = 3) {
    return product(n * out, in, in * out + out, times);
  }
  /// x [n, in, ...], W [out, in, k, k], y [n, out, h, w].
  Cost& conv(int64_t n, int64_t in, int64_t out, int64_t k, int64_t h, int64_t w, int times = 3) {
    return product(n * out * h * w, in * k * k, out * in * k * k + out, times);
  }
  /// A transposed convolution: x [n, in, h, w], W [in, out, k, k], y [n, out, oh, ow].
  Cost& conv_transpose(int64_t n, int64_t in, int64_t out, int64_t k, int64_t h, int64_t w, int64_t oh, int64_t ow,
                       int times = 3) {
    flops_ += 2.0 * times * static_cast<double>(n * in * h * w) * static_cast<double>(out * k * k);
    return moved(n * out * oh * ow, in * out * k * k, times);
  }
  /// An update rule that reads and writes so many floats for each of n parameters: SGD 3, with momentum 5, Adam 7.
  Cost& update(int64_t n, int floats) {
    bytes_ += 4.0 * floats * static_cast<double>(n);
    return *this;
  }

  double flops() const { return flops_; }
  double bytes() const { return bytes_; }

 private:
  Cost& product(int64_t outputs, int64_t inner, int64_t weights, int times) {
    flops_ += 2.0 * times * static_cast<double>(outputs) * static_cast<double>(inner);
    return moved(outputs, weights, times);
  }
  // An output is written, and in training read by backward, where its gradient is written and read; a weight is read
  // forward and backward, and its gradient written. What layers between the products move is not counted: it can be
  // fused.
  Cost& moved(int64_t outputs, int64_t weights, int times) {
    const bool training = times > 1;
    bytes_ += 4.0 * static_cast<double>(outputs) * (training ? 4 : 1);
    bytes_ += 4.0 * static_cast<double>(weights) * (training ? 3 : 1);
    return *this;
  }

  double flops_ = 0, bytes_ = 0;
};

}  // namespace bench
