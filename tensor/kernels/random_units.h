// Runs of unit uniforms from a generator's engine: what every distribution here is made of.
#pragma once
#include <algorithm>

#include "gradus/tensor/kernels/random_engine.h"

namespace gradus::kernels {

/// How many numbers are drawn at a time: a multiple of 16 that stays in the first cache.
inline constexpr int64_t unit_run = 512;

/// The next n <= unit_run numbers y = from + (to - from) u, u uniform on [0, 1).
void draw_uniform(Mt19937& engine, float* y, int64_t n, float from, float to);
void draw_uniform(Mt19937& engine, double* y, int64_t n, double from, double to);

/// Calls body(i, u) for i = 0 ... n - 1, u uniform on [0, 1) of 24 (float) or 53 (double) bits.
template <class T, class F>
void each_unit(Mt19937& engine, int64_t n, const F& body) {
  T u[unit_run];
  for (int64_t begin = 0; begin < n; begin += unit_run) {
    const int64_t m = (std::min)(n - begin, unit_run);
    draw_uniform(engine, u, m, T(0), T(1));
    for (int64_t i = 0; i < m; ++i) body(begin + i, u[i]);
  }
}

}  // namespace gradus::kernels
