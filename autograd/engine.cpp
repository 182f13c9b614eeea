#include "gradus/autograd/engine.h"

#include <algorithm>
#include <exception>
#include <thread>

#include "gradus/autograd/anomaly.h"
#include "gradus/autograd/grad_mode.h"
#include "gradus/autograd/ops/arithmetic.h"
#include "gradus/autograd/ops/compare.h"
#include "gradus/autograd/ops/copy.h"
#include "gradus/autograd/ops/reduce.h"
#include "gradus/autograd/ops/shape.h"
#include "gradus/autograd/record.h"
#include "gradus/tensor/factories.h"

namespace gradus {
namespace {

// Node -> number, by open addressing: a hash of pointers that costs a few nanoseconds and no allocation in small
// graphs.
class NodeTable {
 public:
  static constexpr uint32_t none = ~0u;

  uint32_t* find(const Node* node) {
    if (count_ == 0) return nullptr;
    for (size_t i = hash(node);; i = (i + 1) & mask()) {
      if (slots_[i].node == node) return &slots_[i].value;
      if (!slots_[i].node) return nullptr;
    }
  }
  void insert(const Node* node, uint32_t value) {
    if (2 * ++count_ > slots_.size()) grow();
    place(node, value);
  }

 private:
  struct Slot {
    const Node* node = nullptr;
    uint32_t value = none;
  };
  size_t mask() const { return slots_.size() - 1; }
  size_t hash(const Node* node) const {
    return (reinterpret_cast<uintptr_t>(node) * 0x9E3779B97F4A7C15ull >> 32) & mask();
  }
  void place(const Node* node, uint32_t value) {
    size_t i = hash(node);
    while (slots_[i].node) i = (i + 1) & mask();
    slots_[i] = {node, value};
  }
  void grow() {
    InlineVector<Slot, 64> old = std::move(slots_);
    slots_ = InlineVector<Slot, 64>();
    slots_.resize(std::max<size_t>(2 * old.size(), 32));
    for (const Slot& s : old)
      if (s.node) place(s.node, s.value);
  }
  InlineVector<Slot, 64> slots_;
  size_t count_ = 0;
};

// True if nobody else can see this buffer, so that it may be changed in place.
bool owned(const Tensor& t) {
  const TensorImpl* impl = t.unsafeGetTensorImpl();
  return impl->use_count() == 1 && impl->storage->use_count() == 1 && impl->storage->owns() && !impl->base &&
         impl->contiguous && !impl->node && !impl->slot;
}

void add_to(Tensor& sum, Tensor g) {
  if (!sum.defined())
    sum = std::move(g);
  else if (autograd::GradMode::is_enabled())
    sum = add(sum, g);
  else if (owned(sum) && sum.sizes() == g.sizes() && sum.scalar_type() == g.scalar_type())
    add_into(sum, g);
  else if (owned(g) && sum.sizes() == g.sizes() && sum.scalar_type() == g.scalar_type()) {
    add_into(g, sum);
    sum = std::move(g);
  } else
    sum = add(sum, g);
}

// The gradient as the output it belongs to wants it: broadcasting is undone here, once, for every operation.
Tensor fit(Tensor g, const Node& from, size_t input, const OutputMeta& want) {
  if (g.sizes() != IntArrayRef(want.sizes)) {
    if (!expands(want.sizes, g.sizes()))
      fail(from.op(), ": Function ", from.name(), " returned an invalid gradient at index ", input, " - got ",
           g.sizes(), " but expected shape compatible with ", want.sizes);
    g = sum_to(g, want.sizes);
  }
  if (g.scalar_type() != want.dtype) {
    if (!is_floating(g.scalar_type()))
      fail(from.op(), ": Function ", from.name(), " returned an invalid gradient at index ", input,
           " - expected dtype ", want.dtype, " but got ", g.scalar_type());
    g = g.to(want.dtype);
  }
  return g;
}

struct Capture {
  uint32_t nr;
  Tensor* to;
};

class Run {
 public:
  Run(bool keep_graph, bool create_graph) : keep_(keep_graph || create_graph) {}

  /// Asks for the gradient of an edge; only nodes on a way to such an edge will run.
  void capture(const Edge& e, Tensor* to) {
    captures_.push_back({e.node.get(), {e.nr, to}});
    restricted_ = true;
  }
  void accumulate_too(const Edge& e) {
    leaves_.push_back(e.node.get());
    restricted_ = true;
  }

  void give(const Edge& e, Tensor g) {
    Node* node = e.node.get();
    if (uint32_t* at = tasks_by_node_.find(node)) {
      add_to(tasks_[*at].grads[e.nr], std::move(g));
      return;
    }
    const auto at = static_cast<uint32_t>(tasks_.size());
    tasks_.push_back({Intrusive<Node>(node), {}});
    tasks_.back().grads.resize(node->outputs.size());
    tasks_.back().grads[e.nr] = std::move(g);
    tasks_by_node_.insert(node, at);
    heap_.push_back({node->sequence, at});
    std::push_heap(heap_.begin(), heap_.end());
  }

