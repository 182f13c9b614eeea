// Module: the base of every layer and model. It owns parameters, buffers and submodules under names.
//
//   struct NetImpl : nn::Module {
//     NetImpl() : fc1(register_module("fc1", nn::Linear(2, 4))), fc2(register_module("fc2", nn::Linear(4, 1))) {}
//     Tensor forward(const Tensor& x) { return sigmoid(fc2(tanh(fc1(x)))); }
//     nn::Linear fc1, fc2;
//   };
//   GRADUS_MODULE(Net);
#pragma once
#include <functional>
#include <memory>

#include "gradus/nn/holder.h"
#include "gradus/tensor/state_dict.h"

namespace gradus::serialize {
class OutputArchive;
class InputArchive;
}  // namespace gradus::serialize

namespace gradus::nn {

class AnyValue;

class Module : public std::enable_shared_from_this<Module> {
 public:
  using ModuleApplyFunction = std::function<void(Module&)>;
  using ConstModuleApplyFunction = std::function<void(const Module&)>;
  using NamedModuleApplyFunction = std::function<void(const std::string&, Module&)>;
  using ConstNamedModuleApplyFunction = std::function<void(const std::string&, const Module&)>;
  using ModulePointerApplyFunction = std::function<void(const std::shared_ptr<Module>&)>;
  using NamedModulePointerApplyFunction = std::function<void(const std::string&, const std::shared_ptr<Module>&)>;

  explicit Module(std::string name);
  /// The name is the class's then, as C++ writes it: "gradus::nn::LinearImpl".
  Module();
  Module(const Module&);
  Module& operator=(const Module&);
  virtual ~Module();

  const std::string& name() const noexcept;

  /// A copy that shares nothing with this module, on `device`; only for what derives from Cloneable.
  virtual std::shared_ptr<Module> clone(const std::optional<Device>& device = std::nullopt) const;

  // ---- walking the hierarchy: a module before its children, children in the order of registration ------------------
  /// Calls f on this module and all below it. f takes Module&, shared_ptr<Module>, or the name and one of them; names
  /// are paths such as "encoder.fc1".
  template <class F>
  void apply(F&& f, const std::string& name_prefix = std::string()) {
    if constexpr (std::is_invocable_v<F&, Module&>)
      walk(name_prefix, [&](const std::string&, Module& m) { f(m); });
    else if constexpr (std::is_invocable_v<F&, const std::string&, Module&>)
      walk(name_prefix, [&](const std::string& n, Module& m) { f(n, m); });
    else
      apply_pointers(f, name_prefix);
  }
  template <class F>
  void apply(F&& f, const std::string& name_prefix = std::string()) const {
    if constexpr (std::is_invocable_v<F&, const Module&>)
      walk(name_prefix, [&](const std::string&, const Module& m) { f(m); });
    else if constexpr (std::is_invocable_v<F&, const std::string&, const Module&>)
      walk(name_prefix, [&](const std::string& n, const Module& m) { f(n, m); });
    else
      apply_pointers(f, name_prefix);
  }

  /// What is registered here, and with `recurse` below; undefined tensors are left out.
  std::vector<Tensor> parameters(bool recurse = true) const;
  OrderedDict<std::string, Tensor> named_parameters(bool recurse = true) const;
  std::vector<Tensor> buffers(bool recurse = true) const;
  OrderedDict<std::string, Tensor> named_buffers(bool recurse = true) const;
  std::vector<std::shared_ptr<Module>> modules(bool include_self = true) const;
  OrderedDict<std::string, std::shared_ptr<Module>> named_modules(const std::string& name_prefix = std::string(),
                                                                  bool include_self = true) const;
  std::vector<std::shared_ptr<Module>> children() const;
  OrderedDict<std::string, std::shared_ptr<Module>> named_children() const;

  // ---- state ---------------------------------------------------------------------------------------------------
  /// Every parameter and buffer under PyTorch's names ("conv1.weight"), without history, on the module's own memory.
  StateDict state_dict() const;
  /// Copies values into parameters and buffers. Strict: the names must be the same. Throws in PyTorch's words, naming
  /// every key and shape that does not fit, before anything is changed.
  void load_state_dict(const StateDict& state, bool strict = true);
  /// Writes parameters and buffers, and each child that is_serializable as a folder of its name. gradus::save calls it.
  virtual void save(serialize::OutputArchive& archive) const;
  /// Reads what save has written, as new memory of parameters and buffers, whatever their shapes and dtypes were.
  /// Throws Error if something is missing; then all parameters and buffers are as before.
  virtual void load(serialize::InputArchive& archive);

  /// Training or evaluation: what Dropout and BatchNorm look at.
  virtual void train(bool on = true);
  void eval() { train(false); }
  virtual bool is_training() const noexcept { return is_training_; }
  /// Converts parameters and buffers in place; the optimizer's handles stay valid.
  virtual void to(Device device, Dtype dtype, bool non_blocking = false);
  virtual void to(Dtype dtype, bool non_blocking = false);
  virtual void to(Device device, bool non_blocking = false);
  void to(DeviceType device, bool non_blocking = false) { to(Device(device), non_blocking); }
  virtual void zero_grad(bool set_to_none = true);

  /// This module as a T (LinearImpl or Linear), or null if it is none.
  template <class T>
  auto as() noexcept {
    return dynamic_cast<contained<T>*>(this);
  }
  template <class T>
  auto as() const noexcept {
    return dynamic_cast<const contained<T>*>(this);
  }

