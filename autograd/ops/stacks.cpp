// Joining beyond cat: stacks, blocks, grids and tuples; and parts of nearly equal size.
#include "gradus/autograd/ops/join.h"
#include "gradus/autograd/ops/ops.h"
#include "gradus/autograd/record.h"
#include "gradus/tensor/factories.h"

namespace gradus {
namespace {

// The dimension along which hstack joins and hsplit divides.
int64_t horizontal(const Tensor& x) { return x.dim() == 1 ? 0 : 1; }

void check_vectors(const char* op, TensorList xs) {
  for (const Tensor& x : xs) check(x.dim() == 1, op, ": Expect a 1D vector, but got shape ", x.sizes());
}

void check_divides(const char* op, const Tensor& x, int64_t dim, int64_t sections) {
  check(sections > 0 && x.size(dim) % sections == 0, "torch.", op, " attempted to split along dimension ", dim,
        ", but the size of the dimension ", x.size(dim), " is not divisible by the split_size ", sections, "!");
}

}  // namespace

Tensor concat(TensorList xs, int64_t dim) { return cat(xs, dim); }
Tensor concatenate(TensorList xs, int64_t dim) { return cat(xs, dim); }

Tensor hstack(TensorList xs) {
  check(!xs.empty(), "hstack expects a non-empty TensorList");
  const std::vector<Tensor> r = atleast_1d(xs);
  return cat(r, horizontal(r[0]));
}
Tensor vstack(TensorList xs) {
  check(!xs.empty(), "vstack expects a non-empty TensorList");
  return cat(atleast_2d(xs), 0);
}
Tensor dstack(TensorList xs) {
  check(!xs.empty(), "dstack expects a non-empty TensorList");
  return cat(atleast_3d(xs), 2);
}
Tensor row_stack(TensorList xs) { return vstack(xs); }
Tensor column_stack(TensorList xs) {
  check(!xs.empty(), "column_stack expects a non-empty TensorList");
  std::vector<Tensor> columns;
  for (const Tensor& x : xs) columns.push_back(x.dim() <= 1 ? reshape(x, {x.numel(), 1}) : x);
  return hstack(columns);
}

Tensor block_diag(TensorList xs) {
  check(!xs.empty(), "torch.block_diag: expected a non-empty list of tensors");
  std::vector<Tensor> blocks;
  int64_t columns = 0, left = 0;
  for (const Tensor& x : xs) {
    check(x.dim() <= 2, "torch.block_diag: Input tensors must have 2 or fewer dimensions. Input ", blocks.size(),
          " has ", x.dim(), " dimensions");
    blocks.push_back(atleast_2d(x));
    columns += blocks.back().size(1);
  }
  std::vector<Tensor> rows;
  for (const Tensor& b : blocks) {
    const int64_t m = b.size(0), n = b.size(1);
    rows.push_back(cat({zeros({m, left}, b.scalar_type()), b, zeros({m, columns - left - n}, b.scalar_type())}, 1));
    left += n;
  }
  return cat(rows, 0);
}

std::vector<Tensor> meshgrid(TensorList xs) { return meshgrid(xs, "ij"); }
std::vector<Tensor> meshgrid(TensorList xs, std::string_view indexing) {
  check(!xs.empty(), "meshgrid expects a non-empty TensorList");
  check(indexing == "ij" || indexing == "xy",
        "torch.meshgrid: indexing must be one of \"xy\" or \"ij\", but received: ", indexing);
  const bool exchanged = indexing == "xy" && xs.size() > 1;
  Sizes shape;
  for (const Tensor& x : xs) {
    check(x.dim() <= 1, "torch.meshgrid: Expected 0D or 1D tensor in the tensor list but got: ", x.sizes());
    check(x.scalar_type() == xs[0].scalar_type(), "torch.meshgrid expects all tensors to have the same dtype");
    shape.push_back(x.numel());
  }
  std::vector<Tensor> grids;
  for (size_t i = 0; i < xs.size(); ++i) {
    Sizes one(xs.size(), 1);
    one[i] = xs[i].numel();
    const Tensor grid = expand(reshape(xs[i], one), shape);
    grids.push_back(exchanged ? transpose(grid, 0, 1) : grid);
  }
  return grids;
}

Tensor cartesian_prod(TensorList xs) {
  check(!xs.empty(), "cartesian_prod: expected a non-empty list of vectors");
  check_vectors("cartesian_prod", xs);
  if (xs.size() == 1) return xs[0];
  std::vector<Tensor> columns = meshgrid(xs);
  for (Tensor& c : columns) c = reshape(c, {-1});
  return stack(columns, 1);
}

Tensor combinations(const Tensor& x, int64_t r, bool with_replacement) {
  check(x.dim() == 1, "combinations: Expect a 1D vector, but got shape ", x.sizes());
  check(r >= 0, "Expect a non-negative number, but got ", r);
  if (r == 0) return empty({0}, x.scalar_type());
  const int64_t n = x.numel();
  const Tensor places = arange(n);
  const std::vector<Tensor> grids = meshgrid(std::vector<Tensor>(static_cast<size_t>(r), places));
  Tensor mask = ones(Sizes(static_cast<size_t>(r), n), kBool);
  for (size_t i = 0; i + 1 < grids.size(); ++i)
    mask = logical_and(mask, with_replacement ? le(grids[i], grids[i + 1]) : lt(grids[i], grids[i + 1]));
  std::vector<Tensor> columns;
  for (const Tensor& g : grids) columns.push_back(index_select(x, 0, masked_select(g, mask)));
  return stack(columns, 1);
}

// ---- taken apart ----------------------------------------------------------------------------------------------------

std::vector<Tensor> tensor_split(const Tensor& x, int64_t sections, int64_t dim) {
  check(x.dim() > 0, "tensor_split expected at least a 1-dimensional tensor, but got a tensor with ", x.dim(), " dims");
  check(sections > 0, "number of sections must be larger than 0, got ", sections);
  const int64_t n = x.size(dim), least = n / sections, larger = n % sections;
  Sizes sizes;
  for (int64_t i = 0; i < sections; ++i) sizes.push_back(least + (i < larger));
  return split_with_sizes(x, sizes, dim);
}

std::vector<Tensor> tensor_split(const Tensor& x, IntArrayRef indices, int64_t dim) {
  check(x.dim() > 0, "tensor_split expected at least a 1-dimensional tensor, but got a tensor with ", x.dim(), " dims");
  std::vector<Tensor> parts;
  int64_t start = 0;
  for (int64_t end : indices) {
    parts.push_back(slice(x, dim, start, end));
    start = end;
  }
  parts.push_back(slice(x, dim, start));
  return parts;
}

std::vector<Tensor> tensor_split(const Tensor& x, const Tensor& indices, int64_t dim) {
  check(indices.scalar_type() == kLong,
        "tensor_split expected tensor_indices_or_sections to have dtype of long, but got ", indices.scalar_type());
  check(indices.dim() <= 1,
        "tensor_split expected tensor_indices_or_sections to be a zero-dimensional or "
        "one-dimensional tensor, but got a tensor with ",
        indices.dim(), " dims");
  if (indices.dim() == 0) return tensor_split(x, indices.item<int64_t>(), dim);
  Sizes at;
  for (int64_t i = 0; i < indices.numel(); ++i) at.push_back(indices[i].item<int64_t>());
  return tensor_split(x, IntArrayRef(at), dim);
}

std::vector<Tensor> hsplit(const Tensor& x, int64_t sections) {
  check(x.dim() >= 1, "torch.hsplit requires a tensor with at least 1 dimension, but got a tensor with ", x.dim(),
        " dimensions!");
  check_divides("hsplit", x, horizontal(x), sections);
  return tensor_split(x, sections, horizontal(x));
}
std::vector<Tensor> hsplit(const Tensor& x, IntArrayRef indices) {
  check(x.dim() >= 1, "torch.hsplit requires a tensor with at least 1 dimension, but got a tensor with ", x.dim(),
        " dimensions!");
  return tensor_split(x, indices, horizontal(x));
}
std::vector<Tensor> vsplit(const Tensor& x, int64_t sections) {
  check(x.dim() >= 2, "torch.vsplit requires a tensor with at least 2 dimension, but got a tensor with ", x.dim(),
        " dimensions!");
  check_divides("vsplit", x, 0, sections);
  return tensor_split(x, sections, 0);
}
std::vector<Tensor> vsplit(const Tensor& x, IntArrayRef indices) {
  check(x.dim() >= 2, "torch.vsplit requires a tensor with at least 2 dimension, but got a tensor with ", x.dim(),
        " dimensions!");
  return tensor_split(x, indices, 0);
}
std::vector<Tensor> dsplit(const Tensor& x, int64_t sections) {
  check(x.dim() >= 3, "torch.dsplit requires a tensor with at least 3 dimension, but got a tensor with ", x.dim(),
        " dimensions!");
  check_divides("dsplit", x, 2, sections);
  return tensor_split(x, sections, 2);
}
std::vector<Tensor> dsplit(const Tensor& x, IntArrayRef indices) {
  check(x.dim() >= 3, "torch.dsplit requires a tensor with at least 3 dimension, but got a tensor with ", x.dim(),
        " dimensions!");
  return tensor_split(x, indices, 2);
}

// ---- methods --------------------------------------------------------------------------------------------------------

std::vector<Tensor> TensorMethods::tensor_split(int64_t sections, int64_t dim) const {
  return gradus::tensor_split(itself(), sections, dim);
}
std::vector<Tensor> TensorMethods::tensor_split(IntArrayRef indices, int64_t dim) const {
  return gradus::tensor_split(itself(), indices, dim);
}
std::vector<Tensor> TensorMethods::tensor_split(const Tensor& tensor_indices_or_sections, int64_t dim) const {
  return gradus::tensor_split(itself(), tensor_indices_or_sections, dim);
}
std::vector<Tensor> TensorMethods::hsplit(int64_t sections) const { return gradus::hsplit(itself(), sections); }
std::vector<Tensor> TensorMethods::hsplit(IntArrayRef indices) const { return gradus::hsplit(itself(), indices); }
std::vector<Tensor> TensorMethods::vsplit(int64_t sections) const { return gradus::vsplit(itself(), sections); }
std::vector<Tensor> TensorMethods::vsplit(IntArrayRef indices) const { return gradus::vsplit(itself(), indices); }
std::vector<Tensor> TensorMethods::dsplit(int64_t sections) const { return gradus::dsplit(itself(), sections); }
std::vector<Tensor> TensorMethods::dsplit(IntArrayRef indices) const { return gradus::dsplit(itself(), indices); }

}  // namespace gradus
