// Pooling of two dimensions over dense buffers: planes of [h, w], of which [N, C, H, W] has N C.
#pragma once
#include <cstdint>

namespace gradus::kernels {

/// Windows of `kernel` elements that begin at i stride - pad, over planes [h, w], to planes [oh, ow]. Pairs are
/// {vertical, horizontal}. The caller has chosen oh and ow (ceil_mode), and a padding with which every window meets the
/// plane. Averages have dilation 1.
struct Pool2d {
  int64_t planes = 0, h = 0, w = 0, oh = 0, ow = 0;
  int64_t kernel[2] = {1, 1}, stride[2] = {1, 1}, pad[2] = {0, 0}, dilation[2] = {1, 1};
  bool count_include_pad = true;  // averages: zeros of the padding count as elements
  int64_t divisor_override = 0;   // averages: the divisor of every window, if not 0
};

/// y = the greatest element of each window; NaN if it holds one. index = where it lies in its plane, i w + j:
/// of equal ones the first, of several NaN the last, as in PyTorch. Index: int64_t, or int32_t where it can hold h w.
template <class T, class Index>
void max_pool2d_forward(const Pool2d& p, const T* x, T* y, Index* index);

/// gx = the sum of gy over the windows whose greatest element it was.
template <class T, class Index>
void max_pool2d_backward(const Pool2d& p, const T* gy, const Index* index, T* gx);

/// y = the sum of each window over its divisor: the elements inside of the plane, those inside of the padded plane
/// (count_include_pad), or divisor_override.
template <class T>
void avg_pool2d_forward(const Pool2d& p, const T* x, T* y);
template <class T>
void avg_pool2d_backward(const Pool2d& p, const T* gy, T* gx);

/// The mean of windows that cut the plane into oh x ow parts: from floor(i h / oh) to ceil((i + 1) h / oh).
/// Of the sizes only planes, h, w, oh and ow are read.
template <class T>
void adaptive_avg_pool2d_forward(const Pool2d& p, const T* x, T* y);
template <class T>
void adaptive_avg_pool2d_backward(const Pool2d& p, const T* gy, T* gx);

extern template void max_pool2d_forward(const Pool2d&, const float*, float*, int32_t*);
extern template void max_pool2d_forward(const Pool2d&, const float*, float*, int64_t*);
extern template void max_pool2d_forward(const Pool2d&, const double*, double*, int32_t*);
extern template void max_pool2d_forward(const Pool2d&, const double*, double*, int64_t*);
extern template void max_pool2d_backward(const Pool2d&, const float*, const int32_t*, float*);
extern template void max_pool2d_backward(const Pool2d&, const float*, const int64_t*, float*);
extern template void max_pool2d_backward(const Pool2d&, const double*, const int32_t*, double*);
extern template void max_pool2d_backward(const Pool2d&, const double*, const int64_t*, double*);
extern template void avg_pool2d_forward(const Pool2d&, const float*, float*);
extern template void avg_pool2d_forward(const Pool2d&, const double*, double*);
extern template void avg_pool2d_backward(const Pool2d&, const float*, float*);
extern template void avg_pool2d_backward(const Pool2d&, const double*, double*);
extern template void adaptive_avg_pool2d_forward(const Pool2d&, const float*, float*);
extern template void adaptive_avg_pool2d_forward(const Pool2d&, const double*, double*);
extern template void adaptive_avg_pool2d_backward(const Pool2d&, const float*, float*);
extern template void adaptive_avg_pool2d_backward(const Pool2d&, const double*, double*);

}  // namespace gradus::kernels
