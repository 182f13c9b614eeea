// Sums with constant weights along one dimension: resampling, padding, resizing; windows as columns; channels as
// pixels.
#include <algorithm>
#include <cmath>

#include "table.h"

using namespace gradus;

namespace table {
namespace {

using Index = std::vector<int64_t>;
using Matrix = std::vector<std::vector<double>>;  // of one dimension: the weights of all elements for each result

// y = the sum over all elements, weighted by the product of one factor for each of the last dimensions.
Array weighted(const Array& x, const std::vector<Matrix>& m) {
  Array now = x;
  for (size_t a = 0; a < m.size(); ++a) {
    const size_t d = x.shape.size() - m.size() + a;
    const auto rows = static_cast<int64_t>(m[a].size()), n = now.shape[d];
    Array next{now.shape, {}};
    next.shape[d] = rows;
    int64_t inner = 1;
    for (size_t i = d + 1; i < now.shape.size(); ++i) inner *= now.shape[i];
    const int64_t outer = static_cast<int64_t>(now.v.size()) / (inner * n);
    for (int64_t o = 0; o < outer; ++o)
      for (int64_t i = 0; i < rows; ++i)
        for (int64_t j = 0; j < inner; ++j) {
          double sum = 0;
          for (int64_t k = 0; k < n; ++k)
            sum += m[a][static_cast<size_t>(i)][static_cast<size_t>(k)] * now.at((o * n + k) * inner + j);
          next.v.push_back(sum);
        }
    now = next;
  }
  return now;
}

template <class F>
Matrix matrix(int64_t rows, int64_t columns, const F& f) {
  Matrix m(static_cast<size_t>(rows), std::vector<double>(static_cast<size_t>(columns), 0.0));
  for (int64_t i = 0; i < rows; ++i)
    for (int64_t k = 0; k < columns; ++k) m[static_cast<size_t>(i)][static_cast<size_t>(k)] = f(i, k);
  return m;
}

// ---- resampling -----------------------------------------------------------------------------------------------------

Row resample_row(const char* variant, Index shape, int64_t dim) {
  const int64_t n = shape[static_cast<size_t>(dim)];
  // Rows of 0, 1, 2 … terms, one element twice in a row.
  auto terms = [n](int64_t i) {
    std::vector<std::pair<int64_t, double>> t;
    for (int64_t k = 0; k < i; ++k) t.push_back({(i * 3 + k * 2) % n, 0.5 * static_cast<double>(k) - 1.25});
    return t;
  };
  auto taps = std::make_shared<Taps>();
  taps->columns = n;
  for (int64_t i = 0; i < 5; ++i) {
    for (const auto& [k, w] : terms(i)) taps->add(k, w);
    taps->end_row();
  }
  return {"resample",
          variant,
          [=](auto& x) { return resample(x[0], dim, taps); },
          {{shape}},
          [=](const std::vector<Array>& in) {
            std::vector<Matrix> m;
            for (auto d = static_cast<size_t>(dim); d < in[0].shape.size(); ++d)
              m.push_back(matrix(in[0].shape[d], in[0].shape[d], [](int64_t i, int64_t k) { return i == k; }));
            m[0] = matrix(5, n, [&](int64_t i, int64_t k) {
              double w = 0;
              for (const auto& [at, weight] : terms(i)) w += at == k ? weight : 0;
              return w;
            });
            return weighted(in[0], m);
          }};
}

// ---- padding --------------------------------------------------------------------------------------------------------

// Where the element at place i comes from, one step at a time; -1 for nowhere. Copies in a circle come from what
// padding leaves of the elements.
int64_t source(const std::string& mode, int64_t i, int64_t n, int64_t before, int64_t after) {
  if (mode == "circular") {
    const int64_t first = std::max<int64_t>(0, -before), last = n + std::min<int64_t>(0, after);
    while (i < first) i += last - first;
    while (i >= last) i -= last - first;
  }
  while (i < 0 || i >= n) {
    if (mode == "constant") return -1;
    if (mode == "replicate") i += i < 0 ? 1 : -1;
    if (mode == "reflect") i = i < 0 ? -i : 2 * (n - 1) - i;
  }
  return i;
}

Reference padded(const std::string& mode, Index padding, double value = 0) {
  return [=](const std::vector<Array>& in) {
    std::vector<Matrix> m;
    for (size_t a = padding.size() / 2; a-- > 0;) {
      const int64_t n = in[0].shape[in[0].shape.size() - 1 - a], before = padding[2 * a], after = padding[2 * a + 1];
      m.push_back(matrix(n + before + after, n, [&](int64_t i, int64_t k) {
        return source(mode, i - before, n, before, after) == k ? 1.0 : 0.0;
      }));
    }
    Array y = weighted(in[0], m), one = in[0];
    std::fill(one.v.begin(), one.v.end(), 1.0);
    const Array real = weighted(one, m);
    for (size_t i = 0; i < y.v.size(); ++i)
      if (real.v[i] == 0) y.v[i] = value;
    return y;
  };
}

using Pad = Tensor (*)(const Tensor&, IntArrayRef);

std::vector<Row> pad_rows() {
  auto constant = [](const char* variant, Index shape, Index padding, double value) {
    return Row{"constant_pad_nd",
               variant,
               [=](auto& x) { return constant_pad_nd(x[0], padding, value); },
               {{std::move(shape)}},
               padded("constant", padding, value)};
  };
  auto named = [](const char* op, Pad f, const std::string& mode, const char* variant, Index shape, Index padding) {
    return Row{op, variant, [=](auto& x) { return f(x[0], padding); }, {{std::move(shape)}}, padded(mode, padding)};
  };
  auto any = [](const std::string& mode, const std::string& variant, Index shape, Index padding) {
    return Row{"pad",
               mode + variant,
               [=](auto& x) { return pad(x[0], padding, mode); },
               {{std::move(shape)}},
               padded(mode, padding)};
  };
  return {
      constant("", {2, 3, 4}, {1, 2, 3, 0}, 0.5),
      constant("negative", {3, 4, 5}, {-1, 2, 2, -2, 1, -1}, -1.5),
      constant("one_dimension", {4}, {2, -3}, 2),
      constant("nothing", {2, 3}, {0, 0}, 1),
      named("reflection_pad1d", reflection_pad1d, "reflect", "", {2, 3, 4}, {3, 2}),
      named("reflection_pad1d", reflection_pad1d, "reflect", "long", {2, 3, 40}, {3, 2}),
      named("reflection_pad2d", reflection_pad2d, "reflect", "", {2, 2, 3, 4}, {1, 3, 2, 0}),
      named("reflection_pad2d", reflection_pad2d, "reflect", "negative", {2, 5, 4}, {-1, 2, 2, -2}),
      named("reflection_pad3d", reflection_pad3d, "reflect", "", {1, 2, 2, 3, 4}, {1, 2, 1, 2, 1, 1}),
      named("replication_pad1d", replication_pad1d, "replicate", "", {2, 3, 4}, {5, 2}),
      named("replication_pad2d", replication_pad2d, "replicate", "", {2, 2, 3, 4}, {1, 6, 0, 2}),
      named("replication_pad3d", replication_pad3d, "replicate", "", {2, 2, 3, 2}, {1, 2, 3, -1, 0, 1}),
      any("constant", "", {2, 3, 4}, {1, 2}),
      any("reflect", "", {2, 3, 4}, {1, 2}),
      any("replicate", "", {2, 2, 3, 4}, {1, 2, 2, 1}),
      any("circular", "", {2, 3, 4}, {4, 3}),
      any("circular", "_plane", {2, 2, 3, 4}, {1, 2, 2, -1}),
      any("circular", "_volume", {2, 2, 3, 2}, {1, 2, 1, 0, 2, 2}),
  };
}

// ---- resizing -------------------------------------------------------------------------------------------------------

struct Resize {
  std::string mode;
  bool corners = false;
  std::vector<std::optional<double>> scales = {};
};

double cubic(double x, double a) {
  x = std::abs(x);
  if (x <= 1) return (a + 2) * x * x * x - (a + 3) * x * x + 1;
  return x < 2 ? a * x * x * x - 5 * a * x * x + 8 * a * x - 4 * a : 0;
}

// The weight of element k of n for element i of m.
double resize_weight(const Resize& r, double step, int64_t i, int64_t k, int64_t n) {
  const auto at = static_cast<double>(i), there = static_cast<double>(k), last = static_cast<double>(n - 1);
  const double place = r.corners ? at * step : (at + 0.5) * step - 0.5;
  if (r.mode == "nearest") return std::min(std::floor(at * step), last) == there;
  if (r.mode == "exact") return std::min(std::floor((at + 0.5) * step), last) == there;
  if (r.mode == "linear") return std::max(0.0, 1 - std::abs(std::clamp(place, 0.0, last) - there));
  if (r.mode == "cubic") {
    double w = 0;
    for (double j = std::floor(place) - 1; j <= std::floor(place) + 2; ++j)
      if (std::clamp(j, 0.0, last) == there) w += cubic(place - j, -0.75);
    return w;
  }
  const double x = (there + 0.5 - (at + 0.5) * step) / std::max(1.0, step);
  return r.mode == "linear_aa" ? std::max(0.0, 1 - std::abs(x)) : cubic(x, -0.5);
}

Reference resized(const Resize& r, Index size) {
  return [=](const std::vector<Array>& in) {
    std::vector<Matrix> all;
    for (size_t a = 0; a < size.size(); ++a) {
      const int64_t n = in[0].shape[a + 2], m = size[a];
      double step = static_cast<double>(n) / static_cast<double>(m);
      if (r.corners) step = m > 1 ? static_cast<double>(n - 1) / static_cast<double>(m - 1) : 0;
      if (!r.corners && a < r.scales.size() && r.scales[a]) step = 1 / *r.scales[a];
      Matrix weights = matrix(m, n, [&](int64_t i, int64_t k) { return resize_weight(r, step, i, k, n); });
      for (auto& row : weights) {
        double total = 0;
        for (double w : row) total += w;
        if (r.mode.ends_with("_aa"))
          for (double& w : row) w /= total;
      }
      all.push_back(weights);
    }
    return weighted(in[0], all);
  };
}

std::vector<Row> nearest_rows() {
  auto row = [](const char* op, const char* variant, Index shape, Index size, const Resize& r, auto f) {
    return Row{op, variant, [=](auto& x) { return f(x[0], size); }, {{std::move(shape)}}, resized(r, size)};
  };
  auto scaled = [](const Tensor& x, IntArrayRef size) { return upsample_nearest2d(x, size, 1.7, 0.6); };
  return {
      row("upsample_nearest1d", "", {2, 3, 4}, {7}, {"nearest"},
          [](const Tensor& x, IntArrayRef s) { return upsample_nearest1d(x, s); }),
      row("upsample_nearest2d", "", {2, 2, 3, 4}, {6, 3}, {"nearest"},
          [](const Tensor& x, IntArrayRef s) { return upsample_nearest2d(x, s); }),
      row("upsample_nearest2d", "scales", {2, 2, 3, 5}, {5, 3}, {"nearest", false, {1.7, 0.6}}, scaled),
      row("upsample_nearest2d", "same", {1, 2, 3, 4}, {3, 4}, {"nearest"},
          [](const Tensor& x, IntArrayRef s) { return upsample_nearest2d(x, s); }),
      row("upsample_nearest3d", "", {1, 2, 2, 3, 4}, {3, 2, 8}, {"nearest"},
          [](const Tensor& x, IntArrayRef s) { return upsample_nearest3d(x, s); }),
      row("_upsample_nearest_exact1d", "", {2, 3, 4}, {7}, {"exact"},
          [](const Tensor& x, IntArrayRef s) { return _upsample_nearest_exact1d(x, s); }),
      row("_upsample_nearest_exact2d", "", {2, 2, 3, 5}, {5, 3}, {"exact"},
          [](const Tensor& x, IntArrayRef s) { return _upsample_nearest_exact2d(x, s); }),
      row("_upsample_nearest_exact3d", "", {1, 2, 2, 3, 4}, {3, 2, 7}, {"exact"},
          [](const Tensor& x, IntArrayRef s) { return _upsample_nearest_exact3d(x, s); }),
  };
}

std::vector<Row> smooth_rows() {
  std::vector<Row> rows;
  auto add = [&](const char* op, const std::string& variant, Index shape, Index size, const Resize& r, auto f) {
    rows.push_back(
        {op, variant, [=](auto& x) { return f(x[0], size, r.corners); }, {{std::move(shape)}}, resized(r, size)});
  };
  for (bool corners : {false, true}) {
    const std::string variant = corners ? "corners" : "";
    add("upsample_linear1d", variant, {2, 3, 4}, {7}, {"linear", corners},
        [](const Tensor& x, IntArrayRef s, bool c) { return upsample_linear1d(x, s, c); });
    add("upsample_bilinear2d", variant, {2, 2, 3, 5}, {6, 3}, {"linear", corners},
        [](const Tensor& x, IntArrayRef s, bool c) { return upsample_bilinear2d(x, s, c); });
    add("upsample_trilinear3d", variant, {1, 2, 2, 3, 4}, {3, 2, 8}, {"linear", corners},
        [](const Tensor& x, IntArrayRef s, bool c) { return upsample_trilinear3d(x, s, c); });
    add("upsample_bicubic2d", variant, {2, 2, 3, 5}, {7, 3}, {"cubic", corners},
        [](const Tensor& x, IntArrayRef s, bool c) { return upsample_bicubic2d(x, s, c); });
  }
  add("upsample_bilinear2d", "scales", {1, 2, 3, 5}, {5, 3}, {"linear", false, {1.7, 0.6}},
      [](const Tensor& x, IntArrayRef s, bool c) { return upsample_bilinear2d(x, s, c, 1.7, 0.6); });
  add("upsample_bilinear2d", "one_pixel", {1, 2, 4, 1}, {1, 3}, {"linear", true},
      [](const Tensor& x, IntArrayRef s, bool c) { return upsample_bilinear2d(x, s, c); });
  add("_upsample_bilinear2d_aa", "", {1, 2, 9, 4}, {3, 7}, {"linear_aa"},
      [](const Tensor& x, IntArrayRef s, bool c) { return _upsample_bilinear2d_aa(x, s, c); });
  add("_upsample_bilinear2d_aa", "scales", {1, 2, 9, 4}, {4, 3}, {"linear_aa", false, {0.45, 0.8}},
      [](const Tensor& x, IntArrayRef s, bool c) { return _upsample_bilinear2d_aa(x, s, c, 0.45, 0.8); });
  add("_upsample_bicubic2d_aa", "", {1, 2, 9, 4}, {4, 6}, {"cubic_aa"},
      [](const Tensor& x, IntArrayRef s, bool c) { return _upsample_bicubic2d_aa(x, s, c); });
  return rows;
}

// ---- columns and pixels
// -----------------------------------------------------------------------------------------------

struct Fold {
  Index size, kernel, dilation = {1, 1}, padding = {0, 0}, stride = {1, 1};
  int64_t windows(size_t a) const {
    return (size[a] + 2 * padding[a] - dilation[a] * (kernel[a] - 1) - 1) / stride[a] + 1;
  }
};

// Calls f(picture, column) for every element of a picture [C, H, W] and its copies in the columns [C kh kw, windows].
template <class F>
void each_copy(const Fold& o, int64_t channels, const F& f) {
  for (int64_t c = 0; c < channels; ++c)
    for (int64_t u = 0; u < o.kernel[0]; ++u)
      for (int64_t v = 0; v < o.kernel[1]; ++v)
        for (int64_t i = 0; i < o.windows(0); ++i)
          for (int64_t j = 0; j < o.windows(1); ++j) {
            const int64_t row = i * o.stride[0] + u * o.dilation[0] - o.padding[0];
            const int64_t column = j * o.stride[1] + v * o.dilation[1] - o.padding[1];
            if (row < 0 || row >= o.size[0] || column < 0 || column >= o.size[1]) continue;
            f((c * o.size[0] + row) * o.size[1] + column,
              (((c * o.kernel[0] + u) * o.kernel[1] + v) * o.windows(0) + i) * o.windows(1) + j);
          }
}

std::vector<Row> fold_pair(const std::string& variant, int64_t batch, int64_t channels, const Fold& o) {
  const int64_t rows = channels * o.kernel[0] * o.kernel[1], count = o.windows(0) * o.windows(1);
  Index picture = {channels, o.size[0], o.size[1]}, columns = {rows, count};
  if (batch) {
    picture.insert(picture.begin(), batch);
    columns.insert(columns.begin(), batch);
  }
  auto copied = [=](const Array& x, const Index& shape, bool out) {
    Array y{shape, std::vector<double>(static_cast<size_t>(count_elements(shape)), 0.0)};
    const int64_t n = channels * o.size[0] * o.size[1], m = rows * count;
    for (int64_t b = 0; b < std::max<int64_t>(1, batch); ++b)
      each_copy(o, channels, [&](int64_t p, int64_t c) {
        if (out) y.at(b * m + c) += x.at(b * n + p);
        if (!out) y.at(b * n + p) += x.at(b * m + c);
      });
    return y;
  };
  return {{"im2col",
           variant,
           [o](auto& x) { return im2col(x[0], o.kernel, o.dilation, o.padding, o.stride); },
           {{picture}},
           [=](const std::vector<Array>& in) { return copied(in[0], columns, true); }},
          {"col2im",
           variant,
           [o](auto& x) { return col2im(x[0], o.size, o.kernel, o.dilation, o.padding, o.stride); },
           {{columns}},
           [=](const std::vector<Array>& in) { return copied(in[0], picture, false); }}};
}

// y[to(k)] = x[k].
Reference moved(std::function<Index(const Index&)> shape, std::function<int64_t(const Index&, int64_t)> to) {
  return [=](const std::vector<Array>& in) {
    Array y{shape(in[0].shape), in[0].v};
    for (int64_t k = 0; k < static_cast<int64_t>(y.v.size()); ++k) y.at(to(in[0].shape, k)) = in[0].at(k);
    return y;
  };
}

// Where pixel_shuffle by r puts element k of [C r r, H, W] (behind any leading dimensions).
int64_t shuffled(int64_t c, int64_t h, int64_t w, int64_t r, int64_t k) {
  const int64_t j = k % w, i = k / w % h, channel = k / (h * w) % c, lead = k / (h * w * c);
  const int64_t v = channel % r, u = channel / r % r, to = channel / (r * r);
  return ((lead * (c / r / r) + to) * h * r + i * r + u) * w * r + j * r + v;
}

std::vector<Row> pixel_rows() {
  auto shuffle_shape = [](Index s) {
    const size_t d = s.size() - 3;
    s[d] /= 4, s[d + 1] *= 2, s[d + 2] *= 2;
    return s;
  };
  auto unshuffle_shape = [](Index s) {
    const size_t d = s.size() - 3;
    s[d] *= 4, s[d + 1] /= 2, s[d + 2] /= 2;
    return s;
  };
  auto there = [](const Index& s, int64_t k) { return shuffled(s[s.size() - 3], s[s.size() - 2], s.back(), 2, k); };
  auto unshuffle = [=](const std::vector<Array>& in) {
    Array y{unshuffle_shape(in[0].shape), in[0].v};
    for (int64_t k = 0; k < static_cast<int64_t>(y.v.size()); ++k) y.at(k) = in[0].at(there(y.shape, k));
    return y;
  };
  return {
      {"pixel_shuffle",
       "",
       [](auto& x) { return pixel_shuffle(x[0], 2); },
       {{{2, 8, 2, 3}}},
       moved(shuffle_shape, there)},
      {"pixel_shuffle",
       "lead",
       [](auto& x) { return pixel_shuffle(x[0], 2); },
       {{{2, 1, 4, 2, 3}}},
       moved(shuffle_shape, there)},
      {"pixel_unshuffle", "", [](auto& x) { return pixel_unshuffle(x[0], 2); }, {{{2, 3, 4, 6}}}, unshuffle},
      {"channel_shuffle",
       "",
       [](auto& x) { return channel_shuffle(x[0], 3); },
       {{{2, 6, 2, 3}}},
       moved([](const Index& s) { return s; },
             [](const Index&, int64_t k) { return k / 36 * 36 + ((k / 6 % 6) % 2 * 3 + k / 6 % 6 / 2) * 6 + k % 6; })},
  };
}

}  // namespace

std::vector<Row> spatial_rows() {
  std::vector<Row> all = {resample_row("", {2, 3, 7}, 1), resample_row("last", {2, 7}, 1),
                          resample_row("first", {7, 2, 9}, 0), resample_row("wide", {2, 7, 37}, 1)};
  auto add = [&](const std::vector<Row>& rows) { all.insert(all.end(), rows.begin(), rows.end()); };
  add(pad_rows());
  add(nearest_rows());
  add(smooth_rows());
  add(fold_pair("", 2, 3, {{4, 5}, {2, 3}}));
  add(fold_pair("options", 1, 2, {{6, 7}, {2, 3}, {3, 2}, {1, 2}, {2, 3}}));
  add(fold_pair("unbatched", 0, 2, {{4, 4}, {2, 2}, {1, 1}, {1, 0}, {2, 2}}));
  add(pixel_rows());
  return all;
}

}  // namespace table
