// Random numbers for made-up data: a stream of its own per (seed, index), so that sample i never depends on its
// neighbours, on threads or on the library's generator.
#pragma once
#include <cmath>
#include <cstdint>

namespace gradus::data {

/// SplitMix64 (Steele, Lea, Flood 2014), started from a hash of seed and index.
class SampleStream {
 public:
  explicit SampleStream(uint64_t seed, uint64_t index = 0) : state_(mix(seed) ^ mix(~index)) {}

  uint64_t bits() { return mix(state_ += 0x9e3779b97f4a7c15u); }
  /// Uniform in [low, high).
  double uniform(double low = 0, double high = 1) {
    return low + (high - low) * (static_cast<double>(bits() >> 11) * 0x1p-53);
  }
  /// Uniform in 0 ... n - 1.
  int below(int n) { return static_cast<int>(uniform() * n); }
  /// Normal with mean 0 (Box and Muller 1958).
  double normal(double deviation = 1) {
    const double radius = std::sqrt(-2 * std::log(1 - uniform()));
    return deviation * radius * std::cos(6.283185307179586 * uniform());
  }

 private:
  static uint64_t mix(uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  uint64_t state_;
};

}  // namespace gradus::data
