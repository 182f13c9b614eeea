#include "gradus/examples/activations/curves.h"

namespace activations {

using gradus::Tensor;

Curve curve(const std::string& name, const std::function<Tensor(const Tensor&)>& f, double low, double high,
            int64_t points) {
  const Tensor x = gradus::linspace(low, high, points, gradus::kDouble).requires_grad_();
  const Tensor y = f(x);
  // Each y depends on its own x alone, so the gradient of the sum is the slope at every point.
  y.sum().backward();
  Curve c{name, {}, {}, {}};
  for (int64_t i = 0; i < points; ++i) {
    c.x.push_back(x[i].item<double>());
    c.y.push_back(y[i].item<double>());
    c.slope.push_back(x.grad()[i].item<double>());
  }
  return c;
}

std::vector<Curve> course_curves(double low, double high, int64_t points) {
  return {
      curve(
          "sigmoid", [](const Tensor& x) { return gradus::sigmoid(x); }, low, high, points),
      curve(
          "tanh", [](const Tensor& x) { return gradus::tanh(x); }, low, high, points),
      curve(
          "ReLU", [](const Tensor& x) { return gradus::relu(x); }, low, high, points),
      curve(
          "leaky ReLU (0.01)", [](const Tensor& x) { return gradus::leaky_relu(x, 0.01); }, low, high, points),
  };
}

}  // namespace activations
