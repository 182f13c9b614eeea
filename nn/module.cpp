#include "gradus/nn/module.h"

#include <cxxabi.h>

#include <cstdlib>
#include <ostream>
#include <typeinfo>

#include "gradus/autograd/grad_mode.h"
#include "gradus/autograd/ops/copy.h"
#include "gradus/nn/any.h"
#include "gradus/tensor/archive.h"
#include "gradus/tensor/warning.h"

namespace gradus {

template class OrderedDict<std::string, std::shared_ptr<nn::Module>>;

std::string demangle(const char* name) {
  int status = 0;
  char* text = abi::__cxa_demangle(name, nullptr, nullptr, &status);
  std::string r = text ? text : name;
  std::free(text);
  return r;
}

namespace nn {
namespace {

std::string join(const std::string& prefix, const std::string& name) {
  return prefix.empty() ? name : prefix + "." + name;
}

void check_name(const char* what, const std::string& name) {
  check(!name.empty(), what, " name must not be empty");
  check(name.find('.') == std::string::npos, what, " name must not contain a dot (got '", name, "')");
}

std::vector<Tensor> defined_values(const OrderedDict<std::string, Tensor>& d) {
  std::vector<Tensor> r;
  for (const auto& item : d)
    if (item->defined()) r.push_back(*item);
  return r;
}

}  // namespace

Module::Module(std::string name) : name_(std::move(name)) {}
Module::Module() = default;
Module::Module(const Module&) = default;
Module& Module::operator=(const Module&) = default;
Module::~Module() = default;

const std::string& Module::name() const noexcept {
  if (name_.empty()) name_ = demangle(typeid(*this).name());
  return name_;
}

std::shared_ptr<Module> Module::clone(const std::optional<Device>&) const {
  fail("clone() has not been implemented for ", name(), ". Subclass torch::nn::Cloneable<", name(),
       "> instead of torch::nn::Module to inherit the ability to clone.");
}

// ---- walking --------------------------------------------------------------------------------------------------------

void Module::visit_all(const std::string& prefix, const void* f, Visit call) const {
  call(f, prefix, *this, nullptr);
  visit_children(prefix, f, call);
}

void Module::visit_children(const std::string& prefix, const void* f, Visit call) const {
  for (const auto& child : children_) {
    const std::string name = join(prefix, child.key());
    call(f, name, **child, *child);
    (*child)->visit_children(name, f, call);
  }
}

std::shared_ptr<Module> Module::shared_from_this_checked() const {
  auto self = weak_from_this().lock();
  check(self != nullptr,
        "It looks like you attempted to retrieve your top-level module as a shared_ptr, but it is not stored in a "
        "shared_ptr. Use std::make_shared<",
        name(),
        "> instead of creating your module on the stack, or alternatively do not try to access your top-level module "
        "at all by passing /*include_self=*/false to modules() or named_modules()");
  return std::const_pointer_cast<Module>(self);
}

std::vector<Tensor> Module::parameters(bool recurse) const {
  std::vector<Tensor> r = defined_values(parameters_);
  if (recurse)
    for (const auto& child : children_)
      for (Tensor& t : (*child)->parameters()) r.push_back(std::move(t));
  return r;
}

OrderedDict<std::string, Tensor> Module::named_parameters(bool recurse) const {
  OrderedDict<std::string, Tensor> r;
  auto gather = [&](const std::string& name, const Module& m) {
    for (const auto& p : m.parameters_)
      if (p->defined()) r.insert(join(name, p.key()), *p);
  };
  recurse ? walk("", gather) : gather("", *this);
  return r;
}

std::vector<Tensor> Module::buffers(bool recurse) const {
  std::vector<Tensor> r = defined_values(buffers_);
  if (recurse)
    for (const auto& child : children_)
      for (Tensor& t : (*child)->buffers()) r.push_back(std::move(t));
  return r;
}

OrderedDict<std::string, Tensor> Module::named_buffers(bool recurse) const {
  OrderedDict<std::string, Tensor> r;
  auto gather = [&](const std::string& name, const Module& m) {
    for (const auto& b : m.buffers_)
      if (b->defined()) r.insert(join(name, b.key()), *b);
  };
  recurse ? walk("", gather) : gather("", *this);
  return r;
}

std::vector<std::shared_ptr<Module>> Module::modules(bool include_self) const {
  std::vector<std::shared_ptr<Module>> r;
  if (include_self) r.push_back(shared_from_this_checked());
  visit_children("", &r, [](const void* to, const std::string&, const Module&, const std::shared_ptr<Module>& m) {
    static_cast<std::vector<std::shared_ptr<Module>>*>(const_cast<void*>(to))->push_back(m);
  });
  return r;
}

OrderedDict<std::string, std::shared_ptr<Module>> Module::named_modules(const std::string& name_prefix,
                                                                        bool include_self) const {
  OrderedDict<std::string, std::shared_ptr<Module>> r;
  if (include_self) r.insert(name_prefix, shared_from_this_checked());
  visit_children(
      name_prefix, &r, [](const void* to, const std::string& name, const Module&, const std::shared_ptr<Module>& m) {
        static_cast<OrderedDict<std::string, std::shared_ptr<Module>>*>(const_cast<void*>(to))->insert(name, m);
      });
  return r;
}

std::vector<std::shared_ptr<Module>> Module::children() const { return children_.values(); }

OrderedDict<std::string, std::shared_ptr<Module>> Module::named_children() const { return children_; }

// ---- state ----------------------------------------------------------------------------------------------------------

StateDict Module::state_dict() const {
  StateDict r;
  walk("", [&](const std::string& name, const Module& m) {
    for (const auto* d : {&m.parameters_, &m.buffers_})
      for (const auto& t : *d)
        if (t->defined()) r.insert(join(name, t.key()), t->detach());
  });
  return r;
}

void Module::load_state_dict(const StateDict& state, bool strict) {
  std::string missing, unexpected, mismatched;
  auto quote = [](std::string& list, const std::string& key) { list += (list.empty() ? "\"" : ", \"") + key + "\""; };
  const StateDict own = state_dict();
  for (const auto& t : own) {
    const Tensor* v = state.find(t.key());
    if (!v) {
      quote(missing, t.key());
    } else if (!v->defined() || !(v->sizes() == t->sizes())) {
      mismatched += str("\n\tsize mismatch for ", t.key(), ": copying a param with shape torch.Size(",
                        v->defined() ? v->sizes() : IntArrayRef(), ") from checkpoint, the shape in current model is ",
                        "torch.Size(", t->sizes(), ").");
    }
  }
  for (const auto& v : state)
    if (!own.contains(v.key())) quote(unexpected, v.key());
  std::string errors;
  if (strict && !unexpected.empty()) errors += "\n\tUnexpected key(s) in state_dict: " + unexpected + ". ";
  if (strict && !missing.empty()) errors = "\n\tMissing key(s) in state_dict: " + missing + ". " + errors;
  errors += mismatched;
  check(errors.empty(), "Error(s) in loading state_dict for ", name(), ":", errors);
  NoGradGuard no_grad;
  for (const auto& t : own)
    if (const Tensor* v = state.find(t.key())) t->copy_(*v);
}

void Module::save(serialize::OutputArchive& archive) const {
  for (const auto& p : parameters_)
    if (p->defined()) archive.write(p.key(), *p);
  for (const auto& b : buffers_)
    if (b->defined()) archive.write(b.key(), *b, true);
  for (const auto& child : children_) {
    if (!(*child)->is_serializable()) continue;
    serialize::OutputArchive nested(archive.compilation_unit());
    (*child)->save(nested);
    archive.write(child.key(), nested);
  }
}

namespace {

// What load may change. Data is exchanged rather than overwritten, so the old is still there.
class Snapshot {
 public:
  explicit Snapshot(const Module& module) {
    for (const std::vector<Tensor>& all : {module.parameters(), module.buffers()})
      for (const Tensor& t : all) before_.emplace_back(t, t.detach());
  }
  void restore() const {
    for (const auto& [tensor, data] : before_) tensor.set_data(data);
  }

