// Windows laid out as columns, columns put back as windows, and channels rearranged as pixels. Linear all.
#pragma once
#include "gradus/tensor/tensor.h"

namespace gradus {

/// y[n, (c, u, v), (i, j)] = x[n, c, i s + u d - p, j s + v d - p], 0 outside of x, from [N, C, H, W] (or [C, H, W]) to
/// [N, C kh kw, windows].  gx = col2im(g). nn::functional::unfold calls it.
Tensor im2col(const Tensor& x, IntArrayRef kernel_size, IntArrayRef dilation = 1, IntArrayRef padding = 0,
              IntArrayRef stride = 1);
/// The transpose: columns [N, C kh kw, windows] (or without N) summed into [N, C, H, W], H x W the output_size.
/// gx = im2col(g). nn::functional::fold calls it.
Tensor col2im(const Tensor& x, IntArrayRef output_size, IntArrayRef kernel_size, IntArrayRef dilation = 1,
              IntArrayRef padding = 0, IntArrayRef stride = 1);

/// [..., C r r, H, W] to [..., C, H r, W r]: y[c, i r + u, j r + v] = x[(c, u, v), i, j].  "Real-Time Single Image and
/// Video Super-Resolution …", W. Shi et al., 2016.
Tensor pixel_shuffle(const Tensor& x, int64_t upscale_factor);
/// The inverse: [..., C, H r, W r] to [..., C r r, H, W].
Tensor pixel_unshuffle(const Tensor& x, int64_t downscale_factor);
/// [N, (groups, C / groups), ...] to [N, (C / groups, groups), ...].
Tensor channel_shuffle(const Tensor& x, int64_t groups);

}  // namespace gradus
