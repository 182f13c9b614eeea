// Scalar: one number of any type, as arguments such as `x * 2` and `full({2}, 0.5)` carry it.
#pragma once
#include <concepts>
#include <type_traits>

#include "gradus/tensor/dtype.h"

namespace gradus {

class Scalar {
 public:
  Scalar() : Scalar(int64_t{0}) {}
  template <class T, class = std::enable_if_t<std::is_arithmetic_v<T>>>
  Scalar(T v) {
    if constexpr (std::is_same_v<T, bool>) {
      type_ = ScalarType::Bool;
      i_ = v;
    } else if constexpr (std::is_integral_v<T>) {
      type_ = ScalarType::Long;
      i_ = static_cast<int64_t>(v);
    } else {
      type_ = ScalarType::Double;
      d_ = static_cast<double>(v);
    }
  }

  /// Long, Double or Bool.
  ScalarType type() const { return type_; }
  bool isFloatingPoint() const { return type_ == ScalarType::Double; }
  bool isIntegral(bool include_bool = false) const {
    return type_ == ScalarType::Long || (include_bool && type_ == ScalarType::Bool);
  }
  bool isBoolean() const { return type_ == ScalarType::Bool; }
  template <class T>
  T to() const {
    return type_ == ScalarType::Double ? static_cast<T>(d_) : static_cast<T>(i_);
  }
  double toDouble() const { return to<double>(); }
  float toFloat() const { return to<float>(); }
  int64_t toLong() const { return to<int64_t>(); }
  int toInt() const { return to<int>(); }
  bool toBool() const { return to<bool>(); }
  bool equal(double v) const { return to<double>() == v; }
  Scalar operator-() const { return isFloatingPoint() ? Scalar(-d_) : Scalar(-i_); }

 private:
  ScalarType type_;
  union {
    double d_;
    int64_t i_;
  };
};

std::ostream& operator<<(std::ostream& out, const Scalar& s);

}  // namespace gradus
