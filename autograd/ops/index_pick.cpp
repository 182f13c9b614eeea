// Elements and rows picked by truth or by number: masked_select, nonzero, take, embedding, one_hot.
#include "gradus/autograd/pointwise.h"
#include "gradus/tensor/factories.h"
#include "gradus/tensor/kernels/index.h"

namespace gradus {

Tensor nonzero(const Tensor& x) {
  const Tensor mask = (x.scalar_type() == kBool ? x : ne(x, 0)).contiguous();
  const Tensor y = empty({mask.sum().item<int64_t>(), x.dim()}, kLong);
  kernels::nonzero(*y.unsafeGetTensorImpl(), *mask.unsafeGetTensorImpl());
  return y;
}

std::vector<Tensor> nonzero_numpy(const Tensor& x) { return unbind(nonzero(x.dim() == 0 ? unsqueeze(x, 0) : x), 1); }

Tensor masked_select(const Tensor& x, const Tensor& mask) {
  check(mask.scalar_type() == kBool, "masked_select: expected BoolTensor for mask, got ", mask.scalar_type());
  Sizes shape = broadcast("masked_select", x.sizes(), mask.sizes());
  if (shape.empty()) shape = {1};
  return index(expand(x, shape), ArrayRef<std::optional<Tensor>>(expand(mask, shape)));
}

Tensor take(const Tensor& x, const Tensor& index) {
  check(index.scalar_type() == kLong, "take(): Expected a long tensor for index, but got ", index.scalar_type());
  check_index(x.numel() > 0 || index.numel() == 0, "take(): tried to take from an empty tensor");
  const Tensor i = index.contiguous();
  const int64_t n = x.numel(), bad = kernels::first_outside(*i.unsafeGetTensorImpl(), -n, n);
  if (bad >= 0)
    throw IndexError(str("out of range: tried to access index ", reshape(i, {-1})[bad].item<int64_t>(),
                         " on a tensor of ", n, " elements."));
  return gradus::index(reshape(x, {-1}), ArrayRef<std::optional<Tensor>>(i));
}

Tensor embedding(const Tensor& weight, const Tensor& indices, int64_t padding_idx, bool scale_grad_by_freq, bool) {
  check(weight.dim() == 2, "'weight' must be 2-D, got ", weight.sizes());
  check(indices.scalar_type() == kLong || indices.scalar_type() == kInt,
        "Expected tensor for argument #1 'indices' to have one of the following scalar types: Long, Int; but got ",
        indices.scalar_type(), " instead (while checking arguments for embedding)");
  const Tensor flat = reshape(indices, {-1}), table = weight.detach();
  Sizes shape = indices.sizes();
  shape.push_back(weight.size(1));
  Tensor y = reshape(index_select(table, 0, flat), shape).detach();
  if (!recording({weight})) return y;
  return record("embedding", y, {weight},
                [at = Saved(flat), padding_idx, scale_grad_by_freq, n = weight.size(0), d = weight.size(1)](
                    const Tensor& g, Node& node) {
                  const Tensor i = at.get(node);
                  Tensor rows = reshape(g, {i.numel(), d});
                  if (scale_grad_by_freq) {
                    const Tensor times =
                        zeros({n}, g.scalar_type()).index_add_(0, i, ones({i.numel()}, g.scalar_type()));
                    rows = div(rows, unsqueeze(index_select(times, 0, i), 1));
                  }
                  if (padding_idx >= 0) rows = masked_fill(rows, unsqueeze(eq(i, padding_idx), 1), 0);
                  return zeros({n, d}, g.scalar_type()).index_add_(0, i, rows);
                });
}

Tensor one_hot(const Tensor& x, int64_t num_classes) {
  check(x.scalar_type() == kLong, "one_hot is only applicable to index tensor of type LongTensor, got ",
        x.scalar_type());
  check(x.numel() > 0 || num_classes > 0, "Can not infer total number of classes from empty tensor.");
  Sizes shape = x.sizes();
  int64_t classes = num_classes;
  if (x.numel() > 0) {
    check(min(x).item<int64_t>() >= 0, "Class values must be non-negative.");
    const int64_t greatest = max(x).item<int64_t>();
    if (num_classes == -1) classes = greatest + 1;
    check(classes > greatest, "Class values must be smaller than num_classes.");
  }
  shape.push_back(classes);
  const Tensor y = zeros(shape, kLong);
  return x.numel() > 0 ? y.scatter_(-1, unsqueeze(x, -1), 1) : y;
}

Tensor Tensor::masked_select(const Tensor& mask) const { return gradus::masked_select(*this, mask); }
Tensor Tensor::nonzero() const { return gradus::nonzero(*this); }

}  // namespace gradus
