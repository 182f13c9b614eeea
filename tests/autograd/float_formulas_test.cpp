// Formulas that have code of their own for vectors of floats: values and gradients are those of double.
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "gradus/gradus.h"

namespace gradus {
namespace {

struct Formula {
  const char* name;
  std::function<Tensor(const Tensor&)> f;
  double low, high;
};

const std::vector<Formula> formulas = {
    {"gelu", [](const Tensor& x) { return gelu(x); }, -30, 30},
    {"gelu tanh", [](const Tensor& x) { return gelu(x, "tanh"); }, -30, 30},
    {"mish", [](const Tensor& x) { return mish(x); }, -90, 90},
    {"silu", [](const Tensor& x) { return silu(x); }, -90, 90},
    {"elu", [](const Tensor& x) { return elu(x, 1.5); }, -90, 90},
    {"elu with factors", [](const Tensor& x) { return elu(x, 0.7, 2, 0.3); }, -90, 90},
    {"elu with a negative factor", [](const Tensor& x) { return elu(x, 0.7, 2, -0.3); }, -20, 90},
    {"selu", [](const Tensor& x) { return selu(x); }, -90, 90},
    {"celu", [](const Tensor& x) { return celu(x, 0.5); }, -90, 90},
    {"softplus", [](const Tensor& x) { return softplus(x, 2, 10); }, -60, 60},
    {"log_sigmoid", [](const Tensor& x) { return log_sigmoid(x); }, -90, 90},
    {"sigmoid", [](const Tensor& x) { return sigmoid(x); }, -80, 80},
    {"tanh", [](const Tensor& x) { return tanh(x); }, -12, 12},
    {"tanhshrink", [](const Tensor& x) { return tanhshrink(x); }, -12, 12},
    {"exp", [](const Tensor& x) { return exp(x); }, -80, 80},
    {"expm1", [](const Tensor& x) { return expm1(x); }, -80, 80},
    {"sinh", [](const Tensor& x) { return sinh(x); }, -80, 80},
    {"cosh", [](const Tensor& x) { return cosh(x); }, -80, 80},
    {"erf", [](const Tensor& x) { return erf(x); }, -6, 6},
    {"erfc", [](const Tensor& x) { return erfc(x); }, -6, 8},
    {"erfinv", [](const Tensor& x) { return erfinv(x); }, -0.99, 0.99},
    {"asinh", [](const Tensor& x) { return asinh(x); }, -1e4, 1e4},
    {"acosh", [](const Tensor& x) { return acosh(x); }, 1.01, 1e4},
    {"atanh", [](const Tensor& x) { return atanh(x); }, -0.99, 0.99},
    {"asin", [](const Tensor& x) { return asin(x); }, -0.99, 0.99},
    {"acos", [](const Tensor& x) { return acos(x); }, -0.99, 0.99},
    {"atan", [](const Tensor& x) { return atan(x); }, -50, 50},
    {"log1p", [](const Tensor& x) { return log1p(x); }, -0.99, 1e4},
    {"pow", [](const Tensor& x) { return pow(x, 1.75); }, 0.01, 1e4},
    {"lgamma", [](const Tensor& x) { return lgamma(x); }, 0.01, 100},
    {"digamma", [](const Tensor& x) { return digamma(x); }, 0.01, 100},
};

/// Each element is at most so many times 2^-24 from `right`, of its own size or of 1, whichever is larger.
void expect_near(const Tensor& got, const Tensor& right, double units, const std::string& what) {
  ASSERT_EQ(got.scalar_type(), kFloat);
  const Tensor off = (got.to(kDouble) - right).abs() / right.abs().clamp_min(1);
  EXPECT_LE(off.max().item<double>(), units * 0x1p-24) << what << " at element " << off.argmax().item<int64_t>();
}

TEST(FloatFormulas, ValuesAndGradientsAreThoseOfDouble) {
  for (const Formula& formula : formulas) {
    const Tensor wide = linspace(formula.low, formula.high, 20011, kFloat).to(kDouble);  // floats
    const Tensor x = wide.to(kFloat).requires_grad_(), d = wide.clone().requires_grad_();
    const Tensor y = formula.f(x), right = formula.f(d);
    expect_near(y, right, 8, formula.name);
    y.sum().backward();
    right.sum().backward();
    expect_near(x.grad(), d.grad(), 32, std::string("gradient of ") + formula.name);
  }
}

// The rest of a vector holds other numbers then, which may take the formula's other way: not the same bits.
TEST(FloatFormulas, FewElementsAreAsNear) {
  for (const Formula& formula : formulas) {
    const Tensor all = linspace(formula.low, formula.high, 53, kFloat), right = formula.f(all.to(kDouble));
    for (int64_t n : {1, 7, 16, 17, 31})
      expect_near(formula.f(all.slice(0, 0, n)), right.slice(0, 0, n), 8, formula.name);
  }
}

TEST(FloatFormulas, EluKeepsTheSignOfZero) {
  for (ScalarType type : {kFloat, kDouble})
    for (const Tensor& y : {elu(full({20}, -0.0, type)), selu(full({20}, -0.0, type)), celu(full({20}, -0.0, type))})
      EXPECT_TRUE(signbit(y).all().item<bool>()) << y;
}

}  // namespace
}  // namespace gradus
