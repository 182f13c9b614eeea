// Convolutions, and the two linear maps that are their derivatives.
#pragma once
#include <string>

#include "gradus/tensor/tensor.h"

namespace gradus {

/// How a window moves; pairs are {vertical, horizontal}. `after` is the padding behind the last row and column.
struct ConvGeometry {
  int64_t stride[2] = {1, 1}, before[2] = {0, 0}, after[2] = {0, 0}, dilation[2] = {1, 1};
  int64_t groups = 1;
};

/// y[n, o, i, j] = b[o] + sum over c, u, v of w[o, c, u, v] x[n, c, i s + u d - p, j s + v d - p], with x [N, C, H, W]
/// (or [C, H, W]), w [O, C / groups, kh, kw], b [O]. gx = conv2d_input(g, w), gw = conv2d_weight(x, g), gb = sum of g
/// over n, i, j. https://pytorch.org/docs/stable/generated/torch.nn.functional.conv2d.html
Tensor conv2d(const Tensor& x, const Tensor& weight, const Tensor& bias = {}, IntArrayRef stride = 1,
              IntArrayRef padding = 0, IntArrayRef dilation = 1, int64_t groups = 1);
/// `padding` "valid" (none) or "same" (the output has x's size; stride 1 only).
Tensor conv2d(const Tensor& x, const Tensor& weight, const Tensor& bias, IntArrayRef stride, const std::string& padding,
              IntArrayRef dilation = 1, int64_t groups = 1);
/// The same over one dimension: x [N, C, L] (or [C, L]), w [O, C / groups, k].
Tensor conv1d(const Tensor& x, const Tensor& weight, const Tensor& bias = {}, IntArrayRef stride = 1,
              IntArrayRef padding = 0, IntArrayRef dilation = 1, int64_t groups = 1);
Tensor conv1d(const Tensor& x, const Tensor& weight, const Tensor& bias, IntArrayRef stride, const std::string& padding,
              IntArrayRef dilation = 1, int64_t groups = 1);

/// The convolution with a geometry of its own; x [N, C, H, W].
Tensor conv2d_forward(const Tensor& x, const Tensor& weight, const Tensor& bias, const ConvGeometry& geometry);
/// The gradient of a convolution's input: from g [N, O, H', W'] to `sizes` [N, C, H, W]. Linear in g and in w.
Tensor conv2d_input(const Tensor& g, const Tensor& weight, IntArrayRef sizes, const ConvGeometry& geometry);
/// The gradient of a convolution's weight, of `sizes` [O, C / groups, kh, kw]. Linear in x and in g.
Tensor conv2d_weight(const Tensor& x, const Tensor& g, IntArrayRef sizes, const ConvGeometry& geometry);

}  // namespace gradus
