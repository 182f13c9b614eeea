#include "gradus/nn/local_response.h"

#include <algorithm>

#include "gradus/autograd/ops/arithmetic.h"
#include "gradus/autograd/ops/resample.h"
#include "gradus/nn/layer_impl.h"

namespace gradus::nn {
namespace F = functional;

template class Layer<LocalResponseNormImpl, LocalResponseNormOptions>;
template class Layer<CrossMapLRN2dImpl, CrossMapLRN2dOptions>;

namespace {

// weight times the sum of x^2 over the channels [c - before, c + after], and channel 0 if it is to stay.
Tensor sum_of_squares(const Tensor& x, int64_t before, int64_t after, double weight, bool first_stays) {
  const int64_t channels = x.size(1);
  auto taps = std::make_shared<Taps>();
  taps->columns = channels;
  for (int64_t c = 0; c < channels; ++c) {
    if (first_stays && c > before) taps->add(0, weight);
    for (int64_t k = std::max<int64_t>(0, c - before); k <= std::min(channels - 1, c + after); ++k)
      taps->add(k, weight);
    taps->end_row();
  }
  return resample(x * x, 1, taps);
}

}  // namespace

Tensor F::local_response_norm(const Tensor& x, const LocalResponseNormFuncOptions& o) {
  check(x.defined() && x.dim() >= 3, "Expected 3D or higher dimensionality input (got ", x.defined() ? x.dim() : 0,
        " dimensions)");
  check(o.size() > 0, "local_response_norm: size must be greater than zero, got ", o.size());
  const double weight = o.alpha() / static_cast<double>(o.size());
  return x / (sum_of_squares(x, o.size() / 2, (o.size() - 1) / 2, weight, false) + o.k()).pow(o.beta());
}

Tensor LocalResponseNormImpl::forward(const Tensor& x) { return F::local_response_norm(x, options); }

Tensor CrossMapLRN2dImpl::forward(const Tensor& x) {
  check(x.defined() && x.dim() == 4, "CrossMapLRN2d: Expected input to be 4D, got ", x.defined() ? x.dim() : 0,
        "D instead.");
  check(options.size() > 0, "CrossMapLRN2d: size must be greater than zero, got ", options.size());
  const int64_t reach = (options.size() - 1) / 2;
  const double weight = options.alpha() / static_cast<double>(options.size());
  return x * (sum_of_squares(x, reach, reach, weight, true) + options.k()).pow(-options.beta());
}

void LocalResponseNormImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::LocalResponseNorm(" << options.size() << ", alpha=" << options.alpha()
         << ", beta=" << options.beta() << ", k=" << options.k() << ")";
}
void CrossMapLRN2dImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::CrossMapLRN2d(" << options.size() << ", alpha=" << options.alpha()
         << ", beta=" << options.beta() << ", k=" << options.k() << ")";
}

}  // namespace gradus::nn
