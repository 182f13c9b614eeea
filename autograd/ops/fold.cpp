#include "gradus/autograd/ops/fold.h"

#include "gradus/autograd/ops/shape.h"
#include "gradus/autograd/record.h"
#include "gradus/tensor/factories.h"
#include "gradus/tensor/kernels/fold.h"
#include "gradus/tensor/kernels/typed.h"

namespace gradus {
namespace {

using kernels::Columns;

int64_t entry(const char* op, const char* what, IntArrayRef v, size_t i) {
  check(v.size() == 1 || v.size() == 2, op, ": It is expected ", what, " to be one or two numbers, got ", v);
  return v.size() == 1 ? v[0] : v[i];
}

// The windows of planes h x w; planes are left open.
Columns windows(const char* op, int64_t h, int64_t w, IntArrayRef kernel, IntArrayRef dilation, IntArrayRef padding,
                IntArrayRef stride) {
  Columns c;
  c.h = h, c.w = w;
  int64_t out[2];
  for (size_t i : {0u, 1u}) {
    c.kernel[i] = entry(op, "kernel_size", kernel, i);
    c.dilation[i] = entry(op, "dilation", dilation, i);
    c.pad[i] = entry(op, "padding", padding, i);
    c.stride[i] = entry(op, "stride", stride, i);
    check(c.kernel[i] > 0, op, ": kernel size should be greater than zero, but got ", kernel);
    check(c.dilation[i] > 0, op, ": dilation should be greater than zero, but got ", dilation);
    check(c.pad[i] >= 0, op, ": padding should be non-negative, but got ", padding);
    check(c.stride[i] > 0, op, ": stride should be greater than zero, but got ", stride);
    const int64_t room = (i ? w : h) + 2 * c.pad[i] - (c.dilation[i] * (c.kernel[i] - 1) + 1);
    out[i] = (room < 0 ? room - c.stride[i] + 1 : room) / c.stride[i] + 1;
  }
  c.oh = out[0], c.ow = out[1];
  check(c.oh > 0 && c.ow > 0, op, ": Given spatial size (", h, ", ", w, "), kernel_size=", kernel,
        ", dilation=", dilation, ", padding=", padding, ", stride=", stride,
        ", calculated shape of the array of sliding blocks as (", c.oh, ", ", c.ow,
        "), but its components must be at least one.");
  return c;
}

// x [planes..., h, w] to [planes..., kernel, windows] as `sizes`, or back if not `forward`.
Tensor rearranged(const char* op, const Tensor& x, const Columns& c, const Sizes& sizes, bool forward) {
  const Tensor y = empty(sizes, x.scalar_type());
  kernels::with_floating(
      op, [&](auto* x, auto* y) { forward ? kernels::unfold(c, x, y) : kernels::fold(c, x, y); },
      x.detach().contiguous(), kernels::written(y));
  if (!recording({x})) return y;
  const char* back = forward ? "col2im" : "im2col";
  return record(op, y, {x}, [back, c, sizes = Sizes(x.sizes()), forward](const Tensor& g, Node&) {
    return rearranged(back, g, c, sizes, !forward);
  });
}

}  // namespace

Tensor im2col(const Tensor& x, IntArrayRef kernel, IntArrayRef dilation, IntArrayRef padding, IntArrayRef stride) {
  check(x.defined(), "im2col: expected a tensor, but got an undefined one");
  check(
      x.dim() == 3 || x.dim() == 4,
      "im2col: Expected 3D or 4D (batch mode) tensor with possibly 0 batch size and non-zero dimensions for input, but "
      "got: ",
      x.sizes());
  for (int64_t d = x.dim() - 3; d < x.dim(); ++d)
    check(x.size(d) > 0,
          "im2col: Expected 3D or 4D (batch mode) tensor with possibly 0 batch size and non-zero "
          "dimensions for input, but got: ",
          x.sizes());
  Columns c = windows("im2col", x.size(-2), x.size(-1), kernel, dilation, padding, stride);
  c.planes = x.numel() / (c.h * c.w);
  Sizes sizes{x.size(-3) * c.kernel[0] * c.kernel[1], c.oh * c.ow};
  if (x.dim() == 4) sizes = Sizes{x.size(0), sizes[0], sizes[1]};
  return rearranged("im2col", x, c, sizes, true);
}

Tensor col2im(const Tensor& x, IntArrayRef output_size, IntArrayRef kernel, IntArrayRef dilation, IntArrayRef padding,
              IntArrayRef stride) {
  check(x.defined(), "col2im: expected a tensor, but got an undefined one");
  check(output_size.size() == 2 && output_size[0] > 0 && output_size[1] > 0,
        "col2im: It is expected output_size to be two positive numbers, but got ", output_size);
  check(
      (x.dim() == 2 || x.dim() == 3) && x.size(-1) > 0 && x.size(-2) > 0,
      "col2im: Expected 2D or 3D (batch mode) tensor for input with possibly 0 batch size and non-zero dimensions for "
      "input, but got: ",
      x.sizes());
  Columns c = windows("col2im", output_size[0], output_size[1], kernel, dilation, padding, stride);
  const int64_t taps = c.kernel[0] * c.kernel[1];
  check(x.size(-2) % taps == 0,
        "col2im: Expected size of input's dimension 1 to be divisible by the product of kernel_size, but got input ",
        x.sizes(), " and kernel_size=", kernel);
  check(x.size(-1) == c.oh * c.ow, "col2im: Given output_size=", output_size, ", kernel_size=", kernel,
        ", dilation=", dilation, ", padding=", padding, ", stride=", stride,
        ", expected size of input's dimension 2 to match the calculated number of sliding blocks ", c.oh, " * ", c.ow,
        " = ", c.oh * c.ow, ", but got input ", x.sizes());
  const int64_t channels = x.size(-2) / taps, batch = x.dim() == 3 ? x.size(0) : 1;
  c.planes = batch * channels;
  Sizes sizes{channels, c.h, c.w};
  if (x.dim() == 3) sizes = Sizes{batch, channels, c.h, c.w};
  return rearranged("col2im", x, c, sizes, false);
}

Tensor pixel_shuffle(const Tensor& x, int64_t r) {
  check(x.defined(), "pixel_shuffle: expected a tensor, but got an undefined one");
  check(x.dim() >= 3, "pixel_shuffle expects input to have at least 3 dimensions, but got input with ", x.dim(),
        " dimension(s)");
  check(r > 0, "pixel_shuffle expects a positive upscale_factor, but got ", r);
  const int64_t c = x.size(-3), h = x.size(-2), w = x.size(-1);
  check(c % (r * r) == 0,
        "pixel_shuffle expects its input's 'channel' dimension to be divisible by the square of upscale_factor, but "
        "input.size(-3)=",
        c, " is not divisible by ", r * r);
  Sizes sizes(x.sizes());
  sizes.resize(sizes.size() - 3);
  int64_t lead = 1;
  for (int64_t n : sizes) lead *= n;
  for (int64_t n : {c / (r * r), h * r, w * r}) sizes.push_back(n);
  return reshape(permute(reshape(x, {lead, c / (r * r), r, r, h, w}), {0, 1, 4, 2, 5, 3}), sizes);
}

Tensor pixel_unshuffle(const Tensor& x, int64_t r) {
  check(x.defined(), "pixel_unshuffle: expected a tensor, but got an undefined one");
  check(x.dim() >= 3, "pixel_unshuffle expects input to have at least 3 dimensions, but got input with ", x.dim(),
        " dimension(s)");
  check(r > 0, "pixel_unshuffle expects a positive downscale_factor, but got ", r);
  const int64_t c = x.size(-3), h = x.size(-2), w = x.size(-1);
  check(h % r == 0, "pixel_unshuffle expects height to be divisible by downscale_factor, but input.size(-2)=", h,
        " is not divisible by ", r);
  check(w % r == 0, "pixel_unshuffle expects width to be divisible by downscale_factor, but input.size(-1)=", w,
        " is not divisible by ", r);
  Sizes sizes(x.sizes());
  sizes.resize(sizes.size() - 3);
  int64_t lead = 1;
  for (int64_t n : sizes) lead *= n;
  for (int64_t n : {c * r * r, h / r, w / r}) sizes.push_back(n);
  return reshape(permute(reshape(x, {lead, c, h / r, r, w / r, r}), {0, 1, 3, 5, 2, 4}), sizes);
}

Tensor channel_shuffle(const Tensor& x, int64_t groups) {
  check(x.defined(), "channel_shuffle: expected a tensor, but got an undefined one");
  check(x.dim() > 2, "channel_shuffle expects input with > 2 dims, but got input with sizes ", x.sizes());
  check(groups > 0, "Number of groups to divide channels in must be positive. Value of groups:", groups);
  const int64_t c = x.size(1);
  check(c % groups == 0, "Number of channels must be divisible by groups. Got ", c, " channels and ", groups,
        " groups.");
  int64_t rest = 1;
  for (int64_t d = 2; d < x.dim(); ++d) rest *= x.size(d);
  return reshape(transpose(reshape(x, {x.size(0), groups, c / groups, rest}), 1, 2), x.sizes());
}

}  // namespace gradus
