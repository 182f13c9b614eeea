#include "gradus/tensor/kernels/loss.h"

#include <cmath>
#include <limits>

#include "gradus/tensor/kernels/loss_rows.h"
#include "gradus/tensor/kernels/simd_math.h"
#include "gradus/tensor/kernels/sweep.h"
#include "gradus/tensor/kernels/typed.h"

namespace gradus::kernels {
namespace {

constexpr int64_t serial = 32768;  // elements up to which one thread is faster

template <class T>
struct Rows {
  const T* x;
  T* y;  // the value of each row, or the gradient of x
  const int64_t* target;
  const T* weight;  // null stands for ones
  T* most;          // of each row
  T* inverse;       // 1 / sum e^(x - most)
  const T* g;
  int64_t c, s, ignore;
  T smoothing, weights, scale;  // weights: the sum over all classes
  bool reduce;

  Rows(const ClassLoss& l, const Tensor& x, const Tensor& y, const Tensor& stats, const Tensor& g)
      : x(x.defined() ? x.data_ptr<T>() : nullptr),
        y(y.defined() ? y.data_ptr<T>() : nullptr),
        target(l.target.data_ptr<int64_t>()),
        weight(l.weight.defined() ? l.weight.data_ptr<T>() : nullptr),
        most(stats.defined() ? stats.data_ptr<T>() : nullptr),
        inverse(stats.defined() ? stats.data_ptr<T>() + l.n * l.s : nullptr),
        g(g.defined() ? g.data_ptr<T>() : nullptr),
        c(l.c),
        s(l.s),
        ignore(l.ignore_index),
        smoothing(static_cast<T>(l.smoothing)),
        weights(static_cast<T>(l.c)),
        scale(static_cast<T>(l.scale)),
        reduce(l.reduce) {
    if (!weight) return;
    double total = 0;
    for (int64_t k = 0; k < c; ++k) total += static_cast<double>(weight[k]);
    weights = static_cast<T>(total);
  }
  GRADUS_INLINE T weight_of(int64_t k) const { return weight ? weight[k] : T(1); }
  GRADUS_INLINE T cotangent(int64_t row) const { return reduce ? *g * scale : g[row]; }
};

/// sum_k w[k] (ln sum - (x[k] - m)), where ln p[k] = (x[k] - m) - ln sum.
template <class T>
GRADUS_INLINE T smooth_part(const Rows<T>& a, const T* x, T m, T log_sum) {
  T total = 0;
  for (int64_t k = 0; k < a.c; ++k) total += a.weight_of(k) * (log_sum - (x[k * a.s] - m));
  return total;
}

/// The value of row `i` whose elements begin at x.
template <class T>
GRADUS_INLINE T row_value(const Rows<T>& a, int64_t i, const T* x, T m, T log_sum) {
  const int64_t t = a.target[i];
  if (t == a.ignore) return 0;
  T v = a.weight_of(t) * (log_sum - (x[t * a.s] - m));
  if (a.smoothing != 0) v = (1 - a.smoothing) * v + a.smoothing / static_cast<T>(a.c) * smooth_part(a, x, m, log_sum);
  return v;
}

// s = 1: the classes of a row are neighbours, a vector holds several of them. Sums the values of rows [begin, end).
template <class T>
struct ForwardRows {
  template <class A>
  GRADUS_RUNS_FORMULA static void run(const Rows<T>* a, int64_t begin, int64_t end, double* sum) {
    using V = typename A::template vec<T>;
    constexpr T least = -std::numeric_limits<T>::infinity();
    for (int64_t r = begin; r < end; ++r) {
      const T* x = a->x + r * a->c;
      V most(least);
      sweep<V>(a->c, [&](int64_t i, auto part) {
        const V v = part.keep(part.load(x + i), least);
        most = where(v > most, v, most);
      });
      T lanes[V::size], m = least;
      most.store(lanes);
      for (T v : lanes) m = v > m ? v : m;
      Cascade<V> total;
      sweep<V>(a->c, [&](int64_t i, auto part) { total.add(part.keep(exp(part.load(x + i) - m), 0)); });
      const T all = total.sum();
      a->most[r] = m;
      a->inverse[r] = 1 / all;
      const T v = row_value(*a, r, x, m, std::log(all));
      if (!a->reduce) a->y[r] = v;
      *sum += static_cast<double>(v);
    }
  }
};

// s > 1: a lane for each of `columns` neighbouring rows from row `first`, whose elements begin at x.
template <class T>
struct ForwardColumns {
  template <class A>
  GRADUS_RUNS_FORMULA static void run(const Rows<T>* a, const T* x, int64_t first, int64_t columns, double* sum) {
    using V = typename A::template vec<T>;
    sweep<V>(columns, [&](int64_t j, auto part) {
      V most(-std::numeric_limits<T>::infinity());
      for (int64_t k = 0; k < a->c; ++k) {
        const V v = part.load(x + k * a->s + j);
        most = where(v > most, v, most);
      }
      Cascade<V> total;
      for (int64_t k = 0; k < a->c; ++k) total.add(exp(part.load(x + k * a->s + j) - most));
      const V all = total.lanes();
      part.store(a->most + first + j, most);
      part.store(a->inverse + first + j, 1 / all);
      T m[V::size], log_sum[V::size];
      most.store(m);
      log(all).store(log_sum);
      for (int64_t k = 0; k < part.left; ++k) {
        const T v = row_value(*a, first + j + k, x + j + k, m[k], log_sum[k]);
        if (!a->reduce) a->y[first + j + k] = v;
        *sum += static_cast<double>(v);
      }
    });
  }
};

/// gx = e^(x - m) * factor - g * smoothing / c * w, then -g (1 - smoothing) w[t] at the class.
template <class T>
GRADUS_INLINE T factor(const Rows<T>& a, int64_t row, T g) {
  const int64_t t = a.target[row];
  if (t == a.ignore) return 0;
  return g * ((1 - a.smoothing) * a.weight_of(t) + a.smoothing / static_cast<T>(a.c) * a.weights) * a.inverse[row];
}

template <class T>
struct BackwardRows {
  template <class A>
  GRADUS_RUNS_FORMULA static void run(const Rows<T>* a, int64_t begin, int64_t end) {
    using V = typename A::template vec<T>;
    for (int64_t r = begin; r < end; ++r) {
      const T* x = a->x + r * a->c;
      T* gx = a->y + r * a->c;
      const int64_t t = a->target[r];
      if (t == a->ignore) {
        sweep<V>(a->c, [&](int64_t i, auto part) { part.store(gx + i, V()); });
        continue;
      }
      const T g = a->cotangent(r), smooth = g * a->smoothing / static_cast<T>(a->c);
      const V m(a->most[r]), f(factor(*a, r, g));
      sweep<V>(a->c, [&](int64_t i, auto part) {
        V v = exp(part.load(x + i) - m) * f;
        if (a->smoothing != 0) v -= a->weight ? V(smooth * part.load(a->weight + i)) : V(smooth);
        part.store(gx + i, v);
      });
      gx[t] -= g * (1 - a->smoothing) * a->weight_of(t);
    }
  }
};

template <class T>
struct BackwardColumns {
  template <class A>
  GRADUS_RUNS_FORMULA static void run(const Rows<T>* a, const T* x, T* gx, int64_t first, int64_t columns) {
    using V = typename A::template vec<T>;
    sweep<V>(columns, [&](int64_t j, auto part) {
      T factors[V::size] = {}, smooth[V::size] = {}, g[V::size] = {};
      for (int64_t k = 0; k < part.left; ++k) {
        const int64_t row = first + j + k;
        if (a->target[row] == a->ignore) continue;
        g[k] = a->cotangent(row);
        factors[k] = factor(*a, row, g[k]);
        smooth[k] = g[k] * a->smoothing / static_cast<T>(a->c);
      }
      const V m = part.load(a->most + first + j), f = V::load(factors), e = V::load(smooth);
      for (int64_t k = 0; k < a->c; ++k) {
        // An ignored row is 0 whatever it holds.
        const V p = where(f == 0, 0, exp(part.load(x + k * a->s + j) - m) * f);
        part.store(gx + k * a->s + j, p - e * a->weight_of(k));
      }
      for (int64_t k = 0; k < part.left; ++k) {
        const int64_t t = a->target[first + j + k];
        if (t != a->ignore) gx[t * a->s + j + k] -= g[k] * (1 - a->smoothing) * a->weight_of(t);
      }
    });
  }
};

template <class T>
Tensor cross_entropy_of(const ClassLoss& l, const Tensor& x, const Tensor& stats) {
  const Tensor y = empty(l.out, x.scalar_type());
  const Rows<T> a(l, x, y, stats, {});
  const double sum = each_row(
      l.n, l.c, l.s,
      [&](int64_t b, int64_t e) {
        double part = 0;
        simd::call<ForwardRows<T>>(&a, b, e, &part);
        return part;
      },
      [&](int64_t i, int64_t j, int64_t columns) {
        double part = 0;
        simd::call<ForwardColumns<T>>(&a, a.x + i * l.c * l.s + j, i * l.s + j, columns, &part);
        return part;
      });
  if (l.reduce) *a.y = static_cast<T>(sum * l.scale);
  return y;
}

template <class T>
Tensor cross_entropy_gradient(const ClassLoss& l, const Tensor& g, const Tensor& x, const Tensor& stats) {
  const Tensor gx = empty(x.sizes(), x.scalar_type());
  const Rows<T> a(l, x, gx, stats, g);
  each_row(
      l.n, l.c, l.s,
      [&](int64_t b, int64_t e) {
        simd::call<BackwardRows<T>>(&a, b, e);
        return 0.0;
      },
      [&](int64_t i, int64_t j, int64_t columns) {
        const int64_t at = i * l.c * l.s + j;
        simd::call<BackwardColumns<T>>(&a, a.x + at, a.y + at, i * l.s + j, columns);
        return 0.0;
      });
  return gx;
}

template <class T>
Tensor nll_of(const ClassLoss& l, const Tensor& x) {
  const Tensor y = empty(l.out, x.scalar_type());
  const Rows<T> a(l, x, y, {}, {});
  const double sum = sum_in_order(l.n * l.s, serial, [&](int64_t begin, int64_t end) {
    double part = 0;
    for (int64_t i = begin; i < end; ++i) {
      const int64_t t = a.target[i];
      const T v = t == a.ignore ? T(0) : -a.weight_of(t) * a.x[(i / a.s * a.c + t) * a.s + i % a.s];
      if (!a.reduce) a.y[i] = v;
      part += static_cast<double>(v);
    }
    return part;
  });
  if (l.reduce) *a.y = static_cast<T>(sum * l.scale);
  return y;
}

template <class T>
Tensor nll_gradient(const ClassLoss& l, const Tensor& g, IntArrayRef sizes) {
  const Tensor gx = zeros(sizes, dtype_of<T>);
  const Rows<T> a(l, {}, gx, {}, g);
  parallel_for(l.n * l.s, serial, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const int64_t t = a.target[i];
      if (t != a.ignore) a.y[(i / a.s * a.c + t) * a.s + i % a.s] = -a.weight_of(t) * a.cotangent(i);
    }
  });
  return gx;
}

