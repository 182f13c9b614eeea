// Linear maps, and layers that only reshape.
#pragma once
#include "gradus/nn/layer.h"

namespace gradus::nn {

struct LinearOptions {
  LinearOptions(int64_t in_features, int64_t out_features) : in_features_(in_features), out_features_(out_features) {}
  GRADUS_ARG(int64_t, in_features);
  GRADUS_ARG(int64_t, out_features);
  GRADUS_ARG(bool, bias) = true;
};

/// y = x W^T + b: x [..., in_features], weight [out_features, in_features], bias [out_features].
/// Both start uniform in (-1/sqrt(in_features), 1/sqrt(in_features)).
class LinearImpl : public Cloneable<LinearImpl> {
 public:
  LinearImpl(int64_t in_features, int64_t out_features) : LinearImpl(LinearOptions(in_features, out_features)) {}
  explicit LinearImpl(const LinearOptions& options);
  ~LinearImpl() override;
  void reset() override;
  void reset_parameters();
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x);

  LinearOptions options;
  Tensor weight;
  Tensor bias;
};
GRADUS_MODULE(Linear);

struct BilinearOptions {
  BilinearOptions(int64_t in1_features, int64_t in2_features, int64_t out_features)
      : in1_features_(in1_features), in2_features_(in2_features), out_features_(out_features) {}
  GRADUS_ARG(int64_t, in1_features);
  GRADUS_ARG(int64_t, in2_features);
  GRADUS_ARG(int64_t, out_features);
  GRADUS_ARG(bool, bias) = true;
};

/// y_k = x1^T W_k x2 + b_k: x1 [..., in1], x2 [..., in2], weight [out, in1, in2], bias [out].
class BilinearImpl : public Cloneable<BilinearImpl> {
 public:
  BilinearImpl(int64_t in1, int64_t in2, int64_t out) : BilinearImpl(BilinearOptions(in1, in2, out)) {}
  explicit BilinearImpl(const BilinearOptions& options);
  ~BilinearImpl() override;
  void reset() override;
  void reset_parameters();
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x1, const Tensor& x2);

  BilinearOptions options;
  Tensor weight;
  Tensor bias;
};
GRADUS_MODULE(Bilinear);

/// y = x.
class IdentityImpl : public Layer<IdentityImpl> {
 public:
  using Layer::Layer;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x) { return x; }
};
GRADUS_MODULE(Identity);

struct FlattenOptions {
  GRADUS_ARG(int64_t, start_dim) = 1;
  GRADUS_ARG(int64_t, end_dim) = -1;
};

/// Dimensions start_dim to end_dim become one.
class FlattenImpl : public Layer<FlattenImpl, FlattenOptions> {
 public:
  using Layer::Layer;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x);
};
GRADUS_MODULE(Flatten);

struct UnflattenOptions {
  using namedshape_t = std::vector<std::pair<std::string, int64_t>>;
  UnflattenOptions(int64_t dim, std::vector<int64_t> sizes) : dim_(dim), sizes_(std::move(sizes)) {}
  GRADUS_ARG(int64_t, dim);
  GRADUS_ARG(std::vector<int64_t>, sizes);
};

/// Dimension dim becomes several, of these sizes.
class UnflattenImpl : public Layer<UnflattenImpl, UnflattenOptions> {
 public:
  UnflattenImpl(int64_t dim, std::vector<int64_t> sizes) : UnflattenImpl(UnflattenOptions(dim, std::move(sizes))) {}
  explicit UnflattenImpl(const UnflattenOptions& options) : Layer(options) {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x);
};
GRADUS_MODULE(Unflatten);

namespace functional {

/// x W^T + b, without b if it is undefined.
Tensor linear(const Tensor& x, const Tensor& weight, const Tensor& bias = {});
/// x1^T W_k x2 + b_k for every k.
Tensor bilinear(const Tensor& x1, const Tensor& x2, const Tensor& weight, const Tensor& bias = {});

}  // namespace functional
}  // namespace gradus::nn
