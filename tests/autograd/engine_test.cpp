// What backward() and grad() promise, apart from the derivatives themselves.
#include "gradus/autograd/engine.h"

#include <gtest/gtest.h>

#include <cmath>
#include <ctime>
#include <thread>

#include "gradus/autograd/record.h"
#include "gradus/gradus.h"
#include "gradus/tests/misuse.h"

using namespace gradus;
using autograd::grad;

namespace {

using gradus_tests::error_of;

#define EXPECT_ERROR(text, ...)                                                            \
  {                                                                                        \
    const std::string got = error_of([&] { __VA_ARGS__; });                                \
    EXPECT_NE(got.find(text), std::string::npos) << "wanted " << text << "\n got " << got; \
  }

Tensor leaf(std::vector<double> v) { return tensor(v, kDouble).requires_grad_(); }

void expect_equal(const Tensor& t, const std::vector<double>& want) {
  ASSERT_TRUE(t.defined());
  EXPECT_TRUE(t.detach().to(kDouble).allclose(tensor(want, kDouble).reshape(t.sizes()), 1e-12, 1e-12)) << t;
}

// ---- graphs
// -----------------------------------------------------------------------------------------------------------

TEST(Engine, ASecondBackwardNeedsRetainGraph) {
  const Tensor x = leaf({1, 2, 3});
  const Tensor y = (x * x).sum();
  y.backward({}, /*retain_graph=*/true);
  y.backward();
  expect_equal(x.grad(), {4, 8, 12});
  EXPECT_ERROR("Trying to backward through the graph a second time", y.backward());
  EXPECT_ERROR("Specify retain_graph=True", grad({y}, {x}));
  expect_equal(x.grad(), {4, 8, 12});
}

TEST(Engine, CreateGraphMakesDerivativesDifferentiable) {
  const Tensor x = leaf({2, 3});
  const Tensor first = grad({(x * x * x).sum()}, {x}, {}, {}, true)[0];
  EXPECT_TRUE(first.requires_grad());
  const Tensor second = grad({first.sum()}, {x}, {}, {}, true)[0];
  const Tensor third = grad({second.sum()}, {x})[0];
  expect_equal(first, {12, 27});
  expect_equal(second, {12, 18});
  expect_equal(third, {6, 6});
  EXPECT_FALSE(third.requires_grad());
  const Tensor z = leaf({2});
  (z * z).backward({}, {}, true);
  EXPECT_TRUE(z.grad().requires_grad());
  z.mutable_grad() = Tensor();  // z holds a gradient whose graph holds z, as in PyTorch
}

TEST(Engine, UnusedInputs) {
  const Tensor x = leaf({1}), unused = leaf({1}), plain = ones({1}, kDouble);
  const Tensor y = x * 2;
  EXPECT_ERROR("appears to not have been used in the graph. Set allow_unused=True", grad({y}, {x, unused}, {}, true));
  const auto g = grad({y}, {x, unused}, {}, true, false, true);
  expect_equal(g[0], {2});
  EXPECT_FALSE(g[1].defined());
  EXPECT_ERROR("One of the differentiated Tensors does not require grad", grad({y}, {plain}, {}, true));
  EXPECT_ERROR("does not require grad and does not have a grad_fn", plain.backward());
  EXPECT_ERROR("grad requires non-empty inputs", grad({y}, {}));
  EXPECT_FALSE(x.grad().defined());
}

TEST(Engine, BackwardIntoChosenInputs) {
  const Tensor a = leaf({2}), b = leaf({3});
  const Tensor m = a * b;
  const Tensor y = m * b;
  const std::vector<Tensor> only_b = {b};
  y.backward({}, true, false, TensorList(only_b));
  EXPECT_FALSE(a.grad().defined());
  expect_equal(b.grad(), {12});
  const std::vector<Tensor> only_m = {m};
  y.backward({}, false, false, TensorList(only_m));  // not a leaf: its gradient is kept as well
  expect_equal(m.grad(), {3});
  EXPECT_FALSE(a.grad().defined());
}

TEST(Engine, GradientsAccumulateInPlace) {
  const Tensor x = leaf({1, 2});
  (x * 2).sum().backward();
  const Tensor g = x.grad();
  (x * 3).sum().backward();
  EXPECT_TRUE(x.grad().is_same(g));
  expect_equal(g, {5, 5});
  x.mutable_grad() = Tensor();
  EXPECT_FALSE(x.grad().defined());
  (x * 4).sum().backward();
  expect_equal(x.grad(), {4, 4});
  expect_equal(g, {5, 5});
}

TEST(Engine, AGradientIsNobodyElsesMemory) {
  const Tensor x = leaf({1, 2}), z = leaf({3, 4}), v = tensor({10., 20.}, kDouble);
  (x + z).backward(v);  // the gradient of both is v itself
  x.mutable_grad().add_(1);
  expect_equal(z.grad(), {10, 20});
  expect_equal(v, {10, 20});
}

TEST(Engine, OnlyScalarsHaveAnImpliedGradient) {
  const Tensor x = leaf({1, 2});
  const Tensor y = x * 2;
  EXPECT_ERROR("grad can be implicitly created only for scalar outputs, got [2]", y.backward());
  EXPECT_ERROR("Mismatch in shape: grad_output[0] has a shape of [3] and output[0] has a shape of [2]",
               y.backward(ones({3}, kDouble)));
  y.backward(tensor({1., 10.}, kDouble));
  expect_equal(x.grad(), {2, 20});
}

TEST(Engine, SeveralRoots) {
  const Tensor x = leaf({3});
  autograd::backward({x * 2, x * x}, {tensor({1.}, kDouble), tensor({10.}, kDouble)});
  expect_equal(x.grad(), {62});
  const Tensor y = x * 5;
  autograd::backward({y, y});
  expect_equal(x.grad(), {72});
  EXPECT_ERROR("got 2 tensors and 1 gradients", autograd::backward({x * 2, x * 3}, {ones({1}, kDouble)}));
}

// Found by random programs: the way from the later root to x was lost, since the earlier one stands on it.
TEST(Engine, ARootMayLieBelowAnother) {
  const Tensor x = leaf({0.5}), w = ones({1}, kDouble);
  const Tensor low = x * 2, high = sin(low * 3);
  const double want = 2 + 6 * std::cos(3.0);
  expect_equal(grad({low, high}, {x}, {w, w}, true)[0], {want});
  expect_equal(grad({high, low}, {x}, {w, w}, true)[0], {want});
  autograd::backward({low, high}, {w, w}, true, false, {x});
  expect_equal(x.grad(), {want});
}

TEST(Engine, ALeafIsItsOwnGraph) {
  const Tensor x = leaf({7});
  x.backward();
  expect_equal(x.grad(), {1});
  expect_equal(grad({x}, {x})[0], {1});
}

TEST(Engine, GradientsTakeTypeAndShapeOfTheirTensors) {
  const Tensor a = ones({3, 1}, TensorOptions().dtype(kFloat).requires_grad(true));
  const Tensor b = ones({4}, TensorOptions().dtype(kDouble).requires_grad(true));
  (a * b).sum().backward();
  EXPECT_EQ(a.grad().scalar_type(), kFloat);
  EXPECT_EQ(b.grad().scalar_type(), kDouble);
  EXPECT_EQ(a.grad().sizes(), (std::vector<int64_t>{3, 1}));
  expect_equal(a.grad(), {4, 4, 4});
  expect_equal(b.grad(), {3, 3, 3, 3});
}

// ---- hooks
// ------------------------------------------------------------------------------------------------------------

TEST(Hooks, RunInOrderAndMayReplace) {
  const Tensor x = leaf({1});
  std::vector<int> order;
  x.register_hook([&](const Tensor&) { order.push_back(1); });
  x.register_hook([&](const Tensor& g) {
    order.push_back(2);
    return g * 10;
  });
  const unsigned third = x.register_hook([&](Tensor g) {
    order.push_back(3);
    expect_equal(g, {20});
  });
  (x * 2).backward();
  EXPECT_EQ(order, (std::vector<int>{1, 2, 3}));
  expect_equal(x.grad(), {20});
  x.remove_hook(third);
  x.remove_hook(third);
  order.clear();
  (x * 2).backward();
  EXPECT_EQ(order, (std::vector<int>{1, 2}));
}

TEST(Hooks, OfResultsSeeTheWholeGradientOnce) {
  const Tensor x = leaf({3});
  const Tensor y = x * 2;
  int calls = 0;
  y.register_hook([&](const Tensor& g) {
    ++calls;
    expect_equal(g, {5});
    return -g;
  });
  (y * 2 + y * 3).backward();
  EXPECT_EQ(calls, 1);
  expect_equal(x.grad(), {-10});
  const Tensor plain = ones({1});
  EXPECT_ERROR("cannot register a hook on a tensor that doesn't require gradient",
               plain.register_hook([](const Tensor&) {}));
}

TEST(Hooks, AnErrorReachesTheCallerAndLeavesLeavesAlone) {
  const Tensor x = leaf({3});
  const Tensor y = x * 2;
  y.register_hook([](const Tensor&) -> Tensor { fail("hook: refused"); });
  EXPECT_ERROR("hook: refused", (y * 3).backward());
  EXPECT_FALSE(x.grad().defined());
  EXPECT_TRUE(autograd::GradMode::is_enabled());
}

TEST(RetainGrad, KeepsTheGradientOfAResult) {
  const Tensor x = leaf({3});
  const Tensor y = x * x, z = y * 2;
  EXPECT_FALSE(y.retains_grad());
  y.retain_grad();
  y.retain_grad();
  EXPECT_TRUE(y.retains_grad());
  z.backward();
  expect_equal(y.grad(), {2});
  EXPECT_FALSE(z.grad().defined());
  const Tensor plain = ones({1});
  EXPECT_ERROR("can't retain_grad on Tensor that has requires_grad=False", plain.retain_grad());
}

// ---- identity
// ---------------------------------------------------------------------------------------------------------

TEST(Leaves, WhatTheyAre) {
  const Tensor x = leaf({1}), y = x * 2, plain = ones({1});
  EXPECT_TRUE(x.is_leaf() && plain.is_leaf() && !y.is_leaf());
  EXPECT_FALSE(x.grad_fn());
  EXPECT_EQ(y.grad_fn()->name(), "MulBackward0");
  EXPECT_EQ(y.output_nr(), 0);
  EXPECT_TRUE(y.requires_grad());
  {
    NoGradGuard off;
    EXPECT_FALSE((x * 2).requires_grad());
    {
      EnableGradGuard on;
      EXPECT_TRUE((x * 2).requires_grad());
    }
    EXPECT_FALSE(autograd::GradMode::is_enabled());
  }
  EXPECT_TRUE(autograd::GradMode::is_enabled());
}

TEST(Leaves, RequiresGradHasItsRules) {
  EXPECT_ERROR("only Tensors of floating point dtype can require gradients", ones({1}, kLong).requires_grad_());
  const Tensor x = leaf({1}), y = x * 2;
  EXPECT_ERROR("you can only change requires_grad flags of leaf variables.", y.requires_grad_(false));
  EXPECT_ERROR("var_no_grad = var.detach()", y.requires_grad_(false));
  y.requires_grad_(true);  // as it is
  x.requires_grad_(false);
  EXPECT_FALSE((x * 2).requires_grad());
}

TEST(Leaves, DetachSharesMemoryAndVersion) {
  const Tensor x = leaf({1, 2});
  const Tensor y = x * 2, d = y.detach();
  EXPECT_FALSE(d.requires_grad());
  EXPECT_TRUE(d.is_leaf() && d.is_alias_of(y));
  d.mul_(10);
  expect_equal(y, {20, 40});
  EXPECT_EQ(y._version(), 1);
  const Tensor z = y * y;
  d.add_(1);
  EXPECT_ERROR("modified by an inplace operation", z.sum().backward());
}

TEST(Leaves, DetachInPlaceCutsTheGraph) {
  const Tensor x = leaf({2});
  Tensor y = x * 2;
  y.detach_();
  EXPECT_TRUE(y.is_leaf() && !y.requires_grad());
  y.requires_grad_();
  (y * 3).backward();
  expect_equal(y.grad(), {3});
  EXPECT_FALSE(x.grad().defined());
  const Tensor base = x * 1;
  EXPECT_ERROR("Can't detach views in-place. Use detach() instead", base.view({1, 1}).detach_());
}

TEST(Leaves, DataIsUnseenByAutograd) {
  const Tensor x = leaf({1, 2});
  const Tensor y = (x * x).sum();
  x.data().fill_(10);
  EXPECT_EQ(x._version(), 0);
  y.backward();  // no error, and, as in PyTorch, the gradient of what x is now
  expect_equal(x.grad(), {20, 20});
}

TEST(Leaves, SetDataReplacesTheElements) {
  const Tensor x = leaf({1, 2});
  const Tensor other = tensor({5., 6., 7.}, kDouble);
  x.set_data(other);
  EXPECT_TRUE(x.is_leaf() && x.requires_grad());
  EXPECT_EQ(x.data_ptr<double>(), other.data_ptr<double>());
  (x * x).sum().backward();
  expect_equal(x.grad(), {10, 12, 14});
  EXPECT_ERROR("must be floating point", x.set_data(ones({2}, kLong)));
}

// ---- saved tensors
// ----------------------------------------------------------------------------------------------------

TEST(Saved, AnInPlaceChangeIsFoundAndBothAreNamed) {
  const Tensor x = leaf({1, 2});
  const Tensor a = x * 2;
  const Tensor y = a * a;
  a.add_(1);
  EXPECT_ERROR("one of the variables needed for gradient computation has been modified by an inplace operation",
               y.sum().backward());
  const Tensor b = x * 2, z = exp(b);
  z.mul_(3);
  const std::string text = error_of([&] { z.sum().backward(); });
  EXPECT_NE(text.find("[double [2]]"), std::string::npos) << text;
  EXPECT_NE(text.find("is at version 1; expected version 0 instead"), std::string::npos) << text;
  EXPECT_NE(text.find("ExpBackward0"), std::string::npos) << text;
}

// Found by random programs: layers whose weights are frozen do not need their inputs, which may then be changed.
TEST(Saved, OnlyWhatADerivativeWillNeed) {
  const Tensor w = tensor({1.0, 2.0, 3.0, 4.0}, kDouble).view({2, 2}), filter = w.view({1, 1, 2, 2});
  const std::vector<std::function<Tensor(const Tensor&)>> layers = {
      [&](const Tensor& x) { return matmul(x, w); },
      [&](const Tensor& x) { return linear(x, w); },
      [&](const Tensor& x) {
        return linear(x.view({1, 2, 2}), w);
      },
      [&](const Tensor& x) {
        return conv2d(x.view({1, 1, 2, 2}), filter);
      },
      [&](const Tensor& x) {
        return conv_transpose2d(x.view({1, 1, 2, 2}), filter);
      },
      [&](const Tensor& x) {
        return lerp(x, w, full({2, 2}, 0.25, kDouble));
      },
  };
  for (size_t k = 0; k < layers.size(); ++k) {
    const Tensor x = leaf({1, 2, 3, 4});
    const Tensor plain = layers[k](x.view({2, 2}) * 2);
    const Tensor want = grad({plain.sum()}, {x})[0];
    const Tensor a = x.view({2, 2}) * 2, y = layers[k](a);
    a.zero_();
    EXPECT_TRUE(grad({y.sum()}, {x})[0].equal(want)) << k;
  }
}

// A norm is linear in its bias: not even its second derivative needs the elements.
TEST(Saved, NormsDoNotNeedTheirBias) {
  const Tensor x = leaf({1, 2, 4, 8}), w = leaf({1, 2}), b = leaf({3, 4});
  for (const bool change : {false, true}) {
    const Tensor bias = b * 1, y = layer_norm(x.view({2, 2}), {2}, w, bias);
    if (change) bias.zero_();
    const auto g = grad({(y * y.detach()).sum()}, {x, b}, {}, true, true);
    EXPECT_FALSE(g[1].requires_grad());
    EXPECT_TRUE(g[1].detach().equal(y.detach().sum(0)));
    EXPECT_TRUE(grad({g[0].square().sum()}, {x})[0].defined());
  }
}

TEST(Saved, AChangeThroughAViewIsFoundToo) {
  const Tensor x = leaf({1, 2, 3});
  const Tensor a = x * 2;
  const Tensor y = a * a;
  a.slice(0, 0, 1).zero_();
  EXPECT_ERROR("modified by an inplace operation", y.sum().backward());
}

// ---- size and threads
// -------------------------------------------------------------------------------------------------

TEST(Engine, AMillionOperationsRunBackwardAndAreFreed) {
  [[maybe_unused]] const std::clock_t start = std::clock();
  const Tensor x = leaf({1});
  {
    Tensor y = x;
    for (int i = 0; i < 1000000; ++i) y = y + 1.0;
    y.backward();
    expect_equal(x.grad(), {1});
    Tensor kept = x;
    for (int i = 0; i < 1000000; ++i) kept = kept * 1.0;
  }  // the second chain is freed without having run
  // Of this process's time, for others may be busy too; far less than a second unless sanitizers watch.
#if defined(NDEBUG)
  EXPECT_LT(static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC, 3);
#endif
}

TEST(Engine, LongChainsThroughTheGraph) {
  const Tensor x = leaf({1});
  Tensor y = x;
  for (int i = 0; i < 100000; ++i) y = y * 1.0;
  const Tensor g = grad({y}, {x}, {}, {}, true)[0];
  expect_equal(g, {1});
}

TEST(Engine, EnginesInThreadsDoNotDisturbEachOther) {
  const Tensor shared = leaf({0, 0, 0});
  constexpr int rounds = 200;
  std::vector<std::thread> threads;
  std::vector<double> own(4);
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      const Tensor mine = leaf({1.0 + t});
      for (int i = 0; i < rounds; ++i) {
        (mine * mine).backward();
        (shared * (t + 1.0)).sum().backward();
      }
      own[static_cast<size_t>(t)] = mine.grad().item<double>();
    });
  for (auto& t : threads) t.join();
  for (int t = 0; t < 4; ++t) EXPECT_EQ(own[static_cast<size_t>(t)], 2 * rounds * (1.0 + t));
  expect_equal(shared.grad(), {10.0 * rounds, 10.0 * rounds, 10.0 * rounds});
}

