#include "gradus/tensor/kernels/distance.h"

#include <cmath>

#include "gradus/tensor/kernels/simd_math.h"
#include "gradus/tensor/kernels/sweep.h"
#include "gradus/tensor/parallel.h"

namespace gradus::kernels {
namespace {

enum class Norm { count, sum, euclid, greatest, power };

Norm norm_of(double p) {
  if (p == 0) return Norm::count;
  if (p == 1) return Norm::sum;
  if (p == 2) return Norm::euclid;
  return std::isinf(p) ? Norm::greatest : Norm::power;
}

template <class T>
T* address(const TensorImpl& t) {
  return reinterpret_cast<T*>(t.data());
}

// The p-norm of the difference of two rows, before the root.
template <Norm norm, class V, class T>
GRADUS_INLINE T raw_distance(const T* a, const T* b, int64_t d, T p) {
  V total(T(0));
  sweep<V>(
      d, [&](int64_t i, const auto& part) __attribute__((always_inline)) {
        const V diff = abs(part.load(a + i) - part.load(b + i));
        if constexpr (norm == Norm::count)
          total += where(diff != 0, V(T(1)), V(T(0)));
        else if constexpr (norm == Norm::sum)
          total += diff;
        else if constexpr (norm == Norm::euclid)
          total += diff * diff;
        else if constexpr (norm == Norm::greatest)
          total = maximum(total, diff);
        else
          total += part.keep(pow(diff, V(p)), T(0));
      });
  if constexpr (norm == Norm::greatest) {
    T lanes[V::size];
    total.store(lanes);
    T most = lanes[0];
    for (int i = 1; i < V::size; ++i) most = most != most || most > lanes[i] ? most : lanes[i];
    return most;
  } else {
    return reduce_add(total);
  }
}

template <Norm norm, class T>
struct Forward {
  template <class A>
  GRADUS_INLINE static void run(T* y, const T* a, const T* b, int64_t m, int64_t d, double p) {
    using V = typename A::template vec<T>;
    for (int64_t j = 0; j < m; ++j) {
      const T v = raw_distance<norm, V>(a, b + j * d, d, static_cast<T>(p));
      if constexpr (norm == Norm::euclid)
        y[j] = std::sqrt(v);
      else if constexpr (norm == Norm::power)
        y[j] = static_cast<T>(std::pow(static_cast<double>(v), 1 / p));
      else
        y[j] = v;
    }
  }
};

// ga += g times the gradient of |a - b| for one pair of rows.
template <Norm norm, class T>
struct Backward {
  template <class A>
  GRADUS_INLINE static void run(T* ga, const T* g, const T* a, const T* b, const T* y, int64_t m, int64_t d, double p) {
    using V = typename A::template vec<T>;
    const V zero(T(0));
    for (int64_t j = 0; j < m; ++j) {
      if (y[j] == 0 || g[j] == 0) continue;
      const V dist(y[j]), scale(norm == Norm::euclid ? g[j] / y[j] : g[j]);
      const T* c = b + j * d;
      sweep<V>(
          d, [&](int64_t i, const auto& part) __attribute__((always_inline)) {
            const V diff = part.load(a + i) - part.load(c + i), size = abs(diff);
            V slope = zero;
            if constexpr (norm == Norm::sum)
              slope = sign(diff);
            else if constexpr (norm == Norm::euclid)
              slope = diff;
            else if constexpr (norm == Norm::greatest)
              slope = where(size == dist, sign(diff), zero);
            else
              slope = where(size == 0, zero, sign(diff) * pow(size / dist, V(static_cast<T>(p - 1))));
            part.store(ga + i, part.load(ga + i) + slope * scale);
          });
    }
  }
};

// f<norm>() for the norm of p.
template <class F>
void with_norm(double p, const F& f) {
  switch (norm_of(p)) {
    case Norm::count:
      return f.template operator()<Norm::count>();
    case Norm::sum:
      return f.template operator()<Norm::sum>();
    case Norm::euclid:
      return f.template operator()<Norm::euclid>();
    case Norm::greatest:
      return f.template operator()<Norm::greatest>();
    case Norm::power:
      return f.template operator()<Norm::power>();
  }
}

int64_t rows_at_once(int64_t m, int64_t d) { return std::max<int64_t>(1, 16384 / std::max<int64_t>(m * d, 1)); }

}  // namespace

void distances(const TensorImpl& y, const TensorImpl& a, const TensorImpl& b, int64_t batch, int64_t n, int64_t m,
               int64_t d, double p) {
  dispatch_floating("cdist", y.dtype, [&]<class T>() {
    with_norm(p, [&]<Norm norm>() {
      parallel_for(batch * n, rows_at_once(m, d), [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i)
          simd::call<Forward<norm, T>>(address<T>(y) + i * m, address<const T>(a) + i * d,
                                       address<const T>(b) + i / n * m * d, m, d, p);
      });
    });
  });
}

void distances_backward(const TensorImpl& ga, const TensorImpl& g, const TensorImpl& a, const TensorImpl& b,
                        const TensorImpl& y, int64_t batch, int64_t n, int64_t m, int64_t d, double p) {
  if (p == 0) return;
  dispatch_floating("cdist", y.dtype, [&]<class T>() {
    with_norm(p, [&]<Norm norm>() {
      if constexpr (norm != Norm::count)
        parallel_for(batch * n, rows_at_once(m, d), [&](int64_t begin, int64_t end) {
          for (int64_t i = begin; i < end; ++i)
            simd::call<Backward<norm, T>>(address<T>(ga) + i * d, address<const T>(g) + i * m,
                                          address<const T>(a) + i * d, address<const T>(b) + i / n * m * d,
                                          address<const T>(y) + i * m, m, d, p);
        });
    });
  });
}

}  // namespace gradus::kernels
