// Elementary functions, pointwise. Integers are taken as the default floating point type.
#pragma once
#include "gradus/tensor/tensor.h"

namespace gradus {

/// y = e^x;  gx = g y.
Tensor exp(const Tensor& x);
/// y = 2^x;  gx = g y ln 2.
Tensor exp2(const Tensor& x);
/// y = e^x - 1, exact near 0;  gx = g (y + 1).
Tensor expm1(const Tensor& x);
/// y = ln x;  gx = g / x.
Tensor log(const Tensor& x);
/// y = log2 x;  gx = g / (x ln 2).
Tensor log2(const Tensor& x);
/// y = log10 x;  gx = g / (x ln 10).
Tensor log10(const Tensor& x);
/// y = ln(1 + x), exact near 0;  gx = g / (1 + x).
Tensor log1p(const Tensor& x);
/// y = sin x;  gx = g cos x.
Tensor sin(const Tensor& x);
/// y = cos x;  gx = -g sin x.
Tensor cos(const Tensor& x);
/// y = tan x;  gx = g (1 + y^2).
Tensor tan(const Tensor& x);
/// y = arcsin x;  gx = g / sqrt(1 - x^2).
Tensor asin(const Tensor& x);
/// y = arccos x;  gx = -g / sqrt(1 - x^2).
Tensor acos(const Tensor& x);
/// y = arctan x;  gx = g / (1 + x^2).
Tensor atan(const Tensor& x);
/// y = sinh x;  gx = g cosh x.
Tensor sinh(const Tensor& x);
/// y = cosh x;  gx = g sinh x.
Tensor cosh(const Tensor& x);
/// y = arsinh x;  gx = g / sqrt(x^2 + 1).
Tensor asinh(const Tensor& x);
/// y = arcosh x;  gx = g / sqrt(x^2 - 1).
Tensor acosh(const Tensor& x);
/// y = artanh x;  gx = g / (1 - x^2).
Tensor atanh(const Tensor& x);
/// y = tanh x;  gx = g (1 - y^2).
Tensor tanh(const Tensor& x);
/// y = 2 / sqrt(pi) * integral of e^(-t^2) from 0 to x;  gx = g 2 / sqrt(pi) e^(-x^2).
Tensor erf(const Tensor& x);
/// y = 1 - erf x, exact for large x;  gx = -g 2 / sqrt(pi) e^(-x^2).
Tensor erfc(const Tensor& x);
/// The next integer downwards; its derivative is zero.
Tensor floor(const Tensor& x);
/// The next integer upwards; its derivative is zero.
Tensor ceil(const Tensor& x);
/// The nearest integer, the even one of two; its derivative is zero.
Tensor round(const Tensor& x);
/// The nearest multiple of 10^-decimals; its derivative is zero.
Tensor round(const Tensor& x, int64_t decimals);
/// The next integer towards zero; its derivative is zero.
Tensor trunc(const Tensor& x);
/// y = x - trunc x;  gx = g.
Tensor frac(const Tensor& x);
/// Degrees to radians, y = x pi / 180, and back.
Tensor deg2rad(const Tensor& x);
Tensor rad2deg(const Tensor& x);

}  // namespace gradus
