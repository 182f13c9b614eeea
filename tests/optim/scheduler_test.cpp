// Schedules: the rates of PyTorch, state, warmups.
#include <gtest/gtest.h>

#include "gradus/optim/optim.h"
#include "gradus/tests/optim/problem.h"

using namespace gradus;
using namespace optim_tests;
using namespace gradus::optim;

namespace {

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

std::map<std::string, Make> cycles() {
  return {
      {"multiplicative", make<MultiplicativeLR>([](int64_t e) { return 1 - 0.5 / static_cast<double>(e + 1); })},
      {"restarts", make<CosineAnnealingWarmRestarts>(12)},
      {"restarts_longer", make<CosineAnnealingWarmRestarts>(5, 2, 0.01)},
      {"cyclic", make<CyclicLR>(0.01, 0.3, CyclicLROptions().step_size_up(8))},
      {"cyclic_uneven",
       make<CyclicLR>(0.01, 0.3, CyclicLROptions().step_size_up(8).step_size_down(3).mode("triangular2"))},
      {"cyclic_range", make<CyclicLR>(0.01, 0.3,
                                      CyclicLROptions()
                                          .step_size_up(8)
                                          .step_size_down(11)
                                          .mode("exp_range")
                                          .gamma(0.98)
                                          .base_momentum(0.5)
                                          .max_momentum(0.7))},
      {"cyclic_own",
       make<CyclicLR>(
           0.01, 0.3,
           CyclicLROptions().step_size_up(8).scale_fn([](double x) { return 1 / (1 + x); }).cycle_momentum(false))},
      {"cyclic_own_steps",
       make<CyclicLR>(
           0.01, 0.3,
           CyclicLROptions().step_size_up(8).scale_fn([](double x) { return 1 / (1 + x); }).scale_mode("iterations"))},
      {"swa", make<SWALR>(0.01, 20)},
      {"swa_linear", make<SWALR>(0.3, 15, "linear")},
      {"swa_at_once", make<SWALR>(0.02, 0)},
  };
}

std::map<std::string, Make> composites() {
  return {
      {"chained",
       [](Optimizer& o) -> Schedule {
         return std::make_shared<ChainedScheduler>(
             std::vector<Schedule>{std::make_shared<ConstantLR>(o, 0.5, 20), std::make_shared<ExponentialLR>(o, 0.97)});
       }},
      {"sequential_restarts",
       [](Optimizer& o) -> Schedule {
         return std::make_shared<SequentialLR>(
             o,
             std::vector<Schedule>{std::make_shared<LinearLR>(o, 0.1, 1.0, 10),
                                   std::make_shared<CosineAnnealingWarmRestarts>(o, 7, 2)},
             std::vector<int64_t>{10});
       }},
      {"sequential_multiplicative",
       [](Optimizer& o) -> Schedule {
         auto factor = [](int64_t e) { return 0.9 + 0.01 * static_cast<double>(e % 3); };
         return std::make_shared<SequentialLR>(o,
                                               std::vector<Schedule>{std::make_shared<ConstantLR>(o, 0.5, 4),
                                                                     std::make_shared<MultiplicativeLR>(o, factor)},
                                               std::vector<int64_t>{6});
       }},
  };
}

std::map<std::string, Make> plain() {
  return {
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
}

const std::map<std::string, Make>& schedules() {
  static const std::map<std::string, Make> all = [] {
    std::map<std::string, Make> sum = plain();
    sum.merge(cycles());
    sum.merge(composites());
    return sum;
  }();
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

TEST(Scheduler, GoesOnAfterALastEpoch) {
  using Resume = std::function<Schedule(Optimizer&, int64_t)>;
  const auto with = []<class S, class... A>(std::type_identity<S>, A... a) -> Resume {
    return [=](Optimizer& o, int64_t last) -> Schedule { return std::make_shared<S>(o, a..., last); };
  };
  const std::map<std::string, Resume> makes = {
      {"step", with(std::type_identity<StepLR>(), 7, 0.5)},
      {"multi_step", with(std::type_identity<MultiStepLR>(), std::vector<int64_t>{3, 10, 10, 40}, 0.3)},
      {"exponential", with(std::type_identity<ExponentialLR>(), 0.97)},
      {"cosine", with(std::type_identity<CosineAnnealingLR>(), 30, 0.01)},
      {"linear", with(std::type_identity<LinearLR>(), 0.25, 0.9, 20)},
      {"constant", with(std::type_identity<ConstantLR>(), 0.25, 17)},
      {"polynomial", with(std::type_identity<PolynomialLR>(), 40, 2.0)},
      {"lambda",
       with(std::type_identity<LambdaLR>(), [](int64_t e) { return 1 / (1 + 0.1 * static_cast<double>(e)); })},
      {"multiplicative",
       with(std::type_identity<MultiplicativeLR>(), [](int64_t e) { return 1 - 0.5 / static_cast<double>(e + 1); })},
      {"restarts", with(std::type_identity<CosineAnnealingWarmRestarts>(), 5, 2, 0.01)},
      {"cyclic",
       [](Optimizer& o, int64_t last) -> Schedule {
         return std::make_shared<CyclicLR>(o, 0.01, 0.3,
                                           CyclicLROptions().step_size_up(8).last_epoch(last).cycle_momentum(false));
       }},
      {"one_cycle",
       [](Optimizer& o, int64_t last) -> Schedule {
         return std::make_shared<OneCycleLR>(o, 0.5,
                                             OneCycleLROptions().epochs(5).steps_per_epoch(12).last_epoch(last));
       }},
      {"swa", with(std::type_identity<SWALR>(), 0.01, 20, "cos")},
  };
  ASSERT_EQ(makes.size(), recorded::resumed.size());
  for (const auto& [name, want] : recorded::resumed) {
    Groups g;
    const Schedule first = makes.at(name)(*g.optimizer, -1);
    for (int t = 0; t < 13; ++t) first->step();
    const Schedule second = makes.at(name)(*g.optimizer, first->last_epoch());
    EXPECT_EQ(second->last_epoch(), 14) << name;
    for (size_t t = 0; t < want.size(); ++t) {
      ASSERT_NEAR(g.last(), want[t], 1e-13) << name << ", step " << t;
      second->step();
    }
    // Nor is the beginning lost when its state moves to one that was made without.
    Groups other;
    const Schedule third = makes.at(name)(*other.optimizer, -1);
    third->load_state_dict(second->state_dict());
    other.optimizer->load_state_dict(g.optimizer->state_dict());
    second->step();
    third->step();
    EXPECT_EQ(g.last(), other.last()) << name;
  }
}

TEST(Scheduler, ALastEpochNeedsAnInitialRate) {
  Groups g(2);
  g.optimizer->param_groups()[0].set_initial_lr(0.1);
  EXPECT_EQ(error_of([&] { StepLR(*g.optimizer, 2, 0.1, 5); }),
            "param 'initial_lr' is not specified in param_groups[1] when resuming scheduler with last_epoch >= 0; load "
            "the optimizer's state first");
  EXPECT_EQ(error_of([&] { StepLR(*g.optimizer, 2, 0.1, -2); }),
            "LRScheduler: expected a last_epoch of at least -1, got -2");
  const SequentialLR both(*g.optimizer, {std::make_shared<StepLR>(*g.optimizer, 2)}, {}, 6);
  EXPECT_EQ(both.last_epoch(), 7);
}

TEST(Scheduler, OneCycleByEpochs) {
  Groups g;
  const auto error = [&](const OneCycleLROptions& options) {
    return error_of([&] { OneCycleLR(*g.optimizer, 1.0, options); });
  };
  const std::string neither = "You must define either total_steps OR (epochs AND steps_per_epoch)";
  EXPECT_EQ(error(OneCycleLROptions()), neither);
  EXPECT_EQ(error(OneCycleLROptions().epochs(3)), neither);
  EXPECT_EQ(error(OneCycleLROptions().steps_per_epoch(3)), neither);
  EXPECT_EQ(error(OneCycleLROptions().steps_per_epoch(3).epochs(0)), "Expected positive integer epochs, but got 0");
  EXPECT_EQ(error(OneCycleLROptions().steps_per_epoch(-3).epochs(1)),
            "Expected positive integer steps_per_epoch, but got -3");
  OneCycleLR s(*g.optimizer, std::vector<double>{1.0}, OneCycleLROptions().epochs(2).steps_per_epoch(3));
  for (int t = 0; t < 6; ++t) s.step();
  EXPECT_EQ(error_of([&] { s.step(); }), "Tried to step 7 times. The specified number of total steps is 6");
}

TEST(Scheduler, MomentaAsRecorded) {
  for (const auto& [name, want] : recorded::momenta) {
    Tensor p = zeros({1}).requires_grad_();
    Adam o({p}, AdamOptions(0.1).betas({0.9, 0.99}));
    const Schedule s = schedules().at(name)(o);
    for (size_t t = 0; t < want.size(); ++t) {
      ASSERT_NEAR(*o.param_groups()[0].options().get_momentum(), want[t], 1e-13) << name << ", step " << t;
      s->step();
    }
  }
}

TEST(Scheduler, WarmRestartsWithinAnEpoch) {
  Groups g;
  CosineAnnealingWarmRestarts s(*g.optimizer, 3, 2, 0.01);
  const auto& want = recorded::fractions.at("restarts");
  for (size_t t = 0; t < want.size(); ++t) {
    s.step(static_cast<double>(t) / 4);
    ASSERT_NEAR(g.last(), want[t], 1e-13) << "step " << t;
    EXPECT_EQ(s.last_epoch(), static_cast<int64_t>(t / 4));
  }
  EXPECT_EQ(error_of([&] { s.step(-1.0); }), "Expected non-negative epoch, but got -1");
}

TEST(Scheduler, SwaTakesOverInTheMiddle) {
  // Beside another schedule, whose moves count less and less.
  Groups g;
  ExponentialLR outer(*g.optimizer, 0.5);
  outer.step();
  SWALR s(*g.optimizer, std::vector<double>{0.2}, 2, "linear");
  EXPECT_DOUBLE_EQ(g.last(), 0.05);
  s.step();
  EXPECT_DOUBLE_EQ(g.last(), 0.2 * 0.5 + 0.05 * 0.5);
  for (int t = 0; t < 3; ++t) s.step();
  EXPECT_DOUBLE_EQ(g.last(), 0.2);
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

TEST(Scheduler, PlateausHaveLibTorchsArguments) {
  Groups g;
  const std::vector<float> lowest = {0.0625f};
  ReduceLROnPlateauScheduler s(*g.optimizer, ReduceLROnPlateauScheduler::SchedulerMode::max, 0.1f, 0, 1e-4,
                               ReduceLROnPlateauScheduler::ThresholdMode::abs, 0, lowest, 1e-8, true);
  s.step(1.0f);
  testing::internal::CaptureStdout();
  s.step(0.5f);
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "Epoch 2: reducing learning rate of group 0 to 0.0625\n");
  EXPECT_EQ(g.last(), 0.0625);
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
  EXPECT_EQ(error_of([&] { MultiplicativeLR(o, std::vector<LambdaLR::Function>{}); }),
            "Expected 1 lr_lambdas, but got 0");
  EXPECT_EQ(error_of([&] { CosineAnnealingWarmRestarts(o, 0); }), "Expected positive integer T_0, but got 0");
  EXPECT_EQ(error_of([&] { CosineAnnealingWarmRestarts(o, 2, 0); }), "Expected integer T_mult >= 1, but got 0");
  EXPECT_EQ(error_of([&] { CyclicLR(o, 0.1, 1, CyclicLROptions().mode("sine")); }),
            "mode is invalid and scale_fn is None");
  EXPECT_NE(error_of([&] {
              CyclicLR(o, {0.1, 0.2}, {1.0});
            }).find("expected 1 values for base_lr, got 2"),
            std::string::npos);
  Adagrad none({zeros({1}).requires_grad_()});
  EXPECT_EQ(error_of([&] { CyclicLR(none, 0.1, 1); }),
            "optimizer must support momentum or beta1 with `cycle_momentum` option enabled");
  EXPECT_EQ(error_of([&] { SWALR(o, 0.1, 10, "sine"); }),
            "anneal_strategy must be one of 'cos' or 'linear', instead got sine");
  EXPECT_EQ(error_of([&] { SWALR(o, 0.1, -1); }), "anneal_epochs must be equal or greater than 0, got -1");
  EXPECT_NE(error_of([&] { ChainedScheduler({}); }).find("at least one scheduler"), std::string::npos);
}
