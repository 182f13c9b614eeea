#include "gradus/nn/activation.h"

#include "gradus/autograd/ops/activation.h"
#include "gradus/autograd/ops/arithmetic.h"
#include "gradus/autograd/ops/elementary.h"
#include "gradus/nn/layer_impl.h"
#include "gradus/tensor/factories.h"

namespace gradus::nn {
namespace F = functional;

template class Layer<ELUImpl, ELUOptions>;
template class Layer<SELUImpl, SELUOptions>;
template class Layer<CELUImpl, CELUOptions>;
template class Layer<ReLUImpl, ReLUOptions>;
template class Layer<ReLU6Impl, ReLU6Options>;
template class Layer<LeakyReLUImpl, LeakyReLUOptions>;
template class Layer<RReLUImpl, RReLUOptions>;
template class Layer<HardswishImpl, HardswishOptions>;
template class Layer<HardsigmoidImpl, HardsigmoidOptions>;
template class Layer<HardtanhImpl, HardtanhOptions>;
template class Layer<HardshrinkImpl, HardshrinkOptions>;
template class Layer<SoftshrinkImpl, SoftshrinkOptions>;
template class Layer<SoftplusImpl, SoftplusOptions>;
template class Layer<GLUImpl, GLUOptions>;
template class Layer<GELUImpl, GELUOptions>;
template class Layer<SiLUImpl>;
template class Layer<MishImpl>;
template class Layer<SigmoidImpl>;
template class Layer<LogSigmoidImpl>;
template class Layer<TanhImpl>;
template class Layer<SoftsignImpl>;
template class Layer<TanhshrinkImpl>;
template class Layer<Softmax2dImpl>;
template class Layer<SoftmaxImpl, SoftmaxOptions>;
template class Layer<SoftminImpl, SoftminOptions>;
template class Layer<LogSoftmaxImpl, LogSoftmaxOptions>;
template class Layer<ThresholdImpl, ThresholdOptions>;

Tensor ELUImpl::forward(const Tensor& x) { return F::elu(x, options); }
Tensor SELUImpl::forward(const Tensor& x) { return F::selu(x, options); }
Tensor CELUImpl::forward(const Tensor& x) { return F::celu(x, options); }
Tensor ReLUImpl::forward(const Tensor& x) { return F::relu(x, options); }
Tensor ReLU6Impl::forward(const Tensor& x) { return F::relu6(x, options); }
Tensor LeakyReLUImpl::forward(const Tensor& x) { return F::leaky_relu(x, options); }
Tensor RReLUImpl::forward(const Tensor& x) {
  return F::rrelu(x, F::RReLUFuncOptions()
                         .lower(options.lower())
                         .upper(options.upper())
                         .training(is_training())
                         .inplace(options.inplace()));
}
Tensor HardswishImpl::forward(const Tensor& x) { return F::hardswish(x, options); }
Tensor HardsigmoidImpl::forward(const Tensor& x) { return F::hardsigmoid(x, options); }
Tensor HardtanhImpl::forward(const Tensor& x) { return F::hardtanh(x, options); }
Tensor HardshrinkImpl::forward(const Tensor& x) { return F::hardshrink(x, options); }
Tensor SoftshrinkImpl::forward(const Tensor& x) { return F::softshrink(x, options); }
Tensor SoftplusImpl::forward(const Tensor& x) { return F::softplus(x, options); }
Tensor GLUImpl::forward(const Tensor& x) { return F::glu(x, options); }
Tensor GELUImpl::forward(const Tensor& x) { return F::gelu(x, options); }
Tensor SiLUImpl::forward(const Tensor& x) { return silu(x); }
Tensor MishImpl::forward(const Tensor& x) { return mish(x); }
Tensor SigmoidImpl::forward(const Tensor& x) { return sigmoid(x); }
Tensor LogSigmoidImpl::forward(const Tensor& x) { return log_sigmoid(x); }
Tensor TanhImpl::forward(const Tensor& x) { return tanh(x); }
Tensor SoftsignImpl::forward(const Tensor& x) { return softsign(x); }
Tensor TanhshrinkImpl::forward(const Tensor& x) { return tanhshrink(x); }
Tensor SoftmaxImpl::forward(const Tensor& x) { return x.softmax(options.dim()); }
Tensor SoftminImpl::forward(const Tensor& x) { return (-x).softmax(options.dim()); }
Tensor LogSoftmaxImpl::forward(const Tensor& x) { return x.log_softmax(options.dim()); }
Tensor ThresholdImpl::forward(const Tensor& x) { return F::threshold(x, options); }
Tensor Softmax2dImpl::forward(const Tensor& x) {
  check(x.dim() == 4 || x.dim() == 3, "Softmax2d requires a 3D or 4D tensor as input, got ", x.sizes());
  return x.softmax(-3);
}

// ---- PReLU ----------------------------------------------------------------------------------------------------------

PReLUImpl::PReLUImpl(const PReLUOptions& options) : options(options) { PReLUImpl::reset(); }
PReLUImpl::~PReLUImpl() = default;
void PReLUImpl::reset() { weight = register_parameter("weight", full({options.num_parameters()}, options.init())); }
Tensor PReLUImpl::forward(const Tensor& x) { return prelu(x, weight); }
void PReLUImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::PReLU(num_parameters=" << options.num_parameters() << ")";
}

