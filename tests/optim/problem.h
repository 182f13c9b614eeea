// What the tests of optimizers share.
#pragma once
#include <gtest/gtest.h>

#include <cmath>

#include "gradus/gradus.h"
#include "gradus/tests/misuse.h"
#include "gradus/tests/optim/recorded.h"

namespace optim_tests {

using gradus::kDouble;
using gradus::kFloat;
using gradus::ScalarType;
using gradus::Tensor;

using gradus_tests::error_of;

// The problem of record.py: parameters of 5 and of 37 numbers, with gradients that depend on both and on the step.
struct Problem {
  std::vector<Tensor> p;
  double sign = 1;  // of the gradients; -1 to maximize
  explicit Problem(ScalarType dtype) {
    for (int64_t n : {5, 37}) p.push_back((((gradus::arange(n) % 7) - 3).to(dtype) / 4).requires_grad_());
  }
  void gradients(int t) const {
    for (const Tensor& x : p) {
      const Tensor i = gradus::arange(x.numel());
      const Tensor slope = ((i % 3) + 1).to(x.scalar_type()) / 4;
      const Tensor noise = ((i * 7 + 3 * t) % 11 - 5).to(x.scalar_type()) / 8;
      x.mutable_grad() = (x.detach() * slope + noise) * sign;
    }
  }
  std::vector<double> watched() const {
    std::vector<double> r;
    for (int64_t i = 0; i < 5; ++i) r.push_back(p[0].detach()[i].item<double>());
    for (int64_t i : {0, 1, 17, 35, 36}) r.push_back(p[1].detach()[i].item<double>());
    return r;
  }
};

template <class O, class Options>
void expect_recorded(const std::string& name, const Options& options) {
  for (ScalarType dtype : {kFloat, kDouble}) {
    Problem problem(dtype);
    problem.sign = options.maximize() ? -1 : 1;
    O optimizer(problem.p, options);
    for (int t = 0; t < 100; ++t) {
      problem.gradients(t);
      optimizer.step();
    }
    const auto& want = (dtype == kFloat ? recorded::floats : recorded::doubles).at(name);
    const auto got = problem.watched();
    for (size_t i = 0; i < got.size(); ++i)
      EXPECT_NEAR(got[i], want[i], (dtype == kFloat ? 1e-6 : 1e-13) * std::max(1.0, std::abs(want[i])))
          << name << " of " << dtype << ", number " << i;
  }
}

inline Tensor parameter(std::initializer_list<double> values) {
  return gradus::tensor(std::vector<double>(values), kFloat).requires_grad_();
}

}  // namespace optim_tests
