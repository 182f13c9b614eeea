// The gradients of convolutions whose images are turned over (conv_lanes.cpp): of their weights, and of their inputs
// where both are computed from the same gradients.
#include <cmath>
#include <optional>

#include "gradus/tensor/kernels/conv_lanes.h"

namespace gradus::kernels {
namespace {

using detail::Correlation;
using detail::Correlator;
using detail::in_register;
using detail::lanes_in_use;
using detail::Layout;
using detail::least_work;
using detail::most_lanes;
using detail::round_up;
using detail::vectors_of_tile;
using detail::with_constant;
using detail::with_rows;

constexpr int64_t first_cache = 6 * 1024;  // elements of gradients that stay in it
constexpr int64_t least_tasks = 8;         // into which weight gradients are cut

/// Two rows of a plane's gradient from that of the greatest of each 2 x 2 of them.
template <class V>
GRADUS_INLINE void spread_rows(const float* from, const uint8_t* places, int64_t cols, float* to) {
  using I = simd::Vec<int32_t, V::size>;
  constexpr int64_t N = V::size;
  for (int64_t j = 0; j < cols / 2; ++j, from += N, places += most_lanes, to += 2 * N) {
    const V g = V::load(from);
    const I at = detail::Places<V::size>::load(places);
    const auto put = [&](int32_t place, float* p) __attribute__((always_inline)) {
      V((at.v == I(place).v) ? g.v : V().v).store(p);
    };
    put(0, to), put(1, to + N), put(2, to + cols * N), put(3, to + (cols + 1) * N);
  }
  if (cols % 2) V().store(to), V().store(to + cols * N);
}

/// A whole plane of rows x cols.
struct Spread {
  template <class Arch>
  GRADUS_INLINE static void run(const float* from, const uint8_t* places, int64_t rows, int64_t cols, float* to) {
    using V = typename Arch::template vec<float>;
    constexpr int64_t N = V::size;
    const int64_t width = cols / 2;
    for (int64_t i = 0; i < rows / 2; ++i, to += 2 * cols * N)
      spread_rows<V>(from + i * width * N, places + i * width * most_lanes, cols, to);
    for (int64_t j = 0; rows % 2 && j < cols; ++j) V().store(to + j * N);
  }
};

/// For R results and all taps: sums[s][t][r] += sum over images and places p of gradients[r][p]
/// planes[s][p + shifts[t]], lane by lane.
struct Products {
  const Correlation* g;
  const int64_t *shifts, *places;  // of the taps and of the places p, in elements
  const float* planes;
  int64_t plane, next_planes;                    // elements of a source; from a group to the next
  const float* gradients;                        // [R][row][col][lane], or of the greatest of each 2 x 2
  const uint8_t* greatest;                       // where these are, of the first result and of all images, or null
  int64_t groups, next_gradients, image, count;  // image: the first; count: results that there are, of R
  int64_t pairs;
  float *rows, *sums;  // rows: room for so many pairs of rows of each result
};

/// `count` places of one source, whose gradients are `apart` from result to result.
struct Part {
  const float *planes, *gradients;
  const int64_t* places;
  int64_t count, apart;
};

template <class V, int R>
struct ProductsTile {
  template <int NT>
  GRADUS_INLINE static void run(const Part& p, const int64_t* shifts, float* sums) {
    constexpr int64_t N = V::size;
    V acc[NT][R];
#pragma GCC unroll 16
    for (int t = 0; t < NT; ++t)
#pragma GCC unroll 16
      for (int r = 0; r < R; ++r) acc[t][r] = V::load(sums + (t * R + r) * N);
    for (int64_t i = 0; i < p.count; ++i) {
      const float *from = p.planes + p.places[i], *by = p.gradients + i * N;
      V x[NT];
#pragma GCC unroll 16
      for (int t = 0; t < NT; ++t) x[t] = V::load(from + shifts[t]);
#pragma GCC unroll 16
      for (int r = 0; r < R; ++r) {
        V y = V::load(by + r * p.apart);
        in_register(y);
#pragma GCC unroll 16
        for (int t = 0; t < NT; ++t) acc[t][r] = fma(y, x[t], acc[t][r]);
      }
    }
#pragma GCC unroll 16
    for (int t = 0; t < NT; ++t)
#pragma GCC unroll 16
      for (int r = 0; r < R; ++r) acc[t][r].store(sums + (t * R + r) * N);
  }
};

template <int R>
struct AddProducts {
  template <class Arch>
  GRADUS_INLINE static void run(const Products* p) {
    using V = typename Arch::template vec<float>;
    for (int64_t i = 0; i < p->groups; ++i) p->greatest ? by_rows<Arch, V>(*p, i) : by_chunks<Arch, V>(*p, i);
  }

