#include <array>
#include <cmath>
#include <numbers>

#include "naive.h"

using namespace gradus;

namespace table {
namespace {

Row one(const char* op, const char* variant, Fn f, std::function<double(double)> ref, double lo, double hi,
        Fn in_place = nullptr) {
  Row r{op, variant, std::move(f), {{{3, 4}, lo, hi}}, pointwise(std::move(ref))};
  r.pointwise = true;
  r.in_place = std::move(in_place);
  return r;
}

// The mean of e^(x cos t) cos(n t) over a period, in which equal steps give every digit.
double bessel(int n, double x) {
  constexpr int steps = 96;
  static const auto cosines = [] {
    std::array<double, steps> c;
    for (int i = 0; i < steps; ++i)
      c[static_cast<size_t>(i)] = static_cast<double>(std::cos(2 * std::numbers::pi_v<long double> * i / steps));
    return c;
  }();
  double sum = 0;
  for (int i = 0; i < steps; ++i)
    sum += std::exp(x * cosines[static_cast<size_t>(i)]) * cosines[static_cast<size_t>(i * n % steps)];
  return sum / steps;
}

double ndtr_of(double x) { return 0.5 * std::erfc(-x / std::numbers::sqrt2); }

double ndtri_of(double p) {  // by bisection
  double lo = -12, hi = 12;
  for (int i = 0; i < 200; ++i) {
    const double mid = 0.5 * (lo + hi);
    (ndtr_of(mid) < p ? lo : hi) = mid;
  }
  return 0.5 * (lo + hi);
}

double erfcx_of(double x) {
  const long double w = x;
  return static_cast<double>(std::exp(w * w) * std::erfc(w));
}

// The first 60 terms, and Euler-Maclaurin's formula for the others.
double zeta_of(double s, double q) {
  long double sum = 0, a = q;
  for (int k = 0; k < 60; ++k, ++a) sum += std::pow(a, static_cast<long double>(-s));
  const long double last = std::pow(a, static_cast<long double>(-s));
  return static_cast<double>(sum + last * a / (s - 1) + last / 2 + s * last / (12 * a) -
                             s * (s + 1) * (s + 2) * last / (720 * a * a * a));
}

double mvlgamma_of(int p, double x) {
  double y = p * (p - 1) / 4.0 * std::log(std::numbers::pi);
  for (int j = 0; j < p; ++j) y += std::lgamma(x - 0.5 * j);
  return y;
}

std::vector<Row> bessels() {
  auto order = [](int n) { return [n](double x) { return bessel(n, x); }; };
  auto scaled = [](int n) { return [n](double x) { return std::exp(-std::abs(x)) * bessel(n, x); }; };
  const Fn i0e = [](auto& x) { return special_i0e(x[0]); };
  const Fn i1e = [](auto& x) { return special_i1e(x[0]); };
  Row at_zero{"special_i1", "zero", [](auto& x) { return special_i1(x[0]); }, {{{3}, 0, 0}}, pointwise(order(1))};
  Row scaled_at_zero{"special_i1e", "zero", i1e, {{{3}, 0, 0, Kind::fixed}}, pointwise(scaled(1))};
  scaled_at_zero.differentiable = false;  // e^-|x| has a kink; the derivative there is compared in kinks_test.cpp
  return {
      one(
          "i0", "", [](auto& x) { return i0(x[0]); }, order(0), -3, 3, [](auto& x) { return x[0].i0_(); }),
      one(
          "special_i1", "", [](auto& x) { return special_i1(x[0]); }, order(1), 0.3, 3),
      one("special_i0e", "", i0e, scaled(0), 0.3, 4),
      one("special_i0e", "negative", i0e, scaled(0), -4, -0.3),
      one("special_i0e", "large", i0e, scaled(0), 15, 25),
      one("special_i1e", "", i1e, scaled(1), 0.3, 4),
      one("special_i1e", "negative", i1e, scaled(1), -4, -0.3),
      one("special_i1e", "large", i1e, scaled(1), 15, 25),
      at_zero,
      scaled_at_zero,
  };
}

std::vector<Row> of_the_normal_distribution() {
  const Fn log_ndtr = [](auto& x) { return special_log_ndtr(x[0]); };
  const Fn erfcx = [](auto& x) { return special_erfcx(x[0]); };
  return {
      one(
          "special_ndtr", "", [](auto& x) { return special_ndtr(x[0]); }, ndtr_of, -3, 3),
      one(
          "special_ndtri", "", [](auto& x) { return special_ndtri(x[0]); }, ndtri_of, 0.05, 0.95),
      one(
          "special_ndtri", "tail", [](auto& x) { return special_ndtri(x[0]); }, ndtri_of, 0.01, 0.1),
      one(
          "special_log_ndtr", "", log_ndtr, [](double x) { return std::log(ndtr_of(x)); }, -4, 3),
      one(
          "special_log_ndtr", "tail", log_ndtr, [](double x) { return std::log(ndtr_of(x)); }, -20, -10),
      one("special_erfcx", "", erfcx, erfcx_of, -1.5, 3),
      one("special_erfcx", "large", erfcx, erfcx_of, 8, 12),
      one(
          "special_entr", "", [](auto& x) { return special_entr(x[0]); }, [](double x) { return -x * std::log(x); },
          0.2, 3),
  };
}

std::vector<Row> pairs() {
  auto xlog1py = [](double a, double b) { return a * std::log1p(b); };
  Row both{"special_xlog1py",
           "",
           [](auto& x) { return special_xlog1py(x[0], x[1]); },
           {{{3, 4}, -2, 2}, {{3, 4}, -0.6, 2}},
           pointwise(xlog1py)};
  both.pointwise = true;
  Row flat = both;
  flat.variant = "zero";
  flat.pointwise = false;
  flat.in = {{{3, 4}, 0, 0, Kind::fixed}, {{3, 4}, -3, -1.5, Kind::fixed}};
  flat.reference = pointwise([](double, double) { return 0.0; });
  flat.differentiable = false;
  Row orders{"special_zeta",
             "",
             [](auto& x) { return special_zeta(x[0], x[1]); },
             {{{3, 4}, 1.3, 5, Kind::fixed}, {{3, 4}, 0.4, 4}},
             pointwise(zeta_of)};
  return {
      both,
      flat,
      one(
          "special_xlog1py", "number", [](auto& x) { return special_xlog1py(x[0], 1.5); },
          [](double a) { return a * std::log1p(1.5); }, -2, 2),
      one(
          "special_xlog1py", "of_number", [](auto& x) { return special_xlog1py(2.5, x[0]); },
          [](double b) { return 2.5 * std::log1p(b); }, -0.6, 2),
      orders,
      one(
          "special_zeta", "of_number", [](auto& x) { return special_zeta(2.5, x[0]); },
          [](double q) { return zeta_of(2.5, q); }, 0.4, 4),
  };
}

std::vector<Row> others() {
  Row whole_part{"frexp",
                 "exponent",
                 [](auto& x) { return std::get<1>(frexp(x[0])); },
                 {{{3, 4}, -9, 9, Kind::fixed}},
                 pointwise([](double x) {
                   int e = 0;
                   std::frexp(x, &e);
                   return static_cast<double>(e);
                 })};
  whole_part.differentiable = false;
  Row number{"special_zeta",
             "number",
             [](auto& x) { return special_zeta(x[0], 1.5); },
             {{{3, 4}, 1.3, 5, Kind::fixed}},
             pointwise([](double s) { return zeta_of(s, 1.5); })};
  number.differentiable = false;
  return {
      one(
          "mvlgamma", "", [](auto& x) { return mvlgamma(x[0], 3); }, [](double x) { return mvlgamma_of(3, x); }, 1.4, 5,
          [](auto& x) { return x[0].mvlgamma_(3); }),
      one(
          "mvlgamma", "1", [](auto& x) { return x[0].mvlgamma(1); }, [](double x) { return std::lgamma(x); }, 0.4, 5),
      one(
          "frexp", "", [](auto& x) { return std::get<0>(frexp(x[0])); },
          [](double x) {
            int e = 0;
            return std::frexp(x, &e);
          },
          4.1, 7.9),
      whole_part,
      number,
  };
}

}  // namespace

std::vector<Row> special_function_rows() {
  std::vector<Row> all;
  for (auto* family : {bessels, of_the_normal_distribution, pairs, others}) {
    std::vector<Row> rows = family();
    all.insert(all.end(), rows.begin(), rows.end());
  }
  return all;
}

}  // namespace table
