// Convolutions, pooling, normalization and resampling of 16 images of 64 channels, 32 x 32.
#include "operation.h"

namespace bench {
namespace {

namespace F = torch::nn::functional;

void convolved(const Tensor& x) {
  const auto w1 = leaf({128, 64, 1, 1}), w3 = leaf({64, 64, 3, 3}), w5 = leaf({64, 64, 5, 5}), b = leaf({64});
  const auto single = leaf({64, 1, 3, 3}), grouped = leaf({64, 16, 3, 3}), turned = leaf({64, 32, 4, 4});
  both("conv2d/1x1", {x, w1}, [=] { return torch::conv2d(x, w1); });
  both("conv2d/3x3", {x, w3, b}, [=] { return torch::conv2d(x, w3, b, 1, 1); });
  both("conv2d/3x3_stride2", {x, w3, b}, [=] { return torch::conv2d(x, w3, b, 2, 1); });
  both("conv2d/3x3_dilated", {x, w3, b}, [=] { return torch::conv2d(x, w3, b, 1, 2, 2); });
  both("conv2d/5x5", {x, w5, b}, [=] { return torch::conv2d(x, w5, b, 1, 2); });
  both("conv2d/depthwise", {x, single, b}, [=] { return torch::conv2d(x, single, b, 1, 1, 1, 64); });
  both("conv2d/4_groups", {x, grouped, b}, [=] { return torch::conv2d(x, grouped, b, 1, 1, 1, 4); });
  both("conv_transpose2d/4x4", {x, turned}, [=] { return torch::conv_transpose2d(x, turned, {}, 2, 1); });
  const auto line = leaf({8, 64, 400}), w = leaf({128, 64, 5}), box = leaf({2, 16, 16, 16, 16});
  const auto w_box = leaf({32, 16, 3, 3, 3}), digit = leaf({1, 1, 28, 28}), w_digit = leaf({6, 1, 5, 5});
  both("conv1d/8x64x400", {line, w}, [=] { return torch::conv1d(line, w, {}, 1, 2); });
  both("conv3d/2x16x16", {box, w_box}, [=] { return torch::conv3d(box, w_box, {}, 1, 1); });
  both("conv2d/one_digit", {digit, w_digit}, [=] { return torch::conv2d(digit, w_digit); });
}

void pooled(const Tensor& x) {
  const auto scale = std::vector<double>{2, 2};
  both("max_pool2d/2", {x}, [=] { return torch::max_pool2d(x, 2); });
  both("max_pool2d/3_stride1", {x}, [=] { return torch::max_pool2d(x, 3, 1, 1); });
  both("avg_pool2d/2", {x}, [=] { return torch::avg_pool2d(x, 2); });
  both("adaptive_avg_pool2d/1", {x}, [=] { return torch::adaptive_avg_pool2d(x, {1, 1}); });
  both("interpolate/nearest", {x},
       [=] { return F::interpolate(x, F::InterpolateFuncOptions().scale_factor(scale).mode(torch::kNearest)); });
  both("interpolate/bilinear", {x}, [=] {
    return F::interpolate(x,
                          F::InterpolateFuncOptions().scale_factor(scale).mode(torch::kBilinear).align_corners(false));
  });
  both("pad/constant", {x}, [=] { return F::pad(x, F::PadFuncOptions({1, 1, 1, 1})); });
  both("pad/reflect", {x}, [=] { return F::pad(x, F::PadFuncOptions({1, 1, 1, 1}).mode(torch::kReflect)); });
  both("unfold/3", {x}, [=] { return F::unfold(x, F::UnfoldFuncOptions(3).padding(1)); });
  both("pixel_shuffle/2", {x}, [=] { return torch::pixel_shuffle(x, 2); });
}

void normalized(const Tensor& x) {
  const auto g = leaf({64}), b = leaf({64});
  const auto mean = torch::zeros({64}), variance = torch::ones({64});
  both("batch_norm/train", {x, g, b},
       [=] { return torch::batch_norm(x, g, b, mean, variance, true, 0.1, 1e-5, false); });
  both("batch_norm/eval", {x, g, b},
       [=] { return torch::batch_norm(x, g, b, mean, variance, false, 0.1, 1e-5, false); });
  both("group_norm/8", {x, g, b}, [=] { return torch::group_norm(x, 8, g, b); });
  both("instance_norm", {x}, [=] { return torch::instance_norm(x, {}, {}, {}, {}, true, 0.1, 1e-5, false); });
  both("add_channel", {x, g}, [=] { return x + g.view({1, 64, 1, 1}); });
  both("sum/2,3", {x}, [=] { return x.sum({2, 3}); });
  both("sum/0,2,3", {x}, [=] { return x.sum({0, 2, 3}); });
  both("softmax/channels", {x}, [=] { return torch::softmax(x, 1); });
  both("mean/channels", {x}, [=] { return x.mean(1); });
  both("permute_contiguous", {x}, [=] { return x.permute({0, 2, 3, 1}).contiguous(); });
  both("silu/images", {x}, [=] { return torch::silu(x); });
  both("elu/images", {x}, [=] { return torch::elu(x); });
  both("softplus/images", {x}, [=] { return torch::softplus(x); });
  both("leaky_relu/images", {x}, [=] { return torch::leaky_relu(x, 0.1); });
  both("abs/images", {x}, [=] { return x.abs(); });
}

}  // namespace

void add_images() {
  const auto x = leaf({16, 64, 32, 32});
  convolved(x);
  pooled(x);
  normalized(x);
}

}  // namespace bench
