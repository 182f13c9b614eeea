// What the machine can do, now: oneDNN's sgemm on 1024 x 1024 matrices and a copy of 64 MB, on the given number of
// threads: limits THREADS [SECONDS] [wall|cpu]. Prints one line: gflops=... copy_gbs=... (a copied byte is read and
// written: twice).
#include <omp.h>
#include <oneapi/dnnl/dnnl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "clock.h"

namespace {

bench::Clock clock_used = bench::Clock::wall;

template <class F>
double median_seconds(double seconds, const F& f) {
  f();
  std::vector<double> times;
  const double begin = bench::milliseconds(bench::Clock::wall);
  while (times.size() < 5 || bench::milliseconds(bench::Clock::wall) - begin < 1e3 * seconds) {
    const double start = bench::milliseconds(clock_used);
    f();
    times.push_back(bench::milliseconds(clock_used) - start);
  }
  std::sort(times.begin(), times.end());
  return 1e-3 * times[times.size() / 2];
}

double gflops(double seconds) {
  constexpr int64_t n = 1024;
  std::vector<float> a(n * n, 1.5f), b(n * n, 0.5f), c(n * n);
  const double t =
      median_seconds(seconds, [&] { dnnl_sgemm('N', 'N', n, n, n, 1, a.data(), n, b.data(), n, 0, c.data(), n); });
  return 2.0 * n * n * n / t * 1e-9;
}

constexpr size_t size = 64u << 20;

// Calls f(begin, count) on every thread's part of 64 MB; how fast it went.
template <class F>
double moved_gbs(double seconds, const F& f) {
  const double t = median_seconds(seconds, [&] {
#pragma omp parallel
    {
      const size_t part = size / static_cast<size_t>(omp_get_num_threads());
      f(part * static_cast<size_t>(omp_get_thread_num()), part);
    }
  });
  return 2.0 * size / t * 1e-9;
}

__attribute__((target_clones("avx512f", "avx2", "default"))) void add_one(float* x, size_t n) {
  for (size_t i = 0; i < n; ++i) x[i] += 1;
}

double copy_gbs(double seconds) {
  std::vector<char> from(size, 1), to(size, 2);
  const double copied =
      moved_gbs(seconds, [&](size_t at, size_t n) { std::memcpy(to.data() + at, from.data() + at, n); });
  std::vector<float> x(size / sizeof(float), 1.0f);
  const double in_place =
      moved_gbs(seconds, [&](size_t at, size_t n) { add_one(x.data() + at / sizeof(float), n / sizeof(float)); });
  return std::max(copied, in_place);
}

}  // namespace

int main(int argc, char** argv) {
  omp_set_num_threads(argc > 1 ? std::atoi(argv[1]) : 1);
  const double seconds = argc > 2 ? std::atof(argv[2]) : 0.3;
  if (argc > 3 && std::string(argv[3]) == "cpu") clock_used = bench::Clock::cpu;
  std::printf("gflops=%.4g ", gflops(seconds));
  std::printf("copy_gbs=%.4g ", copy_gbs(seconds));
  std::printf("cache=%ld\n", sysconf(_SC_LEVEL2_CACHE_SIZE));
}
