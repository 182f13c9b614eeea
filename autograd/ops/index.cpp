// Indexing with tensors, and Python's bracket.
#include "gradus/autograd/ops/index.h"

#include "gradus/autograd/pointwise.h"
#include "gradus/tensor/factories.h"
#include "gradus/tensor/kernels/index.h"

namespace gradus {
namespace {

using indexing::TensorIndex;
using Indices = std::vector<Tensor>;  // one a dimension, undefined for a whole one

bool is_mask(const Tensor& t) { return t.scalar_type() == kBool || t.scalar_type() == kByte; }

void check_mask(const Tensor& mask, const Tensor& x, size_t at) {
  for (size_t k = 0; k < mask.sizes().size(); ++k)
    check_index(at + k < x.sizes().size() && mask.sizes()[k] == x.sizes()[at + k], "The shape of the mask ",
                mask.sizes(), " at index ", k, " does not match the shape of the indexed tensor ", x.sizes(),
                " at index ", at + k);
}

// Masks as the coordinates of what they select; integers as int64.
Indices as_integers(const Tensor& x, ArrayRef<std::optional<Tensor>> indices) {
  Indices r;
  for (const std::optional<Tensor>& i : indices) {
    if (!i || !i->defined()) {
      r.emplace_back();
      continue;
    }
    check_index(!is_floating(i->scalar_type()),
                "index: tensors used as indices must be long, int, byte or bool tensors");
    if (!is_mask(*i)) {
      r.push_back(i->detach().to(kLong));
      continue;
    }
    check_mask(*i, x, r.size());
    for (Tensor& t : nonzero_numpy(*i)) r.push_back(std::move(t));
  }
  check_index(r.size() <= x.sizes().size(), "index: too many indices for tensor of dimension ", x.dim(), " (got ",
              r.size(), ")");
  r.resize(x.sizes().size());
  return r;
}

std::string shapes(const Indices& indices) {
  std::string s;
  for (const Tensor& t : indices)
    if (t.defined()) s += (s.empty() ? "" : ", ") + str(t.sizes());
  return s;
}

Sizes common_shape(const Indices& indices) {
  Sizes shape;
  for (const Tensor& t : indices) {
    if (!t.defined()) continue;
    try {
      shape = broadcast("index", shape, t.sizes());
    } catch (const Error&) {
      throw IndexError("shape mismatch: indexing tensors could not be broadcast together with shapes " +
                       shapes(indices));
    }
  }
  return shape;
}

// An indexing, prepared: the places it reaches and the shape of what it gives.
struct Indexed {
  kernels::Places places;
  Sizes result;

  Indexed(const Tensor& x, const Indices& indices) {
    const Sizes shape = common_shape(indices);
    Sizes before, before_strides, after, after_strides;
    size_t first = indices.size(), last = 0, picked = 0;
    for (size_t d = 0; d < indices.size(); ++d)
      if (indices[d].defined()) first = std::min(first, d), last = d, ++picked;
    const bool adjacent = picked > 0 && last - first + 1 == picked;
    for (size_t d = 0; d < indices.size(); ++d) {
      if (indices[d].defined()) continue;
      const bool leads = adjacent && d < first;
      (leads ? before : after).push_back(x.sizes()[d]);
      (leads ? before_strides : after_strides).push_back(x.strides()[d]);
    }
    places.before = kernels::offsets(before, before_strides);
    places.consecutive = is_contiguous(after, after_strides);
    if (!places.consecutive) places.after = kernels::offsets(after, after_strides);
    places.index = zeros({count_elements(shape)}, kLong);
    const bool reaches = count_elements(before) * count_elements(after) > 0;
    for (size_t d = 0; d < indices.size(); ++d)
      if (indices[d].defined()) add(x, d, expand(indices[d], shape).contiguous(), reaches);
    for (int64_t n : before) result.push_back(n);
    for (int64_t n : shape) result.push_back(n);
    for (int64_t n : after) result.push_back(n);
  }

 private:
  void add(const Tensor& x, size_t d, const Tensor& index, bool reaches) {
    const int64_t n = x.sizes()[d];
    const int64_t bad = kernels::first_outside(*index.unsafeGetTensorImpl(), -n, n);
    if (bad >= 0 && (reaches || n == 0))
      throw IndexError(str("index ", reshape(index, {-1})[bad].item<int64_t>(), " is out of bounds for dimension ", d,
                           " with size ", n));
    kernels::add_offsets(*places.index.unsafeGetTensorImpl(), *index.unsafeGetTensorImpl(), n, x.strides()[d]);
  }
};

// Index tensors that backward needs.
class SavedIndices {
 public:
  explicit SavedIndices(ArrayRef<std::optional<Tensor>> indices) {
    for (const auto& i : indices) saved_.push_back(i && i->defined() ? Saved(*i) : Saved());
  }
  std::vector<std::optional<Tensor>> get(Node& node) const {
    std::vector<std::optional<Tensor>> r;
    for (const Saved& s : saved_) r.push_back(s.defined() ? std::optional<Tensor>(s.get(node)) : std::nullopt);
    return r;
  }