  template <class Arch, class V>
  GRADUS_INLINE static void by_chunks(const Products& p, int64_t group) {
    const int64_t all = p.g->out_plane(), some = std::max<int64_t>(1, first_cache / (R * V::size));
    const float* gradients = p.gradients + group * p.next_gradients;
    for (int64_t first = 0, chunks = ceil_div(all, some); chunks > 0; --chunks) {
      const int64_t count = ceil_div(all - first, chunks);
      add<Arch, V>(p, group, {nullptr, gradients + first * V::size, p.places + first, count, all * V::size});
      first += count;
    }
  }
  template <class Arch, class V>
  GRADUS_INLINE static void by_rows(const Products& p, int64_t group) {
    constexpr int64_t N = V::size;
    const int64_t cols = p.g->out_cols, width = cols / 2, pairs = p.g->out_rows / 2, area = pairs * width;
    const int64_t apart = p.pairs * 2 * cols * N, image = p.image + group * N;
    const uint8_t* greatest = p.greatest + image / most_lanes * p.g->results * area * most_lanes + image % most_lanes;
    for (int64_t first = 0; first < pairs; first += p.pairs) {
      const int64_t last = std::min(pairs, first + p.pairs);
      for (int64_t r = 0; r < p.count; ++r)
        for (int64_t i = first; i < last; ++i)
          spread_rows<V>(p.gradients + group * p.next_gradients + (r * area + i * width) * N,
                         greatest + (r * area + i * width) * most_lanes, cols,
                         p.rows + r * apart + (i - first) * 2 * cols * N);
      add<Arch, V>(p, group, {nullptr, p.rows, p.places + first * 2 * cols, (last - first) * 2 * cols, apart});
    }
  }
  template <class Arch, class V>
  GRADUS_INLINE static void add(const Products& p, int64_t group, Part part) {
    constexpr int most = vectors_of_tile<Arch, R>;
    const int64_t taps = p.g->taps();
    float* sums = p.sums;
    for (int64_t s = 0; s < p.g->sources; ++s) {
      part.planes = p.planes + group * p.next_planes + s * p.plane;
      for (int64_t t = 0, tiles = ceil_div(taps, most); tiles > 0; --tiles) {
        const int64_t n = ceil_div(taps - t, tiles);
        with_constant<most, ProductsTile<V, R>>(static_cast<int>(n), part, p.shifts + t, sums);
        sums += n * R * V::size;
        t += n;
      }
    }
  }
};

/// Results that a tile of products takes: what fits best without rest.
int rows_of_products(int64_t results) {
  if (results <= 2) return 2;
  return round_up(results, 6) < round_up(results, 4) ? 6 : 4;
}

/// The gradients of whole planes from those of the greatest, both turned over, `next` and `next_small` elements from a
/// group to the next; groups of `n` images from `first` on.
void spread(const Correlation& g, int64_t first, int64_t n, const float* small, int64_t next_small,
            const uint8_t* places, float* to, int64_t next) {
  const int64_t group = lanes_in_use(), area = g.out_rows / 2 * (g.out_cols / 2);
  parallel_for(ceil_div(n, group) * g.results, ceil_div(16 * 1024, g.out_plane() * group), [&](int64_t b, int64_t e) {
    for (int64_t i = b; i < e; ++i) {
      const int64_t k = i / g.results, image = first + k * group, r = i % g.results;
      const int64_t place = (image / most_lanes * g.results + r) * area * most_lanes + image % most_lanes;
      simd::call<Spread>(small + k * next_small + r * area * group, places + place, g.out_rows, g.out_cols,
                         to + k * next + r * g.out_plane() * group);
    }
  });
}

/// Batches of images, turned over, into the sums of all blocks of results: of all their gradients, or those of the
/// greatest of each 2 x 2 and the places of these.
struct WeightGradient {
  Correlation g;
  bool with_bias;
  const uint8_t* greatest;
  int64_t n;
  Layout in{g};
  int rows = rows_of_products(g.results);
  int64_t area = greatest ? g.out_rows / 2 * (g.out_cols / 2) : g.out_plane(), blocks = ceil_div(g.results, rows),
          group = lanes_in_use(), plane = in.vectors() * group, in_group = g.sources * plane,
          out_group = blocks * rows * area * group, block = g.terms() * rows * group,
          some = detail::images_at_once(n, (in_group + out_group) / group), groups = ceil_div(some, group),
          pieces = std::min(groups, ceil_div(least_tasks, blocks)), bias_piece = blocks * rows * group,
          piece = blocks * block + bias_piece,
          pairs = std::max<int64_t>(1, first_cache / (rows * group * 2 * g.out_cols));
  Scratch<int64_t> shifts{g.taps()}, places{g.out_plane()};
  Scratch<float> sums{pieces * piece}, images{groups * in_group};

