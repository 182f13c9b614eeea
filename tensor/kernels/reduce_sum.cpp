#include "gradus/tensor/kernels/reduce_loops.h"

namespace gradus::kernels {
namespace {

struct Sum {
  template <class T>
  static constexpr T identity() {
    return 0;
  }
  template <class V>
  GRADUS_INLINE static V each(const V& x) {
    return x;
  }
  template <class V>
  GRADUS_INLINE static V join(const V& a, const V& b) {
    return a + b;
  }
};

struct SumAbs : Sum {
  template <class V>
  GRADUS_INLINE static V each(const V& x) {
    using detail::where;
    return where(x < V(0), V(-x), V(x + V(0)));
  }
};

struct SumSquares : Sum {
  template <class V>
  GRADUS_INLINE static V each(const V& x) {
    return x * x;
  }
};

}  // namespace

ReduceLoops sum_loops(Reduction r, ScalarType t) {
  if (r == Reduction::sum) return detail::all_loops<Sum>(t);
  check(is_floating(t), "norm: expected a floating point tensor, got ", t);
  return r == Reduction::sum_abs ? detail::floating_loops<SumAbs>(t) : detail::floating_loops<SumSquares>(t);
}

}  // namespace gradus::kernels
