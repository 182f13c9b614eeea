#include <algorithm>
#include <cmath>

#include "table.h"

using namespace gradus;

namespace table {
namespace {

// Which statistics an element belongs to, and which weight.
struct Groups {
  std::function<int64_t(int64_t)> group, weight;
  double eps;
  bool centered = true;
};

// Inputs x, and perhaps weight and bias.
Array normalized(const std::vector<Array>& in, const Groups& g) {
  const Array& x = in[0];
  const int64_t n = static_cast<int64_t>(x.v.size());
  Array y = x;
  for (int64_t i = 0; i < n; ++i) {
    double count = 0, sum = 0, squares = 0;
    for (int64_t j = 0; j < n; ++j)
      if (g.group(j) == g.group(i)) ++count, sum += x.at(j);
    const double mean = g.centered ? sum / count : 0;
    for (int64_t j = 0; j < n; ++j)
      if (g.group(j) == g.group(i)) squares += (x.at(j) - mean) * (x.at(j) - mean);
    y.at(i) = (x.at(i) - mean) / std::sqrt(squares / count + g.eps);
    if (in.size() > 1) y.at(i) *= in[1].at(g.weight(i));
    if (in.size() > 2) y.at(i) += in[2].at(g.weight(i));
  }
  return y;
}

Reference reference(Groups g) {
  return [g](const std::vector<Array>& in) { return normalized(in, g); };
}

// eps is large, so that constant channels, which expanded inputs have, keep a derivative that differences can follow.
constexpr double eps = 0.4;

std::optional<Tensor> get(const Tensors& x, size_t i) { return x.size() > i ? std::optional(x[i]) : std::nullopt; }

// x [n, c, s...] with statistics and weights a channel.
Row batch_row(const char* variant, std::vector<int64_t> shape, bool weights) {
  const int64_t c = shape[1], s = count_elements(shape) / (shape[0] * c);
  auto channel = [=](int64_t i) { return i / s % c; };
  std::vector<Input> in = {{shape}};
  if (weights) in.insert(in.end(), {{{c}}, {{c}}});
  return {"batch_norm", variant, [](auto& x) { return batch_norm(x[0], get(x, 1), get(x, 2), {}, {}, true, 0.1, eps); },
          in, reference({channel, channel, eps})};
}

// With running statistics as inputs 1 and 2, which are not differentiated, weight and bias as 3 and 4.
Row evaluation_row(const char* variant, std::vector<int64_t> shape) {
  const int64_t c = shape[1], s = count_elements(shape) / (shape[0] * c);
  return {"batch_norm",
          variant,
          [](auto& x) { return batch_norm(x[0], x[3], x[4], x[1], x[2], false, 0.1, eps); },
          {{shape}, {{c}, -1, 1, Kind::fixed}, {{c}, 0.5, 2, Kind::fixed}, {{c}}, {{c}}},
          [=](const std::vector<Array>& in) {
            Array y = in[0];
            for (int64_t i = 0; i < static_cast<int64_t>(y.v.size()); ++i) {
              const int64_t k = i / s % c;
              y.at(i) = (y.at(i) - in[1].at(k)) / std::sqrt(in[2].at(k) + eps) * in[3].at(k) + in[4].at(k);
            }
            return y;
          }};
}

// The same with a ReLU behind the norm.
Row with_relu(Row r) {
  r.op = "batch_norm_relu";
  r.f = r.in.size() == 5
            ? Fn([](auto& x) { return batch_norm_relu(x[0], x[3], x[4], x[1], x[2], false, 0.1, eps); })
            : Fn([](auto& x) { return batch_norm_relu(x[0], get(x, 1), get(x, 2), {}, {}, true, 0.1, eps); });
  r.reference = [norm = r.reference](const std::vector<Array>& in) {
    Array y = norm(in);
    for (double& v : y.v) v = std::max(v, 0.0);
    return y;
  };
  return r;
}

// Without a weight. A bias keeps constant channels, which expanded inputs have, away from the kink.
Row relu_of_bias_row() {
  Row r = with_relu(batch_row("rows without a weight", {5, 4}, true));
  r.in.pop_back();
  r.f = [](auto& x) { return batch_norm_relu(x[0], {}, x[1], {}, {}, true, 0.1, eps); };
  r.reference = [norm = r.reference](const std::vector<Array>& in) {
    return norm({in[0], {in[1].shape, std::vector<double>(in[1].v.size(), 1)}, in[1]});
  };
  return r;
}

// Rows of the last `dims` dimensions.
Row layer_row(const char* op, const char* variant, std::vector<int64_t> shape, int64_t dims, bool weights) {
  const std::vector<int64_t> last(shape.end() - dims, shape.end());
  const int64_t k = count_elements(last);
  const bool rms = std::string(op) == "rms_norm";
  std::vector<Input> in = {{shape}};
  if (weights) in.push_back({last});
  if (weights && !rms) in.push_back({last});
  return {op, variant,
          [=](auto& x) {
            return rms ? rms_norm(x[0], last, get(x, 1), eps) : layer_norm(x[0], last, get(x, 1), get(x, 2), eps);
          },
          in, reference({[k](int64_t i) { return i / k; }, [k](int64_t i) { return i % k; }, eps, !rms})};
}

// x [n, c, s...] in groups of channels.
Row group_row(const char* variant, std::vector<int64_t> shape, int64_t groups, bool weights) {
  const int64_t c = shape[1], s = count_elements(shape) / (shape[0] * c), k = c / groups * s;
  std::vector<Input> in = {{shape}};
  if (weights) in.insert(in.end(), {{{c}}, {{c}}});
  return {"group_norm", variant, [=](auto& x) { return group_norm(x[0], groups, get(x, 1), get(x, 2), eps); }, in,
          reference({[k](int64_t i) { return i / k; }, [=](int64_t i) { return i / s % c; }, eps})};
}

}  // namespace

std::vector<Row> norm_rows() {
  std::vector<Row> rows = {
      batch_row("rows", {6, 3}, true),
      batch_row("rows without weights", {5, 4}, false),
      batch_row("short planes", {3, 2, 5}, true),
      batch_row("planes", {2, 3, 4, 17}, true),
      batch_row("planes without weights", {2, 2, 65}, false),
      evaluation_row("evaluation", {4, 3}),
      evaluation_row("evaluation planes", {2, 3, 66}),
      layer_row("layer_norm", "", {4, 6}, 1, true),
      layer_row("layer_norm", "two dimensions", {3, 4, 5}, 2, true),
      layer_row("layer_norm", "without weights", {2, 3, 37}, 1, false),
      layer_row("rms_norm", "", {4, 6}, 1, true),
      layer_row("rms_norm", "two dimensions", {3, 4, 5}, 2, true),
      layer_row("rms_norm", "without weights", {2, 3, 37}, 1, false),
  };
  for (size_t i : {0, 2, 3, 5, 6}) rows.push_back(with_relu(rows[i]));
  rows.push_back(relu_of_bias_row());
  rows.push_back(group_row("", {2, 6, 3}, 3, true));
  rows.push_back(group_row("matrix", {3, 8}, 2, true));
  rows.push_back(group_row("planes", {2, 4, 3, 7}, 2, true));
  rows.push_back(group_row("without weights", {2, 4, 5}, 1, false));
  rows.push_back(group_row("one row", {1, 4, 3}, 1, true));
  rows.push_back(group_row("empty planes", {2, 4, 0}, 2, true));
  rows.push_back({"instance_norm",
                  "",
                  [](auto& x) { return instance_norm(x[0], x[1], x[2], {}, {}, true, 0.1, eps); },
                  {{{2, 3, 5}}, {{3}}, {{3}}},
                  reference({[](int64_t i) { return i / 5; }, [](int64_t i) { return i / 5 % 3; }, eps})});
  return rows;
}

}  // namespace table
