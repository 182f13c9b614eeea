#include "gradus/autograd/overwrite.h"

#include "gradus/tensor/warning.h"

namespace gradus::detail {

void check_out(const char* op, const Tensor& out, TensorList inputs) {
  check(out.defined(), op, ": expected a tensor for out, but got an undefined one");
  if (!autograd::GradMode::is_enabled()) return;
  bool tracked = out.requires_grad();
  for (const Tensor& t : inputs) tracked |= t.defined() && t.requires_grad();
  check(!tracked, op,
        "(): functions with out=... arguments don't support automatic differentiation, but one of the "
        "arguments requires grad.");
}

Tensor& put_out(const char* op, Tensor& out, const Tensor& y) {
  check(can_cast(y.scalar_type(), out.scalar_type()), op, ": result type ", y.scalar_type(),
        " can't be cast to the desired output type ", out.scalar_type());
  if (out.sizes() != y.sizes()) {
    if (out.numel() > 0)
      warn_at(op, __FILE__, __LINE__, "An output with one or more elements was resized since it had shape ",
              out.sizes(), ", which does not match the required output shape ", y.sizes(),
              ". This behavior is deprecated, and in a future PyTorch release outputs will not be resized unless they "
              "have zero elements. You can explicitly reuse an out tensor t by resizing it, inplace, to zero elements "
              "with t.resize_(0).");
    out.resize_(y.sizes());
  }
  return out.copy_(y);
}

void check_same_type(const char* op, const Tensor& out, const Tensor& y) {
  check(y.scalar_type() == out.scalar_type(), op, ": Expected out tensor to have dtype ", y.dtype(), ", but got ",
        out.dtype(), " instead");
}

Tensor& put_same_type(const char* op, Tensor& out, const Tensor& y) {
  check_same_type(op, out, y);
  return put_out(op, out, y);
}

}  // namespace gradus::detail
