// Cosine annealing that begins anew again and again.
#pragma once
#include "gradus/optim/scheduler/lr_scheduler.h"

namespace gradus::optim {

/// eta_min + (base - eta_min) (1 + cos(pi T_cur / T_i)) / 2: T_cur counts the steps since the last restart, T_i is the
/// length of the present cycle, T_0 at first, T_mult times longer after each restart.
/// Loshchilov, Hutter 2016, arXiv:1608.03983.
/// https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.CosineAnnealingWarmRestarts.html
class CosineAnnealingWarmRestarts : public LRScheduler {
 public:
  CosineAnnealingWarmRestarts(Optimizer& optimizer, int64_t T_0, int64_t T_mult = 1, double eta_min = 0,
                              int64_t last_epoch = -1);
  void step() override;
  /// Goes to `epoch`, which can be a fraction: step(epoch + batch / batches) moves the rate within an epoch.
  void step(double epoch);

 protected:
  std::vector<double> get_lrs() override;
  void jump(int64_t epoch) override { step(static_cast<double>(epoch)); }
  void save(StateDict& state, const std::string& prefix) const override;
  void load(const StateDict& state, const std::string& prefix) override;

 private:
  int64_t t_0_, t_mult_;
  double eta_min_, t_cur_ = 0, t_i_;
};

}  // namespace gradus::optim
