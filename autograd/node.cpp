#include "gradus/autograd/node.h"

#include <cctype>
#include <cstdint>

#include "gradus/autograd/engine.h"
#include "gradus/autograd/grad_mode.h"
#include "gradus/autograd/ops/view.h"
#include "gradus/autograd/record.h"
#include "gradus/autograd/saved.h"

namespace gradus {

constinit thread_local bool autograd::GradMode::enabled = true;

void Node::destroy(Node* node) {
  // Freeing a node frees its inputs' nodes: what turns up while one dies waits in line. The line is linked through the
  // numbers of the dying, which nobody asks for any more, so that it needs no memory and outlives every thread_local.
  [[gnu::tls_model("initial-exec")]] constinit thread_local static Node* waiting = nullptr;
  [[gnu::tls_model("initial-exec")]] constinit thread_local static bool busy = false;
  if (busy) {
    node->sequence = reinterpret_cast<uintptr_t>(waiting);
    waiting = node;
    return;
  }
  busy = true;
  delete node;
  while (Node* next = waiting) {
    waiting = reinterpret_cast<Node*>(next->sequence);
    delete next;
  }
  busy = false;
}

std::string Node::name() const {
  std::string r;
  bool upper = true;
  for (const char* c = op_; *c; ++c) {
    if (*c == '_') {
      upper = true;
      continue;
    }
    r += upper ? static_cast<char>(std::toupper(static_cast<unsigned char>(*c))) : *c;
    upper = false;
  }
  return r + "Backward0";
}

Edge gradient_edge(const Tensor& t) {
  if (!t.defined()) return {};
  TensorImpl* impl = t.unsafeGetTensorImpl();
  if (!impl->needs_grad()) return {};
  if (impl->base) {
    const bool stale = !impl->made_without_grad && impl->base->requires_grad &&
                       (!impl->node || impl->node_version != impl->storage->version());
    if (stale && !(impl->leaf && impl->node)) renew_view(t);
  }
  return {Intrusive<Node>(node_of(*impl)), impl->output_nr};
}

// ---- saved tensors --------------------------------------------------------------------------------------------------

constinit thread_local SavedTensorHooks* SavedTensorHooks::current_ = nullptr;

Saved::Saved(const Tensor& t) : t_(t), version_(t.defined() ? t.storage()->version() : 0) {
  SavedTensorHooks* hooks = SavedTensorHooks::current();
  if (hooks && t.defined()) pack(*hooks);
}

void Saved::pack(SavedTensorHooks& hooks) {
  packed_ = hooks.pack(t_);
  if (!packed_) return;
  if (!is_output_) packed_->maker = gradient_edge(t_);
  t_.reset();
}

Tensor Saved::unpacked(Node& self) const {
  const Tensor t = packed_->unpack().detach();
  const Edge maker = is_output_ ? Edge{Intrusive<Node>(&self), nr_} : packed_->maker;
  if (!maker || !autograd::GradMode::is_enabled()) return t;
  set_node(*t.unsafeGetTensorImpl(), maker.node, maker.nr);
  t.unsafeGetTensorImpl()->requires_grad = true;
  return t;
}

Saved Saved::output(const Tensor& t, uint32_t nr) {
  Saved s;
  const TensorImpl* impl = t.unsafeGetTensorImpl();
  s.t_ = Tensor(make_intrusive<TensorImpl>(impl->storage, impl->dtype, impl->sizes, impl->strides, impl->offset));
  s.version_ = impl->storage->version();
  s.nr_ = nr;
  s.is_output_ = true;
  if (SavedTensorHooks* hooks = SavedTensorHooks::current()) s.pack(*hooks);
  return s;
}

Tensor Saved::get(Node& self) const {
  if (packed_) return unpacked(self);
  if (!t_.defined()) return {};
  const uint32_t now = t_.storage()->version();
  if (now != version_) {
    const Intrusive<Node> maker = is_output_ ? Intrusive<Node>(&self) : t_.grad_fn();
    fail(self.op(),
         ": one of the variables needed for gradient computation has been modified by an inplace operation: [",
         t_.dtype(), " ", t_.sizes(), "]", maker ? ", which is output " : "",
         maker ? std::to_string(is_output_ ? nr_ : t_.output_nr()) : "", maker ? " of " : "",
         maker ? maker->name() : "", ", is at version ", now, "; expected version ", version_,
         " instead. It was saved by ", self.name());
  }
  if (!is_output_ || !autograd::GradMode::is_enabled()) return t_;
  const TensorImpl* impl = t_.unsafeGetTensorImpl();
  Tensor y(make_intrusive<TensorImpl>(impl->storage, impl->dtype, impl->sizes, impl->strides, impl->offset));
  set_node(*y.unsafeGetTensorImpl(), Intrusive<Node>(&self), nr_);
  y.unsafeGetTensorImpl()->requires_grad = true;
  return y;
}

// ---- accumulation ---------------------------------------------------------------------------------------------------

AccumulateGrad::AccumulateGrad(Intrusive<GradSlot> slot, TensorImpl& leaf)
    : Node("accumulate_grad"), slot_(std::move(slot)), leaf_(&leaf) {
  outputs.push_back({leaf.sizes, leaf.dtype});
}

void AccumulateGrad::backward(Grads& g, Grads&) {
  {
    std::lock_guard lock(slot_->mutex);
    accumulate_grad(slot_->grad, std::move(g[0]));
  }
  if (!after || !leaf_) return;
  const Tensor leaf{Intrusive<TensorImpl>(leaf_)};
  for (const Hook& h : *after) h.call(leaf);
}

}  // namespace gradus
