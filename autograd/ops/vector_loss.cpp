// The losses of vectors: cosine_embedding_loss, triplet_margin_loss, and those of classes with a margin.
#include <cmath>

#include "gradus/autograd/ops/margin_loss.h"
#include "gradus/autograd/ops/ops.h"
#include "gradus/autograd/pointwise_loss.h"
#include "gradus/autograd/wide.h"
#include "gradus/tensor/factories.h"
#include "gradus/tensor/kernels/margin.h"

namespace gradus {

Tensor cosine_embedding_loss(const Tensor& x1, const Tensor& x2, const Tensor& target, double margin,
                             int64_t reduction) {
  constexpr const char* op = "cosine_embedding_loss";
  check(x1.defined() && x2.defined() && target.defined(), op, ": expected three tensors, but got an undefined one");
  check_reduction(op, reduction);
  check(target.dim() <= 1, op, ": 0D or 1D target tensor expected, multi-target not supported, got ", target.sizes());
  const int64_t rank = target.dim() + 1;
  check(x1.dim() == rank && x2.dim() == rank, op, ": ", target.dim(), "D target tensor expects ", rank,
        "D input tensors, but found inputs with sizes ", x1.sizes(), " and ", x2.sizes(), ".");
  const ScalarType type = promote_types(x1.scalar_type(), x2.scalar_type());
  if (is_float16(type)) return cosine_embedding_loss(wide(x1), wide(x2), target, margin, reduction).to(type);
  constexpr double least = 1e-12;
  const int64_t d = target.dim();
  const Tensor squares = (sum(x1 * x1, d) + least) * (sum(x2 * x2, d) + least);
  const Tensor cosine = sum(x1 * x2, d) / sqrt(squares);
  const Tensor alike = where(eq(target, 1), 1 - cosine, 0);
  return reduced(alike + where(eq(target, -1), clamp_min(cosine - margin, 0), 0), reduction);
}

Tensor triplet_margin_loss(const Tensor& anchor, const Tensor& positive, const Tensor& negative, double margin,
                           double p, double eps, bool swap, int64_t reduction) {
  constexpr const char* op = "triplet_margin_loss";
  check(anchor.defined() && positive.defined() && negative.defined(), op,
        ": expected three tensors, but got an undefined one");
  check_reduction(op, reduction);
  check(anchor.dim() == positive.dim() && positive.dim() == negative.dim(), op,
        ": The anchor, positive, and negative tensors are expected to have the same number of dimensions, but got: "
        "anchor ",
        anchor.dim(), "D, positive ", positive.dim(), "D, and negative ", negative.dim(), "D inputs");
  const ScalarType type =
      promote_types(promote_types(anchor.scalar_type(), positive.scalar_type()), negative.scalar_type());
  if (is_float16(type))
    return triplet_margin_loss(wide(anchor), wide(positive), wide(negative), margin, p, eps, swap, reduction).to(type);
  const Tensor to_positive = pairwise_distance(anchor, positive, p, eps);
  Tensor to_negative = pairwise_distance(anchor, negative, p, eps);
  if (swap) to_negative = minimum(to_negative, pairwise_distance(positive, negative, p, eps));
  return reduced(clamp_min(to_positive - to_negative + margin, 0), reduction);
}

namespace {

// x as rows of classes, [N, C]; a target of `rank` dimensions less than x says whether there is one row alone.
Tensor class_rows(const char* op, const Tensor& x) {
  check(x.dim() <= 2 && (x.dim() == 0 || x.size(-1) > 0), op,
        ": Expected non-empty vector or matrix with optional 0-dim batch size, but got: ", x.sizes());
  check(is_floating(x.scalar_type()), op, ": \"", op, "\" not implemented for '", name(x.scalar_type()), "'");
  return x.dim() == 2 ? x : reshape(x, {1, -1});
}

void check_long(const char* op, const Tensor& target) {
  check(target.scalar_type() == kLong, op, ": expected scalar type Long but found ", target.scalar_type());
}

}  // namespace

Tensor multi_margin_loss(const Tensor& x, const Tensor& target, const Scalar& p, const Scalar& margin,
                         const std::optional<Tensor>& weight, int64_t reduction) {
  constexpr const char* op = "multi_margin_loss";
  check(x.defined() && target.defined(), op, ": expected two tensors, but got an undefined one");
  check_reduction(op, reduction);
  const double power = p.toDouble();
  check(power == 1 || power == 2, op, ": only p == 1 and p == 2 supported, got ", power);
  const Tensor rows = class_rows(op, x);
  const int64_t n = rows.size(0), c = rows.size(1);
  check(target.dim() <= 1 && target.numel() == n, op,
        ": target tensor should be 1-D with size equal to the number of input samples (batch size). Expected target "
        "size [",
        n, "], but got ", target.sizes(), ". Input has shape ", x.sizes(), ".");
  check_long(op, target);
  const bool weighted = weight && weight->defined();
  if (weighted)
    check(weight->dim() <= 1 && weight->numel() == c, op, ": inconsistent weight size, expected ", c, " but got ",
          weight->sizes());
  if (is_float16(x.scalar_type()))
    return multi_margin_loss(wide(x), target, p, margin, wide(weight), reduction)
        .to(weighted ? promote_types(x.scalar_type(), weight->scalar_type()) : x.scalar_type());
  const Tensor t = reshape(target, {n, 1});
  check_index(n == 0 || (min(t).item<int64_t>() >= 0 && max(t).item<int64_t>() < c), op, ": target out of range");
  Tensor z = relu(rows - gather(rows, 1, t) + margin.toDouble());
  if (power == 2) z = square(z);
  z = masked_fill(z, eq(arange(c, kLong), t), 0);
  if (weighted) z = z * unsqueeze(index_select(reshape(*weight, {-1}), 0, reshape(t, {-1})), 1);
  const Tensor values = sum(z, 1) / c;
  return reduced(x.dim() == 0 || (x.dim() == 1 && target.dim() == 0) ? squeeze(values, 0) : values, reduction);
}

Tensor multilabel_margin_loss(const Tensor& x, const Tensor& target, int64_t reduction) {
  constexpr const char* op = "multilabel_margin_loss";
  check(x.defined() && target.defined(), op, ": expected two tensors, but got an undefined one");
  check_reduction(op, reduction);
  const Tensor rows = class_rows(op, x).contiguous();
  check(x.sizes() == target.sizes(), op, ": inconsistent target size: ", target.sizes(),
        " for input of size: ", x.sizes());
  check_long(op, target);
  if (is_float16(x.scalar_type())) return multilabel_margin_loss(wide(x), target, reduction).to(x.scalar_type());
  const Tensor t = reshape(target, rows.sizes()).contiguous();
  kernels::check_label_rows(op, t);
  Tensor values = kernels::multilabel_margin(rows, t);
  // Piecewise linear: the gradient is g times constants.
  values = record(op, values, {rows}, [x = Saved(rows), t](const Tensor& g, Node& self) {
    return unsqueeze(g, 1) * kernels::multilabel_margin_slopes(x.get(self), t);
  });
  return reduced(x.dim() == 2 ? values : squeeze(values, 0), reduction);
}

}  // namespace gradus
