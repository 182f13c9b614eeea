// Padding layers: [N, C, L], [N, C, H, W] and [N, C, D, H, W] (or without N) made larger at their edges. `padding` is
// one number for all sides, or {left, right, top, bottom, front, back}. Formulas: autograd/ops/pad.h.
#pragma once
#include "gradus/nn/expanding_array.h"
#include "gradus/nn/layer.h"

namespace gradus::nn {

template <size_t D>
struct PadOptions {
  PadOptions(ExpandingArray<D * 2> padding) : padding_(padding) {}
  GRADUS_ARG(ExpandingArray<D * 2>, padding);
};
template <size_t D>
using ReflectionPadOptions = PadOptions<D>;
template <size_t D>
using ReplicationPadOptions = PadOptions<D>;
template <size_t D>
using ZeroPadOptions = PadOptions<D>;

template <size_t D>
struct ConstantPadOptions {
  ConstantPadOptions(ExpandingArray<D * 2> padding, double value) : padding_(padding), value_(value) {}
  GRADUS_ARG(ExpandingArray<D * 2>, padding);
  GRADUS_ARG(double, value);
};
using ReflectionPad1dOptions = ReflectionPadOptions<1>;
using ReflectionPad2dOptions = ReflectionPadOptions<2>;
using ReflectionPad3dOptions = ReflectionPadOptions<3>;
using ReplicationPad1dOptions = ReplicationPadOptions<1>;
using ReplicationPad2dOptions = ReplicationPadOptions<2>;
using ReplicationPad3dOptions = ReplicationPadOptions<3>;
using ZeroPad1dOptions = ZeroPadOptions<1>;
using ZeroPad2dOptions = ZeroPadOptions<2>;
using ZeroPad3dOptions = ZeroPadOptions<3>;
using ConstantPad1dOptions = ConstantPadOptions<1>;
using ConstantPad2dOptions = ConstantPadOptions<2>;
using ConstantPad3dOptions = ConstantPadOptions<3>;

/// The mirror image around the edge.
class ReflectionPad1dImpl : public Layer<ReflectionPad1dImpl, ReflectionPad1dOptions> {
 public:
  ReflectionPad1dImpl(ExpandingArray<2> padding) : ReflectionPad1dImpl(ReflectionPad1dOptions(padding)) {}
  explicit ReflectionPad1dImpl(const ReflectionPad1dOptions& options) : Layer(options) {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x);
};
GRADUS_MODULE(ReflectionPad1d);

class ReflectionPad2dImpl : public Layer<ReflectionPad2dImpl, ReflectionPad2dOptions> {
 public:
  ReflectionPad2dImpl(ExpandingArray<4> padding) : ReflectionPad2dImpl(ReflectionPad2dOptions(padding)) {}
  explicit ReflectionPad2dImpl(const ReflectionPad2dOptions& options) : Layer(options) {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x);
};
GRADUS_MODULE(ReflectionPad2d);

class ReflectionPad3dImpl : public Layer<ReflectionPad3dImpl, ReflectionPad3dOptions> {
 public:
  ReflectionPad3dImpl(ExpandingArray<6> padding) : ReflectionPad3dImpl(ReflectionPad3dOptions(padding)) {}
  explicit ReflectionPad3dImpl(const ReflectionPad3dOptions& options) : Layer(options) {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x);
};
GRADUS_MODULE(ReflectionPad3d);

/// The edge, repeated.
class ReplicationPad1dImpl : public Layer<ReplicationPad1dImpl, ReplicationPad1dOptions> {
 public:
  ReplicationPad1dImpl(ExpandingArray<2> padding) : ReplicationPad1dImpl(ReplicationPad1dOptions(padding)) {}
  explicit ReplicationPad1dImpl(const ReplicationPad1dOptions& options) : Layer(options) {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x);
};
GRADUS_MODULE(ReplicationPad1d);

class ReplicationPad2dImpl : public Layer<ReplicationPad2dImpl, ReplicationPad2dOptions> {
 public:
  ReplicationPad2dImpl(ExpandingArray<4> padding) : ReplicationPad2dImpl(ReplicationPad2dOptions(padding)) {}
  explicit ReplicationPad2dImpl(const ReplicationPad2dOptions& options) : Layer(options) {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x);
};
GRADUS_MODULE(ReplicationPad2d);

class ReplicationPad3dImpl : public Layer<ReplicationPad3dImpl, ReplicationPad3dOptions> {
 public:
  ReplicationPad3dImpl(ExpandingArray<6> padding) : ReplicationPad3dImpl(ReplicationPad3dOptions(padding)) {}
  explicit ReplicationPad3dImpl(const ReplicationPad3dOptions& options) : Layer(options) {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x);
};
GRADUS_MODULE(ReplicationPad3d);

/// Zeros.
class ZeroPad1dImpl : public Layer<ZeroPad1dImpl, ZeroPad1dOptions> {
 public:
  ZeroPad1dImpl(ExpandingArray<2> padding) : ZeroPad1dImpl(ZeroPad1dOptions(padding)) {}
  explicit ZeroPad1dImpl(const ZeroPad1dOptions& options) : Layer(options) {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x);
};
GRADUS_MODULE(ZeroPad1d);

class ZeroPad2dImpl : public Layer<ZeroPad2dImpl, ZeroPad2dOptions> {
 public:
  ZeroPad2dImpl(ExpandingArray<4> padding) : ZeroPad2dImpl(ZeroPad2dOptions(padding)) {}
  explicit ZeroPad2dImpl(const ZeroPad2dOptions& options) : Layer(options) {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x);
};
GRADUS_MODULE(ZeroPad2d);

class ZeroPad3dImpl : public Layer<ZeroPad3dImpl, ZeroPad3dOptions> {
 public:
  ZeroPad3dImpl(ExpandingArray<6> padding) : ZeroPad3dImpl(ZeroPad3dOptions(padding)) {}
  explicit ZeroPad3dImpl(const ZeroPad3dOptions& options) : Layer(options) {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x);
};
GRADUS_MODULE(ZeroPad3d);

/// A value.
class ConstantPad1dImpl : public Layer<ConstantPad1dImpl, ConstantPad1dOptions> {
 public:
  ConstantPad1dImpl(ExpandingArray<2> padding, double value)
      : ConstantPad1dImpl(ConstantPad1dOptions(padding, value)) {}
  explicit ConstantPad1dImpl(const ConstantPad1dOptions& options) : Layer(options) {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x);
};
GRADUS_MODULE(ConstantPad1d);

class ConstantPad2dImpl : public Layer<ConstantPad2dImpl, ConstantPad2dOptions> {
 public:
  ConstantPad2dImpl(ExpandingArray<4> padding, double value)
      : ConstantPad2dImpl(ConstantPad2dOptions(padding, value)) {}
  explicit ConstantPad2dImpl(const ConstantPad2dOptions& options) : Layer(options) {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x);
};
GRADUS_MODULE(ConstantPad2d);

class ConstantPad3dImpl : public Layer<ConstantPad3dImpl, ConstantPad3dOptions> {
 public:
  ConstantPad3dImpl(ExpandingArray<6> padding, double value)
      : ConstantPad3dImpl(ConstantPad3dOptions(padding, value)) {}
  explicit ConstantPad3dImpl(const ConstantPad3dOptions& options) : Layer(options) {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x);
};
GRADUS_MODULE(ConstantPad3d);

}  // namespace gradus::nn
