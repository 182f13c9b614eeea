#include "gradus/tensor/generator.h"

#include <array>
#include <cstring>
#include <random>

#include "gradus/tensor/error.h"
#include "gradus/tensor/kernels/random_engine.h"

namespace gradus {

namespace {

// PyTorch's CPUGeneratorImplState, 5056 bytes: seed, left, seeded, next, the state as 64-bit numbers, then the cached
// normals among fields no longer used.
struct State {
  uint64_t seed;
  int32_t left;
  int32_t seeded;
  uint64_t next;
  std::array<uint64_t, kernels::Mt19937::size> words;
  double unused_x;
  double double_normal;
  double unused_rho;
  int32_t has_double_normal;
  int32_t padding;
  float float_normal;
  uint8_t has_float_normal;
  std::array<uint8_t, 3> padding_end;
};
static_assert(sizeof(State) == 5056);

// The finalizer of SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014).
uint64_t mix(uint64_t x) {
  x += 0x9e3779b97f4a7c15U;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31);
}

}  // namespace

detail::GeneratorImpl::GeneratorImpl(uint64_t seed) : engine(seed), stream{mix(seed), 0} {}

Generator::Generator(uint64_t seed) : impl_(std::make_shared<detail::GeneratorImpl>(seed)) {}

detail::GeneratorImpl& Generator::impl() const {
  check(impl_ != nullptr, "Generator: undefined, made without a seed; write Generator(seed) or default_generator()");
  return *impl_;
}

void Generator::set_current_seed(uint64_t seed) {
  auto& g = impl();
  g.engine = kernels::Mt19937(seed);
  g.next_float_normal.reset();
  g.next_double_normal.reset();
  g.stream = {mix(seed), 0};
}

Generator& Generator::manual_seed(uint64_t seed) {
  set_current_seed(seed);
  return *this;
}

uint64_t Generator::current_seed() const { return impl().engine.seed; }

uint64_t Generator::seed() {
  // 53 bits, so that a seed survives a trip through a double, as in PyTorch.
  std::random_device source("/dev/urandom");
  const uint64_t high = source();
  const uint64_t value = (high << 32 | source()) & ((uint64_t{1} << 53) - 1);
  set_current_seed(value);
  return value;
}

uint32_t Generator::random() { return impl().engine(); }

uint64_t Generator::random64() { return impl().random64(); }

RandomStream Generator::next_stream(int64_t numel) {
  auto& stream = impl().stream;
  const RandomStream part = stream;
  stream.offset += (static_cast<uint64_t>(numel) + 127) / 128;
  return part;
}

std::vector<uint8_t> Generator::get_state() const {
  const auto& g = impl();
  State s{};
  s.seed = g.engine.seed;
  s.left = g.engine.left;
  s.seeded = 1;
  s.next = g.engine.next;
  for (size_t i = 0; i < s.words.size(); ++i) s.words[i] = g.engine.state[i];
  s.has_double_normal = g.next_double_normal.has_value();
  s.double_normal = g.next_double_normal.value_or(0);
  s.has_float_normal = g.next_float_normal.has_value();
  s.float_normal = g.next_float_normal.value_or(0);
  std::vector<uint8_t> bytes(sizeof s + sizeof g.stream);
  std::memcpy(bytes.data(), &s, sizeof s);
  std::memcpy(bytes.data() + sizeof s, &g.stream, sizeof g.stream);
  return bytes;
}

void Generator::set_state(const std::vector<uint8_t>& state) {
  State s;
  RandomStream stream;
  const bool whole = state.size() == sizeof s + sizeof stream;
  check(whole || state.size() == sizeof s, "set_state: Expected a CPUGeneratorImplState of size ", sizeof s,
        " (or, with the counter-based stream, ", sizeof s + sizeof stream,
        ") but found the input RNG state size to be ", state.size());
  std::memcpy(&s, state.data(), sizeof s);
  stream = {mix(s.seed), 0};
  if (whole) std::memcpy(&stream, state.data() + sizeof s, sizeof stream);
  const bool in_block = s.left >= 1 && s.left <= kernels::Mt19937::size && s.next <= kernels::Mt19937::size &&
                        s.next + static_cast<uint64_t>(s.left) <= kernels::Mt19937::size + 1;
  check(s.seeded != 0 && in_block, "set_state: Invalid mt19937 state, left ", s.left, " and next ", s.next);

  auto& g = impl();
  g.engine.seed = s.seed;
  g.engine.left = s.left;
  g.engine.next = static_cast<uint32_t>(s.next);
  for (size_t i = 0; i < s.words.size(); ++i) g.engine.state[i] = static_cast<uint32_t>(s.words[i]);
  g.engine.temper();
  g.next_double_normal = s.has_double_normal ? std::optional(s.double_normal) : std::nullopt;
  g.next_float_normal = s.has_float_normal ? std::optional(s.float_normal) : std::nullopt;
  g.stream = stream;
}

Generator Generator::clone() const {
  Generator copy;
  copy.impl_ = std::make_shared<detail::GeneratorImpl>(impl());
  return copy;
}

std::mutex& Generator::mutex() const { return impl().mutex; }

Generator& default_generator() {
  static Generator generator(default_rng_seed_val);
  return generator;
}

void manual_seed(uint64_t seed) {
  auto& generator = default_generator();
  const std::lock_guard lock(generator.mutex());
  generator.set_current_seed(seed);
}

}  // namespace gradus
