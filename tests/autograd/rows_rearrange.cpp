#include <cmath>

#include "naive.h"

using namespace gradus;

namespace table {
namespace {

Row row(const char* op, const char* variant, Fn f, Index in, Reference ref, bool view = false) {
  Row r{op, variant, std::move(f), {{std::move(in)}}, std::move(ref)};
  r.view = view;
  return r;
}
Row in_place(Row r, Fn f) {
  r.in_place = std::move(f);
  return r;
}

Reference same_order(Index shape) {
  return [shape](const std::vector<Array>& in) { return Array{shape, in[0].v}; };
}

// The parts weighted differently, so that an exchanged part is seen; each summed to a number.
Tensor weighted(const std::vector<Tensor>& parts) {
  Tensor r = zeros({}, parts[0].scalar_type());
  for (size_t i = 0; i < parts.size(); ++i) r = r + (parts[i] * static_cast<double>(i + 1)).sum();
  return r;
}

// The weights that a line [n] cut at `at` has then.
Reference weighted_along(size_t dim, std::vector<int64_t> at) {
  return [=](const std::vector<Array>& in) {
    double sum = 0;
    const Array y = lines(in[0], dim, [&](const Numbers& line) {
      double s = 0;
      for (size_t i = 0, part = 0; i < line.size(); ++i) {
        while (part < at.size() && static_cast<int64_t>(i) >= at[part]) ++part;
        s += line[i] * static_cast<double>(part + 1);
      }
      return Numbers{s};
    });
    for (double v : y.v) sum += v;
    return Array{{}, {sum}};
  };
}

std::vector<Row> dimensions() {
  const auto turned = picked({4, 2, 3}, [](const Index& i) { return Index{i[1], i[2], i[0]}; });
  const auto exchanged = picked({4, 3, 2}, [](const Index& i) { return Index{i[2], i[1], i[0]}; });
  return {
      row(
          "movedim", "", [](auto& x) { return movedim(x[0], -1, 0); }, {2, 3, 4}, turned, true),
      row(
          "movedim", "list",
          [](auto& x) {
            return x[0].movedim({2, 0}, {0, 1});
          },
          {2, 3, 4}, turned, true),
      row(
          "moveaxis", "", [](auto& x) { return moveaxis(x[0], {2}, {0}); }, {2, 3, 4}, turned, true),
      row(
          "swapaxes", "", [](auto& x) { return swapaxes(x[0], 0, -1); }, {2, 3, 4}, exchanged, true),
      row(
          "swapdims", "", [](auto& x) { return x[0].swapdims(0, 2); }, {2, 3, 4}, exchanged, true),
      row(
          "adjoint", "", [](auto& x) { return adjoint(x[0]); }, {2, 3, 4},
          picked({2, 4, 3},
                 [](const Index& i) {
                   return Index{i[0], i[2], i[1]};
                 }),
          true),
      row(
          "adjoint", "mT", [](auto& x) { return x[0].mT(); }, {3, 4},
          picked({4, 3},
                 [](const Index& i) {
                   return Index{i[1], i[0]};
                 }),
          true),
      row(
          "permute", "numpy_T", [](auto& x) { return x[0].numpy_T(); }, {2, 3, 4}, exchanged, true),
      row(
          "ravel", "", [](auto& x) { return ravel(x[0]); }, {2, 3}, same_order({6})),
      row(
          "unflatten", "",
          [](auto& x) {
            return unflatten(x[0], -1, {2, -1});
          },
          {3, 6}, same_order({3, 2, 3}), true),
      row(
          "squeeze", "list",
          [](auto& x) {
            return squeeze(x[0], {0, -2, 1});
          },
          {1, 3, 1, 4}, same_order({3, 4}), true),
      row(
          "narrow", "tensor", [](auto& x) { return narrow(x[0], 0, tensor(1), 2); }, {4, 2},
          picked({2, 2},
                 [](const Index& i) {
                   return Index{i[0] + 1, i[1]};
                 }),
          true),
      row(
          "broadcast_to", "",
          [](auto& x) {
            return broadcast_to(x[0], {2, 3, 4});
          },
          {3, 1},
          picked({2, 3, 4},
                 [](const Index& i) {
                   return Index{i[1], 0};
                 }),
          true),
      row(
          "broadcast_tensors", "",
          [](auto& x) {
            return broadcast_tensors({x[0], zeros({2, 1})})[0];
          },
          {3}, picked({2, 3}, [](const Index& i) { return Index{i[1]}; }), true),
      row(
          "atleast_1d", "", [](auto& x) { return atleast_1d(x[0]); }, {}, same_order({1})),
      row(
          "atleast_2d", "", [](auto& x) { return atleast_2d(x[0]); }, {3}, same_order({1, 3})),
      row(
          "atleast_3d", "", [](auto& x) { return atleast_3d(x[0]); }, {3}, same_order({1, 3, 1})),
      row(
          "atleast_3d", "list", [](auto& x) { return atleast_3d(TensorList(x))[0]; }, {3, 2}, same_order({3, 2, 1})),
  };
}

std::vector<Row> repetition() {
  Row counts{"repeat_interleave",
             "tensor",
             [](auto& x) {
               return repeat_interleave(x[0], tensor({2, 0, 3}), 0);
             },
             {{{3, 2}}},
             picked({5, 2}, [](const Index& i) {
               return Index{i[0] < 2 ? 0 : 2, i[1]};
             })};
  return {
      row(
          "tile", "", [](auto& x) { return tile(x[0], {2}); }, {3, 2},
          picked({3, 4},
                 [](const Index& i) {
                   return Index{i[0], i[1] % 2};
                 })),
      row(
          "repeat_interleave", "", [](auto& x) { return repeat_interleave(x[0], 2, 1); }, {3, 2},
          picked({3, 4},
                 [](const Index& i) {
                   return Index{i[0], i[1] / 2};
                 })),
      row(
          "repeat_interleave", "flat", [](auto& x) { return x[0].repeat_interleave(2); }, {3, 2},
          picked({12},
                 [](const Index& i) {
                   return Index{i[0] / 4, i[0] / 2 % 2};
                 })),
      counts,
      row(
          "roll", "",
          [](auto& x) {
            return roll(x[0], {1, -1}, {0, 1});
          },
          {3, 4},
          picked({3, 4},
                 [](const Index& i) {
                   return Index{(i[0] + 2) % 3, (i[1] + 1) % 4};
                 })),
      row(
          "roll", "flat", [](auto& x) { return x[0].roll(5); }, {3, 4},
          picked({3, 4},
                 [](const Index& i) {
                   const int64_t k = (i[0] * 4 + i[1] + 7) % 12;
                   return Index{k / 4, k % 4};
                 })),
      row(
          "rot90", "", [](auto& x) { return rot90(x[0]); }, {3, 4},
          picked({4, 3},
                 [](const Index& i) {
                   return Index{i[1], 3 - i[0]};
                 })),
      row(
          "rot90", "back",
          [](auto& x) {
            return rot90(x[0], -1, {1, 0});
          },
          {3, 4},
          picked({4, 3},
                 [](const Index& i) {
                   return Index{i[1], 3 - i[0]};
                 })),
      row(
          "rot90", "half", [](auto& x) { return x[0].rot90(2); }, {3, 4},
          picked({3, 4},
                 [](const Index& i) {
                   return Index{2 - i[0], 3 - i[1]};
                 })),
      row(
          "fliplr", "", [](auto& x) { return fliplr(x[0]); }, {3, 4},
          picked({3, 4},
                 [](const Index& i) {
                   return Index{i[0], 3 - i[1]};
                 })),
      row(
          "flipud", "", [](auto& x) { return flipud(x[0]); }, {3, 4},
          picked({3, 4},
                 [](const Index& i) {
                   return Index{2 - i[0], i[1]};
                 })),
      row(
          "unfold", "", [](auto& x) { return unfold(x[0], 1, 3, 2); }, {2, 7},
          picked({2, 3, 3},
                 [](const Index& i) {
                   return Index{i[0], i[1] * 2 + i[2]};
                 }),
          true),
      row(
          "narrow_copy", "", [](auto& x) { return narrow_copy(x[0], -1, 1, 2); }, {3, 4},
          picked({3, 2},
                 [](const Index& i) {
                   return Index{i[0], i[1] + 1};
                 })),
  };
}

Reference replaced(std::function<int64_t(const Index&)> place) {  // of [3, 4]: where src stands there, or below 0
  return [place](const std::vector<Array>& in) {
    Array y{in[0].shape, {}};
    each_index(y.shape, [&](const Index& i) {
      const int64_t k = place(i);
      y.v.push_back(k < 0 ? at(in[0], i) : in[1].at(k));
    });
    return y;
  };
}

std::vector<Row> parts_replaced() {
  return {
      {"slice_scatter",
       "",
       [](auto& x) { return slice_scatter(x[0], x[1], 1, 1, std::nullopt, 2); },
       {{{3, 4}}, {{3, 2}}},
       replaced([](const Index& i) { return i[1] % 2 ? i[0] * 2 + i[1] / 2 : -1; })},
      {"select_scatter",
       "",
       [](auto& x) { return select_scatter(x[0], x[1], 0, -1); },
       {{{3, 4}}, {{4}}},
       replaced([](const Index& i) { return i[0] == 2 ? i[1] : -1; })},
      {"diagonal_scatter",
       "",
       [](auto& x) { return diagonal_scatter(x[0], x[1], 1); },
       {{{3, 4}}, {{3}}},
       replaced([](const Index& i) { return i[1] == i[0] + 1 ? i[0] : -1; })},
  };
}

std::vector<Row> diagonals() {
  Row lower_places{"tril_indices",
                   "",
                   [](auto& x) { return tril_indices(3, 4, x[0].numel() - 2); },
                   {{{3}, -2, 2, Kind::fixed}},
                   [](const std::vector<Array>&) {
                     return Array{{2, 9}, {0, 0, 1, 1, 1, 2, 2, 2, 2, 0, 1, 0, 1, 2, 0, 1, 2, 3}};
                   }};
  Row upper_places{"triu_indices",
                   "",
                   [](auto& x) { return triu_indices(3, 3, x[0].numel() - 2); },
                   {{{3}, -2, 2, Kind::fixed}},
                   [](const std::vector<Array>&) {
                     return Array{{2, 3}, {0, 0, 1, 1, 2, 2}};
                   }};
  lower_places.differentiable = upper_places.differentiable = false;
  const Index none{-1, -1};
  return {
      row(
          "diagonal", "", [](auto& x) { return diagonal(x[0]); }, {3, 4},
          picked({3},
                 [](const Index& i) {
                   return Index{i[0], i[0]};
                 }),
          true),
      row(
          "diagonal", "below, of a batch", [](auto& x) { return x[0].diagonal(-1, -1, 0); }, {4, 2, 3},
          picked({2, 2},
                 [](const Index& i) {
                   return Index{i[1], i[0], i[1] + 1};
                 }),
          true),
      row(
          "diag_embed", "", [](auto& x) { return diag_embed(x[0], 1); }, {2, 3},
          picked({2, 4, 4},
                 [](const Index& i) {
                   return i[2] == i[1] + 1 ? Index{i[0], i[1]} : Index{-1, 0};
                 })),
      row(
          "diag", "vector", [](auto& x) { return diag(x[0], -1); }, {3},
          picked({4, 4}, [](const Index& i) { return Index{i[0] == i[1] + 1 ? i[1] : -1}; })),
      row(
          "diag", "matrix", [](auto& x) { return x[0].diag(2); }, {3, 4},
          picked({2},
                 [](const Index& i) {
                   return Index{i[0], i[0] + 2};
                 })),
      row(
          "diagflat", "", [](auto& x) { return diagflat(x[0]); }, {2, 2},
          picked({4, 4},
                 [](const Index& i) {
                   return i[0] == i[1] ? Index{i[0] / 2, i[0] % 2} : Index{-1, 0};
                 })),
      row(
          "trace", "", [](auto& x) { return trace(x[0]); }, {3, 4},
          [](const std::vector<Array>& in) {
            return Array{{}, {in[0].at(0) + in[0].at(5) + in[0].at(10)}};
          }),
      in_place(row(
                   "tril", "", [](auto& x) { return tril(x[0], 1); }, {3, 4},
                   picked({3, 4}, [=](const Index& i) { return i[1] <= i[0] + 1 ? i : none; })),
               [](auto& x) { return x[0].tril_(1); }),
      in_place(row(
                   "triu", "", [](auto& x) { return triu(x[0]); }, {2, 3, 3},
                   picked({2, 3, 3},
                          [=](const Index& i) {
                            return i[2] >= i[1] ? i : Index{-1, 0, 0};
                          })),
               [](auto& x) { return x[0].triu_(); }),
      lower_places,
      upper_places,
  };
}

std::vector<Row> stacks() {
  const Reference side = [](const std::vector<Array>& in) {
    Array r{{3, 6}, {}};
    for (int64_t i = 0; i < 3; ++i) {
      for (int64_t j = 0; j < 4; ++j) r.v.push_back(in[0].at(i * 4 + j));
      for (int64_t j = 0; j < 2; ++j) r.v.push_back(in[1].at(i * 2 + j));
    }
    return r;
  };
  const Reference below = [](const std::vector<Array>& in) {
    Array r{{2, 3}, in[0].v};
    r.v.insert(r.v.end(), in[1].v.begin(), in[1].v.end());
    return r;
  };
  const Reference pairs = [](const std::vector<Array>& in) {
    Array r{{3, 2}, {}};
    for (int64_t i = 0; i < 3; ++i) r.v.insert(r.v.end(), {in[0].at(i), in[1].at(i)});
    return r;
  };
  const Reference all_pairs = [](const std::vector<Array>& in) {
    Array r{{6, 2}, {}};
    for (double a : in[0].v)
      for (double b : in[1].v) r.v.insert(r.v.end(), {a, b});
    return r;
  };
  const Reference blocks = [](const std::vector<Array>& in) {
    Array r{{3, 5}, std::vector<double>(15, 0)};
    for (int64_t i = 0; i < 2; ++i)
      for (int64_t j = 0; j < 2; ++j) r.at(i * 5 + j) = in[0].at(i * 2 + j);
    for (int64_t j = 0; j < 3; ++j) r.at(10 + 2 + j) = in[1].at(j);
    return r;
  };
  auto joined = [](const char* op, Fn f, Index a, Index b, Reference ref) {
    return Row{op, "", std::move(f), {{std::move(a)}, {std::move(b)}}, std::move(ref)};
  };
  const Reference depth = [=](const std::vector<Array>& in) {
    Array r = pairs(in);
    r.shape = {1, 3, 2};
    return r;
  };
  return {
      joined(
          "hstack", [](auto& x) { return hstack(x); }, {3, 4}, {3, 2}, side),
      joined(
          "vstack", [](auto& x) { return vstack(x); }, {3}, {3}, below),
      joined(
          "row_stack", [](auto& x) { return row_stack(x); }, {3}, {3}, below),
      joined(
          "dstack", [](auto& x) { return dstack(x); }, {3}, {3}, depth),
      joined(
          "column_stack", [](auto& x) { return column_stack(x); }, {3}, {3}, pairs),
      joined(
          "concat", [](auto& x) { return concat(x, 1); }, {3, 4}, {3, 2}, side),
      joined(
          "concatenate", [](auto& x) { return concatenate(x, -1); }, {3, 4}, {3, 2}, side),
      joined(
          "block_diag", [](auto& x) { return block_diag(x); }, {2, 2}, {3}, blocks),
      joined(
          "cartesian_prod", [](auto& x) { return cartesian_prod(x); }, {2}, {3}, all_pairs),
      joined(
          "meshgrid", [](auto& x) { return meshgrid(x)[0] + 2 * meshgrid(x, "xy")[1].t(); }, {2}, {3},
          [](const std::vector<Array>& in) {
            Array r{{2, 3}, {}};
            for (double a : in[0].v)
              for (double b : in[1].v) r.v.push_back(a + 2 * b);
            return r;
          }),
      row(
          "combinations", "", [](auto& x) { return combinations(x[0]); }, {3},
          [](const std::vector<Array>& in) {
            const auto& v = in[0].v;
            return Array{{3, 2}, {v[0], v[1], v[0], v[2], v[1], v[2]}};
          }),
      row(
          "combinations", "with_replacement", [](auto& x) { return combinations(x[0], 2, true); }, {2},
          [](const std::vector<Array>& in) {
            const auto& v = in[0].v;
            return Array{{3, 2}, {v[0], v[0], v[0], v[1], v[1], v[1]}};
          }),
  };
}

std::vector<Row> splits() {
  return {
      row(
          "split", "sizes",
          [](auto& x) {
            return weighted(split(x[0], {1, 4, 2}, 1));
          },
          {3, 7}, weighted_along(1, {1, 5})),
      row(
          "tensor_split", "", [](auto& x) { return weighted(tensor_split(x[0], 3, -1)); }, {3, 7},
          weighted_along(1, {3, 5})),
      row(
          "tensor_split", "indices",
          [](auto& x) {
            return weighted(x[0].tensor_split({2, 5}, 1));
          },
          {3, 7}, weighted_along(1, {2, 5})),
      row(
          "tensor_split", "tensor",
          [](auto& x) {
            return weighted(tensor_split(x[0], tensor({2, 5}), 1));
          },
          {3, 7}, weighted_along(1, {2, 5})),
      row(
          "hsplit", "", [](auto& x) { return weighted(hsplit(x[0], 2)); }, {3, 4}, weighted_along(1, {2})),
      row(
          "vsplit", "",
          [](auto& x) {
            return weighted(vsplit(x[0], {1, 3}));
          },
          {4, 2}, weighted_along(0, {1, 3})),
      row(
          "dsplit", "", [](auto& x) { return weighted(dsplit(x[0], 2)); }, {1, 2, 4}, weighted_along(2, {2})),
  };
}

}  // namespace

std::vector<Row> rearrange_rows() {
  std::vector<Row> all;
  for (auto* family : {dimensions, repetition, parts_replaced, diagonals, stacks, splits}) {
    std::vector<Row> rows = family();
    all.insert(all.end(), rows.begin(), rows.end());
  }
  return all;
}

}  // namespace table
