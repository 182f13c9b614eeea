#include "gradus/tensor/kernels/norm.h"

#include <cmath>

#include "gradus/tensor/kernels/scratch.h"
#include "gradus/tensor/kernels/simd_bits.h"
#include "gradus/tensor/kernels/sweep.h"
#include "gradus/tensor/kernels/typed.h"
#include "gradus/tensor/parallel.h"

namespace gradus::kernels {
namespace {

constexpr int64_t serial = 32768;      // elements up to which one thread is faster
constexpr int64_t part_size = 16384;   // elements of a channel that are summed together
constexpr int64_t short_plane = 64;    // up to this size planes are taken as columns
constexpr int64_t column_block = 256;  // columns that a task takes together
constexpr int64_t column_rows = 256;   // rows that are summed together
constexpr int64_t few_channels = 4;    // fewer are not worth a thread each
constexpr int64_t sample = 256;        // elements whose mean is the origin of a part's sums

/// How [n, c, s] is cut, by its sizes alone. Planes: a channel is `n` runs of s elements, `rows` runs a part.
/// Columns: n rows of width c s, lanes across, `rows` rows a part.
struct Cut {
  int64_t n, c, s = 1, width, rows, parts, blocks;
  bool planes;
  explicit Cut(IntArrayRef sizes) : n(sizes[0]), c(sizes[1]) {
    for (size_t i = 2; i < sizes.size(); ++i) s *= sizes[i];
    planes = s > short_plane;
    width = planes ? c : c * s;
    rows = planes ? std::clamp<int64_t>(part_size / std::max<int64_t>(s, 1), 1, std::max<int64_t>(n, 1)) : column_rows;
    parts = (n + rows - 1) / rows;
    blocks = planes ? c : (width + column_block - 1) / column_block;
  }
  int64_t rows_of(int64_t part) const { return std::min(rows, n - part * rows); }
  /// Elements of one column or channel in a part.
  int64_t count(int64_t part) const { return rows_of(part) * (planes ? s : 1); }
  int64_t columns_of(int64_t block) const { return std::min(column_block, width - block * column_block); }
  int64_t grain() const {
    const int64_t task = rows * (planes ? s : std::min(width, column_block));
    return n * c * s <= serial ? std::max<int64_t>(1, blocks * parts) : std::max<int64_t>(1, part_size / task);
  }
};

/// Two sums of every part and column: of d = x - origin and d^2, or backward of g and g (x - mean).
struct Sums {
  Scratch<double> first, second, origin;
  explicit Sums(const Cut& cut)
      : first(cut.parts * cut.width), second(cut.parts * cut.width), origin(cut.parts * cut.width) {}
};

/// What a loop computes: y, or the gradients, in evaluation those of fixed statistics; with a ReLU behind y, or
/// without.
enum class Pass { forward, forward_relu, back, back_relu, fixed_back, fixed_back_relu };

constexpr bool is_back(Pass p) { return p >= Pass::back; }
constexpr bool is_fixed(Pass p) { return p >= Pass::fixed_back; }
constexpr bool has_relu(Pass p) { return static_cast<int>(p) % 2 == 1; }

/// g where y = d scale + shift, d = x - m, went through the ReLU; computed as forward did, so to the same bit.
template <Pass P, class V>
struct Gate {
  V scale, shift;
  GRADUS_INLINE V operator()(const V& g, const V& d) const {
    if constexpr (has_relu(P))
      return where(fma(d, scale, shift) <= V(0), V(0), g);
    else
      return g;
  }
};

// Four accumulators side by side hide the latency of an addition.
template <class V>
struct Lanes {
  V first[4], second[4];
  GRADUS_INLINE V sum(const V (&v)[4]) const { return (v[0] + v[1]) + (v[2] + v[3]); }
};

template <Pass P, class T, class V, class Part>
GRADUS_INLINE void accumulate(Lanes<V>& to, int slot, const T* x, const T* g, const V& origin, const Gate<P, V>& gate,
                              const Part& part) {
  const V d = part.load(x) - origin;
  if constexpr (is_back(P)) {
    const V v = gate(part.load(g), d);
    to.first[slot] += v;
    to.second[slot] += v * part.keep(d, 0);
  } else {
    const V v = part.keep(d, 0);
    to.first[slot] += v;
    to.second[slot] += v * v;
  }
}

// Of `runs` runs of s elements, `step` apart.
template <class T, Pass P>
struct PlaneSums {
  template <class A>
  GRADUS_INLINE static void run(const T* x, const T* g, int64_t runs, int64_t s, int64_t step, T origin, const T* scale,
                                const T* shift, double* first, double* second) {
    using V = typename A::template vec<T>;
    constexpr int64_t N = V::size, block = 64 * N;
    Gate<P, V> gate;
    if constexpr (has_relu(P)) gate = {V(*scale), V(*shift)};
    double a = 0, b = 0;
    for (int64_t r = 0; r < runs; ++r)
      for (int64_t from = 0; from < s; from += block) {
        const T *p = x + r * step + from, *q = is_back(P) ? g + r * step + from : p;
        const int64_t n = s - from < block ? s - from : block;
        Lanes<V> lanes;
        int64_t i = 0;
        for (; i + 4 * N <= n; i += 4 * N)
          for (int k = 0; k < 4; ++k) accumulate(lanes, k, p + i + k * N, q + i + k * N, V(origin), gate, Whole<V>());
        for (; i + N <= n; i += N) accumulate(lanes, 0, p + i, q + i, V(origin), gate, Whole<V>());
        if (i < n) accumulate(lanes, 1, p + i, q + i, V(origin), gate, Rest<V>{n - i});
        a += static_cast<double>(reduce_add(lanes.sum(lanes.first)));
        b += static_cast<double>(reduce_add(lanes.sum(lanes.second)));
      }
    *first = a;
    *second = b;
  }
};

// Of each of `columns` columns over `rows` rows of `width`.
template <class T, Pass P>
struct ColumnSums {
  template <class A>
  GRADUS_INLINE static void run(const T* x, const T* g, int64_t rows, int64_t width, int64_t columns, const T* mean,
                                const T* scale, const T* shift, double* first, double* second, double* origin) {
    using V = typename A::template vec<T>;
    sweep<V>(columns, [&](int64_t j, auto part) {
      V o;
      Gate<P, V> gate;
      if constexpr (has_relu(P)) gate = {part.load(scale + j), part.load(shift + j)};
      if constexpr (is_back(P)) {
        o = part.load(mean + j);
      } else {
        const int64_t few = rows < 8 ? rows : 8;
        for (int64_t r = 0; r < few; ++r) o += part.load(x + r * width + j);
        o *= V(T(1) / static_cast<T>(few));
      }
      Lanes<V> lanes;
      int64_t r = 0;
      for (; r + 4 <= rows; r += 4)
        for (int k = 0; k < 4; ++k)
          accumulate(lanes, k, x + (r + k) * width + j, g + (is_back(P) ? (r + k) * width + j : 0), o, gate, part);
      for (; r < rows; ++r)
        accumulate(lanes, 0, x + r * width + j, g + (is_back(P) ? r * width + j : 0), o, gate, part);
      T a[V::size], b[V::size], c[V::size];
      lanes.sum(lanes.first).store(a);
      lanes.sum(lanes.second).store(b);
      o.store(c);
      for (int64_t k = 0; k < part.left; ++k) {
        first[j + k] = static_cast<double>(a[k]);
        second[j + k] = static_cast<double>(b[k]);
        if constexpr (!is_back(P)) origin[j + k] = static_cast<double>(c[k]);
      }
    });
  }
};

/// The numbers of `mapped` for a vector of columns: forward's y = (x - m) scale + shift, and backward's a, b, k.
template <class V>
struct Factors {
  V m, scale, shift, a, b, k;
};

// y = (x - m) scale + shift, and backward gx = g k + (x - m) a + b, of fixed statistics gx = g k.
template <Pass P, class V>
GRADUS_INLINE V mapped(const V& x, const V& g, const Factors<V>& f) {
  const V d = x - f.m;
  if constexpr (is_back(P)) {
    const V through = Gate<P, V>{f.scale, f.shift}(g, d);
    return is_fixed(P) ? through * f.k : fma(d, f.a, fma(through, f.k, f.b));
  } else {
    const V y = fma(d, f.scale, f.shift);
    return has_relu(P) ? maximum(y, 0) : y;
  }
}

/// What `mapped` reads of them; `load` makes a vector of one.
template <Pass P, class V, class T, class F>
GRADUS_INLINE Factors<V> loaded(const Factors<const T*>& from, const F& load) {
  Factors<V> f;
  if constexpr (!is_fixed(P) || has_relu(P)) f.m = load(from.m);
  if constexpr (!is_back(P) || has_relu(P)) f.scale = load(from.scale), f.shift = load(from.shift);
  if constexpr (is_back(P)) f.k = load(from.k);
  if constexpr (is_back(P) && !is_fixed(P)) f.a = load(from.a), f.b = load(from.b);
  return f;
}

template <class T, Pass P>
struct PlaneMap {
  template <class A>
  GRADUS_INLINE static void run(const T* x, const T* g, T* y, int64_t s, const Factors<const T*>* of) {
    using V = typename A::template vec<T>;
    const Factors<V> f = loaded<P, V>(
        *of, [](const T* p) __attribute__((always_inline)) { return V(*p); });
    sweep<V>(s, [&](int64_t i, auto part) {
      part.store(y + i, mapped<P, V>(part.load(x + i), is_back(P) ? part.load(g + i) : V(), f));
    });
  }
};

template <class T, Pass P>
struct ColumnMap {
  template <class A>
  GRADUS_INLINE static void run(const T* x, const T* g, T* y, int64_t rows, int64_t width, int64_t columns,
                                const Factors<const T*>* of) {
    using V = typename A::template vec<T>;
    for (int64_t r = 0; r < rows; ++r, x += width, g += is_back(P) ? width : 0, y += width)
      sweep<V>(columns, [&](int64_t i, auto part) {
        const Factors<V> f = loaded<P, V>(
            *of, [&](const T* p) __attribute__((always_inline)) { return part.load(p + i); });
        part.store(y + i, mapped<P, V>(part.load(x + i), is_back(P) ? part.load(g + i) : V(), f));
      });
  }
};

/// The numbers of `mapped` for each column or channel.
template <class T>
class Table {
 public:
  explicit Table(const Cut& cut)
      : columns_(cut.width / std::max<int64_t>(cut.c, 1)), stride_(ceil_div(cut.width, 16) * 16), all_(6 * stride_) {}
  /// Of channel i, which has `columns_` columns.
  void set_forward(int64_t i, double mean, double inverse_std, const T* weight, const T* bias) {
    const double scale = inverse_std * (weight ? static_cast<double>(weight[i]) : 1.0);
    set(i, 0, mean, scale, bias ? static_cast<double>(bias[i]) : 0.0);
  }
  void set_back(int64_t i, double slope, double offset, double factor) { set(i, 3, slope, offset, factor); }
  Factors<const T*> from(int64_t j) const {
    const T* p = all_.get() + j;
    return {p, p + stride_, p + 2 * stride_, p + 3 * stride_, p + 4 * stride_, p + 5 * stride_};
  }

