// Which kernel computes a convolution.
#include "gradus/tensor/kernels/conv.h"

#include <algorithm>

#include "gradus/tensor/kernels/scratch.h"
#include "gradus/tensor/parallel.h"

namespace gradus::kernels {
namespace {

#if defined(GRADUS_ONEDNN)
constexpr bool with_onednn = true;
#else
constexpr bool with_onednn = false;
#endif

/// Where sums of shifted planes beat what else there is: with few channels on one side, which oneDNN fills up to whole
/// vectors; columns, which take a copy for each tap, until there are many on both.
bool few(const Conv& d, int64_t c, int64_t o) {
  return d.taps() > 1 && (with_onednn ? d.c <= c || d.o <= o : d.c * d.o <= 64 * 64) && planes::takes(d);
}
bool few_forward(const Conv& d) { return few(d, 4, 8); }
bool few_input(const Conv& d) { return (d.c > 1 || d.o <= 8) && few(d, 8, 8); }
bool few_weight(const Conv& d) { return d.n * d.out_plane() >= 1024 && few(d, 8, 8); }

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

void conv_forward(const Conv& d, const float* x, const float* weight, const float* bias, float* y) {
  if (few_forward(d)) return planes::conv_forward(d, x, weight, bias, y);
#if defined(GRADUS_ONEDNN)
  if (takes(d) && skips(d))
    return detail::conv_forward_onednn(without_stride(d), read_elements(d, x).get(), weight, bias, y);
  if (takes(d)) return detail::conv_forward_onednn(d, x, weight, bias, y);
#endif
  own::conv_forward(d, x, weight, bias, y);
}

void conv_backward_input(const Conv& d, const float* gy, const float* weight, const float* bias, float* gx) {
  if (few_input(d)) return planes::conv_backward_input(d, gy, weight, bias, gx);
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
  if (few_weight(d)) return planes::conv_backward_weight(d, x, gy, gw, gb);
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
