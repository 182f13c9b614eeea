// What tests of fused kernels share: a kernel against the same operation written in other public operations, value and
// gradients.
#pragma once
#include <gtest/gtest.h>

#include <functional>
#include <limits>

#include "gradus/gradus.h"

namespace gradus::fused_tests {

using Fn = std::function<Tensor(const std::vector<Tensor>&)>;

inline constexpr double unbounded = std::numeric_limits<double>::infinity();

// Numbers without a pattern, in [-1, 1), the same in both types.
inline Tensor noise(IntArrayRef sizes, ScalarType t, double seed) {
  return (sin(arange(1, count_elements(sizes) + 1, 1, kDouble) * (12.9898 + seed)) * 43758.5453)
      .frac()
      .to(kFloat)
      .to(t)
      .reshape(sizes);
}

inline double distance(const Tensor& a, const Tensor& b) {
  if (a.sizes() != b.sizes()) return unbounded;
  if (a.numel() == 0) return 0;
  const Tensor x = a.detach().to(kDouble), y = b.detach().to(kDouble);
  const Tensor d = (x - y).abs() / y.abs().clamp_min(1);
  return where((x == y) | (x.isnan() & y.isnan()), 0, where(d.isnan(), unbounded, d)).max().item<double>();
}

// Values and gradients of the kernel, of its composed backward (as create_graph has it), and of `composed`.
inline void expect_same(const Fn& f, const Fn& composed, const std::vector<Tensor>& inputs, const std::string& what) {
  std::vector<Tensor> xs;
  for (const Tensor& x : inputs) xs.push_back(x.detach().clone().requires_grad_());
  const double tolerance = xs[0].scalar_type() == kFloat ? 3e-5 : 1e-11;
  const Tensor y = f(xs), want = composed(xs);
  ASSERT_EQ(y.sizes(), want.sizes()) << what;
  EXPECT_LE(distance(y, want), tolerance) << what;
  const Tensor g = noise(y.sizes(), y.scalar_type(), 0.3);
  const std::vector<Tensor> by_kernel = autograd::grad({y}, xs, {g}, true, false);
  const std::vector<Tensor> by_graph = autograd::grad({y}, xs, {g}, true, true);
  const std::vector<Tensor> wanted = autograd::grad({want}, xs, {g});
  for (size_t i = 0; i < xs.size(); ++i) {
    EXPECT_LE(distance(by_kernel[i], wanted[i]), tolerance) << what << ", kernel, input " << i;
    EXPECT_LE(distance(by_graph[i], wanted[i]), tolerance) << what << ", graph, input " << i;
  }
}

inline std::string label(IntArrayRef sizes, ScalarType t) { return str(sizes, " ", t); }

}  // namespace gradus::fused_tests
