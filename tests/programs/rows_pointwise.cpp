// Pointwise operations of one operand and of several.
#include "rows.h"

using namespace gradus;

namespace programs {

std::vector<Operation> unary_rows() {
  const char* u = "unary";
  return {
      {u, "squash", EXPR(sigmoid(X(0)).mul(R(1)).add(R(0))), {}},
      {u, "swing", EXPR(sin(X(0)).mul(R(1)).add(R(0))), {}},
      {u, "exp", EXPR(exp(X(0))), one(-4, 3)},
      {u, "exp2", EXPR(exp2(X(0))), one(-4, 4)},
      {u, "expm1", EXPR(expm1(X(0))), one(-4, 3)},
      {u, "log", EXPR(log(X(0))), one(0.1, 20)},
      {u, "log2", EXPR(log2(X(0))), one(0.1, 20)},
      {u, "log10", EXPR(log10(X(0))), one(0.1, 20)},
      {u, "log1p", EXPR(log1p(X(0))), one(-0.8, 20)},
      {u, "sqrt", EXPR(sqrt(X(0))), one(0.1, 30)},
      {u, "rsqrt", EXPR(rsqrt(X(0))), one(0.1, 30)},
      {u, "reciprocal", EXPR(reciprocal(X(0))), one(0.2, 30)},
      {u, "square", EXPR(square(X(0))), one(-5, 5)},
      {u, "sin", EXPR(sin(X(0))), one()},
      {u, "cos", EXPR(cos(X(0))), one()},
      {u, "tan", EXPR(tan(X(0))), one(-1.2, 1.2)},
      {u, "asin", EXPR(asin(X(0))), one(-0.9, 0.9)},
      {u, "acos", EXPR(acos(X(0))), one(-0.9, 0.9)},
      {u, "atan", EXPR(atan(X(0))), one()},
      {u, "sinh", EXPR(sinh(X(0))), one(-3, 3)},
      {u, "cosh", EXPR(cosh(X(0))), one(-3, 3)},
      {u, "tanh", EXPR(tanh(X(0))), one()},
      {u, "asinh", EXPR(asinh(X(0))), one()},
      {u, "acosh", EXPR(acosh(X(0))), one(1.2, 20)},
      {u, "atanh", EXPR(atanh(X(0))), one(-0.9, 0.9)},
      {u, "erf", EXPR(erf(X(0))), one(-4, 4)},
      {u, "erfc", EXPR(erfc(X(0))), one(-4, 4)},
      {u, "erfinv", EXPR(erfinv(X(0))), one(-0.9, 0.9)},
      {u, "lgamma", EXPR(lgamma(X(0))), one(0.2, 6)},
      {u, "digamma", EXPR(digamma(X(0))), one(0.3, 6)},
      {u, "polygamma", EXPR(polygamma(I(0), X(0))),
       [](Builder& b) {
         const int v = b.within(b.pick(), 0.7, 6);
         return v >= 0 && b.step({v}, {b.range(1, 2)});
       }},
      {u, "sinc", EXPR(sinc(X(0))), one(-3, 3)},
      {u, "logit", EXPR(logit(X(0))), one(0.05, 0.95)},
      {u, "logit_eps", EXPR(logit(X(0), R(0))), with_number(0, 1, 0.05, 0.2)},
      {u, "i0", EXPR(i0(X(0))), one(-3, 3)},
      {u, "i1", EXPR(special_i1(X(0))), one(-3, 3), "torch.special.i1(X(0))"},
      {u, "i0e", EXPR(special_i0e(X(0))), one(0.1, 20), "torch.special.i0e(X(0))"},
      {u, "i1e", EXPR(special_i1e(X(0))), one(0.1, 20), "torch.special.i1e(X(0))"},
      {u, "ndtr", EXPR(special_ndtr(X(0))), one(-4, 4), "torch.special.ndtr(X(0))"},
      {u, "ndtri", EXPR(special_ndtri(X(0))), one(0.05, 0.95), "torch.special.ndtri(X(0))"},
      {u, "log_ndtr", EXPR(special_log_ndtr(X(0))), one(-8, 4), "torch.special.log_ndtr(X(0))"},
      {u, "erfcx", EXPR(special_erfcx(X(0))), one(-1.5, 8), "torch.special.erfcx(X(0))"},
      {u, "entr", EXPR(special_entr(X(0))), one(0.1, 20), "torch.special.entr(X(0))"},
      {u, "mvlgamma", EXPR(mvlgamma(X(0), 2)), one(0.9, 6)},
      {u, "nan_to_num", EXPR(nan_to_num(X(0))), one()},
      {u, "neg", EXPR(neg(X(0))), one()},
      {u, "abs", EXPR(abs(X(0))), one()},
      {u, "sign_plus", EXPR(add(sign(X(0)), X(0))), one(), "", false, false, true},
      {u, "frac", EXPR(frac(X(0))), one(), "", false, false, true},
      {u, "deg2rad", EXPR(deg2rad(X(0))), one()},
      {u, "positive", EXPR(positive(X(0))), one()},
      {u, "clone", EXPR(clone(X(0))), one()},
      {u, "contiguous", EXPR(X(0).contiguous()), one()},
      {u, "sigmoid", EXPR(sigmoid(X(0))), one()},
      {u, "relu", EXPR(relu(X(0))), one()},
      {u, "relu6", EXPR(relu6(X(0))), one(), "nnf.relu6(X(0))"},
      {u, "leaky_relu", EXPR(leaky_relu(X(0), R(0))), with_number(-30, 30, 0.01, 0.5), "nnf.leaky_relu(X(0), R(0))"},
      {u, "elu", EXPR(elu(X(0), R(0))), with_number(-4, 30, 0.5, 1.5), "nnf.elu(X(0), R(0))"},
      {u, "selu", EXPR(selu(X(0))), one()},
      {u, "celu", EXPR(celu(X(0), R(0))), with_number(-4, 30, 0.5, 1.5)},
      {u, "gelu", EXPR(gelu(X(0))), one(-5, 30), "nnf.gelu(X(0))"},
      {u, "gelu_tanh", EXPR(gelu(X(0), "tanh")), one(-5, 30), "nnf.gelu(X(0), approximate='tanh')"},
      {u, "silu", EXPR(silu(X(0))), one(), "nnf.silu(X(0))"},
      {u, "mish", EXPR(mish(X(0))), one(), "nnf.mish(X(0))"},
      {u, "softplus", EXPR(softplus(X(0), R(0))), with_number(-9, 9, 0.5, 2), "nnf.softplus(X(0), R(0))"},
      {u, "hardtanh", EXPR(hardtanh(X(0))), one(), "nnf.hardtanh(X(0))"},
      {u, "hardsigmoid", EXPR(hardsigmoid(X(0))), one(), "nnf.hardsigmoid(X(0))"},
      {u, "hardswish", EXPR(hardswish(X(0))), one(), "nnf.hardswish(X(0))"},
      {u, "softsign", EXPR(softsign(X(0))), one(), "nnf.softsign(X(0))"},
      {u, "tanhshrink", EXPR(tanhshrink(X(0))), one(), "nnf.tanhshrink(X(0))"},
      {u, "hardshrink", EXPR(hardshrink(X(0), R(0))), with_number(-30, 30, 0.1, 1), "", false, false, true},
      {u, "softshrink", EXPR(softshrink(X(0), R(0))), with_number(-30, 30, 0.1, 1), "nnf.softshrink(X(0), R(0))"},
      {u, "threshold", EXPR(threshold(X(0), R(0), 0.5)), with_number(-30, 30, -1, 1), "", false, false, true},
      {u, "log_sigmoid", EXPR(log_sigmoid(X(0))), one(), "nnf.logsigmoid(X(0))"},
      {u, "clamp", EXPR(clamp(X(0), R(0), R(1))),
       [](Builder& b) {
         const int v = b.pick();
         return v >= 0 && b.step({v}, {}, {b.real(-2, 0), b.real(0.1, 2)});
       }},
      {u, "clamp_min", EXPR(clamp_min(X(0), R(0))), with_number(-30, 30, -1, 1)},
      {u, "clamp_max", EXPR(clamp_max(X(0), R(0))), with_number(-30, 30, -1, 1)},
      {u, "add_number", EXPR(add(X(0), R(0))), with_number(-30, 30, -1, 1)},
      {u, "mul_number", EXPR(mul(X(0), R(0))), with_number(-30, 30, -1.5, 1.5)},
      {u, "div_number", EXPR(div(X(0), R(0))), with_number(-30, 30, 0.8, 2)},
      {u, "rsub_number", EXPR(rsub(X(0), R(0), R(0))), with_number(-30, 30, -1, 1)},
      {u, "number_over", EXPR(R(0) / X(0)), with_number(0.3, 30, -2, 2), "R(0) / X(0)"},
      {u, "pow_number", EXPR(pow(X(0), R(0))), with_number(0.2, 4, -2, 2.5)},
      {u, "cube", EXPR(pow(X(0), 3)), one(-3, 3)},
      {u, "pow_of_number", EXPR(pow(R(0), X(0))), with_number(-3, 3, 0.3, 2.5)},
      {u, "fmod_number", EXPR(fmod(X(0), R(0))), with_number(-30, 30, 0.5, 3), "", false, false, true},
      {u, "remainder_number", EXPR(remainder(X(0), R(0))), with_number(-30, 30, 0.5, 3), "", false, false, true},
      {u, "dropout", EXPR(dropout_with(X(0), R(0), {static_cast<uint64_t>(I(0)), 0})),
       [](Builder& b) {
         const int v = b.pick();
         return v >= 0 && b.step({v}, {b.range(1, 1000)}, {b.real(0.1, 0.6)});
       },
       "-"},
  };
}

std::vector<Operation> binary_rows() {
  const char* u = "binary";
  // Three operands that broadcast; the first and the second are in [lo, hi].
  const auto three = [](double lo, double hi, double lo2, double hi2, double from, double to) -> Make {
    return [=](Builder& b) {
      const int v = b.pick();
      if (v < 0) return false;
      const int w = b.partner(v, lo, hi);
      const int x = w < 0 ? w : b.partner(v, lo2, hi2);
      return x >= 0 && b.broadcast(w, x) && b.step({v, w, x}, {}, {b.real(from, to)});
    };
  };
  return {
      {u, "add", EXPR(add(X(0), X(1))), two()},
      {u, "add_alpha", EXPR(add(X(0), X(1), R(0))), three(-2, 2, -2, 2, -1, 1), "torch.add(X(0), X(1), alpha=R(0))"},
      {u, "sub", EXPR(sub(X(0), X(1))), two()},
      {u, "mul", EXPR(mul(X(0), X(1))), two()},
      {u, "div", EXPR(div(X(0), X(1))), two(-30, 30, 0.3, 3)},
      {u, "rsub", EXPR(rsub(X(0), X(1))), two()},
      {u, "pow", EXPR(pow(X(0), X(1))), two(0.2, 3, -2, 2)},
      {u, "maximum", EXPR(maximum(X(0), X(1))), two()},
      {u, "minimum", EXPR(minimum(X(0), X(1))), two()},
      {u, "fmax", EXPR(fmax(X(0), X(1))), two()},
      {u, "fmin", EXPR(fmin(X(0), X(1))), two()},
      {u, "atan2", EXPR(atan2(X(0), X(1))), two(-3, 3, 0.2, 3)},
      {u, "hypot", EXPR(hypot(X(0), X(1))), two(-3, 3, 0.2, 3)},
      {u, "logaddexp", EXPR(logaddexp(X(0), X(1))), two()},
      {u, "logaddexp2", EXPR(logaddexp2(X(0), X(1))), two()},
      {u, "xlogy", EXPR(xlogy(X(0), X(1))), two(-30, 30, 0.2, 3)},
      {u, "xlog1py", EXPR(special_xlog1py(X(0), X(1))), two(-30, 30, -0.7, 3), "torch.special.xlog1py(X(0), X(1))"},
      {u, "copysign", EXPR(copysign(X(0), X(1))), two(0.2, 3, -3, 3), "", false, false, true},
      {u, "ldexp", EXPR(ldexp(X(0), X(1))), two(-3, 3, -2, 2)},
      {u, "fmod", EXPR(fmod(X(0), X(1))), two(-5, 5, 0.5, 3), "", false, false, true},
      {u, "remainder", EXPR(remainder(X(0), X(1))), two(-5, 5, 0.5, 3), "", false, false, true},
      {u, "lerp_number", EXPR(lerp(X(0), X(1), R(0))), three(-2, 2, -2, 2, -0.5, 1.5)},
      {u, "lerp", EXPR(lerp(X(0), X(1), X(2))), three(-2, 2, -0.5, 1.5, 0, 1)},
      {u, "addcmul", EXPR(addcmul(X(0), X(1), X(2), R(0))), three(-2, 2, -2, 2, -1, 1),
       "torch.addcmul(X(0), X(1), X(2), value=R(0))"},
      {u, "addcdiv", EXPR(addcdiv(X(0), X(1), X(2), R(0))), three(-2, 2, 0.4, 3, -1, 1),
       "torch.addcdiv(X(0), X(1), X(2), value=R(0))"},
      {u, "clamp_tensors", EXPR(clamp(X(0), X(1), X(2))),
       [](Builder& b) {
         // Bounds that broadcast to x: PyTorch's backward fails where x broadcasts to them.
         const int v = b.filled();
         const Ints own = b.shape(v), s(own.begin() + b.range(0, static_cast<int64_t>(own.size())), own.end());
         const int lo = b.shaped(s, -2, 0);
         return lo >= 0 && b.step({v, lo, b.shaped(own, 0.1, 2)});
       }},
      {u, "where_greater", EXPR(where(gt(X(0), X(1)), X(0), X(2))), three(-2, 2, -2, 2, 0, 1), "", false, false, true},
      {u, "where_sign", EXPR(where(gt(X(0), R(0)), X(1), X(2))), three(-2, 2, -2, 2, -1, 1), "", false, false, true},
      {u, "masked_fill", EXPR(masked_fill(X(0), lt(X(0), X(1)), R(0))), three(-2, 2, -2, 2, -1, 1), "", false, false,
       true},
      {u, "detached_factor", EXPR(mul(X(0), floor(X(1)))), two(-5, 5, -2, 3), "", false, false, true},
      {u, "dist", EXPR(dist(X(0), X(1))), two(-3, -1, 1, 3)},
  };
}

}  // namespace programs