 private:
  std::vector<Saved> saved_;
};

Tensor& self(const Tensor& t) { return const_cast<Tensor&>(t); }

}  // namespace

Tensor index(const Tensor& x, ArrayRef<std::optional<Tensor>> indices) {
  const Indexed to(x, as_integers(x, indices));
  Tensor y = empty(to.result, x.scalar_type());
  kernels::take(*y.unsafeGetTensorImpl(), *x.unsafeGetTensorImpl(), to.places);
  if (!recording({x})) return y;
  return record("index", std::move(y), {x},
                [at = SavedIndices(indices), from = Sizes(x.sizes())](const Tensor& g, Node& node) {
                  return index_backward(g, from, at.get(node));
                });
}

Tensor index_backward(const Tensor& g, IntArrayRef sizes, ArrayRef<std::optional<Tensor>> indices) {
  const Tensor y = zeros(sizes, g.scalar_type());
  const Indexed to(y, as_integers(y, indices));
  check(g.sizes() == IntArrayRef(to.result), "index_backward: expected a gradient of the indexing result's shape ",
        to.result, ", got ", g.sizes());
  kernels::put(*y.unsafeGetTensorImpl(), *g.contiguous().unsafeGetTensorImpl(), to.places, true);
  return record("index_backward", y, {g},
                [at = SavedIndices(indices)](const Tensor& gy, Node& node) { return index(gy, at.get(node)); });
}

Tensor& index_put_(const Tensor& x, ArrayRef<std::optional<Tensor>> indices, const Tensor& v, bool accumulate) {
  check(x.scalar_type() == v.scalar_type(), "Index put requires the source and destination dtypes match, got ",
        x.scalar_type(), " for the destination and ", v.scalar_type(), " for the source.");
  check_in_place("index_put_", x);
  const Indexed to(x, as_integers(x, indices));
  check(expands(v.sizes(), to.result), "shape mismatch: value tensor of shape ", v.sizes(),
        " cannot be broadcast to indexing result of shape ", to.result);
  auto node =
      prepare_in_place("index_put", {x, v}, [accumulate, at = SavedIndices(indices)](const Tensor& g, Node& node) {
        const auto where = at.get(node);
        Tensor gx = g;
        if (!accumulate && node.needs(0)) gx = index_put(g, where, zeros({}, g.scalar_type()));
        return std::array<Tensor, 2>{gx, node.needs(1) ? index(g, where) : Tensor()};
      });
  const Tensor source = v.is_alias_of(x) ? v.detach().clone() : v.detach();
  kernels::put(*x.unsafeGetTensorImpl(), *expand(source, to.result).contiguous().unsafeGetTensorImpl(), to.places,
               accumulate);
  finish_in_place(x, node);
  return self(x);
}

Tensor index_put(const Tensor& x, ArrayRef<std::optional<Tensor>> indices, const Tensor& v, bool accumulate) {
  return index_put_(clone(x), indices, v, accumulate);
}

// ---- Python's bracket -----------------------------------------------------------------------------------------------

namespace {

// x[…]: the view that integers, slices and None give, and the tensors that are left to index it with.
struct Bracket {
  Tensor view;
  std::vector<std::optional<Tensor>> indices;
  bool by_tensors = false;

  Bracket(const Tensor& x, ArrayRef<TensorIndex> list) : view(x) {
    int64_t specified = 0;
    for (const TensorIndex& i : list) specified += dims_of(i);
    check_index(specified <= x.dim(), "too many indices for tensor of dimension ", x.dim());
    int64_t dim = 0;
    for (const TensorIndex& i : list) {
      if (i.is_ellipsis())
        dim += x.dim() - specified;
      else
        dim = apply(i, dim);
    }
  }

 private:
  static int64_t dims_of(const TensorIndex& i) {
    if (i.is_integer() || i.is_slice()) return 1;
    if (!i.is_tensor()) return 0;
    const Tensor t = i.tensor();
    return is_mask(t) ? t.dim() : 1;
  }

