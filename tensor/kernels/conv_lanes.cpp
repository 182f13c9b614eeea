// Convolutions of few channels and small images, without strides. As many images as a vector has lanes are computed at
// once, image i in lane i ("turned over"): whatever the sizes of images and windows, every lane does useful work, and
// nothing is shifted. The lanes of the last vectors stay empty where the batch is no multiple of them. Where the
// greatest of each 2 x 2 results are all that is wanted, the others never leave the first cache.
#include "gradus/tensor/kernels/conv_lanes.h"

namespace gradus::kernels {
namespace {

using detail::Correlation;
using detail::Correlator;
using detail::least_work;
using detail::most_lanes;
using detail::vectors_of_tile;
using detail::with_constant;

/// The opposite: `count` vectors to as many elements of each image.
struct TurnBack {
  template <class Arch>
  GRADUS_INLINE static void run(const float* from, int64_t count, int64_t images, int64_t apart, float* to) {
    using V = typename Arch::template vec<float>;
    constexpr int64_t N = V::size;
    for (int64_t p = 0; p < count; p += N) {
      const int64_t n = std::min(N, count - p);
      V square[N];
#pragma GCC unroll 16
      for (int64_t k = 0; k < N; ++k)
        if (k < n) square[k] = V::load(from + (p + k) * N);
      simd::transpose(square);
      float* out = to + p;
#pragma GCC unroll 16
      for (int64_t k = 0; k < N; ++k, out += apart)
        if (k < images) detail::store_some(square[k], out, n);
    }
  }
};

/// Two rows of vectors to one.
template <class V>
GRADUS_INLINE void greatest_of_rows(const float* from, int64_t cols, float* to, uint8_t* places) {
  using I = simd::Vec<int32_t, V::size>;
  constexpr int64_t N = V::size;
  for (int64_t j = 0; j < cols / 2; ++j, from += 2 * N, to += N, places += most_lanes) {
    V best = V::load(from);
    I at(0);
    detail::Take<V, I>::run(V::load(from + N), I(1), best, at);
    detail::Take<V, I>::run(V::load(from + cols * N), I(2), best, at);
    detail::Take<V, I>::run(V::load(from + (cols + 1) * N), I(3), best, at);
    best.store(to);
    detail::Places<V::size>::store(at, places);
  }
}

/// R results of a group of images, from result r0 on.
struct Correlated {
  const Correlation* g;
  const int64_t* shifts;               // of the taps, in elements
  const detail::Taps *down, *along;    // of each row and col
  const int32_t* taps_of;              // [col][row of taps][...]: those that lie inside of the image there
  const float *from, *numbers, *bias;  // from [source][row][col][lane]; numbers [term][R]; bias [R]
  float* sums;                         // [R][height][col][lane]: all rows, or two of which the greatest are taken
  int64_t height, count, images;       // count: results that there are, of R
  float* greatest;                     // [R][row / 2][col / 2][lane], where only these are wanted
  uint8_t* places;
  float* to;  // result r0 of the first image
};

/// NX places side by side. All taps of a row lie inside of the image for all of them, or else NX = 1.
template <class V, int R>
struct CorrelateTile {
  static constexpr int64_t N = V::size;

  template <int NX>
  GRADUS_INLINE static void run(const Correlated& c, int64_t row, int64_t col) {
    const Correlation& g = *c.g;
    const int64_t plane = g.plane() * N, wide = NX == 1 ? c.along[col].count() : g.kernel[1];
    const int64_t begin = c.down[row].begin * wide, end = c.down[row].end * wide;
    const float* numbers = c.numbers;
    const int32_t* taps = c.taps_of + col * g.taps();
    int64_t at = ((row - g.top) * g.cols + col - g.left) * N;
    V acc[R][NX];
#pragma GCC unroll 16
    for (int r = 0; r < R; ++r)
#pragma GCC unroll 16
      for (int j = 0; j < NX; ++j) acc[r][j] = V(c.bias[r]);
    for (int64_t s = 0; s < g.sources; ++s, at += plane, numbers += g.taps() * R) {
      if constexpr (NX == 1) {
        for (int64_t k = begin; k < end; ++k) add(c.from + (at + c.shifts[taps[k]]), numbers + taps[k] * R, acc);
      } else {
        for (int64_t t = begin; t < end; ++t) add(c.from + (at + c.shifts[t]), numbers + t * R, acc);
      }
    }
    float* to = c.sums + ((c.greatest ? row & 1 : row) * g.out_cols + col) * N;
#pragma GCC unroll 16
    for (int r = 0; r < R; ++r)
#pragma GCC unroll 16
      for (int j = 0; j < NX; ++j) acc[r][j].store(to + (r * c.height * g.out_cols + j) * N);
  }

