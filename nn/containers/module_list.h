// ModuleList: modules under an index.
#pragma once
#include "gradus/nn/cloneable.h"

namespace gradus::nn {

/// Modules of any kind that are registered, but not called: forward is up to whoever holds the list.
class ModuleListImpl : public Cloneable<ModuleListImpl> {
 public:
  using Iterator = std::vector<std::shared_ptr<Module>>::iterator;
  using ConstIterator = std::vector<std::shared_ptr<Module>>::const_iterator;

  ModuleListImpl() = default;
  template <class... M>
  explicit ModuleListImpl(M&&... modules) {
    modules_.reserve(sizeof...(M));
    (push_back(std::forward<M>(modules)), ...);
  }

  std::shared_ptr<Module> clone(const std::optional<Device>& device = std::nullopt) const override;
  void reset() override {}
  void pretty_print(std::ostream& stream) const override;

  void push_back(std::shared_ptr<Module> module) { insert(size(), std::move(module)); }
  template <class M, class = std::enable_if_t<gradus::detail::is_module_v<M>>>
  void push_back(M&& module) {
    insert(size(), std::forward<M>(module));
  }
  template <class M>
  void push_back(const ModuleHolder<M>& holder) {
    insert(size(), holder);
  }
  template <class Container>
  void extend(const Container& container) {
    for (const auto& module : container) push_back(module);
  }
  /// Puts a module before the one at `index`.
  void insert(size_t index, std::shared_ptr<Module> module);
  template <class M, class = std::enable_if_t<gradus::detail::is_module_v<M>>>
  void insert(size_t index, M&& module) {
    insert(index, std::shared_ptr<Module>(std::make_shared<std::decay_t<M>>(std::forward<M>(module))));
  }
  template <class M>
  void insert(size_t index, const ModuleHolder<M>& holder) {
    insert(index, std::shared_ptr<Module>(holder.ptr()));
  }

  Iterator begin() { return modules_.begin(); }
  ConstIterator begin() const { return modules_.begin(); }
  Iterator end() { return modules_.end(); }
  ConstIterator end() const { return modules_.end(); }
  template <class T>
  T& at(size_t index) const {
    return *ptr<T>(index);
  }
  std::shared_ptr<Module> ptr(size_t index) const {
    check(index < size(), "Index out of range");
    return modules_[index];
  }
  template <class T>
  std::shared_ptr<T> ptr(size_t index) const {
    auto module = std::dynamic_pointer_cast<T>(ptr(index));
    check(module != nullptr, "Unable to cast module[", index, "] to ", gradus::demangle(typeid(T).name()));
    return module;
  }
  std::shared_ptr<Module> operator[](size_t index) const { return ptr(index); }
  size_t size() const noexcept { return modules_.size(); }
  bool is_empty() const noexcept { return modules_.empty(); }

 private:
  std::vector<std::shared_ptr<Module>> modules_;
};
GRADUS_MODULE(ModuleList);

}  // namespace gradus::nn
