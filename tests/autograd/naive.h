// Building blocks of naive references: elements moved, and lines along a dimension replaced.
#pragma once
#include <numeric>

#include "table.h"

namespace table {

using Index = std::vector<int64_t>;
using Numbers = std::vector<double>;

inline int64_t count(const Index& shape) {
  return std::accumulate(shape.begin(), shape.end(), int64_t{1}, std::multiplies<>());
}

/// f(index) for every index of an array of `shape`, in row-major order.
template <class F>
void each_index(const Index& shape, const F& f) {
  Index at(shape.size(), 0);
  for (int64_t k = 0; k < count(shape); ++k) {
    f(at);
    for (size_t d = at.size(); d-- > 0;) {
      if (++at[d] < shape[d]) break;
      at[d] = 0;
    }
  }
}

inline double at(const Array& x, const Index& i) {
  int64_t flat = 0;
  for (size_t d = 0; d < i.size(); ++d) flat = flat * x.shape[d] + i[d];
  return x.at(flat);
}

/// The array of `shape` whose element at an index is that of the input where from(index) says; 0 where it gives an
/// index below 0.
template <class From>
Reference picked(Index shape, From from) {
  return [shape, from](const std::vector<Array>& in) {
    Array r{shape, {}};
    each_index(shape, [&](const Index& i) {
      const Index k = from(i);
      r.v.push_back(!k.empty() && k[0] < 0 ? 0 : at(in[0], k));
    });
    return r;
  };
}

/// f of every line along `dim` in its place: f takes and gives numbers, as many for every line.
template <class F>
Array lines(const Array& x, size_t dim, const F& f) {
  Index outer = x.shape;
  const int64_t n = outer[dim];
  outer[dim] = 1;
  std::vector<std::pair<Index, Numbers>> results;
  each_index(outer, [&](Index i) {
    Numbers line;
    for (int64_t k = 0; k < n; ++k) i[dim] = k, line.push_back(at(x, i));
    i[dim] = 0;
    results.emplace_back(i, f(line));
  });
  Array y{x.shape, {}};
  y.shape[dim] = results.empty() ? n : static_cast<int64_t>(results[0].second.size());
  y.v.resize(static_cast<size_t>(count(y.shape)));
  for (auto& [i, line] : results)
    for (size_t k = 0; k < line.size(); ++k) {
      Index to = i;
      to[dim] = static_cast<int64_t>(k);
      int64_t flat = 0;
      for (size_t d = 0; d < to.size(); ++d) flat = flat * y.shape[d] + to[d];
      y.at(flat) = line[k];
    }
  return y;
}
template <class F>
Reference by_line(size_t dim, F f) {
  return [dim, f](const std::vector<Array>& in) { return lines(in[0], dim, f); };
}
/// The same where f gives one number and the dimension goes.
template <class F>
Reference one_a_line(size_t dim, F f) {
  return [dim, f](const std::vector<Array>& in) {
    Array y = lines(in[0], dim, [&](const Numbers& line) { return Numbers{f(line)}; });
    y.shape.erase(y.shape.begin() + static_cast<int64_t>(dim));
    return y;
  };
}

}  // namespace table
