// Products of float by oneDNN's sgemm.
#if defined(GRADUS_ONEDNN)
#include <algorithm>

#include "gradus/tensor/kernels/matmul.h"
#include "gradus/tensor/kernels/onednn.h"
#include "gradus/tensor/parallel.h"

namespace gradus::kernels {
namespace {

constexpr int64_t one_thread_each = 128 * 128 * 128;  // multiplications: below, whole products are dealt to threads
constexpr int64_t most_bands = 16, band_step = 48;    // pieces of a product whose bits must not depend on the threads

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

/// The same bits on any number of threads: bands of C of a fixed size, each computed by one thread.
void in_bands(const Gemm& g, const float* a, const float* b, float* c, const float* bias) {
  const bool rows = g.m >= g.n;
  const int64_t length = rows ? g.m : g.n, work = g.m * g.n * g.k;
  const int64_t bands = std::clamp<int64_t>(work / one_thread_each, 1, most_bands);
  const int64_t band = ceil_div(ceil_div(length, bands), band_step) * band_step;
  parallel_for(g.batch * ceil_div(length, band), 1, [&](int64_t begin, int64_t end) {
    const onednn::Threads threads(1);
    for (int64_t i = begin; i < end; ++i) {
      const int64_t item = i / ceil_div(length, band), at = i % ceil_div(length, band) * band;
      Gemm part = g;
      (rows ? part.m : part.n) = std::min(band, length - at);
      const int64_t in_a = rows ? at * (g.trans_a ? 1 : g.lda) : 0, in_b = rows ? 0 : at * (g.trans_b ? g.ldb : 1);
      one(part, a + item * g.stride_a + in_a, b + item * g.stride_b + in_b,
          c + item * g.stride_c + at * (rows ? g.ldc : 1), bias && !rows ? bias + at : bias);
    }
  });
}

}  // namespace

void detail::matmul_onednn(const Gemm& g, const float* a, const float* b, float* c, const float* bias) {
  if (are_deterministic_algorithms_enabled()) return in_bands(g, a, b, c, bias);
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
