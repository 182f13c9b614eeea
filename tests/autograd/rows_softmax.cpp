#include <cmath>

#include "table.h"

using namespace gradus;

namespace table {
namespace {

// Softmax of sign * x along dim, or its logarithm.
Reference along(size_t dim, bool log, double sign = 1) {
  return [=](const std::vector<Array>& in) {
    const Array& x = in[0];
    Array r = x;
    int64_t n = 1, inner = 1;
    if (!x.shape.empty()) n = x.shape[dim];
    for (size_t i = dim + 1; i < x.shape.size(); ++i) inner *= x.shape[i];
    for (int64_t k = 0; k < static_cast<int64_t>(x.v.size()); ++k) {
      const int64_t first = k / (n * inner) * n * inner + k % inner;
      double sum = 0;
      for (int64_t i = 0; i < n; ++i) sum += std::exp(sign * x.at(first + i * inner));
      r.at(k) = log ? sign * x.at(k) - std::log(sum) : std::exp(sign * x.at(k)) / sum;
    }
    return r;
  };
}

void add(std::vector<Row>& rows, const char* variant, std::vector<int64_t> shape, int64_t dim) {
  const size_t d = static_cast<size_t>(dim < 0 ? dim + static_cast<int64_t>(shape.size()) : dim);
  rows.push_back({"softmax", variant, [dim](auto& x) { return softmax(x[0], dim); }, {{shape}}, along(d, false)});
  rows.push_back(
      {"log_softmax", variant, [dim](auto& x) { return log_softmax(x[0], dim); }, {{shape}}, along(d, true)});
  rows.push_back({"softmin", variant, [dim](auto& x) { return softmin(x[0], dim); }, {{shape}}, along(d, false, -1)});
}

}  // namespace

std::vector<Row> softmax_rows() {
  std::vector<Row> rows;
  add(rows, "last", {3, 5}, -1);
  add(rows, "first", {5, 3}, 0);
  add(rows, "middle", {2, 5, 19}, 1);
  add(rows, "long", {2, 70}, 1);
  add(rows, "one", {4, 1}, 1);
  add(rows, "0-dimensional", {}, 0);
  return rows;
}

}  // namespace table
