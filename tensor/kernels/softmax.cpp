#include "gradus/tensor/kernels/softmax.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "gradus/tensor/kernels/simd_math.h"
#include "gradus/tensor/kernels/stream.h"
#include "gradus/tensor/kernels/sweep.h"
#include "gradus/tensor/kernels/typed.h"
#include "gradus/tensor/parallel.h"

namespace gradus::kernels {
namespace {

constexpr int64_t serial = 32768;        // elements up to which one thread is faster
constexpr int64_t chunk = 16384;         // elements that a thread takes at a time
constexpr int64_t few_columns = 64;      // below that many a line is a lane
constexpr int64_t column_block = 1024;   // columns, at most, that a thread takes at a time
constexpr int64_t column_cache = 65536;  // and elements of them, unless that leaves less than 256 columns

/// A contiguous tensor as [outer, n, inner]; rows run along n.
struct Lines {
  int64_t outer = 1, n = 1, inner = 1;
  Lines(IntArrayRef sizes, int64_t dim) {
    for (size_t i = 0; i < sizes.size(); ++i) {
      int64_t& part = static_cast<int64_t>(i) < dim ? outer : static_cast<int64_t>(i) == dim ? n : inner;
      part *= sizes[i];
    }
  }
};

/// The larger of both; b where one is NaN, so that NaN loses; it comes back through the exponential.
struct Larger {
  template <class T, int N>
  GRADUS_INLINE simd::Vec<T, N> operator()(const simd::Vec<T, N>& a, const simd::Vec<T, N>& b) const {
    if constexpr (simd::detail::Wide512<T, N>::value)
      return simd::detail::Wide512<T, N>::larger(a, b);
    else
      return where(a > b, a, b);
  }
  template <class T>
  GRADUS_INLINE T operator()(T a, T b) const {
    return a > b ? a : b;
  }
};

template <class T, bool Log>
struct ForwardRows {
  template <class A>
  GRADUS_RUNS_FORMULA static void run(const T* x, T* y, int64_t rows, int64_t n) {
    using V = typename A::template vec<T>;
    constexpr T least = -std::numeric_limits<T>::infinity();
    constexpr Larger larger;
    for (int64_t r = 0; r < rows; ++r, x += n, y += n) {
      Four<V> most{V(least)};
      sweep_chains<V>(
          n,
          [&](int64_t i, auto part) {
            V& mine = most.template at<part.chain>();
            mine = larger(part.keep(part.load(x + i), least), mine);
          },
          [] {});
      const V m(reduce(larger(larger(most.a, most.b), larger(most.c, most.d)), larger));
      Cascade<V> total;
      sweep<V>(n, [&](int64_t i, auto part) {
        simd::ask_ahead(x + i);
        simd::ask_ahead(y + i);
        const V e = exp(part.load(x + i) - m);
        if constexpr (!Log) part.store(y + i, e);
        total.add(part.keep(e, 0));
      });
      if constexpr (Log) {
        const V l(std::log(total.sum()));
        sweep<V>(n, [&](int64_t i, auto part) { part.store(y + i, (part.load(x + i) - m) - l); });
      } else {
        const V scale(1 / total.sum());
        sweep<V>(n, [&](int64_t i, auto part) { part.store(y + i, part.load(y + i) * scale); });
      }
    }
  }
};

/// The same past the caches, three rows at a time: of one the maximum, of the second before it the exponentials, of the
/// second before that the result. No row waits for what the row before it is reduced to. `work` is for three rows.
template <class T, bool Log>
struct StreamedRows {
  template <class A>
  GRADUS_RUNS_FORMULA static void run(const T* x, T* y, int64_t rows, int64_t n, T* work) {
    using V = typename A::template vec<T>;
    constexpr T least = -std::numeric_limits<T>::infinity();
    constexpr Larger larger;
    const auto row_of = [=](int64_t r) { return x + std::clamp<int64_t>(r, 0, rows - 1) * n; };
    const int64_t width = padded(n);
    T most[5] = {}, last[3] = {};  // of the rows from r on, back: their maxima, and 1 / sum or log(sum)
    RowStream<V> out;
    for (int64_t r = 0; r < rows + 4; ++r) {
      const T *third = row_of(r), *second = row_of(r - 2), *first = row_of(r - 4);
      // Their vectors lie as the result's do.
      const auto powers_of = [=](int64_t q) {
        return work + (q + 6) % 3 * width + (16 - RowStream<V>::head(y + std::max<int64_t>(q, 0) * n));
      };
      T *powers = powers_of(r - 2), *powers_before = powers_of(r - 4);
      const V most_second(most[1]), most_first(most[3]), last_first(last[1]);
      V m(least);
      Cascade<V> total;
      const auto stages = [&](int64_t i, auto part) {
        simd::ask_ahead(third + i);
        m = larger(part.keep(part.load(third + i), least), m);
        const V e = simd::detail::exp_minus(V(most_second - part.load(second + i)));
        if constexpr (!Log) part.store(powers + i, e);
        total.add(part.keep(e, 0));
      };
      const auto result = [&](int64_t i, auto part) {
        if constexpr (Log)
          return V((part.load(first + i) - most_first) - last_first);
        else
          return V(part.load(powers_before + i) * last_first);
      };
      if (r < 4)
        sweep<V>(n, stages);
      else
        out.row(n, y + (r - 4) * n, stages, result);
      std::copy_backward(most, most + 4, most + 5);
      most[0] = reduce(m, larger);
      std::copy_backward(last, last + 2, last + 3);
      last[0] = Log ? std::log(total.sum()) : 1 / total.sum();
    }
    out.finish();
  }
};

// Few lines `step` apart, a lane each, what belongs to them in registers.
template <class T, bool Log>
struct ForwardLanes {
  template <class A>
  GRADUS_RUNS_FORMULA static void run(const T* x, T* y, int64_t columns, int64_t n, int64_t step) {
    using V = typename A::template vec<T>;
    sweep<V>(columns, [&](int64_t j, auto part) {
      V m(-std::numeric_limits<T>::infinity());
      for (int64_t i = 0; i < n; ++i) {
        const V v = part.load(x + i * step + j);
        m = where(v > m, v, m);
      }
      Cascade<V> total;
      for (int64_t i = 0; i < n; ++i) {
        const V e = exp(part.load(x + i * step + j) - m);
        if constexpr (!Log) part.store(y + i * step + j, e);
        total.add(e);
      }
      const V last = Log ? V(log(total.lanes())) : V(1 / total.lanes());
      for (int64_t i = 0; i < n; ++i) {
        const int64_t at = i * step + j;
        if constexpr (Log)
          part.store(y + at, (part.load(x + at) - m) - last);
        else
          part.store(y + at, part.load(y + at) * last);
      }
    });
  }
};

// Sums of columns in two levels, as a Cascade's.
template <class V>
class ColumnSums {
  using T = typename V::value_type;

