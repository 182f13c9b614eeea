// Fused kernels of groups of channels, of losses with weights, of bags of embeddings, against composed forms.
#include <gtest/gtest.h>

#include <cmath>

#include "fused.h"

using namespace gradus;
using namespace gradus::fused_tests;

namespace {

class FusedLayers : public testing::TestWithParam<ScalarType> {};
INSTANTIATE_TEST_SUITE_P(Types, FusedLayers, testing::Values(kFloat, kDouble),
                         [](const auto& info) { return std::string(name(info.param)); });

Tensor across(const Tensor& t, const Tensor& x) {
  std::vector<int64_t> sizes(static_cast<size_t>(x.dim()), 1);
  sizes[x.dim() > 1] = t.numel();
  return t.reshape(sizes);
}

// ---- groups of channels ---------------------------------------------------------------------------------------------

TEST_P(FusedLayers, GroupNorm) {
  struct Case {
    std::vector<int64_t> x;
    int64_t groups;
  };
  const std::vector<Case> cases = {{{1, 1}, 1},          {{3, 8}, 2},           {{2, 34}, 2},
                                   {{500, 66}, 3},       {{2, 6, 1}, 3},        {{2, 6, 5}, 3},
                                   {{2, 6, 16}, 6},      {{2, 6, 17}, 1},       {{3, 4, 3, 7}, 2},
                                   {{2, 32, 20, 30}, 8}, {{1, 4, 150, 150}, 2}, {{40, 4, 2, 3, 4}, 4}};
  for (const Case& c : cases) {
    auto composed = [&](const std::vector<Tensor>& in) {
      const Tensor rows = in[0].reshape({in[0].size(0) * c.groups, -1}), d = rows - rows.mean(1, true);
      const Tensor y = (d * rsqrt((d * d).mean(1, true) + 1e-2)).reshape(in[0].sizes());
      return in.size() > 1 ? y * across(in[1], y) + across(in[2], y) : y;
    };
    const Tensor x = noise(c.x, GetParam(), 0) * 2 + 1, w = noise({c.x[1]}, GetParam(), 1),
                 b = noise({c.x[1]}, GetParam(), 2);
    const std::string what = str("group_norm ", label(c.x, GetParam()), " in ", c.groups);
    expect_same([&](auto& in) { return group_norm(in[0], c.groups, in[1], in[2], 1e-2); }, composed, {x, w, b}, what);
    expect_same([&](auto& in) { return group_norm(in[0], c.groups, {}, {}, 1e-2); }, composed, {x}, what);
  }
}

TEST_P(FusedLayers, GroupNormOfAnyLayoutAndFarFromZero) {
  const Tensor x = noise({5, 4, 9}, GetParam(), 0).transpose(1, 2);
  EXPECT_LE(distance(group_norm(x, 3), group_norm(x.contiguous(), 3)), 0);
  const Tensor far = (noise({3, 4, 200}, GetParam(), 1) + 1000).to(GetParam()), rows = far.to(kDouble).reshape({6, -1});
  const Tensor want = ((rows - rows.mean(1, true)) * rsqrt(var(rows, 1, false, true))).reshape({3, 4, 200});
  EXPECT_LE(distance(group_norm(far, 2, {}, {}, 0), want), 3e-4);
}

TEST(FusedGroups, OfNothing) {
  for (const std::vector<int64_t>& sizes : {std::vector<int64_t>{0, 4, 3}, std::vector<int64_t>{2, 4, 0}})
    for (bool graph : {false, true}) {
      const Tensor x = zeros(sizes).requires_grad_(), w = ones({4}).requires_grad_(), b = ones({4}).requires_grad_();
      const Tensor y = group_norm(x, 2, w, b);
      EXPECT_EQ(y.sizes(), IntArrayRef(sizes));
      const auto g = autograd::grad({y.sum()}, {x, w, b}, {}, graph, graph);
      EXPECT_EQ(g[0].sizes(), IntArrayRef(sizes));
      EXPECT_TRUE(g[1].equal(zeros({4})));
      EXPECT_TRUE(g[2].equal(zeros({4})));
    }
}

// ---- losses ---------------------------------------------------------------------------------------------------------

TEST_P(FusedLayers, CrossEntropyOfProbabilities) {
  struct Case {
    std::vector<int64_t> x;
    bool weights;
    double smoothing;
  };
  const std::vector<Case> cases = {{{7}, true, 0.1},           {{1, 1}, false, 0},     {{5, 16}, true, 0},
                                   {{5, 17}, false, 0.3},      {{3, 1000}, true, 0.1}, {{2000, 33}, false, 0},
                                   {{3, 4, 1}, true, 0.1},     {{2, 5, 17}, false, 0}, {{3, 4, 600}, true, 0.2},
                                   {{2, 3, 70, 130}, false, 0}};
  for (const Case& c : cases)
    for (int64_t r : {Reduction::None, Reduction::Mean, Reduction::Sum}) {
      if (r == Reduction::Sum && c.x[0] == 2000 && GetParam() == kFloat) continue;  // a large sum
      const int64_t dim = c.x.size() > 1, classes = c.x[static_cast<size_t>(dim)];
      const Tensor x = noise(c.x, GetParam(), 0) * 5, t = softmax(noise(c.x, GetParam(), 1), dim);
      std::optional<Tensor> w;
      if (c.weights) w = noise({classes}, GetParam(), 4) + 1.5;
      auto composed = [&](auto& in) {
        Tensor q = in[1] * (1 - c.smoothing) + c.smoothing / static_cast<double>(classes);
        if (w) q = q * across(*w, q);
        const Tensor values = -(log_softmax(in[0], dim) * q).sum(dim);
        return r == Reduction::None ? values : r == Reduction::Sum ? values.sum() : values.mean();
      };
      expect_same([&](auto& in) { return cross_entropy_loss(in[0], in[1], w, r, -100, c.smoothing); }, composed, {x, t},
                  str("probabilities ", label(c.x, GetParam()), " reduction ", r));
    }
}

TEST_P(FusedLayers, CrossEntropyOfProbabilitiesAtTheEdges) {
  const Tensor far = tensor({{1e4, -1e4}, {-1e4, 1e4}}, GetParam()).requires_grad_();
  const Tensor t = tensor({{0.5, 0.5}, {0.0, 1.0}}, GetParam());
  const Tensor loss = cross_entropy_loss(far, t);
  EXPECT_EQ(loss.item<double>(), 5e3);
  EXPECT_LE(distance(autograd::grad({loss}, {far})[0], tensor({{0.25, -0.25}, {0.0, 0.0}}, GetParam())), 1e-7);
  EXPECT_TRUE(std::isnan(cross_entropy_loss(zeros({0, 3}, GetParam()), zeros({0, 3}, GetParam())).item<double>()));
  const Tensor target = softmax(noise({4, 3}, kDouble, 1), 1), x = noise({4, 3}, GetParam(), 0);
  EXPECT_LE(distance(cross_entropy_loss(x, target), cross_entropy_loss(x, target.to(GetParam()))), 1e-6);
}

TEST_P(FusedLayers, WeightedBinaryLossesInOnePass) {
  for (const std::vector<int64_t>& shape : std::vector<std::vector<int64_t>>{{1, 1}, {3, 17}, {40, 1000}}) {
    const int64_t c = shape[1];
    const Tensor x = noise(shape, GetParam(), 0) * 3, t = (noise(shape, GetParam(), 1) + 1) / 2;
    const Tensor w = noise({c}, GetParam(), 2) + 1.5, p = noise({c}, GetParam(), 3) + 1.5;
    for (int64_t r : {Reduction::None, Reduction::Mean}) {
      auto reduced = [r](const Tensor& v) { return r == Reduction::Mean ? v.mean() : v; };
      const std::string what = str(label(shape, GetParam()), " reduction ", r);
      auto positive = [](const Tensor& x, const Tensor& t, const Tensor& p) {
        return (1 - t) * x - log_sigmoid(x) * (1 + (p - 1) * t);
      };
      expect_same([r](auto& in) { return binary_cross_entropy_with_logits(in[0], in[1], in[2], in[3], r); },
                  [&](auto& in) { return reduced(positive(in[0], in[1], in[3]) * in[2]); }, {x, t, w, p}, what);
      expect_same([r](auto& in) { return binary_cross_entropy_with_logits(in[0], in[1], {}, in[2], r); },
                  [&](auto& in) { return reduced(positive(in[0], in[1], in[2])); }, {x, t, p}, what);
      expect_same([r](auto& in) { return binary_cross_entropy(in[0].sigmoid(), in[1], in[2], r); },
                  [&](auto& in) { return reduced(((1 - in[1]) * in[0] - log_sigmoid(in[0])) * in[2]); }, {x, t, w},
                  what);
    }
  }
  const Tensor far = tensor({1e4, -1e4}, GetParam()), w = tensor({1.0, 2.0}, GetParam());
  const Tensor zero = zeros({2}, GetParam()), one = ones({2}, GetParam());
  EXPECT_EQ(binary_cross_entropy_with_logits(far, zero, w).item<double>(), 5e3);
  EXPECT_EQ(binary_cross_entropy_with_logits(far, one, w, w).item<double>(), 2e4);
}

// ---- bags -----------------------------------------------------------------------------------------------------------

TEST_P(FusedLayers, BagsOfEmbeddings) {
  struct Case {
    int64_t n, d, length;
    std::vector<int64_t> offsets;
  };
  const std::vector<Case> cases = {
      {3, 1, 1, {0}}, {5, 17, 9, {0, 2, 2, 5}}, {50, 300, 400, {0, 100, 150, 150, 399}}, {7, 16, 0, {0, 0}}};
  for (const Case& c : cases) {
    const Tensor w = noise({c.n, c.d}, GetParam(), 0), f = noise({c.length}, GetParam(), 1), at = tensor(c.offsets);
    const Tensor i = ((noise({c.length}, kDouble, 2) + 1) * (0.5 * static_cast<double>(c.n))).to(kLong);
    std::vector<int64_t> bag;
    for (int64_t k = 0, b = -1; k < c.length; ++k) {
      while (b + 1 < static_cast<int64_t>(c.offsets.size()) && c.offsets[static_cast<size_t>(b) + 1] <= k) ++b;
      bag.push_back(b);
    }
    const Tensor bag_of = c.length ? tensor(bag) : zeros({0}, kLong);
    auto sum_of = [&](const Tensor& rows) { return zeros({at.numel(), c.d}, GetParam()).index_add(0, bag_of, rows); };
    const std::string what = str("bags of ", c.length, " of ", c.n, " rows");
    expect_same([&](auto& in) { return std::get<0>(embedding_bag(in[0], i, at, false, 0, false, in[1])); },
                [&](auto& in) { return sum_of(in[0].index_select(0, i) * in[1].unsqueeze(1)); }, {w, f}, what);
    const Tensor counts = sum_of(ones({c.length, c.d}, GetParam())).clamp_min(1);
    expect_same([&](auto& in) { return std::get<0>(embedding_bag(in[0], i, at, false, 1)); },
                [&](auto& in) { return sum_of(in[0].index_select(0, i)) / counts; }, {w}, what);
  }
}

TEST(FusedBags, SaysWhereTheBagsAre) {
  const Tensor w = arange(15, kFloat).reshape({5, 3}), i = tensor({1, 2, 1}), at = tensor({0, 1, 1});
  const auto [y, bag_of, counts, rows] = embedding_bag(w, i, at, false, 2);
  EXPECT_TRUE(y.equal(tensor({{3.0, 4.0, 5.0}, {0.0, 0.0, 0.0}, {6.0, 7.0, 8.0}}, kFloat)));
  EXPECT_TRUE(bag_of.equal(tensor({0, 2, 2})));
  EXPECT_TRUE(counts.equal(tensor({1, 0, 2})));
  EXPECT_TRUE(rows.equal(tensor({{1, 1, 1}, {-1, -1, -1}, {2, 2, 2}})));
  // The last offset ends the last bag; what follows is in none.
  EXPECT_TRUE(std::get<0>(embedding_bag(w, i, tensor({0, 0, 2}), false, 0, false, {}, true))
                  .equal(tensor({{0.0, 0.0, 0.0}, {9.0, 11.0, 13.0}}, kFloat)));
}

// 16-bit floats, computed in float32: what float32 says of the same table, and no more rows widened than are read.
TEST(FusedBags, OfNarrowFloatsReadOnlyTheirRows) {
  const Tensor w = noise({50000, 8}, kFloat, 0).to(kBFloat16), i = tensor({7, 49999, 7, 3, 11}), at = tensor({0, 3, 3});
  for (int64_t mode : {0, 1, 2})
    for (std::optional<int64_t> padding :
         {std::optional<int64_t>(), std::optional<int64_t>(7), std::optional<int64_t>(-1), std::optional<int64_t>(5)}) {
      const Tensor x = w.clone().requires_grad_(), wide = w.to(kFloat).requires_grad_();
      const auto narrow = embedding_bag(x, i, at, mode != 2, mode, false, {}, false, padding);
      const auto want = embedding_bag(wide, i, at, mode != 2, mode, false, {}, false, padding);
      EXPECT_TRUE(std::get<0>(narrow).equal(std::get<0>(want).to(kBFloat16))) << mode;
      EXPECT_TRUE(std::get<1>(narrow).equal(std::get<1>(want)) && std::get<2>(narrow).equal(std::get<2>(want))) << mode;
      EXPECT_TRUE(std::get<3>(narrow).equal(std::get<3>(want))) << mode;
      std::get<0>(narrow).sum().backward();
      std::get<0>(want).sum().backward();
      EXPECT_TRUE(x.grad().equal(wide.grad().to(kBFloat16))) << mode;
    }
  static size_t most = 0;
  most = 0;
  set_allocation_hook([](size_t bytes) { most = std::max(most, bytes); });
  embedding_bag(w, i, at);
  set_allocation_hook(nullptr);
  EXPECT_LT(most, w.nbytes() / 10);
}

TEST(FusedThreads, LayersAndLossesAreTheSameBitForBit) {
  const Tensor image = noise({16, 8, 40, 40}, kFloat, 0), w = noise({8}, kFloat, 1),
               rows = noise({500, 300}, kFloat, 2);
  const Tensor soft = softmax(noise({500, 300}, kFloat, 3), 1), i = arange(4000, kLong) % 500;
  const Tensor table = noise({500, 300}, kFloat, 5), begins = arange(0, 4000, 40, kLong),
               factors = noise({4000}, kFloat, 6);
  auto results = [&](int threads) {
    const int before = get_num_threads();
    set_num_threads(threads);
    std::vector<Tensor> all;
    auto add = [&](const Fn& f, std::vector<Tensor> in) {
      for (Tensor& t : in) t = t.detach().clone().requires_grad_();
      all.push_back(f(in));
      for (const Tensor& g : autograd::grad({all.back()}, in, {noise(all.back().sizes(), kFloat, 7)})) all.push_back(g);
    };
    add([](auto& x) { return group_norm(x[0], 4, x[1], x[2]); }, {image, w, w});
    add([](auto& x) { return cross_entropy_loss(x[0], x[1], {}, Reduction::Mean, -100, 0.1); }, {rows, soft});
    add([&](auto& x) { return std::get<0>(embedding_bag(x[0], i, begins, false, 0, false, x[1])); }, {table, factors});
    add([](auto& x) { return binary_cross_entropy_with_logits(x[0], x[1], x[2], x[2]); }, {rows, soft, rows[0]});
    set_num_threads(before);
    return all;
  };
  const std::vector<Tensor> one = results(1), three = results(3);
  for (size_t k = 0; k < one.size(); ++k) EXPECT_TRUE(one[k].equal(three[k])) << k;
}

TEST(FusedBags, RenormalizeWhatTheyLookUp) {
  const Tensor w = full({3, 4}, 2.0, kDouble);
  EXPECT_TRUE(embedding_renorm_(w, tensor({{2, 0}, {2, 2}}), 1, 2).is_same(w));
  EXPECT_LE(distance(w.norm(2, {1}), tensor({1.0, 4.0, 1.0}, kDouble)), 1e-6);
}

TEST(FusedBags, ScaleByFrequencyDividesGradients) {
  const Tensor w = ones({4, 2}, kDouble).requires_grad_(), i = tensor({1, 1, 3, 1});
  std::get<0>(embedding_bag(w, i, tensor({0, 2}), true, 0)).sum().backward();
  EXPECT_TRUE(w.grad().allclose(tensor({{0.0, 0.0}, {1.0, 1.0}, {0.0, 0.0}, {1.0, 1.0}}, kDouble)));
}

template <class F>
void expect_error(F f, const char* words) {
  std::string e = "no error";
  try {
    f();
  } catch (const Error& error) {
    e = error.what();
  }
  EXPECT_NE(e.find(words), std::string::npos) << e;
}

TEST(FusedErrors, OfMarginLosses) {
  const Tensor x = ones({2, 3}), v = ones({3}), two = tensor({1, 2});
  expect_error([&] { cosine_embedding_loss(x, x, x); }, "0D or 1D target tensor expected, multi-target not supported");
  expect_error([&] { cosine_embedding_loss(v, v, v); },
               "1D target tensor expects 2D input tensors, but found inputs with sizes [3] and [3].");
  expect_error([&] { cosine_embedding_loss(x, x, ones({})); }, "0D target tensor expects 1D input tensors");
  expect_error(
      [&] { triplet_margin_loss(x, v, x); },
      "are expected to have the same number of dimensions, but got: anchor 2D, positive 1D, and negative 2D inputs");
  expect_error(
      [&] { margin_ranking_loss(x, v, v); },
      "margin_ranking_loss : All input tensors should have same dimension but got sizes: input1: [2, 3], input2: [3]");
  expect_error([&] { multi_margin_loss(x, tensor({1, 3})); }, "target out of range");
  expect_error([&] { multi_margin_loss(x, tensor({1})); },
               "Expected target size [2], but got [1]. Input has shape [2, 3].");
  expect_error(
      [&] {
        multi_margin_loss(ones({2, 3, 4}), two);
      },
      "Expected non-empty vector or matrix with optional 0-dim batch size, but got: [2, 3, 4]");
  expect_error([&] { multi_margin_loss(x, two, 3); }, "only p == 1 and p == 2 supported");
  expect_error([&] { multi_margin_loss(x, two, 1, 1, ones({2})); }, "inconsistent weight size, expected 3 but got [2]");
  expect_error([&] { multi_margin_loss(x, two.to(kFloat)); }, "expected scalar type Long but found Float");
  expect_error(
      [&] {
        multilabel_margin_loss(x, tensor({{1, 2, 5}, {0, -1, 1}}));
      },
      "argument #2 'target' is out of range");
  expect_error([&] { multilabel_margin_loss(x, two); }, "inconsistent target size: [2] for input of size: [2, 3]");
  expect_error([&] { gaussian_nll_loss(x, x, ones({4})); }, "var is of incorrect size");
  expect_error([&] { gaussian_nll_loss(x, x, -x); }, "var has negative entry/entries");
}

TEST(FusedErrors, OfImagesDropoutAndBags) {
  const Tensor x = ones({2, 3}), v = ones({3}), two = tensor({1, 2});
  expect_error([&] { nll_loss2d(x, two); },
               "only batches of spatial targets supported (3D tensors) but got targets of dimension: 1");
  expect_error(
      [&] {
        nll_loss2d(ones({2, 3, 4, 4}), zeros({2, 4, 5}, kLong));
      },
      "size mismatch (got input: [2, 3, 4, 4] , target: [2, 4, 5]");
  expect_error(
      [&] {
        nll_loss_nd(x, tensor({1, 1, 1}));
      },
      "Expected input batch_size (2) to match target batch_size (3).");
  expect_error([&] { rrelu(x, 0.5, 0.2, true); }, "Lower bound should be less than or equal to the upper bound");
  expect_error([&] { alpha_dropout(x, 1.1, true); }, "dropout probability has to be between 0 and 1, but got 1.1");
  expect_error([&] { feature_alpha_dropout(v, 0.1, true); },
               "Feature dropout requires at least 2 dimensions in the input");
  expect_error([&] { cosine_similarity(two, two); },
               "expected common dtype to be floating point, yet common dtype is Long");
  expect_error(
      [&] {
        embedding_bag(x, two, tensor({1, 2}));
      },
      "offsets[0] has to be 0, i.e., the first sequence in the mini-batch has to start from position 0. However, got "
      "1");
  expect_error(
      [&] {
        embedding_bag(ones({5, 3}), two, tensor({0, 3}));
      },
      "offsets[-1] can not be greater than input's length 2 but got offsets[-1] of 3");
  expect_error(
      [&] {
        embedding_bag(x, tensor({1, 7}), tensor({0}));
      },
      "Index 1 of input takes value 7 which is not in the valid range [0, 2)");
  expect_error(
      [&] {
        embedding_bag(ones({5, 3}), two, tensor({0}), false, 1, false, ones({2}));
      },
      "per_sample_weights only supported with mode='sum'");
}

}  // namespace
