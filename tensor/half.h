// Half and BFloat16: numbers stored in 16 bits and computed in float32, as c10::Half and c10::BFloat16.
#pragma once
#include <bit>
#include <cstdint>
#include <iosfwd>
#include <limits>
#include <type_traits>

namespace gradus {

namespace detail {

/// IEEE 754 binary16: sign, 5 bits of exponent, 10 of fraction.
struct Binary16 {
  static constexpr int digits = 11, max_exponent = 16, min_exponent = -13, digits10 = 3, max_digits10 = 5;
  static constexpr int max_exponent10 = 4, min_exponent10 = -4;
  static constexpr uint16_t lowest = 0xFBFF, max = 0x7BFF, min = 0x0400, denorm = 0x0001, epsilon = 0x1400;
  static constexpr uint16_t infinity = 0x7C00, quiet_nan = 0x7E00, signaling_nan = 0x7D00, round_error = 0x3800;

  /// Exactly; a signaling NaN becomes quiet, as processors have it.
  static constexpr float widen(uint16_t h) {
    const uint32_t sign = (h & 0x8000u) << 16, rest = h & 0x7FFFu;
    if (rest >= 0x7C00u)
      return std::bit_cast<float>(sign | 0x7F800000u | (rest & 0x3FFu) << 13 | (rest > 0x7C00u ? 0x400000u : 0u));
    // Moved into float's fields the exponent's bias is 112 too small; a product repairs it, for denormals as well.
    return std::bit_cast<float>(sign | std::bit_cast<uint32_t>(std::bit_cast<float>(rest << 13) * 0x1p112f));
  }
  /// To nearest, ties to even; above 65504 by half a unit or more, infinity. NaN keeps its sign and its high bits.
  static constexpr uint16_t round(float f) {
    const uint32_t bits = std::bit_cast<uint32_t>(f), sign = bits >> 16 & 0x8000u, rest = bits & 0x7FFFFFFFu;
    if (rest > 0x7F800000u) return static_cast<uint16_t>(sign | 0x7E00u | (rest >> 13 & 0x1FFu));
    if (rest >= 0x47800000u) return static_cast<uint16_t>(sign | 0x7C00u);
    if (rest < 0x38800000u)  // denormal: adding 0.5 leaves the nearest multiple of 2^-24 in the low bits
      return static_cast<uint16_t>(
          sign | (std::bit_cast<uint32_t>(std::bit_cast<float>(rest) + 0.5f) - std::bit_cast<uint32_t>(0.5f)));
    return static_cast<uint16_t>(sign | (rest - 0x38000000u + 0xFFFu + (rest >> 13 & 1u)) >> 13);
  }
};

/// The upper half of a float32: sign, 8 bits of exponent, 7 of fraction.
struct Brain16 {
  static constexpr int digits = 8, max_exponent = 128, min_exponent = -125, digits10 = 2, max_digits10 = 4;
  static constexpr int max_exponent10 = 38, min_exponent10 = -37;
  static constexpr uint16_t lowest = 0xFF7F, max = 0x7F7F, min = 0x0080, denorm = 0x0001, epsilon = 0x3C00;
  static constexpr uint16_t infinity = 0x7F80, quiet_nan = 0x7FC0, signaling_nan = 0x7FA0, round_error = 0x3F00;

  static constexpr float widen(uint16_t b) { return std::bit_cast<float>(static_cast<uint32_t>(b) << 16); }
  /// To nearest, ties to even; every NaN becomes the one quiet NaN.
  static constexpr uint16_t round(float f) {
    const uint32_t bits = std::bit_cast<uint32_t>(f);
    if ((bits & 0x7FFFFFFFu) > 0x7F800000u) return quiet_nan;
    return static_cast<uint16_t>((bits + 0x7FFFu + (bits >> 16 & 1u)) >> 16);
  }
};

}  // namespace detail

/// A number of 16 bits. Arithmetic is done in float32 and rounded once: with another of its type or an integer the
/// result is of its type, with a float or double of theirs.
template <class F>
struct alignas(2) Float16 {
  struct from_bits_t {};
  static constexpr from_bits_t from_bits() { return {}; }

  uint16_t x = 0;

  Float16() = default;
  constexpr Float16(float v) : x(F::round(v)) {}
  constexpr Float16(unsigned short bits, from_bits_t) : x(bits) {}
  constexpr operator float() const { return F::widen(x); }

