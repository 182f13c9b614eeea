#include "gradus/examples/digits/model.h"

#include "gradus/autograd/ops/ops.h"

namespace digits {

namespace nn = gradus::nn;

BlockImpl::BlockImpl(int64_t channels_in, int64_t channels_out)
    : conv(register_module("conv", nn::Conv2d(nn::Conv2dOptions(channels_in, channels_out, 3).padding(1).bias(false)))),
      norm(register_module("norm", nn::BatchNorm2d(channels_out))) {}

Tensor BlockImpl::forward(const Tensor& x) { return gradus::max_pool2d(gradus::relu(norm(conv(x))), 2); }

NetImpl::NetImpl()
    : block1(register_module("block1", Block(1, 32))),
      block2(register_module("block2", Block(32, 48))),
      block3(register_module("block3", Block(48, 96))),
      dropout(register_module("dropout", nn::Dropout(0.25))),
      fc1(register_module("fc1", nn::Linear(96 * 3 * 3, 128))),
      fc2(register_module("fc2", nn::Linear(128, 10))) {
  for (const Tensor& weight : {block1->conv->weight, block2->conv->weight, block3->conv->weight, fc1->weight})
    nn::init::kaiming_normal_(weight, 0, gradus::kFanIn, gradus::kReLU);
  nn::init::xavier_normal_(fc2->weight);
  nn::init::zeros_(fc1->bias);
  nn::init::zeros_(fc2->bias);
}

Tensor NetImpl::forward(const Tensor& x) {
  const Tensor features = block3(block2(block1(x))).flatten(1);
  return fc2(dropout(gradus::relu(fc1(dropout(features)))));
}

}  // namespace digits
