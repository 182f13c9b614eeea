// Working memory of a kernel: aligned, not initialized, given back at the end of the scope.
#pragma once
#include <cstddef>
#include <cstdint>
#include <utility>

#include "gradus/tensor/allocator.h"

namespace gradus::kernels {

/// n elements of T, 64-byte aligned; none for n = 0.
template <class T>
class Scratch {
 public:
  Scratch() = default;
  explicit Scratch(int64_t n) : bytes_(n > 0 ? static_cast<size_t>(n) * sizeof(T) : 0) {
    if (bytes_) data_ = static_cast<T*>(allocate(bytes_));
  }
  Scratch(Scratch&& o) noexcept : data_(std::exchange(o.data_, nullptr)), bytes_(o.bytes_) {}
  Scratch& operator=(Scratch&& o) noexcept {
    std::swap(data_, o.data_);
    std::swap(bytes_, o.bytes_);
    return *this;
  }
  ~Scratch() {
    if (data_) deallocate(data_, bytes_);
  }
  T* get() const { return data_; }

 private:
  T* data_ = nullptr;
  size_t bytes_ = 0;
};

}  // namespace gradus::kernels
