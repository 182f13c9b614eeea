// Between 16-bit floats and float32, n consecutive numbers at a time, by the processor's own instructions where it has
// them. The bits are those of Half and BFloat16 on every instruction set.
#pragma once
#include <cstdint>

#include "gradus/tensor/half.h"

namespace gradus::kernels {

/// y[i] = x[i], exactly.
void widen(const Half* x, float* y, int64_t n);
void widen(const BFloat16* x, float* y, int64_t n);
/// y[i] = x[i] rounded to nearest, ties to even.
void narrow(const float* x, Half* y, int64_t n);
void narrow(const float* x, BFloat16* y, int64_t n);

}  // namespace gradus::kernels
