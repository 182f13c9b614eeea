// Derivatives where functions have kinks are PyTorch's: numerical differentiation, and with it the table, has no
// opinion. PyTorch rounds some of its constants to float.
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "gradus/gradus.h"
#include "gradus/tests/autograd/recorded_kinks.h"

using namespace gradus;

namespace {

using Tensors = std::vector<Tensor>;
using Function = std::function<Tensor(const Tensors&)>;

const std::map<std::string, Function>& functions() {
  static const std::map<std::string, Function> all = {
      {"maximum", [](const Tensors& x) { return maximum(x[0], x[1]); }},
      {"minimum", [](const Tensors& x) { return minimum(x[0], x[1]); }},
      {"abs", [](const Tensors& x) { return abs(x[0]); }},
      {"sign", [](const Tensors& x) { return sign(x[0]); }},
      {"clamp", [](const Tensors& x) { return clamp(x[0], -0.5, 0.5); }},
      {"clamp_min", [](const Tensors& x) { return clamp_min(x[0], 0.5); }},
      {"clamp_max", [](const Tensors& x) { return clamp_max(x[0], 0.5); }},
      {"clamp_min_tensor", [](const Tensors& x) { return clamp_min(x[0], x[1]); }},
      {"clamp_max_tensor", [](const Tensors& x) { return clamp_max(x[0], x[1]); }},
      {"pow", [](const Tensors& x) { return pow(x[0], x[1]); }},
      {"pow_square", [](const Tensors& x) { return pow(x[0], 2); }},
      {"pow_one", [](const Tensors& x) { return pow(x[0], 1); }},
      {"pow_cube", [](const Tensors& x) { return pow(x[0], 3); }},
      {"pow_zero", [](const Tensors& x) { return pow(x[0], 0); }},
      {"pow_of_zero", [](const Tensors& x) { return pow(0, x[0]); }},
      {"sinc", [](const Tensors& x) { return sinc(x[0]); }},
      {"logit", [](const Tensors& x) { return logit(x[0]); }},
      {"logit_bounded", [](const Tensors& x) { return logit(x[0], 0.25); }},
      {"nan_to_num", [](const Tensors& x) { return nan_to_num(x[0]); }},
      {"xlogy", [](const Tensors& x) { return xlogy(x[0], x[1]); }},
      {"copysign", [](const Tensors& x) { return copysign(x[0], x[1]); }},
      {"fmax", [](const Tensors& x) { return fmax(x[0], x[1]); }},
      {"fmin", [](const Tensors& x) { return fmin(x[0], x[1]); }},
      {"relu", [](const Tensors& x) { return relu(x[0]); }},
      {"relu6", [](const Tensors& x) { return relu6(x[0]); }},
      {"leaky_relu", [](const Tensors& x) { return leaky_relu(x[0], 0.25); }},
      {"elu", [](const Tensors& x) { return elu(x[0], 0.5); }},
      {"selu", [](const Tensors& x) { return selu(x[0]); }},
      {"celu", [](const Tensors& x) { return celu(x[0], 0.5); }},
      {"hardtanh", [](const Tensors& x) { return hardtanh(x[0], -0.5, 0.75); }},
      {"hardsigmoid", [](const Tensors& x) { return hardsigmoid(x[0]); }},
      {"hardswish", [](const Tensors& x) { return hardswish(x[0]); }},
      {"hardshrink", [](const Tensors& x) { return hardshrink(x[0], 0.5); }},
      {"softshrink", [](const Tensors& x) { return softshrink(x[0], 0.5); }},
      {"threshold", [](const Tensors& x) { return threshold(x[0], 0.5, -2); }},
      {"softplus", [](const Tensors& x) { return softplus(x[0], 2, 4); }},
      {"softplus_plain", [](const Tensors& x) { return softplus(x[0], 1, 2); }},
      {"prelu", [](const Tensors& x) { return prelu(x[0], x[1]); }},
      {"l1_loss", [](const Tensors& x) { return l1_loss(x[0], x[1]); }},
      {"smooth_l1_loss", [](const Tensors& x) { return smooth_l1_loss(x[0], x[1], Reduction::Mean, 0.5); }},
      {"huber_loss", [](const Tensors& x) { return huber_loss(x[0], x[1], Reduction::Mean, 0.5); }},
      {"hinge_embedding_loss", [](const Tensors& x) { return hinge_embedding_loss(x[0], x[1], 0.5); }},
      {"margin_ranking_loss", [](const Tensors& x) { return margin_ranking_loss(x[0], x[1], x[2], 0.5); }},
      {"poisson_nll_loss",
       [](const Tensors& x) { return poisson_nll_loss(x[0], x[1], true, true, 1e-8, Reduction::Mean); }},
      {"gaussian_nll_loss",
       [](const Tensors& x) { return gaussian_nll_loss(x[0], x[1], x[2], false, 0.5, Reduction::Mean); }},
  };
  return all;
}

}  // namespace

