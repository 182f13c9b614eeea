#include "gradus/tensor/kernels/index.h"

#include <cstring>

#include "gradus/tensor/factories.h"
#include "gradus/tensor/kernels/convert.h"
#include "gradus/tensor/kernels/simd.h"
#include "gradus/tensor/parallel.h"

namespace gradus::kernels {
namespace {

constexpr int64_t chunk = 32768;  // elements that one thread handles at a time

const int64_t* integers(const TensorImpl& t) { return reinterpret_cast<const int64_t*>(t.data()); }

// low <= p[i] < high in one comparison, as unsigned numbers.
struct AnyOutside {
  template <class A>
  GRADUS_RUNS_FORMULA static void run(const int64_t* p, int64_t n, int64_t low, int64_t high, bool* any) {
    const auto first = static_cast<uint64_t>(low), count = static_cast<uint64_t>(high) - first;
    uint64_t bad = 0;
    for (int64_t i = 0; i < n; ++i) bad |= static_cast<uint64_t>(static_cast<uint64_t>(p[i]) - first >= count);
    *any = bad != 0;
  }
};

// Copies do not care what the bytes mean: one instantiation an element size.
template <class F>
void dispatch_size(ScalarType t, const F& f) {
  const size_t bytes = element_size(t);
  if (bytes == 1) return f.template operator()<uint8_t>();
  if (bytes == 2) return f.template operator()<uint16_t>();
  if (bytes == 4) return f.template operator()<uint32_t>();
  f.template operator()<uint64_t>();
}

// Sums: integers wrap, signed or not, so that their size is all that counts.
template <class F>
void dispatch_sum(ScalarType t, const F& f) {
  if (t == kBool) return f.template operator()<bool>();
  if (!is_floating(t)) return dispatch_size(t, f);
  dispatch_floating("index_add", t, f);
}

// f(x, v), or where these have 16-bit floats, f on float32 copies, so that a sum is rounded once. x keeps its strides,
// by which places are counted.
template <class F>
void in_wide_floats(const TensorImpl& x, const TensorImpl& v, const F& f) {
  if (!is_float16(x.dtype)) return f(x, v);
  const Tensor wide = empty_strided(x.sizes, x.strides, kFloat), added = empty(v.sizes, kFloat);
  TensorImpl &to = *wide.unsafeGetTensorImpl(), &from = *added.unsafeGetTensorImpl();
  copy(to, x);
  copy(from, v);
  f(to, from);
  copy(x, to);
}

struct Offsets {
  const int64_t *before, *index, *after;  // after is null if consecutive
  int64_t p, i, q;
  Offsets(const Places& s, int64_t elements)
      : before(integers(*s.before.unsafeGetTensorImpl())),
        index(integers(*s.index.unsafeGetTensorImpl())),
        after(s.consecutive ? nullptr : integers(*s.after.unsafeGetTensorImpl())),
        p(s.before.numel()),
        i(s.index.numel()),
        q(elements / std::max<int64_t>(p * i, 1)) {}
};

template <class T>
void take_row(T* y, const T* x, const Offsets& o) {
  if (o.after)
    for (int64_t k = 0; k < o.q; ++k) y[k] = x[o.after[k]];
  else
    std::memcpy(y, x, static_cast<size_t>(o.q) * sizeof(T));
}

// Rows [begin, end) of all p * i.
template <class T>
void take_rows(T* y, const T* x, const Offsets& o, int64_t begin, int64_t end) {
  for (int64_t r = begin; r < end;) {
    const int64_t first = r % o.i, count = std::min(o.i - first, end - r);
    const T* from = x + o.before[r / o.i];
    T* to = y + r * o.q;
    if (o.q == 1 && !o.after)
      for (int64_t i = 0; i < count; ++i) to[i] = from[o.index[first + i]];
    else
      for (int64_t i = 0; i < count; ++i, to += o.q) take_row(to, from + o.index[first + i], o);
    r += count;
  }
}

template <class T, bool accumulate>
void put_part(T* x, const T* v, const Offsets& o, int64_t begin, int64_t end) {
  for (int64_t k = begin; k < end; ++k) {
    T& to = x[o.after ? o.after[k] : k];
    if constexpr (!accumulate)
      to = v[k];
    else if constexpr (std::is_same_v<T, bool>)
      to = to || v[k];
    else
      to = static_cast<T>(to + v[k]);
  }
}

// Threads share out what never meets: the outer dimensions and the columns of the inner ones.
template <class T, bool accumulate>
void put_all(T* x, const T* v, const Offsets& o) {
  const bool large = o.p * o.i * o.q > 2 * chunk;
  const int64_t tile = large ? std::max<int64_t>(64, (o.q + 15) / 16) : std::max<int64_t>(o.q, 1);
  const int64_t tiles = (o.q + tile - 1) / tile;
  parallel_for(o.p * tiles, std::max<int64_t>(1, chunk / (o.i * tile)), [&](int64_t b, int64_t e) {
    for (int64_t t = b; t < e; ++t) {
      const int64_t p = t / tiles, from = t % tiles * tile, to = std::min(o.q, from + tile);
      for (int64_t i = 0; i < o.i; ++i)
        put_part<T, accumulate>(x + o.before[p] + o.index[i], v + (p * o.i + i) * o.q, o, from, to);
    }
  });
}

// The loop of gather and scatter: element (row, j) of the index belongs to x[at + j * x_step + index * x_dim] and to
// src[from + j * src_step].
struct Along {
  Sizes sizes, x_strides, src_strides;
  int64_t x_dim, n, x_step = 0, src_step = 0;

