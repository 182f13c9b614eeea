#include <algorithm>
#include <array>

#include "table.h"

using namespace gradus;

namespace table {
namespace {

using Index = std::vector<int64_t>;

int64_t count(const Index& s) {
  int64_t n = 1;
  for (int64_t k : s) n *= k;
  return n;
}

Array zeros_of(const Index& shape) { return {shape, std::vector<double>(static_cast<size_t>(count(shape)), 0.0)}; }

// Calls f(place) for every place of `shape`, in row-major order.
template <class F>
void each_place(const Index& shape, const F& f) {
  Index at(shape.size(), 0);
  for (int64_t k = 0; k < count(shape); ++k) {
    f(at);
    for (size_t i = at.size(); i-- > 0;) {
      if (++at[i] < shape[i]) break;
      at[i] = 0;
    }
  }
}

int64_t flat(const Index& shape, const Index& at) {
  int64_t k = 0;
  for (size_t i = 0; i < shape.size(); ++i) k = k * shape[i] + at[i];
  return k;
}

// Calls f(x, w, y) with the places of all factors of all sums that a convolution consists of.
template <class F>
void each_term(const Index& x, const Index& w, const Index& y, const ConvGeometry& g, const F& f) {
  const int64_t outputs = w[0] / g.groups;
  each_place(y, [&](const Index& out) {
    each_place(Index(w.begin() + 1, w.end()), [&](const Index& tap) {
      Index in = {out[0], out[1] / outputs * w[1] + tap[0]}, weight = {out[1], tap[0]};
      for (size_t i = 2; i < x.size(); ++i) {
        in.push_back(out[i] * g.stride[i - 2] + tap[i - 1] * g.dilation[i - 2] - g.before[i - 2]);
        weight.push_back(tap[i - 1]);
        if (in[i] < 0 || in[i] >= x[i]) return;
      }
      f(flat(x, in), flat(w, weight), flat(y, out));
    });
  });
}

Index result_shape(const Index& x, const Index& w, const ConvGeometry& g) {
  Index y = {x[0], w[0]};
  for (size_t i = 0; i + 2 < x.size(); ++i)
    y.push_back((x[i + 2] + g.before[i] + g.after[i] - g.dilation[i] * (w[i + 2] - 1) - 1) / g.stride[i] + 1);
  return y;
}

void add_bias(Array& y, const Array* bias) {
  if (!bias) return;
  const int64_t plane = count(y.shape) / y.shape[0] / y.shape[1];
  for (int64_t k = 0; k < count(y.shape); ++k) y.at(k) += bias->at(k / plane % y.shape[1]);
}

// Options as the public functions take them.
struct Options {
  Index stride = {1}, padding = {0}, dilation = {1};
  int64_t groups = 1;
  bool bias = true;
  Index output_padding = {0};

