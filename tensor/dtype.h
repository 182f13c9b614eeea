// Element types, promotion, and the only switch over them.
#pragma once
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <type_traits>

#include "gradus/tensor/error.h"
#include "gradus/tensor/half.h"

namespace gradus {

/// PyTorch's names and numbers.
enum class ScalarType : int8_t {
  Byte = 0,
  Char = 1,
  Short = 2,
  Int = 3,
  Long = 4,
  Half = 5,
  Float = 6,
  Double = 7,
  Bool = 11,
  BFloat16 = 15,
  Undefined = 127
};

inline constexpr ScalarType kByte = ScalarType::Byte, kUInt8 = ScalarType::Byte;
inline constexpr ScalarType kChar = ScalarType::Char, kInt8 = ScalarType::Char;
inline constexpr ScalarType kShort = ScalarType::Short, kInt16 = ScalarType::Short;
inline constexpr ScalarType kInt = ScalarType::Int, kInt32 = ScalarType::Int;
inline constexpr ScalarType kLong = ScalarType::Long, kInt64 = ScalarType::Long;
inline constexpr ScalarType kHalf = ScalarType::Half, kFloat16 = ScalarType::Half, kF16 = ScalarType::Half;
inline constexpr ScalarType kBFloat16 = ScalarType::BFloat16, kBF16 = ScalarType::BFloat16;
inline constexpr ScalarType kFloat = ScalarType::Float, kFloat32 = ScalarType::Float, kF32 = ScalarType::Float;
inline constexpr ScalarType kDouble = ScalarType::Double, kFloat64 = ScalarType::Double;
inline constexpr ScalarType kBool = ScalarType::Bool;

/// Calls f.operator()<T>() with the C++ type of `t`.
template <class F>
decltype(auto) dispatch(ScalarType t, F&& f) {
  switch (t) {
    case ScalarType::Byte:
      return f.template operator()<uint8_t>();
    case ScalarType::Char:
      return f.template operator()<int8_t>();
    case ScalarType::Short:
      return f.template operator()<int16_t>();
    case ScalarType::Int:
      return f.template operator()<int32_t>();
    case ScalarType::Long:
      return f.template operator()<int64_t>();
    case ScalarType::Half:
      return f.template operator()<Half>();
    case ScalarType::BFloat16:
      return f.template operator()<BFloat16>();
    case ScalarType::Float:
      return f.template operator()<float>();
    case ScalarType::Double:
      return f.template operator()<double>();
    case ScalarType::Bool:
      return f.template operator()<bool>();
    case ScalarType::Undefined:
      break;
  }
  fail("dtype: an undefined tensor has no element type");
}

/// As `dispatch`, for the types that elements are computed in (compute_type): float, double, int64.
template <class F>
decltype(auto) dispatch_compute(const char* name, ScalarType t, F&& f);
/// As `dispatch`, for float and double only; `name` is the operation in the error.
template <class F>
decltype(auto) dispatch_floating(const char* name, ScalarType t, F&& f);

constexpr size_t element_size(ScalarType t) {
  switch (t) {
    case ScalarType::Byte:
    case ScalarType::Char:
    case ScalarType::Bool:
      return 1;
    case ScalarType::Short:
    case ScalarType::Half:
    case ScalarType::BFloat16:
      return 2;
    case ScalarType::Int:
    case ScalarType::Float:
      return 4;
    case ScalarType::Long:
    case ScalarType::Double:
      return 8;
    case ScalarType::Undefined:
      break;
  }
  return 0;
}

/// float16 and bfloat16: stored in 16 bits, computed in float32, rounded once.
constexpr bool is_float16(ScalarType t) { return t == ScalarType::Half || t == ScalarType::BFloat16; }
constexpr bool is_floating(ScalarType t) { return t == ScalarType::Float || t == ScalarType::Double || is_float16(t); }
constexpr bool is_integral(ScalarType t, bool include_bool) {
  return (t >= ScalarType::Byte && t <= ScalarType::Long) || (include_bool && t == ScalarType::Bool);
}
constexpr bool is_signed(ScalarType t) { return t != ScalarType::Byte && t != ScalarType::Bool; }
/// The type in which elements of type t are computed: float32 for the 16-bit floats, int64 for integers and bools.
constexpr ScalarType compute_type(ScalarType t) {
  return is_float16(t) ? ScalarType::Float : is_floating(t) ? t : ScalarType::Long;
}

/// "Float", "Long", …
const char* name(ScalarType t);
std::ostream& operator<<(std::ostream& out, ScalarType t);

template <class T>
inline constexpr ScalarType dtype_of = ScalarType::Undefined;
template <>
inline constexpr ScalarType dtype_of<uint8_t> = ScalarType::Byte;
template <>
inline constexpr ScalarType dtype_of<int8_t> = ScalarType::Char;
template <>
inline constexpr ScalarType dtype_of<int16_t> = ScalarType::Short;
template <>
inline constexpr ScalarType dtype_of<Half> = ScalarType::Half;
template <>
inline constexpr ScalarType dtype_of<BFloat16> = ScalarType::BFloat16;
template <>
inline constexpr ScalarType dtype_of<int32_t> = ScalarType::Int;
template <>
inline constexpr ScalarType dtype_of<int64_t> = ScalarType::Long;
template <>
inline constexpr ScalarType dtype_of<long long> = ScalarType::Long;
template <>
inline constexpr ScalarType dtype_of<float> = ScalarType::Float;
template <>
inline constexpr ScalarType dtype_of<double> = ScalarType::Double;
template <>
inline constexpr ScalarType dtype_of<bool> = ScalarType::Bool;

/// The type of a + b for tensors of dimension >= 1, by PyTorch's table.
ScalarType promote_types(ScalarType a, ScalarType b);

/// True if a result of type `from` may be written into a tensor of type `to` by an in-place operation.
bool can_cast(ScalarType from, ScalarType to);

/// The floating type of new tensors and of integers that meet a fraction: float32 unless set.
ScalarType default_dtype();
void set_default_dtype(ScalarType t);

/// What `tensor.dtype()` returns: a ScalarType that prints as PyTorch's TypeMeta.
class TypeMeta {
 public:
  constexpr TypeMeta(ScalarType t = ScalarType::Undefined) : t_(t) {}
  constexpr operator ScalarType() const { return t_; }
  constexpr ScalarType toScalarType() const { return t_; }
  constexpr size_t itemsize() const { return element_size(t_); }
  const char* name() const;
  template <class T>
  static constexpr TypeMeta Make() {
    return dtype_of<T>;
  }
  friend constexpr bool operator==(TypeMeta a, TypeMeta b) { return a.t_ == b.t_; }
  friend constexpr bool operator==(TypeMeta a, ScalarType b) { return a.t_ == b; }

 private:
  ScalarType t_;
};
std::ostream& operator<<(std::ostream& out, TypeMeta t);

using Dtype = ScalarType;

template <class F>
decltype(auto) dispatch_compute(const char* op, ScalarType t, F&& f) {
  if (t == ScalarType::Long) return f.template operator()<int64_t>();
  return dispatch_floating(op, t, f);
}

template <class F>
decltype(auto) dispatch_floating(const char* op, ScalarType t, F&& f) {
  if (t == ScalarType::Float) return f.template operator()<float>();
  if (t == ScalarType::Double) return f.template operator()<double>();
  fail(op, ": expected a floating point tensor, \"", op, "\" not implemented for '", name(t), "'");
}

}  // namespace gradus
