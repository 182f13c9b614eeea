#include "gradus/autograd/ops/pool.h"

#include "gradus/autograd/activated.h"
#include "gradus/autograd/ops/activation.h"
#include "gradus/autograd/ops/index.h"
#include "gradus/autograd/ops/pool_arguments.h"
#include "gradus/autograd/ops/shape.h"
#include "gradus/autograd/record.h"
#include "gradus/tensor/factories.h"
#include "gradus/tensor/kernels/pool.h"
#include "gradus/tensor/kernels/typed.h"

namespace gradus {
namespace {

using kernels::Pool2d;

constexpr int64_t dims = 2;

Pool2d plane_windows(const detail::PoolAxes& axes) {
  Pool2d p;
  p.planes = axes.planes;
  p.h = axes.axis[1].in, p.w = axes.axis[2].in;
  p.oh = axes.axis[1].out, p.ow = axes.axis[2].out;
  for (int i : {0, 1}) {
    p.kernel[i] = axes.axis[i + 1].kernel;
    p.stride[i] = axes.axis[i + 1].stride;
    p.pad[i] = axes.axis[i + 1].pad;
    p.dilation[i] = axes.axis[i + 1].dilation;
  }
  return p;
}

Sizes planes_of(const Tensor& x, int64_t h, int64_t w) {
  Sizes s = x.sizes();
  s[s.size() - 2] = h;
  s[s.size() - 1] = w;
  return s;
}

// f(the places in their type): int64, or int32 where nobody but backward sees them.
template <class F>
void with_places(const Tensor& index, const F& f) {
  index.scalar_type() == kInt ? f(kernels::pointer<int32_t>("max_pool2d", index))
                              : f(kernels::pointer<int64_t>("max_pool2d", index));
}

// g put where the indices point, planes of h x w. Its derivative picks the elements up again.
Tensor max_pool_scatter(const Tensor& g, const Tensor& index, const Pool2d& p) {
  const Tensor y = empty(planes_of(g, p.h, p.w), g.scalar_type());
  with_places(index, [&](const auto* at) {
    kernels::with_floating(
        "max_pool2d", [&](auto* g, auto* y) { kernels::max_pool2d_backward(p, g, at, y); }, g.detach().contiguous(),
        kernels::written(y));
  });
  return record("max_pool2d_backward", y, {g}, [index, p](const Tensor& c, Node&) {
    const Tensor at = reshape(index, {p.planes, p.oh * p.ow}).to(kLong);
    const Tensor picked = gather(reshape(c, {p.planes, p.h * p.w}), 1, at);
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

// A line [N, C, L] as a picture of one row.
template <class F>
auto as_row(const char* op, const Tensor& x, const F& f) {
  check(x.defined() && (x.dim() == 2 || x.dim() == 3), op, ": Expected 2D or 3D input tensor, but got ",
        x.defined() ? str(x.sizes()) : "an undefined tensor");
  return f(unsqueeze(x, -2));
}

int64_t one(const char* op, const char* what, IntArrayRef v) {
  check(v.size() == 1, op, ": ", what, " must be one integer, got ", v);
  return v[0];
}

// The places are int64 for the caller; for backward alone they are as wide as the elements.
enum class Places { for_caller, for_backward };

std::tuple<Tensor, Tensor> max_planes(const char* op, const Tensor& x, IntArrayRef kernel, IntArrayRef stride,
                                      IntArrayRef padding, IntArrayRef dilation, bool ceil_mode, Places places) {
  const Pool2d p = plane_windows(detail::pool_axes(op, dims, x, kernel, stride, padding, dilation, ceil_mode));
  const Sizes sizes = planes_of(x, p.oh, p.ow);
  const bool narrow = places == Places::for_backward && x.scalar_type() != kDouble && p.h * p.w < INT32_MAX;
  const Tensor y = empty(sizes, x.scalar_type()), index = empty(sizes, narrow ? kInt : kLong);
  with_places(index, [&](auto* at) {
    kernels::with_floating(
        op, [&](auto* x, auto* y) { kernels::max_pool2d_forward(p, x, y, at); }, x.detach().contiguous(),
        kernels::written(y));
  });
  return {record("max_pool2d", y, {x}, [index, p](const Tensor& g, Node&) { return max_pool_scatter(g, index, p); }),
          index};
}

using MaxPool = Tensor (*)(const Tensor&, IntArrayRef, IntArrayRef, IntArrayRef, IntArrayRef, bool);

Tensor relu_then(MaxPool pool, const Tensor& x, IntArrayRef kernel, IntArrayRef stride, IntArrayRef padding,
                 IntArrayRef dilation, bool ceil_mode) {
  if (!x.defined() || !is_floating(x.scalar_type()))  // the error is relu's, or as it would be behind it
    return pool(relu(x), kernel, stride, padding, dilation, ceil_mode);
  return detail::relu_of_own(pool(x, kernel, stride, padding, dilation, ceil_mode));
}

Tensor avg_planes(const char* op, const Tensor& x, IntArrayRef kernel, IntArrayRef stride, IntArrayRef padding,
                  bool ceil_mode, bool count_include_pad, std::optional<int64_t> divisor_override) {
  check(!divisor_override || *divisor_override != 0, op, ": divisor must be not zero");
  Pool2d p = plane_windows(detail::pool_axes(op, dims, x, kernel, stride, padding, 1, ceil_mode));
  p.count_include_pad = count_include_pad;
  p.divisor_override = divisor_override.value_or(0);
  return linear_pool("avg_pool2d", x, p, mean_forward, mean_backward);
}

Tensor adaptive_avg_planes(const char* op, const Tensor& x, IntArrayRef output) {
  const Pool2d p = plane_windows(detail::adaptive_axes(op, dims, x, output));
  return linear_pool("adaptive_avg_pool2d", x, p, adaptive_forward, adaptive_backward);
}

}  // namespace

std::tuple<Tensor, Tensor> max_pool2d_with_indices(const Tensor& x, IntArrayRef kernel, IntArrayRef stride,
                                                   IntArrayRef padding, IntArrayRef dilation, bool ceil_mode) {
  return max_planes("max_pool2d", x, kernel, stride, padding, dilation, ceil_mode, Places::for_caller);
}

Tensor max_pool2d(const Tensor& x, IntArrayRef kernel, IntArrayRef stride, IntArrayRef padding, IntArrayRef dilation,
                  bool ceil_mode) {
  return std::get<0>(max_planes("max_pool2d", x, kernel, stride, padding, dilation, ceil_mode, Places::for_backward));
}

std::tuple<Tensor, Tensor> max_pool1d_with_indices(const Tensor& x, IntArrayRef kernel, IntArrayRef stride,
                                                   IntArrayRef padding, IntArrayRef dilation, bool ceil_mode) {
  const char* op = "max_pool1d";
  return as_row(op, x, [&](const Tensor& row) -> std::tuple<Tensor, Tensor> {
    const int64_t k = one(op, "kernel_size", kernel), s = stride.empty() ? k : one(op, "stride", stride);
    const auto [y, index] = max_planes(op, row, {1, k}, {1, s}, {0, one(op, "padding", padding)},
                                       {1, one(op, "dilation", dilation)}, ceil_mode, Places::for_caller);
    return {squeeze(y, -2), squeeze(index, -2)};
  });
}

Tensor max_pool1d(const Tensor& x, IntArrayRef kernel, IntArrayRef stride, IntArrayRef padding, IntArrayRef dilation,
                  bool ceil_mode) {
  return std::get<0>(max_pool1d_with_indices(x, kernel, stride, padding, dilation, ceil_mode));
}

Tensor relu_max_pool1d(const Tensor& x, IntArrayRef kernel, IntArrayRef stride, IntArrayRef padding,
                       IntArrayRef dilation, bool ceil_mode) {
  return relu_then(max_pool1d, x, kernel, stride, padding, dilation, ceil_mode);
}
Tensor relu_max_pool2d(const Tensor& x, IntArrayRef kernel, IntArrayRef stride, IntArrayRef padding,
                       IntArrayRef dilation, bool ceil_mode) {
  return relu_then(max_pool2d, x, kernel, stride, padding, dilation, ceil_mode);
}
Tensor relu_max_pool3d(const Tensor& x, IntArrayRef kernel, IntArrayRef stride, IntArrayRef padding,
                       IntArrayRef dilation, bool ceil_mode) {
  return relu_then(max_pool3d, x, kernel, stride, padding, dilation, ceil_mode);
}

Tensor avg_pool1d(const Tensor& x, IntArrayRef kernel, IntArrayRef stride, IntArrayRef padding, bool ceil_mode,
                  bool count_include_pad) {
  const char* op = "avg_pool1d";
  return as_row(op, x, [&](const Tensor& row) {
    const int64_t k = one(op, "kernel_size", kernel), s = stride.empty() ? k : one(op, "stride", stride);
    return squeeze(avg_planes(op, row, {1, k}, {1, s}, {0, one(op, "padding", padding)}, ceil_mode, count_include_pad,
                              std::nullopt),
                   -2);
  });
}

Tensor avg_pool2d(const Tensor& x, IntArrayRef kernel, IntArrayRef stride, IntArrayRef padding, bool ceil_mode,
                  bool count_include_pad, std::optional<int64_t> divisor_override) {
  return avg_planes("avg_pool2d", x, kernel, stride, padding, ceil_mode, count_include_pad, divisor_override);
}

Tensor adaptive_avg_pool1d(const Tensor& x, IntArrayRef output) {
  const char* op = "adaptive_avg_pool1d";
  return as_row(op, x, [&](const Tensor& row) {
    return squeeze(adaptive_avg_planes(op, row, {1, one(op, "output_size", output)}), -2);
  });
}

Tensor adaptive_avg_pool2d(const Tensor& x, IntArrayRef output) {
  return adaptive_avg_planes("adaptive_avg_pool2d", x, output);
}

}  // namespace gradus
