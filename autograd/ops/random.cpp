#include "gradus/autograd/ops/random.h"

#include <numeric>

#include "gradus/autograd/ops/arithmetic.h"
#include "gradus/autograd/record.h"
#include "gradus/tensor/factories.h"
#include "gradus/tensor/kernels/convert.h"
#include "gradus/tensor/kernels/random.h"
#include "gradus/tensor/kernels/typed.h"

namespace gradus {
namespace {

Generator& chosen(std::optional<Generator>& g) { return g && g->defined() ? *g : default_generator(); }

Tensor& self(const Tensor& t) { return const_cast<Tensor&>(t); }

// PyTorch numbers a tensor with gaps in the order of its memory: the same tensor with its dimensions by falling stride.
TensorImpl in_memory_order(const TensorImpl& t) {
  std::vector<size_t> order(t.sizes.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return t.strides[a] > t.strides[b]; });
  Sizes sizes, strides;
  for (size_t d : order) {
    sizes.push_back(t.sizes[d]);
    strides.push_back(t.strides[d]);
  }
  return TensorImpl(t.storage, t.dtype, sizes, strides, t.offset);
}

// x overwritten by `draw(contiguous tensor of its type)`. What x was is forgotten: its gradient is zero.
template <class Draw>
Tensor& drawn(const char* op, const Tensor& x, const Draw& draw) {
  check_in_place(op, x);
  auto node = prepare_in_place(op, {x}, [](const Tensor& g, Node&) { return zeros_like(g); });
  if (x.is_contiguous()) {
    draw(x);
  } else {
    const TensorImpl target = in_memory_order(*x.unsafeGetTensorImpl());
    const Tensor numbers = empty(target.sizes, x.scalar_type());
    draw(numbers);
    kernels::copy(target, *numbers.unsafeGetTensorImpl());
  }
  finish_in_place(x, node);
  return self(x);
}

template <class F>
void any_floating(const char* op, const Tensor& t, const F& f) {
  kernels::with_addresses<float, double, Half, BFloat16>(op, f, t);
}

template <class F>
void any_type(const Tensor& t, const F& f) {
  dispatch(t.scalar_type(), [&]<class T>() { f(kernels::pointer<T>("random", t)); });
}

// A new tensor filled before anything is recorded on it.
template <class Fill>
Tensor fresh(IntArrayRef sizes, const TensorOptions& o, const Fill& fill) {
  Tensor t = empty(sizes, o.requires_grad(false));
  fill(t);
  return o.requires_grad() ? t.requires_grad_() : t;
}

TensorOptions whole(const TensorOptions& o) { return o.dtype(o.dtype_opt().value_or(kLong)); }

}  // namespace

Tensor& Tensor::uniform_(double from, double to, std::optional<Generator> g) const {
  return drawn("uniform_", *this, [&](const Tensor& t) {
    any_floating("uniform_", t, [&](auto* p) { kernels::uniform(chosen(g), p, t.numel(), from, to); });
  });
}

Tensor& Tensor::normal_(double mean, double std, std::optional<Generator> g) const {
  const bool whole = is_contiguous();
  return drawn("normal_", *this, [&](const Tensor& t) {
    any_floating("normal_", t, [&]<class T>(T* p) {
      (whole ? kernels::normal<T> : kernels::normal_serial<T>)(chosen(g), p, t.numel(), mean, std);
    });
  });
}

Tensor& Tensor::random_(std::optional<Generator> g) const {
  return drawn("random_", *this,
               [&](const Tensor& t) { any_type(t, [&](auto* p) { kernels::random(chosen(g), p, t.numel()); }); });
}

Tensor& Tensor::random_(int64_t to, std::optional<Generator> g) const { return random_(0, to, std::move(g)); }

Tensor& Tensor::random_(int64_t from, std::optional<int64_t> to, std::optional<Generator> g) const {
  return drawn("random_", *this, [&](const Tensor& t) {
    any_type(t, [&](auto* p) { kernels::random(chosen(g), p, t.numel(), from, to); });
  });
}

