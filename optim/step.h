// Step: gathers the parameters of one step, so that their rule runs over all of them in one loop.
#pragma once
#include "gradus/optim/optimizer.h"
#include "gradus/tensor/inline_vector.h"
#include "gradus/tensor/kernels/optim.h"

namespace gradus::optim {

/// The memory that a rule works on: a parameter as consecutive elements, and its gradient likewise. A parameter that is
/// not contiguous is computed on a copy, which finish() writes back.
class Step {
 public:
  /// The gradient of p, ready for the rule; undefined if p has none. Valid until the next call.
  const Tensor& gradient(const Tensor& p);
  /// p, which must outlive the step, or the copy that stands for it.
  const TensorImpl* parameter(const Tensor& p);
  /// Counts the change of every parameter, and writes copies back. Takes no memory.
  void finish();

 private:
  struct Entry {
    const Tensor* original;
    Tensor copy;  // undefined where the rule works on the original
  };
  InlineVector<Entry, 8> entries_;
  InlineVector<Tensor, 4> gradients_;
};

/// Calls each(parameter, gradient, options) for everything that has a gradient.
template <class Options, class Each>
void for_each_gradient(std::vector<OptimizerParamGroup>& groups, Step& step, const Each& each) {
  for (OptimizerParamGroup& group : groups) {
    const auto& options = static_cast<const Options&>(group.options());
    for (const Tensor& p : group.params())
      if (const Tensor& g = step.gradient(p); g.defined()) each(p, g, options);
  }
}

/// What every rule begins with, from the options of a group.
template <class Options>
kernels::Rule rule_of(const Options& o) {
  kernels::Rule rule{o.lr(), o.weight_decay(), o.maximize(), false};
  if constexpr (requires { o.decoupled_weight_decay(); }) rule.decoupled = o.decoupled_weight_decay();
  return rule;
}

/// The states of one step as they will be when it is done, so that a step that fails has changed none. Tensors that
/// were there are shared with the old states: the kernel writes them, when nothing can fail any more.
template <class State>
class NextStates {
 public:
  explicit NextStates(Optimizer::State& states) : states_(states) {}
  /// That of p; valid until the next call.
  State& of(const Tensor& p) {
    const auto at = states_.find(p.unsafeGetTensorImpl());
    State* old = at != states_.end() ? static_cast<State*>(at->second.get()) : nullptr;
    next_.push_back({p.unsafeGetTensorImpl(), old, old ? *old : State()});
    return next_.back().state;
  }
  /// Takes the memory for the new ones.
  void prepare() {
    for (Next& n : next_)
      if (!n.old) made_.emplace(n.parameter, std::make_unique<State>(std::move(n.state)));
    if (!made_.empty()) made_.reserve(states_.size() + made_.size());
  }
  void commit() {
    for (Next& n : next_)
      if (n.old) *n.old = std::move(n.state);
    if (made_.empty()) return;
    made_.merge(states_);
    states_.swap(made_);
  }

 private:
  struct Next {
    void* parameter;
    State* old;
    State state;
  };
  Optimizer::State& states_;
  Optimizer::State made_;
  InlineVector<Next, 8> next_;
};

/// One step of a rule over everything that has a gradient, in one call of its kernel. prepare(p, options, state,
/// update) sets the numbers of the update and its state; state() is that of p, made the first time it is asked for.
/// All memory is there before anything changes: a step is done, or has thrown and changed nothing.
template <class Options, class State, class C, class Prepare>
void run_rule(std::vector<OptimizerParamGroup>& groups, Optimizer::State& states,
              void (*kernel)(ArrayRef<kernels::Update<C>>), const Prepare& prepare) {
  Step step;
  NextStates<State> next(states);
  InlineVector<kernels::Update<C>, 8> updates;
  for_each_gradient<Options>(groups, step, [&](const Tensor& p, const Tensor& g, const Options& o) {
    kernels::Update<C> u;
    u.p = step.parameter(p);
    u.g = g.unsafeGetTensorImpl();
    prepare(
        p, o, [&]() -> State& { return next.of(p); }, u);
    updates.push_back(u);
  });
  next.prepare();
  kernel(updates);
  step.finish();
  next.commit();
}

/// A tensor of the state of p, filled with `value` the first time: contiguous whatever p's layout.
const TensorImpl* state_tensor(Tensor& state, const Tensor& p, double value = 0);

}  // namespace gradus::optim
