// AdamW: Adam whose weight decay does not pass through the moments.
#pragma once
#include <tuple>

#include "gradus/optim/optimizer.h"

namespace gradus::optim {

struct AdamWOptions : public FieldedOptions<AdamWOptions> {
  using betas_t = std::tuple<double, double>;
  AdamWOptions(double lr = 1e-3) : lr_(lr) {}
  GRADUS_ARG(double, lr);
  GRADUS_ARG(betas_t, betas) = betas_t(0.9, 0.999);
  GRADUS_ARG(double, eps) = 1e-8;
  GRADUS_ARG(double, weight_decay) = 1e-2;
  GRADUS_ARG(bool, amsgrad) = false;

 public:
  template <class Self, class F>
  static void fields(Self& self, F f) {
    f("lr", self.lr());
    f("betas", self.betas());
    f("eps", self.eps());
    f("weight_decay", self.weight_decay());
    f("amsgrad", self.amsgrad());
  }
  friend bool operator==(const AdamWOptions& a, const AdamWOptions& b);
};

struct AdamWParamState : public FieldedParamState<AdamWParamState> {
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
  friend bool operator==(const AdamWParamState& a, const AdamWParamState& b);
};

/// p *= 1 - lr weight_decay, and then as Adam without weight decay.  Loshchilov, Hutter 2017, arXiv:1711.05101.
/// https://pytorch.org/docs/stable/generated/torch.optim.AdamW.html
class AdamW : public Optimizer {
 public:
  explicit AdamW(const std::vector<OptimizerParamGroup>& groups, AdamWOptions defaults = {});
  explicit AdamW(std::vector<Tensor> params, AdamWOptions defaults = {});
  Tensor step(LossClosure closure = nullptr) override;

 protected:
  std::unique_ptr<OptimizerParamState> make_state() const override;
};

}  // namespace gradus::optim
