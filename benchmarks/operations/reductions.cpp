// Sums, extremes, orders and running sums.
#include "operation.h"

namespace bench {
namespace {

void reduced(const Shape& at) {
  const auto x = leaf({at.rows, at.columns});
  both(at("sum0"), {x}, [=] { return x.sum(0); });
  both(at("sum1"), {x}, [=] { return x.sum(1); });
  both(at("mean"), {x}, [=] { return x.mean(); });
  both(at("var1"), {x}, [=] { return x.var(1); });
  both(at("std"), {x}, [=] { return x.std(); });
  both(at("norm"), {x}, [=] { return x.norm(); });
  both(at("prod1"), {x}, [=] { return x.prod(1); });
  both(at("max1"), {x}, [=] { return std::get<0>(x.max(1)); });
  both(at("logsumexp"), {x}, [=] { return x.logsumexp(1); });
  both(at("cumsum"), {x}, [=] { return x.cumsum(1); });
  both(at("cumprod1"), {x}, [=] { return x.cumprod(1); });
  both(at("cummax1"), {x}, [=] { return std::get<0>(x.cummax(1)); });
  both(at("logcumsumexp1"), {x}, [=] { return x.logcumsumexp(1); });
  forward(at("argmax1"), [=] { return x.argmax(1); });
  forward(at("isnan_any"), [=] { return torch::isnan(x).any(); });
}

void ordered(const Shape& at) {
  const auto x = torch::randn({at.rows, at.columns});
  const auto y = torch::randint(0, at.columns, {at.rows}), bounds = torch::randint(0, at.columns, {50});
  forward(at("sort"), [=] { return std::get<0>(x.sort(1)); });
  forward(at("argsort1"), [=] { return x.argsort(int64_t{1}); });
  forward(at("kthvalue1"), [=] { return std::get<0>(x.kthvalue(3, 1)); });
  forward(at("searchsorted"), [=] { return torch::searchsorted(bounds.to(torch::kFloat), x); });
  forward(at("topk5"), [=] { return std::get<0>(x.topk(5, 1)); });
  forward(at("median"), [=] { return std::get<0>(x.median(1)); });
  forward(at("unique"), [=] { return std::get<0>(torch::_unique(y)); });
  forward(at("bincount"), [=] { return y.bincount(); });
  forward(at("accuracy"), [=] { return (x.argmax(1) == y).sum(); });
}

}  // namespace

void add_reductions() {
  for (const Shape& at : shapes()) {
    reduced(at);
    ordered(at);
  }
}

}  // namespace bench
