// NAdam: Adam with the look ahead of Nesterov.
#pragma once
#include <tuple>

#include "gradus/optim/optimizer.h"

namespace gradus::optim {

/// decoupled_weight_decay: as in AdamW.
struct NAdamOptions : public FieldedOptions<NAdamOptions> {
  using betas_t = std::tuple<double, double>;
  NAdamOptions(double lr = 2e-3) : lr_(lr) {}
  GRADUS_ARG(double, lr);
  GRADUS_ARG(betas_t, betas) = betas_t(0.9, 0.999);
  GRADUS_ARG(double, eps) = 1e-8;
  GRADUS_ARG(double, weight_decay) = 0;
  GRADUS_ARG(double, momentum_decay) = 4e-3;
  GRADUS_ARG(bool, decoupled_weight_decay) = false;
  GRADUS_ARG(bool, maximize) = false;

 public:
  template <class Self, class F>
  static void fields(Self& self, F f) {
    f("lr", self.lr());
    f("betas", self.betas());
    f("eps", self.eps());
    f("weight_decay", self.weight_decay());
    f("momentum_decay", self.momentum_decay());
    f("decoupled_weight_decay", self.decoupled_weight_decay());
    f("maximize", self.maximize());
  }
};

struct NAdamParamState : public FieldedParamState<NAdamParamState> {
  GRADUS_ARG(int64_t, step) = 0;
  GRADUS_ARG(double, mu_product) = 1;
  GRADUS_ARG(Tensor, exp_avg) = {};
  GRADUS_ARG(Tensor, exp_avg_sq) = {};

 public:
  template <class Self, class F>
  static void fields(Self& self, F f) {
    f("step", self.step());
    f("mu_product", self.mu_product());
    f("exp_avg", self.exp_avg());
    f("exp_avg_sq", self.exp_avg_sq());
  }
};

/// g, m and v as in Adam;  mu(t) = beta1 (1 - 0.96^(t momentum_decay) / 2), M(t) the product of mu(1) ... mu(t);
/// p -= lr (g (1 - mu(t)) / (1 - M(t)) + m mu(t + 1) / (1 - M(t + 1))) / (sqrt(v / (1 - beta2^t)) + eps).  Dozat 2016.
/// https://pytorch.org/docs/stable/generated/torch.optim.NAdam.html
class NAdam : public Optimizer {
 public:
  explicit NAdam(const std::vector<OptimizerParamGroup>& groups, NAdamOptions defaults = {});
  explicit NAdam(std::vector<Tensor> params, NAdamOptions defaults = {});
  Tensor step(LossClosure closure = nullptr) override;

 protected:
  std::unique_ptr<OptimizerParamState> make_state() const override;
};

}  // namespace gradus::optim
