// A convolution whose results are only wanted for the greatest of each 2 x 2: one node where a kernel computes both.
#include <optional>

#include "gradus/autograd/activated.h"
#include "gradus/autograd/ops/conv.h"
#include "gradus/autograd/ops/pool.h"
#include "gradus/autograd/record.h"
#include "gradus/tensor/factories.h"
#include "gradus/tensor/kernels/conv.h"
#include "gradus/tensor/kernels/typed.h"

namespace gradus {
namespace {

namespace image_lanes = kernels::image_lanes;

/// v[i], or its only entry; -1 if there is none.
int64_t entry(IntArrayRef v, size_t i) { return v.size() == 1 ? v[0] : v.size() == 2 ? v[i] : -1; }

/// The convolution as the kernel sees it; nothing where it is not the kernel's, or where conv2d has an error to tell.
std::optional<kernels::Conv> for_kernel(const Tensor& x, const Tensor& w, const Tensor& bias, IntArrayRef stride,
                                        IntArrayRef padding, IntArrayRef dilation, int64_t groups) {
  if (!x.defined() || !w.defined() || x.scalar_type() != kFloat || w.scalar_type() != kFloat) return {};
  if (x.dim() != 4 || w.dim() != 4 || groups != 1 || x.size(1) != w.size(1)) return {};
  if (bias.defined() && (bias.dim() != 1 || bias.size(0) != w.size(0) || bias.scalar_type() != kFloat)) return {};
  kernels::Conv d;
  d.n = x.size(0), d.c = x.size(1), d.o = w.size(0);
  for (size_t i : {0, 1}) {
    const size_t to = i + 1, from = i + 2;
    d.in[to] = x.sizes()[from], d.kernel[to] = w.sizes()[from];
    d.stride[to] = entry(stride, i), d.dilation[to] = entry(dilation, i);
    d.before[to] = d.after[to] = entry(padding, i);
    if (d.in[to] < 1 || d.kernel[to] < 1 || d.stride[to] != 1 || d.dilation[to] < 1 || d.before[to] < 0) return {};
    if (d.in[to] + 2 * d.before[to] < d.dilation[to] * (d.kernel[to] - 1) + 1) return {};
  }
  if (!image_lanes::greatest_pays(d)) return {};
  return d;
}

float* data(const Tensor& t) { return t.defined() ? kernels::pointer<float>("convolution_max_pool2d", t) : nullptr; }

/// gx, gw and gb: those that are asked for.
std::array<Tensor, 3> gradients(const kernels::Conv& d, const Tensor& x, const Tensor& w, const Tensor& places,
                                const Tensor& g, const Node& self) {
  std::array<Tensor, 3> r;
  const bool weight = self.needs(1) || self.needs(2);
  if (self.needs(0)) r[0] = empty(x.sizes());
  if (weight) r[1] = empty(w.sizes());
  if (self.needs(2)) r[2] = empty({d.o});
  const Tensor from = g.detach().contiguous(), in = x.detach().contiguous(), by = w.detach().contiguous();
  image_lanes::conv_greatest_backward(d, data(in), data(by), data(from), kernels::pointer<uint8_t>("places", places),
                                      data(r[0]), data(r[1]), data(r[2]));
  return r;
}

Tensor both(const kernels::Conv& d, const Tensor& x, const Tensor& w, const Tensor& bias) {
  const Tensor y = empty({d.n, d.o, d.out(1) / 2, d.out(2) / 2}), places = empty({image_lanes::places(d)}, kByte);
  const Tensor in = x.detach().contiguous(), by = w.detach().contiguous();
  const Tensor plus = bias.defined() ? bias.detach().contiguous() : bias;
  image_lanes::conv_greatest_forward(d, data(in), data(by), data(plus), data(y),
                                     kernels::pointer<uint8_t>("places", places));
  if (!recording({x, w, bias})) return y;
  ConvGeometry geometry;
  for (int i : {0, 1}) {
    geometry.dilation[i] = d.dilation[i + 1];
    geometry.before[i] = geometry.after[i] = d.before[i + 1];
  }
  auto kernel = [d, x = Saved(x), w = Saved(w), places](const Tensor& g, Node& self) {
    return gradients(d, x.get(self), w.get(self), places, g, self);
  };
  // The bias moves all of a window alike: any other leaves the derivatives as they are.
  auto composed = [x = Saved(x), w = Saved(w), geometry](const Tensor& g, Node& self) {
    const Tensor weight = w.get(self), bias = self.needs(2) ? zeros({weight.size(0)}).requires_grad_() : Tensor();
    const auto r = differentiate(
        [&](const std::vector<Tensor>& in) { return max_pool2d(conv_forward(in[0], in[1], in[2], geometry), 2); },
        {x.get(self), weight, bias}, g, self);
    return std::array<Tensor, 3>{r[0], r[1], r[2]};
  };
  return record("convolution_max_pool2d", y, {x, w, bias}, fused(std::move(kernel), std::move(composed)));
}

}  // namespace

Tensor conv2d_max_pool2d(const Tensor& x, const Tensor& w, const Tensor& bias, IntArrayRef stride, IntArrayRef padding,
                         IntArrayRef dilation, int64_t groups, bool relu) {
  if (const auto d = for_kernel(x, w, bias, stride, padding, dilation, groups)) {
    const Tensor y = both(*d, x, w, bias);
    return relu ? detail::relu_of_own(y) : y;  // which is the same in front of the pooling
  }
  const Tensor y = conv2d(x, w, bias, stride, padding, dilation, groups);
  return relu ? relu_max_pool2d(y, 2) : max_pool2d(y, 2);
}

}  // namespace gradus
