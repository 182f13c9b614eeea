#include "gradus/autograd/ops/matmul.h"

#include "gradus/autograd/ops/arithmetic.h"
#include "gradus/autograd/ops/shape.h"
#include "gradus/autograd/product.h"
#include "gradus/autograd/record.h"
#include "gradus/tensor/factories.h"
#include "gradus/tensor/kernels/matmul.h"
#include "gradus/tensor/kernels/typed.h"

namespace gradus {
namespace {

// A matrix, or a batch of them, as the kernels read it: rows or columns are consecutive.
struct Matrix {
  const Tensor& x;
  Tensor copy;  // where the kernels cannot read x itself
  bool transposed;
  int64_t lead, batch, batch_stride;
  const Tensor& tensor() const { return copy.defined() ? copy : x; }
};

Matrix matrix(const Tensor& x, bool transposed) {
  const IntArrayRef sizes = x.sizes();
  const size_t row = sizes.size() - 2, column = sizes.size() - 1;
  const int64_t rows = sizes[row], columns = sizes[column];
  IntArrayRef strides = x.strides();
  const bool by_row = (strides[column] == 1 || columns <= 1) && (strides[row] >= columns || rows <= 1);
  const bool by_column = (strides[row] == 1 || rows <= 1) && (strides[column] >= rows || columns <= 1);
  const bool flip = !by_row && by_column;
  Matrix r{x, {}, transposed != flip, 1, row == 1 ? sizes[0] : 1, 0};
  if (!by_row && !by_column) {
    r.copy = x.detach().contiguous();
    strides = r.copy.strides();
  }
  const int64_t lead = flip ? (columns <= 1 ? rows : strides[column]) : (rows <= 1 ? columns : strides[row]);
  r.lead = std::max<int64_t>(lead, 1);
  if (r.batch > 1) r.batch_stride = strides[0];
  return r;
}

int64_t rows_of(const Tensor& x, bool transposed) { return x.size(transposed ? -1 : -2); }
int64_t columns_of(const Tensor& x, bool transposed) { return x.size(transposed ? -2 : -1); }

Sizes leading(const Tensor& x) { return Sizes(IntArrayRef(x.sizes().data(), x.sizes().size() - 2)); }

Sizes with(Sizes lead, int64_t a, int64_t b) {
  lead.push_back(a);
  lead.push_back(b);
  return lead;
}

// Both at least matrices, one of them a batch; their inner sizes agree.
Tensor batched(const Tensor& a, const Tensor& b) {
  const int64_t m = a.size(-2), k = a.size(-1), n = b.size(-1);
  if (b.dim() == 2) {  // one matrix for all: one tall product
    Sizes out = leading(a);
    return reshape(gemm(reshape(a, {-1, k}), false, b, false), with(out, m, n));
  }
  const Sizes lead = broadcast("matmul", leading(a), leading(b));
  const int64_t batch = count_elements(lead);
  auto flat = [&](const Tensor& t, int64_t r, int64_t c) {
    if (count_elements(leading(t)) == 1) return reshape(t, {1, r, c});
    return reshape(expand(t, with(lead, r, c)), {batch, r, c});
  };
  Tensor y = gemm(flat(a, m, k), false, flat(b, k, n), false);
  if (y.size(0) != batch) y = expand(y, {batch, m, n});
  return reshape(y, with(lead, m, n));
}

}  // namespace

void detail::check_factors(const char* op, const Tensor& a, const Tensor& b) {
  check(a.defined() && b.defined(), op, ": expected two tensors, but got an undefined one");
  check(a.scalar_type() == b.scalar_type(), op, ": expected m1 and m2 to have the same dtype, but got: ", a.dtype(),
        " != ", b.dtype());
  check(a.scalar_type() != kBool, op, ": \"", op, "\" not implemented for 'Bool'");
}

// Narrow types multiply in copies of the type they are computed in.
Tensor detail::product(const Tensor& a, bool ta, const Tensor& b, bool tb, const Tensor& bias, IntArrayRef sizes) {
  const ScalarType type = a.scalar_type(), compute = compute_type(type);
  if (type != compute) {
    auto wide = [&](const Tensor& t) { return t.defined() ? t.detach().to(compute) : t; };
    return product(wide(a), ta, wide(b), tb, wide(bias), sizes).to(type);
  }
  const Matrix x = matrix(a, ta), y = matrix(b, tb);
  const Tensor c = empty(sizes, a.scalar_type());
  kernels::Gemm g;
  g.m = rows_of(a, ta);
  g.k = columns_of(a, ta);
  g.n = columns_of(b, tb);
  g.trans_a = x.transposed;
  g.trans_b = y.transposed;
  g.lda = x.lead;
  g.ldb = y.lead;
  g.ldc = std::max<int64_t>(g.n, 1);
  g.batch = std::max(x.batch, y.batch);
  if (x.batch == 0 || y.batch == 0) g.batch = 0;
  g.stride_a = x.batch_stride;
  g.stride_b = y.batch_stride;
  g.stride_c = g.m * g.n;
  kernels::with_addresses<float, double, int64_t>(
      "gemm", [&](auto* c, auto* a, auto* b, auto* bias) { kernels::matmul(g, a, b, c, bias); }, c, x.tensor(),
      y.tensor(), bias);
  return c;
}

Tensor gemm(const Tensor& a, bool ta, const Tensor& b, bool tb) {
  detail::check_factors("gemm", a, b);
  check(a.dim() == b.dim() && (a.dim() == 2 || a.dim() == 3),
        "gemm: expected two matrices or two batches of matrices, got ", a.sizes(), " and ", b.sizes());
  check(columns_of(a, ta) == rows_of(b, tb),
        "gemm: inner sizes differ, mat1 and mat2 shapes cannot be multiplied, got ", a.sizes(),
        ta ? " transposed and " : " and ", b.sizes(), tb ? " transposed" : "");
  Sizes sizes{rows_of(a, ta), columns_of(b, tb)};
  if (a.dim() == 3) {
    check(a.size(0) == b.size(0) || a.size(0) == 1 || b.size(0) == 1, "gemm: batch sizes differ, got ", a.sizes(),
          " and ", b.sizes());
    sizes.insert(0, a.size(0) == 1 ? b.size(0) : a.size(0));
  }
  const Tensor y = detail::product(a, ta, b, tb, {}, sizes);
  if (!recording({a, b})) return y;
  return record("mm", y, {a, b}, [a = saved_for(b, a), b = saved_for(a, b), ta, tb](const Tensor& g, Node& self) {
    std::array<Tensor, 2> r;
    if (self.needs(0)) r[0] = ta ? gemm(b.get(self), tb, g, true) : gemm(g, false, b.get(self), !tb);
    if (self.needs(1)) r[1] = tb ? gemm(g, true, a.get(self), ta) : gemm(a.get(self), !ta, g, false);
    return r;
  });
}

Tensor mm(const Tensor& a, const Tensor& b) {
  detail::check_factors("mm", a, b);
  check(a.dim() == 2 && b.dim() == 2, "mm: mat1 and mat2 must be matrices (self must be a matrix), got ", a.sizes(),
        " and ", b.sizes());
  check(a.size(1) == b.size(0), "mm: mat1 and mat2 shapes cannot be multiplied (", a.size(0), "x", a.size(1), " and ",
        b.size(0), "x", b.size(1), "), got ", a.sizes(), " and ", b.sizes());
  return gemm(a, false, b, false);
}

Tensor bmm(const Tensor& a, const Tensor& b) {
  detail::check_factors("bmm", a, b);
  check(a.dim() == 3 && b.dim() == 3, "bmm: batch1 and batch2 must be 3D tensors, got ", a.sizes(), " and ", b.sizes());
  check(a.size(0) == b.size(0) && a.size(2) == b.size(1),
        "bmm: Expected size for first two dimensions of batch2 tensor to be: [", a.size(0), ", ", a.size(2),
        "] but got: [", b.size(0), ", ", b.size(1), "].");
  return gemm(a, false, b, false);
}

Tensor mv(const Tensor& a, const Tensor& b) {
  detail::check_factors("mv", a, b);
  check(a.dim() == 2 && b.dim() == 1 && a.size(1) == b.size(0), "mv: size mismatch, got ", a.sizes(), " and ",
        b.sizes());
  return squeeze(gemm(a, false, unsqueeze(b, 1), false), 1);
}

Tensor dot(const Tensor& a, const Tensor& b) {
  detail::check_factors("dot", a, b);
  check(a.dim() == 1 && b.dim() == 1, "dot: 1D tensors expected, but got ", a.dim(), "D and ", b.dim(), "D tensors");
  check(a.size(0) == b.size(0), "dot: inconsistent tensor size, expected tensor ", a.sizes(), " and src ", b.sizes(),
        " to have the same number of elements");
  return reshape(gemm(unsqueeze(a, 0), false, unsqueeze(b, 1), false), {});
}

Tensor outer(const Tensor& a, const Tensor& b) {
  check(a.dim() == 1 && b.dim() == 1, "outer: Expected 1-D arguments, got ", a.sizes(), " and ", b.sizes());
  return mul(unsqueeze(a, 1), unsqueeze(b, 0));
}

Tensor matmul(const Tensor& a, const Tensor& b) {
  detail::check_factors("matmul", a, b);
  check(a.dim() > 0 && b.dim() > 0, "matmul: both arguments to matmul need to be at least 1D, but they are ", a.dim(),
        "D and ", b.dim(), "D");
  const int64_t inner = b.size(b.dim() == 1 ? 0 : -2);
  check(a.size(-1) == inner, "matmul: inner sizes differ, mat1 and mat2 shapes cannot be multiplied, got ", a.sizes(),
        " and ", b.sizes());
  if (a.dim() == 1 && b.dim() == 1) return dot(a, b);
  if (a.dim() == 1) return squeeze(matmul(unsqueeze(a, 0), b), -2);
  if (b.dim() == 1) return squeeze(matmul(a, unsqueeze(b, 1)), -1);
  if (a.dim() == 2 && b.dim() == 2) return gemm(a, false, b, false);
  return batched(a, b);
}

Tensor Tensor::matmul(const Tensor& o) const { return gradus::matmul(*this, o); }
Tensor Tensor::mm(const Tensor& o) const { return gradus::mm(*this, o); }
Tensor Tensor::bmm(const Tensor& o) const { return gradus::bmm(*this, o); }
Tensor Tensor::mv(const Tensor& o) const { return gradus::mv(*this, o); }
Tensor Tensor::dot(const Tensor& o) const { return gradus::dot(*this, o); }

}  // namespace gradus
