#include "gradus/autograd/ops/activation.h"

#include <cmath>
#include <numbers>

#include "gradus/autograd/activated.h"
#include "gradus/autograd/pointwise.h"
#include "gradus/autograd/wide.h"
#include "gradus/tensor/factories.h"

namespace gradus {
namespace {

Tensor& self(const Tensor& t) { return const_cast<Tensor&>(t); }

// tanh(ln(1 + e^x)) as a quotient of polynomials in n = e^x. It is 1 from x = 20 on, where nothing is near overflow.
// mish's slope has 1 less its square, times sigmoid(x); that is 1 less it, times 2 n (n + 1) / down.
template <class T, int N>
struct Mish {
  using V = simd::Vec<T, N>;
  V n, up, down, gate;
  GRADUS_INLINE Mish(const V& x)
      : n(simd::detail::exp_shifted<0, T>(x, 20)), up(n * (n + 2)), down(up + 2), gate(up / down) {}
};
template <class T, int N>
GRADUS_INLINE simd::Vec<T, N> mish_of(const simd::Vec<T, N>& x) {
  return x * Mish<T, N>(x).gate;
}
template <class T, int N>
GRADUS_INLINE simd::Vec<T, N> mish_slope(const simd::Vec<T, N>& x) {
  const Mish<T, N> m(x);
  return m.gate + (x * (1 - m.gate)) * ((m.n + m.n) * (m.n + 1) / m.down);
}
Tensor mish_slope(const Tensor& x) {
  const Tensor gate = tanh(softplus(x, 1, std::numeric_limits<double>::infinity()));
  return gate + x * (1 - gate * gate) * sigmoid(x);
}

constexpr auto sigmoid_of = [](auto x) { return sigmoid(x); };
constexpr auto through_sigmoid = [](auto g, auto y) { return g * y * (1 - y); };
constexpr auto relu_of = [](auto x) { return maximum(x, 0); };
constexpr auto through_relu = [](auto g, auto y) { return where(y <= 0, 0, g); };

Tensor sigmoid_op(Target x) { return unary("sigmoid", x, sigmoid_of, from_output(through_sigmoid)); }

Tensor relu_op(Target x) {
  check(!x.x.defined() || x.x.scalar_type() != kBool, "relu: Boolean inputs not supported for relu");
  return unary<Kinds::numeric>("relu", x, relu_of, from_output(through_relu));
}

Tensor leaky_relu_op(Target x, double slope) {
  return unary(
      "leaky_relu", x, [slope](auto x) { return where(x > 0, x, x * slope); },
      from_input([slope](auto g, auto x) { return where(x > 0, g, g * slope); }));
}

// above x for x > 0, else below (e^(s x) - 1); AVX-512 has the ends that its formula needs anyway.
template <class T, int N>
GRADUS_INLINE simd::Vec<T, N> elu_of(const simd::Vec<T, N>& x, double above, double below, double s) {
  using namespace simd::detail;
  if constexpr (is_wide<T, N>) {
    const auto e = expm1_from_powers(clamp<T>(x * s, s < 0 ? 0.0f : -18.0f, s < 0 ? 88.73f : 0.0f));
    return select(x > 0, simd::Vec<T, N>(x * above), simd::Vec<T, N>(e * below));
  } else {
    return where(x > 0, x * above, expm1(at_most<T>(x, 0) * s) * below);
  }
}

// The exponential's argument is cut off at 0, so that the branch not taken stays finite in every derivative.
Tensor elu_op(const char* op, Target x, double alpha, double scale, double s) {
  return unary(
      op, x, [=](auto x) { return elu_of(x, scale, alpha * scale, s); }, from_input([=](auto g, auto x) {
        return where(x > 0, g * scale, g * exp(where(x > 0, 0, x) * s) * (alpha * scale * s));
      }));
}

Tensor celu_op(Target x, const Scalar& alpha) {
  const double a = alpha.toDouble();
  check(a != 0, "celu: ZeroDivisionError: alpha cannot be 0 for CELU");
  return elu_op("celu", x, a, 1, 1 / a);
}

Tensor selu_op(Target x) {
  return elu_op("selu", x, 1.6732632423543772848170429916717, 1.0507009873554804934193349852946, 1);
}

Tensor hardtanh_op(const char* op, Target x, const Scalar& lo, const Scalar& hi) {
  check(!x.x.defined() || x.x.scalar_type() != kBool, op, ": Bool inputs not supported for ", op);
  check(lo.toDouble() <= hi.toDouble(), op, ": min_val cannot be greater than max_val, got ", lo.toDouble(), " and ",
        hi.toDouble());
  return unary<Kinds::numeric>(
      op, x, [=](auto x) { return minimum(maximum(x, lo), hi); },
      from_input([=](auto g, auto x) { return where((x <= lo) | (x >= hi), 0, g); }));
}

Tensor silu_op(Target x) {
  return unary(
      "silu", x, [](auto x) { return x * sigmoid(x); }, from_input([](auto g, auto x) {
        auto s = sigmoid(x);
        return g * s * (1 + x * (1 - s));
      }));
}

Tensor mish_op(Target x) {
  return unary(
      "mish", x, [](auto x) { return mish_of(x); }, from_input([](auto g, auto x) { return g * mish_slope(x); }));
}

Tensor hardsigmoid_op(Target x) {
  return unary(
      "hardsigmoid", x, [](auto x) { return minimum(maximum(x + 3, 0), 6) / 6; },
      from_input([](auto g, auto x) { return where((x > -3) & (x < 3), g / 6, 0); }));
}

Tensor hardswish_op(Target x) {
  return unary(
      "hardswish", x, [](auto x) { return x * (minimum(maximum(x + 3, 0), 6) / 6); },
      from_input([](auto g, auto x) { return where(x <= -3, 0, where(x >= 3, g, g * (x / 3 + 0.5))); }));
}

Tensor threshold_op(Target x, const Scalar& t, const Scalar& value) {
  return unary<Kinds::numeric>(
      "threshold", x, [=](auto x) { return where(x <= t, value, x); },
      from_input([=](auto g, auto x) { return where(x <= t, 0, g); }));
}

// The standard normal distribution, for vectors in simd_erf.h, and its density peak e^(-x^2 / 2).
constexpr double root = std::numbers::sqrt2 / 2, peak = root * std::numbers::inv_sqrtpi;
Tensor normal_cdf(const Tensor& x) { return 0.5 * (1 + erf(x * root)); }

Tensor gelu_exact(Target x) {
  return unary(
      "gelu", x, [](auto x) { return x * normal_cdf(x); },
      from_input([](auto g, auto x) { return g * (normal_cdf(x) + x * peak * exp(-0.5 * x * x)); }));
}

constexpr double k = std::numbers::sqrt2 * std::numbers::inv_sqrtpi, c = 0.044715;

// (1 + tanh(y / 2)) / 2 is sigmoid(y), which loses nothing where tanh is near -1. AVX-512 computes 2^y instead of e^y:
// y is rounded anyway, so that its product with log2(e) need not be exact.
template <class T, int N>
GRADUS_INLINE simd::Vec<T, N> gelu_argument(const simd::Vec<T, N>& x) {
  constexpr double a = 2 * k * (simd::detail::is_wide<T, N> ? simd::detail::log2e : 1);
  return x * (a + (a * c) * (x * x));
}
template <class T, int N>
GRADUS_INLINE simd::Vec<T, N> gelu_of(const simd::Vec<T, N>& x) {
  using namespace simd::detail;
  const simd::Vec<T, N> y = gelu_argument(x);
  if constexpr (is_wide<T, N>) {
    const simd::Vec<T, N> e = exp2_from_powers(clamp<T>(y, -152, 26));
    return x * (e / (1 + e));
  } else {
    return x * sigmoid(y);
  }
}

// sigmoid(y) + x sigmoid'(y) y', with w = sigmoid(-|y|), which is 0 from |x| = 23 on: it must not meet an infinite x^2.
template <class T, int N>
GRADUS_INLINE simd::Vec<T, N> gelu_slope(const simd::Vec<T, N>& x) {
  using namespace simd::detail;
  using V = simd::Vec<T, N>;
  const V u = clamp<T>(x, -23, 23), y = gelu_argument(u);
  V e;
  if constexpr (is_wide<T, N>)
    e = exp2_from_powers(V(-abs(y)));
  else
    e = exp_minus_abs(y);
  const V w = e / (1 + e), rest = 1 - w;
  return select(x > 0, rest, w) + (x * (w * rest)) * (2 * k + (6 * k * c) * (u * u));
}
Tensor gelu_slope(const Tensor& x) {
  const Tensor u = where(x > 23, 23, where(x < -23, -23, x)), s = sigmoid(u * (2 * k + (2 * k * c) * (u * u)));
  return s + (x * (s * (1 - s))) * (2 * k + (6 * k * c) * (u * u));
}

Tensor gelu_tanh(Target x) {
  return unary(
      "gelu", x, [](auto x) { return gelu_of(x); }, from_input([](auto g, auto x) { return g * gelu_slope(x); }));
}

Tensor gelu_op(Target x, const std::string& approximate) {
  check(approximate == "none" || approximate == "tanh", "gelu: approximate argument must be either none or tanh, got ",
        approximate);
  return approximate == "none" ? gelu_exact(x) : gelu_tanh(x);
}

// What rrelu multiplies by: a slope for each element that is not positive, drawn in the order of the elements, else 1.
// As PyTorch has it, the slopes of 16-bit floats are not rounded.
Tensor drawn_slopes(const Tensor& x, double lower, double upper, std::optional<Generator> generator) {
  const Tensor flat = reshape(x.detach(), {-1}), at = reshape(nonzero(le(flat, 0)), {-1});
  const Tensor drawn = empty({at.numel()}, kDouble).uniform_(lower, upper, std::move(generator));
  const ScalarType type = compute_type(x.scalar_type());
  const Tensor slopes = ones(flat.sizes(), type).scatter_(0, at, drawn.to(type));
  return reshape(slopes, x.sizes());
}

void check_rrelu(const Tensor& x, double lower, double upper) {
  check(x.defined(), "rrelu: expected a tensor, but got an undefined one");
  check(is_floating(x.scalar_type()), "rrelu: \"rrelu_with_noise_out_cpu\" not implemented for '",
        name(x.scalar_type()), "'");
  check(lower <= upper, "rrelu: Lower bound should be less than or equal to the upper bound, got ", lower, " and ",
        upper);
}

}  // namespace

void detail::activate(Activation activation, const Tensor& y) {
  switch (activation) {
    case Activation::relu:
      return kernels::map_into<Kinds::numeric>("relu", y, y.scalar_type(), relu_of, y);
    case Activation::sigmoid:
      return kernels::map_into<Kinds::real>("sigmoid", y, y.scalar_type(), sigmoid_of, y);
    case Activation::tanh:
      return activate_by_tanh(y);
  }
}

Tensor detail::through_activation(Activation activation, const Tensor& g, const Tensor& y) {
  switch (activation) {
    case Activation::relu:
      return derive("relu", through_relu, g, y);
    case Activation::sigmoid:
      return derive("sigmoid", through_sigmoid, g, y);
    case Activation::tanh:
      return through_tanh(g, y);
  }
  return {};
}

Tensor detail::relu_of_own(const Tensor& x) {
  if (!recording({x})) {
    activate(Activation::relu, x);
    return x;
  }
  return unary<Kinds::numeric>("relu", x, relu_of, from_input(through_relu));
}

Tensor sigmoid(const Tensor& x) { return sigmoid_op(x); }
Tensor relu(const Tensor& x) { return relu_op(x); }
Tensor relu6(const Tensor& x) { return hardtanh_op("relu6", x, 0, 6); }
Tensor leaky_relu(const Tensor& x, const Scalar& slope) { return leaky_relu_op(x, slope.toDouble()); }
Tensor rrelu(const Tensor& x, const Scalar& lower, const Scalar& upper, bool training,
             std::optional<Generator> generator) {
  const double lo = lower.toDouble(), hi = upper.toDouble();
  check_rrelu(x, lo, hi);
  if (!training) return leaky_relu_op(x, (lo + hi) / 2);
  return (wide(x) * drawn_slopes(x, lo, hi, std::move(generator))).to(x.scalar_type());
}
Tensor elu(const Tensor& x, const Scalar& alpha, const Scalar& scale, const Scalar& input_scale) {
  return elu_op("elu", x, alpha.toDouble(), scale.toDouble(), input_scale.toDouble());
}
Tensor selu(const Tensor& x) { return selu_op(x); }
Tensor celu(const Tensor& x, const Scalar& alpha) { return celu_op(x, alpha); }

Tensor gelu(const Tensor& x, const std::string& approximate) { return gelu_op(x, approximate); }

Tensor silu(const Tensor& x) { return silu_op(x); }
Tensor mish(const Tensor& x) { return mish_op(x); }

Tensor softplus(const Tensor& x, const Scalar& beta, const Scalar& threshold) {
  const double b = beta.toDouble(), t = threshold.toDouble();
  if (b == 1)
    return unary(
        "softplus", x, [t](auto x) { return where(x > t, x, softplus(x)); },
        from_input([t](auto g, auto x) { return where(x > t, g, g * sigmoid(x)); }));
  return unary(
      "softplus", x,
      [=](auto x) {
        auto z = x * b;
        return where(z > t, x, softplus(z) * (1 / b));
      },
      from_input([=](auto g, auto x) {
        auto z = x * b;
        return where(z > t, g, g * sigmoid(z));
      }));
}

Tensor hardtanh(const Tensor& x, const Scalar& lo, const Scalar& hi) { return hardtanh_op("hardtanh", x, lo, hi); }
Tensor hardsigmoid(const Tensor& x) { return hardsigmoid_op(x); }
Tensor hardswish(const Tensor& x) { return hardswish_op(x); }

Tensor softsign(const Tensor& x) {
  return unary(
      "softsign", x, [](auto x) { return x / (1 + abs(x)); }, from_input([](auto g, auto x) {
        auto d = 1 + abs(x);
        return g / d / d;
      }));
}

Tensor tanhshrink(const Tensor& x) {
  return unary(
      "tanhshrink", x, [](auto x) { return x - tanh(x); }, from_input([](auto g, auto x) {
        auto t = tanh(x);
        return g * t * t;
      }));
}

Tensor hardshrink(const Tensor& x, const Scalar& lambd) {
  const double l = lambd.toDouble();
  return unary(
      "hardshrink", x, [l](auto x) { return where((x >= -l) & (x <= l), 0, x); },
      from_input([l](auto g, auto x) { return where((x >= -l) & (x <= l), 0, g); }));
}

Tensor softshrink(const Tensor& x, const Scalar& lambd) {
  const double l = lambd.toDouble();
  check(l >= 0, "softshrink: lambda must be greater or equal to 0, but found to be ", l);
  return unary(
      "softshrink", x, [l](auto x) { return where(x > l, x - l, where(x < -l, x + l, where(x == x, 0, x))); },
      from_input([l](auto g, auto x) { return where((x >= -l) & (x <= l), 0, g); }));
}

Tensor threshold(const Tensor& x, const Scalar& t, const Scalar& value) { return threshold_op(x, t, value); }

Tensor log_sigmoid(const Tensor& x) {
  return unary(
      "log_sigmoid", x, [](auto x) { return log_sigmoid(x); },
      from_input([](auto g, auto x) { return g * sigmoid(-x); }));
}

Tensor glu(const Tensor& x, int64_t dim) {
  check(x.dim() > 0, "glu: glu does not support 0-dimensional tensors (scalars), halving size must be even");
  const int64_t d = wrap_dim(dim, x.dim()), half = x.size(d) / 2;
  check(x.size(d) % 2 == 0, "glu: Halving dimension must be even, but dimension ", d, " is size ", x.size(d), ", got ",
        x.sizes());
  return binary(
      "glu", narrow(x, d, 0, half), narrow(x, d, half, half), [](auto a, auto b) { return a * sigmoid(b); },
      from_b([](auto g, auto b) { return g * sigmoid(b); }), from_inputs([](auto g, auto a, auto b) {
        auto s = sigmoid(b);
        return g * a * s * (1 - s);
      }));
}

Tensor prelu(const Tensor& x, const Tensor& weight) {
  check(x.defined() && weight.defined(), "prelu: expected two tensors, but got an undefined one");
  check(x.scalar_type() == weight.scalar_type(), "prelu: Type promoting not supported. Got ", x.scalar_type(), " and ",
        weight.scalar_type());
  check(weight.dim() <= 1, "prelu: Expected `weight` to be a scalar or 1D tensor, but got: ndim = ", weight.dim());
  Tensor w = weight;
  if (weight.numel() != 1) {
    check(x.dim() > 0, "prelu: Not allow zero-dim input tensor.");
    const int64_t channels = x.dim() > 1 ? x.size(1) : 1;
    check(channels == weight.numel(),
          "prelu: Mismatch of parameter numbers and input channel size. Found parameter "
          "numbers = ",
          weight.numel(), " and channel size = ", channels, ".");
    Sizes shape(static_cast<size_t>(x.dim()), 1);
    shape[1] = channels;
    w = reshape(weight, shape);
  } else if (weight.dim() > 0) {
    w = reshape(weight, {});
  }
  return binary(
      "prelu", x, w, [](auto x, auto w) { return where(x > 0, x, x * w); },
      from_inputs([](auto g, auto x, auto w) { return where(x > 0, g, g * w); }),
      from_inputs([](auto g, auto x, auto) { return where(x > 0, 0, g * x); }));
}

// ---- in place -------------------------------------------------------------------------------------------------------

Tensor& sigmoid_(const Tensor& x) {
  sigmoid_op(overwriting(x));
  return self(x);
}
Tensor& relu_(const Tensor& x) {
  relu_op(overwriting(x));
  return self(x);
}
Tensor& relu6_(const Tensor& x) {
  hardtanh_op("relu6", overwriting(x), 0, 6);
  return self(x);
}
Tensor& leaky_relu_(const Tensor& x, const Scalar& slope) {
  leaky_relu_op(overwriting(x), slope.toDouble());
  return self(x);
}
Tensor& rrelu_(const Tensor& x, const Scalar& lower, const Scalar& upper, bool training,
               std::optional<Generator> generator) {
  const double lo = lower.toDouble(), hi = upper.toDouble();
  check_rrelu(x, lo, hi);
  if (training)
    x.mul_(drawn_slopes(x, lo, hi, std::move(generator)));
  else
    leaky_relu_op(overwriting(x), (lo + hi) / 2);
  return self(x);
}
Tensor& elu_(const Tensor& x, const Scalar& alpha, const Scalar& scale, const Scalar& input_scale) {
  elu_op("elu", overwriting(x), alpha.toDouble(), scale.toDouble(), input_scale.toDouble());
  return self(x);
}
Tensor& selu_(const Tensor& x) {
  selu_op(overwriting(x));
  return self(x);
}
Tensor& celu_(const Tensor& x, const Scalar& alpha) {
  celu_op(overwriting(x), alpha);
  return self(x);
}
Tensor& gelu_(const Tensor& x, const std::string& approximate) {
  gelu_op(overwriting(x), approximate);
  return self(x);
}
Tensor& silu_(const Tensor& x) {
  silu_op(overwriting(x));
  return self(x);
}
Tensor& mish_(const Tensor& x) {
  mish_op(overwriting(x));
  return self(x);
}
Tensor& hardtanh_(const Tensor& x, const Scalar& lo, const Scalar& hi) {
  hardtanh_op("hardtanh", overwriting(x), lo, hi);
  return self(x);
}
Tensor& hardsigmoid_(const Tensor& x) {
  hardsigmoid_op(overwriting(x));
  return self(x);
}
Tensor& hardswish_(const Tensor& x) {
  hardswish_op(overwriting(x));
  return self(x);
}
Tensor& threshold_(const Tensor& x, const Scalar& t, const Scalar& value) {
  threshold_op(overwriting(x), t, value);
  return self(x);
}

// ---- methods --------------------------------------------------------------------------------------------------------

Tensor Tensor::sigmoid() const { return gradus::sigmoid(*this); }
Tensor& Tensor::sigmoid_() const { return gradus::sigmoid_(*this); }
Tensor Tensor::relu() const { return gradus::relu(*this); }
Tensor& Tensor::relu_() const { return gradus::relu_(*this); }
Tensor TensorMethods::hardshrink(const Scalar& lambd) const { return gradus::hardshrink(itself(), lambd); }
Tensor TensorMethods::prelu(const Tensor& weight) const { return gradus::prelu(itself(), weight); }

}  // namespace gradus
