// DCGAN on 28 x 28 images (Radford et al. 2015, as in LibTorch's tutorial), batch 32, Adam: one step trains the
// discriminator on real and on made images, then the generator.
#include "workload.h"

namespace {

namespace nn = torch::nn;

constexpr int64_t n = 32, noise = 100;

nn::ConvTranspose2d up(int64_t in, int64_t out, int64_t k, int64_t stride, int64_t padding) {
  return nn::ConvTranspose2d(nn::ConvTranspose2dOptions(in, out, k).stride(stride).padding(padding).bias(false));
}
nn::Conv2d down(int64_t in, int64_t out, int64_t k, int64_t stride, int64_t padding) {
  return nn::Conv2d(nn::Conv2dOptions(in, out, k).stride(stride).padding(padding).bias(false));
}

nn::Sequential make_generator() {
  return nn::Sequential(up(noise, 256, 4, 1, 0), nn::BatchNorm2d(256), nn::ReLU(),  //
                        up(256, 128, 3, 2, 1), nn::BatchNorm2d(128), nn::ReLU(),    //
                        up(128, 64, 4, 2, 1), nn::BatchNorm2d(64), nn::ReLU(),      //
                        up(64, 1, 4, 2, 1), nn::Tanh());
}

nn::Sequential make_discriminator() {
  const auto leaky = nn::LeakyReLUOptions().negative_slope(0.2);
  return nn::Sequential(down(1, 64, 4, 2, 1), nn::LeakyReLU(leaky),                           //
                        down(64, 128, 4, 2, 1), nn::BatchNorm2d(128), nn::LeakyReLU(leaky),   //
                        down(128, 256, 4, 2, 1), nn::BatchNorm2d(256), nn::LeakyReLU(leaky),  //
                        down(256, 1, 3, 1, 0), nn::Sigmoid());
}

// Three passes through the discriminator (the images that the first two see need no gradient), one through the
// generator.
bench::Cost cost() {
  bench::Cost c;
  for (const int first : {2, 2, 3}) {
    c.conv(n, 1, 64, 4, 14, 14, first).conv(n, 64, 128, 4, 7, 7).conv(n, 128, 256, 4, 3, 3).conv(n, 256, 1, 3, 1, 1);
  }
  return c.conv_transpose(n, noise, 256, 4, 1, 1, 4, 4, 2)
      .conv_transpose(n, 256, 128, 3, 4, 4, 7, 7)
      .conv_transpose(n, 128, 64, 4, 7, 7, 14, 14)
      .conv_transpose(n, 64, 1, 4, 14, 14, 28, 28);
}

bench::Workload make() {
  auto generator = make_generator(), discriminator = make_discriminator();
  const auto options = torch::optim::AdamOptions(2e-4).betas({0.5, 0.999});
  auto update_g = std::make_shared<torch::optim::Adam>(generator->parameters(), options);
  auto update_d = std::make_shared<torch::optim::Adam>(discriminator->parameters(), options);
  auto data = std::make_shared<bench::Batches>([] {
    return torch::data::Example<>(torch::rand({n, 1, 28, 28}) * 2 - 1, torch::rand({n}) * 0.2 + 0.8);
  });
  bench::Workload w;
  w.models = {generator.ptr(), discriminator.ptr()};
  w.parameters = generator->parameters();
  for (const auto& p : discriminator->parameters()) w.parameters.push_back(p);
  w.cost = cost();
  for (const auto& p : w.parameters) w.cost.update(p.numel(), 7);
  w.tolerance = 1e-2;
  w.step = [=]() mutable {
    const auto& batch = data->next();
    discriminator->zero_grad();
    const auto on_real = discriminator->forward(batch.data).reshape(n);
    auto real_loss = torch::binary_cross_entropy(on_real, batch.target);
    real_loss.backward();
    const auto made = generator->forward(torch::randn({n, noise, 1, 1}));
    const auto on_made = discriminator->forward(made.detach()).reshape(n);
    auto made_loss = torch::binary_cross_entropy(on_made, torch::zeros({n}));
    made_loss.backward();
    update_d->step();
    generator->zero_grad();
    auto loss = torch::binary_cross_entropy(discriminator->forward(made).reshape(n), torch::ones({n}));
    loss.backward();
    update_g->step();
    return loss + real_loss + made_loss;
  };
  return w;
}

const bool added = bench::add("dcgan_32", make);

}  // namespace
