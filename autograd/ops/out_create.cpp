// New and random tensors with an `out` argument.
#include "gradus/autograd/ops/out.h"
#include "gradus/autograd/overwrite.h"
#include "gradus/tensor/factories.h"

namespace gradus {

namespace {

// f() makes a tensor of out's type.
template <class F>
Tensor& created(const char* op, Tensor& out, const F& f) {
  return detail::write_out(op, out, {}, f);
}

TensorOptions of(const Tensor& out) { return out.scalar_type(); }

}  // namespace

Tensor& zeros_out(Tensor& out, IntArrayRef sizes) {
  return created("zeros", out, [&] { return zeros(sizes, of(out)); });
}
Tensor& ones_out(Tensor& out, IntArrayRef sizes) {
  return created("ones", out, [&] { return ones(sizes, of(out)); });
}
Tensor& full_out(Tensor& out, IntArrayRef sizes, const Scalar& value) {
  return created("full", out, [&] { return full(sizes, value, of(out)); });
}
Tensor& arange_out(Tensor& out, const Scalar& end) { return arange_out(out, 0, end, 1); }
Tensor& arange_out(Tensor& out, const Scalar& start, const Scalar& end, const Scalar& step) {
  return created("arange", out, [&] { return arange(start, end, step, of(out)); });
}
Tensor& range_out(Tensor& out, const Scalar& start, const Scalar& end, const Scalar& step) {
  return created("range", out, [&] { return range(start, end, step, of(out)); });
}
Tensor& linspace_out(Tensor& out, const Scalar& start, const Scalar& end, int64_t steps) {
  return created("linspace", out, [&] { return linspace(start, end, steps, of(out)); });
}
Tensor& logspace_out(Tensor& out, const Scalar& start, const Scalar& end, int64_t steps, double base) {
  return created("logspace", out, [&] { return logspace(start, end, steps, base, of(out)); });
}
Tensor& eye_out(Tensor& out, int64_t n) { return eye_out(out, n, n); }
Tensor& eye_out(Tensor& out, int64_t n, int64_t m) {
  return created("eye", out, [&] { return eye(n, m, of(out)); });
}
Tensor& rand_out(Tensor& out, IntArrayRef sizes, std::optional<Generator> g) {
  return created("rand", out, [&] { return rand(sizes, g, of(out)); });
}
Tensor& randn_out(Tensor& out, IntArrayRef sizes, std::optional<Generator> g) {
  return created("randn", out, [&] { return randn(sizes, g, of(out)); });
}
Tensor& randint_out(Tensor& out, int64_t high, IntArrayRef sizes) { return randint_out(out, 0, high, sizes); }
Tensor& randint_out(Tensor& out, int64_t low, int64_t high, IntArrayRef sizes, std::optional<Generator> g) {
  return created("randint", out, [&] { return randint(low, high, sizes, g, of(out)); });
}
Tensor& randperm_out(Tensor& out, int64_t n, std::optional<Generator> g) {
  return created("randperm", out, [&] { return randperm(n, g, of(out)); });
}
Tensor& normal_out(Tensor& out, double mean, double std, IntArrayRef sizes, std::optional<Generator> g) {
  return created("normal", out, [&] { return normal(mean, std, sizes, g, of(out)); });
}
Tensor& normal_out(Tensor& out, const Tensor& mean, double std, std::optional<Generator> g) {
  return detail::write_out("normal", out, {mean}, [&] { return normal(mean, std, g); });
}
Tensor& normal_out(Tensor& out, const Tensor& mean, const Tensor& std, std::optional<Generator> g) {
  return detail::write_out("normal", out, {mean, std}, [&] { return normal(mean, std, g); });
}
Tensor& bernoulli_out(Tensor& out, const Tensor& p, std::optional<Generator> g) {
  return detail::write_out("bernoulli", out, {p}, [&] { return bernoulli(p, g); });
}
Tensor& multinomial_out(Tensor& out, const Tensor& weights, int64_t samples, bool replacement,
                        std::optional<Generator> g) {
  return detail::same_type_out("multinomial", out, {weights},
                               [&] { return multinomial(weights, samples, replacement, g); });
}
Tensor& scalar_tensor_out(Tensor& out, const Scalar& value) {
  return created("scalar_tensor", out, [&] { return scalar_tensor(value, of(out)); });
}
Tensor& empty_out(Tensor& out, IntArrayRef sizes) {
  return created("empty", out, [&] { return empty(sizes, of(out)); });
}
Tensor& empty_strided_out(Tensor& out, IntArrayRef sizes, IntArrayRef strides) {
  return created("empty_strided", out, [&] { return empty_strided(sizes, strides, of(out)); });
}
Tensor& empty_like_out(Tensor& out, const Tensor& x) {
  return detail::write_out("empty_like", out, {x}, [&] { return empty_like(x, of(out)); });
}
Tensor& zeros_like_out(Tensor& out, const Tensor& x) {
  return detail::same_type_out("zeros_like", out, {x}, [&] { return zeros_like(x); });
}
Tensor& ones_like_out(Tensor& out, const Tensor& x) {
  return detail::same_type_out("ones_like", out, {x}, [&] { return ones_like(x); });
}
Tensor& full_like_out(Tensor& out, const Tensor& x, const Scalar& value) {
  return detail::same_type_out("full_like", out, {x}, [&] { return full_like(x, value); });
}
Tensor& rand_like_out(Tensor& out, const Tensor& x, std::optional<Generator> g) {
  return detail::same_type_out("rand_like", out, {x}, [&] { return rand(x.sizes(), g, x.options()); });
}
Tensor& randn_like_out(Tensor& out, const Tensor& x, std::optional<Generator> g) {
  return detail::same_type_out("randn_like", out, {x}, [&] { return randn(x.sizes(), g, x.options()); });
}
Tensor& randint_like_out(Tensor& out, const Tensor& x, int64_t high, std::optional<Generator> g) {
  return randint_like_out(out, x, 0, high, g);
}
Tensor& randint_like_out(Tensor& out, const Tensor& x, int64_t low, int64_t high, std::optional<Generator> g) {
  return detail::same_type_out("randint_like", out, {x}, [&] { return randint(low, high, x.sizes(), g, x.options()); });
}
Tensor& tril_indices_out(Tensor& out, int64_t row, int64_t col, int64_t offset) {
  return created("tril_indices", out, [&] { return tril_indices(row, col, offset, of(out)); });
}
Tensor& triu_indices_out(Tensor& out, int64_t row, int64_t col, int64_t offset) {
  return created("triu_indices", out, [&] { return triu_indices(row, col, offset, of(out)); });
}
Tensor& hann_window_out(Tensor& out, int64_t window_length) {
  return created("hann_window", out, [&] { return hann_window(window_length, of(out)); });
}
Tensor& hann_window_out(Tensor& out, int64_t window_length, bool periodic) {
  return created("hann_window", out, [&] { return hann_window(window_length, periodic, of(out)); });
}
Tensor& hamming_window_out(Tensor& out, int64_t window_length) {
  return created("hamming_window", out, [&] { return hamming_window(window_length, of(out)); });
}
Tensor& hamming_window_out(Tensor& out, int64_t window_length, bool periodic) {
  return created("hamming_window", out, [&] { return hamming_window(window_length, periodic, of(out)); });
}
Tensor& hamming_window_out(Tensor& out, int64_t window_length, bool periodic, double alpha) {
  return created("hamming_window", out, [&] { return hamming_window(window_length, periodic, alpha, of(out)); });
}
Tensor& hamming_window_out(Tensor& out, int64_t window_length, bool periodic, double alpha, double beta) {
  return created("hamming_window", out, [&] { return hamming_window(window_length, periodic, alpha, beta, of(out)); });
}
Tensor& blackman_window_out(Tensor& out, int64_t window_length) {
  return created("blackman_window", out, [&] { return blackman_window(window_length, of(out)); });
}
Tensor& blackman_window_out(Tensor& out, int64_t window_length, bool periodic) {
  return created("blackman_window", out, [&] { return blackman_window(window_length, periodic, of(out)); });
}
Tensor& bartlett_window_out(Tensor& out, int64_t window_length) {
  return created("bartlett_window", out, [&] { return bartlett_window(window_length, of(out)); });
}
Tensor& bartlett_window_out(Tensor& out, int64_t window_length, bool periodic) {
  return created("bartlett_window", out, [&] { return bartlett_window(window_length, periodic, of(out)); });
}
Tensor& kaiser_window_out(Tensor& out, int64_t window_length) {
  return created("kaiser_window", out, [&] { return kaiser_window(window_length, of(out)); });
}
Tensor& kaiser_window_out(Tensor& out, int64_t window_length, bool periodic) {
  return created("kaiser_window", out, [&] { return kaiser_window(window_length, periodic, of(out)); });
}
Tensor& kaiser_window_out(Tensor& out, int64_t window_length, bool periodic, double beta) {
  return created("kaiser_window", out, [&] { return kaiser_window(window_length, periodic, beta, of(out)); });
}

}  // namespace gradus
