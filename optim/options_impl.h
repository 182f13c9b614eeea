// The definitions of FieldedOptions and FieldedParamState, for the sources that instantiate them. Derived has
//   template <class Self, class F> static void fields(Self& self, F f) { f("lr", self.lr()); ... }
#pragma once
#include <algorithm>
#include <deque>

#include "gradus/autograd/grad_mode.h"
#include "gradus/autograd/ops/compare.h"
#include "gradus/autograd/ops/copy.h"
#include "gradus/optim/optimizer.h"
#include "gradus/tensor/archive.h"
#include "gradus/tensor/factories.h"
#include "gradus/tensor/literal.h"

namespace gradus::optim {

namespace detail {

inline void put(StateDict& d, const std::string& key, const Tensor& v) {
  if (v.defined()) d.insert(key, v);
}
inline void put(StateDict& d, const std::string& key, double v) { d.insert(key, scalar_tensor(v, kDouble)); }
inline void put(StateDict& d, const std::string& key, int64_t v) { d.insert(key, scalar_tensor(v, kLong)); }
inline void put(StateDict& d, const std::string& key, bool v) { d.insert(key, scalar_tensor(v, kBool)); }
inline void put(StateDict& d, const std::string& key, const std::tuple<double, double>& v) {
  Tensor both = empty({2}, kDouble);
  both[0].fill_(std::get<0>(v));
  both[1].fill_(std::get<1>(v));
  d.insert(key, both);
}

// A word is its characters.
inline void put(StateDict& d, const std::string& key, const std::string& v) {
  d.insert(key, tensor(std::vector<int64_t>(v.begin(), v.end()), kLong));
}
template <class T>
void put(StateDict& d, const std::string& key, const std::optional<T>& v) {
  if (v) put(d, key, *v);
}

inline const Tensor& entry(const StateDict& d, const std::string& key, int64_t numel) {
  const Tensor* v = d.find(key);
  check(v && v->defined(), "Optimizer::load_state_dict: missing key \"", key, "\"");
  check(v->numel() == numel, "Optimizer::load_state_dict: expected ", numel, " number(s) in \"", key, "\", got ",
        v->sizes());
  return *v;
}
template <class T>
requires std::is_arithmetic_v<T>
void get(const StateDict& d, const std::string& key, T& v) { v = entry(d, key, 1).item<T>(); }
inline void get(const StateDict& d, const std::string& key, std::tuple<double, double>& v) {
  const Tensor both = entry(d, key, 2).reshape({2});
  v = {both[0].item<double>(), both[1].item<double>()};
}

inline void get(const StateDict& d, const std::string& key, std::string& v) {
  const Tensor all = *d.find(key);
  v.clear();
  for (int64_t i = 0; i < all.numel(); ++i) v += static_cast<char>(all[i].item<int64_t>());
}
template <class T>
void get(const StateDict& d, const std::string& key, std::optional<T>& v) {
  v.reset();
  if (d.contains(key)) get(d, key, v.emplace());
}

inline bool same(const Tensor& a, const Tensor& b) {
  return a.defined() == b.defined() && (!a.defined() || equal(a, b));
}
inline bool same(const std::deque<Tensor>& a, const std::deque<Tensor>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const Tensor& x, const Tensor& y) { return same(x, y); });
}
template <class T>
bool same(const T& a, const T& b) {
  return a == b;
}
template <class Derived>
bool same_fields(const Derived& a, const Derived& b) {
  std::vector<const void*> of_a;
  Derived::fields(a, [&](const char*, const auto& v) { of_a.push_back(&v); });
  size_t i = 0;
  bool all = true;
  Derived::fields(b, [&](const char*, const auto& v) {
    all = same(*static_cast<const std::decay_t<decltype(v)>*>(of_a[i++]), v) && all;
  });
  return all;
}

}  // namespace detail

