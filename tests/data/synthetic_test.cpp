#include "gradus/data/synthetic.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <set>

#include "../io/faulty_file_system.h"
#include "gradus/data/sample_stream.h"
#include "gradus/tensor/error.h"
#include "gradus/tensor/parallel.h"

namespace gradus::data {
namespace {

using io::error_of;

bool same_bytes(const Tensor& a, const Tensor& b) {
  return a.sizes() == b.sizes() && std::memcmp(a.data_ptr(), b.data_ptr(), a.nbytes()) == 0;
}

TEST(SampleStream, HasTheMomentsOfItsDistributions) {
  SampleStream random(1, 2);
  double sum = 0, squares = 0, normal = 0, normal_squares = 0;
  constexpr int kDraws = 100000;
  for (int i = 0; i < kDraws; ++i) {
    const double u = random.uniform(), n = random.normal(2);
    ASSERT_TRUE(u >= 0 && u < 1);
    sum += u, squares += u * u, normal += n, normal_squares += n * n;
  }
  EXPECT_NEAR(sum / kDraws, 1.0 / 2, 0.005);
  EXPECT_NEAR(squares / kDraws, 1.0 / 3, 0.005);
  EXPECT_NEAR(normal / kDraws, 0, 0.03);
  EXPECT_NEAR(normal_squares / kDraws, 4, 0.1);
}

TEST(Digits, DependOnSeedAndIndexAlone) {
  const Example<> all = draw_digits(200, 7), few = draw_digits(50, 7);
  EXPECT_EQ(all.data.sizes(), IntArrayRef({200, 1, 28, 28}));
  EXPECT_EQ(all.data.scalar_type(), kByte);
  EXPECT_EQ(all.target.scalar_type(), kLong);
  EXPECT_EQ(std::memcmp(all.data.data_ptr(), few.data.data_ptr(), few.data.nbytes()), 0);
  EXPECT_EQ(std::memcmp(all.target.data_ptr(), few.target.data_ptr(), few.target.nbytes()), 0);
  const int threads = get_num_threads();
  for (const int n : {1, 2, 3}) {
    set_num_threads(n);
    EXPECT_TRUE(same_bytes(draw_digits(200, 7).data, all.data)) << n << " threads";
  }
  set_num_threads(threads);
  EXPECT_FALSE(same_bytes(draw_digits(200, 8).data, all.data));
}

TEST(Digits, AreOfAllClassesAndNoTwoAlike) {
  const Example<> digits = draw_digits(1000, 1);
  std::set<std::string> pictures;
  std::vector<int> count(10);
  for (int i = 0; i < 1000; ++i) {
    const uint8_t* pixels = digits.data.data_ptr<uint8_t>() + i * 784;
    pictures.emplace(reinterpret_cast<const char*>(pixels), 784);
    ++count.at(static_cast<size_t>(digits.target.data_ptr<int64_t>()[i]));
  }
  EXPECT_EQ(pictures.size(), 1000u);
  for (const int n : count) EXPECT_GT(n, 60);
}

TEST(Digits, AreWhiteStrokesInTheMiddleOfBlack) {
  DigitStyle clean;
  clean.noise = 0;
  std::vector<uint8_t> pixels(784);
  for (uint64_t i = 0; i < 500; ++i) {
    draw_digit(static_cast<int>(i % 10), 3, i, clean, pixels.data());
    int ink = 0, border = 0, brightest = 0;
    double x = 0, y = 0;
    for (int row = 0; row < 28; ++row)
      for (int column = 0; column < 28; ++column) {
        const int value = pixels[static_cast<size_t>(row * 28 + column)];
        ink += value, brightest = std::max(brightest, value);
        x += column * value, y += row * value;
        if (row == 0 || column == 0 || row == 27 || column == 27) border += value;
      }
    EXPECT_EQ(border, 0) << i;
    EXPECT_GT(brightest, 200) << i;
    EXPECT_GT(ink, 20 * 255) << i;
    EXPECT_LT(ink, 330 * 255) << i;
    EXPECT_NEAR(x / ink, 13.5, 4) << i;
    EXPECT_NEAR(y / ink, 13.5, 4) << i;
  }
}

TEST(Digits, HaveTheFormOfMnist) {
  datasets::Digits digits(20, 5);
  EXPECT_EQ(digits.size(), 20u);
  EXPECT_EQ(digits.images().sizes(), IntArrayRef({20, 1, 28, 28}));
  EXPECT_EQ(digits.images().scalar_type(), kFloat);
  EXPECT_EQ(digits.get(3).data.sizes(), IntArrayRef({1, 28, 28}));
  const Example<> drawn = draw_digits(20, 5);
  for (int i = 0; i < 20 * 784; ++i)
    ASSERT_EQ(digits.images().data_ptr<float>()[i], static_cast<float>(drawn.data.data_ptr<uint8_t>()[i]) / 255);
  EXPECT_EQ(error_of([] { draw_digits(-1, 0); }), "draw_digits: size must not be negative, got -1");
  std::vector<uint8_t> pixels(kDigitSide * kDigitSide);
  for (const int digit : {-1, 10})
    EXPECT_EQ(error_of([&] { draw_digit(digit, 0, 0, DigitStyle(), pixels.data()); }),
              "draw_digit: a digit is 0 to 9, got " + std::to_string(digit));
}

TEST(Moons, LieOnTwoHalfCircles) {
  for (const int64_t n : {0, 1, 2, 7, 200}) {
    const Example<> data = moons(n, 0, 42);
    EXPECT_EQ(data.data.sizes(), IntArrayRef({n, 2}));
    int64_t ones = 0;
    for (int64_t i = 0; i < n; ++i) {
      const double x = data.data.data_ptr<float>()[2 * i], y = data.data.data_ptr<float>()[2 * i + 1];
      const int64_t label = data.target.data_ptr<int64_t>()[i];
      ones += label;
      EXPECT_NEAR(label ? std::hypot(x - 1, y - 0.5) : std::hypot(x, y), 1, 1e-6);
      EXPECT_TRUE(label ? y <= 0.5 + 1e-6 : y >= -1e-6);
    }
    EXPECT_EQ(ones, n - n / 2);
  }
}

TEST(Moons, NoiseIsOfTheGivenDeviationAndTheOrderMixed) {
  const Example<> exact = moons(4000, 0, 1), noisy = moons(4000, 0.2, 1);
  double squares = 0;
  for (int i = 0; i < 8000; ++i) {
    const double d = exact.data.data_ptr<float>()[i] - noisy.data.data_ptr<float>()[i];
    squares += d * d;
  }
  EXPECT_NEAR(std::sqrt(squares / 8000), 0.2, 0.01);
  int changes = 0;
  for (int i = 1; i < 4000; ++i)
    changes += exact.target.data_ptr<int64_t>()[i] != exact.target.data_ptr<int64_t>()[i - 1];
  EXPECT_NEAR(changes, 2000, 150);
  EXPECT_TRUE(same_bytes(noisy.data, moons(4000, 0.2, 1).data));
  EXPECT_FALSE(same_bytes(noisy.data, moons(4000, 0.2, 2).data));
  EXPECT_EQ(error_of([] { moons(-1, 0.1, 0); }), "moons: n and noise must not be negative, got -1 and 0.1");
  EXPECT_EQ(error_of([] { moons(1, -0.1, 0); }), "moons: n and noise must not be negative, got 1 and -0.1");
}

TEST(Gates, AreTheTruthTables) {
  const Example<> exclusive = xor_gate(), both = and_gate();
  EXPECT_EQ(exclusive.data.sizes(), IntArrayRef({4, 2}));
  EXPECT_EQ(exclusive.target.sizes(), IntArrayRef({4, 1}));
  for (int i = 0; i < 4; ++i) {
    const float a = exclusive.data.data_ptr<float>()[2 * i], b = exclusive.data.data_ptr<float>()[2 * i + 1];
    EXPECT_EQ(2 * a + b, static_cast<float>(i));
    EXPECT_EQ(exclusive.target.data_ptr<float>()[i], a != b ? 1.f : 0.f);
    EXPECT_EQ(both.target.data_ptr<float>()[i], a * b);
  }
}

}  // namespace
}  // namespace gradus::data
