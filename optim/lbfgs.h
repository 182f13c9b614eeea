// L-BFGS: steps along the gradient times an inverse Hessian estimated from the last steps.
#pragma once
#include <deque>
#include <optional>
#include <string>

#include "gradus/optim/optimizer.h"

namespace gradus::optim {

/// max_iter: iterations a call of step. max_eval: calls of the closure a call of step, 5/4 max_iter by default. A step
/// ends where no gradient exceeds tolerance_grad, or nothing changes by more than tolerance_change. history_size: how
/// many steps the estimate remembers. line_search_fn: "strong_wolfe", or none: every iteration goes lr far.
struct LBFGSOptions : public FieldedOptions<LBFGSOptions> {
  LBFGSOptions(double lr = 1) : lr_(lr) {}
  GRADUS_ARG(double, lr);
  GRADUS_ARG(int64_t, max_iter) = 20;
  GRADUS_ARG(std::optional<int64_t>, max_eval) = std::nullopt;
  GRADUS_ARG(double, tolerance_grad) = 1e-7;
  GRADUS_ARG(double, tolerance_change) = 1e-9;
  GRADUS_ARG(int64_t, history_size) = 100;
  GRADUS_ARG(std::optional<std::string>, line_search_fn) = std::nullopt;

 public:
  template <class Self, class F>
  static void fields(Self& self, F f) {
    f("lr", self.lr());
    f("max_iter", self.max_iter());
    f("max_eval", self.max_eval());
    f("tolerance_grad", self.tolerance_grad());
    f("tolerance_change", self.tolerance_change());
    f("history_size", self.history_size());
    f("line_search_fn", self.line_search_fn());
  }
};

/// Of all parameters together, as one vector; kept as the state of the first. d is the last direction, t how far it was
/// gone; old_dirs are differences of gradients, old_stps steps, ro one over their products; al is scratch.
struct LBFGSParamState : public OptimizerParamState {
  /// numel: the elements of all parameters, which what is loaded must have; -1 for any.
  explicit LBFGSParamState(int64_t numel = -1) : numel_(numel) {}
  GRADUS_ARG(int64_t, func_evals) = 0;
  GRADUS_ARG(int64_t, n_iter) = 0;
  GRADUS_ARG(double, t) = 0;
  GRADUS_ARG(double, prev_loss) = 0;
  GRADUS_ARG(Tensor, d) = {};
  GRADUS_ARG(Tensor, H_diag) = {};
  GRADUS_ARG(Tensor, prev_flat_grad) = {};
  GRADUS_ARG(std::deque<Tensor>, old_dirs) = {};
  GRADUS_ARG(std::deque<Tensor>, old_stps) = {};
  GRADUS_ARG(std::deque<Tensor>, ro) = {};
  GRADUS_ARG(std::optional<std::vector<Tensor>>, al) = std::nullopt;

 public:
  template <class Self, class F>
  static void fields(Self& self, F f) {
    f("func_evals", self.func_evals());
    f("n_iter", self.n_iter());
    f("t", self.t());
    f("prev_loss", self.prev_loss());
    f("d", self.d());
    f("H_diag", self.H_diag());
    f("prev_flat_grad", self.prev_flat_grad());
    f("old_dirs", self.old_dirs());
    f("old_stps", self.old_stps());
    f("ro", self.ro());
  }
  std::unique_ptr<OptimizerParamState> clone() const override;
  void save(StateDict& state, const std::string& prefix) const override;
  void load(const StateDict& state, const std::string& prefix, const Tensor& parameter) override;
  void serialize(serialize::OutputArchive& archive) const override;
  void serialize(serialize::InputArchive& archive) override;
  friend bool operator==(const LBFGSParamState& a, const LBFGSParamState& b);

 private:
  int64_t numel_;
};

/// The direction d = -H g comes from the two-loop recursion over the history; then p += t d, t = lr (the first time
/// min(1, 1 / |g|_1) lr), or as the line search finds it. Takes one parameter group, and a closure that computes the
/// gradients anew.  Nocedal, Wright, Numerical Optimization, algorithms 7.4 and 3.5.
/// https://pytorch.org/docs/stable/generated/torch.optim.LBFGS.html
class LBFGS : public Optimizer {
 public:
  explicit LBFGS(const std::vector<OptimizerParamGroup>& groups, LBFGSOptions defaults = {});
  explicit LBFGS(std::vector<Tensor> params, LBFGSOptions defaults = {});
  Tensor step(LossClosure closure) override;

 protected:
  std::unique_ptr<OptimizerParamState> make_state() const override;

 private:
  // The loss and the gradient at some place.
  struct Value {
    double loss;
    Tensor gradient;
  };
  // The iterations of one step, from a place whose loss is known.
  void search(LBFGSParamState& s, const Tensor& loss, const LossClosure& closure);
  // Sets s.d() to the next direction, and updates the history with the last step.
  static void find_direction(LBFGSParamState& s, const Tensor& gradient, int64_t history_size);
  // Goes along s.d() from `here`, as far as the options say; returns the calls of the closure that it took.
  int64_t move(LBFGSParamState& s, Value& here, double slope, const LossClosure& closure, int64_t evals_left,
               bool last);
  Value evaluate_here(const LossClosure& closure) const;
  Tensor flat_gradient() const;
  void add(double t, const Tensor& direction) const;
};

}  // namespace gradus::optim
