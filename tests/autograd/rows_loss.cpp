#include <cmath>
#include <limits>

#include "reductions.h"

using namespace gradus;

namespace table {
namespace {

const std::vector<Input> plain = {{{3, 5}}, {{3, 5}}};
// Differences beyond 1 and below.
const std::vector<Input> apart = {{{3, 5}, -2, 2}, {{3, 5}, -1.83, 1.9}};
const std::vector<Input> probabilities = {{{3, 5}, 0.1, 0.9}, {{3, 5}, 0.05, 0.95}};

double bce(double x, double t) { return -(t * std::log(x) + (1 - t) * std::log(1 - x)); }
double bce_logits(double x, double t) { return bce(1 / (1 + std::exp(-x)), t); }

void add_regression(std::vector<Row>& rows) {
  add_reductions(
      rows, "mse_loss", "", [](const Tensors& x, int64_t r) { return mse_loss(x[0], x[1], r); },
      formula([](double x, double t) { return (x - t) * (x - t); }), plain);
  add_reductions(rows, "mse_loss", "broadcast ", [](const Tensors& x, int64_t r) { return mse_loss(x[0], x[1], r); },
                 formula([](double x, double t) { return (x - t) * (x - t); }), {{{3, 5}}, {{5}}});
  add_reductions(
      rows, "l1_loss", "", [](const Tensors& x, int64_t r) { return l1_loss(x[0], x[1], r); },
      formula([](double x, double t) { return std::abs(x - t); }), apart, false);
  add_reductions(
      rows, "smooth_l1_loss", "", [](const Tensors& x, int64_t r) { return smooth_l1_loss(x[0], x[1], r, 0.7); },
      formula([](double x, double t) {
        const double z = std::abs(x - t);
        return z < 0.7 ? z * z / 1.4 : z - 0.35;
      }),
      apart, false);
  add_reductions(
      rows, "huber_loss", "", [](const Tensors& x, int64_t r) { return huber_loss(x[0], x[1], r, 0.6); },
      formula([](double x, double t) {
        const double z = std::abs(x - t);
        return z <= 0.6 ? z * z / 2 : 0.6 * (z - 0.3);
      }),
      apart, false);
}

// Inputs x, target, weight, pos_weight.
Array weighted_logits(const std::vector<Array>& in) {
  Array y = in[0];
  for (int64_t i = 0; i < 15; ++i) {
    const double x = in[0].at(i), t = in[1].at(i), w = in[2].at(i % 5), p = in[3].at(i % 5);
    y.at(i) = w * (p * t * std::log(1 + std::exp(-x)) + (1 - t) * std::log(1 + std::exp(x)));
  }
  return y;
}

void add_binary(std::vector<Row>& rows) {
  add_reductions(
      rows, "binary_cross_entropy", "",
      [](const Tensors& x, int64_t r) { return binary_cross_entropy(x[0], x[1], {}, r); }, formula(bce), probabilities);
  std::vector<Input> in = probabilities;
  in.push_back({{5}, 0.5, 2});
  add_reductions(
      rows, "binary_cross_entropy", "weight ",
      [](const Tensors& x, int64_t r) { return binary_cross_entropy(x[0], x[1], x[2], r); },
      formula([](double x, double t, double w) { return w * bce(x, t); }), in);
  in = {{{3, 5}, -3, 3}, {{3, 5}, 0.05, 0.95}};
  add_reductions(
      rows, "binary_cross_entropy_with_logits", "",
      [](const Tensors& x, int64_t r) { return binary_cross_entropy_with_logits(x[0], x[1], {}, {}, r); },
      formula(bce_logits), in);
  in.push_back({{5}, 0.5, 2});
  add_reductions(
      rows, "binary_cross_entropy_with_logits", "weight ",
      [](const Tensors& x, int64_t r) { return binary_cross_entropy_with_logits(x[0], x[1], x[2], {}, r); },
      formula([](double x, double t, double w) { return w * bce_logits(x, t); }), in);
  add_reductions(
      rows, "binary_cross_entropy_with_logits", "pos_weight ",
      [](const Tensors& x, int64_t r) { return binary_cross_entropy_with_logits(x[0], x[1], {}, x[2], r); },
      formula([](double x, double t, double p) {
        return p * t * std::log(1 + std::exp(-x)) + (1 - t) * std::log(1 + std::exp(x));
      }),
      in);
  in.push_back({{5}, 0.5, 2});
  add_reductions(
      rows, "binary_cross_entropy_with_logits", "both weights ",
      [](const Tensors& x, int64_t r) { return binary_cross_entropy_with_logits(x[0], x[1], x[2], x[3], r); },
      weighted_logits, in);
}

void add_divergence(std::vector<Row>& rows) {
  add_reductions(rows, "kl_div", "", [](const Tensors& x, int64_t r) { return kl_div(x[0], x[1], r); },
                 formula([](double x, double t) { return t * (std::log(t) - x); }),
                 {{{3, 5}, -3, -0.5}, {{3, 5}, 0.05, 1}});
  add_reductions(rows, "kl_div", "log_target ", [](const Tensors& x, int64_t r) { return kl_div(x[0], x[1], r, true); },
                 formula([](double x, double t) { return std::exp(t) * (t - x); }),
                 {{{3, 5}, -3, -0.5}, {{3, 5}, -3, -0.5}});
}

/// What a class loss is asked for.
struct Classes {
  int64_t reduction = Reduction::Mean, ignore = -100;
  double smoothing = 0;
  bool logits = true;  // cross entropy; else nll
};

// Inputs x, target, and weights if there are three.
Array class_values(const std::vector<Array>& in, const Classes& o) {
  const Array& x = in[0];
  const size_t d = x.shape.size() == 1 ? 0 : 1;
  const int64_t c = x.shape[d], n = d ? x.shape[0] : 1, s = static_cast<int64_t>(x.v.size()) / (n * c);
  auto weight = [&](int64_t k) { return in.size() > 2 ? in[2].at(k) : 1.0; };
  Array values{d ? in[1].shape : std::vector<int64_t>{}, {}};
  double total = 0;
  for (int64_t i = 0; i < n * s; ++i) {
    const int64_t t = static_cast<int64_t>(in[1].at(i)), first = i / s * c * s + i % s;
    values.v.push_back(0);
    if (t == o.ignore) continue;
    double sum = 0;
    for (int64_t k = 0; k < c; ++k) sum += std::exp(x.at(first + k * s));
    auto log_p = [&](int64_t k) { return x.at(first + k * s) - (o.logits ? std::log(sum) : 0); };
    double v = -(1 - o.smoothing) * weight(t) * log_p(t);
    for (int64_t k = 0; k < c; ++k) v -= o.smoothing / static_cast<double>(c) * weight(k) * log_p(k);
    values.v.back() = v;
    total += weight(t);
  }
  return reduce(values, o.reduction, total);
}

// Every reduction of nll_loss or cross_entropy_loss.
void add_classes(std::vector<Row>& rows, const std::string& variant, Classes o, std::vector<Input> in) {
  for (int64_t reduction : {Reduction::None, Reduction::Mean, Reduction::Sum}) {
    o.reduction = reduction;
    rows.push_back({o.logits ? "cross_entropy_loss" : "nll_loss", variant + reduction_names[reduction],
                    [o](const Tensors& x) {
                      const std::optional<Tensor> w = x.size() > 2 ? std::optional(x[2]) : std::nullopt;
                      return o.logits ? cross_entropy_loss(x[0], x[1], w, o.reduction, o.ignore, o.smoothing)
                                      : nll_loss(x[0], x[1], w, o.reduction, o.ignore);
                    },
                    in, [o](const std::vector<Array>& a) { return class_values(a, o); }});
  }
}

void add_class_losses(std::vector<Row>& rows) {
  auto inputs = [](std::vector<int64_t> x, std::vector<int64_t> t, bool weights) {
    const double c = static_cast<double>(x.size() == 1 ? x[0] : x[1]);
    std::vector<Input> in = {{x}, {t, 0, c, Kind::index}};
    if (weights) in.push_back({{static_cast<int64_t>(c)}, 0.5, 2, Kind::fixed});
    return in;
  };
  for (bool logits : {false, true}) {
    Classes o{Reduction::Mean, -100, 0, logits};
    add_classes(rows, "", o, inputs({6, 4}, {6}, false));
    add_classes(rows, "one row ", o, inputs({4}, {}, false));
    add_classes(rows, "many classes ", o, inputs({3, 37}, {3}, true));
    add_classes(rows, "image ", o, inputs({2, 3, 4, 5}, {2, 4, 5}, true));
    o.ignore = 1;
    add_classes(rows, "ignore ", o, inputs({8, 4}, {8}, true));
    add_classes(rows, "image ignore ", o, inputs({2, 3, 7}, {2, 7}, false));
  }
  for (const char* op : {"nll_loss2d", "nll_loss_nd"}) {
    const bool image = std::string(op) == "nll_loss2d";
    const Classes o{Reduction::Mean, -100, 0, false};
    rows.push_back(
        {op, "",
         [image](const Tensors& x) { return image ? nll_loss2d(x[0], x[1], x[2]) : nll_loss_nd(x[0], x[1], x[2]); },
         image ? inputs({2, 3, 4, 5}, {2, 4, 5}, true) : inputs({2, 3, 7}, {2, 7}, true),
         [o](const std::vector<Array>& a) { return class_values(a, o); }});
  }
  Classes o{Reduction::Mean, 1, 0.2, true};
  add_classes(rows, "smoothing ", o, inputs({8, 4}, {8}, false));
  add_classes(rows, "smoothing weight ", o, inputs({8, 4}, {8}, true));
  add_classes(rows, "smoothing image ", o, inputs({2, 3, 7}, {2, 7}, true));
  o.smoothing = 1;
  add_classes(rows, "all smoothed ", o, inputs({8, 4}, {8}, true));
}

// Targets that are probabilities: x and t [n, c, s], or [c], weights [c].
Array soft_values(const std::vector<Array>& in) {
  const Array& x = in[0];
  const size_t d = x.shape.size() == 1 ? 0 : 1;
  const int64_t c = x.shape[d], n = d ? x.shape[0] : 1, s = static_cast<int64_t>(x.v.size()) / (n * c);
  Array values{x.shape, {}};
  values.shape.erase(values.shape.begin() + static_cast<std::ptrdiff_t>(d));
  for (int64_t i = 0; i < n * s; ++i) {
    const int64_t first = i / s * c * s + i % s;
    double sum = 0, v = 0;
    for (int64_t k = 0; k < c; ++k) sum += std::exp(x.at(first + k * s));
    for (int64_t k = 0; k < c; ++k)
      v -= (in.size() > 2 ? in[2].at(k) : 1) * (0.9 * in[1].at(first + k * s) + 0.1 / static_cast<double>(c)) *
           (x.at(first + k * s) - std::log(sum));
    values.v.push_back(v);
  }
  return values;
}

}  // namespace

std::vector<Row> loss_rows() {
  std::vector<Row> rows;
  add_regression(rows);
  add_binary(rows);
  add_divergence(rows);
  add_class_losses(rows);
  struct Case {
    const char* variant;
    std::vector<int64_t> shape;
    Kind weights;
  };
  for (const Case& c :
       {Case{"probabilities ", {4, 3}, Kind::fixed}, Case{"probabilities and weights ", {4, 3}, Kind::real},
        Case{"probabilities of images ", {2, 3, 2, 3}, Kind::fixed},
        Case{"probabilities of one row ", {5}, Kind::fixed}})
    add_reductions(rows, "cross_entropy_loss", c.variant,
                   [](const Tensors& x, int64_t r) { return cross_entropy_loss(x[0], x[1], x[2], r, -100, 0.1); },
                   soft_values, {{c.shape}, {c.shape, 0, 1}, {{c.shape[c.shape.size() > 1]}, 0.5, 2, c.weights}});
  add_reductions(rows, "cross_entropy_loss", "probabilities without weights ",
                 [](const Tensors& x, int64_t r) { return cross_entropy_loss(x[0], x[1], {}, r, -100, 0.1); },
                 soft_values, {{{4, 3}}, {{4, 3}, 0, 1}});
  return rows;
}

}  // namespace table
