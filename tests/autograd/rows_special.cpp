#include <cmath>
#include <numbers>
#include <numeric>

#include "table.h"

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

Row two(const char* op, const char* variant, Fn f, std::function<double(double, double)> ref, double lo = -2,
        double hi = 2, Fn in_place = nullptr) {
  Row r{op, variant, std::move(f), {{{3, 4}, lo, hi}, {{3, 4}, lo, hi}}, pointwise(std::move(ref))};
  r.pointwise = true;
  r.in_place = std::move(in_place);
  return r;
}

Row flat(Row r) {
  r.differentiable = false;
  return r;
}
Row with_kinks(Row r) {
  r.smooth = false;
  return r;
}
Row whole(Row r, int64_t lo, int64_t hi) {
  for (Input& in : r.in) in = {in.shape, static_cast<double>(lo), static_cast<double>(hi), Kind::index};
  r.differentiable = false;
  return r;
}

double erfinv_of(double x) {  // by bisection
  double lo = -6, hi = 6;
  for (int i = 0; i < 200; ++i) {
    const double mid = 0.5 * (lo + hi);
    (std::erf(mid) < x ? lo : hi) = mid;
  }
  return 0.5 * (lo + hi);
}

// The n-th derivative of digamma: recurrence up to large x, there the asymptotic series.
double polygamma_of(int n, double x) {
  const long double s = n + 1;
  long double sum = 0, y = x, factorial = 1;
  for (int i = 2; i <= n; ++i) factorial *= i;
  auto power = [](long double v, int e) {
    long double r = 1;
    for (; e > 0; --e) r /= v;
    return r;
  };
  for (; y < 60; ++y) sum += power(y, n + 1);
  sum += power(y, n) / n + power(y, n + 1) / 2 + s * power(y, n + 2) / 12 -
         s * (s + 1) * (s + 2) * power(y, n + 4) / 720 +
         s * (s + 1) * (s + 2) * (s + 3) * (s + 4) * power(y, n + 6) / 30240;
  return static_cast<double>((n % 2 ? 1 : -1) * factorial * sum);
}

double digamma_of(double x) {
  long double sum = 0, y = x;
  for (; y < 60; ++y) sum -= 1 / y;
  return static_cast<double>(sum + std::log(y) - 1 / (2 * y) - 1 / (12 * y * y) + 1 / (120 * y * y * y * y) -
                             1 / (252 * std::pow(y, 6.0L)));
}

double sinc_of(double x) { return std::sin(std::numbers::pi * x) / (std::numbers::pi * x); }

std::vector<Row> functions() {
  return {
      one(
          "erfinv", "", [](auto& x) { return erfinv(x[0]); }, erfinv_of, -0.95, 0.95,
          [](auto& x) { return x[0].erfinv_(); }),
      one(
          "lgamma", "", [](auto& x) { return lgamma(x[0]); }, [](double a) { return std::lgamma(a); }, 0.3, 6,
          [](auto& x) { return x[0].lgamma_(); }),
      one(
          "digamma", "", [](auto& x) { return digamma(x[0]); }, digamma_of, 0.3, 6,
          [](auto& x) { return x[0].digamma_(); }),
      one(
          "polygamma", "1", [](auto& x) { return polygamma(1, x[0]); }, [](double a) { return polygamma_of(1, a); },
          0.5, 6, [](auto& x) { return x[0].polygamma_(1); }),
      one(
          "polygamma", "2", [](auto& x) { return x[0].polygamma(2); }, [](double a) { return polygamma_of(2, a); }, 0.7,
          6),
      one(
          "polygamma", "0", [](auto& x) { return polygamma(0, x[0]); }, digamma_of, 0.5, 6),
      one(
          "sinc", "", [](auto& x) { return sinc(x[0]); }, sinc_of, 0.2, 3, [](auto& x) { return x[0].sinc_(); }),
      one(
          "logit", "", [](auto& x) { return logit(x[0]); }, [](double a) { return std::log(a / (1 - a)); }, 0.1, 0.9,
          [](auto& x) { return x[0].logit_(); }),
      with_kinks(one(
          "logit", "eps", [](auto& x) { return logit(x[0], 0.2); },
          [](double a) {
            const double p = std::min(std::max(a, 0.2), 0.8);
            return std::log(p / (1 - p));
          },
          0.05, 0.96)),
      one(
          "nan_to_num", "", [](auto& x) { return nan_to_num(x[0], 0.5); }, [](double a) { return a; }, -2, 2,
          [](auto& x) { return x[0].nan_to_num_(0.5); }),
      one(
          "round", "decimals", [](auto& x) { return round(x[0], 1); },
          [](double a) { return std::nearbyint(a * 10) / 10; }, -3, 3, [](auto& x) { return x[0].round_(1); }),
  };
}

