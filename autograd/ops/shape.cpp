#include "gradus/autograd/ops/shape.h"

#include "gradus/autograd/ops/reduce.h"
#include "gradus/autograd/ops/view.h"
#include "gradus/autograd/record.h"
#include "gradus/tensor/factories.h"
#include "gradus/tensor/kernels/convert.h"

namespace gradus {
namespace {

size_t at(const Tensor& x, int64_t dim) { return static_cast<size_t>(wrap_dim(dim, x.dim())); }

Sizes shape_of(const Tensor& x) { return Sizes(x.sizes()); }

// A view with other sizes whose derivative only puts the old sizes back.
Tensor resized(const char* op, const Tensor& x, const Sizes& sizes, const Sizes& strides) {
  return record(op, view_of(x, sizes, strides, x.storage_offset()), {x},
                [from = shape_of(x)](const Tensor& g, Node&) { return reshape(g, from); });
}

// x seen as `sizes`, which has its element count; not recorded.
std::optional<Sizes> strides_for(const Tensor& x, IntArrayRef sizes) {
  return view_strides(x.sizes(), x.strides(), sizes);
}

}  // namespace

bool expands(IntArrayRef from, IntArrayRef to) {
  if (from.size() > to.size()) return false;
  for (size_t i = 0; i < from.size(); ++i) {
    const int64_t want = to[i + to.size() - from.size()];
    if (from[i] != want && from[i] != 1) return false;
  }
  return true;
}

Tensor sum_to(const Tensor& x, IntArrayRef sizes) {
  if (x.sizes() == sizes) return x;
  check(expands(sizes, x.sizes()), "sum_to: size {", sizes, "} is not expandable to size {", x.sizes(), "}.");
  const size_t lead = x.sizes().size() - sizes.size();
  Sizes dims;
  for (size_t i = 0; i < x.sizes().size(); ++i)
    if (i < lead || (sizes[i - lead] == 1 && x.sizes()[i] != 1)) dims.push_back(static_cast<int64_t>(i));
  const Tensor y = dims.empty() ? x : sum(x, IntArrayRef(dims), true);
  return lead ? reshape(y, sizes) : y;
}

Tensor expand(const Tensor& x, IntArrayRef sizes) {
  const size_t rank = static_cast<size_t>(x.dim());
  check(sizes.size() >= rank, "expand: the number of sizes provided (", sizes.size(),
        ") must be greater or equal to the number of dimensions in the tensor (", rank, "), got ", sizes, " for ",
        x.sizes());
  const size_t lead = sizes.size() - rank;
  Sizes to(sizes);
  Sizes strides(sizes.size(), 0);
  for (size_t i = 0; i < sizes.size(); ++i) {
    if (i < lead) {
      check(to[i] >= 0, "expand: The expanded size of the tensor (", to[i],
            ") isn't allowed in a leading, non-existing dimension ", i);
      continue;
    }
    const int64_t have = x.sizes()[i - lead];
    if (to[i] == -1) to[i] = have;
    check(to[i] == have || have == 1, "expand: The expanded size of the tensor (", to[i],
          ") must match the existing size (", have, ") at non-singleton dimension ", i, ".  Target sizes: ", sizes,
          ".  Tensor sizes: ", x.sizes());
    strides[i] = have == 1 && to[i] != 1 ? 0 : x.strides()[i - lead];
  }
  return record("expand", view_of(x, to, strides, x.storage_offset()), {x},
                [from = shape_of(x)](const Tensor& g, Node&) { return sum_to(g, from); });
}

Tensor reshape(const Tensor& x, IntArrayRef sizes) {
  const Sizes to = infer_size(sizes, x.numel());
  if (const auto strides = strides_for(x, to)) return resized("view", x, to, *strides);
  const Tensor copy = x.clone(MemoryFormat::Contiguous);
  return resized("view", copy, to, contiguous_strides(to));
}

Tensor Tensor::view(IntArrayRef sizes) const {
  const Sizes to = infer_size(sizes, numel());
  const auto strides = strides_for(*this, to);
  check(
      strides.has_value(),
      "view: view size is not compatible with input tensor's size and stride (at least one dimension spans across two "
      "contiguous subspaces). Use .reshape(...) instead, got ",
      to, " for ", this->sizes(), " with strides ", this->strides());
  return resized("view", *this, to, *strides);
}

Tensor flatten(const Tensor& x, int64_t start_dim, int64_t end_dim) {
  const size_t a = at(x, start_dim), b = at(x, end_dim);
  check(a <= b, "flatten() has invalid args: start_dim cannot come after end_dim");
  if (x.dim() == 0) return reshape(x, {1});
  if (a == b) return x;
  Sizes to;
  int64_t n = 1;
  for (size_t i = 0; i < x.sizes().size(); ++i) {
    if (i < a || i > b) {
      to.push_back(x.sizes()[i]);
      continue;
    }
    n *= x.sizes()[i];
    if (i == b) to.push_back(n);
  }
  return reshape(x, to);
}

Tensor Tensor::unflatten(int64_t dim, IntArrayRef sizes) const {
  check(!sizes.empty(), "unflatten: sizes must be non-empty");
  const size_t d = at(*this, dim);
  const Sizes part = infer_size(sizes, size(dim));
  Sizes to;
  for (size_t i = 0; i < this->sizes().size(); ++i) {
    if (i != d) {
      to.push_back(this->sizes()[i]);
      continue;
    }
    for (int64_t s : part) to.push_back(s);
  }
  return gradus::reshape(*this, to);
}

Tensor squeeze(const Tensor& x) {
  Sizes sizes, strides;
  for (size_t i = 0; i < x.sizes().size(); ++i) {
    if (x.sizes()[i] == 1) continue;
    sizes.push_back(x.sizes()[i]);
    strides.push_back(x.strides()[i]);
  }
  return resized("squeeze", x, sizes, strides);
}

Tensor squeeze(const Tensor& x, int64_t dim) {
  const size_t d = at(x, dim);
  Sizes sizes = x.sizes(), strides = x.strides();
  if (x.dim() > 0 && sizes[d] == 1) {
    sizes.erase(d);
    strides.erase(d);
  }
  return resized("squeeze", x, sizes, strides);
}

Tensor squeeze(const Tensor& x, IntArrayRef dims) {
  std::vector<bool> wanted(std::max<size_t>(x.sizes().size(), 1), false);
  for (int64_t dim : dims) {
    check(!wanted[at(x, dim)], "squeeze: dim ", dim, " appears multiple times in the list of dims");
    wanted[at(x, dim)] = true;
  }
  Sizes sizes, strides;
  for (size_t i = 0; i < x.sizes().size(); ++i) {
    if (wanted[i] && x.sizes()[i] == 1) continue;
    sizes.push_back(x.sizes()[i]);
    strides.push_back(x.strides()[i]);
  }
  return resized("squeeze", x, sizes, strides);
}

Tensor unsqueeze(const Tensor& x, int64_t dim) {
  const auto d = static_cast<size_t>(wrap_dim(dim, x.dim() + 1));
  Sizes sizes = x.sizes(), strides = x.strides();
  strides.insert(d, d < sizes.size() ? sizes[d] * strides[d] : 1);
  sizes.insert(d, 1);
  return resized("unsqueeze", x, sizes, strides);
}

Tensor permute(const Tensor& x, IntArrayRef dims) {
  check(static_cast<int64_t>(dims.size()) == x.dim(),
        "permute(sparse_coo): number of dimensions in the tensor input does not "
        "match the length of the desired ordering of dimensions i.e. input.dim() = ",
        x.dim(), " is not equal to len(dims) = ", dims.size());
  Sizes sizes = x.sizes(), strides = x.strides(), back(dims.size(), -1);
  for (size_t i = 0; i < dims.size(); ++i) {
    const size_t d = at(x, dims[i]);
    check(back[d] == -1, "permute: duplicate dims are not allowed, got ", dims);
    back[d] = static_cast<int64_t>(i);
    sizes[i] = x.sizes()[d];
    strides[i] = x.strides()[d];
  }
  return record("permute", view_of(x, sizes, strides, x.storage_offset()), {x},
                [back](const Tensor& g, Node&) { return permute(g, back); });
}

Tensor transpose(const Tensor& x, int64_t a, int64_t b) {
  const size_t i = at(x, a), j = at(x, b);
  Sizes sizes = x.sizes(), strides = x.strides();
  if (x.dim() > 0) {
    std::swap(sizes[i], sizes[j]);
    std::swap(strides[i], strides[j]);
  }
  return record("transpose", view_of(x, sizes, strides, x.storage_offset()), {x},
                [a, b](const Tensor& g, Node&) { return transpose(g, a, b); });
}

Tensor t(const Tensor& x) {
  check(x.dim() <= 2, "t() expects a tensor with <= 2 dimensions, but self is ", x.dim(), "D");
  return x.dim() < 2 ? x : transpose(x, 0, 1);
}

Tensor narrow(const Tensor& x, int64_t dim, int64_t start, int64_t length) {
  check(x.dim() > 0, "narrow() cannot be applied to a 0-dim tensor.");
  check(length >= 0, "narrow(): length must be non-negative.");
  const int64_t n = x.size(dim);
  check_index(start >= -n && start <= n, "narrow: start out of range (expected to be in range of [", -n, ", ", n,
              "], but got ", start, ")");
  if (start < 0) start += n;
  check(start <= n - length, "narrow: start (", start, ") + length (", length, ") exceeds dimension size (", n, ").");
  return slice(x, dim, start, start + length, 1);
}

Tensor narrow(const Tensor& x, int64_t dim, const Tensor& start, int64_t length) {
  check(start.dim() == 0 && is_integral(start.scalar_type(), false), "start must be an 0-dim integral Tensor.");
  return narrow(x, dim, start.item<int64_t>(), length);
}

Tensor slice(const Tensor& x, int64_t dim, std::optional<int64_t> start, std::optional<int64_t> end, int64_t step) {
  check(x.dim() > 0, "slice() cannot be applied to a 0-dim tensor.");
  check(step > 0, "slice step must be positive");
  const size_t d = at(x, dim);
  const int64_t n = x.sizes()[d];
  auto bound = [n](int64_t v) { return std::clamp<int64_t>(v < 0 ? v + n : v, 0, n); };
  const int64_t from = bound(start.value_or(0)), to = std::max(from, bound(end.value_or(n)));
  Sizes sizes = x.sizes(), strides = x.strides();
  sizes[d] = (to - from + step - 1) / step;
  const int64_t offset = x.storage_offset() + from * strides[d];
  strides[d] *= step;
  return record("slice", view_of(x, sizes, strides, offset), {x},
                [whole = shape_of(x), d, from, step](const Tensor& g, Node&) {
                  return slice_backward(g, whole, static_cast<int64_t>(d), from, step);
                });
}

Tensor slice_backward(const Tensor& g, IntArrayRef sizes, int64_t dim, int64_t start, int64_t step) {
  const Tensor y = zeros(sizes, g.scalar_type());
  const auto d = static_cast<size_t>(dim);
  Sizes strides = y.strides();
  const int64_t offset = start * strides[d];
  strides[d] *= step;
  kernels::copy(TensorImpl(y.storage(), y.scalar_type(), g.sizes(), strides, offset), *g.unsafeGetTensorImpl());
  return record("slice_backward", y, {g}, [dim, start, step, n = g.size(dim)](const Tensor& gy, Node&) {
    return slice(gy, dim, start, std::min(gy.size(dim), start + n * step), step);
  });
}

Tensor select(const Tensor& x, int64_t dim, int64_t index) {
  check_index(x.dim() > 0, "select() cannot be applied to a 0-dim tensor.");
  const size_t d = at(x, dim);
  const int64_t n = x.sizes()[d];
  check_index(index >= -n && index < n, "select(): index ", index, " out of range for tensor of size ", x.sizes(),
              " at dimension ", d);
  if (index < 0) index += n;
  Sizes sizes = x.sizes(), strides = x.strides();
  const int64_t offset = x.storage_offset() + index * strides[d];
  sizes.erase(d);
  strides.erase(d);
  return record("select", view_of(x, sizes, strides, offset), {x},
                [whole = shape_of(x), d, index](const Tensor& g, Node&) {
                  const auto dim = static_cast<int64_t>(d);
                  return slice_backward(unsqueeze(g, dim), whole, dim, index, 1);
                });
}

Tensor as_strided(const Tensor& x, IntArrayRef sizes, IntArrayRef strides, std::optional<int64_t> offset) {
  check(sizes.size() == strides.size(), "as_strided: mismatch in length of strides and shape, got ", sizes, " and ",
        strides);
  int64_t last = offset.value_or(x.storage_offset());
  check(last >= 0, "as_strided: storage offset must be non-negative, got ", last);
  ViewGeometry g{x.sizes(), x.strides(), x.storage_offset(), sizes, strides, last};
  for (size_t i = 0; i < sizes.size(); ++i) {
    check(strides[i] >= 0, "as_strided: Negative strides are not supported at the moment, got strides: ", strides);
    last += (std::max<int64_t>(sizes[i], 1) - 1) * strides[i];
  }
  const auto bytes = static_cast<size_t>(last + 1) * x.element_size();
  check(count_elements(sizes) == 0 || bytes <= x.storage()->nbytes(), "setStorage: sizes ", sizes, ", strides ",
        strides, ", storage offset ", g.offset, ", and itemsize ", x.element_size(), " requiring a storage size of ",
        bytes, " are out of bounds for storage of size ", x.storage()->nbytes());
  return record("as_strided", view_of(x, sizes, strides, g.offset), {x},
                [g](const Tensor& gy, Node&) { return view_scatter(gy, g); });
}

// ---- methods --------------------------------------------------------------------------------------------------------

namespace {

// The methods with an underscore change the handle's own sizes and strides: x becomes a view of what it was.
template <class F>
Tensor& become(const Tensor& x, const char* op, const Tensor& view, const F& backward) {
  TensorImpl& impl = *x.unsafeGetTensorImpl();
  check(!(autograd::GradMode::is_enabled() && impl.requires_grad && x.is_leaf()), op,
        ": a leaf Variable that requires grad is being used in an in-place operation.");
  auto node = prepare_in_place(op, {x}, backward);
  impl.sizes = view.sizes();
  impl.strides = view.strides();
  impl.offset = view.storage_offset();
  impl.refresh();
  changed(x);
  if (node) detail::attach(node, x);
  return const_cast<Tensor&>(x);
}

auto back_to_shape_of(const Tensor& x) {
  return [from = Sizes(x.sizes())](const Tensor& g, Node&) { return reshape(g, from); };
}

}  // namespace

Tensor Tensor::reshape(IntArrayRef sizes) const { return gradus::reshape(*this, sizes); }
Tensor Tensor::flatten(int64_t a, int64_t b) const { return gradus::flatten(*this, a, b); }
Tensor Tensor::squeeze() const { return gradus::squeeze(*this); }
Tensor Tensor::squeeze(int64_t dim) const { return gradus::squeeze(*this, dim); }
Tensor Tensor::squeeze(IntArrayRef dims) const { return gradus::squeeze(*this, dims); }
Tensor Tensor::unsqueeze(int64_t dim) const { return gradus::unsqueeze(*this, dim); }
Tensor& Tensor::squeeze_() const {
  return become(*this, "squeeze_", gradus::squeeze(detach()), back_to_shape_of(*this));
}
Tensor& Tensor::squeeze_(int64_t dim) const {
  return become(*this, "squeeze_", gradus::squeeze(detach(), dim), back_to_shape_of(*this));
}
Tensor& Tensor::squeeze_(IntArrayRef dims) const {
  return become(*this, "squeeze_", gradus::squeeze(detach(), dims), back_to_shape_of(*this));
}
Tensor& TensorMethods::t_() const {
  check(itself().dim() <= 2, "t_() expects a tensor with <= 2 dimensions, but self is ", itself().dim(), "D");
  return itself().dim() < 2 ? const_cast<Tensor&>(itself()) : itself().transpose_(0, 1);
}
Tensor& Tensor::unsqueeze_(int64_t dim) const {
  return become(*this, "unsqueeze_", gradus::unsqueeze(detach(), dim), back_to_shape_of(*this));
}
Tensor& Tensor::transpose_(int64_t a, int64_t b) const {
  return become(*this, "transpose_", gradus::transpose(detach(), a, b),
                [a, b](const Tensor& g, Node&) { return gradus::transpose(g, a, b); });
}
Tensor& TensorMethods::as_strided_(IntArrayRef size, IntArrayRef stride, std::optional<int64_t> storage_offset) const {
  const Tensor& x = itself();
  const Tensor view = gradus::as_strided(x.detach(), size, stride, storage_offset);
  const ViewGeometry to{x.sizes(), x.strides(), x.storage_offset(), size, stride, view.storage_offset()};
  return become(x, "as_strided_", view, [to](const Tensor& g, Node&) { return view_scatter(g, to); });
}
Tensor Tensor::transpose(int64_t a, int64_t b) const { return gradus::transpose(*this, a, b); }
Tensor Tensor::t() const { return gradus::t(*this); }
Tensor Tensor::permute(IntArrayRef dims) const { return gradus::permute(*this, dims); }
Tensor Tensor::expand(IntArrayRef sizes, bool) const { return gradus::expand(*this, sizes); }
Tensor Tensor::as_strided(IntArrayRef sizes, IntArrayRef strides, std::optional<int64_t> offset) const {
  return gradus::as_strided(*this, sizes, strides, offset);
}
Tensor Tensor::narrow(int64_t dim, int64_t start, int64_t length) const {
  return gradus::narrow(*this, dim, start, length);
}
Tensor Tensor::narrow(int64_t dim, const Tensor& start, int64_t length) const {
  return gradus::narrow(*this, dim, start, length);
}
Tensor Tensor::select(int64_t dim, int64_t index) const { return gradus::select(*this, dim, index); }
Tensor Tensor::slice(int64_t dim, std::optional<int64_t> start, std::optional<int64_t> end, int64_t step) const {
  return gradus::slice(*this, dim, start, end, step);
}
Tensor Tensor::sum_to_size(IntArrayRef sizes) const { return sum_to(*this, sizes); }

}  // namespace gradus