template <class T>
double weight_sum(const char* op, const ClassLoss& l) {
  const T* weight = l.weight.defined() ? l.weight.data_ptr<T>() : nullptr;
  const int64_t* target = l.target.data_ptr<int64_t>();
  return sum_in_order(l.n * l.s, serial, [&](int64_t begin, int64_t end) {
    double part = 0;
    for (int64_t i = begin; i < end; ++i) {
      const int64_t t = target[i];
      if (t == l.ignore_index) continue;
      check_index(t >= 0 && t < l.c, op, ": Target ", t, " is out of bounds.");
      part += weight ? static_cast<double>(weight[t]) : 1.0;
    }
    return part;
  });
}

// The loss with its weights as float32, where they are 16-bit floats.
ClassLoss wide(ClassLoss l) {
  l.weight = widened(l.weight);
  return l;
}

}  // namespace

double total_weight(const char* op, const ClassLoss& l) {
  if (l.weight.defined() && l.weight.scalar_type() == kDouble) return weight_sum<double>(op, l);
  return weight_sum<float>(op, wide(l));
}

Tensor nll(const ClassLoss& l, const Tensor& x) {
  if (x.scalar_type() == kDouble) return nll_of<double>(l, x);
  return narrowed(nll_of<float>(wide(l), widened(x)), x.scalar_type());
}

Tensor nll_backward(const ClassLoss& l, const Tensor& g, IntArrayRef sizes, ScalarType type) {
  if (type == kDouble) return nll_gradient<double>(l, contiguous(g), sizes);
  return narrowed(nll_gradient<float>(wide(l), contiguous(widened(g)), sizes), type);
}

Tensor cross_entropy(const ClassLoss& l, const Tensor& x, Tensor& stats) {
  stats = empty({2, l.n * l.s}, compute_type(x.scalar_type()));
  if (x.scalar_type() == kDouble) return cross_entropy_of<double>(l, x, stats);
  return narrowed(cross_entropy_of<float>(wide(l), widened(x), stats), x.scalar_type());
}

Tensor cross_entropy_backward(const ClassLoss& l, const Tensor& g, const Tensor& x, const Tensor& stats) {
  if (x.scalar_type() == kDouble) return cross_entropy_gradient<double>(l, contiguous(g), x, stats);
  return narrowed(cross_entropy_gradient<float>(wide(l), contiguous(widened(g)), widened(x), stats), x.scalar_type());
}

}  // namespace gradus::kernels
