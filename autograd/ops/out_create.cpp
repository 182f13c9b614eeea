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

TensorOptions of(const Tensor& out) {
  check(out.defined(), "expected a tensor for out, but got an undefined one");
  return out.scalar_type();
}

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

}  // namespace gradus
