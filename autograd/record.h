// What an author of operations uses: `unary` and `binary` for pointwise formulas (autograd/pointwise.h), and for
// everything else `record`, which hangs a backward function on a result.
//
//   Tensor flip(const Tensor& x, IntArrayRef dims) {
//     return record("flip", kernels::flip(x, dims), {x},
//                   [dims = Sizes(dims)](const Tensor& g, Node&) { return flip(g, dims); });
//   }
//
// A backward function receives the gradient of the result and returns the gradient of the input, or a std::array or
// std::tuple of them, one an input, undefined where there is none (`self.needs(i)` tells which are wanted). It is
// written in public operations: those are recorded in their turn when the derivative shall itself be differentiable.
// The engine sums what it returns to the input's shape and casts it to the input's type.
#pragma once
#include <array>
#include <optional>
#include <tuple>

#include "gradus/autograd/grad_mode.h"
#include "gradus/autograd/in_place.h"
#include "gradus/autograd/saved.h"

namespace gradus {

using Inputs = std::initializer_list<std::reference_wrapper<const Tensor>>;

/// True if an operation on these inputs is to be recorded.
inline bool recording(Inputs inputs) {
  if (!autograd::GradMode::is_enabled()) return false;
  for (const Tensor& t : inputs)
    if (t.defined() && t.unsafeGetTensorImpl()->needs_grad()) return true;
  return false;
}
inline bool recording(TensorList inputs) {
  if (!autograd::GradMode::is_enabled()) return false;
  for (const Tensor& t : inputs)
    if (t.defined() && t.unsafeGetTensorImpl()->needs_grad()) return true;
  return false;
}

/// t, kept for the derivative for `wanted` if there is to be one: the input of a frozen layer is not kept alive.
inline Saved saved_for(const Tensor& wanted, const Tensor& t) { return recording({wanted}) ? Saved(t) : Saved(); }

namespace detail {

inline void collect(Grads& to, Tensor g) { to.push_back(std::move(g)); }
template <size_t N>
void collect(Grads& to, std::array<Tensor, N> g) {
  for (Tensor& t : g) to.push_back(std::move(t));
}
template <class... T>
void collect(Grads& to, std::tuple<T...> g) {
  std::apply([&](auto&... t) { (to.push_back(std::move(t)), ...); }, g);
}
inline void collect(Grads& to, std::vector<Tensor> g) {
  for (Tensor& t : g) to.push_back(std::move(t));
}

[[noreturn]] void throw_released(const Node& node);

template <class F>
class Recorded final : public Node {
 public:
  Recorded(const char* op, F f) : Node(op), f_(std::move(f)) {}
  void backward(Grads& outputs, Grads& inputs) override {
    if (!f_) throw_released(*this);
    if constexpr (std::is_invocable_v<F&, const Tensor&, Node&>)
      collect(inputs, (*f_)(outputs[0], *this));
    else
      collect(inputs, (*f_)(outputs, *this));
  }
  void release() override { f_.reset(); }

 private:
  std::optional<F> f_;
};

/// The edges of an operation's inputs, taken before the operation may change them.
class InputEdges {
 public:
  explicit InputEdges(Inputs inputs);
  void connect(Node& node);

 private:
  InlineVector<Edge, 3> edges_;
};

void connect(Node& node, Inputs inputs);
void connect(Node& node, TensorList inputs);
/// Makes y an output of the node.
void attach(const Intrusive<Node>& node, const Tensor& y);

}  // namespace detail

/// y as the result of an operation on `inputs` whose derivative is `backward`. Returns y; records only if there is
/// need.
template <class F>
Tensor record(const char* op, Tensor y, Inputs inputs, F backward) {
  if (!recording(inputs)) return y;
  auto node = make_intrusive<detail::Recorded<F>>(op, std::move(backward));
  detail::connect(*node, inputs);
  detail::attach(node, y);
  return y;
}
template <class F>
Tensor record(const char* op, Tensor y, TensorList inputs, F backward) {
  if (!recording(inputs)) return y;
  auto node = make_intrusive<detail::Recorded<F>>(op, std::move(backward));
  detail::connect(*node, inputs);
  detail::attach(node, y);
  return y;
}

/// As `record` for several differentiable outputs; `backward` receives Grads, one gradient an output, undefined where
/// nothing arrived.
template <class F>
void record_many(const char* op, ArrayRef<Tensor> ys, Inputs inputs, F backward) {
  if (!recording(inputs)) return;
  auto node = make_intrusive<detail::Recorded<F>>(op, std::move(backward));
  detail::connect(*node, inputs);
  for (const Tensor& y : ys) detail::attach(node, y);
}

/// Two backward functions: `kernel`, hand-derived and fast, for first order; `composed`, in public operations, when the
/// derivative shall itself be differentiable. `composed` is also the oracle to which tests hold `kernel`.
template <class K, class C>
auto fused(K kernel, C composed) {
  return [kernel = std::move(kernel), composed = std::move(composed)](const auto& g, Node& self) mutable {
    return autograd::GradMode::is_enabled() ? composed(g, self) : kernel(g, self);
  };
}

/// The gradients of f(inputs...) for the cotangent g, by recording f anew: the composed form of a fused operation whose
/// forward is written in public operations. f takes the tensors in the order of `inputs` and returns one tensor.
std::vector<Tensor> differentiate(const std::function<Tensor(const std::vector<Tensor>&)>& f,
                                  const std::vector<Tensor>& inputs, const Tensor& g, const Node& self);

/// No derivative: backward through the result throws and says so. For operations whose result moves with its input.
Tensor record_not_differentiable(const char* op, Tensor y, Inputs inputs);

// ---- in place -------------------------------------------------------------------------------------------------------

/// x, already changed, is now the result of `node`; a view passes that on to what it views.
void rebase(const Tensor& x, const Intrusive<Node>& node);

/// A copy of x, in x's place in the graph: what a backward function saves of an input that is about to be overwritten.
Tensor kept_before_change(const Tensor& x);

/// As `record` for an operation that has overwritten x. `inputs` begins with x, whose edge must be taken before the
/// change, so the node is made by `prepare_in_place` and given to `finish_in_place` afterwards.
template <class F>
Intrusive<Node> prepare_in_place(const char* op, Inputs inputs, F backward) {
  if (!recording(inputs)) return nullptr;
  auto node = make_intrusive<detail::Recorded<F>>(op, std::move(backward));
  detail::connect(*node, inputs);
  return node;
}
inline void finish_in_place(const Tensor& x, const Intrusive<Node>& node) {
  changed(x);
  if (node) rebase(x, node);
}

// ---- views ----------------------------------------------------------------------------------------------------------

/// A view of x's memory, not yet recorded: own sizes, strides and offset, shared storage; remembers whose elements it
/// shows.
Tensor view_of(const Tensor& x, IntArrayRef sizes, IntArrayRef strides, int64_t offset);

}  // namespace gradus