 public:
  GRADUS_INLINE explicit ColumnSums(int64_t columns) : columns_(columns) {
    std::fill_n(part_, columns, T(0));
    std::fill_n(total_, columns, T(0));
  }
  template <class Part>
  GRADUS_INLINE void add(int64_t j, const Part& part, const V& v) {
    part.store(part_ + j, part.load(part_ + j) + v);
  }
  /// After row i.
  GRADUS_INLINE void end_row(int64_t i) {
    if (i % 64 == 63) flush();
  }
  /// After the last row: f of the sums.
  template <class F>
  GRADUS_INLINE const T* finish(const F& f) {
    flush();
    sweep<V>(columns_, [&](int64_t j, auto part) { part.store(total_ + j, f(part.load(total_ + j))); });
    return total_;
  }

 private:
  GRADUS_INLINE void flush() {
    sweep<V>(columns_,
             [&](int64_t j, auto part) { part.store(total_ + j, part.load(total_ + j) + part.load(part_ + j)); });
    std::fill_n(part_, columns_, T(0));
  }
  int64_t columns_;
  alignas(64) T part_[column_block], total_[column_block];
};

// Of more lines row after row, at most column_block elements each, and what belongs to the lines beside them: read down
// its columns, memory would come a line at a time, and often all of them into one set of the first cache.
template <class T, bool Log>
struct ForwardColumns {
  template <class A>
  GRADUS_RUNS_FORMULA static void run(const T* x, T* y, int64_t columns, int64_t n, int64_t step) {
    using V = typename A::template vec<T>;
    alignas(64) T most[column_block];
    std::fill_n(most, columns, -std::numeric_limits<T>::infinity());
    for (int64_t i = 0; i < n; ++i)
      sweep<V>(columns, [&](int64_t j, auto part) {
        part.store(most + j, Larger()(part.load(x + i * step + j), part.load(most + j)));
      });
    ColumnSums<V> sums(columns);
    for (int64_t i = 0; i < n; ++i) {
      sweep<V>(columns, [&](int64_t j, auto part) {
        const V e = exp(part.load(x + i * step + j) - part.load(most + j));
        if constexpr (!Log) part.store(y + i * step + j, e);
        sums.add(j, part, e);
      });
      sums.end_row(i);
    }
    const T* last = sums.finish([](const V& sum) { return Log ? V(log(sum)) : V(1 / sum); });
    for (int64_t i = 0; i < n; ++i)
      sweep<V>(columns, [&](int64_t j, auto part) {
        const int64_t at = i * step + j;
        if constexpr (Log)
          part.store(y + at, (part.load(x + at) - part.load(most + j)) - part.load(last + j));
        else
          part.store(y + at, part.load(y + at) * part.load(last + j));
      });
  }
};

template <bool Log, class V>
GRADUS_INLINE V derivative(const V& g, const V& y, const V& total) {
  if constexpr (Log)
    return g - exp(y) * total;
  else
    return y * (g - total);
}

template <class T, bool Log>
struct BackwardRows {
  template <class A>
  GRADUS_RUNS_FORMULA static void run(const T* g, const T* y, T* gx, int64_t rows, int64_t n) {
    using V = typename A::template vec<T>;
    for (int64_t r = 0; r < rows; ++r, g += n, y += n, gx += n) {
      Chains<V> sum;
      sweep_chains<V>(
          n,
          [&](int64_t i, auto part) {
            simd::ask_ahead(g + i);
            if (!Log) simd::ask_ahead(y + i);
            const V v = part.load(g + i);
            sum.add(Log ? v : V(v * part.load(y + i)), part);
          },
          [&] { sum.flush(); });
      const V total(sum.sum());
      sweep<V>(n, [&](int64_t i, auto part) {
        simd::ask_ahead(gx + i);
        if (Log) simd::ask_ahead(y + i);
        part.store(gx + i, derivative<Log>(part.load(g + i), part.load(y + i), total));
      });
    }
  }
};

/// The same past the caches, two rows at a time: of one the sum, of the second before it the result.
template <class T, bool Log>
struct StreamedBackwardRows {
  template <class A>
  GRADUS_RUNS_FORMULA static void run(const T* g, const T* y, T* gx, int64_t rows, int64_t n) {
    using V = typename A::template vec<T>;
    T totals[2] = {};  // of the rows before r, back
    RowStream<V> out;
    for (int64_t r = 0; r < rows + 2; ++r) {
      const int64_t second = std::min(r, rows - 1) * n, first = std::max<int64_t>(r - 2, 0) * n;
      const V total(totals[1]);
      Cascade<V> sum;
      const auto stages = [&](int64_t i, auto part) {
        simd::ask_ahead<4096>(g + second + i);
        simd::ask_ahead<4096>(y + second + i);
        const V v = part.load(g + second + i);
        sum.add(Log ? v : V(v * part.load(y + second + i)));
      };
      const auto result = [&](int64_t i, auto part) {
        return derivative<Log>(part.load(g + first + i), part.load(y + first + i), total);
      };
      if (r < 2)
        sweep<V>(n, stages);
      else
        out.row(n, gx + first, stages, result);
      totals[1] = totals[0];
      totals[0] = sum.sum();
    }
    out.finish();
  }
};

template <class T, bool Log>
struct BackwardLanes {
  template <class A>
  GRADUS_RUNS_FORMULA static void run(const T* g, const T* y, T* gx, int64_t columns, int64_t n, int64_t step) {
    using V = typename A::template vec<T>;
    sweep<V>(columns, [&](int64_t j, auto part) {
      Cascade<V> sum;
      for (int64_t i = 0; i < n; ++i) {
        const V v = part.load(g + i * step + j);
        sum.add(Log ? v : V(v * part.load(y + i * step + j)));
      }
      const V total = sum.lanes();
      for (int64_t i = 0; i < n; ++i) {
        const int64_t at = i * step + j;
        part.store(gx + at, derivative<Log>(part.load(g + at), part.load(y + at), total));
      }
    });
  }
};

template <class T, bool Log>
struct BackwardColumns {
  template <class A>
  GRADUS_RUNS_FORMULA static void run(const T* g, const T* y, T* gx, int64_t columns, int64_t n, int64_t step) {
    using V = typename A::template vec<T>;
    ColumnSums<V> sums(columns);
    for (int64_t i = 0; i < n; ++i) {
      sweep<V>(columns, [&](int64_t j, auto part) {
        const V v = part.load(g + i * step + j);
        sums.add(j, part, Log ? v : V(v * part.load(y + i * step + j)));
      });
      sums.end_row(i);
    }
    const T* total = sums.finish([](const V& sum) { return sum; });
    for (int64_t i = 0; i < n; ++i)
      sweep<V>(columns, [&](int64_t j, auto part) {
        const int64_t at = i * step + j;
        part.store(gx + at, derivative<Log>(part.load(g + at), part.load(y + at), part.load(total + j)));
      });
  }
};

// rows(first element, how many) where rows are consecutive, else columns(first element, how many).
template <class Rows, class Columns>
void each_line(const Lines& l, int64_t chunk, const Rows& rows, const Columns& columns) {
  if (l.outer * l.n * l.inner == 0) return;
  const bool alone = l.outer * l.n * l.inner <= serial;
  if (l.inner == 1) {
    const int64_t grain = alone ? l.outer : std::max<int64_t>(1, chunk / l.n);
    return parallel_for(l.outer, grain, [&](int64_t b, int64_t e) { rows(b * l.n, e - b); });
  }
  const int64_t fitting = std::clamp<int64_t>(column_cache / l.n / 64 * 64, 256, column_block);
  const int64_t width = std::min(l.inner, fitting), blocks = (l.inner + width - 1) / width;
  const int64_t grain = alone ? l.outer * blocks : std::max<int64_t>(1, chunk / (l.n * width));
  parallel_for(l.outer * blocks, grain, [&](int64_t b, int64_t e) {
    for (int64_t i = b; i < e; ++i) {
      const int64_t j = i % blocks * width;
      columns(i / blocks * l.n * l.inner + j, std::min(width, l.inner - j));
    }
  });
}

template <class T, bool Log>
void forward(const Lines& l, const Tensor& x, const Tensor& y) {
  const T* from = x.data_ptr<T>();
  T* to = y.data_ptr<T>();
  const bool streamed = l.inner == 1 && streams_rows<T>(l.outer, l.n);
  each_line(
      l, streamed ? streamed_chunk : chunk,
      [&](int64_t at, int64_t rows) {
        if (!streamed) return simd::call<ForwardRows<T, Log>>(from + at, to + at, rows, l.n);
        const Scratch<T> work(3 * padded(l.n));
        simd::call<StreamedRows<T, Log>>(from + at, to + at, rows, l.n, work.get());
        fence_streams();
      },
      [&](int64_t at, int64_t columns) {
        if (columns < few_columns) return simd::call<ForwardLanes<T, Log>>(from + at, to + at, columns, l.n, l.inner);
        simd::call<ForwardColumns<T, Log>>(from + at, to + at, columns, l.n, l.inner);
      });
}

template <class T, bool Log>
void backward(const Lines& l, const Tensor& g, const Tensor& y, const Tensor& gx) {
  const T *from = g.data_ptr<T>(), *result = y.data_ptr<T>();
  T* to = gx.data_ptr<T>();
  const bool streamed = l.inner == 1 && streams_rows<T>(l.outer, l.n);
  each_line(
      l, streamed ? streamed_chunk : chunk,
      [&](int64_t at, int64_t rows) {
        if (!streamed) return simd::call<BackwardRows<T, Log>>(from + at, result + at, to + at, rows, l.n);
        simd::call<StreamedBackwardRows<T, Log>>(from + at, result + at, to + at, rows, l.n);
        fence_streams();
      },
      [&](int64_t at, int64_t columns) {
        if (columns < few_columns)
          return simd::call<BackwardLanes<T, Log>>(from + at, result + at, to + at, columns, l.n, l.inner);
        simd::call<BackwardColumns<T, Log>>(from + at, result + at, to + at, columns, l.n, l.inner);
      });
}

}  // namespace

Tensor softmax(const Tensor& x, int64_t dim, bool log) {
  if (is_float16(x.scalar_type())) return narrowed(softmax(widened(x), dim, log), x.scalar_type());
  const Tensor from = contiguous(x), y = empty(x.sizes(), x.scalar_type());
  const Lines l(x.sizes(), dim);
  if (x.scalar_type() == kFloat)
    log ? forward<float, true>(l, from, y) : forward<float, false>(l, from, y);
  else
    log ? forward<double, true>(l, from, y) : forward<double, false>(l, from, y);
  return y;
}

Tensor softmax_backward(const Tensor& g, const Tensor& y, int64_t dim, bool log) {
  if (is_float16(y.scalar_type())) return narrowed(softmax_backward(widened(g), widened(y), dim, log), y.scalar_type());
  const Tensor from = contiguous(g), result = contiguous(y), gx = empty(y.sizes(), y.scalar_type());
  const Lines l(y.sizes(), dim);
  if (y.scalar_type() == kFloat)
    log ? backward<float, true>(l, from, result, gx) : backward<float, false>(l, from, result, gx);
  else
    log ? backward<double, true>(l, from, result, gx) : backward<double, false>(l, from, result, gx);
  return gx;
}

}  // namespace gradus::kernels
