// Adadelta: steps scaled by how far earlier steps went, relative to the gradient.
#pragma once
#include "gradus/optim/optimizer.h"

namespace gradus::optim {

struct AdadeltaOptions : public FieldedOptions<AdadeltaOptions> {
  AdadeltaOptions(double lr = 1.0) : lr_(lr) {}
  GRADUS_ARG(double, lr);
  GRADUS_ARG(double, rho) = 0.9;
  GRADUS_ARG(double, eps) = 1e-6;
  GRADUS_ARG(double, weight_decay) = 0;
  GRADUS_ARG(bool, maximize) = false;

 public:
  template <class Self, class F>
  static void fields(Self& self, F f) {
    f("lr", self.lr());
    f("rho", self.rho());
    f("eps", self.eps());
    f("weight_decay", self.weight_decay());
    f("maximize", self.maximize());
  }
};

struct AdadeltaParamState : public FieldedParamState<AdadeltaParamState> {
  GRADUS_ARG(int64_t, step) = 0;
  GRADUS_ARG(Tensor, square_avg) = {};
  GRADUS_ARG(Tensor, acc_delta) = {};

 public:
  template <class Self, class F>
  static void fields(Self& self, F f) {
    f("step", self.step());
    f("square_avg", self.square_avg());
    f("acc_delta", self.acc_delta());
  }
};

/// g += weight_decay p;  v = rho v + (1 - rho) g^2;  d = g sqrt(u + eps) / sqrt(v + eps);
/// u = rho u + (1 - rho) d^2;  p -= lr d.  Zeiler 2012, arXiv:1212.5701.
/// https://pytorch.org/docs/stable/generated/torch.optim.Adadelta.html
class Adadelta : public Optimizer {
 public:
  explicit Adadelta(const std::vector<OptimizerParamGroup>& groups, AdadeltaOptions defaults = {});
  explicit Adadelta(std::vector<Tensor> params, AdadeltaOptions defaults = {});
  Tensor step(LossClosure closure = nullptr) override;

 protected:
  std::unique_ptr<OptimizerParamState> make_state() const override;
};

}  // namespace gradus::optim