  template <int NX>
  GRADUS_INLINE static void add(const float* from, const float* numbers, V (&acc)[R][NX]) {
    V x[NX];
#pragma GCC unroll 16
    for (int j = 0; j < NX; ++j) x[j] = V::load(from + j * N);
#pragma GCC unroll 16
    for (int r = 0; r < R; ++r) {
      const V number(numbers[r]);
#pragma GCC unroll 16
      for (int j = 0; j < NX; ++j) acc[r][j] = fma(number, x[j], acc[r][j]);
    }
  }
};

template <int R>
struct Correlate {
  template <class Arch>
  GRADUS_INLINE static void run(const Correlated* c) {
    using V = typename Arch::template vec<float>;
    constexpr int most = vectors_of_tile<Arch, R>;
    const Correlation& g = *c->g;
    const int64_t cols = g.out_cols, width = cols / 2, area = g.out_rows / 2 * width;
    const int64_t inside = std::min(cols, g.left), outside = std::clamp(g.cols + g.left - g.wide(), inside, cols);
    const int64_t tiles = ceil_div(outside - inside, most), least = tiles > 0 ? (outside - inside) / tiles : 0;
    const int64_t rows = c->greatest ? g.out_rows / 2 * 2 : g.out_rows;
    for (int64_t i = 0; i < rows; ++i) {
      for (int64_t j = 0; j < inside; ++j) CorrelateTile<V, R>::template run<1>(*c, i, j);
      for (int64_t k = 0, j = inside; k < tiles; ++k) {  // of nearly the same size
        const int64_t n = least + (k < outside - inside - least * tiles ? 1 : 0);
        with_constant<most, CorrelateTile<V, R>>(static_cast<int>(n), *c, i, j);
        j += n;
      }
      for (int64_t j = outside; j < cols; ++j) CorrelateTile<V, R>::template run<1>(*c, i, j);
      if (!c->greatest || i % 2 == 0) continue;
      for (int64_t r = 0; r < c->count; ++r)
        greatest_of_rows<V>(c->sums + r * 2 * cols * V::size, cols, c->greatest + (r * area + i / 2 * width) * V::size,
                            c->places + (r * area + i / 2 * width) * most_lanes);
    }
    const int64_t plane = c->greatest ? area : g.out_plane();
    TurnBack::run<Arch>(c->greatest ? c->greatest : c->sums, c->count * plane, c->images, g.results * plane, c->to);
  }
};

}  // namespace

void detail::Correlator::run(int64_t first, int64_t count, const float* turned, int64_t next, float* to,
                             uint8_t* places) const {
  const int64_t work = rows * g.terms() * g.out_plane() * group, height = greatest ? 2 : g.out_rows;
  parallel_for(ceil_div(count, group) * blocks, ceil_div(least_work, work), [&](int64_t begin, int64_t end) {
    const Scratch<float> sums(rows * height * g.out_cols * group), best(greatest ? rows * out * group : 0);
    for (int64_t i = begin; i < end; ++i) {
      const int64_t r0 = i % blocks * rows, image = first + i / blocks * group;
      const int64_t place = (image / most_lanes * g.results + r0) * out * most_lanes + image % most_lanes;
      const Correlated c{&g,
                         shifts.get(),
                         down.get(),
                         along.get(),
                         taps_of.get(),
                         turned + i / blocks * next,
                         numbers.get() + r0 * g.terms(),
                         biases.get() + r0,
                         sums.get(),
                         height,
                         std::min<int64_t>(rows, g.results - r0),
                         std::min(group, first + count - image),
                         best.get(),
                         greatest ? places + place : nullptr,
                         to + (image * g.results + r0) * out};
      detail::with_rows<Correlate>(rows, &c);
    }
  });
}

namespace {

void correlate(const Correlator& c, int64_t n, const float* x, float* to, uint8_t* places) {
  const detail::Layout layout(c.g.rows, c.g.cols);
  const int64_t image = c.g.sources * layout.elements(), some = detail::images_at_once(n, image);
  const Scratch<float> turned(detail::round_up(some, c.group) * image);
  for (int64_t first = 0; first < n; first += some) {
    const int64_t count = std::min(some, n - first);
    layout.turn(count, c.g.sources, x + first * image, turned.get(), c.group * image);
    c.run(first, count, turned.get(), c.group * image, to, places);
  }
}

Correlator forward_of(const Correlation& g, const Conv& d, const float* weight, const float* bias, bool greatest) {
  return {g, bias, greatest, [&](int64_t o, int64_t c, int64_t t) { return weight[(o * d.c + c) * g.taps() + t]; }};
}

}  // namespace

void image_lanes::conv_forward(const Conv& d, const float* x, const float* weight, const float* bias, float* y) {
  const Correlation g(d, false);
  correlate(forward_of(g, d, weight, bias, false), d.n, x, y, nullptr);
}

void image_lanes::conv_backward_input(const Conv& d, const float* gy, const float* weight, const float* bias,
                                      float* gx) {
  const Correlation g(d, true);
  const Correlator c(g, bias, false, [&](int64_t c, int64_t o, int64_t t) {
    return weight[(o * d.c + c) * g.taps() + g.taps() - 1 - t];
  });
  correlate(c, d.n, gy, gx, nullptr);
}

int64_t image_lanes::places(const Conv& d) {
  return detail::round_up(d.n, most_lanes) * d.o * (d.out(1) / 2) * (d.out(2) / 2);
}

void image_lanes::conv_greatest_forward(const Conv& d, const float* x, const float* weight, const float* bias, float* y,
                                        uint8_t* places) {
  const Correlation g(d, false);
  correlate(forward_of(g, d, weight, bias, true), d.n, x, y, places);
}

}  // namespace gradus::kernels
