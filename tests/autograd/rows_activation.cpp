#include <cmath>

#include "table.h"

using namespace gradus;

namespace table {
namespace {

// Its domain is wide enough for every branch.
Row row(const char* op, const char* variant, Fn f, double (*ref)(double), Fn in_place = nullptr) {
  Row r{op, variant, std::move(f), {{{3, 4}, -5, 5}}, pointwise(std::function<double(double)>(ref))};
  r.pointwise = true;
  r.in_place = std::move(in_place);
  return r;
}

// With kinks, which the inputs must keep away from.
Row kinked(const char* op, const char* variant, Fn f, double (*ref)(double), Fn in_place = nullptr) {
  Row r = row(op, variant, std::move(f), ref, std::move(in_place));
  r.smooth = false;
  return r;
}

// Far from 0, where exponentials leave the range of numbers.
Row far(Row r) {
  r.in[0].lo = -30;
  r.in[0].hi = 30;
  return r;
}

double logistic(double x) { return 1 / (1 + std::exp(-x)); }
double elu_of(double x, double alpha, double scale, double s) {
  return scale * (x > 0 ? x : alpha * (std::exp(s * x) - 1));
}
double bounded(double x, double lo, double hi) { return std::min(std::max(x, lo), hi); }

double gelu_tanh_of(double x) {
  return 0.5 * x * (1 + std::tanh(std::sqrt(2 / 3.14159265358979323846) * (x + 0.044715 * x * x * x)));
}

std::vector<Row> smooth_rows() {
  return {
      row(
          "sigmoid", "", [](auto& x) { return sigmoid(x[0]); }, logistic, [](auto& x) { return x[0].sigmoid_(); }),
      row(
          "gelu", "", [](auto& x) { return gelu(x[0]); },
          [](double x) { return 0.5 * x * (1 + std::erf(x / std::sqrt(2.0))); }),
      row(
          "gelu", "tanh", [](auto& x) { return gelu(x[0], "tanh"); }, gelu_tanh_of),
      far(row(
          "gelu", "tanh far", [](auto& x) { return gelu(x[0], "tanh"); }, gelu_tanh_of)),
      row(
          "silu", "", [](auto& x) { return silu(x[0]); }, [](double x) { return x * logistic(x); },
          [](auto& x) { return silu_(x[0]); }),
      row(
          "mish", "", [](auto& x) { return mish(x[0]); },
          [](double x) { return x * std::tanh(std::log(1 + std::exp(x))); }, [](auto& x) { return mish_(x[0]); }),
      row(
          "softplus", "", [](auto& x) { return softplus(x[0]); }, [](double x) { return std::log(1 + std::exp(x)); }),
      row(
          "softplus", "beta", [](auto& x) { return softplus(x[0], 2.5, 30); },
          [](double x) { return std::log(1 + std::exp(2.5 * x)) / 2.5; }),
      row(
          "softsign", "", [](auto& x) { return softsign(x[0]); }, [](double x) { return x / (1 + std::abs(x)); }),
      row(
          "tanhshrink", "", [](auto& x) { return tanhshrink(x[0]); }, [](double x) { return x - std::tanh(x); }),
      row(
          "log_sigmoid", "", [](auto& x) { return log_sigmoid(x[0]); },
          [](double x) { return -std::log(1 + std::exp(-x)); }),
  };
}

std::vector<Row> elu_rows() {
  return {
      kinked(
          "elu", "", [](auto& x) { return elu(x[0]); }, [](double x) { return elu_of(x, 1, 1, 1); },
          [](auto& x) { return elu_(x[0]); }),
      kinked(
          "elu", "scaled", [](auto& x) { return elu(x[0], 0.7, 1.3, 0.6); },
          [](double x) { return elu_of(x, 0.7, 1.3, 0.6); }, [](auto& x) { return elu_(x[0], 0.7, 1.3, 0.6); }),
      kinked(
          "selu", "", [](auto& x) { return selu(x[0]); },
          [](double x) { return elu_of(x, 1.6732632423543772, 1.0507009873554805, 1); },
          [](auto& x) { return selu_(x[0]); }),
      kinked(
          "celu", "", [](auto& x) { return celu(x[0], 1.7); }, [](double x) { return elu_of(x, 1.7, 1, 1 / 1.7); },
          [](auto& x) { return celu_(x[0], 1.7); }),
  };
}

std::vector<Row> piecewise_rows() {
  return {
      kinked(
          "relu", "", [](auto& x) { return relu(x[0]); }, [](double x) { return x > 0 ? x : 0; },
          [](auto& x) { return x[0].relu_(); }),
      kinked(
          "relu6", "", [](auto& x) { return relu6(2 * x[0]); }, [](double x) { return bounded(2 * x, 0, 6); }),
      kinked(
          "leaky_relu", "", [](auto& x) { return leaky_relu(x[0]); }, [](double x) { return x > 0 ? x : 0.01 * x; },
          [](auto& x) { return leaky_relu_(x[0]); }),
      kinked(
          "leaky_relu", "slope", [](auto& x) { return leaky_relu(x[0], -0.5); },
          [](double x) { return x > 0 ? x : -0.5 * x; }, [](auto& x) { return leaky_relu_(x[0], -0.5); }),
      kinked(
          "hardtanh", "", [](auto& x) { return hardtanh(x[0], -1.5, 2.5); },
          [](double x) { return bounded(x, -1.5, 2.5); }, [](auto& x) { return hardtanh_(x[0], -1.5, 2.5); }),
      kinked(
          "hardsigmoid", "", [](auto& x) { return hardsigmoid(x[0]); },
          [](double x) { return bounded(x + 3, 0, 6) / 6; }, [](auto& x) { return hardsigmoid_(x[0]); }),
      kinked(
          "hardswish", "", [](auto& x) { return hardswish(x[0]); },
          [](double x) { return x * bounded(x + 3, 0, 6) / 6; }, [](auto& x) { return hardswish_(x[0]); }),
      kinked(
          "hardshrink", "", [](auto& x) { return hardshrink(x[0], 1.5); },
          [](double x) { return std::abs(x) <= 1.5 ? 0 : x; }),
      kinked(
          "softshrink", "", [](auto& x) { return softshrink(x[0], 1.5); },
          [](double x) { return x > 1.5    ? x - 1.5
                                : x < -1.5 ? x + 1.5
                                           : 0; }),
      kinked(
          "threshold", "", [](auto& x) { return threshold(x[0], 0.5, -3); }, [](double x) { return x <= 0.5 ? -3 : x; },
          [](auto& x) { return threshold_(x[0], 0.5, -3); }),
      kinked(
          "threshold", "above", [](auto& x) { return threshold(x[0], 0.5, 3); },
          [](double x) { return x <= 0.5 ? 3 : x; }, [](auto& x) { return threshold_(x[0], 0.5, 3); }),
  };
}

// x [2, 4, 3]: halves along dim 1.
Array glu_of(const std::vector<Array>& in) {
  Array r{{2, 2, 3}, {}};
  for (int64_t n = 0; n < 2; ++n)
    for (int64_t c = 0; c < 2; ++c)
      for (int64_t i = 0; i < 3; ++i)
        r.v.push_back(in[0].at((n * 4 + c) * 3 + i) * logistic(in[0].at((n * 4 + c + 2) * 3 + i)));
  return r;
}

// x [2, 3, 4], a weight a channel or one for all.
Array prelu_of(const std::vector<Array>& in) {
  Array r{in[0].shape, {}};
  for (int64_t k = 0; k < 24; ++k) {
    const double x = in[0].at(k), w = in[1].v.size() == 1 ? in[1].at(0) : in[1].at(k / 4 % 3);
    r.v.push_back(x > 0 ? x : w * x);
  }
  return r;
}

Row prelu_row(const char* variant, std::vector<int64_t> weights) {
  Row r{"prelu", variant, [](auto& x) { return prelu(x[0], x[1]); }, {{{2, 3, 4}}, {std::move(weights)}}, prelu_of};
  r.smooth = false;
  return r;
}

// What rrelu does to -1 is the slope that it drew, which the generator, set anew, draws again.
Row rrelu_row() {
  auto drawn = [](const Tensor& x) {
    manual_seed(7);
    return rrelu(x, 0.1, 0.6, true);
  };
  Row r{"rrelu",
        "train",
        [=](auto& x) { return drawn(-abs(x[0])); },
        {{{3, 4}}},
        [=](const std::vector<Array>& in) {
          const Tensor slopes = -drawn(full({3, 4}, -1, kDouble));
          Array y = in[0];
          for (int64_t k = 0; k < 12; ++k) {
            const double s = slopes[k / 4][k % 4].item<double>();
            check(s >= 0.1 && s < 0.6, "a slope of ", s);
            y.at(k) = -s * std::abs(y.at(k));
          }
          return y;
        }};
  r.smooth = false;
  return r;
}

}  // namespace

std::vector<Row> activation_rows() {
  std::vector<Row> all = smooth_rows();
  for (auto* rows : {elu_rows, piecewise_rows})
    for (Row& r : rows()) all.push_back(std::move(r));
  all.push_back(rrelu_row());
  all.push_back(kinked(
      "rrelu", "eval", [](auto& x) { return rrelu(x[0], 0.1, 0.6); }, [](double x) { return x > 0 ? x : 0.35 * x; },
      [](auto& x) { return rrelu_(x[0], 0.1, 0.6); }));
  all.push_back({"glu", "", [](auto& x) { return glu(x[0], 1); }, {{{2, 4, 3}}}, glu_of});
  all.push_back(prelu_row("", {3}));
  all.push_back(prelu_row("one weight", {1}));
  all.push_back(prelu_row("0-dimensional weight", {}));
  return all;
}

}  // namespace table
