#include "gradus/autograd/ops/sort.h"

#include "gradus/autograd/ops/index.h"
#include "gradus/autograd/ops/shape.h"
#include "gradus/autograd/record.h"
#include "gradus/tensor/factories.h"
#include "gradus/tensor/kernels/sort.h"

namespace gradus {
namespace {

// The first k in order along dim. All that differentiates is where the elements came from.
std::tuple<Tensor, Tensor> first_in_order(const char* op, const Tensor& x, int64_t k, int64_t dim, bool descending) {
  const bool scalar = x.dim() == 0;
  const Tensor rows = scalar ? reshape(x.detach(), {1}) : transpose(x.detach(), dim, -1).contiguous();
  const int64_t n = rows.size(-1);
  Sizes sizes = rows.sizes();
  sizes.back() = k;
  Tensor values = empty(sizes, x.scalar_type()), indices = empty(sizes, kLong);
  kernels::sort(*values.unsafeGetTensorImpl(), *indices.unsafeGetTensorImpl(), *rows.unsafeGetTensorImpl(),
                n ? rows.numel() / n : 0, n, k, descending);
  auto back = [&](const Tensor& t) {
    return scalar ? reshape(t, {}).clone() : transpose(t, dim, -1).contiguous().detach();
  };
  values = back(values);
  indices = back(indices);
  if (!recording({x})) return {values, indices};
  values = record(op, values, {x}, [dim, at = Saved(indices), from = Sizes(x.sizes())](const Tensor& g, Node& node) {
    return scatter(zeros(from, g.scalar_type()), dim, at.get(node), g);
  });
  return {values, indices};
}

}  // namespace

std::tuple<Tensor, Tensor> sort(const Tensor& x, int64_t dim, bool descending) {
  const auto d = wrap_dim(dim, x.dim());
  return first_in_order("sort", x, x.dim() ? x.size(d) : 1, d, descending);
}
std::tuple<Tensor, Tensor> sort(const Tensor& x, std::optional<bool>, int64_t dim, bool descending) {
  return sort(x, dim, descending);
}

Tensor argsort(const Tensor& x, int64_t dim, bool descending) { return std::get<1>(sort(x.detach(), dim, descending)); }

Tensor msort(const Tensor& x) { return std::get<0>(sort(x, 0)); }

std::tuple<Tensor, Tensor> topk(const Tensor& x, int64_t k, int64_t dim, bool largest, bool) {
  const auto d = wrap_dim(dim, x.dim());
  check(k >= 0 && k <= (x.dim() ? x.size(d) : 1), "topk: selected index k out of range, got k = ", k, " for ",
        x.sizes());
  return first_in_order("topk", x, k, d, largest);
}

std::tuple<Tensor, Tensor> Tensor::sort(int64_t dim, bool descending) const {
  return gradus::sort(*this, dim, descending);
}
Tensor Tensor::argsort(int64_t dim, bool descending) const { return gradus::argsort(*this, dim, descending); }
std::tuple<Tensor, Tensor> Tensor::topk(int64_t k, int64_t dim, bool largest, bool sorted) const {
  return gradus::topk(*this, k, dim, largest, sorted);
}
std::tuple<Tensor, Tensor> Tensor::sort(std::optional<bool> stable, int64_t dim, bool descending) const {
  return gradus::sort(*this, stable, dim, descending);
}
Tensor TensorMethods::msort() const { return gradus::msort(itself()); }

}  // namespace gradus
