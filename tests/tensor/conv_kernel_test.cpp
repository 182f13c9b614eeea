// Convolutions and their gradients against plain loops.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "gradus/tensor/error.h"
#include "gradus/tensor/kernels/conv.h"
#include "gradus/tensor/kernels/pool.h"
#include "gradus/tensor/parallel.h"

namespace gradus::kernels {
namespace {

template <class T>
using Values = std::vector<T>;

std::string text(const Conv& d) {
  std::string s = str("n ", d.n, " c ", d.c, " o ", d.o, " groups ", d.groups);
  for (int i = 0; i < 3; ++i)
    s += str(" | in ", d.in[i], " kernel ", d.kernel[i], " stride ", d.stride[i], " before ", d.before[i], " after ",
             d.after[i], " dilation ", d.dilation[i]);
  return s;
}

/// Calls f(index) for every {i, j, k} below `sizes`.
template <class F>
void each_place(const std::array<int64_t, 3>& sizes, const F& f) {
  for (int64_t i = 0; i < sizes[0]; ++i)
    for (int64_t j = 0; j < sizes[1]; ++j)
      for (int64_t k = 0; k < sizes[2]; ++k) f(std::array<int64_t, 3>{i, j, k});
}

/// Calls f(x index, weight index, y index) for every product of the definition.
template <class F>
void each_product(const Conv& d, const F& f) {
  const int64_t in = d.c / d.groups, out = d.o / d.groups;
  const std::array<int64_t, 3> outputs{d.out(0), d.out(1), d.out(2)}, taps{d.kernel[0], d.kernel[1], d.kernel[2]};
  auto flat = [](int64_t plane, const int64_t* at, const int64_t* sizes) {
    return ((plane * sizes[0] + at[0]) * sizes[1] + at[1]) * sizes[2] + at[2];
  };
  for (int64_t n = 0; n < d.n; ++n)
    for (int64_t o = 0; o < d.o; ++o)
      each_place(outputs, [&](const auto& y) {
        for (int64_t c = 0; c < in; ++c)
          each_place(taps, [&](const auto& tap) {
            int64_t x[3];
            for (int i = 0; i < 3; ++i) {
              x[i] = y[i] * d.stride[i] - d.before[i] + tap[i] * d.dilation[i];
              if (x[i] < 0 || x[i] >= d.in[i]) return;
            }
            f(flat(n * d.c + o / out * in + c, x, d.in), flat(o * in + c, tap.data(), d.kernel),
              flat(n * d.o + o, y.data(), outputs.data()));
          });
      });
}

template <class T>
struct Data {
  Conv d;
  Values<T> x, w, b, gy, bx;  // bx is the bias of the transposed convolution

