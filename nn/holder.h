// ModuleHolder: what users write as `Linear`, a shared pointer to a LinearImpl that is called like a function.
#pragma once
#include <memory>
#include <type_traits>

#include "gradus/tensor/error.h"

namespace gradus {

namespace nn {
class Module;
}

namespace detail {

class ModuleHolderIndicator {};

template <class M>
inline constexpr bool is_module_v = std::is_base_of_v<nn::Module, std::decay_t<M>>;
template <class M>
inline constexpr bool is_module_holder_v = std::is_base_of_v<ModuleHolderIndicator, std::decay_t<M>>;
template <class M>
using is_module = std::bool_constant<is_module_v<M>>;
template <class M>
using is_module_holder = std::bool_constant<is_module_holder_v<M>>;

// M is a holder of C; instantiated only for types that are holders, since a C may be incomplete for others.
template <class M, class C, bool = is_module_holder_v<M>>
inline constexpr bool is_holder_of_v = false;
template <class M, class C>
inline constexpr bool is_holder_of_v<M, C, true> = std::is_same_v<typename std::decay_t<M>::ContainedType, C>;

template <class C, class... A>
using return_type_of_forward_t = decltype(std::declval<C&>().forward(std::declval<A>()...));

}  // namespace detail

namespace nn {

template <class Contained>
class ModuleHolder : gradus::detail::ModuleHolderIndicator {
 public:
  using ContainedType = Contained;

  /// A default constructed Contained.
  ModuleHolder() : impl_(construct_default()) {}
  /// An empty holder, to be assigned to later.
  ModuleHolder(std::nullptr_t) {}
  /// Contained(head, tail...).
  template <class Head, class... Tail,
            class = std::enable_if_t<!(gradus::detail::is_holder_of_v<Head, Contained> && sizeof...(Tail) == 0)>>
  explicit ModuleHolder(Head&& head, Tail&&... tail)
      : impl_(new Contained(std::forward<Head>(head), std::forward<Tail>(tail)...)) {}
  ModuleHolder(std::shared_ptr<Contained> module) : impl_(std::move(module)) {}

  explicit operator bool() const noexcept { return !is_empty(); }
  Contained* operator->() { return get(); }
  const Contained* operator->() const { return get(); }
  Contained& operator*() { return *get(); }
  const Contained& operator*() const { return *get(); }
  std::shared_ptr<Contained> ptr() const { return {impl_, module()}; }
  Contained* get() { return module(); }
  const Contained* get() const { return module(); }
  /// Calls forward.
  template <class... A, class C = Contained>
  auto operator()(A&&... a) -> gradus::detail::return_type_of_forward_t<C, A...> {
    return module()->forward(std::forward<A>(a)...);
  }
  template <class... A, class C = Contained>
  auto operator()(A&&... a) const -> gradus::detail::return_type_of_forward_t<C, A...> {
    return module()->forward(std::forward<A>(a)...);
  }
  template <class A>
  decltype(auto) operator[](A&& a) {
    return (*get())[std::forward<A>(a)];
  }
  bool is_empty() const noexcept { return impl_ == nullptr; }

 protected:
  std::shared_ptr<Module> impl_;  // of a Contained; one type for all holders, which makes them cheap to compile

 private:
  Contained* module() const {
    check(impl_ != nullptr, "Accessing empty ModuleHolder");
    if constexpr (requires(Module * m) { static_cast<Contained*>(m); })
      return static_cast<Contained*>(impl_.get());
    else
      return dynamic_cast<Contained*>(impl_.get());  // Module is a virtual base
  }
  static std::shared_ptr<Contained> construct_default() {
    if constexpr (std::is_default_constructible_v<Contained>)
      return std::make_shared<Contained>();
    else
      return nullptr;
  }
};

template <class M>
std::ostream& operator<<(std::ostream& out, const ModuleHolder<M>& holder) {
  return out << *holder;
}

}  // namespace nn
}  // namespace gradus

/// Declares Name as the holder of NameImpl. `TORCH_MODULE` for ported programs.
#define GRADUS_MODULE_IMPL(Name, ImplType)                    \
  class Name : public ::gradus::nn::ModuleHolder<ImplType> {  \
   public:                                                    \
    using ::gradus::nn::ModuleHolder<ImplType>::ModuleHolder; \
    using Impl = ImplType;                                    \
  }
#define GRADUS_MODULE(Name) GRADUS_MODULE_IMPL(Name, Name##Impl)
