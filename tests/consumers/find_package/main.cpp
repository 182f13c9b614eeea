#include <gradus/gradus.h>

#include <iostream>

int main() {
  auto x = gradus::ones({2, 3}).set_requires_grad(true);
  auto y = (x * x).sum();
  y.backward();
  std::cout << y.item<float>() << "\n" << x.grad() << "\n";
  return y.item<float>() == 6 && x.grad().sum().item<float>() == 12 ? 0 : 1;
}
