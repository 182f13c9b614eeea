#include <algorithm>
#include <cmath>
#include <numeric>

#include "table.h"

using namespace gradus;

namespace table {
namespace {

using Arrays = std::vector<Array>;
using indexing::None;
using indexing::Slice;

int64_t whole(double v) { return static_cast<int64_t>(v); }

Tensor integers(std::vector<int64_t> v) { return tensor(v); }

// References for x [3, 4] and vectors of indices.
Array select_rows(const Array& x, const Array& index) {
  const int64_t n = x.shape[1];
  Array y{{index.shape[0], n}, {}};
  for (double i : index.v)
    for (int64_t k = 0; k < n; ++k) y.v.push_back(x.at(whole(i) * n + k));
  return y;
}

Array select_columns(const Array& x, const Array& index) {
  Array y{{x.shape[0], index.shape[0]}, {}};
  for (int64_t r = 0; r < x.shape[0]; ++r)
    for (double i : index.v) y.v.push_back(x.at(r * x.shape[1] + whole(i)));
  return y;
}

Array gathered(const Array& x, const Array& index, int64_t dim) {
  Array y{index.shape, {}};
  const int64_t n = index.shape[1];
  for (int64_t i = 0; i < index.shape[0]; ++i)
    for (int64_t j = 0; j < n; ++j) {
      const int64_t at = whole(index.at(i * n + j));
      y.v.push_back(x.at(dim == 0 ? at * x.shape[1] + j : i * x.shape[1] + at));
    }
  return y;
}

// x with src put or added where the index says.
Array scattered(Array x, const Array& index, const Array& src, int64_t dim, bool add) {
  const int64_t n = index.shape[1];
  for (int64_t i = 0; i < index.shape[0]; ++i)
    for (int64_t j = 0; j < n; ++j) {
      const int64_t at = whole(index.at(i * n + j));
      double& to = x.at(dim == 0 ? at * x.shape[1] + j : i * x.shape[1] + at);
      to = (add ? to : 0) + src.at(i * src.shape[1] + j);
    }
  return x;
}

Array rows_added(Array x, const Array& index, const Array& src, double alpha) {
  const int64_t n = x.shape[1];
  for (int64_t i = 0; i < index.shape[0]; ++i)
    for (int64_t k = 0; k < n; ++k) x.at(whole(index.at(i)) * n + k) += alpha * src.at(i * n + k);
  return x;
}

// A permutation of each column, so that no place is written twice.
const Array permutations{{2, 4}, {2, 0, 1, 2, 0, 1, 2, 1}};
Tensor permuted_places() { return tensor(permutations.v, kDouble).to(kLong).reshape({2, 4}); }

Row flat(Row r) {
  r.differentiable = false;
  return r;
}

// A source of which the index reaches a part.
Row larger_source(const char* variant, std::vector<int64_t> index, std::vector<int64_t> source) {
  return {"scatter_add",
          variant,
          [](auto& x) { return scatter_add(x[0], 0, x[1], x[2]); },
          {{{3, 4}}, {std::move(index), 0, 3, Kind::index}, {std::move(source)}},
          [](const Arrays& in) { return scattered(in[0], in[1], in[2], 0, true); }};
}

std::vector<Row> along_rows() {
  Row add{"index_add",
          "",
          [](auto& x) { return index_add(x[0], 0, x[1], x[2], 0.5); },
          {{{3, 4}}, {{5}, 0, 3, Kind::index}, {{5, 4}}},
          [](const Arrays& in) { return rows_added(in[0], in[1], in[2], 0.5); }};
  add.in_place = [](auto& x) { return x[0].index_add_(0, x[1], x[2], 0.5); };
  Row scatter_sum{"scatter_add",
                  "",
                  [](auto& x) { return scatter_add(x[0], 1, x[1], x[2]); },
                  {{{3, 4}}, {{3, 6}, 0, 4, Kind::index}, {{3, 6}}},
                  [](const Arrays& in) { return scattered(in[0], in[1], in[2], 1, true); }};
  scatter_sum.in_place = [](auto& x) { return x[0].scatter_add_(1, x[1], x[2]); };
  Row put{"scatter",
          "",
          [](auto& x) { return scatter(x[0], 0, permuted_places(), x[1]); },
          {{{3, 4}}, {{2, 4}}},
          [](const Arrays& in) { return scattered(in[0], permutations, in[1], 0, false); }};
  put.in_place = [](auto& x) { return x[0].scatter_(0, permuted_places(), x[1]); };
  Row value{"scatter",
            "value",
            [](auto& x) { return scatter(x[0], 1, x[1], 0.25); },
            {{{3, 4}}, {{3, 2}, 0, 4, Kind::index}},
            [](const Arrays& in) {
              return scattered(in[0], in[1], Array{{3, 2}, std::vector<double>(6, 0.25)}, 1, false);
            }};
  value.in_place = [](auto& x) { return x[0].scatter_(1, x[1], 0.25); };
  return {
      {"index_select",
       "",
       [](auto& x) { return index_select(x[0], 0, x[1]); },
       {{{3, 4}}, {{5}, 0, 3, Kind::index}},
       [](const Arrays& in) { return select_rows(in[0], in[1]); }},
      {"index_select",
       "columns",
       [](auto& x) { return x[0].index_select(-1, x[1]); },
       {{{3, 4}}, {{5}, 0, 4, Kind::index}},
       [](const Arrays& in) { return select_columns(in[0], in[1]); }},
      {"gather",
       "",
       [](auto& x) { return gather(x[0], 1, x[1]); },
       {{{3, 4}}, {{3, 6}, 0, 4, Kind::index}},
       [](const Arrays& in) { return gathered(in[0], in[1], 1); }},
      {"gather",
       "part",
       [](auto& x) { return x[0].gather(0, x[1]); },
       {{{3, 4}}, {{5, 2}, 0, 3, Kind::index}},
       [](const Arrays& in) { return gathered(in[0], in[1], 0); }},
      larger_source("larger source", {2, 3}, {4, 5}),
      larger_source("longer source", {2, 3}, {4, 3}),
      larger_source("index of one", {1, 1}, {2, 3}),
      larger_source("empty index", {0, 3}, {2, 3}),
      add,
      scatter_sum,
      put,
      value,
  };
}

// x[index] for tensors of the table: x is [3, 4, 2].
Array advanced(const Arrays& in, std::vector<int64_t> shape, const std::function<double(int64_t, int64_t)>& at) {
  Array y{std::move(shape), {}};
  for (size_t i = 0; i < in[1].v.size(); ++i)
    for (int64_t k = 0; k < 4; ++k) y.v.push_back(at(whole(in[1].v[i]), k));
  return y;
}

std::vector<Row> bracket_rows() {
  using Optional = std::optional<Tensor>;
  Row put{"index_put",
          "",
          [](auto& x) {
            return index_put(x[0], {Optional(integers({2, 0})), std::nullopt}, x[1]);
          },
          {{{3, 4}}, {{4}}},
          [](const Arrays& in) {
            Array y = in[0];
            for (int64_t k = 0; k < 4; ++k) y.at(8 + k) = y.at(k) = in[1].at(k);
            return y;
          }};
  put.in_place = [](auto& x) { return x[0].index_put_({integers({2, 0})}, x[1]); };
  Row add{"index_put",
          "accumulate",
          [](auto& x) { return index_put(x[0], {Optional(x[1])}, x[2], true); },
          {{{3, 4}}, {{6}, 0, 3, Kind::index}, {{6, 4}}},
          [](const Arrays& in) { return rows_added(in[0], in[1], in[2], 1); }};
  add.in_place = [](auto& x) { return index_put_(x[0], {Optional(x[1])}, x[2], true); };
  return {
      {"index",
       "",
       [](auto& x) { return index(x[0], {Optional(x[1])}); },
       {{{3, 4}}, {{5}, -3, 3, Kind::index}},
       [](const Arrays& in) {
         Array i = in[1];
         for (double& v : i.v) v += v < 0 ? 3 : 0;
         return select_rows(in[0], i);
       }},
      {"index",
       "apart",
       [](auto& x) {
         return x[0].index({x[1], Slice(), integers({1})});
       },
       {{{3, 4, 2}}, {{5}, 0, 3, Kind::index}},
       [](const Arrays& in) {
         return advanced(in, {5, 4}, [&](int64_t i, int64_t k) { return in[0].at(i * 8 + k * 2 + 1); });
       }},
      {"index",
       "together, behind a slice",
       [](auto& x) {
         return x[0].index({Slice(1, None), x[1], integers({1})});
       },
       {{{3, 4, 2}}, {{3}, 0, 4, Kind::index}},
       [](const Arrays& in) {
         Array y{{2, 3}, {}};
         for (int64_t r = 1; r < 3; ++r)
           for (double i : in[1].v) y.v.push_back(in[0].at(r * 8 + whole(i) * 2 + 1));
         return y;
       }},
      {"index",
       "mask",
       [](auto& x) {
         return x[0].index({"...", tensor({true, false, true, true})});
       },
       {{{3, 4}}},
       [](const Arrays& in) {
         return select_columns(in[0], Array{{3}, {0, 2, 3}});
       }},
      {"index_backward",
       "",
       [](auto& x) {
         return index_backward(x[0], {3, 4}, {Optional(x[1])});
       },
       {{{5, 4}}, {{5}, 0, 3, Kind::index}},
       [](const Arrays& in) {
         return rows_added(Array{{3, 4}, std::vector<double>(12, 0)}, in[1], in[0], 1);
       }},
      put,
      add,
  };
}

Array selected(const Arrays& in) {
  Array y{{0}, {}};
  for (size_t i = 0; i < in[1].v.size(); ++i)
    if (in[1].v[i] != 0) y.v.push_back(in[0].v[i]);
  y.shape[0] = static_cast<int64_t>(y.v.size());
  return y;
}

std::vector<Row> pick_rows() {
  return {
      {"masked_select",
       "",
       [](auto& x) { return masked_select(x[0], x[1]); },
       {{{3, 4}}, {{3, 4}, -1, 1, Kind::mask}},
       selected},
      {"take",
       "",
       [](auto& x) { return take(x[0], x[1]); },
       {{{3, 4}}, {{5}, 0, 12, Kind::index}},
       [](const Arrays& in) {
         Array y{{5}, {}};
         for (double i : in[1].v) y.v.push_back(in[0].at(whole(i)));
         return y;
       }},
      {"embedding",
       "",
       [](auto& x) { return embedding(x[0], x[1]); },
       {{{3, 4}}, {{2, 3}, 0, 3, Kind::index}},
       [](const Arrays& in) {
         Array y = select_rows(in[0], Array{{6}, in[1].v});
         y.shape = {2, 3, 4};
         return y;
       }},
      flat({"one_hot",
            "",
            [](auto& x) { return one_hot(x[0], 4); },
            {{{2, 3}, 0, 4, Kind::index}},
            [](const Arrays& in) {
              Array y{{2, 3, 4}, std::vector<double>(24, 0)};
              for (int64_t i = 0; i < 6; ++i) y.at(i * 4 + whole(in[0].at(i))) = 1;
              return y;
            }}),
      flat({"nonzero",
            "",
            [](auto& x) { return nonzero(x[0]); },
            {{{3, 4}, -1, 1, Kind::mask}},
            [](const Arrays& in) {
              Array y{{0, 2}, {}};
              for (int64_t i = 0; i < 12; ++i)
                if (in[0].at(i) != 0) {
                  y.v.insert(y.v.end(), {static_cast<double>(i / 4), static_cast<double>(i % 4)});
                  ++y.shape[0];
                }
              return y;
            }}),
      flat({"nonzero_numpy",
            "",
            [](auto& x) { return nonzero_numpy(x[0])[1]; },
            {{{3, 4}, -1, 1, Kind::mask}},
            [](const Arrays& in) {
              Array y{{0}, {}};
              for (int64_t i = 0; i < 12; ++i)
                if (in[0].at(i) != 0) y.v.push_back(static_cast<double>(i % 4)), ++y.shape[0];
              return y;
            }}),
  };
}

// The first k of each row in order: values, or where they were.
Reference in_order(int64_t k, bool descending, bool places) {
  return [=](const Arrays& in) {
    const int64_t n = in[0].shape[1];
    Array y{{in[0].shape[0], k}, {}};
    for (int64_t r = 0; r < in[0].shape[0]; ++r) {
      std::vector<int64_t> order(static_cast<size_t>(n));
      std::iota(order.begin(), order.end(), 0);
      std::stable_sort(order.begin(), order.end(), [&](int64_t a, int64_t b) {
        const double x = in[0].at(r * n + a), z = in[0].at(r * n + b);
        return descending ? x > z : x < z;
      });
      for (int64_t i = 0; i < k; ++i) {
        const int64_t at = order[static_cast<size_t>(i)];
        y.v.push_back(places ? static_cast<double>(at) : in[0].at(r * n + at));
      }
    }
    return y;
  };
}

std::vector<Row> sort_rows() {
  auto ordered = [](const char* op, const char* variant, Fn f, Reference ref, bool differentiable = true) {
    Row r{op, variant, std::move(f), {{{3, 7}}}, std::move(ref)};
    r.smooth = false;
    r.differentiable = differentiable;
    return r;
  };
  return {
      ordered(
          "sort", "", [](auto& x) { return std::get<0>(sort(x[0])); }, in_order(7, false, false)),
      ordered(
          "sort", "descending", [](auto& x) { return std::get<0>(x[0].sort(1, true)); }, in_order(7, true, false)),
      ordered(
          "sort", "indices", [](auto& x) { return std::get<1>(sort(x[0], std::optional<bool>(true), 1)); },
          in_order(7, false, true), false),
      ordered(
          "argsort", "", [](auto& x) { return argsort(x[0], 1, true); }, in_order(7, true, true), false),
      ordered(
          "topk", "", [](auto& x) { return std::get<0>(topk(x[0], 3)); }, in_order(3, true, false)),
      ordered(
          "topk", "least", [](auto& x) { return std::get<0>(x[0].topk(2, 1, false)); }, in_order(2, false, false)),
      ordered(
          "topk", "indices", [](auto& x) { return std::get<1>(topk(x[0], 3)); }, in_order(3, true, true), false),
  };
}

}  // namespace

std::vector<Row> index_rows() {
  std::vector<Row> all;
  for (auto* family : {along_rows, bracket_rows, pick_rows, sort_rows}) {
    std::vector<Row> rows = family();
    all.insert(all.end(), rows.begin(), rows.end());
  }
  return all;
}

}  // namespace table
