// What the machine can do, now, on the given number of threads: oneDNN's sgemm on 1024 x 1024 matrices, and copies
// within 64 MB, 160 MB and 1.6 GB, of which a cache of the third level holds less and less. limits THREADS [SECONDS]
// [wall|cpu]. Prints one line: gflops=... copy_gbs=64:...,160:...,1600:... (a copied byte is read and written: twice).
#include <omp.h>
#include <oneapi/dnnl/dnnl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
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

// Memory on huge pages where the system gives some.
struct Block {
  explicit Block(size_t bytes) : count(bytes / sizeof(float)), x(static_cast<float*>(aligned_alloc(huge, bytes))) {
    if (!x) throw std::bad_alloc();
    madvise(x, bytes, MADV_HUGEPAGE);
    std::fill(x, x + count, 1.0f);
  }
  ~Block() { std::free(x); }
  Block(const Block&) = delete;
  static constexpr size_t huge = 2u << 20;
  size_t count;
  float* x;
};

// Calls f(begin, count) on every thread's part of n elements; GB/s of reading and writing so many.
template <class F>
double moved_gbs(double seconds, size_t n, const F& f) {
  const double t = median_seconds(seconds, [&] {
#pragma omp parallel
    {
      const size_t threads = static_cast<size_t>(omp_get_num_threads()), me = static_cast<size_t>(omp_get_thread_num());
      f(n * me / threads, n * (me + 1) / threads - n * me / threads);
    }
  });
  return 2.0 * sizeof(float) * static_cast<double>(n) / t * 1e-9;
}

__attribute__((target_clones("avx512f", "avx2", "default"))) void add_one(float* x, size_t n) {
  for (size_t i = 0; i < n; ++i) x[i] += 1;
}

// The better of a copy from half to half of so many megabytes, and of a pass over them in place.
double copy_gbs(double seconds, size_t megabytes) {
  const Block b(megabytes << 20);
  const size_t half = b.count / 2;
  const double copied =
      moved_gbs(seconds, half, [&](size_t at, size_t n) { std::memcpy(b.x + at, b.x + half + at, n * sizeof(float)); });
  return std::max(copied, moved_gbs(seconds, b.count, [&](size_t at, size_t n) { add_one(b.x + at, n); }));
}

}  // namespace

int main(int argc, char** argv) {
  omp_set_num_threads(argc > 1 ? std::atoi(argv[1]) : 1);
  const double seconds = argc > 2 ? std::atof(argv[2]) : 0.3;
  if (argc > 3 && std::string(argv[3]) == "cpu") clock_used = bench::Clock::cpu;
  std::printf("gflops=%.4g ", gflops(seconds));
  std::printf("copy_gbs=");
  for (const size_t megabytes : {64, 160, 1600})
    std::printf("%s%zu:%.4g", megabytes == 64 ? "" : ",", megabytes, copy_gbs(seconds, megabytes));
  std::printf(" ");
  std::printf("cache=%ld\n", sysconf(_SC_LEVEL2_CACHE_SIZE));
}
