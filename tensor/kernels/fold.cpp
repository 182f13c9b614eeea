#include "gradus/tensor/kernels/fold.h"

#include <algorithm>

#include "gradus/tensor/parallel.h"

namespace gradus::kernels {
namespace {

constexpr int64_t grain = 32 * 1024;  // elements of one task

/// Calls f(column, input, first, last) for every line of a plane's columns: its elements [first, last) lie at
/// input + j * stride of the plane, the others outside.
template <class F>
void each_line(const Columns& c, const F& f) {
  for (int64_t u = 0; u < c.kernel[0]; ++u)
    for (int64_t v = 0; v < c.kernel[1]; ++v) {
      const int64_t left = v * c.dilation[1] - c.pad[1], step = c.stride[1];
      const int64_t first = std::min(c.ow, left < 0 ? ceil_div(-left, step) : 0);
      const int64_t last = left >= c.w ? first : std::clamp(ceil_div(c.w - left, step), first, c.ow);
      for (int64_t i = 0; i < c.oh; ++i) {
        const int64_t row = i * c.stride[0] + u * c.dilation[0] - c.pad[0];
        const bool real = row >= 0 && row < c.h;
        f(((u * c.kernel[1] + v) * c.oh + i) * c.ow, row * c.w + left, real ? first : 0, real ? last : 0);
      }
    }
}

template <class F>
void each_plane(const Columns& c, const F& f) {
  const int64_t cost = std::max<int64_t>(1, c.kernel[0] * c.kernel[1] * c.oh * c.ow);
  parallel_for(c.planes, std::max<int64_t>(1, grain / cost), [&](int64_t begin, int64_t end) {
    for (int64_t p = begin; p < end; ++p) f(p);
  });
}

}  // namespace

template <class T>
void unfold(const Columns& c, const T* x, T* y) {
  const int64_t columns = c.kernel[0] * c.kernel[1] * c.oh * c.ow, step = c.stride[1];
  each_plane(c, [&](int64_t p) {
    const T* in = x + p * c.h * c.w;
    each_line(c, [&](int64_t column, int64_t input, int64_t first, int64_t last) {
      T* to = y + p * columns + column;
      std::fill(to, to + first, T(0));
      for (int64_t j = first; j < last; ++j) to[j] = in[input + j * step];
      std::fill(to + last, to + c.ow, T(0));
    });
  });
}

template <class T>
void fold(const Columns& c, const T* y, T* x) {
  const int64_t columns = c.kernel[0] * c.kernel[1] * c.oh * c.ow, step = c.stride[1];
  each_plane(c, [&](int64_t p) {
    T* in = x + p * c.h * c.w;
    std::fill_n(in, c.h * c.w, T(0));
    each_line(c, [&](int64_t column, int64_t input, int64_t first, int64_t last) {
      const T* from = y + p * columns + column;
      for (int64_t j = first; j < last; ++j) in[input + j * step] += from[j];
    });
  });
}

template void unfold(const Columns&, const float*, float*);
template void unfold(const Columns&, const double*, double*);
template void fold(const Columns&, const float*, float*);
template void fold(const Columns&, const double*, double*);

}  // namespace gradus::kernels
