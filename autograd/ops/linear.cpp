// A linear map of the last dimension, alone or with an activation.
#include "gradus/autograd/ops/activation.h"
#include "gradus/autograd/ops/elementary.h"
#include "gradus/autograd/ops/matmul.h"
#include "gradus/autograd/ops/reduce.h"
#include "gradus/autograd/ops/shape.h"
#include "gradus/autograd/product.h"
#include "gradus/autograd/record.h"

namespace gradus {
namespace {

inline void check_linear(const Tensor& x, const Tensor& w, const Tensor& bias) {
  detail::check_factors("linear", x, w);
  check(x.dim() > 0 && w.dim() == 2,
        "linear: expected an input of at least one dimension and a matrix of weights, got ", x.sizes(), " and ",
        w.sizes());
  const int64_t in = w.size(1), out = w.size(0);
  check(x.size(-1) == in, "linear: mat1 and mat2 shapes cannot be multiplied, got input ", x.sizes(), " and weight ",
        w.sizes());
  check(is_floating(x.scalar_type()) || !bias.defined(), "linear: a bias needs floating point inputs, got ",
        x.scalar_type());
  if (bias.defined())
    check(bias.dim() == 1 && bias.size(0) == out && bias.scalar_type() == x.scalar_type(),
          "linear: expected a bias of sizes [", out, "] and type ", x.scalar_type(), ", got ", bias.sizes(), " ",
          bias.scalar_type());
}

// x w^T + bias, not recorded.
inline Tensor linear_product(const Tensor& x, const Tensor& w, const Tensor& bias) {
  const int64_t in = w.size(1);
  Sizes sizes = x.sizes();
  sizes.back() = w.size(0);
  Tensor as_rows;
  const Tensor& rows = x.dim() == 2 ? x : as_rows = reshape(x.detach(), {x.numel() / std::max<int64_t>(in, 1), in});
  Tensor plain_bias;  // where the kernels cannot read the bias itself
  if (bias.defined() && !bias.is_contiguous()) plain_bias = bias.detach().contiguous();
  return detail::product(rows, false, w, true, plain_bias.defined() ? plain_bias : bias, sizes);
}

// The gradients of x, w and the bias from that of the product.
auto linear_backward(const Tensor& x, const Tensor& w) {
  const int64_t in = w.size(1), out = w.size(0);
  return [x = saved_for(w, x), w = saved_for(x, w), in, out](const Tensor& g, Node& self) {
    Tensor as_matrix;
    const Tensor& flat = g.dim() == 2 ? g : as_matrix = reshape(g, {-1, out});
    std::array<Tensor, 3> r;
    if (self.needs(0)) {
      r[0] = gemm(flat, false, w.get(self), false);
      if (g.dim() != 2) {
        Sizes sizes = g.sizes();
        sizes.back() = in;
        r[0] = reshape(r[0], sizes);
      }
    }
    if (self.needs(1)) {
      const Tensor v = x.get(self);
      r[1] = gemm(flat, true, v.dim() == 2 ? v : reshape(v, {-1, in}), false);
    }
    if (self.needs(2)) r[2] = sum(flat, IntArrayRef{0});
    return r;
  };
}

Tensor activated(const Tensor& y, detail::Activation activation) {
  using detail::Activation;
  return activation == Activation::relu ? relu(y) : activation == Activation::tanh ? tanh(y) : sigmoid(y);
}

const char* name_of(detail::Activation activation) {
  using detail::Activation;
  return activation == Activation::relu   ? "linear_relu"
         : activation == Activation::tanh ? "linear_tanh"
                                          : "linear_sigmoid";
}

}  // namespace

Tensor linear(const Tensor& x, const Tensor& w, const Tensor& bias) {
  check_linear(x, w, bias);
  if (!is_floating(x.scalar_type())) return matmul(x, t(w));
  Tensor y = linear_product(x, w, bias);
  if (!recording({x, w, bias})) return y;
  return record("linear", std::move(y), {x, w, bias}, linear_backward(x, w));
}

Tensor linear_activated(const Tensor& x, const Tensor& w, const Tensor& bias, detail::Activation activation) {
  check_linear(x, w, bias);
  // 16-bit floats are rounded between the two.
  if (x.scalar_type() != kFloat && x.scalar_type() != kDouble) return activated(linear(x, w, bias), activation);
  Tensor y = linear_product(x, w, bias);
  detail::activate(activation, y);
  if (!recording({x, w, bias})) return y;
  auto backward = [linear = linear_backward(x, w), y = Saved::output(y), activation](const Tensor& g, Node& self) {
    return linear(detail::through_activation(activation, g, y.get(self)), self);
  };
  return record(name_of(activation), std::move(y), {x, w, bias}, std::move(backward));
}

}  // namespace gradus