std::vector<Row> pairs() {
  return {
      two(
          "xlogy", "", [](auto& x) { return xlogy(x[0], x[1]); }, [](double a, double b) { return a * std::log(b); },
          0.3, 3, [](auto& x) { return x[0].xlogy_(x[1]); }),
      one(
          "xlogy", "number", [](auto& x) { return xlogy(x[0], 2.5); }, [](double a) { return a * std::log(2.5); }, 0.3,
          3, [](auto& x) { return x[0].xlogy_(2.5); }),
      one(
          "xlogy", "of_number", [](auto& x) { return xlogy(2.5, x[0]); }, [](double a) { return 2.5 * std::log(a); },
          0.3, 3),
      two(
          "logaddexp", "", [](auto& x) { return logaddexp(x[0], x[1]); },
          [](double a, double b) { return std::log(std::exp(a) + std::exp(b)); }),
      two(
          "logaddexp2", "", [](auto& x) { return x[0].logaddexp2(x[1]); },
          [](double a, double b) { return std::log2(std::exp2(a) + std::exp2(b)); }),
      two(
          "atan2", "", [](auto& x) { return atan2(x[0], x[1]); }, [](double a, double b) { return std::atan2(a, b); },
          0.3, 2, [](auto& x) { return x[0].atan2_(x[1]); }),
      two(
          "hypot", "", [](auto& x) { return hypot(x[0], x[1]); }, [](double a, double b) { return std::hypot(a, b); },
          0.3, 2, [](auto& x) { return x[0].hypot_(x[1]); }),
      with_kinks(two(
          "copysign", "", [](auto& x) { return copysign(x[0], x[1]); },
          [](double a, double b) { return std::copysign(a, b); }, -2, 2, [](auto& x) { return x[0].copysign_(x[1]); })),
      with_kinks(one(
          "copysign", "number", [](auto& x) { return copysign(x[0], -1.0); }, [](double a) { return -std::abs(a); }, -2,
          2)),
      flat(Row{"heaviside",
               "",
               [](auto& x) { return heaviside(x[0], x[1]); },
               {{{3, 4}, -2, 2, Kind::fixed}, {{3, 4}, -2, 2, Kind::fixed}},
               pointwise([](double a, double v) { return a == 0 ? v : a > 0; })}),
      with_kinks(two(
          "fmax", "", [](auto& x) { return fmax(x[0], x[1]); }, [](double a, double b) { return std::fmax(a, b); })),
      with_kinks(two(
          "fmin", "", [](auto& x) { return fmin(x[0], x[1]); }, [](double a, double b) { return std::fmin(a, b); })),
      two(
          "ldexp", "", [](auto& x) { return ldexp(x[0], x[1]); }, [](double a, double b) { return a * std::exp2(b); },
          -2, 2, [](auto& x) { return x[0].ldexp_(x[1]); }),
      two(
          "nextafter", "", [](auto& x) { return nextafter(x[0], x[1]); },
          [](double a, double b) { return std::nextafter(a, b); }),
      whole(two(
                "gcd", "", [](auto& x) { return gcd(x[0], x[1]); },
                [](double a, double b) {
                  return static_cast<double>(std::gcd(static_cast<int64_t>(a), static_cast<int64_t>(b)));
                }),
            -12, 13),
      whole(two(
                "lcm", "", [](auto& x) { return lcm(x[0], x[1]); },
                [](double a, double b) {
                  return static_cast<double>(std::lcm(static_cast<int64_t>(a), static_cast<int64_t>(b)));
                }),
            -12, 13),
  };
}

// On whole numbers, of which references compute in int64.
Row bits(const char* op, Fn f, int64_t (*ref)(int64_t, int64_t), int64_t lo = -20, int64_t hi = 20) {
  return whole(two(op, "", std::move(f),
                   [ref](double a, double b) {
                     return static_cast<double>(ref(static_cast<int64_t>(a), static_cast<int64_t>(b)));
                   }),
               lo, hi);
}

std::vector<Row> bitwise() {
  return {
      bits(
          "bitwise_and", [](auto& x) { return x[0] & x[1]; }, [](int64_t a, int64_t b) { return a & b; }),
      bits(
          "bitwise_or", [](auto& x) { return x[0] | x[1]; }, [](int64_t a, int64_t b) { return a | b; }),
      bits(
          "bitwise_xor", [](auto& x) { return x[0] ^ x[1]; }, [](int64_t a, int64_t b) { return a ^ b; }),
      bits(
          "bitwise_left_shift", [](auto& x) { return x[0] << x[1]; }, [](int64_t a, int64_t b) { return a << b; }, 0,
          9),
      bits(
          "bitwise_right_shift", [](auto& x) { return x[0] >> x[1]; }, [](int64_t a, int64_t b) { return a >> b; }, 0,
          9),
      whole(one(
                "bitwise_not", "", [](auto& x) { return ~x[0]; }, [](double a) { return -a - 1; }, 0, 0),
            -20, 20),
  };
}

