// The methods of Tensor that concern gradients and identity.
#include "gradus/tensor/tensor.h"

#include "gradus/autograd/engine.h"
#include "gradus/autograd/record.h"

namespace gradus {
namespace {

const Tensor& undefined() {
  static const Tensor none;
  return none;
}

Intrusive<GradSlot> slot(TensorImpl& t) {
  if (!t.slot) t.slot = make_intrusive<GradSlot>();
  return Intrusive<GradSlot>(slot_of(t));
}

unsigned next_handle() {
  static std::atomic<unsigned> n{0};
  return n.fetch_add(1);
}

}  // namespace

Tensor& Tensor::operator=(const Tensor& o) && {
  copy_(o);
  return *this;
}

Tensor& Tensor::operator=(const Scalar& v) && {
  fill_(v);
  return *this;
}

const Tensor& Tensor::requires_grad_(bool r) const {
  TensorImpl& impl = get();
  if (impl.requires_grad == r && (!r || impl.node)) return *this;
  check(!r || is_floating(impl.dtype), "only Tensors of floating point dtype can require gradients, got ", impl.dtype);
  check(is_leaf(), r ? "requires_grad_: " : "", "you can only change requires_grad flags of leaf variables.",
        r ? ""
          : " If you want to use a computed variable in a subgraph that doesn't require differentiation use "
            "var_no_grad = var.detach().");
  impl.requires_grad = r;
  if (!r) {
    impl.node.reset();
    return *this;
  }
  impl.node = make_intrusive<AccumulateGrad>(slot(impl), impl);
  impl.leaf = true;
  return *this;
}

bool Tensor::is_leaf() const {
  const TensorImpl& impl = get();
  if (!impl.needs_grad()) return true;
  return impl.requires_grad && impl.leaf;
}

void Tensor::backward(const Tensor& gradient, std::optional<bool> retain_graph, bool create_graph,
                      std::optional<TensorList> inputs) const {
  autograd::detail::backward(*this, gradient, retain_graph, create_graph, inputs.value_or(TensorList()));
}

const Tensor& Tensor::grad() const {
  const GradSlot* s = slot_of(get());
  return s ? s->grad : undefined();
}

Tensor& Tensor::mutable_grad() const { return slot(get())->grad; }

Intrusive<Node> Tensor::grad_fn() const {
  if (is_leaf()) return nullptr;
  return gradient_edge(*this).node;
}

int64_t Tensor::output_nr() const {
  if (is_leaf()) return 0;
  return gradient_edge(*this).nr;
}

void Tensor::retain_grad() const {
  check(requires_grad(), "can't retain_grad on Tensor that has requires_grad=False");
  if (is_leaf() || retains_grad()) return;
  const Edge e = gradient_edge(*this);
  if (!e.node->retained) e.node->retained = std::make_unique<std::vector<std::pair<uint32_t, Intrusive<GradSlot>>>>();
  e.node->retained->push_back({e.nr, slot(get())});
}

bool Tensor::retains_grad() const {
  const TensorImpl& impl = get();
  const Node* node = node_of(impl);
  if (is_leaf() || !node || !node->retained) return false;
  for (const auto& [nr, s] : *node->retained)
    if (nr == impl.output_nr && s.get() == impl.slot.get()) return true;
  return false;
}

Tensor Tensor::detach() const {
  const TensorImpl& impl = get();
  Tensor t(make_intrusive<TensorImpl>(impl.storage, impl.dtype, impl.sizes, impl.strides, impl.offset));
  t.unsafeGetTensorImpl()->silent = impl.silent;
  return t;
}

Tensor& Tensor::detach_() const {
  TensorImpl& impl = get();
  check(!impl.base, "Can't detach views in-place. Use detach() instead.");
  impl.requires_grad = false;
  impl.node.reset();
  impl.leaf = true;
  impl.output_nr = 0;
  return const_cast<Tensor&>(*this);
}

Tensor Tensor::data() const {
  Tensor t = detach();
  t.unsafeGetTensorImpl()->silent = true;
  return t;
}

void Tensor::set_data(const Tensor& o) const {
  TensorImpl& impl = get();
  const TensorImpl& from = o.get();
  check(!impl.requires_grad || is_floating(from.dtype),
        "data set to a tensor that requires gradients must be floating point dtype, got ", from.dtype);
  impl.set_storage(from.storage);
  impl.sizes = from.sizes;
  impl.strides = from.strides;
  impl.offset = from.offset;
  impl.dtype = from.dtype;
  impl.refresh();
  if (Node* node = node_of(impl); node && impl.leaf) node->outputs[0] = {impl.sizes, impl.dtype};
}

unsigned Tensor::add_hook(std::function<Tensor(const Tensor&)> hook) const {
  check(requires_grad(), "cannot register a hook on a tensor that doesn't require gradient");
  const Edge e = gradient_edge(*this);
  if (!e.node->hooks) e.node->hooks = std::make_unique<std::vector<TensorHook>>();
  const unsigned handle = next_handle();
  e.node->hooks->push_back({e.nr, handle, std::move(hook)});
  return handle;
}

unsigned Tensor::register_post_accumulate_grad_hook(std::function<void(const Tensor&)> hook) const {
  check(requires_grad(), "cannot register a hook on a tensor that doesn't require gradient");
  check(is_leaf(), "post accumulate grad hooks cannot be registered on non-leaf tensors");
  auto& leaf = static_cast<AccumulateGrad&>(*gradient_edge(*this).node);
  if (!leaf.after) leaf.after = std::make_unique<std::vector<AccumulateGrad::Hook>>();
  const unsigned handle = next_handle();
  leaf.after->push_back({handle, std::move(hook)});
  return handle;
}

void Tensor::remove_hook(unsigned handle) const {
  const Edge e = gradient_edge(*this);
  if (auto* leaf = dynamic_cast<AccumulateGrad*>(e.node.get()); leaf && leaf->after)
    std::erase_if(*leaf->after, [&](const AccumulateGrad::Hook& h) { return h.handle == handle; });
  if (!e || !e.node->hooks) return;
  std::erase_if(*e.node->hooks, [&](const TensorHook& h) { return h.handle == handle; });
}

}  // namespace gradus
