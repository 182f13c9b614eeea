// The thirty-line script by which scripts/measure_size.sh measures how long a user's program takes to compile.
#include <gradus/gradus.h>

#include <cstdio>

struct NetImpl : gradus::nn::Module {
  NetImpl() : hidden(2, 16), out(16, 2) {
    register_module("hidden", hidden);
    register_module("out", out);
  }
  gradus::Tensor forward(gradus::Tensor x) { return out(gradus::relu(hidden(x))); }
  gradus::nn::Linear hidden, out;
};
GRADUS_MODULE(Net);

int main() {
  gradus::manual_seed(42);
  auto x = gradus::randn({256, 2});
  auto y = (x.select(1, 0) * x.select(1, 1) > 0).to(gradus::kLong);
  Net net;
  gradus::optim::Adam optimizer(net->parameters(), gradus::optim::AdamOptions(0.05));
  for (int epoch = 0; epoch < 200; ++epoch) {
    optimizer.zero_grad();
    auto loss = gradus::nn::functional::cross_entropy(net(x), y);
    loss.backward();
    optimizer.step();
    if (epoch % 50 == 0) std::printf("epoch %d: loss %.4f\n", epoch, loss.item<double>());
  }
  auto right = (net(x).argmax(1) == y).to(gradus::kFloat).mean();
  std::printf("right: %.3f\n", right.item<double>());
}
