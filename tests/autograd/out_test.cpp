// Operations with an `out` argument: the rules that all of them share, and that each computes its own operation.
#include <gtest/gtest.h>

#include "gradus/gradus.h"
#include "gradus/tensor/warning.h"
#include "gradus/tests/misuse.h"
#include "out_forms.h"

using namespace gradus;
using namespace out_forms;
using gradus_tests::error_of;

namespace {

struct Counting : WarningHandler {
  void process(const Warning& warning) override { texts.push_back(warning.msg()); }
  std::vector<std::string> texts;
  Counting() { WarningUtils::set_warning_handler(this); }
  ~Counting() override { WarningUtils::set_warning_handler(nullptr); }
};

TEST(Out, WritesIntoTheMemoryThatIsThere) {
  Tensor base = zeros({2, 3});
  Tensor column = base.select(1, 1);
  EXPECT_TRUE(add_out(column, tensor({1.0, 2.0}), tensor({10.0, 20.0})).is_same(column));
  EXPECT_TRUE(equal(base.select(1, 1), tensor({11.0, 22.0}).to(kFloat)));
  EXPECT_EQ(base.sum().item<float>(), 33);
}

TEST(Out, IsBroughtToTheShape) {
  Counting warnings;
  Tensor out = empty({0});
  mul_out(out, ones({2, 3}), full({3}, 2.0));
  EXPECT_EQ(out.sizes().vec(), (std::vector<int64_t>{2, 3}));
  EXPECT_TRUE(warnings.texts.empty());
  exp_out(out, zeros({4}));
  EXPECT_TRUE(equal(out, ones({4})));
  ASSERT_EQ(warnings.texts.size(), 1u);
  EXPECT_NE(warnings.texts[0].find("An output with one or more elements was resized since it had shape [2, 3], which "
                                   "does not match the required output shape [4]"),
            std::string::npos);
}

TEST(Out, MustHoldTheType) {
  Tensor whole = empty({2}, kLong), twice = empty({2}, kDouble), matrix = empty({2, 2}, kDouble);
  EXPECT_NE(error_of([&] {
              add_out(whole, ones({2}), ones({2}));
            }).find("result type Float can't be cast to the desired output type Long"),
            std::string::npos);
  add_out(twice, ones({2}), ones({2}));
  EXPECT_TRUE(equal(twice, full({2}, 2.0, kDouble)));
  sum_out(twice, ones({2, 3}), {1});
  EXPECT_TRUE(equal(twice, full({2}, 3.0, kDouble)));
  EXPECT_NE(error_of([&] {
              mm_out(matrix, ones({2, 2}), ones({2, 2}));
            }).find("Expected out tensor to have dtype float, but got double instead"),
            std::string::npos);
}

TEST(Out, TakesNoPartInAGraph) {
  Tensor out = empty({2});
  const Tensor x = ones({2}).requires_grad_();
  EXPECT_NE(error_of([&] { add_out(out, x, x); })
                .find("functions with out=... arguments don't support automatic differentiation, but one of the "
                      "arguments requires grad."),
            std::string::npos);
  NoGradGuard off;
  add_out(out, x, x);
  EXPECT_FALSE(out.requires_grad());
}

TEST(Out, FunctionsOfOne) {
  const Inputs i;
  const Tensor& a = i.a;
  expect_all({
      {[&](Tensor& o) -> Tensor& { return abs_out(o, a); }, abs(a)},
      {[&](Tensor& o) -> Tensor& { return neg_out(o, a); }, neg(a)},
      {[&](Tensor& o) -> Tensor& { return sign_out(o, a); }, sign(a)},
      {[&](Tensor& o) -> Tensor& { return reciprocal_out(o, a); }, reciprocal(a)},
      {[&](Tensor& o) -> Tensor& { return square_out(o, a); }, square(a)},
      {[&](Tensor& o) -> Tensor& { return sqrt_out(o, a); }, sqrt(a)},
      {[&](Tensor& o) -> Tensor& { return rsqrt_out(o, a); }, rsqrt(a)},
      {[&](Tensor& o) -> Tensor& { return exp_out(o, a); }, exp(a)},
      {[&](Tensor& o) -> Tensor& { return exp2_out(o, a); }, exp2(a)},
      {[&](Tensor& o) -> Tensor& { return expm1_out(o, a); }, expm1(a)},
      {[&](Tensor& o) -> Tensor& { return log_out(o, a); }, log(a)},
      {[&](Tensor& o) -> Tensor& { return log2_out(o, a); }, log2(a)},
      {[&](Tensor& o) -> Tensor& { return log10_out(o, a); }, log10(a)},
      {[&](Tensor& o) -> Tensor& { return log1p_out(o, a); }, log1p(a)},
      {[&](Tensor& o) -> Tensor& { return sin_out(o, a); }, sin(a)},
      {[&](Tensor& o) -> Tensor& { return cos_out(o, a); }, cos(a)},
      {[&](Tensor& o) -> Tensor& { return tan_out(o, a); }, tan(a)},
      {[&](Tensor& o) -> Tensor& { return asin_out(o, a); }, asin(a)},
      {[&](Tensor& o) -> Tensor& { return acos_out(o, a); }, acos(a)},
      {[&](Tensor& o) -> Tensor& { return atan_out(o, a); }, atan(a)},
  });
}

TEST(Out, FunctionsOfOneMore) {
  const Inputs i;
  const Tensor &a = i.a, &n = i.n;
  expect_all({
      {[&](Tensor& o) -> Tensor& { return sinh_out(o, a); }, sinh(a)},
      {[&](Tensor& o) -> Tensor& { return cosh_out(o, a); }, cosh(a)},
      {[&](Tensor& o) -> Tensor& { return tanh_out(o, a); }, tanh(a)},
      {[&](Tensor& o) -> Tensor& { return asinh_out(o, a); }, asinh(a)},
      {[&](Tensor& o) -> Tensor& { return atanh_out(o, a); }, atanh(a)},
      {[&](Tensor& o) -> Tensor& { return erf_out(o, a); }, erf(a)},
      {[&](Tensor& o) -> Tensor& { return erfc_out(o, a); }, erfc(a)},
      {[&](Tensor& o) -> Tensor& { return erfinv_out(o, a); }, erfinv(a)},
      {[&](Tensor& o) -> Tensor& { return lgamma_out(o, a); }, lgamma(a)},
      {[&](Tensor& o) -> Tensor& { return digamma_out(o, a); }, digamma(a)},
      {[&](Tensor& o) -> Tensor& { return floor_out(o, a); }, floor(a)},
      {[&](Tensor& o) -> Tensor& { return ceil_out(o, a); }, ceil(a)},
      {[&](Tensor& o) -> Tensor& { return round_out(o, a); }, round(a)},
      {[&](Tensor& o) -> Tensor& { return trunc_out(o, a); }, trunc(a)},
      {[&](Tensor& o) -> Tensor& { return frac_out(o, a); }, frac(a)},
      {[&](Tensor& o) -> Tensor& { return sigmoid_out(o, a); }, sigmoid(a)},
      {[&](Tensor& o) -> Tensor& { return logical_not_out(o, a); }, logical_not(a)},
      {[&](Tensor& o) -> Tensor& { return acosh_out(o, a + 1); }, acosh(a + 1)},
      {[&](Tensor& o) -> Tensor& { return bitwise_not_out(o, n); }, bitwise_not(n)},
  });
}

TEST(Out, FunctionsOfTwo) {
  const Inputs i;
  const Tensor &a = i.a, &b = i.b;
  expect_all({
      {[&](Tensor& o) -> Tensor& { return add_out(o, a, b); }, add(a, b)},
      {[&](Tensor& o) -> Tensor& { return sub_out(o, a, b); }, sub(a, b)},
      {[&](Tensor& o) -> Tensor& { return mul_out(o, a, b); }, mul(a, b)},
      {[&](Tensor& o) -> Tensor& { return div_out(o, a, b); }, div(a, b)},
      {[&](Tensor& o) -> Tensor& { return pow_out(o, a, b); }, pow(a, b)},
      {[&](Tensor& o) -> Tensor& { return maximum_out(o, a, b); }, maximum(a, b)},
      {[&](Tensor& o) -> Tensor& { return minimum_out(o, a, b); }, minimum(a, b)},
      {[&](Tensor& o) -> Tensor& { return fmax_out(o, a, b); }, fmax(a, b)},
      {[&](Tensor& o) -> Tensor& { return fmin_out(o, a, b); }, fmin(a, b)},
      {[&](Tensor& o) -> Tensor& { return atan2_out(o, a, b); }, atan2(a, b)},
      {[&](Tensor& o) -> Tensor& { return hypot_out(o, a, b); }, hypot(a, b)},
      {[&](Tensor& o) -> Tensor& { return fmod_out(o, a, b); }, fmod(a, b)},
      {[&](Tensor& o) -> Tensor& { return remainder_out(o, a, b); }, remainder(a, b)},
      {[&](Tensor& o) -> Tensor& { return floor_divide_out(o, a, b); }, floor_divide(a, b)},
      {[&](Tensor& o) -> Tensor& { return eq_out(o, a, b); }, eq(a, b)},
      {[&](Tensor& o) -> Tensor& { return ne_out(o, a, b); }, ne(a, b)},
      {[&](Tensor& o) -> Tensor& { return lt_out(o, a, b); }, lt(a, b)},
      {[&](Tensor& o) -> Tensor& { return le_out(o, a, b); }, le(a, b)},
  });
}

TEST(Out, FunctionsOfTwoMore) {
  const Inputs i;
  const Tensor &a = i.a, &b = i.b, &n = i.n;
  expect_all({
      {[&](Tensor& o) -> Tensor& { return gt_out(o, a, b); }, gt(a, b)},
      {[&](Tensor& o) -> Tensor& { return ge_out(o, a, b); }, ge(a, b)},
      {[&](Tensor& o) -> Tensor& { return logical_and_out(o, a, b); }, logical_and(a, b)},
      {[&](Tensor& o) -> Tensor& { return logical_or_out(o, a, b); }, logical_or(a, b)},
      {[&](Tensor& o) -> Tensor& { return logical_xor_out(o, a, b); }, logical_xor(a, b)},
      {[&](Tensor& o) -> Tensor& { return bitwise_and_out(o, n, n + 2); }, bitwise_and(n, n + 2)},
      {[&](Tensor& o) -> Tensor& { return bitwise_or_out(o, n, n + 2); }, bitwise_or(n, n + 2)},
      {[&](Tensor& o) -> Tensor& { return bitwise_xor_out(o, n, n + 2); }, bitwise_xor(n, n + 2)},
      {[&](Tensor& o) -> Tensor& { return pow_out(o, a, 0.5); }, pow(a, 0.5)},
      {[&](Tensor& o) -> Tensor& { return fmod_out(o, a, 0.5); }, fmod(a, 0.5)},
      {[&](Tensor& o) -> Tensor& { return remainder_out(o, a, 0.5); }, remainder(a, 0.5)},
      {[&](Tensor& o) -> Tensor& { return eq_out(o, a, 0.5); }, eq(a, 0.5)},
      {[&](Tensor& o) -> Tensor& { return ne_out(o, a, 0.5); }, ne(a, 0.5)},
      {[&](Tensor& o) -> Tensor& { return lt_out(o, a, 0.5); }, lt(a, 0.5)},
      {[&](Tensor& o) -> Tensor& { return le_out(o, a, 0.5); }, le(a, 0.5)},
      {[&](Tensor& o) -> Tensor& { return gt_out(o, a, 0.5); }, gt(a, 0.5)},
      {[&](Tensor& o) -> Tensor& { return ge_out(o, a, 0.5); }, ge(a, 0.5)},
      {[&](Tensor& o) -> Tensor& { return add_out(o, a, b, 0.5); }, add(a, b, 0.5)},
  });
}

TEST(Out, BoundsAndProducts) {
  const Inputs i;
  const Tensor &a = i.a, &b = i.b, &gram = i.gram, &v = i.v, &at = i.at;
  expect_all({
      {[&](Tensor& o) -> Tensor& { return clamp_out(o, a, 0.3, 0.7); }, clamp(a, 0.3, 0.7)},
      {[&](Tensor& o) -> Tensor& { return where_out(o, a > b, a, b); }, where(a > b, a, b)},
      {[&](Tensor& o) -> Tensor& { return lerp_out(o, a, b, b); }, lerp(a, b, b)},
      {[&](Tensor& o) -> Tensor& { return addcmul_out(o, a, a, b, 0.5); }, addcmul(a, a, b, 0.5)},
      {[&](Tensor& o) -> Tensor& { return addcdiv_out(o, a, a, b, 0.5); }, addcdiv(a, a, b, 0.5)},
      {[&](Tensor& o) -> Tensor& { return mm_out(o, a, b.t()); }, mm(a, b.t())},
      {[&](Tensor& o) -> Tensor& { return matmul_out(o, a, v); }, matmul(a, v)},
      {[&](Tensor& o) -> Tensor& { return bmm_out(o, a.unsqueeze(0), b.t().unsqueeze(0)); },
       bmm(a.unsqueeze(0), b.t().unsqueeze(0))},
      {[&](Tensor& o) -> Tensor& { return mv_out(o, a, v); }, mv(a, v)},
      {[&](Tensor& o) -> Tensor& { return dot_out(o, v, v); }, dot(v, v)},
      {[&](Tensor& o) -> Tensor& { return outer_out(o, v, v); }, outer(v, v)},
      {[&](Tensor& o) -> Tensor& { return addmm_out(o, gram, a, b.t(), 0.5, 2); }, addmm(gram, a, b.t(), 0.5, 2)},
      {[&](Tensor& o) -> Tensor& { return addmv_out(o, at.to(kFloat), a, v); }, addmv(at.to(kFloat), a, v)},
      {[&](Tensor& o) -> Tensor& { return baddbmm_out(o, gram, a.unsqueeze(0), b.t().unsqueeze(0)); },
       baddbmm(gram, a.unsqueeze(0), b.t().unsqueeze(0))},
  });
}

TEST(Out, ReductionsAndPicks) {
  const Inputs i;
  const Tensor &a = i.a, &b = i.b, &at = i.at;
  expect_all({
      {[&](Tensor& o) -> Tensor& { return sum_out(o, a, 1); }, sum(a, 1)},
      {[&](Tensor& o) -> Tensor& { return mean_out(o, a, 1); }, mean(a, 1)},
      {[&](Tensor& o) -> Tensor& { return prod_out(o, a, 1); }, prod(a, 1)},
      {[&](Tensor& o) -> Tensor& { return amax_out(o, a, 1); }, amax(a, 1)},
      {[&](Tensor& o) -> Tensor& { return amin_out(o, a, 1); }, amin(a, 1)},
      {[&](Tensor& o) -> Tensor& { return argmax_out(o, a, 1); }, argmax(a, 1)},
      {[&](Tensor& o) -> Tensor& { return argmin_out(o, a, 1); }, argmin(a, 1)},
      {[&](Tensor& o) -> Tensor& { return logsumexp_out(o, a, 1); }, logsumexp(a, 1)},
      {[&](Tensor& o) -> Tensor& { return cumsum_out(o, a, 1); }, cumsum(a, 1)},
      {[&](Tensor& o) -> Tensor& { return cumprod_out(o, a, 1); }, cumprod(a, 1)},
      {[&](Tensor& o) -> Tensor& {
         return cat_out(o, {a, b}, 1);
       },
       cat({a, b}, 1)},
      {[&](Tensor& o) -> Tensor& {
         return stack_out(o, {a, b}, 1);
       },
       stack({a, b}, 1)},
      {[&](Tensor& o) -> Tensor& { return index_select_out(o, a, 0, at); }, index_select(a, 0, at)},
      {[&](Tensor& o) -> Tensor& { return gather_out(o, a, 0, at.unsqueeze(0)); }, gather(a, 0, at.unsqueeze(0))},
      {[&](Tensor& o) -> Tensor& { return masked_select_out(o, a, a > 0.4); }, masked_select(a, a > 0.4)},
      {[&](Tensor& o) -> Tensor& { return nonzero_out(o, a > 0.4); }, nonzero(a > 0.4)},
      {[&](Tensor& o) -> Tensor& { return tril_out(o, a); }, tril(a)},
      {[&](Tensor& o) -> Tensor& { return triu_out(o, a, 1); }, triu(a, 1)},
  });
}

}  // namespace
