// What the poolings check and compute of their arguments.
#pragma once
#include "gradus/tensor/kernels/pool_windows.h"
#include "gradus/tensor/tensor.h"

namespace gradus::detail {

/// The windows along one dimension, of `in` elements.
struct PoolAxis {
  int64_t in = 1, out = 1, kernel = 1, stride = 1, pad = 0, dilation = 1;
};

/// Axes 3 - dims ... 2 of the windows of `dims` dimensions; those before are left as they are.
struct PoolAxes {
  PoolAxis axis[3];
  int64_t planes = 0;
};

/// Checks everything; `op` begins the errors.
PoolAxes pool_axes(const char* op, int64_t dims, const Tensor& x, IntArrayRef kernel, IntArrayRef stride,
                   IntArrayRef padding, IntArrayRef dilation, bool ceil_mode);
/// Of these only in, out and planes are set. An output size of -1 keeps the input's.
PoolAxes adaptive_axes(const char* op, int64_t dims, const Tensor& x, IntArrayRef output_size);

/// x's sizes with those of the results in the last `dims` places.
Sizes pooled_sizes(const Tensor& x, int64_t dims, const PoolAxes& axes);

}  // namespace gradus::detail
