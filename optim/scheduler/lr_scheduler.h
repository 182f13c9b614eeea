// LRScheduler: moves the learning rates of an optimizer's groups, a step an epoch (or a batch).
//
//   optim::StepLR schedule(optimizer, 30, 0.1);
//   for (int epoch = 0; epoch < 90; ++epoch) { train(); schedule.step(); }
//
// Semantics are those of Python's torch.optim.lr_scheduler: a schedule sets the first rate when it is made, rates are
// computed from the present ones, so that several schedules of one optimizer multiply. A schedule made with last_epoch
// goes on after that step, with an optimizer whose state, and initial rates in it, were loaded.
#pragma once
#include "gradus/optim/optimizer.h"

namespace gradus::optim {

class LRScheduler {
 public:
  virtual ~LRScheduler() = default;

  /// The next rates.
  virtual void step();
  std::vector<double> get_last_lr() const { return last_lrs_; }
  /// Steps so far.
  int64_t last_epoch() const { return epoch_; }
  Optimizer& optimizer() const { return optimizer_; }

  /// Where the schedule stands, as named tensors; the optimizer's rates are in its own state.
  StateDict state_dict() const;
  /// Throws, and changes nothing, if `state` is not that of a schedule of the same kind.
  void load_state_dict(const StateDict& state);

 protected:
  /// last_epoch: the last step that was made; -1 for none. Throws if there was one and a group has no initial rate.
  explicit LRScheduler(Optimizer& optimizer, int64_t last_epoch = -1);
  /// The rates of step `epoch_`, from the present ones where the schedule multiplies.
  virtual std::vector<double> get_lrs() = 0;
  /// The rates of step `epoch_` whatever the present ones are.
  virtual std::vector<double> get_closed_form_lrs() { return get_lrs(); }
  virtual void save(StateDict& state, const std::string& prefix) const;
  virtual void load(const StateDict& state, const std::string& prefix);

  /// Sets the rates of the first step; the last thing a constructor does.
  void start();
  /// Sets the rates of step `epoch`, by the closed form.
  virtual void jump(int64_t epoch);
  std::vector<double> get_current_lrs() const;
  void set_optimizer_lrs(const std::vector<double>& lrs);
  /// f(present rate, initial rate) for each group.
  template <class F>
  std::vector<double> for_each_lr(const F& f) const {
    std::vector<double> lrs = get_current_lrs();
    for (size_t i = 0; i < lrs.size(); ++i) lrs[i] = f(lrs[i], base_lrs_[i]);
    return lrs;
  }

  Optimizer& optimizer_;
  std::vector<double> base_lrs_, last_lrs_;
  int64_t epoch_ = 0;
  bool is_initial_ = false;  // while a constructor sets the first rates

 private:
  friend class CompositeLR;
};

namespace detail {

void save_number(StateDict& state, const std::string& key, double v);
void save_number(StateDict& state, const std::string& key, int64_t v);
void save_numbers(StateDict& state, const std::string& key, const std::vector<double>& v);
double load_double(const StateDict& state, const std::string& key);
int64_t load_int(const StateDict& state, const std::string& key);
std::vector<double> load_numbers(const StateDict& state, const std::string& key, size_t count);

}  // namespace detail
}  // namespace gradus::optim
