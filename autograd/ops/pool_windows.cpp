// Pooling of three dimensions, adaptive and fractional maxima, and what undoes maxima.
#include <algorithm>

#include "gradus/autograd/ops/index.h"
#include "gradus/autograd/ops/pool.h"
#include "gradus/autograd/ops/pool_arguments.h"
#include "gradus/autograd/ops/resample.h"
#include "gradus/autograd/ops/shape.h"
#include "gradus/autograd/record.h"
#include "gradus/autograd/wide.h"
#include "gradus/tensor/factories.h"
#include "gradus/tensor/kernels/typed.h"

namespace gradus {
namespace {

using detail::PoolAxes;
using detail::PoolAxis;
using kernels::Windows;

Windows planes(const PoolAxes& axes) {
  Windows w;
  w.planes = axes.planes;
  for (int a = 0; a < 3; ++a) {
    w.in[a] = axes.axis[a].in;
    w.out[a] = axes.axis[a].out;
  }
  return w;
}

Windows regular(const PoolAxes& axes) {
  Windows w = planes(axes);
  for (int a = 0; a < 3; ++a) {
    const PoolAxis& x = axes.axis[a];
    w.dilation[a] = x.dilation;
    for (int64_t i = 0; i < x.out; ++i) {
      int64_t first = i * x.stride - x.pad;
      const int64_t last = std::min(first + (x.kernel - 1) * x.dilation + 1, x.in);
      while (first < 0) first += x.dilation;
      w.first[a].push_back(first);
      w.last[a].push_back(last);
    }
  }
  return w;
}

int64_t adaptive_first(const PoolAxis& a, int64_t i) { return i * a.in / a.out; }
int64_t adaptive_last(const PoolAxis& a, int64_t i) { return ((i + 1) * a.in + a.out - 1) / a.out; }

Windows adaptive(const PoolAxes& axes) {
  Windows w = planes(axes);
  for (int a = 0; a < 3; ++a)
    for (int64_t i = 0; i < axes.axis[a].out; ++i) {
      w.first[a].push_back(adaptive_first(axes.axis[a], i));
      w.last[a].push_back(adaptive_last(axes.axis[a], i));
    }
  return w;
}

// g, put where the indices into planes of `sizes` point. Its derivative picks the elements up again.
Tensor scatter_to_planes(const Tensor& g, const Tensor& index, IntArrayRef sizes, int64_t planes) {
  const Tensor y = empty(sizes, g.scalar_type());
  const int64_t n = planes ? g.numel() / planes : 0, m = planes ? y.numel() / planes : 0;
  const auto* at = kernels::pointer<int64_t>("max_pool", index);
  kernels::with_floating(
      "max_pool", [&](auto* g, auto* y) { kernels::plane_scatter(planes, n, m, g, at, y); }, g.detach().contiguous(),
      kernels::written(y));
  return record("max_pool_backward", y, {g}, [index, planes, n, m](const Tensor& c, Node&) {
    return reshape(gather(reshape(c, {planes, m}), 1, reshape(index, {planes, n})), index.sizes());
  });
}

std::tuple<Tensor, Tensor> maxima(const char* op, const Tensor& x, const Sizes& sizes, const Windows& w) {
  const Tensor y = empty(sizes, x.scalar_type()), index = empty(sizes, kLong);
  auto* at = kernels::pointer<int64_t>(op, index);
  kernels::with_floating(
      op, [&](auto* x, auto* y) { kernels::window_max(w, x, y, at); }, x.detach().contiguous(), kernels::written(y));
  return {record(op, y, {x},
                 [index, sizes = Sizes(x.sizes()), planes = w.planes](const Tensor& g, Node&) {
                   return scatter_to_planes(g, index, sizes, planes);
                 }),
          index};
}

std::tuple<Tensor, Tensor> adaptive_maxima(const char* op, const Tensor& x, int64_t dims, IntArrayRef output_size) {
  const PoolAxes axes = detail::adaptive_axes(op, dims, x, output_size);
  return maxima(op, x, detail::pooled_sizes(x, dims, axes), adaptive(axes));
}

// Means are sums along one dimension after the other: taps(axis, i, to) adds the terms of window i.
template <class F>
Tensor each_axis(const Tensor& x, const PoolAxes& axes, const F& terms) {
  Tensor y = wide(x);
  for (int a = 0; a < 3; ++a) {
    auto taps = std::make_shared<Taps>();
    taps->columns = axes.axis[a].in;
    for (int64_t i = 0; i < axes.axis[a].out; ++i) {
      terms(a, i, *taps);
      taps->end_row();
    }
    y = resample(y, a - 3, taps);
  }
  return y.to(x.scalar_type());
}

void mean(int64_t first, int64_t last, double divisor, Taps& to) {
  for (int64_t k = first; k < last; ++k) to.add(k, 1 / divisor);
}

void check_samples(const char* op, const Tensor& x, int64_t dims, const Tensor& samples) {
  check(samples.defined() && samples.dim() == 3, op, ": Expect _random_samples to have 3 dimensions, got ",
        samples.defined() ? str(samples.dim()) : "an undefined tensor");
  check(samples.scalar_type() == x.scalar_type(), op, ": Expect _random_samples to have the same dtype as input");
  const int64_t batch = x.dim() == dims + 1 ? 1 : x.size(0), channels = x.size(x.dim() - dims - 1);
  check(samples.size(0) >= batch, op, ": Expect _random_samples.size(0) no less then input batch size.");
  check(samples.size(1) == channels, op, ": Expect _random_samples.size(1) equals to input channel size.");
  check(samples.size(2) == dims, op, ": Expect _random_samples.size(2) equals to ", dims, "; got ", samples.size(2),
        ".");
}

std::tuple<Tensor, Tensor> fractional(const char* op, const Tensor& x, int64_t dims, IntArrayRef kernel,
                                      IntArrayRef output_size, const Tensor& samples) {
  constexpr const char* words[] = {"time", "height", "width"};
  const PoolAxes axes = detail::adaptive_axes(op, dims, x, output_size);
  check(static_cast<int64_t>(kernel.size()) == dims || kernel.size() == 1, op,
        ": kernel_size must either be a single int or ", dims, " of them, got ", kernel);
  check_samples(op, x, dims, samples);
  int64_t size[3] = {1, 1, 1};
  // In two dimensions the first sample is that of the width.
  const int columns[3] = {dims == 3 ? 0 : -1, 1, dims == 3 ? 2 : 0};
  for (int64_t i = 0; i < dims; ++i) {
    const int64_t a = 3 - dims + i, in = axes.axis[a].in, out = axes.axis[a].out;
    size[a] = kernel.size() == 1 ? kernel[0] : kernel[static_cast<size_t>(i)];
    check(size[a] > 0 && out > 0, op, ": kernel and output sizes must be greater than zero, got ", kernel, " and ",
          output_size);
    check(out + size[a] - 1 <= in, op, ": pool ", words[a], " ", size[a], " too large relative to input ", words[a],
          " ", in);
  }
  Windows w = planes(axes);
  kernels::with_floating(
      op, [&](auto* s) { kernels::fractional_windows(w, size, s, dims, columns); }, samples.detach().contiguous());
  return maxima(op, x, detail::pooled_sizes(x, dims, axes), w);
}

Tensor unpool(const char* op, const Tensor& x, const Tensor& indices, int64_t dims, IntArrayRef output_size) {
  check(x.defined() && indices.defined(), op, ": expected an input and indices, but got an undefined tensor");
  check(indices.scalar_type() == kLong, op,
        ": elements in indices should be type int64 but got: ", indices.scalar_type());
  check(x.dim() == dims + 1 || x.dim() == dims + 2, op, ": Input to ", op, " should be a ", dims + 1, "d or ", dims + 2,
        "d Tensor, but got ", x.sizes());
  check(x.sizes() == indices.sizes(), op, ": Expected shape of indices to be same as that of the input tensor (",
        x.sizes(), ") but got indices tensor with shape: ", indices.sizes());
  check(static_cast<int64_t>(output_size.size()) == dims, op, ": There should be exactly ", dims,
        " elements in output_size, but got ", output_size.size(), " elements.");
  Sizes sizes = x.sizes();
  int64_t n = 1, m = 1;
  for (int64_t i = 0; i < dims; ++i) {
    const auto at = sizes.size() - static_cast<size_t>(dims - i);
    n *= sizes[at];
    sizes[at] = output_size[static_cast<size_t>(i)];
    check(sizes[at] >= 0, op, ": output_size must not be negative, got ", output_size);
    m *= sizes[at];
  }
  const int64_t planes = n ? x.numel() / n : 0;
  if (x.numel() > 0) {
    const int64_t least = indices.min().item<int64_t>(), most = indices.max().item<int64_t>();
    check(least >= 0 && most < m, op, ": Found an invalid max index: ", least < 0 ? least : most,
          " (output volumes are of size ", output_size, ")");
  }
  const Tensor empty_planes = zeros({planes, m}, x.scalar_type());
  return reshape(scatter(empty_planes, 1, reshape(indices, {planes, n}), reshape(x, {planes, n})), sizes);
}

}  // namespace

std::tuple<Tensor, Tensor> max_pool3d_with_indices(const Tensor& x, IntArrayRef kernel, IntArrayRef stride,
                                                   IntArrayRef padding, IntArrayRef dilation, bool ceil_mode) {
  const PoolAxes axes = detail::pool_axes("max_pool3d", 3, x, kernel, stride, padding, dilation, ceil_mode);
  return maxima("max_pool3d", x, detail::pooled_sizes(x, 3, axes), regular(axes));
}

Tensor max_pool3d(const Tensor& x, IntArrayRef kernel, IntArrayRef stride, IntArrayRef padding, IntArrayRef dilation,
                  bool ceil_mode) {
  return std::get<0>(max_pool3d_with_indices(x, kernel, stride, padding, dilation, ceil_mode));
}

Tensor avg_pool3d(const Tensor& x, IntArrayRef kernel, IntArrayRef stride, IntArrayRef padding, bool ceil_mode,
                  bool count_include_pad, std::optional<int64_t> divisor_override) {
  check(!divisor_override || *divisor_override != 0, "avg_pool3d: divisor must be not zero");
  const PoolAxes axes = detail::pool_axes("avg_pool3d", 3, x, kernel, stride, padding, 1, ceil_mode);
  return each_axis(x, axes, [&](int a, int64_t i, Taps& to) {
    const PoolAxis& w = axes.axis[a];
    const int64_t begin = i * w.stride - w.pad, padded = std::min(begin + w.kernel, w.in + w.pad);
    const int64_t first = std::max<int64_t>(begin, 0), last = std::min(padded, w.in);
    // The divisor is a product of one factor an axis.
    const int64_t own = count_include_pad ? padded - begin : last - first;
    const int64_t overridden = a == 0 ? divisor_override.value_or(1) : 1;
    mean(first, last, static_cast<double>(divisor_override ? overridden : own), to);
  });
}

Tensor adaptive_avg_pool3d(const Tensor& x, IntArrayRef output_size) {
  const PoolAxes axes = detail::adaptive_axes("adaptive_avg_pool3d", 3, x, output_size);
  return each_axis(x, axes, [&](int a, int64_t i, Taps& to) {
    const int64_t first = adaptive_first(axes.axis[a], i), last = adaptive_last(axes.axis[a], i);
    mean(first, last, static_cast<double>(last - first), to);
  });
}

std::tuple<Tensor, Tensor> adaptive_max_pool1d(const Tensor& x, IntArrayRef output_size) {
  return adaptive_maxima("adaptive_max_pool1d", x, 1, output_size);
}
std::tuple<Tensor, Tensor> adaptive_max_pool2d(const Tensor& x, IntArrayRef output_size) {
  return adaptive_maxima("adaptive_max_pool2d", x, 2, output_size);
}
std::tuple<Tensor, Tensor> adaptive_max_pool3d(const Tensor& x, IntArrayRef output_size) {
  return adaptive_maxima("adaptive_max_pool3d", x, 3, output_size);
}

std::tuple<Tensor, Tensor> fractional_max_pool2d(const Tensor& x, IntArrayRef kernel, IntArrayRef output_size,
                                                 const Tensor& random_samples) {
  return fractional("fractional_max_pool2d", x, 2, kernel, output_size, random_samples);
}
std::tuple<Tensor, Tensor> fractional_max_pool3d(const Tensor& x, IntArrayRef kernel, IntArrayRef output_size,
                                                 const Tensor& random_samples) {
  return fractional("fractional_max_pool3d", x, 3, kernel, output_size, random_samples);
}

Tensor max_unpool2d(const Tensor& x, const Tensor& indices, IntArrayRef output_size) {
  return unpool("max_unpool2d", x, indices, 2, output_size);
}
Tensor max_unpool3d(const Tensor& x, const Tensor& indices, IntArrayRef output_size, IntArrayRef stride,
                    IntArrayRef padding) {
  check(stride.size() == 3 && padding.size() == 3,
        "max_unpool3d: There should be exactly three elements (depth, height, width) in stride and padding, got ",
        stride, " and ", padding);
  for (size_t i = 0; i < 3; ++i)
    check(stride[i] > 0, "max_unpool3d: strides should be greater than zero, but got stride: ", stride);
  return unpool("max_unpool3d", x, indices, 3, output_size);
}

}  // namespace gradus
