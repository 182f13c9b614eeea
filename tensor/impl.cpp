#include "gradus/tensor/impl.h"

#include <new>

namespace gradus {
namespace {

constexpr size_t small = 1024;  // elements up to here share a block with their tensor: it may outlive them little

}  // namespace

template <class... A>
Intrusive<TensorImpl> TensorImpl::in_fresh_memory(size_t bytes, const A&... a) {
  if (bytes > small) return Intrusive<TensorImpl>::fresh(new TensorImpl(Storage::create(bytes), a...));
  Intrusive<Storage> storage = Storage::create(bytes, sizeof(TensorImpl));
  void* at = storage->room();
  auto* impl = ::new (at) TensorImpl(std::move(storage), a...);
  impl->in_block = true;
  return Intrusive<TensorImpl>::fresh(impl);
}

Intrusive<TensorImpl> TensorImpl::create(ScalarType dtype, const Sizes& sizes, const Sizes& strides, int64_t extent) {
  return in_fresh_memory(static_cast<size_t>(extent) * element_size(dtype), dtype, sizes, strides, 0);
}

Intrusive<TensorImpl> TensorImpl::create_like(ScalarType dtype, const TensorImpl& like) {
  return in_fresh_memory(static_cast<size_t>(like.numel) * element_size(dtype), like, dtype);
}

void TensorImpl::destroy(TensorImpl* impl) {
  if (impl->node && impl->leaf) impl->node->owner_dies();
  if (!impl->in_block) {
    delete impl;
    return;
  }
  // The block goes last, for the tensor lies in it.
  const Intrusive<Storage> last = std::move(impl->block ? impl->block : impl->storage);
  impl->~TensorImpl();
}

}  // namespace gradus