Tensor Tensor::bernoulli(std::optional<Generator> g) const { return gradus::bernoulli(*this, std::move(g)); }
Tensor Tensor::bernoulli(double p, std::optional<Generator> g) const {
  return gradus::bernoulli(*this, p, std::move(g));
}
Tensor& Tensor::bernoulli_(double p, std::optional<Generator> g) const {
  return drawn("bernoulli_", *this,
               [&](const Tensor& t) { any_type(t, [&](auto* y) { kernels::bernoulli(chosen(g), y, t.numel(), p); }); });
}

namespace {

// The kernels of these draw in double, whatever the floating type.
template <class Draw>
Tensor& drawn_continuous(const char* op, const char* distribution, const Tensor& x, const Draw& draw) {
  check(x.defined(), op, ": expected a tensor, but got an undefined one");
  check(is_floating(x.scalar_type()), op, ": ", distribution,
        " distribution is a continuous probability distribution. dtype must be a floating point but you specified ",
        name(x.scalar_type()));
  return drawn(op, x, [&](const Tensor& t) { any_floating(op, t, [&](auto* y) { draw(y, t.numel()); }); });
}

}  // namespace

Tensor& TensorMethods::exponential_(double lambd, std::optional<Generator> g) const {
  return drawn_continuous("exponential_", "Exponential", itself(),
                          [&](auto* y, int64_t n) { kernels::exponential(chosen(g), y, n, lambd); });
}
Tensor& TensorMethods::cauchy_(double median, double sigma, std::optional<Generator> g) const {
  return drawn_continuous("cauchy_", "Cauchy", itself(),
                          [&](auto* y, int64_t n) { kernels::cauchy(chosen(g), y, n, median, sigma); });
}
Tensor& TensorMethods::log_normal_(double mean, double std, std::optional<Generator> g) const {
  return drawn_continuous("log_normal_", "Log-normal", itself(),
                          [&](auto* y, int64_t n) { kernels::log_normal(chosen(g), y, n, mean, std); });
}
Tensor& TensorMethods::geometric_(double p, std::optional<Generator> g) const {
  const Tensor& x = itself();
  check(x.defined() && x.scalar_type() != kBool, "geometric_: \"geometric_cpu\" not implemented for '",
        x.defined() ? "Bool" : "an undefined tensor", "'");
  return drawn("geometric_", x,
               [&](const Tensor& t) { any_type(t, [&](auto* y) { kernels::geometric(chosen(g), y, t.numel(), p); }); });
}

Tensor Tensor::multinomial(int64_t samples, bool replacement, std::optional<Generator> g) const {
  return gradus::multinomial(*this, samples, replacement, std::move(g));
}

Tensor rand(IntArrayRef sizes, const TensorOptions& o) { return rand(sizes, std::nullopt, o); }
Tensor rand(IntArrayRef sizes, std::optional<Generator> g, const TensorOptions& o) {
  return fresh(sizes, o, [&](const Tensor& t) { t.uniform_(0, 1, g); });
}
Tensor rand_like(const Tensor& t, const TensorOptions& o) {
  const Tensor y = empty_like(t, o.requires_grad(false));
  y.uniform_();
  return o.requires_grad() ? y.requires_grad_() : y;
}
Tensor randn(IntArrayRef sizes, const TensorOptions& o) { return randn(sizes, std::nullopt, o); }
Tensor randn(IntArrayRef sizes, std::optional<Generator> g, const TensorOptions& o) {
  return fresh(sizes, o, [&](const Tensor& t) { t.normal_(0, 1, g); });
}
Tensor randn_like(const Tensor& t, const TensorOptions& o) {
  const Tensor y = empty_like(t, o.requires_grad(false));
  y.normal_();
  return o.requires_grad() ? y.requires_grad_() : y;
}

