#include <cmath>

#include "reductions.h"

using namespace gradus;

namespace table {
namespace {

constexpr double pi = 3.14159265358979323846;

// Targets 1 and -1, from numbers of any size.
Input signs(std::vector<int64_t> shape) { return {std::move(shape), -1, 1, Kind::fixed}; }
double sign_of(double t) { return t > 0 ? 1 : -1; }

void add_pointwise(std::vector<Row>& rows) {
  add_reductions(rows, "soft_margin_loss", "",
                 [](const Tensors& x, int64_t r) { return soft_margin_loss(x[0], x[1], r); },
                 formula([](double x, double t) { return std::log(1 + std::exp(-t * x)); }), {{{3, 5}}, {{3, 5}}});
  add_reductions(
      rows, "hinge_embedding_loss", "",
      [](const Tensors& x, int64_t r) { return hinge_embedding_loss(x[0], sign(x[1]), 0.7, r); },
      formula([](double x, double t) { return t > 0 ? x : std::max(0.0, 0.7 - x); }), {{{3, 5}}, signs({3, 5})}, false);
  add_reductions(
      rows, "margin_ranking_loss", "",
      [](const Tensors& x, int64_t r) { return margin_ranking_loss(x[0], x[1], x[2], 0.3, r); },
      formula([](double a, double b, double t) { return std::max(0.0, 0.3 - t * (a - b)); }),
      {{{3, 5}}, {{3, 5}}, {{1, 5}}}, false);
}

double stirling(double t) { return t > 1 ? t * std::log(t) - t + 0.5 * std::log(2 * pi * t) : 0; }

void add_likelihoods(std::vector<Row>& rows) {
  const std::vector<Input> counts = {{{3, 5}, 0.5, 2}, {{3, 5}, 0.3, 4}};
  add_reductions(
      rows, "poisson_nll_loss", "log ",
      [](const Tensors& x, int64_t r) { return poisson_nll_loss(x[0], x[1], true, false, 1e-8, r); },
      formula([](double x, double t) { return std::exp(x) - t * x; }), counts);
  add_reductions(
      rows, "poisson_nll_loss", "log full ",
      [](const Tensors& x, int64_t r) { return poisson_nll_loss(x[0], x[1], true, true, 1e-8, r); },
      formula([](double x, double t) { return std::exp(x) - t * x + stirling(t); }), counts);
  add_reductions(
      rows, "poisson_nll_loss", "",
      [](const Tensors& x, int64_t r) { return poisson_nll_loss(x[0], x[1], false, false, 0.1, r); },
      formula([](double x, double t) { return x - t * std::log(x + 0.1); }), counts);
  add_reductions(
      rows, "poisson_nll_loss", "full ",
      [](const Tensors& x, int64_t r) { return poisson_nll_loss(x[0], x[1], false, true, 0.1, r); },
      formula([](double x, double t) { return x - t * std::log(x + 0.1) + stirling(t); }), counts);
  const std::vector<Input> normal = {{{3, 5}}, {{3, 5}}, {{3, 5}, 0.3, 2}};
  add_reductions(
      rows, "gaussian_nll_loss", "",
      [](const Tensors& x, int64_t r) { return gaussian_nll_loss(x[0], x[1], x[2], false, 1e-6, r); },
      formula([](double x, double t, double v) { return 0.5 * (std::log(v) + (x - t) * (x - t) / v); }), normal);
  add_reductions(rows, "gaussian_nll_loss", "full ",
                 [](const Tensors& x, int64_t r) { return gaussian_nll_loss(x[0], x[1], x[2], true, 1e-6, r); },
                 formula([](double x, double t, double v) {
                   return 0.5 * (std::log(v) + (x - t) * (x - t) / v + std::log(2 * pi));
                 }),
                 {{{3, 5}}, {{3, 5}}, {{3, 1}, 0.3, 2}});
}

// Inputs x and target [3, 5], perhaps weights [5].
Array soft_labels(const std::vector<Array>& in) {
  Array y{{3}, {0, 0, 0}};
  for (int64_t i = 0; i < 15; ++i) {
    const double x = in[0].at(i), t = in[1].at(i), w = in.size() > 2 ? in[2].at(i % 5) : 1;
    y.at(i / 5) += w / 5 * (t * std::log(1 + std::exp(-x)) + (1 - t) * std::log(1 + std::exp(x)));
  }
  return y;
}

// Inputs x [5, 4], classes [5], perhaps weights [4].
Reference class_margin(double p, double margin) {
  return [=](const std::vector<Array>& in) {
    Array y{{5}, {}};
    for (int64_t i = 0; i < 5; ++i) {
      const auto t = static_cast<int64_t>(in[1].at(i));
      double sum = 0;
      for (int64_t k = 0; k < 4; ++k)
        if (k != t) sum += std::pow(std::max(0.0, margin - in[0].at(i * 4 + t) + in[0].at(i * 4 + k)), p);
      y.v.push_back(sum / 4 * (in.size() > 2 ? in[2].at(t) : 1));
    }
    return y;
  };
}

// Inputs x and labels [3, 4].
Array label_margin(const std::vector<Array>& in) {
  Array y{{3}, {}};
  for (int64_t i = 0; i < 3; ++i) {
    std::vector<int64_t> named;
    for (int64_t k = 0; k < 4 && in[1].at(i * 4 + k) >= 0; ++k)
      named.push_back(static_cast<int64_t>(in[1].at(i * 4 + k)));
    double sum = 0;
    for (int64_t j : named)
      for (int64_t k = 0; k < 4; ++k)
        if (std::count(named.begin(), named.end(), k) == 0)
          sum += std::max(0.0, 1 - in[0].at(i * 4 + j) + in[0].at(i * 4 + k));
    y.v.push_back(sum / 4);
  }
  return y;
}

void add_classes(std::vector<Row>& rows) {
  const std::vector<Input> labels = {{{3, 5}}, {{3, 5}, 0, 1}};
  add_reductions(
      rows, "multilabel_soft_margin_loss", "",
      [](const Tensors& x, int64_t r) { return multilabel_soft_margin_loss(x[0], x[1], {}, r); }, soft_labels, labels);
  add_reductions(rows, "multilabel_soft_margin_loss", "weight ",
                 [](const Tensors& x, int64_t r) { return multilabel_soft_margin_loss(x[0], x[1], x[2], r); },
                 soft_labels, {labels[0], labels[1], {{5}, 0.5, 2}});
  const std::vector<Input> classes = {{{5, 4}}, {{5}, 0, 4, Kind::index}};
  add_reductions(
      rows, "multi_margin_loss", "",
      [](const Tensors& x, int64_t r) { return multi_margin_loss(x[0], x[1], 1, 0.93, {}, r); }, class_margin(1, 0.93),
      classes, false);
  add_reductions(
      rows, "multi_margin_loss", "square ",
      [](const Tensors& x, int64_t r) { return multi_margin_loss(x[0], x[1], 2, 0.7, x[2], r); }, class_margin(2, 0.7),
      {classes[0], classes[1], {{4}, 0.5, 2, Kind::fixed}}, false);
  add_reductions(
      rows, "multilabel_margin_loss", "",
      [](const Tensors& x, int64_t r) { return multilabel_margin_loss(x[0], x[1], r); }, label_margin,
      {{{3, 4}, -2.1, 2.3}, {{3, 4}, -1, 4, Kind::index}}, false);
}

double p_norm(const std::vector<double>& d, double p) {
  double sum = 0;
  for (double v : d) sum += std::pow(std::abs(v), p);
  return std::pow(sum, 1 / p);
}

// Of rows i of two arrays of rows of five; the second may be one row for all.
double row_distance(const Array& a, const Array& b, int64_t i, double p) {
  std::vector<double> d;
  for (int64_t k = 0; k < 5; ++k) d.push_back(a.at(i * 5 + k) - b.at((b.v.size() == 5 ? 0 : i) * 5 + k) + 1e-6);
  return p_norm(d, p);
}
double row_cosine(const Array& a, const Array& b, int64_t i) {
  double ab = 0, aa = 0, bb = 0;
  for (int64_t k = 0; k < 5; ++k) {
    const double x = a.at(i * 5 + k), y = b.at((b.v.size() == 5 ? 0 : i) * 5 + k);
    ab += x * y, aa += x * x, bb += y * y;
  }
  return ab / std::sqrt(aa * bb);
}

Reference of_rows(std::vector<int64_t> shape, std::function<double(const std::vector<Array>&, int64_t)> f) {
  return [=](const std::vector<Array>& in) {
    Array y{shape, {}};
    for (int64_t i = 0; i < 4; ++i) y.v.push_back(f(in, i));
    return y;
  };
}

Reference triplet(double p, double margin, bool swap) {
  return of_rows({4}, [=](const std::vector<Array>& in, int64_t i) {
    const double near = row_distance(in[0], in[1], i, p), far = row_distance(in[0], in[2], i, p);
    return std::max(0.0, margin + near - (swap ? std::min(far, row_distance(in[1], in[2], i, p)) : far));
  });
}

void add_vectors(std::vector<Row>& rows) {
  const std::vector<Input> two = {{{4, 5}}, {{4, 5}}}, one_for_all = {{{4, 5}}, {{5}}};
  const std::vector<Input> three = {{{4, 5}}, {{4, 5}}, {{4, 5}}};
  auto cosine = [](const std::vector<Array>& in, int64_t i) { return row_cosine(in[0], in[1], i); };
  rows.push_back(
      {"cosine_similarity", "", [](auto& x) { return cosine_similarity(x[0], x[1]); }, two, of_rows({4}, cosine)});
  rows.push_back({"cosine_similarity", "broadcast", [](auto& x) { return cosine_similarity(x[0], x[1], -1); },
                  one_for_all, of_rows({4}, cosine)});
  auto distance = [](double p) {
    return [p](const std::vector<Array>& in, int64_t i) { return row_distance(in[0], in[1], i, p); };
  };
  rows.push_back(
      {"pairwise_distance", "", [](auto& x) { return pairwise_distance(x[0], x[1]); }, two, of_rows({4}, distance(2))});
  rows.push_back({"pairwise_distance", "keepdim", [](auto& x) { return pairwise_distance(x[0], x[1], 3, 1e-6, true); },
                  one_for_all, of_rows({4, 1}, distance(3))});
  // Rows that are expanded from one would be equal, where a distance has no derivative.
  rows.push_back({"pdist",
                  "",
                  [](auto& x) { return pdist(x[0] + 0.3 * arange(4, x[0].options()).unsqueeze(1), 3); },
                  {{{4, 5}}},
                  [](const std::vector<Array>& in) {
                    Array y{{6}, {}};
                    for (int64_t i = 0; i < 4; ++i)
                      for (int64_t j = i + 1; j < 4; ++j) {
                        std::vector<double> d;
                        for (int64_t k = 0; k < 5; ++k)
                          d.push_back(in[0].at(i * 5 + k) - in[0].at(j * 5 + k) + 0.3 * static_cast<double>(i - j));
                        y.v.push_back(p_norm(d, 3));
                      }
                    return y;
                  }});
  std::vector<Input> pairs = two;
  pairs.push_back(signs({4}));
  add_reductions(
      rows, "cosine_embedding_loss", "",
      [](const Tensors& x, int64_t r) { return cosine_embedding_loss(x[0], x[1], sign(x[2]), 0.1, r); },
      of_rows({4},
              [](const std::vector<Array>& in, int64_t i) {
                const double c = row_cosine(in[0], in[1], i);
                return sign_of(in[2].at(i)) > 0 ? 1 - c : std::max(0.0, c - 0.1);
              }),
      pairs, false);
  add_reductions(
      rows, "triplet_margin_loss", "",
      [](const Tensors& x, int64_t r) { return triplet_margin_loss(x[0], x[1], x[2], 0.8, 2, 1e-6, false, r); },
      triplet(2, 0.8, false), three, false);
  add_reductions(
      rows, "triplet_margin_loss", "swap ",
      [](const Tensors& x, int64_t r) { return triplet_margin_loss(x[0], x[1], x[2], 2, 3, 1e-6, true, r); },
      triplet(3, 2, true), three, false);
}

}  // namespace

std::vector<Row> margin_loss_rows() {
  std::vector<Row> rows;
  add_pointwise(rows);
  add_likelihoods(rows);
  add_classes(rows);
  add_vectors(rows);
  return rows;
}

}  // namespace table
