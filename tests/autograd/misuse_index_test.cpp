// Misuse of operations that index, join, split and rearrange, and what is said of it.
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
Tensor zero_at(IntArrayRef sizes) { return zeros(sizes, kLong); }

TEST(MisuseOfIndexing, Index) {
  using Indices = std::vector<std::optional<Tensor>>;
  expect_words({
      {[] { a().index({none}); }, "index: expected a tensor, but got an undefined one"},
      {[] {
         index_backward(ones({2}), {2, 3}, Indices{});
       },
       "index_backward: expected a gradient of the indexing result's shape [2, 3], got [2]"},
  });
  expect_words<IndexError>({
      {[] { index(a(), Indices{vector()}); }, "index: tensors used as indices must be long, int, byte or bool tensors"},
      {[] {
         index(vector(), Indices{whole(), whole()});
       },
       "index: too many indices for tensor of dimension 1 (got 2)"},
      {[] {
         index_select(scalar(), 0, tensor({0, 0}));
       },
       "index_select(): Index to scalar can have only 1 value, got 2 value(s)"},
      {[] { index_select(a(), 0, tensor({2})); }, "index out of range in self"},
      {[] {
         index_add(a(), 0, zero_at({1, 1}), a());
       },
       "index_add_(): Index is supposed to be a vector, but got dim: 2 with type: Long and size: [1, 1]"},
  });
}

TEST(MisuseOfIndexing, AlongADimension) {
  expect_words({
      {[] { index_add(a(), 0, ones({2}), a()); }, "index_add_(): Expected dtype int32/int64 for index but got: Float"},
      {[] {
         index_add(a(), 0, tensor({0, 1}), a().to(kDouble));
       },
       "index_add_(): self (Float) and source (Double) must have the same scalar type"},
      {[] {
         index_add(a(), 0, tensor({0, 1}), ones({2}));
       },
       "index_add_(): source and self must have the same number of dimensions, got [2] and [2, 3]"},
      {[] {
         index_copy(a(), 0, tensor({0, 1}), a().to(kDouble));
       },
       "index_copy_(): self and source expected to have the same dtype, but got (self) Float and (source) Double"},
      {[] {
         index_copy(a(), 0, tensor({0, 1}), ones({2, 4}));
       },
       "slice shapes. Destination slice shape: [2, 3] and source slice shape: [2, 4]"},
      {[] { masked_fill(a(), a() > 0, vector()); },
       "masked_fill only supports a 0-dimensional value tensor, but got tensor with 1 dimension(s)."},
      {[] { put(a(), none, vector()); }, "put_(): Expected a long tensor for index, but got an undefined tensor"},
      {[] { put(a(), whole(), vector().to(kDouble)); },
       "put_(): self and source expected to have the same dtype, but got self.dtype = Float and source.dtype = Double"},
      {[] { take_along_dim(a(), vector(), 0); },
       "torch.take_along_dim(): dtype of indices should be Long but got Float"},
      {[] { masked_scatter(a(), a(), a()); },
       "masked_scatter_ only supports boolean masks, but got mask with dtype Float"},
      {[] { masked_scatter(a(), a() > 0, a().to(kDouble)); },
       "masked_scatter_: expected self and source to have same dtypes but got Float and Double"},
      {[] { where(a(), a(), a()); }, "where: expected a mask of dtype bool, got Float"},
  });
  expect_words<IndexError>({
      {[] {
         index_copy(a(), 0, tensor({0, 1}), vector());
       },
       "dimensionality must match. Source dimensionality (1), destination dimensionality (2)"},
      {[] {
         index_fill(a(), 0, zero_at({1, 1}), scalar());
       },
       "index_fill_(): Index is supposed to be a vector, but got dim: 2"},
      {[] { index_fill(a(), 0, vector(), scalar()); }, "index_fill_(): Expected dtype int64 for index."},
      {[] { take(ones({0}), whole()); }, "take(): tried to take from an empty tensor"},
      {[] { put(ones({0}), whole(), vector()); }, "put_(): Expected x to have elements, but it is empty"},
      {[] {
         index_reduce(a(), 0, zero_at({1, 1}), a(), "prod");
       },
       "index_reduce(): Index is supposed to be a vector, but got dim: 2"},
  });
}

