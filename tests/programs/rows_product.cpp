// Products of matrices and of everything that is one.
#include "rows.h"

using namespace gradus;

namespace programs {
namespace {

// A value with exactly `dims` dimensions and small elements, or a leaf.
int factor(Builder& b, size_t dims) {
  const int v = b.pick([&](const Tensor& t) { return t.numel() > 0 && t.sizes().size() == dims; });
  if (v >= 0 && b.coin(0.85)) return b.within(v, -3, 3);
  Ints s(dims);
  for (int64_t& n : s) n = b.range(1, 4);
  return b.leaf(s);
}

// a of dimensions da times b of dimensions db.
Make times(size_t da, size_t db) {
  return [=](Builder& b) {
    const int v = factor(b, da);
    if (v < 0) return false;
    const Ints s = b.shape(v);
    Ints t(db);
    for (int64_t& n : t) n = b.range(1, 4);
    t[db < 2 ? 0 : db - 2] = s.back();
    if (da == 3 && db == 3) t[0] = s[0];
    return b.step({v, b.shaped(t)});
  };
}

bool make_matmul(Builder& b) {
  const int v = b.within(b.filled(1), -3, 3);
  if (v < 0) return false;
  const Ints s = b.shape(v);
  Ints t;
  if (b.coin(0.8)) t.push_back(b.range(1, 4));
  t.insert(t.begin(), s.back());
  // Batches broadcast: x's own, with ones in between.
  for (size_t k = 2; t.size() == 2 && k < s.size() && b.coin(0.6); ++k)
    t.insert(t.begin(), b.coin(0.3) ? 1 : s[s.size() - 1 - k]);
  if (t.size() > 2) {
    Ints fixed(s.end() - static_cast<int64_t>(t.size()), s.end() - 2);
    for (size_t k = 0; k < fixed.size(); ++k)
      if (t[k] != 1) t[k] = fixed[k];
  }
  return b.step({v, b.shaped(t)});
}

// x + a b: x has the shape of the product, or broadcasts to it.
bool make_added(Builder& b, bool batch) {
  const int v = factor(b, batch ? 3 : 2);
  if (v < 0) return false;
  Ints s = b.shape(v), t = s, x = s;
  const size_t at = batch ? 1 : 0;
  t[at] = s[at + 1];
  t[at + 1] = x[at + 1] = b.range(1, 4);
  if (b.coin(0.3)) x.erase(x.begin());
  if (b.coin(0.3)) x.back() = 1;
  const int w = b.shaped(x), y = b.shaped(t);
  return b.step({w, v, y}, {}, {b.real(-1, 1), b.real(-1, 1)});
}

bool make_linear(Builder& b, bool bias) {
  const int v = b.within(b.filled(1), -3, 3);
  if (v < 0) return false;
  const int64_t out = b.range(1, 4);
  const int w = b.shaped({out, b.shape(v).back()});
  return bias ? b.step({v, w, b.shaped({out})}) : b.step({v, w});
}

Make same_vectors() {
  return [](Builder& b) {
    const int v = factor(b, 1);
    return v >= 0 && b.step({v, b.shaped(b.shape(v))});
  };
}

}  // namespace

std::vector<Operation> product_rows() {
  const char* u = "product";
  const auto added = [](bool batch) { return [=](Builder& b) { return make_added(b, batch); }; };
  return {
      {u, "matmul", EXPR(matmul(X(0), X(1))), make_matmul},
      {u, "matmul_T", EXPR(matmul(X(0), X(0).mT())),
       [](Builder& b) {
         const int v = b.within(b.filled(2), -2, 2);
         return v >= 0 && b.step({v});
       },
       "torch.matmul(X(0), X(0).mT)"},
      {u, "mm", EXPR(mm(X(0), X(1))), times(2, 2)},
      {u, "bmm", EXPR(bmm(X(0), X(1))), times(3, 3)},
      {u, "mv", EXPR(mv(X(0), X(1))), times(2, 1)},
      {u, "dot", EXPR(dot(X(0), X(1))), same_vectors()},
      {u, "outer", EXPR(outer(X(0), X(1))),
       [](Builder& b) {
         const int v = factor(b, 1);
         return v >= 0 && b.step({v, b.shaped({b.range(1, 4)})});
       }},
      {u, "inner", EXPR(inner(X(0), X(1))), same_vectors()},
      {u, "addmm", EXPR(addmm(X(0), X(1), X(2), R(0), R(1))), added(false),
       "torch.addmm(X(0), X(1), X(2), beta=R(0), alpha=R(1))"},
      {u, "baddbmm", EXPR(baddbmm(X(0), X(1), X(2), R(0), R(1))), added(true),
       "torch.baddbmm(X(0), X(1), X(2), beta=R(0), alpha=R(1))"},
      {u, "linear", EXPR(linear(X(0), X(1))), [](Builder& b) { return make_linear(b, false); },
       "nnf.linear(X(0), X(1))"},
      {u, "linear_bias", EXPR(linear(X(0), X(1), X(2))), [](Builder& b) { return make_linear(b, true); },
       "nnf.linear(X(0), X(1), X(2))"},
      {u, "linear_relu", EXPR(relu(linear(X(0), X(1), X(2)))), [](Builder& b) { return make_linear(b, true); },
       "torch.relu(nnf.linear(X(0), X(1), X(2)))"},
      {u, "linear_activated", EXPR(linear_activated(X(0), X(1), X(2), detail::Activation::relu)),
       [](Builder& b) { return make_linear(b, true); }, "torch.relu(nnf.linear(X(0), X(1), X(2)))"},
      {u, "linear_activated_tanh", EXPR(linear_activated(X(0), X(1), {}, detail::Activation::tanh)),
       [](Builder& b) { return make_linear(b, false); }, "torch.tanh(nnf.linear(X(0), X(1)))"},
      {u, "linear_activated_sigmoid", EXPR(linear_activated(X(0), X(1), X(2), detail::Activation::sigmoid)),
       [](Builder& b) { return make_linear(b, true); }, "torch.sigmoid(nnf.linear(X(0), X(1), X(2)))"},
      {u, "einsum", EXPR(einsum("ij,jk->ki", {X(0), X(1)})), times(2, 2), "torch.einsum('ij,jk->ki', X(0), X(1))"},
      {u, "einsum_batch", EXPR(einsum("bij,bjk->ik", {X(0), X(1)})), times(3, 3),
       "torch.einsum('bij,bjk->ik', X(0), X(1))"},
      {u, "tensordot", EXPR(tensordot(X(0), X(1), {1}, {0})), times(2, 2), "torch.tensordot(X(0), X(1), ([1], [0]))"},
      {u, "kron", EXPR(kron(X(0), X(1))), times(1, 2)},
      {u, "cross", EXPR(cross(X(0), X(1), -1)),
       [](Builder& b) {
         const Ints s = {b.range(1, 3), 3};
         const int v = b.shaped(s);
         return v >= 0 && b.step({v, b.shaped(s)});
       },
       "torch.cross(X(0), X(1), dim=-1)"},
      {u, "cdist", EXPR(cdist(X(0), X(1))),
       [](Builder& b) {
         const int64_t n = b.range(1, 4);
         const int v = b.shaped({b.range(1, 4), n}, -3, -0.5);
         return v >= 0 && b.step({v, b.shaped({b.range(1, 4), n}, 0.5, 3)});
       }},
      {u, "cosine_similarity", EXPR(cosine_similarity(X(0), X(1), I(0))),
       [](Builder& b) {
         const int v = b.within(b.filled(1), 0.2, 3);
         return v >= 0 && b.step({v, b.shaped(b.shape(v), 0.2, 2)}, {b.dim_of(v)});
       },
       "torch.cosine_similarity(X(0), X(1), dim=I(0))"},
      {u, "pairwise_distance", EXPR(pairwise_distance(X(0), X(1))),
       [](Builder& b) {
         const int v = b.within(b.filled(1), -3, -0.5);
         return v >= 0 && b.step({v, b.shaped(b.shape(v), 0.5, 2)});
       },
       "torch.pairwise_distance(X(0), X(1))"},
  };
}

}  // namespace programs
