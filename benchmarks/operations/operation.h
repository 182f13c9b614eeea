// Operations to be timed: a name, and a call of no arguments.
#pragma once
#include <torch/torch.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace bench {

using torch::Tensor;

struct Operation {
  std::string name;
  std::function<void()> call;
};

/// All of them, in the order in which they were added.
inline std::vector<Operation>& operations() {
  static std::vector<Operation> all;
  return all;
}

/// f without a graph.
inline void forward(const std::string& name, const std::function<Tensor()>& f) {
  operations().push_back({name, [f] {
                            const torch::NoGradGuard no_grad;
                            f();
                          }});
}

/// f with a graph, and its gradients for these leaves, which begin undefined; what flows back is one fixed tensor.
inline void backward(const std::string& name, const std::vector<Tensor>& leaves, const std::function<Tensor()>& f) {
  const auto flows = std::make_shared<Tensor>();
  operations().push_back({name + "/grad", [leaves, f, flows] {
                            for (Tensor leaf : leaves) leaf.mutable_grad() = Tensor();
                            const Tensor y = f();
                            if (!flows->defined()) *flows = torch::randn(y.sizes());
                            y.backward(*flows);
                          }});
}

inline void both(const std::string& name, const std::vector<Tensor>& leaves, const std::function<Tensor()>& f) {
  forward(name, f);
  backward(name, leaves, f);
}

inline Tensor leaf(torch::IntArrayRef sizes) { return torch::randn(sizes).requires_grad_(); }

/// Of one topic each; `operations` calls them all.
void add_matrices();
void add_rows();
void add_reductions();
void add_picks();
void add_images();
void add_types();
void add_across();

/// Two dimensions as they stand in names, "64x768".
struct Shape {
  int64_t rows, columns;
  std::string operator()(const std::string& name) const {
    return name + '/' + std::to_string(rows) + 'x' + std::to_string(columns);
  }
};
inline const std::vector<Shape>& shapes() {
  static const std::vector<Shape> all = {{64, 10}, {64, 768}, {4096, 768}};
  return all;
}

}  // namespace bench
