// Fused kernels against composed forms: the same operation written in other public operations, value and gradients,
// on sizes around vectors, blocks and threads, and at the edges of what floating point holds.
#include "fused.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

using namespace gradus;
using namespace gradus::fused_tests;

namespace {

constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

class Fused : public testing::TestWithParam<ScalarType> {};
INSTANTIATE_TEST_SUITE_P(Types, Fused, testing::Values(kFloat, kDouble),
                         [](const auto& info) { return std::string(name(info.param)); });

// ---- softmax --------------------------------------------------------------------------------------------------------

Tensor composed_softmax(const Tensor& x, int64_t d) {
  const Tensor e = exp(x - amax(x.detach(), {d}, true));
  return e / sum(e, d, true);
}

TEST_P(Fused, SoftmaxAlongEveryDimension) {
  const std::vector<std::vector<int64_t>> shapes = {
      {0},        {1},        {0, 3},    {3, 0},      {7, 1},       {5, 2},      {3, 7},    {3, 8},
      {3, 9},     {4, 15},    {4, 16},   {4, 17},     {2, 63},      {2, 65},     {2, 1025}, {40, 1000},
      {300, 120}, {1, 40000}, {3, 5, 4}, {2, 17, 33}, {2, 3, 1030}, {3, 300, 70}};
  for (const auto& shape : shapes)
    for (int64_t d = 0; d < static_cast<int64_t>(shape.size()); ++d) {
      const Tensor x = noise(shape, GetParam(), 0) * 4;
      expect_same([d](auto& in) { return softmax(in[0], d); },
                  [d](auto& in) { return in[0].numel() ? composed_softmax(in[0], d) : in[0] * 1; }, {x},
                  "softmax " + label(shape, GetParam()));
      expect_same([d](auto& in) { return log_softmax(in[0], d); },
                  [d](auto& in) { return in[0].numel() ? log(composed_softmax(in[0], d)) : in[0] * 1; }, {x},
                  "log_softmax " + label(shape, GetParam()));
    }
}

TEST_P(Fused, SoftmaxTakesAnyLayout) {
  const Tensor x = noise({6, 20, 10}, GetParam(), 1).transpose(0, 2);
  expect_same([](auto& in) { return softmax(in[0].transpose(0, 1), 1); },
              [](auto& in) { return composed_softmax(in[0].transpose(0, 1), 1); }, {x}, "transposed");
  const Tensor y = softmax(x.requires_grad_(), -1);
  EXPECT_LE(distance(autograd::grad({y.sum()}, {x})[0], zeros_like(x)), 1e-6);
}

TEST_P(Fused, SoftmaxAtTheEdges) {
  const Tensor x =
      tensor({{1000.0, 1001.0, -inf}, {-inf, -inf, -inf}, {nan, 1.0, 2.0}, {-1e4, -1e4, -inf}}, GetParam());
  const double a = 1 / (1 + std::exp(1.0));
  const Tensor want = tensor({{a, 1 - a, 0.0}, {nan, nan, nan}, {nan, nan, nan}, {0.5, 0.5, 0.0}}, GetParam());
  for (int64_t d : {0, 1}) {
    const Tensor in = d ? x : x.t().contiguous();
    EXPECT_LE(distance(softmax(in, d), d ? want : want.t()), 1e-6);
    EXPECT_LE(distance(log_softmax(in, d), log(d ? want : want.t())), 1e-6);
  }
}

// ---- losses ---------------------------------------------------------------------------------------------------------

TEST_P(Fused, PointwiseLossesInOnePass) {
  for (int64_t n : {0, 1, 3, 15, 16, 17, 1000, 32767, 32768, 32769, 100000}) {
    const std::vector<Tensor> in = {noise({n}, GetParam(), 0), noise({n}, GetParam(), 1)};
    const std::string what = label({n}, GetParam());
    for (int64_t r : {Reduction::Mean, Reduction::Sum}) {
      if (n > 1000 && r == Reduction::Sum && GetParam() == kFloat) continue;  // large sums; Mean shows the same
      auto reduced = [r](const Tensor& v) { return r == Reduction::Mean ? v.mean() : v.sum(); };
      expect_same([r](auto& x) { return mse_loss(x[0], x[1], r); },
                  [&](auto& x) { return reduced(square(x[0] - x[1])); }, in, "mse " + what);
      expect_same([r](auto& x) { return l1_loss(x[0], x[1], r); }, [&](auto& x) { return reduced(abs(x[0] - x[1])); },
                  in, "l1 " + what);
      expect_same([r](auto& x) { return binary_cross_entropy_with_logits(x[0], x[1], {}, {}, r); },
                  [&](auto& x) { return reduced((1 - x[1]) * x[0] - log_sigmoid(x[0])); }, in, "logits " + what);
    }
  }
}

TEST_P(Fused, OperandsMayBeOfAnyLayoutAndType) {
  const Tensor x = noise({30, 40}, GetParam(), 0).t(), t = noise({40, 30}, kDouble, 1);
  const Tensor loss = mse_loss(x, t);
  EXPECT_EQ(loss.scalar_type(), kDouble);
  EXPECT_LE(distance(loss, square(x.to(kDouble) - t).mean()), 1e-12);
  EXPECT_LE(distance(mse_loss(x, t.narrow(1, 3, 1)), square(x - t.narrow(1, 3, 1)).mean()), 1e-6);
}

TEST_P(Fused, CrossEntropyStraightFromLogits) {
  struct Case {
    std::vector<int64_t> x;
    bool weights;
    double smoothing;
  };
  const std::vector<Case> cases = {{{1, 1}, false, 0},      {{5, 1}, true, 0.1},      {{4, 10}, false, 0},
                                   {{7, 16}, true, 0},      {{7, 17}, true, 0.3},     {{3, 1000}, false, 0.1},
                                   {{2000, 33}, true, 0},   {{3, 4, 1}, true, 0.1},   {{2, 5, 17}, false, 0},
                                   {{2, 5, 17}, true, 0.2}, {{3, 4, 600}, true, 0.1}, {{2, 3, 70, 130}, false, 0}};
  for (const Case& c : cases)
    for (int64_t r : {Reduction::None, Reduction::Mean, Reduction::Sum}) {
      if (r == Reduction::Sum && c.x[0] == 2000 && GetParam() == kFloat) continue;  // a large sum
      const Tensor x = noise(c.x, GetParam(), 0) * 5;
      std::vector<int64_t> rows = c.x;
      rows.erase(rows.begin() + 1);
      const int64_t classes = c.x[1];
      const Tensor target = ((noise(rows, kDouble, 2) + 1) * (0.5 * static_cast<double>(classes))).to(kLong);
      std::optional<Tensor> w;
      if (c.weights) w = noise({classes}, GetParam(), 4) + 1.5;
      const int64_t ignore = classes > 4 ? 2 : -100;
      auto composed = [&](auto& in) {
        const Tensor log_p = log_softmax(in[0], 1);
        Tensor values = nll_loss(log_p, target, w, Reduction::None, ignore);
        const Tensor kept = (target != ignore).to(GetParam());
        std::vector<int64_t> across(c.x.size(), 1);
        across[1] = classes;
        const Tensor weights = w ? *w : ones({classes}, GetParam());
        const Tensor all = -(log_p * weights.reshape(across)).sum(1) * kept;
        values = (1 - c.smoothing) * values + c.smoothing / static_cast<double>(classes) * all;
        const Tensor own = nll_loss(-ones_like(log_p), target, w, Reduction::Sum, ignore);
        return r == Reduction::None ? values : r == Reduction::Sum ? values.sum() : values.sum() / own;
      };
      expect_same([&](auto& in) { return cross_entropy_loss(in[0], target, w, r, ignore, c.smoothing); }, composed, {x},
                  str("cross entropy ", label(c.x, GetParam()), " reduction ", r, " smoothing ", c.smoothing));
    }
}

TEST_P(Fused, ClassLossesAtTheEdges) {
  const Tensor x = (noise({3, 4}, GetParam(), 0)).requires_grad_();
  const Tensor ignored = full({3}, -100, kLong);
  EXPECT_TRUE(std::isnan(cross_entropy_loss(x, ignored).item<double>()));
  EXPECT_TRUE(std::isnan(nll_loss(x, ignored).item<double>()));
  EXPECT_EQ(distance(autograd::grad({cross_entropy_loss(x, ignored)}, {x})[0], zeros_like(x)), 0);
  EXPECT_TRUE(std::isnan(cross_entropy_loss(x.narrow(0, 0, 0), ignored.narrow(0, 0, 0)).item<double>()));
  EXPECT_TRUE(std::isnan(mse_loss(zeros({0}), zeros({0})).item<double>()));
  EXPECT_EQ(mse_loss(zeros({0}), zeros({0}), Reduction::Sum).item<double>(), 0);
  // Logits far apart: the loss is their difference, the gradient is finite.
  const Tensor far = tensor({{1e4, -1e4}, {-1e4, 1e4}}, GetParam()).requires_grad_();
  const Tensor loss = cross_entropy_loss(far, tensor({0, 0}));
  EXPECT_EQ(loss.item<double>(), 1e4);
  EXPECT_LE(distance(autograd::grad({loss}, {far})[0], tensor({{0.0, 0.0}, {-0.5, 0.5}}, GetParam())), 1e-7);
  EXPECT_EQ(binary_cross_entropy(tensor({0.0, 1.0}, GetParam()), tensor({1.0, 1.0}, GetParam())).item<double>(), 50);
  EXPECT_EQ(
      binary_cross_entropy_with_logits(tensor({1e4, -1e4}, GetParam()), tensor({0.0, 0.0}, GetParam())).item<double>(),
      5e3);
}

// ---- norms ----------------------------------------------------------------------------------------------------------

Tensor across(const Tensor& t, const Tensor& x) {
  std::vector<int64_t> sizes(static_cast<size_t>(x.dim()), 1);
  sizes[1] = t.numel();
  return t.reshape(sizes);
}

Tensor composed_batch_norm(const std::vector<Tensor>& in) {
  std::vector<int64_t> dims = {0};
  for (int64_t i = 2; i < in[0].dim(); ++i) dims.push_back(i);
  const Tensor d = in[0] - mean(in[0], dims, true);
  return d * rsqrt(mean(d * d, dims, true) + 1e-2) * across(in[1], in[0]) + across(in[2], in[0]);
}

TEST_P(Fused, BatchNorm) {
  const std::vector<std::vector<int64_t>> shapes = {
      {2, 1},      {5, 3},           {8, 4},      {9, 17},     {257, 5},        {300, 16},      {4096, 10},
      {3, 2, 4},   {6, 3, 16},       {6, 3, 17},  {2, 4, 31},  {3, 2, 5, 7},    {2, 5, 64},     {2, 5, 65},
      {3, 2, 130}, {4, 3, 100, 100}, {70, 5, 15}, {2, 1, 300}, {40, 2, 30, 30}, {3, 260, 3, 3}, {2, 1, 130, 130}};
  for (const auto& shape : shapes)
    expect_same(
        [](auto& in) { return batch_norm(in[0], in[1], in[2], {}, {}, true, 0.1, 1e-2); }, composed_batch_norm,
        {noise(shape, GetParam(), 0) * 2 + 1, noise({shape[1]}, GetParam(), 1), noise({shape[1]}, GetParam(), 2)},
        "batch_norm " + label(shape, GetParam()));
}

TEST_P(Fused, BatchNormInEvaluation) {
  for (const std::vector<int64_t>& shape : std::vector<std::vector<int64_t>>{{5, 3}, {3, 2, 4}, {2, 5, 33}}) {
    const Tensor m = noise({shape[1]}, GetParam(), 5), v = noise({shape[1]}, GetParam(), 6) + 1.5;
    expect_same([&](auto& in) { return batch_norm(in[0], in[1], in[2], m, v, false, 0.1, 1e-2); },
                [&](auto& in) {
                  return (in[0] - across(m, in[0])) * rsqrt(across(v, in[0]) + 1e-2) * across(in[1], in[0]) +
                         across(in[2], in[0]);
                },
                {noise(shape, GetParam(), 0), noise({shape[1]}, GetParam(), 1), noise({shape[1]}, GetParam(), 2)},
                "evaluation " + label(shape, GetParam()));
  }
}

TEST_P(Fused, BatchNormMovesItsRunningStatistics) {
  const Tensor x = noise({6, 3, 20}, GetParam(), 0) * 2 + 5;
  const Tensor m = ones({3}, GetParam()), v = full({3}, 2, GetParam());
  const int64_t version = m._version();
  batch_norm(x, {}, {}, m, v, true, 0.25, 1e-5);
  const std::vector<int64_t> dims = {0, 2};
  EXPECT_LE(distance(m, 0.75 + 0.25 * mean(x, dims)), 1e-6);
  EXPECT_LE(distance(v, 1.5 + 0.25 * var(x, dims, true)), 1e-6);
  EXPECT_GT(m._version(), version);
  batch_norm(x, {}, {}, m, v, false, 0.25, 1e-5);
  EXPECT_LE(distance(m, 0.75 + 0.25 * mean(x, dims)), 1e-6);
}

// The mean is a thousand times the deviation: sums of squares of x itself would lose every digit in float.
TEST_P(Fused, NormsOfNumbersFarFromZero) {
  for (const std::vector<int64_t>& shape : std::vector<std::vector<int64_t>>{{512, 6}, {20, 6, 8}, {8, 6, 33, 33}}) {
    const Tensor x = (noise(shape, GetParam(), 0) + 1000).to(GetParam());
    std::vector<int64_t> dims = {0};
    for (size_t i = 2; i < shape.size(); ++i) dims.push_back(static_cast<int64_t>(i));
    const Tensor d = x.to(kDouble), want = (d - mean(d, dims, true)) * rsqrt(var(d, dims, false, true));
    EXPECT_LE(distance(batch_norm(x, {}, {}, {}, {}, true, 0.1, 0), want), 3e-4) << label(shape, GetParam());
    if (shape.size() == 2) continue;  // six numbers may lie so close that the mean's own rounding shows
    const Tensor rows = x.reshape({shape[0], -1}), r = rows.to(kDouble);
    EXPECT_LE(
        distance(layer_norm(rows, {rows.size(1)}, {}, {}, 0), (r - r.mean(1, true)) * rsqrt(var(r, 1, false, true))),
        3e-4);
  }
}

TEST_P(Fused, RowNorms) {
  auto composed = [](const std::vector<Tensor>& in, bool centered) {
    const Tensor d = centered ? in[0] - mean(in[0], -1, true) : in[0];
    const Tensor y = d * rsqrt(mean(d * d, -1, true) + 1e-2) * in[1];
    return in.size() > 2 ? y + in[2] : y;
  };
  for (const std::vector<int64_t>& shape : std::vector<std::vector<int64_t>>{
           {1, 1}, {4, 2}, {5, 15}, {5, 16}, {5, 17}, {3, 129}, {1000, 65}, {2, 20000}, {3, 2, 33}}) {
    const Tensor x = noise(shape, GetParam(), 0), w = noise({shape.back()}, GetParam(), 1);
    const Tensor b = noise({shape.back()}, GetParam(), 2);
    const std::vector<int64_t> last = {shape.back()};
    expect_same([&](auto& in) { return layer_norm(in[0], last, in[1], in[2], 1e-2); },
                [&](auto& in) { return composed(in, true); }, {x, w, b}, "layer_norm " + label(shape, GetParam()));
    expect_same([&](auto& in) { return rms_norm(in[0], last, in[1], 1e-2); },
                [&](auto& in) { return composed(in, false); }, {x, w}, "rms_norm " + label(shape, GetParam()));
  }
}

TEST(FusedNorms, InstanceNormMovesItsRunningStatistics) {
  const Tensor x = noise({4, 3, 10}, kDouble, 0), m = zeros({3}, kDouble), v = ones({3}, kDouble);
  instance_norm(x, {}, {}, m, v, true, 0.1, 1e-5);
  EXPECT_LE(distance(m, 0.1 * x.mean({0, 2})), 1e-12);
  EXPECT_LE(distance(v, 0.9 + 0.1 * var(x, 2, true).mean(0)), 1e-12);
}

TEST(FusedNorms, OfNothing) {
  const Tensor x = zeros({0, 3, 2}).requires_grad_(), w = ones({3}).requires_grad_(), m = ones({3}), v = ones({3});
  const Tensor y = batch_norm(x, w, {}, m, v, true, 0.1, 1e-5);
  EXPECT_EQ(y.sizes(), (IntArrayRef{0, 3, 2}));
  EXPECT_TRUE(autograd::grad({y.sum()}, {w})[0].equal(zeros({3})));
  EXPECT_TRUE(m.equal(ones({3})));
  EXPECT_EQ(layer_norm(zeros({2, 0}), {0}).numel(), 0);
  EXPECT_EQ(layer_norm(zeros({0, 3}), {3}).numel(), 0);
  EXPECT_EQ(group_norm(zeros({0, 4}), 2).numel(), 0);
}

// ---- what threads must not change, and what inputs must not do
// --------------------------------------------------------

TEST(FusedThreads, ResultsAreTheSameBitForBit) {
  const Tensor image = noise({16, 8, 40, 40}, kFloat, 0), rows = noise({500, 300}, kFloat, 1);
  const Tensor target = ((noise({500}, kDouble, 2) + 1) * 150).to(kLong);
  auto results = [&](int threads) {
    const int before = get_num_threads();
    set_num_threads(threads);
    const Tensor a = image.detach().requires_grad_(), b = rows.detach().requires_grad_();
    const Tensor w = noise({8}, kFloat, 3).requires_grad_(), wide = noise({300}, kFloat, 4).requires_grad_();
    const Tensor norm = batch_norm(a, w, {}, {}, {}, true, 0.1, 1e-5), layer = layer_norm(b, {300}, wide);
    const Tensor loss = cross_entropy_loss(b, target) + mse_loss(b, rows * 2), probabilities = softmax(b, 1);
    std::vector<Tensor> r = {norm, layer, loss, probabilities};
    for (const Tensor& g :
         autograd::grad({norm, layer, loss, probabilities}, {a, b, w, wide}, {image, rows, ones({}), rows}))
      r.push_back(g);
    set_num_threads(before);
    return r;
  };
  const std::vector<Tensor> one = results(1), three = results(3);
  for (size_t i = 0; i < one.size(); ++i) EXPECT_TRUE(one[i].equal(three[i])) << i;
}

TEST(FusedActivations, LargeArgumentsNeitherOverflowNorGiveNan) {
  const std::vector<std::pair<const char*, Tensor (*)(const Tensor&)>> all = {
      {"sigmoid", [](const Tensor& x) { return sigmoid(x); }},
      {"softplus", [](const Tensor& x) { return softplus(x); }},
      {"softplus without threshold", [](const Tensor& x) { return softplus(x, 1, 1e30); }},
      {"log_sigmoid", [](const Tensor& x) { return log_sigmoid(x); }},
      {"silu", [](const Tensor& x) { return silu(x); }},
      {"mish", [](const Tensor& x) { return mish(x); }},
      {"elu", [](const Tensor& x) { return elu(x); }},
      {"selu", [](const Tensor& x) { return selu(x); }},
      {"gelu", [](const Tensor& x) { return gelu(x); }},
      {"gelu tanh", [](const Tensor& x) { return gelu(x, "tanh"); }},
      {"tanhshrink", [](const Tensor& x) { return tanhshrink(x); }},
      {"softsign", [](const Tensor& x) { return softsign(x); }},
      {"hardswish", [](const Tensor& x) { return hardswish(x); }}};
  for (ScalarType t : {kFloat, kDouble})
    for (const auto& [op, f] : all) {
      const Tensor x = tensor({-1e18, -1e6, -800.0, -90.0, -20.0, 0.0, 20.0, 90.0, 800.0, 1e6, 1e18}, t);
      const Tensor in = x.detach().requires_grad_(), y = f(in);
      EXPECT_TRUE(y.isfinite().all().item<bool>()) << op << " " << t;
      const Tensor kernel = autograd::grad({y}, {in}, {ones_like(y)}, true)[0];
      const Tensor graph = autograd::grad({y}, {in}, {ones_like(y)}, true, true)[0];
      EXPECT_TRUE(kernel.isfinite().all().item<bool>()) << op << " " << t << " kernel";
      EXPECT_LE(distance(graph, kernel), 1e-6) << op << " " << t << " graph";
      const Tensor second = autograd::grad({graph}, {in}, {ones_like(y)}, false, false, true)[0];
      EXPECT_TRUE(!second.defined() || second.isfinite().all().item<bool>()) << op << " " << t << " second order";
      const Tensor lost = f(full({3}, nan, t));
      EXPECT_TRUE(lost.isnan().all().item<bool>()) << op << " " << t << " hides NaN";
    }
}

// At kinks the derivative is PyTorch's.
TEST(FusedActivations, DerivativesAtKinks) {
  auto slope = [](Tensor (*f)(const Tensor&), double at) {
    const Tensor x = tensor({at}, kDouble).requires_grad_();
    const Tensor y = f(x);
    return autograd::grad({y}, {x}, {ones_like(y)})[0].item<double>();
  };
  EXPECT_EQ(slope([](const Tensor& x) { return relu(x); }, 0), 0);
  EXPECT_EQ(slope([](const Tensor& x) { return relu6(x); }, 6), 0);
  EXPECT_EQ(slope([](const Tensor& x) { return leaky_relu(x); }, 0), 0.01);
  EXPECT_EQ(slope([](const Tensor& x) { return elu(x); }, 0), 1);
  EXPECT_EQ(slope([](const Tensor& x) { return hardtanh(x); }, -1), 0);
  EXPECT_EQ(slope([](const Tensor& x) { return hardsigmoid(x); }, 3), 0);
  EXPECT_EQ(slope([](const Tensor& x) { return hardswish(x); }, -3), 0);
  EXPECT_EQ(slope([](const Tensor& x) { return hardswish(x); }, 3), 1);
  EXPECT_EQ(slope([](const Tensor& x) { return softshrink(x); }, 0.5), 0);
  EXPECT_EQ(slope([](const Tensor& x) { return hardshrink(x); }, 0.5), 0);
  EXPECT_EQ(slope([](const Tensor& x) { return threshold(x, 1, 2); }, 1), 0);
  EXPECT_EQ(slope([](const Tensor& x) { return l1_loss(x, zeros({1}, kDouble)); }, 0), 0);
}

// ---- errors ---------------------------------------------------------------------------------------------------------

template <class F>
void expect_error(const F& f, const std::string& text) {
  try {
    f();
    FAIL() << "no error, expected: " << text;
  } catch (const Error& e) {
    EXPECT_NE(std::string(e.what()).find(text), std::string::npos) << e.what();
  }
}

TEST(FusedErrors, OfLosses) {
  const Tensor x = zeros({3, 4});
  auto classes = [](std::initializer_list<int64_t> t) { return tensor(std::vector<int64_t>(t)); };
  expect_error([&] { cross_entropy_loss(x, classes({1, 2, 10})); }, "Target 10 is out of bounds.");
  expect_error([&] { nll_loss(x, classes({1, -1, 1})); }, "Target -1 is out of bounds.");
  expect_error([&] { nll_loss(x, classes({1, 2})); }, "Expected input batch_size (3) to match target batch_size (2).");
  expect_error(
      [&] {
        nll_loss(x, zeros({3, 4}, kLong));
      },
      "0D or 1D target tensor expected, multi-target not supported");
  expect_error([&] { nll_loss(x, zeros({3})); }, "expected target dtype to be Long or Byte, but got Float");
  expect_error([&] { nll_loss(zeros({3, 4, 2}), zeros({3, 3}, kLong)); }, "Expected target size [3, 2], got [3, 3]");
  expect_error(
      [&] {
        nll_loss(x, classes({1, 2, 3}), zeros({2}));
      },
      "weight tensor should be defined either for all 4 classes or no classes but got weight tensor of shape: [2]");
  expect_error(
      [&] {
        nll_loss(x, classes({1, 2, 3}), ones({4}).requires_grad_());
      },
      "is not differentiable with respect to argument 'weight'. This input cannot have requires_grad True.");
  expect_error(
      [&] {
        cross_entropy_loss(x, zeros({3, 4}, kLong));
      },
      "Expected floating point type for target with class probabilities, got Long");
  expect_error(
      [&] {
        cross_entropy_loss(x, classes({1, 2, 1}), {}, Reduction::Mean, -100, 1.5);
      },
      "label_smoothing must be between 0.0 and 1.0. Got: 1.5");
  expect_error([&] { cross_entropy_loss(x, x, {}, Reduction::Mean, 2); },
               "ignore_index is not supported for floating point target");
  expect_error([&] { mse_loss(zeros({3}), zeros({4})); },
               "The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 0");
  expect_error([&] { binary_cross_entropy(zeros({3}) - 1, zeros({3})); },
               "all elements of input should be between 0 and 1");
  expect_error([&] { binary_cross_entropy(full({3}, 1.5), ones({3}), {}, Reduction::None); },
               "all elements of input should be between 0 and 1");
  expect_error([&] { binary_cross_entropy(zeros({3}), zeros({4})); },
               "Using a target size ([4]) that is different to the input size ([3]) is deprecated.");
  expect_error([&] { binary_cross_entropy_with_logits(zeros({3}), zeros({4})); },
               "Target size ([4]) must be the same as input size ([3])");
  expect_error([&] { smooth_l1_loss(x, x, Reduction::Mean, -1); }, "smooth_l1_loss does not support negative values");
  expect_error([&] { huber_loss(x, x, Reduction::Mean, 0); }, "huber_loss does not support non-positive values");
  expect_error([&] { mse_loss(x, x, 7); }, "7 is not a valid value for reduction");
}

TEST(FusedErrors, OfNormsAndActivations) {
  const Tensor x = zeros({2, 3});
  expect_error([&] { batch_norm(x, zeros({2}), {}, {}, {}, true, 0.1, 1e-5); },
               "weight should contain 3 elements not 2");
  expect_error([&] { batch_norm(x, {}, {}, zeros({2}), zeros({3}), true, 0.1, 1e-5); },
               "running_mean should contain 3 elements not 2");
  expect_error([&] { batch_norm(x, {}, {}, {}, {}, false, 0.1, 1e-5); },
               "running_mean must be defined in evaluation mode");
  expect_error([&] { batch_norm(x, ones({3}, kDouble), {}, {}, {}, true, 0.1, 1e-5); },
               "expect parameter to have scalar type of Float");
  expect_error([&] { layer_norm(x, {4}); },
               "Given normalized_shape=[4], expected input with shape [*, 4], but got input of size[2, 3]");
  expect_error([&] { layer_norm(x, {3}, zeros({2})); }, "Expected weight to be of same shape as normalized_shape");
  expect_error([&] { group_norm(x, 2); }, "Expected number of channels in input to be divisible by num_groups");
  expect_error(
      [&] {
        instance_norm(zeros({2, 3, 4}), {}, {}, {}, {}, false, 0.1, 1e-5);
      },
      "Expected running_mean and running_var to be defined when use_input_stats is false");
  expect_error([&] { softmax(x, 3); }, "Dimension out of range");
  expect_error([&] { softmax(zeros({3}, kLong), 0); }, "not implemented for 'Long'");
  expect_error([&] { glu(zeros({3})); }, "Halving dimension must be even, but dimension 0 is size 3");
  expect_error(
      [&] {
        prelu(zeros({2, 4}), zeros({3}));
      },
      "Mismatch of parameter numbers and input channel size. Found parameter numbers = 3 and channel size = 4.");
  expect_error([&] { gelu(x, "x"); }, "approximate argument must be either none or tanh");
  expect_error([&] { celu(x, 0); }, "alpha cannot be 0 for CELU");
  expect_error([&] { relu(zeros({2}, kBool)); }, "Boolean inputs not supported for relu");
}

// A change of what backward still needs is found.
TEST(FusedErrors, ChangedInPlace) {
  const Tensor x = noise({3, 4}, kFloat, 0).requires_grad_(), target = zeros({3}, kLong);
  const Tensor loss = cross_entropy_loss(x, target);
  target.fill_(1);
  expect_error([&] { loss.backward(); }, "modified by an inplace operation");
}

}  // namespace
