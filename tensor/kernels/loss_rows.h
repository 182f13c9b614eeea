// How losses of classes walk over [n, c, s], n s rows of c classes: chunks of fixed size, summed in their order.
#pragma once
#include <algorithm>

#include "gradus/tensor/kernels/scratch.h"
#include "gradus/tensor/parallel.h"

namespace gradus::kernels {

/// Sums of chunks of fixed size, added in their order: f(begin, end) -> double.
template <class F>
double sum_in_order(int64_t n, int64_t grain, const F& f) {
  if (n <= grain) return n > 0 ? f(0, n) : 0;
  const int64_t parts = (n + grain - 1) / grain;
  const Scratch<double> sums(parts);
  parallel_for(n, grain, [&](int64_t b, int64_t e) { sums.get()[b / grain] = f(b, e); });
  double total = 0;
  for (int64_t i = 0; i < parts; ++i) total += sums.get()[i];
  return total;
}

/// The sum of rows(begin, end) when s = 1, else of columns(i, first column, how many) over blocks of neighbouring rows.
template <class R, class C>
double each_row(int64_t n, int64_t c, int64_t s, const R& rows, const C& columns) {
  constexpr int64_t serial = 32768, chunk = 16384, column_block = 512;
  const int64_t all = n * s, classes = std::max<int64_t>(1, c);
  const bool alone = all * c <= serial;
  if (s == 1) return sum_in_order(all, alone ? all : std::max<int64_t>(1, chunk / classes), rows);
  const int64_t width = std::min<int64_t>(s, column_block), blocks = width ? (s + width - 1) / width : 0;
  const int64_t grain = alone ? n * blocks : std::max<int64_t>(1, chunk / (width * classes));
  return sum_in_order(n * blocks, grain, [&](int64_t b, int64_t e) {
    double sum = 0;
    for (int64_t i = b; i < e; ++i) {
      const int64_t j = i % blocks * width;
      sum += columns(i / blocks, j, std::min<int64_t>(width, s - j));
    }
    return sum;
  });
}

}  // namespace gradus::kernels