template <class Derived>
bool FieldedOptions<Derived>::same_fields(const Derived& o) const {
  return detail::same_fields(static_cast<const Derived&>(*this), o);
}
template <class Derived>
std::unique_ptr<OptimizerOptions> FieldedOptions<Derived>::clone() const {
  return std::make_unique<Derived>(static_cast<const Derived&>(*this));
}
template <class Derived>
double FieldedOptions<Derived>::get_lr() const {
  return static_cast<const Derived&>(*this).lr();
}
template <class Derived>
void FieldedOptions<Derived>::set_lr(double lr) {
  static_cast<Derived&>(*this).lr(lr);
}
template <class Derived>
std::optional<double> FieldedOptions<Derived>::get_momentum() const {
  const auto& self = static_cast<const Derived&>(*this);
  if constexpr (requires { self.betas(); })
    return std::get<0>(self.betas());
  else if constexpr (requires { self.momentum(); })
    return self.momentum();
  else
    return std::nullopt;
}
template <class Derived>
void FieldedOptions<Derived>::set_momentum(double momentum) {
  auto& self = static_cast<Derived&>(*this);
  if constexpr (requires { self.betas(); })
    std::get<0>(self.betas()) = momentum;
  else if constexpr (requires { self.momentum(); })
    self.momentum(momentum);
  else
    OptimizerOptions::set_momentum(momentum);
}
template <class Derived>
void FieldedOptions<Derived>::save(StateDict& state, const std::string& prefix) const {
  Derived::fields(static_cast<const Derived&>(*this),
                  [&](const char* name, const auto& v) { detail::put(state, prefix + name, v); });
}
template <class Derived>
void FieldedOptions<Derived>::load(const StateDict& state, const std::string& prefix) {
  Derived::fields(static_cast<Derived&>(*this),
                  [&](const char* name, auto& v) { detail::get(state, prefix + name, v); });
}
template <class Derived>
void FieldedOptions<Derived>::serialize(serialize::OutputArchive& archive) const {
  StateDict state;
  save(state, "");
  write_state_dict(archive, state);
}
template <class Derived>
void FieldedOptions<Derived>::serialize(serialize::InputArchive& archive) {
  load(read_state_dict(archive), "");
}
template <class Derived>
void FieldedOptions<Derived>::inherit(const OptimizerOptions& defaults) {
  const auto* from = dynamic_cast<const Derived*>(&defaults);
  if (!from) return;
  // Three walks over the same list of fields, side by side: mine, the initial values, the defaults.
  const Derived initial;
  std::vector<const void*> initials, sources;
  Derived::fields(initial, [&](const char*, const auto& v) { initials.push_back(&v); });
  Derived::fields(*from, [&](const char*, const auto& v) { sources.push_back(&v); });
  size_t i = 0;
  Derived::fields(static_cast<Derived&>(*this), [&](const char*, auto& v) {
    using T = std::remove_reference_t<decltype(v)>;
    if (v == *static_cast<const T*>(initials[i])) v = *static_cast<const T*>(sources[i]);
    ++i;
  });
}

template <class Derived>
bool FieldedParamState<Derived>::same_fields(const Derived& o) const {
  return detail::same_fields(static_cast<const Derived&>(*this), o);
}
template <class Derived>
std::unique_ptr<OptimizerParamState> FieldedParamState<Derived>::clone() const {
  return std::make_unique<Derived>(static_cast<const Derived&>(*this));
}
template <class Derived>
void FieldedParamState<Derived>::save(StateDict& state, const std::string& prefix) const {
  Derived::fields(static_cast<const Derived&>(*this),
                  [&](const char* name, const auto& v) { detail::put(state, prefix + name, v); });
}
template <class Derived>
void FieldedParamState<Derived>::load(const StateDict& state, const std::string& prefix, const Tensor& parameter) {
  NoGradGuard no_grad;
  Derived::fields(static_cast<Derived&>(*this), [&](const char* name, auto& v) {
    const std::string key = prefix + name;
    if constexpr (std::is_same_v<std::decay_t<decltype(v)>, Tensor>) {
      const Tensor* saved = state.find(key);
      if (!saved) return;
      if (!parameter.defined()) {
        v = *saved;
        return;
      }
      check(saved->sizes() == parameter.sizes(), "Optimizer::load_state_dict: expected \"", key, "\" of the shape ",
            parameter.sizes(), ", got ", saved->sizes());
      v = saved->to(parameter.scalar_type(), false, true).contiguous();
    } else {
      detail::get(state, key, v);
    }
  });
}

template <class Derived>
void FieldedParamState<Derived>::serialize(serialize::OutputArchive& archive) const {
  StateDict state;
  save(state, "");
  write_state_dict(archive, state);
}
template <class Derived>
void FieldedParamState<Derived>::serialize(serialize::InputArchive& archive) {
  load(read_state_dict(archive), "", Tensor());
}

}  // namespace gradus::optim
