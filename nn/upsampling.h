// Resizing and sampling of pictures and volumes. Formulas: autograd/ops/upsample.h and grid_sample.h.
#pragma once
#include <optional>
#include <vector>

#include "gradus/nn/layer.h"

namespace gradus::nn {

/// One of size and scale_factor must be set: numbers for the dimensions behind the channels.
struct UpsampleOptions {
  using mode_t = std::variant<enumtype::kNearest, enumtype::kLinear, enumtype::kBilinear, enumtype::kBicubic,
                              enumtype::kTrilinear>;
  GRADUS_ARG(std::optional<std::vector<int64_t>>, size) = std::nullopt;
  GRADUS_ARG(std::optional<std::vector<double>>, scale_factor) = std::nullopt;
  GRADUS_ARG(mode_t, mode) = kNearest;
  GRADUS_ARG(std::optional<bool>, align_corners) = std::nullopt;
};

namespace functional {

/// recompute_scale_factor: places are computed from the sizes, not from scale_factor.
struct InterpolateFuncOptions {
  using mode_t = std::variant<enumtype::kNearest, enumtype::kLinear, enumtype::kBilinear, enumtype::kBicubic,
                              enumtype::kTrilinear, enumtype::kArea, enumtype::kNearestExact>;
  GRADUS_ARG(std::optional<std::vector<int64_t>>, size) = std::nullopt;
  GRADUS_ARG(std::optional<std::vector<double>>, scale_factor) = std::nullopt;
  GRADUS_ARG(mode_t, mode) = kNearest;
  GRADUS_ARG(std::optional<bool>, align_corners) = std::nullopt;
  GRADUS_ARG(std::optional<bool>, recompute_scale_factor) = std::nullopt;
  GRADUS_ARG(bool, antialias) = false;
};

struct GridSampleFuncOptions {
  using mode_t = std::variant<enumtype::kBilinear, enumtype::kNearest, enumtype::kBicubic>;
  using padding_mode_t = std::variant<enumtype::kZeros, enumtype::kBorder, enumtype::kReflection>;
  GRADUS_ARG(mode_t, mode) = kBilinear;
  GRADUS_ARG(padding_mode_t, padding_mode) = kZeros;
  GRADUS_ARG(std::optional<bool>, align_corners) = std::nullopt;
};

/// x [N, C, L], [N, C, H, W] or [N, C, D, H, W] at another size.
Tensor interpolate(const Tensor& x, const InterpolateFuncOptions& options = {});
Tensor grid_sample(const Tensor& x, const Tensor& grid, const GridSampleFuncOptions& options = {});
/// theta [N, 2, 3] and size [N, C, H, W], or [N, 3, 4] and [N, C, D, H, W].
Tensor affine_grid(const Tensor& theta, const IntArrayRef& size, bool align_corners = false);

}  // namespace functional

class UpsampleImpl : public Layer<UpsampleImpl, UpsampleOptions> {
 public:
  explicit UpsampleImpl(const UpsampleOptions& options = {}) : Layer(options) {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x);
};
GRADUS_MODULE(Upsample);

}  // namespace gradus::nn
