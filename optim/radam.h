// RAdam: Adam that waits until the mean square of the gradient has settled.
#pragma once
#include <tuple>

#include "gradus/optim/optimizer.h"

namespace gradus::optim {

/// decoupled_weight_decay: as in AdamW.
struct RAdamOptions : public FieldedOptions<RAdamOptions> {
  using betas_t = std::tuple<double, double>;
  RAdamOptions(double lr = 1e-3) : lr_(lr) {}
  GRADUS_ARG(double, lr);
  GRADUS_ARG(betas_t, betas) = betas_t(0.9, 0.999);
  GRADUS_ARG(double, eps) = 1e-8;
  GRADUS_ARG(double, weight_decay) = 0;
  GRADUS_ARG(bool, decoupled_weight_decay) = false;
  GRADUS_ARG(bool, maximize) = false;

 public:
  template <class Self, class F>
  static void fields(Self& self, F f) {
    f("lr", self.lr());
    f("betas", self.betas());
    f("eps", self.eps());
    f("weight_decay", self.weight_decay());
    f("decoupled_weight_decay", self.decoupled_weight_decay());
    f("maximize", self.maximize());
  }
};

struct RAdamParamState : public FieldedParamState<RAdamParamState> {
  GRADUS_ARG(int64_t, step) = 0;
  GRADUS_ARG(Tensor, exp_avg) = {};
  GRADUS_ARG(Tensor, exp_avg_sq) = {};

 public:
  template <class Self, class F>
  static void fields(Self& self, F f) {
    f("step", self.step());
    f("exp_avg", self.exp_avg());
    f("exp_avg_sq", self.exp_avg_sq());
  }
};

/// m and v as in Adam, m' = m / (1 - beta1^t);  r = 2 / (1 - beta2) - 1, q = r - 2 t beta2^t / (1 - beta2^t);
/// p -= lr m', and where q > 5 that times sqrt((q - 4) (q - 2) r / ((r - 4) (r - 2) q)) sqrt(1 - beta2^t) / (sqrt(v) +
/// eps). Liu et al. 2019, arXiv:1908.03265. https://pytorch.org/docs/stable/generated/torch.optim.RAdam.html
class RAdam : public Optimizer {
 public:
  explicit RAdam(const std::vector<OptimizerParamGroup>& groups, RAdamOptions defaults = {});
  explicit RAdam(std::vector<Tensor> params, RAdamOptions defaults = {});
  Tensor step(LossClosure closure = nullptr) override;

 protected:
  std::unique_ptr<OptimizerParamState> make_state() const override;
};

}  // namespace gradus::optim