// ---- printing -------------------------------------------------------------------------------------------------------

namespace {

const char* also(bool inplace) { return inplace ? ", inplace=true)" : ")"; }
const char* only(bool inplace) { return inplace ? "inplace=true)" : ")"; }

}  // namespace

void ELUImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::ELU(alpha=" << options.alpha() << also(options.inplace());
}
void SELUImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::SELU(" << only(options.inplace()); }
void CELUImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::CELU(alpha=" << options.alpha() << also(options.inplace());
}
void ReLUImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::ReLU(" << only(options.inplace()); }
void ReLU6Impl::pretty_print(std::ostream& stream) const { stream << "torch::nn::ReLU6(" << only(options.inplace()); }
void LeakyReLUImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::LeakyReLU(negative_slope=" << options.negative_slope() << also(options.inplace());
}
void RReLUImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::RReLU(lower=" << options.lower() << ", upper=" << options.upper() << also(options.inplace());
}
void HardswishImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::Hardswish(" << only(options.inplace());
}
void HardsigmoidImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::Hardsigmoid(" << only(options.inplace());
}
void HardtanhImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::Hardtanh(min_val=" << options.min_val() << ", max_val=" << options.max_val()
         << also(options.inplace());
}
void HardshrinkImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::Hardshrink(" << options.lambda() << ")";
}
void SoftshrinkImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::Softshrink(" << options.lambda() << ")";
}
void SoftplusImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::Softplus(beta=" << options.beta() << ", threshold=" << options.threshold() << ")";
}
void GLUImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::GLU(dim=" << options.dim() << ")"; }
void GELUImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::GELU()"; }
void SiLUImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::SiLU()"; }
void MishImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::Mish()"; }
void SigmoidImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::Sigmoid()"; }
void LogSigmoidImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::LogSigmoid()"; }
void TanhImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::Tanh()"; }
void SoftsignImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::Softsign()"; }
void TanhshrinkImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::Tanhshrink()"; }
void Softmax2dImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::Softmax2d()"; }
void SoftmaxImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::Softmax(dim=" << options.dim() << ")";
}
void SoftminImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::Softmin(dim=" << options.dim() << ")";
}
void LogSoftmaxImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::LogSoftmax(dim=" << options.dim() << ")";
}
void ThresholdImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::Threshold(threshold=" << options.threshold() << ", value=" << options.value()
         << also(options.inplace());
}

}  // namespace gradus::nn