  void go(ArrayRef<Edge> roots) {
    if (restricted_) mark(roots);
    while (!heap_.empty()) {
      std::pop_heap(heap_.begin(), heap_.end());
      const uint32_t at = heap_.back().task;
      heap_.pop_back();
      Task task = std::move(tasks_[at]);
      run(*task.node, task.grads);
    }
  }

 private:
  struct Task {
    Intrusive<Node> node;
    Grads grads;
  };
  struct Ready {
    uint64_t sequence;
    uint32_t task;
    // Newest first; of equally old ones, the one that was reached first.
    bool operator<(const Ready& o) const { return sequence != o.sequence ? sequence < o.sequence : task > o.task; }
  };

  bool wanted(const Node* node) {
    if (!restricted_) return true;
    const uint32_t* w = wanted_.find(node);
    return w && *w == 1;
  }

  // Marks the nodes from which a captured edge can be reached: depth first, without recursion.
  void mark(ArrayRef<Edge> roots) {
    for (const auto& [node, c] : captures_)
      if (!wanted_.find(node)) wanted_.insert(node, 1);
    for (const Node* node : leaves_)
      if (!wanted_.find(node)) wanted_.insert(node, 1);
    std::vector<std::pair<Node*, size_t>> path;
    auto visit = [&](Node* node) {
      if (seen_.find(node)) return;
      seen_.insert(node, 0);
      path.push_back({node, 0});
    };
    // One root after the other: a root may lie below another, and must be done before what leads to it.
    for (size_t root = 0; root < roots.size() || !path.empty();) {
      if (path.empty()) {
        if (const Edge& e = roots[root++]) visit(e.node.get());
        continue;
      }
      auto& [node, next] = path.back();
      if (next < node->edges.size()) {
        const Edge& e = node->edges[next++];
        if (e) visit(e.node.get());
        continue;
      }
      Node* done = node;
      path.pop_back();
      for (const Edge& e : done->edges) {
        const uint32_t* w = e ? wanted_.find(e.node.get()) : nullptr;
        if (!w || *w != 1 || wanted_.find(done)) continue;
        wanted_.insert(done, 1);
      }
    }
  }

  // True if a node's own backward is to run, not only its captures.
  bool leads_on(const Node& node) {
    if (!restricted_) return true;
    if (node.edges.empty()) return std::find(leaves_.begin(), leaves_.end(), &node) != leaves_.end();
    for (const Edge& e : node.edges)
      if (e && wanted(e.node.get())) return true;
    return false;
  }

  static void watched_backward(Node& node, Grads& grads, Grads& inputs) {
    try {
      node.backward(grads, inputs);
      if (!autograd::AnomalyMode::should_check_nan()) return;
      NoGradGuard off;
      for (size_t i = 0; i < inputs.size(); ++i)
        if (inputs[i].defined() && is_floating(inputs[i].scalar_type()) && isnan(inputs[i]).any().item<bool>())
          fail("Function '", node.name(), "' returned nan values in its ", i, "th output.");
    } catch (...) {
      autograd::detail::report_anomaly(node);
      throw;
    }
  }

  void call_hooks(Node& node, Grads& grads) {
    for (const TensorHook& h : *node.hooks) {
      if (!grads[h.nr].defined()) continue;
      Tensor r = h.call(grads[h.nr]);
      if (r.defined()) grads[h.nr] = std::move(r);
    }
  }

  void run(Node& node, Grads& grads) {
    if (node.hooks) call_hooks(node, grads);
    for (const auto& [at, c] : captures_)
      if (at == &node) *c.to = grads[c.nr];
    if (node.retained)
      for (const auto& [nr, slot] : *node.retained)
        if (grads[nr].defined()) slot->grad = grads[nr];
    if (!leads_on(node)) return;
    Grads inputs;
    if (autograd::AnomalyMode::is_enabled()) [[unlikely]]
      watched_backward(node, grads, inputs);
    else
      node.backward(grads, inputs);
    if (node.edges.empty()) return;
    if (inputs.size() != node.edges.size()) [[unlikely]]
      fail(node.op(), ": function ", node.name(), " returned an incorrect number of gradients (expected ",
           node.edges.size(), ", got ", inputs.size(), ")");
    grads.clear();
    if (!keep_) node.release();
    for (size_t i = 0; i < inputs.size(); ++i) {
      const Edge& e = node.edges[i];
      if (!e || !inputs[i].defined() || !wanted(e.node.get())) continue;
      give(e, fit(std::move(inputs[i]), node, i, e.node->outputs[e.nr]));
    }
  }

