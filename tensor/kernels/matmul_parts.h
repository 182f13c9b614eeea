// What the sources of our own matrix product share.
#pragma once
#include "gradus/tensor/kernels/matmul.h"
#include "gradus/tensor/kernels/simd.h"

namespace gradus::kernels::detail {

/// One operand as the kernels see it: element (row, col) at p[row * rs + col * cs].
template <class T>
struct View {
  const T* p;
  int64_t rs, cs;
};

/// One product, without a batch: C = alpha A B + beta C + bias.
template <class T>
struct Product {
  int64_t m, n, k;
  View<T> a, b;
  T* c;
  int64_t ldc;
  T alpha, beta;
  const T* bias;
};

/// Products with m = 1 or n = 1: a matrix times a vector, at the speed of reading the matrix.
template <class T>
void matmul_vector(const Product<T>& g);

/// Products with k = 1: of a column and a row.
template <class T>
void matmul_outer(const Product<T>& g);

/// Every lane x. No arithmetic: t - 0 is t for every t, negative zero and NaN too.
template <class V>
GRADUS_INLINE void broadcast(typename V::value_type x, typename V::R& to) {
  to = x - typename V::R{};
}

}  // namespace gradus::kernels::detail
