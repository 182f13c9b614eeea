// L-BFGS: numbers of PyTorch, state, errors.
#include "gradus/optim/lbfgs.h"

#include <gtest/gtest.h>

#include "gradus/tests/optim/problem.h"

using namespace gradus;
using namespace optim_tests;
using optim::LBFGS;
using optim::LBFGSOptions;
using optim::LBFGSParamState;

namespace {

// The chain of valleys of record.py, over parameters of 3 and of 5 numbers.
struct Valleys {
  std::vector<Tensor> p;
  std::unique_ptr<LBFGS> optimizer;
  int calls = 0;

  Valleys(ScalarType dtype, const LBFGSOptions& options) {
    for (int64_t n : {3, 5}) p.push_back((((arange(n) % 5) - 2).to(dtype) / 2).requires_grad_());
    optimizer = std::make_unique<LBFGS>(p, options);
  }
  Tensor loss() {
    ++calls;
    optimizer->zero_grad();
    const Tensor x = cat({p[0], p[1]}), a = x.narrow(0, 0, 7), b = x.narrow(0, 1, 7);
    const Tensor l = (10 * (b - a * a).square() + (1 - a).square()).sum();
    l.backward();
    return l;
  }
  double step() {
    return optimizer->step([this] { return loss(); }).item<double>();
  }
  Tensor all() const { return cat({p[0].detach(), p[1].detach()}); }
  LBFGSParamState& state() { return static_cast<LBFGSParamState&>(*optimizer->state().at(p[0].unsafeGetTensorImpl())); }
};

const std::map<std::string, LBFGSOptions>& options() {
  static const std::map<std::string, LBFGSOptions> all = {
      {"fixed", LBFGSOptions(0.05).max_iter(3).history_size(4)},
      {"wolfe", LBFGSOptions(1).max_iter(3).history_size(4).line_search_fn("strong_wolfe")},
      {"wolfe_long", LBFGSOptions(0.8).max_iter(20).max_eval(9).line_search_fn("strong_wolfe")},
      {"tolerant", LBFGSOptions(1).tolerance_grad(1e-2).tolerance_change(1e-3).line_search_fn("strong_wolfe")},
  };
  return all;
}

}  // namespace

TEST(Lbfgs, AsRecorded) {
  ASSERT_EQ(options().size(), recorded::lbfgs.size());
  for (const auto& [name, want] : recorded::lbfgs) {
    Valleys v(kDouble, options().at(name));
    for (size_t t = 0; t < 100; ++t) ASSERT_NEAR(v.step(), want[t], 1e-6) << name << ", step " << t;
    for (int64_t i = 0; i < 8; ++i)
      EXPECT_NEAR(v.all()[i].item<double>(), want[100 + static_cast<size_t>(i)], 1e-6) << name << ", element " << i;
  }
}

TEST(Lbfgs, FloatsGoTheSameWay) {
  for (const auto& [name, want] : recorded::lbfgs) {
    Valleys v(kFloat, options().at(name));
    for (size_t t = 0; t < 2; ++t) EXPECT_NEAR(v.step(), want[t], 1e-5 * std::max(1.0, want[t])) << name;
    for (int t = 0; t < 98; ++t) v.step();
    if (name.starts_with("wolfe")) {
      EXPECT_TRUE(allclose(v.all(), ones({8}), 0, 1e-3)) << name << v.all();
    }
  }
}

TEST(Lbfgs, CountsAndLimits) {
  Valleys v(kDouble, LBFGSOptions(1).max_iter(20).max_eval(9).line_search_fn("strong_wolfe"));
  v.step();
  EXPECT_EQ(v.state().func_evals(), v.calls);
  EXPECT_GE(v.calls, 9);
  EXPECT_LE(v.calls, 9 + 8);  // the search that begins below the limit ends within it
  EXPECT_EQ(v.state().old_dirs().size(), v.state().ro().size());
  Valleys few(kDouble, LBFGSOptions(0.05).max_iter(3).history_size(2));
  for (int t = 0; t < 5; ++t) few.step();
  EXPECT_EQ(few.state().n_iter(), 10);  // max_eval is 3, of which one comes before the first iteration
  EXPECT_EQ(few.calls, 15);
  Valleys last(kDouble, LBFGSOptions(0.05).max_iter(3).max_eval(9));
  last.step();
  EXPECT_EQ(last.state().n_iter(), 3);
  EXPECT_EQ(last.calls, 3);  // no evaluation after the last iteration
  EXPECT_EQ(few.state().old_stps().size(), 2u);
  EXPECT_EQ(few.state().al()->size(), 2u);
  const LBFGSOptions defaults = static_cast<LBFGSOptions&>(LBFGS({few.p[0]}).defaults());
  EXPECT_EQ(defaults.max_eval(), 25);
  EXPECT_EQ(LBFGSOptions().max_eval(), std::nullopt);
}