Tensor normal(double mean, double std, IntArrayRef sizes, std::optional<Generator> g, const TensorOptions& o) {
  return fresh(sizes, o, [&](const Tensor& t) { t.normal_(mean, std, g); });
}
Tensor normal(const Tensor& mean, double std, std::optional<Generator> g) {
  NoGradGuard off;
  return normal(0, std, mean.sizes(), std::move(g), mean.scalar_type()).add_(mean);
}
Tensor normal(const Tensor& mean, const Tensor& std, std::optional<Generator> g) {
  NoGradGuard off;
  check(!std.lt(0).any().item<bool>(), "normal expects all elements of std >= 0.0");
  const Sizes sizes = broadcast("normal", mean.sizes(), std.sizes());
  return normal(0, 1, sizes, std::move(g), mean.scalar_type()).mul_(std).add_(mean);
}

Tensor randint_like(const Tensor& t, int64_t high, const TensorOptions& o) { return randint_like(t, 0, high, o); }
Tensor randint_like(const Tensor& t, int64_t low, int64_t high, const TensorOptions& o) {
  const Tensor y = empty_like(t, o.requires_grad(false));
  y.random_(low, high);
  return o.requires_grad() ? y.requires_grad_() : y;
}
Tensor randint(int64_t high, IntArrayRef sizes, const TensorOptions& o) { return randint(0, high, sizes, o); }
Tensor randint(int64_t low, int64_t high, IntArrayRef sizes, const TensorOptions& o) {
  return randint(low, high, sizes, std::nullopt, o);
}
Tensor randint(int64_t low, int64_t high, IntArrayRef sizes, std::optional<Generator> g, const TensorOptions& o) {
  return fresh(sizes, whole(o), [&](const Tensor& t) { t.random_(low, high, g); });
}

Tensor randperm(int64_t n, const TensorOptions& o) { return randperm(n, std::nullopt, o); }
Tensor randperm(int64_t n, std::optional<Generator> g, const TensorOptions& o) {
  check(n >= 0, "randperm: n must be non-negative, got ", n);
  return fresh({n}, whole(o),
               [&](const Tensor& t) { any_type(t, [&](auto* p) { kernels::randperm(chosen(g), p, n); }); });
}

Tensor bernoulli(const Tensor& p, std::optional<Generator> g) {
  const Tensor y = empty(p.sizes(), p.scalar_type());
  const int64_t n = p.numel();
  kernels::with_floating(
      "bernoulli", [&](auto* p, auto* y) { kernels::bernoulli(chosen(g), y, p, n); }, p.detach().contiguous(),
      kernels::written(y));
  return y;
}
Tensor bernoulli(const Tensor& like, double p, std::optional<Generator> g) {
  return empty_like(like).bernoulli_(p, std::move(g));
}

Tensor multinomial(const Tensor& weights, int64_t samples, bool replacement, std::optional<Generator> g) {
  check(weights.defined() && (weights.dim() == 1 || weights.dim() == 2),
        "multinomial: prob_dist must be 1 or 2 dim, got ",
        weights.defined() ? str(weights.sizes()) : "an undefined tensor");
  const int64_t rows = weights.dim() == 2 ? weights.size(0) : 1, categories = weights.size(-1);
  const Tensor y = weights.dim() == 2 ? empty({rows, samples}, kLong) : empty({samples}, kLong);
  auto* out = kernels::pointer<int64_t>("multinomial", y);
  kernels::with_floating(
      "multinomial", [&](auto* p) { kernels::multinomial(chosen(g), out, p, rows, categories, samples, replacement); },
      weights.detach().contiguous());
  return y;
}

Tensor poisson(const Tensor& x, std::optional<Generator> g) {
  check(x.defined() && is_floating(x.scalar_type()), "poisson: \"poisson_cpu\" not implemented for '",
        x.defined() ? name(x.scalar_type()) : "an undefined tensor", "'");
  Tensor y = empty(x.sizes(), x.scalar_type());
  kernels::with_floating(
      "poisson", [&](auto* rate, auto* k) { kernels::poisson(chosen(g), k, rate, x.numel()); }, x.detach().contiguous(),
      kernels::written(y));
  return record("poisson", y, {x}, [](const Tensor& gy, Node&) { return zeros_like(gy); });
}

}  // namespace gradus
