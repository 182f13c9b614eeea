// QR decomposition by Householder reflections.
#pragma once
#include <tuple>

#include "gradus/tensor/tensor.h"

namespace gradus::kernels {

/// x = Q R of x [m, n], double, m >= n: Q [m, n] with orthonormal columns and R [n, n], upper triangular. The signs are
/// LAPACK's: each reflection gives the diagonal the sign opposite to the element it starts from.
/// Golub, Van Loan, Matrix Computations, 5.2.
std::tuple<Tensor, Tensor> qr(const Tensor& x);

}  // namespace gradus::kernels
