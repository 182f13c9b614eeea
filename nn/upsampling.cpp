#include "gradus/nn/upsampling.h"

#include <algorithm>
#include <cmath>

#include "gradus/autograd/ops/grid_sample.h"
#include "gradus/autograd/ops/pool.h"
#include "gradus/autograd/ops/upsample.h"
#include "gradus/nn/layer_impl.h"

namespace gradus::nn {
namespace F = functional;
template class Layer<UpsampleImpl, UpsampleOptions>;

namespace {

using Options = F::InterpolateFuncOptions;

template <class E>
bool is(const Options& o) {
  return std::holds_alternative<E>(o.mode());
}

std::vector<int64_t> output_size(const Tensor& x, const Options& o) {
  const auto dims = static_cast<size_t>(x.dim() - 2);
  check(o.size() || o.scale_factor(), "either size or scale_factor should be defined");
  check(!o.size() || !o.scale_factor(), "only one of size or scale_factor should be defined");
  if (o.size()) {
    check(o.size()->size() == dims, "interpolate: size shape must match input shape. Input is ", dims, "D, size is ",
          IntArrayRef(*o.size()));
    return *o.size();
  }
  check(o.scale_factor()->size() == dims, "scale_factor shape must match input shape. Input is ", dims,
        "D, scale_factor size is ", ArrayRef<double>(*o.scale_factor()));
  std::vector<int64_t> size;
  for (size_t i = 0; i < dims; ++i)
    size.push_back(static_cast<int64_t>(
        std::floor(static_cast<double>(x.size(static_cast<int64_t>(i) + 2)) * (*o.scale_factor())[i])));
  return size;
}

// The factor for dimension i, where places are to be computed with it.
std::optional<double> scale(const Options& o, size_t i) {
  if (!o.scale_factor() || o.recompute_scale_factor().value_or(false)) return std::nullopt;
  return (*o.scale_factor())[i];
}

// Words of the modes that smooth, and the dimensions they are for.
struct Mode {
  const char* name;
  int64_t dim;
};
Mode smooth_mode(const Options& o) {
  if (is<enumtype::kLinear>(o)) return {"linear", 3};
  if (is<enumtype::kBilinear>(o)) return {"bilinear", 4};
  if (is<enumtype::kBicubic>(o)) return {"bicubic", 4};
  if (is<enumtype::kTrilinear>(o)) return {"trilinear", 5};
  return {nullptr, 0};
}

void check_options(const Tensor& x, const Options& o, const Mode& smooth) {
  const std::string mode = enumtype::get_enum_name(o.mode());
  check(smooth.name || !o.align_corners(),
        "align_corners option can only be set with the interpolating modes: linear | bilinear | bicubic | trilinear");
  check(x.dim() >= 3 && x.dim() <= 5, "Input Error: Only 3D, 4D and 5D input Tensors supported (got ", x.dim(),
        "D) for the modes: nearest | linear | bilinear | bicubic | trilinear (got ", mode, ")");
  check(!o.antialias() || (x.dim() == 4 && (is<enumtype::kBilinear>(o) || is<enumtype::kBicubic>(o))),
        "Anti-alias option is only supported for bilinear and bicubic modes");
  check(!smooth.name || x.dim() == smooth.dim, "Got ", x.dim(), "D input, but ", smooth.name, " mode needs ",
        smooth.dim, "D input");
}

Tensor pick(const Tensor& x, const Options& o, IntArrayRef size) {
  const bool exact = is<enumtype::kNearestExact>(o);
  if (x.dim() == 3)
    return exact ? _upsample_nearest_exact1d(x, size, scale(o, 0)) : upsample_nearest1d(x, size, scale(o, 0));
  if (x.dim() == 4)
    return exact ? _upsample_nearest_exact2d(x, size, scale(o, 0), scale(o, 1))
                 : upsample_nearest2d(x, size, scale(o, 0), scale(o, 1));
  return exact ? _upsample_nearest_exact3d(x, size, scale(o, 0), scale(o, 1), scale(o, 2))
               : upsample_nearest3d(x, size, scale(o, 0), scale(o, 1), scale(o, 2));
}

Tensor area(const Tensor& x, IntArrayRef size) {
  if (x.dim() == 3) return adaptive_avg_pool1d(x, size);
  return x.dim() == 4 ? adaptive_avg_pool2d(x, size) : adaptive_avg_pool3d(x, size);
}

Tensor smooth(const Tensor& x, const Options& o, IntArrayRef size) {
  const bool corners = o.align_corners().value_or(false);
  if (is<enumtype::kLinear>(o)) return upsample_linear1d(x, size, corners, scale(o, 0));
  if (is<enumtype::kTrilinear>(o)) return upsample_trilinear3d(x, size, corners, scale(o, 0), scale(o, 1), scale(o, 2));
  const auto resize = is<enumtype::kBicubic>(o) ? (o.antialias() ? _upsample_bicubic2d_aa : upsample_bicubic2d)
                                                : (o.antialias() ? _upsample_bilinear2d_aa : upsample_bilinear2d);
  return resize(x, size, corners, scale(o, 0), scale(o, 1));
}

}  // namespace

Tensor F::interpolate(const Tensor& x, const InterpolateFuncOptions& o) {
  check(x.defined(), "interpolate: expected a tensor, but got an undefined one");
  const Mode mode = smooth_mode(o);
  check_options(x, o, mode);
  const std::vector<int64_t> size = output_size(x, o);
  if (is<enumtype::kArea>(o)) return area(x, size);
  return mode.name ? smooth(x, o, size) : pick(x, o, size);
}

Tensor F::grid_sample(const Tensor& x, const Tensor& grid, const GridSampleFuncOptions& o) {
  return grid_sampler(x, grid, static_cast<int64_t>(o.mode().index()), static_cast<int64_t>(o.padding_mode().index()),
                      o.align_corners().value_or(false));
}

Tensor F::affine_grid(const Tensor& theta, const IntArrayRef& size, bool align_corners) {
  check(size.size() == 4 || size.size() == 5,
        "affine_grid only supports 4D and 5D sizes, for 2D and 3D affine transforms, respectively. Got size ", size);
  check(*std::min_element(size.begin(), size.end()) > 0, "Expected non-zero, positive output size. Got ", size);
  return affine_grid_generator(theta, size, align_corners);
}

Tensor UpsampleImpl::forward(const Tensor& x) {
  const auto mode = std::visit([](auto m) { return F::InterpolateFuncOptions::mode_t(m); }, options.mode());
  return F::interpolate(x, F::InterpolateFuncOptions()
                               .size(options.size())
                               .scale_factor(options.scale_factor())
                               .mode(mode)
                               .align_corners(options.align_corners()));
}

void UpsampleImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::Upsample(";
  if (options.scale_factor())
    stream << "scale_factor=" << ArrayRef<double>(*options.scale_factor());
  else if (options.size())
    stream << "size=" << IntArrayRef(*options.size());
  stream << ", mode=" << enumtype::get_enum_name(options.mode()) << ")";
}

}  // namespace gradus::nn
