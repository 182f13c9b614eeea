// A training that goes through a file in the middle ends at the same bits, for every optimizer and schedule.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <sstream>

#include "gradus/io/checkpoint.h"
#include "gradus/io/serialize.h"
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

// The same through save and load, and that the file may end anywhere without a trace in the optimizer.
void expect_same_bits_saved(const std::string& name, const MakeOptimizer& make, bool one_group = false) {
  const MakeSchedule none = [](Optimizer& o) { return std::make_unique<ConstantLR>(o, 1.0, 0); };
  Run straight(make, none, one_group), after(make, none, one_group);
  straight.train(5);
  std::stringstream parameters, optimizer;
  save(straight.problem.p, parameters);
  save(*straight.rule, optimizer);

  const StateDict untouched = after.rule->state_dict();
  const std::string bytes = optimizer.str();
  for (size_t n = 0; n < bytes.size(); n += 97) EXPECT_THROW(load(*after.rule, bytes.data(), n), Error) << name;
  EXPECT_EQ(after.rule->state_dict().keys(), untouched.keys()) << name;

  load(*after.rule, optimizer);
  std::vector<Tensor> loaded;
  load(loaded, parameters);
  for (size_t i = 0; i < 2; ++i) after.problem.p[i].set_data(loaded[i]);
  after.t = 5;
  straight.train(4);
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

TEST(Resume, EveryOptimizerThroughSaveAndLoad) {
  expect_same_bits_saved("SGD", optimizer<SGD>(SGDOptions(0.1).momentum(0.9).dampening(0.2).weight_decay(0.1)));
  expect_same_bits_saved("Adam", optimizer<Adam>(AdamOptions(0.1).amsgrad(true)));
  expect_same_bits_saved("AdamW", optimizer<AdamW>(AdamWOptions(0.1).betas({0.7, 0.8})));
  expect_same_bits_saved("RMSprop", optimizer<RMSprop>(RMSpropOptions(0.1).centered(true).momentum(0.5)));
  expect_same_bits_saved("Adagrad", optimizer<Adagrad>(AdagradOptions(0.1).lr_decay(0.1)));
  expect_same_bits_saved("Adadelta", optimizer<Adadelta>(AdadeltaOptions(0.5).rho(0.7)));
  expect_same_bits_saved("Adamax", optimizer<Adamax>(AdamaxOptions(0.1).weight_decay(0.1)));
  expect_same_bits_saved("NAdam", optimizer<NAdam>(NAdamOptions(0.1).momentum_decay(0.01)));
  expect_same_bits_saved("RAdam", optimizer<RAdam>(RAdamOptions(0.1).betas({0.7, 0.8})));
  expect_same_bits_saved("LBFGS", optimizer<LBFGS>(LBFGSOptions(0.5).line_search_fn("strong_wolfe")), true);
}

TEST(Resume, OptionsOfGroupsAreSaved) {
  Problem a(kFloat), b(kFloat);
  const auto make = [](const Problem& p, double lr, double momentum) {
    return SGD({OptimizerParamGroup({p.p[0]}, std::make_unique<SGDOptions>(SGDOptions(lr).momentum(momentum))),
                OptimizerParamGroup({p.p[1]})},
               SGDOptions(lr / 2).nesterov(momentum > 0).momentum(momentum));
  };
  SGD from = make(a, 0.4, 0.9), to = make(b, 0.1, 0);
  from.param_groups()[1].set_initial_lr(0.7);
  std::stringstream stream;
  save(from, stream);
  load(to, stream);
  for (size_t g = 0; g < 2; ++g) {
    const auto option = [&](const SGD& o) { return static_cast<const SGDOptions&>(o.param_groups()[g].options()); };
    EXPECT_TRUE(option(from) == option(to));
  }
  EXPECT_EQ(to.param_groups()[1].initial_lr(), 0.7);
  EXPECT_FALSE(to.param_groups()[0].initial_lr().has_value());
}

TEST(Resume, AnOptimizerThatDoesNotFitIsRefused) {
  Problem a(kFloat), b(kFloat);
  SGD two({OptimizerParamGroup({a.p[0]}), OptimizerParamGroup({a.p[1]})}, SGDOptions(0.3));
  SGD one(b.p, SGDOptions(0.1));
  std::stringstream stream;
  save(two, stream);
  EXPECT_EQ(error_of([&] { load(one, stream); }),
            "loaded state dict has a different number of parameter groups, expected 1");
  Adam other({OptimizerParamGroup({b.p[0]}), OptimizerParamGroup({b.p[1]})}, AdamOptions(0.1));
  EXPECT_EQ(error_of([&] { load(other, stream); }), "Optimizer::load_state_dict: missing key \"param_groups.0.betas\"");
  EXPECT_EQ(other.param_groups()[0].options().get_lr(), 0.1);
}

TEST(Resume, OptionsAndStatesAlone) {
  const auto through = [](const auto& from, auto& to) {
    serialize::OutputArchive out;
    from.serialize(out);
    std::stringstream stream;
    out.save_to(stream);
    serialize::InputArchive in;
    in.load_from(stream);
    to.serialize(in);
  };
  AdamOptions options(0.5), options_read;
  options.betas({0.1, 0.2}).amsgrad(true);
  through(options, options_read);
  EXPECT_TRUE(options == options_read);
  AdamParamState state, state_read;
  state.step(7).exp_avg(ones({2, 3})).exp_avg_sq(zeros({2, 3}));
  through(state, state_read);
  EXPECT_TRUE(state == state_read);
  LBFGSParamState memory, memory_read;
  memory.d(ones({3})).H_diag(ones({})).old_dirs({ones({3}), zeros({3})}).n_iter(4);
  through(memory, memory_read);
  EXPECT_TRUE(memory == memory_read);
  serialize::OutputArchive out;
  serialize::InputArchive in;
  EXPECT_NE(error_of([&] { OptimizerOptions().serialize(out); }).find("serialize(torch::serialize::OutputArchive&"),
            std::string::npos);
  EXPECT_NE(error_of([&] { OptimizerOptions().serialize(in); }).find("OptimizerCloneableOptions<YourOptimizerOptions>"),
            std::string::npos);
  EXPECT_NE(error_of([&] { OptimizerParamState().serialize(out); }).find("has not been implemented"),
            std::string::npos);
  EXPECT_NE(error_of([&] { OptimizerParamState().serialize(in); }).find("OptimizerCloneableParamState"),
            std::string::npos);
}
