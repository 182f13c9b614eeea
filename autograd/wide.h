// 16-bit floats in operations that are made of others: computed in float32, so that the result is rounded once.
#pragma once
#include <optional>

#include "gradus/tensor/tensor.h"

namespace gradus {

/// t as float32, part of the graph, if it is a 16-bit float; else t itself.
inline Tensor wide(const Tensor& t) { return t.defined() && is_float16(t.scalar_type()) ? t.to(kFloat) : t; }
inline std::optional<Tensor> wide(const std::optional<Tensor>& t) { return t ? std::optional(wide(*t)) : t; }

}  // namespace gradus
