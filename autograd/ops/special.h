// Special functions and others of one or two operands, pointwise. Integers are taken as the default floating point
// type.
#pragma once
#include "gradus/tensor/tensor.h"

namespace gradus {

/// The inverse of erf;  gx = g sqrt(pi) / 2 e^(y^2).
Tensor erfinv(const Tensor& x);
/// y = ln |Gamma(x)|;  gx = g digamma(x).
Tensor lgamma(const Tensor& x);
/// y = (ln Gamma)'(x);  gx = g polygamma(1, x).
Tensor digamma(const Tensor& x);
/// The n-th derivative of digamma: (-1)^(n+1) n! sum of 1 / (x + k)^(n+1) over k >= 0;  gx = g polygamma(n + 1, x).
Tensor polygamma(int64_t n, const Tensor& x);
/// y = sin(pi x) / (pi x), 1 at 0;  gx = g (cos(pi x) - y) / x.
Tensor sinc(const Tensor& x);
/// y = ln(x / (1 - x)), x first brought into [eps, 1 - eps] if given;  gx = g / (x (1 - x)), 0 outside of that.
Tensor logit(const Tensor& x, std::optional<double> eps = std::nullopt);
/// x with NaN, infinity and -infinity replaced: by 0 and the greatest and least number unless told;  gx = g where x is
/// finite, else 0.
Tensor nan_to_num(const Tensor& x, std::optional<double> nan = std::nullopt,
                  std::optional<double> posinf = std::nullopt, std::optional<double> neginf = std::nullopt);

/// y = a ln b, 0 where a = 0;  ga = g ln b, 0 where a = 0 and b <= 0; gb = g a / b.
Tensor xlogy(const Tensor& a, const Tensor& b);
Tensor xlogy(const Tensor& a, const Scalar& b);
Tensor xlogy(const Scalar& a, const Tensor& b);
/// y = ln(e^a + e^b) without overflow;  ga = g / (1 + e^(b - a)), gb = g / (1 + e^(a - b)). logaddexp2: with base 2.
Tensor logaddexp(const Tensor& a, const Tensor& b);
Tensor logaddexp2(const Tensor& a, const Tensor& b);
/// The angle of the point (b, a), in (-pi, pi];  ga = g b / (a^2 + b^2), gb = -g a / (a^2 + b^2).
Tensor atan2(const Tensor& a, const Tensor& b);
/// y = (a^2 + b^2)^(1/2) without overflow;  ga = g a / y, gb = g b / y.
Tensor hypot(const Tensor& a, const Tensor& b);
/// |a| with b's sign;  ga = g where the signs agree, -g where not, 0 where a = 0; gb = 0.
Tensor copysign(const Tensor& a, const Tensor& b);
Tensor copysign(const Tensor& a, const Scalar& b);
/// 0 where a < 0, 1 where a > 0, `values` where a = 0; no derivative.
Tensor heaviside(const Tensor& a, const Tensor& values);
/// The larger (smaller) of a and b, the other where one is NaN;  g goes to the one taken, to a where they are equal.
Tensor fmax(const Tensor& a, const Tensor& b);
Tensor fmin(const Tensor& a, const Tensor& b);
/// y = a 2^b;  ga = g 2^b, gb = g y ln 2.
Tensor ldexp(const Tensor& a, const Tensor& b);
/// The number next to a in the direction of b;  ga = g, gb = 0.
Tensor nextafter(const Tensor& a, const Tensor& b);
/// The greatest common divisor, the least common multiple of integers.
Tensor gcd(const Tensor& a, const Tensor& b);
Tensor lcm(const Tensor& a, const Tensor& b);

}  // namespace gradus