  Along(const TensorImpl& x, const TensorImpl& index, const Sizes& src, int64_t dim)
      : sizes(index.sizes), x_strides(x.strides), src_strides(src) {
    const auto d = static_cast<size_t>(dim);
    x_dim = x_strides.empty() ? 1 : x_strides[d];
    n = sizes.empty() ? 1 : sizes.back();
    if (sizes.empty()) return;
    x_strides[d] = 0;
    x_step = x_strides.back();
    src_step = src_strides.back();
  }
  std::pair<int64_t, int64_t> row(int64_t r) const {
    if (sizes.size() == 2) return {r * x_strides[0], r * src_strides[0]};
    int64_t at = 0, from = 0;
    for (size_t d = sizes.size(); d-- > 1;) {
      const int64_t k = r % sizes[d - 1];
      r /= sizes[d - 1];
      at += k * x_strides[d - 1];
      from += k * src_strides[d - 1];
    }
    return {at, from};
  }
};

template <class T, bool accumulate>
void scatter_rows(T* x, const int64_t* index, const T* src, const Along& a, int64_t begin, int64_t end) {
  for (int64_t r = begin; r < end; ++r) {
    const auto [at, from] = a.row(r);
    for (int64_t j = 0; j < a.n; ++j) {
      T& to = x[at + j * a.x_step + index[r * a.n + j] * a.x_dim];
      const T v = src[from + j * a.src_step];
      if constexpr (!accumulate)
        to = v;
      else if constexpr (std::is_same_v<T, bool>)
        to = to || v;
      else
        to = static_cast<T>(to + v);
    }
  }
}

// Only along `dim` can two elements meet: slabs of the first dimension are independent unless it is that one.
template <class T, bool accumulate>
void scatter_all(T* x, const int64_t* index, const T* src, const Along& a, int64_t dim, int64_t elements) {
  const int64_t rows = elements / a.n;
  const int64_t slabs = dim == 0 || a.sizes.size() < 2 ? 1 : a.sizes[0], each = rows / slabs;
  parallel_for(slabs, std::max<int64_t>(1, chunk / (each * a.n)),
               [&](int64_t b, int64_t e) { scatter_rows<T, accumulate>(x, index, src, a, b * each, e * each); });
}

}  // namespace

Tensor offsets(IntArrayRef sizes, IntArrayRef strides) {
  const Tensor r = empty({count_elements(sizes)}, kLong);
  int64_t* to = r.data_ptr<int64_t>();
  int64_t filled = std::min<int64_t>(r.numel(), 1);
  if (filled) to[0] = 0;
  // The innermost dimension first; each further one repeats what is there, shifted.
  for (size_t d = sizes.size(); d-- > 0 && filled > 0;) {
    for (int64_t k = 1; k < sizes[d]; ++k)
      for (int64_t i = 0; i < filled; ++i) to[k * filled + i] = to[i] + k * strides[d];
    filled *= sizes[d];
  }
  return r;
}

void add_offsets(const TensorImpl& offsets, const TensorImpl& index, int64_t size, int64_t stride) {
  auto* to = reinterpret_cast<int64_t*>(offsets.data());
  const int64_t* from = integers(index);
  for (int64_t i = 0; i < index.numel; ++i) to[i] += (from[i] < 0 ? from[i] + size : from[i]) * stride;
}

int64_t first_outside(const TensorImpl& index, int64_t low, int64_t high) {
  const int64_t* p = integers(index);
  bool any;
  simd::call<AnyOutside>(p, index.numel, low, high, &any);
  if (!any) return -1;
  int64_t i = 0;
  while (p[i] >= low && p[i] < high) ++i;
  return i;
}

void take(const TensorImpl& y, const TensorImpl& x, const Places& places) {
  if (y.numel == 0) return;
  const Offsets o(places, y.numel);
  dispatch_size(x.dtype, [&]<class T>() {
    T* to = reinterpret_cast<T*>(y.data());
    const T* from = reinterpret_cast<const T*>(x.data());
    parallel_for(o.p * o.i, std::max<int64_t>(1, chunk / o.q),
                 [&](int64_t b, int64_t e) { take_rows(to, from, o, b, e); });
  });
}

void put(const TensorImpl& x, const TensorImpl& v, const Places& places, bool accumulate) {
  if (v.numel == 0) return;
  const Offsets o(places, v.numel);
  if (accumulate)
    return in_wide_floats(x, v, [&](const TensorImpl& x, const TensorImpl& v) {
      dispatch_sum(x.dtype, [&]<class T>() {
        put_all<T, true>(reinterpret_cast<T*>(x.data()), reinterpret_cast<const T*>(v.data()), o);
      });
    });
  dispatch_size(x.dtype, [&]<class T>() {
    put_all<T, false>(reinterpret_cast<T*>(x.data()), reinterpret_cast<const T*>(v.data()), o);
  });
}

void gather(const TensorImpl& y, const TensorImpl& x, const TensorImpl& index, int64_t dim) {
  if (index.numel == 0) return;
  const Along a(x, index, y.strides, dim);
  dispatch_size(x.dtype, [&]<class T>() {
    T* to = reinterpret_cast<T*>(y.data());
    const T* from = reinterpret_cast<const T*>(x.data());
    const int64_t* at = integers(index);
    parallel_for(index.numel / a.n, std::max<int64_t>(1, chunk / a.n), [&](int64_t b, int64_t e) {
      for (int64_t r = b; r < e; ++r) {
        const T* row = from + a.row(r).first;
        for (int64_t j = 0; j < a.n; ++j) to[r * a.n + j] = row[j * a.x_step + at[r * a.n + j] * a.x_dim];
      }
    });
  });
}

void scatter(const TensorImpl& x, const TensorImpl& index, const TensorImpl& src, int64_t dim, bool accumulate) {
  if (index.numel == 0) return;
  const int64_t* at = integers(index);
  if (accumulate)
    return in_wide_floats(x, src, [&](const TensorImpl& x, const TensorImpl& src) {
      const Along a(x, index, src.strides, dim);
      dispatch_sum(x.dtype, [&]<class T>() {
        scatter_all<T, true>(reinterpret_cast<T*>(x.data()), at, reinterpret_cast<const T*>(src.data()), a, dim,
                             index.numel);
      });
    });
  const Along a(x, index, src.strides, dim);
  dispatch_size(x.dtype, [&]<class T>() {
    scatter_all<T, false>(reinterpret_cast<T*>(x.data()), at, reinterpret_cast<const T*>(src.data()), a, dim,
                          index.numel);
  });
}

void nonzero(const TensorImpl& out, const TensorImpl& mask) {
  if (mask.numel == 0 || out.numel == 0) return;
  constexpr int64_t part = 1024;
  const size_t rank = mask.sizes.size(), outer = rank - 1;
  const int64_t n = mask.sizes.back();
  const auto* m = reinterpret_cast<const bool*>(mask.data());
  auto* to = reinterpret_cast<int64_t*>(out.data());
  Sizes at(outer, 0);
  for (int64_t row = 0; row < mask.numel / n; ++row) {
    for (int64_t from = 0; from < n; from += part) {
      int64_t found[part], count = 0;
      for (int64_t j = from; j < std::min(n, from + part); ++j) {
        found[count] = j;
        count += *m++;
      }
      for (int64_t i = 0; i < count; ++i) {
        for (size_t d = 0; d < outer; ++d) *to++ = at[d];
        *to++ = found[i];
      }
    }
    for (size_t d = outer; d-- > 0;) {
      if (++at[d] < mask.sizes[d]) break;
      at[d] = 0;
    }
  }
}

}  // namespace gradus::kernels
