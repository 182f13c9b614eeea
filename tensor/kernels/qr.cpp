#include "gradus/tensor/kernels/qr.h"

#include <algorithm>
#include <cmath>

#include "gradus/tensor/kernels/scratch.h"
#include "gradus/tensor/kernels/sweep.h"
#include "gradus/tensor/parallel.h"

namespace gradus::kernels {
namespace {

constexpr int64_t serial = 32768;  // elements up to which one thread is faster

// Columns [first, last) of a, [rows, width], become (1 - tau v v^T) a; v has an element a row.
void reflect(double* a, int64_t rows, int64_t width, const double* v, double tau, int64_t first, int64_t last) {
  if (tau == 0 || first >= last) return;
  const int64_t grain = rows * (last - first) <= serial ? last - first : 64;
  const Scratch<double> dots(width);
  parallel_for(last - first, grain, [&](int64_t begin, int64_t end) {
    double* w = dots.get();
    begin += first;
    end += first;
    std::fill(w + begin, w + end, 0.0);
    for (int64_t i = 0; i < rows; ++i)
      for (int64_t j = begin; j < end; ++j) w[j] += v[i] * a[i * width + j];
    for (int64_t i = 0; i < rows; ++i)
      for (int64_t j = begin; j < end; ++j) a[i * width + j] -= tau * v[i] * w[j];
  });
}

// The reflection that leaves of a column of n elements, `step` apart, the first alone: v and tau; the element itself
// becomes what is left.
double reflector(double* column, int64_t n, int64_t step, double* v) {
  double largest = 0, sum = 0;
  for (int64_t i = 1; i < n; ++i) largest = std::max(largest, std::abs(column[i * step]));
  v[0] = 1;
  for (int64_t i = 1; i < n; ++i) v[i] = 0;
  if (largest == 0) return 0;
  largest = std::max(largest, std::abs(column[0]));
  for (int64_t i = 0; i < n; ++i) sum += column[i * step] / largest * (column[i * step] / largest);
  const double first = column[0], left = -std::copysign(largest * std::sqrt(sum), first);
  for (int64_t i = 1; i < n; ++i) v[i] = column[i * step] / (first - left);
  column[0] = left;
  return (left - first) / left;
}

}  // namespace

std::tuple<Tensor, Tensor> qr(const Tensor& x) {
  const int64_t m = x.size(0), n = x.size(1);
  check(m >= n && x.scalar_type() == kDouble, "qr: expected at least as many rows as columns, in float64, got ",
        x.sizes());
  const Tensor work = empty({m, n}, kDouble), q = zeros({m, n}, kDouble), r = zeros({n, n}, kDouble);
  copy(*work.unsafeGetTensorImpl(), *x.unsafeGetTensorImpl());
  double *a = work.data_ptr<double>(), *to = q.data_ptr<double>(), *upper = r.data_ptr<double>();
  const Scratch<double> vectors(m * n), taus(n);
  for (int64_t k = 0; k < n; ++k) {
    double* v = vectors.get() + k * m;
    taus.get()[k] = reflector(a + k * n + k, m - k, n, v);
    reflect(a + k * n, m - k, n, v, taus.get()[k], k + 1, n);
    std::copy_n(a + k * n + k, n - k, upper + k * n + k);
  }
  // Q is the product of the reflections, applied to the unit matrix from the last to the first.
  for (int64_t k = n; k-- > 0;) {
    to[k * n + k] = 1;
    reflect(to + k * n, m - k, n, vectors.get() + k * m, taus.get()[k], k, n);
  }
  return {q, r};
}

}  // namespace gradus::kernels
