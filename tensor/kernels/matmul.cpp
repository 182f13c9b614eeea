// Which kernel computes a product.
#include "gradus/tensor/kernels/matmul.h"

#include <algorithm>

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
void matmul(const Gemm& g, const float* a, const float* b, float* c, const float* bias) {
  const Gemm x = merged(g);
  const bool vector = x.m == 1 || x.n == 1;
  if (vector || x.m <= 0 || x.n <= 0 || x.k <= 0 || x.alpha == 0 || x.m * x.n * x.k < own_product_limit)
    return own::matmul(x, a, b, c, bias);
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
