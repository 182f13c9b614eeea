#include "gradus/autograd/ops/scan.h"

#include <limits>

#include "gradus/autograd/overwrite.h"
#include "gradus/autograd/pointwise.h"
#include "gradus/autograd/wide.h"
#include "gradus/tensor/factories.h"
#include "gradus/tensor/kernels/scan.h"

namespace gradus {
namespace {

using detail::Around;

ScalarType product_type(const Tensor& x, std::optional<ScalarType> dtype) {
  if (dtype) return *dtype;
  return is_floating(x.scalar_type()) ? x.scalar_type() : kLong;
}

// The sums from each element to the end.
Tensor sums_to_end(const Tensor& g, int64_t dim) { return flip(cumsum(flip(g, {dim}), dim), {dim}); }

// y_i = g_i + x_(i+1) y_(i+1) along dim.
Tensor recurrence(const Tensor& g, const Tensor& x, int64_t dim) {
  if (!autograd::GradMode::is_enabled()) {
    const Around s(x, dim);
    const Tensor y = empty(x.sizes(), x.scalar_type());
    kernels::linear_recurrence(*y.unsafeGetTensorImpl(), *g.contiguous().unsafeGetTensorImpl(),
                               *x.contiguous().unsafeGetTensorImpl(), s.a, s.r, s.b);
    return y;
  }
  std::vector<Tensor> gs = unbind(g, dim), xs = unbind(x, dim);
  for (size_t i = gs.size() - 1; i-- > 0;) gs[i] = add(gs[i], mul(xs[i + 1], gs[i + 1]));
  return stack(gs, dim);
}

// gx_i = (x_0 ... x_(i-1)) (g_i + x_(i+1) (g_(i+1) + ...)); a quotient where no x is 0.
Tensor cumprod_backward(const Tensor& g, const Tensor& x, const Tensor& y, int64_t dim) {
  if (x.dim() == 0) return g;
  if (!eq(x, 0).any().item<bool>()) return div(sums_to_end(mul(g, y), dim), x);
  const Tensor first = ones_like(narrow(x.detach(), dim, 0, 1));
  const Tensor before = cat({first, narrow(cumprod(x, dim), dim, 0, x.size(dim) - 1)}, dim);
  return mul(before, recurrence(g, x, dim));
}

std::tuple<Tensor, Tensor> running_extreme(const char* op, bool max, const Tensor& x, int64_t dim) {
  check(x.defined(), op, ": expected a tensor, but got an undefined one");
  const Around s(x, dim);
  const Tensor from = x.detach().contiguous();
  Tensor values = empty(x.sizes(), x.scalar_type()), indices = zeros(x.sizes(), kLong);
  kernels::cumulative_extreme(max, *values.unsafeGetTensorImpl(), *indices.unsafeGetTensorImpl(),
                              *from.unsafeGetTensorImpl(), s.a, s.r, s.b);
  values = record(op, values, {x}, [dim, at = Saved(indices), from = Sizes(x.sizes())](const Tensor& g, Node& node) {
    return scatter_add(zeros(from, g.scalar_type()), dim, at.get(node), g);
  });
  return {values, indices};
}

// ln of the sums from each element to the end.
Tensor log_sums_to_end(const Tensor& x, int64_t dim) { return flip(logcumsumexp(flip(x, {dim}), dim), {dim}); }

// The positive and the negative part of g, in logarithms so that nothing overflows.
Tensor logcumsumexp_backward(const Tensor& g, const Tensor& x, const Tensor& y, int64_t dim) {
  const double none =
      g.scalar_type() == kFloat ? std::numeric_limits<float>::lowest() : std::numeric_limits<double>::lowest();
  const Tensor size = log(masked_fill(abs(g), eq(g, 0), 1));
  auto part = [&](const Tensor& mask) { return exp(add(log_sums_to_end(sub(where(mask, size, none), y), dim), x)); };
  return sub(part(gt(g, 0)), part(lt(g, 0)));
}

}  // namespace

Tensor cumprod(const Tensor& x, int64_t dim, std::optional<ScalarType> dtype) {
  check(x.defined(), "cumprod: expected a tensor, but got an undefined one");
  const ScalarType type = product_type(x, dtype), compute = is_floating(type) ? type : kLong;
  if (is_float16(type)) return cumprod(x.to(kFloat), dim).to(type);
  const Around s(x, dim);
  const Tensor from = x.detach().to(type).to(compute).contiguous();
  Tensor y = empty(x.sizes(), compute);
  kernels::cumprod(*y.unsafeGetTensorImpl(), *from.unsafeGetTensorImpl(), s.a, s.r, s.b);
  if (compute != type) y = y.to(type);
  if (!recording({x})) return y;
  return record("cumprod", y, {x}, [x = Saved(x), y = Saved::output(y), dim](const Tensor& g, Node& self) {
    return cumprod_backward(g, detail::in_type(x.get(self), g.scalar_type()), y.get(self), dim);
  });
}

std::tuple<Tensor, Tensor> cummax(const Tensor& x, int64_t dim) { return running_extreme("cummax", true, x, dim); }
std::tuple<Tensor, Tensor> cummin(const Tensor& x, int64_t dim) { return running_extreme("cummin", false, x, dim); }

Tensor logcumsumexp(const Tensor& x, int64_t dim) {
  check(x.defined() && is_floating(x.scalar_type()), "logcumsumexp: \"logcumsumexp_out_cpu\" not implemented for '",
        x.defined() ? name(x.scalar_type()) : "an undefined tensor", "'");
  if (is_float16(x.scalar_type())) return logcumsumexp(wide(x), dim).to(x.scalar_type());
  const Around s(x, dim);
  Tensor y = empty(x.sizes(), x.scalar_type());
  kernels::logcumsumexp(*y.unsafeGetTensorImpl(), *x.detach().contiguous().unsafeGetTensorImpl(), s.a, s.r, s.b);
  if (!recording({x})) return y;
  return record("logcumsumexp", y, {x}, [x = Saved(x), y = Saved::output(y), dim](const Tensor& g, Node& self) {
    if (g.dim() == 0) return g;
    return logcumsumexp_backward(g, x.get(self), y.get(self), dim);
  });
}

// ---- areas and differences ------------------------------------------------------------------------------------------

namespace {

// The sums of neighbours along dim, and their differences.
Tensor pairs(const Tensor& y, int64_t dim) { return add(slice(y, dim, 1), slice(y, dim, 0, -1)); }
Tensor steps(const Tensor& x, int64_t dim) { return sub(slice(x, dim, 1), slice(x, dim, 0, -1)); }

// The widths between the points, shaped to multiply pairs(y).
Tensor widths(const char* op, const Tensor& y, const Tensor& x, int64_t dim) {
  if (x.dim() > 1) {
    check(x.dim() <= y.dim() || x.sizes() == y.sizes(), op, ": There must be one `x` value for each sample point");
    const int64_t d = wrap_dim(dim, y.dim()) - (y.dim() - x.dim());
    return steps(x, d);
  }
  check(x.dim() == 1 && x.size(0) == y.size(dim), op, ": There must be one `x` value for each sample point");
  Sizes shape(static_cast<size_t>(y.dim()), 1);
  shape[static_cast<size_t>(wrap_dim(dim, y.dim()))] = x.size(0) - 1;
  return reshape(steps(x, 0), shape);
}

Tensor areas(const char* op, const Tensor& y, const Tensor& x, int64_t dim) {
  check(y.scalar_type() != kBool && x.scalar_type() != kBool, op,
        ": received a bool input for `x` or `y`, but bool is not supported");
  return mul(pairs(y, dim), widths(op, y, x, dim));
}

Tensor areas(const char* op, const Tensor& y, const Scalar& dx, int64_t dim) {
  check(y.scalar_type() != kBool, op, ": received a bool input for `y`, but bool is not supported");
  return mul(pairs(y, dim), dx);
}

Sizes without(const Tensor& y, int64_t dim) {
  Sizes s = y.sizes();
  s.erase(static_cast<size_t>(wrap_dim(dim, y.dim())));
  return s;
}

}  // namespace

Tensor trapezoid(const Tensor& y, const Tensor& x, int64_t dim) {
  if (y.size(dim) == 0) return zeros(without(y, dim), y.scalar_type());
  return div(sum(areas("trapezoid", y, x, dim), dim), 2.0);
}
Tensor trapezoid(const Tensor& y, const Scalar& dx, int64_t dim) {
  if (y.size(dim) == 0) return zeros(without(y, dim), y.scalar_type());
  return div(sum(areas("trapezoid", y, dx, dim), dim), 2.0);
}
Tensor trapz(const Tensor& y, const Tensor& x, int64_t dim) { return trapezoid(y, x, dim); }
Tensor trapz(const Tensor& y, double dx, int64_t dim) { return trapezoid(y, Scalar(dx), dim); }
Tensor cumulative_trapezoid(const Tensor& y, const Tensor& x, int64_t dim) {
  return div(cumsum(areas("cumulative_trapezoid", y, x, dim), dim), 2.0);
}
Tensor cumulative_trapezoid(const Tensor& y, const Scalar& dx, int64_t dim) {
  return div(cumsum(areas("cumulative_trapezoid", y, dx, dim), dim), 2.0);
}

Tensor diff(const Tensor& x, int64_t n, int64_t dim, const std::optional<Tensor>& prepend,
            const std::optional<Tensor>& append) {
  check(x.dim() >= 1, "diff expects input to be at least one-dimensional");
  check(n >= 0, "diff: order must be non-negative but got ", n);
  std::vector<Tensor> parts;
  if (prepend && prepend->defined()) parts.push_back(*prepend);
  parts.push_back(x);
  if (append && append->defined()) parts.push_back(*append);
  Tensor y = parts.size() == 1 ? x : cat(parts, dim);
  n = std::min(n, y.size(dim));
  for (int64_t i = 0; i < n; ++i) {
    const Tensor high = slice(y, dim, 1), low = slice(y, dim, 0, -1);
    y = y.scalar_type() == kBool ? logical_xor(high, low) : sub(high, low);
  }
  return y.is_same(x) ? clone(x) : y;
}

Tensor vander(const Tensor& x, std::optional<int64_t> N, bool increasing) {
  check(x.defined() && x.dim() == 1, "vander: x must be a one-dimensional tensor, got ",
        x.defined() ? str(x.sizes()) : "an undefined one");
  const int64_t rows = x.size(0), n = N.value_or(rows);
  check(n >= 0, "vander: N must be non-negative, got ", n);
  if (is_float16(x.scalar_type())) return vander(wide(x), N, increasing).to(x.scalar_type());
  const ScalarType type = is_floating(x.scalar_type()) ? x.scalar_type() : kLong;
  if (n == 0) return empty({rows, 0}, type);
  const Tensor factors = unsqueeze(x.to(type), 1).expand({rows, n - 1});
  const Tensor y = cumprod(cat({ones({rows, 1}, type), factors}, 1), 1);
  return increasing ? y : flip(y, 1);
}

// ---- methods --------------------------------------------------------------------------------------------------------

Tensor& TensorMethods::cumsum_(int64_t dim, std::optional<ScalarType> dtype) const {
  return detail::overwrite("cumsum_", itself(), {}, [&](const Tensor& x) { return gradus::cumsum(x, dim, dtype); });
}
Tensor TensorMethods::cumprod(int64_t dim, std::optional<ScalarType> dtype) const {
  return gradus::cumprod(itself(), dim, dtype);
}
Tensor& TensorMethods::cumprod_(int64_t dim, std::optional<ScalarType> dtype) const {
  return detail::overwrite("cumprod_", itself(), {}, [&](const Tensor& x) { return gradus::cumprod(x, dim, dtype); });
}
std::tuple<Tensor, Tensor> TensorMethods::cummax(int64_t dim) const { return gradus::cummax(itself(), dim); }
std::tuple<Tensor, Tensor> TensorMethods::cummin(int64_t dim) const { return gradus::cummin(itself(), dim); }
Tensor TensorMethods::logcumsumexp(int64_t dim) const { return gradus::logcumsumexp(itself(), dim); }
Tensor Tensor::diff(int64_t n, int64_t dim, const std::optional<Tensor>& prepend,
                    const std::optional<Tensor>& append) const {
  return gradus::diff(*this, n, dim, prepend, append);
}

}  // namespace gradus
