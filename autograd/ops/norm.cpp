#include "gradus/autograd/ops/norm.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "gradus/autograd/activated.h"
#include "gradus/autograd/ops/ops.h"
#include "gradus/autograd/record.h"
#include "gradus/autograd/wide.h"
#include "gradus/tensor/factories.h"
#include "gradus/tensor/kernels/convert.h"
#include "gradus/tensor/kernels/norm.h"

namespace gradus {
namespace {

Tensor or_undefined(const std::optional<Tensor>& t) { return t ? *t : Tensor(); }

Tensor in_rows(const Tensor& x) { return !x.defined() || x.is_contiguous() ? x : x.contiguous(); }

void check_input(const char* op, const Tensor& x) {
  check(x.defined(), op, ": expected a tensor, but got an undefined one");
  check(is_floating(x.scalar_type()), op, ": \"", op, "\" not implemented for '", name(x.scalar_type()), "'");
}

void check_type(const char* op, const Tensor& x, const Tensor& parameter) {
  check(!parameter.defined() || parameter.scalar_type() == x.scalar_type(), op,
        ": mixed dtype (CPU): expect parameter to have scalar type of ", x.scalar_type());
}

void check_channels(const char* op, const char* what, const Tensor& x, const Tensor& parameter, int64_t channels) {
  if (!parameter.defined()) return;
  check(parameter.numel() == channels, op, ": ", what, " should contain ", channels, " elements not ",
        parameter.numel());
  check_type(op, x, parameter);
}

void check_vector(const char* op, const char* what, const Tensor& x, const Tensor& parameter) {
  if (!parameter.defined()) return;
  check(parameter.dim() == 1 && parameter.numel() == x.size(1), op, ": Expected ", what,
        " to be a vector of size equal to the number of channels in input, but got ", what, " of shape ",
        parameter.sizes(), " and input of shape ", x.sizes());
  check_type(op, x, parameter);
}

Saved saved_if(const Tensor& t) { return t.defined() ? Saved(t) : Saved(); }

// What stands for a bias where a composed form is differentiated: y is linear in it, so that its elements, which may
// have changed since, do not matter.
class Bias {
 public:
  explicit Bias(const Tensor& b) : defined_(b.defined()) {
    if (!defined_) return;
    sizes_ = b.sizes();
    dtype_ = b.scalar_type();
  }
  Tensor stand_in(bool wanted) const { return defined_ ? zeros(sizes_, dtype_).requires_grad_(wanted) : Tensor(); }

