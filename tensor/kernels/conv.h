// Convolutions of one to three dimensions over dense buffers [N, C, D, H, W].
#pragma once
#include <cstdint>

namespace gradus::kernels {

/// x [n, c, in...] with weight [o, c / groups, kernel...] to y [n, o, out...]; in two dimensions, for example,
/// y[n, o, i, j] = bias[o] + sum over c, u, v of weight[o, c, u, v] x[n, c, i stride - before + u dilation, …],
/// where x is zero outside of its borders. Triples are {depth, height, width}; fewer dimensions leave the first ones
/// at their defaults. `after` may be negative: then the last elements of x are not read.
struct Conv {
  int64_t n = 0, c = 0, o = 0, groups = 1;
  int64_t in[3] = {1, 1, 1}, kernel[3] = {1, 1, 1}, stride[3] = {1, 1, 1}, dilation[3] = {1, 1, 1};
  int64_t before[3] = {0, 0, 0}, after[3] = {0, 0, 0};

  int64_t out(int axis) const {
    return (in[axis] + before[axis] + after[axis] - dilation[axis] * (kernel[axis] - 1) - 1) / stride[axis] + 1;
  }
  int64_t in_plane() const { return in[0] * in[1] * in[2]; }
  int64_t out_plane() const { return out(0) * out(1) * out(2); }
  int64_t taps() const { return kernel[0] * kernel[1] * kernel[2]; }
};

/// y = conv(x, weight) + bias; bias [o] may be null.
void conv_forward(const Conv& d, const float* x, const float* weight, const float* bias, float* y);
void conv_forward(const Conv& d, const double* x, const double* weight, const double* bias, double* y);

/// gx from gy: the transpose of the convolution as a linear map of x, and so also the transposed convolution itself
/// (gy is then its input, gx [n, c, in...] its output, to which bias [c] is added; it may be null).
void conv_backward_input(const Conv& d, const float* gy, const float* weight, const float* bias, float* gx);
void conv_backward_input(const Conv& d, const double* gy, const double* weight, const double* bias, double* gx);

/// gw, and gb = sum of gy over all but o; gb may be null.
void conv_backward_weight(const Conv& d, const float* x, const float* gy, float* gw, float* gb);
void conv_backward_weight(const Conv& d, const double* x, const double* gy, double* gw, double* gb);

/// Our own kernels, in every build: the same bits on any number of threads.
namespace own {
template <class T>
void conv_forward(const Conv& d, const T* x, const T* weight, const T* bias, T* y);
template <class T>
void conv_backward_input(const Conv& d, const T* gy, const T* weight, const T* bias, T* gx);
template <class T>
void conv_backward_weight(const Conv& d, const T* x, const T* gy, T* gw, T* gb);
template <class T>
void conv_backward_bias(const Conv& d, const T* gy, T* gb);
extern template void conv_forward(const Conv&, const float*, const float*, const float*, float*);
extern template void conv_forward(const Conv&, const double*, const double*, const double*, double*);
extern template void conv_backward_input(const Conv&, const float*, const float*, const float*, float*);
extern template void conv_backward_input(const Conv&, const double*, const double*, const double*, double*);
extern template void conv_backward_weight(const Conv&, const float*, const float*, float*, float*);
extern template void conv_backward_weight(const Conv&, const double*, const double*, double*, double*);
extern template void conv_backward_bias(const Conv&, const float*, float*);
extern template void conv_backward_bias(const Conv&, const double*, double*);
}  // namespace own

/// The gradient of the weights of many channels from images of few pixels (`takes`), in every build: the same bits on
/// any number of threads if the products are.
namespace columns {
constexpr int64_t most_pixels = 16;  // of an image that comes out
bool takes(const Conv& d);
void conv_backward_weight(const Conv& d, const float* x, const float* gy, float* gw, float* gb);
}  // namespace columns

/// Convolutions of few channels in two dimensions without strides or groups (`takes`), in every build: the same bits on
/// any number of threads.
namespace planes {
bool takes(const Conv& d);
void conv_forward(const Conv& d, const float* x, const float* weight, const float* bias, float* y);
void conv_backward_input(const Conv& d, const float* gy, const float* weight, const float* bias, float* gx);
void conv_backward_weight(const Conv& d, const float* x, const float* gy, float* gw, float* gb);
}  // namespace planes

/// The same convolutions with an image in each lane of a vector: for small images, of which there are many.
namespace image_lanes {
void conv_forward(const Conv& d, const float* x, const float* weight, const float* bias, float* y);
void conv_backward_input(const Conv& d, const float* gy, const float* weight, const float* bias, float* gx);
void conv_backward_weight(const Conv& d, const float* x, const float* gy, float* gw, float* gb);

/// Only the greatest of each 2 x 2 results, side by side (max pooling without padding): y [n, o, out / 2, out / 2], and
/// where they lie in an order of this kernel's own, `places(d)` bytes. gx may be null, and gw with gb.
int64_t places(const Conv& d);
bool greatest_pays(const Conv& d);  // whether that takes less time than a convolution and a pooling
void conv_greatest_forward(const Conv& d, const float* x, const float* weight, const float* bias, float* y,
                           uint8_t* places);
void conv_greatest_backward(const Conv& d, const float* x, const float* weight, const float* gy, const uint8_t* places,
                            float* gx, float* gw, float* gb);
}  // namespace image_lanes

/// Convolutions by oneDNN, of sizes >= 1; only in builds with it. Each is compiled once for its sizes and threads.
namespace detail {
void conv_forward_onednn(const Conv& d, const float* x, const float* weight, const float* bias, float* y);
void conv_backward_input_onednn(const Conv& d, const float* gy, const float* weight, float* gx);
void conv_backward_weight_onednn(const Conv& d, const float* x, const float* gy, float* gw, float* gb);
}  // namespace detail

}  // namespace gradus::kernels
