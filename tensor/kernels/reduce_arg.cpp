// Reductions that also tell where, and running sums.
#include <algorithm>
#include <limits>

#include "gradus/tensor/factories.h"
#include "gradus/tensor/kernels/reduce.h"
#include "gradus/tensor/kernels/reduce_loops.h"
#include "gradus/tensor/parallel.h"

namespace gradus::kernels {
namespace {

// True if a is more extreme than b; NaN is more extreme than every number.
template <bool max, class T>
GRADUS_INLINE bool beats(T a, T b) {
  if constexpr (std::is_floating_point_v<T>)
    if (a != a) return b == b;
  return max ? a > b : a < b;
}

template <bool max, class T>
struct ArgColumns {
  // best and where are [n]; the first of equals stays.
  template <class A>
  GRADUS_INLINE static void run(const T* p, T* best, int64_t* where, int64_t rows, int64_t n, int64_t step) {
    using V = typename A::template vec<T>;
    using I = simd::int_of<T>;
    using W = simd::Vec<I, V::size>;
    using M = simd::Mask<I, V::size>;
    for (int64_t j = 0; j < n; j += V::size) {
      const int64_t m = n - j < V::size ? n - j : V::size;
      V b = m == V::size ? V::load(p + j) : V::load(p + j, m);
      W at(0), row(0);
      const W one(1);
      for (int64_t r = 1; r < rows; ++r) {
        const V x = m == V::size ? V::load(p + r * step + j) : V::load(p + r * step + j, m);
        row = row + one;
        // A NaN in x loses no comparison here; one in b keeps its place.
        const auto stays = max ? x <= b : x >= b;
        V next = simd::where(stays, b, x);
        W place = simd::where(M(stays.m), at, row);
        detail::opaque(next);
        detail::opaque(place);
        const auto number = b == b;
        at = simd::where(M(number.m), place, at);
        b = simd::where(number, next, b);
      }
      T values[V::size];
      I lanes[V::size];
      b.store(values);
      at.store(lanes);
      for (int64_t k = 0; k < m; ++k) best[j + k] = values[k], where[j + k] = static_cast<int64_t>(lanes[k]);
    }
  }
};

// The first place of the extreme that the fast row reduction found.
template <class T>
int64_t find(const T* p, int64_t n, T v) {
  int64_t i = 0;
  if (v != v)
    while (i < n - 1 && p[i] == p[i]) ++i;
  else
    while (i < n - 1 && p[i] != v) ++i;
  return i;
}

template <class T>
void arg_rows(RowsFn extreme, T* values, int64_t* indices, const T* x, int64_t a, int64_t r) {
  parallel_for(a, std::max<int64_t>(1, row_chunk / r), [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      T v;
      extreme(x + i * r, &v, 1, r, 0, 0);
      indices[i] = find(x + i * r, r, v);
      if (values) values[i] = v;
    }
  });
}

// Chunks of a long row each on its own, then the best of them in order.
template <bool max, class T>
void arg_long_row(RowsFn extreme, T* value, int64_t* index, const T* x, int64_t r) {
  const int64_t chunks = (r + row_chunk - 1) / row_chunk;
  const Tensor parts = empty({chunks}, dtype_of<T>);
  T* part = parts.data_ptr<T>();
  parallel_for(r, row_chunk,
               [&](int64_t begin, int64_t end) { extreme(x + begin, part + begin / row_chunk, 1, end - begin, 0, 0); });
  int64_t best = 0;
  for (int64_t c = 1; c < chunks; ++c)
    if (beats<max>(part[c], part[best])) best = c;
  const int64_t from = best * row_chunk;
  *index = from + find(x + from, std::min(r - from, row_chunk), part[best]);
  if (value) *value = part[best];
}

template <bool max, class T>
void arg_columns(T* values, int64_t* indices, const T* x, int64_t a, int64_t r, int64_t b) {
  constexpr int64_t tile = 64;
  check(r <= std::numeric_limits<simd::int_of<T>>::max(), "argmax: too many elements along the dimension, got ", r);
  const int64_t tiles = (b + tile - 1) / tile;
  parallel_for(a * tiles, std::max<int64_t>(1, row_chunk / (r * std::min(b, tile))), [&](int64_t begin, int64_t end) {
    T best[tile];
    for (int64_t i = begin; i < end; ++i) {
      const int64_t j = i % tiles * tile, n = std::min(tile, b - j), to = i / tiles * b + j;
      simd::call<ArgColumns<max, T>>(x + i / tiles * r * b + j, values ? values + to : static_cast<T*>(best),
                                     indices + to, r, n, b);
    }
  });
}

// Rows side by side: a sum alone waits for its additions.
template <class Acc, int Rows, class T>
void scan_rows(T* y, const T* x, int64_t r) {
  Acc sum[Rows] = {};
  for (int64_t k = 0; k < r; ++k)
    for (int c = 0; c < Rows; ++c) y[c * r + k] = static_cast<T>(sum[c] += static_cast<Acc>(x[c * r + k]));
}

template <class Acc, class T>
void scan(T* y, const T* x, int64_t a, int64_t r, int64_t b) {
  constexpr int64_t tile = 64;
  if (b == 1)
    return parallel_for(a, std::max<int64_t>(4, row_chunk / r / 4 * 4), [&](int64_t begin, int64_t end) {
      for (; begin + 4 <= end; begin += 4) scan_rows<Acc, 4>(y + begin * r, x + begin * r, r);
      for (; begin < end; ++begin) scan_rows<Acc, 1>(y + begin * r, x + begin * r, r);
    });
  const int64_t tiles = (b + tile - 1) / tile;
  parallel_for(a * tiles, std::max<int64_t>(1, row_chunk / (r * std::min(b, tile))), [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const int64_t j = i % tiles * tile, n = std::min(tile, b - j);
      const T* p = x + i / tiles * r * b + j;
      T* q = y + i / tiles * r * b + j;
      Acc sum[tile] = {};
      for (int64_t k = 0; k < r; ++k, p += b, q += b)
        for (int64_t c = 0; c < n; ++c) q[c] = static_cast<T>(sum[c] += static_cast<Acc>(p[c]));
    }
  });
}

}  // namespace

void arg_reduce(bool max, const TensorImpl* values, const TensorImpl& indices, const TensorImpl& x, int64_t a,
                int64_t r, int64_t b) {
  if (a * b == 0) return;
  dispatch_compute("reduce", x.dtype, [&]<class T>() {
    T* v = values ? reinterpret_cast<T*>(values->data()) : nullptr;
    auto* at = reinterpret_cast<int64_t*>(indices.data());
    const T* p = reinterpret_cast<const T*>(x.data());
    if (b > 1) return max ? arg_columns<true>(v, at, p, a, r, b) : arg_columns<false>(v, at, p, a, r, b);
    const RowsFn rows = extreme_loops(max ? Reduction::max : Reduction::min, x.dtype).rows;
    if (a > 1 || r <= row_chunk) return arg_rows(rows, v, at, p, a, r);
    max ? arg_long_row<true>(rows, v, at, p, r) : arg_long_row<false>(rows, v, at, p, r);
  });
}

void cumsum(const TensorImpl& y, const TensorImpl& x, int64_t a, int64_t r, int64_t b) {
  if (x.numel == 0) return;
  dispatch_compute("reduce", x.dtype, [&]<class T>() {
    using Acc = std::conditional_t<std::is_same_v<T, float>, double, T>;
    scan<Acc>(reinterpret_cast<T*>(y.data()), reinterpret_cast<const T*>(x.data()), a, r, b);
  });
}

}  // namespace gradus::kernels
