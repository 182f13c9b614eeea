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
  using Family = std::vector<Row> (*)();
  const std::pair<const char*, Family> families[] = {{"arithmetic", arithmetic_rows},
                                                     {"elementary functions", elementary_rows},
                                                     {"special functions", special_rows},
                                                     {"comparisons", compare_rows},
                                                     {"activations", activation_rows},
                                                     {"softmax", softmax_rows},
                                                     {"losses", loss_rows},
                                                     {"margin losses", margin_loss_rows},
                                                     {"reductions", reduce_rows},
                                                     {"statistics", statistics_rows},
                                                     {"shapes", shape_rows},
                                                     {"joining and splitting", join_rows},
                                                     {"copies", copy_rows},
                                                     {"rearrangements", rearrange_rows},
                                                     {"indexing", index_rows},
                                                     {"scattering", scatter_rows},
                                                     {"embedding bags", embedding_bag_rows},
                                                     {"matrix products", matmul_rows},
                                                     {"other products", product_rows},
                                                     {"convolutions", conv_rows},
                                                     {"pooling", pool_rows},
                                                     {"pooling windows", pool_windows_rows},
                                                     {"padding and resizing", spatial_rows},
                                                     {"grid sampling", grid_sample_rows},
                                                     {"normalization", norm_rows},
                                                     {"dropout", dropout_rows},
                                                     {"functions of torch::special", special_function_rows},
                                                     {"windows", window_rows},
                                                     {"other names", alias_rows}};
  std::vector<Row> all;
  for (const auto& [family, rows_of] : families)
    for (Row& row : rows_of()) {
      row.family = family;
      all.push_back(std::move(row));
    }
  return all;
}

}  // namespace table
