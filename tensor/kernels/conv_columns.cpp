// The gradient of many weights from few pixels: as one product over the columns of the whole batch. Direct convolutions
// load and store each weight for a handful of multiplications there.
#include <algorithm>

#include "gradus/tensor/kernels/conv.h"
#include "gradus/tensor/kernels/matmul.h"
#include "gradus/tensor/kernels/scratch.h"
#include "gradus/tensor/parallel.h"

namespace gradus::kernels {
namespace {

constexpr int64_t column_elements = 1024 * 1024;  // of the columns made at once, about

/// Where the elements of one row of columns come from: those of a tap that lie inside of the image.
struct Pixels {
  int64_t count = 0;
  int32_t from[columns::most_pixels], to[columns::most_pixels];

  Pixels(const Conv& d, int64_t tap) {
    const int64_t taps[3] = {tap / d.kernel[2] / d.kernel[1], tap / d.kernel[2] % d.kernel[1], tap % d.kernel[2]};
    for (int64_t p = 0; p < d.out_plane(); ++p) {
      const int64_t out[3] = {p / d.out(2) / d.out(1), p / d.out(2) % d.out(1), p % d.out(2)};
      int64_t at = 0;
      bool real = true;
      for (int i = 0; i < 3; ++i) {
        const int64_t in = out[i] * d.stride[i] + taps[i] * d.dilation[i] - d.before[i];
        real = real && in >= 0 && in < d.in[i];
        at = at * d.in[i] + in;
      }
      if (!real) continue;
      from[count] = static_cast<int32_t>(at);
      to[count++] = static_cast<int32_t>(p);
    }
  }
};

/// Columns of `images` images, [c taps, images plane].
void to_columns(const Conv& d, int64_t images, const float* x, float* to) {
  const int64_t taps = d.taps(), plane = d.out_plane(), width = images * plane, in = d.in_plane();
  parallel_for(d.c, ceil_div(32 * 1024, taps * width), [&](int64_t begin, int64_t end) {
    for (int64_t tap = 0; tap < taps; ++tap) {
      const Pixels pixels(d, tap);
      for (int64_t c = begin; c < end; ++c) {
        float* row = to + (c * taps + tap) * width;
        std::fill_n(row, width, 0.0f);
        for (int64_t i = 0; i < images; ++i)
          for (int64_t k = 0; k < pixels.count; ++k)
            row[i * plane + pixels.to[k]] = x[(i * d.c + c) * in + pixels.from[k]];
      }
    }
  });
}

/// [images, o, plane] as [o, images plane].
void channels_first(const Conv& d, int64_t images, const float* gy, float* to) {
  const int64_t plane = d.out_plane();
  parallel_for(d.o, ceil_div(32 * 1024, images * plane), [&](int64_t begin, int64_t end) {
    for (int64_t o = begin; o < end; ++o)
      for (int64_t i = 0; i < images; ++i)
        std::copy_n(gy + (i * d.o + o) * plane, plane, to + (o * images + i) * plane);
  });
}

}  // namespace

bool columns::takes(const Conv& d) {
  return d.groups == 1 && d.taps() > 1 && d.out_plane() <= most_pixels && d.out_plane() > 0 && d.c >= 64 && d.o >= 64 &&
         d.n * d.out_plane() >= 32;
}

void columns::conv_backward_weight(const Conv& d, const float* x, const float* gy, float* gw, float* gb) {
  const int64_t plane = d.out_plane(), depth = d.c * d.taps();
  const int64_t images = std::clamp<int64_t>(column_elements / (depth * plane), 1, d.n);
  const Scratch<float> cols(depth * images * plane), out(d.o * images * plane);
  if (gb) own::conv_backward_bias(d, gy, gb);
  for (int64_t i = 0; i < d.n; i += images) {
    const int64_t some = std::min(images, d.n - i);
    to_columns(d, some, x + i * d.c * d.in_plane(), cols.get());
    channels_first(d, some, gy + i * d.o * plane, out.get());
    Gemm g = dense(d.o, depth, some * plane, false, true);
    g.beta = i == 0 ? 0 : 1;
    matmul(g, out.get(), cols.get(), gw);
  }
}

}  // namespace gradus::kernels
