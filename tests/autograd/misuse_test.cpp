// Misuse of operations that no other test provokes, by family, and what is said of it. Nearly all are about arguments
// that no program means: undefined tensors, wrong numbers of numbers, wrong types.
#include "gradus/tests/misuse.h"

#include <cmath>
#include <limits>

#include "gradus/gradus.h"

using namespace gradus;
using gradus_tests::expect_words;

namespace {

const Tensor none;
Tensor a() { return ones({2, 3}); }
Tensor scalar() { return ones({}); }
Tensor vector() { return ones({3}); }
Tensor cube() { return ones({2, 3, 4}); }
Tensor whole() { return tensor({0, 1, 2}); }

TEST(Misuse, UndefinedTensorsOfPointwiseOperations) {
  expect_words({
      {[] { add(a(), none); }, "add: expected two tensors, but got an undefined one"},
      {[] { prelu(a(), none); }, "prelu: expected two tensors, but got an undefined one"},
      {[] { bitwise_and(whole(), none); }, "bitwise_and: expected two tensors, but got an undefined one"},
      {[] { bitwise_left_shift(whole(), none); }, "shift: expected two tensors, but got an undefined one"},
      {[] { eq(a(), none); }, "eq: expected two tensors, but got an undefined one"},
      {[] { div(a(), none); }, "div: expected two tensors, but got an undefined one"},
      {[] { lerp(a(), a(), none); }, "lerp: expected three tensors, but got an undefined one"},
  });
}

TEST(Misuse, UndefinedTensorsOfProductsAndDistances) {
  expect_words({
      {[] { matmul(a(), none); }, "matmul: expected two tensors, but got an undefined one"},
      {[] { cross(vector(), none); }, "cross: expected tensors, but got an undefined one"},
      {[] {
         einsum("i,i->", {vector(), none});
       },
       "einsum(): expected tensors, but got an undefined one"},
      {[] { cdist(a(), none); }, "cdist: expected tensors, but got an undefined one"},
      {[] { pairwise_distance(a(), none); }, "pairwise_distance: expected two tensors, but got an undefined one"},
  });
}

TEST(Misuse, UndefinedTensorsOfLosses) {
  expect_words({
      {[] { nll_loss(a(), none); }, "nll_loss: expected two tensors, but got an undefined one"},
      {[] { nll_loss_nd(a(), none); }, "nll_loss_nd: expected two tensors, but got an undefined one"},
      {[] { nll_loss2d(a(), none); }, "nll_loss2d: expected two tensors, but got an undefined one"},
      {[] { cross_entropy_loss(a(), none); }, "cross_entropy_loss: expected two tensors, but got an undefined one"},
      {[] { mse_loss(a(), none); }, "mse_loss: expected two tensors, but got an undefined one"},
      {[] { soft_margin_loss(a(), none); }, "soft_margin_loss: expected two tensors, but got an undefined one"},
      {[] { gaussian_nll_loss(a(), a(), none); },
       "gaussian_nll_loss: expected three tensors, but got an undefined one"},
      {[] { cosine_embedding_loss(a(), a(), none); },
       "cosine_embedding_loss: expected three tensors, but got an undefined one"},
      {[] { triplet_margin_loss(a(), a(), none); },
       "triplet_margin_loss: expected three tensors, but got an undefined one"},
      {[] { multi_margin_loss(a(), none); }, "multi_margin_loss: expected two tensors, but got an undefined one"},
      {[] { multilabel_margin_loss(a(), none); },
       "multilabel_margin_loss: expected two tensors, but got an undefined one"},
  });
}

TEST(Misuse, UndefinedTensorsOfIndexing) {
  expect_words({
      {[] { index_fill(a(), 0, none, 1); }, "index_fill_: expected tensors, but got an undefined one"},
      {[] {
         scatter_reduce(a(), 0, zeros({2, 3}, kLong), none, "sum");
       },
       "expected tensors, but got an undefined one"},
      {[] { scatter(a(), 0, none, 1, "add"); }, "scatter: expected tensors, but got an undefined one"},
      {[] { index_reduce(a(), 0, none, a(), "prod"); }, "index_reduce(): expected tensors, but got an undefined one"},
      {[] { searchsorted(vector(), none); }, "torch.searchsorted(): expected tensors, but got an undefined one"},
      {[] { bucketize(none, vector()); }, "bucketize: expected tensors, but got an undefined one"},
      {[] { isin(vector(), none); }, "isin: expected tensors, but got an undefined one"},
      {[] { quantile(vector(), none); }, "quantile(): expected tensors, but got an undefined one"},
      {[] { embedding_renorm_(none, whole(), 1, 2); },
       "embedding_renorm_: expected two tensors, but got an undefined one"},
      {[] { grid_sampler(none, none, 0, 0, false); }, "expected input and grid to not be undefined"},
  });
}

TEST(Misuse, Pointwise) {
  expect_words({
      {[] { prelu(a(), ones({1}, kDouble)); }, "prelu: Type promoting not supported. Got Float and Double"},
      {[] { prelu(scalar(), vector()); }, "prelu: Not allow zero-dim input tensor."},
      {[] { isclose(a(), a().to(kDouble)); }, "isclose: Float did not match Double"},
      {[] { equal(a(), a().to(kDouble)); }, "Expected object of data type Float but got data type Double"},
      {[] { (void)static_cast<bool>(a().is_nonzero()); },
       "Boolean value of Tensor with more than one value is ambiguous"},
      {[] { (void)ones({0}).is_nonzero(); }, "Boolean value of Tensor with no values is ambiguous"},
  });
}

TEST(Misuse, Losses) {
  expect_words({
      {[] { nll_loss(vector(), whole()); }, "For 1D input, 1D target must have size 1, but got target size: 3"},
      {[] { cdist(a(), a(), 2, 3); }, "possible modes: 0, 1, 2, but was: 3"},
      {[] { batch_norm(a(), {}, {}, ones({3}).requires_grad_(), ones({3}), true, 0.1, 1e-5, false); },
       "batch_norm: running statistics must not require a gradient"},
  });
}

TEST(Misuse, Products) {
  expect_words({
      {[] {
         gemm(cube(), false, ones({3, 4, 1}), false);
       },
       "gemm: batch sizes differ, got [2, 3, 4] and [3, 4, 1]"},
      {[] { mm(a(), vector()); }, "mm: mat1 and mat2 must be matrices (self must be a matrix), got [2, 3] and [3]"},
      {[] { bmm(a(), cube()); }, "bmm: batch1 and batch2 must be 3D tensors, got [2, 3] and [2, 3, 4]"},
      {[] { mv(a(), ones({2})); }, "mv: size mismatch, got [2, 3] and [2]"},
      {[] { outer(a(), vector()); }, "outer: Expected 1-D arguments, got [2, 3] and [3]"},
      {[] { cross(ones({2}), ones({2}), -1); }, "linalg.cross: inputs dimension 0 must have length 3. Got 2 and 2"},
      {[] { chain_matmul({}); }, "chain_matmul(): Expected one or more matrices"},
      {[] { einsum("...i...->", {vector()}); }, "for which an ellipsis was already found"},
      {[] { einsum("i->", {}); }, "einsum(): must provide at least one operand"},
      {[] {
         einsum("i,i->", {vector(), vector()}, IntArrayRef({1, 1}));
       },
       "einsum(): cannot contract an operand with itself or with one that is not there: 1 and 1"},
  });
}

TEST(Misuse, Convolutions) {
  expect_words({
      {[] {
         conv1d(ones({1, 1, 3}), ones({1, 1, 1}), {}, 1, "some");
       },
       "Invalid padding string: 'some', expected 'valid' or 'same'"},
      {[] {
         max_pool1d(ones({1, 1, 3}), {2, 2});
       },
       "max_pool1d: kernel_size must be one integer, got [2, 2]"},
      {[] {
         max_unpool3d(ones({1, 1, 1, 1, 1}), zeros({1, 1, 1, 1, 1}, kLong), {1, 1, 1}, {1, 1}, {0, 0, 0});
       },
       "exactly three elements (depth, height, width) in stride and padding, got [1, 1] and [0, 0, 0]"},
      {[] {
         im2col(ones({1, 1, 4, 4}), {2, 2, 2});
       },
       "to be one or two numbers, got [2, 2, 2]"},
      {[] {
         col2im(ones({1, 4, 9}), {4, 0}, {2, 2});
       },
       "output_size to be two positive numbers, but got [4, 0]"},
      {[] {
         channel_shuffle(ones({1, 4, 2, 2}), 0);
       },
       "Number of groups to divide channels in must be positive. Value of groups:0"},
      {[] {
         grid_sampler(ones({1, 1, 2, 2}), ones({1, 2, 2, 2}), 3, 0, false);
       },
       "expected modes 0, 1 or 2, but got 3 and 0"},
      {[] {
         upsample_nearest1d(ones({1, 1, 3}), {6, 6});
       },
       "It is expected output_size equals to 1, but got size 2"},
      {[] {
         upsample_nearest1d(ones({1, 3}), {6});
       },
       "It is expected input_size equals to 3, but got size 2"},
  });
}

TEST(Misuse, Embeddings) {
  auto bag = [](const Tensor& weight, const Tensor& offsets, int64_t mode, bool last) {
    embedding_bag(weight, tensor({0, 1}), offsets, false, mode, false, {}, last);
  };
  expect_words({
      {[bag] { bag(a(), empty({0}, kLong), 0, true); }, "include_last_offset: number of offsets should be at least 1"},
      {[bag] {
         bag(a(), tensor({0, 2, 1}), 0, false);
       },
       "offsets must not decrease"},
      {[bag] { bag(a(), tensor({0}), 3, false); }, "mode has to be 0 (sum), 1 (mean) or 2 (max), got 3"},
      {[bag] { bag(vector(), tensor({0}), 0, false); }, "embedding_bag: 'weight' must be 2-D, got [3]"},
      {[] { embedding_renorm_(vector(), whole(), 1, 2); }, "embedding_renorm_: 'self' must be 2-D, got [3]"},
      {[] { embedding(vector(), whole()); }, "'weight' must be 2-D, got [3]"},
      {[] { embedding(a(), vector()); },
       "Expected tensor for argument #1 'indices' to have one of the following scalar types: Long, Int; but got Float"},
      {[] { one_hot(vector()); }, "one_hot is only applicable to index tensor of type LongTensor, got Float"},
      {[] { one_hot(empty({0}, kLong)); }, "Can not infer total number of classes from empty tensor."},
  });
}

TEST(Misuse, Indexing) {
  using indexing::TensorIndex;
  expect_words({
      {[] { take(a(), vector()); }, "take(): Expected a long tensor for index, but got Float"},
      {[] {
         index_copy(a(), 0, vector(), ones({3, 3}));
       },
       "index_copy_(): Expected a long tensor for index, but got Float"},
      {[] { index_put(vector(), {whole()}, ones({3}, kDouble)); },
       "Index put requires the source and destination dtypes match, got Float for the destination and Double"},
      {[] { searchsorted(vector(), vector(), false, true, "left"); },
       "side and right can't be set to opposites, got side of left while right was True"},
      {[] { searchsorted(vector(), vector(), false, false, {}, vector()); },
       "sorter must be a tensor of long dtype but got dtype float"},
      {[] { unique_dim(scalar(), 0); }, "There are 0 dimensions, so no slices along a dimension"},
      {[] {
         unique_dim(ones({2, 0}), 0);
       },
       "There are 0 sized dimensions, and they aren't selected, so unique cannot be applied"},
  });
  expect_words<IndexError>({
      {[] { scalar().index({0}); }, "too many indices for tensor of dimension 0"},
      {[] {
         index_copy(a(), 0, zeros({1, 1}, kLong), a());
       },
       "index_copy_(): Index should have dimension 1 or 0 (got 2)"},
      {[] { index_copy(a(), 0, none, a()); }, "index_copy_(): Index should have dimension 1 or 0 (got 0)"},
      {[] { select(scalar(), 0, 0); }, "select() cannot be applied to a 0-dim tensor."},
      {[] { scalar().size(0); }, "dimension specified as 0 but tensor has no dimensions"},
  });
}

TEST(Misuse, Shape) {
  expect_words({
      {[] {
         sum_to(a(), {3, 3});
       },
       "sum_to: size {[3, 3]} is not expandable to size {[2, 3]}."},
      {[] { flatten(cube(), 2, 1); }, "flatten() has invalid args: start_dim cannot come after end_dim"},
      {[] { narrow(scalar(), 0, 0, 1); }, "narrow() cannot be applied to a 0-dim tensor."},
      {[] { narrow(vector(), 0, vector(), 1); }, "start must be an 0-dim integral Tensor."},
      {[] { slice(scalar()); }, "slice() cannot be applied to a 0-dim tensor."},
      {[] { slice(vector(), 0, 0, 3, 0); }, "slice step must be positive"},
      {[] {
         as_strided(a(), {2}, {1, 1});
       },
       "mismatch in length of strides and shape, got [2] and [1, 1]"},
      {[] { as_strided(a(), {2}, {-1}); }, "Negative strides are not supported at the moment, got strides: [-1]"},
      {[] { diag_embed(scalar()); }, "diag_embed: expected at least one dimension, got []"},
      {[] {
         cat({scalar(), scalar()});
       },
       "cat: zero-dimensional tensor cannot be concatenated"},
      {[] { combinations(vector(), -1); }, "Expect a non-negative number, but got -1"},
      {[] { tensor_split(vector(), vector()); },
       "tensor_split expected tensor_indices_or_sections to have dtype of long, but got Float"},
      {[] { repeat_interleave(vector(), vector()); }, "repeats has to be Long or Int tensor"},
      {[] {
         repeat_interleave(vector(), zeros({1, 3}, kLong));
       },
       "repeats must be 0-dim or 1-dim tensor"},
      {[] { roll(vector(), {}); }, "`shifts` required"},
      {[] { rot90(vector()); }, "expected total dims >= 2, but got total dims = 1"},
      {[] {
         rot90(a(), 1, {0, 0});
       },
       "expected rotation dims to be different, but got dim0 = 0 and dim1 = 0"},
      {[] { fliplr(vector()); }, "Input must be >= 2-d."},
      {[] { flipud(scalar()); }, "Input must be >= 1-d."},
      {[] { a().requires_grad_().resize_({1}); }, "resize_: cannot resize variables that require grad"},
  });
}

TEST(Misuse, Statistics) {
  expect_words({
      {[] { aminmax(ones({0})); }, "cannot compute aminmax over an empty dimension"},
      {[] { histc(vector(), 3, 0, std::numeric_limits<double>::infinity()); }, "is not finite"},
      {[] { renorm(a(), 0, 0, 1); }, "renorm: non-positive-norm not supported"},
      {[] { renorm(a(), 2, 0, -1); }, "renorm: expected maxnorm to be >= 0 but got -1"},
      {[] { multinomial(ones({(1 << 24) + 1}), 1); }, "multinomial: number of categories cannot exceed 2^24"},
  });
}

/// Marks as dirty what it was not given.
struct WronglyDirty : autograd::Function<WronglyDirty> {
  static Tensor forward(autograd::AutogradContext* context, const Tensor& x) {
    Tensor y = x.detach().clone();
    context->mark_dirty({y});
    return y;
  }
  static autograd::variable_list backward(autograd::AutogradContext*, autograd::variable_list g) { return g; }
};

struct AsksTooFar : autograd::Function<AsksTooFar> {
  static Tensor forward(autograd::AutogradContext*, const Tensor& x) { return x * 2; }
  static autograd::variable_list backward(autograd::AutogradContext* context, autograd::variable_list g) {
    return {context->needs_input_grad(7) ? g[0] : Tensor()};
  }
};

TEST(Misuse, Autograd) {
  expect_words({
      {[] { autograd::checkpoint(std::function<Tensor(const Tensor&)>(), a()); }, "checkpoint: expected a function"},
      {[] {
         using Many = std::function<autograd::variable_list(const autograd::variable_list&)>;
         autograd::checkpoint(Many(), autograd::variable_list{a()});
       },
       "checkpoint: expected a function"},
      {[] { autograd::gradcheck([](const auto& x) { return x[0] * 2; }, {a().requires_grad_()}); },
       "gradcheck: inputs to be checked must be float64, got Float [2, 3]"},
      {[] { (a().requires_grad_() * 2).register_post_accumulate_grad_hook([](const Tensor&) {}); },
       "post accumulate grad hooks cannot be registered on non-leaf tensors"},
      {[] { WronglyDirty::apply(a().requires_grad_()); },
       "a tensor that is marked as dirty must be an input of the function"},
      {[] { AsksTooFar::apply(a().requires_grad_()).sum().backward(); },
       "needs_input_grad: there is no tensor 7 among the 1 that the function takes"},
  });
}

}  // namespace
