// The sum of a pointwise formula over all elements, in one pass and without the tensor of its values.
#pragma once
#include "gradus/tensor/kernels/pointwise.h"
#include "gradus/tensor/kernels/sweep.h"

namespace gradus::kernels {

/// A formula ready to be summed over n consecutive elements.
struct SumLoop {
  void (*fn)(const void* formula, double* out, const void* const* in, int64_t n);
  const void* formula;
  ScalarType compute;
};

/// scale * the loop's sum over the operands, all of one shape, as a 0-dimensional tensor of type `result`.
/// Chunks of fixed size are added in double in their order, so threads do not change a bit.
Tensor run_sum(const SumLoop& loop, ScalarType result, double scale, const Tensor* in, int count);

namespace detail {

template <class T, class F, class I>
struct SumRows;

template <class T, class F, size_t... I>
struct SumRows<T, F, std::index_sequence<I...>> {
  template <class A>
  GRADUS_RUNS_FORMULA static void run(const void* formula, double* out, const void* const* in, int64_t n) {
    using V = typename A::template vec<T>;
    const F f = *static_cast<const F*>(formula);
    const T* p[] = {static_cast<const T*>(in[I])...};
    Cascade<V> sum;
    sweep<V>(n, [&](int64_t i, auto part) { sum.add(part.keep(V(f(part.load(p[I] + i)...)), 0)); });
    *out = sum.sum();
  }
};

template <class T, size_t Ins, class F>
SumLoop sum_loop(const F& f) {
  using K = SumRows<T, F, std::make_index_sequence<Ins>>;
  return {simd::entry<K, const void*, double*, const void* const*, int64_t>(), &f, dtype_of<T>};
}

}  // namespace detail

/// scale * sum f(x...) over tensors of one shape, of the floating type `compute`, as a 0-dimensional tensor.
template <class F, class... X>
requires(sizeof...(X) <= max_operands) Tensor
    map_sum(const char* name, ScalarType compute, double scale, const F& f, const X&... x) {
  check(is_floating(compute), name, ": \"", name, "\" not implemented for '", gradus::name(compute), "'");
  const Tensor in[] = {x...};
  return run_sum(compute == ScalarType::Double ? detail::sum_loop<double, sizeof...(X)>(f)
                                               : detail::sum_loop<float, sizeof...(X)>(f),
                 compute, scale, in, sizeof...(X));
}

}  // namespace gradus::kernels
