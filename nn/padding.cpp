#include "gradus/nn/padding.h"

#include "gradus/autograd/ops/pad.h"
#include "gradus/nn/layer_impl.h"

namespace gradus::nn {

template class Layer<ReflectionPad1dImpl, ReflectionPad1dOptions>;
template class Layer<ReflectionPad2dImpl, ReflectionPad2dOptions>;
template class Layer<ReflectionPad3dImpl, ReflectionPad3dOptions>;
template class Layer<ReplicationPad1dImpl, ReplicationPad1dOptions>;
template class Layer<ReplicationPad2dImpl, ReplicationPad2dOptions>;
template class Layer<ReplicationPad3dImpl, ReplicationPad3dOptions>;
template class Layer<ZeroPad1dImpl, ZeroPad1dOptions>;
template class Layer<ZeroPad2dImpl, ZeroPad2dOptions>;
template class Layer<ZeroPad3dImpl, ZeroPad3dOptions>;
template class Layer<ConstantPad1dImpl, ConstantPad1dOptions>;
template class Layer<ConstantPad2dImpl, ConstantPad2dOptions>;
template class Layer<ConstantPad3dImpl, ConstantPad3dOptions>;

namespace {

template <class Options>
void print(std::ostream& stream, const char* name, const Options& o) {
  stream << "torch::nn::" << name << "(padding=" << o.padding() << ")";
}
template <size_t D>
void print(std::ostream& stream, const char* name, const ConstantPadOptions<D>& o) {
  stream << "torch::nn::" << name << "(padding=" << o.padding() << ", value=" << o.value() << ")";
}

}  // namespace

Tensor ReflectionPad1dImpl::forward(const Tensor& x) { return reflection_pad1d(x, options.padding()); }
void ReflectionPad1dImpl::pretty_print(std::ostream& stream) const { print(stream, "ReflectionPad1d", options); }
Tensor ReflectionPad2dImpl::forward(const Tensor& x) { return reflection_pad2d(x, options.padding()); }
void ReflectionPad2dImpl::pretty_print(std::ostream& stream) const { print(stream, "ReflectionPad2d", options); }
Tensor ReflectionPad3dImpl::forward(const Tensor& x) { return reflection_pad3d(x, options.padding()); }
void ReflectionPad3dImpl::pretty_print(std::ostream& stream) const { print(stream, "ReflectionPad3d", options); }
Tensor ReplicationPad1dImpl::forward(const Tensor& x) { return replication_pad1d(x, options.padding()); }
void ReplicationPad1dImpl::pretty_print(std::ostream& stream) const { print(stream, "ReplicationPad1d", options); }
Tensor ReplicationPad2dImpl::forward(const Tensor& x) { return replication_pad2d(x, options.padding()); }
void ReplicationPad2dImpl::pretty_print(std::ostream& stream) const { print(stream, "ReplicationPad2d", options); }
Tensor ReplicationPad3dImpl::forward(const Tensor& x) { return replication_pad3d(x, options.padding()); }
void ReplicationPad3dImpl::pretty_print(std::ostream& stream) const { print(stream, "ReplicationPad3d", options); }
Tensor ZeroPad1dImpl::forward(const Tensor& x) { return constant_pad_nd(x, options.padding(), 0); }
void ZeroPad1dImpl::pretty_print(std::ostream& stream) const { print(stream, "ZeroPad1d", options); }
Tensor ZeroPad2dImpl::forward(const Tensor& x) { return constant_pad_nd(x, options.padding(), 0); }
void ZeroPad2dImpl::pretty_print(std::ostream& stream) const { print(stream, "ZeroPad2d", options); }
Tensor ZeroPad3dImpl::forward(const Tensor& x) { return constant_pad_nd(x, options.padding(), 0); }
void ZeroPad3dImpl::pretty_print(std::ostream& stream) const { print(stream, "ZeroPad3d", options); }
Tensor ConstantPad1dImpl::forward(const Tensor& x) { return constant_pad_nd(x, options.padding(), options.value()); }
void ConstantPad1dImpl::pretty_print(std::ostream& stream) const { print(stream, "ConstantPad1d", options); }
Tensor ConstantPad2dImpl::forward(const Tensor& x) { return constant_pad_nd(x, options.padding(), options.value()); }
void ConstantPad2dImpl::pretty_print(std::ostream& stream) const { print(stream, "ConstantPad2d", options); }
Tensor ConstantPad3dImpl::forward(const Tensor& x) { return constant_pad_nd(x, options.padding(), options.value()); }
void ConstantPad3dImpl::pretty_print(std::ostream& stream) const { print(stream, "ConstantPad3d", options); }

}  // namespace gradus::nn
