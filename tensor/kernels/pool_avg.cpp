// Averages over windows, fixed and adaptive.
#include <algorithm>

#include "gradus/tensor/kernels/pool_parts.h"

namespace gradus::kernels {
namespace {

using detail::each_plane;

/// Output i's window along one axis: elements [first, last) of the plane, and how many the divisor counts.
struct Window {
  int64_t first, last, count;
};
GRADUS_INLINE Window window(const Pool2d& p, int axis, int64_t i, int64_t size) {
  const int64_t begin = i * p.stride[axis] - p.pad[axis];
  const int64_t padded_end = std::min(begin + p.kernel[axis], size + p.pad[axis]);
  const int64_t first = std::max<int64_t>(begin, 0), last = std::max(first, std::min(padded_end, size));
  return {first, last, p.count_include_pad ? padded_end - begin : last - first};
}

template <class T>
GRADUS_INLINE T divisor(const Pool2d& p, int64_t rows, int64_t columns) {
  return static_cast<T>(p.divisor_override ? p.divisor_override : rows * columns);
}

/// Outputs [begin, end) of a row whose horizontal tap v lies inside of the plane, at input j * stride + offset.
struct Tap {
  int64_t begin, end, offset;
};
GRADUS_INLINE Tap tap(const Pool2d& p, int64_t v) {
  const int64_t offset = v - p.pad[1], step = p.stride[1];
  return {offset < 0 ? ceil_div(-offset, step) : 0, offset >= p.w ? 0 : std::min(p.ow, ceil_div(p.w - offset, step)),
          offset};
}

template <class T>
struct Average {
  template <class Arch>
  GRADUS_INLINE static void run(const Pool2d* p, const T* x, T* y) {
    for (int64_t i = 0; i < p->oh; ++i, y += p->ow) {
      const Window rows = window(*p, 0, i, p->h);
      for (int64_t j = 0; j < p->ow; ++j) y[j] = 0;
      for (int64_t row = rows.first; row < rows.last; ++row)
        for (int64_t v = 0; v < p->kernel[1]; ++v) {
          const Tap t = tap(*p, v);
          const T* from = x + row * p->w;
          const int64_t step = p->stride[1];
          if (step == 2)
            for (int64_t j = t.begin; j < t.end; ++j) y[j] += from[j * 2 + t.offset];
          else
            for (int64_t j = t.begin; j < t.end; ++j) y[j] += from[j * step + t.offset];
        }
      for (int64_t j = 0; j < p->ow; ++j) y[j] /= divisor<T>(*p, rows.count, window(*p, 1, j, p->w).count);
    }
  }
};

template <class T>
struct AverageBack {
  template <class Arch>
  GRADUS_INLINE static void run(const Pool2d* p, const T* gy, T* gx) {
    for (int64_t k = 0; k < p->h * p->w; ++k) gx[k] = 0;
    for (int64_t i = 0; i < p->oh; ++i, gy += p->ow) {
      const Window rows = window(*p, 0, i, p->h);
      for (int64_t j = 0; j < p->ow; ++j) {
        const Window columns = window(*p, 1, j, p->w);
        const T g = gy[j] / divisor<T>(*p, rows.count, columns.count);
        for (int64_t row = rows.first; row < rows.last; ++row)
          for (int64_t column = columns.first; column < columns.last; ++column) gx[row * p->w + column] += g;
      }
    }
  }
};

/// Windows of 2 x 2 side by side.
template <class T>
struct AveragePairs {
  template <class Arch>
  GRADUS_INLINE static void run(const Pool2d* p, const T* x, T* y) {
    const T scale = 1 / divisor<T>(*p, 2, 2);
    for (int64_t i = 0; i < p->oh; ++i, x += 2 * p->w, y += p->ow)
      detail::cover<Arch, T>(
          p->ow, [&]<int N>(int64_t j, int64_t n) __attribute__((always_inline)) {
            simd::Vec<T, N> a, b, c, d;
            detail::split(x + 2 * j, n, a, b);
            detail::split(x + p->w + 2 * j, n, c, d);
            detail::store_some(((a + b) + (c + d)) * scale, y + j, n);
          });
  }
};

template <class T>
struct AveragePairsBack {
  template <class Arch>
  GRADUS_INLINE static void run(const Pool2d* p, const T* gy, T* gx) {
    const int64_t w = p->w;
    const T scale = 1 / divisor<T>(*p, 2, 2);
    for (int64_t i = 0; i < p->oh; ++i, gy += p->ow, gx += 2 * w) {
      detail::cover<Arch, T>(
          p->ow, [&]<int N>(int64_t j, int64_t n) __attribute__((always_inline)) {
            const auto g = detail::load_some<N>(gy + j, n) * scale;
            detail::merge(g, g, n, gx + 2 * j);
            detail::merge(g, g, n, gx + w + 2 * j);
          });
      for (int64_t j = 2 * p->ow; j < w; ++j) gx[j] = gx[w + j] = 0;
    }
    for (int64_t j = 0; j < (p->h - 2 * p->oh) * w; ++j) gx[j] = 0;
  }
};

/// Part i of `parts` parts of an axis.
GRADUS_INLINE Window part(int64_t i, int64_t size, int64_t parts) {
  const int64_t first = i * size / parts, last = ceil_div((i + 1) * size, parts);
  return {first, last, last - first};
}

template <class T>
struct Sum {
  template <class Arch>
  GRADUS_INLINE static void run(const T* p, int64_t n, T* to) {
    using V = typename Arch::template vec<T>;
    constexpr int64_t N = V::size;
    V sum[2];
    int64_t i = 0;
    for (; i + 2 * N <= n; i += 2 * N) {
      sum[0] += V::load(p + i);
      sum[1] += V::load(p + i + N);
    }
    for (; i + N <= n; i += N) sum[0] += V::load(p + i);
    if (i < n) sum[1] += V::load(p + i, n - i);
    *to = simd::reduce_add(sum[0] + sum[1]);
  }
};

}  // namespace

template <class T>
void avg_pool2d_forward(const Pool2d& p, const T* x, T* y) {
  const bool fast = detail::pairs(p);
  each_plane(p, [&](int64_t i) {
    const T* in = x + i * p.h * p.w;
    T* out = y + i * p.oh * p.ow;
    fast ? simd::call<AveragePairs<T>>(&p, in, out) : simd::call<Average<T>>(&p, in, out);
  });
}

template <class T>
void avg_pool2d_backward(const Pool2d& p, const T* gy, T* gx) {
  const bool fast = detail::pairs(p);
  each_plane(p, [&](int64_t i) {
    const T* out = gy + i * p.oh * p.ow;
    T* in = gx + i * p.h * p.w;
    fast ? simd::call<AveragePairsBack<T>>(&p, out, in) : simd::call<AverageBack<T>>(&p, out, in);
  });
}

template <class T>
void adaptive_avg_pool2d_forward(const Pool2d& p, const T* x, T* y) {
  each_plane(p, [&](int64_t plane) {
    const T* in = x + plane * p.h * p.w;
    T* out = y + plane * p.oh * p.ow;
    if (p.oh == 1 && p.ow == 1) {
      simd::call<Sum<T>>(in, p.h * p.w, out);
      *out /= static_cast<T>(p.h * p.w);
      return;
    }
    for (int64_t i = 0; i < p.oh; ++i)
      for (int64_t j = 0; j < p.ow; ++j) {
        const Window rows = part(i, p.h, p.oh), columns = part(j, p.w, p.ow);
        T sum = 0;
        for (int64_t r = rows.first; r < rows.last; ++r)
          for (int64_t c = columns.first; c < columns.last; ++c) sum += in[r * p.w + c];
        out[i * p.ow + j] = sum / static_cast<T>(rows.count * columns.count);
      }
  });
}

template <class T>
void adaptive_avg_pool2d_backward(const Pool2d& p, const T* gy, T* gx) {
  each_plane(p, [&](int64_t plane) {
    T* in = gx + plane * p.h * p.w;
    const T* out = gy + plane * p.oh * p.ow;
    std::fill_n(in, p.h * p.w, T(0));
    for (int64_t i = 0; i < p.oh; ++i)
      for (int64_t j = 0; j < p.ow; ++j) {
        const Window rows = part(i, p.h, p.oh), columns = part(j, p.w, p.ow);
        const T g = out[i * p.ow + j] / static_cast<T>(rows.count * columns.count);
        for (int64_t r = rows.first; r < rows.last; ++r)
          for (int64_t c = columns.first; c < columns.last; ++c) in[r * p.w + c] += g;
      }
  });
}

template void avg_pool2d_forward(const Pool2d&, const float*, float*);
template void avg_pool2d_forward(const Pool2d&, const double*, double*);
template void avg_pool2d_backward(const Pool2d&, const float*, float*);
template void avg_pool2d_backward(const Pool2d&, const double*, double*);
template void adaptive_avg_pool2d_forward(const Pool2d&, const float*, float*);
template void adaptive_avg_pool2d_forward(const Pool2d&, const double*, double*);
template void adaptive_avg_pool2d_backward(const Pool2d&, const float*, float*);
template void adaptive_avg_pool2d_backward(const Pool2d&, const double*, double*);

}  // namespace gradus::kernels
