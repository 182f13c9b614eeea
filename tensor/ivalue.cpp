#include "gradus/tensor/ivalue.h"

namespace gradus {

IValue::IValue(const Scalar& v) {
  if (v.isBoolean())
    value_ = v.toBool();
  else if (v.isFloatingPoint())
    value_ = v.toDouble();
  else
    value_ = v.toLong();
}

Scalar IValue::toScalar() const {
  if (isBool()) return toBool();
  return isInt() ? Scalar(toInt()) : Scalar(toDouble());
}

const char* IValue::tagKind() const {
  constexpr const char* names[] = {"None",      "Tensor",      "Bool",       "Double",       "Int",      "String",
                                   "List[int]", "List[float]", "List[bool]", "List[Tensor]", "List[str]"};
  return names[value_.index()];
}

}  // namespace gradus
