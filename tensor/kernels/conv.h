// Convolutions of two dimensions over dense buffers [N, C, H, W].
#pragma once
#include <cstdint>

namespace gradus::kernels {

/// x [n, c, h, w] with weight [o, c / groups, kh, kw] to y [n, o, out_h(), out_w()]:
/// y[n, o, i, j] = bias[o] + sum over c, u, v of weight[o, c, u, v] x[n, c, i stride - before + u dilation, …],
/// where x is zero outside of its borders. Pairs are {vertical, horizontal}. One dimension is h = kh = 1.
struct Conv2d {
  int64_t n = 0, c = 0, h = 0, w = 0;
  int64_t o = 0, kh = 0, kw = 0;
  int64_t stride[2] = {1, 1}, before[2] = {0, 0}, after[2] = {0, 0}, dilation[2] = {1, 1};
  int64_t groups = 1;

  int64_t out_h() const { return (h + before[0] + after[0] - dilation[0] * (kh - 1) - 1) / stride[0] + 1; }
  int64_t out_w() const { return (w + before[1] + after[1] - dilation[1] * (kw - 1) - 1) / stride[1] + 1; }
};

/// y = conv(x, weight) + bias; bias [o] may be null.
void conv2d_forward(const Conv2d& d, const float* x, const float* weight, const float* bias, float* y);
void conv2d_forward(const Conv2d& d, const double* x, const double* weight, const double* bias, double* y);

/// gx from gy: the transpose of the convolution as a linear map of x, and so also the transposed convolution itself
/// (gy is then its input, gx [n, c, h, w] its output).
void conv2d_backward_input(const Conv2d& d, const float* gy, const float* weight, float* gx);
void conv2d_backward_input(const Conv2d& d, const double* gy, const double* weight, double* gx);

/// gw, and gb = sum of gy over n, h, w; gb may be null.
void conv2d_backward_weight(const Conv2d& d, const float* x, const float* gy, float* gw, float* gb);
void conv2d_backward_weight(const Conv2d& d, const double* x, const double* gy, double* gw, double* gb);

/// Our own kernels, in every build: the same bits on any number of threads.
namespace own {
template <class T>
void conv2d_forward(const Conv2d& d, const T* x, const T* weight, const T* bias, T* y);
template <class T>
void conv2d_backward_input(const Conv2d& d, const T* gy, const T* weight, T* gx);
template <class T>
void conv2d_backward_weight(const Conv2d& d, const T* x, const T* gy, T* gw, T* gb);
extern template void conv2d_forward(const Conv2d&, const float*, const float*, const float*, float*);
extern template void conv2d_forward(const Conv2d&, const double*, const double*, const double*, double*);
extern template void conv2d_backward_input(const Conv2d&, const float*, const float*, float*);
extern template void conv2d_backward_input(const Conv2d&, const double*, const double*, double*);
extern template void conv2d_backward_weight(const Conv2d&, const float*, const float*, float*, float*);
extern template void conv2d_backward_weight(const Conv2d&, const double*, const double*, double*, double*);
}  // namespace own

/// Convolutions by oneDNN, of sizes >= 1; only in builds with it. Each is compiled once for its sizes and threads.
namespace detail {
void conv2d_forward_onednn(const Conv2d& d, const float* x, const float* weight, const float* bias, float* y);
void conv2d_backward_input_onednn(const Conv2d& d, const float* gy, const float* weight, float* gx);
void conv2d_backward_weight_onednn(const Conv2d& d, const float* x, const float* gy, float* gw, float* gb);
}  // namespace detail

}  // namespace gradus::kernels