TEST(Kinks, DerivativesAsRecorded) {
  std::set<std::string> seen;
  for (const auto& [name, point, want] : recorded::kinks) {
    seen.insert(name);
    // Enough of the same for whole vectors, and a rest.
    for (int64_t n : {1, 37}) {
      for (bool graph : {false, true}) {
        Tensors xs;
        std::string at;
        for (double v : point) {
          xs.push_back(full({name == "prelu" && !xs.empty() ? 1 : n}, v, kDouble).requires_grad_());
          at += " " + std::to_string(v);
        }
        const Tensor y = functions().at(name)(xs);
        // Not all ones, under which a derivative that forgets its factor g passes.
        const Tensor v = sin(arange(1, y.numel() + 1, 1, kDouble)).add(1.5).reshape(y.sizes());
        const auto g = autograd::grad({y}, xs, {v}, graph, graph, true);
        for (size_t i = 0; i < want.size(); ++i) {
          const Tensor all = g[i].defined() ? g[i].detach().sum() : zeros({}, kDouble);
          const double got = all.item<double>(), expected = want[i] * v.sum().item<double>();
          const bool same = got == expected || (std::isnan(got) && std::isnan(expected));
          EXPECT_TRUE(same || std::abs(got - expected) <= 1e-5)
              << name << " at" << at << ", input " << i << (graph ? ", through the graph: " : ": ") << got
              << " instead of " << expected;
        }
      }
    }
  }
  EXPECT_EQ(seen.size(), functions().size());
}

// Points that coincide are a kink of their distance, whose derivative there is zero.
TEST(Kinks, DistancesOfZero) {
  for (double p : {1.0, 1.5, 2.0, 3.0}) {
    for (bool graph : {false, true}) {
      const Tensor a = tensor({1.0, 2.0, 3.0, 5.0}, kDouble).reshape({2, 2}).requires_grad_();
      const Tensor b = tensor({1.0, 2.0, 4.0, 4.0, 3.0, 5.0}, kDouble).reshape({3, 2}).requires_grad_();
      const Tensor v = tensor({0.7, 1.0, 1.0, 1.0, 1.0, 0.7}, kDouble).reshape({2, 3});
      // Without the two pairs that coincide there is no kink.
      const Tensor apart = tensor({0.0, 1.0, 1.0, 1.0, 1.0, 0.0}, kDouble).reshape({2, 3});
      const auto got = autograd::grad({cdist(a, b, p)}, {a, b}, {v}, graph, graph);
      const Tensor d = (a.unsqueeze(1) - b.unsqueeze(0)).abs() + (1 - apart).unsqueeze(2);
      const auto want = autograd::grad({pow(pow(d, p).sum({-1}), 1 / p)}, {a, b}, {apart});
      for (size_t i = 0; i < 2; ++i)
        EXPECT_TRUE(got[i].detach().allclose(want[i], 1e-9, 1e-9))
            << "p = " << p << ", input " << i << got[i] << want[i];
    }
  }
}

