// tensor({{1, 2}, {3, 4}}): tensors from C++ values.
#pragma once
#include <initializer_list>
#include <vector>

#include "gradus/tensor/tensor.h"

namespace gradus {

namespace detail {

/// A number or a list of such, nested to any depth, as braces write it.
class TensorDataContainer {
 public:
  TensorDataContainer() : sizes_{0} {}  // {}: an empty list
  template <class T, class = std::enable_if_t<is_number_v<T>>>
  TensorDataContainer(T v) : numbers_{Scalar(v)}, dtype_(type_of<T>()) {}
  TensorDataContainer(std::initializer_list<TensorDataContainer> list);
  template <class T>
  TensorDataContainer(ArrayRef<T> values) : sizes_{static_cast<int64_t>(values.size())}, dtype_(type_of<T>()) {
    for (const T& v : values) numbers_.emplace_back(v);
  }
  template <class T>
  TensorDataContainer(const std::vector<T>& values)
      : sizes_{static_cast<int64_t>(values.size())}, dtype_(type_of<T>()) {
    for (T v : values) numbers_.emplace_back(v);
  }

  IntArrayRef sizes() const { return sizes_; }
  ScalarType scalar_type() const { return dtype_; }
  const std::vector<Scalar>& numbers() const { return numbers_; }

 private:
  // int and longer become int64, float and double the default type, as Python's literals; other types stay.
  template <class T>
  static ScalarType type_of() {
    constexpr ScalarType own = dtype_of<T>;
    if constexpr (std::is_floating_point_v<T>) return default_dtype();
    return own == kInt || own == ScalarType::Undefined ? kLong : own;
  }
  std::vector<Scalar> numbers_;
  Sizes sizes_;
  ScalarType dtype_ = ScalarType::Undefined;
};
std::ostream& operator<<(std::ostream& out, const TensorDataContainer& c);

}  // namespace detail

Tensor tensor(const detail::TensorDataContainer& data, const TensorOptions& o = {});

}  // namespace gradus
