// The functions of nn::functional are the operations of their names with options for arguments, and layers call them.
#include <gtest/gtest.h>

#include "gradus/gradus.h"
#include "gradus/tests/nn/parity.h"

using namespace gradus;
namespace F = gradus::nn::functional;

namespace {

Tensor image(std::vector<int64_t> sizes) { return parity::filled(std::move(sizes)).to(kDouble); }

void expect_same(const Tensor& got, const Tensor& want, const char* what) {
  EXPECT_EQ(got.scalar_type(), want.scalar_type()) << what;
  EXPECT_TRUE(equal(got, want)) << what;
}

TEST(Functional, Convolutions) {
  const Tensor line = image({2, 4, 9}), cube = image({1, 2, 4, 5, 6});
  const Tensor w1 = image({6, 2, 3}), b = image({6}), w3 = image({4, 1, 2, 3, 2}), t1 = image({4, 3, 3}),
               t3 = image({2, 2, 2, 3, 2});
  expect_same(F::conv1d(line, w1, F::Conv1dFuncOptions().bias(b).stride(2).padding(1).dilation(2).groups(2)),
              conv1d(line, w1, b, 2, 1, 2, 2), "conv1d");
  expect_same(F::conv1d(line, w1, F::Conv1dFuncOptions().padding(kSame).groups(2)),
              conv1d(line, w1, {}, 1, "same", 1, 2), "conv1d same");
  expect_same(F::conv3d(cube, w3, F::Conv3dFuncOptions().stride({1, 2, 1}).padding(1).groups(2)),
              conv3d(cube, w3, {}, {1, 2, 1}, 1, 1, 2), "conv3d");
  expect_same(
      F::conv_transpose1d(
          line, t1, F::ConvTranspose1dFuncOptions().bias(image({6})).stride(2).padding(1).output_padding(1).groups(2)),
      conv_transpose1d(line, t1, image({6}), 2, 1, 1, 2), "conv_transpose1d");
  expect_same(F::conv_transpose3d(cube, t3, F::ConvTranspose3dFuncOptions().stride(2).dilation(2)),
              conv_transpose3d(cube, t3, {}, 2, 0, 0, 1, 2), "conv_transpose3d");
}

TEST(Functional, Activations) {
  const Tensor x = image({2, 3, 4}), weight = tensor({0.1, 0.2, 0.3}, kDouble);
  expect_same(F::silu(x), silu(x), "silu");
  expect_same(F::mish(x), mish(x), "mish");
  expect_same(F::logsigmoid(x), log_sigmoid(x), "logsigmoid");
  expect_same(F::softsign(x), softsign(x), "softsign");
  expect_same(F::tanhshrink(x), tanhshrink(x), "tanhshrink");
  expect_same(F::prelu(x, weight), prelu(x, weight), "prelu");
  expect_same(F::softmax(x, F::SoftmaxFuncOptions(1)), softmax(x, 1), "softmax");
  expect_same(F::softmax(x, F::SoftmaxFuncOptions(-1).dtype(kFloat)), softmax(x, -1, kFloat), "softmax as float");
  expect_same(F::softmin(x, F::SoftminFuncOptions(1)), softmax(-x, 1), "softmin");
}

TEST(Functional, Normalizations) {
  const Tensor x = image({2, 4, 3}), scale = image({4}), shift = image({4}) + 1;
  const Tensor mean = image({4}), var = image({4}).abs() + 1;
  expect_same(F::batch_norm(x, mean, var, F::BatchNormFuncOptions().weight(scale).bias(shift).eps(1e-3)),
              batch_norm(x, scale, shift, mean, var, false, 0.1, 1e-3), "batch_norm");
  expect_same(F::instance_norm(x, F::InstanceNormFuncOptions().weight(scale).bias(shift)),
              instance_norm(x, scale, shift, {}, {}, true, 0.1, 1e-5), "instance_norm");
  expect_same(
      F::instance_norm(x, F::InstanceNormFuncOptions().running_mean(mean).running_var(var).use_input_stats(false)),
      instance_norm(x, {}, {}, mean, var, false, 0.1, 1e-5), "instance_norm of running statistics");
  expect_same(F::layer_norm(x, F::LayerNormFuncOptions({3}).weight(image({3})).bias(image({3}) + 2)),
              layer_norm(x, {3}, image({3}), image({3}) + 2, 1e-5), "layer_norm");
  expect_same(F::group_norm(x, F::GroupNormFuncOptions(2).weight(scale).bias(shift)),
              group_norm(x, 2, scale, shift, 1e-5), "group_norm");
}

TEST(Functional, PoolsOfAdaptiveAndRandomWindows) {
  const Tensor line = image({1, 2, 9}), plane = image({1, 2, 7, 8}), cube = image({1, 2, 5, 6, 7});
  expect_same(F::adaptive_max_pool1d(line, F::AdaptiveMaxPool1dFuncOptions(4)),
              std::get<0>(adaptive_max_pool1d(line, 4)), "adaptive_max_pool1d");
  expect_same(F::adaptive_max_pool3d(cube, F::AdaptiveMaxPool3dFuncOptions({2, 3, 4})),
              std::get<0>(adaptive_max_pool3d(cube, {2, 3, 4})), "adaptive_max_pool3d");
  const Tensor at2 = tensor({0.2, 0.7, 0.9, 0.4}, kDouble).reshape({1, 2, 2});
  const Tensor at3 = tensor({0.2, 0.7, 0.9, 0.4, 0.1, 0.6}, kDouble).reshape({1, 2, 3});
  const auto flat = F::FractionalMaxPool2dFuncOptions(2).output_size(ExpandingArray<2>({3, 4}))._random_samples(at2);
  const auto deep = F::FractionalMaxPool3dFuncOptions(2).output_size(ExpandingArray<3>({2, 3, 4}))._random_samples(at3);
  expect_same(F::fractional_max_pool2d(plane, flat), std::get<0>(F::fractional_max_pool2d_with_indices(plane, flat)),
              "fractional_max_pool2d");
  expect_same(F::fractional_max_pool3d(cube, deep), std::get<0>(F::fractional_max_pool3d_with_indices(cube, deep)),
              "fractional_max_pool3d");
  nn::FractionalMaxPool3d layer(
      nn::FractionalMaxPool3dOptions(2).output_size(ExpandingArray<3>({2, 3, 4}))._random_samples(at3));
  expect_same(layer(cube), F::fractional_max_pool3d(cube, deep), "FractionalMaxPool3d");
}

TEST(Functional, LayersOfAdaptiveWindowsAndPaddings) {
  const Tensor line = image({1, 2, 9}), plane = image({1, 2, 4, 5}), cube = image({1, 2, 5, 6, 7});
  expect_same(nn::AdaptiveMaxPool1d(4)(line), std::get<0>(adaptive_max_pool1d(line, 4)), "AdaptiveMaxPool1d");
  expect_same(nn::AdaptiveMaxPool3d(nn::AdaptiveMaxPool3dOptions({2, 3, 4}))(cube),
              std::get<0>(adaptive_max_pool3d(cube, {2, 3, 4})), "AdaptiveMaxPool3d");
  expect_same(nn::ConstantPad2d(nn::ConstantPad2dOptions({1, 2, 0, 1}, 7))(plane),
              constant_pad_nd(plane, {1, 2, 0, 1}, 7), "ConstantPad2d");
}

TEST(Functional, TheRest) {
  const Tensor x = image({4, 3});
  expect_same(F::pdist(x, 1.5), pdist(x, 1.5), "pdist");
  expect_same(F::one_hot(tensor({2, 0}), 4), one_hot(tensor({2, 0}), 4), "one_hot");
  expect_same(F::smooth_l1_loss(x, x + 0.7, F::SmoothL1LossFuncOptions(kSum), 0.5),
              smooth_l1_loss(x, x + 0.7, Reduction::Sum, 0.5), "smooth_l1_loss with beta");
  manual_seed(3);
  const Tensor a = F::dropout3d(image({2, 3, 2, 2, 2}), F::Dropout3dFuncOptions().p(0.4));
  manual_seed(3);
  expect_same(a, feature_dropout(image({2, 3, 2, 2, 2}), 0.4, true), "dropout3d");
  manual_seed(3);
  expect_same(nn::Dropout3d(0.4)(image({2, 3, 2, 2, 2})), a, "Dropout3d");
}

TEST(Functional, ValuesOfAListOfGradientsAreClipped) {
  Tensor a = zeros({3}), b = zeros({2});
  a.mutable_grad() = tensor({-3.0f, 0.5f, 2.0f});
  b.mutable_grad() = tensor({0.25f, 9.0f});
  nn::utils::clip_grad_value_({a, b}, 1.0);
  EXPECT_TRUE(equal(a.grad(), tensor({-1.0f, 0.5f, 1.0f})));
  EXPECT_TRUE(equal(b.grad(), tensor({0.25f, 1.0f})));
}

}  // namespace
