#include <cmath>
#include <limits>

#include "table.h"

using namespace gradus;

namespace table {
namespace {

constexpr int64_t n = 6, d = 3, length = 8;

/// What a row asks for. Inputs: the table [n, d], indices [length], perhaps factors [length].
struct Bags {
  int64_t mode;
  bool factors = false, last = false;
  std::optional<int64_t> padding = std::nullopt;
  std::vector<int64_t> begins = {0, 3, 3, 4, length};  // and the end; the second bag is empty

  int64_t bags() const { return static_cast<int64_t>(begins.size()) - 1; }
  // With `last` the last of `begins` ends the last bag, otherwise it is not told.
  Tensor offsets() const { return tensor(begins).narrow(0, 0, last ? bags() + 1 : bags()); }
};

Array bagged(const std::vector<Array>& in, const Bags& o) {
  Array y{{o.bags(), d}, std::vector<double>(static_cast<size_t>(o.bags() * d), 0.0)};
  for (int64_t b = 0; b < o.bags(); ++b)
    for (int64_t j = 0; j < d; ++j) {
      double sum = 0, most = -std::numeric_limits<double>::infinity(), count = 0;
      for (int64_t i = o.begins[static_cast<size_t>(b)]; i < o.begins[static_cast<size_t>(b) + 1]; ++i) {
        const auto k = static_cast<int64_t>(in[1].at(i));
        if (o.padding && k == *o.padding) continue;
        const double v = in[0].at(k * d + j) + (o.mode == 2 ? 0.03 * static_cast<double>(k) : 0);
        sum += v * (o.factors ? in[2].at(i) : 1);
        most = std::max(most, v);
        ++count;
      }
      if (count > 0) y.at(b * d + j) = o.mode == 0 ? sum : o.mode == 1 ? sum / count : most;
    }
  return y;
}

Row bag_row(const char* variant, Bags o) {
  std::vector<Input> in = {{{n, d}}, {{length}, 0, n, Kind::index}};
  if (o.factors) in.push_back({{length}});
  Row r{"embedding_bag", variant,
        [o](auto& x) {
          const std::optional<Tensor> factors = o.factors ? std::optional(x[2]) : std::nullopt;
          // Rows that are expanded from one would tie for the maximum. Sums take x itself: 16-bit floats would round.
          const Tensor table = o.mode == 2 ? x[0] + 0.03 * arange(n, x[0].options()).unsqueeze(1) : x[0];
          return std::get<0>(embedding_bag(table, x[1], o.offsets(), false, o.mode, false, factors, o.last, o.padding));
        },
        in, [o](const std::vector<Array>& a) { return bagged(a, o); }};
  r.smooth = o.mode != 2;
  return r;
}

}  // namespace

std::vector<Row> embedding_bag_rows() {
  return {bag_row("sum", {0}),
          bag_row("weighted sum", {0, true}),
          bag_row("mean", {1}),
          bag_row("max", {2}),
          bag_row("last offset", {0, true, true}),
          bag_row("one bag", {0, true, false, std::nullopt, {0, length}}),
          bag_row("no bags", {0, true, false, std::nullopt, {length}}),
          bag_row("sum padding", {0, true, false, 2}),
          bag_row("mean padding", {1, false, true, 2}),
          bag_row("max padding", {2, false, false, 2})};
}

}  // namespace table
