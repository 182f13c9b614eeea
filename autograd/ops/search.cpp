#include "gradus/autograd/ops/search.h"

#include "gradus/autograd/pointwise.h"
#include "gradus/tensor/factories.h"
#include "gradus/tensor/kernels/order.h"

namespace gradus {
namespace {

bool from_right(bool right, std::optional<std::string_view> side) {
  check(!side || *side == "left" || *side == "right",
        "torch.searchsorted(): side can only be 'left' or 'right' but got ", side.value_or(""));
  check(!(right && side && *side == "left"),
        "torch.searchsorted(): side and right can't be set to opposites, got side of left while right was True");
  return right || (side && *side == "right");
}

void check_search(const Tensor& sequence, const Tensor& x, const Tensor& sorter) {
  check(sequence.defined() && x.defined(), "torch.searchsorted(): expected tensors, but got an undefined one");
  check(sequence.dim() > 0,
        "torch.searchsorted(): input value can be a scalar only when boundaries tensor dimension is "
        "1, but we got boundaries tensor dim(0)");
  check(sequence.scalar_type() == x.scalar_type(),
        "torch.searchsorted(): boundary tensor and input value tensor should have same dtype, but got boundary tensor "
        "dtype ",
        sequence.dtype(), " and input value tensor dtype ", x.dtype());
  bool rows = sequence.dim() == x.dim();
  for (int64_t d = 0; rows && d + 1 < x.dim(); ++d) rows = sequence.size(d) == x.size(d);
  check(
      sequence.dim() == 1 || rows,
      "torch.searchsorted(): boundaries tensor should be 1 dimension or the first N-1 dimensions of boundaries tensor "
      "and input value tensor must match, but we got boundaries tensor ",
      sequence.sizes(), " and input value tensor ", x.sizes());
  if (!sorter.defined()) return;
  check(sorter.sizes() == sequence.sizes(),
        "torch.searchsorted(): boundary and sorter must have the same size, but got "
        "boundary tensor ",
        sequence.sizes(), "and got sorter tensor ", sorter.sizes());
  check(sorter.scalar_type() == kLong, "torch.searchsorted(): sorter must be a tensor of long dtype but got dtype ",
        sorter.dtype());
  if (sorter.numel() == 0) return;
  check(min(sorter).item<int64_t>() >= 0 && max(sorter).item<int64_t>() < sequence.size(-1),
        "torch.searchsorted(): sorter index out of range");
}

// The number in the type that the sequence has, or that holds both.
std::pair<Tensor, Tensor> with_number(const Tensor& sequence, const Scalar& x) {
  const ScalarType type = result_type(sequence, x);
  return {detail::in_type(sequence, type), scalar_tensor(x, type)};
}

}  // namespace

Tensor searchsorted(const Tensor& sequence, const Tensor& x, bool out_int32, bool right,
                    std::optional<std::string_view> side, const std::optional<Tensor>& sorter) {
  const bool from = from_right(right, side);
  const Tensor order = sorter.value_or(Tensor());
  check_search(sequence, x, order);
  const int64_t n = sequence.size(-1), m = sequence.dim() == 1 ? std::max<int64_t>(x.numel(), 1) : x.size(-1);
  const Tensor y = empty(x.sizes(), kLong);
  const Tensor by = order.defined() ? order.contiguous() : order;
  if (x.numel() > 0)
    kernels::search(*y.unsafeGetTensorImpl(), *sequence.detach().contiguous().unsafeGetTensorImpl(),
                    *x.detach().contiguous().unsafeGetTensorImpl(), by.unsafeGetTensorImpl(), x.numel() / m, n, m,
                    from);
  return out_int32 ? y.to(kInt) : y;
}

Tensor searchsorted(const Tensor& sequence, const Scalar& x, bool out_int32, bool right,
                    std::optional<std::string_view> side, const std::optional<Tensor>& sorter) {
  check(sequence.defined() && sequence.dim() == 1,
        "torch.searchsorted(): input value can be a scalar only when "
        "boundaries tensor dimension is 1, but we got boundaries tensor dim(",
        sequence.defined() ? sequence.dim() : 0, ")");
  const auto [in, number] = with_number(sequence, x);
  return searchsorted(in, number, out_int32, right, side, sorter);
}

Tensor bucketize(const Tensor& x, const Tensor& boundaries, bool out_int32, bool right) {
  check(x.defined() && boundaries.defined(), "bucketize: expected tensors, but got an undefined one");
  check(boundaries.dim() == 1, "bucketize: boundaries tensor must be 1 dimension, but got dim(", boundaries.dim(), ")");
  const ScalarType type = result_type(x, boundaries);
  return searchsorted(detail::in_type(boundaries, type), detail::in_type(x, type), out_int32, right);
}
Tensor bucketize(const Scalar& x, const Tensor& boundaries, bool out_int32, bool right) {
  check(boundaries.dim() == 1, "bucketize: boundaries tensor must be 1 dimension, but got dim(", boundaries.dim(), ")");
  return searchsorted(boundaries, x, out_int32, right);
}

Tensor isin(const Tensor& elements, const Tensor& test, bool, bool invert) {
  check(elements.defined() && test.defined(), "isin: expected tensors, but got an undefined one");
  const ScalarType type = result_type(elements, test);
  if (test.numel() == 0) return full(elements.sizes(), invert, kBool);
  const Tensor sorted = std::get<0>(sort(reshape(detail::in_type(test.detach(), type), {-1})));
  const Tensor x = detail::in_type(elements.detach(), type);
  // The first element that is not less; equal if it is among them.
  const Tensor at = clamp_max(searchsorted(sorted, x), sorted.numel() - 1);
  const Tensor nearest = reshape(index_select(sorted, 0, reshape(at, {-1})), x.sizes());
  return invert ? ne(nearest, x) : eq(nearest, x);
}
Tensor isin(const Tensor& elements, const Scalar& test, bool, bool invert) {
  return invert ? ne(elements, test) : eq(elements, test);
}
Tensor isin(const Scalar& element, const Tensor& test, bool assume_unique, bool invert) {
  return isin(scalar_tensor(element, result_type(test, element)), test, assume_unique, invert);
}

}  // namespace gradus
