#include "gradus/autograd/ops/resample.h"

#include "gradus/autograd/record.h"
#include "gradus/tensor/factories.h"
#include "gradus/tensor/kernels/typed.h"

namespace gradus {

Tensor resample(const Tensor& x, int64_t dim, const std::shared_ptr<const Taps>& taps) {
  check(x.defined() && taps, "resample: expected a tensor and taps, but got ",
        x.defined() ? "no taps"
                    : "an undefined "
                      "tensor");
  const int64_t d = wrap_dim(dim, x.dim());
  check(taps->columns == x.size(d), "resample: expected ", taps->columns, " elements along dimension ", d, ", got ",
        x.sizes());
  Sizes sizes = x.sizes();
  sizes[static_cast<size_t>(d)] = taps->rows();
  int64_t outer = 1, inner = 1;
  for (int64_t i = 0; i < x.dim(); ++i) (i < d ? outer : inner) *= i == d ? 1 : x.size(i);
  const Tensor y = empty(sizes, x.scalar_type());
  if (y.numel() > 0)
    kernels::with_floating(
        "resample", [&](auto* x, auto* y) { kernels::resample(*taps, outer, inner, x, y); }, x.detach().contiguous(),
        kernels::written(y));
  if (!recording({x})) return y;
  return record("resample", y, {x}, [taps, d](const Tensor& g, Node&) {
    return resample(g, d, std::make_shared<const Taps>(kernels::transposed(*taps)));
  });
}

}  // namespace gradus
