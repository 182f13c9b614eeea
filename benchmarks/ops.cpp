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

void bytes(benchmark::State& state, int64_t per_element) {
  state.SetBytesProcessed(state.iterations() * ten_million * per_element);
}

void copy_large(benchmark::State& state) {
  const Tensor a = gradus::ones({ten_million}), b = gradus::ones({ten_million});
  for (auto _ : state) b.copy_(a);
  bytes(state, 8);
}
BENCHMARK(copy_large)->Name("limit/copy")->UseRealTime();

void relu_large(benchmark::State& state) {
  const Tensor a = gradus::randn({ten_million});
  for (auto _ : state) benchmark::DoNotOptimize(gradus::relu(a));
  bytes(state, 8);
}
BENCHMARK(relu_large)->Name("limit/relu")->UseRealTime();

void sigmoid_large(benchmark::State& state) {
  const Tensor a = gradus::randn({ten_million});
  for (auto _ : state) benchmark::DoNotOptimize(gradus::sigmoid(a));
  bytes(state, 8);
}
BENCHMARK(sigmoid_large)->Name("limit/sigmoid")->UseRealTime();

void gelu_large(benchmark::State& state) {
  const Tensor a = gradus::randn({ten_million});
  for (auto _ : state) benchmark::DoNotOptimize(gradus::gelu(a));
  bytes(state, 8);
}
BENCHMARK(gelu_large)->Name("limit/gelu")->UseRealTime();

// Rows of 1000 are read twice, but the second time from the cache.
void softmax_large(benchmark::State& state) {
  const Tensor a = gradus::randn({ten_million / 1000, 1000});
  for (auto _ : state) benchmark::DoNotOptimize(gradus::softmax(a, 1));
  bytes(state, 8);
}
BENCHMARK(softmax_large)->Name("limit/softmax")->UseRealTime();

void layer_norm_large(benchmark::State& state) {
  const Tensor a = gradus::randn({ten_million / 1000, 1000}), w = gradus::randn({1000}), b = gradus::randn({1000});
  for (auto _ : state) benchmark::DoNotOptimize(gradus::layer_norm(a, {1000}, w, b));
  bytes(state, 8);
}
BENCHMARK(layer_norm_large)->Name("limit/layer_norm")->UseRealTime();

void add_large(benchmark::State& state) {
  const Tensor a = gradus::randn({ten_million}), b = gradus::randn({ten_million});
  for (auto _ : state) benchmark::DoNotOptimize(a + b);
  bytes(state, 12);
}
BENCHMARK(add_large)->Name("limit/add")->UseRealTime();

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
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
