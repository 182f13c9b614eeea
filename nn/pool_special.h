// Less common pooling: what undoes maxima, windows at random places, and power means.
#pragma once
#include "gradus/nn/any.h"
#include "gradus/nn/pool.h"

namespace gradus::nn {

/// stride is the kernel size unless set: those of the pooling that is undone.
template <size_t D>
struct MaxUnpoolOptions {
  MaxUnpoolOptions(ExpandingArray<D> kernel_size) : kernel_size_(kernel_size), stride_(kernel_size) {}
  GRADUS_ARG(ExpandingArray<D>, kernel_size);
  GRADUS_ARG(ExpandingArray<D>, stride);
  GRADUS_ARG(ExpandingArray<D>, padding) = 0;
};
using MaxUnpool1dOptions = MaxUnpoolOptions<1>;
using MaxUnpool2dOptions = MaxUnpoolOptions<2>;
using MaxUnpool3dOptions = MaxUnpoolOptions<3>;

/// One of output_size and output_ratio (output over input) must be set. _random_samples: numbers in [0, 1), [N, C, D],
/// drawn for every call unless set.
template <size_t D>
struct FractionalMaxPoolOptions {
  using ratio_t = std::optional<ExpandingArray<D, double>>;
  FractionalMaxPoolOptions(ExpandingArray<D> kernel_size) : kernel_size_(kernel_size) {}
  GRADUS_ARG(ExpandingArray<D>, kernel_size);
  GRADUS_ARG(std::optional<ExpandingArray<D>>, output_size) = std::nullopt;
  GRADUS_ARG(ratio_t, output_ratio) = std::nullopt;
  GRADUS_ARG(Tensor, _random_samples) = {};
};
using FractionalMaxPool2dOptions = FractionalMaxPoolOptions<2>;
using FractionalMaxPool3dOptions = FractionalMaxPoolOptions<3>;

template <size_t D>
struct LPPoolOptions {
  LPPoolOptions(double norm_type, ExpandingArray<D> kernel_size)
      : norm_type_(norm_type), kernel_size_(kernel_size), stride_(kernel_size) {}
  GRADUS_ARG(double, norm_type);
  GRADUS_ARG(ExpandingArray<D>, kernel_size);
  GRADUS_ARG(ExpandingArray<D>, stride);
  GRADUS_ARG(bool, ceil_mode) = false;
};
using LPPool1dOptions = LPPoolOptions<1>;
using LPPool2dOptions = LPPoolOptions<2>;
using LPPool3dOptions = LPPoolOptions<3>;

namespace functional {

/// output_size: [N, C, ...] or only its last D sizes; by default the smallest input of that pooling.
template <size_t D>
struct MaxUnpoolFuncOptions {
  MaxUnpoolFuncOptions(ExpandingArray<D> kernel_size) : kernel_size_(kernel_size), stride_(kernel_size) {}
  GRADUS_ARG(ExpandingArray<D>, kernel_size);
  GRADUS_ARG(ExpandingArray<D>, stride);
  GRADUS_ARG(ExpandingArray<D>, padding) = 0;
  GRADUS_ARG(std::optional<std::vector<int64_t>>, output_size) = std::nullopt;
};
using MaxUnpool1dFuncOptions = MaxUnpoolFuncOptions<1>;
using MaxUnpool2dFuncOptions = MaxUnpoolFuncOptions<2>;
using MaxUnpool3dFuncOptions = MaxUnpoolFuncOptions<3>;
using FractionalMaxPool2dFuncOptions = FractionalMaxPool2dOptions;
using FractionalMaxPool3dFuncOptions = FractionalMaxPool3dOptions;
using LPPool1dFuncOptions = LPPool1dOptions;
using LPPool2dFuncOptions = LPPool2dOptions;
using LPPool3dFuncOptions = LPPool3dOptions;

/// Zeros, x where the indices of max_pool_with_indices say.
Tensor max_unpool1d(const Tensor& x, const Tensor& indices, const MaxUnpool1dFuncOptions& options);
Tensor max_unpool2d(const Tensor& x, const Tensor& indices, const MaxUnpool2dFuncOptions& options);
Tensor max_unpool3d(const Tensor& x, const Tensor& indices, const MaxUnpool3dFuncOptions& options);
/// The maxima of windows at random places, "Fractional Max-Pooling", B. Graham, 2014.
Tensor fractional_max_pool2d(const Tensor& x, const FractionalMaxPool2dFuncOptions& options);
std::tuple<Tensor, Tensor> fractional_max_pool2d_with_indices(const Tensor& x,
                                                              const FractionalMaxPool2dFuncOptions& options);
Tensor fractional_max_pool3d(const Tensor& x, const FractionalMaxPool3dFuncOptions& options);
std::tuple<Tensor, Tensor> fractional_max_pool3d_with_indices(const Tensor& x,
                                                              const FractionalMaxPool3dFuncOptions& options);
/// (the sum of x^p over each window)^(1/p), p the norm_type.
Tensor lp_pool1d(const Tensor& x, const LPPool1dFuncOptions& options);
Tensor lp_pool2d(const Tensor& x, const LPPool2dFuncOptions& options);
Tensor lp_pool3d(const Tensor& x, const LPPool3dFuncOptions& options);

}  // namespace functional

template <size_t D, class Derived>
class MaxUnpoolNdImpl : public Layer<Derived, MaxUnpoolOptions<D>> {
 public:
  explicit MaxUnpoolNdImpl(const MaxUnpoolOptions<D>& options);
  ~MaxUnpoolNdImpl() override;
  void pretty_print(std::ostream& stream) const override;

