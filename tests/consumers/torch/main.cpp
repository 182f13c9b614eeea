#include <torch/torch.h>

#include <iostream>

int main() {
  torch::manual_seed(1);
  torch::nn::Linear layer(3, 2);
  auto x = torch::randn({4, 3}, torch::requires_grad());
  torch::Tensor y = layer->forward(x).pow(2).mean();
  y.backward();
  try {
    torch::matmul(x, x);
  } catch (const c10::Error& error) {
    std::cout << error.what() << "\n";
    return layer->weight.grad().sizes() == at::IntArrayRef({2, 3}) ? 0 : 1;
  }
  return 1;
}
