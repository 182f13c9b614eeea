// Matrix products over row-major buffers.
#pragma once
#include <cstdint>

namespace gradus::kernels {

/// C = alpha op(A) op(B) + beta C + bias for row-major matrices, op(X) = X or its transpose:
/// op(A) is [m, k], op(B) is [k, n], C is [m, n], bias (may be null) is [n] and added to every row.
/// A row of the stored A, B, C begins lda, ldb, ldc elements after the one before. C is not read when beta = 0.
/// Batched: `batch` products whose matrices lie stride_a, stride_b, stride_c elements apart; a stride of 0 for A or B
/// repeats it. C must not overlap A, B or bias. k = 0 gives beta C + bias.
struct Gemm {
  int64_t m = 0, n = 0, k = 0;
  bool trans_a = false, trans_b = false;
  int64_t lda = 0, ldb = 0, ldc = 0;
  double alpha = 1, beta = 0;
  int64_t batch = 1, stride_a = 0, stride_b = 0, stride_c = 0;
};

/// Leading dimensions of densely stored matrices.
inline Gemm dense(int64_t m, int64_t n, int64_t k, bool trans_a = false, bool trans_b = false) {
  Gemm g{m, n, k, trans_a, trans_b};
  g.lda = trans_a ? m : k;
  g.ldb = trans_b ? k : n;
  g.ldc = n;
  return g;
}

/// The product by whatever is fastest here.
void matmul(const Gemm& g, const float* a, const float* b, float* c, const float* bias = nullptr);
void matmul(const Gemm& g, const double* a, const double* b, double* c, const double* bias = nullptr);
void matmul(const Gemm& g, const int64_t* a, const int64_t* b, int64_t* c, const int64_t* bias = nullptr);

namespace own {
/// Our own kernel, in every build: the same bits on any number of threads.
template <class T>
void matmul(const Gemm& g, const T* a, const T* b, T* c, const T* bias = nullptr);
extern template void matmul(const Gemm&, const float*, const float*, float*, const float*);
extern template void matmul(const Gemm&, const double*, const double*, double*, const double*);
extern template void matmul(const Gemm&, const int64_t*, const int64_t*, int64_t*, const int64_t*);
}  // namespace own

namespace detail {
/// Products by oneDNN, for m, n, k >= 1; only in builds with it.
void matmul_onednn(const Gemm& g, const float* a, const float* b, float* c, const float* bias);
}  // namespace detail

/// Number of multiplications below which float products go to our own kernel in a oneDNN build.
inline constexpr int64_t own_product_limit = 64 * 64 * 64;
/// The same with AVX-512, where ours is as fast and needs no compilation, for products that are not thin.
inline constexpr int64_t own_product_limit_avx512 = 512 * 512 * 1024;

}  // namespace gradus::kernels
