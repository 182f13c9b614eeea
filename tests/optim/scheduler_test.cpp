// Schedules: the rates of PyTorch, state, warmups.
#include <gtest/gtest.h>

#include <cmath>

#include "gradus/gradus.h"
#include "gradus/optim/optim.h"
#include "gradus/tests/optim/recorded.h"

using namespace gradus;
using namespace gradus::optim;

namespace {

template <class F>
std::string error_of(F f) {
  try {
    f();
  } catch (const Error& e) {
    return e.what();
  }
  return "no error";
}

using Schedule = std::shared_ptr<LRScheduler>;
using Make = std::function<Schedule(Optimizer&)>;

template <class S, class... A>
Make make(A... a) {
  return [=](Optimizer& o) -> Schedule { return std::make_shared<S>(o, a...); };
}

// SGD with groups of rates 0.1, 0.2, ..., as in record.py.
struct Groups {
  std::unique_ptr<SGD> optimizer;
  explicit Groups(int count = 1) {
    std::vector<OptimizerParamGroup> groups;
    for (int i = 0; i < count; ++i)
      groups.emplace_back(std::vector{zeros({1}).requires_grad_()},
                          std::make_unique<SGDOptions>(SGDOptions(0.1 * (i + 1))));
    optimizer = std::make_unique<SGD>(groups, SGDOptions(0.1));
  }
  double last() const { return optimizer->param_groups().back().options().get_lr(); }
};

const std::map<std::string, Make>& schedules() {
  static const std::map<std::string, Make> all = {
      {"step", make<StepLR>(7, 0.5)},
      {"multi_step", make<MultiStepLR>(std::vector<int64_t>{3, 10, 10, 40}, 0.3)},
      {"exponential", make<ExponentialLR>(0.97)},
      {"cosine", make<CosineAnnealingLR>(30, 0.01)},
      {"linear", make<LinearLR>(0.25, 0.9, 20)},
      {"constant", make<ConstantLR>(0.25, 12)},
      {"polynomial", make<PolynomialLR>(40, 2.0)},
      {"lambda", make<LambdaLR>([](int64_t e) { return 1 / (1 + 0.1 * static_cast<double>(e)); })},
      {"one_cycle", make<OneCycleLR>(0.5, 101)},
      {"one_cycle_linear",
       make<OneCycleLR>(
           0.5, 101,
           OneCycleLROptions().pct_start(0.2).anneal_strategy("linear").div_factor(10).final_div_factor(100))},
      {"one_cycle_three", make<OneCycleLR>(0.5, 101, OneCycleLROptions().three_phase(true))},
      {"sequential",
       [](Optimizer& o) -> Schedule {
         return std::make_shared<SequentialLR>(
             o,
             std::vector<Schedule>{std::make_shared<ConstantLR>(o, 0.1, 5), std::make_shared<ExponentialLR>(o, 0.9),
                                   std::make_shared<StepLR>(o, 4, 0.5)},
             std::vector<int64_t>{8, 40});
       }},
      {"warmup_cosine", make<WarmupCosineLR>(10, 100, 0.01, 0.001)},
  };
  return all;
}

void expect_rates(const std::string& name, const std::vector<double>& want, int groups) {
  Groups g(groups);
  const Schedule s = schedules().at(name)(*g.optimizer);
  for (size_t t = 0; t < want.size(); ++t) {
    ASSERT_NEAR(g.last(), want[t], 1e-13) << name << ", step " << t;
    EXPECT_EQ(s->get_last_lr().back(), g.last());
    s->step();
  }
  EXPECT_EQ(s->last_epoch(), static_cast<int64_t>(want.size()));
}

}  // namespace

TEST(Scheduler, RatesAsRecorded) {
  ASSERT_EQ(schedules().size(), recorded::rates.size());
  for (const auto& [name, want] : recorded::rates) expect_rates(name, want, 1);
  for (const auto& [name, want] : recorded::second_group_rates) expect_rates(name, want, 2);
}

TEST(Scheduler, StateMovesToAnother) {
  for (const auto& [name, make_one] : schedules()) {
    Groups a, b;
    const Schedule first = make_one(*a.optimizer), second = make_one(*b.optimizer);
    for (int t = 0; t < 13; ++t) first->step();
    second->load_state_dict(first->state_dict());
    b.optimizer->load_state_dict(a.optimizer->state_dict());
    EXPECT_EQ(first->get_last_lr(), second->get_last_lr());
    for (int t = 0; t < 40; ++t) {
      EXPECT_EQ(a.last(), b.last()) << name << ", step " << t;
      first->step();
      second->step();
    }
  }
}

TEST(Scheduler, LoadsAllOrNothing) {
  Groups g;
  StepLR s(*g.optimizer, 3);
  s.step();
  StateDict state = s.state_dict();
  EXPECT_EQ(state.keys(), (std::vector<std::string>{"last_epoch", "base_lrs", "last_lr"}));
  state["last_epoch"] = scalar_tensor(int64_t{50});
  state["last_lr"] = zeros({2});
  EXPECT_EQ(error_of([&] { s.load_state_dict(state); }),
            "LRScheduler::load_state_dict: expected 1 number(s) in \"last_lr\", got [2]");
  EXPECT_EQ(s.last_epoch(), 1);
  EXPECT_EQ(error_of([&] { s.load_state_dict(StateDict()); }),
            "LRScheduler::load_state_dict: missing key \"last_epoch\"");
}

