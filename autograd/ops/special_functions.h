// Functions of torch::special: those of Bessel, of the normal distribution, of Hurwitz, the gamma function of many
// dimensions. The other names of that space, for what has another name too, are in special_names.h.
#pragma once
#include "gradus/tensor/tensor.h"

namespace gradus {

/// Bessel's modified functions of the first kind of order 0 and 1.  i0: gx = g i1(x); i1: gx = g (i0(x) - i1(x) / x).
Tensor i0(const Tensor& x);
Tensor special_i1(const Tensor& x);
/// The same times e^-|x|.  i0e: gx = g (i1e(x) - sign(x) y); i1e: gx = g (i0e(x) - y (sign(x) + 1 / x)).
Tensor special_i0e(const Tensor& x);
Tensor special_i1e(const Tensor& x);
/// The normal distribution function, y = (1 + erf(x / 2^(1/2))) / 2;  gx = g e^(-x^2 / 2) / (2 pi)^(1/2).
Tensor special_ndtr(const Tensor& x);
/// Its inverse;  gx = g (2 pi)^(1/2) e^(y^2 / 2).
Tensor special_ndtri(const Tensor& x);
/// Its logarithm, also where ndtr(x) would be 0;  gx = g (2 / pi)^(1/2) / erfcx(-x / 2^(1/2)).
Tensor special_log_ndtr(const Tensor& x);
/// y = e^(x^2) erfc(x);  gx = g (2 x y - 2 / pi^(1/2)).
Tensor special_erfcx(const Tensor& x);
/// y = -x ln x, 0 at 0, -infinity below;  gx = -g (1 + ln x).
Tensor special_entr(const Tensor& x);
/// y = a ln(1 + b), 0 where a = 0;  ga = g ln(1 + b), 0 where a = 0 and b <= -1; gb = g a / (1 + b).
Tensor special_xlog1py(const Tensor& a, const Tensor& b);
Tensor special_xlog1py(const Tensor& a, const Scalar& b);
Tensor special_xlog1py(const Scalar& a, const Tensor& b);
/// Hurwitz' zeta function, the sum of (b + k)^-a over k >= 0, for a > 1;  gb = -g a zeta(a + 1, b). There is no
/// derivative by a: backward to it throws.
Tensor special_zeta(const Tensor& a, const Tensor& b);
Tensor special_zeta(const Tensor& a, const Scalar& b);
Tensor special_zeta(const Scalar& a, const Tensor& b);
/// The logarithm of the gamma function of p dimensions: p (p - 1) / 4 ln pi + sum of lgamma(x - j / 2) over 0 <= j < p.
Tensor mvlgamma(const Tensor& x, int64_t p);
/// x = mantissa 2^exponent with 1/2 <= |mantissa| < 1, the exponent int32;  gx = g / 2^exponent.
std::tuple<Tensor, Tensor> frexp(const Tensor& x);

}  // namespace gradus
