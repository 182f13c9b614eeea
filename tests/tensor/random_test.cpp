// The generator and its distributions against PyTorch's (values recorded by tests/parity/random.py).
#include "gradus/tensor/kernels/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "gradus/gradus.h"
#include "gradus/tensor/error.h"
#include "gradus/tests/misuse.h"
#include "gradus/tests/parity/random_values.h"

namespace {

using gradus::BFloat16;
using gradus::Generator;
using gradus::Half;
using gradus::RandomStream;
namespace kernels = gradus::kernels;

constexpr size_t pytorch_state = 5056;

struct Drawn {
  std::vector<uint8_t> bytes;
  std::vector<double> values;
};

using Operation = std::function<Drawn(Generator&, int64_t)>;

template <class T, class F>
Drawn draw(int64_t n, const F& fill) {
  const auto buffer = std::make_unique<T[]>(static_cast<size_t>(n));
  fill(buffer.get());
  Drawn d;
  const auto* bytes = reinterpret_cast<const uint8_t*>(buffer.get());
  d.bytes.assign(bytes, bytes + static_cast<size_t>(n) * sizeof(T));
  d.values.assign(buffer.get(), buffer.get() + n);
  return d;
}

template <class T>
Operation uniform(double from, double to) {
  return [=](Generator& g, int64_t n) { return draw<T>(n, [&](T* y) { kernels::uniform(g, y, n, from, to); }); };
}
template <class T>
Operation normal(double mean, double std) {
  return [=](Generator& g, int64_t n) { return draw<T>(n, [&](T* y) { kernels::normal(g, y, n, mean, std); }); };
}
template <class T>
Operation with_gaps(double mean, double std) {
  return [=](Generator& g, int64_t n) { return draw<T>(n, [&](T* y) { kernels::normal_serial(g, y, n, mean, std); }); };
}
template <class T>
Operation log_normal(double mean, double std) {
  return [=](Generator& g, int64_t n) { return draw<T>(n, [&](T* y) { kernels::log_normal(g, y, n, mean, std); }); };
}
template <class T>
Operation exponential(double lambda) {
  return [=](Generator& g, int64_t n) { return draw<T>(n, [&](T* y) { kernels::exponential(g, y, n, lambda); }); };
}
template <class T>
Operation cauchy(double median, double sigma) {
  return [=](Generator& g, int64_t n) { return draw<T>(n, [&](T* y) { kernels::cauchy(g, y, n, median, sigma); }); };
}
template <class T>
Operation geometric(double p) {
  return [=](Generator& g, int64_t n) { return draw<T>(n, [&](T* y) { kernels::geometric(g, y, n, p); }); };
}
template <class T>
Operation bernoulli(double p) {
  return [=](Generator& g, int64_t n) { return draw<T>(n, [&](T* y) { kernels::bernoulli(g, y, n, p); }); };
}
template <class T>
Operation bernoulli_each() {
  return [](Generator& g, int64_t n) {
    std::vector<T> p(static_cast<size_t>(n));
    for (size_t i = 0; i < p.size(); ++i) p[i] = static_cast<T>(static_cast<double>(i % 11) / 10);
    return draw<T>(n, [&](T* y) { kernels::bernoulli(g, y, p.data(), n); });
  };
}
template <class T>
Operation poisson() {  // rates below and above 10, where the method changes, and 0
  return [](Generator& g, int64_t n) {
    std::vector<T> rate(static_cast<size_t>(n));
    for (size_t i = 0; i < rate.size(); ++i) rate[i] = static_cast<T>(static_cast<double>(i % 9) * 2.75);
    return draw<T>(n, [&](T* y) { kernels::poisson(g, y, rate.data(), n); });
  };
}
template <class T>
Operation random() {
  return [](Generator& g, int64_t n) { return draw<T>(n, [&](T* y) { kernels::random(g, y, n); }); };
}
template <class T>
Operation randint(int64_t from, std::optional<int64_t> to) {
  return [=](Generator& g, int64_t n) { return draw<T>(n, [&](T* y) { kernels::random(g, y, n, from, to); }); };
}
template <class T>
Operation randperm() {
  return [](Generator& g, int64_t n) { return draw<T>(n, [&](T* y) { kernels::randperm(g, y, n); }); };
}
template <class T>
Operation permutation() {  // as far as Half goes
  return [](Generator& g, int64_t n) { return randperm<T>()(g, std::min<int64_t>(n, 2049)); };
}
template <class T>
Operation multinomial(int64_t samples, bool replacement) {
  return [=](Generator& g, int64_t n) {
    std::vector<T> p(static_cast<size_t>(2 * n));
    for (size_t i = 0; i < p.size(); ++i) p[i] = static_cast<T>(i % 7 + 1);
    const int64_t m = replacement ? samples : std::min(n, samples);
    return draw<int64_t>(2 * m, [&](int64_t* y) { kernels::multinomial(g, y, p.data(), 2, n, m, replacement); });
  };
}

// Through the operations, which stage 16-bit floats.
template <class T>
Drawn drawn(const gradus::Tensor& y) {
  return draw<T>(y.numel(), [&](T* to) { std::copy_n(y.data_ptr<T>(), y.numel(), to); });
}
template <class T>
Operation bernoulli_of() {
  return [](Generator& g, int64_t n) {
    const auto p = gradus::arange(0, n, 1, gradus::kDouble).remainder(11).div(10).to(gradus::dtype_of<T>);
    return drawn<T>(gradus::bernoulli(p, g));
  };
}

constexpr int64_t least = std::numeric_limits<int64_t>::min();
constexpr int64_t two(int n) { return int64_t{1} << n; }

// The names and arguments of OPERATIONS in random.py.
std::map<std::string, Operation> operations = {
    {"uniform_float", uniform<float>(0, 1)},
    {"uniform_float_range", uniform<float>(-0.3, 0.4)},
    {"uniform_double", uniform<double>(0, 1)},
    {"uniform_double_range", uniform<double>(-0.3, 0.4)},
    {"normal_float", normal<float>(0, 1)},
    {"normal_float_shifted", normal<float>(1.5, 0.3)},
    {"normal_double", normal<double>(0, 1)},
    {"normal_double_shifted", normal<double>(1.5, 0.3)},
    {"normal_float_with_gaps", with_gaps<float>(1.5, 0.3)},
    {"normal_double_with_gaps", with_gaps<double>(1.5, 0.3)},
    {"log_normal_float", log_normal<float>(0.5, 0.7)},
    {"log_normal_double", log_normal<double>(0.5, 0.7)},
    {"exponential_float", exponential<float>(1.7)},
    {"exponential_double", exponential<double>(1.7)},
    {"cauchy_float", cauchy<float>(0.5, 0.7)},
    {"cauchy_double", cauchy<double>(0.5, 0.7)},
    {"geometric_float", geometric<float>(0.13)},
    {"geometric_int64", geometric<int64_t>(0.13)},
    {"bernoulli_float", bernoulli<float>(0.3)},
    {"bernoulli_uint8", bernoulli<uint8_t>(0.3)},
    {"bernoulli_bool", bernoulli<bool>(0.3)},
    {"bernoulli_float_of_float", bernoulli_each<float>()},
    {"bernoulli_double_of_double", bernoulli_each<double>()},
    {"random_float", random<float>()},
    {"random_double", random<double>()},
    {"random_int64", random<int64_t>()},
    {"random_int32", random<int32_t>()},
    {"random_int16", random<int16_t>()},
    {"random_int8", random<int8_t>()},
    {"random_uint8", random<uint8_t>()},
    {"random_bool", random<bool>()},
    {"randint_int64", randint<int64_t>(0, 10)},
    {"randint_int64_below_2_28", randint<int64_t>(0, two(28) - 1)},
    {"randint_int64_from_2_28", randint<int64_t>(0, two(28))},
    {"randint_int64_wide", randint<int64_t>(-two(62), two(62) + two(40))},
    {"randint_int64_all_bits", randint<int64_t>(least, std::nullopt)},
    {"randint_int32", randint<int32_t>(-7, 100)},
    {"randint_int32_open", randint<int32_t>(5, std::nullopt)},
    {"randint_uint8", randint<uint8_t>(3, 256)},
    {"randint_bool", randint<bool>(0, 2)},
    {"randint_float", randint<float>(0, 10)},
    {"randint_float_rounded_bounds", randint<float>(-two(24) - 1, two(24) + 3)},
    {"randint_double", randint<double>(0, two(53) + 3)},
    {"randperm_int64", randperm<int64_t>()},
    {"randperm_int32", randperm<int32_t>()},
    {"multinomial_replaced", multinomial<float>(9, true)},
    {"multinomial_distinct", multinomial<double>(9, false)},
    {"randint_int16", randint<int16_t>(-300, 30000)},
    {"randint_int8", randint<int8_t>(-128, 128)},
    {"bernoulli_int8", bernoulli<int8_t>(0.3)},
    {"multinomial_one", multinomial<float>(1, true)},
    {"poisson_float", poisson<float>()},
    {"poisson_double", poisson<double>()},
    {"geometric_int8", geometric<int8_t>(0.13)},
    {"geometric_uint8", geometric<uint8_t>(0.13)},
    {"geometric_int16", geometric<int16_t>(0.13)},
    {"geometric_int32", geometric<int32_t>(0.13)},
};

template <class T>
bool added(const std::string& name) {
  operations.merge(std::map<std::string, Operation>{
      {"uniform_" + name, uniform<T>(0, 1)},
      {"uniform_" + name + "_range", uniform<T>(-1.3, 2.7)},
      {"normal_" + name, normal<T>(0, 1)},
      {"normal_" + name + "_shifted", normal<T>(1.5, 0.3)},
      {"normal_" + name + "_with_gaps", with_gaps<T>(1.5, 0.3)},
      {"geometric_" + name, geometric<T>(0.13)},
      {"exponential_" + name, exponential<T>(1.7)},
      {"cauchy_" + name, cauchy<T>(0.5, 0.7)},
      {"log_normal_" + name, log_normal<T>(0.5, 0.7)},
      {"bernoulli_" + name, bernoulli<T>(0.3)},
      {"bernoulli_" + name + "_of_" + name, bernoulli_of<T>()},
      {"random_" + name, random<T>()},
      {"randint_" + name, randint<T>(-7, 100)},
      {"randint_" + name + "_rounded_bounds", randint<T>(-2051, 5000)},
      {"permutation_" + name, permutation<T>()},
  });
  return true;
}
const bool narrow = added<Half>("half") && added<BFloat16>("bfloat16");

// CRC-32 of the polynomial of zlib.
uint32_t crc32(const std::vector<uint8_t>& bytes, size_t n, uint32_t crc) {
  crc = ~crc;
  for (size_t i = 0; i < n; ++i) {
    crc ^= bytes[i];
    for (int k = 0; k < 8; ++k) crc = crc >> 1 ^ (crc & 1U ? 0xedb88320U : 0U);
  }
  return ~crc;
}

uint32_t checksum(const Drawn& d, const Generator& g, uint32_t start = 0) {
  return crc32(g.get_state(), pytorch_state, crc32(d.bytes, d.bytes.size(), start));
}

TEST(Random, EveryOperationDrawsPytorchsNumbers) {
  size_t named = 0;
  for (const auto& row : recorded::rows) {
    const auto& operation = operations.at(row.operation);
    const bool permutes = std::string(row.operation).starts_with("randperm");
    named += row.seed == 0;
    for (size_t k = 0; k < std::size(recorded::sizes); ++k) {
      const int64_t n = permutes ? recorded::permutation_sizes[k] : recorded::sizes[k];
      Generator g(row.seed);
      const Drawn d = operation(g, n);
      EXPECT_EQ(checksum(d, g), row.checksums[k]) << row.operation << ", seed " << row.seed << ", size " << n;
      if (k != 3) continue;
      for (size_t i = 0; i < std::min<size_t>(3, d.values.size()); ++i)
        EXPECT_EQ(d.values[i], row.first[i]) << row.operation << ", seed " << row.seed << ", element " << i;
    }
  }
  EXPECT_EQ(named, operations.size());
  EXPECT_TRUE(narrow);
}

TEST(Random, AMixedSequenceOnOneGeneratorFollowsPytorch) {
  Generator g(42);
  uint32_t crc = 0;
  for (const auto& step : recorded::sequence) {
    crc = checksum(operations.at(step.operation)(g, step.n), g, crc);
    EXPECT_EQ(crc, step.checksum) << step.operation << ", size " << step.n;
  }
}

TEST(Random, LinearStartsFromPytorchsWeights) {
  gradus::manual_seed(0);
  const double weight_bound = std::sqrt(3.0) * (std::sqrt(2.0 / 6.0) / std::sqrt(3.0)), bias_bound = 1 / std::sqrt(3.0);
  std::array<float, 16> y;
  kernels::uniform(gradus::default_generator(), y.data(), 12, -weight_bound, weight_bound);
  kernels::uniform(gradus::default_generator(), y.data() + 12, 4, -bias_bound, bias_bound);
  for (size_t i = 0; i < y.size(); ++i) EXPECT_EQ(y[i], recorded::linear[i]) << i;
}

TEST(Random, NothingIsDrawnForNoElements) {
  for (const auto& [name, operation] : operations) {
    if (name.starts_with("multinomial")) continue;
    Generator g(3);
    const auto before = g.get_state();
    operation(g, 0);
    EXPECT_EQ(g.get_state(), before) << name;
  }
}

TEST(Random, AUniformNeverReachesItsUpperBound) {
  std::vector<float> y(100003);
  Generator g(1);
  const float to = std::nextafter(1.0F, 2.0F);  // every u >= 1/2 rounds up to it
  kernels::uniform(g, y.data(), 100003, 1.0, to);
  EXPECT_TRUE(std::all_of(y.begin(), y.end(), [](float v) { return v == 1.0F; }));
}

TEST(Random, ThreadsShareAGeneratorWithoutLosingNumbers) {
  constexpr int64_t n = 20000;
  Generator shared(7), alone(7);
  std::vector<int64_t> together(4 * n), expected(4 * n);
  kernels::random(alone, expected.data(), 4 * n);
  std::vector<std::thread> threads;
  for (int64_t t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (int64_t i = 0; i < n; i += 100) kernels::random(shared, together.data() + t * n + i, 100);
    });
  for (auto& t : threads) t.join();
  std::sort(together.begin(), together.end());
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(together, expected);
}