TEST(Engine, ABackwardInsideABackward) {
  const Tensor x = leaf({3});
  const Tensor y = record("nested", x.detach() * 2, {x}, [](const Tensor& g, Node&) {
    EnableGradGuard on;
    const Tensor inner = leaf({5});
    return g * grad({inner * inner}, {inner})[0];
  });
  y.backward();
  expect_equal(x.grad(), {10});
}

// ---- wrong backward functions
// -----------------------------------------------------------------------------------------

TEST(Engine, BackwardFunctionsAreHeldToShapeTypeAndCount) {
  const Tensor x = leaf({1, 2});
  auto with = [&](auto backward) { return record("twisted", x * 2, {x}, backward).sum(); };
  EXPECT_ERROR(
      "Function TwistedBackward0 returned an invalid gradient at index 0 - got [3] but expected shape "
      "compatible with [2]",
      with([](const Tensor&, Node&) { return ones({3}, kDouble); }).backward());
  EXPECT_ERROR("expected dtype Double but got Long",
               with([](const Tensor&, Node&) { return ones({2}, kLong); }).backward());
  EXPECT_ERROR("returned an incorrect number of gradients (expected 1, got 2)", with([](const Tensor& g, Node&) {
                                                                                  return std::array<Tensor, 2>{g, g};
                                                                                }).backward());
  with([](const Tensor&, Node&) { return Tensor(); }).backward();  // no gradient is a zero
  EXPECT_FALSE(x.grad().defined());
  with([](const Tensor& g, Node&) { return g.to(kFloat); }).backward();
  EXPECT_EQ(x.grad().scalar_type(), kDouble);
}