 protected:
  FORWARD_HAS_DEFAULT_ARGS({2, AnyValue(std::optional<std::vector<int64_t>>())})
};

class MaxUnpool1dImpl : public MaxUnpoolNdImpl<1, MaxUnpool1dImpl> {
 public:
  MaxUnpool1dImpl(ExpandingArray<1> kernel_size) : MaxUnpool1dImpl(MaxUnpool1dOptions(kernel_size)) {}
  explicit MaxUnpool1dImpl(const MaxUnpool1dOptions& options);
  Tensor forward(const Tensor& x, const Tensor& indices,
                 const std::optional<std::vector<int64_t>>& output_size = std::nullopt);
};
GRADUS_MODULE(MaxUnpool1d);

class MaxUnpool2dImpl : public MaxUnpoolNdImpl<2, MaxUnpool2dImpl> {
 public:
  MaxUnpool2dImpl(ExpandingArray<2> kernel_size) : MaxUnpool2dImpl(MaxUnpool2dOptions(kernel_size)) {}
  explicit MaxUnpool2dImpl(const MaxUnpool2dOptions& options);
  Tensor forward(const Tensor& x, const Tensor& indices,
                 const std::optional<std::vector<int64_t>>& output_size = std::nullopt);
};
GRADUS_MODULE(MaxUnpool2d);

class MaxUnpool3dImpl : public MaxUnpoolNdImpl<3, MaxUnpool3dImpl> {
 public:
  MaxUnpool3dImpl(ExpandingArray<3> kernel_size) : MaxUnpool3dImpl(MaxUnpool3dOptions(kernel_size)) {}
  explicit MaxUnpool3dImpl(const MaxUnpool3dOptions& options);
  Tensor forward(const Tensor& x, const Tensor& indices,
                 const std::optional<std::vector<int64_t>>& output_size = std::nullopt);
};
GRADUS_MODULE(MaxUnpool3d);

class FractionalMaxPool2dImpl : public Layer<FractionalMaxPool2dImpl, FractionalMaxPool2dOptions> {
 public:
  FractionalMaxPool2dImpl(ExpandingArray<2> kernel_size)
      : FractionalMaxPool2dImpl(FractionalMaxPool2dOptions(kernel_size)) {}
  explicit FractionalMaxPool2dImpl(const FractionalMaxPool2dOptions& options);
  void reset() override;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x);
  std::tuple<Tensor, Tensor> forward_with_indices(const Tensor& x);

  Tensor _random_samples;
};
GRADUS_MODULE(FractionalMaxPool2d);

class FractionalMaxPool3dImpl : public Layer<FractionalMaxPool3dImpl, FractionalMaxPool3dOptions> {
 public:
  FractionalMaxPool3dImpl(ExpandingArray<3> kernel_size)
      : FractionalMaxPool3dImpl(FractionalMaxPool3dOptions(kernel_size)) {}
  explicit FractionalMaxPool3dImpl(const FractionalMaxPool3dOptions& options);
  void reset() override;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x);
  std::tuple<Tensor, Tensor> forward_with_indices(const Tensor& x);

  Tensor _random_samples;
};
GRADUS_MODULE(FractionalMaxPool3d);

class LPPool1dImpl : public Layer<LPPool1dImpl, LPPool1dOptions> {
 public:
  LPPool1dImpl(double norm_type, ExpandingArray<1> kernel_size)
      : LPPool1dImpl(LPPool1dOptions(norm_type, kernel_size)) {}
  explicit LPPool1dImpl(const LPPool1dOptions& options) : Layer(options) {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x);
};
GRADUS_MODULE(LPPool1d);

class LPPool2dImpl : public Layer<LPPool2dImpl, LPPool2dOptions> {
 public:
  LPPool2dImpl(double norm_type, ExpandingArray<2> kernel_size)
      : LPPool2dImpl(LPPool2dOptions(norm_type, kernel_size)) {}
  explicit LPPool2dImpl(const LPPool2dOptions& options) : Layer(options) {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x);
};
GRADUS_MODULE(LPPool2d);

class LPPool3dImpl : public Layer<LPPool3dImpl, LPPool3dOptions> {
 public:
  LPPool3dImpl(double norm_type, ExpandingArray<3> kernel_size)
      : LPPool3dImpl(LPPool3dOptions(norm_type, kernel_size)) {}
  explicit LPPool3dImpl(const LPPool3dOptions& options) : Layer(options) {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x);
};
GRADUS_MODULE(LPPool3d);

}  // namespace gradus::nn