using gradus_tests::error_of;

TEST(Random, MisuseIsNamedAndDrawsNothing) {
  Generator g(5);
  const auto before = g.get_state();
  std::array<float, 4> f = {9, 9, 9, 9};
  std::array<uint8_t, 4> b{};
  std::array<int64_t, 4> l{};
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const auto expect = [&](const std::string& text, const std::function<void()>& call) {
    const std::string got = error_of(call);
    EXPECT_NE(got.find(text), std::string::npos) << text << " / " << got;
  };
  expect("uniform_ expects to return a [from, to) range, but found from=1 > to=0",
         [&] { kernels::uniform(g, f.data(), 4, 1, 0); });
  expect("from is out of bounds for float", [&] { kernels::uniform(g, f.data(), 4, nan, 1); });
  expect("uniform_ expects to-from <= std::numeric_limits<Float>::max(), but found to=3e+38 and from=-3e+38",
         [&] { kernels::uniform(g, f.data(), 4, -3e38, 3e38); });
  expect("normal expects std >= 0.0, but found std -1", [&] { kernels::normal(g, f.data(), 4, 0, -1); });
  expect("normal expects std >= 0.0", [&] { kernels::normal(g, f.data(), 4, 0, nan); });
  expect("log_normal_ expects std > 0.0, but found std=0", [&] { kernels::log_normal(g, f.data(), 4, 0, 0); });
  expect("exponential_ expects lambda > 0.0, but found lambda=0", [&] { kernels::exponential(g, f.data(), 4, 0); });
  expect("geometric_ expects p to be in (0, 1), but got p=1", [&] { kernels::geometric(g, f.data(), 4, 1); });
  expect("cauchy_ expects sigma > 0.0, but found sigma=0", [&] { kernels::cauchy(g, f.data(), 4, 0, 0); });
  expect("invalid Poisson rate, expected rate to be non-negative and finite, got rate[1] = -1", [&] {
    const std::array<float, 2> rate = {0, -1};
    kernels::poisson(g, f.data(), rate.data(), 2);
  });
  expect("invalid Poisson rate", [&] {
    const std::array<float, 1> rate = {std::numeric_limits<float>::infinity()};
    kernels::poisson(g, f.data(), rate.data(), 1);
  });
  expect("bernoulli_ expects p to be in [0, 1], but got p=1.5", [&] { kernels::bernoulli(g, f.data(), 4, 1.5); });
  expect("Expected p_in >= 0 && p_in <= 1 to be true, but got false, p[2] = 2", [&] {
    const std::array<float, 3> p = {0, 1, 2};
    kernels::bernoulli(g, f.data(), p.data(), 3);
  });
  expect("random_ expects 'from' to be less than 'to', but got from=5 >= to=5",
         [&] { kernels::random(g, f.data(), 4, 5, 5); });
  expect("to - 1 is out of bounds for unsigned char", [&] { kernels::random(g, b.data(), 4, 0, 257); });
  expect("from is out of bounds for unsigned char", [&] { kernels::random(g, b.data(), 4, -1, 3); });
  expect("random_full_64_bits_range_kernel_cpu handles only int64",
         [&] { kernels::random(g, b.data(), 4, least, std::nullopt); });
  expect("without overflow", [&] { kernels::randperm(g, b.data(), 257); });
  expect("n must be non-negative", [&] { kernels::randperm(g, b.data(), -1); });
  const std::array<float, 4> p = {1, 2, 0, 0}, bad = {1, -1, 0, 0}, zero{};
  expect("cannot sample n_sample <= 0 samples", [&] { kernels::multinomial(g, l.data(), p.data(), 1, 4, 0, true); });
  expect("cannot sample n_sample > prob_dist.size(-1) samples without replacement",
         [&] { kernels::multinomial(g, l.data(), p.data(), 1, 2, 3, false); });
  expect("probability tensor contains either `inf`, `nan` or element < 0",
         [&] { kernels::multinomial(g, l.data(), bad.data(), 1, 4, 2, true); });
  expect("invalid multinomial distribution (sum of probabilities <= 0)",
         [&] { kernels::multinomial(g, l.data(), zero.data(), 1, 4, 2, true); });
  expect("Generator: undefined", [&] {
    Generator none;
    kernels::uniform(none, f.data(), 4, 0, 1);
  });
  EXPECT_EQ(g.get_state(), before);
  EXPECT_EQ(f, (std::array<float, 4>{9, 9, 9, 9}));
}

