// Changes in place. What is changed may be a view, or be viewed; no guard can be put before it, so a change that would
// leave its domain is not made.
#include "rows.h"

using namespace gradus;

namespace programs {
namespace {

bool inside(const Tensor& t, double lo, double hi) {
  NoGradGuard off;
  return t.numel() == 0 || (t.min().item<double>() >= lo && t.max().item<double>() <= hi);
}

Make change(double lo = -30, double hi = 30) {
  return [=](Builder& b) {
    const int v = b.target([=](const Tensor& t) { return inside(t, lo, hi); });
    return v >= 0 && b.step({v});
  };
}

// By a number, and by an operand that broadcasts to x (which is sometimes x itself).
Make by_number(double from, double to, double lo = -30, double hi = 30) {
  return [=](Builder& b) {
    const int v = b.target([=](const Tensor& t) { return inside(t, lo, hi); });
    return v >= 0 && b.step({v}, {}, {b.real(from, to)});
  };
}

int operand_for(Builder& b, int v, double lo, double hi) {
  const Ints own = b.shape(v);
  Ints s(own.begin() + (own.empty() || b.coin(0.6) ? 0 : b.range(0, static_cast<int64_t>(own.size()))), own.end());
  if (s.size() == own.size() || b.coin(0.5)) return b.shaped(s, lo, hi);
  for (int64_t& n : s)
    if (b.coin(0.2)) n = 1;
  return b.leaf(s, lo, hi);
}

Make by(double lo = -2, double hi = 2) {
  return [=](Builder& b) {
    const int v = b.target();
    return v >= 0 && b.step({v, operand_for(b, v, lo, hi)});
  };
}

Make by_two(double lo, double hi) {
  return [=](Builder& b) {
    const int v = b.target();
    if (v < 0) return false;
    const int w = operand_for(b, v, -2, 2);
    return b.step({v, w, operand_for(b, v, lo, hi)}, {}, {b.real(-1, 1)});
  };
}

bool make_masked(Builder& b, bool source) {
  const int v = b.target();
  if (v < 0) return false;
  const Ints s = b.shape(v);
  const Ints bits = b.bits(b.at(v).numel());
  if (!source) return b.step({v}, {}, {b.real(-1, 1)}, {bits, s});
  const int from = b.shaped(s);  // never of the same memory: PyTorch reads what it has already written
  return from >= 0 && !b.at(from).is_alias_of(b.at(v)) && b.step({v, from}, {}, {}, {bits, s});
}

bool make_along(Builder& b, bool vector) {
  const int v = b.target([](const Tensor& t) { return t.dim() > 0 && t.numel() > 0; });
  if (v < 0) return false;
  const int64_t d = b.dim_of(v), n = b.at(v).size(d);
  Ints s = b.shape(v);
  s[static_cast<size_t>(d < 0 ? d + b.at(v).dim() : d)] = b.range(1, 3);
  const int64_t count = vector ? s[static_cast<size_t>(d < 0 ? d + b.at(v).dim() : d)] : count_elements(s);
  return b.step({v, b.shaped(s)}, {d}, {b.real(-1, 1)}, {b.indices(count, n), vector ? Ints{count} : s});
}

bool make_triangle(Builder& b) {
  const int v = b.target([](const Tensor& t) { return t.dim() >= 2 && t.numel() > 0; });
  return v >= 0 && b.step({v}, {b.range(-1, 1)});
}

bool make_addmm(Builder& b) {
  const int v = b.target([](const Tensor& t) { return t.dim() == 2 && t.numel() > 0; });
  if (v < 0) return false;
  const int64_t k = b.range(1, 3);
  const int w = b.shaped({b.at(v).size(0), k});
  return b.step({v, w, b.shaped({k, b.at(v).size(1)})}, {}, {b.real(-1, 1), b.real(-1, 1)});
}

// A part of x, changed through a view that is then forgotten.
bool make_row(Builder& b) {
  const int v = b.target([](const Tensor& t) {  // of an expanded one, a part may be changed
    return t.dim() > 0 && t.numel() > 0 && std::count(t.strides().begin(), t.strides().end(), 0) == 0;
  });
  if (v < 0) return false;
  Ints s = b.shape(v);
  s.erase(s.begin());
  return b.step({v, b.shaped(s)}, {b.range(0, b.at(v).size(0) - 1)});
}

}  // namespace

// A row in place; its Python text is that of the method.
static Operation row(const char* name, const char* text, Tensor (*run)(const Args&), Make make,
                     const char* python = "") {
  return {"in_place", name, text, run, std::move(make), python, true};
}

std::vector<Operation> in_place_rows() {
  return {
      row("add_", EXPR(X(0).add_(X(1))), by()),
      row("add_number_", EXPR(X(0).add_(R(0))), by_number(-1, 1)),
      row("sub_", EXPR(X(0).sub_(X(1))), by()),
      row("mul_", EXPR(X(0).mul_(X(1))), by()),
      row("mul_self_", EXPR(X(0).mul_(X(0))), change(-3, 3)),
      row("mul_number_", EXPR(X(0).mul_(R(0))), by_number(-1.5, 1.5)),
      row("div_", EXPR(X(0).div_(X(1))), by(0.4, 2)),
      row("copy_", EXPR(X(0).copy_(X(1))), by()),
      row("fill_", EXPR(X(0).fill_(R(0))), by_number(-1, 1)),
      row("zero_", EXPR(X(0).zero_()), change()),
      row("neg_", EXPR(X(0).neg_()), change()),
      row("abs_", EXPR(X(0).abs_()), change()),
      row("exp_", EXPR(X(0).exp_()), change(-4, 3)),
      row("log_", EXPR(X(0).log_()), change(0.1, 30)),
      row("sqrt_", EXPR(X(0).sqrt_()), change(0.1, 30)),
      row("reciprocal_", EXPR(X(0).reciprocal_()), change(0.2, 30)),
      row("square_", EXPR(X(0).square_()), change(-5, 5)),
      row("pow_", EXPR(X(0).pow_(3)), change(-3, 3)),
      row("sin_", EXPR(X(0).sin_()), change()),
      row("cos_", EXPR(X(0).cos_()), change()),
      row("tanh_", EXPR(X(0).tanh_()), change()),
      row("sigmoid_", EXPR(X(0).sigmoid_()), change()),
      row("relu_", EXPR(X(0).relu_()), change()),
      row("leaky_relu_", EXPR(leaky_relu_(X(0), 0.1)), change(), "nnf.leaky_relu_(X(0), 0.1)"),
      row("elu_", EXPR(elu_(X(0))), change(-4, 30), "nnf.elu_(X(0))"),
      row("silu_", EXPR(silu_(X(0))), change(), "nnf.silu(X(0), inplace=True)"),
      row("erf_", EXPR(X(0).erf_()), change(-4, 4)),
      row("atan_", EXPR(X(0).atan_()), change()),
      row("clamp_", EXPR(X(0).clamp_(-1, R(0))), by_number(0, 1)),
      row("lerp_", EXPR(X(0).lerp_(X(1), R(0))), by_two(-2, 2)),
      row("lerp_tensor_", EXPR(X(0).lerp_(X(1), X(2))), by_two(0, 1)),
      row("addcmul_", EXPR(X(0).addcmul_(X(1), X(2), R(0))), by_two(-2, 2), "X(0).addcmul_(X(1), X(2), value=R(0))"),
      row("addcdiv_", EXPR(X(0).addcdiv_(X(1), X(2), R(0))), by_two(0.4, 2), "X(0).addcdiv_(X(1), X(2), value=R(0))"),
      row("atan2_", EXPR(X(0).atan2_(X(1))), by(0.2, 2)),
      row("masked_fill_", EXPR(X(0).masked_fill_(MK(0, 1), R(0))), [](Builder& b) { return make_masked(b, false); }),
      row("masked_scatter_", EXPR(X(0).masked_scatter_(MK(0, 1), X(1))),
          [](Builder& b) { return make_masked(b, true); }),
      row("index_add_", EXPR(X(0).index_add_(I(0), IX(0, 1), X(1))), [](Builder& b) { return make_along(b, true); }),
      row("index_fill_", EXPR(X(0).index_fill_(I(0), IX(0, 1), R(0))), [](Builder& b) { return make_along(b, true); }),
      row("scatter_add_", EXPR(X(0).scatter_add_(I(0), IX(0, 1), X(1))),
          [](Builder& b) { return make_along(b, false); }),
      row("tril_", EXPR(X(0).tril_(I(0))), make_triangle),
      row("triu_", EXPR(X(0).triu_(I(0))), make_triangle),
      row("cumsum_", EXPR(X(0).cumsum_(I(0))),
          [](Builder& b) {
            const int v = b.target([](const Tensor& t) { return t.dim() > 0; });
            return v >= 0 && b.step({v}, {b.dim_of(v)});
          }),
      row("addmm_", EXPR(X(0).addmm_(X(1), X(2), R(0), R(1))), make_addmm,
          "X(0).addmm_(X(1), X(2), beta=R(0), alpha=R(1))"),
      row("row_mul_", EXPR((X(0).select(0, I(0)).mul_(X(1)), X(0))), make_row,
          "(X(0).select(0, I(0)).mul_(X(1)), X(0))[1]"),
      row("row_copy_", EXPR((X(0).select(0, I(0)).copy_(X(1)), X(0))), make_row,
          "(X(0).select(0, I(0)).copy_(X(1)), X(0))[1]"),
      row("row_exp_", EXPR((X(0).select(0, I(0)).mul_(0.3).sigmoid_(), X(0).add_(X(1)))), make_row,
          "(X(0).select(0, I(0)).mul_(0.3).sigmoid_(), X(0).add_(X(1)))[1]"),
  };
}

}  // namespace programs
