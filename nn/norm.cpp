#include "gradus/nn/norm.h"

#include <ostream>
#include <type_traits>

#include "gradus/autograd/grad_mode.h"
#include "gradus/autograd/ops/activation.h"
#include "gradus/autograd/ops/arithmetic.h"
#include "gradus/autograd/ops/norm.h"
#include "gradus/autograd/ops/reduce.h"
#include "gradus/nn/init.h"
#include "gradus/tensor/factories.h"

namespace gradus::nn {
namespace {

const char* text_of(bool b) { return b ? "true" : "false"; }

// The share of this batch in the running statistics, 1 / number of batches without a momentum.
double share_of_batch(const std::optional<double>& momentum, const Tensor& batches) {
  if (momentum) return *momentum;
  return batches.defined() ? 1.0 / (batches.item<double>() + 1) : 0.0;
}

// The variance of one value says nothing.
void check_batch(const Tensor& x) {
  check(x.dim() < 2 || x.numel() != x.size(1), "Expected more than 1 value per channel when training, got input size ",
        x.sizes());
}

Tensor normalized(const BatchNormOptions& o, const Tensor& x, const Tensor& weight, const Tensor& bias,
                  const Tensor& mean, const Tensor& var, const Tensor& batches, bool training, bool relu = false) {
  const bool count = training && o.track_running_stats();
  const Tensor next = count ? batches + 1 : Tensor();
  const bool batch = training || !o.track_running_stats();
  if (batch) check_batch(x);
  const double share = count ? share_of_batch(o.momentum(), batches) : o.momentum().value_or(0.0);
  Tensor y = relu ? gradus::batch_norm_relu(x, weight, bias, mean, var, batch, share, o.eps())
                  : gradus::batch_norm(x, weight, bias, mean, var, batch, share, o.eps());
  if (count) batches.copy_(next);  // last: a batch that failed does not count
  return y;
}

Tensor normalized(const InstanceNormOptions& o, const Tensor& x, const Tensor& weight, const Tensor& bias,
                  const Tensor& mean, const Tensor& var, const Tensor&, bool training) {
  return gradus::instance_norm(x, weight, bias, mean, var, training || !o.track_running_stats(), o.momentum(), o.eps());
}

void print_if(std::ostream& stream, const std::optional<double>& v) { v ? stream << *v : stream << "None"; }

}  // namespace

// ---- norms of channels ----------------------------------------------------------------------------------------------

template <class Derived, class Options>
ChannelNorm<Derived, Options>::ChannelNorm(const Options& options) : options(options) {
  ChannelNorm::reset();
}
template <class Derived, class Options>
ChannelNorm<Derived, Options>::~ChannelNorm() = default;

template <class Derived, class Options>
void ChannelNorm<Derived, Options>::reset() {
  const int64_t c = options.num_features();
  const bool affine = options.affine(), track = options.track_running_stats();
  weight = this->register_parameter("weight", affine ? empty({c}) : Tensor(), affine);
  bias = this->register_parameter("bias", affine ? empty({c}) : Tensor(), affine);
  running_mean = this->register_buffer("running_mean", track ? zeros({c}) : Tensor());
  running_var = this->register_buffer("running_var", track ? ones({c}) : Tensor());
  num_batches_tracked = this->register_buffer("num_batches_tracked", track ? zeros({}, kLong) : Tensor());
  reset_parameters();
}

template <class Derived, class Options>
void ChannelNorm<Derived, Options>::reset_running_stats() {
  if (!options.track_running_stats()) return;
  running_mean.zero_();
  running_var.fill_(1);
  num_batches_tracked.zero_();
}

template <class Derived, class Options>
void ChannelNorm<Derived, Options>::reset_parameters() {
  reset_running_stats();
  if (!options.affine()) return;
  init::ones_(weight);
  init::zeros_(bias);
}

template <class Derived, class Options>
void ChannelNorm<Derived, Options>::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::" << Derived::text << "(" << options.num_features() << ", eps=" << options.eps()
         << ", momentum=";
  print_if(stream, options.momentum());
  stream << ", affine=" << text_of(options.affine())
         << ", track_running_stats=" << text_of(options.track_running_stats()) << ")";
}

template <class Derived, class Options>
Tensor ChannelNorm<Derived, Options>::forward(const Tensor& x) {
  Derived::check_input_dim(x);
  if constexpr (std::is_same_v<Options, InstanceNormOptions>)
    if (x.dim() == Derived::dims + 1) return forward(x.unsqueeze(0)).squeeze(0);
  return normalized(options, x, weight, bias, running_mean, running_var, num_batches_tracked, this->is_training());
}

template <class Derived, class Options>
Tensor ChannelNorm<Derived, Options>::forward_relu(const Tensor& x) {
  if constexpr (std::is_same_v<Options, InstanceNormOptions>) {
    return relu(forward(x));
  } else {
    Derived::check_input_dim(x);
    return normalized(options, x, weight, bias, running_mean, running_var, num_batches_tracked, this->is_training(),
                      true);
  }
}

template class ChannelNorm<BatchNorm1dImpl, BatchNormOptions>;
template class ChannelNorm<BatchNorm2dImpl, BatchNormOptions>;
template class ChannelNorm<BatchNorm3dImpl, BatchNormOptions>;
template class ChannelNorm<InstanceNorm1dImpl, InstanceNormOptions>;
template class ChannelNorm<InstanceNorm2dImpl, InstanceNormOptions>;
template class ChannelNorm<InstanceNorm3dImpl, InstanceNormOptions>;

void BatchNorm1dImpl::check_input_dim(const Tensor& x) {
  check(x.dim() == 2 || x.dim() == 3, "expected 2D or 3D input (got ", x.dim(), "D input)");
}
void BatchNorm2dImpl::check_input_dim(const Tensor& x) {
  check(x.dim() == 4, "expected 4D input (got ", x.dim(), "D input)");
}
void BatchNorm3dImpl::check_input_dim(const Tensor& x) {
  check(x.dim() == 5, "expected 5D input (got ", x.dim(), "D input)");
}
void InstanceNorm1dImpl::check_input_dim(const Tensor& x) {
  check(x.dim() == 3 || x.dim() == 2, "expected 2D or 3D input (got ", x.dim(), "D input)");
}
void InstanceNorm2dImpl::check_input_dim(const Tensor& x) {
  check(x.dim() == 4 || x.dim() == 3, "expected 3D or 4D input (got ", x.dim(), "D input)");
}
void InstanceNorm3dImpl::check_input_dim(const Tensor& x) {
  check(x.dim() == 5 || x.dim() == 4, "expected 4D or 5D input (got ", x.dim(), "D input)");
}

// ---- LayerNorm ------------------------------------------------------------------------------------------------------

LayerNormImpl::LayerNormImpl(const LayerNormOptions& options) : options(options) { LayerNormImpl::reset(); }
LayerNormImpl::~LayerNormImpl() = default;

void LayerNormImpl::reset() {
  const bool affine = options.elementwise_affine();
  weight = register_parameter("weight", affine ? empty(IntArrayRef(options.normalized_shape())) : Tensor(), affine);
  bias = register_parameter("bias", affine ? empty(IntArrayRef(options.normalized_shape())) : Tensor(), affine);
  reset_parameters();
}

void LayerNormImpl::reset_parameters() {
  if (!options.elementwise_affine()) return;
  init::ones_(weight);
  init::zeros_(bias);
}

void LayerNormImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::LayerNorm(" << IntArrayRef(options.normalized_shape()) << ", eps=" << options.eps()
         << ", elementwise_affine=" << text_of(options.elementwise_affine()) << ")";
}

Tensor LayerNormImpl::forward(const Tensor& x) {
  return gradus::layer_norm(x, options.normalized_shape(), weight, bias, options.eps());
}

// ---- RMSNorm --------------------------------------------------------------------------------------------------------

RMSNormImpl::RMSNormImpl(const RMSNormOptions& options) : options(options) { RMSNormImpl::reset(); }
RMSNormImpl::~RMSNormImpl() = default;

void RMSNormImpl::reset() {
  const bool affine = options.elementwise_affine();
  weight = register_parameter("weight", affine ? empty(IntArrayRef(options.normalized_shape())) : Tensor(), affine);
  reset_parameters();
}

void RMSNormImpl::reset_parameters() {
  if (options.elementwise_affine()) init::ones_(weight);
}

void RMSNormImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::RMSNorm(" << IntArrayRef(options.normalized_shape()) << ", eps=";
  print_if(stream, options.eps());
  stream << ", elementwise_affine=" << text_of(options.elementwise_affine()) << ")";
}

Tensor RMSNormImpl::forward(const Tensor& x) {
  return gradus::rms_norm(x, options.normalized_shape(), weight, options.eps());
}

// ---- GroupNorm ------------------------------------------------------------------------------------------------------

GroupNormImpl::GroupNormImpl(const GroupNormOptions& options) : options(options) { GroupNormImpl::reset(); }
GroupNormImpl::~GroupNormImpl() = default;

void GroupNormImpl::reset() {
  const bool affine = options.affine();
  check(options.num_groups() > 0 && options.num_channels() % options.num_groups() == 0,
        "GroupNorm: num_channels must be divisible by num_groups, got ", options.num_channels(), " and ",
        options.num_groups());
  weight = register_parameter("weight", affine ? empty({options.num_channels()}) : Tensor(), affine);
  bias = register_parameter("bias", affine ? empty({options.num_channels()}) : Tensor(), affine);
  reset_parameters();
}

void GroupNormImpl::reset_parameters() {
  if (!options.affine()) return;
  init::ones_(weight);
  init::zeros_(bias);
}

void GroupNormImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::GroupNorm(" << options.num_groups() << ", " << options.num_channels()
         << ", eps=" << options.eps() << ", affine=" << text_of(options.affine()) << ")";
}

Tensor GroupNormImpl::forward(const Tensor& x) {
  return gradus::group_norm(x, options.num_groups(), weight, bias, options.eps());
}

// ---- functional -----------------------------------------------------------------------------------------------------

Tensor functional::batch_norm(const Tensor& x, const Tensor& running_mean, const Tensor& running_var,
                              const BatchNormFuncOptions& o) {
  if (o.training()) check_batch(x);
  return gradus::batch_norm(x, o.weight(), o.bias(), running_mean, running_var, o.training(),
                            o.momentum().value_or(0.0), o.eps());
}

Tensor functional::instance_norm(const Tensor& x, const InstanceNormFuncOptions& o) {
  return gradus::instance_norm(x, o.weight(), o.bias(), o.running_mean(), o.running_var(), o.use_input_stats(),
                               o.momentum(), o.eps());
}

Tensor functional::layer_norm(const Tensor& x, const LayerNormFuncOptions& o) {
  return gradus::layer_norm(x, o.normalized_shape(), o.weight(), o.bias(), o.eps());
}

Tensor functional::rms_norm(const Tensor& x, const RMSNormFuncOptions& o) {
  return gradus::rms_norm(x, o.normalized_shape(), o.weight(), o.eps());
}

Tensor functional::group_norm(const Tensor& x, const GroupNormFuncOptions& o) {
  return gradus::group_norm(x, o.num_groups(), o.weight(), o.bias(), o.eps());
}

Tensor functional::normalize(const Tensor& x, const NormalizeFuncOptions& o) {
  const Tensor y = x / x.norm(o.p(), o.dim(), true).clamp_min(o.eps());
  if (!o.out()) return y;
  check(!autograd::GradMode::is_enabled() || !(y.requires_grad() || o.out()->requires_grad()),
        "normalize: functions with out=... arguments don't support automatic differentiation, but one of the arguments "
        "requires grad.");
  return o.out()->resize_(y.sizes()).copy_(y);
}

}  // namespace gradus::nn
