#include "gradus/autograd/ops/products.h"

#include "gradus/autograd/ops/ops.h"
#include "gradus/autograd/overwrite.h"
#include "gradus/autograd/record.h"
#include "gradus/autograd/wide.h"
#include "gradus/tensor/factories.h"

namespace gradus {
namespace {

void check_defined(const char* op, const Tensor& a, const Tensor& b) {
  check(a.defined() && b.defined(), op, ": expected tensors, but got an undefined one");
}

// The dimensions of a tensor that `dims` leaves, then those of `dims`; or the other way round.
Sizes with_last(const Tensor& t, const Sizes& dims, bool last) {
  Sizes rest, order;
  for (int64_t d = 0; d < t.dim(); ++d)
    if (std::find(dims.begin(), dims.end(), d) == dims.end()) rest.push_back(d);
  for (int64_t d : last ? rest : dims) order.push_back(d);
  for (int64_t d : last ? dims : rest) order.push_back(d);
  return order;
}

Sizes wrapped(const char* op, const Tensor& t, IntArrayRef dims) {
  Sizes r;
  for (int64_t d : dims) {
    const int64_t w = wrap_dim(d, t.dim());
    check(std::find(r.begin(), r.end(), w) == r.end(), op, ": dim ", w, " appears multiple times in the list of dims");
    r.push_back(w);
  }
  return r;
}

// beta x + alpha product; integers take the whole part of the factors.
Tensor added(const char* op, const Tensor& x, const Tensor& product, const Scalar& beta, const Scalar& alpha) {
  check(x.defined(), op, ": expected a tensor, but got an undefined one");
  check(expands(x.sizes(), product.sizes()), op, ": The expanded size of the tensor ", product.sizes(),
        " must match the existing size ", x.sizes());
  auto times = [](const Tensor& t, const Scalar& factor) {
    const Scalar f = is_floating(t.scalar_type()) ? factor : Scalar(factor.toLong());
    return f.equal(1) ? t : mul(t, f);
  };
  return beta.equal(0) ? times(product, alpha) : add(times(x, beta), times(product, alpha));
}

}  // namespace

Tensor tensordot(const Tensor& a, const Tensor& b, IntArrayRef dims_a, IntArrayRef dims_b) {
  check_defined("tensordot", a, b);
  check(dims_a.size() == dims_b.size(), "tensordot: both dimension lists should have same length, got ", dims_a,
        " and ", dims_b);
  const Sizes da = wrapped("tensordot", a, dims_a), db = wrapped("tensordot", b, dims_b);
  Tensor x = a, y = b;
  int64_t inner = 1;
  for (size_t i = 0; i < da.size(); ++i) {
    const int64_t m = a.size(da[i]), n = b.size(db[i]);
    check(m == n || m == 1 || n == 1, "contracted dimensions need to match, but first has size ", m, " in dim ", da[i],
          " and second has size ", n, " in dim ", db[i]);
    // A dimension of size 1 stands for any size: the other one is summed first.
    if (m == 1 && n != 1) y = sum(y, db[i], true, y.scalar_type());
    if (n == 1 && m != 1) x = sum(x, da[i], true, x.scalar_type());
    inner *= std::min(m, n);
  }
  x = permute(x, with_last(x, da, true));
  y = permute(y, with_last(y, db, false));
  Sizes result;
  int64_t rows = 1, columns = 1;
  for (int64_t d = 0; d < a.dim() - static_cast<int64_t>(da.size()); ++d)
    result.push_back(x.size(d)), rows *= x.size(d);
  for (auto d = static_cast<int64_t>(db.size()); d < b.dim(); ++d) result.push_back(y.size(d)), columns *= y.size(d);
  return reshape(mm(reshape(x, {rows, inner}), reshape(y, {inner, columns})), result);
}

Tensor kron(const Tensor& a, const Tensor& b) {
  check_defined("kron", a, b);
  const int64_t rank = std::max(a.dim(), b.dim());
  Sizes one, other, result;
  for (int64_t d = 0; d < rank; ++d) {
    const int64_t i = d - (rank - a.dim()), j = d - (rank - b.dim());
    const int64_t m = i < 0 ? 1 : a.size(i), n = j < 0 ? 1 : b.size(j);
    one.push_back(m);
    one.push_back(1);
    other.push_back(1);
    other.push_back(n);
    result.push_back(m * n);
  }
  return reshape(mul(reshape(a, one), reshape(b, other)), result);
}

Tensor vdot(const Tensor& a, const Tensor& b) { return dot(a, b); }

Tensor inner(const Tensor& a, const Tensor& b) {
  check_defined("inner", a, b);
  if (a.dim() == 0 || b.dim() == 0) return mul(a, b);
  check(a.size(-1) == b.size(-1), "inner() the last dimension must match on both input tensors but got shapes ",
        a.sizes(), " and ", b.sizes());
  return tensordot(a, b, {-1}, {-1});
}

Tensor ger(const Tensor& a, const Tensor& b) { return outer(a, b); }

Tensor cross(const Tensor& a, const Tensor& b, std::optional<int64_t> dim) {
  check_defined("cross", a, b);
  check(a.dim() == b.dim(), "linalg.cross: inputs must have the same number of dimensions, got ", a.sizes(), " and ",
        b.sizes());
  const Sizes shape = broadcast("cross", a.sizes(), b.sizes());
  int64_t d = -1;
  for (size_t i = 0; !dim && d < 0 && i < a.sizes().size(); ++i)
    if (a.sizes()[i] == 3) d = static_cast<int64_t>(i);
  check(dim || d >= 0, "no dimension of size 3 in input");
  if (dim) d = wrap_dim(*dim, a.dim());
  check(a.dim() > 0 && a.size(d) == 3 && b.size(d) == 3, "linalg.cross: inputs dimension ", d,
        " must have length 3. Got ", a.dim() > 0 ? a.size(d) : 1, " and ", b.dim() > 0 ? b.size(d) : 1);
  const Tensor x = expand(a, shape), y = expand(b, shape);
  return sub(mul(roll(x, {-1}, {d}), roll(y, {-2}, {d})), mul(roll(x, {-2}, {d}), roll(y, {-1}, {d})));
}

namespace {

// The product of matrices [from, to] in the order that `split` tells.
Tensor chain(TensorList m, const std::vector<std::vector<size_t>>& split, size_t from, size_t to) {
  if (from == to) return m[from];
  const size_t k = split[from][to];
  return mm(chain(m, split, from, k), chain(m, split, k + 1, to));
}

}  // namespace

Tensor chain_matmul(TensorList matrices) {
  check(!matrices.empty(), "chain_matmul(): Expected one or more matrices");
  const size_t n = matrices.size();
  for (const Tensor& m : matrices) check(m.dim() == 2, "Tensor dimension is ", m.dim(), ", expected 2 instead.");
  if (n == 1) return matrices[0];
  auto size = [&](size_t i) { return static_cast<double>(i == 0 ? matrices[0].size(0) : matrices[i - 1].size(1)); };
  // cost[i][j]: the fewest multiplications for matrices i to j. Cormen et al., Introduction to Algorithms, 15.2.
  std::vector<std::vector<double>> cost(n, std::vector<double>(n, 0));
  std::vector<std::vector<size_t>> split(n, std::vector<size_t>(n, 0));
  for (size_t length = 2; length <= n; ++length)
    for (size_t i = 0; i + length <= n; ++i) {
      const size_t j = i + length - 1;
      for (size_t k = i; k < j; ++k) {
        const double c = cost[i][k] + cost[k + 1][j] + size(i) * size(k + 1) * size(j + 1);
        if (k == i || c < cost[i][j]) cost[i][j] = c, split[i][j] = k;
      }
    }
  return chain(matrices, split, 0, n - 1);
}

Tensor addmm(const Tensor& x, const Tensor& a, const Tensor& b, const Scalar& beta, const Scalar& alpha) {
  return added("addmm", x, mm(a, b), beta, alpha);
}
Tensor addmv(const Tensor& x, const Tensor& a, const Tensor& b, const Scalar& beta, const Scalar& alpha) {
  return added("addmv", x, mv(a, b), beta, alpha);
}
Tensor addbmm(const Tensor& x, const Tensor& a, const Tensor& b, const Scalar& beta, const Scalar& alpha) {
  check_defined("addbmm", a, b);
  check(a.dim() == 3 && b.dim() == 3 && a.size(0) == b.size(0) && a.size(2) == b.size(1),
        "addbmm: batch1 and batch2 must be 3D tensors with the same number of batches and matching inner sizes, got ",
        a.sizes(), " and ", b.sizes());
  // The sum of products is one product of matrices beside and below each other.
  const int64_t k = a.size(0) * a.size(2);
  const Tensor side = reshape(transpose(a, 0, 1), {a.size(1), k});
  return added("addbmm", x, mm(side, reshape(b, {k, b.size(2)})), beta, alpha);
}
Tensor addr(const Tensor& x, const Tensor& a, const Tensor& b, const Scalar& beta, const Scalar& alpha) {
  check_defined("addr", a, b);
  return added("addr", x, outer(a, b), beta, alpha);
}
Tensor baddbmm(const Tensor& x, const Tensor& a, const Tensor& b, const Scalar& beta, const Scalar& alpha) {
  return added("baddbmm", x, bmm(a, b), beta, alpha);
}

Tensor bilinear(const Tensor& x1, const Tensor& x2, const Tensor& weight, const Tensor& bias) {
  check_defined("bilinear", x1, x2);
  check(weight.defined() && weight.dim() == 3, "bilinear(): expected a weight [out, in1, in2], got ",
        weight.defined() ? str(weight.sizes()) : "an undefined tensor");
  check(x1.scalar_type() == x2.scalar_type() && x1.scalar_type() == weight.scalar_type(),
        "All tensors must have the same dtype, got input1: ", x1.scalar_type(), ", input2: ", x2.scalar_type(),
        ", weight: ", weight.scalar_type());
  check(x1.dim() == x2.dim(), "bilinear(): input dimensions do not match: got ", x1.dim(), " and ", x2.dim());
  check(x1.dim() > 0, "bilinear(): expected inputs of at least one dimension, got ", x1.sizes());
  for (int64_t d = 0; d + 1 < x1.dim(); ++d)
    check(x1.size(d) == x2.size(d), "bilinear(): input batch dimensions do not match at dim ", d, ": got ", x1.size(d),
          " and ", x2.size(d));
  const int64_t out = weight.size(0), in1 = weight.size(1), in2 = weight.size(2);
  check(x1.size(-1) == in1, "bilinear(): input1 size does not match weight size: got ", x1.size(-1), " but expected ",
        in1);
  check(x2.size(-1) == in2, "bilinear(): input2 size does not match weight size: got ", x2.size(-1), " but expected ",
        in2);
  check(!bias.defined() || (bias.dim() == 1 && bias.size(0) == out),
        "bilinear(): bias size does not match weight size: got ", bias.defined() ? str(bias.sizes()) : "",
        " but expected ", out);
  const ScalarType type = x1.scalar_type();
  if (is_float16(type)) return bilinear(wide(x1), wide(x2), wide(weight), wide(bias)).to(type);
  // x1 times every W_k in one product: [..., in1] [in1, out in2] -> [..., out, in2].
  const Tensor all = x1.matmul(weight.permute({1, 0, 2}).reshape({in1, out * in2}));
  const Tensor y = (all.unflatten(-1, {out, in2}) * x2.unsqueeze(-2)).sum(-1, false, type);
  return bias.defined() ? y + bias : y;
}

// ---- methods --------------------------------------------------------------------------------------------------------

Tensor TensorMethods::vdot(const Tensor& other) const { return gradus::vdot(itself(), other); }
Tensor TensorMethods::inner(const Tensor& other) const { return gradus::inner(itself(), other); }
Tensor TensorMethods::outer(const Tensor& vec2) const { return gradus::outer(itself(), vec2); }
Tensor TensorMethods::ger(const Tensor& vec2) const { return gradus::ger(itself(), vec2); }
Tensor TensorMethods::cross(const Tensor& other, std::optional<int64_t> dim) const {
  return gradus::cross(itself(), other, dim);
}
Tensor TensorMethods::kron(const Tensor& other) const { return gradus::kron(itself(), other); }
Tensor TensorMethods::addmm(const Tensor& mat1, const Tensor& mat2, const Scalar& beta, const Scalar& alpha) const {
  return gradus::addmm(itself(), mat1, mat2, beta, alpha);
}
Tensor& TensorMethods::addmm_(const Tensor& mat1, const Tensor& mat2, const Scalar& beta, const Scalar& alpha) const {
  return detail::overwrite("addmm_", itself(), {mat1, mat2},
                           [&](const Tensor& x) { return gradus::addmm(x, mat1, mat2, beta, alpha); });
}
Tensor TensorMethods::addmv(const Tensor& mat, const Tensor& vec, const Scalar& beta, const Scalar& alpha) const {
  return gradus::addmv(itself(), mat, vec, beta, alpha);
}
Tensor& TensorMethods::addmv_(const Tensor& mat, const Tensor& vec, const Scalar& beta, const Scalar& alpha) const {
  return detail::overwrite("addmv_", itself(), {mat, vec},
                           [&](const Tensor& x) { return gradus::addmv(x, mat, vec, beta, alpha); });
}
Tensor TensorMethods::addbmm(const Tensor& batch1, const Tensor& batch2, const Scalar& beta,
                             const Scalar& alpha) const {
  return gradus::addbmm(itself(), batch1, batch2, beta, alpha);
}
Tensor& TensorMethods::addbmm_(const Tensor& batch1, const Tensor& batch2, const Scalar& beta,
                               const Scalar& alpha) const {
  return detail::overwrite("addbmm_", itself(), {batch1, batch2},
                           [&](const Tensor& x) { return gradus::addbmm(x, batch1, batch2, beta, alpha); });
}
Tensor TensorMethods::addr(const Tensor& vec1, const Tensor& vec2, const Scalar& beta, const Scalar& alpha) const {
  return gradus::addr(itself(), vec1, vec2, beta, alpha);
}
Tensor& TensorMethods::addr_(const Tensor& vec1, const Tensor& vec2, const Scalar& beta, const Scalar& alpha) const {
  return detail::overwrite("addr_", itself(), {vec1, vec2},
                           [&](const Tensor& x) { return gradus::addr(x, vec1, vec2, beta, alpha); });
}
Tensor TensorMethods::baddbmm(const Tensor& batch1, const Tensor& batch2, const Scalar& beta,
                              const Scalar& alpha) const {
  return gradus::baddbmm(itself(), batch1, batch2, beta, alpha);
}
Tensor& TensorMethods::baddbmm_(const Tensor& batch1, const Tensor& batch2, const Scalar& beta,
                                const Scalar& alpha) const {
  return detail::overwrite("baddbmm_", itself(), {batch1, batch2},
                           [&](const Tensor& x) { return gradus::baddbmm(x, batch1, batch2, beta, alpha); });
}

}  // namespace gradus
