// Single operations: every row of the test table as it stands (what a small operation costs), every pointwise row on a
// million elements; against the limits of the machine, a copy for what moves memory and oneDNN's own product; and what
// an operation costs that has next to nothing to compute (small/).
//
// bench_ops --benchmark_filter='^(gelu|softmax)/' names rows as op[/variant][/large][/backward]; backward includes
// forward.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>

#include "gradus/gradus.h"
#include "gradus/tests/autograd/table.h"
#ifdef GRADUS_ONEDNN
#include <oneapi/dnnl/dnnl.h>
#endif

namespace {

using gradus::Tensor;

// ---- rows of the table --------------------------------------------------------------------------------------------

constexpr int64_t million = 1 << 20;

Tensor random_input(const table::Input& in, const std::vector<int64_t>& shape) {
  const auto hi = static_cast<int64_t>(in.hi), lo = static_cast<int64_t>(in.lo);
  switch (in.kind) {
    case table::Kind::index:
      return gradus::randint(lo, std::max(hi, lo + 1), shape, gradus::kLong);
    case table::Kind::mask:
      return gradus::randint(0, 2, shape, gradus::kLong).to(gradus::kBool);
    default:
      return gradus::rand(shape) * (in.hi - in.lo) + in.lo;
  }
}

table::Tensors inputs(const table::Row& row, bool large, bool recorded) {
  gradus::manual_seed(1);
  table::Tensors xs;
  for (const table::Input& in : row.in) {
    xs.push_back(random_input(in, large ? std::vector<int64_t>{million} : in.shape));
    if (recorded && in.kind == table::Kind::real) xs.back().requires_grad_();
  }
  return xs;
}

void run_row(benchmark::State& state, const table::Row& row, bool large, bool backward) {
  const table::Tensors xs = inputs(row, large, backward);
  Tensor cotangent;
  if (backward) cotangent = gradus::ones_like(row.f(xs).detach());
  for (auto _ : state) {
    Tensor y = row.f(xs);
    if (backward) {
      for (const Tensor& x : xs) x.mutable_grad() = Tensor();
      y.backward(cotangent);
    }
    benchmark::DoNotOptimize(y);
  }
  if (large) state.SetItemsProcessed(state.iterations() * million);
}

void register_row(const table::Row& row) {
  const std::string name = row.op + (row.variant.empty() ? "" : "/" + row.variant);
  const auto add = [&](bool large, bool backward) {
    const std::string full = name + (large ? "/large" : "") + (backward ? "/backward" : "");
    benchmark::RegisterBenchmark(full.c_str(), [row, large, backward](benchmark::State& state) {
      run_row(state, row, large, backward);
    })->UseRealTime();
  };
  for (const bool large : {false, true}) {
    if (large && !row.pointwise) continue;
    add(large, false);
    if (row.differentiable) add(large, true);
  }
}

// ---- against the machine -------------------------------------------------------------------------------------------

constexpr int64_t ten_million = 10'000'000;

/// limit/NAME: f(x, u) of ten million floats each, x normal and u from 0 to 1, which moves so many bytes an element.
template <class F>
void register_limit(const char* name, int64_t bytes, F f) {
  benchmark::RegisterBenchmark((std::string("limit/") + name).c_str(), [bytes, f](benchmark::State& state) {
    const Tensor x = gradus::randn({ten_million}), u = gradus::rand({ten_million});
    for (auto _ : state) benchmark::DoNotOptimize(f(x, u));
    state.SetBytesProcessed(state.iterations() * ten_million * bytes);
  })->UseRealTime();
}

template <class F>
void register_limits_of(std::initializer_list<std::pair<const char*, F>> functions, bool positive) {
  for (const auto& [name, f] : functions)
    register_limit(name, 8, [f, positive](const Tensor& x, const Tensor& u) { return f(positive ? u : x); });
}

/// What else is pointwise and has one operand: of normal numbers, and of those from 0 to 1.
void register_unary_limits() {
  using Function = Tensor (*)(const Tensor&);
  register_limits_of<Function>({{"reciprocal", gradus::reciprocal},
                                {"erf", gradus::erf},
                                {"erfc", gradus::erfc},
                                {"sin", gradus::sin},
                                {"cos", gradus::cos},
                                {"tan", gradus::tan},
                                {"atan", gradus::atan},
                                {"sinh", gradus::sinh},
                                {"cosh", gradus::cosh},
                                {"asinh", gradus::asinh},
                                {"exp2", gradus::exp2},
                                {"expm1", gradus::expm1},
                                {"floor", gradus::floor},
                                {"round", gradus::round},
                                {"sign", gradus::sign},
                                {"selu", gradus::selu},
                                {"log_sigmoid", gradus::log_sigmoid},
                                {"mish", gradus::mish},
                                {"hardswish", gradus::hardswish},
                                {"hardsigmoid", gradus::hardsigmoid},
                                {"softsign", gradus::softsign},
                                {"tanhshrink", gradus::tanhshrink}},
                               false);
  register_limits_of<Function>({{"rsqrt", gradus::rsqrt},
                                {"log2", gradus::log2},
                                {"log10", gradus::log10},
                                {"log1p", gradus::log1p},
                                {"asin", gradus::asin},
                                {"acos", gradus::acos},
                                {"atanh", gradus::atanh},
                                {"erfinv", gradus::erfinv},
                                {"lgamma", gradus::lgamma},
                                {"digamma", gradus::digamma}},
                               true);
}

/// What has several operands, numbers besides, or another type than float.
void register_more_limits() {
  register_limit("sub", 12, [](const Tensor& x, const Tensor& u) { return x - u; });
  register_limit("div", 12, [](const Tensor& x, const Tensor& u) { return x / u; });
  register_limit("maximum", 12, [](const Tensor& x, const Tensor& u) { return gradus::maximum(x, u); });
  register_limit("atan2", 12, [](const Tensor& x, const Tensor& u) { return gradus::atan2(x, u); });
  register_limit("logaddexp", 12, [](const Tensor& x, const Tensor& u) { return gradus::logaddexp(x, u); });
  register_limit("lerp", 12, [](const Tensor& x, const Tensor& u) { return gradus::lerp(x, u, 0.3); });
  register_limit("pow/tensors", 12, [](const Tensor& x, const Tensor& u) { return gradus::pow(u, x); });
  register_limit("pow/3", 8, [](const Tensor& x, const Tensor&) { return gradus::pow(x, 3); });
  register_limit("pow/1.5", 8, [](const Tensor&, const Tensor& u) { return gradus::pow(u, 1.5); });
  register_limit("acosh", 8,
                 [w = gradus::rand({ten_million}) + 1.01](const Tensor&, const Tensor&) { return gradus::acosh(w); });
  register_limit("add/number", 8, [](const Tensor& x, const Tensor&) { return x + 1; });
  register_limit("div/number", 8, [](const Tensor& x, const Tensor&) { return x / 3; });
  register_limit("clamp", 8, [](const Tensor& x, const Tensor&) { return gradus::clamp(x, -1, 1); });
  register_limit("leaky_relu", 8, [](const Tensor& x, const Tensor&) { return gradus::leaky_relu(x); });
  register_limit("elu", 8, [](const Tensor& x, const Tensor&) { return gradus::elu(x); });
  register_limit("softplus", 8, [](const Tensor& x, const Tensor&) { return gradus::softplus(x); });
  register_limit("gelu/tanh", 8, [](const Tensor& x, const Tensor&) { return gradus::gelu(x, "tanh"); });
  register_limit("gt/number", 5, [](const Tensor& x, const Tensor&) { return x > 0; });
  register_limit("gt", 9, [](const Tensor& x, const Tensor& u) { return x > u; });
  register_limit("to_double", 12, [](const Tensor& x, const Tensor&) { return x.to(gradus::kDouble); });
  const Tensor mask = gradus::rand({ten_million}) > 0.5;
  register_limit("where", 13, [mask](const Tensor& x, const Tensor& u) { return gradus::where(mask, x, u); });
  register_limit("masked_fill", 9, [mask](const Tensor& x, const Tensor&) { return x.masked_fill(mask, 0); });
}

void register_limits() {
  register_limit("copy", 8, [](const Tensor& x, const Tensor& u) { return u.copy_(x); });
  register_limit("add", 12, [](const Tensor& x, const Tensor& u) { return x + u; });
  register_limit("mul", 12, [](const Tensor& x, const Tensor& u) { return x * u; });
  register_limit("relu", 8, [](const Tensor& x, const Tensor&) { return gradus::relu(x); });
  register_limit("exp", 8, [](const Tensor& x, const Tensor&) { return gradus::exp(x); });
  register_limit("log", 8, [](const Tensor&, const Tensor& u) { return gradus::log(u); });
  register_limit("sqrt", 8, [](const Tensor&, const Tensor& u) { return gradus::sqrt(u); });
  register_limit("tanh", 8, [](const Tensor& x, const Tensor&) { return gradus::tanh(x); });
  register_limit("sigmoid", 8, [](const Tensor& x, const Tensor&) { return gradus::sigmoid(x); });
  register_limit("silu", 8, [](const Tensor& x, const Tensor&) { return gradus::silu(x); });
  register_limit("gelu", 8, [](const Tensor& x, const Tensor&) { return gradus::gelu(x); });
  register_unary_limits();
  register_more_limits();
  // Rows of 1000 are read twice, but the second time from the cache.
  register_limit("softmax", 8, [](const Tensor& x, const Tensor&) { return gradus::softmax(x.view({-1, 1000}), 1); });
  register_limit("log_softmax", 8, [](const Tensor& x, const Tensor&) {
    return gradus::log_softmax(x.view({-1, 1000}), 1);
  });
  register_limit("layer_norm", 8,
                 [w = gradus::randn({1000}), b = gradus::randn({1000})](const Tensor& x, const Tensor&) {
                   return gradus::layer_norm(x.view({-1, 1000}), {1000}, w, b);
                 });
}

/// small/NAME: what an operation costs that has next to nothing to compute. Eight floats each.
void register_small() {
  const Tensor a = gradus::ones({8}), b = gradus::ones({8});
  const Tensor leaf = gradus::ones({8}).requires_grad_();
  const auto add = [](const char* name, auto f) {
    benchmark::RegisterBenchmark(name, [f](benchmark::State& state) {
      for (auto _ : state) benchmark::DoNotOptimize(f());
    })->UseRealTime();
  };
  add("small/add", [=] { return a + b; });
  add("small/add_recorded", [=] { return leaf + b; });
}

/// small/backward_NAME: one node of a backward pass through a chain of a hundred.
template <class F>
void register_chain(const char* name, F f) {
  benchmark::RegisterBenchmark(name,
                               [f](benchmark::State& state) {
                                 constexpr int nodes = 100;
                                 const Tensor leaf = gradus::ones({8}).requires_grad_(), g = gradus::ones({8});
                                 for (auto _ : state) {
                                   leaf.mutable_grad() = Tensor();
                                   Tensor y = leaf;
                                   for (int i = 0; i < nodes; ++i) y = f(y, g);
                                   const auto begin = std::chrono::steady_clock::now();
                                   y.backward(g);
                                   const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
                                   state.SetIterationTime(taken.count() / nodes);
                                 }
                               })
      ->UseManualTime()
      ->Iterations(20000);
}

void product_rate(benchmark::State& state) {
  state.counters["GFLOP/s"] = benchmark::Counter(
      2.0 * 1024 * 1024 * 1024 * 1e-9 * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}

void matmul_1024(benchmark::State& state) {
  const Tensor a = gradus::randn({1024, 1024}), b = gradus::randn({1024, 1024});
  for (auto _ : state) benchmark::DoNotOptimize(gradus::mm(a, b));
  product_rate(state);
}
BENCHMARK(matmul_1024)->Name("limit/matmul_1024")->UseRealTime();

#ifdef GRADUS_ONEDNN
void onednn_sgemm_1024(benchmark::State& state) {
  const Tensor a = gradus::randn({1024, 1024}), b = gradus::randn({1024, 1024}), c = gradus::empty({1024, 1024});
  for (auto _ : state)
    dnnl_sgemm('N', 'N', 1024, 1024, 1024, 1, a.data_ptr<float>(), 1024, b.data_ptr<float>(), 1024, 0,
               c.data_ptr<float>(), 1024);
  product_rate(state);
}
BENCHMARK(onednn_sgemm_1024)->Name("limit/onednn_sgemm_1024")->UseRealTime();
#endif

}  // namespace

int main(int argc, char** argv) {
  for (const table::Row& row : table::all_rows()) register_row(row);
  register_limits();
  register_small();
  register_chain("small/backward_add", [](const Tensor& y, const Tensor& b) { return y + b; });
  register_chain("small/backward_tanh", [](const Tensor& y, const Tensor&) { return gradus::tanh(y); });
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
