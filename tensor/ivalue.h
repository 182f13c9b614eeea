// IValue: one value of the kinds that archives and custom functions carry.
#pragma once
#include <string>
#include <variant>
#include <vector>

#include "gradus/tensor/tensor.h"

namespace gradus {

/// Nothing, a tensor, a number, a string, or a list of them; asking for another kind than it holds throws.
class IValue {
 public:
  IValue() = default;
  IValue(std::nullopt_t) {}
  IValue(Tensor v) : value_(std::move(v)) {}
  IValue(bool v) : value_(v) {}
  IValue(double v) : value_(v) {}
  IValue(float v) : value_(static_cast<double>(v)) {}
  template <class T>
  requires std::is_integral_v<T> IValue(T v) : value_(static_cast<int64_t>(v)) {}
  IValue(const Scalar& v);
  IValue(std::string v) : value_(std::move(v)) {}
  IValue(const char* v) : value_(std::string(v)) {}
  IValue(std::vector<int64_t> v) : value_(std::move(v)) {}
  IValue(IntArrayRef v) : value_(v.vec()) {}
  IValue(std::vector<double> v) : value_(std::move(v)) {}
  IValue(std::vector<bool> v) : value_(std::move(v)) {}
  IValue(std::vector<Tensor> v) : value_(std::move(v)) {}
  IValue(std::vector<std::string> v) : value_(std::move(v)) {}

  bool isNone() const { return std::holds_alternative<std::monostate>(value_); }
  bool isTensor() const { return std::holds_alternative<Tensor>(value_); }
  bool isBool() const { return std::holds_alternative<bool>(value_); }
  bool isDouble() const { return std::holds_alternative<double>(value_); }
  bool isInt() const { return std::holds_alternative<int64_t>(value_); }
  bool isScalar() const { return isDouble() || isInt() || isBool(); }
  bool isString() const { return std::holds_alternative<std::string>(value_); }
  bool isIntList() const { return std::holds_alternative<std::vector<int64_t>>(value_); }
  bool isDoubleList() const { return std::holds_alternative<std::vector<double>>(value_); }
  bool isBoolList() const { return std::holds_alternative<std::vector<bool>>(value_); }
  bool isTensorList() const { return std::holds_alternative<std::vector<Tensor>>(value_); }

  const Tensor& toTensor() const { return as<Tensor>("Tensor"); }
  bool toBool() const { return as<bool>("Bool"); }
  double toDouble() const { return as<double>("Double"); }
  int64_t toInt() const { return as<int64_t>("Int"); }
  Scalar toScalar() const;
  const std::string& toStringRef() const { return as<std::string>("String"); }
  const std::vector<int64_t>& toIntVector() const { return as<std::vector<int64_t>>("List[int]"); }
  const std::vector<double>& toDoubleVector() const { return as<std::vector<double>>("List[float]"); }
  const std::vector<bool>& toBoolList() const { return as<std::vector<bool>>("List[bool]"); }
  const std::vector<Tensor>& toTensorVector() const { return as<std::vector<Tensor>>("List[Tensor]"); }

  /// "Tensor", "Double", "Int", …
  const char* tagKind() const;

  template <class T>
  T to() const {
    if constexpr (std::is_same_v<T, Tensor>)
      return toTensor();
    else if constexpr (std::is_same_v<T, bool>)
      return toBool();
    else if constexpr (std::is_integral_v<T>)
      return static_cast<T>(toInt());
    else if constexpr (std::is_floating_point_v<T>)
      return static_cast<T>(toDouble());
    else
      return as<T>("another type");
  }

 private:
  template <class T>
  const T& as(const char* wanted) const {
    const T* v = std::get_if<T>(&value_);
    if (!v) fail("IValue: expected ", wanted, ", but it holds ", tagKind());
    return *v;
  }

  std::variant<std::monostate, Tensor, bool, double, int64_t, std::string, std::vector<int64_t>, std::vector<double>,
               std::vector<bool>, std::vector<Tensor>, std::vector<std::string>>
      value_;
};

}  // namespace gradus
