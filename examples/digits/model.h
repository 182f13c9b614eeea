// The network of the example: three blocks of convolutions, then two linear layers.
#pragma once
#include "gradus/nn/nn.h"

namespace digits {

using gradus::Tensor;

/// [N, channels_in, H, W] to [N, channels_out, H/2, W/2]: 3 x 3 convolution, batch norm, ReLU, maximum of 2 x 2.
/// The convolution has no bias, as batch norm would take it away again.
struct BlockImpl : gradus::nn::Module {
  BlockImpl(int64_t channels_in, int64_t channels_out);
  Tensor forward(const Tensor& x);

  gradus::nn::Conv2d conv;
  gradus::nn::BatchNorm2d norm;
};
GRADUS_MODULE(Block);

/// Images [N, 1, 28, 28] within 0 ... 1 to logits [N, 10]. Weights are drawn as He et al. 2015 propose.
struct NetImpl : gradus::nn::Module {
  NetImpl();
  Tensor forward(const Tensor& x);

  Block block1, block2, block3;
  gradus::nn::Dropout dropout;
  gradus::nn::Linear fc1, fc2;
};
GRADUS_MODULE(Net);

}  // namespace digits