 private:
  void set(int64_t i, int64_t from, double a, double b, double c) {
    const T first = static_cast<T>(a), second = static_cast<T>(b), third = static_cast<T>(c);
    T* p = all_.get() + from * stride_;
    for (int64_t j = i * columns_, end = j + columns_; j < end; ++j)
      p[j] = first, p[j + stride_] = second, p[j + 2 * stride_] = third;
  }
  int64_t columns_, stride_;
  Scratch<T> all_;
};

template <class T>
T origin_of(const T* x, int64_t n) {
  double sum = 0;
  for (int64_t i = 0; i < n; ++i) sum += static_cast<double>(x[i]);
  return static_cast<T>(sum / static_cast<double>(n));
}

template <class T, Pass P>
void sum_part(const Cut& cut, const T* x, const T* g, const Table<T>& t, const Sums& to, int64_t block, int64_t part) {
  const int64_t at = part * cut.width, first_row = part * cut.rows;
  if (cut.planes) {
    const int64_t from = (first_row * cut.c + block) * cut.s;
    const Factors<const T*> f = t.from(block);
    const T origin = is_back(P) ? *f.m : origin_of(x + from, std::min(sample, cut.s));
    to.origin.get()[at + block] = static_cast<double>(origin);
    simd::call<PlaneSums<T, P>>(x + from, is_back(P) ? g + from : g, cut.rows_of(part), cut.s, cut.c * cut.s, origin,
                                f.scale, f.shift, to.first.get() + at + block, to.second.get() + at + block);
    return;
  }
  const int64_t j = block * column_block, from = first_row * cut.width + j;
  const Factors<const T*> f = t.from(j);
  simd::call<ColumnSums<T, P>>(x + from, is_back(P) ? g + from : g, cut.rows_of(part), cut.width, cut.columns_of(block),
                               f.m, f.scale, f.shift, to.first.get() + at + j, to.second.get() + at + j,
                               to.origin.get() + at + j);
}

template <class T, Pass P>
void map_part(const Cut& cut, const T* x, const T* g, T* y, const Table<T>& t, int64_t block, int64_t part) {
  if (!cut.planes) {
    const int64_t j = block * column_block, from = part * cut.rows * cut.width + j;
    const Factors<const T*> f = t.from(j);
    simd::call<ColumnMap<T, P>>(x + from, is_back(P) ? g + from : g, y + from, cut.rows_of(part), cut.width,
                                cut.columns_of(block), &f);
    return;
  }
  const Factors<const T*> f = t.from(block);
  for (int64_t r = 0; r < cut.rows_of(part); ++r) {
    const int64_t from = ((part * cut.rows + r) * cut.c + block) * cut.s;
    simd::call<PlaneMap<T, P>>(x + from, is_back(P) ? g + from : g, y + from, cut.s, &f);
  }
}

// sum(block, part) for all, finish(first channel, last) when their sums are there, map(block, part) for all. With
// enough channels a thread takes each through all three while it is in the cache; the parts are the same either way.
template <class S, class F, class M>
void three_phases(const Cut& cut, const S& sum, const F& finish, const M& map) {
  if (cut.planes && cut.c >= few_channels) {
    const int64_t grain = std::max<int64_t>(1, cut.grain() / std::max<int64_t>(1, cut.parts));
    return parallel_for(cut.c, grain, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        for (int64_t p = 0; p < cut.parts; ++p) sum(i, p);
        finish(i, i + 1);
        for (int64_t p = 0; p < cut.parts; ++p) map(i, p);
      }
    });
  }
  const int64_t tasks = cut.blocks * cut.parts, grain = cut.grain();
  auto each = [&](const auto& f) {
    parallel_for(tasks, grain, [&](int64_t b, int64_t e) {
      for (int64_t i = b; i < e; ++i) f(i / cut.parts, i % cut.parts);
    });
  };
  each(sum);
  finish(0, cut.c);
  each(map);
}