TEST(Generator, HandlesShareOneStateAndClonesDoNot) {
  Generator g(11), same = g, copy = g.clone();
  EXPECT_TRUE(same == g);
  EXPECT_FALSE(copy == g);
  const uint32_t first = g.random();
  EXPECT_EQ(copy.random(), first);
  EXPECT_NE(same.random(), first);
  EXPECT_EQ(g.current_seed(), 11U);
  EXPECT_FALSE(Generator().defined());
  EXPECT_EQ(gradus::default_rng_seed_val, 67280421310721U);
}

TEST(Generator, ThirtyTwoBitsAreTheMersenneTwistersAndSixtyFourTwoOfThem) {
  Generator g(5489);  // the standard asks this of std::mt19937's ten thousandth number
  uint32_t last = 0;
  for (int i = 0; i < 10000; ++i) last = g.random();
  EXPECT_EQ(last, 4123659995U);
  Generator a(9), b(9);
  const uint64_t high = a.random();
  EXPECT_EQ(b.random64(), high << 32 | a.random());
}

TEST(Generator, SeedTakesAFreshNumber) {
  Generator g(1);
  const uint64_t a = g.seed();
  EXPECT_EQ(g.current_seed(), a);
  EXPECT_NE(g.seed(), a);
  EXPECT_LT(a, uint64_t{1} << 53);
}

