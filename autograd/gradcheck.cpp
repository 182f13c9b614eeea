#include "gradus/autograd/gradcheck.h"

#include <cmath>

#include "gradus/autograd/engine.h"
#include "gradus/autograd/grad_mode.h"
#include "gradus/autograd/ops/arithmetic.h"
#include "gradus/autograd/ops/reduce.h"
#include "gradus/autograd/ops/shape.h"
#include "gradus/tensor/factories.h"
#include "gradus/tensor/literal.h"

namespace gradus::autograd {
namespace {

// A stream of its own, so that a check neither depends on the program's generator nor moves it.
class Noise {
 public:
  /// Uniform in [-1, 1), never near 0: a direction in which every element counts.
  Tensor like(const Tensor& t) {
    std::vector<double> v(static_cast<size_t>(t.numel()));
    for (double& x : v) {
      const double u = next();
      x = u < 0.5 ? -0.25 - 1.5 * u : 0.25 + 1.5 * (u - 0.5);
    }
    return tensor(v, kDouble).reshape(t.sizes());
  }

 private:
  double next() {
    uint64_t z = state_ += 0x9E3779B97F4A7C15ull;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return static_cast<double>((z ^ (z >> 31)) >> 11) * 0x1p-53;
  }
  uint64_t state_ = 1;
};

double dot(const Tensor& a, const Tensor& b) { return (a.detach() * b.detach()).sum().item<double>(); }

bool checked(const Tensor& t) { return t.defined() && t.requires_grad(); }

// Leaves of their own with the same values and layout.
std::vector<Tensor> leaves(const std::vector<Tensor>& inputs) {
  NoGradGuard off;
  std::vector<Tensor> r;
  for (const Tensor& t : inputs) r.push_back(checked(t) ? t.detach().clone().requires_grad_() : t);
  return r;
}

void check_inputs(const std::vector<Tensor>& inputs) {
  bool any = false;
  for (const Tensor& t : inputs) {
    if (!checked(t)) continue;
    any = true;
    check(t.scalar_type() == kDouble, "gradcheck: inputs to be checked must be float64, got ", t.scalar_type(), " ",
          t.sizes());
  }
  check(
      any,
      "gradcheck expects at least one input tensor to require gradient, but none of the them have requires_grad=True.");
}

// Analytical gradients of <f(x), v>; zeros where f does not depend on an input.
std::vector<Tensor> analytical(const TensorFn& f, const std::vector<Tensor>& xs, const Tensor& v, bool create_graph) {
  std::vector<Tensor> wanted;
  for (const Tensor& x : xs)
    if (checked(x)) wanted.push_back(x);
  const Tensor y = f(xs);
  std::vector<Tensor> g(wanted.size());
  if (y.requires_grad()) g = grad({y}, wanted, {v}, create_graph, create_graph, true);
  for (size_t i = 0; i < g.size(); ++i)
    if (!g[i].defined()) g[i] = zeros(wanted[i].sizes(), kDouble);
  return g;
}

// d <f, v> / d x[k] by central differences, for every element of x, which is one of xs.
Tensor numerical(const TensorFn& f, const std::vector<Tensor>& xs, const Tensor& x, const Tensor& v, double eps) {
  NoGradGuard off;
  const Tensor moved = x.detach();
  std::vector<double> d;
  Sizes at(x.sizes().size(), 0);
  for (int64_t k = 0; k < x.numel(); ++k) {
    Tensor element = moved;
    for (int64_t i : at) element = element.select(0, i);
    const double before = element.item<double>();
    element.fill_(before + eps);
    const double up = dot(f(xs), v);
    element.fill_(before - eps);
    const double down = dot(f(xs), v);
    element.fill_(before);
    d.push_back((up - down) / (2 * eps));
    for (size_t i = at.size(); i-- > 0;) {
      if (++at[i] < x.sizes()[i]) break;
      at[i] = 0;
    }
  }
  return tensor(d, kDouble).reshape(x.sizes());
}

// The gradient of f's gradients, as one function of (inputs..., cotangent): what a second-order check differentiates.
TensorFn gradient_of(const TensorFn& f, const std::vector<Tensor>& inputs, size_t input) {
  std::vector<bool> wanted;
  for (const Tensor& t : inputs) wanted.push_back(checked(t));
  return [f, wanted, input](const std::vector<Tensor>& in) {
    std::vector<Tensor> xs(in.begin(), in.end() - 1);
    EnableGradGuard on;
    // f's own inputs must be in a graph even when the caller only wants values.
    for (size_t i = 0; i < xs.size(); ++i)
      if (wanted[i] && !xs[i].requires_grad()) xs[i] = xs[i].detach().requires_grad_();
    const Tensor y = f(xs);
    Tensor g;
    if (y.requires_grad()) g = grad({y}, {xs[input]}, {in.back()}, true, true, true)[0];
    return g.defined() ? g : zeros(xs[input].sizes(), kDouble);
  };
}

}  // namespace

bool gradcheck(const TensorFn& f, const std::vector<Tensor>& inputs, const GradcheckOptions& o) {
  check_inputs(inputs);
  const std::vector<Tensor> xs = leaves(inputs);
  EnableGradGuard on;
  const Tensor v = Noise().like(f(xs));
  const std::vector<Tensor> got = analytical(f, xs, v, o.create_graph);
  size_t k = 0;
  for (size_t i = 0; i < xs.size(); ++i) {
    if (!checked(xs[i])) continue;
    const Tensor want = numerical(f, xs, xs[i], v, o.eps), g = got[k++].detach();
    if (g.allclose(want, o.rtol, o.atol)) continue;
    check(!o.raise_exception, "gradcheck: Jacobian mismatch for the input ", i,
          " with respect to the output,\nnumerical:", want, "\nanalytical:", g);
    return false;
  }
  return true;
}

bool gradgradcheck(const TensorFn& f, const std::vector<Tensor>& inputs, const GradcheckOptions& o) {
  check_inputs(inputs);
  std::vector<Tensor> in = leaves(inputs);
  {
    NoGradGuard off;
    in.push_back(Noise().like(f(in)));
  }
  in.back().requires_grad_();
  for (size_t i = 0; i < inputs.size(); ++i)
    if (checked(inputs[i]) && !gradcheck(gradient_of(f, inputs, i), in, o)) return false;
  return true;
}

double directional_error(const TensorFn& f, const std::vector<Tensor>& inputs, int order, bool create_graph,
                         double eps) {
  check_inputs(inputs);
  const std::vector<Tensor> xs = leaves(inputs);
  Noise noise;
  if (order == 2) {
    std::vector<Tensor> in = xs;
    in.push_back(noise.like(f(xs)));
    in.back().requires_grad_();
    double worst = 0;
    for (size_t i = 0; i < xs.size(); ++i)
      if (checked(xs[i])) worst = std::max(worst, directional_error(gradient_of(f, xs, i), in, 1, true, eps));
    return worst;
  }
  EnableGradGuard on;
  const Tensor v = noise.like(f(xs));
  const std::vector<Tensor> g = analytical(f, xs, v, create_graph);
  std::vector<Tensor> up = xs, down = xs;
  double got = 0;
  size_t k = 0;
  NoGradGuard off;
  for (size_t i = 0; i < xs.size(); ++i) {
    if (!checked(xs[i])) continue;
    const Tensor u = noise.like(xs[i]);
    // Same layout as the input: a check of a transposed tensor must stay one.
    up[i] = xs[i].detach().clone().add_(u, eps);
    down[i] = xs[i].detach().clone().add_(u, -eps);
    got += dot(g[k++], u);
  }
  const double want = (dot(f(up), v) - dot(f(down), v)) / (2 * eps);
  const double error = std::abs(got - want) / std::max(1.0, std::abs(want));
  return std::isnan(error) ? INFINITY : error;
}

}  // namespace gradus::autograd
