// Which kernel computes a convolution.
#include "gradus/tensor/kernels/conv.h"

#include <algorithm>

#include "gradus/tensor/kernels/conv_parts.h"

namespace gradus::kernels {
namespace {

#if defined(GRADUS_ONEDNN)
constexpr bool with_onednn = true;
#else
constexpr bool with_onednn = false;
#endif

/// Where our kernels of few channels beat what else there is: with few of them on one side, which oneDNN fills up to
/// whole vectors; columns, which take a copy for each tap, until there are many on both.
bool few(const Conv& d, int64_t c, int64_t o) {
  return d.taps() > 1 && (with_onednn ? d.c <= c || d.o <= o : d.c * d.o <= 64 * 64) && planes::takes(d);
}
bool few_forward(const Conv& d) { return few(d, 4, 8); }
bool few_input(const Conv& d) { return (d.c > 1 || d.o <= 8) && few(d, 8, 8); }
bool few_weight(const Conv& d) { return d.n * d.out_plane() >= 1024 && few(d, 8, 8); }

/// What a kernel takes, in multiplications of 16 lanes: for shifted planes those over whole rows with what lies between
/// them; for an image in each lane those that count, and some twelve for each element that is turned over.
int64_t cost_of_planes(const detail::Correlation& g, int64_t n) {
  const int64_t pitch = g.cols + std::max(g.left, g.out_cols + g.wide() - g.left - g.cols);
  return n * g.results * g.terms() * detail::round_up((g.out_rows - 1) * pitch + g.out_cols, 16);
}
int64_t cost_of_lanes(const detail::Correlation& g, int64_t n, int64_t results) {
  const auto inside = [](int64_t out, int64_t kernel, int64_t dilation, int64_t before, int64_t size) {
    int64_t count = 0;
    for (int64_t i = 0; i < out; ++i)
      for (int64_t t = 0, at = i - before; t < kernel; ++t, at += dilation) count += at >= 0 && at < size;
    return count;
  };
  const int64_t sums = g.results * g.sources * inside(g.out_rows, g.kernel[0], g.dilation[0], g.top, g.rows) *
                       inside(g.out_cols, g.kernel[1], g.dilation[1], g.left, g.cols);
  return detail::round_up(n, 16) * (sums + 12 * (g.sources * g.plane() + results));
}
bool by_lanes(const Conv& d, bool transposed) {
  const detail::Correlation g(d, transposed);
  return cost_of_lanes(g, d.n, g.results * g.out_plane()) < cost_of_planes(g, d.n);
}

#if defined(GRADUS_ONEDNN)
/// oneDNN refuses sizes of zero, and a padding behind that cuts off a whole stride or more.
bool takes(const Conv& d) {
  if (d.n <= 0 || d.c <= 0 || d.o <= 0) return false;
  for (int i = 0; i < 3; ++i)
    if (d.in[i] <= 0 || d.kernel[i] <= 0 || d.out(i) <= 0 || d.after[i] + d.stride[i] <= 0) return false;
  return true;
}

/// oneDNN fills up the channels of gx to a whole vector; with fewer than these that costs more than our columns do.
bool few_channels(const Conv& d) { return d.groups == 1 && d.c <= 4; }

/// Kernels of one element with a stride read few elements of x: gathered first, the others are not rearranged in vain.
bool skips(const Conv& d) {
  bool strided = false;
  for (int i = 0; i < 3; ++i) {
    if (d.kernel[i] != 1 || d.before[i] != 0 || d.after[i] > 0) return false;
    strided |= d.stride[i] > 1;
  }
  return strided;
}

Conv without_stride(Conv d) {
  for (int i = 0; i < 3; ++i) {
    d.in[i] = d.out(i);
    d.stride[i] = 1;
    d.after[i] = 0;
  }
  return d;
}

/// Calls f(from, to, step) for every line of the elements that are read: from + j step of x becomes to + j.
template <class F>
void each_read_line(const Conv& d, const F& f) {
  const int64_t lines = d.out(0) * d.out(1), width = d.out(2);
  parallel_for(d.n * d.c, ceil_div(16 * 1024, lines * width), [&](int64_t begin, int64_t end) {
    for (int64_t i = begin * lines; i < end * lines; ++i) {
      const int64_t plane = i / lines, z = i % lines / d.out(1) * d.stride[0], y = i % d.out(1) * d.stride[1];
      f(((plane * d.in[0] + z) * d.in[1] + y) * d.in[2], i * width, d.stride[2]);
    }
  });
}

Scratch<float> read_elements(const Conv& d, const float* x) {
  Scratch<float> few(d.n * d.c * d.out_plane());
  each_read_line(d, [&, width = d.out(2)](int64_t from, int64_t to, int64_t step) {
    for (int64_t j = 0; j < width; ++j) few.get()[to + j] = x[from + j * step];
  });
  return few;
}

void spread_elements(const Conv& d, const float* few, float* x) {
  parallel_for(d.n * d.c * d.in_plane(), 64 * 1024,
               [&](int64_t begin, int64_t end) { std::fill(x + begin, x + end, 0.0f); });
  each_read_line(d, [&, width = d.out(2)](int64_t from, int64_t to, int64_t step) {
    for (int64_t j = 0; j < width; ++j) x[from + j * step] = few[to + j];
  });
}

void add_bias(const Conv& d, const float* bias, float* y) {
  const int64_t plane = d.in_plane();
  parallel_for(d.n * d.c, ceil_div(16 * 1024, plane), [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const float b = bias[i % d.c];
      for (int64_t k = i * plane; k < (i + 1) * plane; ++k) y[k] += b;
    }
  });
}
#endif

}  // namespace

