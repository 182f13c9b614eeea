// Single operations: every row of the test table as it stands (what a small operation costs), every pointwise row on a
// million elements, and a few against the limits of the machine: a copy for what moves memory, oneDNN's own product.
//
// bench_ops --benchmark_filter='^(gelu|softmax)/' names rows as op[/variant][/large][/backward]; backward includes
// forward.
#include <benchmark/benchmark.h>

#include <algorithm>

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

void register_more_limits() {
  register_limit("div", 12, [](const Tensor& x, const Tensor& u) { return x / u; });
  register_limit("maximum", 12, [](const Tensor& x, const Tensor& u) { return gradus::maximum(x, u); });
  register_limit("reciprocal", 8, [](const Tensor& x, const Tensor&) { return gradus::reciprocal(x); });
  register_limit("rsqrt", 8, [](const Tensor&, const Tensor& u) { return gradus::rsqrt(u); });
  register_limit("erf", 8, [](const Tensor& x, const Tensor&) { return gradus::erf(x); });
  register_limit("sin", 8, [](const Tensor& x, const Tensor&) { return gradus::sin(x); });
  register_limit("cos", 8, [](const Tensor& x, const Tensor&) { return gradus::cos(x); });
  register_limit("log1p", 8, [](const Tensor&, const Tensor& u) { return gradus::log1p(u); });
  register_limit("expm1", 8, [](const Tensor& x, const Tensor&) { return gradus::expm1(x); });
  register_limit("elu", 8, [](const Tensor& x, const Tensor&) { return gradus::elu(x); });
  register_limit("softplus", 8, [](const Tensor& x, const Tensor&) { return gradus::softplus(x); });
  register_limit("log_sigmoid", 8, [](const Tensor& x, const Tensor&) { return gradus::log_sigmoid(x); });
  register_limit("mish", 8, [](const Tensor& x, const Tensor&) { return gradus::mish(x); });
  register_limit("hardswish", 8, [](const Tensor& x, const Tensor&) { return gradus::hardswish(x); });
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
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
