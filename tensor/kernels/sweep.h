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
template <class V>
struct Whole {
  using T = typename V::value_type;
  static constexpr int64_t left = V::size;
  GRADUS_INLINE V load(const T* p) const { return V::load(p); }
  GRADUS_INLINE void store(T* p, const V& v) const { v.store(p); }
  /// v in the lanes that exist, `fill` in the others.
  GRADUS_INLINE V keep(const V& v, T) const { return v; }
};
template <class V>
struct Rest {
  using T = typename V::value_type;
  int64_t left;
  GRADUS_INLINE V load(const T* p) const { return V::load(p, left); }
  GRADUS_INLINE void store(T* p, const V& v) const { v.store(p, left); }
  GRADUS_INLINE V keep(const V& v, T fill) const {
    T lanes[V::size];
    V(fill).store(lanes);
    v.store(lanes, left);
    return V::load(lanes);
  }
};
template <class V, class F>
GRADUS_INLINE void sweep(int64_t n, const F& f) {
  int64_t i = 0;
  for (; i + V::size <= n; i += V::size) f(i, Whole<V>());
  if (i < n) f(i, Rest<V>{n - i});
}

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
