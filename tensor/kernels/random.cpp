#include "gradus/tensor/kernels/random.h"

#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <type_traits>
#include <vector>

#include "gradus/tensor/dtype.h"
#include "gradus/tensor/kernels/float16.h"
#include "gradus/tensor/kernels/random_units.h"

namespace gradus::kernels {

namespace {

template <class T>
constexpr const char* type_name = std::is_same_v<T, float>      ? "float"
                                  : std::is_same_v<T, double>   ? "double"
                                  : std::is_same_v<T, bool>     ? "bool"
                                  : std::is_same_v<T, int64_t>  ? "long int"
                                  : std::is_same_v<T, int32_t>  ? "int"
                                  : std::is_same_v<T, int16_t>  ? "short int"
                                  : std::is_same_v<T, int8_t>   ? "signed char"
                                  : std::is_same_v<T, Half>     ? "c10::Half"
                                  : std::is_same_v<T, BFloat16> ? "c10::BFloat16"
                                                                : "unsigned char";

// Calls body(i, r) with 32 or 64 random bits for i = 0 ... n - 1.
template <class Bits, class F>
void each_bits(Mt19937& engine, int64_t n, const F& body) {
  constexpr int64_t words = sizeof(Bits) / 4;
  uint32_t r[unit_run * words];
  for (int64_t begin = 0; begin < n; begin += unit_run) {
    const int64_t m = std::min(n - begin, unit_run);
    engine.draw(r, m * words);
    for (int64_t i = 0; i < m; ++i) {
      if constexpr (words == 1)
        body(begin + i, r[i]);
      else
        body(begin + i, uint64_t{r[2 * i]} << 32 | r[2 * i + 1]);
    }
  }
}

}  // namespace

template <class T>
void uniform(Generator& g, T* y, int64_t n, double from, double to) {
  constexpr auto most = static_cast<double>(std::numeric_limits<T>::max());
  check(from >= -most && from <= most, "uniform_: from is out of bounds for ", type_name<T>, ", got ", from);
  check(to >= -most && to <= most, "uniform_: to is out of bounds for ", type_name<T>, ", got ", to);
  check(from <= to, "uniform_ expects to return a [from, to) range, but found from=", from, " > to=", to);
  check(to - from <= most, "uniform_ expects to-from <= std::numeric_limits<", gradus::name(dtype_of<T>),
        ">::max(), but found to=", to, " and from=", from, " which result in to-from to exceed the limit");
  const std::lock_guard lock(g.mutex());
  auto& engine = g.impl().engine;
  float wide[unit_run];
  for (int64_t i = 0; i < n; i += unit_run) {
    const int64_t m = std::min(n - i, unit_run);
    if constexpr (is_float16_v<T>) {
      draw_uniform(engine, wide, m, static_cast<float>(from), static_cast<float>(to));
      narrow(wide, y + i, m);
      for (int64_t k = i; k < i + m; ++k)
        if (y[k] >= T(static_cast<float>(to))) y[k] = static_cast<T>(from);
    } else {
      draw_uniform(engine, y + i, m, static_cast<T>(from), static_cast<T>(to));
    }
  }
}

template <class T>
void exponential(Generator& g, T* y, int64_t n, double lambda) {
  check(lambda > 0, "exponential_ expects lambda > 0.0, but found lambda=", lambda);
  const std::lock_guard lock(g.mutex());
  each_unit<double>(g.impl().engine, n,
                    [=](int64_t i, double u) { y[i] = static_cast<T>(-1.0 / lambda * std::log1p(-u)); });
}

template <class T>
void geometric(Generator& g, T* y, int64_t n, double p) {
  check(p > 0 && p < 1, "geometric_ expects p to be in (0, 1), but got p=", p);
  const std::lock_guard lock(g.mutex());
  const double log_failure = std::log1p(-p);
  each_unit<double>(g.impl().engine, n, [=](int64_t i, double u) {
    const double trials = std::ceil(std::log(u) / log_failure);
    if constexpr (std::is_integral_v<T>)  // through 64 bits, and no further: u = 0 gives infinity
      y[i] = static_cast<T>(static_cast<int64_t>(std::min(trials, 0x1p62)));
    else
      y[i] = static_cast<T>(trials);
  });
}

template <class T>
void cauchy(Generator& g, T* y, int64_t n, double median, double sigma) {
  check(sigma > 0, "cauchy_ expects sigma > 0.0, but found sigma=", sigma);
  const std::lock_guard lock(g.mutex());
  each_unit<double>(g.impl().engine, n, [=](int64_t i, double u) {
    y[i] = static_cast<T>(std::fma(sigma, std::tan(std::numbers::pi * (u - 0.5)), median));
  });
}

template <class T>
void bernoulli(Generator& g, T* y, int64_t n, double p) {
  check(0 <= p && p <= 1, "bernoulli_ expects p to be in [0, 1], but got p=", p);
  const std::lock_guard lock(g.mutex());
  each_unit<double>(g.impl().engine, n, [=](int64_t i, double u) { y[i] = static_cast<T>(u < p); });
}

template <class T, class P>
void bernoulli(Generator& g, T* y, const P* p, int64_t n) {
  for (int64_t i = 0; i < n; ++i)
    check(p[i] >= 0 && p[i] <= 1, "bernoulli: Expected p_in >= 0 && p_in <= 1 to be true, but got false, p[", i,
          "] = ", p[i]);
  const std::lock_guard lock(g.mutex());
  each_unit<P>(g.impl().engine, n, [=](int64_t i, P u) { y[i] = static_cast<T>(u < p[i]); });
}

template <class T>
void random(Generator& g, T* y, int64_t n) {
  // max + 1 numbers of an integer type, 2^digits + 1 of a floating one.
  constexpr uint64_t count = is_floating_v<T> ? (uint64_t{1} << std::numeric_limits<T>::digits) + 1
                                              : static_cast<uint64_t>(std::numeric_limits<T>::max()) + 1;
  using Bits = std::conditional_t<std::is_same_v<T, double> || std::is_same_v<T, int64_t>, uint64_t, uint32_t>;
  const std::lock_guard lock(g.mutex());
  each_bits<Bits>(g.impl().engine, n, [=](int64_t i, uint64_t r) { y[i] = static_cast<T>(r % count); });
}

namespace {

// The neighbours of a bound that T can tell from it: a number cast to T must stay in [from, to).
template <class T>
int64_t cast_through(int64_t x) {
  const T y = static_cast<T>(x);
  return y >= static_cast<T>(0x1p63) ? std::numeric_limits<int64_t>::min() : static_cast<int64_t>(y);
}
template <class T>
int64_t spacing(int64_t x) {
  const uint64_t size = x < 0 ? uint64_t{0} - static_cast<uint64_t>(x) : static_cast<uint64_t>(x);
  const int log2 = 63 - __builtin_clzll(size | 1);
  return int64_t{1} << std::max(0, log2 - std::numeric_limits<T>::digits + 1);
}
template <class T>
int64_t first_not_below(int64_t from) {
  const auto above = static_cast<int64_t>(static_cast<uint64_t>(from) + 1);
  const int64_t next = cast_through<T>(above);
  return next < from ? next + spacing<T>(above) : from;
}
template <class T>
int64_t last_not_above(int64_t to) {
  const int64_t previous = cast_through<T>(to - 1);
  return previous >= to ? previous - spacing<T>(to - 1) : to;
}

template <class T>
void check_bounds(int64_t from, int64_t last) {
  if constexpr (std::is_integral_v<T> || std::is_same_v<T, Half>) {
    constexpr auto least = static_cast<int64_t>(std::numeric_limits<T>::lowest());
    constexpr auto most = static_cast<int64_t>(std::numeric_limits<T>::max());
    check(from >= least && from <= most, "random_: from is out of bounds for ", type_name<T>, ", got ", from);
    check(last >= least && last <= most, "random_: to - 1 is out of bounds for ", type_name<T>, ", got ", last);
  }
}

}  // namespace

template <class T>
void random(Generator& g, T* y, int64_t n, int64_t from, std::optional<int64_t> to) {
  const bool all_bits = !to && from == std::numeric_limits<int64_t>::min();
  uint64_t range = 0;
  if (to) {
    check(from < *to, "random_ expects 'from' to be less than 'to', but got from=", from, " >= to=", *to);
    if constexpr (is_floating_v<T>) {
      from = first_not_below<T>(from);
      to = last_not_above<T>(*to);
      check(from < *to,
            "random_ expects 'from' casted to dtype to be less than 'to' casted to dtype, but got from=", from,
            " >= to=", *to);
    }
    check_bounds<T>(from, *to - 1);
    range = static_cast<uint64_t>(*to) - static_cast<uint64_t>(from);
  } else if (!all_bits) {
    int64_t last = 0;
    if constexpr (is_floating_v<T>) {
      last = int64_t{1} << std::numeric_limits<T>::digits;
      from = first_not_below<T>(from);
      check(from < last,
            "random_ expects 'from' casted to dtype to be less than or equal to 'to_inc' casted to dtype, "
            "but got from=",
            from, " > to_inc=", last);
    } else {
      last = static_cast<int64_t>(std::numeric_limits<T>::max());
    }
    check_bounds<T>(from, last);
    range = static_cast<uint64_t>(last) - static_cast<uint64_t>(from) + 1;
  } else {
    check((is_floating_v<T> || sizeof(T) == 8),
          "random_full_64_bits_range_kernel_cpu handles only int64, double, float and bfloat16, got ", type_name<T>);
  }

  const std::lock_guard lock(g.mutex());
  auto& engine = g.impl().engine;
  const auto base = static_cast<uint64_t>(from);
  const auto set = [=](int64_t i, uint64_t r) { y[i] = static_cast<T>(static_cast<int64_t>(r + base)); };
  if (all_bits)
    each_bits<uint64_t>(engine, n, [=](int64_t i, uint64_t r) { y[i] = static_cast<T>(static_cast<int64_t>(r)); });
  else if (range >= uint64_t{1} << 28)  // where the remainder of 32 bits would favour small numbers by 5 %
    each_bits<uint64_t>(engine, n, [=](int64_t i, uint64_t r) { set(i, range ? r % range : r); });
  else
    each_bits<uint32_t>(engine, n, [=](int64_t i, uint32_t r) { set(i, r % static_cast<uint32_t>(range)); });
}

template <class T>
void randperm(Generator& g, T* y, int64_t n) {
  check(n >= 0, "randperm: n must be non-negative, got ", n);
  if constexpr (std::is_integral_v<T>)
    check(n == 0 || n - 1 <= static_cast<int64_t>(std::numeric_limits<T>::max()),
          "randperm: value cannot be converted to type ", type_name<T>, " without overflow, got n = ", n);
  else if constexpr (!std::is_same_v<T, BFloat16>)
    check(n <= (int64_t{1} << std::numeric_limits<T>::digits) + 1, "randperm: n cannot be greater than ",
          (int64_t{1} << std::numeric_limits<T>::digits) + 1, " for ", gradus::name(dtype_of<T>), " type.");
  const std::lock_guard lock(g.mutex());
  auto& state = g.impl();
  if (n < static_cast<int64_t>(std::numeric_limits<uint32_t>::max() / 20)) {
    for (int64_t i = 0; i < n; ++i) y[i] = static_cast<T>(i);
    each_bits<uint32_t>(state.engine, n - 1,
                        [=](int64_t i, uint32_t r) { std::swap(y[i], y[i + r % static_cast<uint32_t>(n - i)]); });
    return;
  }
  for (int64_t i = 0; i < n; ++i) {
    const auto z = static_cast<int64_t>(state.random64() % static_cast<uint64_t>(i + 1));
    y[i] = static_cast<T>(i);
    y[i] = y[z];
    y[z] = static_cast<T>(i);
  }
}

namespace {

template <class T>
void check_weights(const T* p, int64_t rows, int64_t categories) {
  for (int64_t r = 0; r < rows; ++r, p += categories) {
    bool positive = false;
    for (int64_t i = 0; i < categories; ++i) {
      check(p[i] >= 0 && p[i] < std::numeric_limits<T>::infinity(),
            "multinomial: probability tensor contains either `inf`, `nan` or element < 0, got ", p[i]);
      positive = positive || p[i] > 0;
    }
    check(positive, "multinomial: invalid multinomial distribution (sum of probabilities <= 0)");
  }
}

template <class T>
void with_replacement(Mt19937& engine, int64_t* y, const T* p, std::vector<T>& cumulated, int64_t samples) {
  T sum = 0;
  for (size_t i = 0; i < cumulated.size(); ++i) cumulated[i] = sum += p[i];
  for (auto& c : cumulated) c /= sum;
  cumulated.back() = 1;
  each_unit<double>(engine, samples, [&](int64_t i, double u) {
    y[i] = std::lower_bound(cumulated.begin(), cumulated.end(), u, [](T c, double v) { return c < v; }) -
           cumulated.begin();
  });
}

template <class T>
void largest(int64_t* y, const std::vector<T>& score, std::vector<int64_t>& order, int64_t samples) {
  std::iota(order.begin(), order.end(), 0);
  std::partial_sort(order.begin(), order.begin() + samples, order.end(), [&](int64_t a, int64_t b) {
    const auto x = score[static_cast<size_t>(a)], z = score[static_cast<size_t>(b)];
    return x > z || (x == z && a < b);
  });
  std::copy_n(order.begin(), samples, y);
}

}  // namespace

template <class T>
void multinomial(Generator& g, int64_t* y, const T* p, int64_t rows, int64_t categories, int64_t samples,
                 bool replacement) {
  check(samples > 0, "multinomial: cannot sample n_sample <= 0 samples, got ", samples);
  check(replacement || samples <= categories,
        "multinomial: cannot sample n_sample > prob_dist.size(-1) samples without replacement, got ", samples, " of ",
        categories);
  check(categories <= int64_t{1} << 24, "multinomial: number of categories cannot exceed 2^24, got ", categories);
  check_weights(p, rows, categories);
  const std::lock_guard lock(g.mutex());
  std::vector<T> row(static_cast<size_t>(categories));
  std::vector<int64_t> order(row.size());
  for (int64_t r = 0; r < rows; ++r, p += categories, y += samples) {
    if (replacement && samples > 1) {
      with_replacement(g.impl().engine, y, p, row, samples);
      continue;
    }
    each_unit<double>(g.impl().engine, categories, [&](int64_t i, double u) {
      row[static_cast<size_t>(i)] = p[i] / static_cast<T>(-std::log1p(-u));
    });
    largest(y, row, order, samples);
  }
}

template void uniform(Generator&, float*, int64_t, double, double);
template void uniform(Generator&, double*, int64_t, double, double);
template void uniform(Generator&, Half*, int64_t, double, double);
template void uniform(Generator&, BFloat16*, int64_t, double, double);
template void exponential(Generator&, Half*, int64_t, double);
template void exponential(Generator&, BFloat16*, int64_t, double);
template void cauchy(Generator&, Half*, int64_t, double, double);
template void cauchy(Generator&, BFloat16*, int64_t, double, double);
template void exponential(Generator&, float*, int64_t, double);
template void exponential(Generator&, double*, int64_t, double);
template void cauchy(Generator&, float*, int64_t, double, double);
template void cauchy(Generator&, double*, int64_t, double, double);
template void multinomial(Generator&, int64_t*, const float*, int64_t, int64_t, int64_t, bool);
template void multinomial(Generator&, int64_t*, const double*, int64_t, int64_t, int64_t, bool);

// What every dtype has.
#define GRADUS_INSTANTIATE(T)                                                     \
  template void bernoulli(Generator&, T*, int64_t, double);                       \
  template void bernoulli(Generator&, T*, const float*, int64_t);                 \
  template void bernoulli(Generator&, T*, const double*, int64_t);                \
  template void geometric(Generator&, T*, int64_t, double);                       \
  template void random(Generator&, T*, int64_t);                                  \
  template void random(Generator&, T*, int64_t, int64_t, std::optional<int64_t>); \
  template void randperm(Generator&, T*, int64_t);
GRADUS_INSTANTIATE(float)
GRADUS_INSTANTIATE(double)
GRADUS_INSTANTIATE(Half)
GRADUS_INSTANTIATE(BFloat16)
GRADUS_INSTANTIATE(int64_t)
GRADUS_INSTANTIATE(int32_t)
GRADUS_INSTANTIATE(int16_t)
GRADUS_INSTANTIATE(int8_t)
GRADUS_INSTANTIATE(uint8_t)
GRADUS_INSTANTIATE(bool)
#undef GRADUS_INSTANTIATE

}  // namespace gradus::kernels
