// float16 and bfloat16: every one of their 65,536 values, converted to and from float32 on every instruction set, held
// to a reference in double that knows nothing of bits; and the value types Half and BFloat16.
#include "gradus/tensor/kernels/float16.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <random>
#include <sstream>

#include "gradus/gradus.h"
#include "gradus/tensor/half.h"

using namespace gradus;

namespace {

template <class H>
H of_bits(uint32_t bits) {
  return H(static_cast<unsigned short>(bits), H::from_bits());
}

// The value that a pattern of `fraction` stored digits stands for, by the definition of the format.
double value_of(uint32_t bits, int fraction) {
  const int exponent_bits = 15 - fraction, bias = (1 << (exponent_bits - 1)) - 1;
  const uint32_t exponent = bits >> fraction & ((1U << exponent_bits) - 1), digits = bits & ((1U << fraction) - 1);
  const double sign = bits >> 15 ? -1 : 1;
  if (exponent == (1U << exponent_bits) - 1) return digits ? NAN : sign * INFINITY;
  if (exponent == 0) return sign * std::ldexp(digits, 1 - bias - fraction);
  return sign * std::ldexp(digits + (1U << fraction), static_cast<int>(exponent) - bias - fraction);
}

template <class H>
constexpr int fraction_of = std::is_same_v<H, Half> ? 10 : 7;

// The nearest pattern by search among the ordered positive ones, ties to the even one.
template <class H>
uint32_t nearest(double x) {
  constexpr int f = fraction_of<H>;
  const uint32_t sign = std::signbit(x) ? 0x8000U : 0, infinity = (0x7FFFU >> f) << f;
  const double size = std::fabs(x);
  uint32_t low = 0, high = infinity;  // value(low) <= size < value(high), infinity as the next number would be
  auto value = [&](uint32_t b) { return b == infinity ? std::ldexp(1.0, (1 << (14 - f))) : value_of(b, f); };
  if (size >= value(infinity)) return sign | infinity;
  while (high - low > 1) {
    const uint32_t middle = (low + high) / 2;
    (value(middle) <= size ? low : high) = middle;
  }
  const double down = size - value(low), up = value(high) - size;
  return sign | (down < up || (down == up && low % 2 == 0) ? low : high);
}

template <class H>
class Float16Types : public testing::Test {};
using Types = testing::Types<Half, BFloat16>;
TYPED_TEST_SUITE(Float16Types, Types);

TYPED_TEST(Float16Types, EveryValueIsWidenedExactlyAndComesBack) {
  using H = TypeParam;
  std::vector<H> all, back(65536);
  for (uint32_t b = 0; b < 65536; ++b) all.push_back(of_bits<H>(b));
  std::vector<float> wide(65536);
  kernels::widen(all.data(), wide.data(), 65536);
  kernels::narrow(wide.data(), back.data(), 65536);
  for (uint32_t b = 0; b < 65536; ++b) {
    const double want = value_of(b, fraction_of<H>);
    const float one = all[b];
    ASSERT_EQ(std::memcmp(&one, &wide[b], 4), 0) << "the vector and the scalar conversion of " << b;
    if (std::isnan(want)) {
      ASSERT_TRUE(std::isnan(one) && std::isnan(static_cast<float>(back[b]))) << b;
      ASSERT_EQ(H(one).x, back[b].x) << b;
    } else {
      ASSERT_EQ(static_cast<double>(one), want) << b;
      ASSERT_EQ(std::signbit(one), std::signbit(want)) << b;
      ASSERT_EQ(back[b].x, b);
      ASSERT_EQ(H(one).x, b);
    }
  }
}

// Between two neighbours, at their middle, and beside it; at the border of the infinite and of the denormal.
TYPED_TEST(Float16Types, FloatsAreRoundedToNearestTiesToEven) {
  using H = TypeParam;
  std::vector<float> x;
  for (uint32_t b = 0; b < 65536; ++b) {
    const float v = of_bits<H>(b), next = of_bits<H>(b + 1);
    if (std::isnan(v)) continue;
    x.push_back(v);
    const float end = std::isinf(next) || std::isnan(next) ? std::numeric_limits<float>::infinity() : next;
    if (std::isinf(v)) continue;
    const double gap = std::isinf(end)
                           ? static_cast<double>(v) - static_cast<double>(static_cast<float>(of_bits<H>(b - 1)))
                           : static_cast<double>(end) - static_cast<double>(v);
    const auto middle = static_cast<float>(static_cast<double>(v) + gap / 2);
    x.insert(x.end(), {middle, std::nextafter(middle, 0.0F), std::nextafter(middle, end), std::nextafter(v, end)});
  }
  std::mt19937 rng(1);
  for (int i = 0; i < 200000; ++i) {
    const uint32_t bits = rng();
    float v = 0;
    std::memcpy(&v, &bits, 4);
    if (!std::isnan(v)) x.push_back(v);
  }
  std::vector<H> y(x.size());
  kernels::narrow(x.data(), y.data(), static_cast<int64_t>(x.size()));
  for (size_t i = 0; i < x.size(); ++i) {
    ASSERT_EQ(y[i].x, H(x[i]).x) << x[i];
    ASSERT_EQ(y[i].x, nearest<H>(x[i])) << x[i];
  }
}

// Whole vectors, what is left of them, and nothing.
TYPED_TEST(Float16Types, EveryLength) {
  using H = TypeParam;
  for (int64_t n = 0; n < 70; ++n) {
    std::vector<float> x(static_cast<size_t>(n + 1), -7.0F), z(x);
    std::vector<H> y(static_cast<size_t>(n + 1), H(-7.0F));
    for (int64_t i = 0; i < n; ++i) x[static_cast<size_t>(i)] = static_cast<float>(i) + 0.5F;
    kernels::narrow(x.data(), y.data(), n);
    kernels::widen(y.data(), z.data(), n);
    for (int64_t i = 0; i <= n; ++i) ASSERT_EQ(z[static_cast<size_t>(i)], x[static_cast<size_t>(i)]) << n;
    ASSERT_EQ(static_cast<float>(y.back()), -7.0F) << n;
  }
}

TYPED_TEST(Float16Types, ArithmeticIsFloat32sRoundedOnce) {
  using H = TypeParam;
  const H a = 3.140625F, b = -1.5F;
  EXPECT_EQ((a + b).x, H(3.140625F - 1.5F).x);
  EXPECT_EQ((a - b).x, H(3.140625F + 1.5F).x);
  EXPECT_EQ((a * b).x, H(static_cast<float>(a) * -1.5F).x);
  EXPECT_EQ((a / b).x, H(static_cast<float>(a) / -1.5F).x);
  static_assert(std::is_same_v<decltype(a + 1), H> && std::is_same_v<decltype(2 * a), H>);
  static_assert(std::is_same_v<decltype(a + 1.0F), float> && std::is_same_v<decltype(1.0 - a), double>);
  static_assert(sizeof(H) == 2 && std::is_trivially_copyable_v<H>);
  H c = a;
  c += b;
  c *= 2;
  EXPECT_EQ(static_cast<float>(c), 2 * (static_cast<float>(a) - 1.5F));
  EXPECT_EQ((-a).x, a.x ^ 0x8000);
  EXPECT_TRUE(b < a && a > 3 && b == -1.5 && a != b && 3.0F <= a);
  EXPECT_EQ(str(a, " ", b), str(static_cast<float>(a), " -1.5"));
}

TEST(Float16, Limits) {  // as torch.finfo has them
  using H = std::numeric_limits<Half>;
  using B = std::numeric_limits<BFloat16>;
  EXPECT_EQ(static_cast<float>(H::max()), 65504.0F);
  EXPECT_EQ(static_cast<float>(H::lowest()), -65504.0F);
  EXPECT_EQ(static_cast<float>(H::min()), 0x1p-14F);
  EXPECT_EQ(static_cast<float>(H::epsilon()), 0x1p-10F);
  EXPECT_EQ(static_cast<float>(H::denorm_min()), 0x1p-24F);
  EXPECT_EQ(static_cast<float>(B::max()), 0x1.fep127F);
  EXPECT_EQ(static_cast<float>(B::min()), 0x1p-126F);
  EXPECT_EQ(static_cast<float>(B::epsilon()), 0x1p-7F);
  EXPECT_EQ(static_cast<float>(B::denorm_min()), 0x1p-133F);
  EXPECT_EQ(H::digits, 11);
  EXPECT_EQ(B::digits, 8);
  EXPECT_TRUE(std::isinf(static_cast<float>(H::infinity())) && std::isinf(static_cast<float>(B::infinity())));
  EXPECT_TRUE(std::isnan(static_cast<float>(H::quiet_NaN())) && std::isnan(static_cast<float>(B::quiet_NaN())));
  EXPECT_TRUE(H::is_iec559 && B::has_infinity && H::is_signed && !B::is_integer);
  EXPECT_EQ(static_cast<float>(H::round_error()), 0.5F);
}

TEST(Float16, OverflowIsInfiniteAndNaNStaysOne) {
  EXPECT_EQ(static_cast<float>(Half(65519.99F)), 65504.0F);
  EXPECT_EQ(static_cast<float>(Half(65520.0F)), INFINITY);
  EXPECT_EQ(static_cast<float>(Half(-1e30F)), -INFINITY);
  EXPECT_EQ(static_cast<float>(BFloat16(3.4028234e38F)), INFINITY);
  EXPECT_EQ(Half(NAN).x & 0x7FFF, 0x7E00);
  EXPECT_EQ(BFloat16(NAN).x, 0x7FC0);
}

}  // namespace
