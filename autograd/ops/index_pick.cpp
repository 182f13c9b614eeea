// Elements and rows picked by truth or by number: masked_select, nonzero, take, embedding, one_hot.
#include "gradus/autograd/overwrite.h"
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

Tensor argwhere(const Tensor& x) { return nonzero(x); }

std::vector<Tensor> nonzero_numpy(const Tensor& x) { return unbind(nonzero(x.dim() == 0 ? unsqueeze(x, 0) : x), 1); }

Tensor masked_select(const Tensor& x, const Tensor& mask) {
  check(mask.scalar_type() == kBool, "masked_select: expected BoolTensor for mask, got ", mask.scalar_type());
  Sizes shape = broadcast("masked_select", x.sizes(), mask.sizes());
  return index(reshape(expand(x, shape), {-1}), ArrayRef<std::optional<Tensor>>(reshape(expand(mask, shape), {-1})));
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

Tensor put(const Tensor& x, const Tensor& index, const Tensor& source, bool accumulate) {
  check(index.defined() && index.scalar_type() == kLong, "put_(): Expected a long tensor for index, but got ",
        index.defined() ? name(index.scalar_type()) : "an undefined tensor");
  check(x.scalar_type() == source.scalar_type(),
        "put_(): self and source expected to have the same dtype, but got self.dtype = ", x.scalar_type(),
        " and source.dtype = ", source.scalar_type());
  check(index.numel() == source.numel(),
        "put_(): Expected source and index to have the same number of elements, but got "
        "source.numel() = ",
        source.numel(), ", index.numel() = ", index.numel());
  check_index(x.numel() > 0 || index.numel() == 0, "put_(): Expected x to have elements, but it is empty");
  const Tensor flat = index_put(reshape(x, {-1}), ArrayRef<std::optional<Tensor>>(reshape(index, {-1})),
                                reshape(source, {-1}), accumulate);
  return reshape(flat, x.sizes());
}

Tensor take_along_dim(const Tensor& x, const Tensor& indices, std::optional<int64_t> dim) {
  check(indices.defined() && indices.scalar_type() == kLong,
        "torch.take_along_dim(): dtype of indices should be Long but got ",
        indices.defined() ? name(indices.scalar_type()) : "an undefined tensor");
  if (!dim) return gather(reshape(x, {-1}), 0, reshape(indices, {-1}));
  check(x.dim() == indices.dim(),
        "torch.take_along_dim(): input and indices should have the same number of dimensions, but "
        "got ",
        x.dim(), " dimensions for input, and ", indices.dim(), " dimensions for indices");
  const auto d = static_cast<size_t>(wrap_dim(*dim, x.dim()));
  if (x.dim() == 0) return gather(x, 0, indices);
  Sizes a = x.sizes(), b = indices.sizes();
  a[d] = b[d] = 1;
  Sizes common = broadcast("take_along_dim", a, b);
  Sizes wide = common;
  wide[d] = x.size(*dim);
  common[d] = indices.size(*dim);
  return gather(expand(x, wide), *dim, expand(indices, common));
}

Tensor masked_scatter(const Tensor& x, const Tensor& mask, const Tensor& source) {
  check(mask.defined() && mask.scalar_type() == kBool,
        "masked_scatter_ only supports boolean masks, but got mask with dtype ",
        mask.defined() ? name(mask.scalar_type()) : "an undefined tensor");
  check(x.scalar_type() == source.scalar_type(),
        "masked_scatter_: expected self and source to have same dtypes but got ", x.scalar_type(), " and ",
        source.scalar_type());
  const Sizes shape = broadcast("masked_scatter", x.sizes(), mask.sizes());
  if (shape.empty()) return reshape(masked_scatter(unsqueeze(x, 0), mask, source), {});
  const Tensor where = expand(mask, shape);
  const int64_t n = sum(where).item<int64_t>();
  check(source.numel() >= n,
        "masked_scatter: expected self and source to have same number of elements: Number of elements "
        "of source < number of ones in mask");
  const Tensor to = expand(x, shape).contiguous();
  return index_put(to, ArrayRef<std::optional<Tensor>>(where), slice(reshape(source, {-1}), 0, 0, n));
}

Tensor embedding(const Tensor& weight, const Tensor& indices, int64_t padding_idx, bool scale_grad_by_freq, bool) {
  check(weight.dim() == 2, "embedding: 'weight' must be 2-D, got ", weight.sizes());
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
Tensor TensorMethods::take(const Tensor& index) const { return gradus::take(itself(), index); }
Tensor TensorMethods::put(const Tensor& index, const Tensor& source, bool accumulate) const {
  return gradus::put(itself(), index, source, accumulate);
}
Tensor& TensorMethods::put_(const Tensor& index, const Tensor& source, bool accumulate) const {
  return detail::overwrite("put_", itself(), {index, source},
                           [&](const Tensor& x) { return gradus::put(x, index, source, accumulate); });
}
Tensor TensorMethods::take_along_dim(const Tensor& indices, std::optional<int64_t> dim) const {
  return gradus::take_along_dim(itself(), indices, dim);
}
Tensor TensorMethods::masked_scatter(const Tensor& mask, const Tensor& source) const {
  return gradus::masked_scatter(itself(), mask, source);
}
Tensor& TensorMethods::masked_scatter_(const Tensor& mask, const Tensor& source) const {
  return detail::overwrite("masked_scatter_", itself(), {mask, source},
                           [&](const Tensor& x) { return gradus::masked_scatter(x, mask, source); });
}
Tensor TensorMethods::argwhere() const { return gradus::argwhere(itself()); }

}  // namespace gradus
