// Custom functions, checkpoints, anomaly mode, hooks after accumulation, nested engines.
#include "gradus/autograd/function.h"

#include <gtest/gtest.h>

#include <thread>

#include "gradus/gradus.h"
#include "gradus/tensor/warning.h"

using namespace gradus;
using autograd::AutogradContext;
using autograd::Function;
using autograd::variable_list;

namespace {

template <class F>
void expect_error(const F& f, const std::string& text) {
  try {
    f();
    FAIL() << "no error: " << text;
  } catch (const Error& e) {
    EXPECT_NE(std::string(e.what()).find(text), std::string::npos) << e.what();
  }
}

// y = x + scale * a * b, as in LibTorch's own tests: tensors, numbers and default arguments mixed.
struct Scaled : Function<Scaled> {
  static Tensor forward(AutogradContext* ctx, const Tensor& a, int64_t scale, const Tensor& b, double shift = 0.5) {
    ctx->saved_data["scale"] = scale;
    ctx->saved_data["shift"] = shift;
    ctx->save_for_backward({a, b});
    return a + scale * a * b + shift;
  }
  static variable_list backward(AutogradContext* ctx, variable_list g) {
    const int64_t scale = ctx->saved_data["scale"].toInt();
    EXPECT_EQ(ctx->saved_data["shift"].toDouble(), 0.5);
    const variable_list saved = ctx->get_saved_variables();
    EXPECT_TRUE(ctx->needs_input_grad(0));
    return {g[0] + g[0] * scale * saved[1], Tensor(), g[0] * scale * saved[0], Tensor()};
  }
};

TEST(CustomFunction, GradientsOfEveryOrder) {
  const Tensor a = randn({3, 4}, kDouble).requires_grad_(), b = randn({3, 4}, kDouble).requires_grad_();
  auto f = [](const std::vector<Tensor>& x) { return Scaled::apply(x[0], int64_t{2}, x[1]); };
  EXPECT_TRUE(autograd::gradcheck(f, {a, b}));
  EXPECT_TRUE(autograd::gradgradcheck(f, {a, b}));
  const Tensor y = Scaled::apply(a, int64_t{2}, b);
  EXPECT_TRUE(allclose(y, a + 2 * a * b + 0.5));
  EXPECT_NE(y.grad_fn()->name().find("Scaled"), std::string::npos);
  NoGradGuard off;
  EXPECT_FALSE(Scaled::apply(a, int64_t{2}, b).requires_grad());
}

struct SavesOutput : Function<SavesOutput> {
  static Tensor forward(AutogradContext* ctx, const Tensor& x) {
    const Tensor y = exp(x);
    ctx->save_for_backward({y});
    return y;
  }
  static variable_list backward(AutogradContext* ctx, variable_list g) {
    return {g[0] * ctx->get_saved_variables()[0]};
  }
};

TEST(CustomFunction, SavedOutputsFormNoCycleAndDifferentiateTwice) {
  const int64_t before = memory_stats().live;
  {
    const Tensor x = randn({500}, kDouble).requires_grad_();
    auto f = [](const std::vector<Tensor>& in) { return SavesOutput::apply(in[0].slice(0, 0, 5)); };
    EXPECT_TRUE(autograd::gradgradcheck(f, {x}));
    const Tensor y = SavesOutput::apply(x).sum();
    y.backward();
    expect_error([&] { y.backward(); }, "Trying to backward through the graph a second time");
  }
  EXPECT_EQ(memory_stats().live, before);
}

struct ThreeOutputs : Function<ThreeOutputs> {
  static variable_list forward(AutogradContext* ctx, const variable_list& x) {
    const Tensor index = x[0].argmax();
    const Tensor step = (x[0] > 0).to(x[0].scalar_type());
    ctx->mark_non_differentiable({step});
    return {x[0] * 2, x[1] * 3, index, step};
  }
  static variable_list backward(AutogradContext*, variable_list g) {
    EXPECT_TRUE(g[0].defined());
    EXPECT_TRUE(g[1].defined());  // nobody asked: zeros
    EXPECT_EQ(g[1].abs().sum().item<double>(), 0);
    return {g[0] * 2, g[1] * 3};
  }
};

TEST(CustomFunction, ListsNonDifferentiableOutputsAndMissingGradients) {
  const Tensor a = randn({4}).requires_grad_(), b = randn({4}).requires_grad_();
  const variable_list y = ThreeOutputs::apply(variable_list{a, b});
  EXPECT_TRUE(y[0].requires_grad());
  EXPECT_TRUE(y[1].requires_grad());
  EXPECT_FALSE(y[2].requires_grad());
  EXPECT_FALSE(y[3].requires_grad());
  EXPECT_EQ(y[1].output_nr(), 1);
  y[0].sum().backward();
  EXPECT_TRUE(allclose(a.grad(), full({4}, 2.0)));
}

struct Unmaterialized : Function<Unmaterialized> {
  static variable_list forward(AutogradContext* ctx, const Tensor& x) {
    ctx->set_materialize_grads(false);
    return {x * 2, x * 3};
  }
  static variable_list backward(AutogradContext*, variable_list g) {
    EXPECT_FALSE(g[0].defined());
    return {g[1] * 3};
  }
};

TEST(CustomFunction, GradientsMayStayUndefined) {
  const Tensor x = ones({2}).requires_grad_();
  Unmaterialized::apply(x)[1].sum().backward();
  EXPECT_TRUE(allclose(x.grad(), full({2}, 3.0)));
}

struct DoubleInPlace : Function<DoubleInPlace> {
  static Tensor forward(AutogradContext* ctx, Tensor x) {
    ctx->mark_dirty({x});
    x.mul_(2);
    return x;
  }
  static variable_list backward(AutogradContext*, variable_list g) { return {g[0] * 2}; }
};

struct ReturnsInput : Function<ReturnsInput> {
  static Tensor forward(AutogradContext*, Tensor x) { return x; }
  static variable_list backward(AutogradContext*, variable_list g) { return {g[0] * 5}; }
};

TEST(CustomFunction, InputsChangedOrReturned) {
  const Tensor x = ones({3}).requires_grad_();
  const Tensor t = x * 3;
  const int64_t version = t._version();
  const Tensor y = DoubleInPlace::apply(t);
  EXPECT_TRUE(y.is_same(t));
  EXPECT_GT(t._version(), version);
  y.sum().backward();
  EXPECT_TRUE(allclose(x.grad(), full({3}, 6.0)));
  expect_error([&] { DoubleInPlace::apply(ones({2}).requires_grad_()); }, "a leaf Variable that requires grad");

  const Tensor z = ones({3}).requires_grad_();
  const Tensor same = ReturnsInput::apply(z);
  EXPECT_FALSE(same.is_same(z));
  EXPECT_TRUE(same.is_alias_of(z));
  EXPECT_TRUE(z.is_leaf());
  same.sum().backward();
  EXPECT_TRUE(allclose(z.grad(), full({3}, 5.0)));
}

struct Wrong : Function<Wrong> {
  static Tensor forward(AutogradContext* ctx, const Tensor& x, int64_t how) {
    ctx->saved_data["how"] = how;
    return x * 2;
  }
  static variable_list backward(AutogradContext* ctx, variable_list g) {
    switch (ctx->saved_data["how"].toInt()) {
      case 0:
        return {g[0]};
      case 1:
        return {g[0], g[0]};
      case 2:
        return {ones({5}), Tensor()};
      default:
        return {g[0] * 2, Tensor(), Tensor()};
    }
  }
};

TEST(CustomFunction, WrongGradientsAreNamed) {
  const Tensor x = ones({2}).requires_grad_();
  auto run = [&](int64_t how) { return [&x, how] { Wrong::apply(x, how).sum().backward(); }; };
  expect_error(run(0), "returned an incorrect number of gradients (expected 2, got 1)");
  expect_error(run(1), "returned a gradient different from None at position 2, but the corresponding forward input");
  expect_error(run(2), "but expected shape compatible with [2]");
  EXPECT_NO_THROW(run(3)());  // superfluous undefined ones are allowed
}

struct ChangedAfterwards : Function<ChangedAfterwards> {
  static Tensor forward(AutogradContext* ctx, const Tensor& x) {
    ctx->save_for_backward({x, Tensor()});
    return x * x;
  }
  static variable_list backward(AutogradContext* ctx, variable_list g) {
    EXPECT_FALSE(ctx->get_saved_variables()[1].defined());
    return {2 * g[0] * ctx->get_saved_variables()[0]};
  }
};

TEST(CustomFunction, AChangedSavedTensorIsFound) {
  const Tensor x = ones({2}).requires_grad_();
  const Tensor t = x * 2;
  const Tensor y = ChangedAfterwards::apply(t);
  t.add_(1);
  expect_error([&] { y.sum().backward(); }, "has been modified by an inplace operation");
}

// backward inside backward, deeper than one stack could hold.
struct Nested : Function<Nested> {
  static Tensor forward(AutogradContext* ctx, const Tensor& x, int64_t depth) {
    ctx->saved_data["depth"] = depth;
    ctx->save_for_backward({x});
    return x.clone();
  }
  static variable_list backward(AutogradContext* ctx, variable_list g) {
    const int64_t depth = ctx->saved_data["depth"].toInt();
    if (depth == 0) return {g[0], Tensor()};
    EnableGradGuard on;
    const Tensor x = ctx->get_saved_variables()[0].detach().requires_grad_();
    Nested::apply(x, depth - 1).sum().backward();
    return {g[0] * x.grad(), Tensor()};
  }
};

TEST(Engine, BackwardInsideBackwardToAnyDepth) {
  const Tensor x = ones({1}).requires_grad_();
  Nested::apply(x, int64_t{8193}).sum().backward();
  EXPECT_EQ(x.grad().item<float>(), 1);
}

struct FailsDeepInside : Function<FailsDeepInside> {
  static Tensor forward(AutogradContext* ctx, const Tensor& x, int64_t depth) {
    ctx->saved_data["depth"] = depth;
    return x.clone();
  }
  static variable_list backward(AutogradContext* ctx, variable_list g) {
    const int64_t depth = ctx->saved_data["depth"].toInt();
    check(depth > 0, "far down");
    EnableGradGuard on;
    FailsDeepInside::apply(ones({1}).requires_grad_(), depth - 1).sum().backward();
    return {g[0], Tensor()};
  }
};

TEST(Engine, AnErrorComesUpFromAnyDepth) {
  for (const int64_t depth : {0, 1, 99, 100, 101, 350})
    expect_error([&] { FailsDeepInside::apply(ones({1}).requires_grad_(), depth).sum().backward(); }, "far down");
}

// ---- checkpoints ----------------------------------------------------------------------------------------------------

nn::Sequential block(int64_t width) {
  return nn::Sequential(nn::Linear(width, width), nn::Tanh(), nn::Dropout(0.3), nn::Linear(width, width),
                        nn::Sigmoid());
}

TEST(Checkpoint, GivesTheGradientsOfAPlainCall) {
  manual_seed(3);
  auto net = block(6);
  net->to(kDouble);
  const Tensor x = randn({5, 6}, kDouble).requires_grad_();
  auto gradients = [&](bool checkpointed) {
    manual_seed(7);
    auto f = [&](const Tensor& t) { return net->forward(t * 2); };
    const Tensor y = checkpointed ? autograd::checkpoint(f, x) : f(x);
    const double after = rand({1}).item<double>();
    variable_list wanted = net->parameters();
    wanted.push_back(x);
    variable_list first = autograd::grad({(y * y).sum()}, wanted, {}, true, true);
    const variable_list second = autograd::grad({(first.back() * first.back()).sum()}, {x}, {}, true);
    first.push_back(second[0]);
    first.push_back(full({1}, after));
    first.push_back(rand({1}));  // the generator is where it would be
    return first;
  };
  const variable_list plain = gradients(false), again = gradients(true);
  ASSERT_EQ(plain.size(), again.size());
  for (size_t i = 0; i < plain.size(); ++i) EXPECT_TRUE(equal(plain[i], again[i])) << i;
}

TEST(Checkpoint, KeepsNothingUntilBackward) {
  const Tensor x = ones({1 << 16}).requires_grad_();
  auto f = [](const Tensor& t) {
    Tensor y = t;
    for (int i = 0; i < 20; ++i) y = tanh(y);
    return y;
  };
  auto kept = [&](bool checkpointed) {
    const int64_t before = memory_stats().live;
    const Tensor y = checkpointed ? autograd::checkpoint(f, x) : f(x);
    const int64_t live = memory_stats().live - before;
    y.sum().backward();
    return live;
  };
  const int64_t bytes = (1 << 16) * 4;
  EXPECT_GT(kept(false), 19 * bytes);
  EXPECT_LT(kept(true), 2 * bytes);
}

TEST(Checkpoint, NestsAndSaysWhenTheSecondRunDiffers) {
  const Tensor x = randn({8}, kDouble).requires_grad_();
  auto inner = [](const Tensor& t) { return exp(sin(t)); };
  auto outer = [&](const std::vector<Tensor>& in) {
    return autograd::checkpoint([&](const Tensor& t) { return autograd::checkpoint(inner, t * 2) * t; }, in[0]);
  };
  EXPECT_TRUE(autograd::gradcheck(outer, {x}));
  EXPECT_TRUE(autograd::gradgradcheck(outer, {x}));
  int calls = 0;
  const Tensor y = autograd::checkpoint([&](const Tensor& t) { return calls++ == 0 ? exp(t) * t : t * 2; }, x * 1.0);
  expect_error([&] { y.sum().backward(); }, "A different number of tensors was saved");
}

// ---- anomaly mode ---------------------------------------------------------------------------------------------------

struct Words : WarningHandler {
  std::string text;
  void process(const Warning& w) override { text += w.msg(); }
};

TEST(Anomaly, NamesTheOperationThatGaveNanAndWhereItWasCalled) {
  Words words;
  WarningUtils::set_warning_handler(&words);
  const Tensor x = zeros({2}).requires_grad_();
  {
    autograd::DetectAnomalyGuard guard;
    expect_error([&] { (sqrt(x) * 0.0).sum().backward(); },
                 "Function 'SqrtBackward0' returned nan values in its 0th output.");
    EXPECT_NE(words.text.find("Error detected in SqrtBackward0. Traceback of forward call"), std::string::npos);
    EXPECT_NE(words.text.find("gradus::sqrt"), std::string::npos) << words.text;
  }
  EXPECT_FALSE(autograd::AnomalyMode::is_enabled());
  words.text.clear();
  const Tensor y = (sqrt(x) * 0.0).sum();
  {
    autograd::DetectAnomalyGuard guard;
    expect_error([&] { y.backward(); }, "returned nan");
    EXPECT_NE(words.text.find("No forward pass information available"), std::string::npos);
  }
  {
    autograd::DetectAnomalyGuard guard(false);
    EXPECT_NO_THROW((sqrt(x) * 0.0).sum().backward());
  }
  WarningUtils::set_warning_handler(nullptr);
}

// ---- hooks and threads ----------------------------------------------------------------------------------------------

TEST(Hooks, RunAfterAccumulation) {
  const Tensor x = ones({3}).requires_grad_();
  std::vector<float> seen;
  const unsigned handle = x.register_post_accumulate_grad_hook([&](const Tensor& leaf) {
    EXPECT_TRUE(leaf.is_same(x));
    seen.push_back(leaf.grad()[0].item<float>());
  });
  (x * 2).sum().backward();
  (x * 3).sum().backward();
  EXPECT_EQ(seen, (std::vector<float>{2, 5}));
  x.remove_hook(handle);
  x.sum().backward();
  EXPECT_EQ(seen.size(), 2u);
  expect_error([&] { (x * 2).register_post_accumulate_grad_hook([](const Tensor&) {}); }, "non-leaf");
  Tensor y;
  {
    const Tensor gone = ones({2}).requires_grad_();
    gone.register_post_accumulate_grad_hook([&](const Tensor&) { seen.push_back(0); });
    y = (gone * 2).sum();
  }
  y.backward();  // nobody is left to tell
  EXPECT_EQ(seen.size(), 2u);
}

TEST(Engine, ThreadsIntoOneLeafLoseNothing) {
  const Tensor x = zeros({1000}).requires_grad_();
  constexpr int threads = 4, rounds = 200;
  std::vector<std::thread> team;
  for (int t = 0; t < threads; ++t)
    team.emplace_back([&] {
      for (int i = 0; i < rounds; ++i) (x * 1.0).sum().backward();
    });
  for (std::thread& t : team) t.join();
  EXPECT_TRUE(equal(x.grad(), full({1000}, float(threads * rounds))));
}

}  // namespace
