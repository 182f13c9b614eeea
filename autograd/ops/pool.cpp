#include "gradus/autograd/ops/pool.h"

#include "gradus/autograd/ops/index.h"
#include "gradus/autograd/ops/shape.h"
#include "gradus/autograd/record.h"
#include "gradus/tensor/factories.h"
#include "gradus/tensor/kernels/pool.h"
#include "gradus/tensor/kernels/typed.h"

namespace gradus {
namespace {

using kernels::Pool2d;

void check_input(const char* op, const Tensor& x) {
  check(x.defined(), op, ": expected a tensor, but got an undefined one");
  check(x.dim() == 3 || x.dim() == 4, op, ": Expected 3D or 4D (batch mode) tensor, got ", x.sizes());
  check(is_floating(x.scalar_type()), op, ": \"", op, "\" not implemented for '", x.scalar_type(), "'");
  for (int64_t d = x.dim() - 3; d < x.dim(); ++d)
    check(x.size(d) > 0, op, ": Expected tensor with non-zero size for non-batch dimensions, got ", x.sizes());
}

int64_t entry(const char* op, const char* what, IntArrayRef v, size_t i) {
  check(v.size() == 1 || v.size() == 2, op, ": ", what, " must either be a single int, or a tuple of two ints, got ",
        v);
  return v.size() == 1 ? v[0] : v[i];
}

int64_t output_size(int64_t in, int64_t kernel, int64_t stride, int64_t pad, int64_t dilation, bool ceil_mode) {
  const int64_t room = in + 2 * pad - dilation * (kernel - 1) - 1;
  int64_t n = (room >= 0 ? room + (ceil_mode ? stride - 1 : 0) : room - stride + 1) / stride + 1;
  // The last window must begin inside of the input or its leading padding.
  if (ceil_mode && (n - 1) * stride >= in + pad) --n;
  return n;
}

Pool2d windows(const char* op, const Tensor& x, IntArrayRef kernel, IntArrayRef stride, IntArrayRef padding,
               IntArrayRef dilation, bool ceil_mode) {
  check_input(op, x);
  Pool2d p;
  p.h = x.size(-2);
  p.w = x.size(-1);
  p.planes = x.numel() / (p.h * p.w);
  for (size_t i : {0u, 1u}) {
    p.kernel[i] = entry(op, "kernel_size", kernel, i);
    p.stride[i] = stride.empty() ? p.kernel[i] : entry(op, "stride", stride, i);
    p.pad[i] = entry(op, "padding", padding, i);
    p.dilation[i] = entry(op, "dilation", dilation, i);
    check(p.kernel[i] > 0, op, ": kernel size should be greater than zero, got ", kernel);
    check(p.stride[i] > 0, op, ": stride should be greater than zero, got ", stride);
    check(p.dilation[i] > 0, op, ": dilation should be greater than zero, got ", dilation);
    check(p.pad[i] >= 0 && p.pad[i] <= p.kernel[i] / 2, op,
          ": pad should be non-negative and at most half of effective kernel size, got padding ", padding,
          " and kernel_size ", kernel);
  }
  p.oh = output_size(p.h, p.kernel[0], p.stride[0], p.pad[0], p.dilation[0], ceil_mode);
  p.ow = output_size(p.w, p.kernel[1], p.stride[1], p.pad[1], p.dilation[1], ceil_mode);
  check(p.oh > 0 && p.ow > 0, op, ": Given input size: ", x.sizes(), ". Calculated output size: (", p.oh, "x", p.ow,
        "). Output size is too small");
  return p;
}

Sizes planes_of(const Tensor& x, int64_t h, int64_t w) {
  Sizes s = x.sizes();
  s[s.size() - 2] = h;
  s[s.size() - 1] = w;
  return s;
}

// g put where the indices point, planes of h x w. Its derivative picks the elements up again.
Tensor max_pool_scatter(const Tensor& g, const Tensor& index, const Pool2d& p) {
  const Tensor y = empty(planes_of(g, p.h, p.w), g.scalar_type());
  const auto* at = kernels::pointer<int64_t>("max_pool2d", index);
  kernels::with_floating(
      "max_pool2d", [&](auto* g, auto* y) { kernels::max_pool2d_backward(p, g, at, y); }, g.detach().contiguous(),
      kernels::written(y));
  return record("max_pool2d_backward", y, {g}, [index, p](const Tensor& c, Node&) {
    const Tensor picked = gather(reshape(c, {p.planes, p.h * p.w}), 1, reshape(index, {p.planes, p.oh * p.ow}));
    return reshape(picked, index.sizes());
  });
}

// Means are linear: each of the two maps is the other's derivative.
using Kernel = void (*)(const Pool2d&, const Tensor&, const Tensor&);

void mean_forward(const Pool2d& p, const Tensor& x, const Tensor& y) {
  kernels::with_floating(
      "avg_pool2d", [&](auto* x, auto* y) { kernels::avg_pool2d_forward(p, x, y); }, x, kernels::written(y));
}
void mean_backward(const Pool2d& p, const Tensor& g, const Tensor& y) {
  kernels::with_floating(
      "avg_pool2d", [&](auto* g, auto* y) { kernels::avg_pool2d_backward(p, g, y); }, g, kernels::written(y));
}
void adaptive_forward(const Pool2d& p, const Tensor& x, const Tensor& y) {
  kernels::with_floating(
      "adaptive_avg_pool2d", [&](auto* x, auto* y) { kernels::adaptive_avg_pool2d_forward(p, x, y); }, x,
      kernels::written(y));
}
void adaptive_backward(const Pool2d& p, const Tensor& g, const Tensor& y) {
  kernels::with_floating(
      "adaptive_avg_pool2d", [&](auto* g, auto* y) { kernels::adaptive_avg_pool2d_backward(p, g, y); }, g,
      kernels::written(y));
}

Tensor linear_pool(const char* op, const Tensor& x, const Pool2d& p, Kernel there, Kernel back, bool forward = true) {
  const Tensor y = empty(planes_of(x, forward ? p.oh : p.h, forward ? p.ow : p.w), x.scalar_type());
  (forward ? there : back)(p, x.detach().contiguous(), y);
  return record(op, y, {x}, [=](const Tensor& g, Node&) { return linear_pool(op, g, p, there, back, !forward); });
}

}  // namespace

std::tuple<Tensor, Tensor> max_pool2d_with_indices(const Tensor& x, IntArrayRef kernel, IntArrayRef stride,
                                                   IntArrayRef padding, IntArrayRef dilation, bool ceil_mode) {
  const Pool2d p = windows("max_pool2d", x, kernel, stride, padding, dilation, ceil_mode);
  const Sizes sizes = planes_of(x, p.oh, p.ow);
  const Tensor y = empty(sizes, x.scalar_type()), index = empty(sizes, kLong);
  auto* at = kernels::pointer<int64_t>("max_pool2d", index);
  kernels::with_floating(
      "max_pool2d", [&](auto* x, auto* y) { kernels::max_pool2d_forward(p, x, y, at); }, x.detach().contiguous(),
      kernels::written(y));
  return {record("max_pool2d", y, {x}, [index, p](const Tensor& g, Node&) { return max_pool_scatter(g, index, p); }),
          index};
}

Tensor max_pool2d(const Tensor& x, IntArrayRef kernel, IntArrayRef stride, IntArrayRef padding, IntArrayRef dilation,
                  bool ceil_mode) {
  return std::get<0>(max_pool2d_with_indices(x, kernel, stride, padding, dilation, ceil_mode));
}

Tensor max_pool1d(const Tensor& x, IntArrayRef kernel, IntArrayRef stride, IntArrayRef padding, IntArrayRef dilation,
                  bool ceil_mode) {
  check(x.defined() && (x.dim() == 2 || x.dim() == 3), "max_pool1d: Expected 2D or 3D input tensor, but got ",
        x.defined() ? str(x.sizes()) : "an undefined tensor");
  auto one = [](const char* what, IntArrayRef v) {
    check(v.size() == 1, "max_pool1d: ", what, " must be one integer, got ", v);
    return v[0];
  };
  const int64_t k = one("kernel_size", kernel), s = stride.empty() ? k : one("stride", stride);
  return squeeze(max_pool2d(unsqueeze(x, -2), {1, k}, {1, s}, {0, one("padding", padding)},
                            {1, one("dilation", dilation)}, ceil_mode),
                 -2);
}

Tensor avg_pool2d(const Tensor& x, IntArrayRef kernel, IntArrayRef stride, IntArrayRef padding, bool ceil_mode,
                  bool count_include_pad, std::optional<int64_t> divisor_override) {
  check(!divisor_override || *divisor_override != 0, "avg_pool2d: divisor must be not zero");
  Pool2d p = windows("avg_pool2d", x, kernel, stride, padding, 1, ceil_mode);
  p.count_include_pad = count_include_pad;
  p.divisor_override = divisor_override.value_or(0);
  return linear_pool("avg_pool2d", x, p, mean_forward, mean_backward);
}

Tensor adaptive_avg_pool2d(const Tensor& x, IntArrayRef output) {
  check_input("adaptive_avg_pool2d", x);
  Pool2d p;
  p.h = x.size(-2);
  p.w = x.size(-1);
  p.planes = x.numel() / (p.h * p.w);
  auto wanted = [&](size_t i, int64_t have) {
    const int64_t n = entry("adaptive_avg_pool2d", "output_size", output, i);
    check(n >= -1, "adaptive_avg_pool2d: elements of output_size must be greater than or equal to 0, got ", output);
    return n == -1 ? have : n;
  };
  p.oh = wanted(0, p.h);
  p.ow = wanted(1, p.w);
  return linear_pool("adaptive_avg_pool2d", x, p, adaptive_forward, adaptive_backward);
}

}  // namespace gradus
