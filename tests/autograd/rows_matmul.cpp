#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "table.h"

using namespace gradus;

namespace table {
namespace {

using Index = std::vector<int64_t>;

Array transposed(const Array& a) {  // the last two dimensions swapped
  Array r{a.shape, std::vector<double>(a.v.size())};
  const int64_t m = a.shape[a.shape.size() - 2], n = a.shape.back();
  std::swap(r.shape[r.shape.size() - 2], r.shape.back());
  for (int64_t k = 0; k < static_cast<int64_t>(a.v.size()); ++k) {
    const int64_t block = k / (m * n), i = k % (m * n) / n, j = k % n;
    r.at(block * m * n + j * m + i) = a.at(k);
  }
  return r;
}

// Number of the matrix in a batch of `shape` that stands at `at` of a batch to which that one broadcasts.
int64_t matrix_at(const Index& shape, const Index& at) {
  int64_t k = 0;
  const size_t lead = shape.size() - 2;
  for (size_t d = 0; d < lead; ++d) k = k * shape[d] + (shape[d] == 1 ? 0 : at[at.size() - lead + d]);
  return k;
}

Array product(Array a, Array b) {  // by torch.matmul's rules
  const bool row = a.shape.size() == 1, column = b.shape.size() == 1;
  if (row) a.shape.insert(a.shape.begin(), 1);
  if (column) b.shape.push_back(1);
  const int64_t m = a.shape[a.shape.size() - 2], k = a.shape.back(), n = b.shape.back();
  Index batch(std::max(a.shape.size(), b.shape.size()) - 2, 1);
  for (const Index* s : {&a.shape, &b.shape})
    for (size_t d = 0; d + 2 < s->size(); ++d) {
      int64_t& size = batch[batch.size() + 2 - s->size() + d];
      if (size == 1) size = (*s)[d];
    }
  Array r{batch, {}};
  r.shape.insert(r.shape.end(), {m, n});
  Index at(batch.size(), 0);
  for (bool more = true; more;) {
    const int64_t pa = matrix_at(a.shape, at) * m * k, pb = matrix_at(b.shape, at) * k * n;
    for (int64_t i = 0; i < m; ++i)
      for (int64_t j = 0; j < n; ++j) {
        double sum = 0;
        for (int64_t c = 0; c < k; ++c) sum += a.at(pa + i * k + c) * b.at(pb + c * n + j);
        r.v.push_back(sum);
      }
    more = false;
    for (size_t d = at.size(); d-- > 0 && !more;) {
      more = ++at[d] < batch[d];
      if (!more) at[d] = 0;
    }
  }
  if (row) r.shape.erase(r.shape.end() - 2);
  if (column) r.shape.pop_back();
  return r;
}

Row row(const char* op, const char* variant, Fn f, std::vector<Index> shapes, Reference reference) {
  Row r{op, variant, std::move(f), {}, std::move(reference)};
  for (Index& s : shapes) r.in.push_back({std::move(s)});
  return r;
}

Row gemm_row(const char* variant, bool ta, bool tb, Index a, Index b) {
  return row(
      "gemm", variant, [ta, tb](auto& x) { return gemm(x[0], ta, x[1], tb); }, {std::move(a), std::move(b)},
      [ta, tb](auto& in) { return product(ta ? transposed(in[0]) : in[0], tb ? transposed(in[1]) : in[1]); });
}

std::vector<Row> gemm_rows() {
  return {
      gemm_row("nn", false, false, {3, 5}, {5, 4}),
      gemm_row("nt", false, true, {3, 5}, {4, 5}),
      gemm_row("tn", true, false, {5, 3}, {5, 4}),
      gemm_row("tt", true, true, {5, 3}, {4, 5}),
      gemm_row("batch_nn", false, false, {2, 3, 5}, {2, 5, 4}),
      gemm_row("batch_nt", false, true, {2, 3, 5}, {2, 4, 5}),
      gemm_row("batch_tn", true, false, {2, 5, 3}, {2, 5, 4}),
      gemm_row("batch_tt", true, true, {2, 5, 3}, {2, 4, 5}),
      gemm_row("first_batch_1", false, true, {1, 3, 5}, {2, 4, 5}),
      gemm_row("second_batch_1", true, false, {2, 5, 3}, {1, 5, 4}),
      gemm_row("one_column", false, false, {3, 5}, {5, 1}),
      gemm_row("one_row", false, false, {1, 5}, {5, 3}),
      gemm_row("tiles", false, false, {17, 33}, {33, 19}),
  };
}

Row matmul_row(const char* variant, Index a, Index b) {
  return row(
      "matmul", variant, [](auto& x) { return matmul(x[0], x[1]); }, {std::move(a), std::move(b)},
      [](auto& in) { return product(in[0], in[1]); });
}

std::vector<Row> matmul_rule_rows() {
  return {
      matmul_row("vector_vector", {5}, {5}),
      matmul_row("vector_matrix", {5}, {5, 3}),
      matmul_row("matrix_vector", {3, 5}, {5}),
      matmul_row("matrix_matrix", {3, 5}, {5, 4}),
      matmul_row("batch_matrix", {2, 3, 5}, {5, 4}),
      matmul_row("matrix_batch", {3, 5}, {2, 5, 4}),
      matmul_row("batch_batch", {2, 3, 5}, {2, 5, 4}),
      matmul_row("batch_vector", {2, 3, 5}, {5}),
      matmul_row("vector_batch", {5}, {2, 5, 3}),
      matmul_row("batches_broadcast", {3, 1, 2, 5}, {2, 5, 4}),
      matmul_row("batches_broadcast_both", {2, 1, 2, 3}, {1, 3, 3, 2}),
      matmul_row("batch_of_batches_vector", {2, 3, 2, 4}, {4}),
      matmul_row("nothing_summed", {3, 0}, {0, 4}),
  };
}

std::vector<Row> named_rows() {
  auto product_of_two = [](auto& in) { return product(in[0], in[1]); };
  return {
      row(
          "mm", "", [](auto& x) { return mm(x[0], x[1]); }, {{3, 5}, {5, 4}}, product_of_two),
      row(
          "bmm", "", [](auto& x) { return bmm(x[0], x[1]); }, {{2, 3, 5}, {2, 5, 4}}, product_of_two),
      row(
          "mv", "", [](auto& x) { return mv(x[0], x[1]); }, {{3, 5}, {5}}, product_of_two),
      row(
          "dot", "", [](auto& x) { return dot(x[0], x[1]); }, {{7}, {7}}, product_of_two),
      row(
          "dot", "long", [](auto& x) { return dot(x[0], x[1]); }, {{257}, {257}}, product_of_two),
      row(
          "outer", "", [](auto& x) { return outer(x[0], x[1]); }, {{3}, {4}},
          [](auto& in) {
            return product({{in[0].shape[0], 1}, in[0].v}, {{1, in[1].shape[0]}, in[1].v});
          }),
  };
}

// beta x + alpha y, where x has y's shape, one row of it, or one number.
Array combined(const Array& x, Array y, double beta, double alpha) {
  for (size_t k = 0; k < y.v.size(); ++k) y.v[k] = beta * x.v[k % x.v.size()] + alpha * y.v[k];
  return y;
}

std::vector<Row> sum_rows() {
  auto addmm_row = [](const char* variant, Index x, double beta, double alpha) {
    return row(
        "addmm", variant, [=](auto& in) { return addmm(in[0], in[1], in[2], beta, alpha); },
        {std::move(x), {3, 5}, {5, 4}}, [=](auto& in) { return combined(in[0], product(in[1], in[2]), beta, alpha); });
  };
  auto linear_row = [](const char* variant, Index x, bool bias) {
    std::vector<Index> shapes = {std::move(x), {4, 5}};
    if (bias) shapes.push_back({4});
    return row(
        "linear", variant, [bias](auto& in) { return linear(in[0], in[1], bias ? in[2] : Tensor()); }, shapes,
        [bias](auto& in) {
          const Array zero{{1}, {0}};
          return combined(bias ? in[2] : zero, product(in[0], transposed(in[1])), 1, 1);
        });
  };
  return {
      addmm_row("", {3, 4}, 1, 1),
      addmm_row("row", {4}, 1, 1),
      addmm_row("number", {}, 1, 1),
      addmm_row("factors", {3, 4}, 0.3, -1.7),
      addmm_row("without_sum", {3, 4}, 0, 2),
      linear_row("", {3, 5}, true),
      linear_row("without_bias", {3, 5}, false),
      linear_row("vector", {5}, true),
      linear_row("vector_without_bias", {5}, false),
      linear_row("batch", {2, 3, 5}, true),
      linear_row("batch_without_bias", {2, 3, 5}, false),
      linear_row("batch_of_batches", {2, 1, 3, 5}, true),
  };
}

// A linear map of [..., 5] to [..., 4], and an activation of it.
Row activated_row(const char* variant, Index x, bool bias, detail::Activation activation, double (*of)(double)) {
  std::vector<Index> shapes = {std::move(x), {4, 5}};
  if (bias) shapes.push_back({4});
  return row(
      "linear_activated", variant,
      [=](auto& in) { return linear_activated(in[0], in[1], bias ? in[2] : Tensor(), activation); }, shapes,
      [=](auto& in) {
        const Array zero{{1}, {0}};
        Array y = combined(bias ? in[2] : zero, product(in[0], transposed(in[1])), 1, 1);
        for (double& v : y.v) v = of(v);
        return y;
      });
}

std::vector<Row> activated_rows() {
  using detail::Activation;
  constexpr auto relu = [](double v) { return v > 0 ? v : 0.0; };
  constexpr auto sigmoid = [](double v) { return 1 / (1 + std::exp(-v)); };
  constexpr auto tanh = [](double v) { return std::tanh(v); };
  return {
      activated_row("relu", {3, 5}, true, Activation::relu, relu),
      activated_row("relu_without_bias", {3, 5}, false, Activation::relu, relu),
      activated_row("relu_vector", {5}, true, Activation::relu, relu),
      activated_row("relu_batch", {2, 3, 5}, true, Activation::relu, relu),
      activated_row("tanh", {3, 5}, true, Activation::tanh, tanh),
      activated_row("tanh_without_bias", {3, 5}, false, Activation::tanh, tanh),
      activated_row("tanh_batch", {2, 3, 5}, true, Activation::tanh, tanh),
      activated_row("sigmoid", {3, 5}, true, Activation::sigmoid, sigmoid),
      activated_row("sigmoid_without_bias", {3, 5}, false, Activation::sigmoid, sigmoid),
      activated_row("sigmoid_vector", {5}, true, Activation::sigmoid, sigmoid),
  };
}

}  // namespace

std::vector<Row> matmul_rows() {
  std::vector<Row> all;
  for (auto* part : {gemm_rows, matmul_rule_rows, named_rows, sum_rows, activated_rows}) {
    std::vector<Row> rows = part();
    all.insert(all.end(), rows.begin(), rows.end());
  }
  return all;
}

}  // namespace table
