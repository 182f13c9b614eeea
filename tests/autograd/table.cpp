#include "table.h"

#include <algorithm>

namespace table {
namespace {

// Common shape of the arrays, as broadcasting has it.
std::vector<int64_t> common_shape(const std::vector<Array>& in) {
  std::vector<int64_t> r;
  for (const Array& a : in) {
    if (a.shape.size() > r.size()) r.insert(r.begin(), a.shape.size() - r.size(), 1);
    for (size_t i = 0; i < a.shape.size(); ++i) {
      int64_t& n = r[r.size() - a.shape.size() + i];
      if (n == 1) n = a.shape[i];
    }
  }
  return r;
}

double element(const Array& a, const std::vector<int64_t>& at) {
  int64_t k = 0;
  const size_t lead = at.size() - a.shape.size();
  for (size_t i = 0; i < a.shape.size(); ++i) k = k * a.shape[i] + (a.shape[i] == 1 ? 0 : at[lead + i]);
  return a.at(k);
}

template <class F>
Reference each(F f) {
  return [f](const std::vector<Array>& in) {
    Array r{common_shape(in), {}};
    int64_t n = 1;
    for (int64_t s : r.shape) n *= s;
    std::vector<int64_t> at(r.shape.size(), 0);
    for (int64_t k = 0; k < n; ++k) {
      std::vector<double> x;
      for (const Array& a : in) x.push_back(element(a, at));
      r.v.push_back(f(x));
      for (size_t i = at.size(); i-- > 0;) {
        if (++at[i] < r.shape[i]) break;
        at[i] = 0;
      }
    }
    return r;
  };
}

}  // namespace

Reference pointwise(std::function<double(double)> f) {
  return each([f](const std::vector<double>& x) { return f(x[0]); });
}
Reference pointwise(std::function<double(double, double)> f) {
  return each([f](const std::vector<double>& x) { return f(x[0], x[1]); });
}
Reference pointwise(std::function<double(double, double, double)> f) {
  return each([f](const std::vector<double>& x) { return f(x[0], x[1], x[2]); });
}

std::vector<Row> all_rows() {
  std::vector<Row> all;
  for (auto* family : {arithmetic_rows,    elementary_rows, compare_rows,          shape_rows,      join_rows,
                       copy_rows,          activation_rows, softmax_rows,          loss_rows,       margin_loss_rows,
                       embedding_bag_rows, norm_rows,       reduce_rows,           index_rows,      matmul_rows,
                       conv_rows,          pool_rows,       pool_windows_rows,     spatial_rows,    grid_sample_rows,
                       dropout_rows,       special_rows,    rearrange_rows,        statistics_rows, scatter_rows,
                       product_rows,       alias_rows,      special_function_rows, window_rows}) {
    std::vector<Row> rows = family();
    all.insert(all.end(), rows.begin(), rows.end());
  }
  return all;
}

}  // namespace table
