#include "gradus/autograd/ops/diagonal.h"

#include "gradus/autograd/ops/arithmetic.h"
#include "gradus/autograd/ops/compare.h"
#include "gradus/autograd/ops/copy.h"
#include "gradus/autograd/ops/index.h"
#include "gradus/autograd/ops/reduce.h"
#include "gradus/autograd/ops/shape.h"
#include "gradus/autograd/ops/view.h"
#include "gradus/autograd/overwrite.h"
#include "gradus/autograd/record.h"
#include "gradus/tensor/factories.h"
#include "gradus/tensor/kernels/convert.h"
#include "gradus/tensor/kernels/triangle.h"

namespace gradus {
namespace {

// The diagonal of dim1 and dim2 in a tensor with these sizes and strides: a view's sizes, strides and offset.
struct Diagonal {
  Sizes sizes, strides;
  int64_t offset = 0;

  Diagonal(IntArrayRef of, IntArrayRef of_strides, int64_t k, size_t d1, size_t d2) : sizes(of), strides(of_strides) {
    const int64_t rows = std::max<int64_t>(k >= 0 ? of[d1] : of[d1] + k, 0);
    const int64_t columns = std::max<int64_t>(k >= 0 ? of[d2] - k : of[d2], 0);
    const int64_t n = std::min(rows, columns), step = of_strides[d1] + of_strides[d2];
    if (n > 0) offset = k >= 0 ? k * of_strides[d2] : -k * of_strides[d1];
    sizes.erase(std::max(d1, d2));
    strides.erase(std::max(d1, d2));
    sizes.erase(std::min(d1, d2));
    strides.erase(std::min(d1, d2));
    sizes.push_back(n);
    strides.push_back(step);
  }
};

// Which elements of an [m, n] matrix lie on or below the k-th diagonal; as bools.
Tensor below(int64_t m, int64_t n, int64_t k) { return le(unsqueeze(arange(n), 0), unsqueeze(arange(k, m + k), 1)); }

void check_matrix(const char* op, const Tensor& x) {
  check(x.defined() && x.dim() >= 2, op, ": input tensor must have at least 2 dimensions, got ",
        x.defined() ? x.dim() : 0);
}

Tensor triangle_indices(const char* op, int64_t row, int64_t col, const TensorOptions& o, const Tensor& mask) {
  check(row >= 0, op, ": row must be non-negative, got ", row);
  check(col >= 0, op, ": col must be non-negative, got ", col);
  return transpose(nonzero(mask), 0, 1).contiguous().to(o.dtype_opt().value_or(kLong));
}

Tensor triangle(const Tensor& x, int64_t k, bool upper) {
  const Tensor from = x.detach().contiguous(), y = empty(x.sizes(), x.scalar_type());
  kernels::triangle(*y.unsafeGetTensorImpl(), *from.unsafeGetTensorImpl(), k, upper);
  return y;
}

}  // namespace

Tensor diagonal(const Tensor& x, int64_t offset, int64_t dim1, int64_t dim2) {
  const auto d1 = static_cast<size_t>(wrap_dim(dim1, x.dim())), d2 = static_cast<size_t>(wrap_dim(dim2, x.dim()));
  check(d1 != d2, "diagonal: diagonal dimensions cannot be identical ", dim1, ", ", dim2);
  const Diagonal v(x.sizes(), x.strides(), offset, d1, d2);
  return record("diagonal", view_of(x, v.sizes, v.strides, x.storage_offset() + v.offset), {x},
                [from = Sizes(x.sizes()), offset, d1, d2](const Tensor& g, Node&) {
                  const Sizes strides = contiguous_strides(from);
                  const Diagonal to(from, strides, offset, d1, d2);
                  return view_scatter(g, {from, strides, 0, to.sizes, to.strides, to.offset});
                });
}

Tensor diag_embed(const Tensor& x, int64_t offset, int64_t dim1, int64_t dim2) {
  const int64_t rank = x.dim() + 1;
  check(x.dim() > 0, "diag_embed: expected at least one dimension, got ", x.sizes());
  const int64_t d1 = wrap_dim(dim1, rank), d2 = wrap_dim(dim2, rank), n = x.size(-1) + std::abs(offset);
  check(d1 != d2, "diag_embed: diagonal dimensions cannot be identical ", dim1, ", ", dim2);
  Sizes sizes(x.sizes().slice(0, static_cast<size_t>(x.dim()) - 1));
  sizes.insert(static_cast<size_t>(std::min(d1, d2)), n);
  sizes.insert(static_cast<size_t>(std::max(d1, d2)), n);
  const Tensor y = zeros(sizes, x.scalar_type());
  const Diagonal v(y.sizes(), y.strides(), offset, static_cast<size_t>(d1), static_cast<size_t>(d2));
  kernels::copy(TensorImpl(y.storage(), y.scalar_type(), v.sizes, v.strides, v.offset), *x.unsafeGetTensorImpl());
  return record("diag_embed", y, {x}, [offset, d1, d2](const Tensor& g, Node&) { return diagonal(g, offset, d1, d2); });
}

Tensor diag(const Tensor& x, int64_t k) {
  check(x.dim() == 1 || x.dim() == 2, "diag(): Supports 1D or 2D tensors. Got ", x.dim(), "D");
  return x.dim() == 1 ? diag_embed(x, k) : clone(diagonal(x, k));
}

Tensor diagflat(const Tensor& x, int64_t offset) { return diag_embed(reshape(x, {-1}), offset); }

Tensor trace(const Tensor& x) {
  check(x.dim() == 2, "trace: expected a matrix, but got tensor with dim ", x.dim());
  return sum(diagonal(x));
}

Tensor tril(const Tensor& x, int64_t k) {
  check_matrix("tril", x);
  return record("tril", triangle(x, k, false), {x}, [k](const Tensor& g, Node&) { return tril(g, k); });
}
Tensor triu(const Tensor& x, int64_t k) {
  check_matrix("triu", x);
  return record("triu", triangle(x, k, true), {x}, [k](const Tensor& g, Node&) { return triu(g, k); });
}

Tensor tril_indices(int64_t row, int64_t col, int64_t offset, const TensorOptions& o) {
  return triangle_indices("tril_indices", row, col, o,
                          below(std::max<int64_t>(row, 0), std::max<int64_t>(col, 0), offset));
}
Tensor triu_indices(int64_t row, int64_t col, int64_t offset, const TensorOptions& o) {
  const Tensor mask = below(std::max<int64_t>(row, 0), std::max<int64_t>(col, 0), offset - 1);
  return triangle_indices("triu_indices", row, col, o, logical_not(mask));
}

// ---- methods --------------------------------------------------------------------------------------------------------

Tensor TensorMethods::diagonal(int64_t offset, int64_t dim1, int64_t dim2) const {
  return gradus::diagonal(itself(), offset, dim1, dim2);
}
Tensor TensorMethods::diag_embed(int64_t offset, int64_t dim1, int64_t dim2) const {
  return gradus::diag_embed(itself(), offset, dim1, dim2);
}
Tensor TensorMethods::diag(int64_t diagonal) const { return gradus::diag(itself(), diagonal); }
Tensor TensorMethods::diagflat(int64_t offset) const { return gradus::diagflat(itself(), offset); }
Tensor TensorMethods::trace() const { return gradus::trace(itself()); }
Tensor TensorMethods::tril(int64_t diagonal) const { return gradus::tril(itself(), diagonal); }
Tensor& TensorMethods::tril_(int64_t diagonal) const {
  return detail::overwrite("tril_", itself(), {}, [&](const Tensor& x) { return gradus::tril(x, diagonal); });
}
Tensor& TensorMethods::fill_diagonal_(const Scalar& value, bool wrap) const {
  const Tensor& x = itself();
  check_in_place("fill_diagonal_", x);
  check(x.dim() >= 2, "fill_diagonal_: dimensions must larger than 1, got ", x.sizes());
  const int64_t height = x.size(0), width = x.size(1);
  int64_t stride = 0;
  for (int64_t d = 0; d < x.dim(); ++d) {
    check(x.dim() == 2 || x.size(d) == height, "fill_diagonal_: all dimensions of input must be of equal length, got ",
          x.sizes());
    stride += x.stride(d);
  }
  as_strided(x, std::min(height, width), stride, x.storage_offset()).fill_(value);
  // In a tall matrix the diagonal begins anew below a row that stays free.
  if (wrap && x.dim() == 2)
    for (int64_t row = width + 1; row < height; row += width + 1)
      as_strided(x, std::min(width, height - row), stride, x.storage_offset() + row * x.stride(0)).fill_(value);
  return const_cast<Tensor&>(x);
}
Tensor TensorMethods::triu(int64_t diagonal) const { return gradus::triu(itself(), diagonal); }
Tensor& TensorMethods::triu_(int64_t diagonal) const {
  return detail::overwrite("triu_", itself(), {}, [&](const Tensor& x) { return gradus::triu(x, diagonal); });
}

}  // namespace gradus
