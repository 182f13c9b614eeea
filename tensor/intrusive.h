// Counted pointers for objects that carry their own count: one word wide, one allocation an object.
#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "gradus/tensor/allocator.h"

namespace gradus {

/// The count, and memory from gradus's allocator: creating a node or a handle must not touch malloc.
class Counted {
 public:
  Counted() = default;
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
  uint32_t use_count() const { return count_.load(std::memory_order_relaxed); }

  static void* operator new(size_t bytes) { return allocate(bytes); }
  static void operator delete(void* p, size_t bytes) { deallocate(p, bytes); }

 private:
  template <class T>
  friend class Intrusive;
  mutable std::atomic<uint32_t> count_{0};
};

/// Shared ownership of a T derived from Counted. T may override how it dies with `static void destroy(T*)`.
template <class T>
class Intrusive {
 public:
  Intrusive() = default;
  Intrusive(std::nullptr_t) {}
  explicit Intrusive(T* p) : p_(p) { retain(); }
  Intrusive(const Intrusive& o) : p_(o.p_) { retain(); }
  Intrusive(Intrusive&& o) noexcept : p_(std::exchange(o.p_, nullptr)) {}
  template <class U>
  Intrusive(const Intrusive<U>& o) : p_(o.get()) {
    retain();
  }
  template <class U>
  Intrusive(Intrusive<U>&& o) noexcept : p_(o.release()) {}
  ~Intrusive() { drop(p_); }
  Intrusive& operator=(const Intrusive& o) {
    Intrusive(o).swap(*this);
    return *this;
  }
  Intrusive& operator=(Intrusive&& o) noexcept {
    Intrusive(std::move(o)).swap(*this);
    return *this;
  }
  void swap(Intrusive& o) noexcept { std::swap(p_, o.p_); }
  void reset() { Intrusive().swap(*this); }
  /// Gives the pointer away with its count.
  T* release() { return std::exchange(p_, nullptr); }
  /// The first owner of a new object.
  static Intrusive fresh(T* p) {
    p->count_.store(1, std::memory_order_relaxed);
    return adopt(p);
  }
  /// Takes a pointer with the count that `release` left on it.
  static Intrusive adopt(T* p) {
    Intrusive r;
    r.p_ = p;
    return r;
  }
  T* get() const { return p_; }
  T& operator*() const { return *p_; }
  T* operator->() const { return p_; }
  explicit operator bool() const { return p_; }
  friend bool operator==(const Intrusive& a, const Intrusive& b) { return a.p_ == b.p_; }

 private:
  void retain() {
    if (p_) p_->count_.fetch_add(1, std::memory_order_relaxed);
  }
  static void drop(T* p) {
    if (!p) return;
    // The last owner needs no locked instruction: nobody else holds a reference that could be copied meanwhile.
    if (p->count_.load(std::memory_order_acquire) != 1 && p->count_.fetch_sub(1, std::memory_order_acq_rel) != 1)
      return;
    if constexpr (requires { T::destroy(p); })
      T::destroy(p);
    else
      delete p;
  }
  T* p_ = nullptr;
};

template <class T, class... A>
Intrusive<T> make_intrusive(A&&... a) {
  return Intrusive<T>::fresh(new T(std::forward<A>(a)...));
}

}  // namespace gradus
