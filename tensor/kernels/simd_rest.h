// Per-lane versions until the vector ones land.
#pragma once
#include <cmath>

#include "gradus/tensor/kernels/simd.h"
namespace gradus::simd {
template <class T, int N, class F>
GRADUS_INLINE Vec<T, N> lanes(const Vec<T, N>& x, F f) {
  T a[N];
  x.store(a);
  for (int i = 0; i < N; ++i) a[i] = static_cast<T>(f(a[i]));
  return Vec<T, N>::load(a);
}
template <class T, int N, class F>
GRADUS_INLINE Vec<T, N> lanes2(const Vec<T, N>& x, const Vec<T, N>& y, F f) {
  T a[N], b[N];
  x.store(a);
  y.store(b);
  for (int i = 0; i < N; ++i) a[i] = static_cast<T>(f(a[i], b[i]));
  return Vec<T, N>::load(a);
}
template <class T, int N>
GRADUS_INLINE Vec<T, N> erfc(const Vec<T, N>& x) {
  return lanes(x, [](T v) { return std::erfc(v); });
}
template <class T, int N>
GRADUS_INLINE Vec<T, N> tan(const Vec<T, N>& x) {
  return lanes(x, [](T v) { return std::tan(v); });
}
template <class T, int N>
GRADUS_INLINE Vec<T, N> asin(const Vec<T, N>& x) {
  return lanes(x, [](T v) { return std::asin(v); });
}
template <class T, int N>
GRADUS_INLINE Vec<T, N> acos(const Vec<T, N>& x) {
  return lanes(x, [](T v) { return std::acos(v); });
}
template <class T, int N>
GRADUS_INLINE Vec<T, N> atan(const Vec<T, N>& x) {
  return lanes(x, [](T v) { return std::atan(v); });
}
template <class T, int N>
GRADUS_INLINE Vec<T, N> log2(const Vec<T, N>& x) {
  return lanes(x, [](T v) { return std::log2(v); });
}
template <class T, int N>
GRADUS_INLINE Vec<T, N> log10(const Vec<T, N>& x) {
  return lanes(x, [](T v) { return std::log10(v); });
}
template <class T, int N>
GRADUS_INLINE Vec<T, N> fmod(const Vec<T, N>& a, const Vec<T, N>& b) {
  return lanes2(a, b, [](T x, T y) {
    if constexpr (std::is_integral_v<T>)
      return y == 0 ? T(0) : x % y;
    else
      return std::fmod(x, y);
  });
}
template <class T, int N>
GRADUS_INLINE Vec<T, N> remainder(const Vec<T, N>& a, const Vec<T, N>& b) {
  auto r = fmod(a, b);
  return where((r != 0) & ((r < 0) ^ (b < 0)), r + b, r);
}
}  // namespace gradus::simd
