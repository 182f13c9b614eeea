// Indexing along one dimension: index_select, gather, scatter and what adds them back.
#include "gradus/autograd/overwrite.h"
#include "gradus/autograd/pointwise.h"
#include "gradus/tensor/factories.h"
#include "gradus/tensor/kernels/index.h"

namespace gradus {
namespace {

size_t at(const Tensor& x, int64_t dim) { return static_cast<size_t>(wrap_dim(dim, x.dim())); }
int64_t extent(const Tensor& x, int64_t dim) { return x.dim() == 0 ? 1 : x.size(dim); }
Tensor& self(const Tensor& t) { return const_cast<Tensor&>(t); }

bool is_index(const Tensor& t) { return t.defined() && (t.scalar_type() == kLong || t.scalar_type() == kInt); }
Tensor plain(const Tensor& index) { return index.to(kLong).contiguous(); }

// Memory that an operation would read while it writes it.
Tensor apart(const Tensor& t, const Tensor& target) { return t.is_alias_of(target) ? t.detach().clone() : t; }

kernels::Places places_along(const Tensor& x, int64_t dim, const Tensor& index) {
  const size_t d = at(x, dim);
  const IntArrayRef sizes = x.sizes(), strides = x.strides();
  kernels::Places p;
  p.index = zeros({index.numel()}, kLong);
  if (x.dim() == 0) {
    p.before = kernels::offsets({}, {});
    p.consecutive = true;
    return p;
  }
  p.before = kernels::offsets(sizes.slice(0, d), strides.slice(0, d));
  kernels::add_offsets(*p.index.unsafeGetTensorImpl(), *index.unsafeGetTensorImpl(), sizes[d], strides[d]);
  p.consecutive = is_contiguous(sizes.slice(d + 1), strides.slice(d + 1));
  if (!p.consecutive) p.after = kernels::offsets(sizes.slice(d + 1), strides.slice(d + 1));
  return p;
}

Sizes with_size(const Tensor& x, int64_t dim, int64_t n) {
  Sizes s = x.sizes();
  if (!s.empty()) s[at(x, dim)] = n;
  return s;
}

// Indices of which the negative ones count from the end.
Tensor remainder_index(const Tensor& index, int64_t n, size_t dim) {
  const Tensor i = plain(index);
  const int64_t bad = kernels::first_outside(*i.unsafeGetTensorImpl(), -n, n);
  if (bad >= 0)
    throw IndexError(str("index ", reshape(i, {-1})[bad].item<int64_t>(), " is out of bounds for dimension ", dim,
                         " with size ", n));
  return where(lt(i, 0), add(i, n), i);
}

void check_range(const Tensor& index, const Tensor& x, int64_t dim, const char* text) {
  const int64_t n = extent(x, dim), bad = kernels::first_outside(*index.unsafeGetTensorImpl(), 0, n);
  if (bad < 0) return;
  check_index(!text, text ? text : "");
  fail("index ", reshape(index, {-1})[bad].item<int64_t>(), " is out of bounds for dimension ", at(x, dim),
       " with size ", n);
}

}  // namespace

Tensor index_select(const Tensor& x, int64_t dim, const Tensor& index) {
  check_index(index.dim() <= 1, "index_select(): Index is supposed to be a vector");
  check(is_index(index), "index_select(): Expected dtype int32 or int64 for index");
  wrap_dim(dim, x.dim());
  check_index(x.dim() > 0 || index.numel() == 1, "index_select(): Index to scalar can have only 1 value, got ",
              index.numel(), " value(s)");
  const Tensor i = plain(index);
  check_range(i, x, dim, "index out of range in self");
  Tensor y = empty(with_size(x, dim, i.numel()), x.scalar_type());
  kernels::take(*y.unsafeGetTensorImpl(), *x.unsafeGetTensorImpl(), places_along(x, dim, i));
  return record("index_select", std::move(y), {x},
                [dim, index = Saved(index), from = Sizes(x.sizes())](const Tensor& g, Node& node) {
                  return zeros(from, g.scalar_type()).index_add_(dim, index.get(node), g);
                });
}

namespace {

void check_index_add(const Tensor& x, int64_t dim, const Tensor& index, const Tensor& source) {
  check_index(index.dim() <= 1, "index_add_(): Index is supposed to be a vector, but got dim: ", index.dim(),
              " with type: ", index.scalar_type(), " and size: ", index.sizes());
  check(is_index(index), "index_add_(): Expected dtype int32/int64 for index but got: ", index.scalar_type());
  check(x.scalar_type() == source.scalar_type(), "index_add_(): self (", x.scalar_type(), ") and source (",
        source.scalar_type(), ") must have the same scalar type");
  check(x.dim() == source.dim() || x.dim() * source.dim() == 0,
        "index_add_(): source and self must have the same number of dimensions, got ", source.sizes(), " and ",
        x.sizes());
  check(index.numel() == extent(source, source.dim() == 0 ? 0 : dim), "index_add_(): Number of indices (",
        index.numel(), ") should be equal to source.size(dim): (", extent(source, source.dim() == 0 ? 0 : dim),
        "), for dim: ", dim);
  if (x.dim() == source.dim())
    check(with_size(x, dim, 1) == with_size(source, dim, 1),
          "source tensor shape must match self tensor shape, excluding the specified dimension. Got self.shape = ",
          x.sizes(), " source.shape = ", source.sizes());
}

}  // namespace

Tensor& Tensor::index_add_(int64_t dim, const Tensor& index, const Tensor& source, const Scalar& alpha) const {
  wrap_dim(dim, this->dim());
  check_index_add(*this, dim, index, source);
  check_in_place("index_add_", *this);
  const Tensor i = plain(index);
  check_range(i, *this, dim, nullptr);
  auto node = prepare_in_place(
      "index_add", {*this, source},
      [dim, alpha, index = Saved(index), from = Sizes(source.sizes())](const Tensor& g, Node& node) {
        Tensor gs;
        if (node.needs(1))
          gs = gradus::reshape(gradus::mul(gradus::index_select(g, dim, index.get(node)), alpha), from);
        return std::array<Tensor, 2>{g, gs};
      });
  Tensor v = apart(source.detach(), *this).contiguous();
  const Scalar factor = is_floating(scalar_type()) ? alpha : Scalar(alpha.toLong());  // of integers the whole part
  if (!factor.equal(1)) v = gradus::mul(v, factor).to(scalar_type());
  kernels::put(get(), *v.unsafeGetTensorImpl(), places_along(*this, dim, i), true);
  finish_in_place(*this, node);
  return self(*this);
}

Tensor index_add(const Tensor& x, int64_t dim, const Tensor& index, const Tensor& source, const Scalar& alpha) {
  return clone(x).index_add_(dim, index, source, alpha);
}

namespace {

// The index as a column that broadcasts along dim of x.
Tensor along_dim(const Tensor& x, int64_t dim, const Tensor& index) {
  Sizes shape(static_cast<size_t>(x.dim()), 1);
  if (x.dim() > 0) shape[at(x, dim)] = index.numel();
  return reshape(index, shape);
}

}  // namespace

Tensor index_copy(const Tensor& x, int64_t dim, const Tensor& index, const Tensor& source) {
  check_index(index.defined() && index.dim() < 2, "index_copy_(): Index should have dimension 1 or 0 (got ",
              index.defined() ? index.dim() : 0, ")");
  check(index.scalar_type() == kLong, "index_copy_(): Expected a long tensor for index, but got ", index.scalar_type());
  check(x.scalar_type() == source.scalar_type(),
        "index_copy_(): self and source expected to have the same dtype, but got "
        "(self) ",
        x.scalar_type(), " and (source) ", source.scalar_type());
  wrap_dim(dim, x.dim());
  check_index(x.dim() == source.dim() || source.dim() == 0,
              "index_copy_(): When source and destination are not scalars, their dimensionality must match. Source "
              "dimensionality (",
              source.dim(), "), destination dimensionality (", x.dim(), ")");
  const int64_t n = source.dim() == 0 ? 1 : source.size(dim);
  check_index(index.numel() == n, "index_copy_(): Number of indices (", index.numel(),
              ") should be equal to source.size(dim) (", n, ")");
  check(source.dim() == 0 || with_size(x, dim, 1) == with_size(source, dim, 1),
        "index_copy_(): Source/destination tensor must have same slice shapes. Destination slice shape: ", x.sizes(),
        " and source slice shape: ", source.sizes());
  const Tensor rows = reshape(source, with_size(x, dim, n));
  return scatter(x, dim, expand(along_dim(x, dim, index), rows.sizes()), rows);
}

Tensor index_fill(const Tensor& x, int64_t dim, const Tensor& index, const Tensor& value) {
  check(value.dim() == 0, "index_fill_ only supports a 0-dimensional value tensor, but got tensor with ", value.dim(),
        " dimension(s).");
  check_index(index.dim() <= 1, "index_fill_(): Index is supposed to be a vector, but got dim: ", index.dim());
  check_index(is_index(index), "index_fill_(): Expected dtype int64 for index.");
  wrap_dim(dim, x.dim());
  const int64_t n = extent(x, dim);
  const Tensor i = remainder_index(index, n, at(x, dim));
  const Tensor part = expand(detail::in_type(value, x.scalar_type()), with_size(x, dim, i.numel()));
  return scatter(x, dim, expand(along_dim(x, dim, i), part.sizes()), part);
}
Tensor index_fill(const Tensor& x, int64_t dim, const Tensor& index, const Scalar& value) {
  check(x.defined() && index.defined(), "index_fill_: expected tensors, but got an undefined one");
  return index_fill(x, dim, index, full({}, value, x.scalar_type()));
}

// ---- gather and scatter ---------------------------------------------------------------------------------------------

Tensor gather(const Tensor& x, int64_t dim, const Tensor& index, bool) {
  check(is_index(index), "gather(): Expected dtype int32/int64 for index");
  const size_t d = at(x, dim);
  check(std::max<int64_t>(x.dim(), 1) == std::max<int64_t>(index.dim(), 1),
        "Index tensor must have the same number of dimensions as input tensor, got ", index.sizes(), " and ",
        x.sizes());
  for (size_t k = 0; x.dim() > 0 && index.dim() > 0 && k < x.sizes().size(); ++k)
    check(k == d || index.sizes()[k] <= x.sizes()[k], "Size does not match at dimension ", k, " expected index ",
          index.sizes(), " to be no larger than self ", x.sizes(), " apart from dimension ", d);
  const Tensor i = plain(index);
  check_range(i, x, dim, nullptr);
  Tensor y = empty(index.sizes(), x.scalar_type());
  const Tensor from = x.dim() == index.dim() ? x : reshape(x.detach(), {-1});
  const Tensor by = from.dim() == i.dim() ? i : reshape(i, {-1});
  const Tensor to = from.dim() == i.dim() ? y : reshape(y, {-1});
  kernels::gather(*to.unsafeGetTensorImpl(), *from.unsafeGetTensorImpl(), *by.unsafeGetTensorImpl(),
                  static_cast<int64_t>(d));
  return record("gather", std::move(y), {x},
                [dim, index = Saved(index), from = Sizes(x.sizes())](const Tensor& g, Node& node) {
                  return zeros(from, g.scalar_type()).scatter_add_(dim, index.get(node), g);
                });
}

namespace {

void check_scatter(const Tensor& x, int64_t dim, const Tensor& index, const Tensor& src) {
  const size_t d = at(x, dim);
  check(is_index(index), "scatter(): Expected dtype int32/int64 for index");
  check(x.scalar_type() == src.scalar_type(), "scatter(): Expected self.dtype to be equal to src.dtype, got ",
        x.scalar_type(), " and ", src.scalar_type());
  if (index.numel() == 0) return;
  auto rank = [](const Tensor& t) { return std::max<int64_t>(t.dim(), 1); };
  check(rank(index) == rank(x), "scatter(): Index tensor must have the same number of dimensions as self tensor, got ",
        index.sizes(), " and ", x.sizes());
  check(rank(index) == rank(src), "scatter(): Index tensor must have the same number of dimensions as src tensor, got ",
        index.sizes(), " and ", src.sizes());
  auto size = [](const Tensor& t, size_t k) { return t.dim() == 0 ? 1 : t.sizes()[k]; };
  for (size_t k = 0; k < static_cast<size_t>(rank(index)); ++k)
    check((k == d || size(index, k) <= size(x, k)) && size(index, k) <= size(src, k), "Expected index ", index.sizes(),
          " to be no larger than self ", x.sizes(), " apart from dimension ", d, " and to be no larger size than src ",
          src.sizes());
}

// A vector where a 0-dimensional tensor meets one.
Tensor as_vector(const Tensor& t) { return t.dim() == 0 ? reshape(t.detach(), {1}) : t; }

void scatter_into(const Tensor& x, int64_t dim, const Tensor& index, const Tensor& src, bool accumulate) {
  if (index.numel() == 0) return;
  const Tensor to = as_vector(x), by = as_vector(index), from = as_vector(apart(src, x));
  kernels::scatter(*to.unsafeGetTensorImpl(), *by.unsafeGetTensorImpl(), *from.unsafeGetTensorImpl(),
                   wrap_dim(dim, x.dim()), accumulate);
}

// What of src the index reaches, and zeros around it: the gradient of src.
Tensor src_gradient(const Tensor& g, int64_t dim, const Tensor& index, IntArrayRef src) {
  Tensor gs = gather(g, dim, index);
  for (size_t k = 0; k < src.size() && index.numel() > 0; ++k)
    if (index.sizes()[k] != src[k]) {
      Sizes whole = gs.sizes();
      whole[k] = src[k];
      gs = slice_backward(gs, whole, static_cast<int64_t>(k), 0, 1);
    }
  return index.numel() > 0 ? reshape(gs, src) : zeros(src, g.scalar_type());
}

void scatter_op(const char* op, const Tensor& x, int64_t dim, const Tensor& index, const Tensor& src, bool accumulate) {
  check_scatter(x, dim, index, src);
  check_in_place(op, x);
  const Tensor i = apart(plain(index), x);
  if (i.numel() > 0) check_range(i, x, dim, nullptr);
  auto node = prepare_in_place(
      accumulate ? "scatter_add" : "scatter", {x, src},
      [dim, accumulate, index = Saved(index), sizes = Sizes(src.sizes())](const Tensor& g, Node& node) {
        const Tensor at = index.get(node);
        Tensor gx = g;
        if (!accumulate && node.needs(0)) gx = scatter(g, dim, at, 0);
        return std::array<Tensor, 2>{gx, node.needs(1) ? src_gradient(g, dim, at, sizes) : Tensor()};
      });
  scatter_into(x, dim, i, src, accumulate);
  finish_in_place(x, node);
}

}  // namespace

Tensor scatter(const Tensor& x, int64_t dim, const Tensor& index, const Tensor& src) {
  return clone(x).scatter_(dim, index, src);
}
Tensor scatter(const Tensor& x, int64_t dim, const Tensor& index, const Scalar& value) {
  return clone(x).scatter_(dim, index, value);
}
Tensor scatter_add(const Tensor& x, int64_t dim, const Tensor& index, const Tensor& src) {
  return clone(x).scatter_add_(dim, index, src);
}

Tensor& Tensor::scatter_(int64_t dim, const Tensor& index, const Tensor& src) const {
  scatter_op("scatter_", *this, dim, index, src, false);
  return self(*this);
}
Tensor& Tensor::scatter_(int64_t dim, const Tensor& index, const Scalar& value) const {
  scatter_op("scatter_", *this, dim, index, gradus::expand(full({}, value, scalar_type()), index.sizes()), false);
  return self(*this);
}
Tensor& Tensor::scatter_add_(int64_t dim, const Tensor& index, const Tensor& src) const {
  scatter_op("scatter_add_", *this, dim, index, src, true);
  return self(*this);
}
Tensor Tensor::index_select(int64_t dim, const Tensor& index) const { return gradus::index_select(*this, dim, index); }
Tensor Tensor::index_add(int64_t dim, const Tensor& index, const Tensor& source, const Scalar& alpha) const {
  return gradus::index_add(*this, dim, index, source, alpha);
}
Tensor Tensor::gather(int64_t dim, const Tensor& index, bool sparse) const {
  return gradus::gather(*this, dim, index, sparse);
}
Tensor Tensor::scatter(int64_t dim, const Tensor& index, const Tensor& src) const {
  return gradus::scatter(*this, dim, index, src);
}
Tensor Tensor::scatter_add(int64_t dim, const Tensor& index, const Tensor& src) const {
  return gradus::scatter_add(*this, dim, index, src);
}
Tensor TensorMethods::index_copy(int64_t dim, const Tensor& index, const Tensor& source) const {
  return gradus::index_copy(itself(), dim, index, source);
}
Tensor& TensorMethods::index_copy_(int64_t dim, const Tensor& index, const Tensor& source) const {
  return detail::overwrite("index_copy_", itself(), {index, source},
                           [&](const Tensor& x) { return gradus::index_copy(x, dim, index, source); });
}
Tensor TensorMethods::index_fill(int64_t dim, const Tensor& index, const Scalar& value) const {
  return gradus::index_fill(itself(), dim, index, value);
}
Tensor TensorMethods::index_fill(int64_t dim, const Tensor& index, const Tensor& value) const {
  return gradus::index_fill(itself(), dim, index, value);
}
Tensor& TensorMethods::index_fill_(int64_t dim, const Tensor& index, const Scalar& value) const {
  return detail::overwrite("index_fill_", itself(), {index},
                           [&](const Tensor& x) { return gradus::index_fill(x, dim, index, value); });
}
Tensor& TensorMethods::index_fill_(int64_t dim, const Tensor& index, const Tensor& value) const {
  return detail::overwrite("index_fill_", itself(), {index, value},
                           [&](const Tensor& x) { return gradus::index_fill(x, dim, index, value); });
}
Tensor Tensor::scatter(int64_t dim, const Tensor& index, const Scalar& value) const {
  return gradus::scatter(*this, dim, index, value);
}

}  // namespace gradus