/// Mean of a channel, and the mean of squares about it.
struct Moments {
  double mean = 0, squares = 0;
};

// From the parts' means m and squares q about them: mean = sum n m / sum n, squares = sum (q + n (m - mean)^2).
Moments moments(const Cut& cut, const Sums& sums, int64_t channel) {
  const int64_t columns = cut.width / cut.c;
  const double* first = sums.first.get();
  Moments r;
  for (int64_t p = 0; p < cut.parts; ++p) {
    const double n = static_cast<double>(cut.count(p));
    for (int64_t i = p * cut.width + channel * columns, e = i + columns; i < e; ++i)
      r.mean += n * sums.origin.get()[i] + first[i];
  }
  const double all = static_cast<double>(cut.n * cut.s);
  r.mean /= all;
  for (int64_t p = 0; p < cut.parts; ++p) {
    const double n = static_cast<double>(cut.count(p)), part = 1 / n;
    for (int64_t i = p * cut.width + channel * columns, e = i + columns; i < e; ++i) {
      const double d = first[i] * part, off = sums.origin.get()[i] + d - r.mean;
      r.squares += std::max(0.0, sums.second.get()[i] - first[i] * d) + n * off * off;
    }
  }
  return {r.mean, r.squares / all};
}

template <class T>
T* data_of(const Tensor& t) {
  return t.defined() ? t.data_ptr<T>() : nullptr;
}

