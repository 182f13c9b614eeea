#include "gradus/autograd/ops/softmax.h"

#include "gradus/autograd/ops/ops.h"
#include "gradus/autograd/record.h"
#include "gradus/tensor/kernels/softmax.h"

namespace gradus {
namespace {

Tensor input(const char* op, const Tensor& x, std::optional<ScalarType> dtype) {
  check(x.defined(), op, ": expected a tensor, but got an undefined one");
  const ScalarType t = dtype.value_or(x.scalar_type());
  check(is_floating(t), op, ": \"", op, "\" not implemented for '", name(t), "'");
  return t == x.scalar_type() ? x : x.to(t);
}

}  // namespace

Tensor softmax(const Tensor& in, int64_t dim, std::optional<ScalarType> dtype) {
  const Tensor x = input("softmax", in, dtype);
  const int64_t d = wrap_dim(dim, x.dim());
  Tensor y = kernels::softmax(x, d, false);
  if (!recording({x})) return y;
  const Saved saved = Saved::output(y);
  return record(
      "softmax", y, {x},
      fused([d, saved](const Tensor& g, Node& self) { return kernels::softmax_backward(g, saved.get(self), d, false); },
            [d, saved](const Tensor& g, Node& self) {
              const Tensor y = saved.get(self);
              return y * (g - sum(g * y, d, true));
            }));
}

Tensor log_softmax(const Tensor& in, int64_t dim, std::optional<ScalarType> dtype) {
  const Tensor x = input("log_softmax", in, dtype);
  const int64_t d = wrap_dim(dim, x.dim());
  Tensor y = kernels::softmax(x, d, true);
  if (!recording({x})) return y;
  const Saved saved = Saved::output(y);
  return record(
      "log_softmax", y, {x},
      fused([d, saved](const Tensor& g, Node& self) { return kernels::softmax_backward(g, saved.get(self), d, true); },
            [d, saved](const Tensor& g, Node& self) { return g - exp(saved.get(self)) * sum(g, d, true); }));
}

Tensor softmin(const Tensor& x, int64_t dim, std::optional<ScalarType> dtype) {
  return softmax(-input("softmin", x, dtype), dim);
}

// ---- methods --------------------------------------------------------------------------------------------------------

Tensor Tensor::softmax(int64_t dim, std::optional<ScalarType> dtype) const {
  return gradus::softmax(*this, dim, dtype);
}
Tensor Tensor::log_softmax(int64_t dim, std::optional<ScalarType> dtype) const {
  return gradus::log_softmax(*this, dim, dtype);
}

}  // namespace gradus
