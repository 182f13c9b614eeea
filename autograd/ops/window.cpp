#include "gradus/autograd/ops/window.h"

#include <numbers>

#include "gradus/autograd/grad_mode.h"
#include "gradus/autograd/ops/ops.h"
#include "gradus/tensor/factories.h"

namespace gradus {
namespace {

// `weights` gets 0 ... N in the type to compute in, and N.
template <class F>
Tensor window(const char* op, int64_t length, bool periodic, const TensorOptions& o, const F& weights) {
  check(length >= 0, op, " requires non-negative window_length, got window_length=", length);
  const ScalarType type = o.scalar_type();
  check(is_floating(type), op, " expects floating point dtypes, got: ", type);
  if (length < 2) return ones({length}, o);
  NoGradGuard off;
  const int64_t steps = periodic ? length : length - 1;
  const ScalarType wide = is_float16(type) ? kFloat : type;
  const Tensor all = weights(arange(0, steps + 1, 1, wide), static_cast<double>(steps));
  const Tensor y = all.narrow(0, 0, length).to(type).contiguous();
  return o.requires_grad() ? y.detach().requires_grad_() : y;
}

constexpr double pi = std::numbers::pi;

}  // namespace

Tensor hann_window(int64_t length, const TensorOptions& o) { return hann_window(length, true, o); }
Tensor hann_window(int64_t length, bool periodic, const TensorOptions& o) {
  return window("hann_window", length, periodic, o,
                [](const Tensor& n, double last) { return 0.5 - 0.5 * cos(n * (2 * pi / last)); });
}

Tensor hamming_window(int64_t length, const TensorOptions& o) { return hamming_window(length, true, 0.54, 0.46, o); }
Tensor hamming_window(int64_t length, bool periodic, const TensorOptions& o) {
  return hamming_window(length, periodic, 0.54, 0.46, o);
}
Tensor hamming_window(int64_t length, bool periodic, double alpha, const TensorOptions& o) {
  return hamming_window(length, periodic, alpha, 0.46, o);
}
Tensor hamming_window(int64_t length, bool periodic, double alpha, double beta, const TensorOptions& o) {
  return window("hamming_window", length, periodic, o,
                [=](const Tensor& n, double last) { return alpha - beta * cos(n * (2 * pi / last)); });
}

Tensor blackman_window(int64_t length, const TensorOptions& o) { return blackman_window(length, true, o); }
Tensor blackman_window(int64_t length, bool periodic, const TensorOptions& o) {
  return window("blackman_window", length, periodic, o, [](const Tensor& n, double last) {
    const Tensor angle = n * (2 * pi / last);
    return 0.08 * cos(2 * angle) - 0.5 * cos(angle) + 0.42;
  });
}

Tensor bartlett_window(int64_t length, const TensorOptions& o) { return bartlett_window(length, true, o); }
Tensor bartlett_window(int64_t length, bool periodic, const TensorOptions& o) {
  return window("bartlett_window", length, periodic, o,
                [](const Tensor& n, double last) { return 1 - abs(n * (2 / last) - 1); });
}

Tensor kaiser_window(int64_t length, const TensorOptions& o) { return kaiser_window(length, true, 12, o); }
Tensor kaiser_window(int64_t length, bool periodic, const TensorOptions& o) {
  return kaiser_window(length, periodic, 12, o);
}
Tensor kaiser_window(int64_t length, bool periodic, double beta, const TensorOptions& o) {
  return window("kaiser_window", length, periodic, o, [beta](const Tensor& n, double last) {
    const Tensor x = n * (2 / last) - 1;
    return i0(beta * sqrt(1 - x * x)) / i0(full({}, beta, n.scalar_type()));
  });
}

}  // namespace gradus
