// The handle: identity, access, factories, assignment, and the words of its errors.
#include "gradus/tensor/tensor.h"

#include <gtest/gtest.h>

#include <limits>

#include "gradus/gradus.h"
#include "gradus/tests/misuse.h"

using namespace gradus;

namespace {

using gradus_tests::error_of;

#define EXPECT_ERROR(text, ...)                                                            \
  {                                                                                        \
    const std::string got = error_of([&] { __VA_ARGS__; });                                \
    EXPECT_NE(got.find(text), std::string::npos) << "wanted " << text << "\n got " << got; \
  }

TEST(Tensor, IsOnePointerAndACopyIsTheSame) {
  static_assert(sizeof(Tensor) == sizeof(void*));
  const Tensor a = ones({2, 3}), b = a;
  EXPECT_TRUE(b.is_same(a));
  EXPECT_EQ(a.use_count(), 2u);
  EXPECT_EQ(a.dim(), 2);
  EXPECT_EQ(a.size(-1), 3);
  EXPECT_EQ(a.stride(0), 3);
  EXPECT_EQ(a.numel(), 6);
  EXPECT_EQ(a.nbytes(), 24u);
  EXPECT_EQ(a.element_size(), 4u);
  EXPECT_TRUE(a.is_contiguous() && a.is_floating_point() && a.is_signed() && a.is_cpu() && !a.is_cuda());
  Tensor none;
  EXPECT_FALSE(none.defined());
  EXPECT_EQ(none.use_count(), 0u);
  EXPECT_ERROR("undefined", none.sizes());
  EXPECT_ERROR("undefined", none + a);
}

TEST(Tensor, Items) {
  EXPECT_EQ(tensor(2.5).item<double>(), 2.5);
  EXPECT_EQ(tensor({{7}}).item<int>(), 7);
  EXPECT_TRUE(tensor(true).item<bool>());
  EXPECT_EQ(tensor(int64_t{9007199254740993}).item<int64_t>(), 9007199254740993);
  EXPECT_ERROR("a Tensor with 2 elements cannot be converted to Scalar", tensor({1, 2}).item());
  EXPECT_ERROR("expected scalar type Double but found Float", ones({1}).data_ptr<double>());
  EXPECT_TRUE(tensor(0.5).is_nonzero() && !tensor(0).is_nonzero());
}

TEST(Tensor, Literals) {
  EXPECT_EQ(tensor({{1, 2, 3}, {4, 5, 6}}).sizes(), (std::vector<int64_t>{2, 3}));
  EXPECT_EQ(tensor({1, 2}).scalar_type(), kLong);
  EXPECT_EQ(tensor({1.f, 2.f}).scalar_type(), kFloat);
  EXPECT_EQ(tensor({1., 2.}).scalar_type(), kFloat);
  EXPECT_EQ(tensor({true}).scalar_type(), kBool);
  EXPECT_EQ(tensor({1, 2}, kDouble).scalar_type(), kDouble);
  EXPECT_EQ(tensor(std::vector<int64_t>{4, 5})[1].item<int>(), 5);
  EXPECT_EQ(tensor({{}, {}}).sizes(), (std::vector<int64_t>{2, 0}));
  EXPECT_TRUE(tensor({1.5}, requires_grad()).requires_grad());
  EXPECT_ERROR("Expected all sub-lists to have sizes: [2]", tensor({{1, 2}, {3}}));
  EXPECT_ERROR("Expected all elements of the tensor to have the same scalar type", tensor({{1, 2}, {3., 4.}}));
}

TEST(Tensor, Factories) {
  EXPECT_TRUE(equal(arange(3), tensor({0, 1, 2})));
  EXPECT_TRUE(equal(arange(1, 2, 0.5), tensor({1., 1.5})));
  EXPECT_TRUE(equal(arange(5, 0, -2), tensor({5, 3, 1})));
  EXPECT_EQ(arange(0, 0).numel(), 0);
  EXPECT_TRUE(allclose(linspace(0, 1, 5), tensor({0., 0.25, 0.5, 0.75, 1.})));
  EXPECT_EQ(full({2}, 3).scalar_type(), kLong);
  EXPECT_EQ(full({2}, 3.5).scalar_type(), kFloat);
  EXPECT_EQ(eye(2, 3).sum().item<float>(), 2);
  EXPECT_EQ(zeros_like(ones({2}, kLong)).scalar_type(), kLong);
  EXPECT_EQ(ones({}).dim(), 0);
  EXPECT_EQ(ones(4).sizes(), (std::vector<int64_t>{4}));
  EXPECT_ERROR("step must be nonzero", arange(0, 5, 0));
  EXPECT_ERROR("upper bound and lower bound inconsistent with step sign", arange(5, 0, 1));
  EXPECT_ERROR("negative dimension -1: [-1]", empty({-1}));
}

TEST(Tensor, MemoryOfSomebodyElse) {
  float own[6] = {0, 1, 2, 3, 4, 5};
  Tensor t = from_blob(own, {2, 3});
  t.add_(1);
  EXPECT_EQ(own[5], 6.f);
  EXPECT_TRUE(equal(from_blob(own, {3, 2}, {1, 3}), t.t()));
  int freed = 0;
  {
    const Tensor last = [&] {
      const Tensor d = from_blob(own, {6}, [&](void* p) { freed += p == own; });
      return d.slice(0, 2, 4);
    }();
    EXPECT_EQ(freed, 0);
    EXPECT_EQ(last[0].item<float>(), 3.f);
  }
  EXPECT_EQ(freed, 1);
}

TEST(Tensor, AssignmentThroughAnIndexWrites) {
  Tensor x = zeros({2, 3});
  x[0] = tensor({1., 2., 3.});
  x[1][2] = 7;
  EXPECT_TRUE(equal(x, tensor({{1., 2., 3.}, {0., 0., 7.}})));
  Tensor row = x[0];
  row = ones({1});  // the handle, not the elements
  EXPECT_EQ(x[0][0].item<float>(), 1.f);
  EXPECT_THROW(x[2], IndexError);
  EXPECT_ERROR("index 3 out of range", x.select(1, 3));
}

TEST(Tensor, ViewsAndCopies) {
  const Tensor x = arange(6, kFloat).reshape({2, 3});
  EXPECT_TRUE(x.view({3, 2}).is_alias_of(x));
  EXPECT_TRUE(x.reshape({6}).is_alias_of(x));
  EXPECT_FALSE(x.t().reshape({6}).is_alias_of(x));
  EXPECT_TRUE(x.contiguous().is_same(x));
  EXPECT_TRUE(x.t().contiguous().is_contiguous());
  EXPECT_FALSE(x.clone().is_alias_of(x));
  EXPECT_TRUE(x.to(kFloat).is_same(x));
  EXPECT_TRUE(equal(x.t().reshape({6}), tensor({0., 3., 1., 4., 2., 5.})));
  const Tensor empty_rows = x.slice(1, 0, 3, 2).slice(0, 2, 2);
  EXPECT_EQ(empty_rows.sizes(), (std::vector<int64_t>{0, 2}));
  EXPECT_TRUE(empty_rows.is_contiguous());
  EXPECT_EQ(empty_rows.view({-1, 2}).numel(), 0);
}

TEST(Tensor, ShapeErrorsSayWhatPyTorchSays) {
  const Tensor x = ones({2, 3});
  EXPECT_ERROR("shape '[4]' is invalid for input of size 6", x.view(4));
  EXPECT_ERROR("only one dimension can be inferred", x.view({-1, -1}));
  EXPECT_ERROR("Use .reshape(...) instead", x.t().view(6));
  EXPECT_ERROR("Dimension out of range (expected to be in range of [-2, 1], but got 2)", x.size(2));
  EXPECT_ERROR("Dimension out of range (expected to be in range of [-2, 1], but got 2)", x.transpose(0, 2));
  EXPECT_ERROR("Dimension out of range (expected to be in range of [-3, 2], but got 4)", x.unsqueeze(4));
  EXPECT_ERROR("must match the size of tensor b (4) at non-singleton dimension 1", x + ones({4}));
  EXPECT_ERROR("start (2) + length (2) exceeds dimension size (3)", x.narrow(1, 2, 2));
  EXPECT_ERROR("The expanded size of the tensor (4) must match the existing size (2)", x.expand({4, 3}));
  EXPECT_ERROR("t() expects a tensor with <= 2 dimensions, but self is 3D", ones({2, 2, 2}).t());
  EXPECT_ERROR("Expected size 3 but got size 4 for tensor number 1 in the list", cat({ones({2, 3}), ones({2, 4})}));
  EXPECT_ERROR("stack expects each tensor to be equal size", stack({ones({2}), ones({3})}));
  EXPECT_ERROR("expected a non-empty list of Tensors", cat({}));
  EXPECT_ERROR("can not be smaller than number of dimensions of tensor", x.repeat({2}));
}

TEST(Tensor, TypeErrorsSayWhatPyTorchSays) {
  EXPECT_ERROR("result type Float can't be cast to the desired output type Int", ones({2}, kInt).mul_(0.5));
  EXPECT_ERROR("result type Long can't be cast to the desired output type Bool", ones({2}, kBool).add_(1));
  EXPECT_ERROR("Subtraction, the `-` operator, with two bool tensors is not supported",
               ones({2}, kBool) - ones({2}, kBool));
  EXPECT_ERROR("Negation, the `-` operator, on a bool tensor is not supported", -ones({2}, kBool));
  EXPECT_ERROR("Integers to negative integer powers are not allowed", pow(tensor({2}), -1));
}

TEST(Tensor, NewLikeThis) {
  const Tensor x = ones({2}, kDouble);
  EXPECT_EQ(x.new_zeros({3}).scalar_type(), kDouble);
  EXPECT_EQ(x.new_ones({3}, kLong).scalar_type(), kLong);
  EXPECT_EQ(x.new_full({2, 2}, 7).sum().item<double>(), 28);
  EXPECT_EQ(x.new_empty({4}).numel(), 4);
  EXPECT_EQ(x.options().dtype(), kDouble);
}

// A small tensor lies in one block with its elements: either may outlive the other.
TEST(Tensor, SmallBlocksLiveAsLongAsTensorOrElements) {
  const int64_t before = memory_stats().live;
  {
    Tensor view;
    {
      const Tensor x = arange(8, kFloat);
      view = x.view({2, 4})[1];
    }
    EXPECT_TRUE(equal(view, tensor({4., 5., 6., 7.})));
    Tensor moved = arange(3, kFloat);
    moved.set_data(full({5}, 2));  // the tensor stays where it is, its elements are elsewhere now
    moved.set_data(full({2000}, 3));
    moved.set_data(full({4}, 4));
    EXPECT_EQ(moved.sum().item<float>(), 16);
    const Tensor grown = arange(4, kFloat);
    grown.resize_({1000});
    EXPECT_EQ(grown[3].item<float>(), 3);
    const auto storage = arange(6, kFloat).storage();  // elements without a tensor
    EXPECT_EQ(storage->nbytes(), 24u);
  }
  EXPECT_EQ(memory_stats().live, before);
}

TEST(Tensor, CopyAndFill) {
  Tensor x = zeros({2, 3});
  x.copy_(tensor({1, 2, 3}));  // broadcast and converted
  EXPECT_TRUE(equal(x, tensor({{1., 2., 3.}, {1., 2., 3.}})));
  x.t().fill_(4);
  EXPECT_EQ(x.sum().item<float>(), 24);
  EXPECT_ERROR("copy_", x.copy_(ones({4})));
  Tensor overlap = arange(6, kFloat);
  overlap.slice(0, 1, 6).copy_(overlap.slice(0, 0, 5));
  EXPECT_TRUE(equal(overlap, tensor({0., 0., 1., 2., 3., 4.})));
}

}  // namespace
