// The counter-based stream against the published vectors of Philox, and dropout against it.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "gradus/gradus.h"
#include "gradus/tensor/kernels/dropout.h"
#include "gradus/tensor/kernels/philox.h"
#include "gradus/tensor/parallel.h"
#include "gradus/tests/misuse.h"

namespace {

using gradus::Generator;
using gradus::RandomStream;
namespace kernels = gradus::kernels;
using gradus_tests::error_of;

std::array<uint32_t, 4> philox(std::array<uint32_t, 4> c, uint32_t k0, uint32_t k1) {
  for (int r = 0; r < 10; ++r, k0 += 0x9E3779B9U, k1 += 0xBB67AE85U) {
    const uint64_t p = uint64_t{c[0]} * 0xD2511F53U, q = uint64_t{c[2]} * 0xCD9E8D57U;
    c = {static_cast<uint32_t>(q >> 32) ^ c[1] ^ k0, static_cast<uint32_t>(q),
         static_cast<uint32_t>(p >> 32) ^ c[3] ^ k1, static_cast<uint32_t>(p)};
  }
  return c;
}

TEST(Philox, WordsAreThoseOfTheDefinition) {
  using Four = std::array<uint32_t, 4>;
  // Known answers of the authors' library Random123.
  EXPECT_EQ(philox({0, 0, 0, 0}, 0, 0), (Four{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(philox({~0U, ~0U, ~0U, ~0U}, ~0U, ~0U), (Four{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, 0xa4093822, 0x299f31d0),
            (Four{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));

  for (const uint64_t key : {uint64_t{0}, uint64_t{0x299f31d0a4093822}})
    for (const uint64_t group : {uint64_t{0}, uint64_t{1}, (uint64_t{1} << 28) - 1, uint64_t{0x123456789abcdef}}) {
      std::vector<uint32_t> words(3 * 64);
      kernels::philox_words(words.data(), key, group, 3);
      for (size_t i = 0; i < words.size(); ++i) {
        const uint64_t counter = 16 * (group + i / 64) + i % 16;
        const auto block = philox({static_cast<uint32_t>(counter), static_cast<uint32_t>(counter >> 32), 0, 0},
                                  static_cast<uint32_t>(key), static_cast<uint32_t>(key >> 32));
        ASSERT_EQ(words[i], block[i % 64 / 16]) << "key " << key << ", group " << group << ", word " << i;
      }
    }
}

TEST(Philox, PartsOfAStreamDoNotOverlapAndFollowTheSeed) {
  Generator g(3), same(3), other(4);
  const RandomStream a = g.next_stream(129), b = kernels::next_stream(g, 128), c = g.next_stream(0),
                     d = g.next_stream(1);
  EXPECT_EQ(a.offset, 0U);
  EXPECT_EQ(b.offset, 2U);
  EXPECT_EQ(c.offset, 3U);
  EXPECT_EQ(d.offset, 3U);
  EXPECT_EQ(a.key, d.key);
  same.random();  // the main sequence has no influence
  EXPECT_EQ(same.next_stream(1).key, a.key);
  EXPECT_NE(other.next_stream(1).key, a.key);
  g.manual_seed(3);
  EXPECT_EQ(g.next_stream(1).offset, 0U);
}

bool bit(const std::vector<uint8_t>& mask, int64_t i) { return mask[static_cast<size_t>(i / 8)] >> i % 8 & 1; }

template <class T>
void check_dropout(int64_t n, double p, RandomStream stream) {
  const auto size = static_cast<size_t>(n);
  const double keep = 1 - p;
  const T factor = static_cast<T>(keep > 0 ? 1 / keep : 0);
  std::vector<T> x(size), y(size, 5), again(size), noise(size), gx(size);
  std::vector<uint8_t> mask(size / 8 + 2, 0xee), bits(mask);
  for (int64_t i = 0; i < n; ++i) x[static_cast<size_t>(i)] = static_cast<T>(i % 1000) - 300;
  kernels::dropout(y.data(), mask.data(), x.data(), n, stream, p);
  kernels::dropout_backward(gx.data(), x.data(), mask.data(), n, p);
  kernels::dropout_noise(noise.data(), n, stream, p);
  kernels::bernoulli_bits(bits.data(), n, stream, keep);
  again = x;
  kernels::dropout(again.data(), static_cast<uint8_t*>(nullptr), again.data(), n, stream, p);
  EXPECT_EQ(bits, mask);
  EXPECT_EQ(mask[static_cast<size_t>((n + 7) / 8)], 0xee) << "written past the end, n = " << n;
  for (int64_t i = n; i < (n + 7) / 8 * 8; ++i) EXPECT_FALSE(bit(mask, i));
  const auto limit = static_cast<uint32_t>(std::lround(65536 * keep));
  std::vector<uint32_t> words(64);
  for (int64_t i = 0; i < n; ++i) {
    const auto k = static_cast<size_t>(i);
    if (i % 128 == 0) kernels::philox_words(words.data(), stream.key, stream.offset + k / 128, 1);
    const uint32_t word = words[k % 64];
    const bool kept = (i % 128 < 64 ? word & 0xffffU : word >> 16) < limit;
    ASSERT_EQ(bit(mask, i), kept) << i << " of " << n;
    ASSERT_EQ(y[k], kept ? x[k] * factor : T(0)) << i << " of " << n;
    ASSERT_EQ(noise[k], kept ? factor : T(0));
    ASSERT_EQ(gx[k], y[k]);
    ASSERT_EQ(again[k], y[k]);
  }
}

TEST(Dropout, KeepsWhatTheStreamSaysAtEverySize) {
  std::vector<int64_t> sizes;
  for (int64_t n = 0; n <= 300; ++n) sizes.push_back(n);
  for (const int64_t n : {511, 512, 513, 32767, 32768, 32769, 100003}) sizes.push_back(n);
  for (const int64_t n : sizes) {
    check_dropout<float>(n, 0.3, {17, 5});
    check_dropout<double>(n, 0.3, {17, 5});
  }
  for (const double p : {0.0, 0.5, 0.9, 1.0}) {
    check_dropout<float>(1000, p, {1, uint64_t{1} << 60});
    check_dropout<double>(1000, p, {1, uint64_t{1} << 60});
  }
}

TEST(Dropout, ThreadsDoNotMatter) {
  constexpr int64_t n = 200001;
  const int before = gradus::get_num_threads();
  std::vector<float> x(n, 1.0F), one(n), many(n);
  gradus::set_num_threads(1);
  kernels::dropout(one.data(), static_cast<uint8_t*>(nullptr), x.data(), n, {5, 6}, 0.2);
  gradus::set_num_threads(4);
  kernels::dropout(many.data(), static_cast<uint8_t*>(nullptr), x.data(), n, {5, 6}, 0.2);
  gradus::set_num_threads(before);
  EXPECT_EQ(one, many);
}

TEST(Dropout, MasksAreFairAndIndependent) {
  constexpr int64_t n = 1 << 20;
  for (const double keep : {0.1, 0.5, 0.8}) {
    std::vector<uint8_t> a(n / 8), b(n / 8);
    Generator g(8);
    kernels::bernoulli_bits(a.data(), n, g.next_stream(n), keep);
    kernels::bernoulli_bits(b.data(), n, g.next_stream(n), keep);
    // Five standard deviations of the number of ones, in one mask, in both, and in one and its next neighbour.
    std::array<double, 3> ones{};
    for (int64_t i = 0; i < n; ++i) {
      ones[0] += bit(a, i);
      ones[1] += bit(a, i) && bit(b, i);
      ones[2] += bit(a, i) && bit(a, (i + 1) % n);
    }
    const std::array<double, 3> chance = {keep, keep * keep, keep * keep};
    for (size_t k = 0; k < 3; ++k)
      EXPECT_NEAR(ones[k], n * chance[k], 5 * std::sqrt(n * chance[k] * (1 - chance[k])) * (k == 2 ? 1.5 : 1)) << keep;
  }
}

TEST(Dropout, ADroppedElementIsZeroWhateverItHeld) {
  const float inf = std::numeric_limits<float>::infinity(), nan = std::numeric_limits<float>::quiet_NaN();
  std::array<float, 40> x, y;
  for (size_t i = 0; i < x.size(); ++i) x[i] = i % 2 ? inf : nan;
  kernels::dropout(y.data(), static_cast<uint8_t*>(nullptr), x.data(), 40, {1, 2}, 1.0);
  EXPECT_TRUE(std::all_of(y.begin(), y.end(), [](float v) { return v == 0.0F && !std::signbit(v); }));
}

TEST(Dropout, AProbabilityOutsideZeroToOneIsAnError) {
  std::array<float, 4> x{};
  std::array<uint8_t, 1> mask{};
  for (const double p : {-0.1, 1.1, std::numeric_limits<double>::quiet_NaN()}) {
    const std::string text = "dropout probability has to be between 0 and 1, but got";
    const auto has = [&](const std::string& s) { return s.find(text) != std::string::npos; };
    EXPECT_TRUE(has(error_of([&] { kernels::dropout(x.data(), mask.data(), x.data(), 4, {}, p); })));
    EXPECT_TRUE(has(error_of([&] { kernels::dropout_noise(x.data(), 4, {}, p); })));
    EXPECT_TRUE(has(error_of([&] { kernels::dropout_backward(x.data(), x.data(), mask.data(), 4, p); })));
    EXPECT_NE(error_of([&] { kernels::bernoulli_bits(mask.data(), 4, {}, p); }), "no error");
  }
}

}  // namespace
