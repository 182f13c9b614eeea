// Stochastic gradient descent, with momentum.
#pragma once
#include "gradus/optim/optimizer.h"

namespace gradus::optim {

/// weight_decay: L2 penalty. dampening: of the momentum. nesterov: look ahead along the momentum; needs momentum and no
/// dampening. maximize (of every optimizer): climb instead of descending.
struct SGDOptions : public FieldedOptions<SGDOptions> {
  SGDOptions(double lr = 1e-3) : lr_(lr) {}
  GRADUS_ARG(double, lr);
  GRADUS_ARG(double, momentum) = 0;
  GRADUS_ARG(double, dampening) = 0;
  GRADUS_ARG(double, weight_decay) = 0;
  GRADUS_ARG(bool, nesterov) = false;
  GRADUS_ARG(bool, maximize) = false;

 public:
  template <class Self, class F>
  static void fields(Self& self, F f) {
    f("lr", self.lr());
    f("momentum", self.momentum());
    f("dampening", self.dampening());
    f("weight_decay", self.weight_decay());
    f("nesterov", self.nesterov());
    f("maximize", self.maximize());
  }
};

struct SGDParamState : public FieldedParamState<SGDParamState> {
  GRADUS_ARG(Tensor, momentum_buffer) = {};

 public:
  template <class Self, class F>
  static void fields(Self& self, F f) {
    f("momentum_buffer", self.momentum_buffer());
  }
};

/// d = g + weight_decay p;  b = momentum b + (1 - dampening) d (the first time b = d);
/// p -= lr (nesterov ? d + momentum b : b), or lr d without momentum.
/// https://pytorch.org/docs/stable/generated/torch.optim.SGD.html
class SGD : public Optimizer {
 public:
  explicit SGD(const std::vector<OptimizerParamGroup>& groups, SGDOptions defaults = {});
  explicit SGD(std::vector<Tensor> params, SGDOptions defaults = {});
  Tensor step(LossClosure closure = nullptr) override;

 protected:
  std::unique_ptr<OptimizerParamState> make_state() const override;
};

}  // namespace gradus::optim