  bool keep_;
  bool restricted_ = false;
  InlineVector<Task, 16> tasks_;
  InlineVector<Ready, 32> heap_;
  NodeTable tasks_by_node_;
  std::vector<std::pair<Node*, Capture>> captures_;
  std::vector<Node*> leaves_;
  NodeTable wanted_, seen_;
};

// A backward may call backward. Each of these lies on the stack of its caller, so a deep nest goes on on a new one.
constexpr int nest_of_one_stack = 100;
[[gnu::tls_model("initial-exec")]] constinit thread_local int nested = 0;

void go(Run& run, ArrayRef<Edge> roots) {
  struct Deeper {
    Deeper() { ++nested; }
    ~Deeper() { --nested; }
  };
  if (nested == 0 || nested % nest_of_one_stack != 0) {
    Deeper guard;
    run.go(roots);
    return;
  }
  std::exception_ptr error;
  std::thread([&, depth = nested, grad = autograd::GradMode::is_enabled()] {
    nested = depth;
    AutoGradMode mode(grad);
    Deeper guard;
    try {
      run.go(roots);
    } catch (...) {
      error = std::current_exception();
    }
  }).join();
  if (error) std::rethrow_exception(error);
}

Tensor root_grad(const Tensor& y, const Tensor& g, bool create_graph) {
  if (!g.defined()) {
    check(y.numel() == 1, "grad can be implicitly created only for scalar outputs, got ", y.sizes());
    check(is_floating(y.scalar_type()), "grad can be computed only for floating point outputs, but got ",
          y.scalar_type());
    NoGradGuard off;
    return ones_like(y);
  }
  check(g.sizes() == y.sizes(), "Mismatch in shape: grad_output[0] has a shape of ", g.sizes(),
        " and output[0] has a shape of ", y.sizes(), ".");
  return create_graph ? g : g.detach();
}

void start(Run& run, TensorList ys, TensorList gs, bool create_graph) {
  check(gs.empty() || gs.size() == ys.size(), "backward: got ", ys.size(), " tensors and ", gs.size(), " gradients");
  InlineVector<Edge, 1> roots;
  for (size_t i = 0; i < ys.size(); ++i) {
    Edge e = gradient_edge(ys[i]);
    check(static_cast<bool>(e), "element ", i, " of tensors does not require grad and does not have a grad_fn");
    Tensor g = root_grad(ys[i], gs.empty() ? Tensor() : gs[i], create_graph);
    if (g.scalar_type() != ys[i].scalar_type()) g = g.to(ys[i].scalar_type());
    run.give(e, std::move(g));
    roots.push_back(std::move(e));
  }
  AutoGradMode mode(create_graph);
  go(run, {roots.data(), roots.size()});
}

}  // namespace

void accumulate_grad(Tensor& slot, Tensor g) {
  if (autograd::GradMode::is_enabled()) {
    slot = slot.defined() ? add(slot, g) : g;
    return;
  }
  if (!slot.defined()) {
    slot = owned(g) ? std::move(g) : g.detach().clone();
    return;
  }
  // PyTorch's rule: without create_graph .grad keeps its identity and is added to in place.
  if (slot.sizes() == g.sizes() && slot.scalar_type() == g.scalar_type() && !slot.requires_grad())
    add_into(slot, g);
  else
    slot = add(slot, g);
}

void autograd::detail::backward(TensorList tensors, TensorList grads, std::optional<bool> retain_graph,
                                bool create_graph, TensorList inputs) {
  Run run(retain_graph.value_or(create_graph), create_graph);
  std::vector<Tensor> captured(inputs.size());
  for (size_t i = 0; i < inputs.size(); ++i) {
    const Edge e = gradient_edge(inputs[i]);
    check(static_cast<bool>(e), "One of the differentiated Tensors does not require grad");
    if (inputs[i].is_leaf())
      run.accumulate_too(e);
    else
      run.capture(e, &captured[i]);
  }
  start(run, tensors, grads, create_graph);
  for (size_t i = 0; i < inputs.size(); ++i)
    if (captured[i].defined()) {
      AutoGradMode mode(create_graph);
      accumulate_grad(inputs[i].mutable_grad(), captured[i]);
    }
}

void autograd::backward(const variable_list& tensors, const variable_list& grads, std::optional<bool> retain_graph,
                        bool create_graph, const variable_list& inputs) {
  detail::backward(tensors, grads, retain_graph, create_graph, inputs);
}

autograd::variable_list autograd::grad(const variable_list& outputs, const variable_list& inputs,
                                       const variable_list& grad_outputs, std::optional<bool> retain_graph,
                                       bool create_graph, bool allow_unused) {
  Run run(retain_graph.value_or(create_graph), create_graph);
  variable_list found(inputs.size());
  check(!inputs.empty(), "grad requires non-empty inputs.");
  for (size_t i = 0; i < inputs.size(); ++i) {
    const Edge e = gradient_edge(inputs[i]);
    check(static_cast<bool>(e) || (allow_unused && inputs[i].defined() && inputs[i].requires_grad()),
          "One of the differentiated Tensors does not require grad");
    run.capture(e, &found[i]);
  }
  start(run, outputs, grad_outputs, create_graph);
  for (const Tensor& t : found)
    check(allow_unused || t.defined(),
          "One of the differentiated Tensors appears to not have been used in the graph. Set allow_unused=True if this "
          "is "
          "the desired behavior.");
  return found;
}

}  // namespace gradus
