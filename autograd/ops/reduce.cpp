#include "gradus/autograd/ops/reduce.h"

#include "gradus/autograd/pointwise.h"
#include "gradus/tensor/factories.h"
#include "gradus/tensor/kernels/reduce.h"

namespace gradus {

detail::Reduced::Reduced(const char* op, const Tensor& x, OptionalIntArrayRef dim, bool keepdim) {
  check(x.defined(), op, ": expected a tensor, but got an undefined one");
  const int64_t rank = x.dim();
  if (!dim || dim.value().empty()) {
    kept = Sizes(static_cast<size_t>(rank), 1);
    if (keepdim) result = kept;
    count = x.numel();
    return;
  }
  kept = x.sizes();
  Sizes gone(static_cast<size_t>(rank), 0);
  const IntArrayRef dims = dim.value();
  for (int64_t d : dims) {
    const auto at = static_cast<size_t>(wrap_dim(d, rank));
    if (rank == 0) continue;
    check(!gone[at], op, ": dim ", at, " appears multiple times in the list of dims");
    gone[at] = 1;
    count *= kept[at];
    kept[at] = 1;
  }
  for (size_t i = 0; i < kept.size(); ++i)
    if (!gone[i] || keepdim) result.push_back(kept[i]);
}

detail::Around::Around(const Tensor& x, int64_t dim) {
  const auto d = static_cast<size_t>(wrap_dim(dim, x.dim()));
  for (size_t i = 0; i < x.sizes().size(); ++i) (i < d ? a : i == d ? r : b) *= x.sizes()[i];
}

namespace {

using detail::Around;
using detail::Reduced;
using kernels::Reduction;

// The type in which integers add up, unless the caller asks for another.
ScalarType sum_type(const Tensor& x, std::optional<ScalarType> dtype) {
  if (dtype) return *dtype;
  return is_floating(x.scalar_type()) ? x.scalar_type() : kLong;
}

ScalarType mean_type(const Tensor& x, std::optional<ScalarType> dtype) {
  const ScalarType t = dtype.value_or(x.scalar_type());
  check(is_floating(t),
        dtype ? "mean(): could not infer output dtype. Optional dtype must be either a floating point or complex dtype."
                " Got: "
              : "mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. "
                "Got: ",
        t);
  return t;
}

// The reduction in type `t`: small integers and bools compute in int64.
Tensor reduced_to(Reduction op, const Tensor& x, const Reduced& r, ScalarType t, double divide = 1) {
  const ScalarType compute = compute_type(t);
  // A fraction loses its fraction before it is summed as an integer, and a bool is 0 or 1.
  const Tensor from = t != kLong && !is_floating(t) && x.scalar_type() != t ? x.detach().to(t) : x;
  Tensor y = empty(r.result, compute);
  kernels::reduce(op, *y.unsafeGetTensorImpl(), *from.unsafeGetTensorImpl(), r.kept, divide);
  return compute == t ? y : y.to(t);
}

Tensor sum_over(const char* op, const Tensor& x, OptionalIntArrayRef dim, bool keepdim, ScalarType type, bool mean) {
  const Reduced r(op, x, dim, keepdim);
  const double n = mean ? static_cast<double>(r.count) : 1;
  Tensor y = reduced_to(Reduction::sum, x, r, type, n);
  if (!recording({x})) return y;
  return record(op, std::move(y), {x}, [kept = r.kept, from = Sizes(x.sizes()), n](const Tensor& g, Node&) {
    return expand(reshape(n == 1 ? g : div(g, n), kept), from);
  });
}

}  // namespace

Tensor sum(const Tensor& x, std::optional<ScalarType> dtype) { return sum(x, OptionalIntArrayRef(), false, dtype); }
Tensor sum(const Tensor& x, OptionalIntArrayRef dim, bool keepdim, std::optional<ScalarType> dtype) {
  return sum_over("sum", x, dim, keepdim, sum_type(x, dtype), false);
}
Tensor mean(const Tensor& x, std::optional<ScalarType> dtype) { return mean(x, OptionalIntArrayRef(), false, dtype); }
Tensor mean(const Tensor& x, OptionalIntArrayRef dim, bool keepdim, std::optional<ScalarType> dtype) {
  return sum_over("mean", x, dim, keepdim, mean_type(x, dtype), true);
}

namespace {

// Products of all elements before each (exclusive), along the last dimension, in ln n multiplications.
Tensor products_before(const Tensor& x) {
  auto shifted = [](const Tensor& t, int64_t by) {
    const int64_t n = t.size(-1), k = std::min(by, n);
    return cat({ones_like(slice(t.detach(), -1, 0, k)), slice(t, -1, 0, n - k)}, -1);
  };
  Tensor p = shifted(x, 1);
  for (int64_t by = 1; by < x.size(-1); by *= 2) p = mul(p, shifted(p, by));
  return p;
}

// The product of the others, also where some are 0; x is reduced along its last dimension.
Tensor products_of_others(const Tensor& x) {
  return mul(products_before(x), flip(products_before(flip(x, {-1})), {-1}));
}

Tensor prod_backward(const Tensor& g, const Tensor& x, const Tensor& y, int64_t dim) {
  if (!any(eq(x, 0)).item<bool>()) return div(mul(g, y), x);
  const Tensor last = transpose(x, dim, -1);
  return mul(g, transpose(products_of_others(last), dim, -1));
}

Tensor prod_along(const Tensor& x, int64_t dim, bool keepdim, std::optional<ScalarType> dtype) {
  const ScalarType type = sum_type(x, dtype);
  const Reduced r("prod", x, OptionalIntArrayRef(dim), keepdim);
  Tensor y = reduced_to(Reduction::prod, x, r, type);
  if (!recording({x})) return y;
  return record("prod", y, {x}, [x = Saved(x), y = Saved::output(y), kept = r.kept, dim](const Tensor& g, Node& self) {
    const Tensor in = detail::in_type(x.get(self), g.scalar_type());
    if (in.dim() == 0) return g;
    return prod_backward(reshape(g, kept), in, reshape(y.get(self), kept), dim);
  });
}

}  // namespace

Tensor prod(const Tensor& x, std::optional<ScalarType> dtype) { return prod_along(reshape(x, {-1}), 0, false, dtype); }
Tensor prod(const Tensor& x, int64_t dim, bool keepdim, std::optional<ScalarType> dtype) {
  return prod_along(x, dim, keepdim, dtype);
}

// ---- truth ----------------------------------------------------------------------------------------------------------

namespace {

Tensor truth(const Tensor& x) { return x.scalar_type() == kBool ? x.detach().contiguous() : ne(x, 0).contiguous(); }

Tensor as_truth(const Tensor& x, Tensor y) { return y.to(x.scalar_type() == kByte ? kByte : kBool); }

Tensor truth_along(const char* op, Reduction how, const Tensor& x, OptionalIntArrayRef dim, bool keepdim) {
  const Reduced r(op, x, dim, keepdim);
  Tensor y = empty(r.result, kLong);
  if (r.count == 0)
    y.fill_(how == Reduction::min);
  else
    kernels::reduce(how, *y.unsafeGetTensorImpl(), *truth(x).unsafeGetTensorImpl(), r.kept);
  return as_truth(x, y);
}

}  // namespace

Tensor any(const Tensor& x) {
  return as_truth(x, scalar_tensor(kernels::contains(*truth(x).unsafeGetTensorImpl(), true)));
}
Tensor all(const Tensor& x) {
  return as_truth(x, scalar_tensor(!kernels::contains(*truth(x).unsafeGetTensorImpl(), false)));
}
Tensor any(const Tensor& x, int64_t dim, bool keepdim) {
  return truth_along("any", kernels::Reduction::max, x, dim, keepdim);
}
Tensor all(const Tensor& x, int64_t dim, bool keepdim) {
  return truth_along("all", kernels::Reduction::min, x, dim, keepdim);
}

Tensor any(const Tensor& x, OptionalIntArrayRef dim, bool keepdim) {
  return truth_along("any", kernels::Reduction::max, x, dim, keepdim);
}
Tensor all(const Tensor& x, OptionalIntArrayRef dim, bool keepdim) {
  return truth_along("all", kernels::Reduction::min, x, dim, keepdim);
}

Tensor count_nonzero(const Tensor& x, OptionalIntArrayRef dim) { return sum(ne(x, 0), dim); }

// ---- running sums, logsumexp ----------------------------------------------------------------------------------------

Tensor logsumexp(const Tensor& x, IntArrayRef dim, bool keepdim) {
  const Reduced r("logsumexp", x, dim, keepdim);
  const Tensor in = is_floating(x.scalar_type()) ? x.detach() : x.to(default_dtype());
  const ScalarType t = in.scalar_type();
  // Shifted by the maximum; where that is infinite the shift is 0 and the infinity survives.
  Tensor shift = zeros(r.kept, t);
  if (r.count > 0) {
    NoGradGuard off;
    const Tensor m = reshape(amax(in, dim, true), r.kept);
    shift = masked_fill(m, eq(abs(m), std::numeric_limits<double>::infinity()), 0);
  }
  const Tensor e = kernels::map<Kinds::real>(
      "logsumexp", t, t, [](auto x, auto m) { return exp(x - m); }, in, shift);
  const Tensor s = reduced_to(kernels::Reduction::sum, e, r, t);
  Tensor y = kernels::map<Kinds::real>(
      "logsumexp", t, t, [](auto s, auto m) { return log(s) + m; }, s, reshape(shift, r.result));
  if (!recording({x})) return y;
  return record("logsumexp", y, {x}, [x = Saved(x), y = Saved::output(y), kept = r.kept](const Tensor& g, Node& self) {
    return mul(reshape(g, kept), exp(sub(x.get(self), reshape(y.get(self), kept))));
  });
}

Tensor cumsum(const Tensor& x, int64_t dim, std::optional<ScalarType> dtype) {
  const ScalarType type = sum_type(x, dtype), compute = compute_type(type);
  const Around s(x, dim);
  const Tensor from = x.detach().to(type).to(compute).contiguous();
  Tensor y = empty(x.sizes(), compute);
  kernels::cumsum(*y.unsafeGetTensorImpl(), *from.unsafeGetTensorImpl(), s.a, s.r, s.b);
  return record("cumsum", compute == type ? y : y.to(type), {x},
                [dim](const Tensor& g, Node&) { return g.dim() == 0 ? g : flip(cumsum(flip(g, {dim}), dim), {dim}); });
}

// ---- methods --------------------------------------------------------------------------------------------------------

Tensor Tensor::sum(std::optional<ScalarType> dtype) const { return gradus::sum(*this, dtype); }
Tensor Tensor::sum(OptionalIntArrayRef dim, bool keepdim, std::optional<ScalarType> dtype) const {
  return gradus::sum(*this, dim, keepdim, dtype);
}
Tensor Tensor::mean(std::optional<ScalarType> dtype) const { return gradus::mean(*this, dtype); }
Tensor Tensor::mean(OptionalIntArrayRef dim, bool keepdim, std::optional<ScalarType> dtype) const {
  return gradus::mean(*this, dim, keepdim, dtype);
}
Tensor Tensor::prod(std::optional<ScalarType> dtype) const { return gradus::prod(*this, dtype); }
Tensor Tensor::prod(int64_t dim, bool keepdim, std::optional<ScalarType> dtype) const {
  return gradus::prod(*this, dim, keepdim, dtype);
}
Tensor Tensor::any() const { return gradus::any(*this); }
Tensor Tensor::any(int64_t dim, bool keepdim) const { return gradus::any(*this, dim, keepdim); }
Tensor Tensor::all() const { return gradus::all(*this); }
Tensor Tensor::all(int64_t dim, bool keepdim) const { return gradus::all(*this, dim, keepdim); }
Tensor Tensor::logsumexp(IntArrayRef dim, bool keepdim) const { return gradus::logsumexp(*this, dim, keepdim); }
Tensor Tensor::cumsum(int64_t dim, std::optional<ScalarType> dtype) const { return gradus::cumsum(*this, dim, dtype); }
Tensor Tensor::any(OptionalIntArrayRef dim, bool keepdim) const { return gradus::any(*this, dim, keepdim); }
Tensor Tensor::all(OptionalIntArrayRef dim, bool keepdim) const { return gradus::all(*this, dim, keepdim); }
Tensor TensorMethods::count_nonzero(OptionalIntArrayRef dim) const { return gradus::count_nonzero(itself(), dim); }

}  // namespace gradus
