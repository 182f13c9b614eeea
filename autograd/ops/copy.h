// Copies, conversions and fills.
#pragma once
#include "gradus/tensor/tensor.h"

namespace gradus {

/// The same elements in new memory;  gx = g.
Tensor clone(const Tensor& x, std::optional<MemoryFormat> format = std::nullopt);
/// x cut out of the graph, on the same memory.
Tensor detach(const Tensor& x);

}  // namespace gradus
