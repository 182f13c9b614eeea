// Which kernel computes a convolution.
#include "gradus/tensor/kernels/conv.h"

#include "gradus/tensor/parallel.h"

namespace gradus::kernels {
namespace {

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
#if defined(GRADUS_ONEDNN)
  if (takes(d)) return detail::conv_forward_onednn(d, x, weight, bias, y);
#endif
  own::conv_forward(d, x, weight, bias, y);
}

void conv_backward_input(const Conv& d, const float* gy, const float* weight, const float* bias, float* gx) {
#if defined(GRADUS_ONEDNN)
  if (takes(d) && !few_channels(d)) {
    detail::conv_backward_input_onednn(d, gy, weight, gx);
    if (bias) add_bias(d, bias, gx);
    return;
  }
#endif
  own::conv_backward_input(d, gy, weight, bias, gx);
}

void conv_backward_weight(const Conv& d, const float* x, const float* gy, float* gw, float* gb) {
#if defined(GRADUS_ONEDNN)
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
