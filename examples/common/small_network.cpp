#include "gradus/examples/common/small_network.h"

#include <cmath>

namespace examples {

using gradus::Tensor;
namespace nn = gradus::nn;

nn::Sequential small_network(int64_t inputs, int64_t hidden) {
  nn::Linear first(inputs, hidden), second(hidden, 1);
  gradus::NoGradGuard off;
  for (nn::Linear layer : {first, second}) {
    layer->weight.normal_(0, std::sqrt(2.0 / static_cast<double>(layer->weight.size(1))));
    layer->bias.zero_();
  }
  return nn::Sequential(first, nn::Sigmoid(), second, nn::Sigmoid());
}

std::vector<double> fit(nn::Sequential& net, const Tensor& x, const Tensor& y, double rate, int epochs,
                        const std::function<bool(int, double)>& watch) {
  gradus::optim::SGD optimizer(net->parameters(), gradus::optim::SGDOptions(rate));
  std::vector<double> errors;
  for (int epoch = 1; epoch <= epochs; ++epoch) {
    optimizer.zero_grad();
    const Tensor p = net->forward(x);
    gradus::binary_cross_entropy(p, y).backward();
    optimizer.step();
    errors.push_back(gradus::mse_loss(p.detach(), y).item<double>());
    if (watch && !watch(epoch, errors.back())) break;
  }
  return errors;
}

double accuracy(nn::Sequential& net, const Tensor& x, const Tensor& y) {
  gradus::NoGradGuard off;
  return (net->forward(x) > 0.5).eq(y > 0.5).to(gradus::kFloat).mean().item<double>();
}

Grid answers(nn::Sequential& net, Grid grid) {
  gradus::NoGradGuard off;
  std::vector<double> points;
  for (int64_t r = 0; r < grid.rows; ++r)
    for (int64_t c = 0; c < grid.cols; ++c) {
      points.push_back(grid.x(c));
      points.push_back(grid.y(r));
    }
  const Tensor x = gradus::tensor(points, gradus::kFloat).view({-1, 2});
  grid.values = column(net->forward(x), 0);
  return grid;
}

std::vector<double> column(const Tensor& x, int64_t k) {
  const Tensor values = x.select(1, k);
  std::vector<double> r;
  for (int64_t i = 0; i < values.size(0); ++i) r.push_back(values[i].item<double>());
  return r;
}

std::vector<int> classes(const Tensor& y) {
  const Tensor flat = y.reshape({-1});
  std::vector<int> r;
  for (int64_t i = 0; i < flat.size(0); ++i) r.push_back(flat[i].item<double>() > 0.5);
  return r;
}

}  // namespace examples
