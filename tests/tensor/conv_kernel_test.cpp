// Convolutions and their gradients against plain loops.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "gradus/tensor/error.h"
#include "gradus/tensor/kernels/conv.h"
#include "gradus/tensor/parallel.h"

namespace gradus::kernels {
namespace {

template <class T>
using Values = std::vector<T>;

std::string text(const Conv2d& d) {
  return str("x [", d.n, ", ", d.c, ", ", d.h, ", ", d.w, "] weight [", d.o, ", ", d.c / d.groups, ", ", d.kh, ", ",
             d.kw, "] stride ", d.stride[0], " ", d.stride[1], " before ", d.before[0], " ", d.before[1], " after ",
             d.after[0], " ", d.after[1], " dilation ", d.dilation[0], " ", d.dilation[1], " groups ", d.groups);
}

/// Calls f(x index, weight index, y index, output channel) for every product of the definition.
template <class F>
void each_product(const Conv2d& d, const F& f) {
  const int64_t in = d.c / d.groups, out = d.o / d.groups, oh = d.out_h(), ow = d.out_w();
  for (int64_t n = 0; n < d.n; ++n)
    for (int64_t o = 0; o < d.o; ++o)
      for (int64_t i = 0; i < oh; ++i)
        for (int64_t j = 0; j < ow; ++j)
          for (int64_t c = 0; c < in; ++c)
            for (int64_t u = 0; u < d.kh; ++u)
              for (int64_t v = 0; v < d.kw; ++v) {
                const int64_t a = i * d.stride[0] - d.before[0] + u * d.dilation[0];
                const int64_t b = j * d.stride[1] - d.before[1] + v * d.dilation[1];
                if (a < 0 || a >= d.h || b < 0 || b >= d.w) continue;
                f(((n * d.c + o / out * in + c) * d.h + a) * d.w + b, ((o * in + c) * d.kh + u) * d.kw + v,
                  ((n * d.o + o) * oh + i) * ow + j);
              }
}

template <class T>
struct Data {
  Conv2d d;
  Values<T> x, w, b, gy;

  Data(const Conv2d& conv, std::mt19937& rng) : d(conv) {
    std::uniform_real_distribution<T> uniform(-1, 1);
    const int64_t sizes[] = {d.n * d.c * d.h * d.w, d.o * (d.c / d.groups) * d.kh * d.kw, d.o,
                             d.n * d.o * d.out_h() * d.out_w()};
    Values<T>* const all[] = {&x, &w, &b, &gy};
    for (int i = 0; i < 4; ++i) {
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
  const int64_t plane = t.d.out_h() * t.d.out_w();
  for (size_t i = 0; i < r.y.size(); ++i) {
    const size_t o = i / plane % t.d.o;
    if (bias) r.y[i] += t.b[o];
    r.gb[o] += t.gy[i];
  }
  return r;
}

template <class T>
void compare(const Values<T>& got, const Values<double>& expected, double limit, const char* what, const Conv2d& d) {
  ASSERT_EQ(got.size(), expected.size());
  for (size_t i = 0; i < got.size(); ++i) ASSERT_NEAR(got[i], expected[i], limit) << what << " " << i << " " << text(d);
}

template <class T>
void both(const Conv2d& d, bool bias, std::mt19937& rng) {
  const Data<T> t(d, rng);
  const Results<double> expected = naive(t, bias);
  const T unset = std::numeric_limits<T>::quiet_NaN();
  Results<T> ours(t, unset), chosen(t, unset);
  const T* b = bias ? t.b.data() : nullptr;
  own::conv2d_forward(d, t.x.data(), t.w.data(), b, ours.y.data());
  own::conv2d_backward_input(d, t.gy.data(), t.w.data(), ours.gx.data());
  own::conv2d_backward_weight(d, t.x.data(), t.gy.data(), ours.gw.data(), bias ? ours.gb.data() : nullptr);
  conv2d_forward(d, t.x.data(), t.w.data(), b, chosen.y.data());
  conv2d_backward_input(d, t.gy.data(), t.w.data(), chosen.gx.data());
  conv2d_backward_weight(d, t.x.data(), t.gy.data(), chosen.gw.data(), bias ? chosen.gb.data() : nullptr);
  const int64_t taps = d.c / d.groups * d.kh * d.kw, fan = d.o / d.groups * d.kh * d.kw;
  const int64_t sum = d.n * d.out_h() * d.out_w();
  const double eps = std::numeric_limits<T>::epsilon();
  for (const Results<T>* r : {&ours, &chosen}) {
    const char* who = r == &ours ? "own" : "chosen";
    compare(r->y, expected.y, eps * (8 + taps), str(who, " y").c_str(), d);
    compare(r->gx, expected.gx, eps * (8 + fan), str(who, " gx").c_str(), d);
    compare(r->gw, expected.gw, eps * (8 + sum), str(who, " gw").c_str(), d);
    if (bias) compare(r->gb, expected.gb, eps * (8 + sum), str(who, " gb").c_str(), d);
  }
}

Conv2d conv(int64_t n, int64_t c, int64_t h, int64_t w, int64_t o, int64_t k, int64_t stride = 1, int64_t pad = 0,
            int64_t dilation = 1, int64_t groups = 1) {
  Conv2d d{n, c, h, w, o, k, k};
  for (int i = 0; i < 2; ++i) d.stride[i] = stride, d.before[i] = d.after[i] = pad, d.dilation[i] = dilation;
  d.groups = groups;
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
  const Conv2d shapes[] = {conv(1, 1, 1, 1, 1, 1),
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
  for (const Conv2d& d : shapes)
    for (bool bias : {false, true}) both<TypeParam>(d, bias, rng);
}

TYPED_TEST(ConvKernel, SidesDiffer) {
  std::mt19937 rng(3);
  Conv2d d = conv(2, 3, 10, 7, 4, 3);
  d.kw = 2;
  d.stride[1] = 2;
  d.before[0] = 1, d.after[0] = 2, d.before[1] = 3, d.after[1] = 0;
  d.dilation[0] = 2;
  both<TypeParam>(d, true, rng);
  Conv2d line{4, 6, 1, 50, 8, 1, 5};  // a convolution of one dimension
  line.before[1] = 4;
  line.groups = 2;
  both<TypeParam>(line, true, rng);
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
    own::conv2d_forward(t.d, t.x.data(), t.w.data(), t.b.data(), r->y.data());
    own::conv2d_backward_input(t.d, t.gy.data(), t.w.data(), r->gx.data());
    own::conv2d_backward_weight(t.d, t.x.data(), t.gy.data(), r->gw.data(), r->gb.data());
  }
  set_num_threads(before);
  EXPECT_EQ(one.y, three.y);
  EXPECT_EQ(one.gx, three.gx);
  EXPECT_EQ(one.gw, three.gw);
  EXPECT_EQ(one.gb, three.gb);
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
        own::conv2d_forward(t.d, t.x.data(), t.w.data(), t.b.data(), ours.y.data());
        conv2d_forward(t.d, t.x.data(), t.w.data(), t.b.data(), chosen.y.data());
        for (size_t j = 0; j < ours.y.size(); ++j) ASSERT_NEAR(ours.y[j], chosen.y[j], 1e-5) << text(t.d);
      }
    });
  for (std::thread& t : threads) t.join();
}

}  // namespace
}  // namespace gradus::kernels
