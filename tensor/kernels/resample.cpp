#include "gradus/tensor/kernels/resample.h"

#include <algorithm>
#include <cstring>

#include "gradus/tensor/kernels/scratch.h"
#include "gradus/tensor/kernels/simd.h"
#include "gradus/tensor/parallel.h"

namespace gradus::kernels {
namespace {

constexpr int64_t grain = 16 * 1024;  // terms of one task

/// y = the sum of `count` lines of n elements, weighted.
template <class T>
struct SumLines {
  template <class Arch>
  GRADUS_INLINE static void run(const T* x, const int64_t* index, const T* weight, int64_t count, int64_t n, T* y) {
    using V = typename Arch::template vec<T>;
    constexpr int64_t N = V::size;
    int64_t j = 0;
    for (; j + N <= n; j += N) {
      V sum(T(0));
      for (int64_t k = 0; k < count; ++k) sum = fma(V(weight[k]), V::load(x + index[k] * n + j), sum);
      sum.store(y + j);
    }
    if (j == n) return;
    V sum(T(0));
    for (int64_t k = 0; k < count; ++k) sum = fma(V(weight[k]), V::load(x + index[k] * n + j, n - j), sum);
    sum.store(y + j, n - j);
  }
};

/// The same for a line of one element each row: y[i] for all rows.
template <class T>
void sum_elements(const Taps& taps, const T* weight, const T* x, T* y) {
  const int64_t* index = taps.index.data();
  const int64_t rows = taps.rows(), terms = taps.first.back();
  // Most maps have one or two terms in every row.
  bool one = terms == rows, two = terms == 2 * rows;
  for (int64_t i = 0; i < rows && (one || two); ++i) {
    one = one && taps.first[static_cast<size_t>(i)] == i;
    two = two && taps.first[static_cast<size_t>(i)] == 2 * i;
  }
  if (one)
    for (int64_t i = 0; i < rows; ++i) y[i] = weight[i] * x[index[i]];
  else if (two)
    for (int64_t i = 0; i < rows; ++i) y[i] = weight[2 * i] * x[index[2 * i]] + weight[2 * i + 1] * x[index[2 * i + 1]];
  else
    for (int64_t i = 0; i < rows; ++i) {
      T sum = 0;
      for (int64_t k = taps.first[static_cast<size_t>(i)]; k < taps.first[static_cast<size_t>(i) + 1]; ++k)
        sum += weight[k] * x[index[k]];
      y[i] = sum;
    }
}

/// Rows [to, to + count) that are copies of the elements [from, from + count).
struct Run {
  int64_t to, from, count;
};

/// The runs of a map that only copies, if they are long enough to be worth a call each; else none.
std::vector<Run> runs_of(const Taps& taps, int64_t inner) {
  std::vector<Run> runs;
  const int64_t rows = taps.rows();
  if (taps.first.back() != rows) return {};
  for (int64_t i = 0; i < rows; ++i) {
    const auto k = static_cast<size_t>(i);
    if (taps.first[k] != i || taps.weight[k] != 1) return {};
    if (!runs.empty() && taps.index[k] == runs.back().from + runs.back().count)
      ++runs.back().count;
    else
      runs.push_back({i, taps.index[k], 1});
  }
  const bool long_enough = rows * inner >= 4 * static_cast<int64_t>(runs.size());
  return long_enough ? runs : std::vector<Run>();
}

template <class T>
void copy_runs(const std::vector<Run>& runs, int64_t rows, int64_t columns, int64_t outer, int64_t inner, const T* x,
               T* y) {
  parallel_for(outer, std::max<int64_t>(1, grain / (rows * inner)), [&](int64_t begin, int64_t end) {
    for (int64_t o = begin; o < end; ++o)
      for (const Run& r : runs) {
        const T* from = x + (o * columns + r.from) * inner;
        T* to = y + (o * rows + r.to) * inner;
        if (r.count * inner == 1)
          *to = *from;
        else
          std::memcpy(to, from, static_cast<size_t>(r.count * inner) * sizeof(T));
      }
  });
}

}  // namespace

Taps transposed(const Taps& taps) {
  Taps t;
  t.columns = taps.rows();
  t.first.assign(static_cast<size_t>(taps.columns) + 1, 0);
  for (int64_t k : taps.index) ++t.first[static_cast<size_t>(k) + 1];
  for (size_t i = 1; i < t.first.size(); ++i) t.first[i] += t.first[i - 1];
  t.index.resize(taps.index.size());
  t.weight.resize(taps.index.size());
  std::vector<int64_t> next(t.first.begin(), t.first.end() - 1);
  for (size_t i = 0; i + 1 < taps.first.size(); ++i)
    for (auto k = static_cast<size_t>(taps.first[i]); k < static_cast<size_t>(taps.first[i + 1]); ++k) {
      const auto to = static_cast<size_t>(next[static_cast<size_t>(taps.index[k])]++);
      t.index[to] = static_cast<int64_t>(i);
      t.weight[to] = taps.weight[k];
    }
  return t;
}

template <class T>
void resample(const Taps& taps, int64_t outer, int64_t inner, const T* x, T* y) {
  const int64_t rows = taps.rows(), terms = taps.first.back();
  if (rows * inner * outer == 0) return;
  if (const std::vector<Run> runs = runs_of(taps, inner); !runs.empty())
    return copy_runs(runs, rows, taps.columns, outer, inner, x, y);
  const Scratch<T> weight(terms);
  std::copy(taps.weight.begin(), taps.weight.end(), weight.get());
  if (inner == 1) {
    const int64_t lines = std::max<int64_t>(1, grain / std::max<int64_t>(1, rows + terms));
    return parallel_for(outer, lines, [&](int64_t begin, int64_t end) {
      for (int64_t o = begin; o < end; ++o) sum_elements(taps, weight.get(), x + o * taps.columns, y + o * rows);
    });
  }
  const int64_t cost = inner * (1 + ceil_div(terms, std::max<int64_t>(1, rows)));
  parallel_for(outer * rows, std::max<int64_t>(1, grain / std::max<int64_t>(1, cost)), [&](int64_t begin, int64_t end) {
    for (int64_t r = begin; r < end; ++r) {
      const auto i = static_cast<size_t>(r % rows);
      const int64_t first = taps.first[i], count = taps.first[i + 1] - first;
      const T* from = x + r / rows * taps.columns * inner;
      simd::call<SumLines<T>>(from, taps.index.data() + first, static_cast<const T*>(weight.get() + first), count,
                              inner, y + r * inner);
    }
  });
}

template void resample(const Taps&, int64_t, int64_t, const float*, float*);
template void resample(const Taps&, int64_t, int64_t, const double*, double*);

}  // namespace gradus::kernels
