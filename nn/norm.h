// Normalization layers. Formulas and derivatives: autograd/ops/norm.h.
#pragma once
#include <optional>
#include <vector>

#include "gradus/nn/layer.h"

namespace gradus::nn {

/// momentum: the share of a new batch in the running statistics; std::nullopt: their plain average. affine: learn a
/// weight and a bias a channel.
struct BatchNormOptions {
  BatchNormOptions(int64_t num_features) : num_features_(num_features) {}
  GRADUS_ARG(int64_t, num_features);
  GRADUS_ARG(double, eps) = 1e-5;
  GRADUS_ARG(std::optional<double>, momentum) = 0.1;
  GRADUS_ARG(bool, affine) = true;
  GRADUS_ARG(bool, track_running_stats) = true;
};
using BatchNorm1dOptions = BatchNormOptions;
using BatchNorm2dOptions = BatchNormOptions;
using BatchNorm3dOptions = BatchNormOptions;
struct InstanceNormOptions {
  InstanceNormOptions(int64_t num_features) : num_features_(num_features) {}
  GRADUS_ARG(int64_t, num_features);
  GRADUS_ARG(double, eps) = 1e-5;
  GRADUS_ARG(double, momentum) = 0.1;
  GRADUS_ARG(bool, affine) = false;
  GRADUS_ARG(bool, track_running_stats) = false;
};
using InstanceNorm1dOptions = InstanceNormOptions;
using InstanceNorm2dOptions = InstanceNormOptions;
using InstanceNorm3dOptions = InstanceNormOptions;

/// Weight, bias and running statistics of one number a channel. weight starts at 1, bias at 0.
template <class Derived, class Options>
class ChannelNorm : public Cloneable<Derived> {
 public:
  explicit ChannelNorm(const Options& options);
  ~ChannelNorm() override;
  void reset() override;
  void reset_parameters();
  void reset_running_stats();
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x);
  /// relu(forward(x)), over a batch in the passes of the norm.
  Tensor forward_relu(const Tensor& x);

  Options options;
  Tensor weight;               // [C], undefined unless affine
  Tensor bias;                 // [C], undefined unless affine
  Tensor running_mean;         // [C], undefined unless track_running_stats
  Tensor running_var;          // [C]
  Tensor num_batches_tracked;  // an int64
};

/// Over the batch: x [N, C] or [N, C, L].
class BatchNorm1dImpl : public ChannelNorm<BatchNorm1dImpl, BatchNormOptions> {
 public:
  using ChannelNorm::ChannelNorm;
  static constexpr const char* text = "BatchNorm1d";
  static void check_input_dim(const Tensor& x);
};
GRADUS_MODULE(BatchNorm1d);

/// Over the batch: x [N, C, H, W].
class BatchNorm2dImpl : public ChannelNorm<BatchNorm2dImpl, BatchNormOptions> {
 public:
  using ChannelNorm::ChannelNorm;
  static constexpr const char* text = "BatchNorm2d";
  static void check_input_dim(const Tensor& x);
};
GRADUS_MODULE(BatchNorm2d);

/// Over the batch: x [N, C, D, H, W].
class BatchNorm3dImpl : public ChannelNorm<BatchNorm3dImpl, BatchNormOptions> {
 public:
  using ChannelNorm::ChannelNorm;
  static constexpr const char* text = "BatchNorm3d";
  static void check_input_dim(const Tensor& x);
};
GRADUS_MODULE(BatchNorm3d);

/// Over each sample by itself: x [N, C, L] or [C, L].
class InstanceNorm1dImpl : public ChannelNorm<InstanceNorm1dImpl, InstanceNormOptions> {
 public:
  using ChannelNorm::ChannelNorm;
  static constexpr const char* text = "InstanceNorm1d";
  static constexpr int64_t dims = 1;
  static void check_input_dim(const Tensor& x);
};
GRADUS_MODULE(InstanceNorm1d);

/// Over each sample by itself: x [N, C, H, W] or [C, H, W].
class InstanceNorm2dImpl : public ChannelNorm<InstanceNorm2dImpl, InstanceNormOptions> {
 public:
  using ChannelNorm::ChannelNorm;
  static constexpr const char* text = "InstanceNorm2d";
  static constexpr int64_t dims = 2;
  static void check_input_dim(const Tensor& x);
};
GRADUS_MODULE(InstanceNorm2d);

/// Over each sample by itself: x [N, C, D, H, W] or [C, D, H, W].
class InstanceNorm3dImpl : public ChannelNorm<InstanceNorm3dImpl, InstanceNormOptions> {
 public:
  using ChannelNorm::ChannelNorm;
  static constexpr const char* text = "InstanceNorm3d";
  static constexpr int64_t dims = 3;
  static void check_input_dim(const Tensor& x);
};
GRADUS_MODULE(InstanceNorm3d);

struct LayerNormOptions {
  LayerNormOptions(std::vector<int64_t> normalized_shape) : normalized_shape_(std::move(normalized_shape)) {}
  GRADUS_ARG(std::vector<int64_t>, normalized_shape);
  GRADUS_ARG(double, eps) = 1e-5;
  GRADUS_ARG(bool, elementwise_affine) = true;
};

