#include "gradus/nn/linear.h"

#include <cmath>

#include "gradus/autograd/ops/arithmetic.h"
#include "gradus/autograd/ops/matmul.h"
#include "gradus/autograd/ops/products.h"
#include "gradus/autograd/ops/reduce.h"
#include "gradus/autograd/ops/shape.h"
#include "gradus/nn/init.h"
#include "gradus/nn/layer_impl.h"
#include "gradus/tensor/factories.h"

namespace gradus::nn {

template class Layer<IdentityImpl>;
template class Layer<FlattenImpl, FlattenOptions>;
template class Layer<UnflattenImpl, UnflattenOptions>;

namespace {

const char* text(bool b) { return b ? "true" : "false"; }

}  // namespace

// ---- Linear ---------------------------------------------------------------------------------------------------------

LinearImpl::LinearImpl(const LinearOptions& options) : options(options) { LinearImpl::reset(); }
LinearImpl::~LinearImpl() = default;

void LinearImpl::reset() {
  weight = register_parameter("weight", empty({options.out_features(), options.in_features()}));
  bias = register_parameter("bias", options.bias() ? empty({options.out_features()}) : Tensor(), options.bias());
  reset_parameters();
}

void LinearImpl::reset_parameters() {
  init::kaiming_uniform_(weight, std::sqrt(5));
  if (!bias.defined()) return;
  const double bound = 1 / std::sqrt(static_cast<double>(weight.size(1)));
  init::uniform_(bias, -bound, bound);
}

void LinearImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::Linear(in_features=" << options.in_features() << ", out_features=" << options.out_features()
         << ", bias=" << text(options.bias()) << ")";
}

Tensor LinearImpl::forward(const Tensor& x) { return linear(x, weight, bias); }

// ---- Bilinear -------------------------------------------------------------------------------------------------------

BilinearImpl::BilinearImpl(const BilinearOptions& options) : options(options) { BilinearImpl::reset(); }
BilinearImpl::~BilinearImpl() = default;

void BilinearImpl::reset() {
  weight =
      register_parameter("weight", empty({options.out_features(), options.in1_features(), options.in2_features()}));
  bias = register_parameter("bias", options.bias() ? empty({options.out_features()}) : Tensor(), options.bias());
  reset_parameters();
}

void BilinearImpl::reset_parameters() {
  const double bound = 1 / std::sqrt(static_cast<double>(weight.size(1)));
  init::uniform_(weight, -bound, bound);
  if (bias.defined()) init::uniform_(bias, -bound, bound);
}

void BilinearImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::Bilinear(in1_features=" << options.in1_features() << ", in2_features=" << options.in2_features()
         << ", out_features=" << options.out_features() << ", bias=" << text(options.bias()) << ")";
}

Tensor BilinearImpl::forward(const Tensor& x1, const Tensor& x2) { return functional::bilinear(x1, x2, weight, bias); }

// ---- reshaping ------------------------------------------------------------------------------------------------------

void IdentityImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::Identity()"; }

void FlattenImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::Flatten(start_dim=" << options.start_dim() << ", end_dim=" << options.end_dim() << ")";
}
Tensor FlattenImpl::forward(const Tensor& x) { return x.flatten(options.start_dim(), options.end_dim()); }

void UnflattenImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::Unflatten(dim=" << options.dim() << ", unflattened_size={";
  for (size_t i = 0; i < options.sizes().size(); ++i) stream << (i ? ", " : "") << options.sizes()[i];
  stream << "})";
}
Tensor UnflattenImpl::forward(const Tensor& x) { return x.unflatten(options.dim(), options.sizes()); }

// ---- functional -----------------------------------------------------------------------------------------------------

Tensor functional::linear(const Tensor& x, const Tensor& weight, const Tensor& bias) {
  return gradus::linear(x, weight, bias);
}

Tensor functional::bilinear(const Tensor& x1, const Tensor& x2, const Tensor& weight, const Tensor& bias) {
  return gradus::bilinear(x1, x2, weight, bias);
}

}  // namespace gradus::nn
