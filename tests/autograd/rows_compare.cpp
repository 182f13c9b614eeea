#include <cmath>

#include "table.h"

using namespace gradus;

namespace table {
namespace {

Row two(const char* op, Fn f, double (*ref)(double, double)) {
  Row r{op,
        "tensors",
        std::move(f),
        {{{3, 4}, -2, 2}, {{3, 4}, -2, 2}},
        pointwise(std::function<double(double, double)>(ref))};
  r.pointwise = true;
  r.differentiable = false;
  return r;
}

Row one(const char* op, const char* variant, Fn f, double (*ref)(double)) {
  Row r{op, variant, std::move(f), {{{3, 4}, -2, 2}}, pointwise(std::function<double(double)>(ref))};
  r.pointwise = true;
  r.differentiable = false;
  return r;
}

Row logic(const char* op, Fn f, double (*ref)(double, double)) {
  Row r = two(op, std::move(f), ref);
  r.in[0].kind = r.in[1].kind = Kind::mask;
  return r;
}

}  // namespace

std::vector<Row> compare_rows() {
  Row choice{"where",
             "",
             [](auto& x) { return where(x[0], x[1], x[2]); },
             {{{3, 4}, -2, 2, Kind::mask}, {{3, 4}}, {{3, 4}}},
             pointwise([](double c, double a, double b) { return c != 0 ? a : b; })};
  choice.pointwise = true;
  Row number{"where",
             "number",
             [](auto& x) { return where(x[0], x[1], 0.7); },
             {{{3, 4}, -2, 2, Kind::mask}, {{3, 4}}},
             pointwise([](double c, double a) { return c != 0 ? a : 0.7; })};
  Row number_first{"where",
                   "number_first",
                   [](auto& x) { return where(x[0], 0.7, x[1]); },
                   {{{3, 4}, -2, 2, Kind::mask}, {{3, 4}}},
                   pointwise([](double c, double a) { return c != 0 ? 0.7 : a; })};
  Row fill{"masked_fill",
           "",
           [](auto& x) { return masked_fill(x[0], x[1], 0.25); },
           {{{3, 4}}, {{4}, -2, 2, Kind::mask}},
           pointwise([](double a, double m) { return m != 0 ? 0.25 : a; })};
  fill.in_place = [](auto& x) { return x[0].masked_fill_(x[1], 0.25); };
  Row fill_tensor{"masked_fill",
                  "tensor",
                  [](auto& x) { return masked_fill(x[0], x[1], x[2]); },
                  {{{3, 4}}, {{4}, -2, 2, Kind::mask}, {{}}},
                  pointwise([](double a, double m, double v) { return m != 0 ? v : a; })};
  return {
      two(
          "eq", [](auto& x) { return x[0] == x[1]; }, [](double a, double b) { return double(a == b); }),
      one(
          "eq", "number", [](auto& x) { return x[0] == 0.5; }, [](double a) { return double(a == 0.5); }),
      two(
          "ne", [](auto& x) { return x[0] != x[1]; }, [](double a, double b) { return double(a != b); }),
      one(
          "ne", "number", [](auto& x) { return x[0] != 0.5; }, [](double a) { return double(a != 0.5); }),
      two(
          "lt", [](auto& x) { return x[0] < x[1]; }, [](double a, double b) { return double(a < b); }),
      one(
          "lt", "number", [](auto& x) { return x[0] < 0.5; }, [](double a) { return double(a < 0.5); }),
      two(
          "le", [](auto& x) { return x[0] <= x[1]; }, [](double a, double b) { return double(a <= b); }),
      one(
          "le", "number", [](auto& x) { return x[0] <= 0.5; }, [](double a) { return double(a <= 0.5); }),
      two(
          "gt", [](auto& x) { return x[0] > x[1]; }, [](double a, double b) { return double(a > b); }),
      one(
          "gt", "number", [](auto& x) { return x[0] > 0.5; }, [](double a) { return double(a > 0.5); }),
      two(
          "ge", [](auto& x) { return x[0] >= x[1]; }, [](double a, double b) { return double(a >= b); }),
      one(
          "ge", "number", [](auto& x) { return x[0] >= 0.5; }, [](double a) { return double(a >= 0.5); }),
      logic(
          "logical_and", [](auto& x) { return logical_and(x[0], x[1]); },
          [](double a, double b) { return double((a != 0) && (b != 0)); }),
      logic(
          "logical_or", [](auto& x) { return logical_or(x[0], x[1]); },
          [](double a, double b) { return double((a != 0) || (b != 0)); }),
      logic(
          "logical_xor", [](auto& x) { return logical_xor(x[0], x[1]); },
          [](double a, double b) { return double((a != 0) != (b != 0)); }),
      one(
          "logical_not", "", [](auto& x) { return !(x[0]); }, [](double a) { return double(a == 0); }),
      one(
          "isnan", "", [](auto& x) { return isnan(log(x[0])); }, [](double a) { return double(a < 0); }),
      one(
          "isinf", "", [](auto& x) { return isinf(1 / clamp_min(x[0], 0)); }, [](double a) { return double(a <= 0); }),
      one(
          "isfinite", "", [](auto& x) { return isfinite(log(x[0])); }, [](double a) { return double(a > 0); }),
      two(
          "isclose", [](auto& x) { return isclose(x[0], x[1], 0.5, 0.1); },
          [](double a, double b) { return double(std::abs(a - b) <= 0.1 + 0.5 * std::abs(b)); }),
      choice,
      number,
      number_first,
      fill,
      fill_tensor,
  };
}

}  // namespace table