  /// Writes what the module is, on one line and without its children; by default its name.
  virtual void pretty_print(std::ostream& stream) const;
  /// Whether save and load of the module around it take it along.
  virtual bool is_serializable() const { return true; }

  // ---- registration: names are unique a module, not empty, without dots -------------------------------------------
  Tensor& register_parameter(std::string name, Tensor tensor, bool requires_grad = true);
  Tensor& register_buffer(std::string name, Tensor tensor);
  template <class M>
  std::shared_ptr<M> register_module(std::string name, std::shared_ptr<M> module) {
    add_child(std::move(name), module);
    return module;
  }
  template <class M>
  std::shared_ptr<M> register_module(std::string name, ModuleHolder<M> holder) {
    return register_module(std::move(name), holder.ptr());
  }
  template <class M>
  std::shared_ptr<M> replace_module(const std::string& name, std::shared_ptr<M> module) {
    children_[name] = module;
    return module;
  }
  template <class M>
  std::shared_ptr<M> replace_module(const std::string& name, ModuleHolder<M> holder) {
    return replace_module(name, holder.ptr());
  }
  void unregister_module(const std::string& name);

  friend std::ostream& operator<<(std::ostream& out, const Module& module);

 protected:
  // How AnyModule learns of default arguments; FORWARD_HAS_DEFAULT_ARGS overrides all three.
  virtual bool _forward_has_default_args() { return false; }
  virtual unsigned int _forward_num_required_args();
  virtual std::vector<AnyValue> _forward_populate_default_args(std::vector<AnyValue>&& arguments);

  OrderedDict<std::string, Tensor> parameters_{"Parameter"};
  bool is_training_ = true;

 private:
  template <class Derived>
  friend class Cloneable;
  friend class AnyModule;

  template <class T, class = void>
  struct contained_of {
    using type = T;
  };
  template <class T>
  struct contained_of<T, std::void_t<typename T::ContainedType>> {
    using type = typename T::ContainedType;
  };
  template <class T>
  using contained = typename contained_of<T>::type;

  using Visit = void (*)(const void* f, const std::string& name, const Module& module,
                         const std::shared_ptr<Module>& pointer);
  template <class F>
  void walk(const std::string& prefix, const F& f) {
    visit_all(prefix, &f, [](const void* f, const std::string& n, const Module& m, const std::shared_ptr<Module>&) {
      (*static_cast<const F*>(f))(n, const_cast<Module&>(m));
    });
  }
  template <class F>
  void walk(const std::string& prefix, const F& f) const {
    visit_all(prefix, &f, [](const void* f, const std::string& n, const Module& m, const std::shared_ptr<Module>&) {
      (*static_cast<const F*>(f))(n, m);
    });
  }
  template <class F>
  void apply_pointers(F& f, const std::string& prefix) const {
    const auto self = shared_from_this_checked();
    auto call = [&](const std::string& n, const std::shared_ptr<Module>& m) {
      if constexpr (std::is_invocable_v<F&, const std::shared_ptr<Module>&>)
        f(m);
      else
        f(n, m);
    };
    using Call = decltype(call);
    call(prefix, self);
    visit_children(prefix, &call,
                   [](const void* c, const std::string& n, const Module&, const std::shared_ptr<Module>& m) {
                     (*static_cast<const Call*>(c))(n, m);
                   });
  }
  void visit_all(const std::string& prefix, const void* f, Visit call) const;
  void visit_children(const std::string& prefix, const void* f, Visit call) const;

  void add_child(std::string name, std::shared_ptr<Module> module);
  /// Refills `copy`, just reset, with clones of what `this` has registered.
  void clone_into(Module& copy, const std::optional<Device>& device) const;
  virtual void clone_(Module& other, const std::optional<Device>& device);
  void print_tree(std::ostream& out, const std::string& indentation) const;
  std::shared_ptr<Module> shared_from_this_checked() const;
  void convert_all(const TensorOptions& options);

  OrderedDict<std::string, Tensor> buffers_{"Buffer"};
  OrderedDict<std::string, std::shared_ptr<Module>> children_{"Submodule"};
  mutable std::string name_;
};

template <class M, class = std::enable_if_t<gradus::detail::is_module_v<M>>>
serialize::OutputArchive& operator<<(serialize::OutputArchive& archive, const std::shared_ptr<M>& module) {
  check(module != nullptr, "save: the pointer to the module is empty");
  module->save(archive);
  return archive;
}
template <class M, class = std::enable_if_t<gradus::detail::is_module_v<M>>>
serialize::InputArchive& operator>>(serialize::InputArchive& archive, const std::shared_ptr<M>& module) {
  check(module != nullptr, "load: the pointer to the module is empty");
  module->load(archive);
  return archive;
}
template <class M>
serialize::OutputArchive& operator<<(serialize::OutputArchive& archive, const ModuleHolder<M>& holder) {
  return archive << holder.ptr();
}
template <class M>
serialize::InputArchive& operator>>(serialize::InputArchive& archive, ModuleHolder<M>& holder) {
  return archive >> holder.ptr();
}

}  // namespace gradus::nn

namespace gradus {

/// A C++ type's name as the source writes it, from typeid(T).name().
std::string demangle(const char* name);

extern template class OrderedDict<std::string, std::shared_ptr<nn::Module>>;

}  // namespace gradus
