#include <numeric>

#include "table.h"

using namespace gradus;

namespace table {
namespace {

using Index = std::vector<int64_t>;

int64_t count(const Index& shape) {
  return std::accumulate(shape.begin(), shape.end(), int64_t{1}, std::multiplies<>());
}

// An array of `shape` whose element at an index is that of x where `from` says.
template <class From>
Array gather_by(const Array& x, const Index& shape, const From& from) {
  Array r{shape, {}};
  Index at(shape.size(), 0);
  for (int64_t k = 0; k < count(shape); ++k) {
    const Index i = from(at);
    int64_t flat = 0;
    for (size_t d = 0; d < i.size(); ++d) flat = flat * x.shape[d] + i[d];
    r.v.push_back(x.at(flat));
    for (size_t d = at.size(); d-- > 0;) {
      if (++at[d] < shape[d]) break;
      at[d] = 0;
    }
  }
  return r;
}

// Shape operations that keep the order of the elements.
Reference same_order(Index shape) {
  return [shape](const std::vector<Array>& in) { return Array{shape, in[0].v}; };
}

template <class From>
Reference by(Index shape, From from) {
  return [shape, from](const std::vector<Array>& in) { return gather_by(in[0], shape, from); };
}

Row row(const char* op, const char* variant, Fn f, Index in, Reference ref, bool view = true) {
  Row r{op, variant, std::move(f), {{std::move(in)}}, std::move(ref)};
  r.view = view;
  return r;
}

Row in_place(Row r, Fn f) {
  r.in_place = std::move(f);
  return r;
}

Array summed(const Array& x) {  // [2, 3, 4] -> [3, 1]
  Array r{{3, 1}, std::vector<double>(3, 0)};
  for (int64_t i = 0; i < 2; ++i)
    for (int64_t j = 0; j < 3; ++j)
      for (int64_t k = 0; k < 4; ++k) r.at(j) += x.at((i * 3 + j) * 4 + k);
  return r;
}

}  // namespace

std::vector<Row> shape_rows() {
  return {
      row(
          "reshape", "",
          [](auto& x) {
            return reshape(x[0], {4, -1});
          },
          {2, 6}, same_order({4, 3}), false),
      row(
          "flatten", "", [](auto& x) { return flatten(x[0], 1); }, {2, 3, 4}, same_order({2, 12}), false),
      row(
          "squeeze", "", [](auto& x) { return squeeze(x[0]); }, {1, 3, 1, 4}, same_order({3, 4})),
      in_place(row(
                   "squeeze", "dim", [](auto& x) { return squeeze(x[0], -2); }, {1, 3, 1, 4}, same_order({1, 3, 4})),
               [](auto& x) { return x[0].squeeze_(-2); }),
      in_place(row(
                   "unsqueeze", "", [](auto& x) { return unsqueeze(x[0], -1); }, {3, 4}, same_order({3, 4, 1})),
               [](auto& x) { return x[0].unsqueeze_(-1); }),
      row(
          "expand", "",
          [](auto& x) {
            return expand(x[0], {2, -1, 4});
          },
          {3, 1},
          by({2, 3, 4},
             [](const Index& i) {
               return Index{i[1], 0};
             })),
      row(
          "permute", "",
          [](auto& x) {
            return permute(x[0], {2, 0, 1});
          },
          {2, 3, 4},
          by({4, 2, 3},
             [](const Index& i) {
               return Index{i[1], i[2], i[0]};
             })),
      in_place(row(
                   "transpose", "", [](auto& x) { return transpose(x[0], -1, 0); }, {2, 3, 4},
                   by({4, 3, 2},
                      [](const Index& i) {
                        return Index{i[2], i[1], i[0]};
                      })),
               [](auto& x) { return x[0].transpose_(-1, 0); }),
      row(
          "t", "", [](auto& x) { return t(x[0]); }, {3, 4},
          by({4, 3},
             [](const Index& i) {
               return Index{i[1], i[0]};
             })),
      row(
          "narrow", "", [](auto& x) { return narrow(x[0], 1, 1, 2); }, {3, 4},
          by({3, 2},
             [](const Index& i) {
               return Index{i[0], i[1] + 1};
             })),
      row(
          "slice", "", [](auto& x) { return slice(x[0], 1, 1, 7, 2); }, {3, 8},
          by({3, 3},
             [](const Index& i) {
               return Index{i[0], 2 * i[1] + 1};
             })),
      row(
          "slice", "negative", [](auto& x) { return slice(x[0], -1, -5, -1, 3); }, {3, 8},
          by({3, 2},
             [](const Index& i) {
               return Index{i[0], 3 * i[1] + 3};
             })),
      row(
          "slice_backward", "",
          [](auto& x) {
            return slice_backward(x[0], {3, 8}, 1, 1, 3);
          },
          {3, 2},
          [](const std::vector<Array>& in) {
            Array r{{3, 8}, std::vector<double>(24, 0)};
            for (int64_t i = 0; i < 3; ++i)
              for (int64_t j = 0; j < 2; ++j) r.at(i * 8 + 1 + 3 * j) = in[0].at(i * 2 + j);
            return r;
          },
          false),
      row(
          "select", "", [](auto& x) { return select(x[0], 1, -2); }, {3, 4, 2},
          by({3, 2},
             [](const Index& i) {
               return Index{i[0], 2, i[1]};
             })),
      row(
          "as_strided", "",
          [](auto& x) {
            return as_strided(x[0].contiguous(), {3, 2, 2}, {2, 1, 1}, 1);
          },
          {3, 4},
          by({3, 2, 2},
             [](const Index& i) {
               const int64_t k = 1 + 2 * i[0] + i[1] + i[2];
               return Index{k / 4, k % 4};
             })),
      row(
          "alias", "", [](auto& x) { return alias(x[0]); }, {3, 4}, same_order({3, 4})),
      row(
          "view_gather", "",
          [](auto& x) {
            return view_gather(x[0], {{3, 4}, {4, 1}, 5, {2, 2}, {4, 2}, 6});
          },
          {3, 4},
          by({2, 2},
             [](const Index& i) {
               return Index{i[0], 1 + 2 * i[1]};
             }),
          false),
      row(
          "view_scatter", "",
          [](auto& x) {
            return view_scatter(x[0], {{3, 4}, {4, 1}, 5, {2, 2}, {4, 2}, 6});
          },
          {2, 2},
          [](const std::vector<Array>& in) {
            Array r{{3, 4}, std::vector<double>(12, 0)};
            for (int64_t i = 0; i < 2; ++i)
              for (int64_t j = 0; j < 2; ++j) r.at(i * 4 + 1 + 2 * j) = in[0].at(i * 2 + j);
            return r;
          },
          false),
      row(
          "sum_to", "",
          [](auto& x) {
            return sum_to(x[0], {3, 1});
          },
          {2, 3, 4}, [](const std::vector<Array>& in) { return summed(in[0]); }, false),
  };
}

std::vector<Row> join_rows() {
  const Reference rows_joined = [](const std::vector<Array>& in) {
    Array r{{5, 4}, in[0].v};
    r.v.insert(r.v.end(), in[1].v.begin(), in[1].v.end());
    return r;
  };
  const Reference columns_joined = [](const std::vector<Array>& in) {
    Array r{{3, 6}, {}};
    for (int64_t i = 0; i < 3; ++i) {
      for (int64_t j = 0; j < 4; ++j) r.v.push_back(in[0].at(i * 4 + j));
      for (int64_t j = 0; j < 2; ++j) r.v.push_back(in[1].at(i * 2 + j));
    }
    return r;
  };
  const Reference stacked = [](const std::vector<Array>& in) {
    Array r{{3, 2}, {}};
    for (int64_t i = 0; i < 3; ++i)
      for (int64_t k : {0, 1}) r.v.push_back(in[static_cast<size_t>(k)].at(i));
    return r;
  };
  // The parts are weighted differently, so that an exchanged part is seen.
  auto weighted = [](const std::vector<Tensor>& parts) {
    Tensor r = parts[0] * 1.0;
    for (size_t i = 1; i < parts.size(); ++i) r = r + parts[i] * static_cast<double>(i + 1);
    return r;
  };
  const Reference weighted_halves = [](const std::vector<Array>& in) {
    Array r{{3, 2}, {}};
    for (int64_t i = 0; i < 3; ++i)
      for (int64_t j = 0; j < 2; ++j) r.v.push_back(in[0].at(i * 4 + j) + 2 * in[0].at(i * 4 + 2 + j));
    return r;
  };
  const Reference weighted_columns = [](const std::vector<Array>& in) {
    Array r{{3}, {}};
    for (int64_t i = 0; i < 3; ++i) r.v.push_back(in[0].at(i * 2) + 2 * in[0].at(i * 2 + 1));
    return r;
  };
  return {
      {"cat",
       "rows",
       [](auto& x) {
         return cat({x[0], x[1]});
       },
       {{{3, 4}}, {{2, 4}}},
       rows_joined},
      {"cat",
       "empty tensors",
       [](auto& x) {
         return cat({x[0], x[1], x[2], x[3]});
       },
       {{{3, 4}}, {{0}}, {{2, 4}}, {{0, 4}}},
       [=](const std::vector<Array>& in) {
         return rows_joined({in[0], in[2]});
       }},
      {"cat",
       "columns",
       [](auto& x) {
         return cat({x[0], x[1]}, -1);
       },
       {{{3, 4}}, {{3, 2}}},
       columns_joined},
      {"stack",
       "",
       [](auto& x) {
         return stack({x[0], x[1]}, -1);
       },
       {{{3}}, {{3}}},
       stacked},
      {"split", "", [=](auto& x) { return weighted(split(x[0], 2, 1)); }, {{{3, 4}}}, weighted_halves},
      {"split_with_sizes",
       "",
       [=](auto& x) {
         return weighted(split_with_sizes(x[0], {2, 2}, 1));
       },
       {{{3, 4}}},
       weighted_halves},
      {"chunk", "", [=](auto& x) { return weighted(chunk(x[0], 2, -1)); }, {{{3, 4}}}, weighted_halves},
      {"unbind", "", [=](auto& x) { return weighted(unbind(x[0], 1)); }, {{{3, 2}}}, weighted_columns},
      row(
          "repeat", "",
          [](auto& x) {
            return repeat(x[0], {2, 1, 3});
          },
          {3, 2},
          by({2, 3, 6},
             [](const Index& i) {
               return Index{i[1], i[2] % 2};
             }),
          false),
      row(
          "flip", "",
          [](auto& x) {
            return flip(x[0], {0, -1});
          },
          {3, 2, 4},
          by({3, 2, 4},
             [](const Index& i) {
               return Index{2 - i[0], i[1], 3 - i[2]};
             }),
          false),
  };
}

std::vector<Row> copy_rows() {
  Row clone{
      "clone", "", [](auto& x) { return gradus::clone(x[0]); }, {{{3, 4}}}, pointwise([](double a) { return a; })};
  clone.pointwise = true;
  Row detached{"detach", "", [](auto& x) { return detach(x[0]); }, {{{3, 4}}}, same_order({3, 4})};
  detached.differentiable = false;
  detached.view = true;
  return {clone, detached};
}

}  // namespace table
