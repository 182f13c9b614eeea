#include "gradus/nn/pool_special.h"

#include "gradus/autograd/ops/arithmetic.h"
#include "gradus/autograd/ops/pool.h"
#include "gradus/autograd/ops/random.h"
#include "gradus/autograd/ops/shape.h"
#include "gradus/nn/layer_impl.h"

namespace gradus::nn {
namespace F = functional;

template class Layer<MaxUnpool1dImpl, MaxUnpool1dOptions>;
template class Layer<MaxUnpool2dImpl, MaxUnpool2dOptions>;
template class Layer<MaxUnpool3dImpl, MaxUnpool3dOptions>;
template class Layer<FractionalMaxPool2dImpl, FractionalMaxPool2dOptions>;
template class Layer<FractionalMaxPool3dImpl, FractionalMaxPool3dOptions>;
template class Layer<LPPool1dImpl, LPPool1dOptions>;
template class Layer<LPPool2dImpl, LPPool2dOptions>;
template class Layer<LPPool3dImpl, LPPool3dOptions>;

namespace {

template <size_t D>
std::vector<int64_t> unpooled_size(const Tensor& x, const F::MaxUnpoolFuncOptions<D>& o) {
  const int64_t first = x.dim() - static_cast<int64_t>(D);
  check(first >= 1, "max_unpool", D, "d: Expected ", D + 1, "D or ", D + 2, "D input, got ", x.sizes());
  std::vector<int64_t> usual;
  for (size_t d = 0; d < D; ++d)
    usual.push_back((x.size(first + static_cast<int64_t>(d)) - 1) * o.stride()[d] + o.kernel_size()[d] -
                    2 * o.padding()[d]);
  if (!o.output_size()) return usual;
  std::vector<int64_t> size = *o.output_size();
  if (size.size() == D + 2) size.erase(size.begin(), size.begin() + 2);
  check(size.size() == D, "output_size should be a sequence containing ", D, " or ", D + 2,
        " elements, but it has a length of '", size.size(), "'");
  for (size_t d = 0; d < D; ++d) {
    const int64_t least = usual[d] - o.stride()[d], most = usual[d] + o.stride()[d];
    check(least <= size[d] && size[d] <= most, "invalid output_size ", IntArrayRef(size), " (dim ", d,
          " must be between ", least, " and ", most, ")");
  }
  return size;
}

template <size_t D>
void print(std::ostream& stream, const LPPoolOptions<D>& o) {
  stream << "torch::nn::LPPool" << D << "d(norm_type=" << o.norm_type() << ", kernel_size=" << o.kernel_size()
         << ", stride=" << o.stride() << ", ceil_mode=" << (o.ceil_mode() ? "true" : "false") << ")";
}

// The size that the options ask for, and the samples they hold or new ones.
template <size_t D>
std::pair<std::vector<int64_t>, Tensor> fraction(const Tensor& x, const FractionalMaxPoolOptions<D>& o) {
  check(o.output_size() || o.output_ratio(), "fractional_max_pool", D,
        "d requires specifying either an output_size or an output_ratio");
  const auto dims = static_cast<int64_t>(D);
  check(x.dim() == dims + 1 || x.dim() == dims + 2, "fractional_max_pool", D, "d: Expected ", D + 1, "D or ", D + 2,
        "D (batch mode) tensor, got ", x.sizes());
  std::vector<int64_t> size;
  for (size_t i = 0; i < D; ++i) {
    const auto n = static_cast<double>(x.size(static_cast<int64_t>(i) - dims));
    size.push_back(o.output_size() ? (*o.output_size())[i] : static_cast<int64_t>(n * (*o.output_ratio())[i]));
  }
  if (o._random_samples().defined()) return {size, o._random_samples()};
  return {size, rand({x.dim() == dims + 1 ? 1 : x.size(0), x.size(-dims - 1), dims}, x.scalar_type())};
}

template <size_t D>
void check_fraction(const FractionalMaxPoolOptions<D>& o) {
  const std::string name = "FractionalMaxPool" + std::to_string(D) + "d";
  check(o.output_size() || o.output_ratio(), name, " requires specifying either an output size, or a pooling ratio");
  check(!o.output_size() || !o.output_ratio(), "only one of output_size and output_ratio may be specified");
  if (!o.output_ratio()) return;
  for (size_t i = 0; i < D; ++i) {
    const double r = (*o.output_ratio())[i];
    check(r > 0 && r < 1, "output_ratio must be between 0 and 1 (got ", *o.output_ratio(), ")");
  }
}

// Of means, the sums of powers: "relu" keeps what rounding made negative away from the root.
template <size_t D>
Tensor power_mean(const Tensor& mean, const LPPoolOptions<D>& o) {
  int64_t elements = 1;
  for (size_t i = 0; i < D; ++i) elements *= o.kernel_size()[i];
  return (mean.sign() * mean.abs().relu()).mul(elements).pow(1 / o.norm_type());
}

}  // namespace

template <size_t D, class Derived>
MaxUnpoolNdImpl<D, Derived>::MaxUnpoolNdImpl(const MaxUnpoolOptions<D>& options)
    : Layer<Derived, MaxUnpoolOptions<D>>(options) {}
template <size_t D, class Derived>
MaxUnpoolNdImpl<D, Derived>::~MaxUnpoolNdImpl() = default;
template <size_t D, class Derived>
void MaxUnpoolNdImpl<D, Derived>::pretty_print(std::ostream& stream) const {
  const auto& o = this->options;
  stream << "torch::nn::MaxUnpool" << D << "d(kernel_size=" << o.kernel_size() << ", stride=" << o.stride()
         << ", padding=" << o.padding() << ")";
}

template class MaxUnpoolNdImpl<1, MaxUnpool1dImpl>;
template class MaxUnpoolNdImpl<2, MaxUnpool2dImpl>;
template class MaxUnpoolNdImpl<3, MaxUnpool3dImpl>;
MaxUnpool1dImpl::MaxUnpool1dImpl(const MaxUnpool1dOptions& options) : MaxUnpoolNdImpl(options) {}
MaxUnpool2dImpl::MaxUnpool2dImpl(const MaxUnpool2dOptions& options) : MaxUnpoolNdImpl(options) {}
MaxUnpool3dImpl::MaxUnpool3dImpl(const MaxUnpool3dOptions& options) : MaxUnpoolNdImpl(options) {}

Tensor F::max_unpool1d(const Tensor& x, const Tensor& indices, const MaxUnpool1dFuncOptions& o) {
  check(x.defined() && indices.defined(), "max_unpool1d: expected an input and indices, but got an undefined tensor");
  const int64_t size = unpooled_size(x, o)[0];
  return squeeze(gradus::max_unpool2d(unsqueeze(x, -2), unsqueeze(indices, -2), {1, size}), -2);
}
Tensor F::max_unpool2d(const Tensor& x, const Tensor& indices, const MaxUnpool2dFuncOptions& o) {
  check(x.defined(), "max_unpool2d: expected an input and indices, but got an undefined tensor");
  return gradus::max_unpool2d(x, indices, unpooled_size(x, o));
}
Tensor F::max_unpool3d(const Tensor& x, const Tensor& indices, const MaxUnpool3dFuncOptions& o) {
  check(x.defined(), "max_unpool3d: expected an input and indices, but got an undefined tensor");
  return gradus::max_unpool3d(x, indices, unpooled_size(x, o), o.stride(), o.padding());
}

std::tuple<Tensor, Tensor> F::fractional_max_pool2d_with_indices(const Tensor& x,
                                                                 const FractionalMaxPool2dFuncOptions& o) {
  const auto [size, samples] = fraction(x, o);
  return gradus::fractional_max_pool2d(x, o.kernel_size(), size, samples);
}
Tensor F::fractional_max_pool2d(const Tensor& x, const FractionalMaxPool2dFuncOptions& o) {
  return std::get<0>(F::fractional_max_pool2d_with_indices(x, o));
}

std::tuple<Tensor, Tensor> F::fractional_max_pool3d_with_indices(const Tensor& x,
                                                                 const FractionalMaxPool3dFuncOptions& o) {
  const auto [size, samples] = fraction(x, o);
  return gradus::fractional_max_pool3d(x, o.kernel_size(), size, samples);
}
Tensor F::fractional_max_pool3d(const Tensor& x, const FractionalMaxPool3dFuncOptions& o) {
  return std::get<0>(F::fractional_max_pool3d_with_indices(x, o));
}

Tensor F::lp_pool1d(const Tensor& x, const LPPool1dFuncOptions& o) {
  return power_mean(gradus::avg_pool1d(x.pow(o.norm_type()), o.kernel_size(), o.stride(), 0, o.ceil_mode(), true), o);
}
Tensor F::lp_pool2d(const Tensor& x, const LPPool2dFuncOptions& o) {
  return power_mean(gradus::avg_pool2d(x.pow(o.norm_type()), o.kernel_size(), o.stride(), 0, o.ceil_mode(), true), o);
}
Tensor F::lp_pool3d(const Tensor& x, const LPPool3dFuncOptions& o) {
  return power_mean(gradus::avg_pool3d(x.pow(o.norm_type()), o.kernel_size(), o.stride(), 0, o.ceil_mode(), true), o);
}

Tensor MaxUnpool1dImpl::forward(const Tensor& x, const Tensor& indices,
                                const std::optional<std::vector<int64_t>>& output_size) {
  return F::max_unpool1d(x, indices,
                         F::MaxUnpool1dFuncOptions(options.kernel_size())
                             .stride(options.stride())
                             .padding(options.padding())
                             .output_size(output_size));
}
Tensor MaxUnpool2dImpl::forward(const Tensor& x, const Tensor& indices,
                                const std::optional<std::vector<int64_t>>& output_size) {
  return F::max_unpool2d(x, indices,
                         F::MaxUnpool2dFuncOptions(options.kernel_size())
                             .stride(options.stride())
                             .padding(options.padding())
                             .output_size(output_size));
}
Tensor MaxUnpool3dImpl::forward(const Tensor& x, const Tensor& indices,
                                const std::optional<std::vector<int64_t>>& output_size) {
  return F::max_unpool3d(x, indices,
                         F::MaxUnpool3dFuncOptions(options.kernel_size())
                             .stride(options.stride())
                             .padding(options.padding())
                             .output_size(output_size));
}

FractionalMaxPool2dImpl::FractionalMaxPool2dImpl(const FractionalMaxPool2dOptions& options) : Layer(options) {
  FractionalMaxPool2dImpl::reset();
}
void FractionalMaxPool2dImpl::reset() {
  check_fraction(options);
  _random_samples = register_buffer("_random_samples", options._random_samples());
}
Tensor FractionalMaxPool2dImpl::forward(const Tensor& x) { return std::get<0>(forward_with_indices(x)); }
std::tuple<Tensor, Tensor> FractionalMaxPool2dImpl::forward_with_indices(const Tensor& x) {
  return F::fractional_max_pool2d_with_indices(x, FractionalMaxPool2dOptions(options)._random_samples(_random_samples));
}
void FractionalMaxPool2dImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::FractionalMaxPool2d()"; }

FractionalMaxPool3dImpl::FractionalMaxPool3dImpl(const FractionalMaxPool3dOptions& options) : Layer(options) {
  FractionalMaxPool3dImpl::reset();
}
void FractionalMaxPool3dImpl::reset() {
  check_fraction(options);
  _random_samples = register_buffer("_random_samples", options._random_samples());
}
Tensor FractionalMaxPool3dImpl::forward(const Tensor& x) { return std::get<0>(forward_with_indices(x)); }
std::tuple<Tensor, Tensor> FractionalMaxPool3dImpl::forward_with_indices(const Tensor& x) {
  return F::fractional_max_pool3d_with_indices(x, FractionalMaxPool3dOptions(options)._random_samples(_random_samples));
}
void FractionalMaxPool3dImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::FractionalMaxPool3d()"; }

Tensor LPPool1dImpl::forward(const Tensor& x) { return F::lp_pool1d(x, options); }
void LPPool1dImpl::pretty_print(std::ostream& stream) const { print(stream, options); }
Tensor LPPool2dImpl::forward(const Tensor& x) { return F::lp_pool2d(x, options); }
void LPPool2dImpl::pretty_print(std::ostream& stream) const { print(stream, options); }
Tensor LPPool3dImpl::forward(const Tensor& x) { return F::lp_pool3d(x, options); }
void LPPool3dImpl::pretty_print(std::ostream& stream) const { print(stream, options); }

}  // namespace gradus::nn