template <class T>
void forward(const Tensor& x, const Tensor& y, BatchNorm& norm) {
  const Cut cut(x.sizes());
  if (x.numel() == 0) return;
  const T *in = x.data_ptr<T>(), *w = data_of<T>(norm.weight), *b = data_of<T>(norm.bias);
  T *out = y.data_ptr<T>(), *mean = norm.mean.data_ptr<T>(), *inverse = norm.inverse_std.data_ptr<T>();
  T *running_mean = data_of<T>(norm.running_mean), *running_var = data_of<T>(norm.running_var);
  const Sums sums(cut);
  Table<T> table(cut);
  const double keep = 1 - norm.momentum, count = static_cast<double>(cut.n * cut.s);
  auto finish = [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      if (norm.training) {
        const Moments m = moments(cut, sums, i);
        mean[i] = static_cast<T>(m.mean);
        inverse[i] = static_cast<T>(1 / std::sqrt(m.squares + norm.eps));
        if (running_mean)
          running_mean[i] = static_cast<T>(keep * static_cast<double>(running_mean[i]) + norm.momentum * m.mean);
        if (running_var)
          running_var[i] = static_cast<T>(keep * static_cast<double>(running_var[i]) +
                                          norm.momentum * m.squares * (count / (count - 1)));
      }
      table.set_forward(i, static_cast<double>(mean[i]), static_cast<double>(inverse[i]), w, b);
    }
  };
  const auto map = norm.relu ? map_part<T, Pass::forward_relu> : map_part<T, Pass::forward>;
  three_phases(
      cut,
      [&](int64_t block, int64_t part) {
        if (norm.training) sum_part<T, Pass::forward>(cut, in, nullptr, table, sums, block, part);
      },
      finish, [&](int64_t block, int64_t part) { map(cut, in, nullptr, out, table, block, part); });
}

