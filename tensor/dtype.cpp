#include "gradus/tensor/dtype.h"

#include <atomic>
#include <ostream>

namespace gradus {
namespace {

std::atomic<ScalarType> floating{ScalarType::Float};

// 0 bool, 1 integer, 2 floating point.
int category(ScalarType t) { return t == ScalarType::Bool ? 0 : is_floating(t) ? 2 : 1; }

}  // namespace

const char* name(ScalarType t) {
  switch (t) {
    case ScalarType::Byte:
      return "Byte";
    case ScalarType::Char:
      return "Char";
    case ScalarType::Short:
      return "Short";
    case ScalarType::Int:
      return "Int";
    case ScalarType::Long:
      return "Long";
    case ScalarType::Half:
      return "Half";
    case ScalarType::BFloat16:
      return "BFloat16";
    case ScalarType::Float:
      return "Float";
    case ScalarType::Double:
      return "Double";
    case ScalarType::Bool:
      return "Bool";
    case ScalarType::Undefined:
      break;
  }
  return "Undefined";
}

std::ostream& operator<<(std::ostream& out, Half v) { return out << static_cast<float>(v); }
std::ostream& operator<<(std::ostream& out, BFloat16 v) { return out << static_cast<float>(v); }

std::ostream& operator<<(std::ostream& out, ScalarType t) { return out << name(t); }

const char* TypeMeta::name() const {
  switch (t_) {
    case ScalarType::Byte:
      return "unsigned char";
    case ScalarType::Char:
      return "signed char";
    case ScalarType::Short:
      return "short int";
    case ScalarType::Int:
      return "int";
    case ScalarType::Long:
      return "long int";  // as the compiler calls it that builds LibTorch
    case ScalarType::Half:
      return "c10::Half";
    case ScalarType::BFloat16:
      return "c10::BFloat16";
    case ScalarType::Float:
      return "float";
    case ScalarType::Double:
      return "double";
    case ScalarType::Bool:
      return "bool";
    case ScalarType::Undefined:
      break;
  }
  return "nullptr (uninitialized)";
}

std::ostream& operator<<(std::ostream& out, TypeMeta t) { return out << t.name(); }

ScalarType promote_types(ScalarType a, ScalarType b) {
  if (a == b) return a;
  if (category(a) != category(b)) return category(a) > category(b) ? a : b;
  // What holds both: neither 16-bit float holds the other, nor does one byte hold signed and unsigned ones.
  if (category(a) == 2) return is_float16(a) && is_float16(b) ? kFloat : element_size(a) > element_size(b) ? a : b;
  if ((a == kByte && b == kChar) || (a == kChar && b == kByte)) return kShort;
  return a > b ? a : b;
}

bool can_cast(ScalarType from, ScalarType to) { return category(from) <= category(to); }

ScalarType default_dtype() { return floating.load(std::memory_order_relaxed); }

void set_default_dtype(ScalarType t) {
  check(is_floating(t), "set_default_dtype: only floating-point types are supported as the default type, got ",
        name(t));
  floating.store(t, std::memory_order_relaxed);
}

}  // namespace gradus
