#include "gradus/tensor/literal.h"

#include <ostream>

#include "gradus/tensor/factories.h"
#include "gradus/tensor/kernels/fill.h"

namespace gradus {
namespace detail {

TensorDataContainer::TensorDataContainer(std::initializer_list<TensorDataContainer> list) {
  if (list.size() == 0) {
    sizes_.push_back(0);
    return;
  }
  const TensorDataContainer& first = *list.begin();
  sizes_.push_back(static_cast<int64_t>(list.size()));
  for (int64_t s : first.sizes_) sizes_.push_back(s);
  dtype_ = first.dtype_;
  for (const TensorDataContainer& c : list) {
    check(c.sizes_ == first.sizes_, "Expected all sub-lists to have sizes: ", first.sizes_, " (e.g. ", first,
          "), but got sub-list ", c, " with sizes: ", c.sizes_);
    check(c.dtype_ == first.dtype_, "Expected all elements of the tensor to have the same scalar type: ", first.dtype_,
          ", but got element of scalar type: ", c.dtype_);
    numbers_.insert(numbers_.end(), c.numbers_.begin(), c.numbers_.end());
  }
}

namespace {

void print(std::ostream& out, const TensorDataContainer& c, size_t depth, size_t& next) {
  if (depth == c.sizes().size()) {
    out << c.numbers()[next++];
    return;
  }
  out << "{";
  for (int64_t i = 0; i < c.sizes()[depth]; ++i) {
    if (i) out << ", ";
    print(out, c, depth + 1, next);
  }
  out << "}";
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const TensorDataContainer& c) {
  size_t next = 0;
  print(out, c, 0, next);
  return out;
}

}  // namespace detail

Tensor tensor(const detail::TensorDataContainer& data, const TensorOptions& o) {
  const ScalarType own = data.scalar_type() == ScalarType::Undefined ? default_dtype() : data.scalar_type();
  Tensor t = empty(data.sizes(), o.dtype(o.dtype_opt().value_or(own)).requires_grad(false));
  kernels::write(*t.unsafeGetTensorImpl(), data.numbers());
  return o.requires_grad() ? t.requires_grad_() : t;
}

}  // namespace gradus
