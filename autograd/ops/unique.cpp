// Distinct elements and slices: neighbours compared, after sorting.
#include "gradus/autograd/ops/ops.h"
#include "gradus/autograd/ops/statistics.h"
#include "gradus/autograd/record.h"
#include "gradus/tensor/factories.h"
#include "gradus/tensor/kernels/order.h"

namespace gradus {
namespace {

using Triple = std::tuple<Tensor, Tensor, Tensor>;

// Runs of equal neighbours: `fresh` [n] tells where one begins.
struct Runs {
  Tensor fresh, starts;

  // x [n] or [n, m]; NaN differs from itself.
  explicit Runs(const Tensor& x) {
    const int64_t n = x.size(0);
    Tensor changed = ne(slice(x, 0, std::min<int64_t>(1, n)), slice(x, 0, 0, std::max<int64_t>(n - 1, 0)));
    if (x.dim() > 1) changed = any(changed, 1);
    fresh = cat({ones({std::min<int64_t>(1, n)}, kBool), changed.to(kBool)});
    starts = reshape(nonzero(fresh), {-1});
  }
  // The run of each element.
  Tensor members() const { return sub(cumsum(fresh, 0), 1); }
  Tensor counts() const {
    const Tensor ends = cat({slice(starts, 0, 1), full({std::min<int64_t>(1, starts.numel())}, fresh.numel(), kLong)});
    return sub(ends, starts);
  }
};

// What runs among `x` (sorted by `order`, or as it stands without) say about the unsorted elements.
Triple summary(const Tensor& x, const Tensor& order, bool inverse, bool count) {
  const Runs runs(x);
  Tensor members = empty({0}, kLong), counts = empty({0}, kLong);
  if (inverse) {
    members = runs.members();
    if (order.defined()) members = scatter(zeros_like(members), 0, order, members);
  }
  if (count) counts = runs.counts();
  return {index_select(x, 0, runs.starts), members, counts};
}

// The slices along dim as rows.
Tensor rows_along(const char* op, const Tensor& x, int64_t dim) {
  check(x.dim() > 0, op, ": There are 0 dimensions, so no slices along a dimension");
  const Tensor front = movedim(x.detach(), dim, 0);
  const int64_t n = front.size(0);
  check(x.numel() > 0 || n == 0, "There are 0 sized dimensions, and they aren't selected, so unique cannot be applied");
  return reshape(front, {n, n == 0 ? 0 : x.numel() / n}).contiguous();
}

// Rows as slices along dim of a tensor like x.
Tensor slices_like(const Tensor& rows, const Tensor& x, int64_t dim) {
  Sizes sizes = movedim(x.detach(), dim, 0).sizes();
  sizes[0] = rows.size(0);
  return movedim(reshape(rows, sizes), 0, dim).contiguous();
}

void check_defined(const char* op, const Tensor& x) {
  check(x.defined(), op, ": expected a tensor, but got an undefined one");
}

}  // namespace

Triple _unique2(const Tensor& x, bool, bool return_inverse, bool return_counts) {
  check_defined("_unique2", x);
  const auto [values, order] = sort(reshape(x.detach(), {-1}));
  auto [y, inverse, counts] = summary(values, order, return_inverse, return_counts);
  if (return_inverse) inverse = reshape(inverse, x.sizes());
  return {record_not_differentiable("_unique2", y, {x}), inverse, counts};
}

std::tuple<Tensor, Tensor> _unique(const Tensor& x, bool sorted, bool return_inverse) {
  const auto [y, inverse, counts] = _unique2(x, sorted, return_inverse, false);
  return {y, inverse};
}

Triple unique_dim(const Tensor& x, int64_t dim, bool, bool return_inverse, bool return_counts) {
  check_defined("unique_dim", x);
  const Tensor rows = rows_along("unique_dim", x, dim), order = empty({rows.size(0)}, kLong);
  kernels::sort_by_rows(*order.unsafeGetTensorImpl(), *rows.unsafeGetTensorImpl(), rows.size(0), rows.size(1));
  auto [y, inverse, counts] = summary(index_select(rows, 0, order), order, return_inverse, return_counts);
  return {record_not_differentiable("unique_dim", slices_like(y, x, dim), {x}), inverse, counts};
}

Triple unique_dim_consecutive(const Tensor& x, int64_t dim, bool return_inverse, bool return_counts) {
  check_defined("unique_dim_consecutive", x);
  const Tensor rows = rows_along("unique_dim_consecutive", x, dim);
  auto [y, inverse, counts] = summary(rows, {}, return_inverse, return_counts);
  return {record_not_differentiable("unique_dim_consecutive", slices_like(y, x, dim), {x}), inverse, counts};
}

Triple unique_consecutive(const Tensor& x, bool return_inverse, bool return_counts, std::optional<int64_t> dim) {
  check_defined("unique_consecutive", x);
  if (dim) return unique_dim_consecutive(x, *dim, return_inverse, return_counts);
  auto [y, inverse, counts] = summary(reshape(x.detach(), {-1}), {}, return_inverse, return_counts);
  if (return_inverse) inverse = reshape(inverse, x.sizes());
  return {record_not_differentiable("unique_consecutive", y, {x}), inverse, counts};
}

}  // namespace gradus
