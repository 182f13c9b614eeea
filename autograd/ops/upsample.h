// Resizing: [N, C, L], [N, C, H, W] or [N, C, D, H, W] to other sizes behind the channels. Each element of the result
// is a weighted sum of elements of x, whose weights are products of one factor a dimension.  gx = g summed back with
// the same weights. `scales` are the factors that the caller asked for: where one is given, places are computed with
// it, and with the quotient of the sizes else.
// https://pytorch.org/docs/stable/generated/torch.nn.functional.interpolate.html
#pragma once
#include "gradus/tensor/tensor.h"

namespace gradus {

using OptionalScale = std::optional<double>;

/// The element at floor(i / scale).
Tensor upsample_nearest1d(const Tensor& x, IntArrayRef output_size, OptionalScale scales = std::nullopt);
Tensor upsample_nearest2d(const Tensor& x, IntArrayRef output_size, OptionalScale scales_h = std::nullopt,
                          OptionalScale scales_w = std::nullopt);
Tensor upsample_nearest3d(const Tensor& x, IntArrayRef output_size, OptionalScale scales_d = std::nullopt,
                          OptionalScale scales_h = std::nullopt, OptionalScale scales_w = std::nullopt);
/// The element at floor((i + 1/2) / scale): the nearest to the middle of element i.
Tensor _upsample_nearest_exact1d(const Tensor& x, IntArrayRef output_size, OptionalScale scales = std::nullopt);
Tensor _upsample_nearest_exact2d(const Tensor& x, IntArrayRef output_size, OptionalScale scales_h = std::nullopt,
                                 OptionalScale scales_w = std::nullopt);
Tensor _upsample_nearest_exact3d(const Tensor& x, IntArrayRef output_size, OptionalScale scales_d = std::nullopt,
                                 OptionalScale scales_h = std::nullopt, OptionalScale scales_w = std::nullopt);
/// Straight lines between the elements. align_corners puts the outermost elements of x and of the result at one place;
/// else elements are squares whose outer edges are.
Tensor upsample_linear1d(const Tensor& x, IntArrayRef output_size, bool align_corners,
                         OptionalScale scales = std::nullopt);
Tensor upsample_bilinear2d(const Tensor& x, IntArrayRef output_size, bool align_corners,
                           OptionalScale scales_h = std::nullopt, OptionalScale scales_w = std::nullopt);
Tensor upsample_trilinear3d(const Tensor& x, IntArrayRef output_size, bool align_corners,
                            OptionalScale scales_d = std::nullopt, OptionalScale scales_h = std::nullopt,
                            OptionalScale scales_w = std::nullopt);
/// Cubic convolution over four elements a dimension, with a = -3/4 (R. Keys, 1981).
Tensor upsample_bicubic2d(const Tensor& x, IntArrayRef output_size, bool align_corners,
                          OptionalScale scales_h = std::nullopt, OptionalScale scales_w = std::nullopt);
/// With windows that grow as the picture shrinks, as PIL has them: nothing of x is skipped. Cubic with a = -1/2.
Tensor _upsample_bilinear2d_aa(const Tensor& x, IntArrayRef output_size, bool align_corners,
                               OptionalScale scales_h = std::nullopt, OptionalScale scales_w = std::nullopt);
Tensor _upsample_bicubic2d_aa(const Tensor& x, IntArrayRef output_size, bool align_corners,
                              OptionalScale scales_h = std::nullopt, OptionalScale scales_w = std::nullopt);

}  // namespace gradus
