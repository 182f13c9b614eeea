// Indexing as PyTorch has it: shapes, values, gradients and errors. Expected values are PyTorch 2's.
#include <gtest/gtest.h>

#include <cmath>

#include "gradus/gradus.h"

using namespace gradus;
using indexing::Ellipsis;
using indexing::None;
using indexing::Slice;
using indexing::TensorIndex;

namespace {

using List = std::vector<TensorIndex>;
using Shape = std::vector<int64_t>;

Tensor numbers(const Shape& shape) { return arange(count_elements(shape), kFloat).reshape(shape); }
Tensor places(std::vector<int64_t> v) { return tensor(v); }
Tensor mask(const Shape& shape) { return ones(shape, kBool); }

void expect_is(const Tensor& got, const Shape& shape, const std::vector<double>& values) {
  ASSERT_EQ(got.sizes().vec(), shape);
  const Tensor d = got.to(kDouble).contiguous();
  for (size_t i = 0; i < values.size(); ++i) EXPECT_EQ(d.data_ptr<double>()[i], values[i]) << "element " << i;
}

template <class E = Error, class F>
void expect_error(const F& f, const std::string& words) {
  try {
    f();
    ADD_FAILURE() << "no error; expected: " << words;
  } catch (const E& e) {
    EXPECT_NE(std::string(e.what()).find(words), std::string::npos) << "got: " << e.what() << "\nexpected: " << words;
  }
}

TEST(Index, ShapesAsInPyTorch) {
  const Tensor x = numbers({2, 3, 4});
  const struct {
    List list;
    Shape shape;
  } cases[] = {
      {{0}, {3, 4}},
      {{-1, 2}, {4}},
      {{1, 2, 3}, {}},
      {{Slice()}, {2, 3, 4}},
      {{Slice(1)}, {1, 3, 4}},
      {{Slice(None, None, 2), Slice(1, 3)}, {1, 2, 4}},
      {{None, 0}, {1, 3, 4}},
      {{0, None}, {1, 3, 4}},
      {{"...", 1}, {2, 3}},
      {{Ellipsis, None}, {2, 3, 4, 1}},
      {{0, "...", 0}, {3}},
      {{true}, {1, 2, 3, 4}},
      {{false}, {0, 2, 3, 4}},
      {{None, true}, {1, 1, 2, 3, 4}},
      {{places({0, 1})}, {2, 3, 4}},
      {{places({0, 1, 1, 0})}, {4, 3, 4}},
      {{Slice(), places({0, 1}), places({1, 2})}, {2, 2}},
      {{places({0, 1}), Slice(), places({1, 2})}, {2, 3}},
      {{0, Slice(), places({1, 2})}, {3, 2}},
      {{places({0, 1}), None, places({0, 1})}, {2, 1, 4}},
      {{true, places({0, 1})}, {2, 3, 4}},
      {{Slice(), true, places({0, 1})}, {2, 2, 4}},
      {{places({0, 1}).reshape({1, 2}), Slice(), places({1, 2})}, {1, 2, 3}},
      {{Slice(), places({0, 1}).reshape({2, 1}), places({0, 1, 3})}, {2, 2, 3}},
      {{mask({2, 3}), Slice(1, 3)}, {6, 2}},
      {{mask({2, 3}), 0}, {6}},
      {{mask({2, 3}), None}, {6, 1, 4}},
      {{mask({2, 3}), "...", 1}, {6}},
      {{Slice(), mask({3, 4})}, {2, 12}},
      {{tensor(1)}, {3, 4}},
      {{tensor(true)}, {1, 2, 3, 4}},
      {{tensor(1).to(kUInt8)}, {1, 2, 3, 4}},
      {{tensor({1, 0}).to(kUInt8)}, {1, 3, 4}},
      {{tensor({1, 0}).to(kInt)}, {2, 3, 4}},
  };
  for (const auto& c : cases) {
    std::string what;
    for (const TensorIndex& i : c.list) what += i.is_tensor() ? str("tensor", i.tensor().sizes(), " ") : str(i, " ");
    try {
      EXPECT_EQ(x.index(c.list).sizes().vec(), c.shape) << what;
    } catch (const Error& e) {
      ADD_FAILURE() << what << e.what();
    }
  }
}

TEST(Index, Values) {
  const Tensor x = numbers({3, 4});
  expect_is(x.index({1}), {4}, {4, 5, 6, 7});
  expect_is(x.index({"...", -1}), {3}, {3, 7, 11});
  expect_is(x.index({Slice(None, None, 2), Slice(1, 4, 2)}), {2, 2}, {1, 3, 9, 11});
  expect_is(x.index({places({2, -3}), places({1, -1})}), {2}, {9, 3});
  expect_is(x.index({places({2, 0}).reshape({2, 1}), places({1, 3})}), {2, 2}, {9, 11, 1, 3});
  expect_is(x.index({Slice(), places({3, 3})}), {3, 2}, {3, 3, 7, 7, 11, 11});
  expect_is(x.index({x > 6}), {5}, {7, 8, 9, 10, 11});
  expect_is(x.t().index({places({3, 0})}), {2, 3}, {3, 7, 11, 0, 4, 8});
  expect_is(x[places({2, 2})], {2, 4}, {8, 9, 10, 11, 8, 9, 10, 11});
  expect_is(x[2][1], {}, {9});
  expect_is(x[tensor({true, false, true})], {2, 4}, {0, 1, 2, 3, 8, 9, 10, 11});
}

TEST(Index, SlicesAreViewsAndTensorsCopy) {
  const Tensor x = numbers({3, 4});
  EXPECT_TRUE(x.index({Slice(1)}).is_alias_of(x));
  EXPECT_TRUE(x.index({Slice()}).is_alias_of(x));
  EXPECT_TRUE(x.index({"..."}).is_alias_of(x));
  EXPECT_FALSE(x.index({places({0})}).is_alias_of(x));
}

TEST(Index, Put) {
  Tensor x = numbers({3, 4});
  x.index_put_({1}, 0);
  expect_is(x[1], {4}, {0, 0, 0, 0});
  x.index_put_({Slice(), 0}, tensor({7., 8., 9.}));
  expect_is(x.index({Slice(), 0}), {3}, {7, 8, 9});
  x.index_put_({places({0, 2})}, -1);
  expect_is(x, {3, 4}, {-1, -1, -1, -1, 8, 0, 0, 0, -1, -1, -1, -1});
  x.index_put_({x < 0}, 5);
  expect_is(x, {3, 4}, {5, 5, 5, 5, 8, 0, 0, 0, 5, 5, 5, 5});
  x.index_put_({Slice(0, 1)}, numbers({1, 1, 1, 4}));  // leading ones do not count
  expect_is(x[0], {4}, {0, 1, 2, 3});
  x.index_put_({places({1, 2}), places({1, 3})}, tensor({10., 20.}));
  EXPECT_EQ(x[1][1].item<float>(), 10);
  EXPECT_EQ(x[2][3].item<float>(), 20);
  x[0] = 4;
  expect_is(x[0], {4}, {4, 4, 4, 4});
  x.t().index_put_({places({0})}, 6);
  expect_is(x.index({Slice(), 0}), {3}, {6, 6, 6});
}

TEST(Index, PutAccumulates) {
  const Tensor x = zeros({3});
  index_put_(x, {std::optional<Tensor>(places({1, 1, -1, 1}))}, tensor({1., 2., 3., 4.}), true);
  expect_is(x, {3}, {0, 7, 3});
}

TEST(Index, GradientsReachWhatWasPicked) {
  const Tensor x = numbers({3, 4}).requires_grad_();
  x.index({places({0, 0, 2})}).sum().backward();
  expect_is(x.grad(), {3, 4}, {2, 2, 2, 2, 0, 0, 0, 0, 1, 1, 1, 1});
}

TEST(Index, GradientsOfPutThroughAView) {
  const Tensor x = numbers({3, 4}).requires_grad_(), v = ones({2}).requires_grad_();
  Tensor y = x * 2;
  y.index_put_({1, places({0, 3})}, v);
  (y * numbers({3, 4})).sum().backward();
  expect_is(x.grad(), {3, 4}, {0, 2, 4, 6, 0, 10, 12, 0, 16, 18, 20, 22});
  expect_is(v.grad(), {2}, {4, 7});
}

TEST(Index, ErrorsInPyTorchsWords) {
  const Tensor x = numbers({2, 3});
  expect_error<IndexError>([&] { x.index({0, 0, 0}); }, "too many indices for tensor of dimension 2");
  expect_error<IndexError>([&] { x.index({2}); }, "index 2 is out of bounds for dimension 0 with size 2");
  expect_error<IndexError>([&] { x.index({places({2})}); }, "index 2 is out of bounds for dimension 0 with size 2");
  expect_error<IndexError>([&] { x.index({places({-3})}); }, "index -3 is out of bounds for dimension 0 with size 2");
  expect_error<IndexError>([&] { x.index({tensor({1.})}); },
                           "tensors used as indices must be long, int, byte or bool tensors");
  expect_error<IndexError>(
      [&] { x.index({mask({3})}); },
      "The shape of the mask [3] at index 0 does not match the shape of the indexed tensor [2, 3]");
  expect_error<IndexError>(
      [&] {
        x.index({mask({2, 2})});
      },
      "The shape of the mask [2, 2] at index 1 does not match the shape of the indexed tensor "
      "[2, 3] at index 1");
  expect_error<IndexError>(
      [&] {
        x.index({places({0, 1, 0}), places({0, 1})});
      },
      "shape mismatch: indexing tensors could not be broadcast together with shapes [3], [2]");
  expect_error<IndexError>([&] { tensor(3.).index({0}); }, "too many indices for tensor of dimension 0");
  expect_error([&] { x.index({Slice(None, None, -1)}); }, "step must be greater than zero");
  expect_error([&] { Slice(None, None, 0); }, "slice step cannot be zero");
  expect_error([&] { TensorIndex("abc"); }, "Expected \"...\" to represent an ellipsis index");
  expect_error(
      [&] {
        x.index_put_({places({0})}, ones({2, 2}));
      },
      "shape mismatch: value tensor of shape [2, 2] cannot be broadcast to indexing result of shape [1, 3]");
  const Tensor before = x.clone();
  expect_error([&] { x.index_put_({places({0, 5})}, 1); }, "out of bounds");
  EXPECT_TRUE(x.equal(before)) << "a failed operation changes nothing";
}

TEST(Index, AlongADimension) {
  const Tensor x = numbers({2, 3});
  expect_is(x.index_select(1, places({2, 2, 0})), {2, 3}, {2, 2, 0, 5, 5, 3});
  expect_is(x.t().index_select(0, places({1})), {1, 2}, {1, 4});
  expect_is(tensor(3.).index_select(0, places({0})), {}, {3});
  expect_is(x.gather(0, tensor({{1, 0}})), {1, 2}, {3, 1});
  expect_is(x.t().gather(1, tensor({{1}, {0}, {1}})), {3, 1}, {3, 1, 5});
  expect_is(zeros({3}).scatter(0, places({2, 0}), tensor({5., 6.})), {3}, {6, 0, 5});
  expect_is(zeros({3}).scatter_add(0, places({2, 2}), tensor({5., 6.})), {3}, {0, 0, 11});
  expect_is(x.index_add(0, places({1, 1}), x, 2), {2, 3}, {0, 1, 2, 9, 14, 19});
  expect_is(take(x, places({-1, 0})), {2}, {5, 0});
  expect_is(x.masked_select(tensor({true, false, true})), {4}, {0, 2, 3, 5});
  expect_is(x.nonzero(), {5, 2}, {0, 1, 0, 2, 1, 0, 1, 1, 1, 2});
  expect_is(tensor(3.).nonzero(), {1, 0}, {});
  expect_is(tensor(0.).nonzero(), {0, 0}, {});
}

TEST(Index, ErrorsAlongADimension) {
  const Tensor x = numbers({2, 3});
  expect_error<IndexError>([&] { x.index_select(0, places({2})); }, "index out of range in self");
  expect_error<IndexError>([&] { x.index_select(0, places({-1})); }, "index out of range in self");
  expect_error<IndexError>(
      [&] {
        x.index_select(0, places({0}).reshape({1, 1}));
      },
      "index_select(): Index is supposed to be a vector");
  expect_error([&] { x.index_select(0, tensor({1.})); }, "index_select(): Expected dtype int32 or int64 for index");
  expect_error<IndexError>([&] { x.index_select(2, places({0})); }, "Dimension out of range (expected to be in range");
  expect_error([&] { x.gather(0, tensor({{2}})); }, "index 2 is out of bounds for dimension 0 with size 2");
  expect_error([&] { x.gather(0, tensor({{-1}})); }, "index -1 is out of bounds for dimension 0 with size 2");
  expect_error([&] { x.gather(0, places({0})); },
               "Index tensor must have the same number of dimensions as input tensor");
  expect_error([&] { x.gather(0, tensor({{0.}})); }, "gather(): Expected dtype int32/int64 for index");
  expect_error(
      [&] {
        x.gather(0, zeros({1, 4}, kLong));
      },
      "Size does not match at dimension 1 expected index [1, 4] to be no larger than self [2, 3] apart from "
      "dimension 0");
  expect_error([&] { x.scatter(0, tensor({{5}}), x); }, "index 5 is out of bounds for dimension 0 with size 2");
  expect_error([&] { x.scatter(0, tensor({{0}}), x.to(kDouble)); },
               "scatter(): Expected self.dtype to be equal to src.dtype");
  expect_error([&] { x.scatter_add(0, zeros({3, 3}, kLong), x); }, "Expected index [3, 3] to be no larger than self");
  expect_error([&] { x.index_add(0, places({5}), x.slice(0, 0, 1)); },
               "index 5 is out of bounds for dimension 0 with size 2");
  expect_error(
      [&] {
        x.index_add(0, places({0, 1, 1}), x);
      },
      "index_add_(): Number of indices (3) should be equal to source.size(dim): (2), for dim: 0");
  expect_error([&] { x.index_add(0, places({0}), x.slice(0, 0, 1).slice(1, 0, 2)); },
               "source tensor shape must match self tensor shape, excluding the specified dimension. Got self.shape = "
               "[2, 3] source.shape = [1, 2]");
  expect_error<IndexError>([&] { take(x, places({7})); },
                           "out of range: tried to access index 7 on a tensor of 6 elements.");
  expect_error([&] { x.masked_select(places({1, 0, 1})); }, "masked_select: expected BoolTensor for mask");
  expect_error([&] { one_hot(places({0, 3}), 3); }, "Class values must be smaller than num_classes.");
  expect_error([&] { one_hot(places({0, -1})); }, "Class values must be non-negative.");
  expect_error<IndexError>([&] { embedding(x, places({5})); }, "index out of range in self");
  expect_error([&] { x.topk(4); }, "selected index k out of range");
}

TEST(Index, EmbeddingGradientSkipsPaddingAndScales) {
  const Tensor w = numbers({3, 2}).requires_grad_();
  embedding(w, places({1, 0, 1, 2}), 0).sum().backward();
  expect_is(w.grad(), {3, 2}, {0, 0, 2, 2, 1, 1});
  w.mutable_grad().reset();
  embedding(w, places({1, 0, 1, 2}), -1, true).sum().backward();
  expect_is(w.grad(), {3, 2}, {1, 1, 1, 1, 1, 1});
}

TEST(Reduce, TypesAsInPyTorch) {
  const Tensor i = arange(6).reshape({2, 3});
  for (ScalarType t : {kUInt8, kInt, kLong, kBool}) {
    EXPECT_EQ(i.to(t).sum().scalar_type(), kLong);
    EXPECT_EQ(i.to(t).prod().scalar_type(), kLong);
    EXPECT_EQ(i.to(t).cumsum(0).scalar_type(), kLong);
    EXPECT_EQ(i.to(t).max().scalar_type(), t);
    EXPECT_EQ(std::get<0>(i.to(t).max(0)).scalar_type(), t);
    EXPECT_EQ(i.to(t).amax(0).scalar_type(), t);
    EXPECT_EQ(i.to(t).any().scalar_type(), t == kUInt8 ? kUInt8 : kBool);
    EXPECT_EQ(i.to(t).all(0).scalar_type(), t == kUInt8 ? kUInt8 : kBool);
  }
  EXPECT_EQ(i.logsumexp(0).scalar_type(), kFloat);
  EXPECT_EQ(tensor({1.5, 2.5}).sum(kLong).item<int64_t>(), 3);
  EXPECT_EQ(i.mean(kDouble).scalar_type(), kDouble);
  EXPECT_EQ(i.argmax(0).scalar_type(), kLong);
}

TEST(Reduce, OfNothingAndOfOne) {
  const Tensor z = zeros({0, 3});
  EXPECT_EQ(z.sum().item<float>(), 0);
  EXPECT_EQ(z.prod().item<float>(), 1);
  EXPECT_TRUE(std::isnan(z.mean().item<float>()));
  EXPECT_TRUE(z.all().item<bool>());
  EXPECT_FALSE(z.any().item<bool>());
  expect_is(z.sum(0), {3}, {0, 0, 0});
  expect_is(z.all(0), {3}, {1, 1, 1});
  expect_is(z.logsumexp(0), {3}, {-INFINITY, -INFINITY, -INFINITY});
  EXPECT_EQ(z.sum(1).sizes().vec(), Shape{0});
  EXPECT_EQ(z.amax(1).sizes().vec(), Shape{0});
  EXPECT_EQ(std::get<1>(z.max(1)).sizes().vec(), Shape{0});
  EXPECT_EQ(z.cumsum(0).sizes().vec(), (Shape{0, 3}));
  EXPECT_TRUE(std::isnan(tensor(1.).var().item<float>()));
  EXPECT_TRUE(std::isnan(ones({1, 3}).var(OptionalIntArrayRef(0))[1].item<float>()));
  EXPECT_EQ(tensor(3.).sum(0).item<float>(), 3);
  EXPECT_EQ(std::get<1>(tensor(3.).max(0)).item<int64_t>(), 0);
  EXPECT_EQ(std::get<0>(tensor(3.).sort()).item<float>(), 3);
  EXPECT_EQ(std::get<0>(tensor(3.).topk(1)).item<float>(), 3);
  EXPECT_EQ(tensor({INFINITY, 1.}).logsumexp(0).item<float>(), INFINITY);
  EXPECT_EQ(tensor({-INFINITY, -INFINITY}).logsumexp(0).item<float>(), -INFINITY);
}

// It wrote past the result when the gradient had more elements than the indices name.
TEST(Index, AGradientOfAnotherShapeIsRefused) {
  const std::optional<Tensor> rows(tensor({0, 2}));
  EXPECT_NO_THROW(index_backward(ones({2, 3}), {4, 3}, {rows}));
  for (const Tensor& g : {ones({4, 3}), ones({2}), ones({3, 2})})
    EXPECT_THROW(index_backward(g, {4, 3}, {rows}), Error);
  EXPECT_THROW(index_backward(ones({2, 3}), {1, 3}, {std::optional<Tensor>()}), Error);
}

TEST(Reduce, ErrorsInPyTorchsWords) {
  const Tensor z = zeros({0, 3}), x = ones({2, 3}), i = arange(6).reshape({2, 3});
  expect_error([&] { z.max(); },
               "max(): Expected reduction dim to be specified for input.numel() == 0. Specify the reduction dim with "
               "the 'dim' argument.");
  expect_error<IndexError>([&] { z.max(0); }, "max(): Expected reduction dim 0 to have non-zero size.");
  expect_error<IndexError>([&] { z.amax(0); }, "amax(): Expected reduction dim 0 to have non-zero size.");
  expect_error<IndexError>([&] { z.argmax(); }, "argmax(): Expected reduction dim to be specified");
  expect_error([&] { i.mean(); },
               "mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. "
               "Got: Long");
  expect_error([&] { x.sum({0, 0}); }, "dim 0 appears multiple times in the list of dims");
  expect_error<IndexError>([&] { x.sum(2); }, "Dimension out of range (expected to be in range of [-2, 1], but got 2)");
  expect_error([&] { i.var(); }, "std and var only support floating point and complex dtypes");
  expect_error([&] { i.norm(); }, "linalg.vector_norm: Expected a floating point or complex tensor as input. Got Long");
  expect_error([&] { z.norm(INFINITY); }, "norm on an empty tensor because the operation does not have an identity");
}

TEST(Reduce, TiesShareTheGradientOrTheFirstTakesIt) {
  Tensor x = tensor({1., 3., 3., 2.}).requires_grad_();
  x.max().backward();
  expect_is(x.grad(), {4}, {0, 0.5, 0.5, 0});
  x.mutable_grad().reset();
  x.amax(0).backward();
  expect_is(x.grad(), {4}, {0, 0.5, 0.5, 0});
  x.mutable_grad().reset();
  std::get<0>(x.max(0)).backward();
  expect_is(x.grad(), {4}, {0, 1, 0, 0});
}

TEST(Reduce, SubgradientZeroAtZero) {
  for (const Scalar p : {Scalar(1), Scalar(2), Scalar(1.5), Scalar(3), Scalar(0)}) {
    const Tensor x = zeros({3}).requires_grad_();
    x.norm(p).backward();
    expect_is(x.grad(), {3}, {0, 0, 0});
  }
  const Tensor x = ones({3}).requires_grad_();
  x.std().backward();
  expect_is(x.grad(), {3}, {0, 0, 0});
}

// Found by random programs.
TEST(MaskedScatter, OfASingleElement) {
  for (const bool on : {false, true}) {
    const Tensor x = tensor(1.5, kDouble).requires_grad_(), source = tensor(2.5, kDouble).requires_grad_();
    const Tensor y = masked_scatter(x, tensor(on), source);
    EXPECT_EQ(y.dim(), 0);
    EXPECT_EQ(y.item<double>(), on ? 2.5 : 1.5);
    const auto g = autograd::grad({y}, {x, source});
    EXPECT_EQ(g[0].item<double>(), on ? 0 : 1);
    EXPECT_EQ(g[1].item<double>(), on ? 1 : 0);
    EXPECT_EQ(x.detach().clone().masked_scatter_(tensor(on), source.detach()).item<double>(), on ? 2.5 : 1.5);
  }
}

}  // namespace
