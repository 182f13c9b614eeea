// Reductions: many elements become one. Blocks are fixed by size and combined in a fixed order, so a result does not
// depend on the number of threads; sums cascade (lanes, blocks, chunks), so their error grows with the logarithm.
#pragma once
#include "gradus/tensor/tensor.h"

namespace gradus::kernels {

enum class Reduction { sum, sum_abs, sum_squares, prod, max, min };

/// out = the reduction of x over the dimensions that `kept` (of x's rank) has as 1, divided by `divide`. `out` is
/// contiguous, holds the elements of `kept`, and is float, double or int64, in which the reduction computes. max and
/// min propagate NaN; of no elements they are an error that the caller must have raised.
void reduce(Reduction r, const TensorImpl& out, const TensorImpl& x, IntArrayRef kept, double divide = 1);

/// Of x, contiguous, seen as [a, r, b]: the place (and value) of the first extreme along r, NaN being the most extreme.
/// `values` (of x's type) may be null. x is float, double or int64.
void arg_reduce(bool max, const TensorImpl* values, const TensorImpl& indices, const TensorImpl& x, int64_t a,
                int64_t r, int64_t b);

/// y = running sums of x along r; both contiguous, of one type (float, double, int64), seen as [a, r, b]. Floats
/// accumulate in double.
void cumsum(const TensorImpl& y, const TensorImpl& x, int64_t a, int64_t r, int64_t b);

/// True if a contiguous tensor of bools holds `value` anywhere.
bool contains(const TensorImpl& x, bool value);

}  // namespace gradus::kernels
