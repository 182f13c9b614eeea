#include "gradus/autograd/ops/distance.h"

#include "gradus/autograd/ops/ops.h"
#include "gradus/autograd/wide.h"
#include "gradus/tensor/factories.h"
#include "gradus/tensor/promotion.h"

namespace gradus {

Tensor cosine_similarity(const Tensor& x1, const Tensor& x2, int64_t dim, double eps) {
  constexpr const char* op = "cosine_similarity";
  check(x1.defined() && x2.defined(), op, ": expected two tensors, but got an undefined one");
  check(is_floating(x1.scalar_type()) || is_floating(x2.scalar_type()), op,
        ": expected common dtype to be floating point, yet common dtype is ", x1.scalar_type());
  const Sizes sizes = broadcast(op, x1.sizes(), x2.sizes());
  // |x| is that of the whole vector, also where the other one broadcasts along dim.
  const Tensor a = expand(x1, sizes), b = expand(x2, sizes);
  const Tensor u = a / clamp_min(norm(a, 2, {dim}, true), eps), v = b / clamp_min(norm(b, 2, {dim}, true), eps);
  return sum(u * v, dim);
}

Tensor pairwise_distance(const Tensor& x1, const Tensor& x2, double p, double eps, bool keepdim) {
  check(x1.defined() && x2.defined(), "pairwise_distance: expected two tensors, but got an undefined one");
  const ScalarType type = result_type(x1, x2);
  if (is_float16(type)) return pairwise_distance(wide(x1), wide(x2), p, eps, keepdim).to(type);
  return norm(x1 - x2 + eps, p, {-1}, keepdim);
}

Tensor pdist(const Tensor& x, double p) {
  check(x.defined(), "pdist: expected a tensor, but got an undefined one");
  check(x.dim() == 2, "pdist: pdist only supports 2D tensors, got: ", x.dim(), "D");
  check(is_floating(x.scalar_type()), "pdist: pdist only supports floating-point dtypes, got ", x.scalar_type());
  check(p >= 0, "pdist: pdist only supports non-negative p values, got ", p);
  if (is_float16(x.scalar_type())) return pdist(wide(x), p).to(x.scalar_type());
  const int64_t n = x.size(0);
  if (n < 2) return sum(x, 1).narrow(0, 0, 0);
  const Tensor numbers = arange(n, kLong);
  const Tensor pairs = nonzero(lt(unsqueeze(numbers, 1), numbers));
  return norm(index_select(x, 0, pairs.select(1, 0)) - index_select(x, 0, pairs.select(1, 1)), p, {-1});
}

}  // namespace gradus