TEST(Scheduler, SeveralMultiply) {
  Groups g;
  ExponentialLR a(*g.optimizer, 0.9);
  StepLR b(*g.optimizer, 2, 0.5);
  for (int t = 1; t <= 4; ++t) {
    a.step();
    b.step();
    EXPECT_NEAR(g.last(), 0.1 * std::pow(0.9, t) * std::pow(0.5, t / 2), 1e-15);
  }
}

TEST(Scheduler, OneCycleMovesMomentumToo) {
  Tensor p = zeros({1}).requires_grad_();
  AdamW o({p}, AdamWOptions(0.1));
  OneCycleLR s(o, 1.0, 11, OneCycleLROptions().pct_start(0.5));
  auto beta1 = [&] { return std::get<0>(static_cast<AdamWOptions&>(o.param_groups()[0].options()).betas()); };
  EXPECT_DOUBLE_EQ(beta1(), 0.95);
  double lowest = 1;
  for (int t = 0; t < 10; ++t) {
    s.step();
    lowest = std::min(lowest, beta1());
  }
  EXPECT_DOUBLE_EQ(beta1(), 0.95);
  EXPECT_LT(lowest, 0.86);
  EXPECT_DOUBLE_EQ(s.get_last_lr()[0], 1.0 / 25 / 1e4);
  s.step();
  EXPECT_EQ(error_of([&] { s.step(); }), "Tried to step 12 times. The specified number of total steps is 11");
  Adagrad none({zeros({1}).requires_grad_()});
  EXPECT_EQ(error_of([&] { OneCycleLR(none, 1.0, 10); }),
            "optimizer must support momentum or beta1 with `cycle_momentum` option enabled");
  OneCycleLR(none, 1.0, 10, OneCycleLROptions().cycle_momentum(false));
}

TEST(Scheduler, WarmupsOfNoSteps) {
  Groups g;
  WarmupCosineLR s(*g.optimizer, 0, 10);
  EXPECT_DOUBLE_EQ(g.last(), 0.1);
  for (int t = 0; t < 10; ++t) s.step();
  EXPECT_NEAR(g.last(), 0, 1e-15);
}

TEST(Scheduler, LinearWarmupTakesAnySchedule) {
  Groups g;
  LinearWarmup s(*g.optimizer, 4, std::make_shared<ExponentialLR>(*g.optimizer, 0.5), 0.5);
  std::vector<double> seen;
  for (int t = 0; t < 7; ++t) {
    seen.push_back(g.last());
    s.step();
  }
  const std::vector<double> want = {0.05, 0.0625, 0.075, 0.0875, 0.1, 0.05, 0.025};
  for (size_t i = 0; i < want.size(); ++i) EXPECT_NEAR(seen[i], want[i], 1e-15);
}

TEST(Scheduler, PlateausAsRecorded) {
  using P = ReduceLROnPlateau;
  const std::map<std::string, std::function<P(Optimizer&)>> all = {
      {"min", [](Optimizer& o) { return P(o); }},
      {"patience", [](Optimizer& o) { return P(o, P::min, 0.5, 2); }},
      {"abs_cooldown", [](Optimizer& o) { return P(o, P::min, 0.5, 1, 0.02, P::abs, 4, {0.002}); }},
      {"max", [](Optimizer& o) { return P(o, P::max, 0.3, 3, 0.05); }},
  };
  ASSERT_EQ(all.size(), recorded::plateaus.size());
  for (const auto& [name, want] : recorded::plateaus) {
    Groups g, h;
    P s = all.at(name)(*g.optimizer), resumed = all.at(name)(*h.optimizer);
    for (int t = 0; t < 100; ++t) {
      ASSERT_NEAR(g.last(), want[static_cast<size_t>(t)], 1e-15) << name << ", step " << t;
      const double metric = std::exp(-t / 20.0) + 0.05 * ((t * 7) % 5) + (t > 60 ? 0.5 : 0);
      if (t == 30) {
        resumed.load_state_dict(s.state_dict());
        h.optimizer->load_state_dict(g.optimizer->state_dict());
      }
      s.step(metric);
      if (t >= 30) resumed.step(metric);
      if (t >= 30) {
        ASSERT_EQ(g.last(), h.last()) << name << ", step " << t;
      }
    }
  }
}

TEST(Scheduler, RefusesSenselessNumbers) {
  Groups g;
  Optimizer& o = *g.optimizer;
  EXPECT_NE(error_of([&] { StepLR(o, 0); }), "no error");
  EXPECT_NE(error_of([&] { LinearLR(o, 0.0); }).find("Starting multiplicative factor"), std::string::npos);
  EXPECT_NE(error_of([&] { ConstantLR(o, 2.0); }).find("Constant multiplicative factor"), std::string::npos);
  EXPECT_EQ(error_of([&] { ReduceLROnPlateau(o, ReduceLROnPlateau::min, 1.0); }), "Factor should be < 1.0.");
  EXPECT_NE(error_of([&] { SequentialLR(o, {}, {}); }).find("at least one scheduler"), std::string::npos);
  Groups other;
  EXPECT_NE(error_of([&] {
              SequentialLR(o, {std::make_shared<StepLR>(o, 1), std::make_shared<StepLR>(*other.optimizer, 1)}, {1});
            }).find("same optimizer"),
            std::string::npos);
  EXPECT_NE(error_of([&] { LambdaLR(o, std::vector<LambdaLR::Function>{}); }).find("Expected 1 lr_lambdas"),
            std::string::npos);
}