  WeightGradient(const Conv& d, bool bias, const uint8_t* places_of_greatest)
      : g(d, false), with_bias(bias), greatest(places_of_greatest), n(d.n) {
    for (int64_t t = 0; t < g.taps(); ++t)
      shifts.get()[t] = (t / g.kernel[1] * g.dilation[0] * in.pitch() + t % g.kernel[1] * g.dilation[1]) * group;
    for (int64_t p = 0; p < g.out_plane(); ++p)
      places.get()[p] = (p / g.out_cols * in.pitch() + p % g.out_cols) * group;
  }

  /// Gradients of whole groups, those of results that there are not set to zero.
  Scratch<float> gradients() const {
    Scratch<float> r(groups * out_group);
    const int64_t real = g.results * area * group;
    for (int64_t k = 0; k < groups; ++k) std::fill_n(r.get() + k * out_group + real, out_group - real, 0.0f);
    return r;
  }

  /// Images [first, first + count) and their gradients, turned over.
  void add(int64_t first, int64_t count, const float* x, const float* gradients) {
    in.turn(count, g.sources, x + first * g.sources * in.elements(), images.get(), in_group);
    const int64_t work = rows * g.terms() * g.out_plane() * count / pieces, whole = ceil_div(count, group);
    const int64_t share = ceil_div(groups, pieces);
    parallel_for(pieces * blocks, ceil_div(least_work, work), [&](int64_t begin, int64_t end) {
      const int64_t elements = greatest ? rows * pairs * 2 * g.out_cols * group : 0;
      const Scratch<float> room(elements);
      std::fill_n(room.get(), elements, 0.0f);
      for (int64_t i = begin; i < end; ++i) {
        const int64_t k = i / blocks, from = std::min(whole, k * share);
        if (first == 0) clear(k, i % blocks);
        add_block(k, i % blocks, first, from, std::min(whole, from + share) - from, gradients, room.get());
      }
    });
  }
  /// The sums of all pieces and lanes.
  void total(float* gw, float* gb) const {
    parallel_for(g.results, ceil_div(8 * 1024, g.terms() * group * pieces), [&](int64_t begin, int64_t end) {
      for (int64_t r = begin; r < end; ++r) {
        const float* from = sums.get() + r / rows * block + r % rows * group;
        simd::call<detail::AddPieces>(from, pieces, piece, g.terms(), int64_t{rows}, gw + r * g.terms());
        from = sums.get() + piece - bias_piece + r * group;
        if (with_bias) simd::call<detail::AddPieces>(from, pieces, piece, int64_t{1}, int64_t{1}, gb + r);
      }
    });
  }

