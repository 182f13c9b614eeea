#include "gradus/tensor/shape.h"

#include <numeric>

namespace gradus {

int64_t count_elements(IntArrayRef sizes) {
  int64_t n = 1;
  bool overflow = false, empty = false;
  for (int64_t s : sizes) {
    check(s >= 0, "Trying to create tensor with negative dimension ", s, ": ", sizes);
    empty |= s == 0;
    overflow |= __builtin_mul_overflow(n, s, &n);
  }
  if (empty) return 0;
  check(!overflow, "sizes: the number of elements overflows, got ", sizes);
  return n;
}

Sizes contiguous_strides(IntArrayRef sizes) {
  Sizes r;
  r.resize(sizes.size());
  int64_t step = 1;
  for (size_t i = sizes.size(); i-- > 0;) {
    r[i] = step;
    step *= std::max<int64_t>(sizes[i], 1);
  }
  return r;
}

bool is_contiguous(IntArrayRef sizes, IntArrayRef strides) {
  int64_t step = 1;
  bool in_order = true;
  for (size_t i = sizes.size(); i-- > 0;) {
    if (sizes[i] == 0) return true;
    in_order = in_order && (sizes[i] == 1 || strides[i] == step);
    step *= sizes[i];
  }
  return in_order;
}

bool is_dense(IntArrayRef sizes, IntArrayRef strides) {
  Sizes order;
  for (size_t i = 0; i < sizes.size(); ++i) {
    if (sizes[i] == 0) return true;
    if (sizes[i] != 1) order.push_back(static_cast<int64_t>(i));
  }
  std::sort(order.begin(), order.end(),
            [&](int64_t a, int64_t b) { return strides[static_cast<size_t>(a)] < strides[static_cast<size_t>(b)]; });
  int64_t step = 1;
  for (int64_t d : order) {
    if (strides[static_cast<size_t>(d)] != step) return false;
    step *= sizes[static_cast<size_t>(d)];
  }
  return true;
}

Sizes broadcast(const char* name, IntArrayRef a, IntArrayRef b) {
  if (a.equals(b)) return a;
  const size_t rank = std::max(a.size(), b.size());
  Sizes r;
  r.resize(rank);
  for (size_t i = 0; i < rank; ++i) {
    const int64_t x = i + a.size() < rank ? 1 : a[i + a.size() - rank];
    const int64_t y = i + b.size() < rank ? 1 : b[i + b.size() - rank];
    check(x == y || x == 1 || y == 1, name, ": The size of tensor a (", x, ") must match the size of tensor b (", y,
          ") at non-singleton dimension ", i, ", got ", a, " and ", b);
    r[i] = x == 1 ? y : x;
  }
  return r;
}

Sizes broadcast_strides(IntArrayRef sizes, IntArrayRef strides, IntArrayRef out) {
  Sizes r(out.size(), 0);
  const size_t lead = out.size() - sizes.size();
  for (size_t i = 0; i < sizes.size(); ++i)
    if (sizes[i] != 1 || out[i + lead] == 1) r[i + lead] = strides[i];
  return r;
}

int64_t wrap_dim(int64_t dim, int64_t rank) {
  const int64_t n = std::max<int64_t>(rank, 1);
  check_index(dim >= -n && dim < n, "Dimension out of range (expected to be in range of [", -n, ", ", n - 1,
              "], but got ", dim, ")");
  return dim < 0 ? dim + n : dim;
}

Sizes infer_size(IntArrayRef sizes, int64_t elements) {
  Sizes r(sizes);
  int64_t known = 1;
  std::optional<size_t> open;
  bool overflow = false;
  for (size_t i = 0; i < sizes.size(); ++i) {
    if (sizes[i] == -1) {
      check(!open, "view: only one dimension can be inferred, got ", sizes);
      open = i;
    } else {
      check(sizes[i] >= 0, "view: invalid shape dimension ", sizes[i], ", got ", sizes);
      overflow |= __builtin_mul_overflow(known, sizes[i], &known);
    }
  }
  if (open) {
    check(known != 0, "view: cannot reshape tensor of ", elements, " elements into shape ", sizes,
          " because the unspecified dimension size -1 can be any value and is ambiguous");
  }
  const bool fits = !overflow && (open ? elements % known == 0 : known == elements);
  check(fits, "shape '", sizes, "' is invalid for input of size ", elements);
  if (open) r[*open] = elements / known;
  return r;
}

std::optional<Sizes> view_strides(IntArrayRef old_sizes, IntArrayRef old_strides, IntArrayRef sizes) {
  const int64_t elements = count_elements(old_sizes);
  Sizes size, stride;  // the old dimensions that matter
  for (size_t i = 0; i < old_sizes.size(); ++i) {
    if (old_sizes[i] == 1) continue;
    size.push_back(old_sizes[i]);
    stride.push_back(old_strides[i]);
  }
  if (elements == 0 || size.empty()) return contiguous_strides(sizes);
  Sizes r(sizes.size(), 1);
  size_t j = sizes.size();  // new dimensions still to place, from the back
  int64_t run = 1, step = stride.back();
  for (size_t i = size.size(); i-- > 0;) {
    run *= size[i];
    if (i > 0 && stride[i - 1] == size[i] * stride[i]) continue;  // the run goes on
    int64_t placed = 1;
    while (j > 0 && (placed < run || sizes[j - 1] == 1)) {
      --j;
      r[j] = step * placed;
      placed *= sizes[j];
    }
    if (placed != run) return std::nullopt;
    run = 1;
    if (i > 0) step = stride[i - 1];
  }
  return r;
}

}  // namespace gradus
