#include <cmath>
#include <limits>

#include "table.h"

using namespace gradus;

namespace table {
namespace {

using Index = std::vector<int64_t>;

struct Window {
  int64_t kernel[2], stride[2] = {0, 0}, padding[2] = {0, 0}, dilation[2] = {1, 1};
  bool ceil = false;
  int64_t step(int d) const { return stride[d] ? stride[d] : kernel[d]; }
};

int64_t result_size(int64_t in, const Window& w, int d) {
  const int64_t room = in + 2 * w.padding[d] - w.dilation[d] * (w.kernel[d] - 1) - 1;
  int64_t n = room / w.step(d) + 1;
  // A window that is cut short counts with ceil_mode, unless it begins behind the input and its padding.
  if (w.ceil && room % w.step(d) != 0 && n * w.step(d) < in + w.padding[d]) ++n;
  return n;
}

// Calls f(plane, i, j) for each window of a [.., H, W] array; f returns what it becomes.
template <class F>
Array each_window(const Array& x, const Window& w, const F& f) {
  Array y{x.shape, {}};
  const size_t h = x.shape.size() - 2;
  y.shape[h] = result_size(x.shape[h], w, 0);
  y.shape[h + 1] = result_size(x.shape[h + 1], w, 1);
  const int64_t planes = static_cast<int64_t>(x.v.size()) / (x.shape[h] * x.shape[h + 1]);
  for (int64_t p = 0; p < planes; ++p)
    for (int64_t i = 0; i < y.shape[h]; ++i)
      for (int64_t j = 0; j < y.shape[h + 1]; ++j) y.v.push_back(f(p, i, j));
  return y;
}

Array greatest(const Array& x, const Window& w, bool place) {
  const int64_t rows = x.shape[x.shape.size() - 2], columns = x.shape.back();
  return each_window(x, w, [&](int64_t p, int64_t i, int64_t j) {
    double best = -std::numeric_limits<double>::infinity();
    int64_t at = -1;
    for (int64_t u = 0; u < w.kernel[0]; ++u)
      for (int64_t v = 0; v < w.kernel[1]; ++v) {
        const int64_t r = i * w.step(0) - w.padding[0] + u * w.dilation[0];
        const int64_t c = j * w.step(1) - w.padding[1] + v * w.dilation[1];
        if (r < 0 || r >= rows || c < 0 || c >= columns) continue;
        const double e = x.at((p * rows + r) * columns + c);
        if (e > best) {
          best = e;
          at = r * columns + c;
        }
      }
    return place ? static_cast<double>(at) : best;
  });
}

Array mean(const Array& x, const Window& w, bool count_padding, int64_t divisor) {
  const int64_t rows = x.shape[x.shape.size() - 2], columns = x.shape.back();
  return each_window(x, w, [&](int64_t p, int64_t i, int64_t j) {
    double sum = 0;
    int64_t inside = 0, with_padding = 0;
    for (int64_t u = 0; u < w.kernel[0]; ++u)
      for (int64_t v = 0; v < w.kernel[1]; ++v) {
        const int64_t r = i * w.step(0) - w.padding[0] + u, c = j * w.step(1) - w.padding[1] + v;
        with_padding += r < rows + w.padding[0] && c < columns + w.padding[1];
        if (r < 0 || r >= rows || c < 0 || c >= columns) continue;
        sum += x.at((p * rows + r) * columns + c);
        ++inside;
      }
    return sum / static_cast<double>(divisor ? divisor : count_padding ? with_padding : inside);
  });
}

Sizes stride_of(const Window& w) { return w.stride[0] ? Sizes{w.stride[0], w.stride[1]} : Sizes{}; }

// The reference of what pools relu(x), from that of the pooling.
Reference of_relu(Reference pooling) {
  return [pooling](std::vector<Array> in) {
    for (double& v : in[0].v) v = std::max(v, 0.0);
    return pooling(in);
  };
}

// The row of the values, that of the places, and that of a ReLU before.
std::vector<Row> max2d(const char* variant, Index shape, Window w) {
  auto both = [w](const Tensor& x) {
    return max_pool2d_with_indices(x, w.kernel, stride_of(w), w.padding, w.dilation, w.ceil);
  };
  const std::string suffix = *variant ? std::string("_") + variant : "";
  Row plain{"max_pool2d",
            variant,
            [w](auto& x) { return max_pool2d(x[0], w.kernel, stride_of(w), w.padding, w.dilation, w.ceil); },
            {{shape}},
            [w](auto& in) { return greatest(in[0], w, false); }};
  plain.smooth = false;
  Row values = plain;
  values.op = "max_pool2d_with_indices";
  values.variant = "values" + suffix;
  values.f = [both](auto& x) { return std::get<0>(both(x[0])); };
  Row places = values;
  places.variant = "indices" + suffix;
  places.f = [both](auto& x) { return std::get<1>(both(x[0])); };
  places.reference = [w](auto& in) { return greatest(in[0], w, true); };
  places.differentiable = false;
  Row relu = plain;
  relu.op = "relu_max_pool2d";
  relu.f = [w](auto& x) { return relu_max_pool2d(x[0], w.kernel, stride_of(w), w.padding, w.dilation, w.ceil); };
  relu.reference = of_relu(plain.reference);
  return {plain, values, places, relu};
}

Row max1d(const char* variant, Index shape, int64_t kernel, int64_t stride, int64_t padding, int64_t dilation,
          bool ceil) {
  const Window w{{1, kernel}, {1, stride ? stride : kernel}, {0, padding}, {1, dilation}, ceil};
  Row r{"max_pool1d",
        variant,
        [=](auto& x) {
          return max_pool1d(x[0], kernel, stride ? IntArrayRef(stride) : IntArrayRef(), padding, dilation, ceil);
        },
        {{std::move(shape)}},
        [w](const std::vector<Array>& in) {
          Array x = in[0];
          x.shape.insert(x.shape.end() - 1, 1);
          Array y = greatest(x, w, false);
          y.shape.erase(y.shape.end() - 2);
          return y;
        }};
  r.smooth = false;
  return r;
}

Row relu_max1d(const char* variant, Index shape, int64_t kernel, int64_t stride, int64_t padding, int64_t dilation,
               bool ceil) {
  Row r = max1d(variant, std::move(shape), kernel, stride, padding, dilation, ceil);
  r.op = "relu_max_pool1d";
  r.f = [=](auto& x) { return relu_max_pool1d(x[0], kernel, stride, padding, dilation, ceil); };
  r.reference = of_relu(r.reference);
  return r;
}

Row average(const char* variant, Index shape, Window w, bool count_padding = true, int64_t divisor = 0) {
  return {"avg_pool2d",
          variant,
          [=](auto& x) {
            return avg_pool2d(x[0], w.kernel, stride_of(w), w.padding, w.ceil, count_padding,
                              divisor ? std::optional<int64_t>(divisor) : std::nullopt);
          },
          {{std::move(shape)}},
          [=](auto& in) { return mean(in[0], w, count_padding, divisor); }};
}

Row adaptive(const char* variant, Index shape, Index size) {
  return {"adaptive_avg_pool2d",
          variant,
          [size](auto& x) { return adaptive_avg_pool2d(x[0], size); },
          {{std::move(shape)}},
          [size](const std::vector<Array>& in) {
            const Array& x = in[0];
            const int64_t rows = x.shape[x.shape.size() - 2], columns = x.shape.back();
            const int64_t h = size[0] < 0 ? rows : size[0], w = size.back() < 0 ? columns : size.back();
            Array y{x.shape, {}};
            y.shape[y.shape.size() - 2] = h;
            y.shape.back() = w;
            for (int64_t p = 0; p < static_cast<int64_t>(x.v.size()) / (rows * columns); ++p)
              for (int64_t i = 0; i < h; ++i)
                for (int64_t j = 0; j < w; ++j) {
                  double sum = 0, n = 0;
                  for (int64_t r = i * rows / h; r < ((i + 1) * rows + h - 1) / h; ++r)
                    for (int64_t c = j * columns / w; c < ((j + 1) * columns + w - 1) / w; ++c, ++n)
                      sum += x.at((p * rows + r) * columns + c);
                  y.v.push_back(sum / n);
                }
            return y;
          }};
}

}  // namespace

std::vector<Row> pool_rows() {
  std::vector<Row> all = {
      max1d("", {2, 3, 8}, 3, 0, 0, 1, false),
      max1d("options", {2, 3, 9}, 3, 2, 1, 2, true),
      max1d("unbatched", {3, 7}, 2, 2, 0, 1, false),
      relu_max1d("", {2, 3, 8}, 3, 3, 0, 1, false),
      relu_max1d("options", {2, 3, 9}, 3, 2, 1, 2, true),
      relu_max1d("padding", {3, 9}, 3, 2, 1, 1, false),
      average("", {2, 3, 6, 4}, {{2, 2}}),
      average("stride_padding", {2, 2, 5, 7}, {{3, 2}, {2, 1}, {1, 1}}),
      average("without_padding_counted", {2, 2, 5, 7}, {{3, 2}, {2, 1}, {1, 1}}, false),
      average("ceil", {1, 2, 6, 5}, {{3, 2}, {2, 2}, {1, 0}, {1, 1}, true}),
      average("ceil_without_padding_counted", {1, 2, 6, 5}, {{3, 2}, {2, 2}, {1, 0}, {1, 1}, true}, false),
      average("divisor", {1, 2, 6, 5}, {{3, 2}, {2, 2}, {1, 1}}, true, 5),
      average("unbatched", {3, 4, 6}, {{2, 3}}),
      adaptive("one", {2, 3, 4, 5}, {1, 1}),
      adaptive("uneven", {2, 2, 7, 5}, {3, 2}),
      adaptive("larger", {1, 2, 3, 2}, {5, 3}),
      adaptive("kept", {1, 2, 4, 6}, {-1, 4}),
      adaptive("unbatched", {3, 5, 7}, {2, 3}),
  };
  auto add = [&](const std::vector<Row>& rows) { all.insert(all.end(), rows.begin(), rows.end()); };
  add(max2d("", {2, 3, 6, 4}, {{2, 2}}));
  add(max2d("overlap", {2, 2, 6, 5}, {{3, 2}, {1, 2}}));
  add(max2d("padding", {2, 2, 6, 5}, {{3, 3}, {2, 2}, {1, 1}}));
  add(max2d("dilation", {1, 2, 7, 7}, {{2, 3}, {2, 1}, {0, 0}, {3, 2}}));
  add(max2d("ceil", {1, 2, 6, 7}, {{3, 2}, {2, 2}, {1, 0}, {1, 1}, true}));
  add(max2d("ceil_padding_dilation", {1, 2, 8, 7}, {{2, 2}, {3, 2}, {1, 1}, {2, 2}, true}));
  add(max2d("unbatched", {3, 4, 6}, {{2, 2}}));
  add(max2d("many_columns", {1, 1, 4, 70}, {{2, 2}}));
  return all;
}

}  // namespace table
