// RMSprop: steps scaled by a running mean of the squared gradient.
#pragma once
#include "gradus/optim/optimizer.h"

namespace gradus::optim {

struct RMSpropOptions : public FieldedOptions<RMSpropOptions> {
  RMSpropOptions(double lr = 1e-2) : lr_(lr) {}
  GRADUS_ARG(double, lr);
  GRADUS_ARG(double, alpha) = 0.99;
  GRADUS_ARG(double, eps) = 1e-8;
  GRADUS_ARG(double, weight_decay) = 0;
  GRADUS_ARG(double, momentum) = 0;
  GRADUS_ARG(bool, centered) = false;
  GRADUS_ARG(bool, maximize) = false;

 public:
  template <class Self, class F>
  static void fields(Self& self, F f) {
    f("lr", self.lr());
    f("alpha", self.alpha());
    f("eps", self.eps());
    f("weight_decay", self.weight_decay());
    f("momentum", self.momentum());
    f("centered", self.centered());
    f("maximize", self.maximize());
  }
};

struct RMSpropParamState : public FieldedParamState<RMSpropParamState> {
  GRADUS_ARG(int64_t, step) = 0;
  GRADUS_ARG(Tensor, square_avg) = {};
  GRADUS_ARG(Tensor, momentum_buffer) = {};
  GRADUS_ARG(Tensor, grad_avg) = {};

 public:
  template <class Self, class F>
  static void fields(Self& self, F f) {
    f("step", self.step());
    f("square_avg", self.square_avg());
    f("momentum_buffer", self.momentum_buffer());
    f("grad_avg", self.grad_avg());
  }
};

/// g += weight_decay p;  v = alpha v + (1 - alpha) g^2;  a = sqrt(v) + eps, or sqrt(v - m^2) + eps when centered, m the
/// running mean of g;  b = momentum b + g / a;  p -= lr b, or lr g / a without momentum.  Tieleman, Hinton 2012.
/// https://pytorch.org/docs/stable/generated/torch.optim.RMSprop.html
class RMSprop : public Optimizer {
 public:
  explicit RMSprop(const std::vector<OptimizerParamGroup>& groups, RMSpropOptions defaults = {});
  explicit RMSprop(std::vector<Tensor> params, RMSpropOptions defaults = {});
  Tensor step(LossClosure closure = nullptr) override;

 protected:
  std::unique_ptr<OptimizerParamState> make_state() const override;
};

}  // namespace gradus::optim
