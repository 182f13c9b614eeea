#include "gradus/autograd/ops/rearrange.h"

#include <numeric>

#include "gradus/autograd/overwrite.h"
#include "gradus/autograd/record.h"
#include "gradus/tensor/factories.h"
#include "gradus/tensor/kernels/order.h"

namespace gradus {
namespace {

std::vector<Tensor> each(TensorList xs, Tensor (*f)(const Tensor&)) {
  std::vector<Tensor> r;
  for (const Tensor& x : xs) r.push_back(f(x));
  return r;
}

// The windows of a dimension in a tensor with these sizes and strides.
struct Windows {
  Sizes sizes, strides;
  Windows(IntArrayRef of, IntArrayRef of_strides, size_t d, int64_t size, int64_t step)
      : sizes(of), strides(of_strides) {
    if (sizes.empty()) {
      sizes.push_back(size);
      strides.push_back(1);
      return;
    }
    sizes.push_back(size);
    strides.push_back(of_strides[d]);
    sizes[d] = (of[d] - size) / step + 1;
    strides[d] *= step;
  }
};

// x with src put into the view of it that `part` gives.
template <class F>
Tensor with_part(const char* op, const Tensor& x, const Tensor& src, const F& part) {
  const Tensor y = clone(x);
  const Tensor to = part(y);
  check(to.sizes() == src.sizes(), op, ": expected src to have a size equal to the ", op,
        " of self. src size = ", src.sizes(), ", ", op, " size = ", to.sizes());
  to.copy_(src);
  return y;
}

}  // namespace

// ---- dimensions -----------------------------------------------------------------------------------------------------

Tensor movedim(const Tensor& x, IntArrayRef source, IntArrayRef destination) {
  check(source.size() == destination.size(), "movedim: Invalid source or destination dims: source (", source,
        " dims) should contain the same number of "
        "dims as destination (",
        destination, " dims)");
  const auto rank = static_cast<size_t>(x.dim());
  Sizes order(rank, -1);
  std::vector<bool> moved(rank, false);
  for (size_t i = 0; i < source.size() && rank > 0; ++i) {
    const auto from = static_cast<size_t>(wrap_dim(source[i], x.dim()));
    const auto to = static_cast<size_t>(wrap_dim(destination[i], x.dim()));
    check(!moved[from], "movedim: repeated dim in `source` (", source, ")");
    check(order[to] == -1, "movedim: repeated dim in `destination` (", destination, ")");
    moved[from] = true;
    order[to] = static_cast<int64_t>(from);
  }
  size_t next = 0;
  for (int64_t& d : order) {
    if (d != -1) continue;
    while (moved[next]) ++next;
    d = static_cast<int64_t>(next++);
  }
  return permute(x, order);
}
Tensor movedim(const Tensor& x, int64_t source, int64_t destination) {
  return movedim(x, IntArrayRef(source), IntArrayRef(destination));
}
Tensor moveaxis(const Tensor& x, IntArrayRef source, IntArrayRef destination) {
  return movedim(x, source, destination);
}
Tensor moveaxis(const Tensor& x, int64_t source, int64_t destination) { return movedim(x, source, destination); }
Tensor swapaxes(const Tensor& x, int64_t a, int64_t b) { return transpose(x, a, b); }
Tensor swapdims(const Tensor& x, int64_t a, int64_t b) { return transpose(x, a, b); }

Tensor adjoint(const Tensor& x) {
  check(x.dim() >= 2, "tensor.mT is only supported on matrices or batches of matrices. Got ", x.dim(), "-D tensor.");
  return transpose(x, -2, -1);
}

Tensor ravel(const Tensor& x) { return reshape(x.contiguous(), {-1}); }
Tensor unflatten(const Tensor& x, int64_t dim, IntArrayRef sizes) { return x.unflatten(dim, sizes); }
Tensor broadcast_to(const Tensor& x, IntArrayRef sizes) { return expand(x, sizes); }

std::vector<Tensor> broadcast_tensors(TensorList xs) {
  Sizes shape;
  for (const Tensor& x : xs) shape = broadcast("broadcast_tensors", shape, x.sizes());
  std::vector<Tensor> r;
  for (const Tensor& x : xs) r.push_back(expand(x, shape));
  return r;
}

Tensor atleast_1d(const Tensor& x) { return x.dim() == 0 ? reshape(x, {1}) : x; }
Tensor atleast_2d(const Tensor& x) { return x.dim() == 0 ? reshape(x, {1, 1}) : x.dim() == 1 ? unsqueeze(x, 0) : x; }
Tensor atleast_3d(const Tensor& x) {
  if (x.dim() == 0) return reshape(x, {1, 1, 1});
  if (x.dim() == 1) return unsqueeze(unsqueeze(x, 0), -1);
  return x.dim() == 2 ? unsqueeze(x, -1) : x;
}
std::vector<Tensor> atleast_1d(TensorList xs) { return each(xs, atleast_1d); }
std::vector<Tensor> atleast_2d(TensorList xs) { return each(xs, atleast_2d); }
std::vector<Tensor> atleast_3d(TensorList xs) { return each(xs, atleast_3d); }

// ---- repetition -----------------------------------------------------------------------------------------------------

Tensor tile(const Tensor& x, IntArrayRef dims) {
  Sizes repeats(dims);
  while (repeats.size() < static_cast<size_t>(x.dim())) repeats.insert(0, 1);
  return repeat(x, repeats);
}

Tensor repeat_interleave(const Tensor& repeats, std::optional<int64_t> output_size) {
  check(repeats.dim() == 1, "repeat_interleave only accept 1D vector as repeat");
  check(repeats.scalar_type() == kLong || repeats.scalar_type() == kInt,
        "repeat_interleave: repeats has to be Long or Int tensor");
  const Tensor counts = repeats.detach().to(kLong).contiguous();
  check(counts.numel() == 0 || min(counts).item<int64_t>() >= 0, "repeats can not be negative");
  const int64_t n = sum(counts).item<int64_t>();
  check(!output_size || *output_size == n, "repeat_interleave: allocated size does not match required size, got ",
        output_size.value_or(0), " for ", n);
  const Tensor y = empty({n}, kLong);
  kernels::repeat_index(*y.unsafeGetTensorImpl(), *counts.unsafeGetTensorImpl());
  return repeats.scalar_type() == kInt ? y.to(kInt) : y;
}

Tensor repeat_interleave(const Tensor& x, const Tensor& repeats, std::optional<int64_t> dim,
                         std::optional<int64_t> output_size) {
  const Tensor in = dim ? x : reshape(x, {-1});
  const int64_t d = dim.value_or(0), n = in.dim() == 0 ? 1 : in.size(d);
  Tensor counts = repeats;
  if (repeats.dim() == 0 || (repeats.dim() == 1 && repeats.size(0) == 1))
    counts = expand(reshape(repeats, {1}), {n});
  else
    check(repeats.dim() == 1, "repeat_interleave: repeats must be 0-dim or 1-dim tensor");
  check(counts.size(0) == n,
        "repeats must have the same size as input along dim, but got repeats.size(0) = ", counts.size(0),
        " and input.size(", d, ") = ", n);
  return index_select(in, d, repeat_interleave(counts, output_size));
}

Tensor repeat_interleave(const Tensor& x, int64_t repeats, std::optional<int64_t> dim,
                         std::optional<int64_t> output_size) {
  check(repeats >= 0, "repeat_interleave: Repeats must be non-negative, got ", repeats);
  const Tensor in = dim && x.dim() > 0 ? x : reshape(x, {-1});
  const int64_t d = dim ? wrap_dim(*dim, in.dim()) : 0;
  check(!output_size || *output_size == in.size(d) * repeats, "repeat_interleave: Invalid output_size, expected ",
        in.size(d) * repeats, " but got ", output_size.value_or(0));
  Sizes wide = in.sizes(), together = in.sizes();
  wide.insert(static_cast<size_t>(d) + 1, repeats);
  together[static_cast<size_t>(d)] *= repeats;
  return reshape(expand(unsqueeze(in, d + 1), wide).clone(MemoryFormat::Contiguous), together);
}

// ---- rolled and turned ----------------------------------------------------------------------------------------------

Tensor roll(const Tensor& x, IntArrayRef shifts, IntArrayRef dims) {
  check(!shifts.empty(), "roll: `shifts` required");
  if (dims.empty() && shifts.size() == 1) return reshape(roll(reshape(x, {-1}), shifts, {0}), x.sizes());
  check(shifts.size() == dims.size(), "shifts and dimensions must align. shifts: ", shifts.size(),
        ", dims:", dims.size());
  Tensor y = x;
  for (size_t i = 0; i < dims.size(); ++i) {
    const int64_t n = y.size(dims[i]);
    if (n == 0) continue;
    const int64_t start = ((-shifts[i]) % n + n) % n;
    y = cat({slice(y, dims[i], start), slice(y, dims[i], 0, start)}, dims[i]);
  }
  return y.is_same(x) ? clone(x) : y;
}

Tensor rot90(const Tensor& x, int64_t k, IntArrayRef dims) {
  check(dims.size() == 2, "expected total rotation dims == 2, but got dims = ", dims.size());
  check(x.dim() >= 2, "rot90: expected total dims >= 2, but got total dims = ", x.dim());
  const int64_t a = wrap_dim(dims[0], x.dim()), b = wrap_dim(dims[1], x.dim());
  check(a != b, "rot90: expected rotation dims to be different, but got dim0 = ", dims[0], " and dim1 = ", dims[1]);
  switch ((k % 4 + 4) % 4) {
    case 1:
      return transpose(flip(x, {b}), a, b);
    case 2:
      return flip(x, {a, b});
    case 3:
      return transpose(flip(x, {a}), a, b);
    default:
      return clone(x);
  }
}

Tensor fliplr(const Tensor& x) {
  check(x.dim() >= 2, "fliplr: Input must be >= 2-d.");
  return flip(x, {1});
}
Tensor flipud(const Tensor& x) {
  check(x.dim() >= 1, "flipud: Input must be >= 1-d.");
  return flip(x, {0});
}

Tensor unfold(const Tensor& x, int64_t dimension, int64_t size, int64_t step) {
  const auto d = static_cast<size_t>(wrap_dim(dimension, x.dim()));
  const int64_t n = x.dim() == 0 ? 1 : x.sizes()[d];
  check(size >= 0, "unfold: size is ", size, " but must be >= 0");
  check(size <= n, "maximum size for tensor at dimension ", d, " is ", n, " but size is ", size);
  check(step > 0, "step is ", step, " but must be > 0");
  const Windows v(x.sizes(), x.strides(), d, size, step);
  return record("unfold", view_of(x, v.sizes, v.strides, x.storage_offset()), {x},
                [from = Sizes(x.sizes()), d, size, step](const Tensor& g, Node&) {
                  const Sizes strides = contiguous_strides(from);
                  const Windows to(from, strides, d, size, step);
                  return view_scatter(g, {from, strides, 0, to.sizes, to.strides, 0});
                });
}

// ---- a part replaced ------------------------------------------------------------------------------------------------

Tensor slice_scatter(const Tensor& x, const Tensor& src, int64_t dim, std::optional<int64_t> start,
                     std::optional<int64_t> end, int64_t step) {
  return with_part("slice", x, src, [&](const Tensor& y) { return slice(y, dim, start, end, step); });
}
Tensor select_scatter(const Tensor& x, const Tensor& src, int64_t dim, int64_t index) {
  return with_part("select", x, src, [&](const Tensor& y) { return select(y, dim, index); });
}
Tensor diagonal_scatter(const Tensor& x, const Tensor& src, int64_t offset, int64_t dim1, int64_t dim2) {
  return with_part("diagonal", x, src, [&](const Tensor& y) { return diagonal(y, offset, dim1, dim2); });
}
Tensor narrow_copy(const Tensor& x, int64_t dim, int64_t start, int64_t length) {
  return clone(narrow(x, dim, start, length));
}

// ---- methods --------------------------------------------------------------------------------------------------------

Tensor TensorMethods::numpy_T() const {
  const int64_t rank = itself().dim();
  Sizes dims(static_cast<size_t>(rank), 0);
  for (int64_t i = 0; i < rank; ++i) dims[static_cast<size_t>(i)] = rank - 1 - i;
  return permute(itself(), dims);
}
Tensor TensorMethods::movedim(IntArrayRef source, IntArrayRef destination) const {
  return gradus::movedim(itself(), source, destination);
}
Tensor TensorMethods::movedim(int64_t source, int64_t destination) const {
  return gradus::movedim(itself(), source, destination);
}
Tensor TensorMethods::moveaxis(IntArrayRef source, IntArrayRef destination) const {
  return gradus::moveaxis(itself(), source, destination);
}
Tensor TensorMethods::moveaxis(int64_t source, int64_t destination) const {
  return gradus::moveaxis(itself(), source, destination);
}
Tensor TensorMethods::swapaxes(int64_t axis0, int64_t axis1) const { return gradus::swapaxes(itself(), axis0, axis1); }
Tensor TensorMethods::swapdims(int64_t dim0, int64_t dim1) const { return gradus::swapdims(itself(), dim0, dim1); }
Tensor TensorMethods::adjoint() const { return gradus::adjoint(itself()); }
Tensor TensorMethods::mT() const { return gradus::adjoint(itself()); }
Tensor TensorMethods::ravel() const { return gradus::ravel(itself()); }
Tensor TensorMethods::broadcast_to(IntArrayRef size) const { return gradus::broadcast_to(itself(), size); }
Tensor TensorMethods::tile(IntArrayRef dims) const { return gradus::tile(itself(), dims); }
Tensor TensorMethods::repeat_interleave(const Tensor& repeats, std::optional<int64_t> dim,
                                        std::optional<int64_t> output_size) const {
  return gradus::repeat_interleave(itself(), repeats, dim, output_size);
}
Tensor TensorMethods::repeat_interleave(int64_t repeats, std::optional<int64_t> dim,
                                        std::optional<int64_t> output_size) const {
  return gradus::repeat_interleave(itself(), repeats, dim, output_size);
}
Tensor TensorMethods::roll(IntArrayRef shifts, IntArrayRef dims) const { return gradus::roll(itself(), shifts, dims); }
Tensor TensorMethods::rot90(int64_t k, IntArrayRef dims) const { return gradus::rot90(itself(), k, dims); }
Tensor TensorMethods::fliplr() const { return gradus::fliplr(itself()); }
Tensor TensorMethods::flipud() const { return gradus::flipud(itself()); }
Tensor TensorMethods::unfold(int64_t dimension, int64_t size, int64_t step) const {
  return gradus::unfold(itself(), dimension, size, step);
}
Tensor TensorMethods::slice_scatter(const Tensor& src, int64_t dim, std::optional<int64_t> start,
                                    std::optional<int64_t> end, int64_t step) const {
  return gradus::slice_scatter(itself(), src, dim, start, end, step);
}
Tensor TensorMethods::select_scatter(const Tensor& src, int64_t dim, int64_t index) const {
  return gradus::select_scatter(itself(), src, dim, index);
}
Tensor TensorMethods::diagonal_scatter(const Tensor& src, int64_t offset, int64_t dim1, int64_t dim2) const {
  return gradus::diagonal_scatter(itself(), src, offset, dim1, dim2);
}
Tensor TensorMethods::narrow_copy(int64_t dim, int64_t start, int64_t length) const {
  return gradus::narrow_copy(itself(), dim, start, length);
}
Tensor& TensorMethods::swapaxes_(int64_t axis0, int64_t axis1) const { return itself().transpose_(axis0, axis1); }
Tensor& TensorMethods::swapdims_(int64_t dim0, int64_t dim1) const { return itself().transpose_(dim0, dim1); }

}  // namespace gradus
