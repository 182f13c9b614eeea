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
/// A rule that keeps nothing and says nothing of its state.
struct Stateless : Optimizer {
  Stateless() : Optimizer({ones({2}).requires_grad_()}, std::make_unique<SGDOptions>(0.1)) {}
  Tensor step(LossClosure = nullptr) override { return {}; }
};
/// A schedule that forgets how many groups there are.
struct TooMany : LRScheduler {
  explicit TooMany(Optimizer& o) : LRScheduler(o) {}
  std::vector<double> get_lrs() override { return {1, 2}; }
};

TEST(Misuse, Optimizers) {
  expect_words({
      {[] { Bare().state_dict(); }, "Optimizer::state_dict: the optimizer's state has no save(); override it"},
      {[] { BareState().load(StateDict(), "", ones({1})); },
       "Optimizer::load_state_dict: the optimizer's state has no load(); override it"},
      {[] { BareOptions().set_momentum(0.5); }, "set_momentum: these options have no momentum"},
      {[] { OptimizerParamGroup(parameters()).options(); },
       "Cannot call options() on an OptimizerParamGroup without options"},
      {[] { OptimizerParamState().clone(); },
       "clone() has not been implemented for torch::optim::OptimizerParamState. Subclass"},
      {[] { OptimizerOptions().clone(); },
       "clone() has not been implemented for torch::optim::OptimizerOptions. Subclass"},
      {[] { OptimizerOptions().get_lr(); }, "double get_lr() has not been overridden and implemented in subclass"},
      {[] { OptimizerOptions().set_lr(1); }, "double set_lr() has not been overridden and implemented in subclass"},
      {[] {
         const Tensor p = ones({2}).requires_grad_();
         SGD({p, p}, SGDOptions(0.1));
       },
       "some parameters appear in more than one parameter group"},
      {[] {
         SGD from(parameters(), SGDOptions(0.1).momentum(0.9));
         from.param_groups()[0].params()[0].mutable_grad() = ones({2});
         from.step();
         Stateless().load_state_dict(from.state_dict());
       },
       "Optimizer::load_state_dict: the optimizer has no make_state(); override it"},
      {[] {
         SGD o(parameters(), SGDOptions(0.1));
         StateDict state;
         for (const auto& item : o.state_dict())
           state.insert(item.key(), item.key() == "param_groups.0.lr" ? ones({2}) : item.value());
         o.load_state_dict(state);
       },
       "Optimizer::load_state_dict: expected 1 number(s) in \"param_groups.0.lr\", got [2]"},
      {[] { SGD({Tensor()}, SGDOptions(0.1)); }, "optimizer: expected defined parameters, got an undefined one"},
  });
}

TEST(Misuse, OptionsOfOptimizers) {
  const std::vector<Tensor> ps = parameters();
  expect_words({
      {[&] { Adadelta(ps, AdadeltaOptions(-1)); }, "Invalid learning rate: -1"},
      {[&] { Adadelta(ps, AdadeltaOptions().eps(-1)); }, "Invalid epsilon value: -1"},
      {[&] { Adadelta(ps, AdadeltaOptions().weight_decay(-1)); }, "Invalid weight_decay value: -1"},
      {[&] { Adagrad(ps, AdagradOptions(-1)); }, "Invalid learning rate: -1"},
      {[&] { Adagrad(ps, AdagradOptions().eps(-1)); }, "Invalid epsilon value: -1"},
      {[&] { Adagrad(ps, AdagradOptions().weight_decay(-1)); }, "Invalid weight_decay value: -1"},
      {[&] { Adagrad(ps, AdagradOptions().initial_accumulator_value(-1)); },
       "Invalid initial_accumulator_value value: -1"},
      {[&] { Adam(ps, AdamOptions(-1)); }, "Invalid learning rate: -1"},
      {[&] { RMSprop(ps, RMSpropOptions(-1)); }, "Invalid learning rate: -1"},
      {[&] { RMSprop(ps, RMSpropOptions().eps(-1)); }, "Invalid epsilon value: -1"},
      {[&] { RMSprop(ps, RMSpropOptions().momentum(-1)); }, "Invalid momentum value: -1"},
      {[&] { RMSprop(ps, RMSpropOptions().weight_decay(-1)); }, "Invalid weight_decay value: -1"},
      {[&] { SGD(ps, SGDOptions(0.1).weight_decay(-1)); }, "Invalid weight_decay value: -1"},
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
      {[&] {
         SequentialLR(one, {part(one), part(one)}, {});
       },
       "but got number of schedulers 2 and the number of milestones to be equal to 0"},
      {[&] {
         CyclicLR(one, std::vector<double>{0.1}, std::vector<double>{0.2, 0.3});
       },
       "CyclicLR: expected 1 values for max_lr, got 2"},
      {[&] { CyclicLR(one, 0.1, 0.2, CyclicLROptions().scale_mode("moon")); },
       "CyclicLR: expected scale_mode 'cycle' or 'iterations', got moon"},
      {[&] { TooMany(one).step(); }, "Number of learning rates not equal to the number of param groups, got 2 and 1"},
      {[&] { OneCycleLR(one, 0.1, 0); }, "Expected positive integer total_steps, but got 0"},
      {[&] { OneCycleLR(one, 0.1, 5, OneCycleLROptions().pct_start(2)); },
       "Expected float between 0 and 1 pct_start, but got 2"},
      {[&] { OneCycleLR(one, 0.1, 5, OneCycleLROptions().anneal_strategy("up")); },
       "anneal_strategy must be one of 'cos' or 'linear', instead got up"},
      {[&] {
         OneCycleLR(one, std::vector<double>{0.1, 0.2}, 5);
       },
       "OneCycleLR: expected 1 values for max_lr, got 2"},
      {[&] {
         using Plateau = ReduceLROnPlateauScheduler;
         Plateau(one, Plateau::min, 0.1, 10, 1e-4, Plateau::rel, 0, std::vector<double>{0.1, 0.2});
       },
       "Number of learning rates not equal to the number of param groups, got 2 and 1"},
      {[&] { LinearLR(one, 0.5, 1.5); }, "Ending multiplicative factor expected to be between 0 and 1, got 1.5"},
      {[&] {
         SWALR(one, std::vector<double>{0.1, 0.2});
       },
       "SWALR: expected 1 values for swa_lr, got 2"},
  });
}

}  // namespace
