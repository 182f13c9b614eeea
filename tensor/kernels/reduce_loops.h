// The inner loops of reduce.cpp, over rows and over columns, for one reduction on SIMD vectors. The sources
// reduce_sum.cpp and reduce_extremes.cpp instantiate them; a file of its own for what is slow to compile.
#pragma once
#include <limits>
#include <numeric>

#include "gradus/tensor/dtype.h"
#include "gradus/tensor/kernels/reduce.h"
#include "gradus/tensor/kernels/simd.h"

namespace gradus::kernels {

inline constexpr int64_t row_chunk = 32768;  // elements that one thread reduces at a time
inline constexpr int64_t column_tile = 512;  // columns that are summed together in the first-level cache
inline constexpr int64_t cascade_rows = 64;  // rows added before their sum joins the next level

/// out[i * out_step] = the reduction of the n elements from in + i * in_step, for i < rows. Steps in elements.
using RowsFn = void (*)(const void* in, void* out, int64_t rows, int64_t n, int64_t in_step, int64_t out_step);
/// out[j * out_step] = the reduction of in[i * in_step + j] over i < rows, for j < n <= column_tile.
using ColumnsFn = void (*)(const void* in, void* out, int64_t rows, int64_t n, int64_t in_step, int64_t out_step);

struct ReduceLoops {
  RowsFn rows;
  ColumnsFn columns;
};
ReduceLoops sum_loops(Reduction r, ScalarType t);
ReduceLoops extreme_loops(Reduction r, ScalarType t);

namespace detail {

template <class T>
GRADUS_INLINE T where(bool m, T a, T b) {
  return m ? a : b;
}

/// Hides from GCC 12 where a value comes from: it would merge two selects into a combined mask, which it takes apart
/// into lanes for AVX-512. Costs no instruction.
template <class T, int N>
GRADUS_INLINE void opaque([[maybe_unused]] simd::Vec<T, N>& x) {
#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__)
  asm("" : "+x"(x.v));
#endif
}
template <class T>
requires std::is_arithmetic_v<T> GRADUS_INLINE void opaque(T&) {}

template <class Op, class T>
struct Rows {
  // Halves of a vector joined until 16 bytes are left, and those one by one.
  template <int N>
  GRADUS_INLINE static T lanes(const simd::Vec<T, N>& x) {
    T part[N];
    x.store(part);
    if constexpr (sizeof(T) * N > 16) {
      using Half = simd::Vec<T, N / 2>;
      return lanes(Op::join(Half::load(part), Half::load(part + N / 2)));
    } else {
      for (int w = N / 2; w > 0; w /= 2)
        for (int k = 0; k < w; ++k) part[k] = Op::join(part[k], part[k + w]);
      return part[0];
    }
  }

  template <class A>
  GRADUS_INLINE static T row(const T* p, int64_t n) {
    using V = typename A::template vec<T>;
    constexpr int64_t N = V::size;
    const T none = Op::template identity<T>();
    T tail = none;
    if (n < N) {
      for (int64_t i = 0; i < n; ++i) tail = Op::join(tail, Op::each(p[i]));
      return tail;
    }
    const V start = V::all(none);
    V total = start;
    int64_t i = 0;
    while (i + N <= n) {
      V a = start, b = start, c = start, d = start;
      const int64_t end = n - i > 128 * N ? i + 128 * N : n;
      for (; i + 4 * N <= end; i += 4 * N) {
        a = Op::join(a, Op::each(V::load(p + i)));
        b = Op::join(b, Op::each(V::load(p + i + N)));
        c = Op::join(c, Op::each(V::load(p + i + 2 * N)));
        d = Op::join(d, Op::each(V::load(p + i + 3 * N)));
      }
      for (; i + N <= end; i += N) a = Op::join(a, Op::each(V::load(p + i)));
      total = Op::join(total, Op::join(Op::join(a, b), Op::join(c, d)));
    }
    for (; i < n; ++i) tail = Op::join(tail, Op::each(p[i]));
    return Op::join(lanes(total), tail);
  }

