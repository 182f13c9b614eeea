#include "gradus/tensor/kernels/embedding_bag.h"

#include <algorithm>

#include "gradus/tensor/factories.h"
#include "gradus/tensor/kernels/sweep.h"
#include "gradus/tensor/parallel.h"

namespace gradus::kernels {
namespace {

constexpr int64_t chunk = 16384;       // elements that a thread takes at a time
constexpr int64_t column_block = 256;  // columns of a gradient that a thread takes at a time

template <class T>
struct Table {
  const int64_t *indices, *offsets;
  int64_t padding, d;
  const T *weight, *factors;  // factors: null for ones
  T* y;
  const T* g;

  Table(const Bags& bags, int64_t d, const Tensor& factors)
      : indices(bags.indices.data_ptr<int64_t>()),
        offsets(bags.offsets.data_ptr<int64_t>()),
        padding(bags.padding),
        d(d),
        weight(nullptr),
        factors(factors.defined() ? factors.data_ptr<T>() : nullptr),
        y(nullptr),
        g(nullptr) {}
};

template <class T>
struct Sum {
  template <class A>
  GRADUS_INLINE static void run(const Table<T>* t, int64_t begin, int64_t end) {
    using V = typename A::template vec<T>;
    for (int64_t b = begin; b < end; ++b) {
      T* y = t->y + b * t->d;
      sweep<V>(t->d, [&](int64_t j, auto part) { part.store(y + j, V()); });
      for (int64_t i = t->offsets[b]; i < t->offsets[b + 1]; ++i) {
        if (t->indices[i] == t->padding) continue;
        const T* w = t->weight + t->indices[i] * t->d;
        const V f(t->factors ? t->factors[i] : T(1));
        sweep<V>(t->d, [&](int64_t j, auto part) { part.store(y + j, fma(f, part.load(w + j), part.load(y + j))); });
      }
    }
  }
};

// Columns [first, first + count) of the gradient; indices in their order, so that threads change no bit.
template <class T>
struct SumBackward {
  template <class A>
  GRADUS_INLINE static void run(const Table<T>* t, int64_t bags, int64_t first, int64_t count) {
    using V = typename A::template vec<T>;
    for (int64_t b = 0; b < bags; ++b) {
      const T* g = t->g + b * t->d + first;
      for (int64_t i = t->offsets[b]; i < t->offsets[b + 1]; ++i) {
        if (t->indices[i] == t->padding) continue;
        T* gw = t->y + t->indices[i] * t->d + first;
        const V f(t->factors ? t->factors[i] : T(1));
        sweep<V>(count, [&](int64_t j, auto part) { part.store(gw + j, fma(f, part.load(g + j), part.load(gw + j))); });
      }
    }
  }
};

int64_t bags_a_thread(const Bags& bags, int64_t d) {
  const int64_t count = std::max<int64_t>(1, bags.offsets.numel() - 1);
  const int64_t elements = std::max<int64_t>(1, bags.indices.numel() * d / count);
  return std::max<int64_t>(1, chunk / elements);
}

template <class T>
void sum_of(const Bags& bags, const Tensor& weight, const Tensor& factors, const Tensor& y) {
  Table<T> t(bags, weight.size(1), factors);
  t.weight = weight.data_ptr<T>();
  t.y = y.data_ptr<T>();
  parallel_for(y.size(0), bags_a_thread(bags, t.d), [&](int64_t b, int64_t e) { simd::call<Sum<T>>(&t, b, e); });
}

template <class T>
void max_of(const Bags& bags, const Tensor& weight, const Tensor& y, const Tensor& rows) {
  const Table<T> t(bags, weight.size(1), {});
  const T* w = weight.data_ptr<T>();
  T* out = y.data_ptr<T>();
  int64_t* row = rows.data_ptr<int64_t>();
  parallel_for(y.size(0), bags_a_thread(bags, t.d), [&](int64_t begin, int64_t end) {
    std::fill(out + begin * t.d, out + end * t.d, T(0));
    std::fill(row + begin * t.d, row + end * t.d, int64_t{-1});
    for (int64_t b = begin; b < end; ++b)
      for (int64_t i = t.offsets[b]; i < t.offsets[b + 1]; ++i) {
        const int64_t k = t.indices[i];
        if (k == t.padding) continue;
        for (int64_t j = 0, at = b * t.d; j < t.d; ++j, ++at) {
          const T v = w[k * t.d + j];
          if (row[at] >= 0 && !(v > out[at] || (v != v && out[at] == out[at]))) continue;
          out[at] = v;
          row[at] = k;
        }
      }
  });
}

template <class T>
void gradient_of(const Bags& bags, const Tensor& g, const Tensor& factors, const Tensor& gw) {
  Table<T> t(bags, g.size(1), factors);
  t.g = g.data_ptr<T>();
  t.y = gw.data_ptr<T>();
  const int64_t width = t.d * bags.indices.numel() <= chunk ? t.d : column_block;
  parallel_for(t.d, std::max<int64_t>(1, width),
               [&](int64_t b, int64_t e) { simd::call<SumBackward<T>>(&t, g.size(0), b, e - b); });
}

}  // namespace

Tensor bag_sum(const Bags& bags, const Tensor& weight, const Tensor& factors) {
  const Tensor y = empty({bags.offsets.numel() - 1, weight.size(1)}, weight.scalar_type());
  if (y.numel() == 0) return y;
  weight.scalar_type() == kFloat ? sum_of<float>(bags, weight, factors, y) : sum_of<double>(bags, weight, factors, y);
  return y;
}

Tensor bag_max(const Bags& bags, const Tensor& weight, Tensor& rows) {
  const Tensor y = empty({bags.offsets.numel() - 1, weight.size(1)}, weight.scalar_type());
  rows = empty(y.sizes(), kLong);
  if (y.numel() == 0) return y;
  weight.scalar_type() == kFloat ? max_of<float>(bags, weight, y, rows) : max_of<double>(bags, weight, y, rows);
  return y;
}

Tensor bag_sum_backward(const Bags& bags, const Tensor& g, const Tensor& factors, int64_t n) {
  const Tensor gw = zeros({n, g.size(1)}, g.scalar_type());
  if (g.numel() == 0) return gw;
  const Tensor from = contiguous(g);
  g.scalar_type() == kFloat ? gradient_of<float>(bags, from, factors, gw)
                            : gradient_of<double>(bags, from, factors, gw);
  return gw;
}

}  // namespace gradus::kernels
