#include "gradus/tensor/parallel.h"

#include <omp.h>
#include <sched.h>

#include <algorithm>
#include <atomic>
#include <exception>

#include "gradus/tensor/error.h"

namespace gradus {
namespace {

[[gnu::tls_model("initial-exec")]] constinit thread_local bool inside = false;

int cores() {
  cpu_set_t set;
  int n = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : omp_get_num_procs();
  return std::max(1, std::min(n, omp_get_max_threads()));
}

std::atomic<int>& threads() {
  static std::atomic<int> n{cores()};
  return n;
}

std::atomic<bool> deterministic{false}, only_warn{false};

struct Inside {
  bool old = inside;
  Inside() { inside = true; }
  ~Inside() { inside = old; }
};

}  // namespace

int get_num_threads() { return threads().load(std::memory_order_relaxed); }

void set_num_threads(int n) {
  check(n > 0, "set_num_threads: expected a positive number of threads, got ", n);
  threads().store(n, std::memory_order_relaxed);
}

void use_deterministic_algorithms(bool mode, bool warn_only) {
  deterministic.store(mode, std::memory_order_relaxed);
  only_warn.store(warn_only, std::memory_order_relaxed);
}

bool are_deterministic_algorithms_enabled() { return deterministic.load(std::memory_order_relaxed); }

bool is_deterministic_algorithms_warn_only_enabled() { return only_warn.load(std::memory_order_relaxed); }

bool detail::in_parallel() { return inside; }

void detail::run_chunks(int64_t n, int64_t chunk, const void* body, ChunkFn fn) {
  const int64_t pieces = (n + chunk - 1) / chunk;
  const int team = inside ? 1 : static_cast<int>(std::min<int64_t>(get_num_threads(), pieces));
  auto piece = [&](int64_t i) { fn(body, i * chunk, std::min(n, (i + 1) * chunk)); };
  if (team == 1) {
    for (int64_t i = 0; i < pieces; ++i) piece(i);
    return;
  }
  std::exception_ptr error;
  std::atomic<bool> failed{false};
#pragma omp parallel num_threads(team)
  {
    Inside guard;
#pragma omp for schedule(static)
    for (int64_t i = 0; i < pieces; ++i) {
      if (failed.load(std::memory_order_relaxed)) continue;
      try {
        piece(i);
      } catch (...) {
        if (!failed.exchange(true)) error = std::current_exception();
      }
    }
  }
  if (error) std::rethrow_exception(error);
}

}  // namespace gradus
