// One training step of XOR (2-4-1, batch 4, binary cross-entropy, SGD), in LibTorch's API: the same source is built
// against gradus and against LibTorch. Prints the median of 21 blocks, in microseconds a step.
#include <torch/torch.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

int main() {
  torch::manual_seed(1);
  torch::set_num_threads(1);
  torch::nn::Sequential net(torch::nn::Linear(2, 4), torch::nn::Sigmoid(), torch::nn::Linear(4, 1),
                            torch::nn::Sigmoid());
  torch::optim::SGD optimizer(net->parameters(), torch::optim::SGDOptions(0.5));
  const auto x = torch::tensor({0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 1.0}, torch::kFloat).view({4, 2});
  const auto y = torch::tensor({0.0, 1.0, 1.0, 0.0}, torch::kFloat).view({4, 1});
  auto step = [&] {
    optimizer.zero_grad();
    torch::binary_cross_entropy(net->forward(x), y).backward();
    optimizer.step();
  };
  for (int i = 0; i < 2000; ++i) step();
  std::vector<double> blocks;
  for (int b = 0; b < 21; ++b) {
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < 500; ++i) step();
    blocks.push_back(std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count() / 500);
  }
  std::sort(blocks.begin(), blocks.end());
  std::printf("%.2f us a step\n", blocks[blocks.size() / 2]);
}
