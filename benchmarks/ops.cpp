// Single operations against the limits of the machine: a copy for what moves memory, oneDNN's own product for matmul.
#include <benchmark/benchmark.h>

#include <cstring>

#include "gradus/gradus.h"
#ifdef GRADUS_ONEDNN
#include <oneapi/dnnl/dnnl.h>
#endif

namespace {

using gradus::Tensor;

void add_small(benchmark::State& state) {
  const Tensor a = gradus::ones({8}), b = gradus::ones({8});
  for (auto _ : state) benchmark::DoNotOptimize(a + b);
}
BENCHMARK(add_small);

void add_small_recorded(benchmark::State& state) {
  const Tensor a = gradus::ones({8}, gradus::requires_grad()), b = gradus::ones({8});
  for (auto _ : state) benchmark::DoNotOptimize(a + b);
}
BENCHMARK(add_small_recorded);

constexpr int64_t large = 10'000'000;

void bytes(benchmark::State& state, int64_t per_element) {
  state.SetBytesProcessed(state.iterations() * large * per_element);
}

void copy_large(benchmark::State& state) {
  const Tensor a = gradus::ones({large}), b = gradus::ones({large});
  for (auto _ : state) b.copy_(a);
  bytes(state, 8);
}
BENCHMARK(copy_large)->UseRealTime();

void relu_large(benchmark::State& state) {
  const Tensor a = gradus::randn({large});
  for (auto _ : state) benchmark::DoNotOptimize(gradus::relu(a));
  bytes(state, 8);
}
BENCHMARK(relu_large)->UseRealTime();

void add_large(benchmark::State& state) {
  const Tensor a = gradus::randn({large}), b = gradus::randn({large});
  for (auto _ : state) benchmark::DoNotOptimize(a + b);
  bytes(state, 12);
}
BENCHMARK(add_large)->UseRealTime();

void matmul_1024(benchmark::State& state) {
  const Tensor a = gradus::randn({1024, 1024}), b = gradus::randn({1024, 1024});
  for (auto _ : state) benchmark::DoNotOptimize(gradus::mm(a, b));
  state.counters["GFLOP/s"] = benchmark::Counter(
      2.0 * 1024 * 1024 * 1024 * 1e-9 * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}
BENCHMARK(matmul_1024)->UseRealTime();

#ifdef GRADUS_ONEDNN
void onednn_sgemm_1024(benchmark::State& state) {
  const Tensor a = gradus::randn({1024, 1024}), b = gradus::randn({1024, 1024}), c = gradus::empty({1024, 1024});
  for (auto _ : state)
    dnnl_sgemm('N', 'N', 1024, 1024, 1024, 1, a.data_ptr<float>(), 1024, b.data_ptr<float>(), 1024, 0,
               c.data_ptr<float>(), 1024);
  state.counters["GFLOP/s"] = benchmark::Counter(
      2.0 * 1024 * 1024 * 1024 * 1e-9 * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}
BENCHMARK(onednn_sgemm_1024)->UseRealTime();
#endif

}  // namespace

BENCHMARK_MAIN();
