// Convolutions of one to three dimensions, and the linear maps that are their derivatives.
#pragma once
#include <string>

#include "gradus/tensor/tensor.h"

namespace gradus {

/// How a window moves along each dimension behind the channels; `before` and `after` are the padding in front of and
/// behind the elements. `after` may be negative: then the last elements are not read.
struct ConvGeometry {
  int64_t stride[3] = {1, 1, 1}, before[3] = {0, 0, 0}, after[3] = {0, 0, 0}, dilation[3] = {1, 1, 1};
  int64_t groups = 1;
};

/// y[n, o, i, j] = b[o] + sum over c, u, v of w[o, c, u, v] x[n, c, i s + u d - p, j s + v d - p], with x [N, C, H, W]
/// (or [C, H, W]), w [O, C / groups, kh, kw], b [O]. gx = conv_input(g, w), gw = conv_weight(x, g), gb = sum of g
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
/// The same over three dimensions: x [N, C, D, H, W] (or [C, D, H, W]), w [O, C / groups, kd, kh, kw].
Tensor conv3d(const Tensor& x, const Tensor& weight, const Tensor& bias = {}, IntArrayRef stride = 1,
              IntArrayRef padding = 0, IntArrayRef dilation = 1, int64_t groups = 1);
Tensor conv3d(const Tensor& x, const Tensor& weight, const Tensor& bias, IntArrayRef stride, const std::string& padding,
              IntArrayRef dilation = 1, int64_t groups = 1);

/// max_pool2d(conv2d(x, ...), 2), or with `relu` max_pool2d(relu(conv2d(x, ...)), 2). With few channels and many small
/// images the first two are one node, which keeps neither what the convolution makes nor its gradient in memory; g goes
/// to the greatest of each window. What nn::Sequential makes of a Conv2d, perhaps a ReLU, and a MaxPool2d.
Tensor conv2d_max_pool2d(const Tensor& x, const Tensor& weight, const Tensor& bias = {}, IntArrayRef stride = 1,
                         IntArrayRef padding = 0, IntArrayRef dilation = 1, int64_t groups = 1, bool relu = false);

/// The transpose of conv2d as a linear map: y[n, o, i s + u d - p, j s + v d - p] is the sum over c, u, v of
/// w[c, o, u, v] x[n, c, i, j], plus b[o], with x [N, C, H, W] (or [C, H, W]), w [C, O / groups, kh, kw], b [O], and y
/// of the size (H - 1) s - 2 p + d (kh - 1) + output_padding + 1. gx = conv2d(g, w), gw = conv_weight(g, x).
/// https://pytorch.org/docs/stable/generated/torch.nn.functional.conv_transpose2d.html
Tensor conv_transpose2d(const Tensor& x, const Tensor& weight, const Tensor& bias = {}, IntArrayRef stride = 1,
                        IntArrayRef padding = 0, IntArrayRef output_padding = 0, int64_t groups = 1,
                        IntArrayRef dilation = 1);
/// The same over one dimension: x [N, C, L] (or [C, L]), w [C, O / groups, k].
Tensor conv_transpose1d(const Tensor& x, const Tensor& weight, const Tensor& bias = {}, IntArrayRef stride = 1,
                        IntArrayRef padding = 0, IntArrayRef output_padding = 0, int64_t groups = 1,
                        IntArrayRef dilation = 1);
/// The same over three dimensions: x [N, C, D, H, W] (or [C, D, H, W]), w [C, O / groups, kd, kh, kw].
Tensor conv_transpose3d(const Tensor& x, const Tensor& weight, const Tensor& bias = {}, IntArrayRef stride = 1,
                        IntArrayRef padding = 0, IntArrayRef output_padding = 0, int64_t groups = 1,
                        IntArrayRef dilation = 1);

/// Any of the above; the weight's dimensions say how many. `output_padding` counts only if `transposed`.
Tensor convolution(const Tensor& x, const Tensor& weight, const Tensor& bias, IntArrayRef stride, IntArrayRef padding,
                   IntArrayRef dilation, bool transposed, IntArrayRef output_padding, int64_t groups);

/// The convolution with a geometry of its own; x [N, C, ...] with one to three dimensions behind the channels.
Tensor conv_forward(const Tensor& x, const Tensor& weight, const Tensor& bias, const ConvGeometry& geometry);
/// The gradient of a convolution's input: from g [N, O, ...] to `sizes` [N, C, ...]. Linear in g and in w; plus bias[C]
/// if that is defined.
Tensor conv_input(const Tensor& g, const Tensor& weight, const Tensor& bias, IntArrayRef sizes,
                  const ConvGeometry& geometry);
/// The gradient of a convolution's weight, of `sizes` [O, C / groups, ...]. Linear in x and in g.
Tensor conv_weight(const Tensor& x, const Tensor& g, IntArrayRef sizes, const ConvGeometry& geometry);

}  // namespace gradus
