#include "gradus/tensor/kernels/reduce_loops.h"

namespace gradus::kernels {
namespace {

struct Prod {
  template <class T>
  static constexpr T identity() {
    return 1;
  }
  template <class V>
  GRADUS_INLINE static V each(const V& x) {
    return x;
  }
  template <class V>
  GRADUS_INLINE static V join(const V& a, const V& b) {
    return a * b;
  }
};

template <class T>
constexpr T extreme(bool low) {
  using L = std::numeric_limits<T>;
  if constexpr (L::has_infinity) return low ? -L::infinity() : L::infinity();
  return low ? L::lowest() : L::max();
}

struct Max {
  template <class T>
  static constexpr T identity() {
    return extreme<T>(true);
  }
  template <class V>
  GRADUS_INLINE static V each(const V& x) {
    return x;
  }
  template <class V>
  GRADUS_INLINE static V join(const V& a, const V& b) {
    using detail::where;
    V r = where(a > b, a, b);
    detail::opaque(r);
    return where(a == a, r, a);
  }
};

struct Min : Max {
  template <class T>
  static constexpr T identity() {
    return extreme<T>(false);
  }
  template <class V>
  GRADUS_INLINE static V join(const V& a, const V& b) {
    using detail::where;
    V r = where(a < b, a, b);
    detail::opaque(r);
    return where(a == a, r, a);
  }
};

}  // namespace

ReduceLoops extreme_loops(Reduction r, ScalarType t) {
  if (r == Reduction::prod) return detail::all_loops<Prod>(t);
  return r == Reduction::max ? detail::all_loops<Max>(t) : detail::all_loops<Min>(t);
}

}  // namespace gradus::kernels
