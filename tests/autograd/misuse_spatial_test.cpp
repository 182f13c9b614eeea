// Misuse of convolutions, pools, pads and what else works on planes, and what is said of it.
#include <memory>

#include "gradus/gradus.h"
#include "gradus/tests/misuse.h"

using namespace gradus;
using gradus_tests::expect_words;

namespace {

const Tensor none;
Tensor row() { return ones({1, 1, 4}); }
Tensor plane() { return ones({1, 1, 4, 4}); }
Tensor space() { return ones({1, 1, 4, 4, 4}); }
Tensor kernel() { return ones({1, 1, 2, 2}); }

TEST(MisuseOfConvolutions, Arguments) {
  expect_words({
      {[] { conv2d(plane(), none); }, "conv2d: expected an input and a weight, but got an undefined tensor"},
      {[] {
         conv2d(plane(), kernel(), {}, {1, 1, 1});
       },
       "conv2d: expected stride to be a single integer value or a list of 2 values to match the convolution "
       "dimensions"},
      {[] { conv2d(plane(), kernel(), {}, 1, IntArrayRef(0), 0); },
       "conv2d: dilation should be greater than zero, got [0]"},
      {[] { conv2d(plane(), kernel(), {}, 2, "same"); },
       "conv2d: padding='same' is not supported for strided convolutions"},
      {[] { conv2d(plane(), row()); },
       "conv2d: Expected a 4-dimensional weight, got input [1, 1, 4, 4] and weight [1, 1, 4]"},
      {[] { conv2d(plane(), kernel().to(kDouble)); },
       "conv2d: Input type and weight type should be the same floating point type, got Float and Double"},
      {[] { conv2d(plane(), kernel(), {}, 1, IntArrayRef(0), 1, 0); },
       "conv2d: non-positive groups is not supported, got 0"},
      {[] {
         conv2d(ones({1, 2, 4, 4}), kernel(), {}, 1, IntArrayRef(0), 1, 2);
       },
       "conv2d: Given groups=2, expected weight to be at least 2 at dimension 0 and to be divisible by 2 at dimension "
       "0"},
      {[] {
         convolution(plane(), ones({2, 2}), {}, 1, 0, 1, false, 0, 1);
       },
       "convolution: expected a weight of 3 to 5 dimensions, got [2, 2]"},
  });
}

TEST(MisuseOfConvolutions, Maps) {
  const ConvGeometry geometry;
  ConvGeometry still, crossed, ungrouped;
  still.stride[1] = still.stride[2] = 0;
  crossed.dilation[2] = -1;
  ungrouped.groups = 0;
  expect_words({
      {[&] { conv_forward(plane(), kernel(), {}, still); },
       "conv_forward: stride, dilation and groups must be positive, got [1, 0, 0], [1, 1, 1] and 1"},
      {[&] {
         conv_input(plane(), kernel(), {}, {1, 1, 4, 4}, crossed);
       },
       "conv_input: stride, dilation and groups must be positive, got [1, 1, 1], [1, 1, -1] and 1"},
      {[&] {
         conv_weight(plane(), plane(), {1, 1, 2, 2}, ungrouped);
       },
       "conv_weight: stride, dilation and groups must be positive, got [1, 1, 1], [1, 1, 1] and 0"},
      {[&] { conv_forward(plane(), none, {}, geometry); },
       "conv_forward: expected an input and a weight, but got an undefined tensor"},
      {[&] { conv_forward(plane(), row(), {}, geometry); },
       "conv_forward: input and weight must have the same 3 to 5 dimensions, got 4, 3 and 4 dimensions"},
      {[&] {
         conv_forward(plane(), ones({1, 2, 2, 2}), {}, geometry);
       },
       "conv_forward: channels differ, got [1, 1, 4, 4] and weight [1, 2, 2, 2] in groups of 1"},
      {[&] { conv_forward(plane(), kernel(), ones({2}), geometry); },
       "conv_forward: expected bias to be 1-dimensional with 1 elements, but got bias of size [2]"},
      {[&] { conv_forward(plane(), kernel().to(kDouble), {}, geometry); },
       "convolution: expected scalar type Float but found Double"},
      {[&] {
         conv_input(plane(), none, {}, {1, 1, 4, 4}, geometry);
       },
       "conv_input: expected a gradient and a weight, but got an undefined tensor"},
      {[&] {
         conv_input(plane(), kernel(), {}, {1, 1, 4, 4}, geometry);
       },
       "conv_input: gradient and geometry differ, got [1, 1, 4, 4] for an input [1, 1, 4, 4] and a weight"},
      {[&] {
         conv_weight(none, plane(), {1, 1, 2, 2}, geometry);
       },
       "conv_weight: expected an input and a gradient, but got an undefined tensor"},
      {[&] {
         conv_weight(plane(), plane(), {1, 1, 2, 2}, geometry);
       },
       "conv_weight: gradient and geometry differ, got [1, 1, 4, 4] for an input [1, 1, 4, 4] and a weight"},
  });
}

TEST(MisuseOfPools, Arguments) {
  expect_words({
      {[] { avg_pool1d(plane(), 2); }, "avg_pool1d: Expected 2D or 3D input tensor, but got [1, 1, 4, 4]"},
      {[] { avg_pool2d(plane(), 2, {}, 0, false, true, 0); }, "avg_pool2d: divisor must be not zero"},
      {[] { max_pool2d(none, 2); }, "max_pool2d: expected a tensor, but got an undefined one"},
      {[] {
         max_pool2d(ones({1, 0, 4, 4}), 2);
       },
       "max_pool2d: Expected tensor with non-zero size for non-batch dimensions, got [1, 0, 4, 4]"},
      {[] { max_pool2d(plane(), 0); }, "max_pool2d: kernel size should be greater than zero, got [0]"},
      {[] { max_pool2d(plane(), 2, 0); }, "max_pool2d: stride should be greater than zero, got [0]"},
      {[] { max_pool2d(plane(), 2, 2, 0, 0); }, "max_pool2d: dilation should be greater than zero, got [0]"},
      {[] { max_pool2d(plane(), 2, 2, -1); }, "max_pool2d: pad must be non-negative, but got pad: -1"},
      {[] { adaptive_avg_pool2d(plane(), -2); },
       "adaptive_avg_pool2d: elements of output_size must be greater than or equal to 0, got [-2]"},
  });
}

TEST(MisuseOfPools, Fractional) {
  auto pool = [](const Tensor& samples, IntArrayRef kernel = 2, IntArrayRef size = 2) {
    fractional_max_pool2d(ones({1, 2, 4, 4}), kernel, size, samples);
  };
  expect_words({
      {[=] { pool(none); }, "fractional_max_pool2d: Expect _random_samples to have 3 dimensions, got an undefined"},
      {[=] {
         pool(ones({0, 2, 2}));
       },
       "fractional_max_pool2d: Expect _random_samples.size(0) no less then input batch size."},
      {[=] {
         pool(ones({1, 1, 2}));
       },
       "fractional_max_pool2d: Expect _random_samples.size(1) equals to input channel size."},
      {[=] {
         pool(ones({1, 2, 3}));
       },
       "fractional_max_pool2d: Expect _random_samples.size(2) equals to 2; got 3."},
      {[=] {
         pool(ones({1, 2, 2}), {2, 2, 2});
       },
       "fractional_max_pool2d: kernel_size must either be a single int or 2 of them, got [2, 2, 2]"},
      {[=] {
         pool(ones({1, 2, 2}), 0);
       },
       "fractional_max_pool2d: kernel and output sizes must be greater than zero, got [0] and [2]"},
  });
}

TEST(MisuseOfPools, Inverse) {
  const Tensor at = zeros({1, 1, 4, 4}, kLong), at3 = zeros({1, 1, 4, 4, 4}, kLong);
  expect_words({
      {[&] { max_unpool2d(plane(), none, 4); },
       "max_unpool2d: expected an input and indices, but got an undefined tensor"},
      {[&] {
         max_unpool2d(row()[0], at, {4, 4});
       },
       "max_unpool2d: Input to max_unpool2d should be a 3d or 4d Tensor, but got [1, 4]"},
      {[&] {
         max_unpool2d(plane(), at, {4, 4, 4});
       },
       "max_unpool2d: There should be exactly 2 elements in output_size, but got 3 elements."},
      {[&] {
         max_unpool2d(plane(), at, {-1, 4});
       },
       "max_unpool2d: output_size must not be negative, got [-1, 4]"},
      {[&] {
         max_unpool3d(space(), at3, {4, 4, 4}, {1, 0, 1}, {0, 0, 0});
       },
       "max_unpool3d: strides should be greater than zero, but got stride: [1, 0, 1]"},
  });
}

TEST(MisuseOfPlanes, Columns) {
  expect_words({
      {[] { im2col(none, 2); }, "im2col: expected a tensor, but got an undefined one"},
      {[] { im2col(plane(), 0); }, "im2col: kernel size should be greater than zero, but got [0]"},
      {[] { im2col(plane(), 2, 0); }, "im2col: dilation should be greater than zero, but got [0]"},
      {[] { im2col(plane(), 2, 1, -1); }, "im2col: padding should be non-negative, but got [-1]"},
      {[] { im2col(plane(), 2, 1, 0, 0); }, "im2col: stride should be greater than zero, but got [0]"},
      {[] { im2col(space(), 2); }, "non-zero dimensions for input, but got: [1, 1, 4, 4, 4]"},
      {[] {
         im2col(ones({1, 0, 4, 4}), 2);
       },
       "im2col: Expected 3D or 4D (batch mode) tensor with possibly 0 batch size and non-zero dimensions for input, "
       "but got: [1, 0, 4, 4]"},
      {[] {
         col2im(none, {4, 4}, 2);
       },
       "col2im: expected a tensor, but got an undefined one"},
      {[] {
         col2im(plane(), {4, 4}, 2);
       },
       "col2im: Expected 2D or 3D (batch mode) tensor for input with possibly 0 batch size and non-zero dimensions for "
       "input, but got: [1, 1, 4, 4]"},
  });
}

TEST(MisuseOfPlanes, Shuffles) {
  expect_words({
      {[] { pixel_shuffle(none, 2); }, "pixel_shuffle: expected a tensor, but got an undefined one"},
      {[] { pixel_shuffle(row()[0], 2); },
       "pixel_shuffle expects input to have at least 3 dimensions, but got input with 2 dimension(s)"},
      {[] { pixel_shuffle(plane(), 0); }, "pixel_shuffle expects a positive upscale_factor, but got 0"},
      {[] { pixel_unshuffle(none, 2); }, "pixel_unshuffle: expected a tensor, but got an undefined one"},
      {[] { pixel_unshuffle(row()[0], 2); },
       "pixel_unshuffle expects input to have at least 3 dimensions, but got input with 2 dimension(s)"},
      {[] { pixel_unshuffle(plane(), 0); }, "pixel_unshuffle expects a positive downscale_factor, but got 0"},
      {[] {
         pixel_unshuffle(ones({1, 1, 4, 3}), 2);
       },
       "pixel_unshuffle expects width to be divisible by downscale_factor, but input.size(-1)=3 is not divisible by 2"},
      {[] { channel_shuffle(none, 1); }, "channel_shuffle: expected a tensor, but got an undefined one"},
      {[] { channel_shuffle(row()[0], 1); },
       "channel_shuffle expects input with > 2 dims, but got input with sizes [1, 4]"},
  });
}

TEST(MisuseOfPlanes, Grids) {
  expect_words({
      {[] {
         grid_sampler(plane(), ones({1, 4, 2}), 0, 0, false);
       },
       "expected 4D or 5D input and grid with same number of dimensions, but got input with sizes [1, 1, 4, 4] and "
       "grid"},
      {[] {
         grid_sampler(ones({1, 1, 0, 4}), ones({1, 2, 2, 2}), 0, 0, false);
       },
       "expected input to have non-empty spatial dimensions, but input has sizes [1, 1, 0, 4] with dimension 2"},
      {[] {
         grid_sampler(plane(), ones({1, 2, 2, 2}, kDouble), 0, 0, false);
       },
       "grid_sampler(): expected input and grid to have same floating dtype, but input has Float and grid has Double"},
      {[] {
         affine_grid_generator(ones({1, 2, 3}, kInt), {1, 1, 2, 2}, false);
       },
       "affine_grid_generator: Expected theta to have floating point type, but got Int"},
      {[] {
         affine_grid_generator(ones({1, 2, 3}), {1, 1, 2}, false);
       },
       "AffineGridGenerator needs 4d (spatial) or 5d (volumetric) inputs, got size [1, 1, 2]"},
      {[] {
         affine_grid_generator(ones({1, 3, 4}), {1, 1, 2, 2}, false);
       },
       "Expected a batch of affine matrices of shape 1x2x3 for size [1, 1, 2, 2]. Got [1, 3, 4]."},
  });
}

TEST(MisuseOfPlanes, Padding) {
  expect_words({
      {[] {
         reflection_pad2d(none, {1, 1, 1, 1});
       },
       "reflection_pad2d: expected a tensor, but got an undefined one"},
      {[] {
         reflection_pad2d(plane(), {1, 1});
       },
       "reflection_pad2d: padding size is expected to be 4, but got [1, 1]"},
      {[] {
         reflection_pad2d(space(), {1, 1, 1, 1});
       },
       "non-zero dimensions for input, but got [1, 1, 4, 4, 4]"},
      {[] {
         reflection_pad2d(ones({1, 0, 4, 4}), {1, 1, 1, 1});
       },
       "reflection_pad2d: Expected 3D or 4D (batch mode) tensor with possibly 0 batch size and other non-zero "
       "dimensions for input, but got [1, 0, 4, 4]"},
      {[] {
         constant_pad_nd(none, {1, 1});
       },
       "constant_pad_nd: expected a tensor, but got an undefined one"},
      {[] { constant_pad_nd(plane(), {1}); }, "constant_pad_nd: Length of pad must be even but instead it equals 1"},
      {[] {
         constant_pad_nd(row()[0], {1, 1, 1, 1, 1, 1});
       },
       "twice the number of dimensions of the input. Pad length is 6 while the input has 2 dimensions."},
      {[] {
         pad(none, {1, 1});
       },
       "pad: expected a tensor, but got an undefined one"},
  });
}

TEST(MisuseOfPlanes, Resampling) {
  const auto taps = std::make_shared<kernels::Taps>();
  taps->columns = 3;
  expect_words({
      {[&] { resample(none, 0, taps); }, "resample: expected a tensor and taps, but got an undefined tensor"},
      {[&] { resample(row(), 0, nullptr); }, "resample: expected a tensor and taps, but got no taps"},
      {[&] { resample(row(), 2, taps); }, "resample: expected 3 elements along dimension 2, got [1, 1, 4]"},
      {[] { upsample_linear1d(none, {8}, false); }, "upsample_linear1d: expected a tensor, but got an undefined one"},
      {[] {
         upsample_linear1d(ones({1, 0, 4}), {8}, false);
       },
       "upsample_linear1d: Non-empty 3D data tensor expected but got a tensor with sizes [1, 0, 4]"},
  });
}

}  // namespace
