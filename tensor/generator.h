// Generator: the source of random numbers, number for number that of PyTorch on the CPU (mt19937).
#pragma once
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace gradus {

namespace detail {
struct GeneratorImpl;
}

/// The seed of a generator that nobody has seeded.
inline constexpr uint64_t default_rng_seed_val = 67280421310721;

/// A part of the counter-based stream from which dropout masks come: Philox4x32-10 with this key, from group `offset`
/// on (a group serves 128 elements). Two numbers are all that is needed to draw the same mask again.
struct RandomStream {
  uint64_t key = 0;
  uint64_t offset = 0;
};

/// A cheap handle: copies share one state. `Generator()` holds none, and every use of it but `defined` is an error.
///
/// As in LibTorch these methods do not lock: who shares a generator between threads holds `mutex()` around them.
/// The kernels that draw from a generator take the lock themselves, and so does `gradus::manual_seed`.
class Generator {
 public:
  Generator() = default;
  explicit Generator(uint64_t seed);

  bool defined() const { return impl_ != nullptr; }

  /// Starts the sequence of this seed: both streams from their beginning, no cached normal.
  void set_current_seed(uint64_t seed);
  Generator& manual_seed(uint64_t seed);
  uint64_t current_seed() const;
  uint64_t initial_seed() const { return current_seed(); }
  /// Seeds with a number of the system's entropy source and returns it.
  uint64_t seed();

  /// The next 32 bits; `random64` is two of them, the first above the second.
  uint32_t random();
  uint64_t random64();

  /// The next part, of `numel` elements, of the counter-based stream. Its key depends on the seed alone and its
  /// offset on the earlier calls, so that masks neither disturb nor follow the numbers of the main sequence.
  RandomStream next_stream(int64_t numel);

  /// Everything that later numbers depend on: the 5056 bytes of `torch.get_rng_state()` (little endian), then key
  /// and offset of the counter-based stream.
  std::vector<uint8_t> get_state() const;
  /// Takes what `get_state` or `torch.get_rng_state()` returned (which starts the counter-based stream anew).
  /// Errors, with the state left as it was: another size, or numbers that are no state.
  void set_state(const std::vector<uint8_t>& state);

  /// A generator of its own with the same state.
  Generator clone() const;
  std::mutex& mutex() const;
  /// For kernels.
  detail::GeneratorImpl& impl() const;

  friend bool operator==(const Generator& a, const Generator& b) { return a.impl_ == b.impl_; }

 private:
  std::shared_ptr<detail::GeneratorImpl> impl_;
};

/// The generator of every random operation that is given none.
Generator& default_generator();

/// Seeds the default generator (under its lock).
void manual_seed(uint64_t seed);

}  // namespace gradus
