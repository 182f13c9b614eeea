// Pointwise operations, with and without broadcasting, and what normalizes rows.
#include "operation.h"

namespace bench {
namespace {

void pointwise(const Shape& at) {
  const auto x = leaf({at.rows, at.columns}), row = leaf({at.columns}), column = leaf({at.rows, 1});
  const auto mask = x.detach() > 0;
  forward(at("tril_mask"), [=] { return x.masked_fill(torch::ones_like(x).triu(1).to(torch::kBool), -1e9); });
  forward(at("where_number"), [=] { return torch::where(x > 0, x, torch::zeros({})); });
  both(at("relu"), {x}, [=] { return torch::relu(x); });
  both(at("gelu"), {x}, [=] { return torch::gelu(x); });
  both(at("tanh"), {x}, [=] { return torch::tanh(x); });
  both(at("sigmoid"), {x}, [=] { return torch::sigmoid(x); });
  both(at("exp"), {x}, [=] { return torch::exp(x); });
  both(at("mul"), {x}, [=] { return x * x; });
  both(at("pow2"), {x}, [=] { return x.pow(2); });
  both(at("clamp"), {x}, [=] { return x.clamp(-1, 1); });
  both(at("dropout"), {x}, [=] { return torch::dropout(x, 0.1, true); });
  both(at("add_row"), {x, row}, [=] { return x + row; });
  both(at("mul_column"), {x, column}, [=] { return x * column; });
  both(at("expand"), {row}, [=] { return row.unsqueeze(0).expand({at.rows, at.columns}) * x; });
  both(at("masked_fill"), {x}, [=] { return x.masked_fill(mask, -1e9); });
  both(at("where"), {x}, [=] { return torch::where(mask, x, row); });
  forward(at("gt"), [=] { return x > 0; });
}

void normalized(const Shape& at) {
  const auto x = leaf({at.rows, at.columns}), w = leaf({at.columns}), b = leaf({at.columns});
  const auto y = torch::randint(0, at.columns, {at.rows});
  const std::vector<int64_t> shape = {at.columns};
  both(at("softmax"), {x}, [=] { return torch::softmax(x, 1); });
  both(at("log_softmax"), {x}, [=] { return torch::log_softmax(x, 1); });
  both(at("layer_norm"), {x, w, b}, [=] { return torch::layer_norm(x, shape, w, b); });
  both(at("cross_entropy"), {x}, [=] { return torch::nn::functional::cross_entropy(x, y); });
  both(at("mse_loss"), {x}, [=] { return torch::nn::functional::mse_loss(x, torch::zeros_like(x)); });
}

}  // namespace

void add_rows() {
  for (const Shape& at : shapes()) {
    pointwise(at);
    normalized(at);
  }
  const auto x = leaf({64, 128});
  const auto y = torch::randn({64, 128});
  namespace F = torch::nn::functional;
  both("bce_with_logits/64x128", {x},
       [=] { return F::binary_cross_entropy_with_logits(x, (y > 0).to(torch::kFloat)); });
  both("smooth_l1_loss/64x128", {x}, [=] { return F::smooth_l1_loss(x, y); });
}

}  // namespace bench
