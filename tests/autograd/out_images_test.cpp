// Operations with an `out` argument: images, picked elements and several results; each computes its own operation.
#include <gtest/gtest.h>

#include "gradus/gradus.h"
#include "gradus/tests/misuse.h"

using namespace gradus;
using gradus_tests::error_of;

namespace {

// f writes into the tensors it is given what stands in `want`.
template <class F, class... T>
void expect_written(const char* name, const F& f, const std::tuple<T...>& want) {
  std::apply(
      [&](const auto&... w) {
        std::tuple<T...> outs{empty({0}, w.scalar_type())...};
        std::apply([&](auto&... o) { f(o...); }, outs);
        std::apply([&](const auto&... o) { EXPECT_TRUE((equal(o, w) && ...)) << name; }, outs);
        std::apply([&](auto&... o) { ((o = empty({0}, kBool)), ...); }, outs);
        const auto wrong = error_of([&] { std::apply([&](auto&... o) { f(o...); }, outs); });
        EXPECT_NE(wrong.find(std::string(name) + ": Expected out tensor to have dtype"), std::string::npos) << wrong;
      },
      want);
}

template <class F>
void expect_written(const char* name, const F& f, const Tensor& want) {
  expect_written(name, f, std::tuple<Tensor>(want));
}

Tensor counted(IntArrayRef sizes) { return (arange(zeros(sizes).numel(), kFloat) * 0.37).sin().view(sizes); }

const auto line = [] { return counted({1, 2, 8}); };
const auto image = [] { return counted({1, 4, 6, 6}); };
const auto volume = [] { return counted({1, 2, 4, 4, 4}); };

TEST(OutImages, Pooled) {
  const Tensor l = line(), x = image(), v = volume();
  expect_written(
      "avg_pool1d", [&](Tensor& o) { avg_pool1d_out(o, l, 2); }, avg_pool1d(l, 2));
  expect_written(
      "avg_pool2d", [&](Tensor& o) { avg_pool2d_out(o, x, 3, 2, 1, true, false, 5); },
      avg_pool2d(x, 3, 2, 1, true, false, 5));
  expect_written(
      "avg_pool3d", [&](Tensor& o) { avg_pool3d_out(o, v, 2, 1); }, avg_pool3d(v, 2, 1));
  expect_written(
      "adaptive_avg_pool1d", [&](Tensor& o) { adaptive_avg_pool1d_out(o, l, 3); }, adaptive_avg_pool1d(l, 3));
  expect_written(
      "adaptive_avg_pool2d",
      [&](Tensor& o) {
        adaptive_avg_pool2d_out(o, x, {4, 2});
      },
      adaptive_avg_pool2d(x, {4, 2}));
  expect_written(
      "adaptive_avg_pool3d", [&](Tensor& o) { adaptive_avg_pool3d_out(o, v, 3); }, adaptive_avg_pool3d(v, 3));
  expect_written(
      "max_pool2d_with_indices", [&](Tensor& o, Tensor& i) { max_pool2d_with_indices_out(o, i, x, 2, 1, 1, 2, true); },
      max_pool2d_with_indices(x, 2, 1, 1, 2, true));
  expect_written(
      "max_pool3d_with_indices", [&](Tensor& o, Tensor& i) { max_pool3d_with_indices_out(o, i, v, 2); },
      max_pool3d_with_indices(v, 2));
  expect_written(
      "adaptive_max_pool2d",
      [&](Tensor& o, Tensor& i) {
        adaptive_max_pool2d_out(o, i, x, {4, 2});
      },
      adaptive_max_pool2d(x, {4, 2}));
  expect_written(
      "adaptive_max_pool3d", [&](Tensor& o, Tensor& i) { adaptive_max_pool3d_out(o, i, v, 3); },
      adaptive_max_pool3d(v, 3));
}

TEST(OutImages, PooledByChanceAndBack) {
  const Tensor x = image(), v = volume(), two = full({1, 4, 2}, 0.3), three = full({1, 2, 3}, 0.3);
  expect_written(
      "fractional_max_pool2d",
      [&](Tensor& o, Tensor& i) {
        fractional_max_pool2d_out(o, i, x, 2, {3, 4}, two);
      },
      fractional_max_pool2d(x, 2, {3, 4}, two));
  expect_written(
      "fractional_max_pool3d",
      [&](Tensor& o, Tensor& i) {
        fractional_max_pool3d_out(o, i, v, 2, {2, 3, 2}, three);
      },
      fractional_max_pool3d(v, 2, {2, 3, 2}, three));
  const auto [y, at] = max_pool2d_with_indices(x, 2);
  expect_written(
      "max_unpool2d",
      [&, y = y, at = at](Tensor& o) {
        max_unpool2d_out(o, y, at, {6, 6});
      },
      max_unpool2d(y, at, {6, 6}));
  const auto [z, where] = max_pool3d_with_indices(v, 2);
  expect_written(
      "max_unpool3d",
      [&, z = z, where = where](Tensor& o) {
        max_unpool3d_out(o, z, where, {4, 4, 4}, {2, 2, 2}, {0, 0, 0});
      },
      max_unpool3d(z, where, {4, 4, 4}, {2, 2, 2}, {0, 0, 0}));
}

TEST(OutImages, PaddedAndMoved) {
  const Tensor l = line(), x = image(), v = volume();
  const std::vector<int64_t> four = {1, 2, 0, 1}, six = {1, 2, 0, 1, 1, 0};
  expect_written(
      "reflection_pad2d", [&](Tensor& o) { reflection_pad2d_out(o, x, four); }, reflection_pad2d(x, four));
  expect_written(
      "reflection_pad3d", [&](Tensor& o) { reflection_pad3d_out(o, v, six); }, reflection_pad3d(v, six));
  expect_written(
      "replication_pad1d",
      [&](Tensor& o) {
        replication_pad1d_out(o, l, {2, 2});
      },
      replication_pad1d(l, {2, 2}));
  expect_written(
      "replication_pad2d", [&](Tensor& o) { replication_pad2d_out(o, x, four); }, replication_pad2d(x, four));
  expect_written(
      "replication_pad3d", [&](Tensor& o) { replication_pad3d_out(o, v, six); }, replication_pad3d(v, six));
  expect_written(
      "pixel_shuffle", [&](Tensor& o) { pixel_shuffle_out(o, x, 2); }, pixel_shuffle(x, 2));
  expect_written(
      "pixel_unshuffle", [&](Tensor& o) { pixel_unshuffle_out(o, x, 3); }, pixel_unshuffle(x, 3));
  expect_written(
      "channel_shuffle", [&](Tensor& o) { channel_shuffle_out(o, x, 2); }, channel_shuffle(x, 2));
  expect_written(
      "im2col",
      [&](Tensor& o) {
        im2col_out(o, x, {2, 3}, 1, 1, 2);
      },
      im2col(x, {2, 3}, 1, 1, 2));
  const Tensor columns = im2col(x, {2, 3}, 1, 1, 2);
  expect_written(
      "col2im",
      [&](Tensor& o) {
        col2im_out(o, columns, {6, 6}, {2, 3}, 1, 1, 2);
      },
      col2im(columns, {6, 6}, {2, 3}, 1, 1, 2));
}

TEST(OutImages, ConvolvedAndSampled) {
  const Tensor x = image(), w = counted({6, 2, 3, 3}), b = counted({6}), theta = counted({1, 2, 3});
  expect_written(
      "convolution",
      [&](Tensor& o) {
        convolution_out(o, x, w, b, {2, 1}, {1, 0}, {1, 2}, false, {0, 0}, 2);
      },
      convolution(x, w, b, {2, 1}, {1, 0}, {1, 2}, false, {0, 0}, 2));
  expect_written(
      "affine_grid_generator",
      [&](Tensor& o) {
        affine_grid_generator_out(o, theta, {1, 1, 4, 5}, true);
      },
      affine_grid_generator(theta, {1, 1, 4, 5}, true));
}

TEST(OutImages, ResizedToTheNearest) {
  const Tensor l = line(), x = image(), v = volume();
  const std::vector<int64_t> two = {9, 4}, three = {3, 5, 8};
  expect_written(
      "upsample_nearest1d", [&](Tensor& o) { upsample_nearest1d_out(o, l, 5, 0.7); }, upsample_nearest1d(l, 5, 0.7));
  expect_written(
      "upsample_nearest2d", [&](Tensor& o) { upsample_nearest2d_out(o, x, two, 1.4, 0.7); },
      upsample_nearest2d(x, two, 1.4, 0.7));
  expect_written(
      "upsample_nearest3d", [&](Tensor& o) { upsample_nearest3d_out(o, v, three, 0.8, 1.3, 2.1); },
      upsample_nearest3d(v, three, 0.8, 1.3, 2.1));
  expect_written(
      "_upsample_nearest_exact1d", [&](Tensor& o) { _upsample_nearest_exact1d_out(o, l, 5, 0.7); },
      _upsample_nearest_exact1d(l, 5, 0.7));
  expect_written(
      "_upsample_nearest_exact2d", [&](Tensor& o) { _upsample_nearest_exact2d_out(o, x, two, 1.4, 0.7); },
      _upsample_nearest_exact2d(x, two, 1.4, 0.7));
  expect_written(
      "_upsample_nearest_exact3d", [&](Tensor& o) { _upsample_nearest_exact3d_out(o, v, three, 0.8, 1.3, 2.1); },
      _upsample_nearest_exact3d(v, three, 0.8, 1.3, 2.1));
}

TEST(OutImages, ResizedSmoothly) {
  const Tensor l = line(), x = image(), v = volume();
  const std::vector<int64_t> two = {9, 4}, three = {3, 5, 8};
  expect_written(
      "upsample_linear1d", [&](Tensor& o) { upsample_linear1d_out(o, l, 5, false, 0.7); },
      upsample_linear1d(l, 5, false, 0.7));
  expect_written(
      "upsample_bilinear2d", [&](Tensor& o) { upsample_bilinear2d_out(o, x, two, false, 1.4, 0.7); },
      upsample_bilinear2d(x, two, false, 1.4, 0.7));
  expect_written(
      "upsample_trilinear3d", [&](Tensor& o) { upsample_trilinear3d_out(o, v, three, true); },
      upsample_trilinear3d(v, three, true));
  expect_written(
      "upsample_bicubic2d", [&](Tensor& o) { upsample_bicubic2d_out(o, x, two, false, 1.4, 0.7); },
      upsample_bicubic2d(x, two, false, 1.4, 0.7));
  expect_written(
      "_upsample_bilinear2d_aa", [&](Tensor& o) { _upsample_bilinear2d_aa_out(o, x, two, false, 1.4, 0.7); },
      _upsample_bilinear2d_aa(x, two, false, 1.4, 0.7));
  expect_written(
      "_upsample_bicubic2d_aa", [&](Tensor& o) { _upsample_bicubic2d_aa_out(o, x, two, false, 1.4, 0.7); },
      _upsample_bicubic2d_aa(x, two, false, 1.4, 0.7));
}

TEST(OutImages, PlacedAndCopied) {
  const Tensor x = counted({3, 4}), row = counted({4}), three = counted({3}), mask = x > 0;
  expect_written(
      "clone", [&](Tensor& o) { clone_out(o, x); }, clone(x));
  expect_written(
      "rot90",
      [&](Tensor& o) {
        rot90_out(o, x, 3, {1, 0});
      },
      rot90(x, 3, {1, 0}));
  expect_written(
      "trace", [&](Tensor& o) { trace_out(o, x); }, trace(x));
  expect_written(
      "slice_scatter", [&](Tensor& o) { slice_scatter_out(o, x, x.slice(1, 0, 2), 1, 0, 4, 2); },
      slice_scatter(x, x.slice(1, 0, 2), 1, 0, 4, 2));
  expect_written(
      "select_scatter", [&](Tensor& o) { select_scatter_out(o, x, row, 0, -1); }, select_scatter(x, row, 0, -1));
  expect_written(
      "diagonal_scatter", [&](Tensor& o) { diagonal_scatter_out(o, x, three, 1); }, diagonal_scatter(x, three, 1));
  expect_written(
      "block_diag",
      [&](Tensor& o) {
        block_diag_out(o, {x, row, three});
      },
      block_diag({x, row, three}));
  expect_written(
      "masked_scatter", [&](Tensor& o) { masked_scatter_out(o, x, mask, -x); }, masked_scatter(x, mask, -x));
}

TEST(OutImages, PickedAndPut) {
  const Tensor x = counted({3, 4}), at = tensor({2, 0, 2}), times = tensor({1, 0, 3});
  const std::vector<std::optional<Tensor>> places = {at, tensor({3, 1, 3})};
  expect_written(
      "index", [&](Tensor& o) { index_out(o, x, places); }, index(x, places));
  expect_written(
      "index_put", [&](Tensor& o) { index_put_out(o, x, places, counted({3}), true); },
      index_put(x, places, counted({3}), true));
  expect_written(
      "index_fill", [&](Tensor& o) { index_fill_out(o, x, 1, at, 7); }, index_fill(x, 1, at, 7));
  expect_written(
      "index_fill", [&](Tensor& o) { index_fill_out(o, x, 1, at, tensor(7.0)); }, index_fill(x, 1, at, tensor(7.0)));
  expect_written(
      "put", [&](Tensor& o) { put_out(o, x, at, counted({3}), true); }, put(x, at, counted({3}), true));
  expect_written(
      "embedding", [&](Tensor& o) { embedding_out(o, x, at); }, embedding(x, at));
  expect_written(
      "repeat_interleave", [&](Tensor& o) { repeat_interleave_out(o, times, 4); },
      repeat_interleave(times, std::optional<int64_t>(4)));
  const Tensor ordered = tensor({1.0, 3.0, 5.0});
  expect_written(
      "searchsorted", [&](Tensor& o) { searchsorted_out(o, ordered, x, true, true); },
      searchsorted(ordered, x, true, true));
  expect_written(
      "searchsorted", [&](Tensor& o) { searchsorted_out(o, ordered, 3, false, false, "right"); },
      searchsorted(ordered, 3, false, false, "right"));
}

TEST(OutImages, UniqueAndMoments) {
  const Tensor x = tensor({3, 1, 1, 3, 2, 2}).view({3, 2}), y = counted({3, 4});
  expect_written(
      "_unique", [&](Tensor& o, Tensor& i) { _unique_out(o, i, x, true, true); }, _unique(x, true, true));
  expect_written(
      "_unique2", [&](Tensor& o, Tensor& i, Tensor& c) { _unique2_out(o, i, c, x, true, true, true); },
      _unique2(x, true, true, true));
  expect_written(
      "unique_dim", [&](Tensor& o, Tensor& i, Tensor& c) { unique_dim_out(o, i, c, x, 0, true, true, true); },
      unique_dim(x, 0, true, true, true));
  expect_written(
      "unique_consecutive", [&](Tensor& o, Tensor& i, Tensor& c) { unique_consecutive_out(o, i, c, x, true, true); },
      unique_consecutive(x, true, true));
  expect_written(
      "unique_dim_consecutive",
      [&](Tensor& o, Tensor& i, Tensor& c) { unique_dim_consecutive_out(o, i, c, x, 1, true, true); },
      unique_dim_consecutive(x, 1, true, true));
  expect_written(
      "var_mean", [&](Tensor& v, Tensor& m) { var_mean_out(v, m, y, 1, 0, true); }, var_mean(y, 1, Scalar(0), true));
  expect_written(
      "std_mean", [&](Tensor& v, Tensor& m) { std_mean_out(v, m, y, 1, 2); }, std_mean(y, 1, Scalar(2)));
}

TEST(OutImages, PointwiseAndLosses) {
  const Tensor x = counted({3, 4}), y = counted({4}), p = sigmoid(x).detach(), classes = tensor({1, 3, 0});
  const Tensor labels = tensor({1, -1, 0, 2, 0, -1, 0, 1, 2, 3, 0, -1}).view({3, 4}), cube = counted({2, 3, 2, 2});
  const Tensor places = tensor({0, 1, 2, 1, 0, 0, 2, 2}).view({2, 2, 2}), w = full({4}, 2.0);
  expect_written(
      "rsub", [&](Tensor& o) { rsub_out(o, x, y, 2); }, rsub(x, y, 2));
  expect_written(
      "rsub", [&](Tensor& o) { rsub_out(o, x, 3, 2); }, rsub(x, 3, 2));
  expect_written(
      "relu", [&](Tensor& o) { relu_out(o, x); }, relu(x));
  expect_written(
      "celu", [&](Tensor& o) { celu_out(o, x, 0.5); }, celu(x, 0.5));
  expect_written(
      "binary_cross_entropy_with_logits",
      [&](Tensor& o) { binary_cross_entropy_with_logits_out(o, x, p, p, w, Reduction::Sum); },
      binary_cross_entropy_with_logits(x, p, p, w, Reduction::Sum));
  expect_written(
      "multi_margin_loss", [&](Tensor& o) { multi_margin_loss_out(o, x, classes, 2, 0.5, w); },
      multi_margin_loss(x, classes, 2, 0.5, w));
  expect_written(
      "multilabel_margin_loss", [&](Tensor& o) { multilabel_margin_loss_out(o, x, labels, Reduction::None); },
      multilabel_margin_loss(x, labels, Reduction::None));
  expect_written(
      "nll_loss2d", [&](Tensor& o) { nll_loss2d_out(o, cube, places, {}, Reduction::Sum, 2); },
      nll_loss2d(cube, places, {}, Reduction::Sum, 2));
  Tensor any = empty({0}, kBool), wide = empty({0}, kDouble);
  EXPECT_TRUE(equal(isnan_out(any, log(x)), isnan(log(x))));
  EXPECT_TRUE(equal(isinf_out(any, x / 0), isinf(x / 0)));
  EXPECT_TRUE(equal(special_i0_out(wide, x), special_i0(x).to(kDouble)));
}

TEST(OutImages, NewOnesOfOutsType) {
  Tensor out = empty({0}, kDouble), whole = empty({0}, kInt);
  EXPECT_TRUE(equal(scalar_tensor_out(out, 3), scalar_tensor(3, kDouble)));
  EXPECT_EQ(empty_out(out, {2, 3}).sizes().vec(), (std::vector<int64_t>{2, 3}));
  EXPECT_EQ(empty_strided_out(out, {2, 3}, {1, 2}).sizes().vec(), (std::vector<int64_t>{2, 3}));
  EXPECT_TRUE(equal(tril_indices_out(whole, 3, 4, 1), tril_indices(3, 4, 1, kInt)));
  EXPECT_TRUE(equal(triu_indices_out(whole, 3, 4, 1), triu_indices(3, 4, 1, kInt)));
  EXPECT_TRUE(equal(hann_window_out(out, 7), hann_window(7, kDouble)));
  EXPECT_TRUE(equal(hann_window_out(out, 7, false), hann_window(7, false, kDouble)));
  EXPECT_TRUE(equal(hamming_window_out(out, 7), hamming_window(7, kDouble)));
  EXPECT_TRUE(equal(hamming_window_out(out, 7, false), hamming_window(7, false, kDouble)));
  EXPECT_TRUE(equal(hamming_window_out(out, 7, false, 0.6), hamming_window(7, false, 0.6, kDouble)));
  EXPECT_TRUE(equal(hamming_window_out(out, 7, false, 0.6, 0.3), hamming_window(7, false, 0.6, 0.3, kDouble)));
  EXPECT_TRUE(equal(blackman_window_out(out, 7), blackman_window(7, kDouble)));
  EXPECT_TRUE(equal(blackman_window_out(out, 7, false), blackman_window(7, false, kDouble)));
  EXPECT_TRUE(equal(bartlett_window_out(out, 7), bartlett_window(7, kDouble)));
  EXPECT_TRUE(equal(bartlett_window_out(out, 7, false), bartlett_window(7, false, kDouble)));
  EXPECT_TRUE(equal(kaiser_window_out(out, 7), kaiser_window(7, kDouble)));
  EXPECT_TRUE(equal(kaiser_window_out(out, 7, false), kaiser_window(7, false, kDouble)));
  EXPECT_TRUE(equal(kaiser_window_out(out, 7, false, 9), kaiser_window(7, false, 9, kDouble)));
}

TEST(OutImages, NewOnesLikeAnother) {
  const Tensor x = counted({3, 4}).to(kDouble);
  const Generator seven(7);
  Tensor out = empty({0}, kDouble);
  EXPECT_EQ(empty_like_out(out, x).sizes(), x.sizes());
  EXPECT_TRUE(equal(zeros_like_out(out, x), zeros_like(x)));
  EXPECT_TRUE(equal(ones_like_out(out, x), ones_like(x)));
  EXPECT_TRUE(equal(full_like_out(out, x, 5), full_like(x, 5)));
  EXPECT_TRUE(equal(rand_like_out(out, x, seven.clone()), rand({3, 4}, seven.clone(), kDouble)));
  EXPECT_TRUE(equal(randn_like_out(out, x, seven.clone()), randn({3, 4}, seven.clone(), kDouble)));
  EXPECT_TRUE(equal(randint_like_out(out, x, 9, seven.clone()), randint(0, 9, {3, 4}, seven.clone(), kDouble)));
  EXPECT_TRUE(equal(randint_like_out(out, x, 3, 9, seven.clone()), randint(3, 9, {3, 4}, seven.clone(), kDouble)));
  Tensor single = empty({0});
  EXPECT_NE(error_of([&] {
              zeros_like_out(single, x);
            }).find("zeros_like: Expected out tensor to have dtype double, but got float instead"),
            std::string::npos);
}

}  // namespace
