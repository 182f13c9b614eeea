#include "gradus/tensor/kernels/simd_lanes.h"

#include <cmath>
#include <initializer_list>
#include <limits>
#include <numeric>

namespace gradus::simd::detail {

/// Hurwitz' zeta function, the sum of (q + k)^-s over k >= 0: nine terms and Euler-Maclaurin's formula for the rest.
/// S. Moshier, Cephes Math Library, zeta.c.
double zeta_lane(double s, double q) {
  constexpr double none = std::numeric_limits<double>::epsilon() / 2;
  constexpr double inf = std::numeric_limits<double>::infinity();
  if (s == 1) return inf;
  if (s < 1) return std::numeric_limits<double>::quiet_NaN();
  if (q <= 0 && q == std::floor(q)) return inf;
  if (q <= 0 && s != std::floor(s)) return std::numeric_limits<double>::quiet_NaN();
  if (q == inf) return 0;
  double sum = std::pow(q, -s), a = q, b = 0;
  for (int i = 0; i < 9 || a <= 9; ++i) {
    a += 1;
    b = std::pow(a, -s);
    sum += b;
    if (std::fabs(b) < none * std::fabs(sum)) return sum;
  }
  sum += b * a / (s - 1) - 0.5 * b;
  double factor = 1, k = 0;
  // (2 j)! / B_2j, B being Bernoulli's numbers
  for (double c : {12.0, -720.0, 30240.0, -1209600.0, 47900160.0, -1.8924375803183791606e9, 7.47242496e10,
                   -2.950130727918164224e12, 1.1646782814350067249e14, -4.5979787224074726105e15,
                   1.8152105401943546773e17, -7.1661652561756670113e18}) {
    factor *= s + k;
    b /= a;
    const double term = factor * b / c;
    sum += term;
    if (std::fabs(term) < none * std::fabs(sum)) break;
    factor *= s + k + 1;
    b /= a;
    k += 2;
  }
  return sum;
}

double polygamma_lane(int64_t n, double x) {
  const auto m = static_cast<double>(n);
  return (n % 2 ? 1 : -1) * std::tgamma(m + 1) * zeta_lane(m + 1, x);
}

float next_lane(float a, float b) { return std::nextafter(a, b); }
double next_lane(double a, double b) { return std::nextafter(a, b); }
int64_t gcd_lane(int64_t a, int64_t b) { return std::gcd(a, b); }

}  // namespace gradus::simd::detail
