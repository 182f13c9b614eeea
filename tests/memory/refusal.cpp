#include "gradus/tests/memory/refusal.h"

#include <dlfcn.h>

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <new>
#include <thread>

#include "gradus/tensor/allocator.h"
#include "gradus/tensor/error.h"

namespace memory_tests {
namespace {

// Allocations until one fails; negative when none does.
constexpr int64_t never = -1;
constinit std::atomic<int64_t> left_of_gradus{never}, left_of_new{never};
constinit std::atomic<int64_t> blocks{0};
constinit std::atomic<bool> spares_owner{false};
std::atomic<std::thread::id> owner;

bool fails(std::atomic<int64_t>& left) {
  if (left.load(std::memory_order_relaxed) < 0) return false;
  if (spares_owner.load() && std::this_thread::get_id() == owner.load()) return false;
  return left.fetch_sub(1) == 0;
}

void refuse(size_t bytes) {
  if (fails(left_of_gradus)) gradus::fail("allocate: out of memory, the test refused ", bytes, " bytes");
}

constinit std::atomic<bool> counts{false};
constinit std::atomic<int64_t> calls_of_ours{0}, calls_of_libraries{0};

void count(const void* caller) {
  Dl_info where;
  const bool known = dladdr(caller, &where) != 0 && where.dli_fname;
  const bool foreign = known && (std::strstr(where.dli_fname, "libdnnl") || std::strstr(where.dli_fname, "libgomp") ||
                                 std::strstr(where.dli_fname, "libomp"));
  (foreign ? calls_of_libraries : calls_of_ours).fetch_add(1, std::memory_order_relaxed);
}

[[maybe_unused]] void* take(size_t bytes, const void* caller) {
  if (counts.load(std::memory_order_relaxed)) count(caller);
  void* p = fails(left_of_new) ? nullptr : std::malloc(bytes > 0 ? bytes : 1);
  if (p) blocks.fetch_add(1, std::memory_order_relaxed);
  return p;
}

[[maybe_unused]] void give_back(void* p) {
  if (p) blocks.fetch_sub(1, std::memory_order_relaxed);
  std::free(p);
}

}  // namespace

Refusal::Refusal(Source source, int64_t n, bool elsewhere) : source_(source) {
  owner.store(std::this_thread::get_id());
  spares_owner.store(elsewhere);
  if (source == Source::gradus) {
    left_of_gradus.store(n);
    gradus::set_allocation_hook(refuse);
  } else {
    left_of_new.store(n);
  }
}

Refusal::~Refusal() {
  gradus::set_allocation_hook(nullptr);
  left_of_gradus.store(never);
  left_of_new.store(never);
}

bool Refusal::met() const { return (source_ == Source::gradus ? left_of_gradus : left_of_new).load() < 0; }

int64_t blocks_in_use() { return blocks.load(); }

CountedCalls::CountedCalls() {
  calls_of_ours.store(0);
  calls_of_libraries.store(0);
  counts.store(true);
}
CountedCalls::~CountedCalls() { counts.store(false); }
int64_t CountedCalls::ours() const { return calls_of_ours.load(); }
int64_t CountedCalls::of_libraries() const { return calls_of_libraries.load(); }

}  // namespace memory_tests

#if defined(__has_feature)
#define GRADUS_HAS_NEW __has_feature(thread_sanitizer)
#elif defined(__SANITIZE_THREAD__)
#define GRADUS_HAS_NEW 1
#else
#define GRADUS_HAS_NEW 0
#endif
#if !GRADUS_HAS_NEW
// The nothrow, array and sized forms of the standard library call these.
void* operator new(size_t bytes) {
  if (void* p = memory_tests::take(bytes, __builtin_return_address(0))) return p;
  throw std::bad_alloc();
}
void operator delete(void* p) noexcept { memory_tests::give_back(p); }
void operator delete(void* p, size_t) noexcept { memory_tests::give_back(p); }
#endif
