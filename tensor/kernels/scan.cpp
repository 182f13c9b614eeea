#include "gradus/tensor/kernels/scan.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "gradus/tensor/kernels/order.h"
#include "gradus/tensor/parallel.h"

namespace gradus::kernels {
namespace {

constexpr int64_t tile = 64;         // lines that run side by side where their elements are neighbours
constexpr int64_t side_by_side = 8;  // and where each is consecutive and every element waits for the one before
constexpr int64_t chunk = 32768;     // elements that one thread takes at a time

template <class T>
T* address(const TensorImpl& t) {
  return reinterpret_cast<T*>(t.data());
}

// The order in which k runs from 0 to r - 1, or back.
enum class Order { up, down };

// For each k step(state, i, k) of Lines lines, of which the next begins `apart` elements further on; element k of a
// line is i = first + k * b.
template <int64_t Lines, Order order, class State, class Step>
void run_lines(int64_t first, int64_t apart, int64_t lines, int64_t r, int64_t b, const State& start,
               const Step& step) {
  State states[Lines];
  std::fill_n(states, Lines, start);
  for (int64_t n = 0; n < r; ++n) {
    const int64_t k = order == Order::up ? n : r - 1 - n;
    for (int64_t c = 0; c < (Lines == tile ? lines : Lines); ++c) step(states[c], first + c * apart + k * b, k);
  }
}

// step(state, i, k) for every element i, the k-th of r of its line; `state` begins as `start` and belongs to the line.
template <int64_t Lines = side_by_side, Order order = Order::up, class State, class Step>
void scan(int64_t a, int64_t r, int64_t b, const State& start, const Step& step) {
  if (a * r * b == 0) return;
  if (b == 1)
    return parallel_for(a, std::max<int64_t>(1, chunk / r), [&](int64_t line, int64_t end) {
      for (; line + Lines <= end; line += Lines) run_lines<Lines, order>(line * r, r, Lines, r, 1, start, step);
      for (; line < end; ++line) run_lines<1, order>(line * r, r, 1, r, 1, start, step);
    });
  const int64_t tiles = ceil_div(b, tile);
  parallel_for(a * tiles, std::max<int64_t>(1, chunk / (r * std::min(b, tile))), [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const int64_t j = i % tiles * tile;
      run_lines<tile, order>(i / tiles * r * b + j, 1, std::min(tile, b - j), r, b, start, step);
    }
  });
}

template <class T>
using Wide = std::conditional_t<std::is_same_v<T, int64_t>, int64_t, double>;

// max + ln(1 + e^(min - max)); equal infinities stay.
double log_add(double x, double y) {
  const double lo = std::isnan(y) ? y : std::min(x, y), hi = std::isnan(y) ? y : std::max(x, y);
  return lo != hi || std::isfinite(lo) ? hi + std::log1p(std::exp(lo - hi)) : x;
}

template <class F>
void dispatch_numbers(const char* op, ScalarType t, const F& f) {
  if (t == kLong) return f.template operator()<int64_t>();
  dispatch_floating(op, t, f);
}

}  // namespace

void cumprod(const TensorImpl& y, const TensorImpl& x, int64_t a, int64_t r, int64_t b) {
  dispatch_numbers("cumprod", x.dtype, [&]<class T>() {
    scan(a, r, b, Wide<T>(1), [p = address<const T>(x), q = address<T>(y)](Wide<T>& product, int64_t i, int64_t) {
      q[i] = static_cast<T>(product *= static_cast<Wide<T>>(p[i]));
    });
  });
}

void cumulative_extreme(bool max, const TensorImpl& values, const TensorImpl& indices, const TensorImpl& x, int64_t a,
                        int64_t r, int64_t b) {
  dispatch(x.dtype, [&]<class T>() {
    struct Best {
      T value;
      int64_t at;
    };
    const auto run = [&](auto takes) {
      scan(a, r, b, Best{},
           [=, p = address<const T>(x), q = address<T>(values), to = address<int64_t>(indices)](Best& best, int64_t i,
                                                                                                int64_t k) {
             const T v = p[i];
             if (k == 0 || is_nan(v) || takes(v, best.value)) best = {v, k};
             q[i] = best.value;
             to[i] = best.at;
           });
    };
    // A line alone: that little is taken is foretold, and nothing waits. Neither takes anything but NaN where the best
    // is NaN.
    max ? run([](const T& v, const T& best) { return v >= best; })
        : run([](const T& v, const T& best) { return v <= best; });
  });
}

void logcumsumexp(const TensorImpl& y, const TensorImpl& x, int64_t a, int64_t r, int64_t b) {
  dispatch_floating("logcumsumexp", x.dtype, [&]<class T>() {
    scan(a, r, b, -std::numeric_limits<double>::infinity(),
         [p = address<const T>(x), q = address<T>(y)](double& sum, int64_t i, int64_t) {
           q[i] = static_cast<T>(sum = log_add(static_cast<double>(p[i]), sum));
         });
  });
}

void linear_recurrence(const TensorImpl& y, const TensorImpl& g, const TensorImpl& x, int64_t a, int64_t r, int64_t b) {
  dispatch_floating("cumprod", x.dtype, [&]<class T>() {
    struct State {
      double sum = 0, factor = 0;
    };
    scan<side_by_side, Order::down>(
        a, r, b, State(),
        [from = address<const T>(g), p = address<const T>(x), q = address<T>(y)](State& s, int64_t i, int64_t) {
          s.sum = static_cast<double>(from[i]) + s.factor * s.sum;
          s.factor = static_cast<double>(p[i]);
          q[i] = static_cast<T>(s.sum);
        });
  });
}

}  // namespace gradus::kernels
