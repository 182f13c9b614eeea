// Loops over consecutive elements for kernels that reduce rows: whole vectors, then the rest of the row.
#pragma once
#include <type_traits>

#include "gradus/tensor/factories.h"
#include "gradus/tensor/kernels/convert.h"
#include "gradus/tensor/kernels/simd.h"

namespace gradus::kernels {

/// x in row-major order, outside of any graph; x itself if it lies so already.
inline Tensor contiguous(const Tensor& x) {
  if (x.is_contiguous()) return x;
  const Tensor y = empty(x.sizes(), x.scalar_type());
  copy(*y.unsafeGetTensorImpl(), *x.unsafeGetTensorImpl());
  return y;
}

/// n elements in vectors: f(i, part) for the vector at i, where `part` loads and stores all lanes or those that exist.
template <class V, int Chain = 0>
struct Whole {
  using T = typename V::value_type;
  static constexpr int chain = Chain;
  static constexpr int64_t left = V::size;
  GRADUS_INLINE V load(const T* p) const { return V::load(p); }
  GRADUS_INLINE void store(T* p, const V& v) const { v.store(p); }
  /// v in the lanes that exist, `fill` in the others.
  GRADUS_INLINE V keep(const V& v, T) const { return v; }
};
template <class V>
struct Rest {
  using T = typename V::value_type;
  static constexpr int chain = 0;
  int64_t left;
  GRADUS_INLINE V load(const T* p) const { return V::load(p, left); }
  GRADUS_INLINE void store(T* p, const V& v) const { v.store(p, left); }
  GRADUS_INLINE V keep(const V& v, T fill) const { return v.keep(left, V(fill)); }
};
template <class V, class F>
GRADUS_RUNS_FORMULA void sweep(int64_t n, const F& f) {
  int64_t i = 0;
  for (; i + V::size <= n; i += V::size) f(i, Whole<V>());
  if (i < n) f(i, Rest<V>{n - i});
}

/// The same for loops that would wait for their own sums: four vectors at a time, `part.chain` tells which, and flush()
/// after 256 of them at most.
template <class V, class F, class G>
GRADUS_RUNS_FORMULA void sweep_chains(int64_t n, const F& f, const G& flush) {
  constexpr int64_t s = V::size, block = 256 * s;
  int64_t i = 0;
  while (i + 4 * s <= n) {
    const int64_t end = n - i < block ? n : i + block;
    for (; i + 4 * s <= end; i += 4 * s) {
      f(i, Whole<V, 0>());
      f(i + s, Whole<V, 1>());
      f(i + 2 * s, Whole<V, 2>());
      f(i + 3 * s, Whole<V, 3>());
    }
    flush();
  }
  for (; i + s <= n; i += s) f(i, Whole<V>());
  if (i < n) f(i, Rest<V>{n - i});
  flush();
}

/// Four of a kind, for the chains of sweep_chains.
template <class V>
struct Four {
  V a, b, c, d;
  GRADUS_INLINE explicit Four(const V& v) : a(v), b(v), c(v), d(v) {}
  template <int Chain>
  GRADUS_INLINE V& at() {
    if constexpr (Chain == 0)
      return a;
    else if constexpr (Chain == 1)
      return b;
    else if constexpr (Chain == 2)
      return c;
    else
      return d;
  }
};

/// A sum over sweep_chains: as precise as a Cascade.
template <class V>
struct Chains {
  Four<V> parts{V()};
  V total = V();
  template <class Part>
  GRADUS_INLINE void add(const V& v, const Part&) {
    parts.template at<Part::chain>() += v;
  }
  GRADUS_INLINE void flush() {
    total += (parts.a + parts.b) + (parts.c + parts.d);
    parts = Four<V>(V());
  }
  GRADUS_INLINE typename V::value_type sum() const { return reduce_add(total); }
};

/// A sum in two levels, whose rounding error grows with the square root of the number of terms in a level.
template <class V>
struct Cascade {
  V part = V(), total = V();
  int terms = 0;
  GRADUS_INLINE void add(const V& v) {
    part += v;
    if (++terms == 64) flush();
  }
  GRADUS_INLINE void flush() {
    total += part;
    part = V();
    terms = 0;
  }
  GRADUS_INLINE V lanes() const { return total + part; }
  GRADUS_INLINE typename V::value_type sum() const { return reduce_add(lanes()); }
};

}  // namespace gradus::kernels
