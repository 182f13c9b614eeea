#include "gradus/nn/functional/activation.h"

#include <limits>

#include "gradus/autograd/ops/activation.h"
#include "gradus/autograd/ops/arithmetic.h"
#include "gradus/autograd/ops/elementary.h"
#include "gradus/tensor/factories.h"

namespace gradus::nn::functional {

Tensor elu(Tensor x, const ELUFuncOptions& o) { return o.inplace() ? elu_(x, o.alpha()) : gradus::elu(x, o.alpha()); }
Tensor selu(Tensor x, const SELUFuncOptions& o) { return o.inplace() ? selu_(x) : gradus::selu(x); }
Tensor celu(Tensor x, const CELUFuncOptions& o) {
  return o.inplace() ? celu_(x, o.alpha()) : gradus::celu(x, o.alpha());
}
Tensor relu(Tensor x, const ReLUFuncOptions& o) { return o.inplace() ? relu_(x) : gradus::relu(x); }
Tensor relu6(Tensor x, const ReLU6FuncOptions& o) { return o.inplace() ? relu6_(x) : gradus::relu6(x); }
Tensor leaky_relu(Tensor x, const LeakyReLUFuncOptions& o) {
  return o.inplace() ? leaky_relu_(x, o.negative_slope()) : gradus::leaky_relu(x, o.negative_slope());
}
Tensor rrelu(Tensor x, const RReLUFuncOptions& o) {
  return o.inplace() ? rrelu_(x, o.lower(), o.upper(), o.training())
                     : gradus::rrelu(x, o.lower(), o.upper(), o.training());
}
Tensor hardswish(Tensor x, const HardswishFuncOptions& o) { return o.inplace() ? hardswish_(x) : gradus::hardswish(x); }
Tensor hardsigmoid(Tensor x, const HardsigmoidFuncOptions& o) {
  return o.inplace() ? hardsigmoid_(x) : gradus::hardsigmoid(x);
}
Tensor hardtanh(Tensor x, const HardtanhFuncOptions& o) {
  return o.inplace() ? hardtanh_(x, o.min_val(), o.max_val()) : gradus::hardtanh(x, o.min_val(), o.max_val());
}
Tensor threshold(Tensor x, const ThresholdFuncOptions& o) {
  return o.inplace() ? threshold_(x, o.threshold(), o.value()) : gradus::threshold(x, o.threshold(), o.value());
}
Tensor hardshrink(const Tensor& x, const HardshrinkFuncOptions& o) { return gradus::hardshrink(x, o.lambda()); }
Tensor softshrink(const Tensor& x, const SoftshrinkFuncOptions& o) { return gradus::softshrink(x, o.lambda()); }
Tensor softplus(const Tensor& x, const SoftplusFuncOptions& o) { return gradus::softplus(x, o.beta(), o.threshold()); }
Tensor glu(const Tensor& x, const GLUFuncOptions& o) { return gradus::glu(x, o.dim()); }
Tensor gelu(const Tensor& x, const GELUFuncOptions& o) { return gradus::gelu(x, o.approximate()); }
Tensor silu(const Tensor& x) { return gradus::silu(x); }
Tensor mish(const Tensor& x) { return gradus::mish(x); }
Tensor logsigmoid(const Tensor& x) { return log_sigmoid(x); }
Tensor softsign(const Tensor& x) { return gradus::softsign(x); }
Tensor tanhshrink(const Tensor& x) { return gradus::tanhshrink(x); }
Tensor prelu(const Tensor& x, const Tensor& weight) { return gradus::prelu(x, weight); }
Tensor softmax(const Tensor& x, const SoftmaxFuncOptions& o) { return x.softmax(o.dim(), o.dtype()); }
Tensor softmin(const Tensor& x, const SoftminFuncOptions& o) { return (-x).softmax(o.dim(), o.dtype()); }
Tensor log_softmax(const Tensor& x, const LogSoftmaxFuncOptions& o) { return x.log_softmax(o.dim(), o.dtype()); }

Tensor gumbel_softmax(const Tensor& x, const GumbelSoftmaxFuncOptions& o) {
  check(x.defined(), "gumbel_softmax: expected a tensor, but got an undefined one");
  check(x.is_floating_point(), "gumbel_softmax: expected logits in floating point, got ", x.scalar_type());
  // -ln(-ln u), u uniform in (0, 1): 1 - u of PyTorch's [0, 1), so that no logarithm meets 0.
  const Tensor u = empty(x.sizes(), x.options()).uniform_();
  const Tensor waiting = (-log1p(-u)).clamp_min_(std::numeric_limits<float>::min());
  const Tensor soft = ((x - log(waiting)) / o.tau()).softmax(o.dim());
  if (!o.hard()) return soft;
  const Tensor hard = zeros(x.sizes(), x.options()).scatter_(o.dim(), soft.argmax(o.dim(), true), 1.0);
  return hard - soft.detach() + soft;
}

}  // namespace gradus::nn::functional