TEST(MisuseOfIndexing, Scatter) {
  expect_words({
      {[] { scatter(a(), 0, a(), a()); }, "scatter(): Expected dtype int32/int64 for index"},
      {[] { scatter(a(), 0, whole(), a()); },
       "scatter(): Index tensor must have the same number of dimensions as self tensor, got [3] and [2, 3]"},
      {[] {
         scatter(a(), 0, zero_at({1, 3}), vector());
       },
       "scatter(): Index tensor must have the same number of dimensions as src tensor, got [1, 3] and [3]"},
      {[] { scatter_reduce(a(), 0, a(), a(), "sum"); }, "scatter_reduce(): Expected dtype int32/int64 for index"},
      {[] { scatter_reduce(a(), 0, whole(), a(), "sum"); },
       "scatter_reduce(): Index tensor must have the same number of dimensions as self tensor and src tensor, got "
       "[3], [2, 3] and [2, 3]"},
      {[] {
         scatter_reduce(a(), 0, zero_at({3, 3}), a(), "sum");
       },
       "scatter_reduce(): Expected index [3, 3] to be no larger than self [2, 3] apart from dimension 0"},
      {[] {
         index_reduce(a(), 0, tensor({0, 1}), ones({2}), "prod");
       },
       "index_reduce(): source and self must have the same number of dimensions, got [2] and [2, 3]"},
      {[] { index_reduce(a(), 0, tensor({0}), a(), "prod"); },
       "index_reduce(): Number of indices (1) should be equal to source.size(dim) (2)"},
  });
}

TEST(MisuseOfIndexing, Search) {
  expect_words({
      {[] { searchsorted(scalar(), vector()); }, "but we got boundaries tensor dim(0)"},
      {[] { searchsorted(a(), 1.0); },
       "torch.searchsorted(): input value can be a scalar only when boundaries tensor "
       "dimension is 1, but we got boundaries tensor dim(2)"},
      {[] {
         searchsorted(vector(), vector(), false, false, {}, tensor({0, 1}));
       },
       "torch.searchsorted(): boundary and sorter must have the same size, but got boundary tensor [3]"},
      {[] { searchsorted(vector(), vector(), false, false, {}, whole() + 1); },
       "torch.searchsorted(): sorter index out of range"},
      {[] { bucketize(1.0, a()); }, "bucketize: boundaries tensor must be 1 dimension, but got dim(2)"},
  });
}

TEST(MisuseOfShapes, Parts) {
  expect_words({
      {[] { split_with_sizes(scalar(), {1}); }, "split expects at least a 1-dimensional tensor"},
      {[] {
         split_with_sizes(vector(), {4, -1});
       },
       "split_with_sizes expects split_sizes have only non-negative entries, but got split_sizes=[4, -1]"},
      {[] {
         split_with_sizes(vector(), {1, 1});
       },
       "sum exactly to 3 (input tensor's size at dimension 0), but got split_sizes=[1, 1]"},
      {[] { split(scalar(), 1); }, "split expects at least a 1-dimensional tensor"},
      {[] { split(vector(), 0); }, "split expects split_size be non-negative, but got split_size=0"},
      {[] { chunk(scalar(), 1); }, "chunk expects at least a 1-dimensional tensor"},
      {[] { chunk(vector(), 0); }, "chunk expects `chunks` to be greater than 0, got: 0"},
      {[] { tensor_split(scalar(), 2); },
       "tensor_split expected at least a 1-dimensional tensor, but got a tensor with 0 dims"},
      {[] {
         tensor_split(scalar(), {1, 2});
       },
       "tensor_split expected at least a 1-dimensional tensor, but got a tensor with 0 dims"},
      {[] {
         tensor_split(vector(), zero_at({1, 1}));
       },
       "to be a zero-dimensional or one-dimensional tensor, but got a tensor with 2 dims"},
      {[] { hsplit(scalar(), 1); },
       "torch.hsplit requires a tensor with at least 1 dimension, but got a tensor with 0"},
      {[] {
         hsplit(scalar(), {1, 2});
       },
       "torch.hsplit requires a tensor with at least 1 dimension"},
      {[] { vsplit(vector(), 1); },
       "torch.vsplit requires a tensor with at least 2 dimension, but got a tensor with 1"},
      {[] {
         vsplit(vector(), {1, 2});
       },
       "torch.vsplit requires a tensor with at least 2 dimension"},
      {[] { dsplit(a(), 1); }, "torch.dsplit requires a tensor with at least 3 dimension, but got a tensor with 2"},
      {[] {
         dsplit(a(), {1, 2});
       },
       "torch.dsplit requires a tensor with at least 3 dimension"},
  });
}

