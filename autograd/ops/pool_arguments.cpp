#include "gradus/autograd/ops/pool_arguments.h"

namespace gradus::detail {
namespace {

void check_input(const char* op, int64_t dims, const Tensor& x) {
  check(x.defined(), op, ": expected a tensor, but got an undefined one");
  check(x.dim() == dims + 1 || x.dim() == dims + 2, op, ": Expected ", dims + 1, "D or ", dims + 2,
        "D (batch mode) tensor, got ", x.sizes());
  check(is_floating(x.scalar_type()), op, ": \"", op, "\" not implemented for '", x.scalar_type(), "'");
  for (int64_t d = x.dim() - dims - 1; d < x.dim(); ++d)
    check(x.size(d) > 0, op, ": Expected tensor with non-zero size for non-batch dimensions, got ", x.sizes());
}

int64_t entry(const char* op, int64_t dims, const char* what, IntArrayRef v, size_t i) {
  constexpr const char* words[] = {"", "one int", "two ints", "three ints"};
  check(v.size() == 1 || static_cast<int64_t>(v.size()) == dims, op, ": ", what,
        " must either be a single int, or a tuple of ", words[dims], ", got ", v);
  return v.size() == 1 ? v[0] : v[i];
}

int64_t output_size(const PoolAxis& a, bool ceil_mode) {
  const int64_t room = a.in + 2 * a.pad - a.dilation * (a.kernel - 1) - 1;
  int64_t n = (room >= 0 ? room + (ceil_mode ? a.stride - 1 : 0) : room - a.stride + 1) / a.stride + 1;
  // The last window must begin inside of the input or its leading padding.
  if (ceil_mode && (n - 1) * a.stride >= a.in + a.pad) --n;
  return n;
}

// True if every window holds an element: dilation may step from the padding in front over a small input.
bool meets_input(const PoolAxis& a) {
  for (int64_t first = -a.pad; first < 0; first += a.stride)
    if (first % a.dilation == 0 ? a.in == 0 : first % a.dilation + a.dilation >= a.in) return false;
  return true;
}

int64_t planes_of(const Tensor& x, int64_t dims) {
  int64_t n = 1;
  for (int64_t d = 0; d < x.dim() - dims; ++d) n *= x.size(d);
  return n;
}

}  // namespace

PoolAxes pool_axes(const char* op, int64_t dims, const Tensor& x, IntArrayRef kernel, IntArrayRef stride,
                   IntArrayRef padding, IntArrayRef dilation, bool ceil_mode) {
  check_input(op, dims, x);
  PoolAxes axes;
  axes.planes = planes_of(x, dims);
  bool positive = true;
  for (int64_t i = 0; i < dims; ++i) {
    PoolAxis& a = axes.axis[3 - dims + i];
    const auto at = static_cast<size_t>(i);
    a.in = x.size(x.dim() - dims + i);
    a.kernel = entry(op, dims, "kernel_size", kernel, at);
    a.stride = stride.empty() ? a.kernel : entry(op, dims, "stride", stride, at);
    a.pad = entry(op, dims, "padding", padding, at);
    a.dilation = entry(op, dims, "dilation", dilation, at);
    check(a.kernel > 0, op, ": kernel size should be greater than zero, got ", kernel);
    check(a.stride > 0, op, ": stride should be greater than zero, got ", stride);
    check(a.dilation > 0, op, ": dilation should be greater than zero, got ", dilation);
    check(a.pad >= 0, op, ": pad must be non-negative, but got pad: ", a.pad);
    check(a.pad <= ((a.kernel - 1) * a.dilation + 1) / 2, op,
          ": pad should be at most half of effective kernel size, but got pad=", a.pad, ", kernel_size=", a.kernel,
          " and dilation=", a.dilation);
    a.out = output_size(a, ceil_mode);
    positive &= a.out > 0;
    check(a.out <= 0 || meets_input(a), op, ": padding and dilation leave a window without elements, got pad=", a.pad,
          " and dilation=", a.dilation, " for ", a.in, " elements");
  }
  check(positive, op, ": Given input size: ", x.sizes(), ". Calculated output size: ", pooled_sizes(x, dims, axes),
        ". Output size is too small");
  return axes;
}

PoolAxes adaptive_axes(const char* op, int64_t dims, const Tensor& x, IntArrayRef output_size) {
  check_input(op, dims, x);
  PoolAxes axes;
  axes.planes = planes_of(x, dims);
  for (int64_t i = 0; i < dims; ++i) {
    PoolAxis& a = axes.axis[3 - dims + i];
    a.in = x.size(x.dim() - dims + i);
    a.out = entry(op, dims, "output_size", output_size, static_cast<size_t>(i));
    check(a.out >= -1, op, ": elements of output_size must be greater than or equal to 0, got ", output_size);
    if (a.out == -1) a.out = a.in;
  }
  return axes;
}

Sizes pooled_sizes(const Tensor& x, int64_t dims, const PoolAxes& axes) {
  Sizes s = x.sizes();
  for (int64_t i = 0; i < dims; ++i) s[s.size() - static_cast<size_t>(dims - i)] = axes.axis[3 - dims + i].out;
  return s;
}

}  // namespace gradus::detail
