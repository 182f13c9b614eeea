// Which kernel computes a convolution.
#include "gradus/tensor/kernels/conv.h"

namespace gradus::kernels {
namespace {

#if defined(GRADUS_ONEDNN)
/// oneDNN refuses sizes of zero.
bool has_work(const Conv2d& d) {
  return d.n > 0 && d.c > 0 && d.h > 0 && d.w > 0 && d.o > 0 && d.kh > 0 && d.kw > 0 && d.out_h() > 0 && d.out_w() > 0;
}

/// oneDNN fills up the channels of gx to a whole vector; with fewer than these that costs more than our columns do.
bool few_channels(const Conv2d& d) { return d.groups == 1 && d.c <= 4; }
#endif

}  // namespace

void conv2d_forward(const Conv2d& d, const float* x, const float* weight, const float* bias, float* y) {
#if defined(GRADUS_ONEDNN)
  if (has_work(d)) return detail::conv2d_forward_onednn(d, x, weight, bias, y);
#endif
  own::conv2d_forward(d, x, weight, bias, y);
}

void conv2d_backward_input(const Conv2d& d, const float* gy, const float* weight, float* gx) {
#if defined(GRADUS_ONEDNN)
  if (has_work(d) && !few_channels(d)) return detail::conv2d_backward_input_onednn(d, gy, weight, gx);
#endif
  own::conv2d_backward_input(d, gy, weight, gx);
}

void conv2d_backward_weight(const Conv2d& d, const float* x, const float* gy, float* gw, float* gb) {
#if defined(GRADUS_ONEDNN)
  if (has_work(d)) return detail::conv2d_backward_weight_onednn(d, x, gy, gw, gb);
#endif
  own::conv2d_backward_weight(d, x, gy, gw, gb);
}

void conv2d_forward(const Conv2d& d, const double* x, const double* weight, const double* bias, double* y) {
  own::conv2d_forward(d, x, weight, bias, y);
}

void conv2d_backward_input(const Conv2d& d, const double* gy, const double* weight, double* gx) {
  own::conv2d_backward_input(d, gy, weight, gx);
}

void conv2d_backward_weight(const Conv2d& d, const double* x, const double* gy, double* gw, double* gb) {
  own::conv2d_backward_weight(d, x, gy, gw, gb);
}

}  // namespace gradus::kernels
