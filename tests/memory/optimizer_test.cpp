// Memory that runs out in a step of an optimizer: the step is done, or it has thrown and changed nothing.
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "gradus/gradus.h"
#include "gradus/tests/memory/refusal.h"
#include "gradus/tests/memory/states.h"

using namespace gradus;
using memory_tests::copy_of;
using memory_tests::difference;
using memory_tests::Outcome;
using memory_tests::Source;

namespace {

using Parameters = std::vector<Tensor>;

/// Every way in which a rule works on a parameter: in place, on a copy in its order, in both types, in float32.
Parameters mixed_parameters() {
  Parameters p = {linspace(-1, 1, 7), linspace(-2, 2, 12).view({3, 4}).t(), linspace(0, 1, 5, kDouble),
                  linspace(-1, 2, 6).to(kBFloat16)};
  for (Tensor& t : p) t.requires_grad_();
  return p;
}

/// For rules that take all parameters as one vector.
Parameters float_parameters() {
  Parameters p = {linspace(-1, 1, 7), linspace(-2, 2, 12).view({3, 4}).t()};
  for (Tensor& t : p) t.requires_grad_();
  return p;
}

struct Rule {
  const char* name;
  Parameters (*parameters)();
  std::function<std::unique_ptr<optim::Optimizer>(const Parameters&)> make;
};

template <class O, class Options>
Rule rule(const char* name, const Options& options, Parameters (*parameters)() = mixed_parameters) {
  return {name, parameters, [options](const Parameters& p) { return std::make_unique<O>(p, options); }};
}

std::vector<Rule> rules() {
  using namespace optim;
  return {rule<SGD>("SGD", SGDOptions(0.1)),
          rule<SGD>("SGD with momentum", SGDOptions(0.1).momentum(0.9)),
          rule<Adam>("Adam", AdamOptions(0.1)),
          rule<AdamW>("AdamW with amsgrad", AdamWOptions(0.1).amsgrad(true)),
          rule<NAdam>("NAdam", NAdamOptions(0.1)),
          rule<RAdam>("RAdam", RAdamOptions(0.1)),
          rule<Adamax>("Adamax", AdamaxOptions(0.1)),
          rule<RMSprop>("RMSprop", RMSpropOptions(0.1).centered(true).momentum(0.5)),
          rule<Adagrad>("Adagrad", AdagradOptions(0.1)),
          rule<Adadelta>("Adadelta", AdadeltaOptions(0.1)),
          rule<LBFGS>("LBFGS", LBFGSOptions(0.1).max_iter(3), float_parameters),
          rule<LBFGS>("LBFGS with line search", LBFGSOptions(0.1).max_iter(3).line_search_fn("strong_wolfe"),
                      float_parameters)};
}

/// Parameters on their way to 1, after some steps.
struct Descent {
  Parameters p;
  std::unique_ptr<optim::Optimizer> optimizer;

  Descent(const Rule& rule, int steps) : p(rule.parameters()), optimizer(rule.make(p)) {
    gradients();
    for (int i = 0; i < steps; ++i) step();
    gradients();
  }
  Tensor gradients() const {
    optimizer->zero_grad();
    Tensor loss = zeros({});
    for (const Tensor& t : p) loss = loss + (t - 1).pow(2).sum().to(kFloat);
    loss.backward();
    return loss;
  }
  void step() const {
    optimizer->step([this] {
      AutoGradMode on(true);
      return gradients();
    });
  }
  StateDict snapshot() const {
    StateDict d = copy_of(optimizer->state_dict());
    for (size_t i = 0; i < p.size(); ++i) d.insert("parameter." + std::to_string(i), p[i].detach().clone());
    return d;
  }
};

/// Lets allocation n of a step fail; false when there is none.
bool refuse_one(const Rule& rule, Source source, int steps, int64_t n, const StateDict& after) {
  const Descent d(rule, steps);
  const StateDict before = d.snapshot();
  const int64_t live = memory_stats().live, blocks = memory_tests::blocks_in_use();
  const Outcome outcome = memory_tests::call(source, n, [&] { d.step(); });
  if (outcome == Outcome::not_met) return false;
  EXPECT_NE(outcome, Outcome::wrong);
  if (outcome != Outcome::survived) {
    d.gradients();
    EXPECT_EQ(memory_stats().live, live);
    EXPECT_EQ(memory_tests::blocks_in_use(), blocks);
    EXPECT_EQ(difference(before, d.snapshot()), "");
    d.step();
  }
  EXPECT_EQ(difference(after, d.snapshot()), "");
  return true;
}

void refuse_all(Source source) {
  for (const Rule& rule : rules()) {
    for (int steps : {0, 2}) {
      const Descent reference(rule, steps);
      reference.step();
      const StateDict after = reference.snapshot();
      int64_t n = 0;
      for (;; ++n) {
        SCOPED_TRACE(std::string(rule.name) + ", step " + std::to_string(steps) + ", allocation " + std::to_string(n));
        if (!refuse_one(rule, source, steps, n, after) || testing::Test::HasFailure()) break;
      }
      EXPECT_GT(n, 3) << rule.name;
    }
  }
}

TEST(OptimizerMemory, EveryAllocationMayFail) { refuse_all(Source::gradus); }
TEST(OptimizerMemory, EveryCallOfNewMayFail) {
  if (thread_sanitizer) GTEST_SKIP() << "whose operator new cannot refuse";
  refuse_all(Source::operator_new);
}

/// Averages of a model, with a buffer of whole numbers.
struct Averaging {
  nn::Sequential net{nn::Linear(3, 2), nn::BatchNorm1d(2)};
  std::unique_ptr<optim::swa_utils::AveragedModel<nn::Sequential>> average;
  explicit Averaging(optim::swa_utils::AveragedModelOptions options) {
    NoGradGuard off;
    for (const Tensor& t : net->parameters()) t.copy_(arange(t.numel()).view(t.sizes()));
    average = std::make_unique<optim::swa_utils::AveragedModel<nn::Sequential>>(net, options);
    average->update_parameters(net);
    for (const Tensor& t : net->parameters()) t.add_(1);
    for (const Tensor& t : net->buffers()) t.add_(2);
  }
};

TEST(OptimizerMemory, AnAverageTakesAllOrNothing) {
  using namespace optim::swa_utils;
  AveragedModelOptions one_by_one;
  one_by_one.use_buffers = true;
  AveragedModelOptions together = one_by_one;
  one_by_one.avg_fn = get_ema_avg_fn(0.5);
  together.multi_avg_fn = get_ema_multi_avg_fn(0.5);
  for (const auto& options : {one_by_one, together}) {
    for (Source source : memory_tests::sources()) {
      int64_t n = 0;
      for (;; ++n) {
        Averaging a(options);
        const StateDict before = copy_of(a.average->state_dict());
        const Outcome outcome = memory_tests::call(source, n, [&] { a.average->update_parameters(a.net); });
        if (outcome == Outcome::not_met) break;
        ASSERT_EQ(outcome, Outcome::refused) << n;
        ASSERT_EQ(difference(before, copy_of(a.average->state_dict())), "") << n;
      }
      EXPECT_GT(n, 3);
    }
  }
}

}  // namespace