TEST(MisuseOfShapes, Joins) {
  expect_words({
      {[] {
         cat({a(), cube()});
       },
       "cat: Tensors must have same number of dimensions, got [2, 3] and [2, 3, 4]"},
      {[] { stack({}); }, "stack expects a non-empty TensorList"},
      {[] { vstack({}); }, "vstack expects a non-empty TensorList"},
      {[] { dstack({}); }, "dstack expects a non-empty TensorList"},
      {[] { column_stack({}); }, "column_stack expects a non-empty TensorList"},
      {[] { block_diag({}); }, "torch.block_diag: expected a non-empty list of tensors"},
      {[] {
         block_diag({a(), cube()});
       },
       "torch.block_diag: Input tensors must have 2 or fewer dimensions. Input 1 has 3 dimensions"},
      {[] { meshgrid({}, "ij"); }, "meshgrid expects a non-empty TensorList"},
      {[] {
         meshgrid({vector(), whole()}, "ij");
       },
       "torch.meshgrid expects all tensors to have the same dtype"},
      {[] { cartesian_prod({}); }, "cartesian_prod: expected a non-empty list of vectors"},
      {[] { combinations(a()); }, "combinations: Expect a 1D vector, but got shape [2, 3]"},
      {[] { repeat(vector(), {-1}); }, "repeat: Repeats must be non-negative, got [-1]"},
      {[] {
         repeat_interleave(zero_at({1, 2}));
       },
       "repeat_interleave only accept 1D vector as repeat"},
      {[] { repeat_interleave(whole(), std::optional<int64_t>(4)); },
       "repeat_interleave: allocated size does not match required size, got 4 for 3"},
      {[] { repeat_interleave(vector(), -1); }, "repeat_interleave: Repeats must be non-negative, got -1"},
      {[] { repeat_interleave(vector(), 2, 0, 5); }, "repeat_interleave: Invalid output_size, expected 6 but got 5"},
  });
}

TEST(MisuseOfShapes, Views) {
  expect_words({
      {[] {
         flip(a(), {0, 0});
       },
       "flip: dim 0 appears multiple times in the list of dims"},
      {[] { expand(a(), {3}); },
       "expand: the number of sizes provided (1) must be greater or equal to the number of dimensions in the tensor "
       "(2)"},
      {[] {
         expand(vector(), {-1, 3});
       },
       "expand: The expanded size of the tensor (-1) isn't allowed in a leading, non-existing dimension 0"},
      {[] { a().unflatten(0, {}); }, "unflatten: sizes must be non-empty"},
      {[] {
         squeeze(a(), {0, 0});
       },
       "squeeze: dim 0 appears multiple times in the list of dims"},
      {[] { permute(a(), {0}); }, "i.e. input.dim() = 2 is not equal to len(dims) = 1"},
      {[] {
         permute(a(), {0, 0});
       },
       "permute: duplicate dims are not allowed, got [0, 0]"},
      {[] { narrow(vector(), 0, 0, -1); }, "narrow(): length must be non-negative."},
      {[] { as_strided(vector(), {1}, {1}, -1); }, "as_strided: storage offset must be non-negative, got -1"},
      {[] { as_strided(vector(), {4}, {1}); },
       "setStorage: sizes [4], strides [1], storage offset 0, and itemsize 4 requiring a storage size of 16 are out of "
       "bounds for storage of size 12"},
      {[] {
         movedim(cube(), {0, 1}, {0});
       },
       "movedim: Invalid source or destination dims: source ([0, 1] dims)"},
      {[] {
         movedim(cube(), {0, 1}, {2, 2});
       },
       "movedim: repeated dim in `destination` ([2, 2])"},
      {[] { unfold(vector(), 0, -1, 1); }, "unfold: size is -1 but must be >= 0"},
      {[] { a().requires_grad_().unsqueeze_(0); },
       "unsqueeze_: a leaf Variable that requires grad is being used in an in-place operation."},
      {[] { cube().t_(); }, "t_() expects a tensor with <= 2 dimensions, but self is 3D"},
      {[] { a().requires_grad_().transpose_(0, 1); },
       "transpose_: a leaf Variable that requires grad is being used in an in-place operation."},
      {[] { tril_indices(-1, 2); }, "tril_indices: row must be non-negative, got -1"},
      {[] { triu_indices(1, -2); }, "triu_indices: col must be non-negative, got -2"},
      {[] { diag_embed(vector(), 0, 1, 1); }, "diag_embed: diagonal dimensions cannot be identical 1, 1"},
      {[] { trace(vector()); }, "trace: expected a matrix, but got tensor with dim 1"},
  });
  expect_words<IndexError>({
      {[] { narrow(vector(), 0, 4, 1); }, "narrow: start out of range (expected to be in range of [-3, 3], but got 4)"},
  });
}

TEST(MisuseOfShapes, Copies) {
  expect_words({
      {[] { a().to(TensorOptions().dtype(kDouble).requires_grad(true)); },
       "to(options) expects unset requires_grad flag, but got options.requires_grad set as true"},
      {[] { a().copy_(none); }, "copy_: expected a tensor, but got an undefined one"},
      {[] { vector().copy_(a()); }, "copy_: output with shape [3] doesn't match the broadcast shape [2, 3]"},
      {[] { a().fill_(vector()); }, "fill_ only supports 0-dimension value tensor but got tensor with 1 dimensions."},
      {[] { none.sizes(); }, "expected a tensor, but got an undefined one"},
      {[] {
         Tensor out;
         add_out(out, a(), a());
       },
       "add: expected a tensor for out, but got an undefined one"},
      {[] { none.uniform_(); }, "uniform_: expected a tensor, but got an undefined one"},
  });
}

}  // namespace
