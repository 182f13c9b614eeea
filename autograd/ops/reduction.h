// Reduction: what a loss makes of its elements. LibTorch's enum, at::Reduction.
#pragma once

namespace gradus::Reduction {

/// The elements themselves, their mean, their sum.
enum Reduction { None, Mean, Sum, END };

}  // namespace gradus::Reduction
