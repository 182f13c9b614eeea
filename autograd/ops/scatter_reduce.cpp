// Scatter with reductions, and its form along one dimension.
#include "gradus/tensor/kernels/scatter_reduce.h"

#include <cmath>
#include <limits>

#include "gradus/autograd/overwrite.h"
#include "gradus/autograd/pointwise.h"
#include "gradus/tensor/factories.h"
#include "gradus/tensor/kernels/index.h"

namespace gradus {
namespace {

using kernels::Combine;

enum class Reduce { sum, prod, mean, amax, amin };

Reduce reduce_of(std::string_view name) {
  if (name == "sum") return Reduce::sum;
  if (name == "prod") return Reduce::prod;
  if (name == "mean") return Reduce::mean;
  if (name == "amax") return Reduce::amax;
  if (name == "amin") return Reduce::amin;
  fail("reduce argument must be either sum, prod, mean, amax or amin, got ", name);
}

Combine combine_of(Reduce r) {
  switch (r) {
    case Reduce::prod:
      return Combine::prod;
    case Reduce::amax:
      return Combine::amax;
    case Reduce::amin:
      return Combine::amin;
    default:
      return Combine::sum;
  }
}

// What leaves the other operand as it is, in the type of x.
Scalar neutral(Reduce r, ScalarType type) {
  if (r == Reduce::prod) return 1;
  if (r == Reduce::sum || r == Reduce::mean) return 0;
  const bool low = r == Reduce::amax;
  if (is_floating(type)) return low ? -INFINITY : INFINITY;
  if (type == kBool) return !low;
  return dispatch(type, [&]<class T>() {
    return Scalar(static_cast<int64_t>(low ? std::numeric_limits<T>::lowest() : std::numeric_limits<T>::max()));
  });
}

bool is_index(const Tensor& t) { return t.defined() && (t.scalar_type() == kLong || t.scalar_type() == kInt); }

// src as far as the index reaches.
Tensor reached(const Tensor& src, const Tensor& index) {
  Tensor t = src;
  for (int64_t d = 0; d < src.dim(); ++d)
    if (t.size(d) != index.size(d)) t = narrow(t, d, 0, index.size(d));
  return t;
}

void check_scatter(const char* op, const Tensor& x, int64_t dim, const Tensor& index, const Tensor& src) {
  check(x.defined() && src.defined(), op, ": expected tensors, but got an undefined one");
  check(is_index(index), op, "(): Expected dtype int32/int64 for index");
  check(x.scalar_type() == src.scalar_type(), op, "(): Expected self.dtype to be equal to src.dtype, got ",
        x.scalar_type(), " and ", src.scalar_type());
  const int64_t d = wrap_dim(dim, x.dim());
  if (index.numel() == 0) return;
  auto rank = [](const Tensor& t) { return std::max<int64_t>(t.dim(), 1); };
  check(rank(index) == rank(x) && rank(index) == rank(src), op,
        "(): Index tensor must have the same number of dimensions as "
        "self tensor and src tensor, got ",
        index.sizes(), ", ", x.sizes(), " and ", src.sizes());
  for (int64_t k = 0; k < x.dim() && x.dim() == index.dim() && x.dim() == src.dim(); ++k)
    check((k == d || index.size(k) <= x.size(k)) && index.size(k) <= src.size(k), op, "(): Expected index ",
          index.sizes(), " to be no larger than self ", x.sizes(), " apart from dimension ", d,
          " and to be no larger size than src ", src.sizes());
  const int64_t n = x.dim() == 0 ? 1 : x.size(d);
  const Tensor flat = reshape(index.to(kLong), {-1});
  const int64_t bad = kernels::first_outside(*flat.unsafeGetTensorImpl(), 0, n);
  check(bad < 0, "index ", bad < 0 ? 0 : flat[bad].item<int64_t>(), " is out of bounds for dimension ", d,
        " with size ", n);
}

Tensor as_vector(const Tensor& t) { return t.dim() == 0 ? reshape(t, {1}) : t; }

// y combined with src at the index, unseen by autograd.
void combine_into(const Tensor& y, int64_t dim, const Tensor& index, const Tensor& src, Combine how) {
  const Tensor to = as_vector(y), from = as_vector(src);
  kernels::scatter_reduce(*to.unsafeGetTensorImpl(), *as_vector(index).unsafeGetTensorImpl(),
                          *from.unsafeGetTensorImpl(), wrap_dim(dim, y.dim()), how);
}

// How many values meet in each place, at least 1.
Tensor meeting(const Tensor& x, int64_t dim, const Tensor& index, const Tensor& src, bool include_self) {
  const Tensor start = include_self ? ones_like(x.detach()) : zeros_like(x.detach());
  return clamp_min(scatter_add(start, dim, index, ones_like(src.detach())), 1);
}

// An operand of the reduction: the arguments that its derivative needs.
struct Operands {
  Tensor x, index, src, y;
  int64_t dim;
  bool include_self;
  Tensor at(const Tensor& t) const { return gather(t, dim, index); }
  Tensor product(const Tensor& a, const Tensor& b) const {
    return scatter_reduce(a, dim, index, b, "prod", include_self);
  }
};

using Two = std::array<Tensor, 2>;

// Quotients of the product where a factor is not 0; a single 0 gets the product of the others, several get 0.
Two prod_backward(const Tensor& g, const Operands& o) {
  const Tensor x_zero = eq(o.x, 0), safe_x = masked_fill(o.x, x_zero, 1);
  const Tensor gx = div(mul(g, o.product(safe_x, o.src)), safe_x);
  const Tensor src_zero = eq(o.src, 0);
  const Tensor zeros_met = scatter_add(zeros(o.x.sizes(), kLong), o.dim, o.index, src_zero.to(kLong));
  const Tensor single = logical_and(src_zero, eq(o.at(zeros_met), 1));
  const Tensor others = o.product(o.x, masked_fill(o.src, single, 1));
  const Tensor quotient = div(o.at(mul(g, o.y)), masked_fill(o.src, src_zero, 1));
  return {gx,
          where(single, o.at(mul(g, others)), masked_fill(quotient, logical_and(src_zero, logical_not(single)), 0))};
}

// g shared evenly by all that equal the extreme.
Two extreme_backward(const Tensor& g, const Operands& o) {
  const Tensor y = o.y.detach();
  const Tensor x_hit = eq(o.x.detach(), y).to(g.scalar_type()),
               src_hit = eq(o.src.detach(), o.at(y)).to(g.scalar_type());
  const Tensor start = o.include_self ? x_hit : scatter(x_hit, o.dim, o.index, 0);
  const Tensor each = div(g, clamp_min(scatter_add(start, o.dim, o.index, src_hit), 1));
  return {mul(start, each), mul(src_hit, o.at(each))};
}

Two scatter_reduce_backward(const Tensor& g, const Operands& o, Reduce how) {
  Two r;
  if (how == Reduce::sum) r = {g, o.at(g)};
  if (how == Reduce::mean) {
    const Tensor each = div(g, meeting(o.x, o.dim, o.index, o.src, o.include_self));
    r = {each, o.at(each)};
  }
  if (how == Reduce::prod) r = prod_backward(g, o);
  if (how == Reduce::amax || how == Reduce::amin) r = extreme_backward(g, o);
  if (!o.include_self) r[0] = scatter(r[0], o.dim, o.index, 0);
  return r;
}

Tensor scatter_reduced(const char* op, const Tensor& x, int64_t dim, const Tensor& index, const Tensor& whole,
                       Reduce how, bool include_self) {
  check_scatter(op, x, dim, index, whole);
  if (index.numel() == 0) return clone(x);
  const Tensor at = index.to(kLong).contiguous(), src = reached(whole, at);
  Tensor y;
  {
    NoGradGuard off;
    y = clone(x.detach());
    if (!include_self) y.scatter_(dim, at, neutral(how, x.scalar_type()));
    combine_into(y, dim, at, src.detach(), combine_of(how));
    if (how == Reduce::mean) {
      const Tensor n = meeting(x, dim, at, src, include_self);
      y = is_floating(y.scalar_type()) ? div(y, n) : div(y, n, "floor");
    }
  }
  if (!recording({x, src})) return y;
  auto backward = [x = Saved(x), at = Saved(at), src = Saved(src), y = Saved::output(y), dim, how, include_self](
                      const Tensor& g, Node& n) {
    return scatter_reduce_backward(g, {x.get(n), at.get(n), src.get(n), y.get(n), dim, include_self}, how);
  };
  return record(op, y, {x, src}, std::move(backward));
}

// "add" or "multiply", without a derivative.
Tensor scatter_with(const Tensor& x, int64_t dim, const Tensor& index, const Tensor& src, std::string_view reduce) {
  check(reduce == "add" || reduce == "multiply", "reduce argument must be either add or multiply.");
  const Reduce how = reduce == "add" ? Reduce::sum : Reduce::prod;
  const Tensor y = scatter_reduced("scatter", x.detach(), dim, index, src.detach(), how, true);
  return record_not_differentiable("scatter", y, {x, src});
}

}  // namespace

Tensor scatter_reduce(const Tensor& x, int64_t dim, const Tensor& index, const Tensor& src, std::string_view reduce,
                      bool include_self) {
  return scatter_reduced("scatter_reduce", x, dim, index, src, reduce_of(reduce), include_self);
}

Tensor scatter(const Tensor& x, int64_t dim, const Tensor& index, const Tensor& src, std::string_view reduce) {
  return scatter_with(x, dim, index, src, reduce);
}
Tensor scatter(const Tensor& x, int64_t dim, const Tensor& index, const Scalar& value, std::string_view reduce) {
  check(x.defined() && index.defined(), "scatter: expected tensors, but got an undefined one");
  return scatter_with(x, dim, index, expand(full({}, value, x.scalar_type()), index.sizes()), reduce);
}

Tensor index_reduce(const Tensor& x, int64_t dim, const Tensor& index, const Tensor& source, std::string_view reduce,
                    bool include_self) {
  check(x.defined() && source.defined() && index.defined(),
        "index_reduce(): expected tensors, but got an undefined one");
  check(reduce == "prod" || reduce == "mean" || reduce == "amax" || reduce == "amin",
        "index_reduce(): Expected reduce to be one of prod, mean, amax or amin but got ", reduce, ".");
  check_index(index.dim() <= 1, "index_reduce(): Index is supposed to be a vector, but got dim: ", index.dim());
  check(x.dim() == source.dim(), "index_reduce(): source and self must have the same number of dimensions, got ",
        source.sizes(), " and ", x.sizes());
  const int64_t n = source.dim() == 0 ? 1 : source.size(dim);
  check(index.numel() == n, "index_reduce(): Number of indices (", index.numel(),
        ") should be equal to source.size(dim) (", n, ")");
  Sizes shape(static_cast<size_t>(x.dim()), 1);
  if (x.dim() > 0) shape[static_cast<size_t>(wrap_dim(dim, x.dim()))] = n;
  return scatter_reduced("index_reduce", x, dim, expand(reshape(index, shape), source.sizes()), source,
                         reduce_of(reduce), include_self);
}

// ---- methods --------------------------------------------------------------------------------------------------------

Tensor TensorMethods::index_reduce(int64_t dim, const Tensor& index, const Tensor& source, std::string_view reduce,
                                   bool include_self) const {
  return gradus::index_reduce(itself(), dim, index, source, reduce, include_self);
}
Tensor& TensorMethods::index_reduce_(int64_t dim, const Tensor& index, const Tensor& source, std::string_view reduce,
                                     bool include_self) const {
  return detail::overwrite("index_reduce_", itself(), {index, source}, [&](const Tensor& x) {
    return gradus::index_reduce(x, dim, index, source, reduce, include_self);
  });
}
Tensor Tensor::scatter(int64_t dim, const Tensor& index, const Tensor& src, std::string_view reduce) const {
  return gradus::scatter(*this, dim, index, src, reduce);
}
Tensor Tensor::scatter(int64_t dim, const Tensor& index, const Scalar& value, std::string_view reduce) const {
  return gradus::scatter(*this, dim, index, value, reduce);
}
Tensor& Tensor::scatter_(int64_t dim, const Tensor& index, const Tensor& src, std::string_view reduce) const {
  return detail::overwrite("scatter_", *this, {index, src},
                           [&](const Tensor& x) { return gradus::scatter(x, dim, index, src, reduce); });
}
Tensor& Tensor::scatter_(int64_t dim, const Tensor& index, const Scalar& value, std::string_view reduce) const {
  return detail::overwrite("scatter_", *this, {index},
                           [&](const Tensor& x) { return gradus::scatter(x, dim, index, value, reduce); });
}
Tensor TensorMethods::scatter_reduce(int64_t dim, const Tensor& index, const Tensor& src, std::string_view reduce,
                                     bool include_self) const {
  return gradus::scatter_reduce(itself(), dim, index, src, reduce, include_self);
}
Tensor& TensorMethods::scatter_reduce_(int64_t dim, const Tensor& index, const Tensor& src, std::string_view reduce,
                                       bool include_self) const {
  return detail::overwrite("scatter_reduce_", itself(), {index, src}, [&](const Tensor& x) {
    return gradus::scatter_reduce(x, dim, index, src, reduce, include_self);
  });
}

}  // namespace gradus
