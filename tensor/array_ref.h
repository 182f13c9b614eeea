// ArrayRef: a view of consecutive values, as LibTorch has it. It owns nothing: what it points to must outlive it.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <optional>
#include <vector>

#include "gradus/tensor/error.h"

namespace gradus {

template <class T>
class ArrayRef {
 public:
  using value_type = T;
  using const_iterator = const T*;
  using iterator = const T*;

  constexpr ArrayRef() = default;
  constexpr ArrayRef(std::nullopt_t) {}
  constexpr ArrayRef(const T& one) : p_(&one), n_(1) {}
  constexpr ArrayRef(const T* p, size_t n) : p_(p), n_(n) {}
  constexpr ArrayRef(const T* begin, const T* end) : p_(begin), n_(static_cast<size_t>(end - begin)) {}
  template <class C, class = decltype(std::declval<const C&>().data() + std::declval<const C&>().size()),
            class = std::enable_if_t<std::is_convertible_v<decltype(std::declval<const C&>().data()), const T*> &&
                                     !std::is_same_v<C, ArrayRef>>>
  constexpr ArrayRef(const C& c) : p_(c.data()), n_(static_cast<size_t>(c.size())) {}
  template <size_t N>
  constexpr ArrayRef(const T (&a)[N]) : p_(a), n_(N) {}
#pragma GCC diagnostic push
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Winit-list-lifetime"
#endif
  constexpr ArrayRef(const std::initializer_list<T>& l) : p_(l.size() ? l.begin() : nullptr), n_(l.size()) {}
#pragma GCC diagnostic pop

  constexpr const T* begin() const { return p_; }
  constexpr const T* end() const { return p_ + n_; }
  constexpr const T* data() const { return p_; }
  constexpr size_t size() const { return n_; }
  constexpr bool empty() const { return n_ == 0; }
  const T& front() const { return at(0); }
  const T& back() const { return at(n_ - 1); }
  constexpr const T& operator[](size_t i) const { return p_[i]; }
  const T& at(size_t i) const {
    check(i < n_, "ArrayRef: invalid index Index = ", i, "; Length = ", n_);
    return p_[i];
  }
  ArrayRef slice(size_t from, size_t count) const {
    check(from + count <= n_, "ArrayRef: invalid slice, N = ", from, "; M = ", count, "; size = ", n_);
    return {p_ + from, count};
  }
  ArrayRef slice(size_t from) const { return slice(from, n_ - from); }
  std::vector<T> vec() const { return std::vector<T>(begin(), end()); }
  bool equals(ArrayRef o) const {
    if (n_ != o.n_) return false;
    for (size_t i = 0; i < n_; ++i)
      if (!(p_[i] == o.p_[i])) return false;
    return true;
  }

 private:
  const T* p_ = nullptr;
  size_t n_ = 0;
};

template <class T>
bool operator==(ArrayRef<T> a, ArrayRef<T> b) {
  return a.equals(b);
}
template <class T>
bool operator==(const std::vector<T>& a, ArrayRef<T> b) {
  return ArrayRef<T>(a).equals(b);
}
template <class T>
bool operator==(ArrayRef<T> a, const std::vector<T>& b) {
  return a.equals(ArrayRef<T>(b));
}

/// Prints [2, 3].
template <class T>
std::ostream& operator<<(std::ostream& out, ArrayRef<T> a) {
  out << "[";
  for (size_t i = 0; i < a.size(); ++i) {
    if (i) out << ", ";
    out << a[i];
  }
  return out << "]";
}

using IntArrayRef = ArrayRef<int64_t>;

/// "no dimensions given" is not the same as "an empty list of dimensions"; takes `{0, 1}`, `0`, or nothing.
class OptionalIntArrayRef {
 public:
  OptionalIntArrayRef() = default;
  OptionalIntArrayRef(std::nullopt_t) {}
  OptionalIntArrayRef(IntArrayRef a) : ref_(a) {}
  OptionalIntArrayRef(const std::initializer_list<int64_t>& l) : ref_(IntArrayRef(l)) {}
  OptionalIntArrayRef(const std::vector<int64_t>& v) : ref_(IntArrayRef(v)) {}
  OptionalIntArrayRef(int64_t one) : one_(one), single_(true) {}
  bool has_value() const { return single_ || ref_.has_value(); }
  explicit operator bool() const { return has_value(); }
  IntArrayRef value() const { return single_ ? IntArrayRef(&one_, 1) : *ref_; }
  IntArrayRef operator*() const { return value(); }

 private:
  std::optional<IntArrayRef> ref_;
  int64_t one_ = 0;
  bool single_ = false;
};

}  // namespace gradus
