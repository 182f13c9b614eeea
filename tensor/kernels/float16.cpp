#include "gradus/tensor/kernels/float16.h"

#include "gradus/tensor/kernels/simd.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#endif

namespace gradus::kernels {
namespace {

// What the vector loops leave over, and what processors without conversion instructions run.
template <class H>
void widen_each(const H* x, float* y, int64_t n) {
  for (int64_t i = 0; i < n; ++i) y[i] = x[i];
}
template <class H>
void narrow_each(const float* x, H* y, int64_t n) {
  for (int64_t i = 0; i < n; ++i) y[i] = x[i];
}

#if defined(__x86_64__)

// F16C is a feature of its own, though every processor with AVX2 has it.
simd::Isa best() {
  static const simd::Isa isa = [] {
    unsigned a = 0, b = 0, c = 0, d = 0;
    const bool f16c = __get_cpuid(1, &a, &b, &c, &d) && (c & bit_F16C);
    return f16c ? simd::isa() : simd::Isa::base;
  }();
  return isa;
}

// With a mask: GCC 12 warns of what the plain intrinsics are made of.
constexpr __mmask16 all = 0xFFFF;
[[gnu::target("avx512f")]] int64_t widen_avx512(const Half* x, float* y, int64_t n) {
  int64_t i = 0;
  for (; i + 16 <= n; i += 16)
    _mm512_storeu_ps(y + i, _mm512_maskz_cvtph_ps(all, _mm256_loadu_si256(reinterpret_cast<const __m256i*>(x + i))));
  return i;
}
[[gnu::target("avx512f")]] int64_t narrow_avx512(const float* x, Half* y, int64_t n) {
  int64_t i = 0;
  for (; i + 16 <= n; i += 16)
    _mm256_storeu_si256(
        reinterpret_cast<__m256i*>(y + i),
        _mm512_maskz_cvtps_ph(all, _mm512_loadu_ps(x + i), _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
  return i;
}
[[gnu::target("avx,f16c")]] int64_t widen_f16c(const Half* x, float* y, int64_t n) {
  int64_t i = 0;
  for (; i + 8 <= n; i += 8)
    _mm256_storeu_ps(y + i, _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(x + i))));
  return i;
}
[[gnu::target("avx,f16c")]] int64_t narrow_f16c(const float* x, Half* y, int64_t n) {
  int64_t i = 0;
  for (; i + 8 <= n; i += 8)
    _mm_storeu_si128(reinterpret_cast<__m128i*>(y + i),
                     _mm256_cvtps_ph(_mm256_loadu_ps(x + i), _MM_FROUND_TO_NEAREST_INT));
  return i;
}

#endif

// The compiler's own vectors: shifts, sums and a select.
struct WidenBrain {
  template <class A>
  GRADUS_INLINE static void run(const BFloat16* x, float* y, int64_t n) {
    for (int64_t i = 0; i < n; ++i) y[i] = std::bit_cast<float>(static_cast<uint32_t>(x[i].x) << 16);
  }
};
struct NarrowBrain {
  template <class A>
  GRADUS_INLINE static void run(const float* x, BFloat16* y, int64_t n) {
    for (int64_t i = 0; i < n; ++i) {
      const uint32_t bits = std::bit_cast<uint32_t>(x[i]);
      const uint32_t rounded = (bits + 0x7FFFu + (bits >> 16 & 1u)) >> 16;
      y[i].x = static_cast<uint16_t>((bits & 0x7FFFFFFFu) > 0x7F800000u ? detail::Brain16::quiet_nan : rounded);
    }
  }
};

}  // namespace

void widen(const Half* x, float* y, int64_t n) {
  int64_t done = 0;
#if defined(__x86_64__)
  if (best() == simd::Isa::avx512) done = widen_avx512(x, y, n);
  if (best() == simd::Isa::avx2) done = widen_f16c(x, y, n);
#endif
  widen_each(x + done, y + done, n - done);
}

void narrow(const float* x, Half* y, int64_t n) {
  int64_t done = 0;
#if defined(__x86_64__)
  if (best() == simd::Isa::avx512) done = narrow_avx512(x, y, n);
  if (best() == simd::Isa::avx2) done = narrow_f16c(x, y, n);
#endif
  narrow_each(x + done, y + done, n - done);
}

void widen(const BFloat16* x, float* y, int64_t n) {
  simd::call<WidenBrain, const BFloat16*, float*, int64_t>(x, y, n);
}
void narrow(const float* x, BFloat16* y, int64_t n) {
  simd::call<NarrowBrain, const float*, BFloat16*, int64_t>(x, y, n);
}

}  // namespace gradus::kernels
