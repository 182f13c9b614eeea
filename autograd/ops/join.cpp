#include "gradus/autograd/ops/join.h"

#include "gradus/autograd/ops/shape.h"
#include "gradus/autograd/record.h"
#include "gradus/tensor/factories.h"
#include "gradus/tensor/kernels/convert.h"

namespace gradus {
namespace {

// PyTorch's old rule: an empty one-dimensional tensor may stand anywhere in a list to be joined.
bool is_nothing(const Tensor& x) { return x.dim() == 1 && x.numel() == 0; }

// Puts x into y at `start` along d.
void place(const Tensor& y, const Tensor& x, size_t d, int64_t start) {
  const TensorImpl part(y.storage(), y.scalar_type(), x.sizes(), y.strides(),
                        y.storage_offset() + start * y.strides()[d]);
  kernels::copy(part, *x.unsafeGetTensorImpl());
}

}  // namespace

std::vector<Tensor> split_with_sizes(const Tensor& x, IntArrayRef sizes, int64_t dim) {
  check(x.dim() > 0, "split expects at least a 1-dimensional tensor");
  int64_t total = 0;
  for (int64_t s : sizes) {
    check(s >= 0, "split_with_sizes expects split_sizes have only non-negative entries, but got split_sizes=", sizes);
    total += s;
  }
  check(total == x.size(dim), "split_with_sizes expects split_sizes to sum exactly to ", x.size(dim),
        " (input tensor's size at dimension ", dim, "), but got split_sizes=", sizes);
  std::vector<Tensor> parts;
  int64_t start = 0;
  for (int64_t s : sizes) {
    parts.push_back(narrow(x, dim, start, s));
    start += s;
  }
  return parts;
}

std::vector<Tensor> split(const Tensor& x, int64_t size, int64_t dim) {
  check(x.dim() > 0, "split expects at least a 1-dimensional tensor");
  const int64_t n = x.size(dim);
  check(size > 0 || (size == 0 && n == 0), "split expects split_size be non-negative, but got split_size=", size);
  Sizes sizes;
  for (int64_t left = n; left > 0; left -= size) sizes.push_back(std::min(left, size));
  if (n == 0) sizes.push_back(0);
  return split_with_sizes(x, sizes, dim);
}

std::vector<Tensor> split(const Tensor& x, IntArrayRef sizes, int64_t dim) { return split_with_sizes(x, sizes, dim); }

std::vector<Tensor> chunk(const Tensor& x, int64_t chunks, int64_t dim) {
  check(x.dim() > 0, "chunk expects at least a 1-dimensional tensor");
  check(chunks > 0, "chunk expects `chunks` to be greater than 0, got: ", chunks);
  const int64_t n = x.size(dim), size = (n + chunks - 1) / chunks;
  if (n == 0) return split_with_sizes(x, Sizes(static_cast<size_t>(chunks), 0), dim);
  return split(x, size, dim);
}

std::vector<Tensor> unbind(const Tensor& x, int64_t dim) {
  std::vector<Tensor> parts;
  for (int64_t i = 0; i < x.size(dim); ++i) parts.push_back(select(x, dim, i));
  return parts;
}

Tensor cat(TensorList xs, int64_t dim) {
  check(!xs.empty(), "cat: expected a non-empty list of Tensors");
  const Tensor* first = nullptr;
  ScalarType dtype = xs[0].scalar_type();
  for (const Tensor& x : xs) {
    check(x.dim() > 0, "cat: zero-dimensional tensor cannot be concatenated");
    dtype = promote_types(dtype, x.scalar_type());
    if (!first && !is_nothing(x)) first = &x;
  }
  if (!first) first = &xs[0];
  const auto d = static_cast<size_t>(wrap_dim(dim, first->dim()));
  Sizes to = first->sizes();
  to[d] = 0;
  for (const Tensor& x : xs) {
    if (is_nothing(x)) continue;
    check(x.dim() == first->dim(), "cat: Tensors must have same number of dimensions, got ", first->sizes(), " and ",
          x.sizes());
    for (size_t i = 0; i < to.size(); ++i)
      check(i == d || x.sizes()[i] == to[i], "cat: Sizes of tensors must match except in dimension ", d,
            ". Expected size ", to[i], " but got size ", x.sizes()[i], " for tensor number ", &x - xs.begin(),
            " in the list, got ", first->sizes(), " and ", x.sizes());
    to[d] += x.sizes()[d];
  }
  const Tensor y = empty(to, dtype);
  Sizes lengths;
  int64_t start = 0;
  for (const Tensor& x : xs) {
    const int64_t n = is_nothing(x) ? 0 : x.sizes()[d];
    lengths.push_back(n);
    if (n > 0) place(y, x, d, start);
    start += n;
  }
  return record("cat", y, xs, [d, lengths](const Tensor& g, Node& self) {
    std::vector<Tensor> parts(lengths.size());
    int64_t at = 0;
    for (size_t i = 0; i < lengths.size(); ++i) {
      if (self.needs(i)) {
        parts[i] = narrow(g, static_cast<int64_t>(d), at, lengths[i]);
        const Sizes& want = self.edges[i].node->outputs[self.edges[i].nr].sizes;
        if (lengths[i] == 0) parts[i] = zeros(want, g.scalar_type());
      }
      at += lengths[i];
    }
    return parts;
  });
}

Tensor stack(TensorList xs, int64_t dim) {
  check(!xs.empty(), "stack expects a non-empty TensorList");
  const int64_t d = wrap_dim(dim, xs[0].dim() + 1);
  std::vector<Tensor> rows;
  for (const Tensor& x : xs) {
    check(x.sizes() == xs[0].sizes(), "stack expects each tensor to be equal size, but got ", xs[0].sizes(),
          " at entry 0 and ", x.sizes(), " at entry ", rows.size());
    rows.push_back(unsqueeze(x, d));
  }
  return cat(rows, d);
}

Tensor repeat(const Tensor& x, IntArrayRef repeats) {
  check(static_cast<int64_t>(repeats.size()) >= x.dim(),
        "repeat: Number of dimensions of repeat dims can not be smaller than "
        "number of dimensions of tensor, got ",
        repeats, " for ", x.sizes());
  for (int64_t r : repeats) check(r >= 0, "repeat: Repeats must be non-negative, got ", repeats);
  const size_t lead = repeats.size() - static_cast<size_t>(x.dim());
  Sizes apart, wide, together;  // [r0, n0, r1, n1, …] with and without the repeats
  for (size_t i = 0; i < repeats.size(); ++i) {
    const int64_t n = i < lead ? 1 : x.sizes()[i - lead];
    apart.push_back(1);
    apart.push_back(n);
    wide.push_back(repeats[i]);
    wide.push_back(n);
    together.push_back(repeats[i] * n);
  }
  return reshape(expand(reshape(x, apart), wide).clone(MemoryFormat::Contiguous), together);
}

Tensor flip(const Tensor& x, IntArrayRef dims) {
  std::vector<bool> turned(std::max<size_t>(x.sizes().size(), 1), false);
  for (int64_t dim : dims) {
    const auto d = static_cast<size_t>(wrap_dim(dim, x.dim()));
    check(!turned[d], "flip: dim ", d, " appears multiple times in the list of dims");
    turned[d] = true;
  }
  const Tensor y = empty(x.sizes(), x.scalar_type());
  // A reversed view reads from the last element backwards; only here may strides be negative.
  Sizes strides = x.strides();
  int64_t offset = x.storage_offset();
  for (size_t i = 0; i < x.sizes().size(); ++i) {
    if (!turned[i] || x.sizes()[i] == 0) continue;
    offset += (x.sizes()[i] - 1) * strides[i];
    strides[i] = -strides[i];
  }
  kernels::copy(*y.unsafeGetTensorImpl(), TensorImpl(x.storage(), x.scalar_type(), x.sizes(), strides, offset));
  return record("flip", y, {x}, [dims = Sizes(dims)](const Tensor& g, Node&) { return flip(g, dims); });
}

std::vector<Tensor> Tensor::split(int64_t size, int64_t dim) const { return gradus::split(*this, size, dim); }
std::vector<Tensor> Tensor::split_with_sizes(IntArrayRef sizes, int64_t dim) const {
  return gradus::split_with_sizes(*this, sizes, dim);
}
std::vector<Tensor> Tensor::chunk(int64_t chunks, int64_t dim) const { return gradus::chunk(*this, chunks, dim); }
std::vector<Tensor> Tensor::unbind(int64_t dim) const { return gradus::unbind(*this, dim); }
Tensor Tensor::repeat(IntArrayRef repeats) const { return gradus::repeat(*this, repeats); }
Tensor Tensor::flip(IntArrayRef dims) const { return gradus::flip(*this, dims); }
std::vector<Tensor> Tensor::split(IntArrayRef split_size, int64_t dim) const {
  return gradus::split(*this, split_size, dim);
}

}  // namespace gradus
