#include <algorithm>
#include <cmath>
#include <map>

#include "naive.h"

using namespace gradus;

namespace table {
namespace {

using Arrays = std::vector<Array>;

// Einstein's sum over single letters, by running through all of them.
Reference sums(std::vector<std::string> operands, std::string result) {
  return [=](const Arrays& in) {
    std::map<char, int64_t> size;
    for (size_t k = 0; k < operands.size(); ++k)
      for (size_t d = 0; d < operands[k].size(); ++d) {
        int64_t& n = size[operands[k][d]];
        n = std::max(n, in[k].shape[d]);
      }
    Index all;
    std::map<char, size_t> place;
    for (auto& [c, n] : size) place[c] = all.size(), all.push_back(n);
    auto index = [&](const std::string& letters, const Index& i, const Index& shape) {
      Index r;
      for (size_t d = 0; d < letters.size(); ++d) r.push_back(shape[d] == 1 ? 0 : i[place[letters[d]]]);
      return r;
    };
    Array y;
    for (char c : result) y.shape.push_back(size[c]);
    y.v.assign(static_cast<size_t>(count(y.shape)), 0);
    each_index(all, [&](const Index& i) {
      double p = 1;
      for (size_t k = 0; k < operands.size(); ++k) p *= at(in[k], index(operands[k], i, in[k].shape));
      int64_t flat = 0;
      const Index to = index(result, i, y.shape);
      for (size_t d = 0; d < to.size(); ++d) flat = flat * y.shape[d] + to[d];
      y.at(flat) += p;
    });
    return y;
  };
}

Row einstein(const char* variant, const char* equation, std::vector<Index> shapes, Reference ref) {
  Row r{"einsum", variant, [equation](auto& x) { return einsum(equation, x); }, {}, std::move(ref)};
  for (Index& s : shapes) r.in.push_back({std::move(s)});
  return r;
}

std::vector<Row> einsums() {
  Row path{"einsum",
           "path",
           [](auto& x) {
             return einsum("ij,jk,kl->il", x, IntArrayRef({1, 2, 0, 1}));
           },
           {{{2, 3}}, {{3, 4}}, {{4, 2}}},
           sums({"ij", "jk", "kl"}, "il")};
  return {
      path,
      einstein("product", "ij,jk->ik", {{3, 4}, {4, 2}}, sums({"ij", "jk"}, "ik")),
      einstein("implicit", "ba , ca", {{3, 4}, {2, 4}}, sums({"ba", "ca"}, "bc")),
      einstein("batch", "bij,bkj->bik", {{2, 3, 4}, {2, 5, 4}}, sums({"bij", "bkj"}, "bik")),
      einstein("outer", "i,j->ji", {{3}, {4}}, sums({"i", "j"}, "ji")),
      einstein("pointwise", "ij,ji->ij", {{3, 4}, {4, 3}}, sums({"ij", "ji"}, "ij")),
      einstein("dots", "ij,ij->i", {{3, 4}, {3, 4}}, sums({"ij", "ij"}, "i")),
      einstein("trace", "ii", {{3, 3}}, sums({"ii"}, "")),
      einstein("diagonal", "iij->ji", {{3, 3, 2}}, sums({"iij"}, "ji")),
      einstein("transposed", "ij->ji", {{3, 4}}, sums({"ij"}, "ji")),
      einstein("sum", "ijk->j", {{2, 3, 4}}, sums({"ijk"}, "j")),
      einstein("ellipsis", "...ij,...jk->...ik", {{2, 3, 4}, {4, 5}}, sums({"bij", "jk"}, "bik")),
      einstein("ellipsis implicit", "i...,j...", {{2, 4}, {3, 4}}, sums({"ib", "jb"}, "bij")),
      einstein("three", "ab,bc,cd->ad", {{2, 3}, {3, 4}, {4, 2}}, sums({"ab", "bc", "cd"}, "ad")),
      einstein("bilinear", "bn,anm,bm->ba", {{2, 3}, {5, 3, 4}, {2, 4}}, sums({"bn", "anm", "bm"}, "ba")),
      einstein("broadcast", "ij,ij->j", {{3, 4}, {1, 4}}, sums({"ij", "ij"}, "j")),
      einstein("one side alone", "ij,k->i", {{3, 4}, {2}}, sums({"ij", "k"}, "i")),
  };
}

Row two(const char* op, const char* variant, Fn f, Index a, Index b, Reference ref) {
  return {op, variant, std::move(f), {{std::move(a)}, {std::move(b)}}, std::move(ref)};
}

// beta x + alpha product(in[1], in[2]), x broadcast over the last dimensions.
Reference added(Reference product, double beta, double alpha) {
  return [=](const Arrays& in) {
    Array y = product({in[1], in[2]});
    for (size_t i = 0; i < y.v.size(); ++i) y.v[i] = beta * in[0].v[i % in[0].v.size()] + alpha * y.v[i];
    return y;
  };
}

Row add(const char* op, Fn f, Index x, Index a, Index b, Reference ref, Fn in_place = nullptr) {
  Row r{op, "", std::move(f), {{std::move(x)}, {std::move(a)}, {std::move(b)}}, std::move(ref)};
  r.in_place = std::move(in_place);
  return r;
}

std::vector<Row> products() {
  Row chained{"chain_matmul",
              "",
              [](auto& x) { return chain_matmul(x); },
              {{{2, 6}}, {{6, 3}}, {{3, 5}}, {{5, 1}}},
              sums({"ab", "bc", "cd", "de"}, "ae")};
  const Reference crossed = [](const Arrays& in) {
    Array y{{2, 3}, {}};
    for (int64_t i = 0; i < 2; ++i)
      for (int64_t k = 0; k < 3; ++k) {
        const int64_t p = i * 3 + (k + 1) % 3, q = i * 3 + (k + 2) % 3;
        y.v.push_back(in[0].at(p) * in[1].at(q) - in[0].at(q) * in[1].at(p));
      }
    return y;
  };
  const Reference kronecker = [](const Arrays& in) {
    Array y{{4, 6}, {}};
    for (int64_t i = 0; i < 4; ++i)
      for (int64_t j = 0; j < 6; ++j) y.v.push_back(in[0].at(i / 2 * 3 + j / 2) * in[1].at(i % 2 * 2 + j % 2));
    return y;
  };
  return {
      chained,
      two(
          "tensordot", "",
          [](auto& x) {
            return tensordot(x[0], x[1], {1, 2}, {1, 0});
          },
          {2, 3, 4}, {4, 3, 5}, sums({"ijk", "kjl"}, "il")),
      two(
          "tensordot", "broadcast", [](auto& x) { return tensordot(x[0], x[1], {-1}, {0}); }, {2, 3}, {1, 4},
          sums({"ij", "jk"}, "ik")),
      two(
          "kron", "", [](auto& x) { return kron(x[0], x[1]); }, {2, 3}, {2, 2}, kronecker),
      two(
          "vdot", "", [](auto& x) { return vdot(x[0], x[1]); }, {5}, {5}, sums({"i", "i"}, "")),
      two(
          "inner", "", [](auto& x) { return inner(x[0], x[1]); }, {2, 4}, {3, 4}, sums({"ij", "kj"}, "ik")),
      two(
          "ger", "", [](auto& x) { return x[0].ger(x[1]); }, {3}, {4}, sums({"i", "j"}, "ij")),
      two(
          "cross", "", [](auto& x) { return cross(x[0], x[1]); }, {2, 3}, {2, 3}, crossed),
      two(
          "cross", "dim", [](auto& x) { return x[0].t().cross(x[1].t(), 0).t(); }, {2, 3}, {2, 3}, crossed),
      add(
          "addmv", [](auto& x) { return addmv(x[0], x[1], x[2], 0.5, 2); }, {3}, {3, 4}, {4},
          added(sums({"ij", "j"}, "i"), 0.5, 2), [](auto& x) { return x[0].addmv_(x[1], x[2], 0.5, 2); }),
      add(
          "addbmm", [](auto& x) { return addbmm(x[0], x[1], x[2], 0.5, 2); }, {3, 2}, {5, 3, 4}, {5, 4, 2},
          added(sums({"bij", "bjk"}, "ik"), 0.5, 2), [](auto& x) { return x[0].addbmm_(x[1], x[2], 0.5, 2); }),
      add(
          "addr", [](auto& x) { return addr(x[0], x[1], x[2], 0.5, 2); }, {3, 4}, {3}, {4},
          added(sums({"i", "j"}, "ij"), 0.5, 2), [](auto& x) { return x[0].addr_(x[1], x[2], 0.5, 2); }),
      add(
          "baddbmm", [](auto& x) { return baddbmm(x[0], x[1], x[2], 0.5, 2); }, {2, 3, 2}, {2, 3, 4}, {2, 4, 2},
          added(sums({"bij", "bjk"}, "bik"), 0.5, 2), [](auto& x) { return x[0].baddbmm_(x[1], x[2], 0.5, 2); }),
  };
}

double distance(const Array& a, int64_t i, const Array& b, int64_t j, int64_t d, double p) {
  double s = 0;
  for (int64_t k = 0; k < d; ++k) {
    const double diff = std::abs(a.at(i * d + k) - b.at(j * d + k));
    s = std::isinf(p) ? std::max(s, diff) : p == 0 ? s + (diff != 0) : s + std::pow(diff, p);
  }
  return p == 0 || std::isinf(p) ? s : std::pow(s, 1 / p);
}

Reference distances(double p) {  // [b, n, d] [b, m, d]
  return [p](const Arrays& in) {
    const int64_t batch = in[0].shape[0], n = in[0].shape[1], m = in[1].shape[1], d = in[0].shape[2];
    Array y{{batch, n, m}, {}};
    for (int64_t k = 0; k < batch; ++k)
      for (int64_t i = 0; i < n; ++i)
        for (int64_t j = 0; j < m; ++j) y.v.push_back(distance(in[0], k * n + i, in[1], k * m + j, d, p));
    return y;
  };
}

Row between(const char* variant, double p, Index a, Index b) {
  Row r{
      "cdist", variant, [p](auto& x) { return cdist(x[0], x[1], p); }, {{std::move(a)}, {std::move(b)}}, distances(p)};
  r.smooth = false;
  return r;
}

std::vector<Row> distances_of_rows() {
  Row product = between("by a product", 2, {1, 27, 3}, {1, 2, 3});
  product.float_tolerance = 2e-5;  // squares cancel
  return {
      between("1", 1, {2, 3, 5}, {2, 4, 5}),
      between("2", 2, {2, 3, 5}, {2, 4, 5}),
      product,
      between("3", 3, {2, 3, 18}, {2, 2, 18}),
      between("1.5", 1.5, {1, 3, 5}, {1, 2, 5}),
      between("infinity", INFINITY, {2, 3, 5}, {2, 4, 5}),
      between("0", 0, {2, 3, 5}, {2, 4, 5}),
  };
}

// x1^T W_k x2 + b_k for every k, with one dimension before.
Reference bilinear_forms() {
  return [](const Arrays& in) {
    const int64_t rows = in[0].shape[0], m = in[0].shape[1], n = in[1].shape[1], out = in[2].shape[0];
    Array y{{rows, out}, std::vector<double>(static_cast<size_t>(rows * out))};
    for (int64_t r = 0; r < rows; ++r)
      for (int64_t k = 0; k < out; ++k) {
        double sum = in.size() > 3 ? in[3].at(k) : 0;
        for (int64_t i = 0; i < m; ++i)
          for (int64_t j = 0; j < n; ++j)
            sum += in[0].at(r * m + i) * in[2].at((k * m + i) * n + j) * in[1].at(r * n + j);
        y.at(r * out + k) = sum;
      }
    return y;
  };
}

std::vector<Row> bilinears() {
  return {
      {"bilinear",
       "",
       [](auto& x) { return bilinear(x[0], x[1], x[2]); },
       {{{2, 3}}, {{2, 4}}, {{5, 3, 4}}},
       bilinear_forms()},
      {"bilinear",
       "with a bias",
       [](auto& x) { return bilinear(x[0], x[1], x[2], x[3]); },
       {{{3, 2}}, {{3, 1}}, {{4, 2, 1}}, {{4}}},
       bilinear_forms()},
  };
}

}  // namespace

std::vector<Row> product_rows() {
  std::vector<Row> all;
  for (auto* family : {einsums, products, bilinears, distances_of_rows}) {
    std::vector<Row> rows = family();
    all.insert(all.end(), rows.begin(), rows.end());
  }
  return all;
}

}  // namespace table
