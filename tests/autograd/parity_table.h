// What the cases of parity_table_test.cpp compute with, and the families that have a file of their own.
#pragma once
#include <cmath>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "gradus/gradus.h"

namespace gradus::op_cases {

using Tensors = std::vector<Tensor>;
/// What is computed in a type, as tests/parity/ops.py has it under the same name.
using Case = std::function<Tensors(ScalarType)>;
inline constexpr double inf = INFINITY, nan = NAN;

/// Numbers that go up and down, and indices that do.
inline Tensor ramp(std::vector<int64_t> sizes, ScalarType d, int64_t step = 7, int64_t start = 3, int64_t mod = 11) {
  const int64_t n = count_elements(sizes);
  return ((arange(n) * step + start) % mod - mod / 2).to(kDouble).div(4).reshape(sizes).to(d);
}
inline Tensor idx(std::vector<int64_t> sizes, int64_t mod = 3, int64_t step = 5) {
  return (arange(count_elements(sizes)) * step % mod).reshape(sizes);
}
inline Tensor of(ScalarType d, std::vector<double> v) { return tensor(v, kDouble).to(d); }
inline Tensor special(ScalarType d) { return of(d, {nan, inf, -inf, 0.0, -0.0, 1.5, -2.25, 1e-30, 3e8}); }

template <class... T>
Tensors all(const std::tuple<T...>& t) {
  return std::apply([](const auto&... x) { return Tensors{x...}; }, t);
}
inline Tensors operator+(Tensors a, const Tensors& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

template <class F, class... X>
Tensors grads(const F& f, const X&... x) {
  Tensors in{x.detach().requires_grad_()...};
  const Tensor y = [&]<size_t... I>(std::index_sequence<I...>) { return f(in[I]...); }
  (std::index_sequence_for<X...>());
  return autograd::grad({y}, in, {ramp(y.sizes().vec(), y.scalar_type(), 5, 1, 7)});
}

std::map<std::string, Case> special_function_cases();
std::map<std::string, Case> special_pair_cases();
std::map<std::string, Case> creation_cases();
std::map<std::string, Case> matrix_cases();

}  // namespace gradus::op_cases
