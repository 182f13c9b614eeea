// A variational autoencoder (Kingma and Welling 2013), 784-400-20-400-784, batch 128, Adam.
#include "workload.h"

namespace {

namespace nn = torch::nn;

struct VaeImpl : nn::Module {
  struct Output {
    torch::Tensor logits, mean, log_variance;
  };
  Output forward(const torch::Tensor& x) {
    const auto h = torch::relu(hidden(x));
    const auto m = mean(h), v = log_variance(h);
    const auto z = m + torch::exp(0.5 * v) * torch::randn_like(m);
    return {output(torch::relu(decoder(z))), m, v};
  }
  nn::Linear hidden = register_module("hidden", nn::Linear(784, 400));
  nn::Linear mean = register_module("mean", nn::Linear(400, 20));
  nn::Linear log_variance = register_module("log_variance", nn::Linear(400, 20));
  nn::Linear decoder = register_module("decoder", nn::Linear(20, 400));
  nn::Linear output = register_module("output", nn::Linear(400, 784));
};
TORCH_MODULE(Vae);

bench::Workload make() {
  constexpr int64_t n = 128;
  Vae net;
  auto optimizer = std::make_shared<torch::optim::Adam>(net->parameters(), torch::optim::AdamOptions(1e-3));
  auto data = std::make_shared<bench::Batches>([] {
    return torch::data::Example<>(torch::rand({n, 784}), torch::Tensor());
  });
  bench::Workload w;
  w.models = {net.ptr()};
  w.parameters = net->parameters();
  w.cost.linear(n, 784, 400, 2).linear(n, 400, 20).linear(n, 400, 20).linear(n, 20, 400).linear(n, 400, 784);
  for (const auto& p : w.parameters) w.cost.update(p.numel(), 7);
  w.step = [=]() mutable {
    const auto& x = data->next().data;
    optimizer->zero_grad();
    const auto [logits, mean, log_variance] = net->forward(x);
    const auto reconstruction = nn::functional::binary_cross_entropy_with_logits(
        logits, x, nn::functional::BinaryCrossEntropyWithLogitsFuncOptions().reduction(torch::kSum));
    auto loss = reconstruction - 0.5 * torch::sum(1 + log_variance - mean.pow(2) - log_variance.exp());
    loss.backward();
    optimizer->step();
    return loss;
  };
  return w;
}

const bool added = bench::add("vae_128", make);

}  // namespace
