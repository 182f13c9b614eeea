// Arithmetic: sums, products, quotients, powers, bounds. Two operands broadcast and promote as in PyTorch.
#pragma once
#include <string_view>

#include "gradus/tensor/tensor.h"

namespace gradus {

/// y = a + alpha b;  ga = g, gb = alpha g.
Tensor add(const Tensor& a, const Tensor& b, const Scalar& alpha = 1);
Tensor add(const Tensor& a, const Scalar& b, const Scalar& alpha = 1);
/// y = a - alpha b;  ga = g, gb = -alpha g.
Tensor sub(const Tensor& a, const Tensor& b, const Scalar& alpha = 1);
Tensor sub(const Tensor& a, const Scalar& b, const Scalar& alpha = 1);
/// y = a b;  ga = g b, gb = g a.
Tensor mul(const Tensor& a, const Tensor& b);
Tensor mul(const Tensor& a, const Scalar& b);
/// y = a / b, in floating point;  ga = g / b, gb = -g a / b^2.
Tensor div(const Tensor& a, const Tensor& b);
Tensor div(const Tensor& a, const Scalar& b);
/// a / b rounded: towards zero ("trunc"), downwards ("floor"), or not at all (nullopt). Rounded, integers stay integers
/// and the derivative is zero.
Tensor div(const Tensor& a, const Tensor& b, std::optional<std::string_view> rounding_mode);
Tensor div(const Tensor& a, const Scalar& b, std::optional<std::string_view> rounding_mode);
/// a / b rounded downwards; no derivative.
Tensor floor_divide(const Tensor& a, const Tensor& b);
Tensor floor_divide(const Tensor& a, const Scalar& b);
/// y = b - alpha a.
Tensor rsub(const Tensor& a, const Tensor& b, const Scalar& alpha = 1);
Tensor rsub(const Tensor& a, const Scalar& b, const Scalar& alpha = 1);
/// y = -x;  gx = -g.
Tensor neg(const Tensor& x);
/// y = |x|;  gx = g sign(x), 0 at 0.
Tensor abs(const Tensor& x);
/// -1, 0 or 1; its derivative is zero.
Tensor sign(const Tensor& x);
/// The same for real numbers.
Tensor sgn(const Tensor& x);
/// y = 1 / x;  gx = -g y^2.
Tensor reciprocal(const Tensor& x);
/// y = x^2;  gx = 2 g x.
Tensor square(const Tensor& x);
/// y = x^(1/2);  gx = g / (2 y).
Tensor sqrt(const Tensor& x);
/// y = x^(-1/2);  gx = -g y^3 / 2.
Tensor rsqrt(const Tensor& x);
/// y = x^e;  gx = g e x^(e-1), ge = g y ln x (0 where x = 0 and e >= 0).
Tensor pow(const Tensor& x, const Scalar& e);
Tensor pow(const Tensor& x, const Tensor& e);
Tensor pow(const Scalar& x, const Tensor& e);
/// x^e in float64.
Tensor float_power(const Tensor& x, const Scalar& e);
Tensor float_power(const Tensor& x, const Tensor& e);
Tensor float_power(const Scalar& x, const Tensor& e);
/// The larger (smaller) of a and b, NaN if one is;  g goes to the one taken, half to each where they are equal.
Tensor maximum(const Tensor& a, const Tensor& b);
Tensor minimum(const Tensor& a, const Tensor& b);
inline Tensor(max)(const Tensor& a, const Tensor& b) { return maximum(a, b); }
inline Tensor(min)(const Tensor& a, const Tensor& b) { return minimum(a, b); }
/// min(max(x, lo), hi);  gx = g where lo <= x <= hi, else 0.
Tensor clamp(const Tensor& x, const std::optional<Scalar>& min, const std::optional<Scalar>& max = std::nullopt);
Tensor clamp_min(const Tensor& x, const Scalar& min);
Tensor clamp_max(const Tensor& x, const Scalar& max);
/// Bounds that broadcast with x;  g goes to x where lo <= x <= hi, to the bound elsewhere.
Tensor clamp(const Tensor& x, const std::optional<Tensor>& min = {}, const std::optional<Tensor>& max = {});
Tensor clamp_min(const Tensor& x, const Tensor& min);
Tensor clamp_max(const Tensor& x, const Tensor& max);
/// y = a + w (b - a);  ga = (1 - w) g, gb = w g.
Tensor lerp(const Tensor& a, const Tensor& b, const Scalar& weight);
/// The same with gw = g (b - a).
Tensor lerp(const Tensor& a, const Tensor& b, const Tensor& weight);
/// y = x + v a b;  gx = g, ga = v g b, gb = v g a.
Tensor addcmul(const Tensor& x, const Tensor& a, const Tensor& b, const Scalar& value = 1);
/// y = x + v a / b;  gx = g, ga = v g / b, gb = -v g a / b^2.
Tensor addcdiv(const Tensor& x, const Tensor& a, const Tensor& b, const Scalar& value = 1);
/// a - b trunc(a / b): the remainder with a's sign;  ga = g, gb = -g trunc(a / b).
Tensor fmod(const Tensor& a, const Tensor& b);
Tensor fmod(const Tensor& a, const Scalar& b);
/// a - b floor(a / b): the remainder with b's sign;  ga = g, gb = -g floor(a / b).
Tensor remainder(const Tensor& a, const Tensor& b);
Tensor remainder(const Tensor& a, const Scalar& b);

inline Tensor operator+(const Tensor& a, const Tensor& b) { return add(a, b); }
inline Tensor operator+(const Tensor& a, const Scalar& b) { return add(a, b); }
inline Tensor operator+(const Scalar& a, const Tensor& b) { return add(b, a); }
inline Tensor operator-(const Tensor& a, const Tensor& b) { return sub(a, b); }
inline Tensor operator-(const Tensor& a, const Scalar& b) { return sub(a, b); }
Tensor operator-(const Scalar& a, const Tensor& b);
inline Tensor operator*(const Tensor& a, const Tensor& b) { return mul(a, b); }
inline Tensor operator*(const Tensor& a, const Scalar& b) { return mul(a, b); }
inline Tensor operator*(const Scalar& a, const Tensor& b) { return mul(b, a); }
inline Tensor operator/(const Tensor& a, const Tensor& b) { return div(a, b); }
inline Tensor operator/(const Tensor& a, const Scalar& b) { return div(a, b); }
Tensor operator/(const Scalar& a, const Tensor& b);
inline Tensor operator%(const Tensor& a, const Tensor& b) { return remainder(a, b); }
inline Tensor operator%(const Tensor& a, const Scalar& b) { return remainder(a, b); }

/// a += b for two tensors of one shape and type, unseen by autograd: how the engine sums gradients.
void add_into(const Tensor& a, const Tensor& b);

}  // namespace gradus
