#include "gradus/autograd/ops/statistics.h"

#include <cmath>

#include "gradus/autograd/overwrite.h"
#include "gradus/autograd/pointwise.h"
#include "gradus/autograd/wide.h"
#include "gradus/tensor/factories.h"
#include "gradus/tensor/kernels/order.h"

namespace gradus {

// ---- without NaN ----------------------------------------------------------------------------------------------------

Tensor nansum(const Tensor& x, OptionalIntArrayRef dim, bool keepdim, std::optional<ScalarType> dtype) {
  check(x.defined(), "nansum: expected a tensor, but got an undefined one");
  return sum(is_floating(x.scalar_type()) ? masked_fill(x, isnan(x), 0) : x, dim, keepdim, dtype);
}

Tensor nanmean(const Tensor& x, OptionalIntArrayRef dim, bool keepdim, std::optional<ScalarType> dtype) {
  check(x.defined() && is_floating(x.scalar_type()),
        "nanmean(): expected input to have floating point or complex dtype "
        "but got ",
        x.defined() ? name(x.scalar_type()) : "an undefined tensor");
  const Tensor count = sum(logical_not(isnan(x.detach())), dim, keepdim);
  return div(nansum(x, dim, keepdim, dtype), count);
}

// ---- by order -------------------------------------------------------------------------------------------------------

namespace {

using Pair = std::tuple<Tensor, Tensor>;

// One element of each line along dim, chosen by kernel(values, indices, x, rows, n); its gradient goes back there.
template <class F>
Pair chosen(const char* op, const Tensor& x, int64_t dim, bool keepdim, const F& kernel) {
  const detail::Reduced r(op, x, OptionalIntArrayRef(dim), keepdim);
  detail::check_not_empty(op, x, r);
  const Tensor rows = x.dim() == 0 ? reshape(x.detach(), {1}) : transpose(x.detach(), dim, -1).contiguous();
  const int64_t n = rows.size(-1);
  // The result's elements lie in the order of the rows: the last dimension stands where dim was.
  Sizes sizes = rows.sizes();
  sizes.back() = 1;
  Tensor values = empty(sizes, x.scalar_type()), indices = empty(sizes, kLong);
  kernel(*values.unsafeGetTensorImpl(), *indices.unsafeGetTensorImpl(), *rows.unsafeGetTensorImpl(), values.numel(), n);
  auto back = [&](const Tensor& t) {
    return reshape(x.dim() == 0 ? t : transpose(t, dim, -1).contiguous(), r.result).detach();
  };
  values = back(values);
  indices = back(indices);
  if (!recording({x})) return {values, indices};
  values = record(op, values, {x},
                  [dim, at = Saved(indices), kept = r.kept, from = Sizes(x.sizes())](const Tensor& g, Node& node) {
                    if (from.empty()) return g;
                    return scatter(zeros(from, g.scalar_type()), dim, reshape(at.get(node), kept), reshape(g, kept));
                  });
  return {values, indices};
}

Pair median_along(const char* op, bool skip_nan, const Tensor& x, int64_t dim, bool keepdim) {
  return chosen(op, x, dim, keepdim, [skip_nan](auto& values, auto& indices, auto& rows, int64_t count, int64_t n) {
    if (count > 0) kernels::median(values, indices, rows, count, n, skip_nan);
  });
}

// Over all elements: g is shared by those that equal the result.
Tensor median_of(const char* op, bool skip_nan, const Tensor& x) {
  check(x.defined(), op, ": expected a tensor, but got an undefined one");
  if (x.numel() == 0)
    return full({}, is_floating(x.scalar_type()) ? Scalar(NAN) : Scalar(std::numeric_limits<int64_t>::min()),
                x.scalar_type());
  const Tensor y = std::get<0>(median_along(op, skip_nan, reshape(x.detach(), {-1}), 0, false));
  if (!recording({x})) return y;
  return record(op, y, {x}, [x = Saved(x), y = Saved::output(y)](const Tensor& g, Node& node) {
    const Tensor in = x.get(node).detach(), m = y.get(node).detach();
    const Tensor hit = (isnan(m).item<bool>() ? isnan(in) : eq(in, m)).to(g.scalar_type());
    return mul(g, div(hit, sum(hit)));
  });
}

}  // namespace

Tensor median(const Tensor& x) { return median_of("median", false, x); }
Tensor nanmedian(const Tensor& x) { return median_of("nanmedian", true, x); }
Pair median(const Tensor& x, int64_t dim, bool keepdim) { return median_along("median", false, x, dim, keepdim); }
Pair nanmedian(const Tensor& x, int64_t dim, bool keepdim) { return median_along("nanmedian", true, x, dim, keepdim); }

Pair mode(const Tensor& x, int64_t dim, bool keepdim) {
  return chosen("mode", x, dim, keepdim, [](auto& values, auto& indices, auto& rows, int64_t count, int64_t n) {
    if (count > 0) kernels::mode(values, indices, rows, count, n);
  });
}

Pair kthvalue(const Tensor& x, int64_t k, int64_t dim, bool keepdim) {
  check(x.defined(), "kthvalue: expected a tensor, but got an undefined one");
  const int64_t d = wrap_dim(dim, x.dim());
  check(k >= 1 && k <= (x.dim() == 0 ? 1 : x.size(d)), "kthvalue(): selected number k out of range for dimension ", d);
  return chosen("kthvalue", x, d, keepdim, [k](auto& values, auto& indices, auto& rows, int64_t count, int64_t n) {
    if (count > 0) kernels::kth(values, indices, rows, count, n, k - 1);
  });
}

// ---- quantiles ------------------------------------------------------------------------------------------------------

namespace {

void check_quantile(const Tensor& x, const Tensor& q, std::string_view how) {
  check(x.defined() && q.defined(), "quantile(): expected tensors, but got an undefined one");
  check(x.numel() > 0, "quantile() input tensor must be non-empty");
  check(q.dim() <= 1, "quantile() q must be a scalar or 1D tensor");
  check(is_floating(x.scalar_type()), "quantile() input tensor must be either float or double dtype");
  check(x.scalar_type() == q.scalar_type(), "quantile() q tensor must be same dtype as the input tensor");
  check(how == "linear" || how == "lower" || how == "higher" || how == "midpoint" || how == "nearest",
        "quantile() interpolation must be one of linear, lower, higher, midpoint or nearest, but got ", how);
  check(logical_and(ge(q, 0), le(q, 1)).all().item<bool>(), "quantile() q values must be in the range [0, 1]");
}

// The ranks, [..., q], that the shares q have in sorted rows whose NaN come last.
Tensor ranks_of(const Tensor& sorted, const Tensor& q, bool skip_nan) {
  const Tensor nan = isnan(sorted);
  if (skip_nan) {
    const Tensor last = sub(sum(logical_not(nan), IntArrayRef{-1}, true), 1).to(q.scalar_type());
    return clamp_min(mul(last, q), 0);
  }
  const int64_t last = sorted.size(-1) - 1;
  return where(any(nan, -1, true), mul(ones_like(q), last), mul(q, last));
}

Tensor quantile_of(const Tensor& x, const Tensor& q, std::optional<int64_t> dim, bool keepdim, std::string_view how,
                   bool skip_nan) {
  check_quantile(x, q, how);
  const bool whole = !dim || x.dim() == 0;
  const Tensor rows = whole ? reshape(x, {-1}) : movedim(x, *dim, -1);
  const Tensor sorted = std::get<0>(sort(rows, -1));
  Tensor ranks = ranks_of(sorted.detach(), reshape(q, {-1}), skip_nan);
  if (how == "lower") ranks = floor(ranks);
  if (how == "higher") ranks = ceil(ranks);
  if (how == "nearest") ranks = round(ranks);
  const Tensor below = floor(ranks.detach()).to(kLong);
  Tensor y = gather(sorted, -1, below);
  if (how == "linear" || how == "midpoint") {
    const Tensor weights = how == "midpoint" ? full_like(ranks, 0.5) : sub(ranks, below.to(ranks.scalar_type()));
    y = lerp(y, gather(sorted, -1, ceil(ranks.detach()).to(kLong)), weights);
  }
  // [..., q] -> [q, ...], the reduced dimension back with size 1 on demand.
  y = movedim(y, -1, 0);
  if (keepdim) {
    Sizes kept{y.size(0)};
    for (int64_t d = 0; d < x.dim(); ++d) kept.push_back(whole || d == wrap_dim(*dim, x.dim()) ? 1 : x.size(d));
    y = reshape(y, kept);
  }
  return q.dim() == 0 ? squeeze(y, 0) : y;
}

Tensor share(const Tensor& x, double q) {
  check(q >= 0 && q <= 1, "quantile() q must be in the range [0, 1] but got ", q);
  return full({}, q, x.scalar_type());
}

}  // namespace

Tensor quantile(const Tensor& x, const Tensor& q, std::optional<int64_t> dim, bool keepdim, std::string_view how) {
  return quantile_of(x, q, dim, keepdim, how, false);
}
Tensor quantile(const Tensor& x, double q, std::optional<int64_t> dim, bool keepdim, std::string_view how) {
  return quantile_of(x, share(x, q), dim, keepdim, how, false);
}
Tensor nanquantile(const Tensor& x, const Tensor& q, std::optional<int64_t> dim, bool keepdim, std::string_view how) {
  return quantile_of(x, q, dim, keepdim, how, true);
}
Tensor nanquantile(const Tensor& x, double q, std::optional<int64_t> dim, bool keepdim, std::string_view how) {
  return quantile_of(x, share(x, q), dim, keepdim, how, true);
}

// ---- extremes and counts --------------------------------------------------------------------------------------------

Pair aminmax(const Tensor& x, std::optional<int64_t> dim, bool keepdim) {
  check(x.defined(), "aminmax: expected a tensor, but got an undefined one");
  check(dim || x.numel() > 0,
        "aminmax(): cannot compute aminmax over an empty dimension as the operation has no identity.");
  if (dim) return {amin(x, *dim, keepdim), amax(x, *dim, keepdim)};
  return {amin(x, {}, keepdim), amax(x, {}, keepdim)};
}

Tensor histc(const Tensor& x, int64_t bins, const Scalar& min, const Scalar& max) {
  check(x.defined() && is_floating(x.scalar_type()), "histc: \"histogram_cpu\" not implemented for '",
        x.defined() ? name(x.scalar_type()) : "an undefined tensor", "'");
  if (is_float16(x.scalar_type())) return histc(wide(x), bins, min, max).to(x.scalar_type());
  check(bins > 0, "torch.histogram(): bins must be > 0, but got ", bins);
  double low = min.toDouble(), high = max.toDouble();
  if (low == high && x.numel() > 0) {
    low = amin(x.detach()).item<double>();
    high = amax(x.detach()).item<double>();
  }
  if (low == high) low -= 1, high += 1;
  check(std::isfinite(low) && std::isfinite(high), "histogram: range of [", low, ", ", high, "] is not finite");
  check(low < high, "torch.histc: max must be larger than min");
  const Tensor counts = zeros({bins}, x.scalar_type());
  kernels::histogram(*counts.unsafeGetTensorImpl(), *x.detach().contiguous().unsafeGetTensorImpl(), low, high);
  return counts;
}

Tensor bincount(const Tensor& x, const std::optional<Tensor>& weights, int64_t minlength) {
  check(x.defined() && is_integral(x.scalar_type(), false), "bincount: \"bincount_cpu\" not implemented for '",
        x.defined() ? name(x.scalar_type()) : "an undefined tensor", "'");
  check(minlength >= 0, "bincount: minlength should be >= 0, got ", minlength);
  const Tensor at = x.to(kLong).contiguous();
  check(x.dim() == 1 && (x.numel() == 0 || gradus::min(at).item<int64_t>() >= 0),
        "bincount only supports 1-d non-negative integral inputs.");
  const int64_t n = std::max(minlength, x.numel() > 0 ? gradus::max(at).item<int64_t>() + 1 : 0);
  const bool weighted = weights && weights->defined();
  if (!weighted) {
    const Tensor counts = zeros({n}, kLong);
    kernels::count(*counts.unsafeGetTensorImpl(), *at.unsafeGetTensorImpl(), nullptr);
    return counts;
  }
  check(weights->dim() == 1 && weights->size(0) == x.size(0),
        "bincount: weights should be 1-d and have the same length as input, got ", weights->sizes(), " and ",
        x.sizes());
  const ScalarType type = weights->scalar_type() == kFloat ? kFloat : kDouble;
  const Tensor w = weights->detach().to(type).contiguous(), counts = zeros({n}, type);
  kernels::count(*counts.unsafeGetTensorImpl(), *at.unsafeGetTensorImpl(), w.unsafeGetTensorImpl());
  return record_not_differentiable("bincount", counts, {*weights});
}

Tensor dist(const Tensor& a, const Tensor& b, const Scalar& p) { return norm(sub(a, b), p); }

Tensor renorm(const Tensor& x, const Scalar& p, int64_t dim, const Scalar& maxnorm) {
  check(x.defined() && x.dim() > 1, "renorm: input needs at least 2 dimensions, got ", x.defined() ? x.dim() : 0,
        " dimensions");
  check(p.toDouble() > 0, "renorm: non-positive-norm not supported");
  check(maxnorm.toDouble() >= 0, "renorm: expected maxnorm to be >= 0 but got ", maxnorm.toDouble());
  Sizes others;
  for (int64_t d = 0; d < x.dim(); ++d)
    if (d != wrap_dim(dim, x.dim())) others.push_back(d);
  const Tensor size = norm(x, p, others, true);
  const Tensor scale = div(full_like(size, maxnorm), add(size, 1e-7));
  return mul(x, where(gt(size, maxnorm), scale, ones_like(size)));
}

// ---- methods --------------------------------------------------------------------------------------------------------

Tensor TensorMethods::nansum(OptionalIntArrayRef dim, bool keepdim, std::optional<ScalarType> dtype) const {
  return gradus::nansum(itself(), dim, keepdim, dtype);
}
Tensor TensorMethods::nanmean(OptionalIntArrayRef dim, bool keepdim, std::optional<ScalarType> dtype) const {
  return gradus::nanmean(itself(), dim, keepdim, dtype);
}
Tensor TensorMethods::median() const { return gradus::median(itself()); }
std::tuple<Tensor, Tensor> TensorMethods::median(int64_t dim, bool keepdim) const {
  return gradus::median(itself(), dim, keepdim);
}
Tensor TensorMethods::nanmedian() const { return gradus::nanmedian(itself()); }
std::tuple<Tensor, Tensor> TensorMethods::nanmedian(int64_t dim, bool keepdim) const {
  return gradus::nanmedian(itself(), dim, keepdim);
}
std::tuple<Tensor, Tensor> TensorMethods::mode(int64_t dim, bool keepdim) const {
  return gradus::mode(itself(), dim, keepdim);
}
std::tuple<Tensor, Tensor> TensorMethods::kthvalue(int64_t k, int64_t dim, bool keepdim) const {
  return gradus::kthvalue(itself(), k, dim, keepdim);
}
Tensor TensorMethods::quantile(const Tensor& q, std::optional<int64_t> dim, bool keepdim,
                               std::string_view interpolation) const {
  return gradus::quantile(itself(), q, dim, keepdim, interpolation);
}
Tensor TensorMethods::quantile(double q, std::optional<int64_t> dim, bool keepdim,
                               std::string_view interpolation) const {
  return gradus::quantile(itself(), q, dim, keepdim, interpolation);
}
Tensor TensorMethods::nanquantile(const Tensor& q, std::optional<int64_t> dim, bool keepdim,
                                  std::string_view interpolation) const {
  return gradus::nanquantile(itself(), q, dim, keepdim, interpolation);
}
Tensor TensorMethods::nanquantile(double q, std::optional<int64_t> dim, bool keepdim,
                                  std::string_view interpolation) const {
  return gradus::nanquantile(itself(), q, dim, keepdim, interpolation);
}
std::tuple<Tensor, Tensor> TensorMethods::aminmax(std::optional<int64_t> dim, bool keepdim) const {
  return gradus::aminmax(itself(), dim, keepdim);
}
Tensor TensorMethods::histc(int64_t bins, const Scalar& min, const Scalar& max) const {
  return gradus::histc(itself(), bins, min, max);
}
Tensor Tensor::bincount(const std::optional<Tensor>& weights, int64_t minlength) const {
  return gradus::bincount(*this, weights, minlength);
}
Tensor TensorMethods::dist(const Tensor& other, const Scalar& p) const { return gradus::dist(itself(), other, p); }
Tensor TensorMethods::renorm(const Scalar& p, int64_t dim, const Scalar& maxnorm) const {
  return gradus::renorm(itself(), p, dim, maxnorm);
}
Tensor& TensorMethods::renorm_(const Scalar& p, int64_t dim, const Scalar& maxnorm) const {
  return detail::overwrite("renorm_", itself(), {},
                           [&](const Tensor& x) { return gradus::renorm(x, p, dim, maxnorm); });
}

}  // namespace gradus
