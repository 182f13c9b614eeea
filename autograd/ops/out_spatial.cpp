// Convolved, pooled, padded and resized images with an `out` argument.
#include "gradus/autograd/ops/out.h"
#include "gradus/autograd/overwrite.h"

namespace gradus {

Tensor& convolution_out(Tensor& out, const Tensor& x, const Tensor& weight, const Tensor& bias, IntArrayRef stride,
                        IntArrayRef padding, IntArrayRef dilation, bool transposed, IntArrayRef output_padding,
                        int64_t groups) {
  return detail::same_type_out("convolution", out, {x, weight, bias}, [&] {
    return convolution(x, weight, bias, stride, padding, dilation, transposed, output_padding, groups);
  });
}
std::tuple<Tensor&, Tensor&> max_pool2d_with_indices_out(Tensor& values, Tensor& indices, const Tensor& x,
                                                         IntArrayRef kernel_size, IntArrayRef stride,
                                                         IntArrayRef padding, IntArrayRef dilation, bool ceil_mode) {
  return detail::several_out("max_pool2d_with_indices", std::tie(values, indices), {x}, [&] {
    return max_pool2d_with_indices(x, kernel_size, stride, padding, dilation, ceil_mode);
  });
}
std::tuple<Tensor&, Tensor&> max_pool3d_with_indices_out(Tensor& values, Tensor& indices, const Tensor& x,
                                                         IntArrayRef kernel_size, IntArrayRef stride,
                                                         IntArrayRef padding, IntArrayRef dilation, bool ceil_mode) {
  return detail::several_out("max_pool3d_with_indices", std::tie(values, indices), {x}, [&] {
    return max_pool3d_with_indices(x, kernel_size, stride, padding, dilation, ceil_mode);
  });
}
std::tuple<Tensor&, Tensor&> adaptive_max_pool2d_out(Tensor& values, Tensor& indices, const Tensor& x,
                                                     IntArrayRef output_size) {
  return detail::several_out("adaptive_max_pool2d", std::tie(values, indices), {x},
                             [&] { return adaptive_max_pool2d(x, output_size); });
}
std::tuple<Tensor&, Tensor&> adaptive_max_pool3d_out(Tensor& values, Tensor& indices, const Tensor& x,
                                                     IntArrayRef output_size) {
  return detail::several_out("adaptive_max_pool3d", std::tie(values, indices), {x},
                             [&] { return adaptive_max_pool3d(x, output_size); });
}
std::tuple<Tensor&, Tensor&> fractional_max_pool2d_out(Tensor& values, Tensor& indices, const Tensor& x,
                                                       IntArrayRef kernel_size, IntArrayRef output_size,
                                                       const Tensor& random_samples) {
  return detail::several_out("fractional_max_pool2d", std::tie(values, indices), {x, random_samples},
                             [&] { return fractional_max_pool2d(x, kernel_size, output_size, random_samples); });
}
std::tuple<Tensor&, Tensor&> fractional_max_pool3d_out(Tensor& values, Tensor& indices, const Tensor& x,
                                                       IntArrayRef kernel_size, IntArrayRef output_size,
                                                       const Tensor& random_samples) {
  return detail::several_out("fractional_max_pool3d", std::tie(values, indices), {x, random_samples},
                             [&] { return fractional_max_pool3d(x, kernel_size, output_size, random_samples); });
}
Tensor& avg_pool1d_out(Tensor& out, const Tensor& x, IntArrayRef kernel_size, IntArrayRef stride, IntArrayRef padding,
                       bool ceil_mode, bool count_include_pad) {
  return detail::same_type_out("avg_pool1d", out, {x}, [&] {
    return avg_pool1d(x, kernel_size, stride, padding, ceil_mode, count_include_pad);
  });
}
Tensor& avg_pool2d_out(Tensor& out, const Tensor& x, IntArrayRef kernel_size, IntArrayRef stride, IntArrayRef padding,
                       bool ceil_mode, bool count_include_pad, std::optional<int64_t> divisor_override) {
  return detail::same_type_out("avg_pool2d", out, {x}, [&] {
    return avg_pool2d(x, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override);
  });
}
Tensor& avg_pool3d_out(Tensor& out, const Tensor& x, IntArrayRef kernel_size, IntArrayRef stride, IntArrayRef padding,
                       bool ceil_mode, bool count_include_pad, std::optional<int64_t> divisor_override) {
  return detail::same_type_out("avg_pool3d", out, {x}, [&] {
    return avg_pool3d(x, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override);
  });
}
Tensor& adaptive_avg_pool1d_out(Tensor& out, const Tensor& x, IntArrayRef output_size) {
  return detail::same_type_out("adaptive_avg_pool1d", out, {x}, [&] { return adaptive_avg_pool1d(x, output_size); });
}
Tensor& adaptive_avg_pool2d_out(Tensor& out, const Tensor& x, IntArrayRef output_size) {
  return detail::same_type_out("adaptive_avg_pool2d", out, {x}, [&] { return adaptive_avg_pool2d(x, output_size); });
}
Tensor& adaptive_avg_pool3d_out(Tensor& out, const Tensor& x, IntArrayRef output_size) {
  return detail::same_type_out("adaptive_avg_pool3d", out, {x}, [&] { return adaptive_avg_pool3d(x, output_size); });
}
Tensor& max_unpool2d_out(Tensor& out, const Tensor& x, const Tensor& indices, IntArrayRef output_size) {
  return detail::same_type_out("max_unpool2d", out, {x, indices},
                               [&] { return max_unpool2d(x, indices, output_size); });
}
Tensor& max_unpool3d_out(Tensor& out, const Tensor& x, const Tensor& indices, IntArrayRef output_size,
                         IntArrayRef stride, IntArrayRef padding) {
  return detail::same_type_out("max_unpool3d", out, {x, indices},
                               [&] { return max_unpool3d(x, indices, output_size, stride, padding); });
}
Tensor& reflection_pad2d_out(Tensor& out, const Tensor& x, IntArrayRef padding) {
  return detail::same_type_out("reflection_pad2d", out, {x}, [&] { return reflection_pad2d(x, padding); });
}
Tensor& reflection_pad3d_out(Tensor& out, const Tensor& x, IntArrayRef padding) {
  return detail::same_type_out("reflection_pad3d", out, {x}, [&] { return reflection_pad3d(x, padding); });
}
Tensor& replication_pad1d_out(Tensor& out, const Tensor& x, IntArrayRef padding) {
  return detail::same_type_out("replication_pad1d", out, {x}, [&] { return replication_pad1d(x, padding); });
}
Tensor& replication_pad2d_out(Tensor& out, const Tensor& x, IntArrayRef padding) {
  return detail::same_type_out("replication_pad2d", out, {x}, [&] { return replication_pad2d(x, padding); });
}
Tensor& replication_pad3d_out(Tensor& out, const Tensor& x, IntArrayRef padding) {
  return detail::same_type_out("replication_pad3d", out, {x}, [&] { return replication_pad3d(x, padding); });
}
Tensor& upsample_nearest1d_out(Tensor& out, const Tensor& x, IntArrayRef output_size, OptionalScale scales) {
  return detail::same_type_out("upsample_nearest1d", out, {x},
                               [&] { return upsample_nearest1d(x, output_size, scales); });
}
Tensor& upsample_nearest2d_out(Tensor& out, const Tensor& x, IntArrayRef output_size, OptionalScale scales_h,
                               OptionalScale scales_w) {
  return detail::same_type_out("upsample_nearest2d", out, {x},
                               [&] { return upsample_nearest2d(x, output_size, scales_h, scales_w); });
}
Tensor& upsample_nearest3d_out(Tensor& out, const Tensor& x, IntArrayRef output_size, OptionalScale scales_d,
                               OptionalScale scales_h, OptionalScale scales_w) {
  return detail::same_type_out("upsample_nearest3d", out, {x},
                               [&] { return upsample_nearest3d(x, output_size, scales_d, scales_h, scales_w); });
}
Tensor& _upsample_nearest_exact1d_out(Tensor& out, const Tensor& x, IntArrayRef output_size, OptionalScale scales) {
  return detail::same_type_out("_upsample_nearest_exact1d", out, {x},
                               [&] { return _upsample_nearest_exact1d(x, output_size, scales); });
}
Tensor& _upsample_nearest_exact2d_out(Tensor& out, const Tensor& x, IntArrayRef output_size, OptionalScale scales_h,
                                      OptionalScale scales_w) {
  return detail::same_type_out("_upsample_nearest_exact2d", out, {x},
                               [&] { return _upsample_nearest_exact2d(x, output_size, scales_h, scales_w); });
}
Tensor& _upsample_nearest_exact3d_out(Tensor& out, const Tensor& x, IntArrayRef output_size, OptionalScale scales_d,
                                      OptionalScale scales_h, OptionalScale scales_w) {
  return detail::same_type_out("_upsample_nearest_exact3d", out, {x},
                               [&] { return _upsample_nearest_exact3d(x, output_size, scales_d, scales_h, scales_w); });
}
Tensor& upsample_linear1d_out(Tensor& out, const Tensor& x, IntArrayRef output_size, bool align_corners,
                              OptionalScale scales) {
  return detail::same_type_out("upsample_linear1d", out, {x},
                               [&] { return upsample_linear1d(x, output_size, align_corners, scales); });
}
Tensor& upsample_bilinear2d_out(Tensor& out, const Tensor& x, IntArrayRef output_size, bool align_corners,
                                OptionalScale scales_h, OptionalScale scales_w) {
  return detail::same_type_out("upsample_bilinear2d", out, {x},
                               [&] { return upsample_bilinear2d(x, output_size, align_corners, scales_h, scales_w); });
}
Tensor& upsample_trilinear3d_out(Tensor& out, const Tensor& x, IntArrayRef output_size, bool align_corners,
                                 OptionalScale scales_d, OptionalScale scales_h, OptionalScale scales_w) {
  return detail::same_type_out("upsample_trilinear3d", out, {x}, [&] {
    return upsample_trilinear3d(x, output_size, align_corners, scales_d, scales_h, scales_w);
  });
}
Tensor& upsample_bicubic2d_out(Tensor& out, const Tensor& x, IntArrayRef output_size, bool align_corners,
                               OptionalScale scales_h, OptionalScale scales_w) {
  return detail::same_type_out("upsample_bicubic2d", out, {x},
                               [&] { return upsample_bicubic2d(x, output_size, align_corners, scales_h, scales_w); });
}
Tensor& _upsample_bilinear2d_aa_out(Tensor& out, const Tensor& x, IntArrayRef output_size, bool align_corners,
                                    OptionalScale scales_h, OptionalScale scales_w) {
  return detail::same_type_out("_upsample_bilinear2d_aa", out, {x}, [&] {
    return _upsample_bilinear2d_aa(x, output_size, align_corners, scales_h, scales_w);
  });
}
Tensor& _upsample_bicubic2d_aa_out(Tensor& out, const Tensor& x, IntArrayRef output_size, bool align_corners,
                                   OptionalScale scales_h, OptionalScale scales_w) {
  return detail::same_type_out("_upsample_bicubic2d_aa", out, {x}, [&] {
    return _upsample_bicubic2d_aa(x, output_size, align_corners, scales_h, scales_w);
  });
}
Tensor& im2col_out(Tensor& out, const Tensor& x, IntArrayRef kernel_size, IntArrayRef dilation, IntArrayRef padding,
                   IntArrayRef stride) {
  return detail::same_type_out("im2col", out, {x}, [&] { return im2col(x, kernel_size, dilation, padding, stride); });
}
Tensor& col2im_out(Tensor& out, const Tensor& x, IntArrayRef output_size, IntArrayRef kernel_size, IntArrayRef dilation,
                   IntArrayRef padding, IntArrayRef stride) {
  return detail::same_type_out("col2im", out, {x},
                               [&] { return col2im(x, output_size, kernel_size, dilation, padding, stride); });
}
Tensor& pixel_shuffle_out(Tensor& out, const Tensor& x, int64_t upscale_factor) {
  return detail::same_type_out("pixel_shuffle", out, {x}, [&] { return pixel_shuffle(x, upscale_factor); });
}
Tensor& pixel_unshuffle_out(Tensor& out, const Tensor& x, int64_t downscale_factor) {
  return detail::same_type_out("pixel_unshuffle", out, {x}, [&] { return pixel_unshuffle(x, downscale_factor); });
}
Tensor& channel_shuffle_out(Tensor& out, const Tensor& x, int64_t groups) {
  return detail::same_type_out("channel_shuffle", out, {x}, [&] { return channel_shuffle(x, groups); });
}
Tensor& affine_grid_generator_out(Tensor& out, const Tensor& theta, IntArrayRef size, bool align_corners) {
  return detail::same_type_out("affine_grid_generator", out, {theta},
                               [&] { return affine_grid_generator(theta, size, align_corners); });
}

}  // namespace gradus
