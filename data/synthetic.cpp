#include "gradus/data/synthetic.h"

#include <cmath>
#include <numeric>
#include <vector>

#include "gradus/data/sample_stream.h"
#include "gradus/tensor/error.h"
#include "gradus/tensor/factories.h"
#include "gradus/tensor/parallel.h"

namespace gradus::data {

Example<> draw_digits(int64_t size, uint64_t seed, const DigitStyle& style) {
  check(size >= 0, "draw_digits: size must not be negative, got ", size);
  Example<> result(empty({size, 1, kDigitSide, kDigitSide}, kByte), empty({size}, kLong));
  uint8_t* pixels = result.data.data_ptr<uint8_t>();
  int64_t* classes = result.target.data_ptr<int64_t>();
  parallel_for(size, 32, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const auto index = static_cast<uint64_t>(i);
      const int digit = SampleStream(seed, ~index).below(10);
      classes[i] = digit;
      draw_digit(digit, seed, index, style, pixels + i * kDigitSide * kDigitSide);
    }
  });
  return result;
}

namespace datasets {

Digits::Digits(int64_t size, uint64_t seed, const DigitStyle& style) {
  Example<> drawn = draw_digits(size, seed, style);
  images_ = drawn.data.to(kFloat).div_(255);
  targets_ = drawn.target;
}

Example<> Digits::get(size_t index) {
  const auto row = static_cast<int64_t>(index);
  return {images_[row], targets_[row]};
}

Example<> Digits::get_stacked(ArrayRef<size_t> indices) const {
  return {detail::gather_rows(images_, indices), detail::gather_rows(targets_, indices)};
}

std::optional<size_t> Digits::size() const { return static_cast<size_t>(images_.size(0)); }

}  // namespace datasets

Example<> moons(int64_t n, double noise, uint64_t seed) {
  check(n >= 0 && noise >= 0, "moons: n and noise must not be negative, got ", n, " and ", noise);
  constexpr double kPi = 3.141592653589793;
  std::vector<int64_t> order(static_cast<size_t>(n));
  std::iota(order.begin(), order.end(), int64_t{0});
  SampleStream shuffle(seed);
  for (size_t i = order.size(); i > 1; --i)
    std::swap(order[i - 1], order[static_cast<size_t>(shuffle.uniform() * static_cast<double>(i))]);
  Example<> result(empty({n, 2}, kFloat), empty({n}, kLong));
  float* points = result.data.data_ptr<float>();
  int64_t* classes = result.target.data_ptr<int64_t>();
  const int64_t outer = n / 2, inner = n - outer;
  for (int64_t i = 0; i < n; ++i) {
    const int64_t k = order[static_cast<size_t>(i)];
    const bool is_outer = k < outer;
    const int64_t place = is_outer ? k : k - outer, last = std::max<int64_t>((is_outer ? outer : inner) - 1, 1);
    const double angle = kPi * static_cast<double>(place) / static_cast<double>(last);
    SampleStream random(seed, static_cast<uint64_t>(k) + 1);
    const double x = is_outer ? std::cos(angle) : 1 - std::cos(angle);
    const double y = is_outer ? std::sin(angle) : 0.5 - std::sin(angle);
    points[2 * i] = static_cast<float>(x + random.normal(noise));
    points[2 * i + 1] = static_cast<float>(y + random.normal(noise));
    classes[i] = is_outer ? 0 : 1;
  }
  return result;
}

namespace {

Example<> gate(bool (*output)(bool, bool)) {
  Example<> result(empty({4, 2}, kFloat), empty({4, 1}, kFloat));
  float* inputs = result.data.data_ptr<float>();
  float* outputs = result.target.data_ptr<float>();
  for (int i = 0; i < 4; ++i) {
    const bool a = i >= 2, b = i % 2 == 1;
    inputs[2 * i] = a;
    inputs[2 * i + 1] = b;
    outputs[i] = output(a, b);
  }
  return result;
}

}  // namespace

Example<> xor_gate() {
  return gate([](bool a, bool b) { return a != b; });
}

Example<> and_gate() {
  return gate([](bool a, bool b) { return a && b; });
}

}  // namespace gradus::data
