// Activations as functions with options; gradus::relu and its kind are the same without. Formulas and derivatives:
// autograd/ops/activation.h. `inplace` overwrites the input.
#pragma once
#include <optional>
#include <string>

#include "gradus/tensor/arg.h"
#include "gradus/tensor/tensor.h"

namespace gradus::nn {

struct ELUOptions {
  GRADUS_ARG(double, alpha) = 1.0;
  GRADUS_ARG(bool, inplace) = false;
};
struct SELUOptions {
  SELUOptions(bool inplace = false) : inplace_(inplace) {}
  GRADUS_ARG(bool, inplace);
};
struct GLUOptions {
  GLUOptions(int64_t dim = -1) : dim_(dim) {}
  GRADUS_ARG(int64_t, dim);
};
/// approximate: "none" or "tanh".
struct GELUOptions {
  GRADUS_ARG(std::string, approximate) = "none";
};
struct HardshrinkOptions {
  HardshrinkOptions(double lambda = 0.5) : lambda_(lambda) {}
  GRADUS_ARG(double, lambda);
};
struct HardtanhOptions {
  GRADUS_ARG(double, min_val) = -1.0;
  GRADUS_ARG(double, max_val) = 1.0;
  GRADUS_ARG(bool, inplace) = false;
};
struct LeakyReLUOptions {
  GRADUS_ARG(double, negative_slope) = 1e-2;
  GRADUS_ARG(bool, inplace) = false;
};
struct SoftmaxOptions {
  SoftmaxOptions(int64_t dim) : dim_(dim) {}
  GRADUS_ARG(int64_t, dim);
};
using SoftminOptions = SoftmaxOptions;
using LogSoftmaxOptions = SoftmaxOptions;
struct PReLUOptions {
  GRADUS_ARG(int64_t, num_parameters) = 1;
  GRADUS_ARG(double, init) = 0.25;
};
struct ReLUOptions {
  ReLUOptions(bool inplace = false) : inplace_(inplace) {}
  GRADUS_ARG(bool, inplace);
};
struct ReLU6Options {
  ReLU6Options(bool inplace = false) : inplace_(inplace) {}
  GRADUS_ARG(bool, inplace);
};
struct RReLUOptions {
  GRADUS_ARG(double, lower) = 1.0 / 8.0;
  GRADUS_ARG(double, upper) = 1.0 / 3.0;
  GRADUS_ARG(bool, inplace) = false;
};
struct HardswishOptions {
  HardswishOptions(bool inplace = false) : inplace_(inplace) {}
  GRADUS_ARG(bool, inplace);
};
struct HardsigmoidOptions {
  HardsigmoidOptions(bool inplace = false) : inplace_(inplace) {}
  GRADUS_ARG(bool, inplace);
};
struct CELUOptions {
  GRADUS_ARG(double, alpha) = 1.0;
  GRADUS_ARG(bool, inplace) = false;
};
struct SoftplusOptions {
  GRADUS_ARG(double, beta) = 1.0;
  GRADUS_ARG(double, threshold) = 20.0;
};
struct SoftshrinkOptions {
  SoftshrinkOptions(double lambda = 0.5) : lambda_(lambda) {}
  GRADUS_ARG(double, lambda);
};
struct ThresholdOptions {
  ThresholdOptions(double threshold, double value) : threshold_(threshold), value_(value) {}
  GRADUS_ARG(double, threshold);
  GRADUS_ARG(double, value);
  GRADUS_ARG(bool, inplace) = false;
};

namespace functional {

using ELUFuncOptions = ELUOptions;
using SELUFuncOptions = SELUOptions;
using GLUFuncOptions = GLUOptions;
using GELUFuncOptions = GELUOptions;
using HardshrinkFuncOptions = HardshrinkOptions;
using HardtanhFuncOptions = HardtanhOptions;
using LeakyReLUFuncOptions = LeakyReLUOptions;
using ReLUFuncOptions = ReLUOptions;
using ReLU6FuncOptions = ReLU6Options;
using HardswishFuncOptions = HardswishOptions;
using HardsigmoidFuncOptions = HardsigmoidOptions;
using CELUFuncOptions = CELUOptions;
using SoftplusFuncOptions = SoftplusOptions;
using SoftshrinkFuncOptions = SoftshrinkOptions;
using ThresholdFuncOptions = ThresholdOptions;
struct SoftmaxFuncOptions {
  SoftmaxFuncOptions(int64_t dim) : dim_(dim) {}
  GRADUS_ARG(int64_t, dim);
  GRADUS_ARG(std::optional<Dtype>, dtype) = std::nullopt;
};
using SoftminFuncOptions = SoftmaxFuncOptions;
using LogSoftmaxFuncOptions = SoftmaxFuncOptions;
struct RReLUFuncOptions {
  GRADUS_ARG(double, lower) = 1.0 / 8.0;
  GRADUS_ARG(double, upper) = 1.0 / 3.0;
  GRADUS_ARG(bool, training) = false;
  GRADUS_ARG(bool, inplace) = false;
};
/// tau: the temperature. hard: forward gives the one-hot vector of the largest, backward the derivative of the softmax.
struct GumbelSoftmaxFuncOptions {
  GRADUS_ARG(double, tau) = 1.0;
  GRADUS_ARG(bool, hard) = false;
  GRADUS_ARG(int, dim) = -1;
};

Tensor elu(Tensor x, const ELUFuncOptions& options = {});
Tensor selu(Tensor x, const SELUFuncOptions& options = {});
Tensor celu(Tensor x, const CELUFuncOptions& options = {});
Tensor relu(Tensor x, const ReLUFuncOptions& options = {});
Tensor relu6(Tensor x, const ReLU6FuncOptions& options = {});
Tensor leaky_relu(Tensor x, const LeakyReLUFuncOptions& options = {});
Tensor rrelu(Tensor x, const RReLUFuncOptions& options = {});
Tensor hardtanh(Tensor x, const HardtanhFuncOptions& options = {});
Tensor hardswish(Tensor x, const HardswishFuncOptions& options = {});
Tensor hardsigmoid(Tensor x, const HardsigmoidFuncOptions& options = {});
Tensor threshold(Tensor x, const ThresholdFuncOptions& options);
Tensor hardshrink(const Tensor& x, const HardshrinkFuncOptions& options = {});
Tensor softshrink(const Tensor& x, const SoftshrinkFuncOptions& options = {});
Tensor softplus(const Tensor& x, const SoftplusFuncOptions& options = {});
Tensor glu(const Tensor& x, const GLUFuncOptions& options = {});
Tensor gelu(const Tensor& x, const GELUFuncOptions& options = {});
Tensor silu(const Tensor& x);
Tensor mish(const Tensor& x);
Tensor logsigmoid(const Tensor& x);
Tensor softsign(const Tensor& x);
Tensor tanhshrink(const Tensor& x);
Tensor prelu(const Tensor& x, const Tensor& weight);
/// e^x / sum(e^x) along dim; softmin is the softmax of -x.
Tensor softmax(const Tensor& x, const SoftmaxFuncOptions& options);
Tensor softmin(const Tensor& x, const SoftminFuncOptions& options);
/// x - log(sum(e^x)) along dim.
Tensor log_softmax(const Tensor& x, const LogSoftmaxFuncOptions& options);

/// softmax((x + noise) / tau), noise of the Gumbel distribution: a differentiable draw from the classes of x.
/// Jang et al. 2017, arXiv:1611.01144.
Tensor gumbel_softmax(const Tensor& x, const GumbelSoftmaxFuncOptions& options = {});

}  // namespace functional
}  // namespace gradus::nn
