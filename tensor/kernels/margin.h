// The loss of rows in which several classes are right: multilabel_margin_loss.
#pragma once
#include "gradus/tensor/tensor.h"

namespace gradus::kernels {

/// target, int64 [n, c] contiguous, names the right classes of each row up to its first -1. Throws IndexError, with the
/// name of the operation, for one outside of [-1, c).
void check_label_rows(const char* op, const Tensor& target);
/// sum max(1 - x[j] + x[k], 0) / c over the right classes j, as often as they are named, and the wrong ones k of each
/// row; x [n, c] contiguous.
Tensor multilabel_margin(const Tensor& x, const Tensor& target);
/// Its derivative by each element of x: [n, c].
Tensor multilabel_margin_slopes(const Tensor& x, const Tensor& target);

}  // namespace gradus::kernels
