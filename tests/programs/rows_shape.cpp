// Shapes: views of every kind, copies that rearrange, joining and padding.
#include "rows.h"

using namespace gradus;

namespace programs {
namespace {

// A value with at least `dims` dimensions, and one of its dimensions.
Make along(int64_t dims = 1) {
  return [=](Builder& b) {
    const int v = b.filled(dims);
    return b.step({v}, {b.dim_of(v)});
  };
}

// Two different dimensions.
Make along_two() {
  return [](Builder& b) {
    const int v = b.filled(2);
    const Ints d = b.permutation(b.at(v).dim());
    return b.step({v}, {d[0], d[1] - (b.coin() ? b.at(v).dim() : 0)});
  };
}

// A random split of a size into factors.
Ints factors(Builder& b, int64_t n) {
  Ints r;
  for (int64_t f : {2, 3, 2, 5})
    if (n % f == 0 && b.coin()) {
      r.push_back(f);
      n /= f;
    }
  r.insert(r.begin() + b.range(0, static_cast<int64_t>(r.size())), n);
  if (b.coin(0.2)) r.insert(r.begin() + b.range(0, static_cast<int64_t>(r.size())), 1);
  return r;
}

bool make_reshape(Builder& b) {
  const int v = b.filled();
  Ints to = factors(b, b.at(v).numel());
  if (b.coin(0.3)) to[static_cast<size_t>(b.range(0, static_cast<int64_t>(to.size()) - 1))] = -1;
  return b.step({v}, {}, {}, {to});
}

bool make_view(Builder& b) {
  const int v = b.pick([](const Tensor& t) { return t.is_contiguous() && t.numel() > 0; });
  return v >= 0 && b.step({v}, {}, {}, {factors(b, b.at(v).numel())});
}

bool make_expand(Builder& b) {
  const int v = b.pick([](const Tensor& t) {
    return t.dim() == 0 || t.dim() < 4 || std::find(t.sizes().begin(), t.sizes().end(), 1) != t.sizes().end();
  });
  if (v < 0) return false;
  Ints to = b.shape(v);
  for (int64_t& s : to)
    if (s == 1 && b.coin(0.7))
      s = b.range(1, 4);
    else if (b.coin(0.3))
      s = -1;
  for (int64_t k = b.range(0, 1); k > 0; --k) to.insert(to.begin(), b.range(1, 3));
  return b.step({v}, {}, {}, {to});
}

bool make_slice(Builder& b) {
  const int v = b.filled(1);
  const int64_t d = b.dim_of(v), n = b.at(v).size(d);
  const int64_t start = b.range(0, n - 1);
  return b.step({v}, {d, b.coin(0.3) ? start - n : start, b.range(start + 1, n + 1), b.range(1, 3)});
}

bool make_narrow(Builder& b) {
  const int v = b.filled(1);
  const int64_t d = b.dim_of(v), n = b.at(v).size(d), start = b.range(0, n - 1);
  return b.step({v}, {d, start, b.range(1, n - start)});
}

bool make_select(Builder& b) {
  const int v = b.filled(1);
  const int64_t d = b.dim_of(v), n = b.at(v).size(d);
  return b.step({v}, {d, b.range(-n, n - 1)});
}

bool make_diagonal(Builder& b) {
  const int v = b.filled(2);
  const Ints d = b.permutation(b.at(v).dim());
  const int64_t rows = b.at(v).size(d[0]), columns = b.at(v).size(d[1]);
  return b.step({v}, {b.range(1 - rows, columns - 1), d[0], d[1]});
}

bool make_unfold(Builder& b) {
  const int v = b.filled(1);
  const int64_t d = b.dim_of(v), n = b.at(v).size(d);
  return b.step({v}, {d, b.range(1, n), b.range(1, 2)});
}

// Some of the memory of a contiguous tensor, overlapping or not.
bool make_as_strided(Builder& b) {
  const int v = b.pick([](const Tensor& t) { return t.is_contiguous() && t.numel() >= 4; });
  if (v < 0) return false;
  const int64_t n = b.at(v).numel(), s1 = b.range(1, 2), s0 = b.range(1, 3);
  const int64_t rows = b.range(1, 2), columns = b.range(1, std::max<int64_t>(1, (n - 1 - s0) / s1));
  const int64_t end = (rows - 1) * s0 + (columns - 1) * s1;
  if (end >= n) return false;
  const int64_t offset = b.at(v).storage_offset() + b.range(0, n - 1 - end);
  return b.step({v}, {offset}, {}, {{rows, columns}, {s0, s1}});
}

bool make_split(Builder& b) {
  const int v = b.filled(1);
  const int64_t d = b.dim_of(v), n = b.at(v).size(d), size = b.range(1, n);
  return b.step({v}, {size, d, b.range(0, (n + size - 1) / size - 1)});
}

bool make_join(Builder& b, int64_t most, bool stack) {
  const int v = b.filled(stack ? 0 : 1);
  const int64_t dims = b.at(v).dim() + (stack ? 1 : 0), d = b.range(0, dims - 1);
  Call c;
  for (int64_t k = most; k > 0; --k) {
    Ints s = b.shape(v);
    if (!stack && b.coin()) s[static_cast<size_t>(d)] = b.range(1, 3);
    c.x.push_back(k == most ? v : b.shaped(s));
  }
  c.i = {b.coin(0.3) ? d - dims : d};
  return b.step(c);
}

bool make_pad(Builder& b, bool constant) {
  const int v = b.pick([&](const Tensor& t) { return t.numel() > 0 && t.dim() >= (constant ? 1 : 2) && t.dim() <= 3; });
  if (v < 0) return false;
  const int64_t n = b.at(v).size(-1);
  Ints p = {b.range(constant ? 1 - n : 0, std::min<int64_t>(constant ? 2 : n - 1, 2)),
            b.range(0, std::min<int64_t>(n - 1, 2))};
  return b.step({v}, {}, {b.real(-1, 1)}, {p});
}

bool make_scatter_view(Builder& b, int kind) {
  const int v = b.filled(1);
  const int64_t d = b.dim_of(v), n = b.at(v).size(d), start = b.range(0, n - 1);
  Ints s = b.shape(v);
  const auto at = static_cast<size_t>(d < 0 ? d + b.at(v).dim() : d);
  if (kind == 0) {
    s.erase(s.begin() + static_cast<int64_t>(at));
    return b.step({v, b.shaped(s)}, {d, start});
  }
  const int64_t end = b.range(start + 1, n), step = b.range(1, 2);
  s[at] = (end - start + step - 1) / step;
  return b.step({v, b.shaped(s)}, {d, start, end, step});
}

}  // namespace

std::vector<Operation> shape_rows() {
  const char* u = "shape";
  const auto triangle = [](Builder& b) {
    const int v = b.filled(2);
    return b.step({v}, {b.range(-2, 2)});
  };
  const auto turned = [](Builder& b) {
    const int v = b.filled(1);
    return b.step({v}, {}, {}, {b.some_dims(b.at(v).dim())});
  };
  const auto any = [](Builder& b) {
    const int v = b.pick();
    return v >= 0 && b.step({v});
  };
  return {
      {u, "reshape", EXPR(reshape(X(0), L(0))), make_reshape},
      {u, "view", EXPR(X(0).view(L(0))), make_view},
      {u, "flatten", EXPR(flatten(X(0))), any},
      {u, "unflatten", EXPR(unflatten(X(0), I(0), L(0))),
       [](Builder& b) {
         const int v = b.filled(1);
         const int64_t d = b.dim_of(v);
         return b.step({v}, {d}, {}, {factors(b, b.at(v).size(d))});
       }},
      {u, "transpose", EXPR(transpose(X(0), I(0), I(1))), along_two()},
      {u, "swapaxes", EXPR(swapaxes(X(0), I(0), I(1))), along_two()},
      {u, "movedim", EXPR(movedim(X(0), I(0), I(1))), along_two()},
      {u, "permute", EXPR(permute(X(0), L(0))),
       [](Builder& b) {
         const int v = b.filled(1);
         return b.step({v}, {}, {}, {b.permutation(b.at(v).dim())});
       }},
      {u, "mT", EXPR(X(0).mT()), [](Builder& b) { return b.step({b.filled(2)}); }, "X(0).mT"},
      {u, "squeeze", EXPR(squeeze(X(0))), any},
      {u, "squeeze_dim", EXPR(squeeze(X(0), I(0))), along()},
      {u, "unsqueeze", EXPR(unsqueeze(X(0), I(0))),
       [](Builder& b) {
         const int v = b.pick([](const Tensor& t) { return t.dim() < 5; });
         return v >= 0 && b.step({v}, {b.range(-b.at(v).dim() - 1, b.at(v).dim())});
       }},
      {u, "expand", EXPR(X(0).expand(L(0))), make_expand},
      {u, "slice", EXPR(X(0).slice(I(0), I(1), I(2), I(3))), make_slice,
       "torch.ops.aten.slice(X(0), I(0), I(1), I(2), I(3))"},
      {u, "narrow", EXPR(narrow(X(0), I(0), I(1), I(2))), make_narrow},
      {u, "narrow_copy", EXPR(narrow_copy(X(0), I(0), I(1), I(2))), make_narrow},
      {u, "select", EXPR(select(X(0), I(0), I(1))), make_select},
      {u, "diagonal", EXPR(diagonal(X(0), I(0), I(1), I(2))), make_diagonal},
      {u, "unfold", EXPR(X(0).unfold(I(0), I(1), I(2))), make_unfold},
      {u, "as_strided", EXPR(as_strided(X(0), L(0), L(1), I(0))), make_as_strided, "strided(X(0), L(0), L(1), I(0))"},
      {u, "split", EXPR(split(X(0), I(0), I(1))[static_cast<size_t>(I(2))]), make_split,
       "torch.split(X(0), I(0), I(1))[I(2)]", false, true},
      {u, "unbind", EXPR(unbind(X(0), I(0))[0]), along(), "torch.unbind(X(0), I(0))[0]", false, true},
      {u, "chunk_sum", EXPR(chunk(X(0), 2, I(0)).back().exp()),
       [](Builder& b) {
         const int v = b.within(b.filled(1), -3, 3);
         return v >= 0 && b.step({v}, {b.dim_of(v)});
       },
       "torch.chunk(X(0), 2, I(0))[-1].exp()"},
      {u, "view_as", EXPR(X(0).view_as(X(0))), any},
      {u, "cat", EXPR(cat({X(0), X(1)}, I(0))), [](Builder& b) { return make_join(b, 2, false); },
       "torch.cat([X(0), X(1)], I(0))"},
      {u, "cat_three", EXPR(cat({X(0), X(1), X(2)}, I(0))), [](Builder& b) { return make_join(b, 3, false); },
       "torch.cat([X(0), X(1), X(2)], I(0))"},
      {u, "stack", EXPR(stack({X(0), X(1)}, I(0))), [](Builder& b) { return make_join(b, 2, true); },
       "torch.stack([X(0), X(1)], I(0))"},
      {u, "repeat", EXPR(X(0).repeat(L(0))),
       [](Builder& b) {
         const int v = b.pick([](const Tensor& t) { return t.dim() < 4; });
         if (v < 0) return false;
         Ints r(b.shape(v).size() + static_cast<size_t>(b.range(0, 1)));
         for (int64_t& n : r) n = b.range(1, 2);
         return b.step({v}, {}, {}, {r});
       }},
      {u, "repeat_interleave", EXPR(repeat_interleave(X(0), I(1), I(0))),
       [](Builder& b) {
         const int v = b.filled(1);
         return b.step({v}, {b.dim_of(v), b.range(1, 3)});
       }},
      {u, "flip", EXPR(flip(X(0), L(0))), turned},
      {u, "roll", EXPR(roll(X(0), I(0), I(1))),
       [](Builder& b) {
         const int v = b.filled(1);
         return b.step({v}, {b.range(-3, 3), b.dim_of(v)});
       }},
      {u, "rot90", EXPR(rot90(X(0), I(0))), [](Builder& b) { return b.step({b.filled(2)}, {b.range(-3, 3)}); }},
      {u, "tril", EXPR(tril(X(0), I(0))), triangle},
      {u, "triu", EXPR(triu(X(0), I(0))), triangle},
      {u, "diag_embed", EXPR(diag_embed(X(0), I(0))),
       [](Builder& b) {
         const int v = b.pick([](const Tensor& t) { return t.dim() > 0 && t.numel() > 0 && t.numel() <= 400; });
         return v >= 0 && b.step({v}, {b.range(-1, 1)});
       }},
      {u, "diag", EXPR(diag(X(0), I(0))),
       [](Builder& b) {
         const int v = b.pick(
             [](const Tensor& t) { return t.numel() > 0 && t.numel() <= 400 && (t.dim() == 1 || t.dim() == 2); });
         return v >= 0 && b.step({v}, {b.at(v).dim() == 1 ? b.range(-1, 1) : 0});
       }},
      {u, "constant_pad", EXPR(constant_pad_nd(X(0), L(0), R(0))), [](Builder& b) { return make_pad(b, true); },
       "nnf.pad(X(0), L(0), 'constant', R(0))"},
      {u, "reflection_pad1d", EXPR(reflection_pad1d(X(0), L(0))), [](Builder& b) { return make_pad(b, false); },
       "nnf.pad(X(0), L(0), 'reflect')"},
      {u, "replication_pad1d", EXPR(replication_pad1d(X(0), L(0))), [](Builder& b) { return make_pad(b, false); },
       "nnf.pad(X(0), L(0), 'replicate')"},
      {u, "select_scatter", EXPR(select_scatter(X(0), X(1), I(0), I(1))),
       [](Builder& b) { return make_scatter_view(b, 0); }},
      {u, "slice_scatter", EXPR(slice_scatter(X(0), X(1), I(0), I(1), I(2), I(3))),
       [](Builder& b) { return make_scatter_view(b, 1); }},
      {u, "broadcast_to", EXPR(broadcast_to(X(0), L(0))),
       [](Builder& b) {
         const int v = b.pick([](const Tensor& t) { return t.dim() < 4; });
         if (v < 0) return false;
         Ints s = b.shape(v);
         s.insert(s.begin(), b.range(1, 3));
         return b.step({v}, {}, {}, {s});
       }},
      {u, "meshgrid", EXPR(meshgrid({X(0), X(1)}, "ij")[0]),
       [](Builder& b) {
         const int v = b.pick([](const Tensor& t) { return t.dim() == 1 && t.numel() > 0 && t.numel() < 10; });
         return v >= 0 && b.step({v, b.leaf({b.range(1, 4)})});
       },
       "torch.meshgrid([X(0), X(1)], indexing='ij')[0]", false, true},
  };
}

}  // namespace programs
