// Dropout layers. Formulas: autograd/ops/dropout.h.
#pragma once
#include "gradus/nn/layer.h"

namespace gradus::nn {

struct DropoutOptions {
  DropoutOptions(double p = 0.5) : p_(p) {}
  GRADUS_ARG(double, p);
  GRADUS_ARG(bool, inplace) = false;
};
using Dropout2dOptions = DropoutOptions;
using Dropout3dOptions = DropoutOptions;
using AlphaDropoutOptions = DropoutOptions;
using FeatureAlphaDropoutOptions = DropoutOptions;

namespace functional {

struct DropoutFuncOptions {
  GRADUS_ARG(double, p) = 0.5;
  GRADUS_ARG(bool, training) = true;
  GRADUS_ARG(bool, inplace) = false;
};
using Dropout2dFuncOptions = DropoutFuncOptions;
using Dropout3dFuncOptions = DropoutFuncOptions;

struct AlphaDropoutFuncOptions {
  GRADUS_ARG(double, p) = 0.5;
  GRADUS_ARG(bool, training) = false;
  GRADUS_ARG(bool, inplace) = false;
};
struct FeatureAlphaDropoutFuncOptions {
  GRADUS_ARG(double, p) = 0.5;
  GRADUS_ARG(bool, training) = false;
  GRADUS_ARG(bool, inplace) = false;
};

Tensor dropout(Tensor x, const DropoutFuncOptions& options = {});
/// Whole channels of [N, C, H, W] (3d: [N, C, D, H, W]).
Tensor dropout2d(Tensor x, const Dropout2dFuncOptions& options = {});
Tensor dropout3d(Tensor x, const Dropout3dFuncOptions& options = {});
Tensor alpha_dropout(Tensor x, const AlphaDropoutFuncOptions& options = {});
Tensor feature_alpha_dropout(Tensor x, const FeatureAlphaDropoutFuncOptions& options = {});

}  // namespace functional

/// Each element is 0 with probability p while training, the others are divided by 1 - p; the identity in evaluation.
class DropoutImpl : public Layer<DropoutImpl, DropoutOptions> {
 public:
  DropoutImpl(double p) : DropoutImpl(DropoutOptions(p)) {}
  explicit DropoutImpl(const DropoutOptions& options = {});
  void reset() override;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x);
};
GRADUS_MODULE(Dropout);

/// The same for whole channels: x [N, C, H, W].
class Dropout2dImpl : public Layer<Dropout2dImpl, DropoutOptions> {
 public:
  Dropout2dImpl(double p) : Dropout2dImpl(DropoutOptions(p)) {}
  explicit Dropout2dImpl(const DropoutOptions& options = {});
  void reset() override;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x);
};
GRADUS_MODULE(Dropout2d);

/// The same for whole channels: x [N, C, D, H, W].
class Dropout3dImpl : public Layer<Dropout3dImpl, DropoutOptions> {
 public:
  Dropout3dImpl(double p) : Dropout3dImpl(DropoutOptions(p)) {}
  explicit Dropout3dImpl(const DropoutOptions& options = {});
  void reset() override;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x);
};
GRADUS_MODULE(Dropout3d);

/// Dropped elements take the value that SELU has for very negative ones; mean and variance stay.
class AlphaDropoutImpl : public Layer<AlphaDropoutImpl, DropoutOptions> {
 public:
  AlphaDropoutImpl(double p) : AlphaDropoutImpl(DropoutOptions(p)) {}
  explicit AlphaDropoutImpl(const DropoutOptions& options = {});
  void reset() override;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x);
};
GRADUS_MODULE(AlphaDropout);

/// The same for whole channels: x [N, C, ...].
class FeatureAlphaDropoutImpl : public Layer<FeatureAlphaDropoutImpl, DropoutOptions> {
 public:
  FeatureAlphaDropoutImpl(double p) : FeatureAlphaDropoutImpl(DropoutOptions(p)) {}
  explicit FeatureAlphaDropoutImpl(const DropoutOptions& options = {});
  void reset() override;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x);
};
GRADUS_MODULE(FeatureAlphaDropout);

}  // namespace gradus::nn
