// Layers over pictures and volumes held to the values that record_spatial.py wrote.
#pragma once
#include <gtest/gtest.h>

#include <cmath>

#include "gradus/gradus.h"
#include "gradus/nn/nn.h"
#include "gradus/tests/misuse.h"
#include "gradus/tests/nn/recorded_spatial.h"

namespace spatial {

using gradus::Tensor;

using gradus_tests::error_of;

// As record_spatial.py fills.
inline Tensor filled(std::vector<int64_t> sizes) {
  int64_t n = 1;
  for (int64_t s : sizes) n *= s;
  return ((gradus::arange(n) * 7 % 21 - 10).to(gradus::kFloat) / 10).reshape(sizes);
}

inline void expect_recorded(const std::string& name, const std::vector<Tensor>& tensors, double tolerance = 2e-6) {
  ASSERT_TRUE(recorded::spatial.count(name)) << name;
  const auto& want = recorded::spatial.at(name);
  size_t at = 0;
  for (const Tensor& t : tensors) {
    const Tensor flat = t.detach().to(gradus::kDouble).reshape({-1});
    for (int64_t i = 0; i < flat.numel(); ++i, ++at) {
      ASSERT_LT(at, want.size()) << name;
      EXPECT_NEAR(flat[i].item<double>(), want[at], tolerance * std::max(1.0, std::abs(want[at]))) << name << " " << at;
    }
  }
  EXPECT_EQ(at, want.size()) << name;
}

// The value of f at filled(sizes), and the gradients of sum(y filled(y)) by x and the parameters.
template <class F>
void expect_function(const std::string& name, std::vector<int64_t> sizes, F f, std::vector<Tensor> parameters = {}) {
  {
    gradus::NoGradGuard no_grad;
    for (const Tensor& p : parameters) p.copy_(filled(p.sizes().vec()) / (p.dim() == 1 ? 2 : 1));
  }
  const Tensor x = filled(std::move(sizes)).requires_grad_();
  const Tensor y = f(x);
  std::vector<Tensor> by = {x}, all = {y};
  by.insert(by.end(), parameters.begin(), parameters.end());
  for (const Tensor& g : gradus::autograd::grad({(y * filled(y.sizes().vec())).sum()}, by)) all.push_back(g);
  expect_recorded(name, all, 5e-6);
}

template <class Layer, class... A>
void expect_layer(const std::string& name, std::vector<int64_t> sizes, Layer layer, A... a) {
  expect_function(
      name, std::move(sizes), [&](const Tensor& x) { return layer(x, a...); }, layer->parameters());
}

}  // namespace spatial
