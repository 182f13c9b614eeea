// Working memory of a kernel: aligned, not initialized, given back at the end of the scope.
#pragma once
#include <cstddef>
#include <cstdint>
#include <new>

namespace gradus::kernels {

inline void* take_scratch(size_t bytes) { return ::operator new (bytes, std::align_val_t{64}); }
inline void give_scratch(void* p) noexcept { ::operator delete (p, std::align_val_t{64}); }

/// n elements of T, 64-byte aligned; none for n = 0.
template <class T>
class Scratch {
 public:
  Scratch() = default;
  explicit Scratch(int64_t n) : data_(n > 0 ? static_cast<T*>(take_scratch(static_cast<size_t>(n) * sizeof(T))) : 0) {}
  Scratch(Scratch&& o) noexcept : data_(o.data_) { o.data_ = nullptr; }
  Scratch& operator=(Scratch&& o) noexcept {
    T* mine = data_;
    data_ = o.data_;
    o.data_ = mine;
    return *this;
  }
  ~Scratch() {
    if (data_) give_scratch(data_);
  }
  T* get() const { return data_; }

 private:
  T* data_ = nullptr;
};

}  // namespace gradus::kernels
