// Node: one recorded operation. Its edges lead to the nodes that made its inputs; backward turns the gradients of its
// outputs into those of its inputs.
#pragma once
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "gradus/tensor/inline_vector.h"
#include "gradus/tensor/tensor.h"

namespace gradus {

using Grads = InlineVector<Tensor, 3>;

/// Where a gradient goes: output `nr` of `node`. Without a node the input needs none.
struct Edge {
  Intrusive<Node> node;
  uint32_t nr = 0;
  explicit operator bool() const { return static_cast<bool>(node); }
};

/// What the engine holds a gradient to: shape and type of the output it belongs to.
struct OutputMeta {
  Sizes sizes;
  ScalarType dtype = ScalarType::Undefined;
};

/// Where a tensor's .grad lives. Shared by the tensor and by the node that fills it.
struct GradSlot final : GradRecord {
  Tensor grad;
  std::mutex mutex;
};

/// Called with the gradient of output `nr`; a defined tensor that it returns takes the gradient's place.
struct TensorHook {
  uint32_t nr;
  unsigned handle;
  std::function<Tensor(const Tensor&)> call;
};

class Node : public GradRecord {
 public:
  explicit Node(const char* op) : op_(op) {}
  /// Chains of any length are freed without recursion.
  static void destroy(Node* node);

  /// The operation, as its free function is called: "softmax".
  const char* op() const { return op_; }
  /// The operation as PyTorch prints it: "SoftmaxBackward0".
  virtual std::string name() const;

  /// Gradients of the outputs in, of the inputs out (undefined where there is none). Called with recording on exactly
  /// when the result shall be differentiable.
  virtual void backward(Grads& outputs, Grads& inputs) = 0;
  /// Forgets what was saved; a later backward throws.
  virtual void release() {}

  bool needs(size_t input) const { return static_cast<bool>(edges[input]); }

  uint64_t sequence = 0;  // greater than that of every node its inputs came from
  InlineVector<Edge, 3> edges;
  InlineVector<OutputMeta, 1> outputs;
  std::unique_ptr<std::vector<TensorHook>> hooks;
  std::unique_ptr<std::vector<std::pair<uint32_t, Intrusive<GradSlot>>>> retained;  // non-leaf outputs that keep theirs
  std::unique_ptr<std::string> place;  // in anomaly mode: the calls that led to the operation

 private:
  void die() override { destroy(this); }
  const char* op_;
};

/// The end of the way: adds what arrives to a leaf's .grad.
class AccumulateGrad final : public Node {
 public:
  AccumulateGrad(Intrusive<GradSlot> slot, TensorImpl& leaf);
  std::string name() const override { return "AccumulateGrad"; }
  void backward(Grads& outputs, Grads& inputs) override;
  void owner_dies() override { leaf_ = nullptr; }

  /// Called with the leaf when its .grad has grown.
  struct Hook {
    unsigned handle;
    std::function<void(const Tensor&)> call;
  };
  std::unique_ptr<std::vector<Hook>> after;

 private:
  Intrusive<GradSlot> slot_;
  TensorImpl* leaf_;  // null when it is gone
};

/// What autograd has hung on a tensor: the node that made it, or for a leaf the node that gathers its gradient; and
/// where its .grad lives, if anywhere. Null where there is none.
inline Node* node_of(const TensorImpl& t) { return static_cast<Node*>(t.node.get()); }
inline GradSlot* slot_of(const TensorImpl& t) { return static_cast<GradSlot*>(t.slot.get()); }
/// Makes t output `nr` of `node`, as far as t knows.
inline void set_node(TensorImpl& t, Intrusive<Node> node, uint32_t nr) {
  t.node = std::move(node);
  t.output_nr = nr;
  t.leaf = false;
}

/// Where the gradient of t goes; no node if it needs none.
Edge gradient_edge(const Tensor& t);

}  // namespace gradus
