// Padding: tensors made larger at their edges.
#pragma once
#include <variant>
#include <vector>

#include "gradus/nn/enums.h"
#include "gradus/tensor/arg.h"
#include "gradus/tensor/tensor.h"

namespace gradus::nn::functional {

/// pad: how many elements before and after, from the last dimension backwards: {left, right, top, bottom}. Negative
/// numbers cut off (kConstant only).
struct PadFuncOptions {
  using mode_t = std::variant<enumtype::kConstant, enumtype::kReflect, enumtype::kReplicate, enumtype::kCircular>;
  PadFuncOptions(std::vector<int64_t> pad) : pad_(std::move(pad)) {}
  GRADUS_ARG(std::vector<int64_t>, pad);
  GRADUS_ARG(mode_t, mode) = kConstant;
  GRADUS_ARG(double, value) = 0;
};

/// x with `value` around it (kConstant), its mirror image without the edge (kReflect), its edge (kReplicate), or itself
/// once more (kCircular).  gx = g, elements that were copied several times summed.
Tensor pad(const Tensor& x, const PadFuncOptions& options);

}  // namespace gradus::nn::functional
