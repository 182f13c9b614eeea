#include "gradus/tensor/allocator.h"

#include <array>
#include <atomic>
#include <bit>
#include <cstdlib>
#include <mutex>

#include "gradus/tensor/allocator_large.h"
#include "gradus/tensor/error.h"
#include "gradus/tensor/sanitizer.h"

namespace gradus {
namespace {

constexpr bool caching = !address_sanitizer;  // a cache would hide use after free from the sanitizer

constexpr size_t small_limit = 32 * 1024;        // up to here a block may wait in its thread's own list
constexpr int64_t thread_limit = 1 << 20;        // bytes that one thread keeps for itself
constexpr int64_t flush_step = 64 * 1024;        // small-block counts reach the global figures in such steps
constexpr size_t class_limit = size_t{1} << 20;  // larger blocks are pieces of segments

// Size classes: multiples of 64 up to 1 KiB, then four a power of two.
constexpr int classes = 16 + 4 * 10;
static_assert((size_t{1024} << 10) == class_limit);

int class_of(size_t bytes) {
  if (bytes <= 1024) return bytes == 0 ? 0 : static_cast<int>((bytes - 1) / 64);
  const int log = std::bit_width(bytes - 1) - 1;  // 2^log < bytes <= 2^(log+1)
  return 16 + (log - 10) * 4 + static_cast<int>(((bytes - 1) >> (log - 2)) & 3);
}

size_t class_bytes(int c) {
  if (c < 16) return 64 * (static_cast<size_t>(c) + 1);
  const int log = 10 + (c - 16) / 4;
  return (size_t{1} << log) + (static_cast<size_t>((c - 16) % 4) + 1) * (size_t{1} << (log - 2));
}

struct Block {
  Block* next;
};

struct Global {
  std::mutex mutex;
  std::array<Block*, classes> free{};
  std::atomic<int64_t> live{0}, peak{0}, held{0}, system_calls{0};
  std::atomic<size_t> cap{0};
  std::atomic<uint64_t> epoch{0};  // and whether there is a hook: no thread's epoch has that bit, so all come to ask
  std::atomic<AllocationHook> hook{nullptr};
};
constexpr uint64_t hooked = uint64_t{1} << 63;
// Initialized before anything runs and never destroyed: tensors may outlive every static.
static_assert(std::is_trivially_destructible_v<Global>);
constinit Global shared;

Global& global() { return shared; }

void raise_peak(int64_t live) {
  auto& g = global();
  int64_t peak = g.peak.load(std::memory_order_relaxed);
  while (live > peak && !g.peak.compare_exchange_weak(peak, live, std::memory_order_relaxed)) {
  }
}

void count_live(int64_t delta) { raise_peak(global().live.fetch_add(delta, std::memory_order_relaxed) + delta); }

constexpr int small_classes = 16 + 4 * 5;
static_assert((size_t{1024} << 5) == small_limit);

// A thread's own blocks. Plain data at a fixed place of the thread's memory: reaching it takes one instruction.
struct ThreadCache {
  std::array<Block*, small_classes> free{};
  int64_t bytes = 0;
  int64_t live = 0;
  uint64_t epoch = 0;
  bool on = false;  // from the thread's first small block to its end

