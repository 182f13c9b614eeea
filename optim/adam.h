// Adam: steps scaled by running moments of the gradient.
#pragma once
#include <tuple>

#include "gradus/optim/optimizer.h"

namespace gradus::optim {

/// Of Adam and of AdamW, which differ in how weight decay works unless they are told.
template <bool decoupled>
struct AdamOptionsOf : public FieldedOptions<AdamOptionsOf<decoupled>> {
  using betas_t = std::tuple<double, double>;
  AdamOptionsOf(double lr = 1e-3) : lr_(lr) {}
  GRADUS_ARG(double, lr);
  GRADUS_ARG(betas_t, betas) = betas_t(0.9, 0.999);
  GRADUS_ARG(double, eps) = 1e-8;
  GRADUS_ARG(double, weight_decay) = decoupled ? 1e-2 : 0;
  GRADUS_ARG(bool, amsgrad) = false;
  GRADUS_ARG(bool, maximize) = false;
  GRADUS_ARG(bool, decoupled_weight_decay) = decoupled;

 public:
  template <class Self, class F>
  static void fields(Self& self, F f) {
    f("lr", self.lr());
    f("betas", self.betas());
    f("eps", self.eps());
    f("weight_decay", self.weight_decay());
    f("amsgrad", self.amsgrad());
    f("maximize", self.maximize());
    f("decoupled_weight_decay", self.decoupled_weight_decay());
  }
};
using AdamOptions = AdamOptionsOf<false>;

struct AdamParamState : public FieldedParamState<AdamParamState> {
  GRADUS_ARG(int64_t, step) = 0;
  GRADUS_ARG(Tensor, exp_avg) = {};
  GRADUS_ARG(Tensor, exp_avg_sq) = {};
  GRADUS_ARG(Tensor, max_exp_avg_sq) = {};

 public:
  template <class Self, class F>
  static void fields(Self& self, F f) {
    f("step", self.step());
    f("exp_avg", self.exp_avg());
    f("exp_avg_sq", self.exp_avg_sq());
    f("max_exp_avg_sq", self.max_exp_avg_sq());
  }
};

/// g += weight_decay p;  m += (1 - beta1) (g - m);  v = beta2 v + (1 - beta2) g^2;
/// p -= lr m' / (sqrt(v') + eps), m' = m / (1 - beta1^step), v' = v / (1 - beta2^step); with amsgrad v is the largest
/// so far.  Kingma, Ba 2014, arXiv:1412.6980; Reddi et al. 2018.
/// https://pytorch.org/docs/stable/generated/torch.optim.Adam.html
class Adam : public Optimizer {
 public:
  explicit Adam(const std::vector<OptimizerParamGroup>& groups, AdamOptions defaults = {});
  explicit Adam(std::vector<Tensor> params, AdamOptions defaults = {});
  Tensor step(LossClosure closure = nullptr) override;

 protected:
  Adam(std::unique_ptr<OptimizerOptions> defaults, const std::vector<OptimizerParamGroup>& groups);
  std::unique_ptr<OptimizerParamState> make_state() const override;
};

}  // namespace gradus::optim
