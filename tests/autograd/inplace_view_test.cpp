// Views and in-place changes carry gradients as in PyTorch: what was changed, when, and through whom.
#include <gtest/gtest.h>

#include <functional>

#include "gradus/gradus.h"
#include "gradus/tests/misuse.h"

using namespace gradus;
using autograd::grad;

namespace {

using gradus_tests::error_of;

#define EXPECT_ERROR(text, ...)                                                            \
  {                                                                                        \
    const std::string got = error_of([&] { __VA_ARGS__; });                                \
    EXPECT_NE(got.find(text), std::string::npos) << "wanted " << text << "\n got " << got; \
  }

Tensor leaf(std::vector<double> v) { return tensor(v, kDouble).requires_grad_(); }
Tensor ramp(int64_t n) { return arange(1, n + 1, 1, kDouble); }

void expect_equal(const Tensor& t, const std::vector<double>& want) {
  ASSERT_TRUE(t.defined());
  ASSERT_EQ(t.numel(), static_cast<int64_t>(want.size()));
  EXPECT_TRUE(t.detach().to(kDouble).reshape(-1).allclose(tensor(want, kDouble), 1e-12, 1e-12)) << t;
}

// Values and both orders of derivative of f, whose in-place changes are its own matter.
void expect_right(const std::function<Tensor(const std::vector<Tensor>&)>& f, const std::vector<Tensor>& xs) {
  EXPECT_TRUE(autograd::gradcheck(f, xs));
  EXPECT_TRUE(autograd::gradgradcheck(f, xs));
}

using In = const std::vector<Tensor>&;

// ---- in place
// ---------------------------------------------------------------------------------------------------------

TEST(InPlace, LeavesThatRequireGradAreProtected) {
  Tensor x = leaf({1, 2, 3});
  EXPECT_ERROR("a leaf Variable that requires grad is being used in an in-place operation", x.add_(1));
  EXPECT_ERROR("a leaf Variable that requires grad is being used in an in-place operation", x += x);
  EXPECT_ERROR("a leaf Variable that requires grad is being used in an in-place operation", x.zero_());
  EXPECT_ERROR("a view of a leaf Variable that requires grad is being used in an in-place operation",
               x.slice(0, 0, 2).mul_(2));
  EXPECT_ERROR("a view of a leaf Variable that requires grad is being used in an in-place operation", x[0] = 5);
  expect_equal(x, {1, 2, 3});
  EXPECT_EQ(x._version(), 0);
  NoGradGuard off;
  x.add_(1);
  x[0] = 7;
  expect_equal(x, {7, 3, 4});
  EXPECT_EQ(x._version(), 2);
  EXPECT_TRUE(x.is_leaf() && x.requires_grad());
}

TEST(InPlace, ExpandedTensorsAreRefused) {
  const Tensor x = ones({3, 1}, kDouble);
  EXPECT_ERROR("more than one element of the written-to tensor refers to a single memory location",
               x.expand({3, 4}).add_(1));
  // Nothing is written where there are no elements.
  const Tensor none = ones({1, 0}, kDouble).expand({3, 0});
  EXPECT_TRUE(none.add_(1).is_same(none));
}

TEST(InPlace, AChainOfChanges) {
  expect_right(
      [](In in) {
        Tensor y = in[0] * 2;
        y.mul_(exp(in[1])).add_(in[1]).mul_(in[1]);
        y += in[0];
        return y * y;
      },
      {leaf({0.5, -1.5, 2.0}), leaf({1.1, 0.7, -0.3})});
}

TEST(InPlace, TheResultTakesTheNewHistory) {
  const Tensor x = leaf({1, 2});
  Tensor y = x * 2;
  EXPECT_EQ(y.grad_fn()->name(), "MulBackward0");
  const Tensor same = y;
  y.add_(1).exp_();
  EXPECT_EQ(y.grad_fn()->name(), "ExpBackward0");
  EXPECT_TRUE(same.is_same(y));
  EXPECT_EQ(y._version(), 2);
}

TEST(InPlace, APlainTensorJoinsTheGraph) {
  const Tensor x = leaf({2, 3});
  Tensor sum = zeros({2}, kDouble);
  EXPECT_TRUE(sum.is_leaf() && !sum.requires_grad());
  sum.add_(x);
  sum.addcmul_(x, x);
  EXPECT_TRUE(!sum.is_leaf() && sum.requires_grad());
  sum.sum().backward();
  expect_equal(x.grad(), {5, 7});
}

TEST(InPlace, OverwritingForgets) {
  const Tensor x = leaf({1, 2, 3});
  Tensor y = x * 2;
  y.slice(0, 0, 2).zero_();
  (y * 5).sum().backward();
  expect_equal(x.grad(), {0, 0, 10});
  const Tensor z = leaf({1, 2});
  Tensor w = z * 3;
  w.fill_(4);
  w.sum().backward();
  expect_equal(z.grad(), {0, 0});
}

TEST(InPlace, AFailedChangeLeavesItsTargetAlone) {
  const Tensor x = leaf({1, 2});
  Tensor y = x * 2;
  EXPECT_ERROR("[2] and [3]", y.add_(ones({3}, kDouble)));
  EXPECT_ERROR("can't be cast", ones({2}, kLong).mul_(0.5));
  EXPECT_EQ(y._version(), 0);
  EXPECT_EQ(y.grad_fn()->name(), "MulBackward0");
  y.sum().backward();
  expect_equal(x.grad(), {2, 2});
}

TEST(InPlace, AnOperandMayBeTheTarget) {
  Tensor x = tensor({1., 2., 3.}, kDouble);
  x.add_(x);
  x.mul_(x);
  expect_equal(x, {4, 16, 36});
  Tensor y = ramp(6);
  y.slice(0, 1, 6).add_(y.slice(0, 0, 5));  // as if the right side had been read first
  expect_equal(y, {1, 3, 5, 7, 9, 11});
}

// Longer than a vector, a tile, a thread's share: the right side is read before the left one changes.
TEST(InPlace, OperandsThatOverlapAreReadFirst) {
  for (const int64_t n : {9, 100, 5000, 200000}) {
    const Tensor start = arange(n, kDouble) % 97;
    for (const auto& [to, from] : {std::pair<int64_t, int64_t>(1, 0), {0, 1}, {3, 0}}) {
      Tensor y = start.clone();
      const int64_t length = n - std::max(to, from);
      const Tensor want = y.narrow(0, to, length) + y.narrow(0, from, length).clone();
      y.narrow(0, to, length).add_(y.narrow(0, from, length));
      EXPECT_TRUE(equal(y.narrow(0, to, length), want)) << n << " " << to << " " << from;
    }
    Tensor rows = start.narrow(0, 0, n / 9 * 9).clone().view({-1, 9});
    const Tensor sum = rows + rows[0].clone();
    rows.add_(rows[0]);
    EXPECT_TRUE(equal(rows, sum)) << n;
  }
  Tensor square = arange(10000, kFloat).view({100, 100});
  const Tensor symmetric = square + square.t().contiguous();
  square.add_(square.t());
  EXPECT_TRUE(equal(square, symmetric));
}

// ---- views
// ------------------------------------------------------------------------------------------------------------

TEST(Views, AChangeOfAViewReachesItsBase) {
  expect_right(
      [](In in) {
        Tensor base = in[0] * 1.5;
        base.slice(0, 1, 3).mul_(in[1]);
        return base * base;
      },
      {leaf({1, 2, 3, 4}), leaf({0.5, -2})});
  const Tensor x = leaf({1, 2, 3});
  Tensor base = x * 1;
  Tensor view = base.slice(0, 0, 2);
  view.mul_(10);
  EXPECT_EQ(base._version(), 1);
  EXPECT_EQ(view._version(), 1);
  base.sum().backward();
  expect_equal(x.grad(), {10, 10, 1});
}

TEST(Views, AChangeOfTheBaseReachesItsViews) {
  expect_right(
      [](In in) {
        Tensor base = in[0] * 1.5;
        const Tensor view = base.reshape({2, 2}).t();
        base.mul_(in[1]);
        return view * view;
      },
      {leaf({1, 2, 3, 4}), leaf({0.5, -2, 3, 1})});
  const Tensor x = leaf({1, 2, 3});
  Tensor base = x * 1;
  const Tensor view = base.slice(0, 1, 3);
  base.mul_(5);
  expect_equal(view, {10, 15});
  view.sum().backward();
  expect_equal(x.grad(), {0, 5, 5});
}

TEST(Views, OfViews) {
  expect_right(
      [](In in) {
        Tensor base = in[0] * 2;
        Tensor rows = base.view({2, 3});
        Tensor column = rows.select(1, 1);
        column.mul_(in[1]);         // through two views
        rows.select(0, 0).add_(1);  // through one
        const Tensor late = base.slice(0, 1, 5);
        base.mul_(in[0]);  // and underneath all of them
        return rows * rows + late.sum() * column.sum();
      },
      {leaf({1, -2, 3, 0.5, 2, -1}), leaf({0.5, -2})});
}

TEST(Views, SiblingsSeeEachOther) {
  const Tensor x = leaf({1, 2, 3, 4});
  Tensor base = x * 1;
  Tensor left = base.slice(0, 0, 3), right = base.slice(0, 1, 4);
  left.mul_(10);
  expect_equal(right, {20, 30, 4});
  right.mul_(2);
  expect_equal(left, {10, 40, 60});
  const auto g = grad({left.sum() + right.sum()}, {x});
  expect_equal(g[0], {10, 40, 40, 2});
}

TEST(Views, CopiesIntoSlices) {
  expect_right(
      [](In in) {
        Tensor y = zeros({3, 2}, kDouble);
        y.select(0, 0).copy_(in[0]);
        y.slice(0, 1, 3).copy_(in[1]);
        y[0][1] = in[1][0] * 2;
        return y * y;
      },
      {leaf({1, 2}), leaf({3, 4})});
  const Tensor x = leaf({1, 2});
  Tensor y = ones({2, 2}, kDouble);
  y[1] = x;
  (y * ramp(4).view({2, 2})).sum().backward();
  expect_equal(x.grad(), {3, 4});
  Tensor whole = zeros({2}, kFloat);
  whole.copy_(x);
  EXPECT_EQ(whole.scalar_type(), kFloat);
  whole.sum().backward();
  expect_equal(x.grad(), {4, 5});
  // What was overwritten has a gradient, of zeros.
  const Tensor old = leaf({1, 2});
  Tensor over = old * 3.0;
  over.copy_(ones({2}, kDouble));
  over.sum().backward();
  expect_equal(old.grad(), {0, 0});
}

TEST(Views, OfWhatIsTransposedInPlace) {
  expect_right(
      [](In in) {
        Tensor y = in[0].reshape({2, 3}) * 1.0;
        const Tensor row = y.select(0, 1);
        y.transpose_(0, 1);
        y.unsqueeze_(0);
        y.mul_(in[0].narrow(0, 0, 2));
        return row * row + y.sum();
      },
      {leaf({1, 2, 3, 4, 5, 6})});
}

// A view whose base has changed learns of it even if it is asked while nothing is recorded.
TEST(Views, RenewedWithoutRecording) {
  const Tensor x = leaf({1, 2});
  Tensor base = x * 1.0;
  const Tensor first = base.narrow(0, 0, 1);
  base.mul_(5);
  {
    NoGradGuard off;
    EXPECT_TRUE(first.requires_grad());
    EXPECT_TRUE(first.grad_fn());
  }
  (first * 2).sum().backward();
  expect_equal(x.grad(), {10, 0});
}

TEST(Views, TransposedExpandedAndStrided) {
  expect_right(
      [](In in) {
        Tensor base = in[0] * 1.0;
        base.view({2, 3}).t().select(0, 2).mul_(3);
        base.as_strided({2}, {3}, 1).add_(in[1]);
        return base.unsqueeze(0).expand({2, 6}) * base;
      },
      {leaf({1, 2, 3, 4, 5, 6}), leaf({7, 8})});
}

TEST(Views, MadeWithoutGradCannotBeChangedWithIt) {
  const Tensor x = leaf({1, 2});
  Tensor base = x * 2;
  Tensor view;
  {
    NoGradGuard off;
    view = base.view({2, 1});
    EXPECT_FALSE(view.requires_grad());
    view.add_(1);  // allowed here, and unseen by the graph
  }
  EXPECT_EQ(base._version(), 1);
  EXPECT_ERROR("A view was created in no_grad mode and is being modified inplace with grad mode enabled",
               view.add_(x.view({2, 1})));
  base.sum().backward();
  expect_equal(x.grad(), {2, 2});
}

TEST(Views, AViewOfAPlainTensorTakesItIntoTheGraph) {
  const Tensor x = leaf({3});
  Tensor base = zeros({3}, kDouble);
  Tensor view = base.slice(0, 1, 2);
  view.add_(x);
  EXPECT_TRUE(base.requires_grad() && !base.is_leaf());
  (base * ramp(3)).sum().backward();
  expect_equal(x.grad(), {2});
}

TEST(Views, ALoopThatFillsATensor) {
  expect_right(
      [](In in) {
        Tensor states = zeros({4, 2}, kDouble);
        Tensor h = in[0];
        for (int64_t t = 0; t < 4; ++t) {
          h = tanh(h * in[1]);
          states[t] = h;
        }
        return states;
      },
      {leaf({0.5, -1}), leaf({1.5, 0.7})});
}

TEST(Views, HooksAndRetainedGradientsStayWithTheTensor) {
  const Tensor x = leaf({1, 2});
  Tensor y = x * 2;
  y.retain_grad();
  const Tensor z = y * 3;
  z.sum().backward();
  expect_equal(y.grad(), {3, 3});
  expect_equal(x.grad(), {6, 6});
}

TEST(Views, SplitsAreViews) {
  const Tensor x = leaf({1, 2, 3, 4});
  const Tensor base = x * 1;
  const auto parts = base.split(2);
  EXPECT_TRUE(parts[1].is_alias_of(base));
  const auto rows = base.view({2, 2}).unbind(0);
  (parts[0] * 2).sum().backward({}, true);
  (rows[1] * 3).sum().backward();
  expect_equal(x.grad(), {2, 2, 3, 3});
}

TEST(Views, StridedBeyondWhatTheyView) {
  const Tensor x = tensor({1.0, 2.0, 3.0, 4.0, 5.0, 6.0}, kDouble).requires_grad_();
  const Tensor middle = (x * 1).slice(0, 2, 4);  // elements 2 and 3
  middle.as_strided({4}, {1}, 0).sum().backward();
  expect_equal(x.grad(), {0, 0, 1, 1, 0, 0});
  x.mutable_grad().zero_();
  (x * 1).slice(0, 2, 4).as_strided({3}, {1}, 3).sum().backward();
  expect_equal(x.grad(), {0, 0, 0, 1, 0, 0});
}

TEST(Views, AsStridedInPlaceTakesItsGradientAlong) {
  const Tensor x = tensor({1.0, 2.0, 3.0, 4.0, 5.0, 6.0}, kDouble).requires_grad_();
  Tensor y = x * 2;
  EXPECT_TRUE(as_strided_(y, {2, 2}, {2, 1}, 1).is_same(y));
  EXPECT_EQ(y.sizes(), (std::vector<int64_t>{2, 2}));
  EXPECT_EQ(y.storage_offset(), 1);
  (y * tensor({1.0, 10.0, 100.0, 1000.0}, kDouble).view({2, 2})).sum().backward();
  expect_equal(x.grad(), {0, 2, 20, 200, 2000, 0});
  EXPECT_THROW(Tensor(x).as_strided_({2}, {1}), Error);
  NoGradGuard off;
  Tensor plain = arange(6);
  plain.as_strided_({2}, {3}).fill_(9);
  expect_equal(plain, {9, 9});
}

TEST(Views, ADiagonalThatIsFilledHasNoGradient) {
  const Tensor x = ones({5, 2}, kDouble).requires_grad_();
  Tensor y = x * 3;
  y.fill_diagonal_(7, true);
  y.sum().backward();
  expect_equal(x.grad().reshape(-1), {0, 3, 3, 0, 3, 3, 0, 3, 3, 0});
  expect_equal(zeros({2, 5}, kDouble).t().fill_diagonal_(1, true).reshape(-1), {1, 0, 0, 1, 0, 0, 1, 0, 0, 1});
}

TEST(Views, SetTakesTheElementsOfAnother) {
  Tensor x = zeros({2}, kDouble), source = arange(6, kDouble).view({2, 3});
  EXPECT_TRUE(x.set_(source).is_same(x));
  EXPECT_TRUE(x.is_set_to(source));
  x.set_(source.storage(), 1, {2, 2}, {3, 1});
  expect_equal(x.reshape(-1), {1, 2, 4, 5});
  EXPECT_FALSE(x.is_set_to(source));
  x.set_(source, 2, {2});
  expect_equal(x, {2, 3});
  x.set_(source.storage());
  EXPECT_EQ(x.sizes(), (std::vector<int64_t>{static_cast<int64_t>(source.storage()->nbytes() / 8)}));
  x.set_();
  EXPECT_EQ(x.numel(), 0);
  Tensor view = source[0];
  view.set_(ones({2}, kDouble)).add_(1);  // no longer a view
  expect_equal(source.reshape(-1), {0, 1, 2, 3, 4, 5});
  Tensor parameter = ones({2}, kDouble).requires_grad_();
  {
    NoGradGuard off;
    parameter.set_(source);
  }
  (parameter * 2).sum().backward();
  EXPECT_EQ(parameter.grad().sizes(), (std::vector<int64_t>{2, 3}));
}

TEST(Views, SetIsSeenByWhoSavedTheTensor) {
  const Tensor w = ones({2}, kDouble).requires_grad_();
  Tensor x = ones({2}, kDouble);
  const Tensor y = w * x;
  x.set_(zeros({2}, kDouble));
  EXPECT_THROW(y.sum().backward(), Error);
  x.fill_(1);  // several changes of the old elements are not more than one of the new
  x.fill_(2);
  const Tensor z = w * x;
  x.set_(zeros({2}, kDouble));
  EXPECT_THROW(z.sum().backward(), Error);
}

// ---- versions
// ---------------------------------------------------------------------------------------------------------

TEST(Versions, CountChangesOfTheMemory) {
  Tensor x = ones({4}, kDouble);
  const Tensor view = x.view({2, 2}), cut = x.detach(), copy = x.clone();
  EXPECT_EQ(x._version(), 0);
  x.add_(1);
  view.mul_(2);
  cut.zero_();
  EXPECT_EQ(x._version(), 3);
  EXPECT_EQ(view._version(), 3);
  EXPECT_EQ(cut._version(), 3);
  EXPECT_EQ(copy._version(), 0);
  x.copy_(copy);
  x.fill_(2);
  x[0] = 1;
  EXPECT_EQ(x._version(), 6);
}

}  // namespace
