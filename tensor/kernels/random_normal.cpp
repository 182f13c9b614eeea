// Normal numbers as PyTorch makes them: doubles by the C library, floats by the Cephes polynomials of its AVX2 path.
#include <cmath>
#include <numbers>

#include "gradus/tensor/error.h"
#include "gradus/tensor/kernels/float16.h"
#include "gradus/tensor/kernels/random.h"
#include "gradus/tensor/kernels/random_units.h"

namespace gradus::kernels {

namespace {

using F8 = simd::Vec<float, 8>;

// Cephes logf for x > 0 (Moshier, "Methods and Programs for Mathematical Functions", 1989), fused where PyTorch's is.
GRADUS_INLINE F8 cephes_log(const F8& x0) {
  const auto bits = simd::as_int(x0).v;
  const auto half = (bits & ~0x7f800000) | 0x3f000000;
  F8 x = simd::as_float<float>(simd::Vec<int32_t, 8>(half));
  F8 e = F8(__builtin_convertvector((bits >> 23) - 126, F8::R));
  const auto small = x < 0.707106781186547524F;
  const F8 more = where(small, x, 0.0F);
  e = where(small, e - 1.0F, e);
  x = (x - 1.0F) + more;
  const F8 z = x * x;
  F8 y = fused(F8(7.0376836292E-2F), x, F8(-1.1514610310E-1F));
  for (const float c : {1.1676998740E-1F, -1.2420140846E-1F, 1.4249322787E-1F, -1.6668057665E-1F, 2.0000714765E-1F,
                        -2.4999993993E-1F, 3.3333331174E-1F})
    y = fused(y, x, F8(c));
  y = fused(y * x, z, e * -2.12194440e-4F);
  y = fused(z, F8(-0.5F), y);
  return fused(e, F8(0.693359375F), x + y);
}

// Cephes sinf and cosf for 0 <= x < 8192: x = y pi/4 + r, |r| <= pi/4, y even; the octant chooses polynomial and sign.
GRADUS_INLINE void cephes_sincos(const F8& x0, F8& sin, F8& cos) {
  const auto octant = (__builtin_convertvector((x0 * 1.27323954473516F).v, F8::I) + 1) & ~1;
  const F8 y(__builtin_convertvector(octant, F8::R));
  F8 x = fused(y, F8(-0.78515625F), x0);
  x = fused(y, F8(-2.4187564849853515625e-4F), x);
  x = fused(y, F8(-3.77489497744594108e-8F), x);
  const F8 z = x * x;
  F8 c = fused(F8(2.443315711809948E-005F), z, F8(-1.388731625493765E-003F));
  c = fused(c, z, F8(4.166664568298827E-002F));
  c = fused(c * z, z, z * -0.5F) + 1.0F;
  F8 s = fused(F8(-1.9515295891E-4F), z, F8(8.3321608736E-3F));
  s = fused(s, z, F8(-1.6666654611E-1F));
  s = fused(s * z, x, x);
  const simd::Mask<float, 8> straight((octant & 2) == 0);
  const auto sin_sign = (octant & 4) << 29, cos_sign = (~(octant - 2) & 4) << 29;
  sin = simd::as_float<float>(simd::Vec<int32_t, 8>(simd::as_int(where(straight, s, c)).v ^ sin_sign));
  cos = simd::as_float<float>(simd::Vec<int32_t, 8>(simd::as_int(where(straight, c, s)).v ^ cos_sign));
}

struct BoxMuller {
  // Blocks of 16 uniforms: 8 for the radii sqrt(-2 log(1 - u)), 8 for the angles 2 pi v.
  template <class Arch>
  GRADUS_INLINE static void run(float* y, int64_t blocks, float mean, float std) {
    for (int64_t b = 0; b < blocks; ++b, y += 16) {
      const F8 log = cephes_log(1.0F - F8::load(y)) * -2.0F;
      F8 radius, sin, cos;
      for (int i = 0; i < 8; ++i) radius.v[i] = __builtin_sqrtf(log.v[i]);
      cephes_sincos(F8::load(y + 8) * static_cast<float>(2 * std::numbers::pi), sin, cos);
      fused(radius * cos, F8(std), F8(mean)).store(y);
      fused(radius * sin, F8(std), F8(mean)).store(y + 8);
    }
  }
};

void box_muller(float* y, int64_t blocks, float mean, float std) { simd::call<BoxMuller>(y, blocks, mean, std); }

void box_muller(double* y, int64_t blocks, double mean, double std) {
  for (int64_t b = 0; b < blocks; ++b, y += 16)
    for (int64_t i = 0; i < 8; ++i) {
      const double radius = std::sqrt(-2 * std::log(1 - y[i]));
      const double angle = 2 * std::numbers::pi * y[i + 8];
      y[i] = std::fma(radius * std::cos(angle), std, mean);
      y[i + 8] = std::fma(radius * std::sin(angle), std, mean);
    }
}

template <class T>
void fill(Mt19937& engine, T* y, int64_t n, T mean, T std) {
  static_assert(unit_run % 16 == 0);
  for (int64_t i = 0; i < n; i += unit_run) {
    const int64_t m = std::min(n - i, unit_run);
    draw_uniform(engine, y + i, m, T(0), T(1));
    box_muller(y + i, m / 16, mean, std);
  }
  if (n % 16 != 0) {
    draw_uniform(engine, y + n - 16, 16, T(0), T(1));
    box_muller(y + n - 16, 1, mean, std);
  }
}

// The same in float32, rounded. Here PyTorch draws whole blocks of 16 only, before it draws the last 16 anew.
template <class H>
void fill_rounded(Mt19937& engine, H* y, int64_t n, float mean, float std) {
  float wide[unit_run];
  const int64_t whole = n / 16 * 16;
  for (int64_t i = 0; i < whole; i += unit_run) {
    const int64_t m = std::min(whole - i, unit_run);
    fill(engine, wide, m, mean, std);
    narrow(wide, y + i, m);
  }
  if (whole == n) return;
  fill(engine, wide, 16, mean, std);
  narrow(wide, y + n - 16, 16);
}

double next_normal(detail::GeneratorImpl& g, double mean, double std) {
  if (g.next_double_normal) {
    const double kept = *g.next_double_normal;
    g.next_double_normal.reset();
    return std::fma(kept, std, mean);
  }
  const auto unit = [&] { return static_cast<double>(g.random64() & ((uint64_t{1} << 53) - 1)) * 0x1p-53; };
  const double u1 = unit(), u2 = unit();
  const double radius = std::sqrt(-2.0 * std::log1p(-u2));
  const double angle = 2.0 * std::numbers::pi * u1;
  g.next_double_normal = radius * std::sin(angle);
  return std::fma(radius * std::cos(angle), std, mean);
}

}  // namespace

template <class T>
void normal(Generator& g, T* y, int64_t n, double mean, double std) {
  if (n < 16) return normal_serial(g, y, n, mean, std);
  check(std >= 0, "normal_: normal expects std >= 0.0, but found std ", std);
  const std::lock_guard lock(g.mutex());
  if constexpr (is_float16_v<T>)
    fill_rounded(g.impl().engine, y, n, static_cast<float>(mean), static_cast<float>(std));
  else
    fill(g.impl().engine, y, n, static_cast<T>(mean), static_cast<T>(std));
}

template <class T>
void normal_serial(Generator& g, T* y, int64_t n, double mean, double std) {
  check(std >= 0, "normal_: normal expects std >= 0.0, but found std ", std);
  const std::lock_guard lock(g.mutex());
  for (int64_t i = 0; i < n; ++i) y[i] = static_cast<T>(next_normal(g.impl(), mean, std));
}

template <class T>
void log_normal(Generator& g, T* y, int64_t n, double mean, double std) {
  check(std > 0, "log_normal_ expects std > 0.0, but found std=", std);
  const std::lock_guard lock(g.mutex());
  for (int64_t i = 0; i < n; ++i) y[i] = static_cast<T>(std::exp(next_normal(g.impl(), mean, std)));
}

template void normal(Generator&, float*, int64_t, double, double);
template void normal(Generator&, double*, int64_t, double, double);
template void normal(Generator&, Half*, int64_t, double, double);
template void normal(Generator&, BFloat16*, int64_t, double, double);
template void normal_serial(Generator&, Half*, int64_t, double, double);
template void normal_serial(Generator&, BFloat16*, int64_t, double, double);
template void normal_serial(Generator&, float*, int64_t, double, double);
template void normal_serial(Generator&, double*, int64_t, double, double);
template void log_normal(Generator&, Half*, int64_t, double, double);
template void log_normal(Generator&, BFloat16*, int64_t, double, double);
template void log_normal(Generator&, float*, int64_t, double, double);
template void log_normal(Generator&, double*, int64_t, double, double);

}  // namespace gradus::kernels
