// Which kernel computes a product.
#include "gradus/tensor/kernels/matmul.h"

#include <algorithm>

#include "gradus/tensor/kernels/simd.h"
#include "gradus/tensor/parallel.h"

namespace gradus::kernels {
namespace {

/// Rows of A and C that follow each other through the batch, with one B: a single, taller product.
Gemm merged(Gemm g) {
  if (g.batch > 1 && !g.trans_a && g.stride_b == 0 && g.stride_a == g.m * g.lda && g.stride_c == g.m * g.ldc) {
    g.m *= g.batch;
    g.batch = 1;
  }
  return g;
}

}  // namespace

#if !defined(GRADUS_ONEDNN)
void matmul(const Gemm& g, const float* a, const float* b, float* c, const float* bias) {
  own::matmul(merged(g), a, b, c, bias);
}
#else
// Where both are equally fast ours needs no compilation, which takes oneDNN 20 ms of a program's first step.
bool is_ours(const Gemm& g) {
  const int64_t work = g.m * g.n * g.k;
  if (g.m <= 1 || g.n <= 1 || g.k <= 1 || g.alpha == 0 || work < own_product_limit) return true;
  const bool thin = g.m < 10 || g.n < 10 || g.k < 8;
  return !thin && work <= own_product_limit_avx512 && simd::isa() == simd::Isa::avx512;
}

void matmul(const Gemm& g, const float* a, const float* b, float* c, const float* bias) {
  const Gemm x = merged(g);
  if (is_ours(x)) return own::matmul(x, a, b, c, bias);
  detail::matmul_onednn(x, a, b, c, bias);
}
#endif

void matmul(const Gemm& g, const double* a, const double* b, double* c, const double* bias) {
  own::matmul(merged(g), a, b, c, bias);
}

void matmul(const Gemm& g, const int64_t* a, const int64_t* b, int64_t* c, const int64_t* bias) {
  own::matmul(merged(g), a, b, c, bias);
}

}  // namespace gradus::kernels
