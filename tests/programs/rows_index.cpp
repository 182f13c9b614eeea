// Indexing: what index tensors, masks and orders pick, put and add.
#include "rows.h"

using namespace gradus;

namespace programs {
namespace {

size_t place(const Builder& b, int v, int64_t d) { return static_cast<size_t>(d < 0 ? d + b.at(v).dim() : d); }

// An index vector along a dimension; `again` allows an element to be named twice.
bool make_vector(Builder& b, bool again, bool with_source) {
  const int v = b.filled(1);
  const int64_t d = b.dim_of(v), n = b.at(v).size(d);
  Ints index = again ? b.indices(b.range(1, 4), n) : b.permutation(n);
  if (!again) index.resize(static_cast<size_t>(b.range(1, n)));
  const auto count = static_cast<int64_t>(index.size());
  if (!with_source) return b.step({v}, {d}, {b.real(-1, 1)}, {index, {count}});
  Ints s = b.shape(v);
  s[place(b, v, d)] = count;
  return b.step({v, b.shaped(s)}, {d}, {b.real(-1, 1)}, {index, {count}});
}

// An index tensor of x's dimensions, smaller where it likes; `again` as above (else every row is a permutation).
bool make_along(Builder& b, bool again, bool with_source, double lo = -2, double hi = 2, bool own = false) {
  const int v = b.within(b.filled(1), lo, hi);
  if (v < 0) return false;
  const int64_t d = b.dim_of(v), n = b.at(v).size(d);
  Ints s = b.shape(v);
  for (int64_t& k : s) k = b.range(1, k);
  s[place(b, v, d)] = again ? b.range(1, 4) : n;
  Ints index = b.indices(count_elements(s), n);
  if (!again) {  // one permutation for all: the index then counts along d
    const Ints p = b.permutation(n);
    int64_t inner = 1;
    for (size_t k = place(b, v, d) + 1; k < s.size(); ++k) inner *= s[k];
    for (size_t k = 0; k < index.size(); ++k) index[k] = p[static_cast<size_t>(static_cast<int64_t>(k) / inner % n)];
  }
  if (!with_source) return b.step({v}, {d}, {b.real(-1, 1)}, {index, s});
  return b.step({v, own ? b.leaf(s, lo, hi) : b.shaped(s, lo, hi)}, {d}, {b.real(-1, 1)}, {index, s});
}

bool make_masked(Builder& b, bool with_source, int64_t dims = 0) {
  const int v = b.filled(dims);
  const Ints s = b.shape(v);
  const Ints bits = b.bits(b.at(v).numel());
  if (!with_source) return b.step({v}, {}, {b.real(-1, 1)}, {bits, s});
  return b.step({v, b.shaped(s)}, {}, {}, {bits, s});
}

bool make_picked(Builder& b, bool put) {
  const int v = b.filled();
  const int64_t n = b.at(v).numel();
  const Ints s = {b.range(1, 3), 2};
  if (!put) return b.step({v}, {}, {}, {b.indices(s[0] * 2, n), s});
  return b.step({v, b.shaped(s)}, {}, {}, {b.indices(s[0] * 2, n), s});
}

bool make_two_indices(Builder& b, bool put) {
  const int v = b.filled(2);
  const Ints s = {b.range(1, 4)};
  const Ints i = b.indices(s[0], b.at(v).size(0)), j = b.indices(s[0], b.at(v).size(1));
  if (!put) return b.step({v}, {}, {}, {i, j, s});
  Ints shape = b.shape(v);
  shape.erase(shape.begin());
  shape[0] = s[0];
  return b.step({v, b.shaped(shape)}, {}, {}, {i, j, s});
}

}  // namespace

std::vector<Operation> index_rows() {
  const char* u = "index";
  const auto vector = [](bool again, bool source) { return [=](Builder& b) { return make_vector(b, again, source); }; };
  const auto along = [](bool again, bool source) { return [=](Builder& b) { return make_along(b, again, source); }; };
  const auto spread = [](Builder& b) { return make_along(b, true, true, 0.4, 1.8); };
  return {
      {u, "index_select", EXPR(index_select(X(0), I(0), IX(0, 1))), vector(true, false)},
      {u, "index_add", EXPR(index_add(X(0), I(0), IX(0, 1), X(1), R(0))), vector(true, true),
       "torch.index_add(X(0), I(0), IX(0, 1), X(1), alpha=R(0))"},
      {u, "index_copy", EXPR(index_copy(X(0), I(0), IX(0, 1), X(1))), vector(false, true)},
      {u, "index_fill", EXPR(index_fill(X(0), I(0), IX(0, 1), R(0))), vector(true, false)},
      {u, "gather", EXPR(gather(X(0), I(0), IX(0, 1))), along(true, false)},
      {u, "take_along_dim", EXPR(take_along_dim(X(0), argsort(X(0), I(0)), I(0))), along(true, false), "", false, false,
       true},
      {u, "scatter", EXPR(scatter(X(0), I(0), IX(0, 1), X(1))), along(false, true)},
      {u, "scatter_number", EXPR(scatter(X(0), I(0), IX(0, 1), R(0))), along(true, false)},
      {u, "scatter_add", EXPR(scatter_add(X(0), I(0), IX(0, 1), X(1))), along(true, true)},
      {u, "scatter_sum", EXPR(scatter_reduce(X(0), I(0), IX(0, 1), X(1), "sum")), along(true, true)},
      {u, "scatter_mean", EXPR(scatter_reduce(X(0), I(0), IX(0, 1), X(1), "mean")), along(true, true)},
      {u, "scatter_prod", EXPR(scatter_reduce(X(0), I(0), IX(0, 1), X(1), "prod")), spread},
      {u, "scatter_amax", EXPR(scatter_reduce(X(0), I(0), IX(0, 1), X(1), "amax")), along(true, true)},
      {u, "scatter_amin_only", EXPR(scatter_reduce(X(0), I(0), IX(0, 1), X(1), "amin", false)),
       // Without ties between x and the source: PyTorch shares the gradient with elements of x that do not take part.
       [](Builder& b) { return make_along(b, true, true, -2, 2, true); },
       "torch.scatter_reduce(X(0), I(0), IX(0, 1), X(1), 'amin', include_self=False)"},
      {u, "index", EXPR(index(X(0), {std::optional<Tensor>(IX(0, 2)), std::optional<Tensor>(IX(1, 2))})),
       [](Builder& b) { return make_two_indices(b, false); }, "X(0)[IX(0, 2), IX(1, 2)]"},
      {u, "index_put_add",
       EXPR(index_put(X(0), {std::optional<Tensor>(IX(0, 2)), std::optional<Tensor>(IX(1, 2))}, X(1), true)),
       [](Builder& b) { return make_two_indices(b, true); }, "torch.index_put(X(0), [IX(0, 2), IX(1, 2)], X(1), True)"},
      {u, "masked_select", EXPR(masked_select(X(0), MK(0, 1))), [](Builder& b) { return make_masked(b, false); }},
      {u, "masked_fill_fixed", EXPR(masked_fill(X(0), MK(0, 1), R(0))),
       [](Builder& b) { return make_masked(b, false); }},
      {u, "masked_scatter", EXPR(masked_scatter(X(0), MK(0, 1), X(1))),
       [](Builder& b) { return make_masked(b, true); }},
      {u, "where_mask", EXPR(where(MK(0, 1), X(0), X(1))), [](Builder& b) { return make_masked(b, true); }},
      {u, "index_mask", EXPR(index(X(0), {std::optional<Tensor>(MK(0, 1))})),
       [](Builder& b) { return make_masked(b, false, 1); }, "X(0)[MK(0, 1)]"},
      {u, "take", EXPR(take(X(0), IX(0, 1))), [](Builder& b) { return make_picked(b, false); }},
      {u, "put_add", EXPR(put(X(0), IX(0, 1), X(1), true)), [](Builder& b) { return make_picked(b, true); },
       "torch.put(X(0), IX(0, 1), X(1), accumulate=True)"},
      {u, "embedding", EXPR(embedding(X(0), IX(0, 1))),
       [](Builder& b) {
         const int v = b.pick([](const Tensor& t) { return t.dim() == 2 && t.numel() > 0; });
         const Ints s = {2, b.range(1, 3)};
         return v >= 0 && b.step({v}, {}, {}, {b.indices(s[0] * s[1], b.at(v).size(0)), s});
       },
       "torch.embedding(X(0), IX(0, 1))"},
  };
}

}  // namespace programs