TEST(Lbfgs, StopsAtTheBottom) {
  Tensor p = zeros({3}).requires_grad_();
  LBFGS o({p});
  int calls = 0;
  auto closure = [&] {
    ++calls;
    o.zero_grad();
    Tensor l = p.square().sum();
    l.backward();
    return l;
  };
  o.step(closure);
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(static_cast<LBFGSParamState&>(*o.state().begin()->second).n_iter(), 0);
}

TEST(Lbfgs, TakesParametersWithoutGradientsAndOfAnyLayout) {
  const Tensor start = tensor(std::vector<double>{1, 2, 3, 4, 5, 6}, kDouble).view({2, 3});
  Tensor turned = start.t().contiguous().t().requires_grad_(), plain = start.clone().requires_grad_();
  Tensor unused = ones({4}, kDouble).requires_grad_();
  ASSERT_FALSE(turned.is_contiguous());
  for (Tensor p : {turned, plain}) {
    LBFGS o({unused, p}, LBFGSOptions(0.5).max_iter(4).line_search_fn("strong_wolfe"));
    o.step([&] {
      o.zero_grad();
      Tensor l = ((p - 1).square() * (start + 1)).sum();
      l.backward();
      return l;
    });
  }
  EXPECT_TRUE(equal(turned, plain));
  EXPECT_TRUE(equal(unused, ones({4}, kDouble)));
  EXPECT_FALSE(equal(plain, start));
}

TEST(Lbfgs, StateMovesToAnother) {
  for (const auto& [name, o] : options()) {
    Valleys a(kDouble, o), b(kDouble, LBFGSOptions(99));
    for (int t = 0; t < 3; ++t) a.step();
    {
      NoGradGuard no_grad;
      for (size_t i = 0; i < 2; ++i) b.p[i].copy_(a.p[i]);
    }
    const StateDict state = a.optimizer->state_dict();
    b.optimizer->load_state_dict(state);
    EXPECT_TRUE(a.state() == b.state());
    EXPECT_TRUE(static_cast<LBFGSOptions&>(b.optimizer->param_groups()[0].options()) ==
                static_cast<LBFGSOptions&>(a.optimizer->param_groups()[0].options()));
    for (int t = 0; t < 4; ++t) {
      EXPECT_EQ(a.step(), b.step());
      EXPECT_TRUE(equal(a.all(), b.all())) << name;
    }
    EXPECT_EQ(state.contains("param_groups.0.line_search_fn"), o.line_search_fn().has_value());
    EXPECT_TRUE(state.contains("state.0.old_dirs.0"));
  }
}

TEST(Lbfgs, LoadsAllOrNothing) {
  Valleys a(kDouble, LBFGSOptions(0.1).max_iter(3));
  a.step();
  StateDict state = a.optimizer->state_dict();
  state["state.0.old_dirs.0"] = zeros({3});
  EXPECT_EQ(error_of([&] { a.optimizer->load_state_dict(state); }),
            "Optimizer::load_state_dict: expected \"state.0.old_dirs.0\" of the shape [8], got [3]");
  state = a.optimizer->state_dict();
  state["state.0.ro.0"] = zeros({8});
  EXPECT_EQ(error_of([&] { a.optimizer->load_state_dict(state); }),
            "Optimizer::load_state_dict: expected \"state.0.ro.0\" of the shape [], got [8]");
  EXPECT_TRUE(a.state() == a.state());
}

TEST(Lbfgs, Refuses) {
  Tensor p = ones({1}).requires_grad_(), q = ones({1}).requires_grad_();
  EXPECT_EQ(error_of([&] {
              LBFGS({optim::OptimizerParamGroup({p}), optim::OptimizerParamGroup({q})});
            }),
            "LBFGS doesn't support per-parameter options (parameter groups)");
  EXPECT_EQ(error_of([&] { LBFGS({p}, -1); }), "Invalid learning rate: -1");
  EXPECT_EQ(error_of([&] { LBFGS({p}).step(nullptr); }), "LBFGS requires a closure function");
  LBFGS o({p}, LBFGSOptions().line_search_fn("golden"));
  EXPECT_EQ(error_of([&] {
              o.step([&] {
                o.zero_grad();
                Tensor l = p.square().sum();
                l.backward();
                return l;
              });
            }),
            "only 'strong_wolfe' is supported");
}
