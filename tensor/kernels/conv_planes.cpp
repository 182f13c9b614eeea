// Convolutions of few channels, without strides. The rows of an image lie one after the other with zeros between them,
// so that a tap of the window is the whole image shifted by a constant: the result is a sum of shifted images times
// numbers, kept in registers, with neither columns in memory nor channels filled up to whole vectors.
#include <algorithm>
#include <cmath>
#include <cstring>

#include "gradus/tensor/kernels/conv_parts.h"

namespace gradus::kernels {
namespace {

using detail::in_register;
using detail::round_up;
using detail::rows_of_tile;
using detail::vectors_of_tile;
using detail::with_constant;
using detail::with_rows;

constexpr int64_t lanes = 16;              // of the widest vector
constexpr int64_t least_work = 64 * 1024;  // multiplications of a chunk that a thread takes
constexpr int64_t images_of_a_piece = 16;  // whose weight gradients are summed up apart, at least
constexpr int64_t pieces_at_most = 8;
constexpr int64_t resident = 8 * 1024;  // elements of a group of images that stay in the first cache

/// n elements; moves of fixed sizes, where memcpy(n) would be a call for a row of an image.
inline void copy_row(const float* from, int64_t n, float* to) {
  int64_t j = 0;
  for (; j + lanes <= n; j += lanes) std::memcpy(to + j, from + j, lanes * sizeof(float));
  if (n & 8) std::memcpy(to + j, from + j, 8 * sizeof(float)), j += 8;
  if (n & 4) std::memcpy(to + j, from + j, 4 * sizeof(float)), j += 4;
  if (n & 2) std::memcpy(to + j, from + j, 2 * sizeof(float)), j += 2;
  if (n & 1) to[j] = from[j];
}

/// Rows of `cols` elements, to rows that begin `pitch` apart.
void copy_rows(const float* from, int64_t rows, int64_t cols, int64_t pitch, float* to) {
  if (pitch == cols) return static_cast<void>(std::memcpy(to, from, static_cast<size_t>(rows * cols) * sizeof(float)));
  for (int64_t i = 0; i < rows; ++i) copy_row(from + i * cols, cols, to + i * pitch);
}

/// An element of a source lies at (i + top) pitch + left + j of its plane; the zeros on the right of a row are the next
/// one's left.
struct Planes : detail::Correlation {
  int64_t pitch, area, length;  // area: elements of a plane; length: positions from the first result to the last

  Planes(const Conv& d, bool transposed)
      : Correlation(d, transposed),
        pitch(cols + std::max(left, out_cols + wide() - left - cols)),
        area(round_up((out_rows + high()) * pitch + wide(), lanes)),
        length((out_rows - 1) * pitch + out_cols) {}

  /// Elements of the planes of an image, and behind them what the last tile may read too.
  int64_t elements() const { return sources * area + 8 * lanes; }
  int64_t width() const { return round_up(length, lanes) + lanes; }
  /// Rows of a source that any result needs.
  int64_t used_rows() const { return std::min(rows, out_rows + high() - top); }

  /// An image into planes whose other elements are zero.
  void lay_out(const float* image, float* to) const {
    for (int64_t s = 0; s < sources; ++s)
      copy_rows(image + s * plane(), used_rows(), cols, pitch, to + s * area + top * pitch + left);
  }

