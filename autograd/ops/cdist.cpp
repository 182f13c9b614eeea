// Distances between the rows of two matrices.
#include <cmath>

#include "gradus/autograd/ops/ops.h"
#include "gradus/autograd/ops/products.h"
#include "gradus/autograd/record.h"
#include "gradus/autograd/wide.h"
#include "gradus/tensor/factories.h"
#include "gradus/tensor/kernels/distance.h"

namespace gradus {
namespace {

// Batches of matrices [b, n, d] and [b, m, d].
struct Rows {
  Tensor a, b;
  Sizes result;

  Rows(const Tensor& x, const Tensor& y) {
    const auto rank = [](const Tensor& t) { return static_cast<size_t>(t.dim()); };
    const Sizes lead = broadcast("cdist", x.sizes().slice(0, rank(x) - 2), y.sizes().slice(0, rank(y) - 2));
    auto batched = [&](const Tensor& t) {
      Sizes wide = lead;
      wide.push_back(t.size(-2));
      wide.push_back(t.size(-1));
      return reshape(expand(t, wide), {count_elements(lead), t.size(-2), t.size(-1)});
    };
    a = batched(x);
    b = batched(y);
    result = lead;
    result.push_back(x.size(-2));
    result.push_back(y.size(-2));
  }
};

// |a|^2 - 2 a b + |b|^2 as one product: [-2 a, |a|^2, 1] [b, 1, |b|^2]^T.
Tensor by_product(const Tensor& a, const Tensor& b) {
  const Tensor aa = sum(square(a), IntArrayRef{-1}, true), bb = sum(square(b), IntArrayRef{-1}, true);
  const Tensor x = cat({mul(a, -2), aa, ones_like(aa)}, -1), y = cat({b, ones_like(bb), bb}, -1);
  return sqrt(clamp_min(gemm(x, false, y, true), 0));
}

// The same in public operations.
Tensor composed(const Tensor& a, const Tensor& b, double p) {
  return norm(sub(unsqueeze(a, -2), unsqueeze(b, -3)), p, {-1});
}

// ga = (sum of g / y over j) a - (g / y) b.
std::array<Tensor, 2> euclid_backward(const Tensor& g, const Tensor& a, const Tensor& b, const Tensor& y, Node& self) {
  const Tensor zero = eq(y, 0), ratio = masked_fill(div(g, masked_fill(y, zero, 1)), zero, 0);
  std::array<Tensor, 2> r;
  if (self.needs(0)) r[0] = sub(mul(a, sum(ratio, IntArrayRef{-1}, true)), gemm(ratio, false, b, false));
  if (self.needs(1)) r[1] = sub(mul(b, unsqueeze(sum(ratio, IntArrayRef{-2}), -1)), gemm(ratio, true, a, false));
  return r;
}

Tensor one_side(const Tensor& g, const Tensor& a, const Tensor& b, const Tensor& y, double p) {
  const Tensor ga = zeros(a.sizes(), a.scalar_type());
  kernels::distances_backward(*ga.unsafeGetTensorImpl(), *g.contiguous().unsafeGetTensorImpl(),
                              *a.contiguous().unsafeGetTensorImpl(), *b.contiguous().unsafeGetTensorImpl(),
                              *y.contiguous().unsafeGetTensorImpl(), a.size(0), a.size(1), b.size(1), a.size(2), p);
  return ga;
}

std::array<Tensor, 2> general_backward(const Tensor& g, const Tensor& a, const Tensor& b, const Tensor& y, double p,
                                       Node& self) {
  if (autograd::GradMode::is_enabled()) {
    auto r = differentiate([p](const std::vector<Tensor>& x) { return composed(x[0], x[1], p); }, {a, b}, g, self);
    return {r[0], r[1]};
  }
  return {self.needs(0) ? one_side(g, a, b, y, p) : Tensor(),
          self.needs(1) ? one_side(transpose(g, -2, -1), b, a, transpose(y, -2, -1), p) : Tensor()};
}

// [b, n, d] [b, m, d] -> [b, n, m].
Tensor distances(const Tensor& a, const Tensor& b, double p, bool product) {
  Tensor y;
  {
    NoGradGuard off;
    if (product) {
      y = by_product(a, b);
    } else {
      y = empty({a.size(0), a.size(1), b.size(1)}, a.scalar_type());
      kernels::distances(*y.unsafeGetTensorImpl(), *a.detach().contiguous().unsafeGetTensorImpl(),
                         *b.detach().contiguous().unsafeGetTensorImpl(), a.size(0), a.size(1), b.size(1), a.size(2), p);
    }
  }
  if (!recording({a, b})) return y;
  return record("cdist", y, {a, b}, [a = Saved(a), b = Saved(b), y = Saved::output(y), p](const Tensor& g, Node& self) {
    const Tensor x = a.get(self), z = b.get(self), d = y.get(self);
    return p == 2 ? euclid_backward(g, x, z, d, self) : general_backward(g, x, z, d, p, self);
  });
}

}  // namespace

Tensor cdist(const Tensor& a, const Tensor& b, double p, std::optional<int64_t> compute_mode) {
  check(a.defined() && b.defined(), "cdist: expected tensors, but got an undefined one");
  check(a.dim() >= 2, "cdist only supports at least 2D tensors, X1 got: ", a.dim(), "D");
  check(b.dim() >= 2, "cdist only supports at least 2D tensors, X2 got: ", b.dim(), "D");
  check(a.size(-1) == b.size(-1), "X1 and X2 must have the same number of columns. X1: ", a.size(-1),
        " X2: ", b.size(-1));
  check(is_floating(a.scalar_type()), "cdist only supports floating-point dtypes, X1 got: ", a.dtype());
  if (is_float16(a.scalar_type()) && a.scalar_type() == b.scalar_type())
    return cdist(wide(a), wide(b), p, compute_mode).to(a.scalar_type());
  check(a.scalar_type() == b.scalar_type(), "cdist: X1 and X2 must have the same dtype, got ", a.dtype(), " and ",
        b.dtype());
  check(p >= 0, "cdist only supports non-negative p values");
  const int64_t mode = compute_mode.value_or(0);
  check(mode >= 0 && mode <= 2, "cdist: possible modes: 0, 1, 2, but was: ", mode);
  const Rows rows(a, b);
  const bool product = p == 2 && (mode == 1 || (mode == 0 && (a.size(-2) > 25 || b.size(-2) > 25)));
  return reshape(distances(rows.a, rows.b, p, product), rows.result);
}

}  // namespace gradus
