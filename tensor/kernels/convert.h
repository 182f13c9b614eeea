// Element conversion between any two types, and copies between any two layouts.
#pragma once
#include "gradus/tensor/impl.h"

namespace gradus::kernels {

/// Converts n elements; steps are in bytes, 0 repeats one source element.
using ConvertFn = void (*)(const char* src, int64_t src_step, char* dst, int64_t dst_step, int64_t n);
ConvertFn converter(ScalarType from, ScalarType to);

/// dst = src, converted; src must expand to dst's shape. Overlapping memory is the caller's matter.
void copy(const TensorImpl& dst, const TensorImpl& src);

/// Dimensions of a loop over several operands: those of one element dropped, sorted by the first operand's strides,
/// neighbours merged where all operands allow it. Strides in bytes.
struct LoopDims {
  Sizes sizes;
  Sizes strides[6];
};
LoopDims merge_dims(IntArrayRef sizes, const Sizes* strides, int operands);

}  // namespace gradus::kernels
