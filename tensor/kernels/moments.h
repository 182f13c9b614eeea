// Mean and variance of consecutive elements.
#pragma once
#include "gradus/tensor/kernels/sweep.h"

namespace gradus::kernels {

/// Moments of a row around a guess of its mean, 0 if it is not centered: what is missing to the mean, and the mean
/// square of the deviations from the mean.
template <class T>
struct Moments {
  T guess, missing, square;
  T mean() const { return guess + missing; }
  // Did square = mean of (x - guess)^2 - missing^2 lose more than a bit? It does if the guess is far off.
  bool poor() const { return missing * missing > square; }
};

/// The mean of a row's first vector.
template <class V>
GRADUS_INLINE typename V::value_type first_guess(const typename V::value_type* x, int64_t k) {
  using T = typename V::value_type;
  return k < V::size ? reduce_add(V::load(x, k)) / static_cast<T>(k) : reduce_add(V::load(x)) * (T(1) / V::size);
}

/// Asks ahead for x and for the result y.
template <class V, bool Centered, class T = typename V::value_type>
GRADUS_INLINE Moments<T> moments_around(T guess, const T* x, T* y, int64_t k) {
  const T inverse_k = T(1) / static_cast<T>(k);
  const V middle = V::all(guess);
  Chains<V> off, squares;
  sweep_chains<V>(
      k,
      [&](int64_t i, auto part) {
        simd::ask_ahead(x + i);
        simd::ask_ahead(y + i);
        const V d = part.keep(part.load(x + i) - middle, 0);
        if (Centered) off.add(d, part);
        squares.add(d * d, part);
      },
      [&] {
        off.flush();
        squares.flush();
      });
  const T missing = Centered ? off.sum() * inverse_k : T(0);
  return {guess, missing, squares.sum() * inverse_k - missing * missing};
}

/// In one pass, or two if the first vector is a poor guess.
template <class V, bool Centered, class T = typename V::value_type>
GRADUS_INLINE Moments<T> moments(const T* x, T* y, int64_t k) {
  if (!Centered) return moments_around<V, Centered>(T(0), x, y, k);
  const Moments<T> m = moments_around<V, Centered>(first_guess<V>(x, k), x, y, k);
  return m.poor() ? moments_around<V, Centered>(m.mean(), x, y, k) : m;
}

}  // namespace gradus::kernels
