// What tensor operations say when they are misused: PyTorch's words, as programs compare them and people search for
// them.
#include <gtest/gtest.h>

#include <cmath>

#include "gradus/gradus.h"
#include "gradus/tests/misuse.h"

using namespace gradus;
using gradus_tests::expect_words;

namespace {

Tensor a() { return ones({2, 3}); }
Tensor whole() { return tensor({1, 2, 3}); }

TEST(OpsErrors, Pointwise) {
  expect_words({
      {[] { a().div(a(), "up"); }, "div expected rounding_mode to be one of None, 'trunc', or 'floor' but found 'up'"},
      {[] { floor_divide(whole(), whole() * 0); }, "ZeroDivisionError"},
      {[] { clamp(a(), std::optional<Tensor>(), std::optional<Tensor>()); },
       "At least one of 'min' or 'max' must not be None"},
      {[] { a() & a(); }, "\"bitwise_and_cpu\" not implemented for 'Float'"},
      {[] { tensor({true}) << tensor({true}); }, "\"lshift_cpu\" not implemented for 'Bool'"},
      {[] { heaviside(a(), whole()); }, "heaviside is not yet implemented for tensors with different dtypes."},
      {[] { polygamma(-1, a()); }, "polygamma(n, x) does not support negative n."},
      {[] { lerp(a(), a(), a().to(kDouble)); }, "for `weight` but got dtype Double"},
      {[] { whole().sin_(); }, "result type Float can't be cast to the desired output type Long"},
      {[] { ones({3}).atan2_(a()); }, "doesn't match the broadcast shape [2, 3]"},
      {[] { heaviside(a().requires_grad_(), a()).sum().backward(); }, "derivative for 'heaviside' is not implemented"},
      {[] { floor_divide(a().requires_grad_(), a()).sum().backward(); },
       "derivative for 'floor_divide' is not implemented"},
  });
}

TEST(OpsErrors, Shape) {
  expect_words({
      {[] { a().diagonal(0, 1, -1); }, "diagonal: diagonal dimensions cannot be identical 1, -1"},
      {[] {
         diag(ones({1, 1, 1}));
       },
       "Supports 1D or 2D tensors. Got 3D"},
      {[] { tril(ones({2})); }, "input tensor must have at least 2 dimensions"},
      {[] {
         a().movedim({0, 0}, {0, 1});
       },
       "repeated dim in `source`"},
      {[] { a().unfold(1, 4, 1); }, "maximum size for tensor at dimension 1 is 3 but size is 4"},
      {[] { a().unfold(1, 2, 0); }, "step is 0 but must be > 0"},
      {[] {
         a().roll({1, 2}, {0});
       },
       "shifts and dimensions must align. shifts: 2, dims:1"},
      {[] { a().rot90(1, {0}); }, "expected total rotation dims == 2, but got dims = 1"},
      {[] {
         repeat_interleave(a(), tensor({1, -1}), 0);
       },
       "repeats can not be negative"},
      {[] {
         repeat_interleave(a(), tensor({1, 1, 1}), 0);
       },
       "repeats must have the same size as input along dim"},
      {[] { meshgrid({a()}, "ij"); }, "Expected 0D or 1D tensor in the tensor list but got: [2, 3]"},
      {[] { meshgrid({whole()}, "yx"); }, "indexing must be one of \"xy\" or \"ij\", but received: yx"},
      {[] { cartesian_prod({a()}); }, "Expect a 1D vector, but got shape [2, 3]"},
      {[] { tensor_split(a(), 0); }, "number of sections must be larger than 0, got 0"},
      {[] { hsplit(a(), 2); },
       "attempted to split along dimension 1, but the size of the dimension 3 is not divisible"},
      {[] { hstack(TensorList()); }, "hstack expects a non-empty TensorList"},
      {[] { select_scatter(a(), a(), 0, 0); }, "expected src to have a size equal to the select of self"},
      {[] { whole().mT(); }, "tensor.mT is only supported on matrices or batches of matrices. Got 1-D tensor."},
  });
}

TEST(OpsErrors, Statistics) {
  expect_words({
      {[] { quantile(a(), 1.5); }, "quantile() q must be in the range [0, 1] but got 1.5"},
      {[] { quantile(a(), tensor({0.5}, kDouble)); }, "quantile() q tensor must be same dtype as the input tensor"},
      {[] { quantile(a(), 0.5, 0, false, "cubic"); },
       "interpolation must be one of linear, lower, higher, midpoint or nearest, but got cubic"},
      {[] { quantile(empty({0}), 0.5); }, "quantile() input tensor must be non-empty"},
      {[] { kthvalue(a(), 4); }, "selected number k out of range for dimension 1"},
      {[] { bincount(tensor({-1})); }, "bincount only supports 1-d non-negative integral inputs."},
      {[] { histc(a(), 0); }, "bins must be > 0"},
      {[] { histc(full({2}, INFINITY)); }, "is not finite"},
      {[] {
         median(empty({2, 0}), 1);
       },
       "Expected reduction dim 1 to have non-zero size"},
      {[] { std::get<0>(_unique2(a().requires_grad_())).sum().backward(); },
       "derivative for '_unique2' is not implemented"},
      {[] { searchsorted(a(), whole()); }, "boundary tensor and input value tensor should have same dtype"},
      {[] {
         searchsorted(a(), ones({3, 3}));
       },
       "boundaries tensor should be 1 dimension or the first N-1 dimensions"},
      {[] { searchsorted(ones({2}), ones({2}), false, false, "middle"); },
       "side can only be 'left' or 'right' but got middle"},
      {[] { bucketize(a(), a()); }, "boundaries tensor must be 1 dimension, but got dim(2)"},
      {[] { renorm(ones({2}), 2, 0, 1); }, "input needs at least 2 dimensions, got 1 dimensions"},
      {[] { trapezoid(a(), ones({2})); }, "There must be one `x` value for each sample point"},
  });
}

TEST(OpsErrors, Indexing) {
  expect_words({
      {[] {
         scatter_reduce(a(), 0, zeros({2, 3}, kLong), a(), "max");
       },
       "reduce argument must be either sum, prod, mean, amax or amin, got max"},
      {[] {
         scatter(a(), 0, zeros({2, 3}, kLong), a(), "sum");
       },
       "reduce argument must be either add or multiply."},
      {[] {
         scatter_reduce(a(), 0, full({1, 3}, 2, kLong), a(), "sum");
       },
       "index 2 is out of bounds for dimension 0 with size 2"},
      {[] {
         scatter_reduce(a(), 0, zeros({1, 3}, kLong), a().to(kDouble), "sum");
       },
       "Expected self.dtype to be equal to src.dtype"},
      {[] {
         index_copy(a(), 0, tensor({0}), ones({2, 3}));
       },
       "Number of indices (1) should be equal to source.size(dim) (2)"},
      {[] { index_fill(a(), 0, tensor({2}), 1); }, "index 2 is out of bounds for dimension 0 with size 2"},
      {[] { index_fill(a(), 0, tensor({0}), ones({2})); },
       "index_fill_ only supports a 0-dimensional value tensor, but got tensor with 1 dimension(s)."},
      {[] {
         index_reduce(a(), 0, tensor({0}), ones({1, 3}), "sum");
       },
       "Expected reduce to be one of prod, mean, amax or amin but got sum."},
      {[] { put(a(), tensor({7}), ones({1})); }, "index 7 is out of bounds"},
      {[] { put(a(), tensor({0}), ones({2})); },
       "Expected source and index to have the same number of elements, but got source.numel() = 2, index.numel() = 1"},
      {[] { masked_scatter(a(), a() > 0, ones({2})); }, "Number of elements of source < number of ones in mask"},
      {[] { take_along_dim(a(), whole(), 0); }, "input and indices should have the same number of dimensions"},
  });
}

TEST(OpsErrors, Bilinear) {
  expect_words({
      {[] {
         bilinear(a(), Tensor(), ones({5, 3, 4}));
       },
       "bilinear: expected tensors, but got an undefined one"},
      {[] {
         bilinear(a(), ones({2, 4}), ones({3, 4}));
       },
       "bilinear(): expected a weight [out, in1, in2], got [3, 4]"},
      {[] {
         bilinear(a(), ones({2, 4}, kDouble), ones({5, 3, 4}));
       },
       "All tensors must have the same dtype, got input1: Float, input2: Double, weight: Float"},
      {[] {
         bilinear(a(), ones({2, 4, 1}), ones({5, 3, 4}));
       },
       "bilinear(): input dimensions do not match: got 2 and 3"},
      {[] {
         bilinear(ones({}), ones({}), ones({5, 3, 4}));
       },
       "bilinear(): expected inputs of at least one dimension"},
      {[] {
         bilinear(a(), ones({3, 4}), ones({5, 3, 4}));
       },
       "bilinear(): input batch dimensions do not match at dim 0: got 2 and 3"},
      {[] {
         bilinear(ones({2, 2}), ones({2, 4}), ones({5, 3, 4}));
       },
       "bilinear(): input1 size does not match weight size: got 2 but expected 3"},
      {[] {
         bilinear(a(), ones({2, 2}), ones({5, 3, 4}));
       },
       "bilinear(): input2 size does not match weight size: got 2 but expected 4"},
      {[] {
         bilinear(a(), ones({2, 4}), ones({5, 3, 4}), ones({4}));
       },
       "bilinear(): bias size does not match weight size: got [4] but expected 5"},
  });
}

TEST(OpsErrors, Products) {
  expect_words({
      {[] {
         einsum("ij->i", {a(), a()});
       },
       "fewer subscripts in the equation than operands were provided"},
      {[] { einsum("ij,k->i", {a()}); }, "more operands were provided in the equation than operands"},
      {[] { einsum("ijk->i", {a()}); },
       "the number of subscripts in the equation (3) does not match the number of dimensions (2) for operand 0"},
      {[] { einsum("i1->i", {a()}); }, "invalid subscript given at index 1 in the equation string"},
      {[] { einsum("ii->i", {a()}); }, "subscript is repeated for operand 0 but the sizes don't match"},
      {[] { einsum("ij->k", {a()}); }, "does not appear in the equation for any input operand"},
      {[] { einsum("ij->ii", {a()}); }, "appears more than once in the output"},
      {[] {
         einsum("ij,ij->i", {a(), ones({2, 2})});
       },
       "operands do not broadcast with remapped shapes"},
      {[] { einsum("..ij", {a()}); }, "that is not part of any ellipsis"},
      {[] { tensordot(a(), a(), {0}, {1}); }, "contracted dimensions need to match, but first has size 2 in dim 0"},
      {[] {
         cross(a(), ones({2, 2}), 1);
       },
       "The size of tensor"},
      {[] { cross(ones({2}), ones({2})); }, "no dimension of size 3 in input"},
      {[] { cdist(ones({2}), a()); }, "cdist only supports at least 2D tensors, X1 got: 1D"},
      {[] {
         cdist(a(), ones({2, 2}));
       },
       "X1 and X2 must have the same number of columns. X1: 3 X2: 2"},
      {[] { cdist(a(), a(), -1); }, "cdist only supports non-negative p values"},
      {[] { pdist(whole()); }, "pdist only supports 2D tensors, got: 1D"},
      {[] { chain_matmul({whole()}); }, "Tensor dimension is 1, expected 2 instead."},
      {[] { inner(a(), ones({2})); }, "inner() the last dimension must match on both input tensors but got shapes"},
  });
}

TEST(OpsErrors, NewTensors) {
  expect_words({
      {[] { logspace(0, 1, -1); }, "logspace: number of steps must be non-negative, got -1"},
      {[] { range(0, 1, 0); }, "range: step must be nonzero"},
      {[] { range(3, 0); }, "upper bound and lower bound inconsistent with step sign"},
      {[] { range(0, INFINITY); }, "range: unsupported range: 0 -> inf"},
      {[] { range(0, 1, 1e-16); }, "range: invalid size, possible overflow"},
      {[] { hann_window(-1); }, "hann_window requires non-negative window_length, got window_length=-1"},
      {[] { kaiser_window(4, kLong); }, "kaiser_window expects floating point dtypes, got: Long"},
      {[] { vander(a()); }, "vander: x must be a one-dimensional tensor, got [2, 3]"},
      {[] { vander(Tensor()); }, "vander: x must be a one-dimensional tensor, got an undefined one"},
      {[] { vander(whole(), -1); }, "vander: N must be non-negative, got -1"},
  });
}

TEST(OpsErrors, SpecialFunctions) {
  expect_words({
      {[] { mvlgamma(a(), 0); }, "p has to be greater than or equal to 1, got 0"},
      {[] { mvlgamma(Tensor(), 1); }, "mvlgamma: expected a tensor, but got an undefined one"},
      {[] { frexp(whole()); }, "torch.frexp() only supports floating-point dtypes, got Long"},
      {[] { frexp(Tensor()); }, "torch.frexp() only supports floating-point dtypes, got an undefined tensor"},
      {[] { special_zeta(Tensor(), a()); }, "special_zeta: expected two tensors, but got an undefined one"},
      {[] { special_zeta(a().requires_grad_(), a()).sum().backward(); },
       "the derivative for 'special_zeta' is not implemented"},
      {[] {
         Tensor x = a();
         gelu_(x, "erf");
       },
       "approximate argument must be either none or tanh, got erf"},
  });
  // By the second argument there is one, also where the first asks for its own.
  const Tensor s = full({3}, 2.5, kDouble).requires_grad_(), q = ones({3}, kDouble).requires_grad_();
  const Tensor g = autograd::grad({special_zeta(s, q).sum()}, {q})[0];
  EXPECT_TRUE(allclose(g, -2.5 * special_zeta(3.5, q.detach())));
}

TEST(OpsErrors, Covariance) {
  expect_words({
      {[] {
         cov(ones({2, 2, 2}));
       },
       "cov(): expected input to have two or fewer dimensions but got an input with 3"},
      {[] { cov(ones({2}, kBool)); }, "cov(): bool dtype is not supported for input"},
      {[] { cov(Tensor()); }, "cov(): expected a tensor, but got an undefined one"},
      {[] { cov(a(), 1, ones({3})); },
       "cov(): expected fweights to have integral dtype but got fweights with Float dtype"},
      {[] { cov(a(), 1, {}, whole()); },
       "cov(): expected aweights to have floating point dtype but got aweights with Long dtype"},
      {[] { cov(a(), 1, whole().unsqueeze(0)); },
       "cov(): expected fweights to have one or fewer dimensions but got fweights with 2 dimensions"},
      {[] {
         cov(a(), 1, tensor({1, 2}));
       },
       "cov(): expected fweights to have the same numel as there are observations in the input but got 2 != 3"},
      {[] { cov(a(), 1, -whole()); }, "cov(): fweights cannot be negative"},
      {[] { cov(a(), 1, {}, zeros({3})); }, "cov(): weights sum to zero, can't be normalized"},
      {[] {
         corrcoef(ones({2, 2, 2}));
       },
       "corrcoef(): expected input to have two or fewer dimensions"},
      {[] { corrcoef(Tensor()); }, "corrcoef(): expected a tensor, but got an undefined one"},
  });
}

TEST(OpsErrors, StorageAndDiagonals) {
  expect_words({
      {[] { ones({3}).fill_diagonal_(1); }, "fill_diagonal_: dimensions must larger than 1, got [3]"},
      {[] {
         ones({2, 2, 3}).fill_diagonal_(1);
       },
       "all dimensions of input must be of equal length, got [2, 2, 3]"},
      {[] { a().requires_grad_().fill_diagonal_(1); }, "a leaf Variable that requires grad"},
      {[] { a().set_(Tensor()); }, "set_: expected a tensor, but got an undefined one"},
      {[] { a().set_(Tensor(), 0, {1}); }, "set_: expected a tensor, but got an undefined one"},
      {[] { a().set_(whole()); }, "set_: Could not set tensor of type Long to a tensor of type Float"},
      {[] { a().set_(Intrusive<Storage>()); }, "set_: expected a storage, but got none"},
      {[] { a().set_(Intrusive<Storage>(), 0, {1}); }, "set_: expected a storage, but got none"},
      {[] {
         a().set_(a().storage(), 0, {2, 2}, {1});
       },
       "set_: unequal size length (2) and stride length (1)"},
      {[] { a().set_(a().storage(), -1, {2}); }, "set_: Tensor: invalid storage offset -1"},
      {[] { a().set_(a(), 0, {2}, {-1}); }, "set_: strides must not be negative, got [-1]"},
      {[] { a().set_(a(), 0, {99}); }, "set_: sizes [99], strides [1], storage offset 0 and itemsize 4 require"},
      {[] { a().requires_grad_().set_(a()); }, "the derivative for 'set_' is not implemented"},
      {[] { a().set_(a().requires_grad_()); }, "the derivative for 'set_' is not implemented"},
  });
}

}  // namespace
