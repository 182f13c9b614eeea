#include "gradus/nn/dropout.h"

#include "gradus/autograd/ops/dropout.h"
#include "gradus/autograd/ops/shape.h"
#include "gradus/nn/layer_impl.h"

namespace gradus::nn {
namespace F = functional;

template class Layer<DropoutImpl, DropoutOptions>;
template class Layer<Dropout2dImpl, DropoutOptions>;
template class Layer<Dropout3dImpl, DropoutOptions>;
template class Layer<FeatureAlphaDropoutImpl, DropoutOptions>;
template class Layer<AlphaDropoutImpl, DropoutOptions>;

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

Tensor drop_channels(const Tensor& x, int64_t batched, const F::DropoutFuncOptions& o) {
  check_probability(o.p());
  // Without a batch the first dimension holds the channels; as in LibTorch that is any other number of dimensions.
  const bool alone = x.dim() != batched;
  const Tensor from = alone ? x.unsqueeze(0) : x;
  if (o.inplace()) {
    feature_dropout_(from, o.p(), o.training());
    return x;
  }
  const Tensor y = feature_dropout(from, o.p(), o.training());
  return alone ? y.squeeze(0) : y;
}

}  // namespace

Tensor F::dropout(Tensor x, const DropoutFuncOptions& o) {
  check_probability(o.p());
  return o.inplace() ? dropout_(x, o.p(), o.training()) : gradus::dropout(x, o.p(), o.training());
}
Tensor F::dropout2d(Tensor x, const Dropout2dFuncOptions& o) { return drop_channels(x, 4, o); }
Tensor F::dropout3d(Tensor x, const Dropout3dFuncOptions& o) { return drop_channels(x, 5, o); }
Tensor F::alpha_dropout(Tensor x, const AlphaDropoutFuncOptions& o) {
  check_probability(o.p());
  return o.inplace() ? alpha_dropout_(x, o.p(), o.training()) : gradus::alpha_dropout(x, o.p(), o.training());
}
Tensor F::feature_alpha_dropout(Tensor x, const FeatureAlphaDropoutFuncOptions& o) {
  check_probability(o.p());
  return o.inplace() ? feature_alpha_dropout_(x, o.p(), o.training())
                     : gradus::feature_alpha_dropout(x, o.p(), o.training());
}

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

AlphaDropoutImpl::AlphaDropoutImpl(const DropoutOptions& options) : Layer(options) { AlphaDropoutImpl::reset(); }
void AlphaDropoutImpl::reset() { check_probability(options.p()); }
Tensor AlphaDropoutImpl::forward(const Tensor& x) {
  return F::alpha_dropout(
      x, F::AlphaDropoutFuncOptions().p(options.p()).training(is_training()).inplace(options.inplace()));
}
void AlphaDropoutImpl::pretty_print(std::ostream& stream) const { print(stream, "AlphaDropout", options); }

FeatureAlphaDropoutImpl::FeatureAlphaDropoutImpl(const DropoutOptions& options) : Layer(options) {
  FeatureAlphaDropoutImpl::reset();
}
void FeatureAlphaDropoutImpl::reset() { check_probability(options.p()); }
Tensor FeatureAlphaDropoutImpl::forward(const Tensor& x) {
  return F::feature_alpha_dropout(
      x, F::FeatureAlphaDropoutFuncOptions().p(options.p()).training(is_training()).inplace(options.inplace()));
}
void FeatureAlphaDropoutImpl::pretty_print(std::ostream& stream) const {
  print(stream, "FeatureAlphaDropout", options);
}

}  // namespace gradus::nn
