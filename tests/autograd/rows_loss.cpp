#include <cmath>
#include <limits>

#include "table.h"

using namespace gradus;

namespace table {
namespace {

constexpr const char* names[] = {"none", "mean", "sum"};

// The values of `f`, reduced; `weights` is what a mean divides by, the number of values unless given.
Array reduce(Array values, int64_t reduction, double weights = -1) {
  if (reduction == Reduction::None) return values;
  double sum = 0;
  for (double v : values.v) sum += v;
  if (reduction == Reduction::Mean) sum /= weights < 0 ? static_cast<double>(values.v.size()) : weights;
  return {{}, {sum}};
}

using Loss = Tensor (*)(const Tensors&, int64_t);

// A pointwise loss in its three reductions. Inputs are x, the target, and perhaps weights.
void add(std::vector<Row>& rows, const char* op, const char* variant, Loss loss, Reference values,
         std::vector<Input> in, bool smooth = true) {
  for (int64_t reduction : {Reduction::None, Reduction::Mean, Reduction::Sum}) {
    Row r{op, std::string(variant) + names[reduction], [=](auto& x) { return loss(x, reduction); }, in,
          [=](const std::vector<Array>& a) { return reduce(values(a), reduction); }};
    r.smooth = smooth;
    rows.push_back(std::move(r));
  }
}

Reference of(double (*f)(double, double)) { return pointwise(std::function<double(double, double)>(f)); }
Reference of(double (*f)(double, double, double)) {
  return pointwise(std::function<double(double, double, double)>(f));
}

const std::vector<Input> plain = {{{3, 5}}, {{3, 5}}};
// Differences beyond 1 and below.
const std::vector<Input> apart = {{{3, 5}, -2, 2}, {{3, 5}, -1.83, 1.9}};
const std::vector<Input> probabilities = {{{3, 5}, 0.1, 0.9}, {{3, 5}, 0.05, 0.95}};

double bce(double x, double t) { return -(t * std::log(x) + (1 - t) * std::log(1 - x)); }
double bce_logits(double x, double t) { return bce(1 / (1 + std::exp(-x)), t); }

void add_regression(std::vector<Row>& rows) {
  add(
      rows, "mse_loss", "", [](const Tensors& x, int64_t r) { return mse_loss(x[0], x[1], r); },
      of([](double x, double t) { return (x - t) * (x - t); }), plain);
  add(rows, "mse_loss", "broadcast ", [](const Tensors& x, int64_t r) { return mse_loss(x[0], x[1], r); },
      of([](double x, double t) { return (x - t) * (x - t); }), {{{3, 5}}, {{5}}});
  add(
      rows, "l1_loss", "", [](const Tensors& x, int64_t r) { return l1_loss(x[0], x[1], r); },
      of([](double x, double t) { return std::abs(x - t); }), apart, false);
  add(
      rows, "smooth_l1_loss", "", [](const Tensors& x, int64_t r) { return smooth_l1_loss(x[0], x[1], r, 0.7); },
      of([](double x, double t) {
        const double z = std::abs(x - t);
        return z < 0.7 ? z * z / 1.4 : z - 0.35;
      }),
      apart, false);
  add(
      rows, "huber_loss", "", [](const Tensors& x, int64_t r) { return huber_loss(x[0], x[1], r, 0.6); },
      of([](double x, double t) {
        const double z = std::abs(x - t);
        return z <= 0.6 ? z * z / 2 : 0.6 * (z - 0.3);
      }),
      apart, false);
}

void add_binary(std::vector<Row>& rows) {
  add(
      rows, "binary_cross_entropy", "",
      [](const Tensors& x, int64_t r) { return binary_cross_entropy(x[0], x[1], {}, r); }, of(bce), probabilities);
  std::vector<Input> in = probabilities;
  in.push_back({{5}, 0.5, 2});
  add(
      rows, "binary_cross_entropy", "weight ",
      [](const Tensors& x, int64_t r) { return binary_cross_entropy(x[0], x[1], x[2], r); },
      of([](double x, double t, double w) { return w * bce(x, t); }), in);
  in = {{{3, 5}, -3, 3}, {{3, 5}, 0.05, 0.95}};
  add(
      rows, "binary_cross_entropy_with_logits", "",
      [](const Tensors& x, int64_t r) { return binary_cross_entropy_with_logits(x[0], x[1], {}, {}, r); },
      of(bce_logits), in);
  in.push_back({{5}, 0.5, 2});
  add(
      rows, "binary_cross_entropy_with_logits", "weight ",
      [](const Tensors& x, int64_t r) { return binary_cross_entropy_with_logits(x[0], x[1], x[2], {}, r); },
      of([](double x, double t, double w) { return w * bce_logits(x, t); }), in);
  add(
      rows, "binary_cross_entropy_with_logits", "pos_weight ",
      [](const Tensors& x, int64_t r) { return binary_cross_entropy_with_logits(x[0], x[1], {}, x[2], r); },
      of([](double x, double t, double p) {
        return p * t * std::log(1 + std::exp(-x)) + (1 - t) * std::log(1 + std::exp(x));
      }),
      in);
}

void add_divergence(std::vector<Row>& rows) {
  add(rows, "kl_div", "", [](const Tensors& x, int64_t r) { return kl_div(x[0], x[1], r); },
      of([](double x, double t) { return t * (std::log(t) - x); }), {{{3, 5}, -3, -0.5}, {{3, 5}, 0.05, 1}});
  add(rows, "kl_div", "log_target ", [](const Tensors& x, int64_t r) { return kl_div(x[0], x[1], r, true); },
      of([](double x, double t) { return std::exp(t) * (t - x); }), {{{3, 5}, -3, -0.5}, {{3, 5}, -3, -0.5}});
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
    rows.push_back({o.logits ? "cross_entropy_loss" : "nll_loss", variant + names[reduction],
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
  Classes o{Reduction::Mean, 1, 0.2, true};
  add_classes(rows, "smoothing ", o, inputs({8, 4}, {8}, false));
  add_classes(rows, "smoothing weight ", o, inputs({8, 4}, {8}, true));
  add_classes(rows, "smoothing image ", o, inputs({2, 3, 7}, {2, 7}, true));
}

// Targets that are probabilities: x and t [4, 3], weights [3].
Array soft_values(const std::vector<Array>& in, int64_t reduction) {
  Array values{{4}, {}};
  for (int64_t i = 0; i < 4; ++i) {
    double sum = 0, v = 0;
    for (int64_t k = 0; k < 3; ++k) sum += std::exp(in[0].at(i * 3 + k));
    for (int64_t k = 0; k < 3; ++k)
      v -= in[2].at(k) * (0.9 * in[1].at(i * 3 + k) + 0.1 / 3) * (in[0].at(i * 3 + k) - std::log(sum));
    values.v.push_back(v);
  }
  return reduce(values, reduction);
}

}  // namespace

std::vector<Row> loss_rows() {
  std::vector<Row> rows;
  add_regression(rows);
  add_binary(rows);
  add_divergence(rows);
  add_class_losses(rows);
  for (int64_t r : {Reduction::None, Reduction::Mean, Reduction::Sum})
    rows.push_back({"cross_entropy_loss",
                    std::string("probabilities ") + names[r],
                    [r](auto& x) { return cross_entropy_loss(x[0], x[1], x[2], r, -100, 0.1); },
                    {{{4, 3}}, {{4, 3}, 0, 1}, {{3}, 0.5, 2}},
                    [r](const std::vector<Array>& in) { return soft_values(in, r); }});
  return rows;
}

}  // namespace table
