// Memory: a caching allocator, 64-byte aligned. Freed blocks are kept, small ones per thread, those up to 1 MiB by size
// class and larger ones as pieces of segments, so that a steady training step asks the system for nothing.
#pragma once
#include <cstddef>
#include <cstdint>

namespace gradus {

/// At least `bytes` bytes, aligned to 64; throws Error when the system or the cap refuses.
void* allocate(size_t bytes);
/// Gives back a block of `allocate(bytes)`, with the same `bytes`.
void deallocate(void* p, size_t bytes) noexcept;

/// Bytes in use, kept for reuse, and the most that were in use; calls that reached the system allocator.
/// Small blocks are counted per thread and added up in steps of 64 KiB, so figures may lag by that much a thread.
struct MemoryStats {
  int64_t live = 0;
  int64_t cached = 0;
  int64_t peak = 0;
  int64_t system_calls = 0;
};
MemoryStats memory_stats();
void reset_peak_memory_stats();

/// Upper bound of live + cached bytes, 0 for none. An allocation past it first gives back what is cached, then throws.
void set_memory_cap(size_t bytes);
size_t memory_cap();

/// Called with its size before every allocation of every thread, those that the cache will serve among them, until the
/// hook is null again. What it throws, the allocation throws: how tests let memory fail.
using AllocationHook = void (*)(size_t bytes);
void set_allocation_hook(AllocationHook hook);

/// Returns every cached block to the system (other threads return theirs at their next allocation).
void empty_cache();

}  // namespace gradus