template <class T>
auto backward_map(const BatchNorm& norm) {
  if (norm.training) return norm.relu ? map_part<T, Pass::back_relu> : map_part<T, Pass::back>;
  return norm.relu ? map_part<T, Pass::fixed_back_relu> : map_part<T, Pass::fixed_back>;
}

template <class T>
void backward(const Tensor& g, const Tensor& x, const BatchNorm& norm, NormGradients& out) {
  const Cut cut(x.sizes());
  const T *in = x.data_ptr<T>(), *go = g.data_ptr<T>(), *w = data_of<T>(norm.weight);
  const T *mean = norm.mean.data_ptr<T>(), *inverse = norm.inverse_std.data_ptr<T>();
  T *gx = data_of<T>(out.x), *gw = data_of<T>(out.weight), *gb = data_of<T>(out.bias);
  const Sums sums(cut);
  Table<T> table(cut);
  for (int64_t i = 0; i < cut.c; ++i)
    table.set_forward(i, static_cast<double>(mean[i]), static_cast<double>(inverse[i]), w, data_of<T>(norm.bias));
  const bool need_sums = norm.training || gw || gb;
  const double count = static_cast<double>(cut.n * cut.s);
  auto finish = [&](int64_t begin, int64_t end) {
    const int64_t columns = cut.width / cut.c;
    for (int64_t i = begin; i < end; ++i) {
      double sum = 0, dot = 0;
      for (int64_t p = 0; need_sums && p < cut.parts; ++p)
        for (int64_t j = i * columns; j < (i + 1) * columns; ++j) {
          sum += sums.first.get()[p * cut.width + j];
          dot += sums.second.get()[p * cut.width + j];
        }
      const double r = static_cast<double>(inverse[i]), k = r * (w ? static_cast<double>(w[i]) : 1.0);
      if (gw) gw[i] = static_cast<T>(dot * r);
      if (gb) gb[i] = static_cast<T>(sum);
      table.set_back(i, -k * r * r * dot / count, -k * sum / count, k);
    }
  };
  const auto sum = norm.relu ? sum_part<T, Pass::back_relu> : sum_part<T, Pass::back>;
  const auto map = backward_map<T>(norm);
  three_phases(
      cut,
      [&](int64_t block, int64_t part) {
        if (need_sums) sum(cut, in, go, table, sums, block, part);
      },
      finish,
      [&](int64_t block, int64_t part) {
        if (gx) map(cut, in, go, gx, table, block, part);
      });
}

