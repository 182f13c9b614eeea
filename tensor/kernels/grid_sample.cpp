#include "gradus/tensor/kernels/grid_sample.h"

#include <algorithm>
#include <cmath>

#include "gradus/tensor/parallel.h"

namespace gradus::kernels {
namespace {

/// A number and its derivative by the coordinate in the grid.
template <class T>
struct Place {
  T at, slope;
};

/// Brought inside of n elements as `beyond` says.
template <class T>
Place<T> inside(const GridSample& s, Place<T> p, int64_t n) {
  if (s.beyond == Beyond::zeros) return p;
  const T last = static_cast<T>(n - 1);
  if (s.beyond == Beyond::reflection) {
    const T low = s.align_corners ? T(0) : T(-0.5), span = s.align_corners ? last : static_cast<T>(n);
    if (span == 0) return {0, 0};
    const T from = std::abs(p.at - low), turns = std::floor(from / span);
    if (p.at < low) p.slope = -p.slope;
    const bool odd = turns - 2 * std::floor(turns / 2) != 0;
    p.at = (odd ? span - (from - turns * span) : from - turns * span) + low;
    if (odd) p.slope = -p.slope;
  }
  if (p.at < 0 || p.at > last) p.slope = 0;
  return {std::clamp(p.at, T(0), last), p.slope};
}

/// The elements of one dimension that a place is made of, their weights and the weights' derivatives. Weights of
/// elements that do not exist are 0.
template <class T>
struct Line {
  int count = 0;
  int64_t index[4];
  T weight[4], slope[4];

  void add(T element, int64_t n, T w, T dw) {
    const bool real = element >= 0 && element < static_cast<T>(n);
    index[count] = real ? static_cast<int64_t>(element) : 0;
    weight[count] = real ? w : T(0);
    slope[count++] = real ? dw : T(0);
  }
};

/// Cubic convolution with a = -3/4 at distance t >= 0, and its derivative by t.
template <class T>
Place<T> cubic(T t) {
  if (t <= 1) return {(T(1.25) * t - T(2.25)) * t * t + 1, (T(3.75) * t - T(4.5)) * t};
  return {T(-0.75) * (((t - 5) * t + 8) * t - 4), T(-0.75) * ((3 * t - 10) * t + 8)};
}

template <class T>
Line<T> line_of(const GridSample& s, T g, int64_t n) {
  const bool missing = g != g;  // NaN counts as -1
  if (missing) g = -1;
  const T scale = static_cast<T>(s.align_corners ? n - 1 : n) / 2;
  const Place<T> place{(g + 1) * scale - (s.align_corners ? T(0) : T(0.5)), missing ? T(0) : scale};
  Line<T> line;
  if (s.sampling == Sampling::cubic) {
    const T first = std::floor(place.at), rest = place.at - first;
    for (int k = -1; k <= 2; ++k) {
      const T distance = rest - static_cast<T>(k);
      const Place<T> w = cubic(std::abs(distance));
      line.add(std::nearbyint(inside<T>(s, {first + static_cast<T>(k), 0}, n).at), n, w.at,
               (distance < 0 ? -w.slope : w.slope) * place.slope);
    }
    return line;
  }
  const Place<T> there = inside(s, place, n);
  const T first = s.sampling == Sampling::nearest ? std::nearbyint(there.at) : std::floor(there.at);
  const T rest = s.sampling == Sampling::nearest ? T(0) : there.at - first;
  line.add(first, n, 1 - rest, -there.slope);
  if (s.sampling == Sampling::linear) line.add(first + 1, n, rest, there.slope);
  return line;
}

/// Calls f(index in the plane, weight, slopes by {depth, height, width}) for every element that a place is made of.
template <class T, class F>
void each_element(const GridSample& s, const T* grid, const F& f) {
  Line<T> line[3];
  line[0].add(0, 1, 1, 0);
  for (int64_t a = 3 - s.dims; a < 3; ++a) {
    line[a] = line_of(s, grid[2 - a], s.in[a]);
  }
  for (int d = 0; d < line[0].count; ++d)
    for (int i = 0; i < line[1].count; ++i)
      for (int j = 0; j < line[2].count; ++j) {
        const T wd = line[0].weight[d], wi = line[1].weight[i], wj = line[2].weight[j];
        const T slopes[3] = {line[0].slope[d] * wi * wj, wd * line[1].slope[i] * wj, wd * wi * line[2].slope[j]};
        f((line[0].index[d] * s.in[1] + line[1].index[i]) * s.in[2] + line[2].index[j], wd * wi * wj, slopes);
      }
}

constexpr int64_t most_elements = 16;  // of one place: four times four, or two times two times two
constexpr int64_t grain = 4 * 1024;    // places of one task

/// f(batch, first, last) over all places.
template <class F>
void each_places(const GridSample& s, const F& f) {
  const int64_t step = std::max<int64_t>(1, grain / std::max<int64_t>(1, s.c)), pieces = ceil_div(s.places, step);
  parallel_for(s.n * pieces, 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) f(i / pieces, i % pieces * step, std::min(s.places, (i % pieces + 1) * step));
  });
}

}  // namespace

