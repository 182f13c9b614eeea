// What the tests of layers share: inputs and expectations as record.py has them.
#pragma once
#include <gtest/gtest.h>

#include <cmath>

#include "gradus/gradus.h"
#include "gradus/tests/misuse.h"
#include "gradus/tests/nn/recorded.h"

namespace gradus::parity {

using gradus_tests::error_of;

// As record.py fills.
inline Tensor filled(std::vector<int64_t> sizes) {
  int64_t n = 1;
  for (int64_t s : sizes) n *= s;
  return ((arange(n) * 7 % 21 - 10).to(kFloat) / 10).reshape(sizes);
}

inline void expect_recorded(const std::string& name, const std::vector<Tensor>& tensors, double tolerance = 1e-6) {
  const auto& want = recorded::layers.at(name);
  size_t at = 0;
  for (const Tensor& t : tensors) {
    const Tensor flat = t.detach().to(kDouble).reshape({-1});
    for (int64_t i = 0; i < flat.numel(); ++i, ++at) {
      ASSERT_LT(at, want.size()) << name;
      EXPECT_NEAR(flat[i].item<double>(), want[at], tolerance * std::max(1.0, std::abs(want[at]))) << name << " " << at;
    }
  }
  EXPECT_EQ(at, want.size()) << name;
}

template <class Make>
void expect_made(const std::string& name, Make make) {
  manual_seed(0);
  auto layer = make();
  expect_recorded(name, layer->parameters(), 0);
}

template <class Fill>
void expect_started(const std::string& name, std::vector<int64_t> sizes, Fill fill, double tolerance = 0) {
  manual_seed(0);
  const Tensor t = zeros(sizes).requires_grad_();
  const Tensor r = fill(t);
  EXPECT_TRUE(r.is_same(t));
  EXPECT_TRUE(t.is_leaf() && t.requires_grad());
  expect_recorded(name, {t}, tolerance);
}

/// The value of f and the gradients of its inputs in floating point, against those recorded under this name.
template <class F, class... X>
void expect_gradients(const std::string& name, F f, const X&... inputs) {
  std::vector<Tensor> in = {inputs.detach().clone()...}, wanted;
  for (const Tensor& t : in)
    if (t.is_floating_point()) wanted.push_back(t.requires_grad_());
  const Tensor y = std::apply([&](const auto&... i) { return f(in[i]...); },
                              [] {
                                return []<size_t... I>(std::index_sequence<I...>) { return std::tuple(I...); }
                                (std::index_sequence_for<X...>());
                              }());
  std::vector<Tensor> all = {y};
  for (const Tensor& g : autograd::grad({y}, wanted, {filled(y.sizes().vec()) + 1.03})) all.push_back(g);
  expect_recorded(name, all, 3e-6);
}

/// The gradients of a layer's parameters, filled, and its value, against those recorded under this name.
template <class Layer, class... X>
void expect_layer(const std::string& name, Layer layer, const X&... inputs) {
  const std::vector<Tensor> parameters = layer->parameters();
  {
    NoGradGuard no_grad;
    for (size_t i = 0; i < parameters.size(); ++i)
      parameters[i].copy_(filled(parameters[i].sizes().vec()) / static_cast<double>(i + 1));
  }
  const Tensor y = layer(inputs...);
  std::vector<Tensor> all = autograd::grad({y}, parameters, {filled(y.sizes().vec()) + 1.03});
  all.push_back(y);
  expect_recorded(name, all, 3e-6);
}

}  // namespace gradus::parity
