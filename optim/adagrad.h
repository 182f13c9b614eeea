// Adagrad: steps scaled by the sum of the squared gradients.
#pragma once
#include "gradus/optim/optimizer.h"

namespace gradus::optim {

struct AdagradOptions : public FieldedOptions<AdagradOptions> {
  AdagradOptions(double lr = 1e-2) : lr_(lr) {}
  GRADUS_ARG(double, lr);
  GRADUS_ARG(double, lr_decay) = 0;
  GRADUS_ARG(double, weight_decay) = 0;
  GRADUS_ARG(double, initial_accumulator_value) = 0;
  GRADUS_ARG(double, eps) = 1e-10;
  GRADUS_ARG(bool, maximize) = false;

 public:
  template <class Self, class F>
  static void fields(Self& self, F f) {
    f("lr", self.lr());
    f("lr_decay", self.lr_decay());
    f("weight_decay", self.weight_decay());
    f("initial_accumulator_value", self.initial_accumulator_value());
    f("eps", self.eps());
    f("maximize", self.maximize());
  }
};

struct AdagradParamState : public FieldedParamState<AdagradParamState> {
  GRADUS_ARG(Tensor, sum) = {};
  GRADUS_ARG(int64_t, step) = 0;

 public:
  template <class Self, class F>
  static void fields(Self& self, F f) {
    f("sum", self.sum());
    f("step", self.step());
  }
};

/// g += weight_decay p;  s += g^2;  p -= lr / (1 + (step - 1) lr_decay) g / (sqrt(s) + eps).  Duchi et al. 2011.
/// https://pytorch.org/docs/stable/generated/torch.optim.Adagrad.html
class Adagrad : public Optimizer {
 public:
  explicit Adagrad(const std::vector<OptimizerParamGroup>& groups, AdagradOptions defaults = {});
  explicit Adagrad(std::vector<Tensor> params, AdagradOptions defaults = {});
  Tensor step(LossClosure closure = nullptr) override;

 protected:
  std::unique_ptr<OptimizerParamState> make_state() const override;
};

}  // namespace gradus::optim
