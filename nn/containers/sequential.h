// Sequential: modules applied one after the other.
#pragma once
#include "gradus/nn/any.h"
#include "gradus/nn/cloneable.h"

namespace gradus::nn {

/// forward(x) = last(… second(first(x))). Takes modules, holders, shared pointers or AnyModules; modules are named
/// "0", "1", … unless {"name", module} or push_back("name", module) says otherwise. A Linear and its activation, and
/// other neighbours (containers/fused.h), are computed as one operation, to the same bits.
class SequentialImpl : public Cloneable<SequentialImpl> {
 public:
  using Iterator = std::vector<AnyModule>::iterator;
  using ConstIterator = std::vector<AnyModule>::const_iterator;

  SequentialImpl() = default;
  template <class... M>
  explicit SequentialImpl(M&&... modules) {
    modules_.reserve(sizeof...(M));
    (push_back(std::forward<M>(modules)), ...);
  }
  explicit SequentialImpl(OrderedDict<std::string, AnyModule>&& modules);
  explicit SequentialImpl(std::initializer_list<NamedAnyModule> modules);

  std::shared_ptr<Module> clone(const std::optional<Device>& device = std::nullopt) const override;
  void reset() override {}
  void pretty_print(std::ostream& stream) const override;

  /// The first module may take several arguments, the last return something else than a tensor: forward<R>(a, b).
  template <class R = Tensor, class... A>
  R forward(A&&... a) {
    if constexpr (std::is_same_v<R, Tensor> && sizeof...(A) == 1 && (std::is_same_v<std::decay_t<A>, Tensor> && ...))
      return forward_tensor(std::forward<A>(a)...);
    else
      return result<R>(run(modules_.begin(), first().any_forward(std::forward<A>(a)...)));
  }

  template <class M>
  void push_back(std::shared_ptr<M> module) {
    push_back(AnyModule(std::move(module)));
  }
  template <class M>
  void push_back(std::string name, std::shared_ptr<M> module) {
    push_back(std::move(name), AnyModule(std::move(module)));
  }
  template <class M, class = std::enable_if_t<gradus::detail::is_module_v<M>>>
  void push_back(M&& module) {
    push_back(AnyModule(std::forward<M>(module)));
  }
  template <class M, class = std::enable_if_t<gradus::detail::is_module_v<M>>>
  void push_back(std::string name, M&& module) {
    push_back(std::move(name), AnyModule(std::forward<M>(module)));
  }
  template <class M>
  void push_back(const ModuleHolder<M>& holder) {
    push_back(AnyModule(holder));
  }
  template <class M>
  void push_back(std::string name, const ModuleHolder<M>& holder) {
    push_back(std::move(name), AnyModule(holder));
  }
  void push_back(AnyModule module);
  void push_back(std::string name, AnyModule module);
  template <class Container>
  void extend(const Container& container) {
    for (const auto& module : container) push_back(module);
  }

  Iterator begin() { return modules_.begin(); }
  ConstIterator begin() const { return modules_.begin(); }
  Iterator end() { return modules_.end(); }
  ConstIterator end() const { return modules_.end(); }
  template <class T>
  T& at(size_t index) const {
    return item(index).get<T>();
  }
  std::shared_ptr<Module> ptr(size_t index) const { return item(index).ptr(); }
  template <class T>
  std::shared_ptr<T> ptr(size_t index) const {
    return item(index).ptr<T>();
  }
  std::shared_ptr<Module> operator[](size_t index) const { return ptr(index); }
  size_t size() const noexcept { return modules_.size(); }
  bool is_empty() const noexcept { return modules_.empty(); }

 private:
  const AnyModule& item(size_t index) const {
    check(index < size(), "Index out of range");
    return modules_[index];
  }
  AnyModule& first() {
    check(!is_empty(), "Cannot call forward() on an empty Sequential");
    return modules_.front();
  }
  Tensor forward_tensor(Tensor x);
  /// Everything after `done`.
  AnyValue run(Iterator done, AnyValue x);
  template <class R>
  static R result(AnyValue v) {
    R* r = v.template try_get<R>();
    if (!r)
      AnyValue::fail_cast("The type of the return value is ", v.type_info(), ", but you asked for type ", typeid(R));
    return std::move(*r);
  }

  std::vector<AnyModule> modules_;
};

class Sequential : public ModuleHolder<SequentialImpl> {
 public:
  using ModuleHolder<SequentialImpl>::ModuleHolder;
  using Impl = SequentialImpl;
  Sequential() = default;
  Sequential(std::initializer_list<NamedAnyModule> modules);
};

}  // namespace gradus::nn
