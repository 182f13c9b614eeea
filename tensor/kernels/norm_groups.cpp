// Normalization of groups of channels: a group of a sample is one run of memory, its weights lie a channel each.
#include <cmath>

#include "gradus/tensor/kernels/moments.h"
#include "gradus/tensor/kernels/norm.h"
#include "gradus/tensor/kernels/scratch.h"
#include "gradus/tensor/kernels/sweep.h"
#include "gradus/tensor/parallel.h"

namespace gradus::kernels {
namespace {

constexpr int64_t serial = 32768;  // elements up to which one thread is faster
constexpr int64_t chunk = 16384;   // elements that a thread takes at a time

template <class T>
T* data_of(const Tensor& t) {
  return t.defined() ? t.data_ptr<T>() : nullptr;
}

template <class T>
struct Args {
  const T *x, *g, *weight, *bias;  // g, weight and bias may be null
  T* y;                            // the result, or gx, or null
  T *mean, *scale;                 // of each group of each sample
  T *g_sum, *gd_sum;               // of each channel of each sample: sum g, sum g (x - mean); null if not wanted
  int64_t groups, d, s;            // d channels a group, s elements a channel
  double eps;
};

template <class T>
struct Forward {
  template <class A>
  GRADUS_INLINE static void run(const Args<T>* a, int64_t begin, int64_t end) {
    using V = typename A::template vec<T>;
    for (int64_t r = begin; r < end; ++r) {
      const T* x = a->x + r * a->d * a->s;
      T* y = a->y + r * a->d * a->s;
      const Moments<T> m = moments<V, true>(x, y, a->d * a->s);
      const T factor = static_cast<T>(1 / std::sqrt(static_cast<double>(m.square) + a->eps));
      a->mean[r] = m.mean();
      a->scale[r] = factor;
      const V mean = V::all(m.mean()), scale = V::all(factor);
      const int64_t channel = r % a->groups * a->d;
      const T *w = a->weight ? a->weight + channel : nullptr, *b = a->bias ? a->bias + channel : nullptr;
      if (a->s == 1) {
        sweep<V>(a->d, [&](int64_t i, auto part) {
          V v = (part.load(x + i) - mean) * scale;
          if (w) v *= part.load(w + i);
          if (b) v += part.load(b + i);
          part.store(y + i, v);
        });
        continue;
      }
      for (int64_t c = 0; c < a->d; ++c, x += a->s, y += a->s) {
        const V k = V::all(w ? w[c] * factor : factor), shift = V::all(b ? b[c] : T(0));
        sweep<V>(a->s, [&](int64_t i, auto part) { part.store(y + i, fma(part.load(x + i) - mean, k, shift)); });
      }
    }
  }
};

// The channels of a group: their sums of g and g (x - mean), and the group's of both times the weight.
template <class T>
struct GroupSums {
  T h = 0, hd = 0;
};

template <class V, class T>
GRADUS_INLINE GroupSums<T> sums_of_columns(const Args<T>* a, int64_t r, const T* x, const T* g, const T* w) {
  const V mean = V::all(a->mean[r]);
  T *g_sum = a->g_sum ? a->g_sum + r * a->d : nullptr, *gd_sum = a->gd_sum ? a->gd_sum + r * a->d : nullptr;
  Cascade<V> h, hd;
  sweep<V>(a->d, [&](int64_t i, auto part) {
    const V go = part.load(g + i), gd = go * (part.load(x + i) - mean), k = w ? part.load(w + i) : V(1);
    if (g_sum) part.store(g_sum + i, go);
    if (gd_sum) part.store(gd_sum + i, gd);
    h.add(part.keep(go * k, 0));
    hd.add(part.keep(gd * k, 0));
  });
  return {h.sum(), hd.sum()};
}

template <class V, class T>
GRADUS_INLINE GroupSums<T> sums_of_planes(const Args<T>* a, int64_t r, const T* x, const T* g, const T* w) {
  const V mean = V::all(a->mean[r]);
  GroupSums<T> all;
  for (int64_t c = 0; c < a->d; ++c, x += a->s, g += a->s) {
    Chains<V> h, hd;
    sweep_chains<V>(
        a->s,
        [&](int64_t i, auto part) {
          simd::ask_ahead(x + i);
          simd::ask_ahead(g + i);
          const V go = part.load(g + i);
          h.add(go, part);
          hd.add(part.keep(go * (part.load(x + i) - mean), 0), part);
        },
        [&] {
          h.flush();
          hd.flush();
        });
    const T one = h.sum(), two = hd.sum(), k = w ? w[c] : T(1);
    if (a->g_sum) a->g_sum[r * a->d + c] = one;
    if (a->gd_sum) a->gd_sum[r * a->d + c] = two;
    all.h += one * k;
    all.hd += two * k;
  }
  return all;
}

template <class T>
struct Backward {
  template <class A>
  GRADUS_INLINE static void run(const Args<T>* a, int64_t begin, int64_t end) {
    using V = typename A::template vec<T>;
    const T share = T(1) / static_cast<T>(a->d * a->s);
    for (int64_t r = begin; r < end; ++r) {
      const int64_t from = r * a->d * a->s;
      const T *x = a->x + from, *g = a->g + from, *w = a->weight ? a->weight + r % a->groups * a->d : nullptr;
      const GroupSums<T> sums = a->s == 1 ? sums_of_columns<V>(a, r, x, g, w) : sums_of_planes<V>(a, r, x, g, w);
      if (!a->y) continue;
      // gx = scale (h - mean h - d mean(h d)), d = (x - mean) scale.
      const T factor = a->scale[r];
      const V mean = V::all(a->mean[r]), scale = V::all(factor), h_mean = V::all(sums.h * share * factor);
      const V slope = V::all(sums.hd * share * factor * factor * factor);
      T* gx = a->y + from;
      if (a->s == 1) {
        sweep<V>(a->d, [&](int64_t i, auto part) {
          const V h = w ? V(part.load(g + i) * part.load(w + i)) : part.load(g + i);
          part.store(gx + i, h * scale - h_mean - (part.load(x + i) - mean) * slope);
        });
        continue;
      }
      for (int64_t c = 0; c < a->d; ++c, x += a->s, g += a->s, gx += a->s) {
        const V k = V::all(w ? w[c] * factor : factor);
        sweep<V>(a->s, [&](int64_t i, auto part) {
          part.store(gx + i, part.load(g + i) * k - h_mean - (part.load(x + i) - mean) * slope);
        });
      }
    }
  }
};

template <class T>
Args<T> args_of(const Tensor& x, const Tensor& g, const Tensor& y, const GroupNorm& norm) {
  Args<T> a{};
  a.x = x.data_ptr<T>();
  a.g = data_of<T>(g);
  a.weight = data_of<T>(norm.weight);
  a.bias = data_of<T>(norm.bias);
  a.y = data_of<T>(y);
  a.mean = norm.mean.data_ptr<T>();
  a.scale = norm.scale.data_ptr<T>();
  a.groups = norm.groups;
  a.d = x.size(1) / norm.groups;
  a.s = x.numel() / (x.size(0) * x.size(1));
  a.eps = norm.eps;
  return a;
}

int64_t grain_of(int64_t rows, int64_t k) { return rows * k <= serial ? rows : std::max<int64_t>(1, chunk / k); }

template <class T>
void forward(const Tensor& x, const Tensor& y, const GroupNorm& norm) {
  const Args<T> a = args_of<T>(x, {}, y, norm);
  const int64_t rows = x.size(0) * norm.groups;
  parallel_for(rows, grain_of(rows, a.d * a.s), [&](int64_t b, int64_t e) { simd::call<Forward<T>>(&a, b, e); });
}

template <class T>
void backward(const Tensor& g, const Tensor& x, const GroupNorm& norm, NormGradients& out) {
  Args<T> a = args_of<T>(x, g, out.x, norm);
  const int64_t n = x.size(0), c = x.size(1), rows = n * norm.groups;
  T *gw = data_of<T>(out.weight), *gb = data_of<T>(out.bias);
  const Scratch<T> g_sum(gb ? n * c : 0), gd_sum(gw ? n * c : 0);
  a.g_sum = g_sum.get();
  a.gd_sum = gd_sum.get();
  parallel_for(rows, grain_of(rows, a.d * a.s), [&](int64_t b, int64_t e) { simd::call<Backward<T>>(&a, b, e); });
  if (!gw && !gb) return;
  parallel_for(c, std::max<int64_t>(1, serial / n), [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      double weight = 0, bias = 0;
      for (int64_t k = 0; k < n; ++k) {
        if (gb) bias += static_cast<double>(a.g_sum[k * c + i]);
        if (gw)
          weight += static_cast<double>(a.gd_sum[k * c + i]) * static_cast<double>(a.scale[k * a.groups + i / a.d]);
      }
      if (gb) gb[i] = static_cast<T>(bias);
      if (gw) gw[i] = static_cast<T>(weight);
    }
  });
}

}  // namespace

Tensor group_norm(const Tensor& x, GroupNorm& norm) {
  const Tensor y = empty(x.sizes(), x.scalar_type());
  norm.mean = empty({x.size(0) * norm.groups}, x.scalar_type());
  norm.scale = empty({x.size(0) * norm.groups}, x.scalar_type());
  if (x.numel() == 0) return y;
  x.scalar_type() == kFloat ? forward<float>(x, y, norm) : forward<double>(x, y, norm);
  return y;
}

void group_norm_backward(const Tensor& g, const Tensor& x, const GroupNorm& norm, NormGradients& out) {
  const TensorOptions o = x.options();
  if (out.want_x) out.x = empty(x.sizes(), o);
  if (out.want_weight) out.weight = zeros({x.size(1)}, o);
  if (out.want_bias) out.bias = zeros({x.size(1)}, o);
  if (x.numel() == 0) return;
  const Tensor from = contiguous(g);
  x.scalar_type() == kFloat ? backward<float>(from, x, norm, out) : backward<double>(from, x, norm, out);
}

}  // namespace gradus::kernels
