#include "gradus/tensor/kernels/qr.h"

#include <algorithm>
#include <cmath>

#include "gradus/tensor/kernels/matmul.h"
#include "gradus/tensor/kernels/scratch.h"
#include "gradus/tensor/kernels/sweep.h"
#include "gradus/tensor/parallel.h"

namespace gradus::kernels {
namespace {

constexpr int64_t block = 32;             // reflections that are applied together, as products
constexpr int64_t columns_at_once = 128;  // to which a thread applies them

// The reflection 1 - tau v v^T that leaves of a column of n elements the first alone. Elements of the column and of v
// lie `step` apart; the first element becomes what is left, v begins with 1.
double reflector(double* column, int64_t n, int64_t step, double* v) {
  double largest = 0, sum = 0;
  for (int64_t i = 1; i < n; ++i) largest = std::max(largest, std::abs(column[i * step]));
  v[0] = 1;
  for (int64_t i = 1; i < n; ++i) v[i * step] = 0;
  if (largest == 0) return 0;
  largest = std::max(largest, std::abs(column[0]));
  for (int64_t i = 0; i < n; ++i) sum += column[i * step] / largest * (column[i * step] / largest);
  const double first = column[0], left = -std::copysign(largest * std::sqrt(sum), first);
  for (int64_t i = 1; i < n; ++i) v[i * step] = column[i * step] / (first - left);
  column[0] = left;
  return (left - first) / left;
}

// `count` columns of a become (1 - tau v v^T) a; rows of a and elements of v lie `step` apart.
void reflect(double* a, int64_t rows, int64_t count, int64_t step, const double* v, double tau) {
  double w[block] = {};
  for (int64_t i = 0; i < rows; ++i)
    for (int64_t j = 0; j < count; ++j) w[j] += v[i * step] * a[i * step + j];
  for (int64_t j = 0; j < count; ++j) w[j] *= tau;
  for (int64_t i = 0; i < rows; ++i)
    for (int64_t j = 0; j < count; ++j) a[i * step + j] -= v[i * step] * w[j];
}

// c = alpha op(a) b + beta c; rows of all three lie `lda`, `ldb`, `ldc` apart.
void product(int64_t m, int64_t n, int64_t k, bool trans_a, const double* a, int64_t lda, const double* b, int64_t ldb,
             double* c, int64_t ldc, double alpha = 1, double beta = 0) {
  own::matmul(Gemm{m, n, k, trans_a, false, lda, ldb, ldc, alpha, beta}, a, b, c);
}

// The product of `width` reflections, 1 - V T V^T, V of rows x width, T upper triangular.
// Schreiber, Van Loan 1989, A storage-efficient WY representation for products of Householder transformations.
struct Block {
  const double* v;
  int64_t rows, width;
  double t[block * block] = {};

  Block(const double* v, int64_t rows, int64_t width, const double* taus) : v(v), rows(rows), width(width) {
    double dots[block * block];
    product(width, width, rows, true, v, width, v, width, dots, width);
    for (int64_t j = 0; j < width; ++j) {
      for (int64_t i = 0; i < j; ++i) {
        double sum = 0;
        for (int64_t l = i; l < j; ++l) sum += t[i * width + l] * dots[l * width + j];
        t[i * width + j] = -taus[j] * sum;
      }
      t[j * width + j] = taus[j];
    }
  }

  // `count` columns of a, rows `step` apart, become (1 - V T V^T) a, or that with T^T.
  void apply(double* a, int64_t step, int64_t count, bool transposed) const {
    // One loop over columns for all three products, which are too short to start threads each.
    parallel_for(count, columns_at_once, [&](int64_t begin, int64_t end) {
      const int64_t n = end - begin;
      const Scratch<double> dots(width * n), turned(width * n);
      product(width, n, rows, true, v, width, a + begin, step, dots.get(), n);
      product(width, n, width, transposed, t, width, dots.get(), n, turned.get(), n);
      product(rows, n, width, false, v, width, turned.get(), n, a + begin, step, -1, 1);
    });
  }
};

// Turns a panel, [rows, width] without gaps, into R above its diagonal; fills v, of that shape, and taus.
void factor_panel(double* panel, int64_t rows, int64_t width, double* v, double* taus) {
  std::fill_n(v, rows * width, 0.0);
  for (int64_t k = 0; k < width; ++k) {
    double *column = panel + k * width + k, *own = v + k * width + k;
    taus[k] = reflector(column, rows - k, width, own);
    reflect(column + 1, rows - k, width - k - 1, width, own, taus[k]);
  }
}

}  // namespace

std::tuple<Tensor, Tensor> qr(const Tensor& x) {
  const int64_t m = x.size(0), n = x.size(1);
  check(m >= n && x.scalar_type() == kDouble, "qr: expected at least as many rows as columns, in float64, got ",
        x.sizes());
  const Tensor work = empty({m, n}, kDouble), q = zeros({m, n}, kDouble), r = zeros({n, n}, kDouble);
  copy(*work.unsafeGetTensorImpl(), *x.unsafeGetTensorImpl());
  double *a = work.data_ptr<double>(), *to = q.data_ptr<double>(), *upper = r.data_ptr<double>();
  // Panels lie apart from the matrix: down its columns, rows a power of two apart would evict each other.
  const Scratch<double> vectors(m * n), panel(m * block), taus(n);
  const auto block_at = [&](int64_t first) {
    return Block(vectors.get() + first * m, m - first, std::min(block, n - first), taus.get() + first);
  };
  for (int64_t first = 0; first < n; first += block) {
    const int64_t width = std::min(block, n - first), end = first + width;
    for (int64_t i = first; i < m; ++i) std::copy_n(a + i * n + first, width, panel.get() + (i - first) * width);
    factor_panel(panel.get(), m - first, width, vectors.get() + first * m, taus.get() + first);
    block_at(first).apply(a + first * n + end, n, n - end, true);
    for (int64_t k = first; k < end; ++k) {
      std::copy_n(panel.get() + (k - first) * (width + 1), end - k, upper + k * n + k);
      std::copy_n(a + k * n + end, n - end, upper + k * n + end);
    }
  }
  // Q is the product of the reflections, applied to the unit matrix from the last to the first.
  for (int64_t k = 0; k < n; ++k) to[k * n + k] = 1;
  for (int64_t i = (n + block - 1) / block; i-- > 0;)
    block_at(i * block).apply(to + i * block * (n + 1), n, n - i * block, false);
  return {q, r};
}

}  // namespace gradus::kernels
