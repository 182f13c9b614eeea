// What tests of operations with an `out` argument share.
#pragma once
#include <gtest/gtest.h>

#include <functional>
#include <vector>

#include "gradus/gradus.h"

namespace gradus::out_forms {

/// What the cases compute with.
struct Inputs {
  Tensor a = tensor({0.25, 0.5, 0.75, 0.3, 0.6, 0.9}).view({2, 3}), b = a * 0.5 + 0.1, n = tensor({6, 3, 5});
  Tensor gram = a.matmul(a.t()), square = ones({3, 3}), v = tensor({1.0, 2.0, 3.0}), at = tensor({1, 0});
};

/// A form that writes into `out`, and what it must write.
struct Form {
  std::function<Tensor&(Tensor&)> f;
  Tensor want;
};

inline void expect_all(const std::vector<Form>& forms) {
  for (size_t i = 0; i < forms.size(); ++i) {
    Tensor out = empty({0}, forms[i].want.scalar_type());
    EXPECT_TRUE(forms[i].f(out).is_same(out)) << i;
    EXPECT_TRUE(equal(out, forms[i].want)) << "form " << i;
  }
}

}  // namespace gradus::out_forms