TEST(Engine, WithoutADerivativeBackwardSaysSo) {
  const Tensor x = leaf({1});
  const Tensor y = record_not_differentiable("bessel", x.detach() * 2, {x});
  EXPECT_TRUE(y.requires_grad());
  EXPECT_ERROR("the derivative for 'bessel' is not implemented", y.backward());
}

TEST(Engine, SeveralOutputs) {
  const Tensor x = leaf({1, 2});
  const Tensor a = x.detach() * 2, b = x.detach() * 3;
  std::vector<bool> defined;
  record_many("pair", std::vector<Tensor>{a, b}, {x}, [&](const Grads& g, Node&) {
    defined = {g[0].defined(), g[1].defined()};
    return g[1].defined() ? g[1] * 3 : g[0] * 2;
  });
  EXPECT_EQ(b.output_nr(), 1);
  b.sum().backward();
  EXPECT_EQ(defined, (std::vector<bool>{false, true}));
  expect_equal(x.grad(), {3, 3});
}

// ---- gradcheck
// --------------------------------------------------------------------------------------------------------

using Inputs1 = const std::vector<Tensor>&;

// exp whose derivative is off by a factor.
Tensor twisted_exp(const Tensor& x, double factor) {
  const Tensor y = exp(x.detach());
  return record("twisted_exp", y, {x}, [x, factor](const Tensor& g, Node&) { return g * exp(x) * factor; });
}

