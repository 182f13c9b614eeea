// Custom functions in LibTorch's form: forward and backward as static functions of a class, written on plain tensors.
//
//   struct Cube : autograd::Function<Cube> {
//     static Tensor forward(AutogradContext* ctx, const Tensor& x) {
//       ctx->save_for_backward({x});
//       return x * x * x;
//     }
//     static variable_list backward(AutogradContext* ctx, variable_list g) {
//       const Tensor x = ctx->get_saved_variables()[0];
//       return {g[0] * 3 * x * x};
//     }
//   };
//   Tensor y = Cube::apply(x);
//
// Where derivatives of derivatives are wanted, backward is recorded, so it must then be made of public operations.
// https://pytorch.org/cppdocs/api/structtorch_1_1autograd_1_1_function.html
#pragma once
#include <map>

#include "gradus/autograd/engine.h"
#include "gradus/autograd/grad_mode.h"
#include "gradus/autograd/saved.h"
#include "gradus/tensor/ivalue.h"

namespace gradus::autograd {

/// What forward leaves for backward.
class AutogradContext {
 public:
  AutogradContext() = default;
  AutogradContext(const AutogradContext&) = delete;
  AutogradContext& operator=(const AutogradContext&) = delete;

  /// Values other than inputs and outputs of forward.
  std::map<std::string, IValue> saved_data;

  /// Inputs or outputs that backward needs; a change in place in between is found out. Undefined ones may be among
  /// them.
  void save_for_backward(variable_list to_save) { to_save_ = std::move(to_save); }
  /// What save_for_backward was given; throws once backward has freed it.
  variable_list get_saved_variables() const;
  /// Inputs that forward changes in place, and returns.
  void mark_dirty(const variable_list& inputs);
  /// Outputs without a derivative.
  void mark_non_differentiable(const variable_list& outputs);
  /// Whether backward sees zeros (default) or undefined tensors for outputs that nobody differentiated.
  void set_materialize_grads(bool value) { materialize_ = value; }
  /// Whether the gradient of the i-th tensor among forward's arguments is wanted.
  bool needs_input_grad(size_t i) const;

 private:
  friend class FunctionNode;
  variable_list to_save_;
  std::vector<Saved> saved_;
  std::vector<const TensorImpl*> dirty_, non_differentiable_;
  bool materialize_ = true;
  bool freed_ = false;
  Node* node_ = nullptr;
};

/// The node of a custom function.
class FunctionNode : public Node {
 public:
  using Backward = variable_list (*)(AutogradContext*, variable_list);
  FunctionNode(const char* name, Backward f) : Node(name), f_(f) { context.node_ = this; }
  std::string name() const override { return op(); }
  void backward(Grads& outputs, Grads& inputs) override;
  void release() override;

  /// Before forward runs: which of its arguments are tensors, and which of them are tracked.
  void connect(const variable_list& tensors, std::vector<bool> is_tensor);
  /// After it: makes `outputs` the results of this node, or plain tensors where nothing is tracked.
  void wrap(const variable_list& tensors, variable_list& outputs, bool track);

  AutogradContext context;

 private:
  variable_list materialized(Grads& grads) const;
  void save(const variable_list& outputs);

  Backward f_;
  std::vector<bool> is_tensor_;
  std::vector<OutputMeta> zeros_;  // of the outputs, for gradients that nobody gave
};

namespace detail {
const char* function_name(const std::type_info& type);

template <class X>
void gather(variable_list& tensors, std::vector<bool>& is_tensor, const X& x) {
  if constexpr (std::is_convertible_v<const X&, const Tensor&>) {
    tensors.push_back(x);
    is_tensor.push_back(true);
  } else if constexpr (std::is_same_v<X, std::optional<Tensor>>) {
    if (x) tensors.push_back(*x);
    is_tensor.push_back(x.has_value());
  } else if constexpr (std::is_convertible_v<const X&, variable_list>) {
    for (const Tensor& t : x) {
      tensors.push_back(t);
      is_tensor.push_back(true);
    }
  } else {
    is_tensor.push_back(false);
  }
}

inline variable_list as_list(Tensor y) { return {std::move(y)}; }
inline variable_list as_list(variable_list y) { return y; }
}  // namespace detail

/// Base of a custom function T: `static R forward(AutogradContext*, args...)`, with R a tensor or a list of them, and
/// `static variable_list backward(AutogradContext*, variable_list grads)`, which returns a gradient for each argument
/// of forward, undefined for those that are no tensors.
template <class T>
struct Function {
  /// T::forward on these arguments, recorded.
  template <class X = T, class... Args>
  static auto apply(Args&&... args) -> decltype(X::forward(nullptr, std::forward<Args>(args)...)) {
    using Result = decltype(X::forward(nullptr, std::forward<Args>(args)...));
    auto node = make_intrusive<FunctionNode>(detail::function_name(typeid(T)), &T::backward);
    variable_list tensors;
    std::vector<bool> is_tensor;
    (detail::gather(tensors, is_tensor, args), ...);
    bool track = GradMode::is_enabled();
    if (track) {
      track = false;
      for (const Tensor& t : tensors) track = track || (t.defined() && t.requires_grad());
    }
    node->connect(track ? tensors : variable_list(tensors.size()), std::move(is_tensor));
    variable_list outputs;
    {
      NoGradGuard off;
      outputs = detail::as_list(T::forward(&node->context, std::forward<Args>(args)...));
    }
    node->wrap(tensors, outputs, track);
    if constexpr (std::is_same_v<std::decay_t<Result>, Tensor>)
      return outputs[0];
    else
      return outputs;
  }
};

}  // namespace gradus::autograd
