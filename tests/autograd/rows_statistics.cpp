#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "naive.h"

using namespace gradus;

namespace table {
namespace {

Row row(const char* op, const char* variant, Fn f, Index in, Reference ref, double lo = -2, double hi = 2) {
  return {op, variant, std::move(f), {{std::move(in), lo, hi}}, std::move(ref)};
}
Row flat(Row r) {
  r.differentiable = false;
  for (Input& in : r.in)
    if (in.kind == Kind::real) in.kind = Kind::fixed;
  return r;
}
Row with_kinks(Row r) {
  r.smooth = false;
  return r;
}
Row whole(Row r, int64_t lo, int64_t hi) {
  for (Input& in : r.in) in = {in.shape, static_cast<double>(lo), static_cast<double>(hi), Kind::index};
  return flat(r);
}
Row in_place(Row r, Fn f) {
  r.in_place = std::move(f);
  return r;
}

// f of the first i + 1 elements for all i.
template <class F>
Reference running(size_t dim, F f) {
  return by_line(dim, [f](const Numbers& line) {
    Numbers r;
    for (size_t i = 1; i <= line.size(); ++i)
      r.push_back(f(Numbers(line.begin(), line.begin() + static_cast<int64_t>(i))));
    return r;
  });
}

double product(const Numbers& v) {
  double p = 1;
  for (double x : v) p *= x;
  return p;
}
double greatest(const Numbers& v) { return *std::max_element(v.begin(), v.end()); }
double least(const Numbers& v) { return *std::min_element(v.begin(), v.end()); }
double place_of_last_greatest(const Numbers& v) {
  size_t at = 0;
  for (size_t i = 0; i < v.size(); ++i)
    if (v[i] >= v[at]) at = i;
  return static_cast<double>(at);
}
double log_sum(const Numbers& v) {
  double s = 0;
  for (double x : v) s += std::exp(x);
  return std::log(s);
}
double kth(Numbers v, size_t k) {
  std::sort(v.begin(), v.end());
  return v[k];
}
double middle(const Numbers& v) { return kth(v, (v.size() - 1) / 2); }
double area(const Numbers& v) {
  double s = 0;
  for (size_t i = 1; i < v.size(); ++i) s += 0.5 * (v[i] + v[i - 1]);
  return s;
}
Numbers differences(const Numbers& v) {
  Numbers r;
  for (size_t i = 1; i < v.size(); ++i) r.push_back(v[i] - v[i - 1]);
  return r;
}
double most_frequent(const Numbers& v) {
  std::map<double, int> times;
  for (double x : v) ++times[x];
  return std::max_element(times.begin(), times.end(), [](auto& a, auto& b) { return a.second < b.second; })->first;
}

std::vector<Row> scans() {
  Row unequal{"trapezoid",
              "x",
              [](auto& x) { return trapezoid(x[0], x[1]); },
              {{{3, 5}}, {{5}}},
              [](const std::vector<Array>& in) {
                Array y = lines(in[0], 1, [&](const Numbers& v) {
                  double s = 0;
                  for (size_t i = 1; i < v.size(); ++i) s += 0.5 * (v[i] + v[i - 1]) * (in[1].v[i] - in[1].v[i - 1]);
                  return Numbers{s};
                });
                y.shape = {3};
                return y;
              }};
  Row with_zero = row(
      "cumprod", "zeros",
      [](auto& x) {
        // A factor of 0, on which the others' gradient depends.
        return cumprod(cat({narrow(x[0], 1, 0, 2), narrow(x[0], 1, 2, 1) * 0, narrow(x[0], 1, 3, 2)}, 1), 1);
      },
      {3, 5}, running(1, [](const Numbers& v) { return v.size() > 2 ? 0 : product(v); }));
  // Zeros whose own gradient is looked at.
  auto zero_first = [](const char* variant, int64_t n) {
    return Row{"cumprod",
               variant,
               [](auto& x) {
                 return cumprod(cat({x[0], x[1]}, 1), 1);
               },
               {{{3, 1}, 0, 0}, {{3, n}}},
               [n](const std::vector<Array>&) {
                 return Array{{3, n + 1}, Numbers(static_cast<size_t>(3 * (n + 1)), 0.0)};
               }};
  };
  const Reference unchanged = [](const std::vector<Array>& in) { return in[0]; };
  return {
      in_place(row(
                   "cumprod", "", [](auto& x) { return cumprod(x[0], 0); }, {5, 3}, running(0, product), 0.5, 2),
               [](auto& x) { return x[0].cumprod_(0); }),
      zero_first("zero first", 4),
      zero_first("zero alone", 0),
      row(
          "cumprod", "of a number", [](auto& x) { return cumprod(x[0], 0); }, {}, unchanged),
      row(
          "cumprod", "of a vector", [](auto& x) { return cumprod(x[0], 0); }, {5}, running(0, product), 0.5, 2),
      row(
          "logcumsumexp", "of a number", [](auto& x) { return logcumsumexp(x[0], 0); }, {}, unchanged),
      row(
          "logcumsumexp", "of a vector", [](auto& x) { return logcumsumexp(x[0], 0); }, {5}, running(0, log_sum)),
      with_zero,
      in_place(row(
                   "cumsum", "in place", [](auto& x) { return x[0].cumsum(-1); }, {2, 5},
                   running(1,
                           [](const Numbers& v) {
                             double s = 0;
                             for (double x : v) s += x;
                             return s;
                           })),
               [](auto& x) { return x[0].cumsum_(-1); }),
      with_kinks(row(
          "cummax", "", [](auto& x) { return std::get<0>(cummax(x[0], 1)); }, {3, 6}, running(1, greatest))),
      flat(row(
          "cummax", "indices", [](auto& x) { return std::get<1>(x[0].cummax(1)); }, {3, 6},
          running(1, place_of_last_greatest))),
      with_kinks(row(
          "cummin", "", [](auto& x) { return std::get<0>(cummin(x[0], 1)); }, {2, 6}, running(1, least))),
      row(
          "logcumsumexp", "", [](auto& x) { return logcumsumexp(x[0], 1); }, {3, 5}, running(1, log_sum)),
      unequal,
      row(
          "trapezoid", "", [](auto& x) { return trapezoid(x[0], 0.5, 0); }, {5, 2},
          one_a_line(0, [](const Numbers& v) { return 0.5 * area(v); })),
      row(
          "trapz", "", [](auto& x) { return trapz(x[0]); }, {2, 5}, one_a_line(1, area)),
      row(
          "cumulative_trapezoid", "", [](auto& x) { return cumulative_trapezoid(x[0]); }, {2, 5},
          by_line(1,
                  [](const Numbers& v) {
                    Numbers r;
                    for (size_t i = 2; i <= v.size(); ++i)
                      r.push_back(area(Numbers(v.begin(), v.begin() + static_cast<int64_t>(i))));
                    return r;
                  })),
      row(
          "diff", "", [](auto& x) { return diff(x[0], 2, 0); }, {5, 2},
          by_line(0, [](const Numbers& v) { return differences(differences(v)); })),
      row(
          "diff", "prepend", [](auto& x) { return x[0].diff(1, -1, zeros_like(narrow(x[0], 1, 0, 1))); }, {2, 4},
          by_line(1,
                  [](Numbers v) {
                    v.insert(v.begin(), 0);
                    return differences(v);
                  })),
  };
}

// x with NaN where it is above 1, which has no gradient.
Tensor with_nan(const Tensor& x) { return where(x > 1, NAN, x); }
Numbers without(const Numbers& v) {
  Numbers r;
  for (double x : v)
    if (!(x > 1)) r.push_back(x);
  return r;
}
double total(const Numbers& v) {
  double s = 0;
  for (double x : v) s += x;
  return s;
}
template <class F>
auto of_rest(F f) {
  return [f](const Numbers& v) { return f(without(v)); };
}

std::vector<Row> ranks() {
  auto one = [](Reference ref) {  // over all elements
    return [ref](const std::vector<Array>& in) {
      Array flat{{static_cast<int64_t>(in[0].v.size())}, in[0].v};
      return ref({flat});
    };
  };
  return {
      with_kinks(row(
          "nansum", "", [](auto& x) { return nansum(with_nan(x[0]), 1); }, {3, 7}, one_a_line(1, of_rest(total)))),
      with_kinks(row(
          "nanmean", "", [](auto& x) { return with_nan(x[0]).nanmean(0); }, {9, 2},
          one_a_line(0, of_rest([](const Numbers& v) { return total(v) / static_cast<double>(v.size()); })))),
      with_kinks(row(
          "median", "", [](auto& x) { return std::get<0>(median(x[0], 1)); }, {3, 6}, one_a_line(1, middle))),
      with_kinks(row(
          "median", "of a number", [](auto& x) { return std::get<0>(median(x[0], 0)); }, {},
          [](const std::vector<Array>& in) { return in[0]; })),
      with_kinks(row(
          "median", "all", [](auto& x) { return median(x[0]); }, {1, 18}, one(one_a_line(0, middle)))),
      flat(row(
          "median", "index", [](auto& x) { return std::get<1>(x[0].median(-1)); }, {3, 7},
          one_a_line(1,
                     [](const Numbers& v) {
                       return static_cast<double>(std::find(v.begin(), v.end(), middle(v)) - v.begin());
                     }))),
      with_kinks(row(
          "nanmedian", "", [](auto& x) { return std::get<0>(nanmedian(with_nan(x[0]), 1)); }, {2, 9},
          one_a_line(1, of_rest(middle)))),
      with_kinks(row(
          "nanmedian", "all", [](auto& x) { return nanmedian(with_nan(x[0])); }, {1, 15},
          one(one_a_line(0, of_rest(middle))))),
      with_kinks(row(
          "kthvalue", "", [](auto& x) { return std::get<0>(kthvalue(x[0], 2, 1)); }, {2, 6},
          one_a_line(1, [](const Numbers& v) { return kth(v, 1); }))),
      whole(row(
                "mode", "", [](auto& x) { return std::get<0>(mode(x[0])); }, {3, 9}, one_a_line(1, most_frequent)),
            0, 4),
      whole(row(
                "mode", "index", [](auto& x) { return std::get<1>(x[0].mode(0)); }, {9, 2},
                one_a_line(0,
                           [](const Numbers& v) {
                             return static_cast<double>(v.rend() - std::find(v.rbegin(), v.rend(), most_frequent(v)) -
                                                        1);
                           })),
            0, 4),
  };
}

double quantile_of(Numbers v, double q, bool lower = false) {
  std::sort(v.begin(), v.end());
  const double rank = q * static_cast<double>(v.size() - 1);
  const auto below = static_cast<size_t>(rank);
  const double w = lower ? 0 : rank - static_cast<double>(below);
  return v[below] + w * (v[std::min(below + 1, v.size() - 1)] - v[below]);
}

std::vector<Row> quantiles() {
  auto quarters = [](const Tensor& x) { return tensor({0.25, 0.6}, kDouble).to(x.scalar_type()); };
  return {
      with_kinks(row(
          "quantile", "", [](auto& x) { return quantile(x[0], 0.3, 1); }, {3, 7},
          one_a_line(1, [](const Numbers& v) { return quantile_of(v, 0.3); }))),
      with_kinks(row(
          "quantile", "keepdim, lower", [](auto& x) { return x[0].quantile(0.3, -1, true, "lower"); }, {2, 7},
          by_line(1, [](const Numbers& v) { return Numbers{quantile_of(v, 0.3, true)}; }))),
      with_kinks(row(
          "quantile", "several", [=](auto& x) { return quantile(x[0], quarters(x[0]), 1); }, {2, 7},
          [](const std::vector<Array>& in) {
            Array y{{2, 2}, {}};
            for (double q : {0.25, 0.6})
              for (double v : lines(in[0], 1, [q](const Numbers& line) { return Numbers{quantile_of(line, q)}; }).v)
                y.v.push_back(v);
            return y;
          })),
      with_kinks(row(
          "nanquantile", "", [](auto& x) { return nanquantile(with_nan(x[0]), 0.3, 1); }, {3, 9},
          one_a_line(1, of_rest([](const Numbers& v) { return quantile_of(v, 0.3); })))),
  };
}

std::vector<Row> counts() {
  return {
      with_kinks(row(
          "aminmax", "", [](auto& x) { return std::get<0>(aminmax(x[0], 1)) + 2 * std::get<1>(x[0].aminmax(1)); },
          {3, 5}, one_a_line(1, [](const Numbers& v) { return least(v) + 2 * greatest(v); }))),
      flat(row(
          "histc", "", [](auto& x) { return histc(x[0], 4, -1, 1); }, {30},
          [](const std::vector<Array>& in) {
            Array y{{4}, {0, 0, 0, 0}};
            for (double v : in[0].v)
              if (v >= -1 && v <= 1) ++y.at(std::min<int64_t>(static_cast<int64_t>((v + 1) * 2), 3));
            return y;
          })),
      whole(row(
                "bincount", "", [](auto& x) { return bincount(x[0], {}, 6); }, {20},
                [](const std::vector<Array>& in) {
                  Array y{{6}, Numbers(6, 0)};
                  for (double v : in[0].v) ++y.at(static_cast<int64_t>(v));
                  return y;
                }),
            0, 5),
      flat(Row{"bincount",
               "weights",
               [](auto& x) { return bincount(x[0], x[1], 5); },
               {{{20}, 0, 5, Kind::index}, {{20}}},
               [](const std::vector<Array>& in) {
                 Array y{{5}, Numbers(5, 0)};
                 for (size_t i = 0; i < 20; ++i) y.at(static_cast<int64_t>(in[0].v[i])) += in[1].v[i];
                 return y;
               }}),
      Row{"dist",
          "",
          [](auto& x) { return dist(x[0], x[1], 3); },
          {{{3, 4}}, {{3, 4}, 3, 4}},
          [](const std::vector<Array>& in) {
            double s = 0;
            for (size_t i = 0; i < in[0].v.size(); ++i) s += std::pow(std::abs(in[0].v[i] - in[1].v[i]), 3);
            return Array{{}, {std::cbrt(s)}};
          }},
      in_place(row(
                   "renorm", "", [](auto& x) { return renorm(x[0], 2, 0, 1.5); }, {3, 4},
                   [](const std::vector<Array>& in) {
                     return lines(in[0], 1, [](Numbers v) {
                       double s = 0;
                       for (double x : v) s += x * x;
                       s = std::sqrt(s);
                       if (s > 1.5)
                         for (double& x : v) x *= 1.5 / (s + 1e-7);
                       return v;
                     });
                   }),
               [](auto& x) { return x[0].renorm_(2, 0, 1.5); }),
      whole(row(
                "_unique", "", [](auto& x) { return std::get<0>(_unique(x[0])); }, {3, 7},
                [](const std::vector<Array>& in) {
                  const std::set<double> values(in[0].v.begin(), in[0].v.end());
                  return Array{{static_cast<int64_t>(values.size())}, {values.begin(), values.end()}};
                }),
            0, 5),
      whole(row(
                "_unique2", "", [](auto& x) { return std::get<2>(_unique2(x[0], true, false, true)); }, {3, 7},
                [](const std::vector<Array>& in) {
                  std::map<double, int64_t> counts;
                  for (double v : in[0].v) ++counts[v];
                  Array y{{static_cast<int64_t>(counts.size())}, {}};
                  for (const auto& [value, n] : counts) y.v.push_back(static_cast<double>(n));
                  return y;
                }),
            0, 5),
      whole(row(
                "unique_dim", "", [](auto& x) { return std::get<0>(unique_dim(x[0], 0)); }, {9, 2},
                [](const std::vector<Array>& in) {
                  std::map<std::pair<double, double>, int> rows;
                  for (int64_t i = 0; i < 9; ++i) ++rows[{in[0].at(2 * i), in[0].at(2 * i + 1)}];
                  Array y{{static_cast<int64_t>(rows.size()), 2}, {}};
                  for (auto& [r, n] : rows) y.v.insert(y.v.end(), {r.first, r.second});
                  return y;
                }),
            0, 2),
      whole(row(
                "unique_consecutive", "", [](auto& x) { return std::get<2>(unique_consecutive(x[0], false, true)); },
                {12},
                [](const std::vector<Array>& in) {
                  Array y{{0}, {}};
                  for (size_t i = 0; i < 12; ++i) {
                    if (i == 0 || in[0].v[i] != in[0].v[i - 1]) y.v.push_back(0);
                    ++y.v.back();
                  }
                  y.shape[0] = static_cast<int64_t>(y.v.size());
                  return y;
                }),
            0, 2),
      whole(row(
                "unique_dim_consecutive", "",
                [](auto& x) { return std::get<1>(unique_dim_consecutive(x[0], 0, true)); }, {12, 1},
                [](const std::vector<Array>& in) {
                  Array y{{12}, {0}};
                  for (size_t i = 1; i < 12; ++i) y.v.push_back(y.v.back() + (in[0].v[i] != in[0].v[i - 1]));
                  return y;
                }),
            0, 2),
  };
}

// Covariances of the rows of in[0], each observation with its weight; the freedom is what the sum is divided by.
Array covariances(const Array& x, const Numbers& w, double freedom) {
  const auto rows = static_cast<size_t>(x.shape[0]), n = w.size();
  Numbers mean(rows, 0);
  for (size_t i = 0; i < rows; ++i)
    for (size_t k = 0; k < n; ++k) mean[i] += w[k] * x.v[i * n + k] / total(w);
  Array y{{x.shape[0], x.shape[0]}, {}};
  for (size_t i = 0; i < rows; ++i)
    for (size_t j = 0; j < rows; ++j) {
      double s = 0;
      for (size_t k = 0; k < n; ++k) s += w[k] * (x.v[i * n + k] - mean[i]) * (x.v[j * n + k] - mean[j]);
      y.v.push_back(s / freedom);
    }
  return y;
}

std::vector<Row> covariance() {
  const Numbers often{1, 3, 2, 1, 2};
  const Reference weighted = [](const std::vector<Array>& in) {
    double squares = 0;
    for (double w : in[1].v) squares += w * w;
    return covariances(in[0], in[1].v, total(in[1].v) - squares / total(in[1].v));
  };
  const Reference both = [often](const std::vector<Array>& in) {
    Numbers w;
    double squares = 0;
    for (size_t i = 0; i < 5; ++i) w.push_back(often[i] * in[1].v[i]), squares += w[i] * in[1].v[i];
    return covariances(in[0], w, total(w) - 2 * squares / total(w));
  };
  return {
      row(
          "cov", "", [](auto& x) { return cov(x[0]); }, {3, 5},
          [](const std::vector<Array>& in) { return covariances(in[0], Numbers(5, 1), 4); }),
      row(
          "cov", "of a vector", [](auto& x) { return x[0].cov(0); }, {5},
          [](const std::vector<Array>& in) {
            return Array{{}, covariances({{1, 5}, in[0].v}, Numbers(5, 1), 5).v};
          }),
      row(
          "cov", "fweights",
          [](auto& x) {
            return cov(x[0], 2, tensor({1, 3, 2, 1, 2}));
          },
          {2, 5}, [often](const std::vector<Array>& in) { return covariances(in[0], often, 7); }),
      Row{"cov", "aweights", [](auto& x) { return cov(x[0], 1, {}, x[1]); }, {{{2, 5}}, {{5}, 0.5, 2}}, weighted},
      Row{"cov",
          "both weights",
          [](auto& x) {
            return cov(x[0], 2, tensor({1, 3, 2, 1, 2}), x[1]);
          },
          {{{2, 5}}, {{5}, 0.5, 2}},
          both},
      row(
          "corrcoef", "", [](auto& x) { return corrcoef(x[0]); }, {3, 5},
          [](const std::vector<Array>& in) {
            Array c = covariances(in[0], Numbers(5, 1), 4), y = c;
            for (int64_t i = 0; i < 3; ++i)
              for (int64_t j = 0; j < 3; ++j) y.at(3 * i + j) /= std::sqrt(c.at(4 * i) * c.at(4 * j));
            return y;
          }),
      flat(row(
          "corrcoef", "of a vector", [](auto& x) { return x[0].corrcoef(); }, {5},
          [](const std::vector<Array>&) {
            return Array{{}, {1}};
          })),
  };
}

Reference powers(int64_t columns, bool increasing) {
  return [=](const std::vector<Array>& in) {
    Array y{{in[0].shape[0], columns}, {}};
    for (double v : in[0].v)
      for (int64_t k = 0; k < columns; ++k)
        y.v.push_back(std::pow(v, static_cast<double>(increasing ? k : columns - 1 - k)));
    return y;
  };
}

std::vector<Row> vanders() {
  return {
      row(
          "vander", "", [](auto& x) { return vander(x[0]); }, {4}, powers(4, false)),
      row(
          "vander", "increasing", [](auto& x) { return vander(x[0], 5, true); }, {3}, powers(5, true)),
      whole(row(
                "vander", "whole", [](auto& x) { return vander(x[0], 3); }, {4}, powers(3, false)),
            -5, 5),
  };
}

// x brought to the quarters, so that values meet.
Tensor coarse(const Tensor& x) { return round(x * 4) / 4; }
double coarse(double v) { return std::nearbyint(v * 4) / 4; }

std::vector<Row> searches() {
  const Reference places = [](const std::vector<Array>& in) {
    Array y{{3, 4}, {}};
    for (int64_t r = 0; r < 3; ++r)
      for (int64_t k = 0; k < 4; ++k) {
        const double v = coarse(in[1].at(r * 4 + k));
        double n = 0;
        for (int64_t i = 0; i < 6; ++i) n += coarse(in[0].at(r * 6 + i)) < v;
        y.v.push_back(n);
      }
    return y;
  };
  const Reference members = [](const std::vector<Array>& in) {
    Array y{{3, 4}, {}};
    for (double v : in[0].v)
      y.v.push_back(std::any_of(in[1].v.begin(), in[1].v.end(), [&](double t) { return coarse(t) == coarse(v); }));
    return y;
  };
  return {
      flat(Row{"searchsorted",
               "",
               [](auto& x) { return searchsorted(std::get<0>(coarse(x[0]).sort()), coarse(x[1])); },
               {{{3, 6}}, {{3, 4}}},
               places}),
      flat(row(
          "bucketize", "",
          [](auto& x) {
            return bucketize(coarse(x[0]), tensor({-1.0, 0.25, 1.0}).to(x[0].scalar_type()), false, true);
          },
          {3, 4}, pointwise([](double v) {
            double n = 0;
            for (double b : {-1.0, 0.25, 1.0}) n += b <= coarse(v);
            return n;
          }))),
      flat(Row{"isin", "", [](auto& x) { return isin(coarse(x[0]), coarse(x[1])); }, {{{3, 4}}, {{5}}}, members}),
  };
}

}  // namespace

std::vector<Row> statistics_rows() {
  std::vector<Row> all;
  for (auto* family : {scans, ranks, quantiles, counts, covariance, vanders, searches}) {
    std::vector<Row> rows = family();
    all.insert(all.end(), rows.begin(), rows.end());
  }
  return all;
}

}  // namespace table