// softmax with the gradient zero: what the right one is under sum().
Tensor twisted_softmax(const Tensor& x) {
  const Tensor y = softmax(x.detach(), -1);
  return record("twisted_softmax", y, {x}, [](const Tensor& g, Node&) { return g - g; });
}

TEST(Gradcheck, AcceptsRightGradients) {
  const Tensor x = leaf({0.3, -0.7, 1.1}), w = leaf({1.5, 0.2, -0.4});
  EXPECT_TRUE(autograd::gradcheck([](Inputs1 in) { return exp(in[0]) * in[1]; }, {x, w}));
  EXPECT_TRUE(autograd::gradgradcheck([](Inputs1 in) { return exp(in[0]) * in[1]; }, {x, w}));
  EXPECT_TRUE(autograd::gradcheck([](Inputs1 in) { return twisted_exp(in[0], 1); }, {x}));
  EXPECT_TRUE(autograd::gradgradcheck([](Inputs1 in) { return softmax(in[0], -1); }, {x}));
  EXPECT_FALSE(x.grad().defined());
}

TEST(Gradcheck, RefusesWrongGradients) {
  const Tensor x = leaf({0.3, -0.7, 1.1});
  autograd::GradcheckOptions quiet;
  quiet.raise_exception = false;
  EXPECT_FALSE(autograd::gradcheck([](Inputs1 in) { return twisted_exp(in[0], 1.01); }, {x}, quiet));
  EXPECT_FALSE(autograd::gradcheck([](Inputs1 in) { return twisted_exp(in[0], -1); }, {x}, quiet));
  EXPECT_ERROR("gradcheck: Jacobian mismatch for the input 0",
               autograd::gradcheck([](Inputs1 in) { return twisted_exp(in[0], 1.01); }, {x}));
  // Right in first order, and cut out of the graph: wrong in second order only.
  auto once = [](Inputs1 in) {
    const Tensor x = in[0];
    return record("once", exp(x.detach()), {x}, [x](const Tensor& g, Node&) { return g * exp(x.detach()); });
  };
  EXPECT_TRUE(autograd::gradcheck(once, {x}, quiet));
  EXPECT_FALSE(autograd::gradgradcheck(once, {x}, quiet));
}

TEST(Gradcheck, SeesWhatASumWouldHide) {
  const Tensor x = leaf({0.3, -0.7, 1.1});
  // Under sum() the zero gradient is right, for a softmax sums to one; the random cotangent finds it.
  expect_equal(grad({softmax(x, -1).sum()}, {x})[0], {0, 0, 0});
  autograd::GradcheckOptions quiet;
  quiet.raise_exception = false;
  EXPECT_FALSE(autograd::gradcheck([](Inputs1 in) { return twisted_softmax(in[0]); }, {x}, quiet));
  EXPECT_GT(autograd::directional_error([](Inputs1 in) { return twisted_softmax(in[0]); }, {x}), 1e-3);
}

TEST(Gradcheck, AsksForDoublesThatRequireGrad) {
  auto twice = [](Inputs1 in) { return in[0] * 2; };
  EXPECT_ERROR("gradcheck", autograd::gradcheck(twice, {ones({2}, kDouble)}));
  EXPECT_ERROR("gradcheck", autograd::gradcheck(twice, {ones({2}, requires_grad())}));
}

}  // namespace
