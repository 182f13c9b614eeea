// Sizes, strides and broadcasting: values, no data.
#pragma once
#include <algorithm>
#include <cstdint>
#include <cstring>

#include "gradus/tensor/array_ref.h"

namespace gradus {

/// A short list of int64: five stay inside the object, more go to the heap. The sizes or strides of a tensor.
class Sizes {
 public:
  static constexpr size_t inline_capacity = 5;

  Sizes() = default;
  Sizes(IntArrayRef a) { assign(a); }
  Sizes(std::initializer_list<int64_t> l) { assign(l); }
  Sizes(size_t n, int64_t value) {
    resize(n);
    std::fill(begin(), end(), value);
  }
  Sizes(const Sizes& o) { copy(o); }
  Sizes(Sizes&& o) noexcept { steal(o); }
  Sizes& operator=(const Sizes& o) {
    if (this != &o) copy(o);
    return *this;
  }
  Sizes& operator=(Sizes&& o) noexcept {
    if (this != &o) {
      if (on_heap()) delete[] heap_;
      steal(o);
    }
    return *this;
  }
  ~Sizes() {
    if (on_heap()) delete[] heap_;
  }

  size_t size() const { return n_; }
  bool empty() const { return n_ == 0; }
  int64_t* data() { return on_heap() ? heap_ : local_; }
  const int64_t* data() const { return on_heap() ? heap_ : local_; }
  int64_t* begin() { return data(); }
  int64_t* end() { return data() + n_; }
  const int64_t* begin() const { return data(); }
  const int64_t* end() const { return data() + n_; }
  int64_t& operator[](size_t i) { return data()[i]; }
  int64_t operator[](size_t i) const { return data()[i]; }
  int64_t& back() { return data()[n_ - 1]; }
  int64_t back() const { return data()[n_ - 1]; }

  void resize(size_t n) {
    if (n > capacity_) {
      auto* p = new int64_t[n];
      std::memcpy(p, data(), n_ * sizeof(int64_t));
      if (on_heap()) delete[] heap_;
      heap_ = p;
      capacity_ = static_cast<uint32_t>(n);
    }
    n_ = static_cast<uint32_t>(n);
  }
  void push_back(int64_t v) {
    resize(n_ + 1);
    back() = v;
  }
  void insert(size_t at, int64_t v) {
    resize(n_ + 1);
    std::copy_backward(begin() + at, end() - 1, end());
    (*this)[at] = v;
  }
  void erase(size_t at) {
    std::copy(begin() + at + 1, end(), begin() + at);
    --n_;
  }
  friend bool operator==(const Sizes& a, const Sizes& b) { return IntArrayRef(a).equals(b); }
  friend std::ostream& operator<<(std::ostream& out, const Sizes& s) { return out << IntArrayRef(s); }

 private:
  bool on_heap() const { return capacity_ > inline_capacity; }
  void assign(IntArrayRef a) {
    resize(a.size());
    std::copy(a.begin(), a.end(), data());
  }
  // The usual copy moves the inline room whole: a copy of fixed size is two instructions, one of n elements a call.
  void copy(const Sizes& o) {
    if (on_heap() || o.on_heap()) return assign(o);
    n_ = o.n_;
    std::memcpy(static_cast<void*>(local_), o.local_, sizeof local_);
  }
  void steal(Sizes& o) noexcept {
    n_ = o.n_;
    capacity_ = o.capacity_;
    std::memcpy(static_cast<void*>(local_), o.local_, sizeof local_);
    o.n_ = 0;
    o.capacity_ = inline_capacity;
  }

  uint32_t n_ = 0, capacity_ = inline_capacity;
  union {
    int64_t local_[inline_capacity] = {};
    int64_t* heap_;
  };
};

/// Product of the sizes; throws when it overflows or a size is negative.
int64_t count_elements(IntArrayRef sizes);
/// Row-major strides, in elements: {2, 3} -> {3, 1}.
Sizes contiguous_strides(IntArrayRef sizes);
bool is_contiguous(IntArrayRef sizes, IntArrayRef strides);
/// True if the elements fill a block of memory without gaps or overlap, in some order of the dimensions.
bool is_dense(IntArrayRef sizes, IntArrayRef strides);
/// The common shape of a and b; `name` is the operation in the error.
Sizes broadcast(const char* name, IntArrayRef a, IntArrayRef b);
/// Strides that read a tensor of `sizes`, `strides` as `out`: 0 where it is expanded. Shapes must broadcast.
Sizes broadcast_strides(IntArrayRef sizes, IntArrayRef strides, IntArrayRef out);
/// dim in [-rank, rank) -> [0, rank); a scalar has the one dimension 0. Throws PyTorch's IndexError.
int64_t wrap_dim(int64_t dim, int64_t rank);
/// Sizes with one -1 inferred so that the product is `elements`, as `view` and `reshape` take them.
Sizes infer_size(IntArrayRef sizes, int64_t elements);
/// Strides of a view of `sizes` on memory of (old_sizes, old_strides), or nothing if only a copy can have them.
std::optional<Sizes> view_strides(IntArrayRef old_sizes, IntArrayRef old_strides, IntArrayRef sizes);

}  // namespace gradus