  ConvGeometry geometry() const {
    ConvGeometry g;
    for (size_t d = 0; d < 3; ++d) {
      auto entry = [&](const Index& v, int64_t rest) { return v.size() == 1 ? v[0] : d < v.size() ? v[d] : rest; };
      g.stride[d] = entry(stride, 1);
      g.before[d] = g.after[d] = entry(padding, 0);
      g.dilation[d] = entry(dilation, 1);
    }
    g.groups = groups;
    return g;
  }
};

// A reference that adds a batch where x has none.
Reference batched(std::function<Array(const Array& x, const Array& w, const Array* bias)> f) {
  return [f](const std::vector<Array>& in) {
    Array x = in[0];
    const bool alone = x.shape.size() < in[1].shape.size();
    if (alone) x.shape.insert(x.shape.begin(), 1);
    Array y = f(x, in[1], in.size() > 2 ? &in[2] : nullptr);
    if (alone) y.shape.erase(y.shape.begin());
    return y;
  };
}

Row row_of(const char* op, const char* variant, Fn f, const std::vector<Index>& shapes, Reference reference) {
  Row r{op, variant, std::move(f), {}, std::move(reference)};
  for (const Index& s : shapes) r.in.push_back({s});
  const Index& w = shapes[1];
  if (count(w) / w[0] > 100 || count(w) / w[1] > 100) r.float_tolerance = 1e-5;  // sums of so many products
  return r;
}

Row conv_row(const char* op, const char* variant, Fn f, const std::vector<Index>& shapes, const ConvGeometry& g) {
  return row_of(op, variant, std::move(f), shapes, batched([g](const Array& x, const Array& w, const Array* bias) {
                  Array y = zeros_of(result_shape(x.shape, w.shape, g));
                  add_bias(y, bias);
                  each_term(x.shape, w.shape, y.shape, g,
                            [&](int64_t a, int64_t b, int64_t c) { y.at(c) += x.at(a) * w.at(b); });
                  return y;
                }));
}

using Conv = Tensor (*)(const Tensor&, const Tensor&, const Tensor&, IntArrayRef, IntArrayRef, IntArrayRef, int64_t);

Row named_row(const char* op, Conv conv, const char* variant, Index x, Index w, const Options& o = {}) {
  std::vector<Index> shapes = {std::move(x), w};
  if (o.bias) shapes.push_back({w[0]});
  return conv_row(
      op, variant,
      [=](auto& in) {
        return conv(in[0], in[1], o.bias ? in[2] : Tensor(), o.stride, o.padding, o.dilation, o.groups);
      },
      shapes, o.geometry());
}

using Transposed = Tensor (*)(const Tensor&, const Tensor&, const Tensor&, IntArrayRef, IntArrayRef, IntArrayRef,
                              int64_t, IntArrayRef);

// Every element of x is stamped, times the kernel, onto a result of the documented size.
Reference transposed(const Options& o) {
  return batched([o](const Array& x, const Array& w, const Array* bias) {
    const ConvGeometry g = o.geometry();
    Index sizes = {x.shape[0], w.shape[1] * o.groups};
    for (size_t i = 2; i < x.shape.size(); ++i) {
      const int64_t extra = o.output_padding[o.output_padding.size() == 1 ? 0 : i - 2];
      sizes.push_back((x.shape[i] - 1) * g.stride[i - 2] - 2 * g.before[i - 2] + g.dilation[i - 2] * (w.shape[i] - 1) +
                      extra + 1);
    }
    Array y = zeros_of(sizes);
    add_bias(y, bias);
    each_term(sizes, w.shape, x.shape, g, [&](int64_t a, int64_t b, int64_t c) { y.at(a) += x.at(c) * w.at(b); });
    return y;
  });
}

Row transposed_row(const char* op, Transposed conv, const char* variant, Index x, Index w, const Options& o = {}) {
  std::vector<Index> shapes = {std::move(x), w};
  if (o.bias) shapes.push_back({w[1] * o.groups});
  return row_of(
      op, variant,
      [=](auto& in) {
        return conv(in[0], in[1], o.bias ? in[2] : Tensor(), o.stride, o.padding, o.output_padding, o.groups,
                    o.dilation);
      },
      shapes, transposed(o));
}

std::vector<Row> conv2d_rows() {
  auto row = [](const char* variant, Index x, Index w, const Options& o = {}) {
    return named_row("conv2d", conv2d, variant, std::move(x), std::move(w), o);
  };
  return {
      row("", {2, 3, 5, 6}, {4, 3, 3, 2}),
      row("without_bias", {2, 3, 5, 6}, {4, 3, 3, 2}, {.bias = false}),
      row("pixels", {2, 3, 4, 4}, {4, 3, 1, 1}),
      row("stride", {1, 2, 7, 6}, {3, 2, 3, 3}, {.stride = {2, 3}}),
      row("padding", {1, 2, 4, 5}, {3, 2, 3, 3}, {.padding = {1, 2}}),
      row("dilation", {1, 2, 7, 6}, {3, 2, 3, 2}, {.dilation = {2, 3}}),
      row("stride_padding_dilation", {2, 2, 8, 7}, {2, 2, 3, 3},
          {.stride = {2, 1}, .padding = {1, 2}, .dilation = {2, 2}}),
      row("rows_left_over", {1, 1, 8, 8}, {1, 1, 3, 3}, {.stride = {3, 3}}),
      row("groups", {2, 4, 5, 5}, {6, 2, 3, 3}, {.padding = {1}, .groups = 2}),
      row("groups_stride", {1, 6, 6, 5}, {3, 2, 2, 2}, {.stride = {2}, .groups = 3}),
      row("depthwise", {2, 3, 5, 5}, {3, 1, 3, 3}, {.padding = {1}, .groups = 3}),
      row("depthwise_twice", {1, 3, 5, 5}, {6, 1, 3, 3}, {.stride = {2}, .padding = {1}, .groups = 3, .bias = false}),
      row("unbatched", {3, 5, 6}, {4, 3, 3, 2}),
      row("unbatched_without_bias", {3, 5, 6}, {4, 3, 3, 2}, {.stride = {2}, .padding = {1}, .bias = false}),
      row("more_channels_than_lanes", {1, 17, 4, 4}, {19, 17, 3, 3}, {.padding = {1}}),
      row("kernel_as_large_as_input", {2, 2, 3, 4}, {3, 2, 3, 4}),
  };
}

// The greatest of each 2 x 2 of a convolution, or of its ReLU.
template <bool relu = false>
Row pooled_row(const char* variant, Index x, Index w, const Options& o = {}) {
  const Conv f = [](const Tensor& x, const Tensor& w, const Tensor& bias, IntArrayRef stride, IntArrayRef padding,
                    IntArrayRef dilation,
                    int64_t groups) { return conv2d_max_pool2d(x, w, bias, stride, padding, dilation, groups, relu); };
  Row r = named_row("conv2d_max_pool2d", f, variant, std::move(x), std::move(w), o);
  r.chooses_among_sums = true;
  r.reference = [whole = r.reference](const std::vector<Array>& in) {
    const Array y = whole(in);
    const size_t rank = y.shape.size();
    const int64_t rows = y.shape[rank - 2], cols = y.shape[rank - 1];
    Index small = y.shape;
    small[rank - 2] = rows / 2, small[rank - 1] = cols / 2;
    Array best = zeros_of(small);
    for (int64_t k = 0; k < count(small); ++k) {
      const int64_t j = k % (cols / 2), i = k / (cols / 2) % (rows / 2), plane = k / (cols / 2) / (rows / 2);
      const int64_t at = (plane * rows + 2 * i) * cols + 2 * j;
      best.at(k) = std::max(std::max(y.at(at), y.at(at + 1)), std::max(y.at(at + cols), y.at(at + cols + 1)));
      if (relu) best.at(k) = std::max(0.0, best.at(k));
    }
    return best;
  };
  return r;
}

// Batches of small images, which are one node in float, and what is not.
std::vector<Row> pooled_rows() {
  return {
      pooled_row("", {16, 1, 10, 9}, {3, 1, 3, 3}, {.padding = {1}}),
      pooled_row("without_bias", {16, 2, 9, 10}, {2, 2, 2, 2}, {.bias = false}),
      pooled_row("dilation", {16, 2, 9, 10}, {5, 2, 3, 2}, {.padding = {2, 1}, .dilation = {2, 1}}),
      pooled_row<true>("relu", {16, 1, 9, 8}, {2, 1, 3, 3}, {.padding = {1}}),
      pooled_row<true>("relu_few_images", {2, 3, 5, 6}, {4, 3, 3, 2}),
      pooled_row("few_images", {2, 3, 5, 6}, {4, 3, 3, 2}),
      pooled_row("options", {2, 4, 9, 8}, {6, 2, 3, 3}, {.stride = {2, 1}, .padding = {1, 2}, .groups = 2}),
      pooled_row("unbatched", {3, 5, 6}, {4, 3, 3, 2}),
  };
}

std::vector<Row> other_conv_rows() {
  auto row1 = [](const char* variant, Index x, Index w, const Options& o = {}) {
    return named_row("conv1d", conv1d, variant, std::move(x), std::move(w), o);
  };
  auto row3 = [](const char* variant, Index x, Index w, const Options& o = {}) {
    return named_row("conv3d", conv3d, variant, std::move(x), std::move(w), o);
  };
  return {
      row1("", {2, 3, 8}, {4, 3, 3}),
      row1("options", {2, 4, 9}, {6, 2, 3}, {.stride = {2}, .padding = {1}, .dilation = {2}, .groups = 2}),
      row1("without_bias", {2, 3, 8}, {4, 3, 3}, {.padding = {2}, .bias = false}),
      row1("unbatched", {3, 8}, {4, 3, 3}),
      row3("", {2, 2, 4, 5, 4}, {3, 2, 2, 3, 2}),
      row3("options", {1, 4, 5, 6, 7}, {2, 2, 3, 2, 3},
           {.stride = {1, 2, 3}, .padding = {2, 0, 1}, .dilation = {2, 1, 1}, .groups = 2}),
      row3("depthwise", {1, 3, 3, 4, 4}, {3, 1, 3, 3, 3}, {.padding = {1}, .groups = 3, .bias = false}),
      row3("unbatched", {2, 3, 4, 4}, {3, 2, 1, 3, 3}),
  };
}

ConvGeometry uneven_geometry() {
  // An even kernel with dilation: 3 and 2 of padding, the odd one behind.
  ConvGeometry g;
  g.before[0] = 1, g.after[0] = 2, g.before[1] = 1, g.after[1] = 2;
  g.dilation[0] = 3;
  return g;
}

std::vector<Row> named_padding_rows() {
  const std::vector<Index> plane = {{1, 2, 5, 5}, {3, 2, 3, 3}, {3}};
  return {
      conv_row(
          "conv2d", "valid",
          [](auto& in) {
            return conv2d(in[0], in[1], in[2], {2, 1}, "valid");
          },
          plane, Options{.stride = {2, 1}}.geometry()),
      conv_row(
          "conv2d", "same", [](auto& in) { return conv2d(in[0], in[1], in[2], 1, "same"); }, plane,
          Options{.padding = {1}}.geometry()),
      conv_row(
          "conv2d", "same_uneven",
          [](auto& in) {
            return conv2d(in[0], in[1], in[2], 1, "same", {3, 1});
          },
          {{1, 2, 5, 6}, {3, 2, 2, 4}, {3}}, uneven_geometry()),
      conv_row(
          "conv1d", "same", [](auto& in) { return conv1d(in[0], in[1], in[2], 1, "same"); },
          {{1, 2, 6}, {3, 2, 3}, {3}}, Options{.padding = {1}}.geometry()),
      conv_row(
          "conv3d", "same", [](auto& in) { return conv3d(in[0], in[1], in[2], 1, "same"); },
          {{1, 2, 3, 4, 4}, {3, 2, 3, 3, 3}, {3}}, Options{.padding = {1}}.geometry()),
      conv_row(
          "convolution", "",
          [](auto& in) {
            return convolution(in[0], in[1], in[2], {2, 1}, {1, 0}, {1, 2}, false, 0, 1);
          },
          {{2, 2, 6, 5}, {3, 2, 3, 2}, {3}},
          Options{.stride = {2, 1}, .padding = {1, 0}, .dilation = {1, 2}}.geometry()),
      row_of(
          "convolution", "transposed",
          [](auto& in) {
            return convolution(in[0], in[1], in[2], 2, 1, 1, true, {1, 0}, 1);
          },
          {{2, 3, 4, 3}, {3, 2, 3, 3}, {2}}, transposed({.stride = {2}, .padding = {1}, .output_padding = {1, 0}})),
  };
}

std::vector<Row> transposed_rows() {
  auto row1 = [](const char* variant, Index x, Index w, const Options& o = {}) {
    return transposed_row("conv_transpose1d", conv_transpose1d, variant, std::move(x), std::move(w), o);
  };
  auto row2 = [](const char* variant, Index x, Index w, const Options& o = {}) {
    return transposed_row("conv_transpose2d", conv_transpose2d, variant, std::move(x), std::move(w), o);
  };
  auto row3 = [](const char* variant, Index x, Index w, const Options& o = {}) {
    return transposed_row("conv_transpose3d", conv_transpose3d, variant, std::move(x), std::move(w), o);
  };
  return {
      row2("", {2, 3, 4, 3}, {3, 5, 3, 2}),
      row2("without_bias", {2, 3, 4, 3}, {3, 5, 4, 4}, {.stride = {2}, .padding = {1}, .bias = false}),
      row2("few_outputs", {2, 4, 3, 4}, {4, 1, 4, 4}, {.stride = {2}, .padding = {1}}),
      row2("output_padding", {1, 2, 3, 4}, {2, 6, 3, 3}, {.stride = {2, 3}, .padding = {1}, .output_padding = {1, 2}}),
      row2("output_padding_up_to_dilation", {1, 2, 4, 3}, {2, 6, 2, 3}, {.dilation = {4, 3}, .output_padding = {3, 2}}),
      row2("dilation", {2, 3, 4, 3}, {3, 5, 3, 2}, {.padding = {2, 1}, .dilation = {2, 3}}),
      row2("groups", {1, 4, 3, 3}, {4, 3, 3, 3}, {.stride = {2}, .groups = 2}),
      row2("depthwise", {2, 6, 3, 3}, {6, 1, 3, 3}, {.stride = {2}, .padding = {1}, .groups = 6}),
      row2("pixels", {2, 3, 4, 4}, {3, 6, 1, 1}),
      row2("unbatched", {3, 4, 3}, {3, 5, 3, 2}),
      row2("one_pixel", {2, 5, 1, 1}, {5, 7, 4, 4}, {.bias = false}),
      row2("padding_beyond_kernel", {1, 2, 7, 8}, {2, 5, 2, 2}, {.padding = {2, 1}}),
      row1("", {2, 3, 5}, {3, 6, 3}),
      row1("options", {2, 4, 5}, {4, 3, 3},
           {.stride = {3}, .padding = {1}, .dilation = {2}, .groups = 2, .output_padding = {2}}),
      row1("unbatched", {3, 5}, {3, 2, 3}, {.bias = false}),
      row3("", {2, 3, 2, 3, 2}, {3, 5, 2, 3, 2}),
      row3(
          "options", {1, 4, 2, 3, 3}, {4, 3, 3, 2, 2},
          {.stride = {1, 2, 3}, .padding = {1, 0, 1}, .dilation = {2, 1, 1}, .groups = 2, .output_padding = {1, 1, 2}}),
      row3("unbatched", {2, 2, 3, 2}, {2, 6, 1, 2, 2}, {.stride = {2}}),
  };
}

// The three linear maps of one convolution with a geometry of its own.
std::vector<Row> parts(const char* variant, const ConvGeometry& g, const Index& x, const Index& w) {
  const Index y = result_shape(x, w, g);
  Row forward = conv_row(
      "conv_forward", variant, [g](auto& in) { return conv_forward(in[0], in[1], in[2], g); }, {x, w, {w[0]}}, g);
  Row input{"conv_input",
            variant,
            [g, x](auto& in) { return conv_input(in[0], in[1], in[2], x, g); },
            {{y}, {w}, {{x[1]}}},
            [g, x](const std::vector<Array>& in) {
              Array r = zeros_of(x);
              add_bias(r, &in[2]);
              each_term(x, in[1].shape, in[0].shape, g,
                        [&](int64_t a, int64_t b, int64_t c) { r.at(a) += in[0].at(c) * in[1].at(b); });
              return r;
            }};
  Row weight{"conv_weight",
             variant,
             [g, w](auto& in) { return conv_weight(in[0], in[1], w, g); },
             {{x}, {y}},
             [g, w](const std::vector<Array>& in) {
               Array r = zeros_of(w);
               each_term(in[0].shape, w, in[1].shape, g,
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
  add(pooled_rows());
  add(other_conv_rows());
  add(named_padding_rows());
  add(transposed_rows());
  add(parts("", {}, {2, 3, 5, 6}, {4, 3, 3, 2}));
  ConvGeometry uneven = Options{.stride = {2, 1}, .padding = {1, 0}, .dilation = {1, 2}, .groups = 2}.geometry();
  uneven.after[0] = 2;
  uneven.after[1] = 1;
  add(parts("uneven", uneven, {2, 4, 5, 6}, {6, 2, 3, 2}));
  add(parts("depthwise", Options{.stride = {2}, .padding = {1}, .groups = 3}.geometry(), {1, 3, 6, 5}, {3, 1, 3, 3}));
  add(parts("line", {}, {2, 3, 7}, {4, 3, 3}));
  add(parts("volume", uneven, {1, 4, 5, 6, 3}, {2, 2, 3, 2, 2}));
  return all;
}

}  // namespace table
