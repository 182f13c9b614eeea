// Products of float by oneDNN's sgemm.
#if defined(GRADUS_ONEDNN)
#include <algorithm>

#include "gradus/tensor/kernels/matmul.h"
#include "gradus/tensor/kernels/onednn.h"
#include "gradus/tensor/parallel.h"

namespace gradus::kernels {
namespace {

constexpr int64_t one_thread_each = 128 * 128 * 128;  // multiplications: below, whole products are dealt to threads

void one(const Gemm& g, const float* a, const float* b, float* c, const float* bias) {
  float beta = static_cast<float>(g.beta);
  if (bias) {
    // sgemm has no bias: it goes into C first, and the product is added to it.
    for (int64_t i = 0; i < g.m; ++i) {
      float* row = c + i * g.ldc;
      if (beta == 0)
        std::copy_n(bias, g.n, row);
      else
        for (int64_t j = 0; j < g.n; ++j) row[j] = beta * row[j] + bias[j];
    }
    beta = 1;
  }
  // A leading dimension is at least a row; a matrix of one row may carry any.
  const int64_t lda = std::max(g.lda, g.trans_a ? g.m : g.k), ldb = std::max(g.ldb, g.trans_b ? g.k : g.n);
  const dnnl_status_t status = dnnl_sgemm(g.trans_a ? 'T' : 'N', g.trans_b ? 'T' : 'N', g.m, g.n, g.k,
                                          static_cast<float>(g.alpha), a, lda, b, ldb, beta, c, g.ldc);
  check(status == dnnl_success, "matmul: oneDNN failed with status ", static_cast<int>(status));
}

}  // namespace

void detail::matmul_onednn(const Gemm& g, const float* a, const float* b, float* c, const float* bias) {
  auto items = [&](int64_t begin, int64_t end) {
    onednn::Threads threads;
    for (int64_t i = begin; i < end; ++i) one(g, a + i * g.stride_a, b + i * g.stride_b, c + i * g.stride_c, bias);
  };
  if (g.batch > 1 && g.m * g.n * g.k < one_thread_each)
    parallel_for(g.batch, 1, items);
  else
    items(0, g.batch);
}

}  // namespace gradus::kernels
#endif
