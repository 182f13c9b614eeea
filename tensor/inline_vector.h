// A vector whose first N elements live inside the object: most nodes have two inputs, most operations one output.
#pragma once
#include <cstddef>
#include <initializer_list>
#include <utility>

#include "gradus/tensor/allocator.h"

namespace gradus {

template <class T, size_t N>
class InlineVector {
 public:
  InlineVector() = default;
  InlineVector(std::initializer_list<T> l) : InlineVector() {
    reserve(l.size());
    for (const T& v : l) push_back(v);
  }
  InlineVector(const InlineVector& o) : InlineVector() {
    reserve(o.n_);
    for (const T& v : o) push_back(v);
  }
  InlineVector(InlineVector&& o) noexcept { take(o); }
  InlineVector& operator=(InlineVector o) noexcept {
    clear();
    release();
    take(o);
    return *this;
  }
  ~InlineVector() {
    clear();
    release();
  }

  T* data() { return heap_ ? heap_ : reinterpret_cast<T*>(local_); }
  const T* data() const { return heap_ ? heap_ : reinterpret_cast<const T*>(local_); }
  size_t size() const { return n_; }
  bool empty() const { return n_ == 0; }
  T* begin() { return data(); }
  T* end() { return data() + n_; }
  const T* begin() const { return data(); }
  const T* end() const { return data() + n_; }
  T& operator[](size_t i) { return data()[i]; }
  const T& operator[](size_t i) const { return data()[i]; }
  T& back() { return data()[n_ - 1]; }

  void push_back(T v) {
    if (n_ == capacity_) reserve(2 * capacity_);
    new (data() + n_) T(std::move(v));
    ++n_;
  }
  void pop_back() { data()[--n_].~T(); }
  void resize(size_t n) {
    reserve(n);
    while (n_ > n) pop_back();
    while (n_ < n) new (data() + n_++) T();
  }
  void clear() {
    while (n_ > 0) pop_back();
  }
  void reserve(size_t n) {
    if (n <= capacity_) return;
    T* p = static_cast<T*>(allocate(n * sizeof(T)));
    for (size_t i = 0; i < n_; ++i) {
      new (p + i) T(std::move(data()[i]));
      data()[i].~T();
    }
    release();
    heap_ = p;
    capacity_ = n;
  }

 private:
  void release() {
    if (heap_) deallocate(heap_, capacity_ * sizeof(T));
    heap_ = nullptr;
    capacity_ = N;
  }
  void take(InlineVector& o) {
    if (o.heap_) {
      heap_ = std::exchange(o.heap_, nullptr);
      capacity_ = std::exchange(o.capacity_, N);
      n_ = std::exchange(o.n_, 0);
      return;
    }
    for (T& v : o) push_back(std::move(v));
    o.clear();
  }

  T* heap_ = nullptr;
  size_t n_ = 0, capacity_ = N;
  alignas(T) unsigned char local_[N * sizeof(T)];
};

}  // namespace gradus
