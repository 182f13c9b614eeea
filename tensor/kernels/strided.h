// Loops over layouts that may overlap themselves, where order matters and threads do not.
#pragma once
#include "gradus/tensor/impl.h"

namespace gradus::kernels {

/// dst += src, element by element; elements of dst that share memory receive every contribution. Same sizes and type.
void add_strided(const TensorImpl& dst, const TensorImpl& src);

}  // namespace gradus::kernels
