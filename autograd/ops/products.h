// Products beyond matmul: sums over any dimensions, and products added to a tensor. All are matmul in the end.
#pragma once
#include <string_view>

#include "gradus/tensor/tensor.h"

namespace gradus {

/// Einstein's sums: "ij,jk->ik". A letter stands for a dimension; letters that the result lacks are summed over, a
/// letter twice in one operand takes its diagonal, "..." stands for leading dimensions that broadcast. Without an arrow
/// the result has the letters that occur once, in alphabetic order. `path`: the pairs to contract, as positions in the
/// shrinking list; from left to right without one.
Tensor einsum(std::string_view equation, TensorList operands, OptionalIntArrayRef path = std::nullopt);
/// Sums over dims_a of a and dims_b of b: the result has the other dimensions of a, then those of b.
Tensor tensordot(const Tensor& a, const Tensor& b, IntArrayRef dims_a, IntArrayRef dims_b);
/// Every element of a times the whole of b.
Tensor kron(const Tensor& a, const Tensor& b);
/// [k] [k] -> [].
Tensor vdot(const Tensor& a, const Tensor& b);
/// Sum over the last dimensions of both.
Tensor inner(const Tensor& a, const Tensor& b);
/// outer.
Tensor ger(const Tensor& a, const Tensor& b);
/// a x b along the dimension of size 3: `dim`, or the first that has it.  ga = b x g, gb = g x a.
Tensor cross(const Tensor& a, const Tensor& b, std::optional<int64_t> dim = std::nullopt);
/// The product of matrices, in the order that needs the fewest multiplications.
Tensor chain_matmul(TensorList matrices);

/// beta x + alpha (a b): a matrix times a vector, the sum of a batch of products, an outer product, a batch of
/// products.
Tensor addmv(const Tensor& x, const Tensor& a, const Tensor& b, const Scalar& beta = 1, const Scalar& alpha = 1);
Tensor addbmm(const Tensor& x, const Tensor& a, const Tensor& b, const Scalar& beta = 1, const Scalar& alpha = 1);
Tensor addr(const Tensor& x, const Tensor& a, const Tensor& b, const Scalar& beta = 1, const Scalar& alpha = 1);
Tensor baddbmm(const Tensor& x, const Tensor& a, const Tensor& b, const Scalar& beta = 1, const Scalar& alpha = 1);

/// x1^T W_k x2 + b_k for every k: [..., m] [..., n] [out, m, n] [out] -> [..., out]; without b if it is undefined.
/// gx1_i = sum over k, j of g_k W_kij x2_j, gx2 likewise, gW_kij = the sum of g_k x1_i x2_j.
Tensor bilinear(const Tensor& x1, const Tensor& x2, const Tensor& weight, const Tensor& bias = {});

/// The p-norms of all differences of rows, [..., n, d] [..., m, d] -> [..., n, m]. For p = 2 by a product of matrices
/// if compute_mode is 1, or is not given (0) and there are more than 25 rows; 2: never. ga_i = sum over j of g_ij (a_i
/// - b_j) |a_i - b_j|^(p-2) / y_ij^(p-1), 0 where y = 0.
Tensor cdist(const Tensor& a, const Tensor& b, double p = 2, std::optional<int64_t> compute_mode = std::nullopt);

}  // namespace gradus
