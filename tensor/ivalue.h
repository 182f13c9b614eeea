// IValue: one value of the kinds that archives and custom functions carry.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "gradus/tensor/tensor.h"

namespace gradus {

/// Nothing, a tensor, a number, a string, or a list of them; asking for another kind than it holds throws. Copies share
/// strings and lists, which do not change.
class IValue {
 public:
  enum class Kind : uint8_t {
    none,
    tensor,
    boolean,
    real,
    integer,
    string,
    integers,
    reals,
    booleans,
    tensors,
    strings
  };

  IValue() = default;
  IValue(std::nullopt_t) {}
  IValue(Tensor v) : kind_(Kind::tensor), tensor_(std::move(v)) {}
  IValue(bool v) : kind_(Kind::boolean) { number_.boolean = v; }
  IValue(double v) : kind_(Kind::real) { number_.real = v; }
  IValue(float v) : IValue(static_cast<double>(v)) {}
  template <class T>
  requires std::is_integral_v<T> IValue(T v) : kind_(Kind::integer) { number_.integer = static_cast<int64_t>(v); }
  IValue(const Scalar& v);
  IValue(std::string v);
  IValue(const char* v);
  IValue(std::vector<int64_t> v);
  IValue(IntArrayRef v);
  IValue(std::vector<double> v);
  IValue(std::vector<bool> v);
  IValue(std::vector<Tensor> v);
  IValue(std::vector<std::string> v);

  Kind kind() const { return kind_; }
  bool isNone() const { return kind_ == Kind::none; }
  bool isTensor() const { return kind_ == Kind::tensor; }
  bool isBool() const { return kind_ == Kind::boolean; }
  bool isDouble() const { return kind_ == Kind::real; }
  bool isInt() const { return kind_ == Kind::integer; }
  bool isScalar() const { return isDouble() || isInt() || isBool(); }
  bool isString() const { return kind_ == Kind::string; }
  bool isIntList() const { return kind_ == Kind::integers; }
  bool isDoubleList() const { return kind_ == Kind::reals; }
  bool isBoolList() const { return kind_ == Kind::booleans; }
  bool isTensorList() const { return kind_ == Kind::tensors; }
  bool isStringList() const { return kind_ == Kind::strings; }

  const Tensor& toTensor() const;
  bool toBool() const;
  double toDouble() const;
  int64_t toInt() const;
  Scalar toScalar() const;
  const std::string& toStringRef() const;
  const std::vector<int64_t>& toIntVector() const;
  const std::vector<double>& toDoubleVector() const;
  const std::vector<bool>& toBoolList() const;
  const std::vector<Tensor>& toTensorVector() const;
  const std::vector<std::string>& toStringVector() const;

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
    else if constexpr (std::is_same_v<T, std::string>)
      return toStringRef();
    else if constexpr (std::is_same_v<T, std::vector<int64_t>>)
      return toIntVector();
    else if constexpr (std::is_same_v<T, std::vector<double>>)
      return toDoubleVector();
    else if constexpr (std::is_same_v<T, std::vector<bool>>)
      return toBoolList();
    else if constexpr (std::is_same_v<T, std::vector<Tensor>>)
      return toTensorVector();
    else
      return T(toStringVector());
  }

 private:
  // Throws unless it holds this kind.
  void expect(Kind wanted) const;
  template <class T>
  const T& boxed(Kind wanted) const {
    expect(wanted);
    return *static_cast<const T*>(box_.get());
  }

  Kind kind_ = Kind::none;
  union {
    bool boolean;
    double real;
    int64_t integer = 0;
  } number_;
  Tensor tensor_;
  std::shared_ptr<const void> box_;  // a string or a list
};

}  // namespace gradus
