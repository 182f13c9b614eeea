#include "gradus/tensor/ivalue.h"

namespace gradus {
namespace {

const char* name_of(IValue::Kind kind) {
  constexpr const char* names[] = {"None",      "Tensor",      "Bool",       "Double",       "Int",      "String",
                                   "List[int]", "List[float]", "List[bool]", "List[Tensor]", "List[str]"};
  return names[static_cast<size_t>(kind)];
}

template <class T>
std::shared_ptr<const void> box(T v) {
  return std::make_shared<const T>(std::move(v));
}

}  // namespace

IValue::IValue(const Scalar& v) {
  if (v.isBoolean())
    *this = v.toBool();
  else if (v.isFloatingPoint())
    *this = v.toDouble();
  else
    *this = v.toLong();
}

IValue::IValue(std::string v) : kind_(Kind::string), box_(box(std::move(v))) {}
IValue::IValue(const char* v) : IValue(std::string(v)) {}
IValue::IValue(std::vector<int64_t> v) : kind_(Kind::integers), box_(box(std::move(v))) {}
IValue::IValue(IntArrayRef v) : IValue(v.vec()) {}
IValue::IValue(std::vector<double> v) : kind_(Kind::reals), box_(box(std::move(v))) {}
IValue::IValue(std::vector<bool> v) : kind_(Kind::booleans), box_(box(std::move(v))) {}
IValue::IValue(std::vector<Tensor> v) : kind_(Kind::tensors), box_(box(std::move(v))) {}
IValue::IValue(std::vector<std::string> v) : kind_(Kind::strings), box_(box(std::move(v))) {}

void IValue::expect(Kind wanted) const {
  if (kind_ != wanted) fail("IValue: expected ", name_of(wanted), ", but it holds ", tagKind());
}

const Tensor& IValue::toTensor() const {
  expect(Kind::tensor);
  return tensor_;
}

bool IValue::toBool() const {
  expect(Kind::boolean);
  return number_.boolean;
}

double IValue::toDouble() const {
  expect(Kind::real);
  return number_.real;
}

int64_t IValue::toInt() const {
  expect(Kind::integer);
  return number_.integer;
}

Scalar IValue::toScalar() const {
  if (isBool()) return toBool();
  return isInt() ? Scalar(toInt()) : Scalar(toDouble());
}

const std::string& IValue::toStringRef() const { return boxed<std::string>(Kind::string); }
const std::vector<int64_t>& IValue::toIntVector() const { return boxed<std::vector<int64_t>>(Kind::integers); }
const std::vector<double>& IValue::toDoubleVector() const { return boxed<std::vector<double>>(Kind::reals); }
const std::vector<bool>& IValue::toBoolList() const { return boxed<std::vector<bool>>(Kind::booleans); }
const std::vector<Tensor>& IValue::toTensorVector() const { return boxed<std::vector<Tensor>>(Kind::tensors); }
const std::vector<std::string>& IValue::toStringVector() const {
  return boxed<std::vector<std::string>>(Kind::strings);
}

const char* IValue::tagKind() const { return name_of(kind_); }

}  // namespace gradus