 private:
  void clear(int64_t k, int64_t b) {
    std::fill_n(sums.get() + k * piece + b * block, block, 0.0f);
    std::fill_n(sums.get() + (k + 1) * piece - bias_piece + b * rows * group, rows * group, 0.0f);
  }
  void add_block(int64_t k, int64_t b, int64_t first, int64_t from, int64_t count, const float* gradients,
                 float* room) {
    const int64_t r0 = b * rows;
    const Products p{&g,
                     shifts.get(),
                     places.get(),
                     images.get() + from * in_group,
                     plane,
                     in_group,
                     gradients + from * out_group + r0 * area * group,
                     greatest ? greatest + r0 * area * most_lanes : nullptr,
                     count,
                     out_group,
                     first + from * group,
                     std::min<int64_t>(rows, g.results - r0),
                     pairs,
                     room,
                     sums.get() + k * piece + b * block};
    with_rows<AddProducts>(rows, &p);
    for (int64_t r = 0; with_bias && r < rows; ++r)
      simd::call<detail::AddElements>(p.gradients + r * area * group, count, out_group, area * group,
                                      sums.get() + (k + 1) * piece - bias_piece + (r0 + r) * group);
  }
};

/// Both gradients, or one of them, gx may be null, and gw with gb: from gy, or that of the greatest of each 2 x 2 and
/// their places.
void gradients_of(const Conv& d, const float* x, const float* weight, const float* gy, const uint8_t* greatest,
                  float* gx, float* gw, float* gb) {
  const Correlation there(d, false), back(d, true);
  const auto number = [&](int64_t c, int64_t o, int64_t t) {
    return weight[(o * d.c + c) * back.taps() + back.taps() - 1 - t];
  };
  std::optional<WeightGradient> w;
  std::optional<Correlator> c;
  if (gw) w.emplace(d, gb != nullptr, greatest);
  if (gx) c.emplace(back, nullptr, false, number);
  const Layout out(greatest ? there.out_rows / 2 : there.out_rows, greatest ? there.out_cols / 2 : there.out_cols);
  const int64_t group = lanes_in_use(), whole = back.sources * back.plane() * group;
  const int64_t next = w ? w->out_group : back.sources * out.elements() * group;
  const int64_t some = w ? w->some : detail::images_at_once(d.n, back.sources * back.plane());
  const Scratch<float> turned = w ? w->gradients() : Scratch<float>(ceil_div(some, group) * next);
  const Scratch<float> spread_out(c && greatest ? ceil_div(some, group) * whole : 0);
  for (int64_t first = 0; first < d.n; first += some) {
    const int64_t count = std::min(some, d.n - first);
    out.turn(count, there.results, gy + first * there.results * out.elements(), turned.get(), next);
    if (c && greatest) spread(there, first, count, turned.get(), next, greatest, spread_out.get(), whole);
    if (c) c->run(first, count, greatest ? spread_out.get() : turned.get(), greatest ? whole : next, gx, nullptr);
    if (w) w->add(first, count, x, turned.get());
  }
  if (w) w->total(gw, gb);
}

// Zeros times what is not finite are no zeros: where a sum is not finite, only real products may be in it.
bool all_finite(const Conv& d, const float* gw) {
  return std::all_of(gw, gw + d.o * d.c * d.taps(), [](float v) { return std::isfinite(v); });
}

/// [n, o, out], from the gradient of the greatest of each 2 x 2.
Scratch<float> whole_gradient(const Conv& d, const float* gy, const uint8_t* places) {
  const int64_t rows = d.out(1), cols = d.out(2), width = cols / 2, area = rows / 2 * width;
  Scratch<float> whole(d.n * d.o * rows * cols);
  std::fill_n(whole.get(), d.n * d.o * rows * cols, 0.0f);
  for (int64_t i = 0; i < d.n * d.o; ++i)
    for (int64_t p = 0; p < area; ++p) {
      const int64_t image = i / d.o,
                    at = places[((image / most_lanes * d.o + i % d.o) * area + p) * most_lanes + image % most_lanes];
      whole.get()[(i * rows + p / width * 2 + at / 2) * cols + p % width * 2 + at % 2] = gy[i * area + p];
    }
  return whole;
}

}  // namespace

void image_lanes::conv_backward_weight(const Conv& d, const float* x, const float* gy, float* gw, float* gb) {
  gradients_of(d, x, nullptr, gy, nullptr, nullptr, gw, gb);
  if (!all_finite(d, gw)) own::conv_backward_weight(d, x, gy, gw, gb);
}

void image_lanes::conv_greatest_backward(const Conv& d, const float* x, const float* weight, const float* gy,
                                         const uint8_t* places, float* gx, float* gw, float* gb) {
  gradients_of(d, x, weight, gy, places, gx, gw, gb);
  if (gw && !all_finite(d, gw)) own::conv_backward_weight(d, x, whole_gradient(d, gy, places).get(), gw, gb);
}

}  // namespace gradus::kernels
