// Elements picked, placed, copied, joined and created.
#include "operation.h"

namespace bench {
namespace {

void picked(const Shape& at) {
  const auto x = leaf({at.rows, at.columns});
  const auto rows = torch::randint(0, at.rows, {at.rows}), places = torch::randint(0, at.columns, {at.rows, 3});
  const auto mask = x.detach() > 0;
  const auto columns = torch::randint(0, at.columns, {50});
  both(at("index_select"), {x}, [=] { return x.index_select(0, rows); });
  both(at("index"), {x}, [=] { return x.index({rows}); });
  both(at("gather"), {x}, [=] { return x.gather(1, places); });
  both(at("index_select1"), {x}, [=] { return x.index_select(1, columns); });
  forward(at("index_add"), [=] {
    return torch::zeros({10, at.columns}).index_add(0, torch::arange(at.rows).remainder(10), x);
  });
  forward(at("masked_select"), [=] { return x.masked_select(mask); });
  forward(at("nonzero"), [=] { return mask.nonzero(); });
  forward(at("one_hot"), [=] { return torch::nn::functional::one_hot(rows % at.columns, at.columns); });
  forward(at("triu"), [=] { return x.triu(); });
  forward(at("roll"), [=] { return x.roll(1, 0); });
  forward(at("flip"), [=] { return x.flip({1}); });
}

void made(const Shape& at) {
  const auto x = leaf({at.rows, at.columns});
  const std::vector<int64_t> sizes = {at.rows, at.columns};
  both(at("t_contiguous"), {x}, [=] { return x.t().contiguous(); });
  both(at("cat0"), {x}, [=] { return torch::cat({x, x}, 0); });
  both(at("cat1"), {x}, [=] { return torch::cat({x, x}, 1); });
  both(at("stack1"), {x}, [=] { return torch::stack({x, x}, 1); });
  both(at("repeat"), {x}, [=] { return x.repeat({2, 2}); });
  both(at("chunk_cat"), {x}, [=] {
    const auto halves = x.chunk(2, 1);
    return torch::cat({halves[1], halves[0]}, 1);
  });
  forward(at("clone"), [=] { return x.clone(); });
  forward(at("zeros"), [=] { return torch::zeros(sizes); });
  forward(at("rand"), [=] { return torch::rand(sizes); });
  forward(at("randn"), [=] { return torch::randn(sizes); });
  forward(at("bernoulli"), [=] { return torch::bernoulli(torch::full({1}, 0.5).expand(sizes)); });
}

}  // namespace

void add_picks() {
  for (const Shape& at : shapes()) {
    picked(at);
    made(at);
  }
  const auto w = leaf({10000, 256});
  const auto tokens = torch::randint(0, 10000, {32, 64});
  both("embedding/32x64x256", {w}, [=] { return torch::nn::functional::embedding(tokens, w); });
  forward("arange/1000", [=] { return torch::arange(1000); });
  forward("linspace/1000", [=] { return torch::linspace(0, 1, 1000); });
  forward("randperm/10000", [=] { return torch::randperm(10000); });
}

}  // namespace bench
