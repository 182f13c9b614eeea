// The three linear maps of a convolution, each the derivative of the others.
#include "gradus/autograd/ops/conv.h"
#include "gradus/autograd/ops/reduce.h"
#include "gradus/autograd/record.h"
#include "gradus/tensor/factories.h"
#include "gradus/tensor/kernels/conv.h"
#include "gradus/tensor/kernels/typed.h"

namespace gradus {
namespace {

// The kernels' three dimensions are those of the tensors, with depths and heights of 1 in front.
kernels::Conv description(IntArrayRef x, IntArrayRef w, const ConvGeometry& g) {
  kernels::Conv d;
  d.n = x[0], d.c = x[1], d.o = w[0], d.groups = g.groups;
  const size_t dims = x.size() - 2;
  for (size_t i = 0; i < dims; ++i) {
    const size_t to = 3 - dims + i;
    d.in[to] = x[i + 2];
    d.kernel[to] = w[i + 2];
    d.stride[to] = g.stride[i];
    d.dilation[to] = g.dilation[i];
    d.before[to] = g.before[i];
    d.after[to] = g.after[i];
  }
  return d;
}

Sizes output_sizes(const kernels::Conv& d, size_t rank) {
  Sizes y{d.n, d.o};
  for (size_t i = 5 - rank; i < 3; ++i) y.push_back(d.out(static_cast<int>(i)));
  return y;
}

Tensor sum_to_channels(const Tensor& g) {
  Sizes dims{0};
  for (int64_t i = 2; i < g.dim(); ++i) dims.push_back(i);
  return sum(g, IntArrayRef(dims));
}

/// The gradients of weight and bias in one pass over g, where nobody differentiates them again.
std::tuple<Tensor, Tensor> weight_and_bias(const Tensor& x, const Tensor& g, IntArrayRef kernel,
                                           const ConvGeometry& geometry) {
  if (recording({x, g})) return {conv_weight(x, g, kernel, geometry), sum_to_channels(g)};
  const kernels::Conv d = description(x.sizes(), kernel, geometry);
  const Tensor gw = empty(kernel, g.scalar_type()), gb = empty({d.o}, g.scalar_type());
  kernels::with_floating(
      "convolution", [&](auto* x, auto* g, auto* gw, auto* gb) { kernels::conv_backward_weight(d, x, g, gw, gb); },
      x.detach().contiguous(), g.detach().contiguous(), kernels::written(gw), kernels::written(gb));
  return {gw, gb};
}

void check_ranks(const char* op, const char* rule, int64_t a, int64_t b, size_t c, const ConvGeometry& geometry) {
  check(a >= 3 && a <= 5 && a == b && static_cast<size_t>(a) == c, op, ": ", rule, ", got ", a, ", ", b, " and ", c,
        " dimensions");
  bool positive = geometry.groups > 0;
  for (int i = 0; i < 3; ++i) positive &= geometry.stride[i] > 0 && geometry.dilation[i] > 0;
  check(positive, op, ": stride, dilation and groups must be positive, got ", IntArrayRef(geometry.stride), ", ",
        IntArrayRef(geometry.dilation), " and ", geometry.groups);
}

void check_window(const Tensor& x, const Tensor& w, const kernels::Conv& d) {
  std::string padded, kernel;
  bool fits = true;
  for (int64_t i = 5 - x.dim(); i < 3; ++i) {
    const int64_t room = d.in[i] + d.before[i] + d.after[i];
    fits &= d.kernel[i] > 0 && room >= d.dilation[i] * (d.kernel[i] - 1) + 1;
  }
  if (fits) return;
  for (int64_t i = 5 - x.dim(); i < 3; ++i) {
    const char* between = padded.empty() ? "" : " x ";
    padded += str(between, d.in[i] + d.before[i] + d.after[i]);
    kernel += str(between, d.dilation[i] * (d.kernel[i] - 1) + 1);
  }
  fail("conv", x.dim() - 2, "d: Calculated padded input size per channel: (", padded, "). Kernel size: (", kernel,
       "). Kernel size can't be greater than actual input size, got input ", x.sizes(), " and weight ", w.sizes());
}

}  // namespace

Tensor conv_forward(const Tensor& x, const Tensor& w, const Tensor& bias, const ConvGeometry& geometry) {
  check(x.defined() && w.defined(), "conv_forward: expected an input and a weight, but got an undefined tensor");
  check_ranks("conv_forward", "input and weight must have the same 3 to 5 dimensions", x.dim(), w.dim(),
              x.sizes().size(), geometry);
  check(w.size(1) * geometry.groups == x.size(1) && w.size(0) % geometry.groups == 0,
        "conv_forward: channels differ, got ", x.sizes(), " and weight ", w.sizes(), " in groups of ", geometry.groups);
  check(!bias.defined() || (bias.dim() == 1 && bias.size(0) == w.size(0)),
        "conv_forward: expected bias to be 1-dimensional with ", w.size(0), " elements, but got bias of size ",
        bias.defined() ? bias.sizes() : IntArrayRef());
  const kernels::Conv d = description(x.sizes(), w.sizes(), geometry);
  check_window(x, w, d);
  const Tensor y = empty(output_sizes(d, x.sizes().size()), x.scalar_type());
  kernels::with_floating(
      "convolution", [&](auto* x, auto* w, auto* b, auto* y) { kernels::conv_forward(d, x, w, b, y); },
      x.detach().contiguous(), w.detach().contiguous(), bias.defined() ? bias.detach().contiguous() : bias,
      kernels::written(y));
  if (!recording({x, w, bias})) return y;
  return record("convolution", y, {x, w, bias},
                [x = saved_for(w, x), w = saved_for(x, w), sizes = Sizes(x.sizes()), kernel = Sizes(w.sizes()),
                 geometry](const Tensor& g, Node& self) {
                  std::array<Tensor, 3> r;
                  if (self.needs(0)) r[0] = conv_input(g, w.get(self), {}, sizes, geometry);
                  const bool weight = self.needs(1), bias = self.needs(2);
                  if (weight && bias)
                    std::tie(r[1], r[2]) = weight_and_bias(x.get(self), g, kernel, geometry);
                  else if (weight)
                    r[1] = conv_weight(x.get(self), g, kernel, geometry);
                  else if (bias)
                    r[2] = sum_to_channels(g);
                  return r;
                });
}

Tensor conv_input(const Tensor& g, const Tensor& w, const Tensor& bias, IntArrayRef sizes,
                  const ConvGeometry& geometry) {
  check(g.defined() && w.defined(), "conv_input: expected a gradient and a weight, but got an undefined tensor");
  check_ranks("conv_input", "gradient, weight and result must have the same 3 to 5 dimensions", g.dim(), w.dim(),
              sizes.size(), geometry);
  const kernels::Conv d = description(sizes, w.sizes(), geometry);
  check(g.sizes() == output_sizes(d, sizes.size()) && d.c == w.size(1) * geometry.groups,
        "conv_input: gradient and geometry differ, got ", g.sizes(), " for an input ", sizes, " and a weight ",
        w.sizes());
  const Tensor y = empty(sizes, g.scalar_type());
  kernels::with_floating(
      "convolution", [&](auto* g, auto* w, auto* b, auto* y) { kernels::conv_backward_input(d, g, w, b, y); },
      g.detach().contiguous(), w.detach().contiguous(), bias.defined() ? bias.detach().contiguous() : bias,
      kernels::written(y));
  if (!recording({g, w, bias})) return y;
  return record(
      "conv_input", y, {g, w, bias},
      [g = saved_for(w, g), w = saved_for(g, w), kernel = Sizes(w.sizes()), geometry](const Tensor& c, Node& self) {
        std::array<Tensor, 3> r;
        if (self.needs(0)) r[0] = conv_forward(c, w.get(self), {}, geometry);
        if (self.needs(1)) r[1] = conv_weight(c, g.get(self), kernel, geometry);
        if (self.needs(2)) r[2] = sum_to_channels(c);
        return r;
      });
}

Tensor conv_weight(const Tensor& x, const Tensor& g, IntArrayRef sizes, const ConvGeometry& geometry) {
  check(g.defined() && x.defined(), "conv_weight: expected an input and a gradient, but got an undefined tensor");
  check_ranks("conv_weight", "input, gradient and result must have the same 3 to 5 dimensions", x.dim(), g.dim(),
              sizes.size(), geometry);
  const kernels::Conv d = description(x.sizes(), sizes, geometry);
  check(g.sizes() == output_sizes(d, sizes.size()) && d.c == sizes[1] * geometry.groups,
        "conv_weight: gradient and geometry differ, got ", g.sizes(), " for an input ", x.sizes(), " and a weight ",
        sizes);
  const Tensor y = empty(sizes, g.scalar_type());
  kernels::with_floating(
      "convolution",
      [&](auto* x, auto* g, auto* y) { kernels::conv_backward_weight(d, x, g, y, static_cast<decltype(y)>(nullptr)); },
      x.detach().contiguous(), g.detach().contiguous(), kernels::written(y));
  if (!recording({x, g})) return y;
  return record(
      "conv_weight", y, {x, g},
      [x = saved_for(g, x), g = saved_for(x, g), sizes = Sizes(x.sizes()), geometry](const Tensor& c, Node& self) {
        std::array<Tensor, 2> r;
        if (self.needs(0)) r[0] = conv_input(g.get(self), c, {}, sizes, geometry);
        if (self.needs(1)) r[1] = conv_forward(x.get(self), c, {}, geometry);
        return r;
      });
}

}  // namespace gradus
