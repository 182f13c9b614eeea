// The convolutions under their names: arguments checked, windows described, the batch that is missing added.
#include "gradus/autograd/ops/conv.h"

#include "gradus/autograd/ops/shape.h"

namespace gradus {
namespace {

struct Call {
  const char* op;
  size_t dims;
  bool transposed = false;
  int64_t rank() const { return static_cast<int64_t>(dims) + 2; }
};

// One number for all dimensions, or one each.
int64_t entry(const Call& call, const char* what, IntArrayRef v, size_t i) {
  check(v.size() == 1 || v.size() == call.dims, call.op, ": expected ", what,
        " to be a single integer value or a list of ", call.dims,
        " values to match the convolution dimensions, but got ", what, "=", v);
  return v.size() == 1 ? v[0] : v[i];
}

ConvGeometry geometry(const Call& call, IntArrayRef stride, IntArrayRef padding, IntArrayRef dilation, int64_t groups) {
  ConvGeometry g;
  g.groups = groups;
  for (size_t i = 0; i < call.dims; ++i) {
    g.stride[i] = entry(call, "stride", stride, i);
    g.dilation[i] = entry(call, "dilation", dilation, i);
    g.before[i] = g.after[i] = entry(call, "padding", padding, i);
    check(g.stride[i] > 0, call.op, ": non-positive stride is not supported, got ", stride);
    check(g.before[i] >= 0, call.op, ": negative padding is not supported, got ", padding);
    check(g.dilation[i] > 0, call.op, ": dilation should be greater than zero, got ", dilation);
  }
  return g;
}

ConvGeometry named_padding(const Call& call, const Tensor& w, IntArrayRef stride, const std::string& padding,
                           IntArrayRef dilation, int64_t groups) {
  ConvGeometry g = geometry(call, stride, 0, dilation, groups);
  if (padding == "valid") return g;
  check(padding == "same", call.op, ": Invalid padding string: '", padding, "', expected 'valid' or 'same'");
  for (size_t i = 0; i < call.dims; ++i) {
    check(g.stride[i] == 1, call.op, ": padding='same' is not supported for strided convolutions");
    const int64_t total = g.dilation[i] * (w.size(static_cast<int64_t>(i) + 2) - 1);
    g.before[i] = total / 2;
    g.after[i] = total - total / 2;
  }
  return g;
}

void check_channels(const Call& call, const Tensor& x, const Tensor& w, const Tensor& bias, int64_t groups) {
  const int64_t channels = x.size(x.dim() == call.rank() ? 1 : 0);
  const int64_t expected = call.transposed ? w.size(0) : w.size(1) * groups;
  check(channels == expected, call.op, ": Given ", call.transposed ? "transposed=1" : str("groups=", groups),
        ", weight of size ", w.sizes(), ", expected input", x.sizes(), " to have ", expected, " channels, but got ",
        channels, " channels instead");
  const int64_t outputs = call.transposed ? w.size(1) * groups : w.size(0);
  if (bias.defined())
    check(bias.dim() == 1 && bias.size(0) == outputs && bias.scalar_type() == x.scalar_type(), call.op, ": Given ",
          call.transposed ? "transposed=1, " : "", "weight of size ", w.sizes(),
          ", expected bias to be 1-dimensional with ", outputs, " elements of type ", x.scalar_type(),
          ", but got bias of size ", bias.sizes(), " and type ", bias.scalar_type(), " instead");
}

void check_arguments(const Call& call, const Tensor& x, const Tensor& w, const Tensor& bias, int64_t groups) {
  const int64_t rank = call.rank();
  check(x.defined() && w.defined(), call.op, ": expected an input and a weight, but got an undefined tensor");
  check(x.dim() == rank || x.dim() == rank - 1, call.op, ": Expected ", rank - 1, "D (unbatched) or ", rank,
        "D (batched) input to ", call.op, ", but got input of size: ", x.sizes());
  check(w.dim() == rank, call.op, ": Expected a ", rank, "-dimensional weight, got input ", x.sizes(), " and weight ",
        w.sizes());
  check(is_floating(x.scalar_type()) && x.scalar_type() == w.scalar_type(), call.op,
        ": Input type and weight type should be the same floating point type, got ", x.scalar_type(), " and ",
        w.scalar_type());
  check(groups > 0, call.op, ": non-positive groups is not supported, got ", groups);
  check(w.size(0) % groups == 0, call.op, ": Given groups=", groups, ", expected weight to be at least ", groups,
        " at dimension 0 and to be divisible by ", groups, " at dimension 0, but got weight of size ", w.sizes(),
        " instead");
  check_channels(call, x, w, bias, groups);
}

Tensor convolve(const Call& call, const Tensor& x, const Tensor& w, const Tensor& bias, const ConvGeometry& g) {
  if (x.dim() == call.rank()) return conv_forward(x, w, bias, g);
  return squeeze(conv_forward(unsqueeze(x, 0), w, bias, g), 0);
}

Tensor convolve(const Call& call, const Tensor& x, const Tensor& w, const Tensor& bias, IntArrayRef stride,
                IntArrayRef padding, IntArrayRef dilation, int64_t groups) {
  check_arguments(call, x, w, bias, groups);
  return convolve(call, x, w, bias, geometry(call, stride, padding, dilation, groups));
}

Tensor convolve(const Call& call, const Tensor& x, const Tensor& w, const Tensor& bias, IntArrayRef stride,
                const std::string& padding, IntArrayRef dilation, int64_t groups) {
  check_arguments(call, x, w, bias, groups);
  return convolve(call, x, w, bias, named_padding(call, w, stride, padding, dilation, groups));
}

std::string joined(IntArrayRef v) {
  std::string s;
  for (int64_t n : v) s += (s.empty() ? "" : " x ") + std::to_string(n);
  return s;
}

// The size that the convolution with geometry g makes to x's. Padding that would be left over by its stride is left
// out, so that exactly x's size comes back.
Sizes transposed_sizes(const Call& call, const Tensor& x, const Tensor& w, IntArrayRef output_padding,
                       ConvGeometry& g) {
  Sizes sizes{x.size(0), w.size(1) * g.groups}, spatial;
  bool positive = true;
  for (size_t i = 0; i < call.dims; ++i) {
    const int64_t extra = entry(call, "output_padding", output_padding, i), dim = static_cast<int64_t>(i) + 2;
    check(extra >= 0, call.op, ": negative output_padding is not supported, got ", output_padding);
    check(extra < g.stride[i] || extra < g.dilation[i], call.op,
          ": output padding must be smaller than either stride or dilation, but got output_padding ", output_padding,
          ", stride ", g.stride[i], " and dilation ", g.dilation[i]);
    const int64_t window = g.dilation[i] * (w.size(dim) - 1) + 1;
    spatial.push_back((x.size(dim) - 1) * g.stride[i] - 2 * g.before[i] + window + extra);
    positive &= spatial.back() > 0 && w.size(dim) > 0;
    g.after[i] += std::min<int64_t>(0, g.stride[i] - 1 - extra);
  }
  check(positive, call.op, ": Given input size per channel: (", joined(x.sizes().slice(2)),
        "). Calculated output size per channel: (", joined(spatial), "). Output size is too small");
  for (int64_t n : spatial) sizes.push_back(n);
  return sizes;
}

Tensor transposed(const Call& call, const Tensor& x, const Tensor& w, const Tensor& bias, IntArrayRef stride,
                  IntArrayRef padding, IntArrayRef output_padding, int64_t groups, IntArrayRef dilation) {
  check_arguments(call, x, w, bias, groups);
  const bool batched = x.dim() == call.rank();
  const Tensor in = batched ? x : unsqueeze(x, 0);
  ConvGeometry g = geometry(call, stride, padding, dilation, groups);
  const Sizes sizes = transposed_sizes(call, in, w, output_padding, g);
  const Tensor y = conv_input(in, w, bias, sizes, g);
  return batched ? y : squeeze(y, 0);
}

}  // namespace

Tensor conv1d(const Tensor& x, const Tensor& w, const Tensor& bias, IntArrayRef stride, IntArrayRef padding,
              IntArrayRef dilation, int64_t groups) {
  return convolve({"conv1d", 1}, x, w, bias, stride, padding, dilation, groups);
}
Tensor conv1d(const Tensor& x, const Tensor& w, const Tensor& bias, IntArrayRef stride, const std::string& padding,
              IntArrayRef dilation, int64_t groups) {
  return convolve({"conv1d", 1}, x, w, bias, stride, padding, dilation, groups);
}
Tensor conv2d(const Tensor& x, const Tensor& w, const Tensor& bias, IntArrayRef stride, IntArrayRef padding,
              IntArrayRef dilation, int64_t groups) {
  return convolve({"conv2d", 2}, x, w, bias, stride, padding, dilation, groups);
}
Tensor conv2d(const Tensor& x, const Tensor& w, const Tensor& bias, IntArrayRef stride, const std::string& padding,
              IntArrayRef dilation, int64_t groups) {
  return convolve({"conv2d", 2}, x, w, bias, stride, padding, dilation, groups);
}
Tensor conv3d(const Tensor& x, const Tensor& w, const Tensor& bias, IntArrayRef stride, IntArrayRef padding,
              IntArrayRef dilation, int64_t groups) {
  return convolve({"conv3d", 3}, x, w, bias, stride, padding, dilation, groups);
}
Tensor conv3d(const Tensor& x, const Tensor& w, const Tensor& bias, IntArrayRef stride, const std::string& padding,
              IntArrayRef dilation, int64_t groups) {
  return convolve({"conv3d", 3}, x, w, bias, stride, padding, dilation, groups);
}

Tensor conv_transpose1d(const Tensor& x, const Tensor& w, const Tensor& bias, IntArrayRef stride, IntArrayRef padding,
                        IntArrayRef output_padding, int64_t groups, IntArrayRef dilation) {
  return transposed({"conv_transpose1d", 1, true}, x, w, bias, stride, padding, output_padding, groups, dilation);
}
Tensor conv_transpose2d(const Tensor& x, const Tensor& w, const Tensor& bias, IntArrayRef stride, IntArrayRef padding,
                        IntArrayRef output_padding, int64_t groups, IntArrayRef dilation) {
  return transposed({"conv_transpose2d", 2, true}, x, w, bias, stride, padding, output_padding, groups, dilation);
}
Tensor conv_transpose3d(const Tensor& x, const Tensor& w, const Tensor& bias, IntArrayRef stride, IntArrayRef padding,
                        IntArrayRef output_padding, int64_t groups, IntArrayRef dilation) {
  return transposed({"conv_transpose3d", 3, true}, x, w, bias, stride, padding, output_padding, groups, dilation);
}

Tensor convolution(const Tensor& x, const Tensor& w, const Tensor& bias, IntArrayRef stride, IntArrayRef padding,
                   IntArrayRef dilation, bool is_transposed, IntArrayRef output_padding, int64_t groups) {
  check(w.defined() && w.dim() >= 3 && w.dim() <= 5, "convolution: expected a weight of 3 to 5 dimensions, got ",
        w.defined() ? str(w.sizes()) : "an undefined tensor");
  const Call call{"convolution", static_cast<size_t>(w.dim()) - 2, is_transposed};
  if (is_transposed) return transposed(call, x, w, bias, stride, padding, output_padding, groups, dilation);
  return convolve(call, x, w, bias, stride, padding, dilation, groups);
}

}  // namespace gradus
