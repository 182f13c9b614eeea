// Pooling layers: values, indices, gradients, options, printing and errors of PyTorch.
#include "spatial_layers.h"

using namespace gradus;
using namespace spatial;
namespace F = gradus::nn::functional;

namespace {

// As record_spatial.py: no two elements are equal.
Tensor distinct(const std::vector<int64_t>& sizes) {
  const Tensor x = filled(sizes);
  return x + arange(x.numel()).reshape(sizes).to(kFloat) * 1e-3;
}

template <class Fn>
void expect_pooled(const std::string& name, const std::vector<int64_t>& sizes, Fn f) {
  const Tensor x = distinct(sizes).requires_grad_();
  const auto [y, index] = f(x);
  expect_recorded(name, {y, index, autograd::grad({(y * filled(y.sizes().vec())).sum()}, {x})[0]}, 5e-6);
}

TEST(PoolLayers, MaximaAndTheirPlaces) {
  expect_pooled("max_pool1d", {2, 2, 9}, [](const Tensor& x) {
    nn::MaxPool1d layer(nn::MaxPool1dOptions(3).stride(2).padding(1).dilation(2).ceil_mode(true));
    EXPECT_TRUE(equal(layer(x), std::get<0>(layer->forward_with_indices(x))));
    return layer->forward_with_indices(x);
  });
  expect_pooled("max_pool2d", {1, 2, 6, 5}, [](const Tensor& x) {
    nn::MaxPool2d layer(nn::MaxPool2dOptions({3, 2}).stride({2, 1}).padding({1, 0}).dilation({1, 2}).ceil_mode(true));
    return layer->forward_with_indices(x);
  });
  expect_pooled("max_pool3d", {1, 2, 5, 4, 7}, [](const Tensor& x) {
    nn::MaxPool3d layer(
        nn::MaxPool3dOptions({2, 3, 2}).stride({2, 1, 3}).padding({1, 1, 0}).dilation({2, 1, 3}).ceil_mode(true));
    EXPECT_TRUE(equal(layer(x), std::get<0>(layer->forward_with_indices(x))));
    return layer->forward_with_indices(x);
  });
}

TEST(PoolLayers, AdaptiveMaxima) {
  expect_pooled("adaptive_max_pool1d", {1, 2, 7},
                [](const Tensor& x) { return nn::AdaptiveMaxPool1d(3)->forward_with_indices(x); });
  expect_pooled("adaptive_max_pool2d", {1, 2, 3, 5}, [](const Tensor& x) {
    nn::AdaptiveMaxPool2d layer(nn::AdaptiveMaxPool2dOptions({std::nullopt, 2}));
    EXPECT_TRUE(equal(layer(x), F::adaptive_max_pool2d(x, F::AdaptiveMaxPool2dFuncOptions({3, 2}))));
    return layer->forward_with_indices(x);
  });
  expect_pooled("adaptive_max_pool3d", {2, 3, 2, 3}, [](const Tensor& x) {
    return nn::AdaptiveMaxPool3d(nn::AdaptiveMaxPool3dOptions({2, 1, std::nullopt}))->forward_with_indices(x);
  });
}

TEST(PoolLayers, Means) {
  expect_layer(
      "avg_pool2d", {1, 2, 6, 5},
      nn::AvgPool2d(nn::AvgPool2dOptions({3, 2}).stride(2).padding({1, 0}).ceil_mode(true).count_include_pad(false)));
  expect_layer("avg_pool3d", {1, 2, 5, 4, 6},
               nn::AvgPool3d(nn::AvgPool3dOptions({3, 2, 4}).stride(3).padding({1, 0, 1}).ceil_mode(true)));
  expect_layer("avg_pool3d_divisor", {1, 3, 2, 2},
               nn::AvgPool3d(nn::AvgPool3dOptions(2).stride(1).padding(1).divisor_override(3)));
  expect_layer("adaptive_avg_pool3d", {1, 1, 5, 2, 3},
               nn::AdaptiveAvgPool3d(nn::AdaptiveAvgPool3dOptions({2, std::nullopt, 2})));
}

TEST(PoolLayers, PowerMeans) {
  auto shifted = [](auto layer) { return [layer](const Tensor& x) mutable { return layer(x + 1.5); }; };
  expect_function("lp_pool1d", {1, 2, 7}, shifted(nn::LPPool1d(nn::LPPool1dOptions(2, 2).stride(1).ceil_mode(true))));
  expect_function("lp_pool2d", {1, 2, 5, 4},
                  shifted(nn::LPPool2d(nn::LPPool2dOptions(2, 2).stride(1).ceil_mode(true))));
  expect_function("lp_pool3d", {1, 1, 4, 3, 4},
                  shifted(nn::LPPool3d(nn::LPPool3dOptions(2, 2).stride(1).ceil_mode(true))));
}

TEST(PoolLayers, WindowsAtRandomPlaces) {
  const Tensor two = tensor({0.1, 0.7, 0.5, 0.3}, kFloat).reshape({1, 2, 2});
  expect_pooled("fractional_max_pool2d", {1, 2, 8, 9}, [&](const Tensor& x) {
    return nn::FractionalMaxPool2d(
               nn::FractionalMaxPool2dOptions({2, 3}).output_size(ExpandingArray<2>({4, 3}))._random_samples(two))
        ->forward_with_indices(x);
  });
  const Tensor three = tensor({0.1, 0.7, 0.4}, kFloat).reshape({1, 1, 3});
  const ExpandingArray<3, double> ratio({0.6, 0.5, 0.7});
  expect_pooled("fractional_max_pool3d", {1, 1, 5, 6, 5}, [&](const Tensor& x) {
    return nn::FractionalMaxPool3d(nn::FractionalMaxPool3dOptions(2).output_ratio(ratio)._random_samples(three))
        ->forward_with_indices(x);
  });
  manual_seed(0);
  nn::FractionalMaxPool2d random(nn::FractionalMaxPool2dOptions(2).output_size(ExpandingArray<2>({4, 3})));
  expect_recorded("fractional_max_pool2d_random", {random(filled({1, 2, 8, 9}))});
  EXPECT_EQ(error_of([] { nn::FractionalMaxPool2d(3); }),
            "FractionalMaxPool2d requires specifying either an output size, or a pooling ratio");
  EXPECT_EQ(error_of([&] {
              nn::FractionalMaxPool3d(
                  nn::FractionalMaxPool3dOptions(3).output_size(ExpandingArray<3>(2)).output_ratio(ratio));
            }),
            "only one of output_size and output_ratio may be specified");
  EXPECT_EQ(error_of([&] {
              nn::FractionalMaxPool2d(nn::FractionalMaxPool2dOptions(3).output_ratio(ExpandingArray<2, double>(1.5)));
            }),
            "output_ratio must be between 0 and 1 (got [1.5, 1.5])");
}

template <class Pool, class Unpool>
void expect_unpooled(const std::string& name, const std::vector<int64_t>& sizes, Pool pool, Unpool unpool) {
  const auto [y, index] = pool->forward_with_indices(distinct(sizes));
  std::vector<int64_t> larger(sizes.begin() + 2, sizes.end()), full = sizes;
  for (int64_t& n : larger) ++n;
  std::copy(larger.begin(), larger.end(), full.begin() + 2);
  expect_recorded(name, {unpool(y, index), unpool(y, index, larger)});
  EXPECT_TRUE(equal(unpool(y, index, larger), unpool(y, index, full)));
}

TEST(PoolLayers, MaximaPutBack) {
  expect_unpooled("max_unpool1d", {1, 2, 6}, nn::MaxPool1d(2), nn::MaxUnpool1d(2));
  expect_unpooled("max_unpool2d", {1, 2, 4, 2}, nn::MaxPool2d(2), nn::MaxUnpool2d(2));
  expect_unpooled("max_unpool3d", {1, 1, 4, 2, 4}, nn::MaxPool3d(2), nn::MaxUnpool3d(2));
  const auto [y, index] = nn::MaxPool2d(2)->forward_with_indices(randn({3, 6, 8}));
  EXPECT_EQ(nn::MaxUnpool2d(2)(y, index).sizes(), (IntArrayRef{3, 6, 8}));
  nn::Sequential first(nn::MaxUnpool2d(2));
  EXPECT_EQ(first->forward(y, index).sizes(), (IntArrayRef{3, 6, 8}));
}

TEST(PoolLayers, Errors) {
  const Tensor x = zeros({1, 2, 5, 5}), index = zeros({1, 2, 5, 5}, kLong);
  EXPECT_EQ(
      error_of([&] { max_pool2d(x, 2, 2, 2); }),
      "max_pool2d: pad should be at most half of effective kernel size, but got pad=2, kernel_size=2 and dilation=1");
  EXPECT_EQ(error_of([&] {
              max_pool3d(zeros({1, 2, 1, 1, 1}), 2);
            }),
            "max_pool3d: Given input size: [1, 2, 1, 1, 1]. Calculated output size: [1, 2, 0, 0, 0]. Output size is "
            "too small");
  EXPECT_EQ(error_of([&] {
              max_pool2d(x, {1, 2, 3});
            }),
            "max_pool2d: kernel_size must either be a single int, or a tuple of two ints, got [1, 2, 3]");
  EXPECT_EQ(error_of([&] {
              avg_pool3d(zeros({3, 3}), 2);
            }),
            "avg_pool3d: Expected 4D or 5D (batch mode) tensor, got [3, 3]");
  EXPECT_EQ(error_of([&] { avg_pool3d(x, 1, 1, 0, false, true, 0); }), "avg_pool3d: divisor must be not zero");
  EXPECT_EQ(error_of([&] {
              max_unpool2d(x, index + 30, {5, 5});
            }),
            "max_unpool2d: Found an invalid max index: 30 (output volumes are of size [5, 5])");
  EXPECT_EQ(error_of([&] {
              max_unpool2d(x, x, {5, 5});
            }),
            "max_unpool2d: elements in indices should be type int64 but got: Float");
  EXPECT_EQ(
      error_of([&] {
        max_unpool2d(x, index.slice(1, 0, 1), {5, 5});
      }),
      "max_unpool2d: Expected shape of indices to be same as that of the input tensor ([1, 2, 5, 5]) but got indices "
      "tensor with shape: [1, 1, 5, 5]");
  EXPECT_EQ(error_of([&] {
              nn::MaxUnpool2d(2)(x, index, std::vector<int64_t>{3, 3});
            }),
            "invalid output_size [3, 3] (dim 0 must be between 8 and 12)");
  EXPECT_EQ(error_of([&] { nn::MaxUnpool2d(2)(x, index, std::vector<int64_t>{3}); }),
            "output_size should be a sequence containing 2 or 4 elements, but it has a length of '1'");
  const Tensor samples = full({1, 2, 2}, 0.5);
  EXPECT_EQ(error_of([&] {
              fractional_max_pool2d(x, 3, {4, 2}, samples);
            }),
            "fractional_max_pool2d: pool height 3 too large relative to input height 5");
  EXPECT_EQ(error_of([&] { fractional_max_pool2d(x, 3, 2, samples.to(kDouble)); }),
            "fractional_max_pool2d: Expect _random_samples to have the same dtype as input");
}

// The place of the greatest of no elements lay outside of the plane, and its gradient was written there.
TEST(PoolLayers, DilationOverASmallInputIsAnError) {
  EXPECT_EQ(
      error_of([] {
        max_pool1d(zeros({1, 2}), 2, 1, 1, 3);
      }),
      "max_pool1d: padding and dilation leave a window without elements, got pad=1 and dilation=3 for 2 elements");
  EXPECT_EQ(max_pool1d(zeros({1, 3}), 2, 1, 1, 3).sizes(), (IntArrayRef{1, 2}));
}

TEST(PoolLayers, Print) {
  EXPECT_EQ(str(nn::MaxPool3d(nn::MaxPool3dOptions(5).stride(2))),
            "torch::nn::MaxPool3d(kernel_size=[5, 5, 5], stride=[2, 2, 2], padding=[0, 0, 0], dilation=[1, 1, 1], "
            "ceil_mode=false)");
  EXPECT_EQ(str(nn::AvgPool3d(5)), "torch::nn::AvgPool3d(kernel_size=[5, 5, 5], stride=[5, 5, 5], padding=[0, 0, 0])");
  EXPECT_EQ(str(nn::AdaptiveMaxPool1d(5)), "torch::nn::AdaptiveMaxPool1d(output_size=5)");
  EXPECT_EQ(str(nn::AdaptiveMaxPool2d(nn::AdaptiveMaxPool2dOptions({5, std::nullopt}))),
            "torch::nn::AdaptiveMaxPool2d(output_size=[5, None])");
  EXPECT_EQ(str(nn::AdaptiveAvgPool3d(5)), "torch::nn::AdaptiveAvgPool3d(output_size=[5, 5, 5])");
  EXPECT_EQ(str(nn::MaxUnpool2d(nn::MaxUnpool2dOptions({5, 6}).stride({1, 2}))),
            "torch::nn::MaxUnpool2d(kernel_size=[5, 6], stride=[1, 2], padding=[0, 0])");
  EXPECT_EQ(str(nn::FractionalMaxPool2d(nn::FractionalMaxPool2dOptions(3).output_size(ExpandingArray<2>(2)))),
            "torch::nn::FractionalMaxPool2d()");
  EXPECT_EQ(str(nn::LPPool1d(2, 5)), "torch::nn::LPPool1d(norm_type=2, kernel_size=5, stride=5, ceil_mode=false)");
  EXPECT_EQ(str(nn::LPPool2d(nn::LPPool2dOptions(1, {2, 3}).stride({3, 4}).ceil_mode(true))),
            "torch::nn::LPPool2d(norm_type=1, kernel_size=[2, 3], stride=[3, 4], ceil_mode=true)");
}

}  // namespace
