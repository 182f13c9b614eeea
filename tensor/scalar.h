// Scalar: one number of any type, as arguments such as `x * 2` and `full({2}, 0.5)` carry it.
#pragma once
#include <concepts>
#include <type_traits>

#include "gradus/tensor/dtype.h"

namespace gradus {

namespace detail {

template <class T>
constexpr const char* c_name() {
  constexpr ScalarType t = dtype_of<T>;
  return t == kByte       ? "uint8_t"
         : t == kChar     ? "int8_t"
         : t == kShort    ? "int16_t"
         : t == kInt      ? "int"
         : t == kHalf     ? "at::Half"
         : t == kBFloat16 ? "at::BFloat16"
                          : "an integer";
}

}  // namespace detail

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
  Scalar(Half v) : Scalar(static_cast<double>(v)) {}
  Scalar(BFloat16 v) : Scalar(static_cast<double>(v)) {}

  /// Long, Double or Bool.
  ScalarType type() const { return type_; }
  bool isFloatingPoint() const { return type_ == ScalarType::Double; }
  bool isIntegral(bool include_bool = false) const {
    return type_ == ScalarType::Long || (include_bool && type_ == ScalarType::Bool);
  }
  bool isBoolean() const { return type_ == ScalarType::Bool; }
  /// The number as a T. Types narrower than float and int64 throw where it is out of their range; float becomes
  /// infinite.
  template <class T>
  T to() const {
    constexpr bool narrow = (std::is_integral_v<T> && sizeof(T) < 8 && !std::is_same_v<T, bool>) || is_float16_v<T>;
    if constexpr (narrow)
      check(fits<T>(), "value cannot be converted to type ", detail::c_name<T>(), " without overflow");
    return wrapped<T>();
  }
  /// The same without the error: an integer loses its high bits, as C++ has it.
  template <class T>
  T wrapped() const {
    if constexpr (std::is_integral_v<T> && sizeof(T) < 8 && !std::is_same_v<T, bool>)
      return static_cast<T>(type_ == ScalarType::Double ? static_cast<int64_t>(d_) : i_);
    else
      return type_ == ScalarType::Double ? static_cast<T>(d_) : static_cast<T>(i_);
  }
  Half toHalf() const { return to<Half>(); }
  BFloat16 toBFloat16() const { return to<BFloat16>(); }
  int8_t toChar() const { return to<int8_t>(); }
  int16_t toShort() const { return to<int16_t>(); }
  uint8_t toByte() const { return to<uint8_t>(); }
  double toDouble() const { return to<double>(); }
  float toFloat() const { return to<float>(); }
  int64_t toLong() const { return to<int64_t>(); }
  int toInt() const { return to<int>(); }
  bool toBool() const { return to<bool>(); }
  bool equal(double v) const { return to<double>() == v; }
  Scalar operator-() const { return isFloatingPoint() ? Scalar(-d_) : Scalar(-i_); }

 private:
  // PyTorch's rule: infinities and NaN fit floating types, and a negative number may count back from an unsigned
  // type's end.
  template <class T>
  bool fits() const {
    using L = std::numeric_limits<T>;
    const double v = toDouble(), most = static_cast<double>((L::max)());
    if (is_floating_v<T> && v - v != 0) return true;
    return v <= most && v >= (L::is_signed ? static_cast<double>(L::lowest()) : -most);
  }
  ScalarType type_;
  union {
    double d_;
    int64_t i_;
  };
};

std::ostream& operator<<(std::ostream& out, const Scalar& s);

}  // namespace gradus
