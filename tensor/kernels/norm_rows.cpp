#include <algorithm>
#include <cmath>

#include "gradus/tensor/kernels/moments.h"
#include "gradus/tensor/kernels/norm.h"
#include "gradus/tensor/kernels/scratch.h"
#include "gradus/tensor/kernels/stream.h"
#include "gradus/tensor/kernels/sweep.h"
#include "gradus/tensor/kernels/typed.h"
#include "gradus/tensor/parallel.h"

namespace gradus::kernels {
namespace {

constexpr int64_t serial = 32768;  // elements up to which one thread is faster
constexpr int64_t chunk = 16384;   // elements that a thread takes at a time
constexpr int64_t max_parts = 64;  // blocks of rows whose weight gradients are summed apart

template <class T>
struct Args {
  const T *x, *g, *weight, *bias;  // weight, bias and g may be null
  T* y;                            // the result, or gx, or null
  T *mean, *scale;                 // of each row
  int64_t k;
  double eps;
};

template <class T>
T* data_of(const Tensor& t) {
  return t.defined() ? t.data_ptr<T>() : nullptr;
}

template <class T>
Args<T> args_of(const Tensor& x, const Tensor& g, const Tensor& y, const RowNorm& norm) {
  return {x.data_ptr<T>(),          data_of<T>(g), data_of<T>(norm.weight),
          data_of<T>(norm.bias),    data_of<T>(y), data_of<T>(norm.mean),
          norm.scale.data_ptr<T>(), norm.k,        norm.eps};
}

template <class T, bool Centered>
struct ForwardRows {
  template <class A>
  GRADUS_INLINE static void run(const Args<T>* a, int64_t begin, int64_t end) {
    using V = typename A::template vec<T>;
    const int64_t k = a->k;
    const T *weight = a->weight, *bias = a->bias;
    for (int64_t r = begin; r < end; ++r) {
      const T* x = a->x + r * k;
      T* y = a->y + r * k;
      const Moments<T> m = moments<V, Centered>(x, y, k);
      const T scale = static_cast<T>(1 / std::sqrt(static_cast<double>(m.square) + a->eps));
      if (Centered) a->mean[r] = m.mean();
      a->scale[r] = scale;
      const V middle = V::all(m.mean()), by = V::all(scale);
      sweep<V>(k, [&](int64_t i, auto part) {
        V v = (part.load(x + i) - middle) * by;
        if (weight) v *= part.load(weight + i);
        if (bias) v += part.load(bias + i);
        part.store(y + i, v);
      });
    }
  }
};

/// The same past the caches, two rows at a time: of one the moments, of the second before it the result. No row waits
/// for what the row before it is reduced to. `work` is for the parameters, where RowParameters wants them.
template <class T, bool Centered>
struct StreamedRows {
  template <class A>
  GRADUS_RUNS_FORMULA static void run(const Args<T>* a, int64_t begin, int64_t end, T* work) {
    using V = typename A::template vec<T>;
    if constexpr (simd::Turned<T, V::size>::value)
      if (a->k % V::size != 0) return rows<V, true>(a, begin, end, work);
    rows<V, false>(a, begin, end, work);
  }

