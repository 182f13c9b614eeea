// Other types than float32, 512 x 512.
#include "operation.h"

namespace bench {

void add_types() {
  const auto a = torch::randn({512, 512}).to(torch::kDouble), b = torch::randn({512, 512}).to(torch::kDouble);
  forward("double/mm", [=] { return a.mm(b); });
  forward("double/exp", [=] { return a.exp(); });
  forward("double/add", [=] { return a + b; });
  forward("double/sum", [=] { return a.sum(); });
  const auto i = torch::randint(0, 100, {512, 512});
  forward("long/add", [=] { return i + i; });
  forward("long/mul", [=] { return i * i; });
  forward("long/div", [=] { return i / 3; });
  forward("long/floor_divide", [=] { return torch::floor_divide(i, 3); });
  forward("long/remainder", [=] { return torch::remainder(i, 7); });
  forward("long/sum", [=] { return i.sum(); });
  forward("long/eq", [=] { return i == 5; });
  const auto pixels = i.to(torch::kByte);
  forward("byte/to_float", [=] { return pixels.to(torch::kFloat); });
  forward("byte/normalize", [=] { return pixels.to(torch::kFloat).div(255).sub(0.5).div(0.5); });
  const auto half = a.to(torch::kHalf), bfloat = a.to(torch::kBFloat16);
  forward("half/add", [=] { return half + half; });
  forward("half/to_float", [=] { return half.to(torch::kFloat); });
  forward("bfloat16/add", [=] { return bfloat + bfloat; });
  forward("bfloat16/mm", [=] { return bfloat.mm(bfloat); });
  const auto x = torch::randn({512, 512});
  forward("float/to_double", [=] { return x.to(torch::kDouble); });
  forward("float/to_long", [=] { return x.to(torch::kLong); });
}

}  // namespace bench
