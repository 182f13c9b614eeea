// Convolutions and transposed ones: initial weights, values, gradients, options, printing and errors of PyTorch.
#include "spatial_layers.h"

using namespace gradus;
using namespace spatial;
namespace F = gradus::nn::functional;

namespace {

template <class Make>
void expect_made(const std::string& name, Make make) {
  manual_seed(0);
  expect_recorded(name, make()->parameters(), 1e-7);
}

const std::map<std::string, nn::conv_padding_mode_t> modes = {
    {"zeros", kZeros}, {"reflect", kReflect}, {"replicate", kReplicate}, {"circular", kCircular}};

TEST(ConvLayers, InitialWeightsAreThoseOfPyTorch) {
  expect_made("conv3d", [] { return nn::Conv3d(2, 2, ExpandingArray<3>({1, 2, 2})); });
  expect_made("conv_transpose1d", [] { return nn::ConvTranspose1d(nn::ConvTranspose1dOptions(4, 6, 3).groups(2)); });
  expect_made("conv_transpose2d", [] { return nn::ConvTranspose2d(nn::ConvTranspose2dOptions(2, 3, {2, 3})); });
  expect_made("conv_transpose3d", [] { return nn::ConvTranspose3d(nn::ConvTranspose3dOptions(2, 1, 2).bias(false)); });
}

TEST(ConvLayers, ComputeWhatPyTorchDoes) {
  for (const auto& [name, mode] : modes) {
    expect_layer("conv1d_" + name, {2, 2, 5}, nn::Conv1d(nn::Conv1dOptions(2, 2, 3).padding(2).padding_mode(mode)));
    expect_layer("conv2d_" + name, {1, 2, 4, 4},
                 nn::Conv2d(nn::Conv2dOptions(2, 2, {3, 2}).stride(2).padding({2, 1}).padding_mode(mode)));
    expect_layer("conv2d_same_" + name, {1, 2, 4, 5},
                 nn::Conv2d(nn::Conv2dOptions(2, 4, {3, 4}).padding(kSame).padding_mode(mode).groups(2)));
  }
  expect_layer("conv3d_zeros", {1, 2, 2, 3, 3},
               nn::Conv3d(nn::Conv3dOptions(2, 2, {2, 1, 2}).stride({1, 2, 1}).padding(1)));
  expect_layer("conv3d_circular", {1, 1, 2, 3, 3},
               nn::Conv3d(nn::Conv3dOptions(1, 2, 2).padding(1).padding_mode(kCircular).dilation(2)));
}

TEST(ConvLayers, TransposedComputeWhatPyTorchDoes) {
  using O1 = nn::ConvTranspose1dOptions;
  using O2 = nn::ConvTranspose2dOptions;
  using O3 = nn::ConvTranspose3dOptions;
  expect_layer("conv_transpose1d_options", {1, 4, 4},
               nn::ConvTranspose1d(O1(4, 2, 3).stride(2).padding(1).output_padding(1).groups(2)));
  const auto options =
      O2(2, 4, {2, 3}).stride({3, 2}).padding({0, 2}).output_padding({1, 1}).groups(2).dilation({1, 2});
  expect_layer("conv_transpose2d_options", {2, 2, 3, 3}, nn::ConvTranspose2d(options));
  expect_layer("conv_transpose2d_unbatched", {2, 3, 2},
               nn::ConvTranspose2d(O2(2, 3, 4).stride(2).padding(1).bias(false)));
  const std::vector<int64_t> size = {7, 8}, with_channels = {1, 3, 7, 8};
  for (const auto& s : {size, with_channels}) {
    const std::optional<IntArrayRef> wanted = IntArrayRef(s);
    expect_layer("conv_transpose2d_size", {1, 2, 2, 2}, nn::ConvTranspose2d(O2(2, 3, 3).stride(3)), wanted);
    expect_layer("conv_transpose2d_size_dilated", {1, 2, 2, 2}, nn::ConvTranspose2d(O2(2, 3, 3).stride(2).dilation(2)),
                 wanted);
  }
  expect_layer("conv_transpose3d_options", {1, 2, 2, 2, 3},
               nn::ConvTranspose3d(O3(2, 2, {2, 1, 2}).stride({1, 2, 1}).padding({0, 0, 1})));
  const nn::ConvTranspose2d layer(options);
  const auto f = F::ConvTranspose2dFuncOptions().bias(layer->bias).stride({3, 2}).padding({0, 2}).groups(2);
  expect_function(
      "conv_transpose2d_options", {2, 2, 3, 3},
      [&](const Tensor& x) {
        return F::conv_transpose2d(x, layer->weight,
                                   F::ConvTranspose2dFuncOptions(f).output_padding(1).dilation({1, 2}));
      },
      layer->parameters());
}

TEST(ConvLayers, TransposedInSequentialTakeOneTensor) {
  nn::Sequential net(nn::ConvTranspose2d(3, 8, 4), nn::ReLU(), nn::ConvTranspose2d(8, 1, 3));
  EXPECT_EQ(net->forward(randn({2, 3, 1, 1})).sizes(), (IntArrayRef{2, 1, 6, 6}));
  EXPECT_EQ(nn::ConvTranspose1d(3, 2, 3)(randn({3, 4})).sizes(), (IntArrayRef{2, 6}));
  EXPECT_EQ(conv_transpose2d(zeros({0, 3, 5, 5}), zeros({3, 4, 3, 3})).sizes(), (IntArrayRef{0, 4, 7, 7}));
}

TEST(ConvLayers, Errors) {
  const Tensor x = zeros({1, 3, 5, 5}), w = zeros({3, 4, 3, 3});
  auto error = [&](auto... a) { return error_of([&] { conv_transpose2d(x, a...); }); };
  EXPECT_EQ(error(w, Tensor(), 1, 0, 1),
            "conv_transpose2d: output padding must be smaller than either stride or dilation, but got output_padding "
            "[1], stride 1 and dilation 1");
  EXPECT_EQ(error(w, Tensor(), 1, 0, -1), "conv_transpose2d: negative output_padding is not supported, got [-1]");
  EXPECT_EQ(error(w, Tensor(), 1, -1), "conv_transpose2d: negative padding is not supported, got [-1]");
  EXPECT_EQ(error(w, Tensor(), 0), "conv_transpose2d: non-positive stride is not supported, got [0]");
  EXPECT_EQ(error(w, Tensor(), 1, 9),
            "conv_transpose2d: Given input size per channel: (5 x 5). Calculated output size per channel: (-11 x -11). "
            "Output size is too small");
  EXPECT_EQ(error(zeros({2, 4, 3, 3})),
            "conv_transpose2d: Given transposed=1, weight of size [2, 4, 3, 3], expected input[1, 3, 5, 5] to have 2 "
            "channels, but got 3 channels instead");
  EXPECT_EQ(
      error(w, zeros({3})),
      "conv_transpose2d: Given transposed=1, weight of size [3, 4, 3, 3], expected bias to be 1-dimensional with 4 "
      "elements of type Float, but got bias of size [3] and type Float instead");
  EXPECT_EQ(error_of([&] {
              conv3d(x[0], zeros({2, 3, 1, 1, 1}));
            }),
            "conv3d: Expected 4D (unbatched) or 5D (batched) input to conv3d, but got input of size: [3, 5, 5]");
  EXPECT_EQ(
      error_of([&] {
        conv2d(x, zeros({4, 3, 6, 2}));
      }),
      "conv2d: Calculated padded input size per channel: (5 x 5). Kernel size: (6 x 2). Kernel size can't be greater "
      "than actual input size, got input [1, 3, 5, 5] and weight [4, 3, 6, 2]");
  const std::vector<int64_t> far = {20, 20}, one = {20};
  nn::ConvTranspose2d layer(nn::ConvTranspose2dOptions(3, 4, 3).stride(2));
  EXPECT_EQ(
      error_of([&] { layer(x, IntArrayRef(far)); }),
      "requested an output size of [20, 20], but valid sizes range from [11, 11] to [12, 12] (for an input of [5, "
      "5])");
  EXPECT_EQ(error_of([&] { layer(x, IntArrayRef(one)); }), "output_size must have 2 or 4 elements (got 1)");
  nn::ConvTranspose2d mirrored(nn::ConvTranspose2dOptions(3, 4, 3).padding_mode(kReflect));
  EXPECT_EQ(error_of([&] { mirrored(x); }), "Only `zeros` padding mode is supported for ConvTranspose2d");
}

TEST(ConvLayers, Print) {
  EXPECT_EQ(str(nn::Conv3d(4, 4, 5)), "torch::nn::Conv3d(4, 4, kernel_size=[5, 5, 5], stride=[1, 1, 1])");
  EXPECT_EQ(str(nn::ConvTranspose1d(3, 4, 5)), "torch::nn::ConvTranspose1d(3, 4, kernel_size=5, stride=1)");
  EXPECT_EQ(str(nn::ConvTranspose2d(nn::ConvTranspose2dOptions(4, 4, {5, 6})
                                        .stride({1, 2})
                                        .padding(1)
                                        .output_padding({0, 1})
                                        .dilation(2)
                                        .groups(2)
                                        .bias(false)
                                        .padding_mode(kCircular))),
            "torch::nn::ConvTranspose2d(4, 4, kernel_size=[5, 6], stride=[1, 2], padding=[1, 1], dilation=[2, 2], "
            "output_padding=[0, 1], groups=2, bias=false, padding_mode=kCircular)");
}

}  // namespace
