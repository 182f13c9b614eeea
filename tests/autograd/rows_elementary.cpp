#include <cmath>

#include "table.h"

using namespace gradus;

namespace table {
namespace {

Row row(const char* op, Fn f, double (*ref)(double), double lo, double hi, Fn in_place = nullptr) {
  Row r{op, "", std::move(f), {{{3, 4}, lo, hi}}, pointwise(std::function<double(double)>(ref))};
  r.pointwise = true;
  r.in_place = std::move(in_place);
  return r;
}

}  // namespace

std::vector<Row> elementary_rows() {
  return {
      row(
          "exp", [](auto& x) { return exp(x[0]); }, [](double a) { return std::exp(a); }, -2, 2,
          [](auto& x) { return x[0].exp_(); }),
      row(
          "exp2", [](auto& x) { return exp2(x[0]); }, [](double a) { return std::exp2(a); }, -2, 2),
      row(
          "expm1", [](auto& x) { return expm1(x[0]); }, [](double a) { return std::expm1(a); }, -2, 2,
          [](auto& x) { return x[0].expm1_(); }),
      row(
          "log", [](auto& x) { return log(x[0]); }, [](double a) { return std::log(a); }, 0.2, 3,
          [](auto& x) { return x[0].log_(); }),
      row(
          "log2", [](auto& x) { return log2(x[0]); }, [](double a) { return std::log2(a); }, 0.2, 3),
      row(
          "log10", [](auto& x) { return log10(x[0]); }, [](double a) { return std::log10(a); }, 0.2, 3,
          [](auto& x) { return x[0].log10_(); }),
      row(
          "log1p", [](auto& x) { return log1p(x[0]); }, [](double a) { return std::log1p(a); }, -0.8, 3,
          [](auto& x) { return x[0].log1p_(); }),
      row(
          "sin", [](auto& x) { return sin(x[0]); }, [](double a) { return std::sin(a); }, -4, 4,
          [](auto& x) { return x[0].sin_(); }),
      row(
          "cos", [](auto& x) { return cos(x[0]); }, [](double a) { return std::cos(a); }, -4, 4,
          [](auto& x) { return x[0].cos_(); }),
      row(
          "tan", [](auto& x) { return tan(x[0]); }, [](double a) { return std::tan(a); }, -1.2, 1.2,
          [](auto& x) { return x[0].tan_(); }),
      row(
          "asin", [](auto& x) { return asin(x[0]); }, [](double a) { return std::asin(a); }, -0.9, 0.9,
          [](auto& x) { return x[0].asin_(); }),
      row(
          "acos", [](auto& x) { return acos(x[0]); }, [](double a) { return std::acos(a); }, -0.9, 0.9,
          [](auto& x) { return x[0].acos_(); }),
      row(
          "atan", [](auto& x) { return atan(x[0]); }, [](double a) { return std::atan(a); }, -3, 3,
          [](auto& x) { return x[0].atan_(); }),
      row(
          "sinh", [](auto& x) { return sinh(x[0]); }, [](double a) { return std::sinh(a); }, -2, 2,
          [](auto& x) { return x[0].sinh_(); }),
      row(
          "cosh", [](auto& x) { return cosh(x[0]); }, [](double a) { return std::cosh(a); }, -2, 2,
          [](auto& x) { return x[0].cosh_(); }),
      row(
          "tanh", [](auto& x) { return tanh(x[0]); }, [](double a) { return std::tanh(a); }, -2, 2,
          [](auto& x) { return x[0].tanh_(); }),
      row(
          "erf", [](auto& x) { return erf(x[0]); }, [](double a) { return std::erf(a); }, -2, 2),
      row(
          "erfc", [](auto& x) { return erfc(x[0]); }, [](double a) { return std::erfc(a); }, -2, 2,
          [](auto& x) { return x[0].erfc_(); }),
      row(
          "floor", [](auto& x) { return floor(x[0]); }, [](double a) { return std::floor(a); }, -3, 3,
          [](auto& x) { return x[0].floor_(); }),
      row(
          "ceil", [](auto& x) { return ceil(x[0]); }, [](double a) { return std::ceil(a); }, -3, 3,
          [](auto& x) { return x[0].ceil_(); }),
      row(
          "round", [](auto& x) { return round(x[0]); }, [](double a) { return std::nearbyint(a); }, -3, 3,
          [](auto& x) { return x[0].round_(); }),
      row(
          "trunc", [](auto& x) { return trunc(x[0]); }, [](double a) { return std::trunc(a); }, -3, 3,
          [](auto& x) { return x[0].trunc_(); }),
      row(
          "frac", [](auto& x) { return frac(x[0]); }, [](double a) { return a - std::trunc(a); }, -3, 3,
          [](auto& x) { return x[0].frac_(); }),
      row(
          "asinh", [](auto& x) { return asinh(x[0]); }, [](double a) { return std::asinh(a); }, -3, 3,
          [](auto& x) { return x[0].asinh_(); }),
      row(
          "acosh", [](auto& x) { return acosh(x[0]); }, [](double a) { return std::acosh(a); }, 1.2, 4,
          [](auto& x) { return x[0].acosh_(); }),
      row(
          "atanh", [](auto& x) { return atanh(x[0]); }, [](double a) { return std::atanh(a); }, -0.9, 0.9,
          [](auto& x) { return x[0].atanh_(); }),
      row(
          "deg2rad", [](auto& x) { return deg2rad(x[0]); }, [](double a) { return a * std::acos(-1.0) / 180; }, -90, 90,
          [](auto& x) { return x[0].deg2rad_(); }),
      row(
          "rad2deg", [](auto& x) { return rad2deg(x[0]); }, [](double a) { return a * 180 / std::acos(-1.0); }, -2, 2,
          [](auto& x) { return x[0].rad2deg_(); }),
  };
}

}  // namespace table
