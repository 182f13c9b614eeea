#include "gradus/tensor/parallel.h"

#include <omp.h>

#include <algorithm>
#include <atomic>
#include <exception>

#include "gradus/tensor/error.h"
#include "gradus/tensor/thread_pool.h"

namespace gradus {
namespace {

[[gnu::tls_model("initial-exec")]] constinit thread_local bool inside = false;

std::atomic<int>& threads() {
  static std::atomic<int> n{std::max(1, std::min(detail::cores_of_process(), omp_get_max_threads()))};
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

namespace {

/// A loop as the threads see it: its pieces, and the first exception of one.
struct Loop {
  int64_t n, chunk;
  const void* body;
  detail::ChunkFn fn;
  std::atomic<bool> failed{false};
  std::exception_ptr error;

  void piece(int64_t i) const { fn(body, i * chunk, std::min(n, (i + 1) * chunk)); }
  void piece_of_many(int64_t i) noexcept {
    if (failed.load(std::memory_order_relaxed)) return;
    const Inside guard;
    try {
      piece(i);
    } catch (...) {
      if (!failed.exchange(true)) error = std::current_exception();
    }
  }
};

}  // namespace

bool detail::in_parallel() { return inside; }

void detail::run_chunks(int64_t n, int64_t chunk, const void* body, ChunkFn fn) {
  Loop loop{n, chunk, body, fn, {}, {}};
  const int64_t pieces = ceil_div(n, chunk);
  const int team = inside ? 1 : static_cast<int>(std::min<int64_t>(get_num_threads(), pieces));
  const auto piece = [](const void* p, int64_t i) { static_cast<Loop*>(const_cast<void*>(p))->piece_of_many(i); };
  if (team > 1 && ThreadPool::get().run(team, pieces, &loop, piece)) {
    if (loop.error) std::rethrow_exception(loop.error);
    return;
  }
  for (int64_t i = 0; i < pieces; ++i) loop.piece(i);
}

}  // namespace gradus
