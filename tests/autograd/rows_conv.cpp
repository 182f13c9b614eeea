#include <array>

#include "table.h"

using namespace gradus;

namespace table {
namespace {

using Index = std::vector<int64_t>;

struct Shape4 {  // [N, C, H, W], or [O, C / groups, kh, kw]
  int64_t n, c, h, w;
  explicit Shape4(const Index& s) : n(s[0]), c(s[1]), h(s[2]), w(s[3]) {}
  int64_t at(int64_t i, int64_t j, int64_t k, int64_t l) const { return ((i * c + j) * h + k) * w + l; }
  int64_t count() const { return n * c * h * w; }
  Index vec() const { return {n, c, h, w}; }
};

// Calls f(x, w, y) with the places of all factors of all sums that a convolution consists of.
template <class F>
void each_term(const Shape4& x, const Shape4& w, const Shape4& y, const ConvGeometry& g, const F& f) {
  const int64_t outputs = w.n / g.groups;
  for (int64_t n = 0; n < x.n; ++n)
    for (int64_t o = 0; o < w.n; ++o)
      for (int64_t i = 0; i < y.h; ++i)
        for (int64_t j = 0; j < y.w; ++j)
          for (int64_t c = 0; c < w.c; ++c)
            for (int64_t u = 0; u < w.h; ++u)
              for (int64_t v = 0; v < w.w; ++v) {
                const int64_t row = i * g.stride[0] + u * g.dilation[0] - g.before[0];
                const int64_t column = j * g.stride[1] + v * g.dilation[1] - g.before[1];
                if (row < 0 || row >= x.h || column < 0 || column >= x.w) continue;
                f(x.at(n, o / outputs * w.c + c, row, column), w.at(o, c, u, v), y.at(n, o, i, j));
              }
}

Shape4 result_shape(const Shape4& x, const Shape4& w, const ConvGeometry& g) {
  auto size = [&](int64_t in, int64_t k, int d) {
    return (in + g.before[d] + g.after[d] - g.dilation[d] * (k - 1) - 1) / g.stride[d] + 1;
  };
  return Shape4({x.n, w.n, size(x.h, w.h, 0), size(x.w, w.w, 1)});
}

Array zeros_of(const Index& shape) {
  return {shape, std::vector<double>(static_cast<size_t>(Shape4(shape).count()), 0.0)};
}

Array convolved(const Array& x, const Array& w, const Array* bias, const ConvGeometry& g) {
  const Shape4 sx(x.shape), sw(w.shape), sy = result_shape(sx, sw, g);
  Array y = zeros_of(sy.vec());
  if (bias)
    for (int64_t k = 0; k < sy.count(); ++k) y.at(k) = bias->at(k / (sy.h * sy.w) % sy.c);
  each_term(sx, sw, sy, g, [&](int64_t a, int64_t b, int64_t c) { y.at(c) += x.at(a) * w.at(b); });
  return y;
}

ConvGeometry geometry(std::array<int64_t, 2> stride, std::array<int64_t, 2> padding, std::array<int64_t, 2> dilation,
                      int64_t groups) {
  ConvGeometry g;
  for (size_t d : {0u, 1u}) {
    g.stride[d] = stride[d];
    g.before[d] = g.after[d] = padding[d];
    g.dilation[d] = dilation[d];
  }
  g.groups = groups;
  return g;
}

// `shapes` of x, w and perhaps the bias; missing leading dimensions of x are a batch of one.
Row conv_row(const char* op, const char* variant, Fn f, std::vector<Index> shapes, ConvGeometry g) {
  Row r{op, variant, std::move(f), {}, nullptr};
  for (const Index& s : shapes) r.in.push_back({s});
  r.reference = [g](const std::vector<Array>& in) {
    Array x = in[0], w = in[1];
    const bool one_dimension = w.shape.size() == 3;
    if (one_dimension) {
      x.shape.insert(x.shape.end() - 1, 1);
      w.shape.insert(w.shape.end() - 1, 1);
    }
    const bool batched = x.shape.size() == 4;
    if (!batched) x.shape.insert(x.shape.begin(), 1);
    Array y = convolved(x, w, in.size() > 2 ? &in[2] : nullptr, g);
    if (one_dimension) y.shape.erase(y.shape.end() - 2);
    if (!batched) y.shape.erase(y.shape.begin());
    return y;
  };
  return r;
}

Row conv2d_row(const char* variant, Index x, Index w, std::array<int64_t, 2> stride = {1, 1},
               std::array<int64_t, 2> padding = {0, 0}, std::array<int64_t, 2> dilation = {1, 1}, int64_t groups = 1,
               bool bias = true) {
  std::vector<Index> shapes = {std::move(x), w};
  if (bias) shapes.push_back({w[0]});
  return conv_row(
      "conv2d", variant,
      [=](auto& in) { return conv2d(in[0], in[1], bias ? in[2] : Tensor(), stride, padding, dilation, groups); },
      shapes, geometry(stride, padding, dilation, groups));
}

std::vector<Row> conv2d_rows() {
  std::vector<Row> rows = {
      conv2d_row("", {2, 3, 5, 6}, {4, 3, 3, 2}),
      conv2d_row("without_bias", {2, 3, 5, 6}, {4, 3, 3, 2}, {1, 1}, {0, 0}, {1, 1}, 1, false),
      conv2d_row("pixels", {2, 3, 4, 4}, {4, 3, 1, 1}),
      conv2d_row("stride", {1, 2, 7, 6}, {3, 2, 3, 3}, {2, 3}),
      conv2d_row("padding", {1, 2, 4, 5}, {3, 2, 3, 3}, {1, 1}, {1, 2}),
      conv2d_row("dilation", {1, 2, 7, 6}, {3, 2, 3, 2}, {1, 1}, {0, 0}, {2, 3}),
      conv2d_row("stride_padding_dilation", {2, 2, 8, 7}, {2, 2, 3, 3}, {2, 1}, {1, 2}, {2, 2}),
      conv2d_row("rows_left_over", {1, 1, 8, 8}, {1, 1, 3, 3}, {3, 3}),
      conv2d_row("groups", {2, 4, 5, 5}, {6, 2, 3, 3}, {1, 1}, {1, 1}, {1, 1}, 2),
      conv2d_row("groups_stride", {1, 6, 6, 5}, {3, 2, 2, 2}, {2, 2}, {0, 0}, {1, 1}, 3),
      conv2d_row("depthwise", {2, 3, 5, 5}, {3, 1, 3, 3}, {1, 1}, {1, 1}, {1, 1}, 3),
      conv2d_row("depthwise_twice", {1, 3, 5, 5}, {6, 1, 3, 3}, {2, 2}, {1, 1}, {1, 1}, 3, false),
      conv2d_row("unbatched", {3, 5, 6}, {4, 3, 3, 2}),
      conv2d_row("unbatched_without_bias", {3, 5, 6}, {4, 3, 3, 2}, {2, 2}, {1, 1}, {1, 1}, 1, false),
      conv2d_row("more_channels_than_lanes", {1, 17, 4, 4}, {19, 17, 3, 3}, {1, 1}, {1, 1}),
      conv2d_row("kernel_as_large_as_input", {2, 2, 3, 4}, {3, 2, 3, 4}),
      conv_row(
          "conv2d", "valid",
          [](auto& in) {
            return conv2d(in[0], in[1], in[2], {2, 1}, "valid");
          },
          {{1, 2, 5, 5}, {3, 2, 3, 3}, {3}}, geometry({2, 1}, {0, 0}, {1, 1}, 1)),
      conv_row(
          "conv2d", "same", [](auto& in) { return conv2d(in[0], in[1], in[2], 1, "same"); },
          {{1, 2, 5, 4}, {3, 2, 3, 3}, {3}}, geometry({1, 1}, {1, 1}, {1, 1}, 1)),
  };
  for (Row& r : rows)
    if (r.variant == "more_channels_than_lanes") r.float_tolerance = 1e-5;  // sums of 153 products
  // An even kernel with dilation: 3 and 2 of padding, the odd one behind.
  ConvGeometry uneven = geometry({1, 1}, {0, 0}, {3, 1}, 1);
  uneven.before[0] = 1;
  uneven.after[0] = 2;
  uneven.before[1] = 1;
  uneven.after[1] = 2;
  rows.push_back(conv_row(
      "conv2d", "same_uneven",
      [](auto& in) {
        return conv2d(in[0], in[1], in[2], 1, "same", {3, 1});
      },
      {{1, 2, 5, 6}, {3, 2, 2, 4}, {3}}, uneven));
  return rows;
}

std::vector<Row> conv1d_rows() {
  auto conv1d_row = [](const char* variant, Index x, Index w, int64_t stride, int64_t padding, int64_t dilation,
                       int64_t groups, bool bias) {
    std::vector<Index> shapes = {std::move(x), w};
    if (bias) shapes.push_back({w[0]});
    return conv_row(
        "conv1d", variant,
        [=](auto& in) { return conv1d(in[0], in[1], bias ? in[2] : Tensor(), stride, padding, dilation, groups); },
        shapes, geometry({1, stride}, {0, padding}, {1, dilation}, groups));
  };
  return {
      conv1d_row("", {2, 3, 8}, {4, 3, 3}, 1, 0, 1, 1, true),
      conv1d_row("options", {2, 4, 9}, {6, 2, 3}, 2, 1, 2, 2, true),
      conv1d_row("without_bias", {2, 3, 8}, {4, 3, 3}, 1, 2, 1, 1, false),
      conv1d_row("unbatched", {3, 8}, {4, 3, 3}, 1, 0, 1, 1, true),
      conv_row(
          "conv1d", "same", [](auto& in) { return conv1d(in[0], in[1], in[2], 1, "same"); },
          {{1, 2, 6}, {3, 2, 3}, {3}}, geometry({1, 1}, {0, 1}, {1, 1}, 1)),
  };
}

// The three linear maps of one convolution with uneven padding.
std::vector<Row> parts(const char* variant, const ConvGeometry& g, const Index& x, const Index& w) {
  const Index y = result_shape(Shape4(x), Shape4(w), g).vec();
  Row forward = conv_row(
      "conv2d_forward", variant, [g](auto& in) { return conv2d_forward(in[0], in[1], in[2], g); }, {x, w, {w[0]}}, g);
  Row input{"conv2d_input",
            variant,
            [g, x](auto& in) { return conv2d_input(in[0], in[1], x, g); },
            {{y}, {w}},
            [g, x](const std::vector<Array>& in) {
              Array r = zeros_of(x);
              each_term(Shape4(x), Shape4(in[1].shape), Shape4(in[0].shape), g,
                        [&](int64_t a, int64_t b, int64_t c) { r.at(a) += in[0].at(c) * in[1].at(b); });
              return r;
            }};
  Row weight{"conv2d_weight",
             variant,
             [g, w](auto& in) { return conv2d_weight(in[0], in[1], w, g); },
             {{x}, {y}},
             [g, w](const std::vector<Array>& in) {
               Array r = zeros_of(w);
               each_term(Shape4(in[0].shape), Shape4(w), Shape4(in[1].shape), g,
                         [&](int64_t a, int64_t b, int64_t c) { r.at(b) += in[0].at(a) * in[1].at(c); });
               return r;
             }};
  weight.float_tolerance = 1e-5;  // sums over batch and plane
  return {forward, input, weight};
}

}  // namespace

std::vector<Row> conv_rows() {
  std::vector<Row> all = conv2d_rows();
  auto add = [&](const std::vector<Row>& rows) { all.insert(all.end(), rows.begin(), rows.end()); };
  add(conv1d_rows());
  add(parts("", geometry({1, 1}, {0, 0}, {1, 1}, 1), {2, 3, 5, 6}, {4, 3, 3, 2}));
  ConvGeometry uneven = geometry({2, 1}, {1, 0}, {1, 2}, 2);
  uneven.after[0] = 2;
  uneven.after[1] = 1;
  add(parts("uneven", uneven, {2, 4, 5, 6}, {6, 2, 3, 2}));
  add(parts("depthwise", geometry({2, 2}, {1, 1}, {1, 1}, 3), {1, 3, 6, 5}, {3, 1, 3, 3}));
  return all;
}

}  // namespace table