 private:
  bool defined_;
  Sizes sizes_;
  ScalarType dtype_ = ScalarType::Undefined;
};

Tensor get_if(const Saved& s, Node& self) { return s.defined() ? s.get(self) : Tensor(); }

/// [C] as a tensor that broadcasts against [N, C, ...].
Tensor by_channel(const Tensor& t, const Tensor& x) {
  Sizes across(static_cast<size_t>(x.dim()), 1);
  across[1] = t.numel();
  return reshape(t, across);
}

Tensor affine(Tensor y, const Tensor& weight, const Tensor& bias) {
  if (weight.defined()) y = y * weight;
  if (bias.defined()) y = y + bias;
  return y;
}

/// batch_norm as its definition has it, of x, weight and bias: what higher orders differentiate.
Tensor composed_batch_norm(const std::vector<Tensor>& in, const kernels::BatchNorm& norm) {
  const Tensor& x = in[0];
  Tensor y;
  if (norm.training) {
    Sizes dims;
    for (int64_t i = 0; i < x.dim(); ++i)
      if (i != 1) dims.push_back(i);
    const Tensor d = x - mean(x, IntArrayRef(dims), true);
    y = d * rsqrt(mean(d * d, IntArrayRef(dims), true) + norm.eps);
  } else {
    y = (x - by_channel(norm.mean, x)) * by_channel(norm.inverse_std, x);
  }
  return affine(y, in[1].defined() ? by_channel(in[1], x) : Tensor(),
                in[2].defined() ? by_channel(in[2], x) : Tensor());
}

/// layer_norm, or rms_norm if not centered, of x, weight and bias, over the last `dims` dimensions.
Tensor composed_row_norm(const std::vector<Tensor>& in, const kernels::RowNorm& norm, int64_t dims) {
  const Tensor& x = in[0];
  Sizes last;
  for (int64_t i = x.dim() - dims; i < x.dim(); ++i) last.push_back(i);
  const Tensor d = norm.centered ? x - mean(x, IntArrayRef(last), true) : x;
  return affine(d * rsqrt(mean(d * d, IntArrayRef(last), true) + norm.eps), in[1], in[2]);
}

void check_running(const char* op, const Tensor& x, const Tensor& mean, const Tensor& var, int64_t channels,
                   bool training) {
  check(mean.defined() == var.defined(), op,
        ": running_mean and running_var must either both be None or neither be None");
  if (!training) check(mean.defined(), op, ": running_mean must be defined in evaluation mode");
  check_channels(op, "running_mean", x, mean, channels);
  check_channels(op, "running_var", x, var, channels);
  check(!recording({mean, var}), op, ": running statistics must not require a gradient");
}

/// buffer = value, without any memory: nothing fails here.
void overwrite_buffer(const Tensor& buffer, const Tensor& value) {
  kernels::copy(*buffer.unsafeGetTensorImpl(), *value.unsafeGetTensorImpl());
  changed(buffer);
}

/// g through the ReLU behind a batch norm, whose result is computed again, to the bit.
Tensor through_relu(const Tensor& g, const Tensor& x, const Tensor& weight, kernels::BatchNorm norm) {
  norm.weight = in_rows(weight);
  norm.training = norm.relu = false;
  return detail::through_activation(detail::Activation::relu, g, kernels::batch_norm(x, norm));
}

/// x [N, C, ...] normalized; the statistics of `norm` are there or, in training, made.
Tensor recorded_batch_norm(const Tensor& x, const Tensor& weight, const Tensor& bias, kernels::BatchNorm norm) {
  norm.weight = in_rows(weight);
  norm.bias = in_rows(bias);
  Tensor y = kernels::batch_norm(x, norm);
  if (!recording({x, weight, bias})) return y;
  kernels::BatchNorm kept = norm;
  kept.weight = kept.bias = kept.running_mean = kept.running_var = Tensor();
  // What went through the ReLU depends on the bias, which may have changed by then.
  if (norm.relu && bias.defined()) kept.bias = bias.detach().clone(MemoryFormat::Contiguous);
  auto kernel = [x = Saved(x), w = saved_if(weight), kept](const Tensor& g, Node& self) {
    kernels::BatchNorm norm = kept;
    norm.weight = in_rows(get_if(w, self));
    kernels::NormGradients out{self.needs(0), self.needs(1), self.needs(2), {}, {}, {}};
    kernels::batch_norm_backward(g, x.get(self), norm, out);
    return std::array<Tensor, 3>{out.x, out.weight, out.bias};
  };
  auto composed = [x = Saved(x), w = saved_if(weight), b = Bias(bias), kept](const Tensor& g, Node& self) {
    const Tensor from = x.get(self), weight = get_if(w, self);
    const auto r = differentiate([&](const std::vector<Tensor>& in) { return composed_batch_norm(in, kept); },
                                 {from, weight, b.stand_in(self.needs(2))},
                                 kept.relu ? through_relu(g, from, weight, kept) : g, self);
    return std::array<Tensor, 3>{r[0], r[1], r[2]};
  };
  return record(norm.relu ? "batch_norm_relu" : "batch_norm", y, {x, weight, bias},
                fused(std::move(kernel), std::move(composed)));
}

Tensor in_shape(const Tensor& t, const Sizes& shape) {
  return !t.defined() || shape.size() == 1 ? t : reshape(t, shape);
}

Tensor recorded_row_norm(const char* op, const Tensor& x, const Tensor& weight, const Tensor& bias, int64_t dims,
                         kernels::RowNorm norm) {
  norm.weight = in_rows(weight);
  norm.bias = in_rows(bias);
  Tensor y = kernels::row_norm(x, norm);
  if (!recording({x, weight, bias})) return y;
  norm.weight = norm.bias = Tensor();
  const Sizes shape(x.sizes().slice(static_cast<size_t>(x.dim() - dims)));
  auto kernel = [x = Saved(x), w = saved_if(weight), norm, shape](const Tensor& g, Node& self) {
    kernels::RowNorm n = norm;
    const Tensor weight = get_if(w, self);
    n.weight = in_rows(weight);
    kernels::NormGradients out{self.needs(0), self.needs(1), self.needs(2), {}, {}, {}};
    kernels::row_norm_backward(g, x.get(self), n, out);
    return std::array<Tensor, 3>{out.x, in_shape(out.weight, shape), in_shape(out.bias, shape)};
  };
  auto composed = [x = Saved(x), w = saved_if(weight), b = Bias(bias), norm, dims](const Tensor& g, Node& self) {
    const auto r = differentiate([&](const std::vector<Tensor>& in) { return composed_row_norm(in, norm, dims); },
                                 {x.get(self), get_if(w, self), b.stand_in(self.needs(2))}, g, self);
    return std::array<Tensor, 3>{r[0], r[1], r[2]};
  };
  return record(op, y, {x, weight, bias}, fused(std::move(kernel), std::move(composed)));
}

/// group_norm as its definition has it, of x, weight and bias: what higher orders differentiate.
Tensor composed_group_norm(const std::vector<Tensor>& in, const kernels::GroupNorm& norm) {
  const Tensor& x = in[0];
  const int64_t rows = x.size(0) * norm.groups, row = x.numel() / std::max<int64_t>(rows, 1);
  const Tensor flat = reshape(x, {rows, row}), d = flat - mean(flat, 1, true);
  const Tensor y = reshape(d * rsqrt(mean(d * d, 1, true) + norm.eps), x.sizes());
  return affine(y, in[1].defined() ? by_channel(in[1], x) : in[1], in[2].defined() ? by_channel(in[2], x) : in[2]);
}

Tensor recorded_group_norm(const Tensor& x, const Tensor& weight, const Tensor& bias, kernels::GroupNorm norm) {
  norm.weight = in_rows(weight);
  norm.bias = in_rows(bias);
  Tensor y = kernels::group_norm(x, norm);
  if (!recording({x, weight, bias})) return y;
  norm.weight = norm.bias = Tensor();
  auto kernel = [x = Saved(x), w = saved_if(weight), norm](const Tensor& g, Node& self) {
    kernels::GroupNorm n = norm;
    n.weight = in_rows(get_if(w, self));
    kernels::NormGradients out{self.needs(0), self.needs(1), self.needs(2), {}, {}, {}};
    kernels::group_norm_backward(g, x.get(self), n, out);
    return std::array<Tensor, 3>{out.x, out.weight, out.bias};
  };
  auto composed = [x = Saved(x), w = saved_if(weight), b = Bias(bias), norm](const Tensor& g, Node& self) {
    const auto r = differentiate([&](const std::vector<Tensor>& in) { return composed_group_norm(in, norm); },
                                 {x.get(self), get_if(w, self), b.stand_in(self.needs(2))}, g, self);
    return std::array<Tensor, 3>{r[0], r[1], r[2]};
  };
  return record("group_norm", y, {x, weight, bias}, fused(std::move(kernel), std::move(composed)));
}

/// The checks that layer_norm and rms_norm share; elements of a row.
int64_t check_normalized_shape(const char* op, const Tensor& x, IntArrayRef shape, const Tensor& weight,
                               const Tensor& bias) {
  check_input(op, x);
  check(!shape.empty(), op,
        ": Expected normalized_shape to be at least 1-dimensional, i.e., containing at least one element, but got "
        "normalized_shape = ",
        shape);
  const size_t rank = static_cast<size_t>(x.dim()), dims = shape.size();
  bool fits = rank >= dims;
  for (size_t i = 0; fits && i < dims; ++i) fits = x.sizes()[rank - dims + i] == shape[i];
  std::string expected = "[*";
  for (int64_t n : shape) expected += ", " + std::to_string(n);
  check(fits, op, ": Given normalized_shape=", shape, ", expected input with shape ", expected,
        "], but got input of size", x.sizes());
  check(!weight.defined() || weight.sizes() == shape, op,
        ": Expected weight to be of same shape as normalized_shape, but got weight of shape ",
        weight.defined() ? weight.sizes() : shape, " and normalized_shape = ", shape);
  check(!bias.defined() || bias.sizes() == shape, op,
        ": Expected bias to be of same shape as normalized_shape, but got bias of shape ",
        bias.defined() ? bias.sizes() : shape, " and normalized_shape = ", shape);
  check_type(op, x, weight);
  check_type(op, x, bias);
  return count_elements(shape);
}

kernels::BatchNorm batch_settings(const std::optional<Tensor>& running_mean, const std::optional<Tensor>& running_var,
                                  bool training, double momentum, double eps) {
  kernels::BatchNorm norm;
  norm.running_mean = or_undefined(running_mean);
  norm.running_var = or_undefined(running_var);
  norm.training = training;
  norm.momentum = momentum;
  norm.eps = eps;
  return norm;
}

/// `norm` tells of training, momentum, eps, a ReLU, and has the running statistics.
Tensor checked_batch_norm(const Tensor& x, const Tensor& w, const Tensor& b, kernels::BatchNorm norm) {
  constexpr const char* op = "batch_norm";
  check_input(op, x);
  check(x.dim() >= 2, op, ": expected an input of at least 2 dimensions, [N, C, ...], got ", x.sizes());
  const int64_t channels = x.size(1);
  check_channels(op, "weight", x, w, channels);
  check_channels(op, "bias", x, b, channels);
  check_running(op, x, norm.running_mean, norm.running_var, channels, norm.training);
  const Tensor from = in_rows(x);
  if (norm.training) {
    norm.mean = empty({channels}, x.scalar_type());
    norm.inverse_std = empty({channels}, x.scalar_type());
    const Tensor mean = norm.running_mean, var = norm.running_var;
    // The kernel updates copies: the statistics change when nothing can fail any more.
    if (mean.defined()) {
      norm.running_mean = mean.detach().clone(MemoryFormat::Contiguous);
      norm.running_var = var.detach().clone(MemoryFormat::Contiguous);
    }
    const Tensor y = recorded_batch_norm(from, w, b, norm);
    if (!mean.defined() || x.numel() == 0) return y;
    overwrite_buffer(mean, norm.running_mean);
    overwrite_buffer(var, norm.running_var);
    return y;
  }
  // Backward reads the statistics of now, whatever becomes of the running ones.
  norm.mean = recording({x, w, b}) ? norm.running_mean.clone(MemoryFormat::Contiguous) : in_rows(norm.running_mean);
  norm.inverse_std = rsqrt(norm.running_var.detach().to(compute_type(x.scalar_type())) + norm.eps).contiguous();
  return recorded_batch_norm(from, w, b, norm);
}

}  // namespace

Tensor batch_norm(const Tensor& x, const std::optional<Tensor>& weight, const std::optional<Tensor>& bias,
                  const std::optional<Tensor>& running_mean, const std::optional<Tensor>& running_var, bool training,
                  double momentum, double eps, bool) {
  return checked_batch_norm(x, or_undefined(weight), or_undefined(bias),
                            batch_settings(running_mean, running_var, training, momentum, eps));
}

Tensor batch_norm_relu(const Tensor& x, const std::optional<Tensor>& weight, const std::optional<Tensor>& bias,
                       const std::optional<Tensor>& running_mean, const std::optional<Tensor>& running_var,
                       bool training, double momentum, double eps) {
  kernels::BatchNorm norm = batch_settings(running_mean, running_var, training, momentum, eps);
  // 16-bit floats are rounded between the two.
  norm.relu = !x.defined() || !is_float16(x.scalar_type());
  const Tensor y = checked_batch_norm(x, or_undefined(weight), or_undefined(bias), norm);
  return norm.relu ? y : detail::relu_of_own(y);
}

Tensor layer_norm(const Tensor& x, IntArrayRef shape, const std::optional<Tensor>& weight,
                  const std::optional<Tensor>& bias, double eps, bool) {
  const Tensor w = or_undefined(weight), b = or_undefined(bias);
  kernels::RowNorm norm;
  norm.k = check_normalized_shape("layer_norm", x, shape, w, b);
  norm.eps = eps;
  return recorded_row_norm("layer_norm", in_rows(x), w, b, static_cast<int64_t>(shape.size()), norm);
}

Tensor rms_norm(const Tensor& x, IntArrayRef shape, const std::optional<Tensor>& weight, std::optional<double> eps) {
  const Tensor w = or_undefined(weight);
  kernels::RowNorm norm;
  norm.k = check_normalized_shape("rms_norm", x, shape, w, {});
  norm.centered = false;
  norm.eps = eps.value_or(x.scalar_type() == kDouble ? std::numeric_limits<double>::epsilon()
                                                     : static_cast<double>(std::numeric_limits<float>::epsilon()));
  return recorded_row_norm("rms_norm", in_rows(x), w, {}, static_cast<int64_t>(shape.size()), norm);
}

Tensor group_norm(const Tensor& x, int64_t groups, const std::optional<Tensor>& weight,
                  const std::optional<Tensor>& bias, double eps, bool) {
  constexpr const char* op = "group_norm";
  check_input(op, x);
  check(x.dim() >= 2, op, ": expected an input of at least 2 dimensions, [N, C, ...], got ", x.sizes());
  const int64_t channels = x.size(1);
  check(groups > 0, op, ": Expected num groups to be greater than 0, got ", groups);
  check(channels % groups == 0, op,
        ": Expected number of channels in input to be divisible by num_groups, but got input of shape ", x.sizes(),
        " and num_groups=", groups);
  const Tensor w = or_undefined(weight), b = or_undefined(bias);
  check_vector(op, "weight", x, w);
  check_vector(op, "bias", x, b);
  if (is_float16(x.scalar_type())) return group_norm(wide(x), groups, wide(w), wide(b), eps).to(x.scalar_type());
  kernels::GroupNorm norm;
  norm.groups = groups;
  norm.eps = eps;
  return recorded_group_norm(in_rows(x), w, b, norm);
}

Tensor instance_norm(const Tensor& x, const std::optional<Tensor>& weight, const std::optional<Tensor>& bias,
                     const std::optional<Tensor>& running_mean, const std::optional<Tensor>& running_var,
                     bool use_input_stats, double momentum, double eps, bool) {
  constexpr const char* op = "instance_norm";
  check_input(op, x);
  check(x.dim() >= 2, op, ": expected an input of at least 2 dimensions, [N, C, ...], got ", x.sizes());
  const Tensor rm = or_undefined(running_mean), rv = or_undefined(running_var);
  check(use_input_stats || (rm.defined() && rv.defined()), op,
        ": Expected running_mean and running_var to be defined when use_input_stats is false");
  const int64_t n = x.size(0), c = x.size(1);
  Sizes merged = x.sizes();
  merged[0] = 1;
  merged[1] = n * c;
  const Tensor w = or_undefined(weight), b = or_undefined(bias);
  check_channels(op, "weight", x, w, c);
  check_channels(op, "bias", x, b, c);
  check_running(op, x, rm, rv, c, use_input_stats);
  // Every sample's channels become channels of one sample.
  auto repeated = [&](const Tensor& t) { return t.defined() ? reshape(expand(t, {n, c}), {n * c}) : t; };
  auto own = [&](const Tensor& t) { return t.defined() ? repeated(t.detach()).clone(MemoryFormat::Contiguous) : t; };
  const Tensor means = own(rm), vars = own(rv);
  const Tensor y = reshape(
      batch_norm(reshape(x, merged), repeated(w), repeated(b), means, vars, use_input_stats, momentum, eps), x.sizes());
  if (use_input_stats && rm.defined() && n > 0) {
    NoGradGuard no_grad;
    const Tensor new_mean = mean(reshape(means, {n, c}), 0, false), new_var = mean(reshape(vars, {n, c}), 0, false);
    overwrite_buffer(rm, new_mean);
    overwrite_buffer(rv, new_var);
  }
  return y;
}

}  // namespace gradus
