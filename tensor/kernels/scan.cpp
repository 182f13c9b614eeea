#include "gradus/tensor/kernels/scan.h"

#include <cmath>
#include <limits>

#include "gradus/tensor/parallel.h"

namespace gradus::kernels {
namespace {

constexpr int64_t tile = 64;      // lines that run side by side, for consecutive reads
constexpr int64_t chunk = 32768;  // elements that one thread takes at a time

template <class T>
T* address(const TensorImpl& t) {
  return reinterpret_cast<T*>(t.data());
}

// f(first element, lines) for tiles of neighbouring lines; element k of line c lies at first + k * b + c.
template <class F>
void each_tile(int64_t a, int64_t r, int64_t b, const F& f) {
  const int64_t tiles = ceil_div(b, tile);
  if (a * r * b == 0) return;
  parallel_for(a * tiles, std::max<int64_t>(1, chunk / (r * std::min(b, tile))), [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const int64_t j = i % tiles * tile;
      f(i / tiles * r * b + j, std::min(tile, b - j));
    }
  });
}

template <class T>
using Wide = std::conditional_t<std::is_same_v<T, int64_t>, int64_t, double>;

// max + ln(1 + e^(min - max)); equal infinities stay.
double log_add(double x, double y) {
  const double lo = std::isnan(y) ? y : std::min(x, y), hi = std::isnan(y) ? y : std::max(x, y);
  return lo != hi || std::isfinite(lo) ? hi + std::log1p(std::exp(lo - hi)) : x;
}

template <class F>
void dispatch_numbers(const char* op, ScalarType t, const F& f) {
  if (t == kLong) return f.template operator()<int64_t>();
  dispatch_floating(op, t, f);
}

}  // namespace

void cumprod(const TensorImpl& y, const TensorImpl& x, int64_t a, int64_t r, int64_t b) {
  dispatch_numbers("cumprod", x.dtype, [&]<class T>() {
    each_tile(a, r, b, [&](int64_t first, int64_t n) {
      const T* p = address<const T>(x) + first;
      T* q = address<T>(y) + first;
      Wide<T> product[tile];
      for (Wide<T>& v : product) v = 1;
      for (int64_t k = 0; k < r; ++k, p += b, q += b)
        for (int64_t c = 0; c < n; ++c) q[c] = static_cast<T>(product[c] *= static_cast<Wide<T>>(p[c]));
    });
  });
}

void cumulative_extreme(bool max, const TensorImpl& values, const TensorImpl& indices, const TensorImpl& x, int64_t a,
                        int64_t r, int64_t b) {
  dispatch(x.dtype, [&]<class T>() {
    each_tile(a, r, b, [&](int64_t first, int64_t n) {
      for (int64_t c = 0; c < n; ++c) {
        const T* p = address<const T>(x) + first + c;
        T best = p[0];
        int64_t at = 0;
        for (int64_t k = 0; k < r; ++k) {
          const T v = p[k * b];
          if (v != v || (best == best && (max ? v >= best : v <= best))) best = v, at = k;
          address<T>(values)[first + c + k * b] = best;
          address<int64_t>(indices)[first + c + k * b] = at;
        }
      }
    });
  });
}

void logcumsumexp(const TensorImpl& y, const TensorImpl& x, int64_t a, int64_t r, int64_t b) {
  dispatch_floating("logcumsumexp", x.dtype, [&]<class T>() {
    each_tile(a, r, b, [&](int64_t first, int64_t n) {
      const T* p = address<const T>(x) + first;
      T* q = address<T>(y) + first;
      double sum[tile];
      for (double& v : sum) v = -std::numeric_limits<double>::infinity();
      for (int64_t k = 0; k < r; ++k, p += b, q += b)
        for (int64_t c = 0; c < n; ++c) q[c] = static_cast<T>(sum[c] = log_add(static_cast<double>(p[c]), sum[c]));
    });
  });
}

void linear_recurrence(const TensorImpl& y, const TensorImpl& g, const TensorImpl& x, int64_t a, int64_t r, int64_t b) {
  dispatch_floating("cumprod", x.dtype, [&]<class T>() {
    each_tile(a, r, b, [&](int64_t first, int64_t n) {
      double sum[tile] = {}, factor[tile] = {};
      for (int64_t k = r; k-- > 0;)
        for (int64_t c = 0; c < n; ++c) {
          const int64_t i = first + k * b + c;
          sum[c] = static_cast<double>(address<const T>(g)[i]) + factor[c] * sum[c];
          factor[c] = static_cast<double>(address<const T>(x)[i]);
          address<T>(y)[i] = static_cast<T>(sum[c]);
        }
    });
  });
}

}  // namespace gradus::kernels
