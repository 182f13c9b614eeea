// In-place changes: where they may be, and how they are counted.
#pragma once
#include "gradus/tensor/tensor.h"

namespace gradus {

/// Throws where an in-place change may not be: a leaf that requires grad, a view of one, an expanded tensor.
void check_in_place(const char* op, const Tensor& x);
/// After x was changed: counts the change. Call `rebase` too when the operation is recorded.
void changed(const Tensor& x);

}  // namespace gradus