  // The dimension after those that the index deals with.
  int64_t apply(const TensorIndex& i, int64_t dim) {
    switch (i.kind()) {
      case TensorIndex::Kind::none:
        view = unsqueeze(view, dim);
        return dim + 1;
      case TensorIndex::Kind::integer:
        pick(i.integer(), dim);
        return dim;
      case TensorIndex::Kind::slice:
        view = slice(view, dim, i.slice().start(), i.slice().stop(), step(i.slice()));
        return dim + 1;
      case TensorIndex::Kind::boolean:
        return truth(i.boolean(), dim);
      default:
        return tensor(i.tensor(), dim);
    }
  }

  static int64_t step(const indexing::Slice& s) {
    check(s.step() > 0, "step must be greater than zero");
    return s.step();
  }

  void pick(int64_t i, int64_t dim) {
    const int64_t n = view.size(dim);
    check_index(i >= -n && i < n, "index ", i, " is out of bounds for dimension ", dim, " with size ", n);
    view = select(view, dim, i);
  }

  // True keeps everything behind a new dimension of size 1, false nothing.
  int64_t truth(bool keep, int64_t dim) {
    view = unsqueeze(view, dim);
    return put(keep ? zeros({1}, kLong) : empty({0}, kLong), dim, 1);
  }

  int64_t tensor(const Tensor& t, int64_t dim) {
    check_index(!is_floating(t.scalar_type()),
                "index: tensors used as indices must be long, int, byte or bool tensors");
    if (t.dim() == 0 && is_mask(t)) return truth(t.is_nonzero(), dim);
    if (t.dim() == 0) {
      pick(t.item<int64_t>(), dim);
      return dim;
    }
    return put(t, dim, is_mask(t) ? t.dim() : 1);
  }

  // A mask of several dimensions is one entry of the list, which its coordinates will replace.
  int64_t put(const Tensor& t, int64_t dim, int64_t dims) {
    by_tensors = true;
    for (; covered_ < dim; ++covered_) indices.emplace_back();
    indices.emplace_back(t);
    return covered_ = dim + dims;
  }

  int64_t covered_ = 0;  // dimensions that the list speaks of
};

// A value may have more dimensions than the place if the leading ones are 1.
Tensor without_leading_ones(const Tensor& v, int64_t rank) {
  size_t lead = 0;
  while (v.dim() - static_cast<int64_t>(lead) > rank && v.sizes()[lead] == 1) ++lead;
  return lead ? reshape(v, v.sizes().slice(lead)) : v;
}

}  // namespace

Tensor index(const Tensor& x, ArrayRef<TensorIndex> list) {
  const Bracket b(x, list);
  if (b.by_tensors) return index(b.view, b.indices);
  return b.view.is_same(x) ? alias(x) : b.view;
}

// ---- methods --------------------------------------------------------------------------------------------------------

Tensor Tensor::index(ArrayRef<TensorIndex> list) const { return gradus::index(*this, list); }
Tensor Tensor::index(std::initializer_list<TensorIndex> list) const {
  return gradus::index(*this, ArrayRef<TensorIndex>(list));
}
Tensor Tensor::operator[](const Tensor& i) const { return index({TensorIndex(i)}); }

Tensor& Tensor::index_put_(ArrayRef<TensorIndex> list, const Tensor& v) const {
  const Bracket b(*this, list);
  if (b.by_tensors)
    gradus::index_put_(b.view, b.indices, v.to(scalar_type()));
  else
    b.view.copy_(without_leading_ones(v, b.view.dim()));
  return self(*this);
}
Tensor& Tensor::index_put_(ArrayRef<TensorIndex> list, const Scalar& v) const {
  const Bracket b(*this, list);
  if (b.by_tensors)
    gradus::index_put_(b.view, b.indices, full({}, v, scalar_type()));
  else
    b.view.fill_(v);
  return self(*this);
}
Tensor& Tensor::index_put_(std::initializer_list<TensorIndex> list, const Tensor& v) const {
  return index_put_(ArrayRef<TensorIndex>(list), v);
}
Tensor& Tensor::index_put_(std::initializer_list<TensorIndex> list, const Scalar& v) const {
  return index_put_(ArrayRef<TensorIndex>(list), v);
}
Tensor& Tensor::index_put_(ArrayRef<std::optional<Tensor>> list, const Tensor& v, bool accumulate) const {
  return gradus::index_put_(*this, list, v, accumulate);
}
Tensor Tensor::index_put(ArrayRef<std::optional<Tensor>> list, const Tensor& v, bool accumulate) const {
  return gradus::index_put(*this, list, v, accumulate);
}

}  // namespace gradus