TEST(Generator, AStateResumesEverything) {
  for (const int64_t drawn : {0, 1, 623, 624, 625, 1000}) {
    Generator g(2);
    for (int64_t i = 0; i < drawn; ++i) g.random();
    std::array<float, 3> odd;
    kernels::normal(g, odd.data(), 3, 0, 1);  // leaves a cached normal
    g.next_stream(1000);
    const auto state = g.get_state();
    ASSERT_EQ(state.size(), pytorch_state + 16);
    Generator resumed(99);
    resumed.set_state(state);
    EXPECT_EQ(resumed.get_state(), state);
    for (const auto& step : recorded::sequence) {
      const auto& operation = operations.at(step.operation);
      EXPECT_EQ(operation(g, step.n).bytes, operation(resumed, step.n).bytes) << step.operation << " after " << drawn;
    }
    const RandomStream a = g.next_stream(1), b = resumed.next_stream(1);
    EXPECT_EQ(a.key, b.key);
    EXPECT_EQ(a.offset, 8U);
    EXPECT_EQ(b.offset, 8U);
  }
}

TEST(Generator, PytorchsStateIsAccepted) {
  Generator g(42), resumed(1);
  std::array<double, 700> y;
  kernels::normal_serial(g, y.data(), 7, 0, 1);
  auto state = g.get_state();
  state.resize(pytorch_state);
  resumed.next_stream(500);
  resumed.set_state(state);
  EXPECT_EQ(resumed.get_state(), g.get_state());
}

TEST(Generator, ABadStateIsRefusedWhole) {
  Generator g(2);
  g.random();
  const auto good = g.get_state();
  const auto with = [&](size_t at, uint8_t value) {
    auto bytes = good;
    bytes[at] = value;
    return bytes;
  };
  const auto refused = [&](const std::vector<uint8_t>& bytes, const char* text) {
    Generator h(6);
    const auto before = h.get_state();
    const std::string got = error_of([&] { h.set_state(bytes); });
    EXPECT_NE(got.find(text), std::string::npos) << got;
    EXPECT_EQ(h.get_state(), before);
  };
  auto shorter = good;
  shorter.pop_back();
  refused(shorter, "Expected a CPUGeneratorImplState of size 5056");
  refused({}, "found the input RNG state size to be 0");
  refused(with(8, 0x72), "Invalid mt19937 state");   // left 626 of 624
  refused(with(11, 0x80), "Invalid mt19937 state");  // left negative
  refused(with(12, 0), "Invalid mt19937 state");     // not seeded
  refused(with(16, 2), "Invalid mt19937 state");     // would read beyond the block
  refused(with(23, 0xff), "Invalid mt19937 state");  // next enormous
}

}  // namespace
