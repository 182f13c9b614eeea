// ExpandingArray<D>: D numbers, or one that stands for all D: kernel sizes, strides, paddings.
#pragma once
#include <array>
#include <initializer_list>
#include <optional>
#include <ostream>
#include <vector>

#include "gradus/tensor/array_ref.h"

namespace gradus {

template <size_t D, class T = int64_t>
class ExpandingArray {
 public:
  ExpandingArray(std::initializer_list<T> l) : ExpandingArray(ArrayRef<T>(l)) {}
  ExpandingArray(const std::vector<T>& v) : ExpandingArray(ArrayRef<T>(v)) {}
  ExpandingArray(ArrayRef<T> values) {
    check(values.size() == D, "Expected ", D, " values, but instead got ", values.size());
    for (size_t i = 0; i < D; ++i) values_[i] = values[i];
  }
  ExpandingArray(T one) { values_.fill(one); }
  ExpandingArray(const std::array<T, D>& values) : values_(values) {}

  std::array<T, D>& operator*() { return values_; }
  const std::array<T, D>& operator*() const { return values_; }
  std::array<T, D>* operator->() { return &values_; }
  const std::array<T, D>* operator->() const { return &values_; }
  // With data() and size() it is an IntArrayRef wherever one is expected.
  const T* data() const { return values_.data(); }
  T& operator[](size_t i) { return values_[i]; }
  const T& operator[](size_t i) const { return values_[i]; }
  constexpr size_t size() const { return D; }
  bool all(const T& v) const {
    for (const T& x : values_)
      if (!(x == v)) return false;
    return true;
  }

 private:
  std::array<T, D> values_;
};

/// Prints [2, 3], one number without brackets, and None for what is missing.
template <size_t D, class T>
std::ostream& operator<<(std::ostream& out, const ExpandingArray<D, T>& a) {
  if (D > 1) out << "[";
  for (size_t i = 0; i < D; ++i) {
    if (i) out << ", ";
    if constexpr (std::is_same_v<T, std::optional<int64_t>>) {
      a[i] ? out << *a[i] : out << "None";
    } else {
      out << a[i];
    }
  }
  return D > 1 ? out << "]" : out;
}

/// D numbers of which each may be missing (std::nullopt).
template <size_t D>
class ExpandingArrayWithOptionalElem : public ExpandingArray<D, std::optional<int64_t>> {
  using Base = ExpandingArray<D, std::optional<int64_t>>;

 public:
  using Base::Base;
  ExpandingArrayWithOptionalElem(std::initializer_list<int64_t> l) : ExpandingArrayWithOptionalElem(IntArrayRef(l)) {}
  ExpandingArrayWithOptionalElem(const std::vector<int64_t>& v) : ExpandingArrayWithOptionalElem(IntArrayRef(v)) {}
  ExpandingArrayWithOptionalElem(IntArrayRef values) : Base(std::optional<int64_t>()) {
    check(values.size() == D, "Expected ", D, " values, but instead got ", values.size());
    for (size_t i = 0; i < D; ++i) (*this)[i] = values[i];
  }
  ExpandingArrayWithOptionalElem(int64_t one) : Base(std::optional<int64_t>(one)) {}
};

}  // namespace gradus
