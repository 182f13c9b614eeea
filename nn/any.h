// AnyValue and AnyModule: a value, and a module, of any type. Containers such as Sequential hold AnyModules.
#pragma once
#include <any>
#include <tuple>
#include <typeinfo>

#include "gradus/nn/layer_kind.h"
#include "gradus/nn/module.h"

namespace gradus::nn {

/// A value of any copyable type; asking for another type than it holds throws.
class AnyValue {
 public:
  AnyValue(const AnyValue&) = default;
  AnyValue(AnyValue&&) = default;
  AnyValue& operator=(const AnyValue&) = default;
  AnyValue& operator=(AnyValue&&) = default;
  template <class T, class = std::enable_if_t<!std::is_same_v<std::decay_t<T>, AnyValue>>>
  explicit AnyValue(T&& value) : value_(std::forward<T>(value)) {}

  /// The value, or null if it is of another type.
  template <class T>
  T* try_get() {
    static_assert(!std::is_reference_v<T>, "AnyValue stores decayed types, you cannot cast it to a reference type");
    return std::any_cast<T>(&value_);
  }
  template <class T>
  T get() {
    T* v = try_get<T>();
    if (!v) fail_cast("Attempted to cast AnyValue to ", typeid(T), ", but its actual type is ", type_info());
    return *v;
  }
  const std::type_info& type_info() const noexcept { return value_.type(); }

  [[noreturn]] static void fail_cast(const std::string& before, const std::type_info& wanted, const char* between,
                                     const std::type_info& actual);

 private:
  std::any value_;
};

namespace detail {

/// A module whose type is forgotten, but for how to call it.
class AnyModulePlaceholder {
 public:
  AnyModulePlaceholder(std::shared_ptr<Module> module, const std::type_info& type, LayerKind kind)
      : module(std::move(module)), type(&type), kind(kind) {}
  virtual ~AnyModulePlaceholder() = default;
  virtual AnyValue forward(std::vector<AnyValue>& arguments) = 0;
  /// forward(x) without boxing, for modules that take one tensor and return one; false for all others.
  virtual bool forward_tensor(const Tensor& x, Tensor& y) = 0;
  virtual std::shared_ptr<AnyModulePlaceholder> clone(const std::optional<Device>& device) const = 0;

  std::shared_ptr<Module> module;
  const std::type_info* type;
  const LayerKind kind;

 protected:
  [[noreturn]] static void fail_count(const std::type_info& type, size_t least, size_t most, size_t got);
};

// How M::forward is called: R(A...) if it has one signature, Tensor(Tensor) if it is a template (as Sequential's is).
template <class R, class... A>
struct ForwardSignature {
  using Return = std::decay_t<R>;
  using Arguments = std::tuple<std::decay_t<A>...>;
  static_assert(((!std::is_lvalue_reference_v<A> || std::is_const_v<std::remove_reference_t<A>>)&&...),
                "Modules stored inside AnyModule must not take references. Use pointers instead.");
  static_assert(!std::is_void_v<R>, "AnyModule cannot store modules that return void (you can return a dummy value).");
};
template <class M, class R, class... A>
ForwardSignature<R, A...> signature_of(R (M::*)(A...));
template <class M, class R, class... A>
ForwardSignature<R, A...> signature_of(R (M::*)(A...) const);
template <class M>
auto forward_signature(int) -> decltype(signature_of(&M::forward));
template <class M>
auto forward_signature(long) -> decltype(std::declval<M&>().forward(Tensor()), ForwardSignature<Tensor, Tensor>());

template <class M>
class AnyModuleHolder final : public AnyModulePlaceholder {
  using Signature = decltype(forward_signature<M>(0));
  using Return = typename Signature::Return;
  using Arguments = typename Signature::Arguments;
  static constexpr size_t count = std::tuple_size_v<Arguments>;
  static constexpr bool tensor_to_tensor =
      std::is_same_v<Return, Tensor> && std::is_same_v<Arguments, std::tuple<Tensor>>;

 public:
  explicit AnyModuleHolder(std::shared_ptr<M> m) : AnyModulePlaceholder(m, typeid(M), layer_kind<M>()), m_(m.get()) {}

  AnyValue forward(std::vector<AnyValue>& arguments) override;
  bool forward_tensor(const Tensor& x, Tensor& y) override {
    if constexpr (tensor_to_tensor) y = m_->forward(x);
    return tensor_to_tensor;
  }
  std::shared_ptr<AnyModulePlaceholder> clone(const std::optional<Device>& device) const override {
    return std::make_shared<AnyModuleHolder>(std::dynamic_pointer_cast<M>(m_->clone(device)));
  }

 private:
  template <size_t... I>
  AnyValue call(std::vector<AnyValue>& arguments, std::index_sequence<I...>) {
    return AnyValue(Return(m_->forward(std::move(argument<std::tuple_element_t<I, Arguments>>(arguments, I))...)));
  }
  template <class T>
  static T& argument(std::vector<AnyValue>& arguments, size_t i) {
    T* v = arguments[i].try_get<T>();
    if (!v)
      AnyValue::fail_cast(str("Expected argument #", i, " to be of type "), typeid(T), ", but received value of type ",
                          arguments[i].type_info());
    return *v;
  }
  M* m_;
};

}  // namespace detail

/// Any module with a forward, whose types are checked when it is called. Copies are the same module.
class AnyModule {
 public:
  AnyModule() = default;
  template <class M>
  explicit AnyModule(std::shared_ptr<M> module)
      : content_(std::make_shared<detail::AnyModuleHolder<M>>(std::move(module))) {}
  template <class M, class = std::enable_if_t<gradus::detail::is_module_v<M>>>
  explicit AnyModule(M&& module) : AnyModule(std::make_shared<std::decay_t<M>>(std::forward<M>(module))) {}
  template <class M>
  explicit AnyModule(const ModuleHolder<M>& holder) : AnyModule(holder.ptr()) {}
  template <class M>
  AnyModule& operator=(std::shared_ptr<M> module) {
    return *this = AnyModule(std::move(module));
  }
  AnyModule clone(std::optional<Device> device = std::nullopt) const;