bool image_lanes::greatest_pays(const Conv& d) {
  if (!few(d, 6, 8) || !few_weight(d) || d.out(1) < 2 || d.out(2) < 2) return false;
  const detail::Correlation g(d, false);
  const int64_t results = g.results * g.out_plane(), pooling = 15 * d.n * results;
  return cost_of_lanes(g, d.n, results / 4) < cost_of_planes(g, d.n) + pooling;
}

void conv_forward(const Conv& d, const float* x, const float* weight, const float* bias, float* y) {
  if (few_forward(d))
    return by_lanes(d, false) ? image_lanes::conv_forward(d, x, weight, bias, y)
                              : planes::conv_forward(d, x, weight, bias, y);
#if defined(GRADUS_ONEDNN)
  if (takes(d) && skips(d))
    return detail::conv_forward_onednn(without_stride(d), read_elements(d, x).get(), weight, bias, y);
  if (takes(d)) return detail::conv_forward_onednn(d, x, weight, bias, y);
#endif
  own::conv_forward(d, x, weight, bias, y);
}

void conv_backward_input(const Conv& d, const float* gy, const float* weight, const float* bias, float* gx) {
  if (few_input(d))
    return by_lanes(d, true) ? image_lanes::conv_backward_input(d, gy, weight, bias, gx)
                             : planes::conv_backward_input(d, gy, weight, bias, gx);
#if defined(GRADUS_ONEDNN)
  if (takes(d) && !few_channels(d)) {
    if (skips(d)) {
      const Scratch<float> few(d.n * d.c * d.out_plane());
      detail::conv_backward_input_onednn(without_stride(d), gy, weight, few.get());
      spread_elements(d, few.get(), gx);
    } else {
      detail::conv_backward_input_onednn(d, gy, weight, gx);
    }
    if (bias) add_bias(d, bias, gx);
    return;
  }
#endif
  own::conv_backward_input(d, gy, weight, bias, gx);
}

void conv_backward_weight(const Conv& d, const float* x, const float* gy, float* gw, float* gb) {
  if (few_weight(d))
    return by_lanes(d, false) ? image_lanes::conv_backward_weight(d, x, gy, gw, gb)
                              : planes::conv_backward_weight(d, x, gy, gw, gb);
  if (columns::takes(d)) return columns::conv_backward_weight(d, x, gy, gw, gb);
#if defined(GRADUS_ONEDNN)
  if (takes(d) && skips(d))
    return detail::conv_backward_weight_onednn(without_stride(d), read_elements(d, x).get(), gy, gw, gb);
  if (takes(d)) return detail::conv_backward_weight_onednn(d, x, gy, gw, gb);
#endif
  own::conv_backward_weight(d, x, gy, gw, gb);
}

void conv_forward(const Conv& d, const double* x, const double* weight, const double* bias, double* y) {
  own::conv_forward(d, x, weight, bias, y);
}

void conv_backward_input(const Conv& d, const double* gy, const double* weight, const double* bias, double* gx) {
  own::conv_backward_input(d, gy, weight, bias, gx);
}

void conv_backward_weight(const Conv& d, const double* x, const double* gy, double* gw, double* gb) {
  own::conv_backward_weight(d, x, gy, gw, gb);
}

}  // namespace gradus::kernels