  template <class A>
  GRADUS_INLINE static void run(const void* in, void* out, int64_t rows, int64_t n, int64_t in_step, int64_t out_step) {
    const T* p = static_cast<const T*>(in);
    T* y = static_cast<T*>(out);
    for (int64_t i = 0; i < rows; ++i) y[i * out_step] = row<A>(p + i * in_step, n);
  }
};

template <class Op, class T>
struct Columns {
  // acc[j] joined with every row, four rows at a time; `width` lanes of it are in use.
  template <class V>
  GRADUS_INLINE static void add_rows(T* acc, const T* p, int64_t rows, int64_t n, int64_t step) {
    constexpr int64_t N = V::size;
    int64_t r = 0;
    for (; r + 4 <= rows; r += 4, p += 4 * step) {
      int64_t j = 0;
      for (; j + N <= n; j += N) {
        const V a = Op::join(Op::each(V::load(p + j)), Op::each(V::load(p + j + step)));
        const V b = Op::join(Op::each(V::load(p + j + 2 * step)), Op::each(V::load(p + j + 3 * step)));
        Op::join(V::load(acc + j), Op::join(a, b)).store(acc + j);
      }
      if (j < n) {
        const V a = Op::join(Op::each(V::load(p + j, n - j)), Op::each(V::load(p + j + step, n - j)));
        const V b = Op::join(Op::each(V::load(p + j + 2 * step, n - j)), Op::each(V::load(p + j + 3 * step, n - j)));
        Op::join(V::load(acc + j), Op::join(a, b)).store(acc + j);
      }
    }
    for (; r < rows; ++r, p += step) {
      int64_t j = 0;
      for (; j + N <= n; j += N) Op::join(V::load(acc + j), Op::each(V::load(p + j))).store(acc + j);
      if (j < n) Op::join(V::load(acc + j), Op::each(V::load(p + j, n - j))).store(acc + j);
    }
  }

  template <class A>
  GRADUS_INLINE static void run(const void* in, void* out, int64_t rows, int64_t n, int64_t in_step, int64_t out_step) {
    using V = typename A::template vec<T>;
    constexpr int64_t N = V::size;
    const T* p = static_cast<const T*>(in);
    T* y = static_cast<T*>(out);
    // Narrow rows that follow each other are read as fewer wide ones, a whole number of vectors long.
    int64_t fold = 1;
    if (in_step == n && n < 64) {
      fold = N / std::gcd(n, N);
      while (fold * n < 64) fold *= 2;
      if (rows < 2 * fold || fold * n > column_tile) fold = 1;
    }
    const int64_t width = n * fold, wide = rows / fold, used = (width + N - 1) / N * N;
    alignas(64) T total[column_tile], part[column_tile];
    const V none = V::all(Op::template identity<T>());
    for (int64_t j = 0; j < used; j += N) none.store(total + j);
    for (int64_t r = 0; r < wide; r += cascade_rows) {
      for (int64_t j = 0; j < used; j += N) none.store(part + j);
      add_rows<V>(part, p + r * fold * in_step, wide - r < cascade_rows ? wide - r : cascade_rows, width,
                  fold * in_step);
      for (int64_t j = 0; j < used; j += N) Op::join(V::load(total + j), V::load(part + j)).store(total + j);
    }
    for (int64_t j = 0; j < n; ++j) {
      T v = total[j];
      for (int64_t k = 1; k < fold; ++k) v = Op::join(v, total[k * n + j]);
      for (int64_t r = wide * fold; r < rows; ++r) v = Op::join(v, Op::each(p[r * in_step + j]));
      y[j * out_step] = v;
    }
  }
};

template <class Op, class T>
ReduceLoops loops() {
  return {simd::entry<Rows<Op, T>, const void*, void*, int64_t, int64_t, int64_t, int64_t>(),
          simd::entry<Columns<Op, T>, const void*, void*, int64_t, int64_t, int64_t, int64_t>()};
}

template <class Op>
ReduceLoops floating_loops(ScalarType t) {
  return t == ScalarType::Float ? loops<Op, float>() : loops<Op, double>();
}
template <class Op>
ReduceLoops all_loops(ScalarType t) {
  return t == ScalarType::Long ? loops<Op, int64_t>() : floating_loops<Op>(t);
}

}  // namespace detail
}  // namespace gradus::kernels
