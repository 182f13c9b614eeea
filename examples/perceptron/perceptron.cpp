#include "gradus/examples/perceptron/perceptron.h"

namespace perceptron {

using gradus::Tensor;

Perceptron::Perceptron() : weight(0.01 * gradus::randn({2})), bias(gradus::zeros({})) {}

Tensor Perceptron::answer(const Tensor& x) const { return (gradus::matmul(x, weight) + bias > 0).to(gradus::kFloat); }

std::vector<double> learn(Perceptron& p, const Tensor& x, const Tensor& y, double rate, int epochs) {
  std::vector<double> wrong;
  for (int epoch = 0; epoch < epochs && (wrong.empty() || wrong.back() > 0); ++epoch) {
    wrong.push_back(0);
    for (int64_t i = 0; i < x.size(0); ++i) {
      const Tensor error = y[i].squeeze() - p.answer(x.slice(0, i, i + 1)).squeeze();
      p.weight += rate * error * x[i];
      p.bias += rate * error;
      wrong.back() += std::abs(error.item<double>());
    }
  }
  return wrong;
}

}  // namespace perceptron
