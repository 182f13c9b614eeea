#include "gradus/autograd/record.h"

#include "gradus/autograd/anomaly.h"
#include "gradus/autograd/engine.h"
#include "gradus/autograd/ops/view.h"

namespace gradus {
namespace detail {
namespace {

// Each thread counts on from the newest of its own nodes and of the inputs': newer is always later, without a shared
// counter.
[[gnu::tls_model("initial-exec")]] constinit thread_local uint64_t newest = 0;

void add_edge(Node& node, Edge e) {
  if (e) newest = std::max(newest, e.node->sequence);
  node.edges.push_back(std::move(e));
}

void finish(Node& node) {
  node.sequence = ++newest;
  if (autograd::AnomalyMode::is_enabled()) [[unlikely]]
    node.place = std::make_unique<std::string>(autograd::detail::calls());
}

}  // namespace

void throw_released(const Node& node) {
  fail(node.op(),
       ": Trying to backward through the graph a second time (or directly access saved tensors after they have already "
       "been freed). Saved intermediate values of the graph are freed when you call .backward() or autograd.grad(). "
       "Specify retain_graph=True if you need to backward through the graph a second time or if you need to access "
       "saved "
       "tensors after calling backward.");
}

InputEdges::InputEdges(Inputs inputs) {
  for (const Tensor& t : inputs) edges_.push_back(gradient_edge(t));
}

void InputEdges::connect(Node& node) {
  for (Edge& e : edges_) add_edge(node, std::move(e));
  finish(node);
}

void connect(Node& node, Inputs inputs) {
  node.edges.reserve(inputs.size());
  for (const Tensor& t : inputs) add_edge(node, gradient_edge(t));
  finish(node);
}

void connect(Node& node, TensorList inputs) {
  node.edges.reserve(inputs.size());
  for (const Tensor& t : inputs) add_edge(node, gradient_edge(t));
  finish(node);
}

void attach(const Intrusive<Node>& node, const Tensor& y) {
  TensorImpl* impl = y.unsafeGetTensorImpl();
  node->outputs.push_back({impl->sizes, impl->dtype});
  set_node(*impl, node, static_cast<uint32_t>(node->outputs.size() - 1));
  impl->node_version = impl->storage->version();
  impl->requires_grad = true;
}

}  // namespace detail

std::vector<Tensor> differentiate(const std::function<Tensor(const std::vector<Tensor>&)>& f,
                                  const std::vector<Tensor>& inputs, const Tensor& g, const Node& self) {
  // Shallow copies in the graph: f's own nodes end at them, and what they return flows on to the real inputs. 16-bit
  // floats are rounded where f begins and ends, not between its operations.
  std::vector<Tensor> wanted;
  std::vector<Tensor> copies = inputs;
  for (size_t i = 0; i < inputs.size(); ++i)
    if (self.needs(i)) {
      copies[i] = alias(inputs[i]);
      wanted.push_back(copies[i]);
    }
  for (Tensor& t : copies)
    if (t.defined() && is_float16(t.scalar_type())) t = t.to(kFloat);
  const Tensor y = f(copies).to(g.scalar_type());
  std::vector<Tensor> found = autograd::grad({y}, wanted, {g}, true, true, true);
  std::vector<Tensor> r(inputs.size());
  size_t k = 0;
  for (size_t i = 0; i < inputs.size(); ++i)
    if (self.needs(i)) r[i] = found[k++];
  return r;
}

Tensor record_not_differentiable(const char* op, Tensor y, Inputs inputs) {
  return record(op, std::move(y), inputs, [op](const Tensor&, Node&) -> Tensor {
    fail(op, ": the derivative for '", op, "' is not implemented");
  });
}

// ---- in place -------------------------------------------------------------------------------------------------------

void check_in_place(const char* op, const Tensor& x) {
  const TensorImpl* impl = x.unsafeGetTensorImpl();
  check(impl, op, ": expected a tensor, but got an undefined one");
  for (size_t i = 0; i < impl->sizes.size(); ++i)
    check(impl->strides[i] != 0 || impl->sizes[i] <= 1 || impl->numel == 0, op,
          ": unsupported operation: more than one element of the written-to tensor refers to a single memory location. "
          "Please clone() the tensor before performing the operation, got ",
          x.sizes());
  if (!autograd::GradMode::is_enabled() || !impl->needs_grad()) return;
  check(!(impl->requires_grad && impl->leaf), op,
        ": a leaf Variable that requires grad is being used in an in-place operation.");
  if (!impl->base) return;
  check(!(impl->base->requires_grad && impl->base->leaf), op,
        ": a view of a leaf Variable that requires grad is being used in an in-place operation.");
}

Tensor kept_before_change(const Tensor& x) {
  const Tensor t = x.detach().clone();
  if (const Edge e = gradient_edge(x)) {
    set_node(*t.unsafeGetTensorImpl(), e.node, e.nr);
    t.unsafeGetTensorImpl()->requires_grad = true;
  }
  return t;
}

void changed(const Tensor& x) {
  const TensorImpl* impl = x.unsafeGetTensorImpl();
  if (!impl->silent) impl->storage->bump();
}

void rebase(const Tensor& x, const Intrusive<Node>& node) {
  TensorImpl* impl = x.unsafeGetTensorImpl();
  check(
      !(impl->base && impl->made_without_grad), node->op(),
      ": A view was created in no_grad mode and is being modified inplace with grad mode enabled. Given that this use "
      "case is ambiguous and error-prone, it is forbidden. Create the view with grad mode enabled, or clone it.");
  detail::attach(node, x);
  if (impl->base) rebase_base(x);
}

// ---- views ----------------------------------------------------------------------------------------------------------

Tensor view_of(const Tensor& x, IntArrayRef sizes, IntArrayRef strides, int64_t offset) {
  const TensorImpl* from = x.unsafeGetTensorImpl();
  Tensor y(make_intrusive<TensorImpl>(from->storage, from->dtype, sizes, strides, offset));
  TensorImpl* impl = y.unsafeGetTensorImpl();
  impl->silent = from->silent;
  impl->base = from->base ? from->base : x.impl();
  impl->made_without_grad = !autograd::GradMode::is_enabled() || from->made_without_grad;
  return y;
}

}  // namespace gradus
