#include <cmath>
#include <limits>

#include "gradus/tensor/error.h"
#include "gradus/tensor/kernels/random.h"
#include "gradus/tensor/kernels/random_engine.h"

namespace gradus::kernels {
namespace {

double unit(detail::GeneratorImpl& g) {
  return static_cast<double>(g.random64() & ((uint64_t{1} << 53) - 1)) * 0x1p-53;
}

// Multiplies uniforms until the product falls below e^-rate.
double by_products(detail::GeneratorImpl& g, double rate) {
  const double least = std::exp(-rate);
  double product = unit(g);
  double k = 0;
  for (; product > least; product *= unit(g)) ++k;
  return k;
}

// Hoermann's algorithm PTRS; the names of its constants are the paper's.
double by_rejection(detail::GeneratorImpl& g, double rate) {
  const double b = 0.931 + 2.53 * std::sqrt(rate), a = -0.059 + 0.02483 * b;
  const double inverse_alpha = 1.1239 + 1.1328 / (b - 3.4), v_r = 0.9277 - 3.6224 / (b - 2), log_rate = std::log(rate);
  for (;;) {
    const double u = unit(g) - 0.5, v = unit(g), us = 0.5 - std::fabs(u);
    const double at = std::floor((2 * a / us + b) * u + rate + 0.43);
    if (us >= 0.07 && v <= v_r) return at;
    if (at < 0 || (us < 0.013 && v > us)) continue;
    if (std::log(v) + std::log(inverse_alpha) - std::log(a / (us * us) + b) <=
        -rate + at * log_rate - std::lgamma(at + 1))
      return at;
  }
}

}  // namespace

template <class T>
void poisson(Generator& g, T* y, const T* rate, int64_t n) {
  for (int64_t i = 0; i < n; ++i)
    check(rate[i] >= 0 && rate[i] < std::numeric_limits<T>::infinity(),
          "poisson: invalid Poisson rate, expected rate to be non-negative and finite, got rate[", i, "] = ", rate[i]);
  const std::lock_guard lock(g.mutex());
  for (int64_t i = 0; i < n; ++i) {
    const auto r = static_cast<double>(rate[i]);
    const double k = r == 0 ? 0 : r < 10 ? by_products(g.impl(), r) : by_rejection(g.impl(), r);
    y[i] = static_cast<T>(k);
  }
}

template void poisson(Generator&, float*, const float*, int64_t);
template void poisson(Generator&, double*, const double*, int64_t);

}  // namespace gradus::kernels