std::vector<Row> rounded() {
  return {
      two(
          "div", "floor", [](auto& x) { return div(x[0], x[1], "floor"); },
          [](double a, double b) { return std::floor(a / b); }, 0.3, 4,
          [](auto& x) { return x[0].div_(x[1], "floor"); }),
      two(
          "div", "trunc", [](auto& x) { return x[0].div(x[1], "trunc"); },
          [](double a, double b) { return std::trunc(a / b); }, 0.3, 4),
      flat(Row{"floor_divide",
               "",
               [](auto& x) { return floor_divide(x[0], x[1]); },
               {{{3, 4}, -4, 4, Kind::fixed}, {{3, 4}, 0.3, 4, Kind::fixed}},
               pointwise([](double a, double b) { return std::floor(a / b); })}),
      two(
          "rsub", "", [](auto& x) { return rsub(x[0], x[1], 0.5); }, [](double a, double b) { return b - 0.5 * a; }),
      one(
          "rsub", "number", [](auto& x) { return rsub(x[0], 1.5, 0.5); }, [](double a) { return 1.5 - 0.5 * a; }, -2,
          2),
      with_kinks(one(
          "sgn", "", [](auto& x) { return sgn(x[0]); }, [](double a) { return (a > 0) - (a < 0); }, -2, 2,
          [](auto& x) { return x[0].sgn_(); })),
      two(
          "float_power", "", [](auto& x) { return float_power(x[0], x[1]); },
          [](double a, double b) { return std::pow(a, b); }, 0.3, 2),
      one(
          "float_power", "number", [](auto& x) { return x[0].float_power(3); }, [](double a) { return a * a * a; }, 0.3,
          2),
      one(
          "float_power", "of_number", [](auto& x) { return float_power(3, x[0]); },
          [](double a) { return std::pow(3, a); }, 0.3, 2),
  };
}

std::vector<Row> bounds() {
  Row both{"clamp",
           "tensors",
           [](auto& x) { return clamp(x[0], x[1], x[2]); },
           {{{3, 4}}, {{3, 4}, -1, 0}, {{3, 4}, 0.5, 1}},
           pointwise([](double a, double lo, double hi) { return std::min(std::max(a, lo), hi); })};
  both.smooth = false;
  both.pointwise = true;
  both.in_place = [](auto& x) { return x[0].clamp_(x[1], x[2]); };
  Row weight{"lerp",
             "weights",
             [](auto& x) { return lerp(x[0], x[1], x[2]); },
             {{{3, 4}}, {{3, 4}}, {{3, 4}}},
             pointwise([](double a, double b, double w) { return a + w * (b - a); })};
  weight.pointwise = true;
  weight.in_place = [](auto& x) { return x[0].lerp_(x[1], x[2]); };
  return {
      both,
      weight,
      with_kinks(two(
          "clamp_min", "tensor", [](auto& x) { return clamp_min(x[0], x[1]); },
          [](double a, double b) { return std::max(a, b); }, -2, 2, [](auto& x) { return x[0].clamp_min_(x[1]); })),
      with_kinks(two(
          "clamp_max", "tensor", [](auto& x) { return clamp_max(x[0], x[1]); },
          [](double a, double b) { return std::min(a, b); }, -2, 2, [](auto& x) { return x[0].clamp_max_(x[1]); })),
  };
}

std::vector<Row> questions() {
  return {
      flat(one(
          "isposinf", "", [](auto& x) { return isposinf(1 / floor(x[0])); }, [](double a) { return a >= 0 && a < 1; },
          -2, 2)),
      flat(one(
          "isneginf", "", [](auto& x) { return isneginf(log(floor(x[0]))); }, [](double a) { return a >= 0 && a < 1; },
          0, 3)),
      flat(one(
          "isreal", "", [](auto& x) { return isreal(x[0]); }, [](double) { return 1.0; }, -2, 2)),
      flat(one(
          "signbit", "", [](auto& x) { return signbit(x[0]); }, [](double a) { return std::signbit(a); }, -2, 2)),
  };
}

}  // namespace

std::vector<Row> special_rows() {
  std::vector<Row> all;
  for (auto* family : {functions, pairs, bitwise, rounded, bounds, questions}) {
    std::vector<Row> rows = family();
    all.insert(all.end(), rows.begin(), rows.end());
  }
  return all;
}

}  // namespace table
