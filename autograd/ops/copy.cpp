#include "gradus/autograd/ops/copy.h"

#include "gradus/autograd/pointwise.h"
#include "gradus/tensor/factories.h"
#include "gradus/tensor/kernels/convert.h"
#include "gradus/tensor/kernels/fill.h"

namespace gradus {
namespace {

Tensor& self(const Tensor& t) { return const_cast<Tensor&>(t); }

Tensor copied(const Tensor& x, Tensor y) {
  kernels::copy(*y.unsafeGetTensorImpl(), *x.unsafeGetTensorImpl());
  return y;
}

// Memory that both tensors show, so that a plain copy might read what it has already written.
bool may_overlap(const Tensor& a, const Tensor& b) {
  return a.is_alias_of(b) &&
         !(a.storage_offset() == b.storage_offset() && a.sizes() == b.sizes() && a.strides() == b.strides());
}

}  // namespace

Tensor clone(const Tensor& x, std::optional<MemoryFormat> format) {
  const bool plain = format == MemoryFormat::Contiguous;
  return record("clone", copied(x, plain ? empty(x.sizes(), x.scalar_type()) : empty_like(x)), {x},
                [](const Tensor& g, Node&) { return g; });
}

Tensor detach(const Tensor& x) { return x.detach(); }

Tensor Tensor::clone(std::optional<MemoryFormat> format) const { return gradus::clone(*this, format); }

Tensor Tensor::contiguous(MemoryFormat) const {
  return is_contiguous() ? *this : gradus::clone(*this, MemoryFormat::Contiguous);
}

Tensor Tensor::to(ScalarType dtype, bool, bool copy) const {
  if (dtype == scalar_type()) return copy ? clone() : *this;
  Tensor y = copied(*this, empty_like(*this, dtype));
  if (!is_floating(dtype)) return y;
  return record("to", std::move(y), {*this}, [](const Tensor& g, Node&) { return g; });
}

Tensor Tensor::to(const TensorOptions& o, bool non_blocking, bool copy) const {
  check(!o.requires_grad(), "to(options) expects unset requires_grad flag, but got options.requires_grad set as true");
  return to(o.dtype_opt().value_or(scalar_type()), non_blocking, copy);
}

Tensor Tensor::to(Device device, ScalarType dtype, bool non_blocking, bool copy) const {
  return to(TensorOptions().device(device).dtype(dtype), non_blocking, copy);
}

Tensor Tensor::to(const Tensor& like, bool non_blocking, bool copy) const {
  return to(like.scalar_type(), non_blocking, copy);
}

Tensor& Tensor::copy_(const Tensor& src, bool) const {
  check(src.defined(), "copy_: expected a tensor, but got an undefined one");
  check_in_place("copy_", *this);
  if (src.sizes() != sizes()) {
    const Sizes common = broadcast("copy_", sizes(), src.sizes());
    check(IntArrayRef(common) == sizes(), "copy_: output with shape ", sizes(), " doesn't match the broadcast shape ",
          common);
  }
  // The old content is forgotten: no gradient for it.
  auto node = prepare_in_place("copy", {*this, src}, [](const Tensor& g, Node& self) {
    return std::array<Tensor, 2>{self.needs(0) ? zeros_like(g) : Tensor(), g};
  });
  const Tensor from = may_overlap(*this, src) ? src.detach().clone() : src;
  kernels::copy(get(), *from.unsafeGetTensorImpl());
  finish_in_place(*this, node);
  return self(*this);
}

Tensor& Tensor::fill_(const Scalar& v) const {
  check_in_place("fill_", *this);
  auto node = prepare_in_place("fill", {*this}, [](const Tensor& g, Node&) { return zeros_like(g); });
  kernels::fill(get(), v);
  finish_in_place(*this, node);
  return self(*this);
}

Tensor& Tensor::fill_(const Tensor& v) const {
  check(v.dim() == 0, "fill_ only supports 0-dimension value tensor but got tensor with ", v.dim(), " dimensions.");
  return copy_(v);
}

Tensor& Tensor::zero_() const { return fill_(0); }

Tensor& Tensor::resize_(IntArrayRef sizes) const {
  TensorImpl& impl = get();
  check(!impl.requires_grad, "resize_: cannot resize variables that require grad");
  const int64_t n = count_elements(sizes);
  const size_t bytes = static_cast<size_t>(impl.offset + n) * gradus::element_size(impl.dtype);
  if (bytes > impl.storage->nbytes()) impl.storage->resize(bytes);
  impl.sizes = sizes;
  impl.strides = contiguous_strides(sizes);
  impl.refresh();
  changed(*this);
  return self(*this);
}

Tensor& Tensor::set_(const Intrusive<Storage>& source, int64_t storage_offset, IntArrayRef size,
                     IntArrayRef stride) const {
  TensorImpl& impl = get();
  check(!recording({*this}), "set_: the derivative for 'set_' is not implemented");
  check(static_cast<bool>(source), "set_: expected a storage, but got none");
  check(stride.empty() || stride.size() == size.size(), "set_: unequal size length (", size.size(),
        ") and stride length (", stride.size(), ")");
  check(storage_offset >= 0, "set_: Tensor: invalid storage offset ", storage_offset);
  const Sizes strides = stride.empty() ? contiguous_strides(size) : Sizes(stride);
  int64_t end = storage_offset + 1;
  for (size_t i = 0; i < size.size(); ++i) {
    check(strides[i] >= 0, "set_: strides must not be negative, got ", stride);
    end += (std::max<int64_t>(size[i], 1) - 1) * strides[i];
  }
  const auto bytes = static_cast<size_t>(end) * element_size();
  check(count_elements(size) == 0 || bytes <= source->nbytes(), "set_: sizes ", size, ", strides ", strides,
        ", storage offset ", storage_offset, " and itemsize ", element_size(), " require a storage size of ", bytes,
        ", but the storage has ", source->nbytes());
  const uint32_t before = impl.storage->version();
  set_data(Tensor(make_intrusive<TensorImpl>(source, impl.dtype, size, strides, storage_offset)));
  impl.base.reset();
  source->bump_past(before);  // who saved this tensor must not take the new elements for those it saw
  return self(*this);
}
Tensor& Tensor::set_(const Intrusive<Storage>& source) const {
  check(static_cast<bool>(source), "set_: expected a storage, but got none");
  return set_(source, 0, static_cast<int64_t>(source->nbytes() / element_size()));
}
Tensor& Tensor::set_(const Tensor& source, int64_t storage_offset, IntArrayRef size, IntArrayRef stride) const {
  check(source.defined(), "set_: expected a tensor, but got an undefined one");
  check(source.scalar_type() == scalar_type(), "set_: Could not set tensor of type ", source.scalar_type(),
        " to a tensor of type ", scalar_type());
  check(!recording({source}), "set_: the derivative for 'set_' is not implemented");
  return set_(Intrusive<Storage>(source.storage()), storage_offset, size, stride);
}
Tensor& Tensor::set_(const Tensor& source) const {
  check(source.defined(), "set_: expected a tensor, but got an undefined one");
  return set_(source, source.storage_offset(), source.sizes(), source.strides());
}
Tensor& Tensor::set_() const { return set_(gradus::empty({0}, scalar_type())); }

Tensor Tensor::new_empty(IntArrayRef sizes, const TensorOptions& o) const {
  return gradus::empty(sizes, o.dtype(o.dtype_opt().value_or(scalar_type())));
}
Tensor Tensor::new_zeros(IntArrayRef sizes, const TensorOptions& o) const {
  return gradus::zeros(sizes, o.dtype(o.dtype_opt().value_or(scalar_type())));
}
Tensor Tensor::new_ones(IntArrayRef sizes, const TensorOptions& o) const {
  return gradus::ones(sizes, o.dtype(o.dtype_opt().value_or(scalar_type())));
}
Tensor Tensor::new_full(IntArrayRef sizes, const Scalar& v, const TensorOptions& o) const {
  return gradus::full(sizes, v, o.dtype(o.dtype_opt().value_or(scalar_type())));
}

Tensor Tensor::new_empty_strided(IntArrayRef sizes, IntArrayRef strides, const TensorOptions& o) const {
  return gradus::empty_strided(sizes, strides, o.dtype(o.dtype_opt().value_or(scalar_type())));
}

Scalar Tensor::item() const {
  check(numel() == 1, "a Tensor with ", numel(), " elements cannot be converted to Scalar");
  return kernels::read(get());
}

bool Tensor::is_nonzero() const {
  check(numel() == 1, "Boolean value of Tensor with ", numel() == 0 ? "no values" : "more than one value",
        " is ambiguous");
  return item().toDouble() != 0;
}

}  // namespace gradus
