// Padding, resizing, sampling, columns, pixels and normalization across channels, as PyTorch computes and prints them.
#include <limits>

#include "spatial_layers.h"

using namespace gradus;
using namespace spatial;
namespace F = gradus::nn::functional;

namespace {

using Mode = F::InterpolateFuncOptions::mode_t;
using Size = std::vector<int64_t>;
using Factor = std::vector<double>;

TEST(SpatialLayers, Padding) {
  const std::map<std::string, F::PadFuncOptions::mode_t> modes = {
      {"constant", kConstant}, {"reflect", kReflect}, {"replicate", kReplicate}, {"circular", kCircular}};
  for (const auto& [name, mode] : modes) {
    auto padded = [mode = mode](Size pad) {
      return [=](const Tensor& x) { return F::pad(x, F::PadFuncOptions(pad).mode(mode)); };
    };
    expect_function("pad1d_" + name, {2, 2, 4}, padded({2, -1}));
    expect_function("pad2d_" + name, {1, 2, 3, 4}, padded({2, 1, 0, 2}));
    expect_function("pad3d_" + name, {1, 3, 3, 2}, padded({1, 0, 2, 1, 1, 1}));
  }
  expect_layer("pad1d_reflect", {2, 2, 4}, nn::ReflectionPad1d(nn::ReflectionPad1dOptions({2, -1})));
  expect_layer("pad2d_reflect", {1, 2, 3, 4}, nn::ReflectionPad2d(nn::ReflectionPad2dOptions({2, 1, 0, 2})));
  expect_layer("pad3d_reflect", {1, 3, 3, 2}, nn::ReflectionPad3d(nn::ReflectionPad3dOptions({1, 0, 2, 1, 1, 1})));
  expect_layer("pad1d_replicate", {2, 2, 4}, nn::ReplicationPad1d(nn::ReplicationPad1dOptions({2, -1})));
  expect_layer("pad2d_replicate", {1, 2, 3, 4}, nn::ReplicationPad2d(nn::ReplicationPad2dOptions({2, 1, 0, 2})));
  expect_layer("pad3d_replicate", {1, 3, 3, 2}, nn::ReplicationPad3d(nn::ReplicationPad3dOptions({1, 0, 2, 1, 1, 1})));
  expect_layer("pad1d_constant", {2, 2, 4}, nn::ZeroPad1d(nn::ZeroPad1dOptions({2, -1})));
  expect_layer("pad2d_constant", {1, 2, 3, 4}, nn::ZeroPad2d(nn::ZeroPad2dOptions({2, 1, 0, 2})));
  expect_layer("pad3d_constant", {1, 3, 3, 2}, nn::ZeroPad3d(nn::ZeroPad3dOptions({1, 0, 2, 1, 1, 1})));
  expect_layer("constant_pad3d", {1, 2, 2, 2, 2},
               nn::ConstantPad3d(nn::ConstantPad3dOptions({1, 0, 0, 1, 2, -1}, 2.5)));
  EXPECT_EQ(nn::ConstantPad1d(2, 1.5)(zeros({2, 3})).sizes(), (IntArrayRef{2, 7}));
}

TEST(SpatialLayers, PaddingOfIntegers) {
  const Tensor x = arange(3).reshape({1, 3});
  for (const char* mode : {"constant", "reflect", "replicate", "circular"})
    EXPECT_TRUE(equal(pad(x, {2, 1}, mode), pad(x.to(kFloat), {2, 1}, mode).to(kLong))) << mode;
  EXPECT_EQ(constant_pad_nd(x, {0, 1}, 7)[0][3].item<int64_t>(), 7);
  EXPECT_EQ(constant_pad_nd(zeros({0, 2}), {1, 1}, 7).sizes(), (IntArrayRef{0, 4}));
}

TEST(SpatialLayers, PaddingErrors) {
  const Tensor x = zeros({1, 2, 4});
  EXPECT_EQ(error_of([&] { pad(x, {1, 2, 3}); }), "pad: Padding length must be divisible by 2, got 3");
  EXPECT_EQ(
      error_of([&] {
        pad(x, {1, 1, 1, 1, 1, 1, 1, 1});
      }),
      "pad: Padding length should be less than or equal to two times the input dimension but got padding length 8 "
      "and input of dimension 3");
  EXPECT_EQ(error_of([&] {
              pad(x, {1, 1}, "reflect", 2.0);
            }),
            "pad: Padding mode \"reflect\" doesn't take in value argument");
  EXPECT_EQ(error_of([&] { pad(x, {1, 1}, "mirror"); }), "pad: Unrecognised padding mode mirror");
  EXPECT_EQ(
      error_of([&] {
        pad(x[0][0], {1, 1}, "circular");
      }),
      "pad: Only 2D, 3D, 4D, 5D padding with non-constant padding are supported for now, got [1, 1] for an input of "
      "size [4]");
  EXPECT_EQ(
      error_of([&] {
        pad(x, {4, 1}, "reflect");
      }),
      "pad: Padding size should be less than the corresponding input dimension, but got: padding (4, 1) at dimension "
      "2 of input [1, 2, 4]");
  EXPECT_EQ(error_of([&] {
              pad(x, {5, 0}, "circular");
            }),
            "pad: Padding value causes wrapping around more than once, got (5, 0) at dimension 2 of input [1, 2, 4]");
  EXPECT_EQ(error_of([&] {
              replication_pad1d(x, {-2, -2});
            }),
            "replication_pad1d: input [1, 2, 4] is too small for padding (-2, -2) at dimension 2");
  EXPECT_EQ(
      error_of([&] {
        constant_pad_nd(x, {-3, -2});
      }),
      "constant_pad_nd: The input size 4, plus negative padding -3 and -2, resulted in a negative output size, which "
      "is invalid. Check dimension 2 of your input.");
}

TEST(SpatialLayers, ResizingByPickingAndMeans) {
  const std::map<std::string, Mode> modes = {{"nearest", kNearest}, {"nearest-exact", kNearestExact}, {"area", kArea}};
  for (const auto& [name, mode] : modes) {
    auto sized = [mode = mode](Size size) {
      return [=](const Tensor& x) { return F::interpolate(x, F::InterpolateFuncOptions().size(size).mode(mode)); };
    };
    expect_function("line_" + name, {1, 2, 5}, sized({7}));
    expect_function("plane_" + name, {1, 2, 3, 4}, sized({5, 3}));
    expect_function("volume_" + name, {1, 1, 2, 3, 2}, sized({3, 2, 4}));
    for (bool again : {false, true})
      expect_function("plane_" + name + "_scaled_" + (again ? "True" : "False"), {1, 2, 3, 4},
                      [again, mode = mode](const Tensor& x) {
                        const auto options = F::InterpolateFuncOptions().scale_factor(Factor{1.7, 0.6}).mode(mode);
                        return F::interpolate(x, F::InterpolateFuncOptions(options).recompute_scale_factor(again));
                      });
  }
  const Tensor bytes = arange(12).to(kByte).reshape({1, 1, 3, 4});
  EXPECT_TRUE(equal(upsample_nearest2d(bytes, {5, 9}), upsample_nearest2d(bytes.to(kFloat), {5, 9}).to(kByte)));
}

TEST(SpatialLayers, ResizingByCurves) {
  const std::map<std::string, Mode> modes = {{"bilinear", kBilinear}, {"bicubic", kBicubic}};
  for (bool corners : {false, true}) {
    const std::string last = corners ? "_True" : "_False";
    const auto o = F::InterpolateFuncOptions().align_corners(corners);
    expect_function("line_linear" + last, {1, 2, 5}, [&](const Tensor& x) {
      return F::interpolate(x, F::InterpolateFuncOptions(o).size(Size{7}).mode(kLinear));
    });
    expect_function("volume_trilinear" + last, {1, 1, 2, 3, 2}, [&](const Tensor& x) {
      return F::interpolate(x, F::InterpolateFuncOptions(o).size(Size{3, 2, 4}).mode(kTrilinear));
    });
    for (const auto& [name, mode] : modes)
      for (bool anti : {false, true}) {
        const std::string rest = last + (anti ? "_True" : "_False");
        const auto smooth = F::InterpolateFuncOptions(o).mode(mode).antialias(anti);
        expect_function("plane_" + name + rest, {1, 2, 3, 4}, [&](const Tensor& x) {
          return F::interpolate(x, F::InterpolateFuncOptions(smooth).size(Size{5, 2}));
        });
        expect_function("plane_" + name + "_scaled" + rest, {1, 2, 3, 4}, [&](const Tensor& x) {
          return F::interpolate(x, F::InterpolateFuncOptions(smooth).scale_factor(Factor{1.7, 0.6}));
        });
      }
  }
  const auto twice = nn::UpsampleOptions().scale_factor(Factor{2, 2}).mode(kBilinear).align_corners(true);
  expect_layer("upsample", {1, 2, 2, 3}, nn::Upsample(twice));
}

TEST(SpatialLayers, ResizingErrors) {
  const Tensor x = zeros({1, 2, 4, 4});
  auto error = [&](const F::InterpolateFuncOptions& o) { return error_of([&] { F::interpolate(x, o); }); };
  const F::InterpolateFuncOptions none, sized = F::InterpolateFuncOptions().size(Size{2, 2});
  EXPECT_EQ(error(none), "either size or scale_factor should be defined");
  EXPECT_EQ(error(F::InterpolateFuncOptions(sized).scale_factor(Factor{2, 2})),
            "only one of size or scale_factor should be defined");
  EXPECT_EQ(error(F::InterpolateFuncOptions().scale_factor(Factor{2})),
            "scale_factor shape must match input shape. Input is 2D, scale_factor size is [2]");
  EXPECT_EQ(
      error(F::InterpolateFuncOptions(sized).align_corners(true)),
      "align_corners option can only be set with the interpolating modes: linear | bilinear | bicubic | trilinear");
  EXPECT_EQ(error(F::InterpolateFuncOptions(sized).mode(kLinear)), "Got 4D input, but linear mode needs 3D input");
  EXPECT_EQ(error(F::InterpolateFuncOptions(sized).antialias(true)),
            "Anti-alias option is only supported for bilinear and bicubic modes");
  EXPECT_EQ(
      error(F::InterpolateFuncOptions().size(Size{0, 2})),
      "upsample_nearest2d: Input and output sizes should be greater than 0, but got input [1, 2, 4, 4] and output [0, "
      "2]");
}

TEST(SpatialLayers, SamplingAtAGrid) {
  using O = F::GridSampleFuncOptions;
  const std::map<std::string, O::mode_t> modes = {
      {"bilinear", kBilinear}, {"nearest", kNearest}, {"bicubic", kBicubic}};
  const std::map<std::string, O::padding_mode_t> paddings = {
      {"zeros", kZeros}, {"border", kBorder}, {"reflection", kReflection}};
  for (bool corners : {false, true}) {
    const std::string last = corners ? "_True" : "_False";
    expect_recorded("affine_grid" + last, {F::affine_grid(filled({2, 2, 3}), {2, 1, 2, 3}, corners)});
    expect_recorded("affine_grid3d" + last, {F::affine_grid(filled({1, 3, 4}), {1, 1, 2, 2, 3}, corners)});
    for (const auto& [name, mode] : modes)
      for (const auto& [padding_name, padding] : paddings) {
        const Tensor x = filled({2, 2, 3, 4}).requires_grad_();
        const Tensor grid = (filled({2, 2, 3, 2}) * 1.317 + 0.0123).requires_grad_();
        const Tensor y = F::grid_sample(x, grid, O().mode(mode).padding_mode(padding).align_corners(corners));
        std::vector<Tensor> by = {x}, all = {y};
        if (name != "nearest") by.push_back(grid);
        for (const Tensor& g : autograd::grad({(y * filled(y.sizes().vec())).sum()}, by)) all.push_back(g);
        expect_recorded("grid_sample_" + name + "_" + padding_name + last, all, 2e-5);
      }
  }
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const Tensor holes = tensor({nan, 0.3f, 0.2f, nan}).reshape({1, 1, 2, 2});
  expect_recorded("grid_sample_nan",
                  {F::grid_sample(filled({1, 1, 3, 4}), holes, O().padding_mode(kBorder).align_corners(true))});
}

TEST(SpatialLayers, SamplingErrors) {
  const Tensor x = zeros({1, 2, 5, 5});
  auto error = [](const Tensor& in, const Tensor& grid, int64_t mode = 0) {
    return error_of([&] { grid_sampler(in, grid, mode, 0, false); });
  };
  EXPECT_EQ(
      error(x, zeros({2, 3, 3, 2})),
      "grid_sampler(): expected grid and input to have same batch size, but got input with sizes [1, 2, 5, 5] and grid "
      "with sizes [2, 3, 3, 2]");
  EXPECT_EQ(error(x, zeros({1, 3, 3, 3})),
            "grid_sampler(): expected grid to have size 2 in last dimension, but got grid with sizes [1, 3, 3, 3]");
  EXPECT_EQ(error(zeros({1, 2, 2, 2, 2}), zeros({1, 3, 3, 3, 3}), 2),
            "grid_sampler(): bicubic interpolation only supports 4D input");
  EXPECT_EQ(
      error_of([] {
        F::affine_grid(zeros({1, 2, 3}), {1, 1, 2});
      }),
      "affine_grid only supports 4D and 5D sizes, for 2D and 3D affine transforms, respectively. Got size [1, 1, 2]");
  EXPECT_EQ(error_of([] {
              F::affine_grid(zeros({1, 2, 3}), {1, 1, 0, 2});
            }),
            "Expected non-zero, positive output size. Got [1, 1, 0, 2]");
}

TEST(SpatialLayers, ColumnsAndPixels) {
  expect_layer("fold", {1, 12, 9}, nn::Fold(nn::FoldOptions({4, 5}, {2, 3}).padding({1, 0}).stride({2, 1})));
  expect_layer("unfold", {1, 2, 4, 5},
               nn::Unfold(nn::UnfoldOptions({2, 3}).dilation({2, 1}).padding({1, 0}).stride({1, 2})));
  expect_layer("pixel_shuffle", {1, 8, 2, 3}, nn::PixelShuffle(2));
  expect_layer("pixel_unshuffle", {1, 2, 2, 4}, nn::PixelUnshuffle(2));
  expect_function("channel_shuffle", {1, 6, 1, 2}, [](const Tensor& x) { return channel_shuffle(x, 3); });
  const Tensor x = randn({2, 3, 6, 4});
  const Tensor back = F::fold(F::unfold(x, F::UnfoldFuncOptions(2).stride(2)), F::FoldFuncOptions({6, 4}, 2).stride(2));
  EXPECT_TRUE(equal(back, x));
}

TEST(SpatialLayers, ColumnAndPixelErrors) {
  const Tensor x = zeros({1, 2, 5, 5});
  EXPECT_EQ(
      error_of([&] {
        nn::Fold(ExpandingArray<2>({4, 5}), 2)(zeros({1, 8, 10}));
      }),
      "col2im: Given output_size=[4, 5], kernel_size=[2, 2], dilation=[1, 1], padding=[0, 0], stride=[1, 1], expected "
      "size of input's dimension 2 to match the calculated number of sliding blocks 3 * 4 = 12, but got input [1, 8, "
      "10]");
  EXPECT_EQ(
      error_of([&] {
        nn::Fold(ExpandingArray<2>({4, 5}), 2)(zeros({1, 7, 12}));
      }),
      "col2im: Expected size of input's dimension 1 to be divisible by the product of kernel_size, but got input [1, "
      "7, 12] and kernel_size=[2, 2]");
  EXPECT_EQ(error_of([&] { nn::Unfold(7)(x); }),
            "im2col: Given spatial size (5, 5), kernel_size=[7, 7], dilation=[1, 1], padding=[0, 0], stride=[1, 1], "
            "calculated shape of the array of sliding blocks as (-1, -1), but its components must be at least one.");
  EXPECT_EQ(
      error_of([&] { pixel_shuffle(x, 2); }),
      "pixel_shuffle expects its input's 'channel' dimension to be divisible by the square of upscale_factor, but "
      "input.size(-3)=2 is not divisible by 4");
  EXPECT_EQ(
      error_of([&] { pixel_unshuffle(x, 2); }),
      "pixel_unshuffle expects height to be divisible by downscale_factor, but input.size(-2)=5 is not divisible by 2");
  EXPECT_EQ(error_of([&] { channel_shuffle(x, 3); }),
            "Number of channels must be divisible by groups. Got 2 channels and 3 groups.");
}

TEST(SpatialLayers, NormalizationAcrossChannels) {
  for (int64_t size : {2, 3, 7}) {
    const auto o = nn::LocalResponseNormOptions(size).alpha(0.3).beta(0.6).k(1.5);
    expect_layer("local_response_norm_" + std::to_string(size), {2, 5, 3}, nn::LocalResponseNorm(o));
  }
  const auto three = nn::LocalResponseNormOptions(3).alpha(0.3).beta(0.6).k(1.5);
  expect_recorded("local_response_norm_4d", {nn::LocalResponseNorm(three)(filled({1, 5, 2, 2}))});
  for (int64_t size : {3, 4})
    expect_recorded(
        "cross_map_lrn2d_" + std::to_string(size),
        {nn::CrossMapLRN2d(nn::CrossMapLRN2dOptions(size).alpha(0.3).beta(0.6).k(2))(filled({1, 9, 1, 2}))});
  EXPECT_EQ(error_of([] {
              nn::LocalResponseNorm(3)(zeros({2, 3}));
            }),
            "Expected 3D or higher dimensionality input (got 2 dimensions)");
  EXPECT_EQ(error_of([] {
              nn::CrossMapLRN2d(3)(zeros({2, 3}));
            }),
            "CrossMapLRN2d: Expected input to be 4D, got 2D instead.");
}

TEST(SpatialLayers, Print) {
  EXPECT_EQ(str(nn::ReflectionPad1d(2)), "torch::nn::ReflectionPad1d(padding=[2, 2])");
  EXPECT_EQ(str(nn::ReplicationPad2d(nn::ReplicationPad2dOptions({1, 1, 2, 0}))),
            "torch::nn::ReplicationPad2d(padding=[1, 1, 2, 0])");
  EXPECT_EQ(str(nn::ZeroPad2d(2)), "torch::nn::ZeroPad2d(padding=[2, 2, 2, 2])");
  EXPECT_EQ(str(nn::ConstantPad1d(nn::ConstantPad1dOptions({3, 1}, 3.5))),
            "torch::nn::ConstantPad1d(padding=[3, 1], value=3.5)");
  EXPECT_EQ(str(nn::Upsample(nn::UpsampleOptions().scale_factor(Factor{2, 3}).mode(kBilinear).align_corners(false))),
            "torch::nn::Upsample(scale_factor=[2, 3], mode=kBilinear)");
  EXPECT_EQ(str(nn::Upsample(nn::UpsampleOptions().size(Size{4, 4}))),
            "torch::nn::Upsample(size=[4, 4], mode=kNearest)");
  EXPECT_EQ(str(nn::Fold(nn::FoldOptions({3, 2}, 2))),
            "torch::nn::Fold(output_size=[3, 2], kernel_size=[2, 2], dilation=[1, 1], padding=[0, 0], stride=[1, 1])");
  EXPECT_EQ(str(nn::Unfold(nn::UnfoldOptions({2, 4}))),
            "torch::nn::Unfold(kernel_size=[2, 4], dilation=[1, 1], padding=[0, 0], stride=[1, 1])");
  EXPECT_EQ(str(nn::PixelShuffle(5)), "torch::nn::PixelShuffle(upscale_factor=5)");
  EXPECT_EQ(str(nn::PixelUnshuffle(5)), "torch::nn::PixelUnshuffle(downscale_factor=5)");
  EXPECT_EQ(str(nn::LocalResponseNorm(2)), "torch::nn::LocalResponseNorm(2, alpha=0.0001, beta=0.75, k=1)");
  EXPECT_EQ(str(nn::CrossMapLRN2d(4)), "torch::nn::CrossMapLRN2d(4, alpha=0.0001, beta=0.75, k=1)");
}

}  // namespace