// The same in float32, for 16-bit floats.
BatchNorm wide(const BatchNorm& norm) {
  BatchNorm r = norm;
  for (Tensor BatchNorm::*t : {&BatchNorm::weight, &BatchNorm::bias, &BatchNorm::running_mean, &BatchNorm::running_var,
                               &BatchNorm::mean, &BatchNorm::inverse_std})
    r.*t = widened(norm.*t);
  return r;
}

}  // namespace

Tensor batch_norm(const Tensor& x, BatchNorm& norm) {
  if (is_float16(x.scalar_type())) {
    BatchNorm n = wide(norm);
    const Tensor y = batch_norm(widened(x), n);
    norm.mean = n.mean;
    norm.inverse_std = n.inverse_std;
    if (norm.training && norm.running_mean.defined()) {
      copy(*norm.running_mean.unsafeGetTensorImpl(), *n.running_mean.unsafeGetTensorImpl());
      copy(*norm.running_var.unsafeGetTensorImpl(), *n.running_var.unsafeGetTensorImpl());
    }
    return narrowed(y, x.scalar_type());
  }
  const Tensor y = empty(x.sizes(), x.scalar_type());
  x.scalar_type() == kFloat ? forward<float>(x, y, norm) : forward<double>(x, y, norm);
  return y;
}

void batch_norm_backward(const Tensor& g, const Tensor& x, const BatchNorm& norm, NormGradients& out) {
  if (is_float16(x.scalar_type())) {
    batch_norm_backward(widened(g), widened(x), wide(norm), out);
    return narrow(out, x.scalar_type());
  }
  const TensorOptions o = x.options();
  // Of an empty batch the sums are zero.
  auto per_channel = [&](bool want) {
    return !want ? Tensor() : x.numel() ? empty({x.size(1)}, o) : zeros({x.size(1)}, o);
  };
  if (out.want_x) out.x = empty(x.sizes(), o);
  out.weight = per_channel(out.want_weight);
  out.bias = per_channel(out.want_bias);
  if (x.numel() == 0) return;
  const Tensor from = contiguous(g);
  x.scalar_type() == kFloat ? backward<float>(from, x, norm, out) : backward<double>(from, x, norm, out);
}

}  // namespace gradus::kernels
