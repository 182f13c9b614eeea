// VGG-11 on 32 x 32 images (Simonyan and Zisserman 2014, configuration A; one linear layer as in its common form for
// CIFAR-10), batch 16 and 64, SGD with momentum.
#include "workload.h"

namespace {

namespace nn = torch::nn;

bench::Workload make(int64_t n) {
  nn::Sequential net;
  bench::Cost cost;
  int64_t channels = 3, side = 32;
  for (const int64_t out : {64, 0, 128, 0, 256, 256, 0, 512, 512, 0, 512, 512, 0}) {
    if (out == 0) {
      net->push_back(nn::MaxPool2d(nn::MaxPool2dOptions(2)));
      side /= 2;
      continue;
    }
    net->push_back(nn::Conv2d(nn::Conv2dOptions(channels, out, 3).padding(1)));
    net->push_back(nn::ReLU());
    cost.conv(n, channels, out, 3, side, side, channels == 3 ? 2 : 3);
    channels = out;
  }
  net->push_back(nn::Flatten());
  net->push_back(nn::Linear(512, 10));
  cost.linear(n, 512, 10);
  torch::optim::SGD optimizer(net->parameters(), torch::optim::SGDOptions(0.01).momentum(0.9).weight_decay(5e-4));
  auto w = bench::classifier(net, bench::classified({n, 3, 32, 32}), std::move(optimizer), 5, cost);
  w.check_steps = 3;
  return w;
}

const bool added = bench::add("vgg11_16", [] { return make(16); }) &&  //
                   bench::add("vgg11_64", [] { return make(64); });

}  // namespace
