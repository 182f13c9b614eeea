// Threads: one loop over chunks, run by the threads of thread_pool.h. Chunks are fixed by size, never by the number of
// threads, so that a result combined in chunk order has the same bits on any number of threads.
#pragma once
#include <cstdint>
#include <type_traits>

namespace gradus {

/// Threads that gradus uses at most, at first as many as OpenMP would (OMP_NUM_THREADS, or the cores of this process);
/// a setting of its own, the host program's OpenMP settings stay untouched. One loop has the threads at a time: where
/// several host threads compute at once, the others compute alone.
int get_num_threads();
void set_num_threads(int n);

/// Whether the same program gives the same bits on any number of threads. Our own kernels always do; oneDNN, whose sums
/// may depend on its threads, then computes pieces that are fixed by size, each on one thread. warn_only, which makes
/// operations without such a form warn in PyTorch, has no effect: there are none. (PyTorch:
/// torch.use_deterministic_algorithms)
void use_deterministic_algorithms(bool mode, bool warn_only = false);
bool are_deterministic_algorithms_enabled();
bool is_deterministic_algorithms_warn_only_enabled();

namespace detail {
using ChunkFn = void (*)(const void* body, int64_t begin, int64_t end);
void run_chunks(int64_t n, int64_t chunk, const void* body, ChunkFn fn);
/// True inside a chunk that several threads share: nested loops then run on their caller alone.
bool in_parallel();
}  // namespace detail

/// The number of pieces of size b that cover a.
constexpr int64_t ceil_div(int64_t a, int64_t b) { return (a + b - 1) / b; }

/// Calls body(begin, end) over [0, n) in pieces of `chunk`, in any order; serial when there is one piece, inside of
/// another loop, and while another thread's loop runs.
/// An exception thrown by a body reaches the caller (the first one, once all threads are done).
template <class F>
void parallel_for(int64_t n, int64_t chunk, const F& body) {
  if (n <= chunk) {
    if (n > 0) body(int64_t{0}, n);
    return;
  }
  detail::run_chunks(n, chunk, &body, [](const void* f, int64_t b, int64_t e) { (*static_cast<const F*>(f))(b, e); });
}

}  // namespace gradus