// A place that is no number counts as -1, in every order.
TEST(Kinks, PlacesThatAreNoNumber) {
  const Tensor x = arange(1, 13, 1, kDouble).reshape({1, 1, 3, 4}).requires_grad_();
  const Tensor places = tensor({-0.4, NAN, NAN, 0.3, 0.6, 0.1}, kDouble).reshape({1, 1, 3, 2});
  const Tensor known = tensor({-0.4, -1.0, -1.0, 0.3, 0.6, 0.1}, kDouble).reshape({1, 1, 3, 2});
  const Tensor v = tensor({0.5, 1.5, -2.0}, kDouble).reshape({1, 1, 1, 3});
  auto gradient = [&](const Tensor& at, bool graph) {
    return autograd::grad({grid_sampler(x, at, 0, 0, true)}, {x}, {v}, graph, graph)[0].detach();
  };
  for (bool graph : {false, true}) EXPECT_TRUE(gradient(places, graph).allclose(gradient(known, graph))) << graph;
}

// t ln t has no slope at 0. It counts as 0, where PyTorch gives NaN, and leaves the second order finite.
TEST(Kinks, ImpossibleTargetsOfKlDiv) {
  for (bool graph : {false, true}) {
    const Tensor x = tensor({-1.0, -2.0}, kDouble), t = tensor({0.0, 0.5}, kDouble).requires_grad_();
    const Tensor v = tensor({3.0, 2.0}, kDouble);
    const Tensor g = autograd::grad({kl_div(x, t, Reduction::None)}, {t}, {v}, graph, graph)[0];
    EXPECT_TRUE(g.detach().allclose(tensor({3 * 1.0, 2 * (std::log(0.5) + 1 + 2)}, kDouble))) << g;
    if (!graph) continue;
    const Tensor twice = autograd::grad({g}, {t}, {v})[0];
    EXPECT_TRUE(twice.allclose(tensor({0.0, 2 * 2 / 0.5}, kDouble))) << twice;
  }
}

// Elements that are 0 get none of the gradient, and those that are 1, where powers of all exponents meet, their share.
TEST(Kinks, NormsOfSomeZeros) {
  for (double p : {0.5, 1.5, 2.0, 2.5, 3.0}) {
    for (bool graph : {false, true}) {
      const Tensor x = tensor({0.0, 1.0, -4.0}, kDouble).requires_grad_(), v = full({}, 3.0, kDouble);
      const double y = std::pow(1 + std::pow(4, p), 1 / p), scale = 3 * std::pow(y, 1 - p);
      const Tensor g = autograd::grad({norm(x, p)}, {x}, {v}, graph, graph)[0].detach();
      EXPECT_TRUE(g.allclose(tensor({0.0, scale, -scale * std::pow(4, p - 1)}, kDouble))) << "p = " << p << g;
    }
  }
}

// Where the gradient is 0 or constant by decree, what the formula would have there does not reach the second order.
TEST(Kinks, SecondOrdersStayFinite) {
  auto twice = [](const Function& f, Tensors xs) {
    for (Tensor& x : xs) x = x.detach().requires_grad_();
    Tensor v = full(f(xs).sizes(), 0.7, kDouble);
    v[0] = 0.0;
    v.requires_grad_();
    const auto first = autograd::grad({f(xs)}, xs, {v}, true, true, true);
    xs.push_back(v);
    Tensor sum = zeros({}, kDouble);
    for (const Tensor& g : first) sum = sum + g.sum();
    const auto second = autograd::grad({sum}, xs, {}, false, false, true);
    for (const Tensor& g : second) {
      if (g.defined()) {
        EXPECT_TRUE(isfinite(g).all().item<bool>()) << g;
      }
    }
  };
  const Tensor zeros_and_more = tensor({0.0, 0.0, 0.5}, kDouble);
  twice(functions().at("sinc"), {zeros_and_more});
  twice(functions().at("xlogy"), {zeros_and_more, tensor({-1.0, -2.0, 0.5}, kDouble)});
  twice(functions().at("pow_of_zero"), {zeros_and_more});
  twice([](const Tensors& x) { return logcumsumexp(x[0], 0); }, {zeros_and_more});
  twice([](const Tensors& x) { return elu(x[0]); }, {tensor({1e4, -1.0, 2.0}, kDouble)});
}
