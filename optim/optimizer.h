// Optimizer: the base of all update rules. It holds parameters in groups, options a group and state a parameter.
//
//   optim::AdamW optimizer(model->parameters(), optim::AdamWOptions(1e-3).weight_decay(0.05));
//   optimizer.zero_grad();
//   loss.backward();
//   optimizer.step();
//
// A rule of one's own derives from Optimizer, its options from OptimizerCloneableOptions<Own>, its state from
// OptimizerCloneableParamState<Own>, and overrides step.
#pragma once
#include <functional>
#include <memory>
#include <unordered_map>

#include "gradus/tensor/arg.h"
#include "gradus/tensor/state_dict.h"

namespace gradus::serialize {
class OutputArchive;
class InputArchive;
}  // namespace gradus::serialize

namespace gradus::optim {

/// What a rule keeps for one parameter.
class OptimizerParamState {
 public:
  virtual ~OptimizerParamState() = default;
  virtual std::unique_ptr<OptimizerParamState> clone() const;
  /// Appends the state under names that begin with `prefix`; reads it back, tensors shaped like the parameter.
  virtual void save(StateDict& state, const std::string& prefix) const;
  virtual void load(const StateDict& state, const std::string& prefix, const Tensor& parameter);
  /// The same with an archive, where LibTorch's own rules override it.
  virtual void serialize(serialize::OutputArchive& archive) const;
  virtual void serialize(serialize::InputArchive& archive);
};

/// The numbers of a rule.
class OptimizerOptions {
 public:
  virtual ~OptimizerOptions() = default;
  virtual std::unique_ptr<OptimizerOptions> clone() const;
  virtual double get_lr() const;
  virtual void set_lr(double lr);
  /// The momentum, or beta1 where there are betas; schedules such as OneCycleLR move it.
  virtual std::optional<double> get_momentum() const;
  virtual void set_momentum(double momentum);
  virtual void save(StateDict& state, const std::string& prefix) const;
  virtual void load(const StateDict& state, const std::string& prefix);
  virtual void serialize(serialize::OutputArchive& archive) const;
  virtual void serialize(serialize::InputArchive& archive);
  /// Takes over from the optimizer's defaults what this group has left at its initial value.
  virtual void inherit(const OptimizerOptions& defaults);
};

template <class Derived>
class OptimizerCloneableParamState : public OptimizerParamState {
 public:
  std::unique_ptr<OptimizerParamState> clone() const override {
    return std::make_unique<Derived>(static_cast<const Derived&>(*this));
  }
};
template <class Derived>
class OptimizerCloneableOptions : public OptimizerOptions {
 public:
  std::unique_ptr<OptimizerOptions> clone() const override {
    return std::make_unique<Derived>(static_cast<const Derived&>(*this));
  }
};

/// The same for the rules of the library, which list their fields once, in fields() (options_impl.h).
template <class Derived>
class FieldedParamState : public OptimizerParamState {
 public:
  std::unique_ptr<OptimizerParamState> clone() const override;
  void save(StateDict& state, const std::string& prefix) const override;
  void load(const StateDict& state, const std::string& prefix, const Tensor& parameter) override;
  void serialize(serialize::OutputArchive& archive) const override;
  void serialize(serialize::InputArchive& archive) override;
  bool same_fields(const Derived& o) const;
  friend bool operator==(const Derived& a, const Derived& b) { return a.same_fields(b); }
};
template <class Derived>
class FieldedOptions : public OptimizerOptions {
 public:
  std::unique_ptr<OptimizerOptions> clone() const override;
  double get_lr() const override;
  void set_lr(double lr) override;
  std::optional<double> get_momentum() const override;
  void set_momentum(double momentum) override;
  void save(StateDict& state, const std::string& prefix) const override;
  void load(const StateDict& state, const std::string& prefix) override;
  void serialize(serialize::OutputArchive& archive) const override;
  void serialize(serialize::InputArchive& archive) override;
  void inherit(const OptimizerOptions& defaults) override;
  bool same_fields(const Derived& o) const;
  friend bool operator==(const Derived& a, const Derived& b) { return a.same_fields(b); }
};

/// Parameters that share options; those of the optimizer where it has none of its own.
class OptimizerParamGroup {
 public:
  OptimizerParamGroup(const OptimizerParamGroup& o);
  OptimizerParamGroup(OptimizerParamGroup&&) noexcept = default;
  OptimizerParamGroup& operator=(const OptimizerParamGroup& o) { return *this = OptimizerParamGroup(o); }
  OptimizerParamGroup& operator=(OptimizerParamGroup&&) noexcept = default;
  OptimizerParamGroup(std::vector<Tensor> params) : params_(std::move(params)) {}
  OptimizerParamGroup(std::vector<Tensor> params, std::unique_ptr<OptimizerOptions> options)
      : params_(std::move(params)), options_(std::move(options)) {}

