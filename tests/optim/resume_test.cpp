// A training that goes through a file in the middle ends at the same bits, for every optimizer and schedule.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "gradus/io/checkpoint.h"
#include "gradus/optim/optim.h"
#include "gradus/tests/optim/problem.h"

using namespace gradus;
using namespace gradus::optim;
using namespace optim_tests;

namespace {

using MakeOptimizer = std::function<std::unique_ptr<Optimizer>(std::vector<OptimizerParamGroup>)>;
using MakeSchedule = std::function<std::unique_ptr<LRScheduler>(Optimizer&)>;

template <class O, class Options>
MakeOptimizer optimizer(const Options& options) {
  return [=](std::vector<OptimizerParamGroup> groups) { return std::make_unique<O>(groups, options); };
}

// Two groups, but for L-BFGS, which takes one.
struct Run {
  Problem problem{kFloat};
  std::unique_ptr<Optimizer> rule;
  std::unique_ptr<LRScheduler> schedule;
  int t = 0;

  Run(const MakeOptimizer& make, const MakeSchedule& make_schedule, bool one_group) {
    std::vector<OptimizerParamGroup> groups;
    if (one_group) {
      groups.emplace_back(problem.p);
    } else {
      for (const Tensor& p : problem.p) groups.emplace_back(std::vector<Tensor>{p});
    }
    rule = make(std::move(groups));
    schedule = make_schedule(*rule);
  }
  void train(int steps) {
    for (; steps > 0; --steps) {
      rule->step([&] {
        problem.gradients(t);
        Tensor loss = zeros({});
        NoGradGuard no_grad;
        for (const Tensor& p : problem.p) loss += (p * p.grad()).sum();
        return loss;
      });
      schedule->step();
      ++t;
    }
  }
};

struct File {
  std::string path =
      (std::filesystem::temp_directory_path() / ("gradus_resume_" + std::to_string(::getpid()) + ".safetensors"))
          .string();
  ~File() {
    for (const char* end : {"", ".previous", ".lock"}) std::filesystem::remove(path + end);
  }
};

void expect_same_bits(const std::string& name, const MakeOptimizer& make, const MakeSchedule& schedule,
                      bool one_group = false) {
  Run straight(make, schedule, one_group), before(make, schedule, one_group), after(make, schedule, one_group);
  straight.train(9);
  before.train(5);
  const File file;
  io::Checkpoint saved;
  saved.put_model({{"0", before.problem.p[0].detach()}, {"1", before.problem.p[1].detach()}});
  saved.put_part("optimizer", before.rule->state_dict());
  saved.put_part("schedule", before.schedule->state_dict());
  saved.save(file.path);
  const io::Checkpoint loaded = io::Checkpoint::load(file.path);
  {
    NoGradGuard no_grad;
    for (size_t i = 0; i < 2; ++i) after.problem.p[i].copy_(loaded.model()[std::to_string(i)]);
  }
  after.rule->load_state_dict(loaded.part("optimizer"));
  after.schedule->load_state_dict(loaded.part("schedule"));
  after.t = 5;
  after.train(4);
  for (size_t i = 0; i < 2; ++i) EXPECT_TRUE(equal(straight.problem.p[i], after.problem.p[i])) << name;
  const StateDict want = straight.rule->state_dict(), got = after.rule->state_dict();
  ASSERT_EQ(want.keys(), got.keys()) << name;
  for (const auto& item : want) EXPECT_TRUE(equal(item.value(), got[item.key()])) << name << ", " << item.key();
}

std::unique_ptr<LRScheduler> step_lr(Optimizer& o) { return std::make_unique<StepLR>(o, 2, 0.7); }

}  // namespace

TEST(Resume, EveryOptimizer) {
  expect_same_bits("SGD", optimizer<SGD>(SGDOptions(0.1).momentum(0.9).dampening(0.2).weight_decay(0.1)), step_lr);
  expect_same_bits("SGD, nesterov", optimizer<SGD>(SGDOptions(0.1).momentum(0.9).nesterov(true).maximize(true)),
                   step_lr);
  expect_same_bits("Adam", optimizer<Adam>(AdamOptions(0.1).amsgrad(true).decoupled_weight_decay(true)), step_lr);
  expect_same_bits("AdamW", optimizer<AdamW>(AdamWOptions(0.1).betas({0.7, 0.8})), step_lr);
  expect_same_bits("RMSprop", optimizer<RMSprop>(RMSpropOptions(0.1).centered(true).momentum(0.5)), step_lr);
  expect_same_bits("Adagrad", optimizer<Adagrad>(AdagradOptions(0.1).lr_decay(0.1)), step_lr);
  expect_same_bits("Adadelta", optimizer<Adadelta>(AdadeltaOptions(0.5).rho(0.7)), step_lr);
  expect_same_bits("Adamax", optimizer<Adamax>(AdamaxOptions(0.1).weight_decay(0.1)), step_lr);
  expect_same_bits("NAdam", optimizer<NAdam>(NAdamOptions(0.1).momentum_decay(0.01)), step_lr);
  expect_same_bits("RAdam", optimizer<RAdam>(RAdamOptions(0.1).betas({0.7, 0.8})), step_lr);
  expect_same_bits("LBFGS", optimizer<LBFGS>(LBFGSOptions(0.1).max_iter(3).history_size(2)), step_lr, true);
  expect_same_bits("LBFGS, strong Wolfe", optimizer<LBFGS>(LBFGSOptions(0.5).line_search_fn("strong_wolfe")), step_lr,
                   true);
}

TEST(Resume, SchedulesThatMoveMomentaOrRemember) {
  const MakeOptimizer adam = optimizer<Adam>(AdamOptions(0.1));
  expect_same_bits("OneCycleLR", adam, [](Optimizer& o) { return std::make_unique<OneCycleLR>(o, 0.3, 20); });
  expect_same_bits("CyclicLR", adam, [](Optimizer& o) {
    return std::make_unique<CyclicLR>(o, 0.01, 0.3, CyclicLROptions().step_size_up(3).mode("triangular2"));
  });
  expect_same_bits("CosineAnnealingWarmRestarts", adam,
                   [](Optimizer& o) { return std::make_unique<CosineAnnealingWarmRestarts>(o, 2, 2); });
  expect_same_bits("SWALR", adam, [](Optimizer& o) { return std::make_unique<SWALR>(o, 0.3, 6); });
  expect_same_bits("ChainedScheduler", adam, [](Optimizer& o) {
    return std::make_unique<ChainedScheduler>(std::vector<std::shared_ptr<LRScheduler>>{
        std::make_shared<ConstantLR>(o, 0.5, 6), std::make_shared<ExponentialLR>(o, 0.9)});
  });
  expect_same_bits("WarmupCosineLR", adam, [](Optimizer& o) { return std::make_unique<WarmupCosineLR>(o, 6, 12); });
}