  Data(const Conv& conv, std::mt19937& rng) : d(conv) {
    std::uniform_real_distribution<T> uniform(-1, 1);
    const int64_t sizes[] = {d.n * d.c * d.in_plane(), d.o * (d.c / d.groups) * d.taps(), d.o,
                             d.n * d.o * d.out_plane(), d.c};
    Values<T>* const all[] = {&x, &w, &b, &gy, &bx};
    for (int i = 0; i < 5; ++i) {
      all[i]->resize(static_cast<size_t>(sizes[i]));
      for (T& v : *all[i]) v = uniform(rng);
    }
  }
};

/// y, gx, gw, gb.
template <class T>
struct Results {
  Values<T> y, gx, gw, gb;
  explicit Results(const Data<T>& t, T fill)
      : y(t.gy.size(), fill), gx(t.x.size(), fill), gw(t.w.size(), fill), gb(t.b.size(), fill) {}
};

template <class T>
Results<double> naive(const Data<T>& t, bool bias) {
  Results<double> r(Data<double>(t.d, *std::make_unique<std::mt19937>(0)), 0);
  each_product(t.d, [&](int64_t x, int64_t w, int64_t y) {
    r.y[y] += double(t.x[x]) * t.w[w];
    r.gx[x] += double(t.gy[y]) * t.w[w];
    r.gw[w] += double(t.gy[y]) * t.x[x];
  });
  const int64_t plane = t.d.out_plane();
  for (size_t i = 0; i < r.y.size(); ++i) {
    const size_t o = i / plane % t.d.o;
    if (bias) r.y[i] += t.b[o];
    r.gb[o] += t.gy[i];
  }
  if (bias)
    for (size_t i = 0; i < r.gx.size(); ++i) r.gx[i] += t.bx[i / t.d.in_plane() % t.d.c];
  return r;
}

template <class T>
void compare(const Values<T>& got, const Values<double>& expected, double limit, const char* what, const Conv& d) {
  ASSERT_EQ(got.size(), expected.size());
  for (size_t i = 0; i < got.size(); ++i) ASSERT_NEAR(got[i], expected[i], limit) << what << " " << i << " " << text(d);
}

template <class T>
void both(const Conv& d, bool bias, std::mt19937& rng) {
  const Data<T> t(d, rng);
  const Results<double> expected = naive(t, bias);
  const T unset = std::numeric_limits<T>::quiet_NaN();
  Results<T> ours(t, unset), chosen(t, unset);
  const T* b = bias ? t.b.data() : nullptr;
  const T* bx = bias ? t.bx.data() : nullptr;
  own::conv_forward(d, t.x.data(), t.w.data(), b, ours.y.data());
  own::conv_backward_input(d, t.gy.data(), t.w.data(), bx, ours.gx.data());
  own::conv_backward_weight(d, t.x.data(), t.gy.data(), ours.gw.data(), bias ? ours.gb.data() : nullptr);
  conv_forward(d, t.x.data(), t.w.data(), b, chosen.y.data());
  conv_backward_input(d, t.gy.data(), t.w.data(), bx, chosen.gx.data());
  conv_backward_weight(d, t.x.data(), t.gy.data(), chosen.gw.data(), bias ? chosen.gb.data() : nullptr);
  const int64_t taps = d.c / d.groups * d.taps(), fan = d.o / d.groups * d.taps();
  const int64_t sum = d.n * d.out_plane();
  const double eps = std::numeric_limits<T>::epsilon();
  std::vector<std::pair<const char*, const Results<T>*>> all = {{"own", &ours}, {"chosen", &chosen}};
  Results<T> shifted(t, unset);
  if constexpr (std::is_same_v<T, float>)
    if (planes::takes(d)) {
      planes::conv_forward(d, t.x.data(), t.w.data(), b, shifted.y.data());
      planes::conv_backward_input(d, t.gy.data(), t.w.data(), bx, shifted.gx.data());
      planes::conv_backward_weight(d, t.x.data(), t.gy.data(), shifted.gw.data(), bias ? shifted.gb.data() : nullptr);
      all.emplace_back("planes", &shifted);
    }
  Results<T> turned(t, unset);
  if constexpr (std::is_same_v<T, float>)
    if (planes::takes(d)) {
      image_lanes::conv_forward(d, t.x.data(), t.w.data(), b, turned.y.data());
      image_lanes::conv_backward_input(d, t.gy.data(), t.w.data(), bx, turned.gx.data());
      image_lanes::conv_backward_weight(d, t.x.data(), t.gy.data(), turned.gw.data(),
                                        bias ? turned.gb.data() : nullptr);
      all.emplace_back("image lanes", &turned);
    }
  Results<T> columned(ours);
  if constexpr (std::is_same_v<T, float>)
    if (columns::takes(d)) {
      std::fill(columned.gw.begin(), columned.gw.end(), unset);
      columns::conv_backward_weight(d, t.x.data(), t.gy.data(), columned.gw.data(),
                                    bias ? columned.gb.data() : nullptr);
      all.emplace_back("columns", &columned);
    }
  for (const auto& [who, r] : all) {
    compare(r->y, expected.y, eps * (8 + taps), str(who, " y").c_str(), d);
    compare(r->gx, expected.gx, eps * (8 + fan), str(who, " gx").c_str(), d);
    compare(r->gw, expected.gw, eps * (8 + sum), str(who, " gw").c_str(), d);
    if (bias) compare(r->gb, expected.gb, eps * (8 + sum), str(who, " gb").c_str(), d);
  }
}

Conv conv(int64_t n, int64_t c, int64_t h, int64_t w, int64_t o, int64_t k, int64_t stride = 1, int64_t pad = 0,
          int64_t dilation = 1, int64_t groups = 1) {
  Conv d{n, c, o, groups, {1, h, w}, {1, k, k}};
  for (int i = 1; i < 3; ++i) d.stride[i] = stride, d.before[i] = d.after[i] = pad, d.dilation[i] = dilation;
  return d;
}

template <class T>
class ConvKernel : public testing::Test {};
using Types = testing::Types<float, double>;
TYPED_TEST_SUITE(ConvKernel, Types);

TYPED_TEST(ConvKernel, StridePaddingDilationGroups) {
  std::mt19937 rng(1);
  for (int64_t k : {1, 2, 3, 5})
    for (int64_t stride : {1, 2, 3})
      for (int64_t pad : {0, 1, 2})
        for (int64_t dilation : {1, 2})
          for (int64_t groups : {1, 2})
            both<TypeParam>(conv(2, 4, 11, 13, 6, k, stride, pad, dilation, groups), (k + pad) % 2, rng);
}

TYPED_TEST(ConvKernel, OddShapes) {
  std::mt19937 rng(2);
  const Conv shapes[] = {conv(1, 1, 1, 1, 1, 1),
                         conv(1, 1, 3, 3, 1, 3),
                         conv(3, 1, 28, 28, 8, 3, 1, 1),
                         conv(2, 7, 17, 19, 11, 3, 1, 1),
                         conv(17, 3, 8, 8, 5, 5, 2, 2),
                         conv(1, 16, 9, 9, 16, 3, 1, 1, 1, 16),
                         conv(2, 6, 9, 9, 12, 3, 2, 1, 1, 6),
                         conv(9, 32, 7, 7, 33, 1),
                         conv(2, 5, 6, 7, 3, 1, 2),
                         conv(1, 40, 60, 61, 8, 3, 1, 1),
                         conv(2, 3, 5, 5, 4, 5, 1, 4),
                         conv(1, 2, 4, 4, 2, 3, 1, 3, 2)};
  for (const Conv& d : shapes)
    for (bool bias : {false, true}) both<TypeParam>(d, bias, rng);
}

TYPED_TEST(ConvKernel, SidesDiffer) {
  std::mt19937 rng(3);
  Conv d = conv(2, 3, 10, 7, 4, 3);
  d.kernel[2] = 2;
  d.stride[2] = 2;
  d.before[1] = 1, d.after[1] = 2, d.before[2] = 3, d.after[2] = 0;
  d.dilation[1] = 2;
  both<TypeParam>(d, true, rng);
  Conv line{4, 6, 8, 2, {1, 1, 50}, {1, 1, 5}};  // a convolution of one dimension
  line.before[2] = 4;
  both<TypeParam>(line, true, rng);
}

TYPED_TEST(ConvKernel, ThreeDimensions) {
  std::mt19937 rng(6);
  for (int64_t groups : {1, 3})
    for (int64_t stride : {1, 2})
      for (int64_t k : {1, 2, 3}) {
        Conv d{2, 6, 9, groups, {5, 6, 7}, {k, 3, 2}};
        for (int i = 0; i < 3; ++i) d.stride[i] = stride, d.before[i] = i, d.after[i] = 2 - i;
        d.dilation[0] = 2, d.stride[1] = 1;
        both<TypeParam>(d, k == 2, rng);
      }
  both<TypeParam>(Conv{1, 5, 5, 5, {4, 4, 4}, {3, 3, 3}}, true, rng);
  both<TypeParam>(Conv{3, 17, 18, 1, {3, 4, 5}, {1, 1, 1}}, true, rng);
  both<TypeParam>(Conv{1, 40, 8, 1, {9, 20, 21}, {3, 3, 3}}, true, rng);
}

// Elements behind the last window: more than oneDNN leaves over, too.
TYPED_TEST(ConvKernel, NegativePaddingBehind) {
  std::mt19937 rng(7);
  for (int64_t after : {-1, -2, -3})
    for (int64_t stride : {1, 2}) {
      Conv d = conv(2, 5, 12, 11, 6, 3, stride, 1);
      d.after[1] = after, d.after[2] = -1;
      both<TypeParam>(d, true, rng);
    }
}

TYPED_TEST(ConvKernel, ZeroSizes) {
  std::mt19937 rng(4);
  both<TypeParam>(conv(0, 3, 8, 8, 4, 3), true, rng);
  both<TypeParam>(conv(2, 0, 8, 8, 4, 3), true, rng);
  both<TypeParam>(conv(2, 3, 8, 8, 0, 3), false, rng);
}

TYPED_TEST(ConvKernel, AnyNumberOfThreadsGivesTheSameBits) {
  std::mt19937 rng(5);
  const Data<TypeParam> t(conv(19, 5, 20, 20, 7, 3, 1, 1), rng);
  const int before = get_num_threads();
  Results<TypeParam> one(t, 0), three(t, 0);
  for (Results<TypeParam>* r : {&one, &three}) {
    set_num_threads(r == &one ? 1 : 3);
    own::conv_forward(t.d, t.x.data(), t.w.data(), t.b.data(), r->y.data());
    own::conv_backward_input(t.d, t.gy.data(), t.w.data(), t.bx.data(), r->gx.data());
    own::conv_backward_weight(t.d, t.x.data(), t.gy.data(), r->gw.data(), r->gb.data());
  }
  set_num_threads(before);
  EXPECT_EQ(one.y, three.y);
  EXPECT_EQ(one.gx, three.gx);
  EXPECT_EQ(one.gw, three.gw);
  EXPECT_EQ(one.gb, three.gb);
}

TEST(ConvPlanes, AnyNumberOfThreadsGivesTheSameBits) {
  std::mt19937 rng(5);
  const Data<float> t(conv(37, 5, 20, 20, 7, 3, 1, 1), rng);
  const int before = get_num_threads();
  Results<float> one(t, 0), three(t, 0);
  for (Results<float>* r : {&one, &three}) {
    set_num_threads(r == &one ? 1 : 3);
    planes::conv_forward(t.d, t.x.data(), t.w.data(), t.b.data(), r->y.data());
    planes::conv_backward_input(t.d, t.gy.data(), t.w.data(), t.bx.data(), r->gx.data());
    planes::conv_backward_weight(t.d, t.x.data(), t.gy.data(), r->gw.data(), r->gb.data());
  }
  set_num_threads(before);
  EXPECT_EQ(one.y, three.y);
  EXPECT_EQ(one.gx, three.gx);
  EXPECT_EQ(one.gw, three.gw);
  EXPECT_EQ(one.gb, three.gb);
}

// Groups of images in one go and in several, with rests; rows of taps and windows that reach over borders.
std::vector<Conv> shapes_of_lanes() {
  std::vector<Conv> r = {conv(64, 1, 28, 28, 6, 5, 1, 2),  conv(33, 6, 14, 14, 16, 5),
                         conv(1, 3, 9, 8, 5, 3, 1, 1),     conv(17, 2, 5, 33, 11, 3, 1, 2),
                         conv(130, 4, 20, 21, 7, 3, 1, 1), conv(15, 3, 12, 13, 2, 3, 1, 2, 3),
                         conv(40, 2, 3, 2, 3, 3, 1, 2),    conv(16, 5, 6, 7, 25, 2, 1, 1)};
  Conv uneven = conv(20, 3, 9, 6, 4, 3, 1, 0);
  uneven.before[1] = 2, uneven.after[2] = 1, uneven.kernel[2] = 2;
  r.push_back(uneven);
  return r;
}

TEST(ConvImageLanes, Batches) {
  std::mt19937 rng(13);
  for (const Conv& d : shapes_of_lanes()) {
    ASSERT_TRUE(planes::takes(d)) << text(d);
    both<float>(d, d.n % 2 == 0, rng);
  }
}

struct Greatest {
  Values<float> y, gx, gw, gb;
};

Greatest greatest(const Data<float>& t, const Values<float>& gy) {
  Greatest r{gy, t.x, t.w, t.b};
  std::vector<uint8_t> places(static_cast<size_t>(image_lanes::places(t.d)));
  image_lanes::conv_greatest_forward(t.d, t.x.data(), t.w.data(), t.b.data(), r.y.data(), places.data());
  image_lanes::conv_greatest_backward(t.d, t.x.data(), t.w.data(), gy.data(), places.data(), r.gx.data(), r.gw.data(),
                                      r.gb.data());
  return r;
}

/// The same by the kernels of its parts, a convolution of image_lanes and a pooling.
Greatest in_parts(const Data<float>& t, const Values<float>& gy) {
  Greatest r{gy, t.x, t.w, t.b};
  Pool2d p;
  p.planes = t.d.n * t.d.o, p.h = t.d.out(1), p.w = t.d.out(2), p.oh = p.h / 2, p.ow = p.w / 2;
  for (int i : {0, 1}) p.kernel[i] = p.stride[i] = 2, p.pad[i] = 0, p.dilation[i] = 1;
  Values<float> whole(t.gy.size());
  std::vector<int64_t> index(gy.size());
  image_lanes::conv_forward(t.d, t.x.data(), t.w.data(), t.b.data(), whole.data());
  max_pool2d_forward(p, whole.data(), r.y.data(), index.data());
  max_pool2d_backward(p, gy.data(), index.data(), whole.data());
  image_lanes::conv_backward_input(t.d, whole.data(), t.w.data(), nullptr, r.gx.data());
  image_lanes::conv_backward_weight(t.d, t.x.data(), whole.data(), r.gw.data(), r.gb.data());
  return r;
}

// To the bit, with what is not finite too: NaN is the greatest, as PyTorch has it.
TEST(ConvImageLanes, TheGreatestAreThoseOfThePooling) {
  std::mt19937 rng(14);
  std::uniform_real_distribution<float> uniform(-1, 1);
  for (const Conv& d : shapes_of_lanes())
    for (bool finite : {true, false}) {
      Data<float> t(d, rng);
      if (!finite) t.x[t.x.size() / 2] = std::numeric_limits<float>::infinity(), t.x[3] = std::nanf("");
      Values<float> gy(static_cast<size_t>(d.n * d.o * (d.out(1) / 2) * (d.out(2) / 2)));
      for (float& v : gy) v = uniform(rng);
      const Greatest one = greatest(t, gy), other = in_parts(t, gy);
      const auto same = [&](const Values<float>& a, const Values<float>& b, const char* what) {
        for (size_t i = 0; i < a.size(); ++i)
          ASSERT_TRUE(a[i] == b[i] || (std::isnan(a[i]) && std::isnan(b[i]))) << what << " " << i << " " << text(d);
      };
      same(one.y, other.y, "y");
      same(one.gx, other.gx, "gx");
      for (size_t i = 0; i < one.gw.size(); ++i) {
        ASSERT_EQ(std::isfinite(one.gw[i]), std::isfinite(other.gw[i])) << text(d);
        if (!std::isfinite(one.gw[i])) continue;
        ASSERT_NEAR(one.gw[i], other.gw[i], 1e-4) << text(d);
      }
      for (size_t i = 0; i < one.gb.size(); ++i) ASSERT_NEAR(one.gb[i], other.gb[i], 1e-4) << text(d);
    }
}

TEST(ConvImageLanes, AnyNumberOfThreadsGivesTheSameBits) {
  std::mt19937 rng(15);
  const int before = get_num_threads();
  for (const Conv& d : shapes_of_lanes()) {
    const Data<float> t(d, rng);
    const Values<float> gy(static_cast<size_t>(d.n * d.o * (d.out(1) / 2) * (d.out(2) / 2)), 0.5f);
    std::vector<Greatest> all;
    for (int threads : {1, 3}) {
      set_num_threads(threads);
      all.push_back(greatest(t, gy));
      all.push_back(in_parts(t, gy));
    }
    for (int i : {0, 1}) {
      EXPECT_EQ(all[i].y, all[i + 2].y) << text(d);
      EXPECT_EQ(all[i].gx, all[i + 2].gx) << text(d);
      EXPECT_EQ(all[i].gw, all[i + 2].gw) << text(d);
      EXPECT_EQ(all[i].gb, all[i + 2].gb) << text(d);
    }
  }
  set_num_threads(before);
}

// Rows and channels around what a tile holds; widths around a vector; paddings up to the window.
TEST(ConvPlanes, AllTiles) {
  std::mt19937 rng(8);
  for (int64_t o : {1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 15, 17})
    for (int64_t w : {1, 3, 14, 15, 16, 17, 33}) {
      Conv d = conv(2, 2, 5, w, o, 3, 1, 1);
      d.kernel[2] = w == 1 ? 1 : 2, d.before[2] = w == 1 ? 0 : w % 2, d.after[2] = 1;
      ASSERT_TRUE(planes::takes(d)) << text(d);
      both<float>(d, w % 2 == 0, rng);
    }
  both<float>(conv(40, 3, 6, 6, 4, 5, 1, 4), true, rng);
  both<float>(conv(2, 3, 12, 12, 4, 3, 1, 2, 3), true, rng);
}

TEST(ConvPlanes, TakesNoStridesGroupsDepthsOrWidePaddings) {
  EXPECT_TRUE(planes::takes(conv(1, 2, 8, 8, 4, 3, 1, 2)));
  EXPECT_FALSE(planes::takes(conv(1, 2, 8, 8, 4, 3, 1, 3)));
  EXPECT_FALSE(planes::takes(conv(1, 2, 8, 8, 4, 3, 2)));
  EXPECT_FALSE(planes::takes(conv(1, 2, 8, 8, 4, 3, 1, 0, 1, 2)));
  EXPECT_FALSE(planes::takes(conv(0, 2, 8, 8, 4, 3)));
  EXPECT_FALSE(planes::takes(Conv{1, 2, 4, 1, {2, 8, 8}, {1, 3, 3}}));
}

// What is not finite reaches only the weights whose window it lies in.
TEST(ConvPlanes, InfinitiesStayInTheirWindows) {
  std::mt19937 rng(9);
  Data<float> t(conv(18, 2, 6, 6, 3, 3, 1, 1), rng);
  t.x[5 * 72 + 0] = std::numeric_limits<float>::infinity();  // a corner, which the last tap of a row never meets
  Results<float> shifted(t, 0), ours(t, 0);
  planes::conv_backward_weight(t.d, t.x.data(), t.gy.data(), shifted.gw.data(), shifted.gb.data());
  own::conv_backward_weight(t.d, t.x.data(), t.gy.data(), ours.gw.data(), ours.gb.data());
  int64_t finite = 0;
  for (size_t i = 0; i < ours.gw.size(); ++i) {
    EXPECT_EQ(std::isfinite(shifted.gw[i]), std::isfinite(ours.gw[i])) << i;
    finite += std::isfinite(shifted.gw[i]);
  }
  EXPECT_GT(finite, 0);
  EXPECT_LT(finite, static_cast<int64_t>(ours.gw.size()));
}

// Images of few pixels: one and several strips of the batch, strides, dilations, paddings, a depth.
TEST(ConvColumns, FewPixels) {
  std::mt19937 rng(10);
  std::vector<Conv> some = {conv(16, 64, 2, 2, 64, 3, 1, 1), conv(9, 70, 4, 4, 65, 3, 1, 1),
                            conv(5, 64, 7, 5, 64, 3, 2, 1),  conv(8, 64, 6, 6, 72, 3, 1, 1, 2),
                            conv(9, 64, 3, 3, 64, 2, 1),     conv(130, 80, 4, 4, 64, 3, 1, 1)};
  Conv deep{9, 64, 64, 1, {2, 3, 3}, {2, 2, 3}};
  deep.before[2] = 1;
  some.push_back(deep);
  for (const Conv& d : some) {
    ASSERT_TRUE(columns::takes(d)) << text(d);
    both<float>(d, d.n % 2 == 0, rng);
  }
  EXPECT_FALSE(columns::takes(conv(16, 64, 5, 4, 64, 3, 1, 1)));
  EXPECT_FALSE(columns::takes(conv(16, 64, 2, 2, 64, 1)));
  EXPECT_FALSE(columns::takes(conv(16, 63, 2, 2, 64, 3, 1, 1)));
  EXPECT_FALSE(columns::takes(conv(16, 64, 2, 2, 63, 3, 1, 1)));
  EXPECT_FALSE(columns::takes(conv(7, 64, 2, 2, 64, 3, 1, 1)));
  EXPECT_FALSE(columns::takes(conv(16, 128, 2, 2, 128, 3, 1, 1, 1, 2)));
}

// Cut by images, by channels that come out and that go in; pieces of unequal sizes; groups, which no piece parts.
std::vector<Conv> shapes_to_cut() {
  return {
      conv(8, 24, 16, 16, 32, 3, 1, 1),       conv(7, 16, 16, 16, 40, 3, 1, 1),       conv(1, 64, 16, 16, 96, 3, 1, 1),
      conv(2, 100, 8, 8, 130, 3, 1, 1),       conv(3, 256, 5, 5, 256, 3, 1, 1),       conv(1, 48, 20, 20, 48, 3, 2, 1),
      conv(5, 64, 12, 12, 64, 3, 1, 1, 1, 4), conv(1, 32, 24, 24, 32, 5, 1, 2, 1, 2), conv(2, 20, 30, 30, 36, 1)};
}

TEST(ConvPieces, EveryCutComputesTheSame) {
  std::mt19937 rng(11);
  const int before = get_num_threads();
  for (int threads : {1, 2, 3, 5})
    for (const Conv& d : shapes_to_cut()) {
      set_num_threads(threads);
      both<float>(d, threads % 2 == 1, rng);
    }
  set_num_threads(before);
}

TEST(ConvPieces, WithDeterministicAlgorithmsTheBitsDoNotDependOnThreads) {
  std::mt19937 rng(12);
  const int before = get_num_threads();
  use_deterministic_algorithms(true);
  for (const Conv& d : shapes_to_cut()) {
    const Data<float> t(d, rng);
    std::vector<Results<float>> all;
    for (int threads : {1, 2, 3}) {
      set_num_threads(threads);
      Results<float> r(t, 0);
      conv_forward(d, t.x.data(), t.w.data(), t.b.data(), r.y.data());
      conv_backward_input(d, t.gy.data(), t.w.data(), t.bx.data(), r.gx.data());
      conv_backward_weight(d, t.x.data(), t.gy.data(), r.gw.data(), r.gb.data());
      all.push_back(r);
    }
    for (size_t i = 1; i < all.size(); ++i) {
      EXPECT_EQ(all[i].y, all[0].y) << text(d);
      EXPECT_EQ(all[i].gx, all[0].gx) << text(d);
      EXPECT_EQ(all[i].gw, all[0].gw) << text(d);
      EXPECT_EQ(all[i].gb, all[0].gb) << text(d);
    }
  }
  use_deterministic_algorithms(false);
  set_num_threads(before);
}

TEST(ConvKernel, ManyShapesFromManyThreads) {
  // More shapes than are kept compiled, asked for by several threads at once.
  std::vector<std::thread> threads;
  for (int id = 0; id < 3; ++id)
    threads.emplace_back([id] {
      std::mt19937 rng(static_cast<unsigned>(id));
      for (int64_t i = 0; i < 100; ++i) {
        const Data<float> t(conv(1, 3, 1 + i + 100 * id, 2, 4, 3, 1, 1), rng);
        Results<float> ours(t, 0), chosen(t, 0);
        own::conv_forward(t.d, t.x.data(), t.w.data(), t.b.data(), ours.y.data());
        conv_forward(t.d, t.x.data(), t.w.data(), t.b.data(), chosen.y.data());
        for (size_t j = 0; j < ours.y.size(); ++j) ASSERT_NEAR(ours.y[j], chosen.y[j], 1e-5) << text(t.d);
      }
    });
  for (std::thread& t : threads) t.join();
}

}  // namespace
}  // namespace gradus::kernels
