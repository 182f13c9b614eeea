#include "gradus/autograd/ops/conv.h"

#include "gradus/autograd/ops/reduce.h"
#include "gradus/autograd/ops/shape.h"
#include "gradus/autograd/record.h"
#include "gradus/tensor/factories.h"
#include "gradus/tensor/kernels/conv.h"
#include "gradus/tensor/kernels/typed.h"

namespace gradus {
namespace {

// One number for all dimensions, or one each.
int64_t entry(const char* op, const char* what, IntArrayRef v, size_t i, size_t dims) {
  check(v.size() == 1 || v.size() == dims, op, ": expected ", what, " to be a single integer value or a list of ", dims,
        " values to match the convolution dimensions, but got ", what, "=", v);
  return v.size() == 1 ? v[0] : v[i];
}

// `dims` 2, or 1: then the window lies along the second dimension of a picture of one row.
ConvGeometry geometry(const char* op, size_t dims, IntArrayRef stride, IntArrayRef padding, IntArrayRef dilation,
                      int64_t groups) {
  ConvGeometry g;
  g.groups = groups;
  for (size_t i = 0; i < dims; ++i) {
    const size_t d = i + 2 - dims;
    g.stride[d] = entry(op, "stride", stride, i, dims);
    g.dilation[d] = entry(op, "dilation", dilation, i, dims);
    g.before[d] = g.after[d] = entry(op, "padding", padding, i, dims);
    check(g.stride[d] > 0, op, ": non-positive stride is not supported, got ", stride);
    check(g.before[d] >= 0, op, ": negative padding is not supported, got ", padding);
    check(g.dilation[d] > 0, op, ": dilation should be greater than zero, got ", dilation);
  }
  check(groups > 0, op, ": non-positive groups is not supported, got ", groups);
  return g;
}

ConvGeometry named_padding(const char* op, size_t dims, const Tensor& w, IntArrayRef stride, const std::string& padding,
                           IntArrayRef dilation, int64_t groups) {
  ConvGeometry g = geometry(op, dims, stride, 0, dilation, groups);
  if (padding == "valid") return g;
  check(padding == "same", op, ": Invalid padding string: '", padding, "', expected 'valid' or 'same'");
  for (size_t i = 0; i < dims; ++i) {
    const size_t d = i + 2 - dims;
    check(g.stride[d] == 1, op, ": padding='same' is not supported for strided convolutions");
    const int64_t total = g.dilation[d] * (w.size(static_cast<int64_t>(i) + 2) - 1);
    g.before[d] = total / 2;
    g.after[d] = total - total / 2;
  }
  return g;
}

kernels::Conv2d description(IntArrayRef x, IntArrayRef w, const ConvGeometry& g) {
  kernels::Conv2d d;
  d.n = x[0], d.c = x[1], d.h = x[2], d.w = x[3];
  d.o = w[0], d.kh = w[2], d.kw = w[3];
  d.groups = g.groups;
  for (int i : {0, 1}) {
    d.stride[i] = g.stride[i];
    d.before[i] = g.before[i];
    d.after[i] = g.after[i];
    d.dilation[i] = g.dilation[i];
  }
  return d;
}

void check_arguments(const char* op, const Tensor& x, const Tensor& w, const Tensor& bias, int64_t rank,
                     int64_t groups) {
  check(x.defined() && w.defined(), op, ": expected an input and a weight, but got an undefined tensor");
  check(x.dim() == rank || x.dim() == rank - 1, op, ": Expected ", rank - 1, "D (unbatched) or ", rank,
        "D (batched) input to ", op, ", but got input of size: ", x.sizes());
  check(w.dim() == rank, op, ": Expected a ", rank, "-dimensional weight, got input ", x.sizes(), " and weight ",
        w.sizes());
  check(is_floating(x.scalar_type()) && x.scalar_type() == w.scalar_type(), op,
        ": Input type and weight type should be the same floating point type, got ", x.scalar_type(), " and ",
        w.scalar_type());
  const int64_t channels = x.size(x.dim() == rank ? 1 : 0);
  check(groups > 0 && w.size(0) % groups == 0, op, ": expected weight to be at least ", groups,
        " at dimension 0 and divisible by groups, got weight ", w.sizes());
  check(w.size(1) * groups == channels, op, ": Given groups=", groups, ", weight of size ", w.sizes(),
        ", expected input", x.sizes(), " to have ", w.size(1) * groups, " channels, but got ", channels,
        " channels instead");
  if (bias.defined())
    check(bias.dim() == 1 && bias.size(0) == w.size(0) && bias.scalar_type() == x.scalar_type(), op,
          ": Given weight of size ", w.sizes(), ", expected bias to be 1-dimensional with ", w.size(0),
          " elements of type ", x.scalar_type(), ", but got bias of size ", bias.sizes(), " and type ",
          bias.scalar_type(), " instead");
}

Tensor convolve2d(const char* op, const Tensor& x, const Tensor& w, const Tensor& bias, const ConvGeometry& g) {
  if (x.dim() == 4) return conv2d_forward(x, w, bias, g);
  check(x.dim() == 3, op, ": got input of size ", x.sizes());
  return squeeze(conv2d_forward(unsqueeze(x, 0), w, bias, g), 0);
}

Tensor convolve1d(const Tensor& x, const Tensor& w, const Tensor& bias, const ConvGeometry& g) {
  return squeeze(convolve2d("conv1d", unsqueeze(x, -2), unsqueeze(w, -2), bias, g), -2);
}

}  // namespace

Tensor conv2d_forward(const Tensor& x, const Tensor& w, const Tensor& bias, const ConvGeometry& geometry) {
  check_arguments("conv2d", x, w, bias, 4, geometry.groups);
  const kernels::Conv2d d = description(x.sizes(), w.sizes(), geometry);
  for (int i : {0, 1}) {
    const int64_t room = (i ? d.w : d.h) + d.before[i] + d.after[i];
    const int64_t window = d.dilation[i] * ((i ? d.kw : d.kh) - 1) + 1;
    check((i ? d.kw : d.kh) > 0 && room >= window, "conv2d: Calculated padded input size per channel: (",
          d.h + d.before[0] + d.after[0], " x ", d.w + d.before[1] + d.after[1], "). Kernel size: (", d.kh, " x ", d.kw,
          "). Kernel size can't be greater than actual input size, got input ", x.sizes(), " and weight ", w.sizes());
  }
  const Tensor y = empty({d.n, d.o, d.out_h(), d.out_w()}, x.scalar_type());
  kernels::with_floating(
      "conv2d", [&](auto* x, auto* w, auto* b, auto* y) { kernels::conv2d_forward(d, x, w, b, y); },
      x.detach().contiguous(), w.detach().contiguous(), bias.defined() ? bias.detach().contiguous() : bias,
      kernels::written(y));
  if (!recording({x, w, bias})) return y;
  return record("conv2d", y, {x, w, bias}, [x = Saved(x), w = Saved(w), geometry](const Tensor& g, Node& self) {
    std::array<Tensor, 3> r;
    const Tensor input = x.get(self), weight = w.get(self);
    if (self.needs(0)) r[0] = conv2d_input(g, weight, input.sizes(), geometry);
    if (self.needs(1)) r[1] = conv2d_weight(input, g, weight.sizes(), geometry);
    if (self.needs(2)) r[2] = sum(g, IntArrayRef{0, 2, 3});
    return r;
  });
}

Tensor conv2d_input(const Tensor& g, const Tensor& w, IntArrayRef sizes, const ConvGeometry& geometry) {
  check(g.defined() && w.defined() && g.dim() == 4 && w.dim() == 4 && sizes.size() == 4,
        "conv2d_input: expected four dimensions each");
  const kernels::Conv2d d = description(sizes, w.sizes(), geometry);
  check(g.sizes() == IntArrayRef{d.n, d.o, d.out_h(), d.out_w()}, "conv2d_input: gradient and geometry differ, got ",
        g.sizes(), " for an input ", sizes, " and a weight ", w.sizes());
  const Tensor y = empty(sizes, g.scalar_type());
  kernels::with_floating(
      "conv2d_input", [&](auto* g, auto* w, auto* y) { kernels::conv2d_backward_input(d, g, w, y); },
      g.detach().contiguous(), w.detach().contiguous(), kernels::written(y));
  if (!recording({g, w})) return y;
  return record("conv2d_input", y, {g, w}, [g = Saved(g), w = Saved(w), geometry](const Tensor& c, Node& self) {
    std::array<Tensor, 2> r;
    const Tensor weight = w.get(self);
    if (self.needs(0)) r[0] = conv2d_forward(c, weight, {}, geometry);
    if (self.needs(1)) r[1] = conv2d_weight(c, g.get(self), weight.sizes(), geometry);
    return r;
  });
}

Tensor conv2d_weight(const Tensor& x, const Tensor& g, IntArrayRef sizes, const ConvGeometry& geometry) {
  check(g.defined() && x.defined() && g.dim() == 4 && x.dim() == 4 && sizes.size() == 4,
        "conv2d_weight: expected four dimensions each");
  const kernels::Conv2d d = description(x.sizes(), sizes, geometry);
  check(g.sizes() == IntArrayRef{d.n, d.o, d.out_h(), d.out_w()}, "conv2d_weight: gradient and geometry differ, got ",
        g.sizes(), " for an input ", x.sizes(), " and a weight ", sizes);
  const Tensor y = empty(sizes, g.scalar_type());
  kernels::with_floating(
      "conv2d_weight",
      [&](auto* x, auto* g, auto* y) {
        kernels::conv2d_backward_weight(d, x, g, y, static_cast<decltype(y)>(nullptr));
      },
      x.detach().contiguous(), g.detach().contiguous(), kernels::written(y));
  if (!recording({x, g})) return y;
  return record("conv2d_weight", y, {x, g}, [x = Saved(x), g = Saved(g), geometry](const Tensor& c, Node& self) {
    std::array<Tensor, 2> r;
    const Tensor input = x.get(self);
    if (self.needs(0)) r[0] = conv2d_input(g.get(self), c, input.sizes(), geometry);
    if (self.needs(1)) r[1] = conv2d_forward(input, c, {}, geometry);
    return r;
  });
}

Tensor conv2d(const Tensor& x, const Tensor& w, const Tensor& bias, IntArrayRef stride, IntArrayRef padding,
              IntArrayRef dilation, int64_t groups) {
  check_arguments("conv2d", x, w, bias, 4, groups);
  return convolve2d("conv2d", x, w, bias, geometry("conv2d", 2, stride, padding, dilation, groups));
}

Tensor conv2d(const Tensor& x, const Tensor& w, const Tensor& bias, IntArrayRef stride, const std::string& padding,
              IntArrayRef dilation, int64_t groups) {
  check_arguments("conv2d", x, w, bias, 4, groups);
  return convolve2d("conv2d", x, w, bias, named_padding("conv2d", 2, w, stride, padding, dilation, groups));
}

Tensor conv1d(const Tensor& x, const Tensor& w, const Tensor& bias, IntArrayRef stride, IntArrayRef padding,
              IntArrayRef dilation, int64_t groups) {
  check_arguments("conv1d", x, w, bias, 3, groups);
  return convolve1d(x, w, bias, geometry("conv1d", 1, stride, padding, dilation, groups));
}

Tensor conv1d(const Tensor& x, const Tensor& w, const Tensor& bias, IntArrayRef stride, const std::string& padding,
              IntArrayRef dilation, int64_t groups) {
  check_arguments("conv1d", x, w, bias, 3, groups);
  return convolve1d(x, w, bias, named_padding("conv1d", 1, w, stride, padding, dilation, groups));
}

}  // namespace gradus
