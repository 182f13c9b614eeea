// A method is the free function of its name with the tensor as first argument, and the form that ends with an
// underscore overwrites the tensor with that.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "gradus/gradus.h"

using namespace gradus;

namespace {

using Results = std::vector<Tensor>;

Results listed(const Tensor& t) { return {t}; }
Results listed(const Results& t) { return t; }
template <class... T>
Results listed(const std::tuple<T...>& t) {
  return std::apply([](const auto&... r) { return Results{r...}; }, t);
}

/// What all forms are called with.
struct Arguments {
  Tensor x, y, z, index, mask;
};

Arguments reals() {
  return {tensor({0.3, 0.1, 0.9, 0.7, 0.2, 0.5}, kDouble).reshape({2, 3}),
          tensor({0.4, 0.8, 0.6, 0.25, 0.15, 0.5}, kDouble).reshape({2, 3}),
          tensor({0.2, 0.6, 0.3, 0.35, 0.7, 0.1}, kDouble).reshape({2, 3}), tensor({1, 0, 1, 0, 1, 0}).reshape({2, 3}),
          tensor({1, 0, 1, 1, 0, 0}).reshape({2, 3}).to(kBool)};
}
Arguments integers() {
  return {tensor({12, 7, 3, 0, 30, 5}).reshape({2, 3}), tensor({2, 3, 1, 4, 2, 3}).reshape({2, 3}),
          tensor({1, 1, 2, 3, 5, 8}).reshape({2, 3}), tensor({1, 0, 1, 0, 1, 0}).reshape({2, 3}),
          tensor({1, 0, 1, 1, 0, 0}).reshape({2, 3}).to(kBool)};
}

struct Form {
  std::string name;
  std::function<Results(const Arguments&)> method, function;
};

#define METHOD(f, ...)                                                                                                 \
  {                                                                                                                    \
#f "(" #__VA_ARGS__ ")",                                                                                             \
        []([[maybe_unused]] const Arguments&                                                                             \
               a) { return listed(a.x.f(__VA_ARGS__)); },                                                                   \
                                                    [](const Arguments&                                                  \
                                                           a) { return listed(gradus::f(a.x __VA_OPT__(, ) __VA_ARGS__)); } \
  }

const Form of_arithmetic[] = {
    METHOD(absolute),
    METHOD(negative),
    METHOD(multiply, a.y),
    METHOD(multiply, 3),
    METHOD(subtract, a.y, 2),
    METHOD(subtract, 0.5, 3),
    METHOD(divide, a.y),
    METHOD(divide, 0.3),
    METHOD(divide, a.y, "floor"),
    METHOD(divide, 0.3, "trunc"),
    METHOD(true_divide, a.y),
    METHOD(true_divide, 0.3),
    METHOD(div, 0.3, "floor"),
    METHOD(not_equal, 0.5),
    METHOD(less, 0.5),
    METHOD(less_equal, 0.5),
    METHOD(greater, 0.5),
    METHOD(greater_equal, 0.5),
};

const Form of_comparisons[] = {
    METHOD(ne, 0.5),
    METHOD(le, 0.5),
    METHOD(gt, 0.5),
    METHOD(ge, 0.5),
    METHOD(logical_xor, a.mask),
    METHOD(isinf),
    METHOD(isposinf),
    METHOD(isneginf),
    METHOD(isreal),
    METHOD(signbit),
    METHOD(isclose, a.y, 0.5, 0.1, true),
    METHOD(clip, 0.2, 0.6),
    METHOD(clip, std::optional<Tensor>(a.y), std::optional<Tensor>(a.z)),
    METHOD(clamp, std::optional<Tensor>(a.y), std::optional<Tensor>()),
    METHOD(clamp_min, a.y),
    METHOD(clamp_max, a.y),
};

const Form of_functions[] = {
    METHOD(fix),
    METHOD(arccos),
    METHOD(arcsin),
    METHOD(arctan),
    METHOD(arcsinh),
    METHOD(arctanh),
    METHOD(arctan2, a.y),
    METHOD(positive),
    METHOD(sgn),
    METHOD(floor_divide, a.y),
    METHOD(floor_divide, 0.3),
    METHOD(float_power, a.y),
    METHOD(fmod, 0.3),
    METHOD(fmod, a.y),
    METHOD(remainder, a.y),
    METHOD(lerp, a.y, 0.3),
    METHOD(lerp, a.y, a.z),
    METHOD(addcmul, a.y, a.z, 2),
    METHOD(addcdiv, a.y, a.z, 2),
    METHOD(add, a.y, 2),
    METHOD(sub, 0.5, 2),
    METHOD(mul, a.y),
    METHOD(pow, a.y),
    METHOD(maximum, a.y),
    METHOD(minimum, a.y),
    METHOD(reciprocal),
    METHOD(sqrt),
    METHOD(rsqrt),
    METHOD(exp2),
};

const Form of_more_functions[] = {
    METHOD(expm1),
    METHOD(log2),
    METHOD(log10),
    METHOD(log1p),
    METHOD(tan),
    METHOD(asin),
    METHOD(acos),
    METHOD(atan),
    METHOD(sinh),
    METHOD(cosh),
    METHOD(asinh),
    METHOD(atanh),
    METHOD(erf),
    METHOD(erfc),
    METHOD(deg2rad),
    METHOD(rad2deg),
    METHOD(ceil),
    METHOD(round, 1),
    METHOD(trunc),
    METHOD(erfinv),
    METHOD(lgamma),
    METHOD(digamma),
    METHOD(sinc),
    METHOD(logit, 0.2),
    METHOD(nan_to_num, 1, 2, 3),
    METHOD(xlogy, a.y),
    METHOD(xlogy, 0.3),
    METHOD(logaddexp, a.y),
    METHOD(atan2, a.y),
    METHOD(hypot, a.y),
    METHOD(copysign, -a.y),
    METHOD(copysign, -2),
    METHOD(heaviside, a.y),
    METHOD(fmax, a.y),
    METHOD(fmin, a.y),
    METHOD(ldexp, a.y),
    METHOD(nextafter, a.y),
};

const Form of_statistics[] = {
    METHOD(tensor_split, 2, 1),
    METHOD(tensor_split, tensor({1}), 1),
    METHOD(hsplit, 3),
    METHOD(hsplit, {1, 2}),
    METHOD(vsplit, 2),
    METHOD(vsplit, std::vector<int64_t>{1}),
    METHOD(nansum, {1}, true),
    METHOD(median),
    METHOD(nanmedian),
    METHOD(nanmedian, 1, true),
    METHOD(kthvalue, 2, 1, true),
    METHOD(quantile, tensor({0.2, 0.7}, kDouble), 1, true, "nearest"),
    METHOD(nanquantile, tensor({0.2, 0.7}, kDouble), 1, true, "lower"),
    METHOD(nanquantile, 0.3, 0, true, "higher"),
    METHOD(histc, 4, 0, 1),
    METHOD(dist, a.y, 3),
    METHOD(renorm, 2, 0, 0.5),
};

const Form of_shapes[] = {
    METHOD(movedim, 0, 1),
    METHOD(moveaxis, 0, 1),
    METHOD(moveaxis, {0, 1}, {1, 0}),
    METHOD(swapaxes, 0, 1),
    METHOD(adjoint),
    METHOD(ravel),
    METHOD(broadcast_to, {4, 2, 3}),
    METHOD(tile, {2, 1}),
    METHOD(repeat_interleave, tensor({2, 0, 1}), 1),
    METHOD(fliplr),
    METHOD(flipud),
    METHOD(slice_scatter, a.y.slice(1, 0, 2), 1, 1, 3, 1),
    METHOD(select_scatter, a.y.select(0, 0), 0, 1),
    METHOD(diagonal_scatter, a.y.select(1, 0), 1, 0, 1),
    METHOD(narrow_copy, 1, 1, 2),
    METHOD(var, {1}, std::optional<Scalar>(0), true),
    METHOD(std, {1}, std::optional<Scalar>(0), true),
    METHOD(norm, 3, kDouble),
    METHOD(norm, 1, {1}, true, kDouble),
};

const Form of_products_and_indices[] = {
    METHOD(inner, a.y),
    METHOD(kron, a.y),
    METHOD(addmm, a.y, eye(3, kDouble), 0.5, 2),
    METHOD(addbmm, a.y.unsqueeze(0), eye(3, kDouble).unsqueeze(0), 0.5, 2),
    METHOD(addr, a.y.select(1, 0), a.z.select(0, 0), 0.5, 2),
    METHOD(index_reduce, 0, tensor({1, 0}), a.y, "prod", false),
    METHOD(scatter, 1, a.index, a.y, "multiply"),
    METHOD(scatter, 1, a.index, 3),
    METHOD(scatter_reduce, 1, a.index, a.y, "amax", false),
    METHOD(index_copy, 0, tensor({1, 0}), a.y),
    METHOD(index_fill, 1, tensor({2}), 5),
    METHOD(index_fill, 1, tensor({2}), tensor(5.0, kDouble)),
    METHOD(argsort, 1, true),
    METHOD(sort, std::optional<bool>(true), 1, true),
    METHOD(msort),
    METHOD(cumprod, 1, kDouble),
    METHOD(cummin, 1),
    METHOD(logcumsumexp, 1),
    METHOD(diag_embed, 1, 0, 1),
    METHOD(diagflat, 1),
    METHOD(trace),
    METHOD(tril, -1),
    METHOD(triu, 1),
};

const Form of_integers[] = {
    METHOD(bitwise_and, 6),
    METHOD(bitwise_and, a.y),
    METHOD(bitwise_or, 6),
    METHOD(bitwise_or, a.y),
    METHOD(bitwise_xor, 6),
    METHOD(bitwise_xor, a.y),
    METHOD(bitwise_not),
    METHOD(bitwise_left_shift, 2),
    METHOD(bitwise_left_shift, a.y),
    METHOD(bitwise_right_shift, 2),
    METHOD(bitwise_right_shift, a.y),
    METHOD(gcd, a.y),
    METHOD(lcm, a.y),
};

#undef METHOD

template <size_t N>
void expect_same(const Form (&forms)[N], const Arguments& a) {
  for (const Form& form : forms) {
    const Results got = form.method(a), want = form.function(a);
    ASSERT_EQ(got.size(), want.size()) << form.name;
    for (size_t i = 0; i < got.size(); ++i) {
      EXPECT_EQ(got[i].scalar_type(), want[i].scalar_type()) << form.name;
      EXPECT_EQ(got[i].sizes(), want[i].sizes()) << form.name;
      EXPECT_TRUE(equal(got[i], want[i])) << form.name;
    }
  }
}

TEST(Methods, AreTheFreeFunctions) {
  expect_same(of_arithmetic, reals());
  expect_same(of_comparisons, reals());
  expect_same(of_functions, reals());
  expect_same(of_more_functions, reals());
  expect_same(of_statistics, reals());
  expect_same(of_shapes, reals());
  expect_same(of_products_and_indices, reals());
  expect_same(of_integers, integers());
}

struct InPlace {
  std::string name;
  std::function<Tensor&(Tensor&, const Arguments&)> in_place;
  std::function<Tensor(const Arguments&)> plain;
};

#define IN_PLACE(f, ...)                                                                                              \
  {                                                                                                                   \
#f "_(" #__VA_ARGS__ ")",                                                                                         \
        [](Tensor & t, [[maybe_unused]] const Arguments& a)                                                           \
             -> Tensor& { return t.f##_(__VA_ARGS__); },                                                              \
                                                      [](const Arguments&                                             \
                                                             a) { return gradus::f(a.x __VA_OPT__(, ) __VA_ARGS__); } \
  }

const InPlace on_reals[] = {
    IN_PLACE(multiply, 3),
    IN_PLACE(subtract, 0.5, 3),
    IN_PLACE(divide, 0.3),
    IN_PLACE(divide, a.y, "floor"),
    IN_PLACE(divide, 0.3, "trunc"),
    IN_PLACE(div, 0.3, "floor"),
    IN_PLACE(true_divide, 0.3),
    IN_PLACE(not_equal, 0.5),
    IN_PLACE(less, 0.5),
    IN_PLACE(less_equal, 0.5),
    IN_PLACE(greater, 0.5),
    IN_PLACE(greater_equal, 0.5),
    IN_PLACE(eq, 0.5),
    IN_PLACE(eq, a.y),
    IN_PLACE(ne, 0.5),
    IN_PLACE(lt, 0.5),
    IN_PLACE(le, 0.5),
    IN_PLACE(gt, 0.5),
    IN_PLACE(ge, 0.5),
    IN_PLACE(logical_and, a.mask),
    IN_PLACE(logical_or, a.mask),
    IN_PLACE(logical_xor, a.mask),
    IN_PLACE(logical_not),
    IN_PLACE(sign),
    IN_PLACE(floor_divide, a.y),
    IN_PLACE(floor_divide, 0.3),
    IN_PLACE(float_power, a.y),
    IN_PLACE(float_power, 1.5),
    IN_PLACE(fmod, 0.3),
    IN_PLACE(fmod, a.y),
    IN_PLACE(remainder, 0.3),
    IN_PLACE(remainder, a.y),
    IN_PLACE(pow, a.y),
    IN_PLACE(copysign, -2),
    IN_PLACE(heaviside, a.y),
    IN_PLACE(nextafter, a.y),
    IN_PLACE(scatter, 1, a.index, a.y, "add"),
    IN_PLACE(scatter, 1, a.index, 3, "multiply"),
    IN_PLACE(index_fill, 1, tensor({2}), tensor(5.0, kDouble)),
};

const InPlace on_integers[] = {
    IN_PLACE(bitwise_and, 6),
    IN_PLACE(bitwise_and, a.y),
    IN_PLACE(bitwise_or, 6),
    IN_PLACE(bitwise_or, a.y),
    IN_PLACE(bitwise_xor, 6),
    IN_PLACE(bitwise_xor, a.y),
    IN_PLACE(bitwise_not),
    IN_PLACE(bitwise_left_shift, 2),
    IN_PLACE(bitwise_left_shift, a.y),
    IN_PLACE(bitwise_right_shift, 2),
    IN_PLACE(bitwise_right_shift, a.y),
};

#undef IN_PLACE

template <size_t N>
void expect_overwrites(const InPlace (&forms)[N], const Arguments& a) {
  for (const InPlace& form : forms) {
    Tensor t = a.x.clone();
    const int64_t version = t._version();
    EXPECT_TRUE(form.in_place(t, a).is_same(t)) << form.name;
    EXPECT_GT(t._version(), version) << form.name;
    EXPECT_EQ(t.scalar_type(), a.x.scalar_type()) << form.name;
    EXPECT_TRUE(equal(t, form.plain(a).to(a.x.scalar_type()))) << form.name;
  }
}

TEST(Methods, WithAnUnderscoreOverwrite) {
  expect_overwrites(on_reals, reals());
  expect_overwrites(on_integers, integers());
}

// Those whose first argument has a shape of its own.
TEST(Methods, OfVectorsBatchesAndWholeNumbers) {
  const Tensor v = tensor({0.3, 0.1, 0.9}, kDouble), w = tensor({1.5, -2.0, 0.25}, kDouble);
  const Tensor m = reals().x, cube = m.reshape({1, 2, 3}), n = tensor({1, 3, 1});
  EXPECT_TRUE(equal(v.vdot(w), vdot(v, w)));
  EXPECT_TRUE(equal(v.outer(w), outer(v, w)));
  EXPECT_TRUE(equal(tensor({1.0, 2.0}, kDouble).addmv(m, w, 0.5, 2), addmv(tensor({1.0, 2.0}, kDouble), m, w, 0.5, 2)));
  const Tensor batch = eye(3, kDouble).unsqueeze(0);
  EXPECT_TRUE(equal(cube.baddbmm(cube, batch, 0.5, 2), baddbmm(cube, cube, batch, 0.5, 2)));
  EXPECT_TRUE(equal((m + 1).arccosh(), arccosh(m + 1)));
  EXPECT_TRUE(equal((m + 1).acosh(), acosh(m + 1)));
  EXPECT_TRUE(equal(n.bincount(w, 6), bincount(n, w, 6)));
  const std::vector<int64_t> at = {1};
  const auto parts = cube.dsplit(3), cut = cube.dsplit(at);
  ASSERT_EQ(parts.size(), 3u);
  ASSERT_EQ(cut.size(), 2u);
  EXPECT_TRUE(equal(parts[2], dsplit(cube, 3)[2]));
  EXPECT_TRUE(equal(cut[1], dsplit(cube, at)[1]));
  Tensor turned = m.clone();
  EXPECT_EQ(turned.swapaxes_(0, 1).sizes(), (IntArrayRef{3, 2}));
  EXPECT_EQ(turned.swapdims_(0, 1).sizes(), (IntArrayRef{2, 3}));
  EXPECT_TRUE(equal(turned, m));
}

TEST(Methods, WhereAndToTakeTheTensorInAnotherPlace) {
  const Arguments a = reals();
  EXPECT_TRUE(equal(a.x.where(a.mask, a.y), where(a.mask, a.x, a.y)));
  EXPECT_TRUE(equal(a.x.where(a.mask, 0.25), where(a.mask, a.x, 0.25)));
  EXPECT_TRUE(equal(where(a.mask, 1, 0), a.mask.to(kLong)));
  EXPECT_EQ(where(a.mask, 1.5, 0).scalar_type(), kFloat);
  EXPECT_EQ(a.x.to(kCPU, kFloat).scalar_type(), kFloat);
  EXPECT_EQ(a.x.to(a.index).scalar_type(), kLong);
  const Results places = where(a.mask);
  ASSERT_EQ(places.size(), 2u);
  EXPECT_TRUE(equal(places[0], tensor({0, 0, 1})));
  EXPECT_TRUE(equal(places[1], tensor({0, 2, 0})));
}

// A number as first operand is a tensor of it.
TEST(Methods, NumbersComeFirst) {
  const Arguments a = integers();
  const Tensor six = tensor(6);
  EXPECT_TRUE(equal(bitwise_and(6, a.x), bitwise_and(six, a.x)));
  EXPECT_TRUE(equal(bitwise_or(6, a.x), bitwise_or(six, a.x)));
  EXPECT_TRUE(equal(bitwise_xor(6, a.x), bitwise_xor(six, a.x)));
  EXPECT_TRUE(equal(bitwise_left_shift(6, a.y), bitwise_left_shift(six, a.y)));
  EXPECT_TRUE(equal(bitwise_right_shift(6, a.y), bitwise_right_shift(six, a.y)));
  EXPECT_TRUE(equal(bucketize(3, tensor({1, 3, 5})), tensor(1)));
  EXPECT_TRUE(equal(bucketize(3, tensor({1, 3, 5}), false, true), tensor(2)));
  EXPECT_TRUE(isin(7, a.x).item<bool>());
  EXPECT_FALSE(isin(8, a.x).item<bool>());
}

TEST(Methods, MomentsWithOneFlag) {
  const Tensor x = reals().x;
  const auto [variance, mean] = var_mean(x, false);
  EXPECT_TRUE(equal(variance, var(x, false)));
  EXPECT_TRUE(equal(mean, x.mean()));
  const auto [deviation, same] = std_mean(x, true);
  EXPECT_TRUE(equal(deviation, gradus::std(x, true)));
  EXPECT_TRUE(equal(same, mean));
}

}  // namespace
