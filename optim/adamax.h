// Adamax: Adam with the largest gradient lately in place of the mean square.
#pragma once
#include <tuple>

#include "gradus/optim/optimizer.h"

namespace gradus::optim {

struct AdamaxOptions : public FieldedOptions<AdamaxOptions> {
  using betas_t = std::tuple<double, double>;
  AdamaxOptions(double lr = 2e-3) : lr_(lr) {}
  GRADUS_ARG(double, lr);
  GRADUS_ARG(betas_t, betas) = betas_t(0.9, 0.999);
  GRADUS_ARG(double, eps) = 1e-8;
  GRADUS_ARG(double, weight_decay) = 0;
  GRADUS_ARG(bool, maximize) = false;

 public:
  template <class Self, class F>
  static void fields(Self& self, F f) {
    f("lr", self.lr());
    f("betas", self.betas());
    f("eps", self.eps());
    f("weight_decay", self.weight_decay());
    f("maximize", self.maximize());
  }
};

struct AdamaxParamState : public FieldedParamState<AdamaxParamState> {
  GRADUS_ARG(int64_t, step) = 0;
  GRADUS_ARG(Tensor, exp_avg) = {};
  GRADUS_ARG(Tensor, exp_inf) = {};

 public:
  template <class Self, class F>
  static void fields(Self& self, F f) {
    f("step", self.step());
    f("exp_avg", self.exp_avg());
    f("exp_inf", self.exp_inf());
  }
};

/// g += weight_decay p;  m += (1 - beta1) (g - m);  u = max(beta2 u, |g| + eps);  p -= lr m / (1 - beta1^step) / u.
/// Kingma, Ba 2014, arXiv:1412.6980.
/// https://pytorch.org/docs/stable/generated/torch.optim.Adamax.html
class Adamax : public Optimizer {
 public:
  explicit Adamax(const std::vector<OptimizerParamGroup>& groups, AdamaxOptions defaults = {});
  explicit Adamax(std::vector<Tensor> params, AdamaxOptions defaults = {});
  Tensor step(LossClosure closure = nullptr) override;

 protected:
  std::unique_ptr<OptimizerParamState> make_state() const override;
};

}  // namespace gradus::optim