template <class T>
void grid_sample(const GridSample& s, const T* x, const T* grid, T* y) {
  const int64_t plane = s.in_plane();
  each_places(s, [&](int64_t n, int64_t first, int64_t last) {
    for (int64_t p = first; p < last; ++p) {
      int64_t index[most_elements], count = 0;
      T weight[most_elements];
      each_element(s, grid + (n * s.places + p) * s.dims, [&](int64_t at, T w, const T*) {
        if (w == 0) return;
        index[count] = at;
        weight[count++] = w;
      });
      for (int64_t c = n * s.c; c < (n + 1) * s.c; ++c) {
        T sum = 0;
        for (int64_t k = 0; k < count; ++k) sum += weight[k] * x[c * plane + index[k]];
        y[c * s.places + p] = sum;
      }
    }
  });
}

template <class T>
void grid_sample_backward(const GridSample& s, const T* gy, const T* x, const T* grid, T* gx, T* ggrid) {
  const int64_t plane = s.in_plane();
  // Places may share elements: a plane of gx belongs to one thread, which works out the weights for some planes at
  // once.
  constexpr int64_t planes = 8;
  const int64_t groups = ceil_div(s.c, planes);
  if (gx)
    parallel_for(s.n * groups, 1, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        const int64_t n = i / groups, c0 = n * s.c + i % groups * planes, c1 = std::min(c0 + planes, (n + 1) * s.c);
        std::fill(gx + c0 * plane, gx + c1 * plane, T(0));
        for (int64_t p = 0; p < s.places; ++p)
          each_element(s, grid + (n * s.places + p) * s.dims, [&](int64_t at, T w, const T*) {
            if (w == 0) return;
            for (int64_t c = c0; c < c1; ++c) gx[c * plane + at] += w * gy[c * s.places + p];
          });
      }
    });
  if (!ggrid) return;
  each_places(s, [&](int64_t n, int64_t first, int64_t last) {
    for (int64_t p = first; p < last; ++p) {
      T sum[3] = {0, 0, 0};
      const int64_t place = (n * s.places + p) * s.dims;
      each_element(s, grid + place, [&](int64_t at, T, const T* slopes) {
        T product = 0;
        for (int64_t c = n * s.c; c < (n + 1) * s.c; ++c) product += gy[c * s.places + p] * x[c * plane + at];
        for (int a = 0; a < 3; ++a) sum[a] += product * slopes[a];
      });
      for (int64_t d = 0; d < s.dims; ++d) ggrid[place + d] = sum[2 - d];
    }
  });
}

template void grid_sample(const GridSample&, const float*, const float*, float*);
template void grid_sample(const GridSample&, const double*, const double*, double*);
template void grid_sample_backward(const GridSample&, const float*, const float*, const float*, float*, float*);
template void grid_sample_backward(const GridSample&, const double*, const double*, const double*, double*, double*);

}  // namespace gradus::kernels
