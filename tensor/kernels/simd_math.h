// Temporary per-lane versions.
#pragma once
#include <cmath>
#include "gradus/tensor/kernels/simd.h"
namespace gradus::simd {
template <class T, int N, class F> GRADUS_INLINE Vec<T, N> lanes(const Vec<T, N>& x, F f) { T a[N]; x.store(a); for (int i = 0; i < N; ++i) a[i] = static_cast<T>(f(a[i])); return Vec<T, N>::load(a); }
template <class T, int N, class F> GRADUS_INLINE Vec<T, N> lanes2(const Vec<T, N>& x, const Vec<T, N>& y, F f) { T a[N], b[N]; x.store(a); y.store(b); for (int i = 0; i < N; ++i) a[i] = static_cast<T>(f(a[i], b[i])); return Vec<T, N>::load(a); }
template <class T, int N> GRADUS_INLINE Vec<T, N> exp2(const Vec<T, N>& x) { return lanes(x, [](T v) { return std::exp2(v); }); }
template <class T, int N> GRADUS_INLINE Vec<T, N> exp(const Vec<T, N>& x) { return lanes(x, [](T v) { return std::exp(v); }); }
template <class T, int N> GRADUS_INLINE Vec<T, N> expm1(const Vec<T, N>& x) { return lanes(x, [](T v) { return std::expm1(v); }); }
template <class T, int N> GRADUS_INLINE Vec<T, N> log(const Vec<T, N>& x) { return lanes(x, [](T v) { return std::log(v); }); }
template <class T, int N> GRADUS_INLINE Vec<T, N> log2(const Vec<T, N>& x) { return lanes(x, [](T v) { return std::log2(v); }); }
template <class T, int N> GRADUS_INLINE Vec<T, N> log10(const Vec<T, N>& x) { return lanes(x, [](T v) { return std::log10(v); }); }
template <class T, int N> GRADUS_INLINE Vec<T, N> log1p(const Vec<T, N>& x) { return lanes(x, [](T v) { return std::log1p(v); }); }
template <class T, int N> GRADUS_INLINE Vec<T, N> sin(const Vec<T, N>& x) { return lanes(x, [](T v) { return std::sin(v); }); }
template <class T, int N> GRADUS_INLINE Vec<T, N> cos(const Vec<T, N>& x) { return lanes(x, [](T v) { return std::cos(v); }); }
template <class T, int N> GRADUS_INLINE Vec<T, N> tan(const Vec<T, N>& x) { return lanes(x, [](T v) { return std::tan(v); }); }
template <class T, int N> GRADUS_INLINE Vec<T, N> asin(const Vec<T, N>& x) { return lanes(x, [](T v) { return std::asin(v); }); }
template <class T, int N> GRADUS_INLINE Vec<T, N> acos(const Vec<T, N>& x) { return lanes(x, [](T v) { return std::acos(v); }); }
template <class T, int N> GRADUS_INLINE Vec<T, N> atan(const Vec<T, N>& x) { return lanes(x, [](T v) { return std::atan(v); }); }
template <class T, int N> GRADUS_INLINE Vec<T, N> sinh(const Vec<T, N>& x) { return lanes(x, [](T v) { return std::sinh(v); }); }
template <class T, int N> GRADUS_INLINE Vec<T, N> cosh(const Vec<T, N>& x) { return lanes(x, [](T v) { return std::cosh(v); }); }
template <class T, int N> GRADUS_INLINE Vec<T, N> tanh(const Vec<T, N>& x) { return lanes(x, [](T v) { return std::tanh(v); }); }
template <class T, int N> GRADUS_INLINE Vec<T, N> erf(const Vec<T, N>& x) { return lanes(x, [](T v) { return std::erf(v); }); }
template <class T, int N> GRADUS_INLINE Vec<T, N> erfc(const Vec<T, N>& x) { return lanes(x, [](T v) { return std::erfc(v); }); }
template <class T, int N> GRADUS_INLINE Vec<T, N> floor(const Vec<T, N>& x) { return lanes(x, [](T v) { return std::floor(v); }); }
template <class T, int N> GRADUS_INLINE Vec<T, N> ceil(const Vec<T, N>& x) { return lanes(x, [](T v) { return std::ceil(v); }); }
template <class T, int N> GRADUS_INLINE Vec<T, N> trunc(const Vec<T, N>& x) { return lanes(x, [](T v) { return std::trunc(v); }); }
template <class T, int N> GRADUS_INLINE Vec<T, N> sqrt(const Vec<T, N>& x) { return lanes(x, [](T v) { return std::sqrt(v); }); }
template <class T, int N> GRADUS_INLINE Vec<T, N> round(const Vec<T, N>& x) { return lanes(x, [](T v) { return std::nearbyint(v); }); }
template <class T, int N> GRADUS_INLINE Vec<T, N> abs(const Vec<T, N>& x) { return where(x < 0, -x, where(x == 0, 0, x)); }
template <class T, int N> GRADUS_INLINE Vec<T, N> sign(const Vec<T, N>& x) { return where(x > 0, 1, where(x < 0, -1, x)); }
template <class T, int N> GRADUS_INLINE Vec<T, N> maximum(const Vec<T, N>& a, const Vec<T, N>& b) { return where((a != a) | (a > b), a, b); }
template <class T, int N> GRADUS_INLINE Vec<T, N> minimum(const Vec<T, N>& a, const Vec<T, N>& b) { return where((a != a) | (a < b), a, b); }
template <class T, int N, Number<T> A> GRADUS_INLINE Vec<T, N> maximum(const Vec<T, N>& a, const A& b) { return maximum(a, Vec<T, N>(b)); }
template <class T, int N, Number<T> A> GRADUS_INLINE Vec<T, N> minimum(const Vec<T, N>& a, const A& b) { return minimum(a, Vec<T, N>(b)); }
template <class T, int N> GRADUS_INLINE Vec<T, N> pow(const Vec<T, N>& a, const Vec<T, N>& b) { return lanes2(a, b, [](T x, T y) { return std::pow(x, y); }); }
template <class T, int N, Number<T> A> GRADUS_INLINE Vec<T, N> pow(const Vec<T, N>& a, const A& b) { return pow(a, Vec<T, N>(b)); }
template <class T, int N> GRADUS_INLINE Vec<T, N> fmod(const Vec<T, N>& a, const Vec<T, N>& b) { return lanes2(a, b, [](T x, T y) { if constexpr (std::is_integral_v<T>) return y == 0 ? T(0) : x % y; else return std::fmod(x, y); }); }
template <class T, int N> GRADUS_INLINE Vec<T, N> remainder(const Vec<T, N>& a, const Vec<T, N>& b) { auto r = fmod(a, b); return where((r != 0) & ((r < 0) ^ (b < 0)), r + b, r); }
template <class T, int N> GRADUS_INLINE Mask<T, N> isnan(const Vec<T, N>& a) { return a != a; }
template <class T, int N> GRADUS_INLINE Vec<T, N> sigmoid(const Vec<T, N>& a) { auto e = exp(-abs(a)); return where(a >= 0, 1 / (1 + e), e / (1 + e)); }
template <class T, int N> GRADUS_INLINE Vec<T, N> integer_power(const Vec<T, N>& x, const Vec<T, N>& e) { return lanes2(x, e, [](T b, T n) { T r = 1; for (; n > 0; n /= 2) { if (n % 2 == 1) r *= b; b *= b; } return r; }); }
template <class T, int N, Number<T> A> GRADUS_INLINE Vec<T, N> integer_power(const Vec<T, N>& x, const A& e) { return integer_power(x, Vec<T, N>(e)); }
}  // namespace gradus::simd
