// Cross entropy against probabilities.
#include <cmath>
#include <limits>

#include "gradus/tensor/kernels/loss.h"
#include "gradus/tensor/kernels/loss_rows.h"
#include "gradus/tensor/kernels/simd_math.h"
#include "gradus/tensor/kernels/sweep.h"

namespace gradus::kernels {
namespace {

template <class T>
T* data_of(const Tensor& t) {
  return t.defined() ? t.data_ptr<T>() : nullptr;
}

template <class T>
struct Soft {
  const T *x, *target, *weight;  // weight: null stands for ones
  T* y;                          // the value of each row
  T *gx, *gt;                    // null if not wanted
  T *most, *inverse;             // of each row, 1 / sum e^(x - most)
  const T* g;
  int64_t c, s;
  T keep, share, scale;  // q = w (keep t + share)
  bool reduce;

  Soft(const SoftLoss& l, const Tensor& x, const Tensor& target, const Tensor& stats)
      : x(x.data_ptr<T>()),
        target(target.data_ptr<T>()),
        weight(data_of<T>(l.weight)),
        y(nullptr),
        gx(nullptr),
        gt(nullptr),
        most(stats.data_ptr<T>()),
        inverse(stats.data_ptr<T>() + l.n * l.s),
        g(nullptr),
        c(l.c),
        s(l.s),
        keep(static_cast<T>(1 - l.smoothing)),
        share(static_cast<T>(l.smoothing / static_cast<double>(l.c))),
        scale(static_cast<T>(l.scale)),
        reduce(l.reduce) {}
  GRADUS_INLINE T cotangent(int64_t row) const { return reduce ? *g * scale : g[row]; }
};

// s = 1: a vector holds several classes of a row; the weights lie beside them.
template <class V, class T, class Part>
GRADUS_INLINE V share_of_row(const Soft<T>* a, const T* target, int64_t i, const Part& part) {
  const V q = part.load(target + i) * a->keep + a->share;
  return part.keep(a->weight ? V(q * part.load(a->weight + i)) : q, 0);
}

template <class T>
struct ForwardRows {
  template <class A>
  GRADUS_RUNS_FORMULA static void run(const Soft<T>* a, int64_t begin, int64_t end, double* sum) {
    using V = typename A::template vec<T>;
    constexpr T least = -std::numeric_limits<T>::infinity();
    for (int64_t r = begin; r < end; ++r) {
      const T *x = a->x + r * a->c, *t = a->target + r * a->c;
      V most(least);
      sweep<V>(a->c, [&](int64_t i, auto part) {
        const V v = part.keep(part.load(x + i), least);
        most = where(v > most, v, most);
      });
      T lanes[V::size], m = least;
      most.store(lanes);
      for (T v : lanes) m = v > m ? v : m;
      Cascade<V> total, q_sum, dot;
      sweep<V>(a->c, [&](int64_t i, auto part) {
        const V d = part.load(x + i) - m, q = share_of_row<V>(a, t, i, part);
        total.add(part.keep(exp(d), 0));
        q_sum.add(q);
        dot.add(part.keep(q * d, 0));
      });
      const T all = total.sum(), v = q_sum.sum() * std::log(all) - dot.sum();
      a->most[r] = m;
      a->inverse[r] = 1 / all;
      if (!a->reduce) a->y[r] = v;
      *sum += static_cast<double>(v);
    }
  }
};

template <class T>
struct BackwardRows {
  template <class A>
  GRADUS_RUNS_FORMULA static void run(const Soft<T>* a, int64_t begin, int64_t end) {
    using V = typename A::template vec<T>;
    for (int64_t r = begin; r < end; ++r) {
      const T *x = a->x + r * a->c, *t = a->target + r * a->c, g = a->cotangent(r);
      const V m(a->most[r]);
      if (a->gx) {
        Cascade<V> q_sum;
        sweep<V>(a->c, [&](int64_t i, auto part) { q_sum.add(share_of_row<V>(a, t, i, part)); });
        const V f(q_sum.sum() * a->inverse[r]);
        sweep<V>(a->c, [&](int64_t i, auto part) {
          part.store(a->gx + r * a->c + i, g * (exp(part.load(x + i) - m) * f - share_of_row<V>(a, t, i, part)));
        });
      }
      if (!a->gt) continue;
      const T log_sum = -std::log(a->inverse[r]), k = g * a->keep;
      sweep<V>(a->c, [&](int64_t i, auto part) {
        V v = (log_sum - (part.load(x + i) - m)) * k;
        if (a->weight) v *= part.load(a->weight + i);
        part.store(a->gt + r * a->c + i, v);
      });
    }
  }
};

// s > 1: a lane for each of `columns` neighbouring rows from row `first`, whose elements begin at `at`.
template <class V, class T, class Part>
GRADUS_INLINE V share_of_column(const Soft<T>* a, int64_t at, int64_t k, const Part& part) {
  const V q = part.load(a->target + at + k * a->s) * a->keep + a->share;
  return a->weight ? V(q * a->weight[k]) : q;
}

template <class T>
struct ForwardColumns {
  template <class A>
  GRADUS_RUNS_FORMULA static void run(const Soft<T>* a, int64_t from, int64_t first, int64_t columns, double* sum) {
    using V = typename A::template vec<T>;
    sweep<V>(columns, [&](int64_t j, auto part) {
      const int64_t at = from + j;
      V most(-std::numeric_limits<T>::infinity());
      for (int64_t k = 0; k < a->c; ++k) {
        const V v = part.load(a->x + at + k * a->s);
        most = where(v > most, v, most);
      }
      Cascade<V> total, q_sum, dot;
      for (int64_t k = 0; k < a->c; ++k) {
        const V d = part.load(a->x + at + k * a->s) - most, q = share_of_column<V>(a, at, k, part);
        total.add(exp(d));
        q_sum.add(q);
        dot.add(q * d);
      }
      const V all = total.lanes(), v = q_sum.lanes() * log(all) - dot.lanes();
      part.store(a->most + first + j, most);
      part.store(a->inverse + first + j, 1 / all);
      if (!a->reduce) part.store(a->y + first + j, v);
      T lanes[V::size];
      v.store(lanes);
      for (int64_t k = 0; k < part.left; ++k) *sum += static_cast<double>(lanes[k]);
    });
  }
};

template <class T>
struct BackwardColumns {
  template <class A>
  GRADUS_RUNS_FORMULA static void run(const Soft<T>* a, int64_t from, int64_t first, int64_t columns) {
    using V = typename A::template vec<T>;
    sweep<V>(columns, [&](int64_t j, auto part) {
      const int64_t at = from + j;
      const V g = a->reduce ? V(*a->g * a->scale) : part.load(a->g + first + j);
      const V m = part.load(a->most + first + j), inverse = part.load(a->inverse + first + j);
      if (a->gx) {
        Cascade<V> q_sum;
        for (int64_t k = 0; k < a->c; ++k) q_sum.add(share_of_column<V>(a, at, k, part));
        const V f = q_sum.lanes() * inverse;
        for (int64_t k = 0; k < a->c; ++k)
          part.store(a->gx + at + k * a->s,
                     g * (exp(part.load(a->x + at + k * a->s) - m) * f - share_of_column<V>(a, at, k, part)));
      }
      if (!a->gt) return;
      const V log_sum = -log(inverse);
      for (int64_t k = 0; k < a->c; ++k) {
        const V v = (log_sum - (part.load(a->x + at + k * a->s) - m)) * g * a->keep;
        part.store(a->gt + at + k * a->s, a->weight ? V(v * a->weight[k]) : v);
      }
    });
  }
};

template <class T>
void forward(const SoftLoss& l, Soft<T> a, const Tensor& y) {
  a.y = y.data_ptr<T>();
  const double sum = each_row(
      l.n, l.c, l.s,
      [&](int64_t b, int64_t e) {
        double part = 0;
        simd::call<ForwardRows<T>>(&a, b, e, &part);
        return part;
      },
      [&](int64_t i, int64_t j, int64_t columns) {
        double part = 0;
        simd::call<ForwardColumns<T>>(&a, i * l.c * l.s + j, i * l.s + j, columns, &part);
        return part;
      });
  if (l.reduce) *a.y = static_cast<T>(sum * l.scale);
}

template <class T>
void backward(const SoftLoss& l, Soft<T> a, const Tensor& g, const Tensor& gx, const Tensor& gt) {
  a.g = g.data_ptr<T>();
  a.gx = data_of<T>(gx);
  a.gt = data_of<T>(gt);
  each_row(
      l.n, l.c, l.s,
      [&](int64_t b, int64_t e) {
        simd::call<BackwardRows<T>>(&a, b, e);
        return 0.0;
      },
      [&](int64_t i, int64_t j, int64_t columns) {
        simd::call<BackwardColumns<T>>(&a, i * l.c * l.s + j, i * l.s + j, columns);
        return 0.0;
      });
}

}  // namespace

Tensor soft_cross_entropy(const SoftLoss& l, const Tensor& x, const Tensor& target, Tensor& stats) {
  stats = empty({2, l.n * l.s}, x.scalar_type());
  const Tensor y = empty(l.out, x.scalar_type());
  if (x.scalar_type() == kFloat)
    forward(l, Soft<float>(l, x, target, stats), y);
  else
    forward(l, Soft<double>(l, x, target, stats), y);
  return y;
}

void soft_cross_entropy_backward(const SoftLoss& l, const Tensor& g, const Tensor& x, const Tensor& target,
                                 const Tensor& stats, const Tensor& gx, const Tensor& gt) {
  const Tensor from = contiguous(g);
  if (x.scalar_type() == kFloat)
    backward(l, Soft<float>(l, x, target, stats), from, gx, gt);
  else
    backward(l, Soft<double>(l, x, target, stats), from, gx, gt);
}

}  // namespace gradus::kernels