/// Over the last dimensions, whose sizes are normalized_shape.
class LayerNormImpl : public Cloneable<LayerNormImpl> {
 public:
  LayerNormImpl(std::vector<int64_t> normalized_shape) : LayerNormImpl(LayerNormOptions(std::move(normalized_shape))) {}
  explicit LayerNormImpl(const LayerNormOptions& options);
  ~LayerNormImpl() override;
  void reset() override;
  void reset_parameters();
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x);

  LayerNormOptions options;
  Tensor weight;
  Tensor bias;
};
GRADUS_MODULE(LayerNorm);

/// eps: the epsilon of x's type unless given.
struct RMSNormOptions {
  RMSNormOptions(std::vector<int64_t> normalized_shape) : normalized_shape_(std::move(normalized_shape)) {}
  GRADUS_ARG(std::vector<int64_t>, normalized_shape);
  GRADUS_ARG(std::optional<double>, eps) = std::nullopt;
  GRADUS_ARG(bool, elementwise_affine) = true;
};

/// x divided by the root of its mean square over the last dimensions, whose sizes are normalized_shape.
class RMSNormImpl : public Cloneable<RMSNormImpl> {
 public:
  RMSNormImpl(std::vector<int64_t> normalized_shape) : RMSNormImpl(RMSNormOptions(std::move(normalized_shape))) {}
  explicit RMSNormImpl(const RMSNormOptions& options);
  ~RMSNormImpl() override;
  void reset() override;
  void reset_parameters();
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x);

  RMSNormOptions options;
  Tensor weight;
};
GRADUS_MODULE(RMSNorm);

struct GroupNormOptions {
  GroupNormOptions(int64_t num_groups, int64_t num_channels) : num_groups_(num_groups), num_channels_(num_channels) {}
  GRADUS_ARG(int64_t, num_groups);
  GRADUS_ARG(int64_t, num_channels);
  GRADUS_ARG(double, eps) = 1e-5;
  GRADUS_ARG(bool, affine) = true;
};

/// Over groups of channels of each sample: x [N, C, ...].
class GroupNormImpl : public Cloneable<GroupNormImpl> {
 public:
  GroupNormImpl(int64_t num_groups, int64_t num_channels) : GroupNormImpl(GroupNormOptions(num_groups, num_channels)) {}
  explicit GroupNormImpl(const GroupNormOptions& options);
  ~GroupNormImpl() override;
  void reset() override;
  void reset_parameters();
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x);

  GroupNormOptions options;
  Tensor weight;
  Tensor bias;
};
GRADUS_MODULE(GroupNorm);

namespace functional {

struct BatchNormFuncOptions {
  GRADUS_ARG(Tensor, weight) = {};
  GRADUS_ARG(Tensor, bias) = {};
  GRADUS_ARG(bool, training) = false;
  GRADUS_ARG(std::optional<double>, momentum) = 0.1;
  GRADUS_ARG(double, eps) = 1e-5;
};
struct InstanceNormFuncOptions {
  GRADUS_ARG(Tensor, running_mean) = {};
  GRADUS_ARG(Tensor, running_var) = {};
  GRADUS_ARG(Tensor, weight) = {};
  GRADUS_ARG(Tensor, bias) = {};
  GRADUS_ARG(bool, use_input_stats) = true;
  GRADUS_ARG(double, momentum) = 0.1;
  GRADUS_ARG(double, eps) = 1e-5;
};
struct LayerNormFuncOptions {
  LayerNormFuncOptions(std::vector<int64_t> normalized_shape) : normalized_shape_(std::move(normalized_shape)) {}
  GRADUS_ARG(std::vector<int64_t>, normalized_shape);
  GRADUS_ARG(Tensor, weight) = {};
  GRADUS_ARG(Tensor, bias) = {};
  GRADUS_ARG(double, eps) = 1e-5;
};
struct RMSNormFuncOptions {
  RMSNormFuncOptions(std::vector<int64_t> normalized_shape) : normalized_shape_(std::move(normalized_shape)) {}
  GRADUS_ARG(std::vector<int64_t>, normalized_shape);
  GRADUS_ARG(Tensor, weight) = {};
  GRADUS_ARG(std::optional<double>, eps) = std::nullopt;
};
struct GroupNormFuncOptions {
  GroupNormFuncOptions(int64_t num_groups) : num_groups_(num_groups) {}
  GRADUS_ARG(int64_t, num_groups);
  GRADUS_ARG(Tensor, weight) = {};
  GRADUS_ARG(Tensor, bias) = {};
  GRADUS_ARG(double, eps) = 1e-5;
};
struct NormalizeFuncOptions {
  GRADUS_ARG(double, p) = 2.0;
  GRADUS_ARG(int64_t, dim) = 1;
  GRADUS_ARG(double, eps) = 1e-12;
  GRADUS_ARG(std::optional<Tensor>, out) = std::nullopt;
};

Tensor batch_norm(const Tensor& x, const Tensor& running_mean, const Tensor& running_var,
                  const BatchNormFuncOptions& options = {});
Tensor instance_norm(const Tensor& x, const InstanceNormFuncOptions& options = {});
Tensor layer_norm(const Tensor& x, const LayerNormFuncOptions& options);
Tensor rms_norm(const Tensor& x, const RMSNormFuncOptions& options);
Tensor group_norm(const Tensor& x, const GroupNormFuncOptions& options);
/// x / max(norm_p(x), eps) along dim; written into `out` if it is given, whose history it then is not.
Tensor normalize(const Tensor& x, const NormalizeFuncOptions& options = {});

}  // namespace functional
}  // namespace gradus::nn
