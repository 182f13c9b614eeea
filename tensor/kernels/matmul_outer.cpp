// Products with k = 1: of a column and a row, at the speed of writing the result.
#include <algorithm>

#include "gradus/tensor/kernels/matmul_parts.h"
#include "gradus/tensor/kernels/scratch.h"
#include "gradus/tensor/kernels/sweep.h"
#include "gradus/tensor/parallel.h"

namespace gradus::kernels {
namespace {

using detail::Product;

// Rows [begin, end) of C from the row at b.
template <class T>
struct OuterRows {
  template <class Arch>
  GRADUS_INLINE static void run(const Product<T>* g, const T* b, int64_t begin, int64_t end) {
    using V = typename Arch::template vec<T>;
    const V beta = V::all(g->beta);
    const bool adds = g->beta != T(0);
    for (int64_t i = begin; i < end; ++i) {
      const V x = V::all(g->alpha * g->a.p[i * g->a.rs]);
      T* c = g->c + i * g->ldc;
      sweep<V>(g->n, [&](int64_t j, auto part) {
        V v = x * part.load(b + j);
        if (adds) v = fma(beta, part.load(c + j), v);
        if (g->bias) v += part.load(g->bias + j);
        part.store(c + j, v);
      });
    }
  }
};

}  // namespace

template <class T>
void detail::matmul_outer(const Product<T>& g) {
  const T* b = g.b.p;
  Scratch<T> packed;
  if (g.b.cs != 1) {
    packed = Scratch<T>(g.n);
    for (int64_t j = 0; j < g.n; ++j) packed.get()[j] = b[j * g.b.cs];
    b = packed.get();
  }
  parallel_for(g.m, g.m * g.n <= 65536 ? g.m : std::max<int64_t>(1, 32768 / g.n),
               [&](int64_t begin, int64_t end) { simd::call<OuterRows<T>>(&g, b, begin, end); });
}

template void detail::matmul_outer(const Product<float>&);
template void detail::matmul_outer(const Product<double>&);
template void detail::matmul_outer(const Product<uint64_t>&);

}  // namespace gradus::kernels
