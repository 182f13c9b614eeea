// Pooling over windows of the last dimensions: [N, C, H, W] or [C, H, W]; in one dimension [N, C, L] or [C, L].
#pragma once
#include <tuple>

#include "gradus/tensor/tensor.h"

namespace gradus {

/// The greatest element of each window, and where it lies in its plane (i W + j, int64).  g goes to that element.
/// `stride` empty means the kernel's size; padding counts as -infinity.
/// https://pytorch.org/docs/stable/generated/torch.nn.functional.max_pool2d.html
std::tuple<Tensor, Tensor> max_pool2d_with_indices(const Tensor& x, IntArrayRef kernel_size, IntArrayRef stride = {},
                                                   IntArrayRef padding = 0, IntArrayRef dilation = 1,
                                                   bool ceil_mode = false);
Tensor max_pool2d(const Tensor& x, IntArrayRef kernel_size, IntArrayRef stride = {}, IntArrayRef padding = 0,
                  IntArrayRef dilation = 1, bool ceil_mode = false);
Tensor max_pool1d(const Tensor& x, IntArrayRef kernel_size, IntArrayRef stride = {}, IntArrayRef padding = 0,
                  IntArrayRef dilation = 1, bool ceil_mode = false);
/// The mean of each window; g is spread evenly over it. `divisor_override` divides instead of the number of elements.
/// https://pytorch.org/docs/stable/generated/torch.nn.functional.avg_pool2d.html
Tensor avg_pool2d(const Tensor& x, IntArrayRef kernel_size, IntArrayRef stride = {}, IntArrayRef padding = 0,
                  bool ceil_mode = false, bool count_include_pad = true,
                  std::optional<int64_t> divisor_override = std::nullopt);
/// Means over windows that cut H x W into `output_size` parts; -1 keeps a size.
/// https://pytorch.org/docs/stable/generated/torch.nn.functional.adaptive_avg_pool2d.html
Tensor adaptive_avg_pool2d(const Tensor& x, IntArrayRef output_size);

}  // namespace gradus
