#include "table.h"

using namespace gradus;

namespace table {
namespace {

// The row of an operation for another name of it.
Row again(const char* op, const std::string& original, Fn f, Fn in_place = nullptr) {
  for (auto* family : {arithmetic_rows, elementary_rows, compare_rows, special_rows})
    for (Row r : family()) {
      if (r.op != original) continue;
      r.op = op;
      r.f = std::move(f);
      r.in_place = std::move(in_place);
      return r;
    }
  throw std::logic_error("no row to repeat: " + original);
}

}  // namespace

std::vector<Row> alias_rows() {
  Row clipped{"clip", "", [](auto& x) { return clip(x[0], -1, 1); }, {{{3, 4}}}, pointwise([](double a) {
                return a < -1 ? -1 : a > 1 ? 1 : a;
              })};
  clipped.smooth = false;
  clipped.in_place = [](auto& x) { return x[0].clip_(-1, 1); };
  Row same{"positive", "", [](auto& x) { return positive(x[0]); }, {{{3, 4}}}, pointwise([](double a) { return a; })};
  return {
      clipped,
      same,
      again(
          "absolute", "abs", [](auto& x) { return absolute(x[0]); }, [](auto& x) { return x[0].absolute_(); }),
      again(
          "negative", "neg", [](auto& x) { return negative(x[0]); }, [](auto& x) { return x[0].negative_(); }),
      again(
          "fix", "trunc", [](auto& x) { return fix(x[0]); }, [](auto& x) { return x[0].fix_(); }),
      again(
          "arccos", "acos", [](auto& x) { return arccos(x[0]); }, [](auto& x) { return x[0].arccos_(); }),
      again(
          "arcsin", "asin", [](auto& x) { return arcsin(x[0]); }, [](auto& x) { return x[0].arcsin_(); }),
      again(
          "arctan", "atan", [](auto& x) { return arctan(x[0]); }, [](auto& x) { return x[0].arctan_(); }),
      again(
          "arccosh", "acosh", [](auto& x) { return arccosh(x[0]); }, [](auto& x) { return x[0].arccosh_(); }),
      again(
          "arcsinh", "asinh", [](auto& x) { return arcsinh(x[0]); }, [](auto& x) { return x[0].arcsinh_(); }),
      again(
          "arctanh", "atanh", [](auto& x) { return arctanh(x[0]); }, [](auto& x) { return x[0].arctanh_(); }),
      again(
          "multiply", "mul", [](auto& x) { return multiply(x[0], x[1]); },
          [](auto& x) { return x[0].multiply_(x[1]); }),
      again(
          "true_divide", "div", [](auto& x) { return true_divide(x[0], x[1]); },
          [](auto& x) { return x[0].true_divide_(x[1]); }),
      again(
          "divide", "div", [](auto& x) { return divide(x[0], x[1]); }, [](auto& x) { return x[0].divide_(x[1]); }),
      again(
          "arctan2", "atan2", [](auto& x) { return arctan2(x[0], x[1]); }, [](auto& x) { return x[0].arctan2_(x[1]); }),
      again(
          "subtract", "sub", [](auto& x) { return subtract(x[0], x[1]); },
          [](auto& x) { return x[0].subtract_(x[1]); }),
      again(
          "not_equal", "ne", [](auto& x) { return x[0].not_equal(x[1]); },
          [](auto& x) { return x[0].not_equal_(x[1]); }),
      again(
          "less", "lt", [](auto& x) { return x[0].less(x[1]); }, [](auto& x) { return x[0].less_(x[1]); }),
      again(
          "less_equal", "le", [](auto& x) { return x[0].less_equal(x[1]); },
          [](auto& x) { return x[0].less_equal_(x[1]); }),
      again(
          "greater", "gt", [](auto& x) { return x[0].greater(x[1]); }, [](auto& x) { return x[0].greater_(x[1]); }),
      again(
          "greater_equal", "ge", [](auto& x) { return x[0].greater_equal(x[1]); },
          [](auto& x) { return x[0].greater_equal_(x[1]); }),
  };
}

}  // namespace table
