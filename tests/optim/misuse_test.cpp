// Misuse of optimizers and schedules that no other test provokes.
#include "gradus/tests/misuse.h"

#include <memory>

#include "gradus/gradus.h"

using namespace gradus;
using namespace gradus::optim;
using gradus_tests::expect_words;

namespace {

std::vector<Tensor> parameters() { return {ones({2}).requires_grad_()}; }

/// A rule with a state of its own, which does not say how to save it.
struct BareState : OptimizerCloneableParamState<BareState> {};
struct Bare : SGD {
  Bare() : SGD({ones({2}).requires_grad_()}, SGDOptions(0.1)) {
    state_[param_groups_[0].params()[0].unsafeGetTensorImpl()] = std::make_unique<BareState>();
  }
};
struct BareOptions : OptimizerCloneableOptions<BareOptions> {};

TEST(Misuse, Optimizers) {
  expect_words({
      {[] { Bare().state_dict(); }, "Optimizer::state_dict: the optimizer's state has no save(); override it"},
      {[] { BareState().load(StateDict(), "", ones({1})); },
       "Optimizer::load_state_dict: the optimizer's state has no load(); override it"},
      {[] { BareOptions().set_momentum(0.5); }, "set_momentum: these options have no momentum"},
      {[] { OptimizerParamGroup(parameters()).options(); },
       "Cannot call options() on an OptimizerParamGroup without options"},
      {[] { SGD({Tensor()}, SGDOptions(0.1)); }, "optimizer: expected defined parameters, got an undefined one"},
  });
}

TEST(Misuse, Schedules) {
  SGD one(parameters(), SGDOptions(0.1)), two(parameters(), SGDOptions(0.1));
  auto part = [](SGD& o) { return std::make_shared<ConstantLR>(o); };
  expect_words({
      {[&] { CyclicLR(one, 0.1, 0.2, CyclicLROptions().step_size_up(0)); },
       "CyclicLR: expected step sizes of at least 1, got 0 and 0"},
      {[&] { StepLR(one, 0); }, "StepLR: expected a step_size of at least 1, got 0"},
      {[&] { CosineAnnealingLR(one, 0); }, "CosineAnnealingLR: expected a T_max of at least 1, got 0"},
      {[&] { PolynomialLR(one, 0); }, "PolynomialLR: expected total_iters of at least 1, got 0"},
      {[&] {
         SequentialLR(one, {part(one), part(two)}, {3});
       },
       "SequentialLR expects all schedulers to belong to the same optimizer"},
      {[&] {
         SequentialLR(one, {part(one), part(one), part(one)}, {3, 2});
       },
       "SequentialLR: expected milestones in ascending order"},
  });
}

}  // namespace
