// Products of float by oneDNN's sgemm.
#if defined(GRADUS_ONEDNN)
#include <algorithm>

#include "gradus/tensor/kernels/matmul.h"
#include "gradus/tensor/kernels/onednn.h"
#include "gradus/tensor/parallel.h"

namespace gradus::kernels {
namespace {

constexpr int64_t one_thread_each = 128 * 128 * 128, most_bands = 16;  // multiplications of a band of a fixed size
constexpr int64_t least_band = 64 * 64 * 128;                          // and at least of one of a thread
constexpr int64_t row_step = 8, column_step = 48, vector_step = 16;    // what sgemm computes at a time, or well

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

/// How C is cut: into bands of rows or columns, each computed by one thread. How many follows from the threads, or,
/// where bits must not depend on them, from the product alone.
struct Bands {
  bool rows;
  int64_t length, count;

  // Where either will do, columns: an optimizer has just changed a band of the weights on the same core.
  explicit Bands(const Gemm& g) : rows(g.m > g.n), length(rows ? g.m : g.n) {
    const bool fixed = are_deterministic_algorithms_enabled();
    const int64_t most = fixed ? most_bands : gradus::detail::in_parallel() ? 1 : get_num_threads();
    const int64_t work = g.m * g.n * g.k / (fixed ? one_thread_each : least_band);
    count = std::clamp<int64_t>(std::min(work, length / step()), 1, most);
  }
  int64_t step() const { return rows ? row_step : length < 4 * column_step ? vector_step : column_step; }
  int64_t begin(int64_t i) const { return i == count ? length : (length * i / count + step() / 2) / step() * step(); }
};

}  // namespace

void detail::matmul_onednn(const Gemm& g, const float* a, const float* b, float* c, const float* bias) {
  const Bands bands(g);
  parallel_for(g.batch * bands.count, 1, [&](int64_t begin, int64_t end) {
    const onednn::OneThread alone;
    for (int64_t i = begin; i < end; ++i) {
      const int64_t item = i / bands.count, band = i % bands.count, at = bands.begin(band);
      Gemm part = g;
      (bands.rows ? part.m : part.n) = bands.begin(band + 1) - at;
      const int64_t in_a = bands.rows ? at * (g.trans_a ? 1 : g.lda) : 0;
      const int64_t in_b = bands.rows ? 0 : at * (g.trans_b ? g.ldb : 1);
      one(part, a + item * g.stride_a + in_a, b + item * g.stride_b + in_b,
          c + item * g.stride_c + at * (bands.rows ? g.ldc : 1), bias && !bands.rows ? bias + at : bias);
    }
  });
}

}  // namespace gradus::kernels
#endif
