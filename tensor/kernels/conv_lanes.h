// Images turned over: image i in lane i of vectors. What correlations and weight gradients of this kind share.
#pragma once
#include <algorithm>

#include "gradus/tensor/kernels/conv_parts.h"
#include "gradus/tensor/kernels/pool_parts.h"
#include "gradus/tensor/kernels/simd_transpose.h"

namespace gradus::kernels::detail {

constexpr int64_t most_lanes = 16;
constexpr int64_t resident = 256 * 1024;    // elements that are turned over at a time
constexpr int64_t least_work = 256 * 1024;  // multiplications of a chunk that a thread takes

/// So many images, whole groups of them, that their elements stay in the second cache.
inline int64_t images_at_once(int64_t n, int64_t elements) {
  return std::min<int64_t>(
      n, std::max<int64_t>(most_lanes, resident / std::max<int64_t>(1, elements) / most_lanes * most_lanes));
}

/// A plane of as many images as there are lanes, to vectors: element p to vector places[p], zeros to those of borders.
struct Turn {
  const int32_t *places, *borders;
  int64_t elements, around;
  const float* from;  // of the first image; the others follow `apart` later
  int64_t apart, images;
  float* to;
};

struct TurnPlane {
  template <class Arch>
  GRADUS_INLINE static void run(const Turn* t) {
    using V = typename Arch::template vec<float>;
    constexpr int64_t N = V::size;
    for (int64_t k = 0; k < t->around; ++k) V().store(t->to + t->borders[k] * N);
    for (int64_t p = 0; p < t->elements; p += N) {
      const int64_t n = std::min<int64_t>(N, t->elements - p);
      const float* from = t->from + p;
      V square[N];
#pragma GCC unroll 16
      for (int64_t k = 0; k < N; ++k, from += t->apart)
        if (k < t->images) square[k] = detail::load_some<N>(from, n);
      simd::transpose(square);
#pragma GCC unroll 16
      for (int64_t k = 0; k < N; ++k)
        if (k < n) square[k].store(t->to + t->places[p + k] * N);
    }
  }
};

/// Planes of rows x cols turned over, with borders of zeros or without.
struct Layout {
  int64_t rows, cols, above = 0, below = 0, left = 0, right = 0;
  Scratch<int32_t> places, borders;

  Layout(int64_t height, int64_t width) : rows(height), cols(width) { number(); }
  /// The sources of a correlation with what its windows see around them.
  explicit Layout(const Correlation& g)
      : rows(g.rows),
        cols(g.cols),
        above(g.top),
        below(std::max<int64_t>(0, g.out_rows + g.high() - g.top - g.rows)),
        left(g.left),
        right(std::max<int64_t>(0, g.out_cols + g.wide() - g.left - g.cols)) {
    number();
  }
  int64_t pitch() const { return left + cols + right; }
  int64_t vectors() const { return (above + rows + below) * pitch(); }
  int64_t elements() const { return rows * cols; }

  /// All planes of n images, [group][source][vector][lane], a group being as many images as there are lanes; groups are
  /// `next` elements apart.
  void turn(int64_t n, int64_t sources, const float* x, float* to, int64_t next) const {
    const int64_t group = lanes_in_use();
    parallel_for(ceil_div(n, group) * sources, ceil_div(16 * 1024, vectors() * group), [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        const int64_t first = i / sources * group, source = i % sources;
        const Turn t{places.get(),
                     borders.get(),
                     elements(),
                     vectors() - elements(),
                     x + (first * sources + source) * elements(),
                     sources * elements(),
                     std::min<int64_t>(group, n - first),
                     to + i / sources * next + source * vectors() * group};
        simd::call<TurnPlane>(&t);
      }
    });
  }

 private:
  void number() {
    places = Scratch<int32_t>(elements());
    borders = Scratch<int32_t>(vectors() - elements());
    int32_t *place = places.get(), *border = borders.get();
    for (int64_t i = 0; i < above + rows + below; ++i)
      for (int64_t j = 0; j < pitch(); ++j) {
        const bool real = i >= above && i < above + rows && j >= left && j < left + cols;
        *(real ? place++ : border++) = static_cast<int32_t>(i * pitch() + j);
      }
  }
};