 private:
  template <class V, bool Turns>
  GRADUS_RUNS_FORMULA static void rows(const Args<T>* a, int64_t begin, int64_t end, T* work) {
    const int64_t k = a->k;
    const T inverse_k = T(1) / static_cast<T>(k);
    RowParameters<V, Turns> weight(a->weight, k, work), bias(a->bias, k, work + padded(k));
    T means[2] = {}, scales[2] = {};  // of the rows before r, back
    RowStream<V> out;
    for (int64_t r = begin; r < end + 2; ++r) {
      const T *next = a->x + std::min(r, end - 1) * k, *ready = a->x + std::max(r - 2, begin) * k;
      Moments<T> m{Centered ? first_guess<V>(next, k) : T(0), 0, 0};
      const V middle = V::all(m.guess), mean = V::all(means[1]), scale = V::all(scales[1]);
      Cascade<V> off, squares;
      const auto stages = [&](int64_t i, auto part) {
        simd::ask_ahead(next + i);
        const V d = part.keep(part.load(next + i) - middle, 0);
        if (Centered) off.add(d);
        squares.add(d * d);
      };
      T* to = a->y + std::max<int64_t>(r - 2, 0) * k;
      weight.begin(RowStream<V>::head(to));
      bias.begin(RowStream<V>::head(to));
      const auto result = [&](int64_t i, auto part) {
        V v = (part.load(ready + i) - mean) * scale;
        if (weight) v *= weight.next(i, part);
        if (bias) v += bias.next(i, part);
        return v;
      };
      if (r < begin + 2)
        sweep<V>(k, stages);
      else
        out.row(k, to, stages, result);
      means[1] = means[0];
      scales[1] = scales[0];
      if (r >= end) continue;
      if (Centered) m.missing = off.sum() * inverse_k;
      m.square = squares.sum() * inverse_k - m.missing * m.missing;
      if (Centered && m.poor()) m = moments_around<V, Centered>(m.mean(), next, a->y + r * k, k);
      means[0] = m.mean();
      scales[0] = static_cast<T>(1 / std::sqrt(static_cast<double>(m.square) + a->eps));
      if (Centered) a->mean[r] = means[0];
      a->scale[r] = scales[0];
    }
    out.finish();
  }
};

// Rows [begin, end); gw and gb, if not null, receive what these rows add to them.
template <class T, bool Centered>
struct BackwardRows {
  template <class A>
  GRADUS_INLINE static void run(const Args<T>* a, int64_t begin, int64_t end, T* gw, T* gb) {
    using V = typename A::template vec<T>;
    const int64_t k = a->k;
    const T inverse_k = T(1) / static_cast<T>(k), *weight = a->weight;
    for (int64_t r = begin; r < end; ++r) {
      const T *x = a->x + r * k, *g = a->g + r * k;
      const V mean = V::all(Centered ? a->mean[r] : T(0)), scale = V::all(a->scale[r]);
      Chains<V> h_sum, hd_sum;
      sweep_chains<V>(
          k,
          [&](int64_t i, auto part) {
            simd::ask_ahead(x + i);
            simd::ask_ahead(g + i);
            const V go = part.load(g + i), d = (part.load(x + i) - mean) * scale, gd = go * d;
            if (gw) part.store(gw + i, part.load(gw + i) + gd);
            if (gb) part.store(gb + i, part.load(gb + i) + go);
            const V w = weight ? part.load(weight + i) : V(1);
            if (Centered) h_sum.add(go * w, part);
            hd_sum.add(gd * w, part);
          },
          [&] {
            h_sum.flush();
            hd_sum.flush();
          });
      if (!a->y) continue;
      T* gx = a->y + r * k;
      const V h_mean = V::all(h_sum.sum() * inverse_k), hd_mean = V::all(hd_sum.sum() * inverse_k);
      sweep<V>(k, [&](int64_t i, auto part) {
        simd::ask_ahead(gx + i);
        const V d = (part.load(x + i) - mean) * scale;
        V h = part.load(g + i);
        if (weight) h *= part.load(weight + i);
        part.store(gx + i, scale * (h - h_mean - d * hd_mean));
      });
    }
  }
};

int64_t grain_of(int64_t rows, int64_t k) { return rows * k <= serial ? rows : std::max<int64_t>(1, chunk / k); }

template <class T>
void forward(const Tensor& x, const Tensor& y, RowNorm& norm) {
  const Args<T> a = args_of<T>(x, {}, y, norm);
  const int64_t rows = x.numel() / norm.k;
  // Three longer rows and the parameters leave the first-level cache.
  if (streams_rows<T>(rows, norm.k) && norm.k * static_cast<int64_t>(sizeof(T)) <= 8192)
    return parallel_for(rows, streamed_chunk / norm.k, [&](int64_t b, int64_t e) {
      const Scratch<T> work(2 * padded(norm.k));
      norm.centered ? simd::call<StreamedRows<T, true>>(&a, b, e, work.get())
                    : simd::call<StreamedRows<T, false>>(&a, b, e, work.get());
      fence_streams();
    });
  parallel_for(rows, grain_of(rows, norm.k), [&](int64_t b, int64_t e) {
    norm.centered ? simd::call<ForwardRows<T, true>>(&a, b, e) : simd::call<ForwardRows<T, false>>(&a, b, e);
  });
}

// parts [parts][k] added to `out` in their order.
template <class T>
void add_parts(const Scratch<T>& from, int64_t parts, int64_t k, T* out) {
  for (int64_t i = 0; i < k; ++i) {
    double sum = 0;
    for (int64_t p = 0; p < parts; ++p) sum += static_cast<double>(from.get()[p * k + i]);
    out[i] = static_cast<T>(sum);
  }
}

template <class T>
void backward(const Tensor& g, const Tensor& x, const RowNorm& norm, NormGradients& out) {
  const Args<T> a = args_of<T>(x, g, out.x, norm);
  const int64_t rows = x.numel() / norm.k, k = norm.k;
  const int64_t grain = std::max(grain_of(rows, k), (rows + max_parts - 1) / max_parts);
  const int64_t parts = (rows + grain - 1) / grain;
  T *gw = data_of<T>(out.weight), *gb = data_of<T>(out.bias);
  const Scratch<T> gw_parts(gw ? parts * k : 0), gb_parts(gb ? parts * k : 0);
  if (gw) std::fill_n(gw_parts.get(), parts * k, T(0));
  if (gb) std::fill_n(gb_parts.get(), parts * k, T(0));
  parallel_for(rows, grain, [&](int64_t b, int64_t e) {
    const int64_t at = b / grain * k;
    T *w = gw ? gw_parts.get() + at : nullptr, *c = gb ? gb_parts.get() + at : nullptr;
    norm.centered ? simd::call<BackwardRows<T, true>>(&a, b, e, w, c)
                  : simd::call<BackwardRows<T, false>>(&a, b, e, w, c);
  });
  if (gw) add_parts(gw_parts, parts, k, gw);
  if (gb) add_parts(gb_parts, parts, k, gb);
}

// The same in float32, for 16-bit floats.
RowNorm wide(const RowNorm& norm) {
  RowNorm r = norm;
  r.weight = widened(norm.weight);
  r.bias = widened(norm.bias);
  return r;
}

}  // namespace

void narrow(NormGradients& out, ScalarType type) {
  for (Tensor* t : {&out.x, &out.weight, &out.bias}) *t = narrowed(*t, type);
}

Tensor row_norm(const Tensor& x, RowNorm& norm) {
  if (is_float16(x.scalar_type())) {
    RowNorm n = wide(norm);
    const Tensor y = row_norm(widened(x), n);
    norm.mean = n.mean;
    norm.scale = n.scale;
    return narrowed(y, x.scalar_type());
  }
  const TensorOptions o = x.options();
  const Tensor y = empty(x.sizes(), o);
  const int64_t rows = norm.k ? x.numel() / norm.k : 0;
  norm.scale = empty({rows}, o);
  if (norm.centered) norm.mean = empty({rows}, o);
  if (x.numel() == 0) return y;
  x.scalar_type() == kFloat ? forward<float>(x, y, norm) : forward<double>(x, y, norm);
  return y;
}

void row_norm_backward(const Tensor& g, const Tensor& x, const RowNorm& norm, NormGradients& out) {
  if (is_float16(x.scalar_type())) {
    row_norm_backward(widened(g), widened(x), wide(norm), out);
    return narrow(out, x.scalar_type());
  }
  const TensorOptions o = x.options();
  if (out.want_x) out.x = empty(x.sizes(), o);
  if (out.want_weight) out.weight = zeros({norm.k}, o);
  if (out.want_bias) out.bias = zeros({norm.k}, o);
  if (x.numel() == 0) return;
  const Tensor from = contiguous(g);
  x.scalar_type() == kFloat ? backward<float>(from, x, norm, out) : backward<double>(from, x, norm, out);
}

}  // namespace gradus::kernels
