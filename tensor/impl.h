// TensorImpl: what a Tensor handle points to. Sizes and strides on a storage, and perhaps a gradient record.
#pragma once
#include "gradus/tensor/dtype.h"
#include "gradus/tensor/shape.h"
#include "gradus/tensor/storage.h"

namespace gradus {

/// What autograd/ hangs on a tensor (autograd/record.h); tensor/ knows only that it may exist.
class GradRecord : public Counted {
 public:
  virtual ~GradRecord() = default;
};

class TensorImpl : public Counted {
 public:
  TensorImpl(Intrusive<Storage> storage, ScalarType dtype, Sizes sizes, Sizes strides, int64_t offset)
      : storage(std::move(storage)),
        sizes(std::move(sizes)),
        strides(std::move(strides)),
        offset(offset),
        dtype(dtype) {
    refresh();
  }
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

  Intrusive<Storage> storage;
  Sizes sizes, strides;
  int64_t offset = 0;  // in elements
  int64_t numel = 0;
  ScalarType dtype;
  bool contiguous = true;
  bool requires_grad = false;      // a leaf that asks for it, or the result of a recorded operation
  bool silent = false;             // made by data(): its in-place changes are not counted
  bool made_without_grad = false;  // a view made while recording was off
  Intrusive<TensorImpl> base;      // of a view: the tensor that owns the elements
  Intrusive<GradRecord> grad;      // autograd's record
};

}  // namespace gradus
