// Pooling in one and three dimensions, adaptive and fractional pooling, and unpooling.
#include <cmath>
#include <limits>

#include "table.h"

using namespace gradus;

namespace table {
namespace {

using Index = std::vector<int64_t>;
using Lists = std::vector<Index>;    // of one axis: the elements of each window, some outside of the input
using Windows = std::vector<Lists>;  // of each axis
using Pooled = std::function<double(const std::vector<double>& values, const Index& places, int64_t all)>;

// f of the elements inside of every window, where they lie in their plane, and how many there are with padding.
Array over_windows(const Array& x, size_t dims, const std::function<Windows(int64_t plane)>& windows, const Pooled& f) {
  Array y{x.shape, {}};
  const size_t lead = x.shape.size() - dims;
  int64_t plane_size = 1;
  for (size_t a = 0; a < dims; ++a) plane_size *= x.shape[lead + a];
  for (int64_t p = 0; p < static_cast<int64_t>(x.v.size()) / plane_size; ++p) {
    const Windows w = windows(p);
    int64_t outputs = 1;
    for (size_t a = 0; a < dims; ++a) outputs *= y.shape[lead + a] = static_cast<int64_t>(w[a].size());
    for (int64_t k = 0; k < outputs; ++k) {
      std::vector<const Index*> chosen(dims);
      int64_t all = 1;
      for (size_t a = dims, rest = static_cast<size_t>(k); a-- > 0; rest /= w[a].size()) {
        chosen[a] = &w[a][rest % w[a].size()];
        all *= static_cast<int64_t>(chosen[a]->size());
      }
      std::vector<double> values;
      Index places;
      for (int64_t e = 0; e < all; ++e) {
        int64_t place = 0, stride = 1, rest = e;
        bool inside = true;
        for (size_t a = dims; a-- > 0; stride *= x.shape[lead + a]) {
          const auto n = static_cast<int64_t>(chosen[a]->size());
          const int64_t at = (*chosen[a])[static_cast<size_t>(rest % n)];
          rest /= n;
          inside &= at >= 0 && at < x.shape[lead + a];
          place += at * stride;
        }
        if (!inside) continue;
        values.push_back(x.at(p * plane_size + place));
        places.push_back(place);
      }
      y.v.push_back(f(values, places, all));
    }
  }
  return y;
}

Pooled greatest(bool place) {
  return [place](const std::vector<double>& values, const Index& places, int64_t) {
    size_t best = 0;
    for (size_t i = 1; i < values.size(); ++i)
      if (values[i] > values[best]) best = i;
    return place ? static_cast<double>(places[best]) : values[best];
  };
}

Pooled mean(bool count_padding, int64_t divisor) {
  return [=](const std::vector<double>& values, const Index&, int64_t all) {
    double sum = 0;
    for (double v : values) sum += v;
    return sum / static_cast<double>(divisor ? divisor : count_padding ? all : static_cast<int64_t>(values.size()));
  };
}

struct Options {
  Index kernel, stride = {}, padding = {0}, dilation = {1};
  bool ceil = false;
};

int64_t entry(const Index& v, size_t a) { return v[v.size() == 1 ? 0 : a]; }

// Windows as the options say; of padding behind, only what the last window may count.
Lists fixed(int64_t in, size_t a, const Options& o) {
  const int64_t k = entry(o.kernel, a), s = o.stride.empty() ? k : entry(o.stride, a), p = entry(o.padding, a);
  const int64_t d = entry(o.dilation, a);
  Lists lists;
  for (int64_t begin = -p;; begin += s) {
    const int64_t end = begin + d * (k - 1) + 1;
    if (end > in + p && !(o.ceil && end - s < in + p && begin < in)) break;
    Index list;
    for (int64_t u = 0; u < k; ++u)
      if (begin + u * d < in + p) list.push_back(begin + u * d);
    lists.push_back(list);
  }
  return lists;
}

Lists adaptive(int64_t in, int64_t out) {
  Lists lists;
  for (int64_t i = 0; i < (out < 0 ? in : out); ++i) {
    const int64_t n = out < 0 ? in : out;
    Index list;
    for (int64_t k = i * in / n; k < ((i + 1) * in + n - 1) / n; ++k) list.push_back(k);
    lists.push_back(list);
  }
  return lists;
}

template <class F>
std::function<Windows(int64_t)> same_for_all(const Array& x, size_t dims, const F& f) {
  Windows w;
  for (size_t a = 0; a < dims; ++a) w.push_back(f(x.shape[x.shape.size() - dims + a], a));
  return [w](int64_t) { return w; };
}

Reference fixed_reference(size_t dims, const Options& o, Pooled f) {
  return [=](const std::vector<Array>& in) {
    return over_windows(in[0], dims, same_for_all(in[0], dims, [&](int64_t n, size_t a) { return fixed(n, a, o); }), f);
  };
}

Reference adaptive_reference(size_t dims, const Index& size, Pooled f) {
  return [=](const std::vector<Array>& in) {
    return over_windows(in[0], dims,
                        same_for_all(in[0], dims, [&](int64_t n, size_t a) { return adaptive(n, entry(size, a)); }), f);
  };
}

using Both = std::function<std::tuple<Tensor, Tensor>(const Tensors&)>;

// A row for the values of a function with indices, and one for those.
std::vector<Row> value_and_place(const char* op, const std::string& variant, Both f, std::vector<Input> in,
                                 const std::function<Reference(Pooled)>& reference) {
  Row values{op, "values" + variant, [f](auto& x) { return std::get<0>(f(x)); }, in, reference(greatest(false))};
  values.smooth = false;
  Row places{op, "indices" + variant, [f](auto& x) { return std::get<1>(f(x)); }, in, reference(greatest(true))};
  places.smooth = places.differentiable = false;
  return {values, places};
}

std::vector<Row> max3d(const std::string& variant, Index shape, const Options& o) {
  auto reference = [o](Pooled f) { return fixed_reference(3, o, f); };
  auto rows = value_and_place(
      "max_pool3d_with_indices", variant,
      [o](auto& x) { return max_pool3d_with_indices(x[0], o.kernel, o.stride, o.padding, o.dilation, o.ceil); },
      {{shape}}, reference);
  rows.push_back({"max_pool3d",
                  variant.substr(variant.empty() ? 0 : 1),
                  [o](auto& x) { return max_pool3d(x[0], o.kernel, o.stride, o.padding, o.dilation, o.ceil); },
                  {{shape}},
                  reference(greatest(false))});
  rows.back().smooth = false;
  Row relu = rows.back();
  relu.op = "relu_max_pool3d";
  relu.f = [o](auto& x) { return relu_max_pool3d(x[0], o.kernel, o.stride, o.padding, o.dilation, o.ceil); };
  relu.reference = [pooling = relu.reference](std::vector<Array> in) {
    for (double& v : in[0].v) v = std::max(v, 0.0);
    return pooling(in);
  };
  rows.push_back(relu);
  return rows;
}

Row avg1d(const char* variant, Index shape, const Options& o, bool count_padding = true) {
  return {"avg_pool1d",
          variant,
          [=](auto& x) { return avg_pool1d(x[0], o.kernel, o.stride, o.padding, o.ceil, count_padding); },
          {{std::move(shape)}},
          fixed_reference(1, o, mean(count_padding, 0))};
}

Row avg3d(const char* variant, Index shape, const Options& o, bool count_padding = true, int64_t divisor = 0) {
  return {"avg_pool3d",
          variant,
          [=](auto& x) {
            return avg_pool3d(x[0], o.kernel, o.stride, o.padding, o.ceil, count_padding,
                              divisor ? std::optional<int64_t>(divisor) : std::nullopt);
          },
          {{std::move(shape)}},
          fixed_reference(3, o, mean(count_padding, divisor))};
}

std::vector<Row> adaptive_rows() {
  std::vector<Row> all = {
      {"adaptive_avg_pool1d",
       "",
       [](auto& x) { return adaptive_avg_pool1d(x[0], 3); },
       {{{2, 3, 7}}},
       adaptive_reference(1, {3}, mean(false, 0))},
      {"adaptive_avg_pool1d",
       "unbatched",
       [](auto& x) { return adaptive_avg_pool1d(x[0], 5); },
       {{{3, 4}}},
       adaptive_reference(1, {5}, mean(false, 0))},
      {"adaptive_avg_pool3d",
       "",
       [](auto& x) {
         return adaptive_avg_pool3d(x[0], {2, 3, 2});
       },
       {{{2, 2, 5, 4, 3}}},
       adaptive_reference(3, {2, 3, 2}, mean(false, 0))},
      {"adaptive_avg_pool3d",
       "unbatched",
       [](auto& x) {
         return adaptive_avg_pool3d(x[0], {-1, 1, 4});
       },
       {{{2, 3, 4, 3}}},
       adaptive_reference(3, {-1, 1, 4}, mean(false, 0))},
  };
  auto add = [&](std::vector<Row> rows) { all.insert(all.end(), rows.begin(), rows.end()); };
  auto reference = [](size_t dims, Index size) { return [=](Pooled f) { return adaptive_reference(dims, size, f); }; };
  add(value_and_place(
      "adaptive_max_pool1d", "", [](auto& x) { return adaptive_max_pool1d(x[0], 3); }, {{{2, 3, 7}}},
      reference(1, {3})));
  const Reference nothing = [](const std::vector<Array>&) { return Array{{0, 3, 3}, {}}; };
  add(value_and_place(
      "adaptive_max_pool1d", "_no batch", [](auto& x) { return adaptive_max_pool1d(x[0], 3); }, {{{0, 3, 7}}},
      [nothing](const Pooled&) { return nothing; }));
  add(value_and_place(
      "adaptive_max_pool2d", "",
      [](auto& x) {
        return adaptive_max_pool2d(x[0], {3, -1});
      },
      {{{2, 2, 7, 5}}}, reference(2, {3, -1})));
  add(value_and_place(
      "adaptive_max_pool2d", "_larger", [](auto& x) { return adaptive_max_pool2d(x[0], 5); }, {{{3, 3, 4}}},
      reference(2, {5})));
  add(value_and_place(
      "adaptive_max_pool3d", "",
      [](auto& x) {
        return adaptive_max_pool3d(x[0], {2, 3, 2});
      },
      {{{2, 2, 5, 4, 3}}}, reference(3, {2, 3, 2})));
  return all;
}

// The intervals of the paper, in the order of axes in which the samples are read.
Reference fractional_reference(size_t dims, Index kernel, Index size, Index columns, Pooled f) {
  return [=](const std::vector<Array>& in) {
    const Array &x = in[0], &samples = in[1];
    return over_windows(
        x, dims,
        [&](int64_t plane) {
          Windows w;
          for (size_t a = 0; a < dims; ++a) {
            const int64_t n = x.shape[x.shape.size() - dims + a], out = size[a], free = n - kernel[a];
            const double u = samples.at(plane * static_cast<int64_t>(dims) + columns[a]);
            const double alpha = out > 1 ? static_cast<double>(free) / static_cast<double>(out - 1) : 0;
            Lists lists;
            for (int64_t i = 0; i < out; ++i) {
              const int64_t first = i + 1 == out ? free
                                                 : static_cast<int64_t>((static_cast<double>(i) + u) * alpha) -
                                                       static_cast<int64_t>(u * alpha);
              lists.emplace_back();
              for (int64_t k = 0; k < kernel[a]; ++k) lists.back().push_back(first + k);
            }
            w.push_back(lists);
          }
          return w;
        },
        f);
  };
}

std::vector<Row> fractional_rows() {
  const Index k2 = {2, 3}, s2 = {4, 3}, k3 = {2, 2, 3}, s3 = {2, 3, 2};
  std::vector<Row> all = value_and_place(
      "fractional_max_pool2d", "", [=](auto& x) { return fractional_max_pool2d(x[0], k2, s2, x[1]); },
      {{{2, 3, 9, 8}}, {{2, 3, 2}, 0, 1, Kind::fixed}},
      [=](Pooled f) {
        return fractional_reference(2, k2, s2, {1, 0}, f);
      });
  auto add = [&](std::vector<Row> rows) { all.insert(all.end(), rows.begin(), rows.end()); };
  add(value_and_place(
      "fractional_max_pool2d", "_unbatched",
      [=](auto& x) {
        return fractional_max_pool2d(x[0], k2, {1, 6}, x[1]);
      },
      {{{3, 5, 8}}, {{1, 3, 2}, 0, 1, Kind::fixed}},
      [=](Pooled f) {
        return fractional_reference(2, k2, {1, 6}, {1, 0}, f);
      }));
  add(value_and_place(
      "fractional_max_pool3d", "", [=](auto& x) { return fractional_max_pool3d(x[0], k3, s3, x[1]); },
      {{{1, 2, 5, 6, 7}}, {{1, 2, 3}, 0, 1, Kind::fixed}},
      [=](Pooled f) {
        return fractional_reference(3, k3, s3, {0, 1, 2}, f);
      }));
  return all;
}

// n different places among m, for every plane.
Tensor some_places(IntArrayRef sizes, int64_t n, int64_t m) {
  return (arange(n * (count_elements(sizes) / n)) % n * 5 % m).reshape(sizes);
}

Row unpool_row(const char* op, const char* variant, Index shape, Index size, size_t dims,
               std::function<Tensor(const Tensor&, const Tensor&)> f) {
  int64_t n = 1, m = 1;
  for (size_t a = 0; a < dims; ++a) {
    n *= shape[shape.size() - dims + a];
    m *= size[a];
  }
  return {op,
          variant,
          [=](auto& x) { return f(x[0], some_places(shape, n, m)); },
          {{shape}},
          [=](const std::vector<Array>& in) {
            Array y{shape, {}};
            for (size_t a = 0; a < dims; ++a) y.shape[shape.size() - dims + a] = size[a];
            const int64_t planes = static_cast<int64_t>(in[0].v.size()) / n;
            y.v.assign(static_cast<size_t>(planes * m), 0.0);
            for (int64_t p = 0; p < planes; ++p)
              for (int64_t i = 0; i < n; ++i) y.at(p * m + i * 5 % m) = in[0].at(p * n + i);
            return y;
          }};
}

}  // namespace

std::vector<Row> pool_windows_rows() {
  std::vector<Row> all = {
      avg1d("", {2, 3, 8}, {{3}}),
      avg1d("options", {2, 3, 8}, {{3}, {2}, {1}, {1}, true}, false),
      avg1d("unbatched", {3, 7}, {{2}}),
      avg3d("", {2, 2, 4, 3, 4}, {{2, 3, 2}}),
      avg3d("stride_padding", {1, 2, 5, 4, 6}, {{3, 2, 4}, {2, 1, 3}, {1, 1, 2}}),
      avg3d("ceil", {1, 2, 5, 4, 6}, {{3, 2, 4}, {3, 3, 3}, {1, 0, 1}, {1}, true}),
      avg3d("ceil_without_padding_counted", {1, 2, 5, 4, 6}, {{3, 2, 4}, {3, 3, 3}, {1, 0, 1}, {1}, true}, false),
      avg3d("divisor", {2, 4, 3, 5}, {{2}, {1}, {1}}, true, 3),
      unpool_row("max_unpool2d", "", {2, 3, 2, 2}, {4, 4}, 2,
                 [](auto& x, auto& i) {
                   return max_unpool2d(x, i, {4, 4});
                 }),
      unpool_row("max_unpool2d", "unbatched", {3, 2, 3}, {3, 7}, 2,
                 [](auto& x, auto& i) {
                   return max_unpool2d(x, i, {3, 7});
                 }),
      unpool_row("max_unpool3d", "", {1, 2, 2, 1, 2}, {3, 2, 4}, 3,
                 [](auto& x, auto& i) {
                   return max_unpool3d(x, i, {3, 2, 4}, {2, 2, 2}, {0, 0, 0});
                 }),
  };
  auto add = [&](const std::vector<Row>& rows) { all.insert(all.end(), rows.begin(), rows.end()); };
  add(max3d("", {2, 2, 4, 3, 4}, {{2, 3, 2}}));
  add(max3d("_options", {1, 2, 6, 5, 7}, {{2, 3, 2}, {2, 1, 3}, {1, 1, 0}, {2, 1, 3}}));
  add(max3d("_ceil", {1, 2, 5, 4, 6}, {{3, 2, 4}, {3, 3, 3}, {1, 0, 1}, {1}, true}));
  add(max3d("_unbatched", {2, 3, 4, 4}, {{2}}));
  add(value_and_place(
      "max_pool1d_with_indices", "", [](auto& x) { return max_pool1d_with_indices(x[0], 3, 2, 1, 2, true); },
      {{{2, 3, 9}}},
      [](Pooled f) {
        return fixed_reference(1, {{3}, {2}, {1}, {2}, true}, f);
      }));
  add(adaptive_rows());
  add(fractional_rows());
  return all;
}

}  // namespace table