  bool has_options() const { return options_ != nullptr; }
  OptimizerOptions& options();
  const OptimizerOptions& options() const;
  void set_options(std::unique_ptr<OptimizerOptions> options) { options_ = std::move(options); }
  std::vector<Tensor>& params() { return params_; }
  const std::vector<Tensor>& params() const { return params_; }
  /// The learning rate before any schedule; set by the first schedule that takes the optimizer over.
  std::optional<double> initial_lr() const { return initial_lr_; }
  void set_initial_lr(double lr) { initial_lr_ = lr; }

 private:
  std::vector<Tensor> params_;
  std::unique_ptr<OptimizerOptions> options_;
  std::optional<double> initial_lr_;
};

class Optimizer {
 public:
  using LossClosure = std::function<Tensor()>;
  /// By the address of a parameter (unsafeGetTensorImpl).
  using State = std::unordered_map<void*, std::unique_ptr<OptimizerParamState>>;

  Optimizer(const std::vector<OptimizerParamGroup>& groups, std::unique_ptr<OptimizerOptions> defaults);
  Optimizer(std::vector<Tensor> parameters, std::unique_ptr<OptimizerOptions> defaults);
  Optimizer(const Optimizer&) = delete;
  Optimizer(Optimizer&&) = default;
  Optimizer& operator=(const Optimizer&) = delete;
  Optimizer& operator=(Optimizer&&) = default;
  virtual ~Optimizer();

  /// Updates all parameters that have a gradient. A closure computes the loss anew, with recording on; step returns it.
  virtual Tensor step(LossClosure closure = nullptr) = 0;
  /// Forgets all gradients; with set_to_none = false fills them with zeros.
  void zero_grad(bool set_to_none = true);
  /// Throws for parameters that are no leaves, or belong to a group already.
  void add_param_group(const OptimizerParamGroup& group);

  const OptimizerOptions& defaults() const noexcept { return *defaults_; }
  OptimizerOptions& defaults() noexcept { return *defaults_; }
  std::vector<OptimizerParamGroup>& param_groups() noexcept { return param_groups_; }
  const std::vector<OptimizerParamGroup>& param_groups() const noexcept { return param_groups_; }
  State& state() noexcept { return state_; }
  const State& state() const noexcept { return state_; }

  /// The parameters of the first group; for programs written before there were groups.
  const std::vector<Tensor>& parameters() const noexcept { return param_groups_.at(0).params(); }
  std::vector<Tensor>& parameters() noexcept { return param_groups_.at(0).params(); }
  size_t size() const noexcept;
  void add_parameters(const std::vector<Tensor>& parameters);

  /// State and options as named tensors: "state.0.exp_avg" of the first parameter, "param_groups.0.lr".
  StateDict state_dict() const;
  /// Takes over what state_dict of an optimizer of the same kind and groups returned; throws, and changes nothing, if
  /// it does not fit.
  void load_state_dict(const StateDict& state);
  /// state_dict as an archive, each dot a folder; load throws, and changes nothing, as load_state_dict does.
  virtual void save(serialize::OutputArchive& archive) const;
  virtual void load(serialize::InputArchive& archive);

 protected:
  /// A fresh state of this rule, for load_state_dict.
  virtual std::unique_ptr<OptimizerParamState> make_state() const;
  /// Runs the closure, if there is one, with recording on.
  static Tensor evaluate(const LossClosure& closure);

  std::vector<OptimizerParamGroup> param_groups_;
  State state_;
  std::unique_ptr<OptimizerOptions> defaults_;
};

serialize::OutputArchive& operator<<(serialize::OutputArchive& archive, const Optimizer& optimizer);
serialize::InputArchive& operator>>(serialize::InputArchive& archive, Optimizer& optimizer);

}  // namespace gradus::optim
