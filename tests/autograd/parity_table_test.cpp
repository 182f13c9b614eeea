// Tensor operations against values recorded from PyTorch: odd shapes, negative dimensions, empty tensors, ends of
// domains. tests/parity/ops.py names the same cases.
#include "parity_table.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "gradus/gradus.h"

namespace parity {

struct Value {
  gradus::ScalarType dtype;
  std::vector<int64_t> sizes;
  std::vector<double> v;
};
struct Recorded {
  const char* name;
  gradus::ScalarType dtype;
  std::vector<Value> values;
};

}  // namespace parity

using namespace gradus;  // the recorded values name dtypes
#include "../parity/ops_values.h"

namespace gradus::op_cases {
namespace {

std::map<std::string, Case> pointwise_cases() {
  return {
      {"erfinv",
       [](auto d) {
         return Tensors{erfinv(of(d, {-1, -0.999, -0.5, 0, 1e-5, 0.9, 1, 1.5}))};
       }},
      {"lgamma",
       [](auto d) {
         return Tensors{lgamma(of(d, {-1.5, -0.25, 0, 0.5, 1, 2, 30, inf}))};
       }},
      {"digamma",
       [](auto d) {
         return Tensors{digamma(of(d, {-1.5, -0.25, -0.0, 0, 0.5, 1, 30, -1}))};
       }},
      {"polygamma",
       [](auto d) {
         const Tensor x = of(d, {0.25, 1, 4.5, 20});
         return Tensors{polygamma(2, x), polygamma(3, x)};
       }},
      {"sinc",
       [](auto d) {
         return Tensors{sinc(of(d, {0, 0.25, -0.5, 1.75, 1e-4}))};
       }},
      {"logit",
       [](auto d) {
         const Tensor x = of(d, {0, 1, 0.25, -0.5, 1.5});
         return Tensors{logit(x), logit(x, 1e-3)};
       }},
      {"nan_to_num",
       [](auto d) {
         return Tensors{nan_to_num(special(d)), nan_to_num(special(d), 1, 2, -3)};
       }},
      {"xlogy",
       [](auto d) {
         return Tensors{xlogy(of(d, {0, 0, 0, 1, nan, 2}), of(d, {0, inf, nan, 0, 1, 3})), xlogy(0, special(d))};
       }},
      {"logaddexp",
       [](auto d) {
         return Tensors{logaddexp(special(d).unsqueeze(1), special(d)), logaddexp2(ramp({3, 4}, d), ramp({4}, d) * 40)};
       }},
      {"atan2", [](auto d) { return Tensors{atan2(special(d).unsqueeze(1), special(d))}; }},
      {"hypot", [](auto d) { return Tensors{hypot(special(d).unsqueeze(1), special(d).slice(0, 0, 8))}; }},
      {"copysign",
       [](auto d) {
         return Tensors{copysign(special(d).slice(0, 1), of(d, {-0.0}).squeeze()),
                        copysign(tensor({1, -2}), tensor({-1, 1}))};
       }},
      {"heaviside", [](auto d) { return Tensors{heaviside(special(d), of(d, {0.5}).squeeze())}; }},
      {"fmax",
       [](auto d) {
         return Tensors{fmax(special(d).unsqueeze(1), special(d)), fmin(special(d).unsqueeze(1), special(d))};
       }},
      {"ldexp",
       [](auto d) {
         return Tensors{ldexp(ramp({4}, d), tensor({0, 3, -2, 10}))};
       }},
      {"signs",
       [](auto d) {
         const Tensor x = special(d);
         return Tensors{signbit(x.slice(0, 1)), sgn(x.slice(0, 1)), isposinf(x), isneginf(x)};
       }},
      {"floor_divide",
       [](auto d) {
         return Tensors{floor_divide(ramp({3, 4}, d) * 9, of(d, {0.75, -0.5, 2, -3})),
                        floor_divide(tensor({7, -7, 8}), tensor({2, 2, -3}))};
       }},
      {"div_trunc",
       [](auto d) {
         return Tensors{div(ramp({3, 4}, d) * 9, of(d, {0.75, -0.5, 2, -3}), "trunc"),
                        div(tensor({7, -7, 8}), 2, "trunc")};
       }},
      {"round_decimals",
       [](auto d) {
         return Tensors{round(ramp({5}, d) * 3.3, 1), round(ramp({5}, d) * 333, -2)};
       }},
      {"clamp_tensors",
       [](auto d) {
         return Tensors{clamp(special(d), of(d, {-1}).squeeze(), of(d, {2}).squeeze()),
                        clamp(ramp({5}, d), ramp({5}, d, 7, 1), ramp({5}, d, 7, 2))};
       }},
      {"lerp", [](auto d) { return Tensors{lerp(ramp({5}, d), ramp({5}, d, 7, 1), ramp({5}, d, 7, 5) + 0.3)}; }},
      {"float_power",
       [](auto) {
         return Tensors{float_power(tensor({1, -2, 3}), 2), float_power(tensor({1, 2}), -1)};
       }},
      {"bits",
       [](auto) {
         const Tensor x = tensor({5, -3, 12});
         return Tensors{x & 6,
                        x | 6,
                        x ^ 6,
                        ~tensor({5, -3}),
                        ~tensor({true, false}),
                        tensor({5, -3}) << 3,
                        tensor({5, -300}) >> 3,
                        tensor({1, 2}).to(kInt) << 31,
                        gcd(tensor({12, -8, 0}), tensor({18, 12, 0}))};
       }},
  };
}

std::map<std::string, Case> shape_cases() {
  return {
      {"roll",
       [](auto d) {
         return Tensors{roll(ramp({3, 4}, d), {1, -6}, {-1, 0}), roll(ramp({3, 0}, d), {1}, {1}),
                        roll(of(d, {2}).squeeze(), {1})};
       }},
      {"rot90",
       [](auto d) {
         Tensors r;
         for (int64_t k : {-1, 0, 1, 2, 3, 5}) r.push_back(rot90(ramp({2, 3, 2}, d), k, {-1, 0}));
         return r;
       }},
      {"diagonal",
       [](auto d) {
         Tensors r;
         for (int64_t k : {-3, -1, 0, 1, 2}) r.push_back(diagonal(ramp({2, 3, 4}, d), k, -1, 0));
         return r;
       }},
      {"diag_embed",
       [](auto d) {
         return Tensors{diag_embed(ramp({2, 3}, d), -1, 0, 2), diag(ramp({0}, d), 2)};
       }},
      {"tril",
       [](auto d) {
         return Tensors{tril(ramp({2, 3, 4}, d), -1), triu(ramp({3, 2}, d), 1), tril(ramp({0, 3}, d))};
       }},
      {"tril_indices",
       [](auto) {
         return Tensors{tril_indices(3, 4, -1), triu_indices(2, 4, 2), tril_indices(0, 3)};
       }},
      {"unfold",
       [](auto d) {
         return Tensors{ramp({3, 7}, d).unfold(-1, 3, 2), ramp({4}, d).unfold(0, 4, 1)};
       }},
      {"unfold_grad",
       [](auto d) {
         return grads([](auto& x) { return x.unfold(-1, 3, 2); }, ramp({2, 7}, d));
       }},
      {"tensor_split",
       [](auto d) {
         return tensor_split(ramp({7, 2}, d), 3) + tensor_split(ramp({5}, d), {3, 1, 9});
       }},
      {"repeat_interleave",
       [](auto d) {
         return Tensors{repeat_interleave(ramp({3, 2}, d), tensor({0, 2, 1}), -2),
                        repeat_interleave(tensor({1, 0, 3}))};
       }},
      {"meshgrid",
       [](auto d) {
         return meshgrid({ramp({2}, d), ramp({3}, d)}, "xy");
       }},
      {"combinations",
       [](auto d) {
         return Tensors{combinations(ramp({4}, d), 3), combinations(ramp({2}, d), 3)};
       }},
      {"block_diag",
       [](auto d) {
         return Tensors{block_diag({ramp({2, 2}, d), of(d, {3}).squeeze(), ramp({1, 3}, d)})};
       }},
      {"movedim",
       [](auto d) {
         return Tensors{movedim(ramp({2, 3, 4}, d), {-1, 0}, {0, -1})};
       }},
  };
}

std::map<std::string, Case> order_cases() {
  return {
      {"median",
       [](auto d) {
         return Tensors{median(of(d, {2, nan, 1, 5})), median(ramp({4}, d)),
                        std::get<0>(median(ramp({3, 4}, d), -1, true)),
                        std::get<0>(median(of(d, {1, nan, 2, 3}).view({2, 2}), 1)), median(ramp({0}, d))};
       }},
      {"nanmedian",
       [](auto d) {
         return Tensors{nanmedian(of(d, {2, nan, 1, 5})),
                        std::get<0>(nanmedian(of(d, {nan, nan, 2, nan}).view({2, 2}), 1))};
       }},
      {"median_grad",
       [](auto d) {
         return grads([](auto& x) { return median(x); }, of(d, {1, 3, 3, 7}));
       }},
      {"mode",
       [](auto d) {
         return all(mode(of(d, {2, 1, 2, 1, 0, 3, 3, 1, 0, 0}).view({2, 5})));
       }},
      {"kthvalue",
       [](auto d) {
         Tensors r;
         for (int64_t k : {1, 3, 4}) r.push_back(std::get<0>(kthvalue(of(d, {3, nan, 1, 2}).view({1, 4}), k)));
         return r;
       }},
      {"quantile",
       [](auto d) {
         Tensors r;
         for (const char* how : {"linear", "lower", "higher", "midpoint", "nearest"})
           r.push_back(quantile(ramp({3, 5}, d), of(d, {0, 0.35, 1}), 1, false, how));
         return r + Tensors{quantile(of(d, {1, nan, 2}), 0.5), quantile(ramp({2, 3}, d), 0.4, {}, true)};
       }},
      {"nanquantile",
       [](auto d) {
         return Tensors{nanquantile(of(d, {1, nan, 2, 5, nan, nan, nan, nan}).view({2, 4}), 0.4, -1)};
       }},
      {"nansum",
       [](auto d) {
         const Tensor x = of(d, {1, nan, nan, nan}).view({2, 2});
         return Tensors{nansum(special(d).slice(0, 3)), nansum(x, 1), nanmean(x, 1, true)};
       }},
      {"histc",
       [](auto d) {
         return Tensors{histc(ramp({30}, d), 5, -1, 1), histc(ramp({7}, d), 4), histc(ones({3}, d), 2)};
       }},
      {"bincount",
       [](auto d) {
         return Tensors{bincount(tensor({1, 4, 1}), {}, 2), bincount(tensor({1, 0, 1}), ramp({3}, d)),
                        bincount(empty({0}, kLong))};
       }},
      {"aminmax",
       [](auto d) {
         return all(aminmax(ramp({3, 4}, d), -2, true)) + all(aminmax(special(d)));
       }},
      {"unique",
       [](auto d) {
         return all(_unique2(of(d, {3, 1, nan, 1, 3, 2}).view({2, 3}), true, true, true));
       }},
      {"unique_consecutive",
       [](auto d) {
         return all(unique_consecutive(of(d, {1, 1, 2, 2, 2, 1}).view({2, 3}), true, true));
       }},
      {"unique_dim",
       [](auto d) {
         return all(unique_dim(of(d, {2, 1, 2, 0, 5, 0}).view({2, 3}), -1, true, true, true));
       }},
      {"searchsorted",
       [](auto d) {
         const Tensor s = of(d, {1, 2, 2, 3, 0, 0, 5, 9}).view({2, 4}), x = of(d, {2, 9, nan, 0}).view({2, 2});
         return Tensors{searchsorted(s, x), searchsorted(s, x, false, true),
                        searchsorted(of(d, {3, 1, 2}), of(d, {1.5, 3}), true, false, {}, tensor({1, 2, 0})),
                        bucketize(tensor({1, 5}).view({1, 2}), tensor({1, 3, 5})), searchsorted(of(d, {1, 2}), 1.5)};
       }},
      {"isin",
       [](auto d) {
         return Tensors{isin(ramp({2, 4}, d), of(d, {0.25, nan, 1})), isin(tensor({1, 2}), 2, false, true)};
       }},
      {"sort_stable",
       [](auto d) {
         return all(sort(of(d, {2, nan, 1, 2, -0.0, 0.0}), std::optional<bool>(true))) +
                Tensors{msort(ramp({4, 2}, d))};
       }},
  };
}

std::map<std::string, Case> reduce_cases() {
  return {
      {"cumprod",
       [](auto d) {
         return Tensors{cumprod(ramp({3, 4}, d), -1), cumprod(tensor({2, 3, 4}), 0), cumprod(ramp({0, 2}, d), 0)};
       }},
      {"cumprod_grad",
       [](auto d) {
         return grads([](auto& x) { return cumprod(x, 0); }, of(d, {2, 0, 3, 0, 5})) +
                grads([](auto& x) { return cumprod(x, -1); }, ramp({2, 5}, d, 7, 0) + 2);
       }},
      {"cummax",
       [](auto d) {
         return all(cummax(of(d, {1, 3, 3, 2, nan, 5}), 0)) + all(cummin(of(d, {3, 1, 1, 2, -inf}).view({1, 5}), 1));
       }},
      {"logcumsumexp",
       [](auto d) {
         return Tensors{logcumsumexp(of(d, {-inf, 1, 500, 3, inf, 2}), 0)};
       }},
      {"logcumsumexp_grad",
       [](auto d) {
         return grads([](auto& x) { return logcumsumexp(x, 1); }, ramp({2, 5}, d));
       }},
      {"trapezoid",
       [](auto d) {
         return Tensors{trapezoid(ramp({3, 5}, d), ramp({5}, d, 7, 1)), trapezoid(ramp({3, 5}, d), 2, 0),
                        cumulative_trapezoid(ramp({3, 5}, d), ramp({3, 5}, d, 7, 4), -1)};
       }},
      {"diff",
       [](auto d) {
         return Tensors{diff(ramp({3, 5}, d), 2, 0), diff(tensor({true, false, false})), diff(ramp({2}, d), 5)};
       }},
      {"any_all",
       [](auto d) {
         const Tensor x = ramp({2, 3, 2}, d);
         return Tensors{any(x > 1, {0, -1}), all(x < 1, {0, -1}, true)};
       }},
      {"var_correction",
       [](auto d) {
         const Tensor x = ramp({3, 4}, d);
         return Tensors{var(x, 1, std::optional<Scalar>(2)), gradus::std(x, {0, 1}, std::optional<Scalar>(0))};
       }},
      {"norms",
       [](auto d) {
         Tensors r;
         for (double p : {0.0, 0.5, 1.0, 2.0, 3.0, inf, -inf}) r.push_back(norm(ramp({3, 4}, d), p, 1));
         return r + Tensors{dist(ramp({3}, d), ramp({3}, d, 7, 1), 1.5)};
       }},
      {"renorm",
       [](auto d) {
         return Tensors{renorm(ramp({3, 4}, d), 1, 1, 1.25)};
       }},
  };
}

std::map<std::string, Case> index_cases() {
  return {
      {"scatter_reduce",
       [](auto d) {
         Tensors r;
         for (const char* how : {"sum", "prod", "mean", "amax", "amin"})
           for (bool self : {true, false})
             r.push_back(scatter_reduce(ramp({3, 4}, d), -1, idx({3, 5}, 4), ramp({3, 6}, d, 7, 1), how, self));
         return r;
       }},
      {"scatter_reduce_grad",
       [](auto d) {
         Tensors r;
         for (const char* how : {"prod", "mean", "amax"})
           r = r + grads(
                       [=](auto& x, auto& s) {
                         return scatter_reduce(x, 0, idx({4, 2}), s, how);
                       },
                       ramp({3, 2}, d), ramp({4, 2}, d, 7, 1));
         return r;
       }},
      {"scatter_reduce_int",
       [](auto) {
         Tensors r;
         for (const char* how : {"mean", "amax", "amin", "prod"})
           r.push_back(scatter_reduce(tensor({5, 7}), 0, tensor({0, 0, 1}), tensor({2, -9, 4}), how, false));
         return r;
       }},
      {"index_reduce",
       [](auto d) {
         return Tensors{index_reduce(ramp({3, 2}, d), 0, tensor({2, 0, 2}), ramp({3, 2}, d, 7, 1), "mean", false)};
       }},
      {"index_fill",
       [](auto d) {
         return Tensors{index_fill(ramp({3, 2}, d), -1, tensor({-1}), 9),
                        index_copy(ramp({3, 2}, d), 0, tensor({2, 0}), ramp({2, 2}, d))};
       }},
      {"put",
       [](auto d) {
         return Tensors{ramp({3, 2}, d).put(tensor({-1, 0, 1, 1}).view({2, 2}), ramp({2, 2}, d), true)};
       }},
      {"take_along_dim",
       [](auto d) {
         return Tensors{take_along_dim(ramp({3, 4}, d), idx({3, 1}), -1),
                        take_along_dim(ramp({3, 4}, d), tensor({0, 11}))};
       }},
      {"masked_scatter",
       [](auto d) {
         return Tensors{ramp({2, 3}, d).masked_scatter(tensor({true, false, true}), ramp({7}, d))};
       }},
  };
}

std::map<std::string, Case> product_cases() {
  return {
      {"einsum",
       [](auto d) {
         return Tensors{
             einsum("...ij,kj...->k...i", {ramp({2, 3, 4}, d), ramp({5, 4, 2}, d)}),
             einsum("ij,jk,kl,lm", {ramp({2, 3}, d), ramp({3, 4}, d), ramp({4, 2}, d), ramp({2, 5}, d)}),
             einsum("bA,bB->AB", {ramp({2, 3}, d), ramp({2, 2}, d)}),
             einsum("ijij->ji", {ramp({2, 3, 2, 3}, d)}),
             einsum("i,i", {ramp({0}, d), ramp({0}, d)}),
         };
       }},
      {"tensordot",
       [](auto d) {
         return Tensors{tensordot(ramp({2, 3, 4}, d), ramp({4, 3, 2}, d), {-1, 1}, {0, 1}),
                        tensordot(ramp({2, 3}, d), ramp({2}, d), {}, {})};
       }},
      {"kron",
       [](auto d) {
         return Tensors{kron(ramp({2, 3}, d), ramp({2}, d)), kron(tensor({1, 2}), ramp({2, 1}, d))};
       }},
      {"cross",
       [](auto d) {
         return Tensors{cross(ramp({3, 2}, d), ramp({3, 1}, d, 7, 5), 0)};
       }},
      {"inner",
       [](auto d) {
         return Tensors{inner(ramp({2, 3}, d), of(d, {2}).squeeze()), inner(ramp({2, 2, 3}, d), ramp({3}, d))};
       }},
      {"cdist",
       [](auto d) {
         Tensors r;
         for (double p : {0.0, 0.5, 1.0, 2.0, 3.0, inf})
           r.push_back(cdist(ramp({2, 1, 3, 4}, d), ramp({3, 2, 4}, d, 7, 1), p));
         return r + Tensors{cdist(ramp({0, 4}, d), ramp({2, 4}, d)), cdist(ramp({2, 0}, d), ramp({3, 0}, d))};
       }},
      {"cdist_grad",
       [](auto d) {
         Tensors r;
         for (double p : {1.0, 2.0, 2.5, inf})
           r = r + grads([=](auto& a, auto& b) { return cdist(a, b, p); }, ramp({3, 4}, d), ramp({2, 4}, d, 7, 2));
         return r;
       }},
      {"pdist",
       [](auto d) {
         return Tensors{pdist(ramp({4, 3}, d), 1)};
       }},
      {"addbmm",
       [](auto d) {
         return Tensors{addbmm(ramp({3}, d), ramp({2, 2, 4}, d), ramp({2, 4, 3}, d), 0.5, 2),
                        addmv(of(d, {nan}).squeeze(), ramp({2, 3}, d), ramp({3}, d), 0)};
       }},
  };
}

std::map<std::string, Case> cases() {
  std::map<std::string, Case> r;
  for (auto* family : {pointwise_cases, shape_cases, order_cases, reduce_cases, index_cases, product_cases,
                       special_function_cases, special_pair_cases, creation_cases, matrix_cases})
    r.merge(family());
  return r;
}

double distance(double got, double want) {
  if (got == want || (std::isnan(got) && std::isnan(want))) return 0;
  const double d = std::abs(got - want) / std::max(1.0, std::abs(want));
  return std::isnan(d) ? inf : d;
}

void expect_equal(const Tensor& got, const parity::Value& want, double tolerance, const std::string& what) {
  ASSERT_TRUE(got.defined()) << what;
  EXPECT_EQ(got.scalar_type(), want.dtype) << what;
  ASSERT_EQ(got.sizes().vec(), want.sizes) << what;
  const Tensor flat = got.detach().to(kDouble).contiguous().reshape({-1});
  const double* p = flat.data_ptr<double>();
  for (size_t i = 0; i < want.v.size(); ++i)
    EXPECT_LE(distance(p[i], want.v[i]), tolerance)
        << what << ", element " << i << ": " << p[i] << " for " << want.v[i];
}

TEST(OpsParity, EveryCaseIsRecordedAndComputed) {
  std::set<std::string> names;
  for (const auto& r : parity::recorded) names.insert(r.name);
  for (const auto& [name, f] : cases()) EXPECT_TRUE(names.count(name)) << name << " is not recorded";
  EXPECT_EQ(names.size(), cases().size());
}

TEST(OpsParity, ValuesArePyTorchs) {
  const auto all = cases();
  for (const auto& r : parity::recorded) {
    const auto it = all.find(r.name);
    ASSERT_NE(it, all.end()) << r.name << " is not computed";
    const Tensors got = it->second(r.dtype);
    ASSERT_EQ(got.size(), r.values.size()) << r.name;
    for (size_t i = 0; i < got.size(); ++i)
      expect_equal(got[i], r.values[i], r.dtype == kFloat ? 1e-5 : 1e-12,
                   std::string(r.name) + (r.dtype == kFloat ? " in float32, result " : " in float64, result ") +
                       std::to_string(i));
  }
}

}  // namespace
}  // namespace gradus::op_cases
