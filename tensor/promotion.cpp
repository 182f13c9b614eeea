#include "gradus/tensor/promotion.h"

namespace gradus {
namespace {

int kind(ScalarType t) { return t == ScalarType::Bool ? 0 : is_floating(t) ? 2 : 1; }

}  // namespace

ScalarType result_type(const Tensor& a, const Tensor& b) {
  const ScalarType x = a.scalar_type(), y = b.scalar_type();
  if (x == y) return x;
  const bool a_leads = a.dim() > 0, b_leads = b.dim() > 0;
  if (a_leads == b_leads) return promote_types(x, y);
  const ScalarType lead = a_leads ? x : y, other = a_leads ? y : x;
  return kind(other) > kind(lead) ? promote_types(lead, other) : lead;
}

ScalarType result_type(const Tensor& a, const Scalar& b) {
  const ScalarType x = a.scalar_type();
  const ScalarType y = b.isFloatingPoint() ? default_dtype() : b.type();
  return kind(y) > kind(x) ? y : x;
}

}  // namespace gradus
