// TensorImpl: what a Tensor handle points to. Sizes and strides on a storage, and perhaps a gradient record.
#pragma once
#include "gradus/tensor/dtype.h"
#include "gradus/tensor/shape.h"
#include "gradus/tensor/storage.h"

namespace gradus {

/// What autograd/ hangs on a tensor (autograd/node.h); tensor/ knows only that it may exist.
class GradRecord : public Counted {
 public:
  virtual ~GradRecord() = default;
  static void destroy(GradRecord* r) { r->die(); }
  /// The leaf that it belongs to is about to go.
  virtual void owner_dies() {}

 private:
  virtual void die() { delete this; }
};

class TensorImpl : public Counted {
 public:
  TensorImpl(Intrusive<Storage> storage, ScalarType dtype, Sizes sizes, Sizes strides, int64_t offset)
      : dtype(dtype),
        storage(std::move(storage)),
        sizes(std::move(sizes)),
        strides(std::move(strides)),
        offset(offset) {
    refresh();
  }
  /// On fresh memory for `extent` elements. A small tensor is one block: storage, impl and elements.
  static Intrusive<TensorImpl> create(ScalarType dtype, const Sizes& sizes, const Sizes& strides, int64_t extent);
  /// As `create`, of a shape whose strides, number of elements and contiguity are those of `like`.
  static Intrusive<TensorImpl> create_like(ScalarType dtype, const TensorImpl& like);
  static void destroy(TensorImpl* impl);

  /// Recomputes what follows from sizes and strides.
  void refresh() {
    numel = count_elements(sizes);
    contiguous = gradus::is_contiguous(sizes, strides);
  }
  /// requires_grad, or a view of a tensor that an in-place change has made part of a graph.
  bool needs_grad() const { return requires_grad || (base && !made_without_grad && base->requires_grad); }
  char* data() const {
    return static_cast<char*>(storage->data()) + offset * static_cast<int64_t>(element_size(dtype));
  }
  /// From now on the elements of another storage.
  void set_storage(Intrusive<Storage> s) {
    if (in_block && !block) block = storage;
    storage = std::move(s);
  }

  ScalarType dtype;
  bool contiguous = true;
  bool requires_grad = false;      // a leaf that asks for it, or the result of a recorded operation
  bool silent = false;             // made by data(): its in-place changes are not counted
  bool made_without_grad = false;  // a view made while recording was off
  bool leaf = true;                // autograd's: not the result of a recorded operation
  bool in_block = false;           // lies in its storage's block
  Intrusive<Storage> storage;
  Sizes sizes, strides;
  int64_t offset = 0;  // in elements
  int64_t numel = 0;
  Intrusive<TensorImpl> base;  // of a view: the tensor that owns the elements
  Intrusive<GradRecord> node;  // autograd's: what made the tensor, or for a leaf gathers its gradient
  Intrusive<GradRecord> slot;  // autograd's: where .grad lives, if anywhere
  uint32_t output_nr = 0;      // autograd's: which output of `node`
  uint32_t node_version = 0;   // autograd's, of a view: the storage's version when `node` was right

 private:
  TensorImpl(Intrusive<Storage> storage, const TensorImpl& like, ScalarType dtype)
      : dtype(dtype),
        contiguous(like.contiguous),
        storage(std::move(storage)),
        sizes(like.sizes),
        strides(like.strides),
        numel(like.numel) {}
  template <class... A>
  static Intrusive<TensorImpl> in_fresh_memory(size_t bytes, const A&... a);

  Intrusive<Storage> block;  // the storage in whose block it lies, where `storage` is no longer that one
};

}  // namespace gradus
