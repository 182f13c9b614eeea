// Two moons: 2-16-16-1, batch 64, binary cross-entropy from logits, Adam.
#include "workload.h"

namespace {

namespace nn = torch::nn;

// Two half circles, the lower one shifted, with noise.
torch::data::Example<> moons(int64_t n) {
  const auto angle = torch::rand({n}) * 3.14159265;
  const auto label = torch::randint(2, {n}, torch::kFloat);
  const auto sign = 1 - 2 * label;
  const auto x = torch::stack({label + sign * angle.cos(), 0.5 * label + sign * angle.sin()}, 1);
  return {x + 0.1 * torch::randn({n, 2}), label.unsqueeze(1)};
}

bench::Workload make() {
  nn::Sequential net(nn::Linear(2, 16), nn::Tanh(), nn::Linear(16, 16), nn::Tanh(), nn::Linear(16, 1));
  auto optimizer = std::make_shared<torch::optim::Adam>(net->parameters(), torch::optim::AdamOptions(1e-3));
  auto data = std::make_shared<bench::Batches>([] { return moons(64); }, 8);
  bench::Workload w;
  w.models = {net.ptr()};
  w.parameters = net->parameters();
  w.cost.linear(64, 2, 16, 2).linear(64, 16, 16).linear(64, 16, 1).update(337, 7);
  w.step = [=]() mutable {
    const auto& batch = data->next();
    optimizer->zero_grad();
    auto loss = nn::functional::binary_cross_entropy_with_logits(net->forward(batch.data), batch.target);
    loss.backward();
    optimizer->step();
    return loss;
  };
  return w;
}

const bool added = bench::add("moons", make);

}  // namespace
