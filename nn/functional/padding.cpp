#include "gradus/nn/functional/padding.h"

#include "gradus/autograd/ops/pad.h"

namespace gradus::nn {

Tensor functional::pad(const Tensor& x, const PadFuncOptions& options) {
  const auto& mode = options.mode();
  const char* name = std::holds_alternative<enumtype::kReflect>(mode)     ? "reflect"
                     : std::holds_alternative<enumtype::kReplicate>(mode) ? "replicate"
                     : std::holds_alternative<enumtype::kCircular>(mode)  ? "circular"
                                                                          : "constant";
  return gradus::pad(x, IntArrayRef(options.pad()), name,
                     options.value() != 0 ? std::optional<double>(options.value()) : std::nullopt);
}

}  // namespace gradus::nn