/// Where the greatest lies: 0, 1 in the upper row, 2, 3 in the lower one; a byte for each of most_lanes images. GCC 12
/// widens and narrows integers lane by lane.
template <int N>
struct Places {
  using I = simd::Vec<int32_t, N>;
  GRADUS_INLINE static void store(const I& at, uint8_t* p) {
    for (int i = 0; i < N; ++i) p[i] = static_cast<uint8_t>(at.v[i]);
  }
  GRADUS_INLINE static I load(const uint8_t* p) {
    int32_t lanes[N];
    for (int i = 0; i < N; ++i) lanes[i] = p[i];
    return I::load(lanes);
  }
};
template <>
struct Places<16> {
  using I = simd::Vec<int32_t, 16>;
  using Bytes = uint8_t[16];
  GRADUS_AVX512 static void store(const I& at, uint8_t* p) {
    asm("vpmovdb %1, %0" : "=m"(*reinterpret_cast<Bytes*>(p)) : "v"(at.v));
  }
  GRADUS_AVX512 static I load(const uint8_t* p) {
    I at;
    asm("vpmovzxbd %1, %0" : "=v"(at.v) : "m"(*reinterpret_cast<const Bytes*>(p)));
    return at;
  }
};

/// The taps whose elements, place + tap dilation - before, lie inside of n.
struct Taps {
  int64_t begin = 0, end = 0;
  Taps() = default;
  Taps(int64_t place, int64_t before, int64_t dilation, int64_t n, int64_t kernel)
      : begin(before > place ? ceil_div(before - place, dilation) : 0),
        end(n - 1 + before < place ? 0 : std::min<int64_t>(kernel, (n - 1 + before - place) / dilation + 1)) {}
  int64_t count() const { return std::max<int64_t>(0, end - begin); }
};

/// A correlation of images that are turned over already: numbers and shifts made once for all of them.
struct Correlator {
  const Correlation& g;
  bool greatest;  // of each 2 x 2 results
  int rows = rows_of_tile(g.results);
  int64_t blocks = ceil_div(g.results, rows), group = lanes_in_use(),
          out = greatest ? g.out_rows / 2 * (g.out_cols / 2) : g.out_plane();
  Scratch<int64_t> shifts{g.taps()};
  Scratch<Taps> down{g.out_rows}, along{g.out_cols};
  Scratch<int32_t> taps_of{g.out_cols * g.taps()};
  Scratch<float> numbers, biases{blocks * rows};

  template <class Number>
  Correlator(const Correlation& geometry, const float* bias, bool only_greatest, const Number& number)
      : g(geometry), greatest(only_greatest), numbers(numbers_by_block(g, rows, number)) {
    for (int64_t t = 0; t < g.taps(); ++t)
      shifts.get()[t] = (t / g.kernel[1] * g.dilation[0] * g.cols + t % g.kernel[1] * g.dilation[1]) * group;
    for (int64_t i = 0; i < g.out_rows; ++i) down.get()[i] = {i, g.top, g.dilation[0], g.rows, g.kernel[0]};
    for (int64_t j = 0; j < g.out_cols; ++j) {
      const Taps inside(j, g.left, g.dilation[1], g.cols, g.kernel[1]);
      along.get()[j] = inside;
      int32_t* to = taps_of.get() + j * g.taps();
      for (int64_t u = 0; u < g.kernel[0]; ++u)
        for (int64_t v = inside.begin; v < inside.end; ++v) *to++ = static_cast<int32_t>(u * g.kernel[1] + v);
    }
    for (int64_t r = 0; r < blocks * rows; ++r) biases.get()[r] = bias && r < g.results ? bias[r] : 0.0f;
  }

  /// Images [first, first + count), groups of which are `next` elements apart in `turned`.
  void run(int64_t first, int64_t count, const float* turned, int64_t next, float* to, uint8_t* places) const;
};

}  // namespace gradus::kernels::detail