  void flush();
  void count(int64_t delta) {
    live += delta;
    if (live > flush_step || live < -flush_step) [[unlikely]]
      report();
  }
  void report() {
    count_live(live);
    live = 0;
  }
};

[[gnu::tls_model("initial-exec")]] constinit thread_local ThreadCache cache;

// Ends a thread's cache with the thread.
struct CacheEnd {
  bool armed = true;
  ~CacheEnd() {
    cache.on = false;
    cache.flush();
  }
};

// True unless the thread is ending: what it frees from then on goes to the blocks of all.
[[gnu::noinline]] bool start_cache() {
  thread_local bool started = false;
  if (started) return false;
  started = true;
  thread_local CacheEnd end;
  cache.on = end.armed;
  cache.epoch = global().epoch.load() & ~hooked;
  return true;
}

void free_to_system(Block* list, int c) {
  auto& g = global();
  while (list) {
    Block* next = list->next;
    std::free(list);
    g.held.fetch_sub(static_cast<int64_t>(class_bytes(c)), std::memory_order_relaxed);
    list = next;
  }
}

void ThreadCache::flush() {
  auto& g = global();
  std::lock_guard lock(g.mutex);
  for (size_t c = 0; c < small_classes; ++c) {
    while (Block* b = free[c]) {
      free[c] = b->next;
      b->next = g.free[c];
      g.free[c] = b;
    }
  }
  bytes = 0;
  report();
}

// Never destroyed either.
detail::LargeBlocks& large_blocks() {
  static auto& blocks = *new detail::LargeBlocks;
  return blocks;
}

int64_t held() { return global().held.load(std::memory_order_relaxed) + large_blocks().held(); }

// Gives all globally cached blocks back.
void trim() {
  auto& g = global();
  large_blocks().release();
  std::array<Block*, classes> lists;
  {
    std::lock_guard lock(g.mutex);
    lists = g.free;
    g.free.fill(nullptr);
  }
  for (int c = 0; c < classes; ++c) free_to_system(lists[static_cast<size_t>(c)], c);
}

// Gives back what is cached where `bytes` more would exceed the cap, and throws where they still would. Returns the
// bytes that are left of it.
size_t make_room(size_t bytes, size_t requested) {
  const size_t cap = global().cap.load(std::memory_order_relaxed);
  if (cap == 0) return SIZE_MAX;
  auto over = [&] { return static_cast<size_t>(held()) + bytes > cap; };
  if (over()) {
    if (cache.on) cache.flush();
    trim();
  }
  check(!over(), "allocate: out of memory, ", requested, " bytes would exceed the cap of ", cap, " bytes (", held(),
        " in use)");
  return cap - static_cast<size_t>(held());
}

// Calls take, once more after all that is cached went back, and throws where it finds nothing.
template <class F>
void* from_system(size_t requested, const F& take) {
  void* p = take();
  if (!p) {
    trim();
    p = take();
  }
  check(p, "allocate: out of memory, the system refused ", requested, " bytes");
  global().system_calls.fetch_add(1, std::memory_order_relaxed);
  return p;
}

// A block of a size class; its sizes are multiples of 64.
void* from_system(size_t bytes, size_t requested) {
  auto& g = global();
  make_room(bytes, requested);
  void* const p = from_system(requested, [bytes] { return std::aligned_alloc(64, bytes); });
  g.held.fetch_add(static_cast<int64_t>(bytes), std::memory_order_relaxed);
  return p;
}

void* take_global(int c) {
  auto& g = global();
  std::lock_guard lock(g.mutex);
  Block*& head = g.free[static_cast<size_t>(c)];
  Block* b = head;
  if (b) head = b->next;
  return b;
}

void put_global(void* p, int c) {
  auto& g = global();
  std::lock_guard lock(g.mutex);
  auto* b = static_cast<Block*>(p);
  b->next = g.free[static_cast<size_t>(c)];
  g.free[static_cast<size_t>(c)] = b;
}

}  // namespace

namespace {

void call_hook(size_t bytes, uint64_t epoch) {
  if (epoch & hooked) [[unlikely]]
    if (const AllocationHook hook = global().hook.load()) hook(bytes);
}

// Free segments that hold no piece large enough go back before a new one comes: they would only wait.
void* take_large(size_t bytes, size_t size) {
  auto& blocks = large_blocks();
  if (void* p = blocks.take(bytes)) return p;
  blocks.release();
  const size_t room = make_room(size, bytes);
  return from_system(bytes, [&] { return blocks.take_new(bytes, room); });
}

[[gnu::noinline]] void* allocate_large(size_t bytes) {
  call_hook(bytes, global().epoch.load(std::memory_order_relaxed));
  const size_t size = detail::LargeBlocks::rounded(bytes);
  void* const p = caching ? take_large(bytes, size) : from_system(size, bytes);
  count_live(static_cast<int64_t>(size));
  return p;
}

[[gnu::noinline]] void deallocate_large(void* p, size_t bytes) noexcept {
  const auto size = static_cast<int64_t>(detail::LargeBlocks::rounded(bytes));
  count_live(-size);
  if (caching) return large_blocks().give_back(p);
  global().held.fetch_sub(size, std::memory_order_relaxed);
  std::free(p);
}

// What the thread's own blocks do not serve.
[[gnu::noinline]] void* allocate_elsewhere(size_t bytes, int c, size_t size, bool own) {
  const uint64_t epoch = global().epoch.load(std::memory_order_relaxed);
  call_hook(bytes, epoch);
  if (own && cache.epoch != (epoch & ~hooked)) {
    cache.epoch = epoch & ~hooked;
    cache.flush();
    trim();
  }
  void* p = take_global(c);
  if (!p) p = from_system(size, bytes);
  if (own)
    cache.count(static_cast<int64_t>(size));
  else
    count_live(static_cast<int64_t>(size));
  return p;
}

[[gnu::noinline]] void deallocate_elsewhere(void* p, int c, int64_t size, bool own) noexcept {
  if (own)
    cache.count(-size);
  else
    count_live(-size);
  if (caching) return put_global(p, c);
  global().held.fetch_sub(size, std::memory_order_relaxed);
  std::free(p);
}

}  // namespace

void* allocate(size_t bytes) {
  check(bytes < (size_t{1} << 48), "allocate: out of memory, ", bytes, " bytes is more than any machine has");
  if (bytes > class_limit) return allocate_large(bytes);
  const int c = class_of(bytes);
  const size_t size = class_bytes(c);
  const bool own = c < small_classes && (cache.on || start_cache());
  if (own && cache.epoch == global().epoch.load(std::memory_order_relaxed)) [[likely]] {
    Block*& head = cache.free[static_cast<size_t>(c)];
    if (Block* b = head) [[likely]] {
      head = b->next;
      cache.bytes -= static_cast<int64_t>(size);
      cache.count(static_cast<int64_t>(size));
      return b;
    }
  }
  return allocate_elsewhere(bytes, c, size, own);
}

void deallocate(void* p, size_t bytes) noexcept {
  if (!p) return;
  if (bytes > class_limit) return deallocate_large(p, bytes);
  const int c = class_of(bytes);
  const auto size = static_cast<int64_t>(class_bytes(c));
  const bool own = c < small_classes && (cache.on || start_cache());
  if (!caching || !own || cache.bytes + size > thread_limit) return deallocate_elsewhere(p, c, size, own);
  cache.count(-size);
  auto* b = static_cast<Block*>(p);
  b->next = cache.free[static_cast<size_t>(c)];
  cache.free[static_cast<size_t>(c)] = b;
  cache.bytes += size;
}

MemoryStats memory_stats() {
  auto& g = global();
  if (cache.on) cache.report();
  MemoryStats s;
  s.live = g.live.load();
  s.cached = held() - s.live;
  s.peak = g.peak.load();
  s.system_calls = g.system_calls.load();
  return s;
}

void reset_peak_memory_stats() { global().peak.store(memory_stats().live); }

void set_memory_cap(size_t bytes) { global().cap.store(bytes); }
size_t memory_cap() { return global().cap.load(); }

void set_allocation_hook(AllocationHook hook) {
  auto& g = global();
  g.hook.store(hook);
  if (hook)
    g.epoch.fetch_or(hooked);
  else
    g.epoch.fetch_and(~hooked);
}

void empty_cache() {
  global().epoch.fetch_add(1);
  if (cache.on) cache.flush();
  trim();
}

}  // namespace gradus
