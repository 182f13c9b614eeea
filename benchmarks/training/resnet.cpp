// ResNet-18 on 32 x 32 images (He et al. 2015, with the 3 x 3 stem used for CIFAR-10), batch 16 and 64, SGD with
// momentum.
#include "workload.h"

namespace {

namespace nn = torch::nn;

nn::Conv2d conv(int64_t in, int64_t out, int64_t k, int64_t stride) {
  return nn::Conv2d(nn::Conv2dOptions(in, out, k).stride(stride).padding(k / 2).bias(false));
}

struct BlockImpl : nn::Module {
  BlockImpl(int64_t in, int64_t out, int64_t stride)
      : conv1(register_module("conv1", conv(in, out, 3, stride))),
        bn1(register_module("bn1", nn::BatchNorm2d(out))),
        conv2(register_module("conv2", conv(out, out, 3, 1))),
        bn2(register_module("bn2", nn::BatchNorm2d(out))) {
    if (stride != 1 || in != out) {
      shortcut = register_module("shortcut", nn::Sequential(conv(in, out, 1, stride), nn::BatchNorm2d(out)));
    }
  }
  torch::Tensor forward(const torch::Tensor& x) {
    auto y = torch::relu(bn1(conv1(x)));
    y = bn2(conv2(y));
    y += shortcut ? shortcut->forward(x) : x;
    return torch::relu(y);
  }
  nn::Conv2d conv1;
  nn::BatchNorm2d bn1;
  nn::Conv2d conv2;
  nn::BatchNorm2d bn2;
  nn::Sequential shortcut{nullptr};
};
TORCH_MODULE(Block);

bench::Workload make(int64_t n) {
  nn::Sequential net(conv(3, 64, 3, 1), nn::BatchNorm2d(64), nn::ReLU());
  auto cost = bench::Cost().conv(n, 3, 64, 3, 32, 32, 2);
  int64_t channels = 64, side = 32;
  for (const int64_t out : {64, 128, 256, 512}) {
    for (int i = 0; i < 2; ++i) {
      const int64_t stride = i == 0 && out != 64 ? 2 : 1;
      net->push_back(Block(channels, out, stride));
      side /= stride;
      cost.conv(n, channels, out, 3, side, side).conv(n, out, out, 3, side, side);
      if (stride == 2) cost.conv(n, channels, out, 1, side, side);
      channels = out;
    }
  }
  net->push_back(nn::AvgPool2d(nn::AvgPool2dOptions(4)));
  net->push_back(nn::Flatten());
  net->push_back(nn::Linear(512, 10));
  cost.linear(n, 512, 10);
  torch::optim::SGD optimizer(net->parameters(), torch::optim::SGDOptions(0.01).momentum(0.9).weight_decay(5e-4));
  auto w = bench::classifier(net, bench::classified({n, 3, 32, 32}), std::move(optimizer), 5, cost);
  w.check_steps = 3;
  w.tolerance = 1e-3;
  return w;
}

const bool added = bench::add("resnet18_16", [] { return make(16); }) &&  //
                   bench::add("resnet18_64", [] { return make(64); });

}  // namespace
