// Sampling at the places of a grid, and the grids of affine maps.
#include <algorithm>
#include <cmath>

#include "table.h"

using namespace gradus;

namespace table {
namespace {

using Index = std::vector<int64_t>;

struct Sampling {
  int64_t mode, padding;  // linear, nearest, cubic; zeros, border, reflection
  bool corners;
};

// A place brought inside by mirrors at the borders, then by clipping.
double inside(const Sampling& s, double at, int64_t n) {
  const auto last = static_cast<double>(n - 1);
  if (s.padding == 0) return at;
  const double low = s.corners ? 0 : -0.5, high = s.corners ? last : last + 0.5;
  while (s.padding == 2 && high > low && (at < low || at > high)) at = at < low ? 2 * low - at : 2 * high - at;
  if (s.padding == 2 && high == low) at = 0;
  return std::clamp(at, 0.0, last);
}

double cubic(double x) {
  x = std::abs(x);
  if (x <= 1) return 1.25 * x * x * x - 2.25 * x * x + 1;
  return x < 2 ? -0.75 * (x * x * x - 5 * x * x + 8 * x - 4) : 0;
}

// The weight of every element of a line of n at place g of [-1, 1].
std::vector<double> line_weights(const Sampling& s, double g, int64_t n) {
  const auto size = static_cast<double>(n);
  const double at = s.corners ? (g + 1) / 2 * (size - 1) : ((g + 1) * size - 1) / 2;
  std::vector<double> w(static_cast<size_t>(n), 0.0);
  auto add = [&](double place, double weight) {
    if (place >= 0 && place < size) w[static_cast<size_t>(place)] += weight;
  };
  if (s.mode == 2) {
    for (double k = std::floor(at) - 1; k <= std::floor(at) + 2; ++k)
      add(std::nearbyint(inside(s, k, n)), cubic(at - k));
    return w;
  }
  const double there = inside(s, at, n), first = std::floor(there);
  if (s.mode == 1) {
    add(std::nearbyint(there), 1);
  } else {
    add(first, 1 - (there - first));
    add(first + 1, there - first);
  }
  return w;
}

Reference sampled(const Sampling& s) {
  return [s](const std::vector<Array>& in) {
    const Array &x = in[0], &grid = in[1];
    const size_t dims = x.shape.size() - 2;
    Index shape = grid.shape;
    shape.pop_back();
    shape.insert(shape.begin() + 1, x.shape[1]);
    int64_t places = 1, elements = 1;
    for (size_t d = 0; d < dims; ++d) places *= grid.shape[d + 1], elements *= x.shape[d + 2];
    Array y{shape, {}};
    for (int64_t n = 0; n < x.shape[0]; ++n)
      for (int64_t c = 0; c < x.shape[1]; ++c)
        for (int64_t p = 0; p < places; ++p) {
          std::vector<double> w(static_cast<size_t>(elements), 1.0);
          for (size_t d = 0; d < dims; ++d) {
            const double g =
                grid.at((n * places + p) * static_cast<int64_t>(dims) + static_cast<int64_t>(dims - 1 - d));
            const std::vector<double> line = line_weights(s, g, x.shape[d + 2]);
            int64_t inner = 1;
            for (size_t e = d + 1; e < dims; ++e) inner *= x.shape[e + 2];
            for (int64_t k = 0; k < elements; ++k)
              w[static_cast<size_t>(k)] *= line[static_cast<size_t>(k / inner % x.shape[d + 2])];
          }
          double sum = 0;
          for (int64_t k = 0; k < elements; ++k)
            sum += w[static_cast<size_t>(k)] * x.at((n * x.shape[1] + c) * elements + k);
          y.v.push_back(sum);
        }
    return y;
  };
}

Row sample_row(const std::string& variant, const Sampling& s, Index x, Index grid) {
  Row r{"grid_sampler",
        variant,
        [s](auto& in) { return grid_sampler(in[0], in[1], s.mode, s.padding, s.corners); },
        {{std::move(x)}, {std::move(grid), -1.4, 1.4}},
        sampled(s)};
  if (s.mode == 1) r.in[1].kind = Kind::fixed;  // steps: no gradient reaches the grid
  r.float_tolerance = 1e-5;                     // places are differences of numbers near each other
  return r;
}

Row affine_row(const char* variant, Index size, bool corners) {
  const int64_t dims = static_cast<int64_t>(size.size()) - 2;
  return {"affine_grid_generator",
          variant,
          [=](auto& in) { return affine_grid_generator(in[0], size, corners); },
          {{{size[0], dims, dims + 1}}},
          [=](const std::vector<Array>& in) {
            Array y{{size[0]}, {}};
            int64_t places = 1;
            for (int64_t d = 0; d < dims; ++d) {
              y.shape.push_back(size[static_cast<size_t>(d) + 2]);
              places *= y.shape.back();
            }
            y.shape.push_back(dims);
            for (int64_t n = 0; n < size[0]; ++n)
              for (int64_t p = 0; p < places; ++p) {
                std::vector<double> point(static_cast<size_t>(dims) + 1, 1.0);
                for (int64_t d = dims - 1, rest = p; d >= 0; --d) {
                  const int64_t m = size[static_cast<size_t>(d) + 2];
                  const auto k = static_cast<double>(rest % m), count = static_cast<double>(m);
                  rest /= m;
                  const double at = corners ? -1 + 2 * k / (count - 1) : (2 * k + 1) / count - 1;
                  point[static_cast<size_t>(dims - 1 - d)] = m == 1 ? 0 : at;
                }
                for (int64_t r = 0; r < dims; ++r) {
                  double sum = 0;
                  for (int64_t c = 0; c <= dims; ++c)
                    sum += in[0].at((n * dims + r) * (dims + 1) + c) * point[static_cast<size_t>(c)];
                  y.v.push_back(sum);
                }
              }
            return y;
          }};
}

}  // namespace

std::vector<Row> grid_sample_rows() {
  std::vector<Row> rows;
  const char *modes[] = {"linear", "nearest", "cubic"}, *paddings[] = {"zeros", "border", "reflection"};
  for (int64_t mode : {0, 1, 2})
    for (int64_t padding : {0, 1, 2})
      for (bool corners : {false, true}) {
        const std::string name = std::string(modes[mode]) + "_" + paddings[padding] + (corners ? "_corners" : "");
        rows.push_back(sample_row(name, {mode, padding, corners}, {2, 2, 4, 5}, {2, 3, 2, 2}));
        if (mode < 2)
          rows.push_back(sample_row("volume_" + name, {mode, padding, corners}, {1, 2, 3, 2, 4}, {1, 2, 1, 3, 3}));
      }
  rows.push_back(sample_row("one_pixel", {0, 2, true}, {1, 2, 1, 3}, {1, 2, 2, 2}));
  for (bool corners : {false, true}) {
    rows.push_back(affine_row(corners ? "corners" : "", {2, 3, 4, 5}, corners));
    rows.push_back(affine_row(corners ? "volume_corners" : "volume", {2, 3, 2, 1, 3}, corners));
  }
  return rows;
}

}  // namespace table
