// Products, and what models make of them.
#include "operation.h"

namespace bench {
namespace {

void linear(int64_t batch, int64_t in, int64_t out) {
  const auto x = leaf({batch, in}), w = leaf({out, in}), b = leaf({out});
  both("linear/" + std::to_string(batch) + 'x' + std::to_string(in) + 'x' + std::to_string(out), {x, w, b},
       [=] { return torch::nn::functional::linear(x, w, b); });
}

}  // namespace

void add_matrices() {
  for (int64_t n : {32, 128, 512}) {
    const auto a = leaf({n, n}), b = leaf({n, n});
    both("mm/" + std::to_string(n), {a, b}, [=] { return a.mm(b); });
  }
  linear(1, 768, 3072);
  linear(8, 768, 768);
  linear(512, 768, 768);
  const auto a = leaf({96, 64, 64}), b = leaf({96, 64, 64});
  both("bmm/96x64", {a, b}, [=] { return a.bmm(b); });
  const auto m = leaf({1024, 1024}), v = leaf({1024});
  both("mv/1024", {m, v}, [=] { return m.mv(v); });
  const auto q = leaf({8, 12, 128, 64}), k = leaf({8, 12, 128, 64}), values = leaf({8, 12, 128, 64});
  both("attention/8x12x128x64", {q, k, values},
       [=] { return torch::softmax(q.matmul(k.transpose(-2, -1)) / 8.0, -1).matmul(values); });
  const auto c = leaf({64, 128}), d = leaf({64, 128});
  both("einsum/bi,bj->bij", {c, d}, [=] { return torch::einsum("bi,bj->bij", {c, d}); });
  both("einsum/bi,bi->b", {c, d}, [=] { return torch::einsum("bi,bi->b", {c, d}); });
  both("outer/512", {c, d},
       [=] { return torch::outer(c.reshape({-1}).slice(0, 0, 512), d.reshape({-1}).slice(0, 0, 512)); });
  both("cosine_similarity/64x128", {c, d}, [=] { return torch::cosine_similarity(c, d, 1); });
  both("pairwise_distance/64x128", {c, d}, [=] { return torch::pairwise_distance(c, d); });
  both("cdist/64x128", {c, d}, [=] { return torch::cdist(c, d); });
}

}  // namespace bench
