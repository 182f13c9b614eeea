#include "gradus/autograd/ops/reduce.h"

#include "gradus/autograd/ops/shape.h"
#include "gradus/autograd/record.h"
#include "gradus/tensor/factories.h"
#include "gradus/tensor/kernels/strided.h"

namespace gradus {

Tensor sum(const Tensor& x, OptionalIntArrayRef dim, bool keepdim, std::optional<ScalarType>) {
  std::vector<bool> gone(x.sizes().size(), !dim.has_value() || (*dim).empty());
  if (dim)
    for (int64_t d : *dim) gone[static_cast<size_t>(wrap_dim(d, x.dim()))] = true;
  Sizes kept, strides, final_sizes;
  int64_t step = 1;
  for (size_t i = 0; i < gone.size(); ++i) kept.push_back(gone[i] ? 1 : x.sizes()[i]);
  strides = contiguous_strides(kept);
  for (size_t i = 0; i < gone.size(); ++i) {
    if (gone[i]) strides[i] = 0;
    if (!gone[i] || keepdim) final_sizes.push_back(kept[i]);
    step *= kept[i];
  }
  Tensor y = zeros(final_sizes, x.scalar_type());
  kernels::add_strided(TensorImpl(y.storage(), y.scalar_type(), x.sizes(), strides, 0), *x.unsafeGetTensorImpl());
  return record("sum", y, {x},
                [kept, from = Sizes(x.sizes())](const Tensor& g, Node&) { return expand(reshape(g, kept), from); });
}
Tensor Tensor::sum(std::optional<ScalarType> dtype) const {
  return gradus::sum(*this, OptionalIntArrayRef(), false, dtype);
}
Tensor Tensor::sum(OptionalIntArrayRef dim, bool keepdim, std::optional<ScalarType> dtype) const {
  return gradus::sum(*this, dim, keepdim, dtype);
}

}  // namespace gradus
