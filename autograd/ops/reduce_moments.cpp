// Variance, standard deviation, norms.
#include <cmath>

#include "gradus/autograd/pointwise.h"
#include "gradus/tensor/factories.h"
#include "gradus/tensor/kernels/reduce.h"

namespace gradus {
namespace {

using detail::Reduced;
using kernels::Reduction;

struct Moments {
  Tensor var, mean;  // the mean with kept sizes, to be taken from x
};

// x as reductions compute with it: 16-bit floats are rounded at the end only.
Tensor wide(const Tensor& x) { return detail::in_type(x, compute_type(x.scalar_type())); }

// Two passes: the mean, then the squares of what is left, which cannot cancel.
Moments moments(const Tensor& x, const Reduced& r, double correction) {
  NoGradGuard off;
  const ScalarType t = compute_type(x.scalar_type());
  Moments m{empty(r.result, t), empty(r.kept, t)};
  const auto n = static_cast<double>(r.count);
  kernels::reduce(Reduction::sum, *m.mean.unsafeGetTensorImpl(), *x.unsafeGetTensorImpl(), r.kept, n);
  const Tensor off_mean = kernels::map<Kinds::real>(
      "var", t, t, [](auto x, auto m) { return x - m; }, x, m.mean);
  const double divisor = std::max(0.0, n - correction);
  kernels::reduce(Reduction::sum_squares, *m.var.unsafeGetTensorImpl(), *off_mean.unsafeGetTensorImpl(), r.kept,
                  divisor);
  return m;
}

// gx for the gradient gv of the variance.
Tensor var_backward(const Tensor& gv, const Tensor& x, const Sizes& kept, double n, double correction) {
  const Tensor mean = div(sum_to(x, kept), n);
  return mul(mul(reshape(gv, kept), 2 / (n - correction)), sub(x, mean));
}

// 1 / y where y is not 0, else 0.
Tensor safe_div(const Tensor& a, const Tensor& y) {
  const Tensor zero = eq(y, 0);
  return masked_fill(div(a, masked_fill(y, zero, 1)), zero, 0);
}

void check_floating(const Tensor& x) {
  check(x.defined() && is_floating(x.scalar_type()), "std and var only support floating point and complex dtypes, got ",
        x.defined() ? name(x.scalar_type()) : "an undefined tensor");
}

// var or std (`root`), and the mean.
std::tuple<Tensor, Tensor> spread(const char* op, bool root, const Tensor& x, OptionalIntArrayRef dim,
                                  double correction, bool keepdim) {
  check_floating(x);
  const Reduced r(op, x, dim, keepdim);
  const double n = static_cast<double>(r.count);
  const Moments m = moments(x, r, correction);
  if (root) m.var.sqrt_();
  const Tensor y = m.var.to(x.scalar_type()), mean = reshape(m.mean, r.result).detach().to(x.scalar_type());
  if (!recording({x})) return {y, mean};
  auto backward = [=, kept = r.kept, x = Saved(x), y = Saved::output(y)](Grads& g, Node& node) {
    const Tensor in = wide(x.get(node));
    Tensor gx;
    if (g[0].defined()) {
      const Tensor gv = root ? div(safe_div(wide(g[0]), y.get(node)), 2) : g[0];
      gx = var_backward(gv, in, kept, n, correction);
    }
    if (g.size() > 1 && g[1].defined()) {
      const Tensor gm = expand(reshape(div(g[1], n), kept), in.sizes());
      gx = gx.defined() ? add(gx, gm) : gm;
    }
    return gx;
  };
  const Tensor ys[] = {y, mean};
  record_many(op, ys, {x}, std::move(backward));
  return {y, mean};
}

}  // namespace

Tensor var(const Tensor& x, bool unbiased) { return var(x, OptionalIntArrayRef(), unbiased, false); }
Tensor var(const Tensor& x, OptionalIntArrayRef dim, bool unbiased, bool keepdim) {
  return std::get<0>(spread("var", false, x, dim, unbiased, keepdim));
}
Tensor std(const Tensor& x, bool unbiased) { return gradus::std(x, OptionalIntArrayRef(), unbiased, false); }
Tensor std(const Tensor& x, OptionalIntArrayRef dim, bool unbiased, bool keepdim) {
  return std::get<0>(spread("std", true, x, dim, unbiased, keepdim));
}
Tensor var(const Tensor& x, OptionalIntArrayRef dim, const std::optional<Scalar>& correction, bool keepdim) {
  return std::get<0>(var_mean(x, dim, correction, keepdim));
}
std::tuple<Tensor, Tensor> var_mean(const Tensor& x, OptionalIntArrayRef dim, const std::optional<Scalar>& correction,
                                    bool keepdim) {
  return spread("var", false, x, dim, correction ? correction->toDouble() : 1, keepdim);
}
std::tuple<Tensor, Tensor> var_mean(const Tensor& x, bool unbiased) {
  return var_mean(x, OptionalIntArrayRef(), unbiased, false);
}
std::tuple<Tensor, Tensor> var_mean(const Tensor& x, OptionalIntArrayRef dim, bool unbiased, bool keepdim) {
  return spread("var_mean", false, x, dim, unbiased, keepdim);
}
Tensor std(const Tensor& x, OptionalIntArrayRef dim, const std::optional<Scalar>& correction, bool keepdim) {
  return std::get<0>(std_mean(x, dim, correction, keepdim));
}
std::tuple<Tensor, Tensor> std_mean(const Tensor& x, OptionalIntArrayRef dim, const std::optional<Scalar>& correction,
                                    bool keepdim) {
  return spread("std", true, x, dim, correction ? correction->toDouble() : 1, keepdim);
}
std::tuple<Tensor, Tensor> std_mean(const Tensor& x, bool unbiased) {
  return std_mean(x, OptionalIntArrayRef(), unbiased, false);
}
std::tuple<Tensor, Tensor> std_mean(const Tensor& x, OptionalIntArrayRef dim, bool unbiased, bool keepdim) {
  return spread("std_mean", true, x, dim, unbiased, keepdim);
}

// ---- norms ----------------------------------------------------------------------------------------------------------

namespace {

// Not differentiable by itself.
Tensor norm_of(const Tensor& in, const Reduced& r, double p) {
  NoGradGuard off;
  const Tensor x = wide(in);
  Tensor y = empty(r.result, x.scalar_type());
  auto into = [&](Reduction how, const Tensor& of) {
    kernels::reduce(how, *y.unsafeGetTensorImpl(), *of.unsafeGetTensorImpl(), r.kept);
  };
  if (p == 0)
    into(Reduction::sum, ne(x, 0));
  else if (std::isinf(p))
    into(p > 0 ? Reduction::max : Reduction::min, abs(x));
  else if (p == 1)
    into(Reduction::sum_abs, x);
  else if (p == 2) {
    into(Reduction::sum_squares, x);
    y.sqrt_();
  } else {
    into(Reduction::sum, pow(abs(x), p));
    y.pow_(1 / p);
  }
  return y.to(in.scalar_type());
}

// g and y have the kept sizes.
Tensor norm_backward(const Tensor& g, const Tensor& x, const Tensor& y, double p) {
  if (p == 0) return zeros_like(x);
  if (p == 1) return mul(g, sign(x));
  if (p == 2) return mul(safe_div(g, y), x);
  if (std::isinf(p)) {
    const Tensor hit = eq(abs(x.detach()), y.detach()).to(x.scalar_type());
    return mul(mul(sign(x), div(hit, sum_to(hit, y.sizes()))), g);
  }
  const Tensor scale = safe_div(g, pow(y, p - 1));
  if (p > 2) return mul(mul(x, pow(abs(x), p - 2)), scale);
  // Below 2 the power has no value at 0, where the gradient is 0.
  const Tensor zero = eq(x, 0), away = masked_fill(abs(x), zero, 1);
  return masked_fill(mul(mul(sign(x), pow(away, p - 1)), scale), zero, 0);
}

Tensor norm_over(const Tensor& x, const Scalar& order, OptionalIntArrayRef dim, bool keepdim) {
  check(x.defined() && is_floating(x.scalar_type()),
        "norm: linalg.vector_norm: Expected a floating point or complex tensor as input. Got ",
        x.defined() ? name(x.scalar_type()) : "an undefined tensor");
  const Reduced r("norm", x, dim, keepdim);
  const double p = order.toDouble();
  check(r.count > 0 || (p >= 0 && !std::isinf(p)), "linalg.vector_norm cannot compute the ", p,
        " norm on an empty tensor because the operation does not have an identity");
  Tensor y = norm_of(x, r, p);
  if (!recording({x})) return y;
  return record("norm", y, {x}, [p, kept = r.kept, x = Saved(x), y = Saved::output(y)](const Tensor& g, Node& node) {
    return norm_backward(reshape(wide(g), kept), wide(x.get(node)), reshape(wide(y.get(node)), kept), p);
  });
}

}  // namespace

Tensor norm(const Tensor& x, const Scalar& p) { return norm_over(x, p, OptionalIntArrayRef(), false); }
Tensor norm(const Tensor& x, const std::optional<Scalar>& p, IntArrayRef dim, bool keepdim) {
  return norm_over(x, p.value_or(2), dim, keepdim);
}
Tensor norm(const Tensor& x, const std::optional<Scalar>& p, ScalarType dtype) {
  return norm_over(x.to(dtype), p.value_or(2), OptionalIntArrayRef(), false);
}
Tensor norm(const Tensor& x, const std::optional<Scalar>& p, IntArrayRef dim, bool keepdim, ScalarType dtype) {
  return norm_over(x.to(dtype), p.value_or(2), dim, keepdim);
}

// ---- methods --------------------------------------------------------------------------------------------------------

Tensor Tensor::var(bool unbiased) const { return gradus::var(*this, unbiased); }
Tensor Tensor::var(OptionalIntArrayRef dim, bool unbiased, bool keepdim) const {
  return gradus::var(*this, dim, unbiased, keepdim);
}
Tensor Tensor::std(bool unbiased) const { return gradus::std(*this, unbiased); }
Tensor Tensor::std(OptionalIntArrayRef dim, bool unbiased, bool keepdim) const {
  return gradus::std(*this, dim, unbiased, keepdim);
}
Tensor Tensor::norm(const Scalar& p) const { return gradus::norm(*this, p); }
Tensor Tensor::norm(const std::optional<Scalar>& p, IntArrayRef dim, bool keepdim) const {
  return gradus::norm(*this, p, dim, keepdim);
}
Tensor Tensor::var(OptionalIntArrayRef dim, const std::optional<Scalar>& correction, bool keepdim) const {
  return gradus::var(*this, dim, correction, keepdim);
}
Tensor Tensor::std(OptionalIntArrayRef dim, const std::optional<Scalar>& correction, bool keepdim) const {
  return gradus::std(*this, dim, correction, keepdim);
}
Tensor Tensor::norm(const std::optional<Scalar>& p, ScalarType dtype) const { return gradus::norm(*this, p, dtype); }
Tensor Tensor::norm(const std::optional<Scalar>& p, IntArrayRef dim, bool keepdim, ScalarType dtype) const {
  return gradus::norm(*this, p, dim, keepdim, dtype);
}

}  // namespace gradus
