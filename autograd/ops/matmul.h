// Matrix products.
#pragma once
#include "gradus/autograd/activated.h"
#include "gradus/tensor/tensor.h"

namespace gradus {

/// y = op(a) op(b) where op transposes on demand: [m, k] [k, n] -> [m, n], or [b, m, k] [b, k, n] -> [b, m, n], where
/// either b may be 1.  ga = g op(b)^T, gb = op(a)^T g: products again, so the family is closed under differentiation.
Tensor gemm(const Tensor& a, bool transpose_a, const Tensor& b, bool transpose_b);

/// Product by PyTorch's rules: vectors, matrices, and batches of matrices, whose leading dimensions broadcast.
/// https://pytorch.org/docs/stable/generated/torch.matmul.html
Tensor matmul(const Tensor& a, const Tensor& b);
/// [m, k] [k, n] -> [m, n].
Tensor mm(const Tensor& a, const Tensor& b);
/// [b, m, k] [b, k, n] -> [b, m, n].
Tensor bmm(const Tensor& a, const Tensor& b);
/// [m, k] [k] -> [m].
Tensor mv(const Tensor& a, const Tensor& b);
/// [k] [k] -> [].
Tensor dot(const Tensor& a, const Tensor& b);
/// [m] [n] -> [m, n].
Tensor outer(const Tensor& a, const Tensor& b);
/// beta x + alpha a b, for x that expands to the product.
Tensor addmm(const Tensor& x, const Tensor& a, const Tensor& b, const Scalar& beta = 1, const Scalar& alpha = 1);
/// y = x w^T + b with x [..., in], w [out, in], b [out].  gx = g w, gw = g^T x, gb = sum of g over all but the last.
Tensor linear(const Tensor& x, const Tensor& weight, const Tensor& bias = {});
/// y = a(x w^T + b) for an activation a, in one node: with h = g a'(y), the derivatives of linear for h. The product is
/// overwritten with its activation; nothing else is kept. What nn::Sequential makes of a Linear and an activation.
Tensor linear_activated(const Tensor& x, const Tensor& weight, const Tensor& bias, detail::Activation activation);

}  // namespace gradus