  template <class... A>
  AnyValue any_forward(A&&... a) {
    check(!is_empty(), "Cannot call forward() on an empty AnyModule");
    std::vector<AnyValue> arguments;
    arguments.reserve(sizeof...(A));
    (arguments.push_back(AnyValue(std::forward<A>(a))), ...);
    return content_->forward(arguments);
  }
  template <class R = Tensor, class... A>
  R forward(A&&... a) {
    if constexpr (std::is_same_v<R, Tensor> && sizeof...(A) == 1 && (std::is_same_v<std::decay_t<A>, Tensor> && ...))
      if (Tensor y; forward_tensor(a..., y)) return y;
    return any_forward(std::forward<A>(a)...).template get<R>();
  }
  /// y = forward(x) if the module maps one tensor to one; false, and nothing called, if not.
  bool forward_tensor(const Tensor& x, Tensor& y) {
    check(!is_empty(), "Cannot call forward() on an empty AnyModule");
    return content_->forward_tensor(x, y);
  }

  template <class T, class = std::enable_if_t<gradus::detail::is_module_v<T>>>
  T& get() const {
    check_type("get", typeid(T));
    return static_cast<T&>(*content_->module);
  }
  template <class T, class C = typename T::ContainedType>
  T get() const {
    return T(ptr<C>());
  }
  std::shared_ptr<Module> ptr() const;
  template <class T, class = std::enable_if_t<gradus::detail::is_module_v<T>>>
  std::shared_ptr<T> ptr() const {
    check_type("ptr", typeid(T));
    return std::static_pointer_cast<T>(content_->module);
  }
  const std::type_info& type_info() const;
  bool is_empty() const noexcept { return content_ == nullptr; }
  /// What Sequential may compute together with a neighbour.
  detail::LayerKind layer_kind() const noexcept { return content_ ? content_->kind : detail::LayerKind::other; }

 private:
  template <class M>
  friend class detail::AnyModuleHolder;
  void check_type(const char* call, const std::type_info& wanted) const;
  // The arguments, default ones appended if the module has any; false if their number fits no call.
  static bool complete(Module& m, std::vector<AnyValue>& arguments, size_t count, size_t& least);

  std::shared_ptr<detail::AnyModulePlaceholder> content_;
};

template <class M>
AnyValue detail::AnyModuleHolder<M>::forward(std::vector<AnyValue>& arguments) {
  size_t least = count;
  if (!AnyModule::complete(*m_, arguments, count, least)) fail_count(*type, least, count, arguments.size());
  return call(arguments, std::make_index_sequence<count>());
}

/// A module and its name, as Sequential({{"fc", Linear(2, 3)}}) writes it.
class NamedAnyModule {
 public:
  template <class M>
  NamedAnyModule(std::string name, std::shared_ptr<M> module) : NamedAnyModule(std::move(name), AnyModule(module)) {}
  template <class M, class = std::enable_if_t<gradus::detail::is_module_v<M>>>
  NamedAnyModule(std::string name, M&& module) : NamedAnyModule(std::move(name), AnyModule(std::forward<M>(module))) {}
  template <class M>
  NamedAnyModule(std::string name, const ModuleHolder<M>& holder)
      : NamedAnyModule(std::move(name), AnyModule(holder)) {}
  NamedAnyModule(std::string name, AnyModule module) : name_(std::move(name)), module_(std::move(module)) {}
  const std::string& name() const noexcept { return name_; }
  AnyModule& module() noexcept { return module_; }
  const AnyModule& module() const noexcept { return module_; }

 private:
  std::string name_;
  AnyModule module_;
};

}  // namespace gradus::nn

/// FORWARD_HAS_DEFAULT_ARGS({1, AnyValue(2)}): argument 1 of this module's forward is 2 unless given; for AnyModule.
#define FORWARD_HAS_DEFAULT_ARGS(...)                                                                                 \
  bool _forward_has_default_args() override { return true; }                                                          \
  unsigned int _forward_num_required_args() override { return ::gradus::nn::detail::first_default({__VA_ARGS__}); }   \
  std::vector<::gradus::nn::AnyValue> _forward_populate_default_args(std::vector<::gradus::nn::AnyValue>&& arguments) \
      override {                                                                                                      \
    return ::gradus::nn::detail::with_defaults(std::move(arguments), {__VA_ARGS__});                                  \
  }

namespace gradus::nn::detail {

unsigned first_default(std::initializer_list<std::pair<unsigned, AnyValue>> defaults);
std::vector<AnyValue> with_defaults(std::vector<AnyValue>&& arguments,
                                    std::initializer_list<std::pair<unsigned, AnyValue>> defaults);

}  // namespace gradus::nn::detail
