// What computes a layer and its activation together, against the two one after the other: to the bit, in value and in
// gradients, with NaN, infinities and both zeros; and to rounding where the gradient is itself part of the graph.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "fused.h"
#include "gradus/tests/misuse.h"

using namespace gradus;
using namespace gradus::fused_tests;
using detail::Activation;

namespace {

using gradus_tests::error_of;

class ActivatedLayers : public testing::TestWithParam<ScalarType> {};
INSTANTIATE_TEST_SUITE_P(Types, ActivatedLayers, testing::Values(kFloat, kDouble, kHalf, kBFloat16),
                         [](const auto& info) { return std::string(name(info.param)); });

// One NaN is as good as another.
bool same_bits(const Tensor& a, const Tensor& b) {
  if (a.sizes() != b.sizes() || a.scalar_type() != b.scalar_type() || !a.isnan().equal(b.isnan())) return false;
  const Tensor x = a.detach().masked_fill(a.isnan(), 0).contiguous();
  const Tensor y = b.detach().masked_fill(b.isnan(), 0).contiguous();
  return std::memcmp(x.data_ptr(), y.data_ptr(), static_cast<size_t>(x.numel()) * x.element_size()) == 0;
}

// Values and first-order gradients to the bit; the gradient as part of the graph, and its derivative, to rounding.
void expect_same_bits(const Fn& f, const Fn& composed, const std::vector<Tensor>& inputs, const std::string& what,
                      bool second_order = true) {
  std::vector<Tensor> xs;
  for (const Tensor& x : inputs) xs.push_back(x.detach().requires_grad_());
  const Tensor y = f(xs), want = composed(xs);
  EXPECT_TRUE(same_bits(y, want)) << what;
  EXPECT_TRUE(y.requires_grad());
  {
    NoGradGuard off;
    EXPECT_TRUE(same_bits(f(xs), want)) << what << ", without a graph";
  }
  const Tensor g = noise(y.sizes(), y.scalar_type(), 0.3);
  const auto by_kernel = autograd::grad({y}, xs, {g}, true), wanted = autograd::grad({want}, xs, {g}, true);
  for (size_t i = 0; i < xs.size(); ++i)
    EXPECT_TRUE(same_bits(by_kernel[i], wanted[i])) << what << ", gradient of input " << i;
  const double tolerance = xs[0].scalar_type() == kDouble ? 1e-11 : xs[0].scalar_type() == kFloat ? 1e-4 : 5e-2;
  const Tensor h = g.detach().requires_grad_();
  const auto by_graph = autograd::grad({y}, xs, {h}, true, true), slow = autograd::grad({want}, xs, {h}, true, true);
  Tensor sum = zeros({}, y.scalar_type()), other = sum;
  for (size_t i = 0; i < xs.size(); ++i) {
    EXPECT_LE(distance(by_graph[i], slow[i]), tolerance) << what << ", graph, input " << i;
    sum = sum + (by_graph[i] * by_graph[i]).mean();
    other = other + (slow[i] * slow[i]).mean();
  }
  if (!second_order) return;
  std::vector<Tensor> all = xs;
  all.push_back(h);
  const auto twice = autograd::grad({sum}, all, {}, true, false, true),
             slowly = autograd::grad({other}, all, {}, true, false, true);
  for (size_t i = 0; i < all.size(); ++i) {
    ASSERT_EQ(twice[i].defined(), slowly[i].defined()) << what << ", second order, input " << i;
    if (!twice[i].defined()) continue;
    EXPECT_LE(distance(twice[i], slowly[i]), tolerance) << what << ", second order, input " << i;
  }
}

// Numbers of a few values, so that there are many ties and zeros of both signs.
Tensor coarse(IntArrayRef sizes, ScalarType t, double seed) { return (noise(sizes, t, seed) * 3).round() / 2; }

// The special numbers, here and there.
Tensor with_specials(const Tensor& x) {
  const Tensor flat = x.clone().reshape({-1});
  const double values[] = {NAN, INFINITY, -INFINITY, -0.0, 0.0};
  for (int64_t i = 0; i < flat.numel(); i += 7) flat[i].fill_(values[i / 7 % 5]);
  return flat.reshape(x.sizes());
}

// ---- linear maps ----------------------------------------------------------------------------------------------------

Tensor activated(const Tensor& y, Activation a) {
  return a == Activation::relu ? relu(y) : a == Activation::tanh ? tanh(y) : sigmoid(y);
}

struct LinearCase {
  std::vector<int64_t> x;
  int64_t out;
};

TEST_P(ActivatedLayers, LinearMaps) {
  const std::vector<LinearCase> cases = {{{1, 1}, 1},     {{4, 2}, 4},     {{3}, 5},       {{7, 33}, 17},
                                         {{2, 3, 5}, 4},  {{1, 300}, 65},  {{300, 65}, 1}, {{0, 3}, 2},
                                         {{130, 70}, 90}, {{64, 100}, 600}};
  for (const LinearCase& c : cases)
    for (Activation a : {Activation::relu, Activation::tanh, Activation::sigmoid}) {
      const int64_t in = c.x.back();
      const double scale = 1 / std::sqrt(static_cast<double>(in));
      const Tensor x = noise(c.x, GetParam(), 0), w = noise({c.out, in}, GetParam(), 1) * scale,
                   b = noise({c.out}, GetParam(), 2);
      const std::string what = str(label(c.x, GetParam()), " to ", c.out, ", activation ", static_cast<int>(a));
      auto fused = [a](auto& in) { return linear_activated(in[0], in[1], in.size() > 2 ? in[2] : Tensor(), a); };
      auto composed = [a](auto& in) { return activated(linear(in[0], in[1], in.size() > 2 ? in[2] : Tensor()), a); };
      expect_same_bits(fused, composed, {x, w, b}, what);
      expect_same_bits(fused, composed, {x, w}, what + " without bias");
      expect_same_bits(fused, composed, {x, w.t().contiguous().t(), b}, what + " of any layout");
    }
}

TEST_P(ActivatedLayers, LinearMapsOfSpecialNumbers) {
  for (Activation a : {Activation::relu, Activation::tanh, Activation::sigmoid}) {
    const Tensor x = with_specials(coarse({12, 3}, GetParam(), 0)), w = with_specials(coarse({9, 3}, GetParam(), 1));
    const Tensor b = with_specials(coarse({9}, GetParam(), 2));
    for (const Tensor& bias : {b, coarse({9}, GetParam(), 3)})
      expect_same_bits([a](auto& in) { return linear_activated(in[0], in[1], in[2], a); },
                       [a](auto& in) { return activated(linear(in[0], in[1], in[2]), a); }, {x, w, bias},
                       str("special numbers, activation ", static_cast<int>(a)), false);
  }
  const Tensor one = ones({1, 1}, GetParam()), zero = zeros({1}, GetParam()).requires_grad_();
  linear_activated(one, one * 0, zero, Activation::relu).backward(one);
  EXPECT_EQ(zero.grad().item<double>(), 0) << "the derivative at 0";
}

TEST(ActivatedLayer, LinearMapsThatAreNotDifferentiatedWhole) {
  const Tensor x = noise({5, 4}, kFloat, 0), w = noise({3, 4}, kFloat, 1), b = noise({3}, kFloat, 2);
  for (int wanted = 1; wanted < 8; ++wanted) {
    std::vector<Tensor> xs = {x.clone(), w.clone(), b.clone()}, leaves;
    for (size_t i = 0; i < 3; ++i)
      if (wanted >> i & 1) leaves.push_back(xs[i].requires_grad_());
    const Tensor g = noise({5, 3}, kFloat, 3), y = linear_activated(xs[0], xs[1], xs[2], Activation::tanh);
    const auto got = autograd::grad({y}, leaves, {g});
    const auto want = autograd::grad({tanh(linear(xs[0], xs[1], xs[2]))}, leaves, {g});
    for (size_t i = 0; i < leaves.size(); ++i) EXPECT_TRUE(same_bits(got[i], want[i])) << wanted << ' ' << i;
  }
  EXPECT_FALSE(linear_activated(x, w, b, Activation::relu).requires_grad());
}

TEST(ActivatedLayer, LinearMapsSayWhatIsWrongAsLinearDoes) {
  const Tensor x = ones({2, 3});
  for (const auto& [w, b] : {std::pair(ones({2, 4}), Tensor()), std::pair(ones({3}), Tensor()),
                             std::pair(ones({2, 3}), ones({3})), std::pair(ones({2, 3}, kDouble), Tensor()),
                             std::pair(ones({2, 3}, kLong), ones({2}, kLong)), std::pair(Tensor(), Tensor())}) {
    const std::string want = error_of([&, &w = w, &b = b] { linear(x, w, b); });
    EXPECT_FALSE(want.empty());
    EXPECT_EQ(error_of([&, &w = w, &b = b] { linear_activated(x, w, b, Activation::relu); }), want);
  }
  const Tensor whole = tensor({{1, -2}}), m = tensor({{1, 1}, {3, 1}});
  EXPECT_TRUE(linear_activated(whole, m, {}, Activation::relu).equal(tensor({{0, 1}})));
  EXPECT_TRUE(linear_activated(whole, m, {}, Activation::tanh).equal(tanh(tensor({{-1, 1}}))));
}

TEST(ActivatedLayer, ResultsThatBackwardReadsAreWatched) {
  const Tensor x = ones({2, 3}), w = ones({2, 3}).requires_grad_();
  const Tensor y = linear_activated(x, w, {}, Activation::sigmoid);
  y.mul_(2);
  EXPECT_NE(error_of([&] { y.sum().backward(); }).find("modified by an inplace operation"), std::string::npos);
}

// ---- batch norms ----------------------------------------------------------------------------------------------------

struct NormCase {
  std::vector<int64_t> x;
  bool training, weights;
};

std::vector<NormCase> norm_cases() {
  std::vector<NormCase> cases;
  for (const std::vector<int64_t>& x : std::vector<std::vector<int64_t>>{{2, 1},
                                                                         {6, 17},
                                                                         {700, 5},
                                                                         {300, 530},
                                                                         {3, 2, 5},
                                                                         {0, 3, 4},
                                                                         {2, 3, 65},
                                                                         {3, 5, 9, 31},
                                                                         {40, 3, 33, 33},
                                                                         {2, 3, 4, 5, 6}})
    for (bool training : {true, false})
      for (bool weights : {true, false}) cases.push_back({x, training, weights});
  return cases;
}

TEST_P(ActivatedLayers, BatchNorms) {
  for (const NormCase& c : norm_cases()) {
    const int64_t channels = c.x[1];
    const Tensor x = noise(c.x, GetParam(), 0) * 2 + 0.5, w = noise({channels}, GetParam(), 1),
                 b = noise({channels}, GetParam(), 2) / 4;
    const Tensor mean = noise({channels}, GetParam(), 3), var = noise({channels}, GetParam(), 4) / 2 + 1;
    Tensor means[] = {mean.clone(), mean.clone()}, vars[] = {var.clone(), var.clone()};
    auto at = [](auto& in, size_t i) { return in.size() > i ? std::optional(in[i]) : std::nullopt; };
    auto fused = [&](auto& in) {
      return batch_norm_relu(in[0], at(in, 1), at(in, 2), means[0], vars[0], c.training, 0.1, 1e-2);
    };
    auto composed = [&](auto& in) {
      return relu(batch_norm(in[0], at(in, 1), at(in, 2), means[1], vars[1], c.training, 0.1, 1e-2));
    };
    std::vector<Tensor> in = {x};
    if (c.weights) in.insert(in.end(), {w, b});
    const std::string what = str(label(c.x, GetParam()), c.training ? " training" : "", c.weights ? " weights" : "");
    expect_same_bits(fused, composed, in, what, c.x[0] > 0 && c.x[0] < 100);
    // The graph was left once more than in `composed`.
    if (c.training && c.x[0] > 0) composed(in);
    EXPECT_TRUE(same_bits(means[0], means[1]) && same_bits(vars[0], vars[1])) << what << ", running statistics";
    if (c.x.size() != 3) continue;
    const Tensor strided = x.transpose(0, 2).contiguous().transpose(0, 2);
    EXPECT_TRUE(same_bits(batch_norm_relu(strided, w, b, {}, {}, true, 0, 1e-2),
                          relu(batch_norm(x, w, b, {}, {}, true, 0, 1e-2))))
        << what;
  }
}

TEST_P(ActivatedLayers, BatchNormsOfSpecialNumbers) {
  for (const std::vector<int64_t>& sizes : {std::vector<int64_t>{20, 6}, std::vector<int64_t>{2, 6, 70}})
    for (bool training : {true, false}) {
      const Tensor x = with_specials(coarse(sizes, GetParam(), 0)), ok = coarse(sizes, GetParam(), 5);
      const Tensor w = coarse({6}, GetParam(), 1), b = with_specials(coarse({6}, GetParam(), 2));
      const Tensor mean = coarse({6}, GetParam(), 3), var = ones({6}, GetParam());
      for (const Tensor& from : {x, ok})
        expect_same_bits(
            [&](auto& in) { return batch_norm_relu(in[0], in[1], in[2], mean.clone(), var.clone(), training, 0.1, 0); },
            [&](auto& in) {
              return relu(batch_norm(in[0], in[1], in[2], mean.clone(), var.clone(), training, 0.1, 0));
            },
            {from, w, b}, str("special numbers ", IntArrayRef(sizes)), false);
    }
}

// y is what rounding leaves of x s - x s: its sign must be found again as it was.
TEST_P(ActivatedLayers, BatchNormsWhoseResultIsARoundingError) {
  for (const std::vector<int64_t>& sizes : {std::vector<int64_t>{3, 300}, std::vector<int64_t>{1, 300, 70}}) {
    const Tensor row = noise({300}, GetParam(), 0) + 2, across = sizes.size() == 2 ? row : row.reshape({1, 300, 1});
    const Tensor x = across.expand(sizes).contiguous(), zero = zeros({300}, GetParam());
    const Tensor w = noise({300}, GetParam(), 1) + 2, var = noise({300}, GetParam(), 2) + 2;
    const Tensor b = -batch_norm(x, w, {}, zero, var, false, 0, 1e-3).reshape({sizes[0], 300, -1}).select(2, 0)[0];
    expect_same_bits([&](auto& in) { return batch_norm_relu(in[0], in[1], in[2], zero, var, false, 0, 1e-3); },
                     [&](auto& in) { return relu(batch_norm(in[0], in[1], in[2], zero, var, false, 0, 1e-3)); },
                     {x, w, b}, str("rounding errors ", IntArrayRef(sizes)), false);
  }
}

TEST(ActivatedLayer, BatchNormsReadTheBiasOfTheirForwardPass) {
  const Tensor x = noise({8, 3}, kFloat, 0).requires_grad_(), w = ones({3}).requires_grad_();
  const Tensor b = noise({3}, kFloat, 1).requires_grad_();
  for (bool graph : {false, true}) {
    const Tensor y = batch_norm_relu(x, w, b, {}, {}, true, 0.1, 1e-5),
                 want = relu(batch_norm(x, w, b, {}, {}, true, 0.1, 1e-5));
    {
      NoGradGuard off;
      b.add_(10);
    }
    y.detach().fill_(7);  // nor is the result read
    const Tensor g = noise({8, 3}, kFloat, 2);
    const auto got = autograd::grad({y}, {x, w, b}, {g}, false, graph);
    const auto wanted = autograd::grad({want}, {x, w, b}, {g});
    for (size_t i = 0; i < 3; ++i) EXPECT_LE(distance(got[i], wanted[i]), graph ? 1e-5 : 0) << i;
    NoGradGuard off;
    b.sub_(10);
  }
}

// Backward computes the sign of the result again, in 16-bit floats from what stood in front of the ReLU.
TEST(ActivatedLayer, BatchNormsLeaveTheirResultToOthers) {
  for (ScalarType type : {kFloat, kDouble, kHalf, kBFloat16}) {
    const Tensor x = noise({6, 3, 4}, type, 1).requires_grad_(), g = noise({6, 3, 4}, type, 2);
    const Tensor y = batch_norm_relu(x, {}, {}, {}, {}, true, 0.1, 1e-5);
    const Tensor want = autograd::grad({y}, {x}, {g}, true)[0];
    y.zero_();
    Tensor of_changed = batch_norm_relu(x, {}, {}, {}, {}, true, 0.1, 1e-5);
    of_changed.mul_(2);
    of_changed.backward(g);
    EXPECT_EQ(distance(x.grad(), want * 2), 0) << type;
  }
}

TEST(ActivatedLayer, BatchNormsSayWhatIsWrongAsBatchNormDoes) {
  const Tensor x = ones({4, 3});
  auto both = [](auto... in) {
    const std::string want = error_of([&] { batch_norm(in..., 0.1, 1e-5); });
    EXPECT_FALSE(want.empty());
    EXPECT_EQ(error_of([&] { batch_norm_relu(in..., 0.1, 1e-5); }), want);
  };
  const std::optional<Tensor> none, three = ones({3}), four = ones({4}), other = ones({3}, kDouble);
  both(Tensor(), none, none, none, none, true);
  both(ones({3}), none, none, none, none, true);
  both(ones({4, 3}, kLong), none, none, none, none, true);
  both(x, four, none, none, none, true);
  both(x, three, other, none, none, true);
  both(x, three, three, none, none, false);
  both(x, three, three, three, none, true);
}

// An infinite gradient is infinite, not what 0 times it is.
TEST(ActivatedLayer, BatchNormsInEvaluationScaleTheGradient) {
  const Tensor x = tensor({{1.0, -1.0}}, kFloat).requires_grad_(), zero = zeros({2}), one = ones({2});
  const Tensor g = tensor({{double(INFINITY), double(INFINITY)}}, kFloat);
  EXPECT_TRUE(autograd::grad({batch_norm(x, {}, {}, zero, one, false, 0, 0)}, {x}, {g})[0].equal(g));
  EXPECT_TRUE(autograd::grad({batch_norm_relu(x, {}, {}, zero, one, false, 0, 0)}, {x}, {g})[0].equal(
      tensor({{double(INFINITY), 0.0}}, kFloat)));
}

// ---- max pooling ----------------------------------------------------------------------------------------------------

using Pool = Tensor (*)(const Tensor&, IntArrayRef, IntArrayRef, IntArrayRef, IntArrayRef, bool);

struct PoolCase {
  std::vector<int64_t> x, kernel, stride, padding, dilation;
  bool ceil_mode = false;
};

void expect_same_pools(Pool fused, Pool pool, const std::vector<PoolCase>& cases, ScalarType type) {
  for (const PoolCase& c : cases)
    for (int what = 0; what < 4; ++what) {
      const Tensor ties = coarse(c.x, type, what), x = what == 0   ? noise(c.x, type, 0)
                                                       : what == 1 ? ties
                                                       : what == 2 ? with_specials(ties)
                                                                   : with_specials(-ties.abs());
      expect_same_bits(
          [&](auto& in) { return fused(in[0], c.kernel, c.stride, c.padding, c.dilation, c.ceil_mode); },
          [&](auto& in) { return pool(relu(in[0]), c.kernel, c.stride, c.padding, c.dilation, c.ceil_mode); }, {x},
          str(label(c.x, type), " kernel ", IntArrayRef(c.kernel), " numbers ", what), what < 2);
    }
}

TEST_P(ActivatedLayers, MaxPools) {
  expect_same_pools(
      relu_max_pool1d, max_pool1d,
      {{{2, 3, 20}, {2}, {2}, {0}, {1}}, {{3, 21}, {3}, {1}, {1}, {1}}, {{1, 2, 9}, {3}, {2}, {1}, {2}, true}},
      GetParam());
  expect_same_pools(relu_max_pool2d, max_pool2d,
                    {{{2, 3, 8, 70}, {2, 2}, {2, 2}, {0, 0}, {1, 1}},
                     {{2, 3, 7, 9}, {2, 2}, {2, 2}, {0, 0}, {1, 1}},
                     {{2, 8, 9}, {3, 3}, {2, 2}, {1, 1}, {1, 1}},
                     {{2, 1, 8, 9}, {3, 2}, {1, 1}, {1, 0}, {1, 1}, true},
                     {{0, 2, 4, 4}, {2, 2}, {2, 2}, {0, 0}, {1, 1}},
                     {{1, 2, 9, 9}, {2, 3}, {2, 1}, {0, 0}, {2, 2}}},
                    GetParam());
  expect_same_pools(relu_max_pool3d, max_pool3d,
                    {{{2, 2, 4, 5, 6}, {2, 2, 2}, {2, 2, 2}, {0, 0, 0}, {1, 1, 1}},
                     {{2, 4, 5, 6}, {3, 2, 2}, {1, 2, 1}, {1, 1, 0}, {1, 1, 1}, true}},
                    GetParam());
}

TEST(ActivatedLayer, MaxPoolsLeaveTheirResultToOthers) {
  const Tensor x = noise({1, 2, 6, 6}, kFloat, 0).requires_grad_(), g = noise({1, 2, 3, 3}, kFloat, 1);
  const Tensor want = autograd::grad({max_pool2d(relu(x), 2).mul(3)}, {x}, {g})[0];
  const Tensor y = relu_max_pool2d(x, 2);
  y.mul_(3);
  EXPECT_TRUE(same_bits(autograd::grad({y}, {x}, {g})[0], want));
}

TEST(ActivatedLayer, MaxPoolsSayWhatIsWrongAsTheTwoDo) {
  for (const Tensor& x : {Tensor(), ones({1, 4, 4}, kBool), ones({1, 4, 4}, kLong), ones({4}), ones({1, 1, 1})}) {
    const std::string want = error_of([&] { max_pool2d(relu(x), 2); });
    EXPECT_FALSE(want.empty());
    EXPECT_EQ(error_of([&] { relu_max_pool2d(x, 2); }), want);
  }
}

// ---- convolutions ---------------------------------------------------------------------------------------------------

// Gradients of the inputs that `wanted` has a bit for, and the derivative of these, against those of the two
// operations.
void expect_same_derivatives(const Fn& f, const Fn& composed, const std::vector<Tensor>& inputs, int wanted) {
  std::vector<Tensor> xs, all;
  for (size_t i = 0; i < inputs.size(); ++i) {
    xs.push_back(inputs[i].detach().requires_grad_(wanted >> i & 1));
    if (wanted >> i & 1) all.push_back(xs.back());
  }
  const Tensor y = f(xs), want = composed(xs), h = noise(y.sizes(), kFloat, 0.3).requires_grad_();
  EXPECT_LE(distance(y, want), 1e-5) << wanted;
  const auto first = autograd::grad({y}, all, {h.detach()}, true),
             slow = autograd::grad({want}, all, {h.detach()}, true);
  const auto graph = autograd::grad({y}, all, {h}, true, true), other = autograd::grad({want}, all, {h}, true, true);
  Tensor sum = zeros({}), others = sum;
  for (size_t i = 0; i < all.size(); ++i) {
    EXPECT_LE(distance(first[i], slow[i]), 1e-4) << wanted << ", input " << i;
    EXPECT_LE(distance(graph[i], slow[i]), 1e-4) << wanted << ", graph, input " << i;
    sum = sum + (graph[i] * graph[i]).mean();
    others = others + (other[i] * other[i]).mean();
  }
  all.push_back(h);
  const auto twice = autograd::grad({sum}, all, {}, true, false, true),
             slowly = autograd::grad({others}, all, {}, true, false, true);
  for (size_t i = 0; i < all.size(); ++i) {
    ASSERT_EQ(twice[i].defined(), slowly[i].defined()) << wanted << ", second order, input " << i;
    if (!twice[i].defined()) continue;
    EXPECT_LE(distance(twice[i], slowly[i]), 1e-4) << wanted << ", second order, input " << i;
  }
}

// Batches of images that float has a kernel for.
TEST(ActivatedLayer, ConvolutionsWithTheirPooling) {
  const std::vector<Tensor> inputs = {noise({16, 2, 10, 9}, kFloat, 0), noise({3, 2, 3, 2}, kFloat, 1) / 3,
                                      noise({3}, kFloat, 2)};
  for (bool with_relu : {false, true})
    for (bool with_bias : {true, false})
      for (int wanted = 1; wanted < (with_bias ? 8 : 4); ++wanted) {
        const auto bias = [=](auto& in) { return with_bias ? in[2] : Tensor(); };
        const Fn f = [=](auto& in) {
          return conv2d_max_pool2d(in[0], in[1], bias(in), 1, {2, 1}, {2, 1}, 1, with_relu);
        };
        const Fn composed = [=](auto& in) {
          const std::vector<int64_t> two = {2, 1};
          const Tensor y = conv2d(in[0], in[1], bias(in), 1, two, two);
          return max_pool2d(with_relu ? relu(y) : y, 2);
        };
        expect_same_derivatives(f, composed, inputs, wanted);
      }
  const Tensor w = inputs[1].detach().requires_grad_();
  EXPECT_EQ(conv2d_max_pool2d(inputs[0], w).grad_fn()->name(), "ConvolutionMaxPool2dBackward0");
}

}  // namespace
