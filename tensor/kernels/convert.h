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

/// The rows of a loop one after the other, from the one of element i on: where they begin, in bytes, in each operand.
class LoopRows {
 public:
  LoopRows(const LoopDims& dims, int operands, int64_t i) : dims_(dims), operands_(operands), at_(dims.sizes) {
    column = i % dims.sizes.back();
    i /= dims.sizes.back();
    for (size_t d = dims.sizes.size() - 1; d-- > 0; i /= dims.sizes[d]) {
      at_[d] = i % dims.sizes[d];
      for (int k = 0; k < operands; ++k) offset[k] += at_[d] * dims.strides[k][d];
    }
  }
  int64_t left() const { return dims_.sizes.back() - column; }
  /// To n elements further on in this row.
  void advance(int64_t n) {
    column += n;
    if (column < dims_.sizes.back()) return;
    column = 0;
    skip(1);
  }
  /// This row and so many after it begin at equal distances.
  int64_t regular() const {
    const size_t d = dims_.sizes.size();
    return d < 2 ? 1 : dims_.sizes[d - 2] - at_[d - 2];
  }
  int64_t distance(int operand) const { return dims_.strides[operand][dims_.sizes.size() - 2]; }
  /// Over n rows, at most the regular ones.
  void skip(int64_t n) {
    for (size_t d = dims_.sizes.size() - 1; d-- > 0; n = 1) {
      const bool wraps = (at_[d] += n) == dims_.sizes[d];
      for (int k = 0; k < operands_; ++k) offset[k] += dims_.strides[k][d] * (wraps ? n - dims_.sizes[d] : n);
      if (!wraps) return;
      at_[d] = 0;
    }
  }

  int64_t column;
  int64_t offset[6] = {};

 private:
  const LoopDims& dims_;
  int operands_;
  Sizes at_;
};

}  // namespace gradus::kernels
