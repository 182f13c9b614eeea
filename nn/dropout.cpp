#include "gradus/nn/dropout.h"

#include "gradus/autograd/ops/dropout.h"
#include "gradus/autograd/ops/shape.h"
#include "gradus/nn/layer_impl.h"

namespace gradus::nn {
namespace F = functional;

template class Layer<DropoutImpl, DropoutOptions>;
template class Layer<Dropout2dImpl, DropoutOptions>;
template class Layer<Dropout3dImpl, DropoutOptions>;

namespace {

void check_probability(double p) {
  check(p >= 0 && p <= 1, "dropout probability has to be between 0 and 1, but got ", p);
}

F::DropoutFuncOptions now(const DropoutOptions& o, bool training) {
  return F::DropoutFuncOptions().p(o.p()).training(training).inplace(o.inplace());
}

void print(std::ostream& stream, const char* name, const DropoutOptions& o) {
  stream << "torch::nn::" << name << "(p=" << o.p() << ", inplace=" << (o.inplace() ? "true" : "false") << ")";
}

Tensor finish(const Tensor& x, const Tensor& y, const F::DropoutFuncOptions& o) {
  return o.inplace() && o.training() ? x.copy_(y) : y;
}

Tensor drop_channels(const char* op, const Tensor& x, int64_t dims, const F::DropoutFuncOptions& o) {
  check_probability(o.p());
  check(x.dim() == dims || x.dim() == dims + 1, op, ": expected ", dims, "D or ", dims + 1, "D input, got ", x.sizes());
  if (!o.training()) return x;
  // Without a batch the first dimension holds the channels.
  const Tensor y =
      x.dim() == dims ? feature_dropout(x.unsqueeze(0), o.p(), true).squeeze(0) : feature_dropout(x, o.p(), true);
  return finish(x, y, o);
}

}  // namespace

Tensor F::dropout(Tensor x, const DropoutFuncOptions& o) {
  check_probability(o.p());
  return finish(x, gradus::dropout(x, o.p(), o.training()), o);
}
Tensor F::dropout2d(Tensor x, const Dropout2dFuncOptions& o) { return drop_channels("dropout2d", x, 3, o); }
Tensor F::dropout3d(Tensor x, const Dropout3dFuncOptions& o) { return drop_channels("dropout3d", x, 4, o); }

DropoutImpl::DropoutImpl(const DropoutOptions& options) : Layer(options) { DropoutImpl::reset(); }
Dropout2dImpl::Dropout2dImpl(const DropoutOptions& options) : Layer(options) { Dropout2dImpl::reset(); }
Dropout3dImpl::Dropout3dImpl(const DropoutOptions& options) : Layer(options) { Dropout3dImpl::reset(); }
void DropoutImpl::reset() { check_probability(options.p()); }
void Dropout2dImpl::reset() { check_probability(options.p()); }
void Dropout3dImpl::reset() { check_probability(options.p()); }
Tensor DropoutImpl::forward(const Tensor& x) { return F::dropout(x, now(options, is_training())); }
Tensor Dropout2dImpl::forward(const Tensor& x) { return F::dropout2d(x, now(options, is_training())); }
Tensor Dropout3dImpl::forward(const Tensor& x) { return F::dropout3d(x, now(options, is_training())); }
void DropoutImpl::pretty_print(std::ostream& stream) const { print(stream, "Dropout", options); }
void Dropout2dImpl::pretty_print(std::ostream& stream) const { print(stream, "Dropout2d", options); }
void Dropout3dImpl::pretty_print(std::ostream& stream) const { print(stream, "Dropout3d", options); }

}  // namespace gradus::nn
