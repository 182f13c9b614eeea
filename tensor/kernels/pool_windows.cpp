#include "gradus/tensor/kernels/pool_windows.h"

#include <algorithm>
#include <limits>

#include "gradus/tensor/parallel.h"

namespace gradus::kernels {
namespace {

constexpr int64_t grain = 32 * 1024;  // elements of one task

template <class T>
void max_of_plane(const Windows& w, int64_t plane, const T* x, T* y, int64_t* index) {
  const int64_t *first[3], *last[3];
  for (int a = 0; a < 3; ++a) {
    first[a] = w.first[a].data() + (w.apart ? plane * w.out[a] : 0);
    last[a] = w.last[a].data() + (w.apart ? plane * w.out[a] : 0);
  }
  for (int64_t d = 0; d < w.out[0]; ++d)
    for (int64_t i = 0; i < w.out[1]; ++i)
      for (int64_t j = 0; j < w.out[2]; ++j) {
        T best = -std::numeric_limits<T>::infinity();
        int64_t at = (first[0][d] * w.in[1] + first[1][i]) * w.in[2] + first[2][j];
        for (int64_t z = first[0][d]; z < last[0][d]; z += w.dilation[0])
          for (int64_t u = first[1][i]; u < last[1][i]; u += w.dilation[1]) {
            const int64_t row = (z * w.in[1] + u) * w.in[2];
            for (int64_t v = first[2][j]; v < last[2][j]; v += w.dilation[2]) {
              const T value = x[row + v];
              const bool take = (value > best) | (value != value);
              best = take ? value : best;
              at = take ? row + v : at;
            }
          }
        *y++ = best;
        *index++ = at;
      }
}

}  // namespace

template <class T>
void window_max(const Windows& w, const T* x, T* y, int64_t* index) {
  const int64_t in = w.in_plane(), out = w.out_plane();
  parallel_for(w.planes, std::max<int64_t>(1, grain / std::max<int64_t>(1, in)), [&](int64_t begin, int64_t end) {
    for (int64_t p = begin; p < end; ++p) max_of_plane(w, p, x + p * in, y + p * out, index + p * out);
  });
}

template <class T>
void plane_scatter(int64_t planes, int64_t n, int64_t m, const T* gy, const int64_t* index, T* gx) {
  parallel_for(planes, std::max<int64_t>(1, grain / std::max<int64_t>(1, n + m)), [&](int64_t begin, int64_t end) {
    for (int64_t p = begin; p < end; ++p) {
      std::fill_n(gx + p * m, m, T(0));
      for (int64_t i = p * n; i < (p + 1) * n; ++i) gx[p * m + index[i]] += gy[i];
    }
  });
}

template <class T>
void fractional_windows(Windows& w, const int64_t* kernel, const T* samples, int64_t axes, const int* columns) {
  w.apart = true;
  for (int a = 0; a < 3; ++a) {
    const auto n = static_cast<size_t>(w.planes * w.out[a]);
    w.first[a].resize(n);
    w.last[a].resize(n);
    const int64_t out = w.out[a], free = w.in[a] - kernel[a];
    for (int64_t p = 0; p < w.planes; ++p) {
      const T sample = columns[a] < 0 ? T(0) : samples[p * axes + columns[a]];
      const T alpha = out > 1 ? static_cast<T>(free) / static_cast<T>(out - 1) : T(0);
      for (int64_t i = 0; i < out; ++i) {
        const int64_t first = i + 1 == out ? free
                                           : static_cast<int64_t>((static_cast<T>(i) + sample) * alpha) -
                                                 static_cast<int64_t>(sample * alpha);
        const auto at = static_cast<size_t>(p * out + i);
        w.first[a][at] = first;
        w.last[a][at] = first + kernel[a];
      }
    }
  }
}

template void window_max(const Windows&, const float*, float*, int64_t*);
template void window_max(const Windows&, const double*, double*, int64_t*);
template void plane_scatter(int64_t, int64_t, int64_t, const float*, const int64_t*, float*);
template void plane_scatter(int64_t, int64_t, int64_t, const double*, const int64_t*, double*);
template void fractional_windows(Windows&, const int64_t*, const float*, int64_t, const int*);
template void fractional_windows(Windows&, const int64_t*, const double*, int64_t, const int*);

}  // namespace gradus::kernels
