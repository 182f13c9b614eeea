// Reductions, running sums, softmax, order and statistics.
#include "rows.h"

using namespace gradus;

namespace programs {
namespace {

// Dimensions to reduce, and whether they stay.
Make over(double lo = -30, double hi = 30, int64_t least = 1) {
  return [=](Builder& b) {
    const int v = b.within(b.filled(1), lo, hi);
    return v >= 0 && b.step({v}, {b.range(0, 1)}, {}, {b.some_dims(b.at(v).dim(), least)});
  };
}

// The same with several elements in each group, none alike: where the spread of a group counts.
Make over_spread() {
  return [](Builder& b) {
    const int v = b.within(b.filled(1), -10, 10);
    if (v < 0) return false;
    const Ints dims = b.some_dims(b.at(v).dim());
    int64_t n = 1;
    for (int64_t d : dims) n *= b.at(v).size(d);
    if (n < 2) return false;
    NoGradGuard off;
    return var(b.at(v), dims, true).min().item<double>() > 0.01 && b.step({v}, {b.range(0, 1)}, {}, {dims});
  };
}

Make along(double lo = -30, double hi = 30) {
  return [=](Builder& b) {
    const int v = b.within(b.filled(1), lo, hi);
    return v >= 0 && b.step({v}, {b.dim_of(v), b.range(0, 1)});
  };
}

Make whole(double lo = -30, double hi = 30) {
  return [=](Builder& b) {
    const int v = b.within(b.filled(), lo, hi);
    return v >= 0 && b.step({v});
  };
}

// Products of few: of many they overflow.
Make few_along(double lo, double hi) {
  return [=](Builder& b) {
    const int v =
        b.within(b.pick([](const Tensor& t) { return t.dim() > 0 && t.numel() > 0 && t.numel() <= 400; }), lo, hi);
    return v >= 0 && b.step({v}, {b.dim_of(v), b.range(0, 1)});
  };
}

bool make_ranked(Builder& b) {
  const int v = b.filled(1);
  const int64_t d = b.dim_of(v);
  return b.step({v}, {d, b.range(1, b.at(v).size(d)), b.range(0, 1)});
}

// Medians, of tensors that are not expanded: of those PyTorch reads memory that is not theirs.
Make middle(bool whole) {
  return [=](Builder& b) {
    const int v = b.pick([=](const Tensor& t) {
      return t.numel() > 0 && (whole || t.dim() > 0) && std::count(t.strides().begin(), t.strides().end(), 0) == 0;
    });
    return v >= 0 && (whole ? b.step({v}) : b.step({v}, {b.dim_of(v), b.range(0, 1)}));
  };
}

}  // namespace

std::vector<Operation> reduce_rows() {
  const char* u = "reduce";
  return {
      {u, "sum", EXPR(sum(X(0), L(0), F(0))), over(-5, 5)},
      {u, "sum_all", EXPR(sum(X(0))),
       [](Builder& b) {
         const int v = b.pick();
         return v >= 0 && b.step({v});
       }},
      {u, "mean", EXPR(mean(X(0), L(0), F(0))), over()},
      {u, "mean_all", EXPR(mean(X(0))), whole()},
      {u, "prod", EXPR(prod(X(0), I(0), F(1))), few_along(0.4, 1.8)},
      {u, "prod_signed", EXPR(prod(X(0), I(0), F(1))), few_along(-1.5, 1.5)},
      {u, "prod_all", EXPR(prod(X(0))), few_along(-1.2, 1.2)},
      {u, "var", EXPR(var(X(0), L(0), true, F(0))), over_spread(),
       "torch.var(X(0), L(0), unbiased=True, keepdim=F(0))"},
      {u, "var_correction", EXPR(var(X(0), L(0), Scalar(0), F(0))), over_spread(),
       "torch.var(X(0), L(0), correction=0, keepdim=F(0))"},
      {u, "std", EXPR(gradus::std(X(0), L(0), true, F(0))), over_spread(),
       "torch.std(X(0), L(0), unbiased=True, keepdim=F(0))"},
      {u, "var_mean",
       EXPR(std::get<0>(var_mean(X(0), L(0), true, F(0))) + std::get<1>(var_mean(X(0), L(0), true, F(0)))),
       over_spread(),
       "torch.var_mean(X(0), L(0), unbiased=True, keepdim=F(0))[0] + torch.var_mean(X(0), L(0), unbiased=True, "
       "keepdim=F(0))[1]"},
      {u, "norm", EXPR(norm(X(0), 2, L(0), F(0))), over(0.2, 3)},
      {u, "norm_1", EXPR(norm(X(0), 1, L(0), F(0))), over(-3, 3)},
      {u, "norm_3", EXPR(norm(X(0), 3, L(0), F(0))), over(0.2, 3)},
      {u, "norm_inf", EXPR(norm(X(0), INFINITY, L(0), F(0))), over(-3, 3), "torch.norm(X(0), math.inf, L(0), F(0))"},
      {u, "norm_all", EXPR(norm(X(0))), whole(0.2, 3)},
      {u, "logsumexp", EXPR(logsumexp(X(0), L(0), F(0))), over()},
      {u, "amax", EXPR(amax(X(0), L(0), F(0))), over()},
      {u, "amin", EXPR(amin(X(0), L(0), F(0))), over()},
      {u, "max_all", EXPR((max)(X(0))), whole(), "torch.max(X(0))"},
      {u, "max_dim", EXPR(std::get<0>((max)(X(0), I(0), F(1)))), along(), "torch.max(X(0), I(0), F(1))[0]"},
      {u, "min_dim", EXPR(std::get<0>((min)(X(0), I(0), F(1)))), along(), "torch.min(X(0), I(0), F(1))[0]"},
      {u, "nansum", EXPR(nansum(X(0), L(0), F(0))), over(-5, 5)},
      {u, "cumsum", EXPR(cumsum(X(0), I(0))), along(-5, 5)},
      {u, "cumprod", EXPR(cumprod(X(0), I(0))), few_along(-1.4, 1.4)},
      {u, "cummax", EXPR(std::get<0>(cummax(X(0), I(0)))), along(), "torch.cummax(X(0), I(0))[0]"},
      {u, "cummin", EXPR(std::get<0>(cummin(X(0), I(0)))), along(), "torch.cummin(X(0), I(0))[0]"},
      {u, "logcumsumexp", EXPR(logcumsumexp(X(0), I(0))), along()},
      {u, "diff", EXPR(diff(X(0), 1, I(0))), along()},
      {u, "trapezoid", EXPR(trapezoid(X(0), 0.5, I(0))), along(-5, 5), "torch.trapezoid(X(0), dx=0.5, dim=I(0))"},
      {u, "softmax", EXPR(softmax(X(0), I(0))), along()},
      {u, "log_softmax", EXPR(log_softmax(X(0), I(0))), along(-8, 8)},
      {u, "softmin", EXPR(softmin(X(0), I(0))), along(), "nnf.softmin(X(0), dim=I(0))"},
      {u, "sort", EXPR(std::get<0>(sort(X(0), true, I(0), F(1)))), along(),
       "torch.sort(X(0), dim=I(0), descending=F(1), stable=True)[0]"},
      {u, "topk", EXPR(std::get<0>(topk(X(0), I(1), I(0), F(2)))), make_ranked,
       "torch.topk(X(0), I(1), I(0), F(2))[0]"},
      {u, "kthvalue", EXPR(std::get<0>(kthvalue(X(0), I(1), I(0), F(2)))), make_ranked,
       "torch.kthvalue(X(0), I(1), I(0), F(2))[0]"},
      {u, "median_dim", EXPR(std::get<0>(median(X(0), I(0), F(1)))), middle(false),
       "torch.median(X(0), I(0), F(1))[0]"},
      {u, "median", EXPR(median(X(0))), middle(true)},
      {u, "quantile", EXPR(quantile(X(0), R(0), I(0), F(1))),
       [](Builder& b) {
         const int v = b.filled(1);
         return b.step({v}, {b.dim_of(v), b.range(0, 1)}, {b.real(0.05, 0.95)});
       }},
      {u, "vander", EXPR(vander(X(0), 3)),
       [](Builder& b) {
         const int v = b.pick([](const Tensor& t) { return t.dim() == 1; });
         const int w = v >= 0 ? b.within(v, -2, 2) : v;
         return w >= 0 && b.step({w});
       },
       "torch.stack([X(0) ** 2, X(0), X(0) ** 0], 1)"},  // torch.vander has no gradient that works
      {u, "cov", EXPR(cov(X(0))),
       [](Builder& b) {
         const int v = b.pick([](const Tensor& t) { return t.dim() == 2 && t.size(1) > 1 && t.size(0) > 0; });
         const int w = v >= 0 ? b.within(v, -5, 5) : v;
         return w >= 0 && b.step({w});
       }},
      {u, "msort", EXPR(msort(X(0))), [](Builder& b) { return b.step({b.filled(1)}); }},
      {u, "renorm", EXPR(renorm(X(0), 2, I(0), 1.5)),
       [](Builder& b) {
         const int v = b.within(b.filled(2), 0.1, 3);
         return v >= 0 && b.step({v}, {b.dim_of(v)});
       }},
      {u, "glu", EXPR(glu(X(0), I(0))),
       [](Builder& b) {
         const int v = b.filled(1);
         const int64_t d = b.dim_of(v);
         return b.at(v).size(d) % 2 == 0 && b.step({v}, {d});
       },
       "nnf.glu(X(0), I(0))"},
      {u, "trace", EXPR(trace(X(0))),
       [](Builder& b) {
         const int v = b.pick([](const Tensor& t) { return t.dim() == 2 && t.numel() > 0; });
         return v >= 0 && b.step({v});
       }},
  };
}

}  // namespace programs
