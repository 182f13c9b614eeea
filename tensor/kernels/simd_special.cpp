#include "gradus/tensor/kernels/simd_special.h"

#include <cmath>
#include <initializer_list>
#include <limits>
#include <numbers>

namespace gradus::simd::detail {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity(), none = std::numeric_limits<double>::epsilon() / 4;

// Of the highest power first.
double polynomial(double x, std::initializer_list<double> coefficients) {
  double y = 0;
  for (double c : coefficients) y = y * x + c;
  return y;
}

// In two parts: what the rounding of x^2 loses would be the error of its power.
double exp_square(double x) {
  const double square = x * x;
  return std::exp(square) * (1 + std::fma(x, x, -square));
}

}  // namespace

/// Abramowitz and Stegun, Handbook of Mathematical Functions, 9.6.10: the series, all of whose terms are positive; from
/// |x| = 20 on 9.7.1: the asymptotic one, whose smallest term is e^-40 there.
double bessel_i_lane(int order, double x, bool scaled) {
  const double a = std::fabs(x);
  if (a == infinity) return scaled ? std::copysign(0.0, order ? x : a) : order ? x : a;
  double term = order == 0 || a >= 20 ? 1 : a / 2, sum = term;
  if (a < 20) {
    for (int k = 1; term > none * sum; ++k) sum += term *= a * a / 4 / (k * (k + order));
    if (scaled) sum *= std::exp(-a);
  } else {
    for (int k = 1; std::fabs(term) > none * sum; ++k)
      sum += term *= ((2 * k - 1) * (2 * k - 1) - 4 * order) / (8 * a * k);
    sum /= std::sqrt(2 * std::numbers::pi) * std::sqrt(a);
    const double half = std::exp(a / 2);  // e^a alone would overflow before the result does
    if (!scaled) sum = sum * half * half;
  }
  return std::copysign(sum, order == 0 ? 1.0 : x) + (x - x);  // NaN stays
}

/// Abramowitz and Stegun, 7.1.23: the asymptotic series from 10 on, where its smallest term is e^-100.
double erfcx_lane(double x) {
  if (x < -27) return infinity;
  if (x < 10) return exp_square(x) * std::erfc(x);
  double term = 1, sum = 1;
  for (int k = 1; std::fabs(term) > none; ++k) sum += term *= -(2 * k - 1) / (2 * x * x);
  return sum / x * std::numbers::inv_sqrtpi;
}

/// S. Moshier, Cephes Math Library, ndtri.c: rational functions of p - 1/2, and of (-2 ln p)^(-1/2) in the tails.
double ndtri_lane(double p) {
  if (p == 0) return -infinity;
  if (p == 1) return infinity;
  if (!(p > 0 && p < 1)) return std::numeric_limits<double>::quiet_NaN();
  constexpr double tail = 0.13533528323661269189;  // e^-2
  const bool upper = p > 1 - tail;
  const double q = upper ? 1 - p : p;
  if (q > tail) {
    const double y = q - 0.5, z = y * y;
    const double top = polynomial(z, {-5.99633501014107895267E1, 9.80010754185999661536E1, -5.66762857469070293439E1,
                                      1.39312609387279679503E1, -1.23916583867381258016E0});
    const double bottom =
        polynomial(z, {1.0, 1.95448858338141759834E0, 4.67627912898881538453E0, 8.63602421390890590575E1,
                       -2.25462687854119370527E2, 2.00260212380060660359E2, -8.20372256168333339912E1,
                       1.59056225126211695515E1, -1.18331621121330003142E0});
    return (y + y * (z * top / bottom)) * 2.50662827463100050242E0;  // (2 pi)^(1/2)
  }
  const double x = std::sqrt(-2 * std::log(q)), z = 1 / x;
  const bool far = x >= 8;
  const double top =
      far ? polynomial(z, {3.23774891776946035970E0, 6.91522889068984211695E0, 3.93881025292474443415E0,
                           1.33303460815807542389E0, 2.01485389549179081538E-1, 1.23716634817820021358E-2,
                           3.01581553508235416007E-4, 2.65806974686737550832E-6, 6.23974539184983293730E-9})
          : polynomial(z, {4.05544892305962419923E0, 3.15251094599893866154E1, 5.71628192246421288162E1,
                           4.40805073893200834700E1, 1.46849561928858024014E1, 2.18663306850790267539E0,
                           -1.40256079171354495875E-1, -3.50424626827848203418E-2, -8.57456785154685413611E-4});
  const double bottom =
      far ? polynomial(z, {1.0, 6.02427039364742014255E0, 3.67983563856160859403E0, 1.37702099489081330271E0,
                           2.16236993594496635890E-1, 1.34204006088543189037E-2, 3.28014464682127739104E-4,
                           2.89247864745380683936E-6, 6.79019408009981274425E-9})
          : polynomial(z, {1.0, 1.57799883256466749731E1, 4.53907635128879210584E1, 4.13172038254672030440E1,
                           1.50425385692907503408E1, 2.50464946208309415979E0, -1.42182922854787788574E-1,
                           -3.80806407691578277194E-2, -9.33259480895457427372E-4});
  const double y = x - std::log(x) / x - z * top / bottom;
  return upper ? y : -y;
}

double mantissa_lane(double x) {
  int exponent = 0;
  return std::frexp(x, &exponent);
}

double exponent_lane(double x) {
  int exponent = 0;
  if (std::isfinite(x)) std::frexp(x, &exponent);
  return exponent;
}

}  // namespace gradus::simd::detail
