// Sampling pictures and volumes at places given by a grid.
#pragma once
#include "gradus/tensor/tensor.h"

namespace gradus {

/// y[n, c, i, j] = x[n, c] at the place grid[n, i, j] = (x, y), from -1 (left, top) to 1, with x [N, C, H, W] and grid
/// [N, H', W', 2], or x [N, C, D, H, W] and grid [N, D', H', W', 3]. Between elements: interpolation_mode 0 is linear
/// in every dimension, 1 the nearest element, 2 cubic (two dimensions only). Outside: padding_mode 0 is zeros, 1 the
/// border, 2 the mirror image. align_corners says whether -1 and 1 are the middles of the outermost elements or their
/// outer edges. NaN in the grid counts as -1.  gx = g spread with the same weights, ggrid = g times their derivatives
/// (none for the nearest). "Spatial Transformer Networks", M. Jaderberg et al., 2015.
Tensor grid_sampler(const Tensor& x, const Tensor& grid, int64_t interpolation_mode, int64_t padding_mode,
                    bool align_corners);

/// The grid [N, H, W, 2] (or [N, D, H, W, 3]) of theta [N, 2, 3] (or [N, 3, 4]) times (x, y, 1), for a picture of
/// `size` [N, C, H, W].  gtheta = the sum of g (x, y, 1).
Tensor affine_grid_generator(const Tensor& theta, IntArrayRef size, bool align_corners);

}  // namespace gradus
