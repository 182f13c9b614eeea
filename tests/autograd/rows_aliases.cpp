#include "table.h"

using namespace gradus;

namespace table {
namespace {

// The row of an operation for another name of it.
Row again(const char* op, const std::string& original, Fn f, Fn in_place = nullptr) {
  for (auto* family : {arithmetic_rows, elementary_rows, compare_rows, special_rows, activation_rows, reduce_rows,
                       softmax_rows, special_function_rows})
    for (Row r : family()) {
      if (r.op != original) continue;
      r.op = op;
      r.f = std::move(f);
      r.in_place = std::move(in_place);
      return r;
    }
  throw std::logic_error("no row to repeat: " + original);
}

// The names of torch::special.
std::vector<Row> special_names() {
  return {
      again("special_expit", "sigmoid", [](auto& x) { return special_expit(x[0]); }),
      again("special_exp2", "exp2", [](auto& x) { return special_exp2(x[0]); }),
      again("special_expm1", "expm1", [](auto& x) { return special_expm1(x[0]); }),
      again("special_log1p", "log1p", [](auto& x) { return special_log1p(x[0]); }),
      again("special_erf", "erf", [](auto& x) { return special_erf(x[0]); }),
      again("special_erfc", "erfc", [](auto& x) { return special_erfc(x[0]); }),
      again("special_erfinv", "erfinv", [](auto& x) { return special_erfinv(x[0]); }),
      again("special_gammaln", "lgamma", [](auto& x) { return special_gammaln(x[0]); }),
      again("special_digamma", "digamma", [](auto& x) { return special_digamma(x[0]); }),
      again("special_psi", "digamma", [](auto& x) { return special_psi(x[0]); }),
      again("special_sinc", "sinc", [](auto& x) { return special_sinc(x[0]); }),
      again("special_i0", "i0", [](auto& x) { return special_i0(x[0]); }),
      again("special_logit", "logit", [](auto& x) { return special_logit(x[0]); }),
      again("special_xlogy", "xlogy", [](auto& x) { return special_xlogy(x[0], x[1]); }),
      again("special_polygamma", "polygamma", [](auto& x) { return special_polygamma(1, x[0]); }),
      again("special_multigammaln", "mvlgamma", [](auto& x) { return special_multigammaln(x[0], 3); }),
      again("special_round", "round", [](auto& x) { return special_round(x[0]); }),
      again("special_logsumexp", "logsumexp", [](auto& x) { return special_logsumexp(x[0], 1); }),
      again("special_softmax", "softmax", [](auto& x) { return special_softmax(x[0], -1); }),
      again("special_log_softmax", "log_softmax", [](auto& x) { return special_log_softmax(x[0], -1); }),
      again("expit", "sigmoid", [](auto& x) { return special::expit(x[0]); }),
      again("gammaln", "lgamma", [](auto& x) { return special::gammaln(x[0]); }),
      again("psi", "digamma", [](auto& x) { return special::psi(x[0]); }),
      again("i0e", "special_i0e", [](auto& x) { return special::i0e(x[0]); }),
      again("i1", "special_i1", [](auto& x) { return special::i1(x[0]); }),
      again("i1e", "special_i1e", [](auto& x) { return special::i1e(x[0]); }),
      again("ndtr", "special_ndtr", [](auto& x) { return special::ndtr(x[0]); }),
      again("ndtri", "special_ndtri", [](auto& x) { return special::ndtri(x[0]); }),
      again("log_ndtr", "special_log_ndtr", [](auto& x) { return special::log_ndtr(x[0]); }),
      again("erfcx", "special_erfcx", [](auto& x) { return special::erfcx(x[0]); }),
      again("entr", "special_entr", [](auto& x) { return special::entr(x[0]); }),
      again("multigammaln", "mvlgamma", [](auto& x) { return special::multigammaln(x[0], 3); }),
      again("xlog1py", "special_xlog1py", [](auto& x) { return special::xlog1py(x[0], x[1]); }),
      again("zeta", "special_zeta", [](auto& x) { return special::zeta(x[0], x[1]); }),
  };
}

}  // namespace

std::vector<Row> alias_rows() {
  Row clipped{"clip", "", [](auto& x) { return clip(x[0], -1, 1); }, {{{3, 4}}}, pointwise([](double a) {
                return a < -1 ? -1 : a > 1 ? 1 : a;
              })};
  clipped.smooth = false;
  clipped.in_place = [](auto& x) { return x[0].clip_(-1, 1); };
  Row same{"positive", "", [](auto& x) { return positive(x[0]); }, {{{3, 4}}}, pointwise([](double a) { return a; })};
  std::vector<Row> all{
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
  for (Row& r : special_names()) all.push_back(std::move(r));
  return all;
}

}  // namespace table
