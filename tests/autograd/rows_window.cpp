#include <cmath>
#include <numbers>

#include "naive.h"

using namespace gradus;

namespace table {
namespace {

constexpr double pi = std::numbers::pi;

// A window of as many weights as the first input has; w of the share of the way, 0 at the first, 1 at the last of the
// symmetric ones.
Row window(const char* op, const char* variant, bool periodic, std::function<Tensor(int64_t, ScalarType)> f,
           std::function<double(double)> w) {
  Row r{op,
        variant,
        [f = std::move(f)](auto& x) { return f(x[0].numel(), x[0].is_floating_point() ? x[0].scalar_type() : kFloat); },
        {{{7}, -2, 2, Kind::fixed}},
        [=](const std::vector<Array>& in) {
          const auto n = static_cast<int64_t>(in[0].v.size());
          Array y{{n}, {}};
          for (int64_t i = 0; i < n; ++i)
            y.v.push_back(w(static_cast<double>(i) / static_cast<double>(periodic ? n : n - 1)));
          return y;
        }};
  r.differentiable = false;
  return r;
}

double cosine(double share) { return std::cos(2 * pi * share); }

double bessel(double x) {  // the series of i0
  double term = 1, sum = 1;
  for (int k = 1; k < 100; ++k) sum += term *= x * x / (4.0 * k * k);
  return sum;
}
auto kaiser(double beta) {
  return [beta](double t) {
    return bessel(beta * std::sqrt(std::max(0.0, 1 - (2 * t - 1) * (2 * t - 1)))) / bessel(beta);
  };
}

}  // namespace

std::vector<Row> window_rows() {
  return {
      window(
          "hann_window", "", true, [](int64_t n, ScalarType d) { return hann_window(n, d); },
          [](double t) { return 0.5 - 0.5 * cosine(t); }),
      window(
          "hann_window", "symmetric", false, [](int64_t n, ScalarType d) { return hann_window(n, false, d); },
          [](double t) { return 0.5 - 0.5 * cosine(t); }),
      window(
          "hamming_window", "", true, [](int64_t n, ScalarType d) { return hamming_window(n, d); },
          [](double t) { return 0.54 - 0.46 * cosine(t); }),
      window(
          "hamming_window", "symmetric", false, [](int64_t n, ScalarType d) { return hamming_window(n, false, d); },
          [](double t) { return 0.54 - 0.46 * cosine(t); }),
      window(
          "hamming_window", "alpha", true, [](int64_t n, ScalarType d) { return hamming_window(n, true, 0.6, d); },
          [](double t) { return 0.6 - 0.46 * cosine(t); }),
      window(
          "hamming_window", "beta", true, [](int64_t n, ScalarType d) { return hamming_window(n, true, 0.6, 0.3, d); },
          [](double t) { return 0.6 - 0.3 * cosine(t); }),
      window(
          "blackman_window", "", true, [](int64_t n, ScalarType d) { return blackman_window(n, d); },
          [](double t) { return 0.42 - 0.5 * cosine(t) + 0.08 * cosine(2 * t); }),
      window(
          "blackman_window", "symmetric", false, [](int64_t n, ScalarType d) { return blackman_window(n, false, d); },
          [](double t) { return 0.42 - 0.5 * cosine(t) + 0.08 * cosine(2 * t); }),
      window(
          "bartlett_window", "", true, [](int64_t n, ScalarType d) { return bartlett_window(n, d); },
          [](double t) { return 1 - std::abs(2 * t - 1); }),
      window(
          "bartlett_window", "symmetric", false, [](int64_t n, ScalarType d) { return bartlett_window(n, false, d); },
          [](double t) { return 1 - std::abs(2 * t - 1); }),
      window(
          "kaiser_window", "", true, [](int64_t n, ScalarType d) { return kaiser_window(n, d); }, kaiser(12)),
      window(
          "kaiser_window", "symmetric", false, [](int64_t n, ScalarType d) { return kaiser_window(n, false, d); },
          kaiser(12)),
      window(
          "kaiser_window", "beta", true, [](int64_t n, ScalarType d) { return kaiser_window(n, true, 5, d); },
          kaiser(5)),
  };
}

}  // namespace table
