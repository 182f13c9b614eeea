// Misuse of pointwise operations, reductions and products, and what is said of it.
#include <limits>

#include "gradus/gradus.h"
#include "gradus/tests/misuse.h"

using namespace gradus;
using gradus_tests::expect_words;

namespace {

const Tensor none;
Tensor a() { return ones({2, 3}); }
Tensor scalar() { return ones({}); }
Tensor vector() { return ones({3}); }
Tensor cube() { return ones({2, 3, 4}); }
Tensor whole() { return tensor({0, 1, 2}); }
Tensor logic() { return ones({3}, kBool); }

TEST(MisuseOfPointwiseOperations, Undefined) {
  expect_words({
      {[] { rrelu(none); }, "rrelu: expected a tensor, but got an undefined one"},
      {[] { bitwise_not(none); }, "bitwise_not: expected a tensor, but got an undefined one"},
      {[] { eq(none, 1); }, "eq: expected a tensor, but got an undefined one"},
      {[] { signbit(none); }, "signbit: expected a tensor, but got an undefined one"},
      {[] { dropout(none, 0.5, true); }, "dropout: expected a tensor, but got an undefined one"},
      {[] { ceil(none); }, "ceil: expected a tensor, but got an undefined one"},
      {[] { sin(none); }, "sin: expected a tensor, but got an undefined one"},
      {[] { nan_to_num(none); }, "nan_to_num: expected a tensor, but got an undefined one"},
  });
}

TEST(MisuseOfPointwiseOperations, TypesAndNumbers) {
  expect_words({
      {[] { hardtanh(logic()); }, "hardtanh: Bool inputs not supported for hardtanh"},
      {[] { hardtanh(a(), 1, 0); }, "hardtanh: min_val cannot be greater than max_val, got 1 and 0"},
      {[] { softshrink(a(), -1); }, "softshrink: lambda must be greater or equal to 0, but found to be -1"},
      {[] { glu(scalar()); }, "glu: glu does not support 0-dimensional tensors (scalars), halving size must be even"},
      {[] { prelu(a(), a()); }, "prelu: Expected `weight` to be a scalar or 1D tensor, but got: ndim = 2"},
      {[] { positive(logic()); }, "The `+` operator, on a bool tensor is not supported."},
      {[] { sub(vector(), logic()); }, "sub: Subtraction, the `-` operator, with a bool tensor is not supported."},
      {[] { sub(logic(), vector()); }, "sub: Subtraction, the `-` operator, with a bool tensor is not supported."},
      {[] { logic() - 1; }, "sub: Subtraction, the `-` operator, with a bool tensor is not supported."},
      {[] { 1 - logic(); }, "rsub: Subtraction, the `-` operator, with a bool tensor is not supported."},
      {[] { add(whole(), whole(), 0.5); },
       "add: For integral input tensors, argument alpha must not be a floating point number."},
      {[] { clamp(a(), std::optional<Scalar>(), std::optional<Scalar>()); },
       "clamp: At least one of 'min' or 'max' must not be None"},
      {[] { lerp(a(), a().to(kDouble), 0.5); }, "lerp: expected dtype Float for `end` but got dtype Double"},
      {[] { lerp(a(), a().to(kDouble), a()); }, "lerp: expected dtype Float for `end` but got dtype Double"},
      {[] { fmod(whole(), whole()); }, "fmod: ZeroDivisionError"},
      {[] { remainder(whole(), whole()); }, "remainder: ZeroDivisionError"},
      {[] { floor_divide(whole(), whole()); }, "div: ZeroDivisionError"},
      {[] { pow(whole(), whole() - 1); }, "pow: Integers to negative integer powers are not allowed."},
      {[] { bitwise_not(a()); }, "bitwise_not: \"bitwise_not_cpu\" not implemented for 'Float'"},
      {[] { dropout(a(), std::numeric_limits<double>::quiet_NaN(), true); },
       "dropout probability has to be between 0 and 1, but got nan"},
  });
}

TEST(MisuseOfReductions, Undefined) {
  expect_words({
      {[] { all(none, 0); }, "all: expected a tensor, but got an undefined one"},
      {[] { softmin(none, 0); }, "softmin: expected a tensor, but got an undefined one"},
      {[] { cummax(none, 0); }, "cummax: expected a tensor, but got an undefined one"},
      {[] { cumprod(none, 0); }, "cumprod: expected a tensor, but got an undefined one"},
      {[] { nansum(none); }, "nansum: expected a tensor, but got an undefined one"},
      {[] { median(none); }, "median: expected a tensor, but got an undefined one"},
      {[] { kthvalue(none, 1); }, "kthvalue: expected a tensor, but got an undefined one"},
      {[] { aminmax(none); }, "aminmax: expected a tensor, but got an undefined one"},
      {[] { bincount(none); }, "bincount: \"bincount_cpu\" not implemented for 'an undefined tensor'"},
      {[] { _unique2(none); }, "_unique2: expected a tensor, but got an undefined one"},
      {[] { rms_norm(none, {3}); }, "rms_norm: expected a tensor, but got an undefined one"},
  });
}

TEST(MisuseOfReductions, Statistics) {
  expect_words({
      {[] { nanmean(whole()); }, "nanmean(): expected input to have floating point or complex dtype but got Long"},
      {[] { quantile(vector(), a()); }, "quantile() q must be a scalar or 1D tensor"},
      {[] { quantile(whole(), vector()); }, "quantile() input tensor must be either float or double dtype"},
      {[] { quantile(vector(), 1.5); }, "quantile() q must be in the range [0, 1] but got 1.5"},
      {[] { quantile(vector(), vector() * 2); }, "quantile() q values must be in the range [0, 1]"},
      {[] { histc(vector(), 3, 2, 1); }, "torch.histc: max must be larger than min"},
      {[] { bincount(whole(), {}, -1); }, "bincount: minlength should be >= 0, got -1"},
      {[] { bincount(whole(), ones({2})); },
       "bincount: weights should be 1-d and have the same length as input, got [2] and [3]"},
      {[] { trapezoid(a(), cube()); }, "trapezoid: There must be one `x` value for each sample point"},
      {[] { trapezoid(logic(), logic()); },
       "trapezoid: received a bool input for `x` or `y`, but bool is not supported"},
      {[] { trapezoid(logic()); }, "trapezoid: received a bool input for `y`, but bool is not supported"},
      {[] { diff(scalar()); }, "diff expects input to be at least one-dimensional"},
      {[] { diff(vector(), -1); }, "diff: order must be non-negative but got -1"},
      {[] { normal(a(), a() * -1); }, "normal expects all elements of std >= 0.0"},
      {[] { multinomial(cube(), 1); }, "multinomial: prob_dist must be 1 or 2 dim, got [2, 3, 4]"},
      {[] { pdist(none); }, "pdist: expected a tensor, but got an undefined one"},
      {[] {
         pdist(ones({2, 3}, kInt));
       },
       "pdist: pdist only supports floating-point dtypes, got Int"},
      {[] { pdist(a(), -1); }, "pdist: pdist only supports non-negative p values, got -1"},
      {[] { cosine_similarity(a(), none); }, "cosine_similarity: expected two tensors, but got an undefined one"},
      {[] { cdist(a(), vector()); }, "cdist only supports at least 2D tensors, X2 got: 1D"},
      {[] {
         cdist(ones({2, 3}, kInt), a());
       },
       "cdist only supports floating-point dtypes, X1 got: int"},
      {[] { cdist(a(), a().to(kDouble)); }, "cdist: X1 and X2 must have the same dtype, got float and double"},
  });
}

TEST(MisuseOfReductions, Norms) {
  expect_words({
      {[] { batch_norm(a(), {}, {}, ones({3}), {}, true, 0.1, 1e-5, false); },
       "batch_norm: running_mean and running_var must either both be None or neither be None"},
      {[] { group_norm(cube(), 1, ones({2})); },
       "group_norm: Expected weight to be a vector of size equal to the number of channels in input, but got weight "
       "of shape [2] and input of shape [2, 3, 4]"},
      {[] { batch_norm(vector(), {}, {}, {}, {}, true, 0.1, 1e-5, false); },
       "batch_norm: expected an input of at least 2 dimensions, [N, C, ...], got [3]"},
      {[] { layer_norm(a(), {}); }, "layer_norm: Expected normalized_shape to be at least 1-dimensional"},
      {[] { layer_norm(a(), {3}, {}, ones({2})); },
       "layer_norm: Expected bias to be of same shape as normalized_shape, but got bias of shape [2] and "
       "normalized_shape = [3]"},
      {[] { group_norm(vector(), 1); }, "group_norm: expected an input of at least 2 dimensions, [N, C, ...], got [3]"},
      {[] { group_norm(a(), 0); }, "group_norm: Expected num groups to be greater than 0, got 0"},
      {[] { instance_norm(vector(), {}, {}, {}, {}, true, 0.1, 1e-5, false); },
       "instance_norm: expected an input of at least 2 dimensions, [N, C, ...], got [3]"},
  });
}

TEST(MisuseOfProducts, Types) {
  expect_words({
      {[] { mm(a(), a().to(kDouble)); }, "mm: expected m1 and m2 to have the same dtype, but got: float != double"},
      {[] {
         mv(ones({2, 3}, kBool), logic());
       },
       "mv: \"mv\" not implemented for 'Bool'"},
      {[] { addmm(none, a(), a().t()); }, "addmm: expected a tensor, but got an undefined one"},
      {[] {
         linear(ones({2, 3}, kInt), ones({4, 3}, kInt), ones({4}, kInt));
       },
       "linear: a bias needs floating point inputs, got Int"},
      {[] {
         linear(a(), ones({4, 3}), ones({4}, kDouble));
       },
       "linear: expected a bias of sizes [4] and type Float, got [4] Double"},
      {[] { addr(none, vector(), vector()); }, "addr: expected a tensor, but got an undefined one"},
  });
}

TEST(MisuseOfProducts, Sizes) {
  expect_words({
      {[] { matmul(cube(), cube()); },
       "matmul: inner sizes differ, mat1 and mat2 shapes cannot be multiplied, got [2, 3, 4] and [2, 3, 4]"},
      {[] { matmul(cube(), vector()); }, "matmul: inner sizes differ, mat1 and mat2 shapes cannot be multiplied, got"},
      {[] { matmul(vector(), ones({4})); },
       "matmul: inner sizes differ, mat1 and mat2 shapes cannot be multiplied, got [3] and [4]"},
      {[] { matmul(scalar(), a()); },
       "matmul: both arguments to matmul need to be at least 1D, but they are 0D and 2D"},
      {[] { gemm(a(), false, cube(), false); },
       "gemm: expected two matrices or two batches of matrices, got [2, 3] and [2, 3, 4]"},
      {[] { gemm(a(), true, a(), true); },
       "gemm: inner sizes differ, mat1 and mat2 shapes cannot be multiplied, got [2, 3] transposed and [2, 3] "
       "transposed"},
      {[] { bmm(cube(), cube()); },
       "bmm: Expected size for first two dimensions of batch2 tensor to be: [2, 4] but got: [2, 3]."},
      {[] { dot(a(), vector()); }, "dot: 1D tensors expected, but got 2D and 1D tensors"},
      {[] { dot(vector(), ones({4})); }, "dot: inconsistent tensor size, expected tensor [3] and src [4]"},
      {[] { addmm(ones({4}), a(), a().t()); },
       "addmm: The expanded size of the tensor [2, 2] must match the existing size [4]"},
      {[] { addr(ones({4}), vector(), vector()); },
       "addr: The expanded size of the tensor [3, 3] must match the existing size [4]"},
      {[] { linear(a(), vector()); },
       "linear: expected an input of at least one dimension and a matrix of weights, got [2, 3] and [3]"},
      {[] {
         tensordot(a(), a(), {0, 0}, {0, 1});
       },
       "tensordot: dim 0 appears multiple times in the list of dims"},
      {[] {
         tensordot(a(), a(), {0}, {0, 1});
       },
       "tensordot: both dimension lists should have same length, got [0] and [0, 1]"},
      {[] { cross(a(), vector()); },
       "linalg.cross: inputs must have the same number of dimensions, got [2, 3] and [3]"},
      {[] { addbmm(a(), cube(), a()); },
       "addbmm: batch1 and batch2 must be 3D tensors with the same number of batches and matching inner sizes, got"},
      {[] {
         einsum("i,i,i->", {vector(), vector(), vector()}, IntArrayRef({0, 1}));
       },
       "einsum(): expected contraction path given in path parameter to have size 4, got 2"},
  });
}

}  // namespace
