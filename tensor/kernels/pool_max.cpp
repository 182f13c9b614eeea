// Greatest elements: rows of outputs are built tap by tap, so that inner loops have no borders and become vectors.
#include <algorithm>
#include <limits>

#include "gradus/tensor/kernels/pool.h"
#include "gradus/tensor/kernels/simd.h"
#include "gradus/tensor/parallel.h"

namespace gradus::kernels {
namespace {

constexpr int64_t strip = 512;                // outputs whose place is kept as a small integer before it is an index
constexpr int64_t task_elements = 32 * 1024;  // of the input, read by one task

/// Planes of one task.
int64_t grain(const Pool2d& p) { return std::max<int64_t>(1, task_elements / std::max<int64_t>(1, p.h * p.w)); }

constexpr int64_t ceil_div(int64_t a, int64_t b) { return (a + b - 1) / b; }

/// Windows of 2 x 2 side by side, without padding: outputs [0, n) of one row from rows a and b of the input.
template <class T>
GRADUS_INLINE void pair_rows(const T* a, const T* b, int64_t n, int64_t place, int64_t w, T* y, int64_t* index) {
  using I = simd::int_of<T>;
  I taken[strip];
  const I below = static_cast<I>(w);
  for (int64_t j = 0; j < n; ++j) {
    T best = a[2 * j];
    I at = 0;
    const T q = a[2 * j + 1], r = b[2 * j], s = b[2 * j + 1];
    const bool tq = (q > best) | (q != q);
    best = tq ? q : best, at = tq ? 1 : at;
    const bool tr = (r > best) | (r != r);
    best = tr ? r : best, at = tr ? below : at;
    const bool ts = (s > best) | (s != s);
    best = ts ? s : best, at = ts ? below + 1 : at;
    y[j] = best;
    taken[j] = at;
  }
  for (int64_t j = 0; j < n; ++j) index[j] = place + 2 * j + taken[j];
}

template <class T>
struct MaxPairs {
  template <class Arch>
  GRADUS_INLINE static void run(const Pool2d* p, const T* x, T* y, int64_t* index) {
    for (int64_t i = 0; i < p->oh; ++i)
      for (int64_t j = 0; j < p->ow; j += strip) {
        const int64_t place = 2 * i * p->w + 2 * j, out = i * p->ow + j;
        pair_rows(x + place, x + place + p->w, std::min(strip, p->ow - j), place, p->w, y + out, index + out);
      }
  }
};

/// Row i of the outputs of one plane, any windows.
template <class T>
GRADUS_INLINE void max_row(const Pool2d& p, const T* x, int64_t i, T* y, int64_t* index) {
  const int64_t top = i * p.stride[0] - p.pad[0];
  const int64_t skip = top < 0 ? ceil_div(-top, p.dilation[0]) : 0;  // taps above the plane
  for (int64_t j = 0; j < p.ow; ++j) {
    const int64_t left = j * p.stride[1] - p.pad[1];
    const int64_t first = left < 0 ? left + ceil_div(-left, p.dilation[1]) * p.dilation[1] : left;
    y[j] = -std::numeric_limits<T>::infinity();
    index[j] = (top + skip * p.dilation[0]) * p.w + first;
  }
  for (int64_t u = skip; u < p.kernel[0]; ++u) {
    const int64_t row = top + u * p.dilation[0];
    if (row >= p.h) break;
    for (int64_t v = 0; v < p.kernel[1]; ++v) {
      const int64_t offset = v * p.dilation[1] - p.pad[1], step = p.stride[1];
      const int64_t begin = offset < 0 ? ceil_div(-offset, step) : 0;
      const int64_t end = offset >= p.w ? 0 : std::min(p.ow, ceil_div(p.w - offset, step));
      const int64_t place = row * p.w + offset;
      for (int64_t j = begin; j < end; ++j) {
        const T value = x[place + j * step];
        const bool take = (value > y[j]) | (value != value);
        y[j] = take ? value : y[j];
        index[j] = take ? place + j * step : index[j];
      }
    }
  }
}

template <class T>
struct MaxAny {
  template <class Arch>
  GRADUS_INLINE static void run(const Pool2d* p, const T* x, T* y, int64_t* index) {
    for (int64_t i = 0; i < p->oh; ++i) max_row(*p, x, i, y + i * p->ow, index + i * p->ow);
  }
};

bool pairs(const Pool2d& p) {
  for (int d = 0; d < 2; ++d)
    if (p.kernel[d] != 2 || p.stride[d] != 2 || p.pad[d] != 0 || p.dilation[d] != 1) return false;
  return 2 * p.oh <= p.h && 2 * p.ow <= p.w;
}

}  // namespace

template <class T>
void max_pool2d_forward(const Pool2d& p, const T* x, T* y, int64_t* index) {
  const bool fast = pairs(p);
  parallel_for(p.planes, grain(p), [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const T* in = x + i * p.h * p.w;
      const int64_t out = i * p.oh * p.ow;
      if (fast)
        simd::call<MaxPairs<T>>(&p, in, y + out, index + out);
      else
        simd::call<MaxAny<T>>(&p, in, y + out, index + out);
    }
  });
}

template <class T>
void max_pool2d_backward(const Pool2d& p, const T* gy, const int64_t* index, T* gx) {
  parallel_for(p.planes, grain(p), [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      T* in = gx + i * p.h * p.w;
      const int64_t out = i * p.oh * p.ow, last = out + p.oh * p.ow;
      std::fill_n(in, p.h * p.w, T(0));
      for (int64_t j = out; j < last; ++j) in[index[j]] += gy[j];
    }
  });
}

template void max_pool2d_forward(const Pool2d&, const float*, float*, int64_t*);
template void max_pool2d_forward(const Pool2d&, const double*, double*, int64_t*);
template void max_pool2d_backward(const Pool2d&, const float*, const int64_t*, float*);
template void max_pool2d_backward(const Pool2d&, const double*, const int64_t*, double*);

}  // namespace gradus::kernels
