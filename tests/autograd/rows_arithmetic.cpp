#include <cmath>

#include "table.h"

using namespace gradus;

namespace table {
namespace {

const std::vector<int64_t> a34{3, 4}, b34{3, 4};

Row one(const char* op, Fn f, double (*ref)(double), double lo = -2, double hi = 2) {
  Row r{op, "", std::move(f), {{a34, lo, hi}}, pointwise(std::function<double(double)>(ref))};
  r.pointwise = true;
  return r;
}

Row two(const char* op, const char* variant, Fn f, std::function<double(double, double)> ref, double lo = -2,
        double hi = 2) {
  Row r{op, variant, std::move(f), {{a34, lo, hi}, {b34, lo, hi}}, pointwise(std::move(ref))};
  r.pointwise = true;
  return r;
}

Row number(const char* op, const char* variant, Fn f, std::function<double(double)> ref, double lo = -2,
           double hi = 2) {
  Row r{op, variant, std::move(f), {{a34, lo, hi}}, pointwise(std::move(ref))};
  r.pointwise = true;
  return r;
}

Row with_in_place(Row r, Fn f) {
  r.in_place = std::move(f);
  return r;
}

Row with_kinks(Row r) {
  r.smooth = false;
  return r;
}

Row loose(Row r, double tolerance) {
  r.float_tolerance = tolerance;
  return r;
}

std::vector<Row> sums() {
  return {
      with_in_place(two(
                        "add", "", [](auto& x) { return x[0] + x[1]; }, [](double a, double b) { return a + b; }),
                    [](auto& x) { return x[0].add_(x[1]); }),
      with_in_place(two(
                        "add", "alpha", [](auto& x) { return add(x[0], x[1], 0.3); },
                        [](double a, double b) { return a + 0.3 * b; }),
                    [](auto& x) { return x[0].add_(x[1], 0.3); }),
      with_in_place(number(
                        "add", "number", [](auto& x) { return 1.5 + x[0]; }, [](double a) { return a + 1.5; }),
                    [](auto& x) { return x[0].add_(1.5); }),
      with_in_place(two(
                        "sub", "", [](auto& x) { return x[0] - x[1]; }, [](double a, double b) { return a - b; }),
                    [](auto& x) { return x[0].sub_(x[1]); }),
      two(
          "sub", "alpha", [](auto& x) { return sub(x[0], x[1], 0.3); }, [](double a, double b) { return a - 0.3 * b; }),
      with_in_place(number(
                        "sub", "number", [](auto& x) { return x[0] - 1.5; }, [](double a) { return a - 1.5; }),
                    [](auto& x) { return x[0].sub_(1.5); }),
      number(
          "sub", "from_number", [](auto& x) { return 1.5 - x[0]; }, [](double a) { return 1.5 - a; }),
      with_in_place(one(
                        "neg", [](auto& x) { return -x[0]; }, [](double a) { return -a; }),
                    [](auto& x) { return x[0].neg_(); }),
  };
}

std::vector<Row> products() {
  return {
      with_in_place(two(
                        "mul", "", [](auto& x) { return x[0] * x[1]; }, [](double a, double b) { return a * b; }),
                    [](auto& x) { return x[0].mul_(x[1]); }),
      with_in_place(number(
                        "mul", "number", [](auto& x) { return 0.3 * x[0]; }, [](double a) { return 0.3 * a; }),
                    [](auto& x) { return x[0].mul_(0.3); }),
      with_in_place(
          two(
              "div", "", [](auto& x) { return x[0] / x[1]; }, [](double a, double b) { return a / b; }, 0.5, 2),
          [](auto& x) { return x[0].div_(x[1]); }),
      with_in_place(number(
                        "div", "number", [](auto& x) { return x[0] / 0.3; }, [](double a) { return a / 0.3; }),
                    [](auto& x) { return x[0].div_(0.3); }),
      number(
          "div", "of_number", [](auto& x) { return 0.3 / x[0]; }, [](double a) { return 0.3 / a; }, 0.5, 2),
      one(
          "reciprocal", [](auto& x) { return reciprocal(x[0]); }, [](double a) { return 1 / a; }, 0.5, 2),
      one(
          "square", [](auto& x) { return square(x[0]); }, [](double a) { return a * a; }),
      with_in_place(one(
                        "sqrt", [](auto& x) { return sqrt(x[0]); }, [](double a) { return std::sqrt(a); }, 0.2, 3),
                    [](auto& x) { return x[0].sqrt_(); }),
      one(
          "rsqrt", [](auto& x) { return rsqrt(x[0]); }, [](double a) { return 1 / std::sqrt(a); }, 0.2, 3),
      two(
          "lerp", "", [](auto& x) { return lerp(x[0], x[1], 0.3); },
          [](double a, double b) { return a + 0.3 * (b - a); }),
      Row{"addcmul",
          "",
          [](auto& x) { return addcmul(x[0], x[1], x[2], 0.3); },
          {{a34}, {{4}}, {{3, 1}}},
          pointwise([](double a, double b, double c) { return a + 0.3 * b * c; })},
      Row{"addcdiv",
          "",
          [](auto& x) { return addcdiv(x[0], x[1], x[2], 0.3); },
          {{a34}, {{4}}, {{3, 1}, 0.5, 2}},
          pointwise([](double a, double b, double c) { return a + 0.3 * b / c; })},
  };
}

std::vector<Row> powers() {
  return {
      with_in_place(number(
                        "pow", "square", [](auto& x) { return pow(x[0], 2); }, [](double a) { return a * a; }),
                    [](auto& x) { return x[0].pow_(2); }),
      number(
          "pow", "cube", [](auto& x) { return pow(x[0], 3); }, [](double a) { return a * a * a; }),
      number(
          "pow", "reciprocal", [](auto& x) { return pow(x[0], -1); }, [](double a) { return 1 / a; }, 0.3, 2),
      number(
          "pow", "reciprocal_square", [](auto& x) { return pow(x[0], -2); }, [](double a) { return 1 / (a * a); }, 0.3,
          2),
      number(
          "pow", "root", [](auto& x) { return pow(x[0], 0.5); }, [](double a) { return std::sqrt(a); }, 0.3, 2),
      number(
          "pow", "reciprocal_root", [](auto& x) { return pow(x[0], -0.5); }, [](double a) { return 1 / std::sqrt(a); },
          0.3, 2),
      number(
          "pow", "zero", [](auto& x) { return pow(x[0], 0); }, [](double) { return 1.0; }),
      loose(number(
                "pow", "fraction", [](auto& x) { return pow(x[0], 1.7); }, [](double a) { return std::pow(a, 1.7); },
                0.3, 2),
            1e-5),
      loose(number(
                "pow", "negative", [](auto& x) { return pow(x[0], -1.5); }, [](double a) { return std::pow(a, -1.5); },
                0.3, 2),
            1e-5),
      loose(two(
                "pow", "tensors", [](auto& x) { return pow(x[0], x[1]); },
                [](double a, double b) { return std::pow(a, b); }, 0.3, 2),
            1e-5),
      loose(number(
                "pow", "of_two", [](auto& x) { return pow(2, x[0]); }, [](double a) { return std::exp2(a); }),
            1e-5),
      loose(number(
                "pow", "of_number", [](auto& x) { return pow(1.3, x[0]); }, [](double a) { return std::pow(1.3, a); }),
            1e-5),
  };
}

std::vector<Row> bounds() {
  return {
      with_kinks(with_in_place(one(
                                   "abs", [](auto& x) { return abs(x[0]); }, [](double a) { return std::abs(a); }),
                               [](auto& x) { return x[0].abs_(); })),
      with_kinks(one(
          "sign", [](auto& x) { return sign(x[0]); }, [](double a) { return a > 0   ? 1.0
                                                                            : a < 0 ? -1.0
                                                                                    : 0.0; })),
      with_kinks(two(
          "maximum", "", [](auto& x) { return maximum(x[0], x[1]); },
          [](double a, double b) { return std::max(a, b); })),
      with_kinks(two(
          "minimum", "", [](auto& x) { return minimum(x[0], x[1]); },
          [](double a, double b) { return std::min(a, b); })),
      with_kinks(two(
          "max", "of_two", [](auto& x) { return max(x[0], x[1]); }, [](double a, double b) { return std::max(a, b); })),
      with_kinks(two(
          "min", "of_two", [](auto& x) { return min(x[0], x[1]); }, [](double a, double b) { return std::min(a, b); })),
      with_kinks(with_in_place(number(
                                   "clamp", "", [](auto& x) { return clamp(x[0], -0.5, 1.1); },
                                   [](double a) { return std::min(std::max(a, -0.5), 1.1); }),
                               [](auto& x) { return x[0].clamp_(-0.5, 1.1); })),
      with_kinks(with_in_place(number(
                                   "clamp_min", "", [](auto& x) { return clamp_min(x[0], -0.5); },
                                   [](double a) { return std::max(a, -0.5); }),
                               [](auto& x) { return x[0].clamp_min_(-0.5); })),
      with_kinks(with_in_place(
          number(
              "clamp_max", "", [](auto& x) { return clamp_max(x[0], 0.5); }, [](double a) { return std::min(a, 0.5); }),
          [](auto& x) { return x[0].clamp_max_(0.5); })),
      two(
          "fmod", "", [](auto& x) { return fmod(x[0], x[1]); }, [](double a, double b) { return std::fmod(a, b); }, 1.1,
          2),
      number(
          "fmod", "number", [](auto& x) { return fmod(x[0], 0.7); }, [](double a) { return std::fmod(a, 0.7); }),
      number(
          "remainder", "number", [](auto& x) { return remainder(x[0], 0.7); },
          [](double a) { return a - 0.7 * std::floor(a / 0.7); }),
      two(
          "remainder", "", [](auto& x) { return remainder(x[0], x[1]); },
          [](double a, double b) { return a - b * std::floor(a / b); }, 1.1, 2),
  };
}

}  // namespace

std::vector<Row> arithmetic_rows() {
  std::vector<Row> all;
  for (auto* part : {sums, products, powers, bounds}) {
    std::vector<Row> rows = part();
    all.insert(all.end(), rows.begin(), rows.end());
  }
  return all;
}

}  // namespace table
