#include <algorithm>
#include <cmath>
#include <numeric>

#include "table.h"

using namespace gradus;

namespace table {
namespace {

using Numbers = std::vector<double>;
using Dims = std::vector<int64_t>;

// f of the elements along `dims`, in row-major order; f gives one number or as many as k.
template <class F>
Array along(const Array& x, const Dims& dims, bool keepdim, const F& f) {
  const size_t rank = x.shape.size();
  std::vector<bool> gone(rank, dims.empty());
  for (int64_t d : dims) gone[static_cast<size_t>(d)] = true;
  Array y;
  std::vector<int64_t> step(rank, 0);
  int64_t n = 1;
  for (size_t d = rank; d-- > 0;)
    if (!gone[d]) step[d] = n, n *= x.shape[d];
  for (size_t d = 0; d < rank; ++d)
    if (!gone[d] || keepdim) y.shape.push_back(gone[d] ? 1 : x.shape[d]);
  std::vector<Numbers> parts(static_cast<size_t>(n));
  for (size_t i = 0; i < x.v.size(); ++i) {
    auto left = static_cast<int64_t>(i);
    int64_t at = 0;
    for (size_t d = rank; d-- > 0;) {
      at += left % x.shape[d] * step[d];
      left /= x.shape[d];
    }
    parts[static_cast<size_t>(at)].push_back(x.v[i]);
  }
  for (const Numbers& p : parts) y.v.push_back(f(p));
  return y;
}

template <class F>
Reference over(Dims dims, F f, bool keepdim = false) {
  return [=](const std::vector<Array>& in) { return along(in[0], dims, keepdim, f); };
}

double total(const Numbers& v) { return std::accumulate(v.begin(), v.end(), 0.0); }
double average(const Numbers& v) { return total(v) / static_cast<double>(v.size()); }
double product(const Numbers& v) { return std::accumulate(v.begin(), v.end(), 1.0, std::multiplies<>()); }
double greatest(const Numbers& v) { return *std::max_element(v.begin(), v.end()); }
double least(const Numbers& v) { return *std::min_element(v.begin(), v.end()); }
double place_of_greatest(const Numbers& v) {
  return static_cast<double>(std::max_element(v.begin(), v.end()) - v.begin());
}
double place_of_least(const Numbers& v) {
  return static_cast<double>(std::min_element(v.begin(), v.end()) - v.begin());
}
double some(const Numbers& v) {
  return std::any_of(v.begin(), v.end(), [](double x) { return x != 0; });
}
double every(const Numbers& v) {
  return std::all_of(v.begin(), v.end(), [](double x) { return x != 0; });
}
double how_many(const Numbers& v) {
  return static_cast<double>(std::count_if(v.begin(), v.end(), [](double x) { return x != 0; }));
}
double log_sum_exp(const Numbers& v) {
  double s = 0;
  for (double x : v) s += std::exp(x);
  return std::log(s);
}

auto variance(double correction) {
  return [correction](const Numbers& v) {
    const double m = average(v);
    double s = 0;
    for (double x : v) s += (x - m) * (x - m);
    return s / (static_cast<double>(v.size()) - correction);
  };
}
auto deviation(double correction) {
  return [v = variance(correction)](const Numbers& x) { return std::sqrt(v(x)); };
}

auto p_norm(double p) {
  return [p](const Numbers& v) {
    double s = 0;
    for (double x : v) s += p == 0 ? x != 0 : std::pow(std::abs(x), p);
    return p == 0 ? s : std::pow(s, 1 / p);
  };
}
double greatest_size(const Numbers& v) {
  double m = 0;
  for (double x : v) m = std::max(m, std::abs(x));
  return m;
}
double least_size(const Numbers& v) {
  double m = INFINITY;
  for (double x : v) m = std::min(m, std::abs(x));
  return m;
}

// Products of each row of a with all of the row of z behind it.
Array product_of_rows(const std::vector<Array>& in) {
  Array y{{in[0].shape[0]}, {}};
  for (int64_t i = 0; i < in[0].shape[0]; ++i) {
    double p = 1;
    for (const Array& a : in)
      for (int64_t k = 0; k < a.shape[1]; ++k) p *= a.at(i * a.shape[1] + k);
    y.v.push_back(p);
  }
  return y;
}

Reference running_sum(int64_t dim) {
  return [dim](const std::vector<Array>& in) {
    Array y = in[0];
    int64_t step = 1;
    const auto d = static_cast<size_t>(dim);
    for (size_t k = d + 1; k < y.shape.size(); ++k) step *= y.shape[k];
    for (size_t i = 0; i < y.v.size(); ++i) {
      const auto at = static_cast<int64_t>(i);
      if (at / step % y.shape[d] > 0) y.at(at) += y.at(at - step);
    }
    return y;
  };
}

Row row(const char* op, const char* variant, Fn f, Dims shape, Reference ref) {
  return {op, variant, std::move(f), {{std::move(shape)}}, std::move(ref)};
}
Row kinked(Row r) {
  r.smooth = false;
  return r;
}
// Whole numbers or bools come out, or true and false go in.
Row stepped(Row r) {
  r.differentiable = false;
  r.smooth = false;
  return r;
}
Row of_truth(Row r) {
  r.differentiable = false;
  for (Input& in : r.in) in.kind = Kind::mask;
  return r;
}

std::vector<Row> sums() {
  return {
      row(
          "sum", "", [](auto& x) { return sum(x[0]); }, {3, 5}, over({}, total)),
      row(
          "sum", "dim", [](auto& x) { return sum(x[0], 1); }, {3, 5, 4}, over({1}, total)),
      row(
          "sum", "dims, keepdim",
          [](auto& x) {
            return sum(x[0], {0, -1}, true);
          },
          {3, 5, 4}, over({0, 2}, total, true)),
      row(
          "sum", "channels",
          [](auto& x) {
            return x[0].sum({0, 2, 3});
          },
          {3, 5, 4, 7}, over({0, 2, 3}, total)),
      row(
          "sum", "0-dimensional", [](auto& x) { return sum(x[0], 0); }, {}, over({}, total)),
      row(
          "sum", "dtype", [](auto& x) { return sum(x[0], 0, false, kDouble); }, {3, 5}, over({0}, total)),
      row(
          "mean", "", [](auto& x) { return mean(x[0]); }, {3, 5}, over({}, average)),
      row(
          "mean", "dim, keepdim", [](auto& x) { return mean(x[0], -1, true); }, {3, 5}, over({1}, average, true)),
      row(
          "mean", "of pairs", [](auto& x) { return mean(x[0], 1); }, {3, 2}, over({1}, average)),
      row(
          "mean", "dims",
          [](auto& x) {
            return x[0].mean({0, 1});
          },
          {3, 5, 2}, over({0, 1}, average)),
      row(
          "cumsum", "", [](auto& x) { return cumsum(x[0], 0); }, {3, 5}, running_sum(0)),
      row(
          "cumsum", "of a vector", [](auto& x) { return cumsum(x[0], 0); }, {5}, running_sum(0)),
      row(
          "cumsum", "last", [](auto& x) { return x[0].cumsum(-1); }, {3, 5}, running_sum(1)),
      row(
          "logsumexp", "", [](auto& x) { return logsumexp(x[0], 1); }, {3, 5}, over({1}, log_sum_exp)),
      row(
          "logsumexp", "dims, keepdim",
          [](auto& x) {
            return x[0].logsumexp({0, 2}, true);
          },
          {3, 5, 2}, over({0, 2}, log_sum_exp, true)),
      of_truth(row(
          "count_nonzero", "", [](auto& x) { return count_nonzero(x[0]); }, {3, 5}, over({}, how_many))),
      of_truth(row(
          "count_nonzero", "dim", [](auto& x) { return count_nonzero(x[0], 0); }, {3, 5}, over({0}, how_many))),
      of_truth(row(
          "any", "", [](auto& x) { return any(x[0]); }, {3, 5}, over({}, some))),
      of_truth(row(
          "any", "dim", [](auto& x) { return any(x[0], 1); }, {9, 2}, over({1}, some))),
      of_truth(row(
          "all", "", [](auto& x) { return all(x[0]); }, {3, 5}, over({}, every))),
      of_truth(row(
          "all", "dim, keepdim", [](auto& x) { return all(x[0], 0, true); }, {2, 9}, over({0}, every, true))),
  };
}

std::vector<Row> products() {
  std::vector<Row> rows = {
      row(
          "prod", "", [](auto& x) { return prod(x[0]); }, {2, 4}, over({}, product)),
      row(
          "prod", "dim", [](auto& x) { return prod(x[0], 1); }, {3, 4, 2}, over({1}, product)),
      row(
          "prod", "of a number", [](auto& x) { return prod(x[0], 0); }, {}, over({}, product)),
      row(
          "prod", "keepdim", [](auto& x) { return prod(x[0], 0, true); }, {3, 4}, over({0}, product, true)),
  };
  for (int64_t zeros : {1, 2})
    rows.push_back({"prod",
                    "with zeros " + std::to_string(zeros),
                    [](auto& x) {
                      return prod(cat({x[0], x[1], x[2]}, 1), 1);
                    },
                    {{{3, 2}}, {{3, zeros}, 0, 0}, {{3, 3}}},
                    product_of_rows});
  rows.push_back({"prod",
                  "with zeros in the middle",
                  [](auto& x) {
                    return prod(cat({x[0], x[1], x[2]}, 1), 1);
                  },
                  {{{2, 3, 2}}, {{2, 1, 2}, 0, 0}, {{2, 4, 2}}},
                  [](const std::vector<Array>&) {
                    return Array{{2, 2}, Numbers(4, 0.0)};
                  }});
  return rows;
}

std::vector<Row> moments() {
  return {
      row(
          "var", "", [](auto& x) { return var(x[0]); }, {3, 5}, over({}, variance(1))),
      row(
          "var", "dim", [](auto& x) { return var(x[0], 1); }, {3, 5}, over({1}, variance(1))),
      row(
          "var", "biased, keepdim",
          [](auto& x) {
            return var(x[0], {0, 2}, false, true);
          },
          {3, 5, 2}, over({0, 2}, variance(0), true)),
      row(
          "std", "", [](auto& x) { return gradus::std(x[0]); }, {1, 7}, over({}, deviation(1))),
      row(
          "std", "biased", [](auto& x) { return x[0].std({1}, false); }, {3, 5}, over({1}, deviation(0))),
      row(
          "var_mean", "var", [](auto& x) { return std::get<0>(var_mean(x[0], 1)); }, {3, 5}, over({1}, variance(1))),
      row(
          "var_mean", "mean", [](auto& x) { return std::get<1>(var_mean(x[0], 1)); }, {3, 5}, over({1}, average)),
      row(
          "std_mean", "",
          [](auto& x) {
            const auto [s, m] = std_mean(x[0], 1);
            return s * 3 + m;
          },
          {3, 5}, over({1}, [](const Numbers& v) { return 3 * deviation(1)(v) + average(v); })),
      row(
          "norm", "", [](auto& x) { return norm(x[0]); }, {3, 5}, over({}, p_norm(2))),
      row(
          "norm", "dim", [](auto& x) { return norm(x[0], 2, {1}, true); }, {3, 5}, over({1}, p_norm(2), true)),
      kinked(row(
          "norm", "3", [](auto& x) { return norm(x[0], 3); }, {3, 5}, over({}, p_norm(3)))),
      kinked(row(
          "norm", "1.5", [](auto& x) { return x[0].norm(1.5, {1}); }, {3, 5}, over({1}, p_norm(1.5)))),
      kinked(row(
          "norm", "1", [](auto& x) { return norm(x[0], 1); }, {3, 5}, over({}, p_norm(1)))),
      kinked(row(
          "norm", "0", [](auto& x) { return norm(x[0], 0); }, {3, 5}, over({}, p_norm(0)))),
      kinked(row(
          "norm", "infinity", [](auto& x) { return norm(x[0], INFINITY, {1}); }, {3, 5}, over({1}, greatest_size))),
      kinked(row(
          "norm", "minus infinity", [](auto& x) { return norm(x[0], -INFINITY, {1}); }, {3, 5}, over({1}, least_size))),
  };
}

std::vector<Row> extremes() {
  return {
      kinked(row(
          "max", "", [](auto& x) { return max(x[0]); }, {1, 9}, over({}, greatest))),
      kinked(row(
          "min", "", [](auto& x) { return min(x[0]); }, {1, 9}, over({}, least))),
      kinked(row(
          "max", "dim", [](auto& x) { return std::get<0>(max(x[0], 1)); }, {3, 5, 2}, over({1}, greatest))),
      kinked(row(
          "max", "of a number", [](auto& x) { return std::get<0>(max(x[0], 0)); }, {}, over({}, greatest))),
      kinked(row(
          "min", "dim, keepdim", [](auto& x) { return std::get<0>(x[0].min(-1, true)); }, {3, 5},
          over({1}, least, true))),
      stepped(row(
          "max", "indices", [](auto& x) { return std::get<1>(max(x[0], 1)); }, {3, 5, 2},
          over({1}, place_of_greatest))),
      stepped(row(
          "min", "indices", [](auto& x) { return std::get<1>(min(x[0], 1)); }, {3, 5}, over({1}, place_of_least))),
      kinked(row(
          "amax", "",
          [](auto& x) {
            return amax(x[0], {1, 2});
          },
          {3, 5, 2}, over({1, 2}, greatest))),
      kinked(row(
          "amin", "keepdim", [](auto& x) { return amin(x[0], {1}, true); }, {3, 5}, over({1}, least, true))),
      stepped(row(
          "argmax", "", [](auto& x) { return argmax(x[0]); }, {3, 5}, over({}, place_of_greatest))),
      stepped(row(
          "argmax", "dim", [](auto& x) { return argmax(x[0], 1); }, {3, 5}, over({1}, place_of_greatest))),
      stepped(row(
          "argmin", "", [](auto& x) { return argmin(x[0]); }, {3, 5}, over({}, place_of_least))),
      stepped(row(
          "argmin", "dim, keepdim", [](auto& x) { return x[0].argmin(0, true); }, {5, 4},
          over({0}, place_of_least, true))),
  };
}

}  // namespace

std::vector<Row> reduce_rows() {
  std::vector<Row> all;
  for (auto* family : {sums, products, moments, extremes}) {
    std::vector<Row> rows = family();
    all.insert(all.end(), rows.begin(), rows.end());
  }
  return all;
}

}  // namespace table
