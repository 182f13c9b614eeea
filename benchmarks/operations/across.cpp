// What runs along a dimension that is not the last one, or along several: rows apart in memory.
#include "operation.h"

namespace bench {
namespace {

void reduced(const Shape& at) {
  const auto x = leaf({at.rows, at.columns});
  both(at("mean0"), {x}, [=] { return x.mean(0); });
  both(at("var0"), {x}, [=] { return x.var(0); });
  both(at("norm0"), {x}, [=] { return x.norm(2, 0); });
  both(at("prod0"), {x}, [=] { return x.prod(0); });
  both(at("max0"), {x}, [=] { return std::get<0>(x.max(0)); });
  both(at("amax0"), {x}, [=] { return x.amax(0); });
  both(at("logsumexp0"), {x}, [=] { return x.logsumexp(0); });
  both(at("softmax0"), {x}, [=] { return torch::softmax(x, 0); });
  both(at("cumsum0"), {x}, [=] { return x.cumsum(0); });
  forward(at("argmax0"), [=] { return x.argmax(0); });
  forward(at("any0"), [=] { return (x > 3).any(0); });
  forward(at("count_nonzero0"), [=] { return x.count_nonzero(std::vector<int64_t>{0}); });
}

void ordered(const Shape& at) {
  const auto x = torch::randn({at.rows, at.columns});
  const auto positions = torch::randint(0, at.rows, {3, at.columns});
  const auto y = leaf({at.rows, at.columns});
  forward(at("sort0"), [=] { return std::get<0>(x.sort(0)); });
  forward(at("topk0"), [=] { return std::get<0>(x.topk(5, 0)); });
  both(at("gather0"), {y}, [=] { return y.gather(0, positions); });
  forward(at("scatter_add"), [=] { return torch::zeros_like(x).scatter_add(0, positions, x.slice(0, 0, 3)); });
}

}  // namespace

void add_across() {
  for (const Shape& at : shapes()) {
    reduced(at);
    ordered(at);
  }
  const auto x = leaf({16, 64, 32, 32});
  both("sum/channels", {x}, [=] { return x.sum(1); });
  both("mean/0,2,3", {x}, [=] { return x.mean({0, 2, 3}); });
  both("var/0,2,3", {x}, [=] { return x.var(std::vector<int64_t>{0, 2, 3}); });
  both("max/channels", {x}, [=] { return std::get<0>(x.max(1)); });
  both("log_softmax/channels", {x}, [=] { return torch::log_softmax(x, 1); });
  both("normalize/channels", {x}, [=] { return torch::nn::functional::normalize(x); });
  both("nhwc", {x}, [=] { return x.permute({0, 2, 3, 1}).contiguous(); });
  both("flatten_permuted", {x}, [=] { return x.permute({0, 2, 1, 3}).reshape({16, 32, -1}); });
  forward("argmax/channels", [=] { return x.argmax(1); });
}

}  // namespace bench
