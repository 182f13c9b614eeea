// Tensors as text, exactly as LibTorch's streams write them.
#pragma once
#include <iosfwd>

#include "gradus/tensor/tensor.h"

namespace gradus {

/// Writes t in lines of `linesize` characters: the elements, by columns where a row is longer, matrix by matrix above
/// two dimensions, all under a common scale, then the line `[ CPUFloatType{2,3} ]`. The stream's own settings
/// (precision, width, flags) neither matter nor change. `operator<<` writes lines of 80.
/// https://github.com/pytorch/pytorch/blob/main/aten/src/ATen/core/Formatting.cpp
std::ostream& print(std::ostream& out, const Tensor& t, int64_t linesize);
/// To the standard output.
void print(const Tensor& t, int64_t linesize = 80);

}  // namespace gradus
