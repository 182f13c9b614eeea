#include <ostream>

#include "gradus/autograd/ops/copy.h"
#include "gradus/nn/containers/functional.h"
#include "gradus/nn/containers/fused.h"
#include "gradus/nn/containers/module_dict.h"
#include "gradus/nn/containers/module_list.h"
#include "gradus/nn/containers/parameters.h"
#include "gradus/nn/containers/sequential.h"

namespace gradus::nn {

void FunctionalImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::Functional()"; }

// ---- Sequential -----------------------------------------------------------------------------------------------------

SequentialImpl::SequentialImpl(OrderedDict<std::string, AnyModule>&& modules) {
  for (auto& m : modules) push_back(m.key(), std::move(m.value()));
}

SequentialImpl::SequentialImpl(std::initializer_list<NamedAnyModule> modules) {
  for (const NamedAnyModule& m : modules) push_back(m.name(), m.module());
}

void SequentialImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::Sequential"; }

std::shared_ptr<Module> SequentialImpl::clone(const std::optional<Device>& device) const {
  auto copy = std::make_shared<SequentialImpl>();
  const auto names = named_children();
  for (size_t i = 0; i < modules_.size(); ++i) copy->push_back(names[i].key(), modules_[i].clone(device));
  copy->is_training_ = is_training_;
  return copy;
}

void SequentialImpl::push_back(AnyModule module) { push_back(std::to_string(modules_.size()), std::move(module)); }

void SequentialImpl::push_back(std::string name, AnyModule module) {
  register_module(std::move(name), module.ptr());
  modules_.push_back(std::move(module));
}

Tensor SequentialImpl::forward_tensor(Tensor x) {
  first();
  for (auto m = modules_.begin(), end = modules_.end(); m != end; ++m) {
    Tensor y;
    // From the first module that is not from tensor to tensor, values travel boxed.
    if (const int64_t together = detail::forward_together(&*m, end - m, x, y))
      m += together - 1;
    else if (!m->forward_tensor(x, y))
      return result<Tensor>(run(m, m->any_forward(std::move(x))));
    x = std::move(y);
  }
  return x;
}

Sequential::Sequential(std::initializer_list<NamedAnyModule> modules)
    : ModuleHolder(std::make_shared<SequentialImpl>(modules)) {}

AnyValue SequentialImpl::run(Iterator done, AnyValue x) {
  for (auto m = done + 1; m != modules_.end(); ++m) x = m->any_forward(std::move(x));
  return x;
}

// ---- ModuleList -----------------------------------------------------------------------------------------------------

void ModuleListImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::ModuleList"; }

std::shared_ptr<Module> ModuleListImpl::clone(const std::optional<Device>& device) const {
  auto copy = std::make_shared<ModuleListImpl>();
  for (const auto& m : modules_) copy->push_back(m->clone(device));
  copy->is_training_ = is_training_;
  return copy;
}

void ModuleListImpl::insert(size_t index, std::shared_ptr<Module> module) {
  check(index <= size(), "Index out of range");
  if (index == size()) {
    register_module(std::to_string(index), module);
    modules_.push_back(std::move(module));
    return;
  }
  modules_.insert(modules_.begin() + static_cast<std::ptrdiff_t>(index), std::move(module));
  for (size_t i = index; i < size() - 1; ++i) replace_module(std::to_string(i), modules_[i]);
  register_module(std::to_string(size() - 1), modules_.back());
}

// ---- ModuleDict -----------------------------------------------------------------------------------------------------

ModuleDictImpl::ModuleDictImpl(const std::vector<std::pair<std::string, std::shared_ptr<Module>>>& modules) {
  update(modules);
}
ModuleDictImpl::ModuleDictImpl(const OrderedDict<std::string, std::shared_ptr<Module>>& modules) { update(modules); }

void ModuleDictImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::ModuleDict"; }

std::shared_ptr<Module> ModuleDictImpl::clone(const std::optional<Device>& device) const {
  auto copy = std::make_shared<ModuleDictImpl>();
  for (const auto& m : modules_) copy->update(std::vector{std::pair(m.key(), (*m)->clone(device))});
  copy->is_training_ = is_training_;
  return copy;
}

void ModuleDictImpl::clear() {
  for (const auto& m : modules_) unregister_module(m.key());
  modules_.clear();
}

std::shared_ptr<Module> ModuleDictImpl::pop(const std::string& key) {
  auto module = modules_[key];
  unregister_module(key);
  modules_.erase(key);
  return module;
}

void ModuleDictImpl::update(const std::vector<std::pair<std::string, std::shared_ptr<Module>>>& modules) {
  for (const auto& [key, module] : modules) {
    if (modules_.contains(key)) {
      modules_[key] = replace_module(key, module);
    } else {
      modules_.insert(key, register_module(key, module));
    }
  }
}

// ---- ParameterList, ParameterDict -----------------------------------------------------------------------------------

namespace {

void print_parameter(std::ostream& stream, const Tensor& t) {
  stream << ": Parameter containing: [" << name(t.scalar_type()) << " of size " << t.sizes() << "]";
}

}  // namespace

void ParameterListImpl::append(const Tensor& t) {
  const bool requires_grad = t.requires_grad();
  register_parameter(std::to_string(size()), t, requires_grad);
}

void ParameterListImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::ParameterList(\n";
  for (const auto& p : parameters_) {
    stream << "(" << p.key() << ")";
    print_parameter(stream, *p);
    stream << "\n";
  }
  stream << ")";
}

std::shared_ptr<Module> ParameterListImpl::clone(const std::optional<Device>&) const {
  auto copy = std::make_shared<ParameterListImpl>();
  for (const auto& p : parameters_) copy->register_parameter(p.key(), p->detach().clone(), p->requires_grad());
  copy->is_training_ = is_training_;
  return copy;
}

ParameterDictImpl::ParameterDictImpl(const OrderedDict<std::string, Tensor>& parameters) {
  for (const auto& p : parameters) insert(p.key(), *p);
}

void ParameterDictImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::ParameterDict(\n";
  for (const auto& p : parameters_) {
    stream << "(" << p.key() << ")";
    print_parameter(stream, *p);
    stream << "\n";
  }
  stream << ")";
}

std::shared_ptr<Module> ParameterDictImpl::clone(const std::optional<Device>&) const {
  auto copy = std::make_shared<ParameterDictImpl>();
  for (const auto& p : parameters_) copy->register_parameter(p.key(), p->detach().clone(), p->requires_grad());
  copy->is_training_ = is_training_;
  return copy;
}

Tensor& ParameterDictImpl::insert(const std::string& key, const Tensor& t) {
  const bool requires_grad = t.requires_grad();
  return register_parameter(key, t, requires_grad);
}

Tensor ParameterDictImpl::pop(const std::string& key) {
  Tensor t = parameters_[key];
  parameters_.erase(key);
  return t;
}

void ParameterDictImpl::put(const std::string& key, const Tensor& t) {
  if (Tensor* mine = parameters_.find(key))
    *mine = t;
  else
    insert(key, t);
}

}  // namespace gradus::nn
