#include "gradus/autograd/function.h"

#include <cxxabi.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <typeindex>

#include "gradus/autograd/ops/copy.h"
#include "gradus/autograd/ops/view.h"
#include "gradus/autograd/record.h"
#include "gradus/tensor/factories.h"

namespace gradus::autograd {
namespace {

bool contains(const std::vector<const TensorImpl*>& list, const Tensor& t) {
  return std::find(list.begin(), list.end(), t.unsafeGetTensorImpl()) != list.end();
}

std::vector<const TensorImpl*> impls(const variable_list& ts) {
  std::vector<const TensorImpl*> r;
  for (const Tensor& t : ts) r.push_back(t.unsafeGetTensorImpl());
  return r;
}

}  // namespace

// ---- the context ----------------------------------------------------------------------------------------------------

variable_list AutogradContext::get_saved_variables() const {
  if (freed_) gradus::detail::throw_released(*node_);
  variable_list r;
  for (const Saved& s : saved_) r.push_back(s.get(*node_));
  return r;
}

void AutogradContext::mark_dirty(const variable_list& inputs) { dirty_ = impls(inputs); }
void AutogradContext::mark_non_differentiable(const variable_list& outputs) { non_differentiable_ = impls(outputs); }

bool AutogradContext::needs_input_grad(size_t i) const {
  check(i < node_->edges.size(), "needs_input_grad: there is no tensor ", i, " among the ", node_->edges.size(),
        " that the function takes");
  return node_->needs(i);
}

// ---- the node -------------------------------------------------------------------------------------------------------

const char* detail::function_name(const std::type_info& type) {
  static std::mutex mutex;
  static std::map<std::type_index, std::string> names;  // nodes keep a pointer into it
  std::lock_guard lock(mutex);
  std::string& name = names[type];
  if (name.empty()) {
    char* plain = abi::__cxa_demangle(type.name(), nullptr, nullptr, nullptr);
    name = plain ? plain : type.name();
    std::free(plain);
  }
  return name.c_str();
}

void FunctionNode::connect(const variable_list& tensors, std::vector<bool> is_tensor) {
  is_tensor_ = std::move(is_tensor);
  gradus::detail::connect(*this, TensorList(tensors));
}

void FunctionNode::wrap(const variable_list& tensors, variable_list& results, bool track) {
  const std::vector<const TensorImpl*> given = impls(tensors);
  const Intrusive<Node> self(this);
  for (Tensor& y : results) {
    const bool dirty = y.defined() && contains(context.dirty_, y), input = y.defined() && contains(given, y);
    if (dirty) changed(y);
    if (!y.defined() || contains(context.non_differentiable_, y) || !is_floating(y.scalar_type())) {
      // An output takes its number even where no gradient comes from it.
      outputs.push_back({});
      if (y.defined() && input && !dirty) y = y.detach();
      continue;
    }
    if (!track) continue;
    if (dirty) {
      check(input, op(), ": a tensor that is marked as dirty must be an input of the function");
      check(!(y.requires_grad() && y.is_leaf()), op(),
            ": a leaf Variable that requires grad is being used in an in-place operation.");
      rebase(y, self);
      continue;
    }
    if (input) {
      // The input itself stays what it is: what the caller gets is a view of it.
      NoGradGuard off;
      y = y.detach();
    }
    gradus::detail::attach(self, y);
  }
  if (track) save(results);
  context.to_save_.clear();
}

void FunctionNode::save(const variable_list& results) {
  for (const Tensor& t : context.to_save_) {
    const auto at = std::find_if(results.begin(), results.end(), [&](const Tensor& y) {
      return y.defined() && t.defined() && y.is_same(t) && node_of(*y.unsafeGetTensorImpl()) == this;
    });
    context.saved_.push_back(at == results.end() ? Saved(t) : Saved::output(t, at->unsafeGetTensorImpl()->output_nr));
  }
}

variable_list FunctionNode::materialized(Grads& grads) const {
  variable_list r(grads.size());
  for (size_t i = 0; i < grads.size(); ++i) {
    r[i] = std::move(grads[i]);
    const OutputMeta& m = outputs[i];
    if (!r[i].defined() && context.materialize_ && m.dtype != ScalarType::Undefined) r[i] = zeros(m.sizes, m.dtype);
  }
  return r;
}

void FunctionNode::backward(Grads& grads, Grads& inputs) {
  if (context.freed_) gradus::detail::throw_released(*this);
  variable_list g = f_(&context, materialized(grads));
  const size_t wanted = is_tensor_.size();
  if (g.size() > wanted)
    check(
        std::all_of(g.begin() + static_cast<ptrdiff_t>(wanted), g.end(), [](const Tensor& t) { return !t.defined(); }),
        "Function ", name(), " returned an incorrect number of gradients (expected ", wanted, ", got ", g.size(), ")");
  check(g.size() >= wanted, "Function ", name(), " returned an incorrect number of gradients (expected ", wanted,
        ", got ", g.size(), ")");
  for (size_t i = 0; i < wanted; ++i) {
    if (is_tensor_[i])
      inputs.push_back(std::move(g[i]));
    else
      check(!g[i].defined(), "Function ", name(), " returned a gradient different from None at position ", i + 1,
            ", but the corresponding forward input was not a Variable");
  }
}

void FunctionNode::release() {
  context.saved_.clear();
  context.saved_data.clear();
  context.freed_ = true;
}

}  // namespace gradus::autograd
