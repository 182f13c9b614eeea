// The greatest and the least, and where they are.
#include "gradus/autograd/pointwise.h"
#include "gradus/tensor/factories.h"
#include "gradus/tensor/kernels/reduce.h"

namespace gradus {

void detail::check_not_empty(const char* op, const Tensor& x, const Reduced& r) {
  if (r.count > 0) return;
  for (size_t i = 0; i < r.kept.size(); ++i)
    check_index(x.sizes()[i] != 0 || r.kept[i] != 1, op, "(): Expected reduction dim ", i, " to have non-zero size.");
}

namespace {

using detail::Around;
using detail::Reduced;
using kernels::Reduction;

// Not differentiable by itself.
Tensor extremes(Reduction how, const Tensor& x, const Reduced& r) {
  Tensor y = empty(r.result, compute_type(x.scalar_type()));
  kernels::reduce(how, *y.unsafeGetTensorImpl(), *x.unsafeGetTensorImpl(), r.kept);
  return y.to(x.scalar_type());
}

// NaN equals NaN here: the gradient of a NaN maximum goes to the NaNs.
Tensor same(const Tensor& x, const Tensor& y) {
  return kernels::map<Kinds::numeric>(
      "eq", x.scalar_type(), kBool, [](auto x, auto y) { return (x == y) | ((x != x) & (y != y)); }, x, y);
}

Tensor extreme_over(const char* op, Reduction how, const Tensor& x, IntArrayRef dim, bool keepdim) {
  const Reduced r(op, x, dim, keepdim);
  detail::check_not_empty(op, x, r);
  Tensor y = extremes(how, x, r);
  if (!recording({x})) return y;
  return record(op, y, {x}, [x = Saved(x), y = Saved::output(y), kept = r.kept](const Tensor& g, Node& self) {
    const Tensor in = x.get(self).detach();
    const Tensor hit = same(in, reshape(y.get(self).detach(), kept)).to(g.scalar_type());
    const Tensor share = div(hit, sum_to(hit, kept));
    return mul(reshape(g, kept), share);
  });
}

Tensor extreme(const char* op, Reduction how, const Tensor& x) {
  check(x.numel() > 0, op,
        "(): Expected reduction dim to be specified for input.numel() == 0. Specify the reduction "
        "dim with the 'dim' argument.");
  return extreme_over(op, how, x, {}, false);
}

std::tuple<Tensor, Tensor> with_index(const char* op, bool max, const Tensor& x, int64_t dim, bool keepdim) {
  const Reduced r(op, x, OptionalIntArrayRef(dim), keepdim);
  detail::check_not_empty(op, x, r);
  const Around s(x, dim);
  const ScalarType type = x.scalar_type(), compute = compute_type(type);
  const Tensor from = x.detach().to(compute).contiguous();
  Tensor values = empty(r.result, compute), indices = empty(r.result, kLong);
  kernels::arg_reduce(max, values.unsafeGetTensorImpl(), *indices.unsafeGetTensorImpl(), *from.unsafeGetTensorImpl(),
                      s.a, s.r, s.b);
  if (compute != type) values = values.to(type);
  if (recording({x}))
    values = record(op, values, {x},
                    [dim, at = Saved(indices), kept = r.kept, from = Sizes(x.sizes())](const Tensor& g, Node& self) {
                      if (from.empty()) return g;
                      return scatter(zeros(from, g.scalar_type()), dim, reshape(at.get(self), kept), reshape(g, kept));
                    });
  return {values, indices};
}

Tensor place(const char* op, bool max, const Tensor& x, std::optional<int64_t> dim, bool keepdim) {
  check_index(dim || x.numel() > 0, op,
              "(): Expected reduction dim to be specified for input.numel() == 0. Specify "
              "the reduction dim with the 'dim' argument.");
  const Reduced r(op, x, dim ? OptionalIntArrayRef(*dim) : OptionalIntArrayRef(), keepdim);
  detail::check_not_empty(op, x, r);
  const Tensor all = dim ? x.detach() : reshape(x.detach(), {-1});
  const Around s(all, dim.value_or(0));
  const Tensor from = all.to(compute_type(x.scalar_type())).contiguous();
  Tensor y = empty(r.result, kLong);
  kernels::arg_reduce(max, nullptr, *y.unsafeGetTensorImpl(), *from.unsafeGetTensorImpl(), s.a, s.r, s.b);
  return y;
}

}  // namespace

Tensor max(const Tensor& x) { return extreme("max", kernels::Reduction::max, x); }
Tensor min(const Tensor& x) { return extreme("min", kernels::Reduction::min, x); }
std::tuple<Tensor, Tensor> max(const Tensor& x, int64_t dim, bool keepdim) {
  return with_index("max", true, x, dim, keepdim);
}
std::tuple<Tensor, Tensor> min(const Tensor& x, int64_t dim, bool keepdim) {
  return with_index("min", false, x, dim, keepdim);
}
Tensor amax(const Tensor& x, IntArrayRef dim, bool keepdim) {
  return extreme_over("amax", kernels::Reduction::max, x, dim, keepdim);
}
Tensor amin(const Tensor& x, IntArrayRef dim, bool keepdim) {
  return extreme_over("amin", kernels::Reduction::min, x, dim, keepdim);
}
Tensor argmax(const Tensor& x, std::optional<int64_t> dim, bool keepdim) {
  return place("argmax", true, x, dim, keepdim);
}
Tensor argmin(const Tensor& x, std::optional<int64_t> dim, bool keepdim) {
  return place("argmin", false, x, dim, keepdim);
}

// ---- methods --------------------------------------------------------------------------------------------------------

Tensor Tensor::max() const { return gradus::max(*this); }
Tensor Tensor::min() const { return gradus::min(*this); }
std::tuple<Tensor, Tensor> Tensor::max(int64_t dim, bool keepdim) const { return gradus::max(*this, dim, keepdim); }
std::tuple<Tensor, Tensor> Tensor::min(int64_t dim, bool keepdim) const { return gradus::min(*this, dim, keepdim); }
Tensor Tensor::amax(IntArrayRef dim, bool keepdim) const { return gradus::amax(*this, dim, keepdim); }
Tensor Tensor::amin(IntArrayRef dim, bool keepdim) const { return gradus::amin(*this, dim, keepdim); }
Tensor Tensor::argmax(std::optional<int64_t> dim, bool keepdim) const { return gradus::argmax(*this, dim, keepdim); }
Tensor Tensor::argmin(std::optional<int64_t> dim, bool keepdim) const { return gradus::argmin(*this, dim, keepdim); }

}  // namespace gradus