 private:
  std::vector<std::pair<Tensor, Tensor>> before_;
};

}  // namespace

void Module::load(serialize::InputArchive& archive) {
  const Snapshot before(*this);
  try {
    for (auto& p : parameters_)
      if (p->defined()) archive.read(p.key(), *p);
    for (auto& b : buffers_)
      if (b->defined()) archive.read(b.key(), *b, true);
    for (auto& child : children_) {
      if (!(*child)->is_serializable()) continue;
      serialize::InputArchive nested;
      archive.read(child.key(), nested);
      (*child)->load(nested);
    }
  } catch (...) {
    before.restore();
    throw;
  }
}

void Module::train(bool on) {
  for (auto& child : children_) (*child)->train(on);
  is_training_ = on;
}

void Module::convert_all(const TensorOptions& options) {
  for (auto* d : {&parameters_, &buffers_})
    for (auto& t : *d) {
      if (!t->defined()) continue;
      // Counters such as num_batches_tracked stay integers.
      const bool keep = options.has_dtype() && !t->is_floating_point();
      t->set_data(t->data().to(keep ? TensorOptions(options).dtype(t->scalar_type()) : options));
      if (Tensor& g = t->mutable_grad(); g.defined() && !keep) g = g.to(options);
    }
}

void Module::to(Device device, Dtype dtype, bool non_blocking) {
  for (auto& child : children_) (*child)->to(device, dtype, non_blocking);
  convert_all(TensorOptions(device).dtype(dtype));
}

void Module::to(Dtype dtype, bool non_blocking) {
  for (auto& child : children_) (*child)->to(dtype, non_blocking);
  convert_all(TensorOptions(dtype));
}

void Module::to(Device device, bool non_blocking) {
  for (auto& child : children_) (*child)->to(device, non_blocking);
  convert_all(TensorOptions(device));
}

void Module::zero_grad(bool set_to_none) {
  for (auto& child : children_) (*child)->zero_grad(set_to_none);
  for (const auto& p : parameters_) {
    if (!p->defined() || !p->grad().defined()) continue;
    if (set_to_none) {
      p->mutable_grad().reset();
    } else {
      p->mutable_grad() = p->grad().detach();
      p->grad().zero_();
    }
  }
}

// ---- registration ---------------------------------------------------------------------------------------------------

Tensor& Module::register_parameter(std::string name, Tensor tensor, bool requires_grad) {
  check_name("Parameter", name);
  if (tensor.defined())
    tensor.set_requires_grad(requires_grad);
  else if (requires_grad)
    gradus::detail::warn_at(__func__, __FILE__, __LINE__, "An undefined tensor cannot require grad. ",
                            "Ignoring the `requires_grad=true` function parameter.");
  return parameters_.insert(std::move(name), std::move(tensor));
}

Tensor& Module::register_buffer(std::string name, Tensor tensor) {
  check_name("Buffer", name);
  return buffers_.insert(std::move(name), std::move(tensor));
}

void Module::add_child(std::string name, std::shared_ptr<Module> module) {
  check_name("Submodule", name);
  check(module != nullptr, "register_module: expected a module, but got an empty pointer for '", name, "'");
  children_.insert(std::move(name), std::move(module));
}

void Module::unregister_module(const std::string& name) {
  check(children_.contains(name), "No Module with name `", name, "` is registered");
  children_.erase(name);
}

unsigned int Module::_forward_num_required_args() {
  fail(
      "torch::nn::Module subclass that has default arguments in `forward` method must override "
      "`_forward_num_required_args` method. Please use `FORWARD_HAS_DEFAULT_ARGS` macro to do so.");
}

std::vector<AnyValue> Module::_forward_populate_default_args(std::vector<AnyValue>&&) {
  fail(
      "torch::nn::Module subclass that has default arguments in `forward` method must override "
      "`_forward_populate_default_args` method. Please use `FORWARD_HAS_DEFAULT_ARGS` macro to do so.");
}

// ---- clone ----------------------------------------------------------------------------------------------------------

void Module::clone_into(Module& copy, const std::optional<Device>& device) const {
  auto check_same = [](size_t a, size_t b, const char* what, const char* call) {
    check(a == b, "The cloned module does not have the same number of ", what,
          " as the original module after calling reset(). Are you sure you called ", call,
          "() inside reset() and not the constructor?");
  };
  check_same(copy.parameters_.size(), parameters_.size(), "parameters", "register_parameter");
  check_same(copy.buffers_.size(), buffers_.size(), "buffers", "register_buffer");
  check_same(copy.children_.size(), children_.size(), "child modules", "register_module");
  auto copied = [&](const Tensor& t) {
    return device && !(t.device() == *device) ? t.to(*device, false, true) : t.clone();
  };
  for (const auto& p : parameters_)
    if (p->defined()) copy.parameters_[p.key()].set_data(copied(*p));
  for (const auto& b : buffers_)
    if (b->defined()) copy.buffers_[b.key()].set_data(copied(*b));
  for (const auto& child : children_) copy.children_[child.key()]->clone_(**child, device);
}

void Module::clone_(Module&, const std::optional<Device>&) {}

// ---- printing -------------------------------------------------------------------------------------------------------

void Module::pretty_print(std::ostream& stream) const { stream << name(); }

void Module::print_tree(std::ostream& out, const std::string& indentation) const {
  pretty_print(out);
  if (children_.is_empty()) return;
  out << "(\n";
  for (const auto& child : children_) {
    out << indentation << "  (" << child.key() << "): ";
    (*child)->print_tree(out, indentation + "  ");
    out << '\n';
  }
  out << indentation << ")";
}

std::ostream& operator<<(std::ostream& out, const Module& module) {
  module.print_tree(out, "");
  return out;
}

}  // namespace nn
}  // namespace gradus
