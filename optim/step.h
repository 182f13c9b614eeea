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
  /// The gradient of p, ready for the rule; undefined if p has none.
  Tensor gradient(const Tensor& p);
  /// p, or the copy that stands for it.
  const TensorImpl* parameter(const Tensor& p);
  /// Counts the change of every parameter, and writes copies back.
  void finish();

 private:
  struct Entry {
    Tensor original, working;
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
      if (Tensor g = step.gradient(p); g.defined()) each(p, g, options);
  }
}

/// The state of p, made by `make` the first time.
template <class S>
S& state_of(Optimizer::State& state, const Tensor& p, bool& fresh) {
  auto& slot = state[p.unsafeGetTensorImpl()];
  fresh = slot == nullptr;
  if (fresh) slot = std::make_unique<S>();
  return static_cast<S&>(*slot);
}

/// Zeros for the state of p: contiguous whatever p's layout.
Tensor state_like(const Tensor& p, double value = 0);

}  // namespace gradus::optim