  Scratch<int64_t> shifts() const {
    Scratch<int64_t> r(terms());
    for (int64_t i = 0; i < terms(); ++i) {
      const int64_t v = i % kernel[1], u = i / kernel[1] % kernel[0], s = i / taps();
      r.get()[i] = s * area + u * dilation[0] * pitch + v * dilation[1];
    }
    return r;
  }
};

Scratch<float> zeros(int64_t n) {
  Scratch<float> r(n);
  std::fill_n(r.get(), n, 0.0f);
  return r;
}

/// One image: sums[r][p] = sum over terms t of numbers[t][r] planes[p + shifts[t]], block by block of R results, which
/// then go to their places with the bias.
struct Image {
  const Planes* g;
  const float *planes, *numbers, *bias;
  const int64_t* shifts;
  float *sums, *to;
};

template <class V, int R>
struct CorrelationTile {
  template <int NV>
  GRADUS_INLINE static void run(const Image& c, const float* planes, const float* numbers, float* sums, int64_t width) {
    V acc[R][NV];
    const int64_t terms = c.g->terms();
    for (int64_t t = 0; t < terms; ++t) {
      const float* from = planes + c.shifts[t];
      V x[NV];
#pragma GCC unroll 16
      for (int j = 0; j < NV; ++j) x[j] = V::load(from + j * V::size);
#pragma GCC unroll 16
      for (int r = 0; r < R; ++r) {
        const V number(numbers[t * R + r]);
#pragma GCC unroll 16
        for (int j = 0; j < NV; ++j) acc[r][j] = fma(number, x[j], acc[r][j]);
      }
    }
#pragma GCC unroll 16
    for (int r = 0; r < R; ++r)
#pragma GCC unroll 16
      for (int j = 0; j < NV; ++j) acc[r][j].store(sums + r * width + j * V::size);
  }
};

/// The rows of a result to their places. What a vector has too many is overwritten by the next row or result; behind
/// the image's `end` there is none.
template <class V>
GRADUS_INLINE void put_rows(const Planes& g, const float* sums, float bias, float* to, const float* end) {
  constexpr int64_t N = V::size;
  for (int64_t i = 0; i < g.out_rows; ++i, sums += g.pitch, to += g.out_cols)
    for (int64_t j = 0; j < g.out_cols; j += N) {
      const V y = V::load(sums + j) + V(bias);
      if (end - to >= j + N)
        y.store(to + j);
      else
        y.store(to + j, g.out_cols - j);
    }
}

template <int R>
struct Correlate {
  template <class Arch>
  GRADUS_INLINE static void run(const Image* c) {
    using V = typename Arch::template vec<float>;
    constexpr int most = vectors_of_tile<Arch, R>;
    const Planes& g = *c->g;
    const int64_t vectors = ceil_div(g.length, V::size), width = g.width(), plane = g.out_plane();
    for (int64_t r0 = 0; r0 < g.results; r0 += R) {
      for (int64_t v = 0, tiles = ceil_div(vectors, most); tiles > 0; --tiles) {  // of nearly the same size
        const int64_t n = ceil_div(vectors - v, tiles);
        with_constant<most, CorrelationTile<V, R>>(static_cast<int>(n), *c, c->planes + v * V::size,
                                                   c->numbers + r0 * g.terms(), c->sums + v * V::size, width);
        v += n;
      }
      for (int64_t r = r0; r < std::min<int64_t>(g.results, r0 + R); ++r)
        put_rows<V>(g, c->sums + (r - r0) * width, c->bias ? c->bias[r] : 0.0f, c->to + r * plane,
                    c->to + g.results * plane);
    }
  }
};

/// Images x [n, sources, ...] to [n, results, ...]; number(r, s, t) is what tap t of source s counts in result r.
template <class Number>
void correlate(const Planes& g, int64_t n, const float* x, const float* bias, float* to, const Number& number) {
  const int rows = rows_of_tile(g.results);
  const Scratch<int64_t> shifts = g.shifts();
  const Scratch<float> numbers = detail::numbers_by_block(g, rows, number);
  const int64_t work = g.results * g.terms() * g.length;
  parallel_for(n, ceil_div(least_work, work), [&](int64_t begin, int64_t end) {
    const Scratch<float> planes = zeros(g.elements()), sums(rows * g.width());
    for (int64_t i = begin; i < end; ++i) {
      g.lay_out(x + i * g.sources * g.plane(), planes.get());
      const Image c{
          &g, planes.get(), numbers.get(), bias, shifts.get(), sums.get(), to + i * g.results * g.out_plane()};
      with_rows<Correlate>(rows, &c);
    }
  });
}

/// A group of images: sums[r][t] += sum over images and positions p of gradients[r][p] planes[p + shifts[t]], lane by
/// lane. Of both there is one after the other image; gradients have zeros where there is no result.
struct Products {
  const Planes* g;
  const float *planes, *gradients;
  const int64_t* shifts;
  int64_t images, rows;  // rows of gradients: results, rounded up to whole tiles
  float* sums;           // [row block][term][R] vectors
};

template <class V, int R>
struct ProductsTile {
  template <int NT>
  GRADUS_INLINE static void run(const Products& p, const float* gradients, const int64_t* shifts, float* sums) {
    const int64_t vectors = ceil_div(p.g->length, V::size), width = p.g->width();
    V acc[NT][R];
#pragma GCC unroll 16
    for (int t = 0; t < NT; ++t)
#pragma GCC unroll 16
      for (int r = 0; r < R; ++r) acc[t][r] = V::load(sums + (t * R + r) * V::size);
    for (int64_t i = 0; i < p.images; ++i) {
      const float *from = p.planes + i * p.g->elements(), *by = gradients + i * p.rows * width;
      for (int64_t v = 0; v < vectors; ++v) {
        V x[NT];
#pragma GCC unroll 16
        for (int t = 0; t < NT; ++t) x[t] = V::load(from + shifts[t] + v * V::size);
#pragma GCC unroll 16
        for (int r = 0; r < R; ++r) {
          V y = V::load(by + r * width + v * V::size);
          in_register(y);
#pragma GCC unroll 16
          for (int t = 0; t < NT; ++t) acc[t][r] = fma(y, x[t], acc[t][r]);
        }
      }
    }
#pragma GCC unroll 16
    for (int t = 0; t < NT; ++t)
#pragma GCC unroll 16
      for (int r = 0; r < R; ++r) acc[t][r].store(sums + (t * R + r) * V::size);
  }
};

template <int R>
struct AddProducts {
  template <class Arch>
  GRADUS_INLINE static void run(const Products* p) {
    using V = typename Arch::template vec<float>;
    constexpr int most = vectors_of_tile<Arch, R>;
    const int64_t terms = p->g->terms();
    for (int64_t r0 = 0; r0 < p->rows; r0 += R)
      for (int64_t t = 0, tiles = ceil_div(terms, most); tiles > 0; --tiles) {
        const int64_t n = ceil_div(terms - t, tiles);
        with_constant<most, ProductsTile<V, R>>(static_cast<int>(n), *p, p->gradients + r0 * p->g->width(),
                                                p->shifts + t, p->sums + (r0 * terms + t * R) * V::size);
        t += n;
      }
  }
};

/// The sums of a piece of a batch: products, [block of rows][term][row] vectors, and gradients, [result] vectors.
struct Sums {
  const Planes& g;
  int rows;
  int64_t padded = round_up(g.results, rows), products = padded * g.terms() * lanes, size = products + padded * lanes;
};

/// Images of a piece, group by group, into its sums.
void add_piece(const Sums& of, const int64_t* shifts, const float* x, const float* gy, int64_t images, bool with_bias,
               float* sums) {
  const Planes& g = of.g;
  const int64_t next = of.padded * g.width(), group = std::clamp<int64_t>(resident / (of.rows * g.width()), 1, images);
  const Scratch<float> planes = zeros(group * g.elements()), gradients = zeros(group * next);
  for (int64_t i = 0; i < images; i += group) {
    const int64_t some = std::min(group, images - i);
    for (int64_t k = 0; k < some; ++k) {
      g.lay_out(x + (i + k) * g.sources * g.plane(), planes.get() + k * g.elements());
      for (int64_t r = 0; r < g.results; ++r)
        copy_rows(gy + ((i + k) * g.results + r) * g.out_plane(), g.out_rows, g.out_cols, g.pitch,
                  gradients.get() + k * next + r * g.width());
    }
    const Products p{&g, planes.get(), gradients.get(), shifts, some, of.padded, sums};
    with_rows<AddProducts>(of.rows, &p);
    for (int64_t r = 0; with_bias && r < g.results; ++r)
      simd::call<detail::AddElements>(p.gradients + r * g.width(), some, next, g.width() - lanes,
                                      sums + of.products + r * lanes);
  }
}

}  // namespace

bool planes::takes(const Conv& d) {
  const bool flat = d.in[0] == 1 && d.kernel[0] == 1 && d.before[0] == 0 && d.after[0] == 0;
  if (!flat || d.groups != 1 || d.n <= 0 || d.c <= 0 || d.o <= 0) return false;
  for (int i = 1; i < 3; ++i)
    if (d.stride[i] != 1 || d.in[i] <= 0 || d.out(i) <= 0 || d.before[i] > d.dilation[i] * (d.kernel[i] - 1) ||
        d.kernel[i] <= 0)
      return false;
  return true;
}

void planes::conv_forward(const Conv& d, const float* x, const float* weight, const float* bias, float* y) {
  const Planes g(d, false);
  correlate(g, d.n, x, bias, y, [&](int64_t o, int64_t c, int64_t t) { return weight[(o * d.c + c) * g.taps() + t]; });
}

void planes::conv_backward_input(const Conv& d, const float* gy, const float* weight, const float* bias, float* gx) {
  const Planes g(d, true);
  correlate(g, d.n, gy, bias, gx,
            [&](int64_t c, int64_t o, int64_t t) { return weight[(o * d.c + c) * g.taps() + g.taps() - 1 - t]; });
}

void planes::conv_backward_weight(const Conv& d, const float* x, const float* gy, float* gw, float* gb) {
  const Planes g(d, false);
  const Sums of{g, rows_of_tile(g.results)};
  const int64_t elements = g.results * g.terms(), rows = of.rows;
  const int64_t images = std::max(images_of_a_piece, ceil_div(d.n, pieces_at_most)), pieces = ceil_div(d.n, images);
  const Scratch<int64_t> shifts = g.shifts();
  const Scratch<float> sums = zeros(pieces * of.size);
  const int64_t small = least_work / std::max<int64_t>(1, elements * g.length * images);
  parallel_for(pieces, small + 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i)
      add_piece(of, shifts.get(), x + i * images * d.c * d.in_plane(), gy + i * images * d.o * d.out_plane(),
                std::min(images, d.n - i * images), gb != nullptr, sums.get() + i * of.size);
  });
  const int64_t vector = detail::lanes_in_use();
  for (int64_t r = 0; r < g.results; ++r) {
    const float* from = sums.get() + (r / rows * g.terms() * rows + r % rows) * vector;
    simd::call<detail::AddPieces>(from, pieces, of.size, g.terms(), rows, gw + r * g.terms());
    from = sums.get() + of.products + r * lanes;
    if (gb) simd::call<detail::AddPieces>(from, pieces, of.size, int64_t{1}, int64_t{1}, gb + r);
  }
  // Zeros times what is not finite are no zeros: where a sum is not finite, only real products may be in it.
  if (!std::all_of(gw, gw + elements, [](float v) { return std::isfinite(v); }))
    own::conv_backward_weight(d, x, gy, gw, gb);
}

}  // namespace gradus::kernels