  friend constexpr Float16 operator-(Float16 a) {
    return Float16(static_cast<unsigned short>(a.x ^ 0x8000u), from_bits());
  }
  friend constexpr Float16 operator+(Float16 a, Float16 b) { return float(a) + float(b); }
  friend constexpr Float16 operator-(Float16 a, Float16 b) { return float(a) - float(b); }
  friend constexpr Float16 operator*(Float16 a, Float16 b) { return float(a) * float(b); }
  friend constexpr Float16 operator/(Float16 a, Float16 b) { return float(a) / float(b); }

  template <class A>
  using With = std::enable_if_t<std::is_arithmetic_v<A>, std::conditional_t<std::is_floating_point_v<A>, A, Float16>>;
  template <class A>
  friend constexpr With<A> operator+(Float16 a, A b) {
    return static_cast<With<A>>(a) + static_cast<With<A>>(b);
  }
  template <class A>
  friend constexpr With<A> operator+(A a, Float16 b) {
    return static_cast<With<A>>(a) + static_cast<With<A>>(b);
  }
  template <class A>
  friend constexpr With<A> operator-(Float16 a, A b) {
    return static_cast<With<A>>(a) - static_cast<With<A>>(b);
  }
  template <class A>
  friend constexpr With<A> operator-(A a, Float16 b) {
    return static_cast<With<A>>(a) - static_cast<With<A>>(b);
  }
  template <class A>
  friend constexpr With<A> operator*(Float16 a, A b) {
    return static_cast<With<A>>(a) * static_cast<With<A>>(b);
  }
  template <class A>
  friend constexpr With<A> operator*(A a, Float16 b) {
    return static_cast<With<A>>(a) * static_cast<With<A>>(b);
  }
  template <class A>
  friend constexpr With<A> operator/(Float16 a, A b) {
    return static_cast<With<A>>(a) / static_cast<With<A>>(b);
  }
  template <class A>
  friend constexpr With<A> operator/(A a, Float16 b) {
    return static_cast<With<A>>(a) / static_cast<With<A>>(b);
  }

  constexpr Float16& operator+=(Float16 b) { return *this = *this + b; }
  constexpr Float16& operator-=(Float16 b) { return *this = *this - b; }
  constexpr Float16& operator*=(Float16 b) { return *this = *this * b; }
  constexpr Float16& operator/=(Float16 b) { return *this = *this / b; }
};

using Half = Float16<detail::Binary16>;
using BFloat16 = Float16<detail::Brain16>;

/// As the float of the same value.
std::ostream& operator<<(std::ostream& out, Half v);
std::ostream& operator<<(std::ostream& out, BFloat16 v);

/// std::is_floating_point_v and std::is_arithmetic_v, the two types included.
template <class T>
inline constexpr bool is_float16_v = std::is_same_v<T, Half> || std::is_same_v<T, BFloat16>;
template <class T>
inline constexpr bool is_floating_v = std::is_floating_point_v<T> || is_float16_v<T>;
template <class T>
inline constexpr bool is_number_v = std::is_arithmetic_v<T> || is_float16_v<T>;

}  // namespace gradus

template <class F>
class std::numeric_limits<gradus::Float16<F>> {
  using T = gradus::Float16<F>;
  static constexpr T bits(uint16_t b) { return T(b, T::from_bits()); }

 public:
  static constexpr bool is_specialized = true, is_signed = true, is_integer = false, is_exact = false;
  static constexpr bool has_infinity = true, has_quiet_NaN = true, has_signaling_NaN = true;
  static constexpr bool is_iec559 = true, is_bounded = true, is_modulo = false, traps = false;
  static constexpr bool has_denorm_loss = numeric_limits<float>::has_denorm_loss;
  static constexpr bool tinyness_before = numeric_limits<float>::tinyness_before;
  static constexpr auto has_denorm = denorm_present;
  static constexpr auto round_style = round_to_nearest;
  static constexpr int digits = F::digits, digits10 = F::digits10, max_digits10 = F::max_digits10, radix = 2;
  static constexpr int min_exponent = F::min_exponent, min_exponent10 = F::min_exponent10;
  static constexpr int max_exponent = F::max_exponent, max_exponent10 = F::max_exponent10;
  static constexpr T(min)() { return bits(F::min); }
  static constexpr T lowest() { return bits(F::lowest); }
  static constexpr T(max)() { return bits(F::max); }
  static constexpr T epsilon() { return bits(F::epsilon); }
  static constexpr T round_error() { return bits(F::round_error); }
  static constexpr T infinity() { return bits(F::infinity); }
  static constexpr T quiet_NaN() { return bits(F::quiet_nan); }
  static constexpr T signaling_NaN() { return bits(F::signaling_nan); }
  static constexpr T denorm_min() { return bits(F::denorm); }
};
